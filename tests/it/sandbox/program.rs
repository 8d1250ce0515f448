//! `kasse sandbox` as people start it: what it says, and the commands that ask it for something.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::{Value, json};

use crate::pty::home::Home;

/// One request on a connection of its own: the status and the body.
pub fn ask(port: u16, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let mut line = TcpStream::connect(("127.0.0.1", port)).unwrap();
    line.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let body = if body.is_null() { String::new() } else { body.to_string() };
    write!(
        line,
        "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    line.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head[9..12].parse().unwrap(), serde_json::from_str(body).unwrap())
}

#[test]
fn a_device_is_paired_by_the_command_that_the_sandbox_names() {
    let home = Home::new();
    let sandbox = home.sandbox(0);
    let grant = |key: &str, value: &Value| {
        let mut grant = json!({ "grant_type": "device", "client_id": "sandbox",
                                "client_secret": "sandbox" });
        grant[key] = value.clone();
        ask(sandbox.port, "POST", "/oauth/token", &grant)
    };
    let (_, registered) = grant("uuid", &json!("/vendor/x/serial/1"));
    let line = sandbox.line();
    let (told, command) = line.trim().split_once("; confirm with: kasse ").unwrap();
    let code = registered["user_code"].as_str().unwrap();
    assert_eq!(told, format!("pairing requested: code {code}"));
    let (status, pending) = grant("code", &registered["device_code"]);
    assert_eq!((status, &pending["error"]), (401, &json!("authorization_pending")));

    let wrong = home.run(&["sandbox", "confirm", "00000000", "--url", &sandbox.url]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.stderr.contains("no device waits with the code 00000000"), "{}", wrong.stderr);
    let confirmed = home.run(&command.split(' ').collect::<Vec<_>>());
    assert_eq!((confirmed.code, confirmed.stdout.as_str()), (0, "paired: /vendor/x/serial/1\n"));
    let (status, granted) = grant("code", &registered["device_code"]);
    assert_eq!((status, &granted["token_type"]), (200, &json!("bearer")));
}

#[test]
fn a_sandbox_that_is_not_there_is_told_apart_from_a_wrong_address() {
    let home = Home::new();
    let sandbox = home.sandbox(0);
    let url = sandbox.url.clone();
    sandbox.kill();
    for (url, words) in [(url.as_str(), "no sandbox answers at"), ("8474", "--url looks like")] {
        let ended = home.run(&["sandbox", "confirm", "aa63q9k9", "--url", url]);
        assert_eq!(ended.code, 2, "{}", ended.stderr);
        assert!(ended.stderr.contains(words), "{}", ended.stderr);
    }
}

#[test]
fn what_was_answered_survives_a_kill_and_fresh_forgets_it() {
    let home = Home::new();
    let flags = ["--state", "books", "--seed", "7", "--confirm-after", "0"];
    let sandbox = home.sandbox_with(0, &flags);
    let bearer = |port: u16, path: &str| {
        let mut line = TcpStream::connect(("127.0.0.1", port)).unwrap();
        line.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        write!(
            line,
            "{path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\
             Authorization: Bearer qb56tjj1bcvo9n2nj4u38k84lo\r\n\r\n"
        )
        .unwrap();
        let mut answer = String::new();
        line.read_to_string(&mut answer).unwrap();
        answer
    };
    let sale = "/api/v2/Smart/Transactions/STX_KJXJDUN542NR3WMRHRVU5WWM6ZQEA2";
    let paid = bearer(sandbox.port, &format!("POST {sale}/start/cash"));
    assert!(paid.contains(r#""status":"ok""#), "{paid}");
    sandbox.kill();

    let sandbox = home.sandbox_with(0, &flags);
    let found = bearer(sandbox.port, &format!("GET {sale}"));
    assert_eq!(found.split_once("\r\n\r\n").unwrap().1, paid.split_once("\r\n\r\n").unwrap().1);
    let (_, health) = ask(sandbox.port, "GET", "/sandbox/health", &Value::Null);
    assert_eq!((&health["durable"], &health["loyalty_transactions"]), (&json!(true), &json!(1)));
    sandbox.kill();

    let sandbox = home.sandbox_with(0, &[flags.as_slice(), &["--fresh"]].concat());
    assert!(bearer(sandbox.port, &format!("GET {sale}")).contains(r#""status":"created""#));
    assert_eq!(sandbox.terminate(), Some(143));
}

#[test]
fn the_printed_fixtures_can_be_changed_and_given_back() {
    let home = Home::new();
    let printed = home.run(&["sandbox", "fixtures"]);
    assert_eq!(printed.code, 0);
    home.file("shop.json", &printed.stdout.replace("John's Bakery", "Corner Shop"));
    let sandbox = home.sandbox_with(0, &["--fixtures", "shop.json"]);
    let (_, fixtures) = ask(sandbox.port, "GET", "/sandbox/fixtures", &Value::Null);
    assert_eq!(fixtures["companyname"], "Corner Shop");

    home.file("wrong.json", r#"{ "cards": [{ "nmber": "1" }] }"#);
    let wrong = home.run(&["sandbox", "--fixtures", "wrong.json"]);
    assert_eq!((wrong.code, wrong.stdout.as_str()), (4, ""));
    for words in ["wrong.json", "cards[0].nmber: unknown; did you mean number?"] {
        assert!(wrong.stderr.contains(words), "{}", wrong.stderr);
    }
    assert_eq!(home.run(&["sandbox", "--fixtures", "absent.json"]).code, 4);
}
