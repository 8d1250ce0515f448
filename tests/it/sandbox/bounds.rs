//! What a sandbox keeps and serves at the most, driven to each limit, and what happens there.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use kasse::sandbox::{CARD_BONUS, Options, SEED_TOKEN};
use serde_json::{Value, json};

use crate::pty::home::Home;
use crate::sandbox::kit::{Kit, line, read_answer, sale};
use crate::sandbox::program::ask;

/// Connections that are open at a time.
const CONNECTIONS: usize = 256;
/// Large bodies that are read at a time.
const LARGE: usize = 32;

fn connect(port: u16) -> TcpStream {
    let line = TcpStream::connect(("127.0.0.1", port)).unwrap();
    line.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    line
}

/// What comes next, `None` when nothing comes for a moment.
fn at_once(line: &mut TcpStream) -> Option<String> {
    line.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
    let mut more = [0; 4096];
    let read = line.read(&mut more).ok()?;
    line.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    Some(String::from_utf8_lossy(&more[..read]).into_owned())
}

/// What comes next.
fn next(line: &mut TcpStream) -> String {
    let mut more = [0; 4096];
    line.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let read = line.read(&mut more).unwrap();
    String::from_utf8_lossy(&more[..read]).into_owned()
}

const HEALTH: &[u8] = b"GET /sandbox/health HTTP/1.1\r\nHost: localhost\r\n\r\n";

#[test]
fn callers_beyond_the_connections_wait_until_one_is_free() {
    let home = Home::new();
    let sandbox = home.sandbox(0);
    let mut open: Vec<TcpStream> = (0..CONNECTIONS).map(|_| connect(sandbox.port)).collect();
    for line in &mut open {
        line.write_all(HEALTH).unwrap();
        assert!(next(line).starts_with("HTTP/1.1 200"));
    }
    let mut waiting = connect(sandbox.port);
    waiting.write_all(HEALTH).unwrap();
    assert_eq!(at_once(&mut waiting), None);
    drop(open.pop());
    assert!(next(&mut waiting).starts_with("HTTP/1.1 200"));
}

#[test]
fn large_bodies_beyond_the_places_wait_and_small_ones_pass() {
    let home = Home::new();
    let sandbox = home.sandbox(0);
    let body = vec![b' '; 20_000];
    // The server asks for the body when it has a place for it.
    let announce = |line: &mut TcpStream| {
        write!(
            line,
            "POST /oauth/token HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n\
             Content-Length: {}\r\n\r\n",
            body.len()
        )
        .unwrap();
    };
    let mut reading: Vec<TcpStream> = (0..LARGE).map(|_| connect(sandbox.port)).collect();
    for line in &mut reading {
        announce(line);
        assert!(next(line).starts_with("HTTP/1.1 100"));
    }
    let mut waiting = connect(sandbox.port);
    announce(&mut waiting);
    assert_eq!(at_once(&mut waiting), None);
    assert_eq!(ask(sandbox.port, "GET", "/sandbox/health", &Value::Null).0, 200);
    let mut done = reading.pop().unwrap();
    done.write_all(&body).unwrap();
    assert!(next(&mut done).starts_with("HTTP/1.1 4"));
    assert!(next(&mut waiting).starts_with("HTTP/1.1 100"));
}

/// The most memory that a process ever had, MiB.
fn peak(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024
}

#[test]
fn large_baskets_take_bounded_memory_and_the_oldest_make_room() {
    const SALES: usize = 14;
    let home = Home::new();
    let sandbox = home.sandbox_with(0, &["--state", "books"]);
    let lines: Vec<Value> =
        (1..=7_000).map(|id| line(id, Some("4999012345678"), 1, 1, 7)).collect();
    let mut basket = sale(Some(CARD_BONUS), &lines).to_string();
    // Up to the limit of a body.
    basket.push_str(&" ".repeat((1 << 20) - basket.len()));
    let before = peak(sandbox.pid());
    let mut line = connect(sandbox.port);
    let mut ids = Vec::new();
    for _ in 0..SALES {
        write!(
            line,
            "POST /api/v2/Smart/Transactions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \
             {SEED_TOKEN}\r\nContent-Length: {}\r\n\r\n{basket}",
            basket.len()
        )
        .unwrap();
        let (head, body) = read_answer(&mut line).unwrap();
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
        let sale: Value = serde_json::from_slice(&body).unwrap();
        ids.push(sale["id"].as_str().unwrap().to_owned());
    }
    let (_, health) = ask(sandbox.port, "GET", "/sandbox/health", &Value::Null);
    let kept = health["transactions"].as_u64().unwrap();
    assert!((2..10).contains(&kept), "{kept} of {SALES}");
    let after = peak(sandbox.pid());
    assert!(after - before < 120, "{before} MiB, then {after} MiB");
    println!(
        "{kept} of {SALES} baskets of 1 MiB are kept; the memory rose by {} MiB",
        after - before
    );
    let mut read = |id: &str| {
        write!(
            line,
            "GET /api/v2/Smart/Transactions/{id} HTTP/1.1\r\nHost: localhost\r\n\
             Authorization: Bearer {SEED_TOKEN}\r\n\r\n"
        )
        .unwrap();
        read_answer(&mut line).unwrap().0[9..12].to_owned()
    };
    assert_eq!((read(&ids[0]), read(&ids[SALES - 1])), ("404".to_owned(), "200".to_owned()));
}

#[tokio::test]
async fn cards_holders_faults_and_buyers_are_refused_beyond_their_number_or_size() {
    let kit = Kit::start().await;
    let groups = kit.get("/api/v2/Loyalty/Cardgroups").await.body;
    let group = groups["data"][0]["id"].as_str().unwrap().to_owned();
    let cards = format!("/api/v2/Loyalty/MerchantCards/me/createMerchantcards/{group}");
    let there = kit.ledger.fixtures().cards.len();
    let mut made = there;
    while made + 1_000 <= 10_000 {
        let answer = kit.post(&cards, &json!({ "cards_amount": 1_000 })).await;
        assert_eq!(answer.status, 200);
        made += 1_000;
    }
    let answer = kit.post(&cards, &json!({ "cards_amount": 1_000 })).await;
    assert_eq!((answer.status, &answer.body["code"]), (409, &json!(1001)), "{answer:?}");
    assert_eq!(kit.ledger.fixtures().cards.len(), made, "all of a request or nothing");
    assert_eq!(kit.post(&cards, &json!({ "cards_amount": 10_000 - made })).await.status, 200);
    assert_eq!(kit.post(&cards, &json!({})).await.status, 409);
    // A sale that would create a card is refused and stays open.
    let mut gift = sale(None, &[line(1, Some(kasse::wire::CHARGE_EAN), 1, 500, 0)]);
    gift["idents"] = json!([{ "type": "create_card", "value": group }]);
    let id = kit.create(&gift).await;
    assert_eq!(kit.step(&id, "start/cash").await.status, 409);
    assert_eq!(kit.read(&id).await["status"], "created");
    assert_eq!(kit.ledger.fixtures().cards.len(), 10_000);

    let holder = json!({ "merchant_contact": { "surname": "Meier" } });
    for _ in 0..1_000 {
        assert_eq!(kit.post("/api/v2/Loyalty/Customers", &holder).await.status, 200);
    }
    assert_eq!(kit.post("/api/v2/Loyalty/Customers", &holder).await.status, 409);

    let long = "x".repeat(10_001);
    let buyer = |text: &str| json!({ "contact": { "surname": text } });
    let buyers = "/api/v2/Payment/Customers";
    assert_eq!(kit.post(buyers, &buyer(&long)).await.status, 400);
    let first = kit.post(buyers, &buyer("Meier")).await.body["id"].as_str().unwrap().to_owned();
    for _ in 0..1_023 {
        assert_eq!(kit.post(buyers, &buyer("Meier")).await.status, 200);
    }
    assert_eq!(kit.get(&format!("{buyers}/{first}")).await.status, 200);
    kit.post(buyers, &buyer("Meier")).await;
    assert_eq!(kit.get(&format!("{buyers}/{first}")).await.status, 404, "the oldest made room");

    let faults = |count: usize| json!(vec!["latency=1@cancel"; count]);
    assert_eq!(kit.send("PUT", "/sandbox/faults", Some(&faults(100))).await.status, 200);
    assert_eq!(kit.send("PUT", "/sandbox/faults", Some(&faults(101))).await.status, 409);
    assert_eq!(kit.faults.current().len(), 100, "those that were on stay on");
}

#[tokio::test]
async fn tokens_and_registrations_beyond_their_number_end_the_oldest() {
    let kit = Kit::with(Options { log: false, ..Options::default() }).await;
    let account = json!({ "client_id": "sandbox", "client_secret": "sandbox" });
    let asked = |fields: &[(&str, &str)]| {
        let mut body = account.clone();
        for (key, value) in fields {
            body[*key] = json!(value);
        }
        body
    };
    let grant = asked(&[("grant_type", "client_credentials")]);
    let is_good = async |token: &str| {
        let request = kit.http.get(format!("{}/api/v2/Loyalty/Cardgroups", kit.url));
        let request = request.header("Authorization", format!("Bearer {token}"));
        request.send().await.unwrap().status().is_success()
    };
    let token = async || {
        let answer = kit.post("/oauth/token", &grant).await;
        answer.body["access_token"].as_str().unwrap().to_owned()
    };
    let first = token().await;
    for _ in 0..4_095 {
        token().await;
    }
    assert!(is_good(&first).await);
    let last = token().await;
    assert!(!is_good(&first).await && is_good(&last).await);

    let register = asked(&[("grant_type", "device"), ("uuid", "/vendor/x/serial/1")]);
    let register = async || {
        let answer = kit.post("/oauth/token", &register).await;
        answer.body["device_code"].as_str().unwrap().to_owned()
    };
    let poll = async |code: &str| {
        let poll = asked(&[("grant_type", "device"), ("code", code)]);
        kit.post("/oauth/token", &poll).await.status
    };
    let first = register().await;
    for _ in 0..4_096 {
        register().await;
    }
    assert_eq!(poll(&first).await, 400);
    assert_eq!(poll(&register().await).await, 200);

    let device = "x".repeat(1_001);
    let long = asked(&[("grant_type", "device"), ("uuid", &device)]);
    assert_eq!(kit.post("/oauth/token", &long).await.status, 400);
}
