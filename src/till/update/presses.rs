//! Which press of a key may decide: pay, or answer a question.
//!
//! A held or bouncing key is one press ([`crate::till::Press`]). The first repeat of a held key
//! looks like a second press, so the second press of one key in a row decides only when no repeat
//! has followed it. Must not know what is decided.

use std::mem::Discriminant;

use super::Context;
use crate::till::press::{SAME_PRESS, SHOWN_FOR};
use crate::till::{Command, Key, Moves, Press, Seen, Sign, State, Step, Tender};

/// What a press may be about: the offer of the tender step, or a question.
pub(super) struct Sight {
    tender: Option<Tender>,
    step: Discriminant<Step>,
    overlays: usize,
}

impl Sight {
    pub(super) fn of(state: &State) -> Self {
        let tender = match &state.sale.step {
            Step::Tender(tender) => Some(tender.clone()),
            _ => None,
        };
        let step = std::mem::discriminant(&state.sale.step);
        Self { tender, step, overlays: state.overlays.len() }
    }

    /// Takes back that the amount due is on the screen where that has ended since: with another
    /// offer, and under whatever lies over it. True if a press is about something else now.
    pub(super) fn unsee(&self, state: &mut State) -> bool {
        let now = Self::of(state);
        let covered = !state.overlays.is_empty() || state.too_small;
        if now.tender.is_some() && (now.tender != self.tender || covered) {
            state.due_shown = false;
        }
        now.tender != self.tender || now.step != self.step || now.overlays != self.overlays
    }
}

impl Context<'_> {
    /// What the terminal shows now.
    pub(super) fn seen(&mut self, seen: Seen) {
        self.state.too_small = seen == Seen::TooSmall;
        match seen {
            Seen::Due if !self.state.due_shown && self.state.overlays.is_empty() => {
                self.state.due_shown = true;
                self.state.due_since = self.state.now;
            }
            Seen::Due => {}
            Seen::Panels | Seen::TooSmall => self.state.due_shown = false,
        }
    }

    /// A key has arrived: what the one before it was to decide is decided first, unless it is
    /// still the same press. Keys of which text is made are not kept.
    pub(super) fn pressed(&mut self, key: Key, at: u64) {
        let last = self.state.press.take();
        if let Some(press) = last.filter(|press| press.decides.is_some()) {
            if press.key == key && at.saturating_sub(press.at) <= SAME_PRESS {
                self.bell();
            } else {
                self.decide(press);
            }
        }
        let row = self.settings.keymap.command(key).and_then(Command::row);
        let pays = row.is_some_and(|row| matches!(row.moves, Moves::Pays(_)));
        self.state.press = (pays || key.is_human()).then(|| Press::after(last, key, at));
    }

    /// True if the key at hand is the repeat of one that is held down.
    pub(super) const fn is_repeat(&self) -> bool {
        matches!(self.state.press, Some(Press { sign: Sign::Repeat, .. }))
    }

    /// True if the key at hand is a press of its own and may decide now. A second press in a row
    /// that may be a repeat waits for what follows it.
    pub(super) fn may_decide(&mut self) -> bool {
        match &mut self.state.press {
            None | Some(Press { sign: Sign::New, .. }) => true,
            Some(press @ Press { sign: Sign::Unsure, .. }) => {
                press.decides = Some(press.at + SAME_PRESS + 1);
                false
            }
            Some(Press { sign: Sign::Repeat, .. }) => {
                self.bell();
                false
            }
        }
    }

    /// True if the amount due was on the screen long enough before the key at hand came.
    pub(super) fn was_seen(&self) -> bool {
        let came = self.state.press.map_or(self.state.now, |press| press.at);
        self.state.due_shown && came >= self.state.due_since.saturating_add(SHOWN_FOR)
    }

    /// No repeat has followed: the press was one.
    pub(super) fn decide_if_due(&mut self) {
        let Some(press) = self.state.press else { return };
        if press.decides.is_some_and(|due| due <= self.state.now) {
            self.decide(press);
        }
    }

    fn decide(&mut self, press: Press) {
        self.state.press = Some(Press { sign: Sign::New, decides: None, ..press });
        if press.key == Key::Right {
            self.arrow(true);
        } else if let Some(command) = self.settings.keymap.command(press.key) {
            self.command(command);
        }
    }

    /// Something else has changed: a press that waits was about what is no longer so.
    pub(super) fn forget_press(&mut self) {
        if let Some(press @ Press { decides: Some(_), .. }) = &mut self.state.press {
            press.decides = None;
            self.bell();
        }
    }
}
