//! A code of a card on its way through the real program: it reaches the server and nothing else.

use std::fs;
use std::path::{Path, PathBuf};

use kasse::journal::{Journal, Mode};
use serde_json::{Value, json};

use crate::client::server::{Request, Server, answer};
use crate::journal::kit::all;
use crate::pty::home::Home;
use crate::pty::kit::{Pty, contains};

const CARD: &str = "9276004424644352";
/// A code that is in no number, amount or time of this test.
const CODE: &str = "8593";

fn card() -> Value {
    json!({
        "id": "MCD_1", "card": {"cardnumber": CARD}, "cardgroup": {"display_name": "Bonus"},
        "cash_balance": 200, "bonus_balance": 0, "balance": 200, "passcode": 2,
    })
}

/// A server that knows one card; its passcode is right, the code on its back is not.
fn server() -> Server {
    Server::granting(|request: &Request, _| {
        let path = request.path.split('?').next().unwrap();
        let body = match (request.method.as_str(), path.rsplit('/').next().unwrap()) {
            (_, "checkPasscode") => json!({"result": true}),
            (_, "checkCsc") => json!({"result": false}),
            (_, "preTransaction") => json!({"missing_sum": 149, "bonus_products": []}),
            (_, "MerchantCards") => json!({"count": 1, "data": [card()]}),
            (_, "Transactions" | "STX_1") => {
                let sent = request.json();
                let idents: Vec<Value> = sent["idents"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|ident| {
                        json!({"type": "card", "value": ident["value"], "valid": true,
                                        "merchantcard": card()})
                    })
                    .collect();
                json!({"object": "smart.transactions", "id": "STX_1", "status": "created",
                       "basket_info": sent["basket_info"], "idents": idents})
            }
            _ => return answer(404, &json!({"status": "error", "error": "NotExpected"})),
        };
        answer(200, &body)
    })
}

fn files_below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.file_type().unwrap().is_dir() {
            files_below(&entry.path(), found);
        } else {
            found.push(entry.path());
        }
    }
}

/// Digit by digit, with a frame after each.
fn type_code(pty: &Pty) {
    for (digit, dots) in CODE.bytes().zip(["• _ _ _", "• • _ _", "• • • _", "• • • •"])
    {
        pty.type_bytes([digit]);
        pty.wait_for(dots);
    }
}

#[test]
fn a_code_reaches_the_server_and_nothing_else() {
    let server = server();
    let home = Home::new().account(&server.url(), "till", "secret");
    let pty = home.console(80, 24);
    pty.wait_for("Server connected");
    pty.keys("30037\r", "3.49 EUR");
    pty.type_bytes(format!("{CARD}\r"));
    pty.wait_for("● created");
    pty.keys("/", "_ _ _ _");
    type_code(&pty);
    pty.keys("\r", "1.49");
    pty.keys("\x1bOR", "before it pays");
    pty.keys("\r", "_ _ _ _");
    type_code(&pty);
    pty.keys("\r", "the card must not be used.");
    pty.wait_for("Do not accept this card");

    let asked: Vec<Value> = server
        .seen()
        .iter()
        .filter(|request| request.path.contains("/me/check"))
        .map(Request::json)
        .collect();
    let pin: u16 = CODE.parse().unwrap();
    assert_eq!(
        asked,
        [json!({"cardnumber": CARD, "pin": pin}), json!({"cardnumber": CARD, "csc": CODE})]
    );
    for other in server.seen().iter().filter(|request| !request.path.contains("/me/check")) {
        assert!(!other.body.contains(CODE) && !other.path.contains(CODE), "{other:?}");
    }

    assert!(!contains(&pty.log(), CODE.as_bytes()), "it was written to the terminal");
    assert!(!pty.frames().concat().contains(CODE), "it stood on the screen");
    let state = home.path().join("state");
    let mut files = Vec::new();
    files_below(&state, &mut files);
    let journal = files.iter().find(|file| file.to_string_lossy().contains("journal-")).unwrap();
    // Hashes and times may hold any four digits by chance, but not as a value of their own.
    for value in [format!("\"{CODE}\""), format!(":{CODE}"), format!(": {CODE}")] {
        for file in &files {
            let bytes = fs::read(file).unwrap();
            assert!(!contains(&bytes, value.as_bytes()), "{value} is in {}", file.display());
        }
    }
    let reader = Journal::read_only(journal.parent().unwrap(), Mode::Sandbox).unwrap();
    let entries = all(&reader).unwrap();
    assert!(entries.iter().any(|entry| entry.body.to_string().contains("Passcode")), "proven");
    for entry in entries {
        assert!(!entry.body.to_string().contains(CODE), "{entry:?}");
    }
}
