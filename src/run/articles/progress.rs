//! How far an import is, on stderr: one line that changes on a terminal, some lines elsewhere.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use crate::lang::Lang;

/// How often the line of a terminal changes.
const EVERY: Duration = Duration::from_millis(200);
/// After so many rows another line follows elsewhere.
const ROWS: usize = 250_000;
/// Columns of the bar.
const BAR: usize = 20;

/// The progress of one import.
pub(super) struct Progress {
    begun: Instant,
    on_terminal: bool,
    /// Bytes of all files, and of those that are read.
    total: u64,
    before: u64,
    rows: usize,
    shown: Option<Instant>,
    /// The line on the terminal is not ended.
    open: bool,
}

impl Progress {
    pub(super) fn new(total: u64) -> Self {
        let on_terminal = io::stderr().is_terminal();
        let begun = Instant::now();
        Self { begun, on_terminal, total, before: 0, rows: 0, shown: None, open: false }
    }

    /// A row is read, and so many bytes of its file.
    pub(super) fn row(&mut self, bytes: u64) {
        self.rows += 1;
        if self.on_terminal {
            // Not for each row the clock is asked.
            if self.rows.is_multiple_of(256)
                && self.shown.is_none_or(|shown| shown.elapsed() >= EVERY)
            {
                self.shown = Some(Instant::now());
                self.draw(self.before.saturating_add(bytes));
            }
        } else if self.rows.is_multiple_of(ROWS) {
            let _ = writeln!(io::stderr(), "{}", self.words());
        }
    }

    /// A file of so many bytes is read.
    pub(super) fn file(&mut self, bytes: u64) {
        self.before = self.before.saturating_add(bytes);
    }

    fn draw(&mut self, done: u64) {
        let percent = done.saturating_mul(100).checked_div(self.total).unwrap_or(100).min(100);
        let percent = usize::try_from(percent).unwrap_or(100);
        let full = percent * BAR / 100;
        let bar = format!("{}{}", "#".repeat(full), ".".repeat(BAR - full));
        // A closed stream shows nothing, and the import goes on.
        let _ = write!(io::stderr(), "\r[{bar}] {percent:>3} %  {}  ", self.words());
        let _ = io::stderr().flush();
        self.open = true;
    }

    fn words(&self) -> String {
        let millis = self.begun.elapsed().as_millis().max(1);
        let rate = u128::try_from(self.rows).unwrap_or_default() * 1_000 / millis;
        let rate = usize::try_from(rate).unwrap_or_default();
        format!("{} rows, {} rows/s", Lang::En.count(self.rows), Lang::En.count(rate))
    }

    /// The line is ended, so that others can follow.
    pub(super) fn end(&mut self) -> String {
        if std::mem::take(&mut self.open) {
            self.draw(self.total);
            let _ = writeln!(io::stderr());
            self.open = false;
        }
        self.words()
    }
}
