//! Several tills at one sandbox, in an order that follows from the seed.
//!
//! Sensible requests only: they get far enough to move money. The clock stands still but when the
//! seed moves it, so nothing depends on when a session runs.

use http::{Request, StatusCode};
use jiff::Timestamp;
use kasse::sandbox::{Clock, Inside, ManualClock, Options};
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};

use super::books;
use super::described::Api;
use super::requests::Requests;
use super::rng::Rng;

/// How many tills there are.
const TILLS: usize = 4;

/// The status and the body.
type Answer = (StatusCode, Vec<u8>);

/// A request, how far the clock went before it, and what was answered.
struct Told {
    request: Request<Vec<u8>>,
    seconds: i64,
    answer: Answer,
}

/// After each of so many requests the books balance, and a second sandbox with the same seed
/// answers the same requests with the same bytes.
pub fn check(seed: u64, requests: usize) -> Result<(), String> {
    let mut session = Session::new(seed);
    for _ in 0..requests {
        session.step();
        let balanced = books::check(session.sandbox.ledger());
        balanced.map_err(|wrong| {
            format!("{wrong}\nin request {} of seed {seed}", session.told.len())
        })?;
    }
    for (told, again) in session.told.iter().zip(Session::replayed(seed, &session.told)) {
        if told.answer != again {
            let (first, again) = (told.answer.1.escape_ascii(), again.1.escape_ascii());
            let uri = told.request.uri();
            return Err(format!("seed {seed}: {uri} is answered\n{first}\nand then\n{again}"));
        }
    }
    if session.paid() == 0 {
        return Err(format!("seed {seed}: the tills sold nothing"));
    }
    Ok(())
}

/// A sandbox and its tills.
struct Session {
    rng: Rng,
    /// What each till knows.
    tills: Vec<Requests>,
    sandbox: Inside,
    runtime: Runtime,
    hand: ManualClock,
    told: Vec<Told>,
}

impl Session {
    fn new(seed: u64) -> Self {
        let (sandbox, runtime, hand) = sandbox(seed);
        let request = Request::get("/sandbox/openapi.json").body(Vec::new()).unwrap();
        let (_, document) = runtime.block_on(sandbox.ask(request)).unwrap();
        let document: Value = serde_json::from_slice(&document).unwrap();
        let tills = (0..TILLS).map(|_| Requests::new(Api::new(document.clone()))).collect();
        Self { rng: Rng::new(seed), tills, sandbox, runtime, hand, told: Vec::new() }
    }

    /// One till sends one request.
    fn step(&mut self) {
        let till = usize::try_from(self.rng.between(0, TILLS as u64 - 1)).unwrap();
        let request = if self.rng.chance(50) {
            let grant = r#"{"grant_type":"client_credentials","client_id":"sandbox","client_secret":"sandbox"}"#;
            let request = Request::post("/oauth/token").header("Content-Type", "application/json");
            request.body(grant.into()).unwrap()
        } else {
            self.tills[till].sensible(&mut self.rng)
        };
        let seconds = self.rng.pick(&[0_i64, 0, 1, 60, 90_000]);
        self.hand.advance(seconds);
        let answer = self.runtime.block_on(self.sandbox.ask(request.clone())).unwrap();
        // Now and then tills see each other's sales, as with a shared list.
        let to = if self.rng.chance(100) { (till + 1) % TILLS } else { till };
        self.tills[to].learn_from(&serde_json::from_slice(&answer.1).unwrap());
        self.told.push(Told { request, seconds, answer });
    }

    /// How many starts were paid.
    fn paid(&self) -> usize {
        let paid =
            |told: &&Told| told.request.uri().path().contains("/start") && told.answer.0 == 200;
        self.told.iter().filter(paid).count()
    }

    /// What a sandbox with the same seed answers to the same requests.
    fn replayed(seed: u64, told: &[Told]) -> Vec<Answer> {
        let (sandbox, runtime, hand) = sandbox(seed);
        let again = told.iter().map(|told| {
            hand.advance(told.seconds);
            runtime.block_on(sandbox.ask(told.request.clone())).unwrap()
        });
        again.collect()
    }
}

fn sandbox(seed: u64) -> (Inside, Runtime, ManualClock) {
    let start: Timestamp = "2020-09-25T09:15:30Z".parse().unwrap();
    let (clock, hand) = Clock::manual(start);
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    (Inside::new(Options { seed, clock, ..Options::default() }), runtime, hand)
}

/// Tills on threads of their own, all at once; when each is served is anybody's guess. The books
/// balance all the same.
pub fn check_all_at_once(seed: u64, requests: usize) -> Result<(), String> {
    let Session { sandbox, tills, .. } = Session::new(seed);
    std::thread::scope(|scope| {
        for (till, mut knows) in tills.into_iter().enumerate() {
            let sandbox = &sandbox;
            scope.spawn(move || {
                let mut rng = Rng::new(seed + 1_000 * till as u64);
                let runtime = Builder::new_current_thread().enable_all().build().unwrap();
                for _ in 0..requests {
                    let request = knows.sensible(&mut rng);
                    let (status, body) = runtime.block_on(sandbox.ask(request)).unwrap();
                    assert!(!status.is_server_error(), "{}", body.escape_ascii());
                    knows.learn_from(&serde_json::from_slice(&body).unwrap());
                }
            });
        }
    });
    if sandbox.ledger().loyalty_transactions() == 0 {
        return Err(format!("seed {seed}: the tills sold nothing"));
    }
    books::check(sandbox.ledger()).map_err(|wrong| format!("seed {seed}: {wrong}"))
}
