//! Asks, and looks at what comes back.

use std::fmt;

use http::{Request, StatusCode};
use kasse::sandbox::{Inside, Options};
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};

use super::described::Api;
use super::requests::Requests;
use super::rng::Rng;
use super::{books, panics};

/// The books are checked and begun anew after so many requests: lists must not grow for ever.
const BOOKS: u64 = 2_000;

/// What must not happen, and how to see it again.
pub struct Finding {
    pub seed: u64,
    pub case: u64,
    pub request: String,
    pub what: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { seed, case, request, what } = self;
        write!(f, "{what}\nin case {case} of seed {seed}:\n{request}\n")?;
        write!(f, "replay: cargo run --release --example fuzz_http -- --seed {seed} --cases {case}")
    }
}

/// A sandbox and a sequence of requests.
pub struct Fuzzer {
    seed: u64,
    rng: Rng,
    requests: Requests,
    sandbox: Inside,
    runtime: Runtime,
    pub cases: u64,
    /// Answers by the hundreds of their status.
    pub answers: [u64; 6],
}

impl Fuzzer {
    pub fn new(seed: u64) -> Self {
        panics::watch();
        // One thread: panics of tasks count too, and nothing depends on who is faster.
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let sandbox = Inside::new(Options { seed, log: false, ..Options::default() });
        let request = Request::get("/sandbox/openapi.json").body(Vec::new()).unwrap();
        let (_, document) = runtime.block_on(sandbox.ask(request)).unwrap();
        let requests = Requests::new(Api::new(serde_json::from_slice(&document).unwrap()));
        let rng = Rng::new(seed);
        Self { seed, rng, requests, sandbox, runtime, cases: 0, answers: [0; 6] }
    }

    /// One more request.
    pub fn step(&mut self) -> Result<(), Box<Finding>> {
        let request = self.requests.any(&mut self.rng);
        // What must stay switched off, as it would do what is looked for.
        let switch = request.uri().path().eq_ignore_ascii_case("/sandbox/faults");
        let told = request.clone();
        self.cases += 1;
        let before = panics::count();
        let answer = self.runtime.block_on(self.sandbox.ask(request));
        if switch {
            self.sandbox.faults().set(Vec::new());
        }
        let wrong = match answer {
            _ if panics::count() > before => Err("a panic".to_owned()),
            None => Err("no answer".to_owned()),
            Some((status, body)) => self.look(&told, status, &body),
        };
        let wrong = wrong.and_then(|()| {
            if self.cases.is_multiple_of(BOOKS) { self.begin_anew() } else { Ok(()) }
        });
        wrong.map_err(|what| {
            let (head, body) = told.into_parts();
            let body = body.escape_ascii();
            let request = format!("{} {}\n{:?}\n\n{body}", head.method, head.uri, head.headers);
            Box::new(Finding { seed: self.seed, case: self.cases, request, what })
        })
    }

    fn look(
        &mut self,
        asked: &Request<Vec<u8>>,
        status: StatusCode,
        body: &[u8],
    ) -> Result<(), String> {
        self.answers[usize::from(status.as_u16() / 100).min(5)] += 1;
        if status.is_server_error() {
            return Err(format!("{status}: {}", body.escape_ascii()));
        }
        if status == StatusCode::NO_CONTENT {
            return Ok(());
        }
        let answer: Value = serde_json::from_slice(body)
            .map_err(|error| format!("{status} without JSON ({error}): {}", body.escape_ascii()))?;
        if status.is_success() {
            // The description is long and names nobody.
            if !asked.uri().path().ends_with("openapi.json") {
                self.requests.learn_from(&answer);
            }
        } else if answer["error"].as_str().is_none_or(str::is_empty) {
            return Err(format!("{status} without a reason: {answer}"));
        }
        Ok(())
    }

    fn begin_anew(&self) -> Result<(), String> {
        books::check(self.sandbox.ledger())?;
        let reset = Request::post("/sandbox/reset").body(Vec::new()).unwrap();
        let answer = self.runtime.block_on(self.sandbox.ask(reset));
        let done = answer.is_some_and(|(status, _)| status.is_success());
        done.then_some(()).ok_or_else(|| "no reset".to_owned())
    }
}
