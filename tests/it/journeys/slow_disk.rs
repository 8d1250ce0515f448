//! A disk that hangs or fails at any record: nothing is shown as paid or cancelled before its
//! record is kept, keys are answered meanwhile, and the program ends when it is told to.

use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use kasse::console::{End, Incoming, Keeper, Keeping};
use kasse::lang::Lang;
use kasse::sandbox::{CARD_BONUS, Options};
use kasse::terminal::Termination;
use kasse::till::{Change, Message, Record, Replay, ServerKind, Stage, State, Step};
use kasse::worker::Background;
use rusqlite::Connection;
use rustix::process::Signal;

use crate::journeys::ends::{paid, shop};
use crate::journeys::kit::{Journey, Server};

/// What becomes of the durable record at which the disk misbehaves, and of all behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Fate {
    Hangs,
    Kept,
    Fails,
}

#[derive(Debug)]
struct Inner {
    durable: usize,
    at: usize,
    fate: Fate,
    kept: Vec<Record>,
}

/// A disk that keeps everything up to its durable record number `at`, counted from 0.
#[derive(Debug, Clone)]
struct Disk(Arc<(Mutex<Inner>, Condvar)>);

impl Disk {
    fn new(at: usize, fate: Fate) -> Self {
        let inner = Inner { durable: 0, at, fate, kept: Vec::new() };
        Self(Arc::new((Mutex::new(inner), Condvar::new())))
    }

    fn becomes(&self, fate: Fate) {
        self.0.0.lock().unwrap().fate = fate;
        self.0.1.notify_all();
    }

    fn kinds(&self) -> Vec<&'static str> {
        self.0.0.lock().unwrap().kept.iter().map(|record| record.change.kind()).collect()
    }

    /// What the next start comes back to.
    fn restarted(&self) -> State {
        let mut replay = Replay::default();
        for (seq, record) in (1..).zip(self.0.0.lock().unwrap().kept.clone()) {
            replay.record(seq, record);
        }
        let mut again = State::new("again", ServerKind::Sandbox, 0);
        replay.into_state(&mut again);
        again
    }

    fn has_outcome(&self) -> bool {
        self.0.0.lock().unwrap().kept.iter().any(|record| record.change.is_outcome())
    }
}

impl Keeper for Disk {
    fn keep(&mut self, record: Record) -> Result<(), String> {
        let mut inner = self.0.0.lock().unwrap();
        if inner.fate == Fate::Fails && inner.durable > inner.at {
            return Err("input/output error".to_owned());
        }
        inner.kept.push(record);
        Ok(())
    }

    fn begin(&mut self, record: Record) -> Keeping {
        let mut inner = self.0.0.lock().unwrap();
        inner.durable += 1;
        if inner.durable <= inner.at {
            inner.kept.push(record);
            return Keeping::ended(Ok(()));
        }
        let (disk, mut record) = (self.clone(), Some(record));
        Keeping::new(move |patience| {
            let inner = disk.0.0.lock().unwrap();
            let hangs = |inner: &mut Inner| inner.fate == Fate::Hangs;
            let (mut inner, _) = disk.0.1.wait_timeout_while(inner, patience, hangs).unwrap();
            match inner.fate {
                Fate::Hangs => None,
                Fate::Kept => {
                    inner.kept.extend(record.take());
                    Some(Ok(()))
                }
                Fate::Fails => Some(Err("input/output error".to_owned())),
            }
        })
    }
}

fn journey(disk: &Disk) -> Journey {
    let background = Background::start().unwrap();
    let server = Server::start(&background, Options::default());
    Journey::kept_by(Box::new(disk.clone()), background, server, Lang::En, |_| {})
}

/// A lone Esc counts when nothing has followed it for a while.
fn dismiss(till: &mut Journey) {
    till.send("<Esc>");
    till.until("no notice", |state| state.notice.is_none());
}

const SAVING: &str = "Saving, the disk is slow";
const PAID: &str = "─ ● ok";

#[test]
fn start_and_paid_held_up_by_the_disk_answer_keys_say_saving_and_show_nothing_as_paid() {
    for (at, starts) in [(0, 0), (1, 1)] {
        let disk = Disk::new(at, Fate::Hangs);
        let mut till = journey(&disk);
        till.keys("30037⏎").keys("+").send("20+");
        till.until("a slow disk", |state| state.saving.is_some());
        till.step();
        till.shows(&[SAVING, "0 s"]);
        // Longer than the server takes to answer anything.
        till.send("<F1>").shows(&["How a sale goes"]);
        till.send("<Esc>");
        till.until("the end of the help", |state| state.overlays.is_empty());
        till.step();
        till.shows(&[SAVING]);
        assert_eq!(till.server.calls("POST", "/start/cash"), starts, "record {at}");
        assert!(!till.screen().contains(PAID), "{}", till.screen());
        assert!(matches!(till.state().sale.step, Step::Paying(_)));
        assert!(!till.state().has_sold);
        // Money steps and scans are refused.
        for keys in ["+", "<F5>", "<F9>", "<F6>"] {
            till.send(keys);
            assert_eq!(*till.error(), Message::Saving, "{keys}");
            dismiss(&mut till);
        }
        till.send("30200⏎");
        assert_eq!(*till.error(), Message::ScanWhilePaying);
        dismiss(&mut till);
        till.later(19_000);
        let since = till.state().saving.expect("the disk is waited for");
        let seconds = till.state().now.saturating_sub(since) / 1_000;
        assert!(seconds >= 19, "{seconds}");
        till.shows(&[SAVING, &format!("{seconds} s")]);

        disk.becomes(Fate::Kept);
        till.until("the paid screen", |state| matches!(state.sale.step, Step::Done(_)));
        till.until("the end of saving", |state| state.saving.is_none());
        till.shows(&[PAID, "16.51"]);
        assert_eq!((paid(&till.server), till.history().len()), (1, 1));
        assert_eq!(till.server.calls("POST", "/start/cash"), 1);
        assert_eq!(disk.kinds().iter().filter(|kind| **kind == "paid").count(), 1);
        // The next sale is sold as always.
        till.keys("30200⏎").keys("+").keys("+");
        assert_eq!(paid(&till.server), 2);
    }
}

#[test]
fn goods_scanned_while_an_earlier_outcome_is_saved_are_in_the_next_sale_which_is_paid_after_it() {
    let disk = Disk::new(1, Fate::Hangs);
    let mut till = journey(&disk);
    till.server.play(&["lost-answer@start#1"]);
    till.keys("30037⏎").keys("+").send("+");
    till.until("an unknown outcome", |state| matches!(state.sale.step, Step::Unknown(_)));
    till.send("<F9>");
    till.later(2_000);
    till.until("the paid answer", |state| state.saving.is_some());
    till.send("30200⏎");
    assert_eq!((till.state().sale.basket.lines().len(), till.state().unresolved.len()), (1, 1));
    till.send("+");
    assert_eq!(*till.error(), Message::Saving);
    dismiss(&mut till);
    disk.becomes(Fate::Kept);
    till.until("the first outcome", |state| state.unresolved.is_empty() && state.saving.is_none());
    assert_eq!((till.state().has_sold, till.history().len()), (true, 1));
    till.keys("+").keys("+");
    assert_eq!((paid(&till.server), till.history().len()), (2, 2));
}

#[test]
fn term_ends_the_till_within_two_seconds_while_the_disk_hangs_at_any_record() {
    for at in [0, 1] {
        let disk = Disk::new(at, Fate::Hangs);
        let mut till = journey(&disk);
        till.keys("30037⏎").keys("+").send("+");
        till.until("a slow disk", |state| state.saving.is_some());
        let told = Instant::now();
        till.sender.send(Incoming::Terminate(Termination::Terminate)).unwrap();
        while till.end.is_none() {
            till.step();
        }
        assert_eq!(till.end, Some(End::Terminated(Termination::Terminate)));
        assert!(told.elapsed() < Duration::from_secs(2), "{:?}", told.elapsed());
    }
}

/// Sells with a card, then cancels the sale; the durable records are start, paid, cancelling and
/// cancelled.
fn sell_and_cancel(till: &mut Journey) {
    till.keys("30037⏎ 2*51⏎").keys(&format!("{CARD_BONUS}⏎")).keys("/").keys("+").keys("10+");
    till.keys("<Esc>").keys("<F11>").keys("-").send("<Right>");
    let deadline = Instant::now() + Duration::from_secs(10);
    while till.state().cancellations.iter().any(|cancel| cancel.unknown.is_none()) {
        assert!(Instant::now() < deadline, "{}", till.screen());
        till.step();
    }
    till.later(0);
}

#[test]
fn a_write_that_fails_at_any_durable_record_leaves_the_outcome_open_and_never_shown() {
    for at in 0.. {
        let disk = Disk::new(at, Fate::Fails);
        let mut till = journey(&disk);
        sell_and_cancel(&mut till);
        let kinds = disk.kinds();
        if till.state().stopped.is_none() {
            assert_eq!((at, kinds.last()), (4, Some(&"cancelled")));
            return;
        }
        assert_eq!(till.state().stopped.as_deref(), Some("input/output error"));
        let paid_on_disk = kinds.contains(&"paid");
        let state = till.state();
        // What the screen says is what the disk says.
        assert_eq!(state.has_sold, paid_on_disk, "{kinds:?}");
        assert_eq!(matches!(state.sale.step, Step::Done(_)), paid_on_disk, "{kinds:?}");
        assert!(state.finished().is_none_or(|sale| sale.cancelled.is_none()), "{kinds:?}");
        assert_eq!(disk.has_outcome(), paid_on_disk);
        // And what a restart comes back to.
        let again = disk.restarted();
        assert_eq!(again.has_sold, state.has_sold, "{kinds:?}");
        let open = |state: &State| matches!(state.sale.step, Step::Unknown(_));
        assert_eq!(open(&again), kinds.contains(&"start") && !paid_on_disk, "{kinds:?}");
        assert_eq!(open(state), open(&again), "{kinds:?}");
        assert_eq!(!again.cancellations.is_empty(), kinds.contains(&"cancelling"), "{kinds:?}");
        // However often the server says that it is paid.
        for _ in 0..5 {
            till.later(11_000);
        }
        assert_eq!(till.state().has_sold, paid_on_disk, "{kinds:?}");
    }
}

#[test]
fn outcomes_are_the_paid_head_and_both_kinds_of_cancelled_and_all_of_them_are_durable() {
    let settled = |cancelled| Change::OtherSettled { id: "STX_1".to_owned(), cancelled };
    assert!(settled(true).is_outcome() && settled(true).is_durable());
    assert!(!settled(false).is_outcome() && !settled(false).is_durable());
    for (change, outcome) in
        [(Change::Cancelling, false), (Change::NotCancelled, false), (Change::Closed, false)]
    {
        assert_eq!(change.is_outcome(), outcome, "{change:?}");
    }
    let disk = Disk::new(9, Fate::Fails);
    let mut till = journey(&disk);
    sell_and_cancel(&mut till);
    for record in &disk.0.0.lock().unwrap().kept {
        let Record { change, .. } = record;
        let paid =
            matches!(change, Change::Head(head) if matches!(head.stage, Some(Stage::Done(_))));
        let outcome = paid || matches!(change, Change::Cancelled(_));
        assert_eq!(change.is_outcome(), outcome, "{}", change.kind());
        assert!(change.is_durable() || !outcome, "{}", change.kind());
    }
}

/// Another program that keeps the journal's file locked, as a hung disk would: the writer waits
/// for it up to five seconds.
fn blocked(home: &crate::pty::home::Home) -> Connection {
    let journal = home.path().join("state/kasse/sandbox/journal-sandbox.db");
    let connection = Connection::open(journal).unwrap();
    connection.busy_timeout(Duration::from_secs(10)).unwrap();
    connection.execute_batch("BEGIN IMMEDIATE").unwrap();
    connection
}

#[test]
fn the_real_program_says_that_it_is_saving_and_pays_once_the_disk_answers() {
    let (_background, server, home) = shop();
    let pty = home.console(80, 24);
    pty.keys("30037\r+", "Payment: ");
    let block = blocked(&home);
    pty.keys("+", SAVING);
    assert_eq!(server.calls("POST", "/start/cash"), 0);
    pty.keys("\x1bOP", "How a sale goes");
    pty.keys("\x1b", SAVING);
    block.execute_batch("ROLLBACK").unwrap();
    drop(block);
    pty.wait_for(PAID);
    assert_eq!((paid(&server), server.calls("POST", "/start/cash")), (1, 1));
}

#[test]
fn term_and_hup_end_the_real_program_within_two_seconds_while_the_disk_hangs() {
    for (signal, code) in [(Signal::TERM, 143), (Signal::HUP, 129)] {
        let (_background, server, home) = shop();
        let pty = home.console(80, 24);
        pty.keys("30037\r+", "Payment: ");
        let block = blocked(&home);
        pty.keys("+", SAVING);
        let told = Instant::now();
        pty.signal(signal);
        assert_eq!(pty.exit_code(), code);
        let took = told.elapsed();
        println!("{signal:?} with a hanging disk: {took:?}");
        assert!(took < Duration::from_secs(2), "{took:?}");
        drop(block);
        assert_eq!(server.calls("POST", "/start/cash"), 0);
        drop(pty);
        // The intent was not kept: the sale is back and unpaid.
        let pty = home.console(80, 24);
        pty.wait_for("3.49");
        drop(pty);
    }
}
