//! A day at the real till, and then a look into everything it has written: what is secret stands
//! in the file that is there for it, and nowhere else.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use kasse::sandbox::{CARD_BONUS, CLIENT_ID, CLIENT_SECRET, Options, Pairing};
use kasse::worker::Background;
use rustix::process::Signal;
use serde_json::Value;

use crate::client::server::{Server, raw};
use crate::hostile::kit::{DEVICE, forward};
use crate::journeys::kit::Server as Sandbox;
use crate::kiosk::program::{PIN, pin_hash};
use crate::pty::home::Home;
use crate::pty::kit::{Pty, contains};

/// The account's secret on this day; the server in front of the sandbox knows it.
const SECRET: &str = "zEhn-geheim-9f31c07e";

fn files_below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.file_type().unwrap().is_dir() {
            let mode = entry.metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0, "{}", entry.path().display());
            files_below(&entry.path(), found);
        } else {
            found.push(entry.path());
        }
    }
}

/// A server that wants [`SECRET`], and the device codes and tokens that it has given.
fn server(sandbox: &Sandbox) -> (Server, Arc<Mutex<Vec<String>>>) {
    let given = Arc::new(Mutex::new(Vec::new()));
    let (kept, at) = (Arc::clone(&given), sandbox.url.strip_prefix("http://").unwrap().to_owned());
    let server = Server::start(move |request, _| {
        let mut request = request.clone();
        if request.is_grant() {
            assert!(request.body.contains(SECRET), "another secret");
            request.body = request.body.replace(SECRET, CLIENT_SECRET);
        }
        let (status, body) = forward(&at, &request);
        let answer: Value = serde_json::from_str(&body).unwrap_or_default();
        for name in ["device_code", "access_token", "refresh_token"] {
            kept.lock().unwrap().extend(answer[name].as_str().map(str::to_owned));
        }
        raw(status, "application/json", body.as_bytes())
    });
    (server, given)
}

fn day(pty: &Pty) {
    // With a PIN, the till starts locked.
    crate::kiosk::program::unlock(pty);
    pty.wait_for("The till is paired and ready.");
    pty.keys("\x1b30037\r", "3.49 EUR");
    pty.keys(&format!("{CARD_BONUS}\r"), "● created");
    pty.keys("/", "● processing");
    pty.keys("+", "Payment");
    pty.keys("20", "Change");
    pty.keys("+", "Paid");
    // A code nobody knows, a bank card, a swipe of ours.
    pty.keys("99999\r", "! ");
    pty.type_bytes("\x1b;4111111111111111=99121010000?\r");
    pty.keys("\x1b30200\r", "2.49 EUR");
    pty.keys(&format!("%B{CARD_BONUS}^TILL/TEST^9912?;{CARD_BONUS}=9912?\r"), "● created");
    pty.keys("\x1bOR", "4352");
    pty.keys("\x1b+", "Payment");
    pty.keys("+", "Paid");
    // The lock, first with a wrong PIN.
    pty.keys("\x1b[24~", "Type the PIN, then Enter");
    pty.keys("1111\r", "Wrong PIN. Type it again");
    pty.keys(&format!("{PIN}\r"), "Paid");
    pty.keys("\x1b[24;2~", "Exchanges with the server");
    pty.keys("\x1b[C", "wire-");
}

#[test]
fn everything_that_a_day_has_written_is_free_of_secrets() {
    let background = Background::start().unwrap();
    let pairing = Pairing::Automatic { polls: 1 };
    let sandbox = Sandbox::start(&background, Options { seed: 1, pairing, ..Options::default() });
    let (server, given) = server(&sandbox);
    let home = Home::new();
    let paper = home.path().join("state/paper");
    fs::create_dir(home.path().join("state")).unwrap();
    fs::set_permissions(home.path().join("state"), fs::Permissions::from_mode(0o700)).unwrap();
    let config = format!(
        "pin_hash = \"{}\"\n[api]\nurl = \"{}\"\nclient_id = \"{CLIENT_ID}\"\n\
         client_secret = \"{SECRET}\"\ndevice_uuid = \"{DEVICE}\"\n[printer]\ndevice = \"{}\"\n\
         format = \"text\"\nauto = true\n[log]\nlevel = \"debug\"\n",
        pin_hash(),
        server.url(),
        paper.display()
    );
    let file = home.file("kasse.toml", &config);
    let home = home.env("KASSE_CONFIG", file.to_str().unwrap());
    let pty = home.console(120, 40);
    day(&pty);
    let pid = pty.pid().as_raw_nonzero();
    let line = fs::read(format!("/proc/{pid}/cmdline")).unwrap();
    pty.signal(Signal::TERM);
    pty.exit_code();

    // Others may not read the secret: then the program does not either.
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    let refused = home.run(&["config"]);
    assert_ne!(refused.code, 0);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    let commands = [&["config"][..], &["journal", "list"], &["journal", "export"]];
    let mut texts: Vec<(String, Vec<u8>)> = Vec::new();
    for args in commands {
        let done = home.run(args);
        assert_eq!(done.code, 0, "{args:?}: {}", done.stderr);
        texts.push((format!("{args:?}"), done.stdout.into_bytes()));
        texts.push((format!("{args:?} (errors)"), done.stderr.into_bytes()));
    }
    texts.push(("what a file open to others says".to_owned(), refused.stderr.into_bytes()));
    texts.push(("/proc/PID/cmdline".to_owned(), line));
    texts.push(("terminal".to_owned(), pty.log()));
    texts.push(("screens".to_owned(), pty.frames().concat().into_bytes()));
    let mut files = Vec::new();
    files_below(&home.path().join("state"), &mut files);
    for file in &files {
        let mode = fs::metadata(file).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", file.display());
        texts.push((file.display().to_string(), fs::read(file).unwrap()));
    }
    for part in ["token.json", "/log/", "wire-", "journal-", "paper"] {
        assert!(texts.iter().any(|(name, _)| name.contains(part)), "no {part} in {files:?}");
    }

    let given = given.lock().unwrap().clone();
    assert!(given.len() >= 2, "{given:?}");
    let mut secrets: Vec<&str> = given.iter().map(String::as_str).collect();
    secrets.extend([SECRET, PIN, CARD_BONUS, "4111111111111111"]);
    for (name, bytes) in &texts {
        for secret in &secrets {
            let is_its_place = name.ends_with("token.json") && given.iter().any(|s| s == secret)
                // The journal must know the card to bring a sale back.
                || name.contains("journal-") && *secret == CARD_BONUS;
            assert!(is_its_place || !contains(bytes, secret.as_bytes()), "{secret} in {name}");
        }
    }
    println!("{} secrets looked for in {} texts", secrets.len(), texts.len());
}
