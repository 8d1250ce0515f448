//! Writes a recording while the till runs.
//!
//! Owns the decision what is written when: keystrokes are held back until their line is complete,
//! because only then can be told whether they were a card.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::disguise::Disguise;
use super::scrub::scrubbed;
use super::{Head, LONGEST, Line, Still, What};
use crate::shop::Catalogue;
use crate::till::{Event, Key, Settings, State};

/// Held back at the most; a longer line is written as it is known then.
const MOST_HELD: usize = 4_096;

/// A recording under way. What cannot be written ends it, and so do [`LONGEST`] bytes; nothing else
/// does.
pub struct Recorder {
    out: Option<Box<dyn Write + Send>>,
    /// Bytes that may still be written.
    left: u64,
    disguise: Disguise,
    held: Vec<(u64, Event)>,
    /// The till's clock at the last line.
    now: u64,
}

impl std::fmt::Debug for Recorder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Recorder").field("held", &self.held.len()).finish_non_exhaustive()
    }
}

/// What the till was before an event, as far as recording goes.
#[derive(Debug)]
pub struct Before {
    secret: bool,
    calls: u64,
    event: Option<Event>,
    checked: bool,
}

impl Recorder {
    /// Writes the head and the till as it is.
    ///
    /// # Errors
    /// They cannot be written.
    pub fn begin(
        out: Box<dyn Write + Send>,
        head: &Head,
        settings: &Settings,
        state: &State,
    ) -> io::Result<Self> {
        Self::within(LONGEST, out, head, settings, state)
    }

    /// The same with at most `longest` bytes.
    fn within(
        longest: u64,
        mut out: Box<dyn Write + Send>,
        head: &Head,
        settings: &Settings,
        state: &State,
    ) -> io::Result<Self> {
        let head = format!("{}\n", json!(head));
        out.write_all(head.as_bytes())?;
        let left = longest.saturating_sub(length(&head));
        let disguise = Disguise::new(settings.scan.clone(), settings.catalogue.clone());
        let mut recorder = Self { out: Some(out), left, disguise, held: Vec::new(), now: 0 };
        recorder.still(state);
        recorder.flush_out();
        if recorder.out.is_none() {
            return Err(io::Error::other("it cannot be written"));
        }
        Ok(recorder)
    }

    /// The till sells these articles from now on.
    pub fn sell(&mut self, catalogue: &Catalogue) {
        self.disguise.sell(catalogue.clone());
    }

    /// Ends the recording with a line that says why.
    pub fn end(mut self, why: &str) {
        self.release();
        self.line(&Line { now: self.now, what: What::End(why.to_owned()) });
        self.flush_out();
        tracing::warn!(why, "the recording has ended");
    }

    /// To be called before `event` is applied to `state`.
    #[must_use]
    pub fn before(&self, event: &Event, state: &State) -> Before {
        let secret = state.asks_secret();
        let is_key = matches!(event, Event::Key(_));
        Before {
            secret,
            calls: state.calls,
            // What is typed there is a PIN or a code: it is never even held.
            event: (self.out.is_some() && !(secret && is_key)).then(|| event.clone()),
            checked: matches!(event, Event::PinChecked(..)),
        }
    }

    /// To be called afterwards.
    pub fn after(&mut self, before: Before, state: &State) {
        if self.out.is_none() {
            return;
        }
        let Before { secret, calls, event, checked } = before;
        if let Some(event) = event {
            // A key may have arrived before what was applied last; its time decides what it is.
            let is_key = matches!(event, Event::Key(_));
            let now = if is_key { state.entry.typed_at } else { state.now };
            self.take(now, event, state.entry.text.is_empty() && state.entry.held.is_none());
        }
        if secret && (!state.asks_secret() || checked || state.calls != calls) {
            self.release();
            self.still(state);
        }
        self.flush_out();
    }

    fn take(&mut self, now: u64, event: Event, is_empty: bool) {
        let ends = match &event {
            Event::Key(Key::Char(c)) => is_empty && matches!(c, '*' | '+' | '-' | '/' | ' '),
            Event::Key(Key::Backspace) => false,
            Event::Key(_) => true,
            _ if self.held.is_empty() => return self.event(now, event),
            // A key that was held has acted.
            Event::Tick => is_empty,
            _ => false,
        };
        self.held.push((now, event));
        if ends || self.held.len() >= MOST_HELD {
            self.release();
        }
    }

    /// Writes what is held, its line disguised.
    fn release(&mut self) {
        let held = std::mem::take(&mut self.held);
        let typed = typed(&held);
        let line: String = typed.iter().collect();
        let made = self.disguise.line(&line);
        let corrected = held.iter().any(|(_, event)| *event == Event::Key(Key::Backspace));
        let untouched = made == line && !(corrected && line_is_long(&held));
        let mut chars = made.chars();
        if untouched || (!corrected && made.chars().count() == typed.len()) {
            for (now, event) in held {
                let event = match event {
                    Event::Key(Key::Char(old)) if !untouched => {
                        Event::Key(Key::Char(chars.next().unwrap_or(old)))
                    }
                    other => other,
                };
                self.event(now, event);
            }
            return;
        }
        // Other keys than were pressed: they come at once, before the end of the line.
        let end = held.last().filter(|(_, event)| ends_a_line(event)).cloned();
        let last = held.last().map_or(0, |(now, _)| *now);
        for (now, event) in held {
            if !matches!(event, Event::Key(_)) {
                self.event(now, event);
            }
        }
        for c in chars {
            self.event(last, Event::Key(Key::Char(c)));
        }
        if let Some((now, event)) = end {
            self.event(now, event);
        }
    }

    fn event(&mut self, now: u64, event: Event) {
        self.line(&Line { now, what: What::Event(event) });
    }

    fn still(&mut self, state: &State) {
        self.line(&Line { now: state.now, what: What::State(Box::new(Still::of(state))) });
    }

    fn line(&mut self, line: &Line) {
        let Some(out) = &mut self.out else { return };
        self.now = line.now;
        // A key was disguised with its line; alone, its character says nothing.
        let value = serde_json::to_value(line).unwrap_or(Value::Null);
        let value = scrubbed(value, &mut self.disguise);
        let text = format!("{value}\n");
        // No line is torn: what is written can be replayed.
        let Some(left) = self.left.checked_sub(length(&text)) else {
            tracing::warn!("the recording is full and has ended");
            self.out = None;
            return;
        };
        self.left = left;
        if let Err(error) = out.write_all(text.as_bytes()) {
            tracing::warn!(%error, "the recording has ended");
            self.out = None;
        }
    }

    fn flush_out(&mut self) {
        if let Some(out) = &mut self.out
            && let Err(error) = out.flush()
        {
            tracing::warn!(%error, "the recording has ended");
            self.out = None;
        }
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.release();
        self.flush_out();
    }
}

fn length(text: &str) -> u64 {
    u64::try_from(text.len()).unwrap_or(u64::MAX)
}

const fn ends_a_line(event: &Event) -> bool {
    matches!(event, Event::Key(key) if !matches!(key, Key::Char(_) | Key::Backspace))
}

/// The characters that are left of what was typed.
fn typed(held: &[(u64, Event)]) -> Vec<char> {
    held.iter().fold(Vec::new(), |mut typed, (_, event)| {
        match event {
            Event::Key(Key::Char(c)) => typed.push(*c),
            Event::Key(Key::Backspace) => drop(typed.pop()),
            _ => {}
        }
        typed
    })
}

/// So much was typed that a part that was taken back may have been a card.
fn line_is_long(held: &[(u64, Event)]) -> bool {
    let digit = |event: &Event| matches!(event, Event::Key(Key::Char(c)) if c.is_ascii_digit());
    held.iter().filter(|(_, event)| digit(event)).count() > 8
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::io::Cursor;
    use std::sync::{Arc, Mutex};

    use super::*;
    use crate::recording::Player;
    use crate::till::{ServerKind, update};

    #[derive(Clone, Default)]
    struct Tape(Arc<Mutex<Vec<u8>>>);

    impl Write for Tape {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_full_recording_ends_with_a_whole_line_and_can_be_replayed() {
        let (tape, settings) = (Tape::default(), Settings::default());
        let mut state = State::new("test", ServerKind::Sandbox, 0);
        let head = Head::new(String::new(), &settings, (80, 24));
        let out = Box::new(tape.clone());
        let mut recorder = Recorder::within(10_000, out, &head, &settings, &state).unwrap();
        for now in 0..1_000 {
            let event = Event::Key(Key::Enter);
            let before = recorder.before(&event, &state);
            drop(update(&mut state, event, now, &settings));
            recorder.after(before, &state);
        }
        assert!(recorder.out.is_none() && recorder.held.is_empty());
        let bytes = tape.0.lock().unwrap().clone();
        assert!((9_900..=10_000).contains(&bytes.len()), "{}", bytes.len());
        assert_eq!(bytes.last(), Some(&b'\n'));
        let mut player = Player::read(Cursor::new(bytes)).unwrap();
        while player.step(&settings) {}
        assert!(player.place().1 > 100, "{:?}", player.place());
    }
}
