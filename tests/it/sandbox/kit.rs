//! A sandbox on a free loopback port and a plain HTTP client to talk to it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::io::{self, Read};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;

use kasse::sandbox::{
    self, Faults, Fixtures, Ledger, Options, RequestLog, SEED_TOKEN, SandboxError,
};
use serde_json::{Value, json};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// A running sandbox.
pub struct Kit {
    pub url: String,
    pub http: reqwest::Client,
    pub ledger: Arc<Ledger>,
    pub requests: Arc<RequestLog>,
    pub faults: Arc<Faults>,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<Result<(), SandboxError>>,
}

/// An answer: status, reason-independent body.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub body: Value,
}

pub fn client() -> reqwest::Client {
    // Only the first installation of the process wins; later ones change nothing.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().build().unwrap()
}

impl Kit {
    pub async fn start() -> Self {
        Self::with(Options::default()).await
    }

    pub async fn with(options: Options) -> Self {
        let sandbox = sandbox::bind(options).await.unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let (url, ledger, requests) = (sandbox.url(), sandbox.ledger(), sandbox.requests());
        let faults = sandbox.faults();
        let serving = tokio::spawn(sandbox.serve(async {
            let _ = stopped.await;
        }));
        Self { url, http: client(), ledger, requests, faults, stop, serving }
    }

    /// Asks the sandbox to stop and waits until it has.
    pub async fn stop(self) -> Result<(), SandboxError> {
        self.stop.send(()).unwrap();
        self.serving.await.unwrap()
    }

    pub async fn send(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let mut request = self
            .http
            .request(method, format!("{}{path}", self.url))
            .header("Authorization", format!("Bearer {SEED_TOKEN}"));
        if let Some(body) = body {
            request = request.json(body);
        }
        let response = request.send().await.unwrap();
        Answer { status: response.status().as_u16(), body: response.json().await.unwrap() }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, None).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, Some(body)).await
    }

    /// Creates a transaction and gives its id.
    pub async fn create(&self, body: &Value) -> String {
        let answer = self.post("/api/v2/Smart/Transactions", body).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.body["id"].as_str().unwrap().to_owned()
    }

    /// `POST …/{id}/{step}` without a body, as the seeds do it.
    pub async fn step(&self, id: &str, step: &str) -> Answer {
        self.send("POST", &format!("/api/v2/Smart/Transactions/{id}/{step}"), None).await
    }

    pub async fn read(&self, id: &str) -> Value {
        self.get(&format!("/api/v2/Smart/Transactions/{id}")).await.body
    }

    /// Cash and bonus of a card.
    pub fn holds(&self, card: &str) -> (i64, i64) {
        let balance = self.ledger.balance(card).unwrap();
        (balance.cash.minor(), balance.bonus.minor())
    }
}

/// One answer on a connection that stays open: its head and its body.
pub fn read_answer(line: &mut TcpStream) -> io::Result<(String, Vec<u8>)> {
    let mut answer = Vec::new();
    let mut wanted = None;
    let mut more = vec![0; 64 * 1024];
    loop {
        let read = line.read(&mut more)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        answer.extend_from_slice(&more[..read]);
        if wanted.is_none() {
            let Some(end) = answer.windows(4).position(|four| four == b"\r\n\r\n") else {
                continue;
            };
            let head = String::from_utf8(answer.drain(..end + 4).collect()).unwrap();
            let lines = head.to_ascii_lowercase();
            let length = lines.lines().find_map(|line| line.strip_prefix("content-length: "));
            wanted = Some((length.unwrap().parse::<usize>().unwrap(), head));
        }
        match wanted.take() {
            Some((length, head)) if answer.len() >= length => return Ok((head, answer)),
            other => wanted = other,
        }
    }
}

/// What a sandbox would find that starts on the files as they are now, as after a `kill -9`. They
/// are far too short to be compacted meanwhile.
pub fn found(path: &Path) -> Ledger {
    let beside = |path: &Path, suffix: &str| format!("{}{suffix}", path.display());
    let copy = path.with_extension("copy");
    for suffix in ["", ".log0", ".log1"] {
        std::fs::copy(beside(path, suffix), beside(&copy, suffix)).unwrap();
    }
    Ledger::open(&copy, false, &Fixtures::default(), 0).unwrap()
}

/// A line of a basket.
pub fn line(id: i64, ean: Option<&str>, quantity: i64, price: i64, tax: i64) -> Value {
    let mut line = json!({
        "id": id, "desc": format!("Article {id}"), "quantity": quantity,
        "priceOne": price, "tax": tax, "articleNumber": null,
    });
    if let Some(ean) = ean {
        line["ean"] = json!(ean);
    }
    line
}

/// A sale of these lines, with a card when one is named.
pub fn sale(card: Option<&str>, lines: &[Value]) -> Value {
    let sum: i64 = lines
        .iter()
        .map(|line| line["quantity"].as_i64().unwrap() * line["priceOne"].as_i64().unwrap())
        .sum();
    let idents: Vec<Value> =
        card.iter().map(|number| json!({ "type": "card", "value": number })).collect();
    json!({
        "is_demo": true, "idents": idents, "basket": { "products": lines },
        "basket_info": { "sum": sum, "currency": "EUR" },
    })
}

/// The basket of the documents: 7.96, of it 5.98 at 7 % and 1.98 at 19 %.
pub fn bakery(card: Option<&str>) -> Value {
    let mut basket = sale(
        card,
        &[
            line(1, None, 1, 349, 7),
            line(2, None, 1, 249, 7),
            line(3, Some("4999012345678"), 2, 99, 19),
        ],
    );
    let products = &mut basket["basket"]["products"];
    for (index, (number, desc)) in [
        (json!(30037), "Sandwich Romano"),
        (json!("30200"), "Fruit salad, small bowl"),
        (json!("51"), "Water, mildly sprinkling, 0.25 ltr."),
    ]
    .into_iter()
    .enumerate()
    {
        products[index]["articleNumber"] = number;
        products[index]["desc"] = json!(desc);
    }
    basket
}

/// The texts of a receipt, top to bottom; name-value lines as `name value`.
pub fn printed(receipt: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    receipt
        .as_array()
        .unwrap()
        .iter()
        .map(|line| match line["type"].as_str().unwrap() {
            "separator" => text(&line["value"]["caption"]),
            "textline" => text(&line["value"]["text"]),
            "name-value" => {
                format!("{} {}", text(&line["value"]["name"]), text(&line["value"]["value"]))
            }
            _ => String::new(),
        })
        .collect()
}

/// Asserts a refusal of the documented shape with this code.
#[track_caller]
pub fn assert_refused(answer: &Answer, error: &str, code: i64) {
    assert!((400..500).contains(&answer.status), "{answer:?}");
    let body = answer.body.as_object().unwrap();
    let keys: Vec<&str> = body.keys().map(String::as_str).collect();
    assert_eq!(keys, ["status", "error", "error_details", "error_user", "code", "supportId"]);
    assert_eq!(body["status"], "error");
    assert_eq!(body["error"], error, "{answer:?}");
    assert_eq!(body["code"], code, "{answer:?}");
    assert_ne!(body["error_user"], "");
    let support = body["supportId"].as_str().unwrap();
    assert_eq!(support.len(), 32);
    assert!(support.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f')), "{support}");
}
