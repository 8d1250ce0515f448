//! Replays a recording: the till's states, one after the other, and nothing else.
//!
//! Owns the reading of the file. What a recording says is as little trusted as what a server says:
//! every text is made harmless first.

use std::io::BufRead;

use serde_json::Value;

use super::{FORMAT, Head, Line, What};
use crate::text::{is_harmful, sanitise};
use crate::till::{Event, Key, Seen, Settings, State, update};

/// The longest line, in bytes: a state with its whole history is far shorter.
const LONGEST_LINE: u64 = 64 << 20;

/// Why a file cannot be replayed.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// The system's words.
    #[error("it cannot be read: {0}")]
    Io(#[from] std::io::Error),
    /// The line that is none of a recording, and why.
    #[error("line {0} is none of a recording: {1}")]
    Line(usize, String),
    /// Its format.
    #[error("it has format {0}, this program reads format {FORMAT}: use the version that wrote it")]
    Format(u32),
    /// There is no state to begin with.
    #[error("it does not begin with the state of a till")]
    Empty,
}

/// A recording and a place in it.
#[derive(Debug)]
pub struct Player {
    /// The first line.
    pub head: Head,
    lines: Vec<Line>,
    state: State,
    /// Lines applied; at least the first.
    at: usize,
}

impl Player {
    /// Reads all of a recording and stands at its beginning.
    ///
    /// # Errors
    /// [`ReplayError`]; of a recording that breaks off within its last line, what is whole counts.
    pub fn read(mut from: impl BufRead) -> Result<Self, ReplayError> {
        let mut number = 0;
        let mut next = |number: &mut usize| -> Result<Option<(Value, bool)>, ReplayError> {
            *number += 1;
            let mut text = Vec::new();
            let mut limited = std::io::Read::take(&mut from, LONGEST_LINE);
            if limited.read_until(b'\n', &mut text)? == 0 {
                return Ok(None);
            }
            let whole = text.last() == Some(&b'\n');
            match serde_json::from_slice(&text) {
                Ok(value) => Ok(Some((harmless(value), whole))),
                Err(_) if !whole && *number > 1 => Ok(None),
                Err(error) => Err(ReplayError::Line(*number, error.to_string())),
            }
        };
        let Some((first, _)) = next(&mut number)? else { return Err(ReplayError::Empty) };
        let bad = |number, error: serde_json::Error| ReplayError::Line(number, error.to_string());
        let format = first.get("format").and_then(Value::as_u64);
        if let Some(format) = format.filter(|format| *format != u64::from(FORMAT)) {
            return Err(ReplayError::Format(u32::try_from(format).unwrap_or(u32::MAX)));
        }
        let head: Head = serde_json::from_value(first).map_err(|error| bad(number, error))?;
        let mut lines: Vec<Line> = Vec::new();
        while let Some((value, _)) = next(&mut number)? {
            lines.push(Line::read(value).map_err(|error| bad(number, error))?);
        }
        let state = first_state(&lines).ok_or(ReplayError::Empty)?;
        Ok(Self { head, lines, state, at: 1 })
    }

    /// The till as it is here.
    #[must_use]
    pub const fn state(&self) -> &State {
        &self.state
    }

    /// Lines applied, and how many there are.
    #[must_use]
    pub const fn place(&self) -> (usize, usize) {
        (self.at, self.lines.len())
    }

    /// What happened last, in a few words.
    #[must_use]
    pub fn last(&self) -> String {
        match self.at.checked_sub(1).and_then(|at| self.lines.get(at)).map(|line| &line.what) {
            Some(What::Event(Event::Key(key))) => format!("key {}", name(*key)),
            Some(What::Event(event)) => kind(event).to_owned(),
            Some(What::State(_)) => "state".to_owned(),
            None => String::new(),
        }
    }

    /// Applies the next line; false at the end. What the till wishes for is not done.
    pub fn step(&mut self, settings: &Settings) -> bool {
        let Some(line) = self.lines.get(self.at) else { return false };
        match &line.what {
            What::Event(event) => {
                drop(update(&mut self.state, event.clone(), line.now, settings));
            }
            What::State(still) => self.state = still.again(),
        }
        self.at += 1;
        true
    }

    /// Goes to the place where `lines` lines are applied, forwards or backwards.
    pub fn go(&mut self, lines: usize, settings: &Settings) {
        if lines < self.at
            && let Some(first) = first_state(&self.lines)
        {
            self.state = first;
            self.at = 1;
        }
        while self.at < lines && self.step(settings) {}
    }
}

fn first_state(lines: &[Line]) -> Option<State> {
    match lines.first().map(|line| &line.what) {
        Some(What::State(still)) => Some(still.again()),
        _ => None,
    }
}

fn name(key: Key) -> String {
    match key {
        Key::Char(c) if is_harmful(c) => "GS".to_owned(),
        key => key.to_string(),
    }
}

const fn kind(event: &Event) -> &'static str {
    match event {
        Event::Started => "started",
        Event::Shown | Event::Seen(Seen::Due) => "shown",
        Event::Seen(Seen::Panels) => "covered",
        Event::Seen(Seen::TooSmall) => "too small",
        Event::Key(_) => "key",
        Event::InputLost => "input lost",
        Event::Answer(..) => "answer",
        Event::JournalFailed(_) => "journal failed",
        Event::PrintWaits(_) => "printer waits",
        Event::Saving(_) => "saving",
        Event::Printed(_) => "printed",
        Event::Exchanges(_) => "exchanges",
        Event::Exported(_) => "exported",
        Event::PinChecked(..) => "PIN checked",
        Event::Tick => "time",
    }
}

/// Every text of a line without what a terminal would obey. The separator in scans is a key.
fn harmless(value: Value) -> Value {
    match value {
        Value::String(text) if text == "\u{1d}" => Value::String(text),
        Value::String(text) => Value::String(sanitise(&text)),
        Value::Array(items) => items.into_iter().map(harmless).collect(),
        Value::Object(fields) => {
            fields.into_iter().map(|(key, value)| (key, harmless(value))).collect()
        }
        other => other,
    }
}
