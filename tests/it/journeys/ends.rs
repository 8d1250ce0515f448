//! Every way to end: what was sold is there again, what was sent is asked after, and nothing is
//! sent that could not be written down first.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use kasse::console::Keeper;
use kasse::lang::Lang;
use kasse::sandbox::{CARD_BONUS, Options};
use kasse::till::{Message, Record, Replay, ServerKind, State, Step};
use kasse::wire::Status;
use kasse::worker::Background;
use rstest::rstest;
use rustix::process::Signal;

use crate::journeys::kit::{Journey, Server};
use crate::pty::home::Home;
use crate::pty::kit::Pty;

const PAYMENT: &str = "Payment: ";
const PAID: &str = "─ ● ok";

/// A sandbox, and a user whose console sells on it.
pub fn shop() -> (Background, Server, Home) {
    let background = Background::start().unwrap();
    let server = Server::start(&background, Options::default());
    let home = Home::new().account(&server.url, "sandbox", "sandbox");
    (background, server, home)
}

/// How many transactions the server counts as paid.
pub fn paid(server: &Server) -> usize {
    let all = server.ledger.transactions().into_iter();
    all.filter(|sale| sale.status == Status::Ok).count()
}

/// How the program is ended.
#[derive(Debug, Clone, Copy)]
enum By {
    Term,
    Hup,
    Vanished,
}

impl By {
    fn end(self, pty: &mut Pty) {
        match self {
            Self::Term => pty.signal(Signal::TERM),
            Self::Hup => pty.signal(Signal::HUP),
            Self::Vanished => pty.hang_up(),
        }
        let code = if matches!(self, Self::Term) { 143 } else { 129 };
        assert_eq!(pty.exit_code(), code, "{self:?}");
    }
}

#[rstest]
#[case(By::Term)]
#[case(By::Hup)]
#[case(By::Vanished)]
fn an_end_in_the_tender_step_comes_back_to_it(#[case] by: By) {
    let (_background, server, home) = shop();
    let mut pty = home.console(80, 24);
    pty.keys("30037\r30200\r9276004424644352\r", "● created");
    pty.keys("+", PAYMENT);
    by.end(&mut pty);
    if matches!(by, By::Term) {
        assert!(pty.modes_restored());
    }
    assert_eq!(server.calls("POST", "/start/cash"), 0);

    let pty = home.console(80, 24);
    pty.wait_for_all(&[PAYMENT, "9276 •••• •••• 4352", "5.98"]);
    // What was last sent is not known any more: another transaction takes the sale's place, and
    // its remainder is shown before it is paid.
    pty.keys("+", "set up again");
    assert_eq!(server.calls("POST", "/start/cash"), 0);
    pty.keys("+", PAID);
    assert_eq!((paid(&server), server.calls("POST", "/Smart/Transactions")), (1, 2));
    assert_eq!(server.calls("POST", "/abort"), 1);
}

#[rstest]
#[case(By::Term)]
#[case(By::Hup)]
#[case(By::Vanished)]
fn an_end_while_start_is_on_its_way_is_asked_after(#[case] by: By) {
    let (_background, server, home) = shop();
    server.play(&["latency=300@start"]);
    let mut pty = home.console(80, 24);
    pty.keys("30037\r+", PAYMENT);
    pty.type_bytes("+");
    while server.calls("POST", "/start/cash") == 0 {
        pty.quiet(Duration::from_millis(5));
    }
    by.end(&mut pty);

    let pty = home.console(80, 24);
    pty.wait_for(PAID);
    pty.wait_for("3.49");
    assert_eq!((paid(&server), server.calls("POST", "/start/cash")), (1, 1));
}

/// Calls so far that change something on the server.
fn changes(server: &Server) -> usize {
    let all = server.requests.all();
    all.iter().filter(|call| call.method != "GET" && !call.path.contains("/oauth/")).count()
}

/// Keeps the first records and none after them, as a disk that is full from then on.
struct FullDisk {
    left: usize,
    kept: Arc<Mutex<Vec<Record>>>,
}

impl Keeper for FullDisk {
    fn keep(&mut self, record: Record) -> Result<(), String> {
        self.left = self.left.checked_sub(1).ok_or("database or disk is full")?;
        self.kept.lock().unwrap().push(record);
        Ok(())
    }
}

#[test]
fn a_disk_that_fills_up_at_any_record_stops_before_anything_unrecorded_is_sent() {
    let mut starts = 0;
    for left in 0.. {
        let kept = Arc::new(Mutex::new(Vec::new()));
        let keeper = Box::new(FullDisk { left, kept: Arc::clone(&kept) });
        let background = Background::start().unwrap();
        let server = Server::start(&background, Options::default());
        let mut till = Journey::kept_by(keeper, background, server, Lang::En, |_| {});
        till.keys("30037⏎ 2*51⏎").keys(&format!("{CARD_BONUS}⏎")).keys("/").keys("+").keys("10+");
        let kept = kept.lock().unwrap().clone();
        let kinds: Vec<_> = kept.iter().map(|record| record.change.kind()).collect();
        let intents = kinds.iter().filter(|kind| **kind == "start").count();
        assert_eq!(till.server.calls("POST", "/start/cash"), intents, "{kinds:?}");
        if till.state().stopped.is_none() {
            assert_eq!((kinds.last(), intents, starts > 0), (Some(&"paid"), 1, true));
            return; // The disk was large enough.
        }
        till.shows(&["STOPPED", "disk is full"]);
        // No key sends anything any more but questions.
        let sent = changes(&till.server);
        for keys in ["30200⏎", "/", "/", "+", "20+", "<F5>", "<F9>", "5<F4>", "+"] {
            till.keys("<Esc>").keys(keys);
        }
        assert!(matches!(till.error(), Message::Stopped(_)), "{:?}", till.error());
        assert_eq!(changes(&till.server), sent, "{kinds:?}");
        // What a console with more room comes back to.
        let mut replay = Replay::default();
        for (seq, record) in (1..).zip(kept) {
            replay.record(seq, record);
        }
        let mut again = State::new("again", ServerKind::Sandbox, 0);
        replay.into_state(&mut again);
        let asked = matches!(again.sale.step, Step::Unknown(_));
        assert_eq!(asked, paid(&till.server) == 1, "{kinds:?} {:?}", again.sale.step);
        starts += intents;
    }
}

/// The real program may write files of this many blocks, and a write beyond fails as on a full
/// disk.
fn with_little_room(home: Home, blocks: u32) -> Home {
    let shell = home.path().join("bin/sh");
    fs::create_dir(home.path().join("bin")).unwrap();
    let script = format!("#!/bin/sh\ntrap '' XFSZ\nulimit -f {blocks}\nexec /bin/sh \"$@\"\n");
    fs::write(&shell, script).unwrap();
    fs::set_permissions(&shell, fs::Permissions::from_mode(0o700)).unwrap();
    let path = format!("{}:{}", home.path().join("bin").display(), std::env::var("PATH").unwrap());
    home.env("PATH", &path)
}

#[test]
fn a_full_disk_stops_the_real_program_and_the_sale_is_there_again_with_more_room() {
    let (_background, server, home) = shop();
    let home = with_little_room(home, 300);
    let mut pty = home.in_shell(&[], 80, 24);
    pty.wait_for("Server connected");
    while !pty.screen().contains("STOPPED") {
        pty.type_bytes("30037\r".repeat(50));
        pty.quiet(Duration::from_millis(50));
    }
    pty.keys("+", "STOPPED");
    // As a person types: in one piece it would be a scan that begins with `+`.
    pty.quiet(Duration::from_millis(150));
    pty.type_bytes("20+");
    pty.quiet(Duration::from_millis(150));
    pty.type_bytes("\r\x1b[15~");
    pty.quiet(Duration::from_millis(50));
    pty.wait_for("STOPPED");
    assert_eq!(server.calls("POST", "/Smart/Transactions"), 0, "nothing was sent");
    pty.hang_up();
    let verdict = home.run(&["journal", "verify"]);
    assert_eq!(verdict.code, 0, "{}{}", verdict.stdout, verdict.stderr);

    let pty = home.console(80, 24);
    pty.wait_for("Sandwich Romano");
    pty.keys("+", PAYMENT);
    pty.keys("+", PAID);
    assert_eq!(paid(&server), 1);
}

#[test]
fn a_damaged_journal_stops_the_program_before_anything_is_sent() {
    let (_background, server, home) = shop();
    let mut pty = home.console(80, 24);
    pty.keys("30037\r+", PAYMENT);
    By::Term.end(&mut pty);
    let before = server.requests.all().len();
    let journal = home.path().join("state/kasse/sandbox/journal-sandbox.db");
    let mut bytes = fs::read(&journal).unwrap();
    bytes.iter_mut().skip(16).take(8_000).for_each(|byte| *byte ^= 0x55);
    fs::write(&journal, bytes).unwrap();

    let pty = home.console(80, 24);
    assert_eq!(pty.exit_code(), 8, "{}", pty.screen());
    pty.wait_for("Nothing is sold without it");
    assert_eq!(server.requests.all().len(), before);
}
