//! Replays a recording: the till's states, one after the other, and nothing else.
//!
//! Owns the reading of the file. What a recording says is as little trusted as what a server says:
//! every text is made harmless first.

use std::io::{self, BufRead, Seek, SeekFrom};

use serde_json::Value;

use super::{FORMAT, Head, Line, What};
use crate::shop::Article;
use crate::text::{is_harmful, sanitise};
use crate::till::{Effect, Event, Key, Seen, Settings, State, update};

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

/// States kept on the way, so that going back does not replay everything from the beginning.
const MOST_KEPT: usize = 64;
/// Lines between two of them at least.
const KEPT_EVERY: usize = 1_000;

/// A recording and a place in it.
///
/// Holds the place of each line, not the lines: 8 bytes a line, one line, and at most
/// 64 states on the way.
#[derive(Debug)]
pub struct Player<R> {
    /// The first line.
    pub head: Head,
    from: Lines<R>,
    /// Where the lines behind the head begin, in bytes.
    starts: Vec<u64>,
    state: State,
    /// Lines applied; at least the first.
    at: usize,
    /// The last of them.
    last: What,
    /// States on the way, by their places; the first one is that of the beginning.
    kept: Vec<(usize, State)>,
    /// Articles that were taught, by their places.
    taught: Vec<(usize, Article)>,
    /// The settings with them, if there are any.
    own: Option<Settings>,
}

impl<R: BufRead + Seek> Player<R> {
    /// Reads through a recording and stands at its beginning.
    ///
    /// # Errors
    /// [`ReplayError`]; of a recording that breaks off within its last line, what is whole counts.
    pub fn read(from: R) -> Result<Self, ReplayError> {
        let mut from = Lines { from, at: 0 };
        let mut number = 1;
        let bad = |number, error: serde_json::Error| ReplayError::Line(number, error.to_string());
        let Some((first, _)) = from.next()? else { return Err(ReplayError::Empty) };
        let first = first.map_err(|error| bad(number, error))?;
        let format = first.get("format").and_then(Value::as_u64);
        if let Some(format) = format.filter(|format| *format != u64::from(FORMAT)) {
            return Err(ReplayError::Format(u32::try_from(format).unwrap_or(u32::MAX)));
        }
        let head: Head = serde_json::from_value(first).map_err(|error| bad(number, error))?;
        let (mut starts, mut beginning) = (Vec::new(), None);
        loop {
            let start = from.at;
            number += 1;
            let value = match from.next()? {
                Some((Ok(value), _)) => value,
                Some((Err(error), true)) => return Err(bad(number, error)),
                Some((Err(_), false)) | None => break,
            };
            let line = Line::read(value).map_err(|error| bad(number, error))?;
            if starts.is_empty() {
                beginning = Some(line.what);
            }
            starts.push(start);
        }
        let Some(What::State(still)) = beginning else { return Err(ReplayError::Empty) };
        let state = still.again();
        let (last, kept) = (What::State(still), vec![(1, state.clone())]);
        let (taught, own) = (Vec::new(), None);
        Ok(Self { head, from, starts, state, at: 1, last, kept, taught, own })
    }

    /// The till as it is here.
    #[must_use]
    pub const fn state(&self) -> &State {
        &self.state
    }

    /// Lines applied, and how many there are.
    #[must_use]
    pub const fn place(&self) -> (usize, usize) {
        (self.at, self.starts.len())
    }

    /// What happened last, in a few words.
    #[must_use]
    pub fn last(&self) -> String {
        match &self.last {
            What::Event(Event::Key(key)) => format!("key {}", name(*key)),
            What::Event(event) => kind(event).to_owned(),
            What::State(_) => "state".to_owned(),
            What::End(why) => format!("recorded no further: {why}"),
        }
    }

    /// Applies the next line; false at the end, also that of a file that was changed meanwhile.
    /// What the till wishes for is not done.
    pub fn step(&mut self, settings: &Settings) -> bool {
        let Some(line) = self.starts.get(self.at).and_then(|start| self.from.line(*start)) else {
            return false;
        };
        match &line.what {
            What::Event(event) => {
                let own = self.own.as_ref().unwrap_or(settings);
                for effect in update(&mut self.state, event.clone(), line.now, own) {
                    if let Effect::Teach(article) = effect {
                        self.taught.push((self.at + 1, *article));
                        self.learn(settings);
                    }
                }
            }
            What::State(still) => self.state = still.again(),
            What::End(_) => {}
        }
        self.last = line.what;
        self.at += 1;
        let every = KEPT_EVERY.max(self.starts.len().div_ceil(MOST_KEPT));
        let is_new = self.kept.last().is_none_or(|(at, _)| *at < self.at);
        if is_new && self.at.is_multiple_of(every) {
            self.kept.push((self.at, self.state.clone()));
        }
        true
    }

    /// The settings with the articles that were taught up to here.
    fn learn(&mut self, settings: &Settings) {
        let taught = self.taught.iter().map(|(_, article)| article.clone());
        let catalogue = settings.catalogue.with_all(taught);
        self.own = (!self.taught.is_empty()).then(|| Settings { catalogue, ..settings.clone() });
    }

    /// Goes to the place where `lines` lines are applied, forwards or backwards.
    pub fn go(&mut self, lines: usize, settings: &Settings) {
        if lines < self.at {
            // The last step there has to be taken: it says what happened last.
            let before = self.kept.iter().rev().find(|(at, _)| *at < lines);
            let Some((at, state)) = before.or(self.kept.first()) else { return };
            (self.at, self.state) = (*at, state.clone());
            let at = *at;
            self.taught.retain(|(place, _)| *place <= at);
            self.learn(settings);
            if at == 1
                && let Some(line) = self.starts.first().and_then(|start| self.from.line(*start))
            {
                self.last = line.what;
            }
        }
        while self.at < lines && self.step(settings) {}
    }
}

/// The lines of a file, one in memory at a time.
#[derive(Debug)]
struct Lines<R> {
    from: R,
    /// Where the next one begins, in bytes.
    at: u64,
}

impl<R: BufRead + Seek> Lines<R> {
    /// The next line, and whether it is a whole one; `None` at the end.
    fn next(&mut self) -> io::Result<Option<(serde_json::Result<Value>, bool)>> {
        let mut text = Vec::new();
        let mut limited = io::Read::take(&mut self.from, LONGEST_LINE);
        let length = limited.read_until(b'\n', &mut text)?;
        if length == 0 {
            return Ok(None);
        }
        self.at += u64::try_from(length).unwrap_or(u64::MAX);
        let whole = text.last() == Some(&b'\n');
        Ok(Some((serde_json::from_slice(&text).map(harmless), whole)))
    }

    /// The line that begins at `start`.
    fn line(&mut self, start: u64) -> Option<Line> {
        // A seek throws away what is read ahead.
        if self.at != start {
            self.from.seek(SeekFrom::Start(start)).ok()?;
            self.at = start;
        }
        let (value, _) = self.next().ok()??;
        Line::read(value.ok()?).ok()
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
        Event::Day(_) => "day",
        Event::Articles(_) | Event::ArticlesUnread(_) => "articles",
        Event::NotTaught(_) => "not taught",
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
