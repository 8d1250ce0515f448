//! A sandbox with a state file is killed at random moments under load, with a log that is compacted
//! all the time: every request that was answered is there afterwards, and none took effect twice.
//!
//! `KASSE_KILLS=300 cargo test --test it sandbox::kill -- --nocapture` goes on for as long as wanted;
//! `KASSE_SEED` repeats the moments of a run.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, io, thread};

use kasse::sandbox::{self, CARD_EMPTY, CardFixture, Fixtures, Ledger, Options, SEED_TOKEN};
use kasse::wire::{CHARGE_EAN, Status};
use serde_json::{Value, json};

use crate::sandbox::kit::read_answer;
use crate::soak::cashier::Dice;

/// Kills in an ordinary test run.
const KILLS: u64 = 30;
/// After so many kills the books begin anew: small ones are compacted more often.
const KILLS_PER_BOOKS: u64 = 5;
/// How long a sandbox lives at most after its start, ms.
const LIFE: u64 = 400;
/// Clients, each with a connection and a card of its own.
const CLIENTS: u64 = 6;
/// From how many bytes on the log is compacted.
const COMPACT_AT: u64 = 10_000;
/// Tells this program, started once more, to be the sandbox on this state.
const STATE: &str = "KASSE_KILLED_STATE";

fn number(name: &str, otherwise: u64) -> u64 {
    env::var(name).map_or(otherwise, |text| text.parse().unwrap())
}

fn card(client: u64) -> String {
    format!("92760099{client:08}")
}

fn shop() -> Fixtures {
    let mut shop = Fixtures::default();
    let model = shop.cards.iter().find(|card| card.number == CARD_EMPTY).unwrap().clone();
    shop.cards.extend((0..CLIENTS).map(|client| CardFixture {
        number: card(client),
        card_id: format!("CRD_{client:030}"),
        merchantcard_id: format!("MCD_{client:030}"),
        ..model.clone()
    }));
    shop
}

/// Not a test by itself: what the test below starts and kills.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "serves for the test of kills, until it is killed"]
async fn serve() {
    let state = PathBuf::from(env::var_os(STATE).unwrap());
    let options = Options {
        state: Some(state),
        fixtures: shop(),
        compact_at: COMPACT_AT,
        log: false,
        ..Options::default()
    };
    let sandbox = sandbox::bind(options).await.unwrap();
    println!("listening on {}", sandbox.addr());
    sandbox.serve(std::future::pending()).await.unwrap();
}

/// Starts a sandbox and waits until it listens.
fn start(state: &Path) -> (Child, SocketAddr) {
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["sandbox::kill::serve", "--exact", "--ignored", "--nocapture"])
        .env(STATE, state)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let told = lines.map_while(Result::ok).find_map(|line| {
        let (_, addr) = line.split_once("listening on ")?;
        addr.trim().parse().ok()
    });
    (child, told.expect("the sandbox did not start"))
}

/// A request on a connection that stays open; an error when the sandbox dies meanwhile.
fn ask(line: &mut TcpStream, path: &str, body: &str) -> io::Result<Value> {
    let request = format!(
        "POST /api/v2/Smart/Transactions{path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \
         {SEED_TOKEN}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    line.write_all(request.as_bytes())?;
    let (head, body) = read_answer(line)?;
    assert!(head.starts_with("HTTP/1.1 200"), "{}", String::from_utf8_lossy(&body));
    Ok(serde_json::from_slice(&body).unwrap())
}

/// A sale that charges the client's card, and what was answered last.
#[derive(Debug)]
struct Sold {
    id: String,
    amount: i64,
    answered: Status,
    /// What was asked for and not answered.
    asked: Option<Status>,
}

/// One client, over all lives of the sandbox.
struct Client {
    card: String,
    dice: Dice,
    /// What the card holds, as far as it is known.
    holds: i64,
    /// The sales of the current life.
    sales: Vec<Sold>,
    answers: u64,
}

impl Client {
    fn new(client: u64, seed: u64) -> Self {
        let dice = Dice::new(seed ^ (client << 32));
        Self { card: card(client), dice, holds: 0, sales: Vec::new(), answers: 0 }
    }

    /// Sells until the sandbox dies.
    fn sell(&mut self, addr: SocketAddr) {
        let Ok(mut line) = TcpStream::connect(addr) else { return };
        while self.sell_once(&mut line).is_ok() {}
    }

    fn sell_once(&mut self, line: &mut TcpStream) -> io::Result<()> {
        let amount = i64::try_from(1 + self.dice.below(900)).unwrap();
        let body = json!({
            "idents": [{ "type": "card", "value": self.card }],
            "basket": { "products": [{ "id": 1, "desc": "Charge", "quantity": 1, "tax": 0,
                                       "priceOne": amount, "ean": CHARGE_EAN }] },
        });
        let created = ask(line, "", &body.to_string())?;
        self.answers += 1;
        let id = created["id"].as_str().unwrap().to_owned();
        self.sales.push(Sold { id, amount, answered: Status::Created, asked: None });
        self.step(line, "start/cash", Status::Ok)?;
        if self.dice.below(3) == 0 {
            self.step(line, "cancel", Status::Cancelled)?;
        }
        Ok(())
    }

    fn step(&mut self, line: &mut TcpStream, step: &str, status: Status) -> io::Result<()> {
        let sale = self.sales.last_mut().unwrap();
        sale.asked = Some(status);
        ask(line, &format!("/{}/{step}", sale.id), "")?;
        (sale.answered, sale.asked) = (status, None);
        self.answers += 1;
        Ok(())
    }

    /// Holds the books against what was answered. What was not answered may have happened or not.
    fn check(&mut self, ledger: &Ledger) {
        let is_full = ledger.transactions().len() == 2_000;
        for sale in self.sales.drain(..) {
            let found = ledger.transaction(&sale.id).map(|sale| sale.status);
            // The books keep the newest ones alone.
            assert!(found.is_some() || is_full, "{sale:?} is gone");
            let found = found.unwrap_or(sale.answered);
            let is_known = found == sale.answered || Some(found) == sale.asked;
            assert!(is_known, "{sale:?} is {found:?}");
            if found == Status::Ok {
                self.holds += sale.amount;
            }
        }
        let held = ledger.balance(&self.card).unwrap().cash.minor();
        assert_eq!(held, self.holds, "the card {} after {} answers", self.card, self.answers);
    }
}

/// The books that a start would find, from a copy: the sandbox itself is to find them so too.
fn found(state: &Path, copy: &Path) -> Ledger {
    for suffix in ["", ".log0", ".log1", ".new"] {
        let beside = |path: &Path| PathBuf::from(format!("{}{suffix}", path.display()));
        match fs::copy(beside(state), beside(copy)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let _ = fs::remove_file(beside(copy));
            }
            copied => drop(copied.unwrap()),
        }
    }
    Ledger::open(copy, false, &shop(), 0).unwrap()
}

#[test]
fn a_sandbox_killed_at_random_moments_keeps_every_answered_request_once() {
    let (kills, seed) = (number("KASSE_KILLS", KILLS), number("KASSE_SEED", 8_474));
    let (started, mut dice) = (Instant::now(), Dice::new(seed));
    let folder = tempfile::tempdir().unwrap();
    let mut clients: Vec<Client> = (0..CLIENTS).map(|client| Client::new(client, seed)).collect();
    let mut compacting = 0;
    for kill in 0..kills {
        let books = folder.path().join((kill / KILLS_PER_BOOKS).to_string());
        let (state, copy) = (books.join("books"), folder.path().join("copy"));
        if kill.is_multiple_of(KILLS_PER_BOOKS) {
            for client in &mut clients {
                client.holds = 0;
            }
        }
        let (mut child, addr) = start(&state);
        thread::scope(|scope| {
            for client in &mut clients {
                scope.spawn(move || client.sell(addr));
            }
            thread::sleep(Duration::from_micros(dice.below(LIFE * 1_000)));
            child.kill().unwrap();
            child.wait().unwrap();
        });
        compacting += u64::from(books.join("books.new").exists());
        let ledger = found(&state, &copy);
        for client in &mut clients {
            client.check(&ledger);
        }
        let bookings = ledger.bookings();
        let ids: BTreeSet<&str> = bookings.iter().map(|booking| booking.id.as_str()).collect();
        assert_eq!(ids.len(), bookings.len(), "a booking is there twice");
    }
    let answers: u64 = clients.iter().map(|client| client.answers).sum();
    assert!(answers > kills, "nothing was sold");
    println!(
        "{kills} kills, seed {seed}: {answers} answers, all of them kept, none done twice; \
         {compacting} kills while a snapshot was written; {:.0} s",
        started.elapsed().as_secs_f64()
    );
}
