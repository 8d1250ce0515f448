//! The hold: whether a printable key that has a command is a person's, or the first sign of a code.
//!
//! Owns what is held and for how long. Must not know what a code or a command does.
//!
//! A code of Code 39 may begin with `-`, a label of the health industry with `+`: the very keys
//! that void and pay. Such a key is held for [`crate::till::Settings::key_hold`] ms. If nothing
//! follows, it acts. What follows within the hold is collected, and its terminator makes it a code
//! as a whole; if the burst ends without one, it was typed ahead of a stalled line and its keys act
//! in their order, unless no person types such a thing: then the line waits for its terminator.
//! Times are those of arrival, so a busy loop makes no pauses.

use secrecy::zeroize::Zeroize;

use super::Context;
use super::entry::{AMOUNT_DIGITS, LONGEST_RAW, QUANTITY_DIGITS, digits};
use crate::shop::{Shape, shape};
use crate::till::{Command, Held, Key, Level, Notice, Screen, Step};

/// So often in one burst, the same sign is a key that is held down: it counts once.
const REPEATED: usize = 4;

impl Context<'_> {
    /// True if the key was taken by what is held, or is held itself.
    pub(super) fn hold(&mut self, key: Key) -> bool {
        if let Some(held) = &self.state.entry.held {
            if self.at >= held.due {
                self.let_go();
            } else {
                match key {
                    Key::Char(c) => {
                        self.collect(c);
                        return true;
                    }
                    Key::Enter => return self.end_held(),
                    // A code may hold control characters; they are no part of its number.
                    Key::Ctrl(_) => return true,
                    _ => self.let_go(),
                }
            }
        }
        let Key::Char(c) = key else { return false };
        if self.settings.key_hold == 0 || !self.would_act(c) {
            return false;
        }
        let entry = &mut self.state.entry;
        // What stands in the entry was typed before this burst began.
        let is_apart = self.at.saturating_sub(entry.typed_at) >= self.settings.key_hold;
        entry.held = Some(Held {
            text: c.to_string(),
            since: self.at,
            due: self.at + self.settings.key_hold,
            is_apart,
            screen: Screen::default(),
        });
        let screen = self.screen();
        if let Some(held) = &mut self.state.entry.held {
            held.screen = screen;
        }
        true
    }

    /// The hold has passed in silence, if there is one.
    pub(super) fn let_go_if_due(&mut self) {
        if self.state.entry.held.as_ref().is_some_and(|held| self.at >= held.due) {
            self.let_go();
        }
    }

    fn would_act(&self, c: char) -> bool {
        let entry = &self.state.entry;
        !self.is_text_here()
            && !entry.code
            && matches!(shape(&entry.text), Shape::Empty | Shape::Number)
            && self.settings.keymap.command(Key::Char(c)).is_some()
            && !self.is_code_with(c)
    }

    /// True if what was typed so far and `c`, which has a command, can be no typing: a quantity is
    /// a number of three digits at the most, an amount in the tender step has six. The rest of such
    /// a line must not become a line of its own.
    pub(super) fn is_code_with(&self, c: char) -> bool {
        let text = &self.state.entry.text;
        match self.settings.keymap.command(Key::Char(c)) {
            Some(Command::Multiply | Command::VoidOrReturn) => {
                !text.is_empty() && !is_quantity(text)
            }
            Some(_) => {
                digits(text) > AMOUNT_DIGITS && matches!(self.state.sale.step, Step::Tender(_))
            }
            None => false,
        }
    }

    fn collect(&mut self, c: char) {
        let due = self.at + self.settings.key_hold;
        let Some(held) = &mut self.state.entry.held else { return };
        held.text.push(c);
        held.due = due;
        if held.text.chars().count() > LONGEST_RAW {
            self.state.entry.overflow = true;
            self.begin_code();
        }
    }

    /// What is held is the beginning of a code: the line waits for its terminator.
    fn begin_code(&mut self) {
        let Some(mut held) = self.state.entry.held.take() else { return };
        if matches!(self.state.notice, Some(Notice { level: Level::Info, .. })) {
            self.state.notice = None;
        }
        self.state.entry.text.push_str(&held.text);
        held.text.zeroize();
        self.state.entry.code = true;
        self.entry_changed();
    }

    /// A terminator within the hold. False if it is still to be obeyed, behind what was typed.
    fn end_held(&mut self) -> bool {
        if self.is_multiplied() {
            self.replay();
            return false;
        }
        self.begin_code();
        self.post();
        true
    }

    /// `3*51`: at most three digits, a sign and nothing but digits behind it is typing.
    fn is_multiplied(&self) -> bool {
        let entry = &self.state.entry;
        let Some(held) = &entry.held else { return false };
        let mut rest = held.text.chars();
        let sign = rest.next().and_then(|c| self.settings.keymap.command(Key::Char(c)));
        let selling = matches!(self.state.sale.step, Step::Basket(_) | Step::Done(_));
        selling
            && !held.is_apart
            && is_quantity(&entry.text)
            && matches!(sign, Some(Command::Multiply | Command::VoidOrReturn))
            && !rest.as_str().is_empty()
            && rest.all(|c| c.is_ascii_digit())
    }

    /// Nothing followed within the hold.
    fn let_go(&mut self) {
        if self.is_typed_ahead() { self.replay() } else { self.begin_code() }
    }

    /// Whether a person may have typed what is held: signs, and numbers as long as they can be
    /// behind them. Behind the key of the menu come words.
    fn is_typed_ahead(&self) -> bool {
        let entry = &self.state.entry;
        let Some(held) = &entry.held else { return false };
        let quantity = is_quantity(&entry.text) && !held.is_apart;
        let (mut before, mut most, mut count) = (usize::from(quantity), 0, 0);
        for c in held.text.chars() {
            match self.settings.keymap.command(Key::Char(c)) {
                Some(Command::Menu) => return true,
                // Behind a quantity stands an article, however long its code is.
                Some(Command::Multiply | Command::VoidOrReturn)
                    if (1..=QUANTITY_DIGITS).contains(&before) =>
                {
                    (most, count, before) = (LONGEST_RAW, 0, 0);
                }
                Some(Command::Multiply | Command::VoidOrReturn) => {
                    (most, count, before) = (QUANTITY_DIGITS, 0, 0);
                }
                Some(_) => (most, count, before) = (AMOUNT_DIGITS, 0, 0),
                None if c.is_ascii_digit() || matches!(c, ',' | '.') => {
                    count += 1;
                    before = count;
                }
                None => return false,
            }
            if count > most {
                return false;
            }
        }
        true
    }

    /// The keys held act, in their order, if the screen is still the one they were typed at.
    fn replay(&mut self) {
        let Some(mut held) = self.state.entry.held.take() else { return };
        if held.screen != self.screen() {
            held.text.zeroize();
            return self.bell();
        }
        let mut last = None;
        let keys: Vec<char> = held.text.chars().collect();
        held.text.zeroize();
        let repeats = |c: char| keys.windows(REPEATED).any(|run| run.iter().all(|key| *key == c));
        for (at, &c) in (held.since..).zip(&keys) {
            let again = last.replace(c) == Some(c);
            let is_command = self.settings.keymap.command(Key::Char(c)).is_some();
            if again && is_command && repeats(c) {
                // It goes on being held, and does nothing.
                self.pressed(Key::Char(c), at);
            } else {
                self.press(Key::Char(c), at);
            }
        }
    }

    /// What the cashier looks at.
    fn screen(&self) -> Screen {
        let state = &*self.state;
        let due = match &state.sale.step {
            Step::Tender(tender) => Some((tender.method, tender.due, state.due_shown)),
            _ => None,
        };
        let step = match &state.sale.step {
            Step::Basket(_) => 0,
            Step::Tender(_) => 1,
            Step::Paying(_) => 2,
            Step::Unknown(_) => 3,
            Step::Done(_) => 4,
        };
        let reference = state.sale.reference.clone();
        Screen { reference, step, due, overlays: state.overlays.len() }
    }
}

/// A quantity as it may be typed.
fn is_quantity(text: &str) -> bool {
    (1..=QUANTITY_DIGITS).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_digit())
        && text.bytes().any(|b| b != b'0')
}
