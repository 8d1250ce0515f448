//! One till: the real program on a terminal, life after life, and how it comes to rest.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use kasse::sandbox::{CLIENT_ID, CLIENT_SECRET};
use rustix::process::Signal;

use super::books::{Books, Finding};
use super::cashier::{self, Dice};
use super::counts::Counts;
use super::disturb::pausing;
use super::trace::{Trace, copy};
use crate::journeys::kit::bytes;
use crate::pty::home::Home;
use crate::pty::kit::Pty;

/// How long a program may take to end after TERM, HUP or a lost line.
const ENDS_WITHIN: Duration = Duration::from_secs(10);

/// What is said of a till that does not come to rest.
pub const WAITS: &str = "waits for ever";

const SIZES: [(u16, u16); 6] = [(80, 24), (80, 24), (120, 40), (60, 18), (40, 12), (80, 24)];

/// One till and where its books are.
pub struct Till {
    pub name: String,
    home: Home,
    books: PathBuf,
}

impl Till {
    /// A new till that sells on this server.
    pub fn new(name: &str, url: &str) -> Self {
        let home = Home::new()
            .account(url, CLIENT_ID, CLIENT_SECRET)
            .env("KASSE_API_CALL_MS", "3000")
            .env("KASSE_API_CASHLESS_MS", "5000");
        let books = home.path().join("state/kasse/sandbox");
        Self { name: name.to_owned(), home, books }
    }

    /// Another till with a copy of everything that this one has on its disk.
    pub fn cloned(&self, name: &str, url: &str) -> Result<Self, Finding> {
        let clone = Self::new(name, url);
        copy(self.home.path(), clone.home.path()).map_err(|error| format!("a copy: {error}"))?;
        Ok(clone)
    }

    pub fn home(&self) -> &Home {
        &self.home
    }

    /// What its journal says, `None` before there is one.
    pub fn books(&self) -> Result<Option<Books>, Finding> {
        Books::read(&self.books).map_err(|wrong| format!("{}: {wrong}", self.name))
    }

    /// Lives one life after the other until told to stop; ends dead.
    pub fn live(
        &self,
        stop: &AtomicBool,
        dice: &mut Dice,
        trace: &Trace,
    ) -> Result<Counts, Finding> {
        let mut counts = Counts::default();
        while !stop.load(Ordering::SeqCst) {
            let (columns, rows) = dice.one_of(&SIZES);
            let mut pty = self.home.console(columns, rows);
            trace.line(&self.name, format_args!("starts, {columns}x{rows}"));
            counts.add("starts");
            // One in five is interrupted while it starts.
            if !dice.one_in(5) {
                pty.wait_until("a frame", |screen| !screen.contents().trim().is_empty());
            }
            let life = Duration::from_millis(if dice.one_in(3) {
                dice.below(900)
            } else {
                dice.below(9_000)
            });
            let until = Instant::now() + life;
            while Instant::now() < until && !stop.load(Ordering::SeqCst) && !pty.has_ended() {
                self.press(&pty, dice, trace, &mut counts);
            }
            self.end(&mut pty, dice, trace, &mut counts)?;
            self.compare_with_screen(&pty)?;
        }
        Ok(counts)
    }

    fn press(&self, pty: &Pty, dice: &mut Dice, trace: &Trace, counts: &mut Counts) {
        let sent = match dice.below(30) {
            0 | 1 => cashier::noise(dice),
            2 | 3 => cashier::scan(dice).into_bytes(),
            4 => {
                let (columns, rows) = dice.one_of(&SIZES);
                trace.line(&self.name, format_args!("resized to {columns}x{rows}"));
                pty.resized(columns, rows);
                counts.add("resizes");
                Vec::new()
            }
            _ => {
                let keys = cashier::more_keys(&pty.screen(), dice);
                bytes(&cashier::with_card(keys, dice))
            }
        };
        if !sent.is_empty() {
            trace.line(&self.name, format_args!("{}", sent.escape_ascii()));
            pty.type_bytes(&sent);
            counts.add("bursts of keys");
        }
        // Long enough for an answer now and then, and for a second press that counts.
        let pause = if dice.one_in(3) { 160 + dice.below(300) } else { 1 + dice.below(60) };
        pty.quiet(Duration::from_millis(pause));
    }

    fn end(
        &self,
        pty: &mut Pty,
        dice: &mut Dice,
        trace: &Trace,
        counts: &mut Counts,
    ) -> Result<(), Finding> {
        if pty.has_ended() {
            counts.add("left by its keys");
            let code = pty.exit_code();
            trace.line(&self.name, format_args!("has left with {code}"));
            return self.sane(code, pty);
        }
        let begun = Instant::now();
        let kill = |signal| {
            if !pty.has_ended() {
                pty.signal(signal);
            }
        };
        let how = match dice.below(12) {
            0 | 1 => {
                let until = begun + Duration::from_secs(3);
                while !pty.has_ended() && Instant::now() < until {
                    self.give(leaving(&pty.screen()), pty, trace);
                    pty.quiet(Duration::from_millis(60));
                }
                // While an outcome is open no shift ends.
                kill(Signal::TERM);
                "left by its menu, or ended by TERM"
            }
            2..=6 => {
                kill(Signal::KILL);
                "killed"
            }
            7..=9 => {
                kill(Signal::TERM);
                "ended by TERM"
            }
            10 => {
                kill(Signal::HUP);
                "ended by HUP"
            }
            _ => {
                pty.hang_up();
                "hung up"
            }
        };
        counts.add(how);
        trace.line(&self.name, format_args!("{how}"));
        while !pty.has_ended() {
            if begun.elapsed() > ENDS_WITHIN {
                return Err(format!("{} does not end, {how}:\n{}", self.name, pty.screen()));
            }
            thread::sleep(Duration::from_millis(2));
        }
        counts.most(&format!("longest ms until {how}"), millis(begun));
        let code = pty.exit_code();
        if how == "killed" { Ok(()) } else { self.sane(code, pty) }
    }

    fn sane(&self, code: u32, pty: &Pty) -> Result<(), Finding> {
        match code {
            1 | 101 | 134 | 139 => {
                Err(format!("{} ended with {code}:\n{}", self.name, pty.screen()))
            }
            _ => Ok(()),
        }
    }

    /// What any frame showed as paid is in the journal.
    fn compare_with_screen(&self, pty: &Pty) -> Result<(), Finding> {
        let shown = |frame: &String| {
            let paid = frame.contains("─ Paid") && frame.contains("─ ● ok");
            paid.then(|| id_on(frame)).flatten()
        };
        let shown: std::collections::BTreeSet<String> =
            pty.frames().iter().filter_map(shown).collect();
        if shown.is_empty() {
            return Ok(());
        }
        let books = Books::glance(&self.books)?;
        let books =
            books.ok_or_else(|| format!("{} showed a sale and has no journal", self.name))?;
        for id in shown {
            if !books.paid.values().any(|done| done.id.starts_with(&id)) {
                return Err(format!("{} showed {id} as paid, its journal does not", self.name));
            }
        }
        Ok(())
    }

    /// Starts it, gives it the keys that settle what is open, and leaves it by its menu when nothing
    /// waits any more. In a hurry the server is asked more often than the till would by itself.
    pub fn settle(
        &self,
        patience: Duration,
        hurried: bool,
        trace: &Trace,
        counts: &mut Counts,
    ) -> Result<(), Finding> {
        let begun = Instant::now();
        trace.line(&self.name, format_args!("starts to settle"));
        let pty = self.home.console(80, 24);
        pty.wait_until("a frame", |screen| !screen.contents().trim().is_empty());
        let mut given_up = 0;
        for look in 0.. {
            let waits = Books::glance(&self.books)?.and_then(|books| books.waits_for());
            let Some(waits) = waits else { break };
            if pty.has_ended() {
                return Err(format!("{} ended while it waited for {waits}", self.name));
            }
            if begun.elapsed() > patience {
                let screen = pty.screen();
                return Err(format!("{} {WAITS} for {waits}:\n{screen}", self.name));
            }
            let keys = settling(&pty.screen(), look, hurried);
            given_up = if keys == "<Right>" { given_up + 1 } else { 0 };
            if given_up == 8 {
                // What is offered and not done: a cashier tries another way.
                counts.add("offers that a key did not take");
                given_up = 0;
                self.give("<Esc><Esc>", &pty, trace);
            } else {
                self.give(keys, &pty, trace);
            }
            pausing(Duration::from_millis(300), &AtomicBool::new(false));
        }
        counts.most("longest ms to settle", millis(begun));
        self.compare_with_screen(&pty)?;
        let begun = Instant::now();
        while !pty.has_ended() {
            if begun.elapsed() > ENDS_WITHIN {
                return Err(format!("{} cannot be left:\n{}", self.name, pty.screen()));
            }
            self.give(leaving(&pty.screen()), &pty, trace);
            let asked = Instant::now();
            while !pty.has_ended() && asked.elapsed() < Duration::from_millis(300) {
                thread::sleep(Duration::from_millis(5));
            }
        }
        self.sane(pty.exit_code(), &pty)
    }

    /// Asks for the cancellation of the newest sale in its history, and leaves it to its fate.
    pub fn cancel_newest(&self, trace: &Trace) {
        let pty = self.home.console(80, 24);
        pty.wait_until("a frame", |screen| !screen.contents().trim().is_empty());
        for keys in ["<Esc>", "<F12><F12>", "<Esc>", "<F11>", "-", "<Right>"] {
            self.give(keys, &pty, trace);
            pty.quiet(Duration::from_millis(300));
        }
        pty.signal(Signal::KILL);
        pty.exit_code();
    }

    fn give(&self, keys: &str, pty: &Pty, trace: &Trace) {
        if !keys.is_empty() {
            trace.line(&self.name, format_args!("{keys}"));
            pty.type_bytes(bytes(keys));
        }
    }
}

/// The transaction that the status panel shows, perhaps cut off.
fn id_on(frame: &str) -> Option<String> {
    let at = frame.find("STX_")?;
    let id = |c: &char| c.is_ascii_alphanumeric() || *c == '_';
    let id: String = frame[at..].chars().take_while(id).collect();
    (id.len() > 10).then_some(id)
}

/// What settles the open outcomes at this sight, a little at a time.
fn settling(screen: &str, look: u64, hurried: bool) -> &'static str {
    if screen.contains("unlocks") {
        return "<F12>";
    }
    if screen.contains("Please confirm") {
        return if screen.contains("up") { "<Right>" } else { "<Esc>" };
    }
    if screen.contains("→ give up") {
        return "<Right>";
    }
    if screen.contains("╭─ Outcome unknown - do not charge again ─") {
        return if look % 4 == 3 { "<Esc>" } else { "<Down>" };
    }
    match look % 8 {
        1 if screen.contains("outcome unknown") || screen.contains("outcomes unknown") => {
            "<Esc><F10>outcomes⏎"
        }
        // The server is heard of: what is due later is asked now.
        4 | 7 if hurried => "<F10>connect⏎",
        6 => "<Esc>",
        _ => "",
    }
}

/// What leaves the program at this sight.
fn leaving(screen: &str) -> &'static str {
    if screen.contains("unlocks") {
        "<F12>"
    } else if screen.contains("Please confirm") {
        "<Right>"
    } else if screen.contains("─ Menu") {
        "quit⏎"
    } else if screen.contains("\n ! ") {
        "<Esc>"
    } else {
        "<F10>"
    }
}

fn millis(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}
