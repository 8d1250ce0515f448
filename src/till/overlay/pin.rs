//! The PIN prompt: its keys, and what a right or wrong PIN does.
//!
//! Nothing that comes here is kept, shown or taken for anything else: a scan on the locked screen
//! is dropped, not sold.

use serde::{Deserialize, Serialize};

use super::{Coming, Hint, Layer, Overlay, Takes};
use crate::pin::{Pin, SHORTEST};
use crate::till::update::Context;
use crate::till::{CallId, Effect, Key, Settings, State, Tries};

/// The PIN is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PinPrompt {
    /// What it is for.
    pub purpose: PinPurpose,
    /// What is being typed. Never kept anywhere.
    #[serde(skip)]
    pub entry: PinEntry,
    /// How far it is.
    pub step: PinStep,
}

impl PinPrompt {
    /// An empty prompt.
    #[must_use]
    pub fn new(purpose: PinPurpose) -> Self {
        Self { purpose, entry: PinEntry::default(), step: PinStep::Typing }
    }
}

/// What the PIN opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PinPurpose {
    /// The locked screen.
    Unlock,
    /// The way out of a kiosk.
    Quit,
}

/// How far a prompt is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PinStep {
    /// Digits are taken.
    Typing,
    /// What came was no PIN, like a scan; it is gone. Digits are taken.
    Dropped,
    /// The PIN was wrong. Digits are taken once [`Tries::wait`] is over.
    Wrong,
    /// It is being checked.
    Checking(CallId),
}

/// What came at the prompt so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PinEntry {
    /// The digits.
    pub pin: Pin,
    /// More came than a PIN has: a scan, a swipe, a text.
    pub foreign: bool,
}

impl Layer for PinPrompt {
    /// Its other digits would land in what lies below.
    fn stays(&self, _: Coming) -> bool {
        true
    }

    fn takes(&self) -> Takes {
        Takes::Everything(|context, key| {
            context.key_of_pin(key);
        })
    }

    fn counts(&self, state: &State) -> bool {
        state.tries.wait(state.now).is_some()
    }

    fn hints(&self, _: &State, _: &Settings) -> Vec<Hint> {
        match self.purpose {
            PinPurpose::Quit => vec![Hint::CLOSE],
            PinPurpose::Unlock => Vec::new(),
        }
    }
}

impl Context<'_> {
    /// A key while the PIN is asked for. All of them end here, also those of commands.
    fn key_of_pin(&mut self, key: Key) {
        let waits = self.state.tries.wait(self.state.now).is_some();
        let Some(Overlay::Pin(prompt)) = self.state.overlays.top_mut() else { return };
        let deaf = waits || matches!(prompt.step, PinStep::Checking(_));
        match key {
            // A second try before the answer to the first would cost nothing.
            Key::Esc | Key::Delete if matches!(prompt.step, PinStep::Checking(_)) => {}
            Key::Esc | Key::Delete if prompt.entry != PinEntry::default() => {
                prompt.entry = PinEntry::default();
            }
            Key::Esc | Key::Delete if prompt.purpose == PinPurpose::Quit => {
                self.state.overlays.close();
            }
            Key::Enter if deaf => self.bell(),
            Key::Enter => self.pin_typed(),
            Key::Backspace if !deaf && !prompt.entry.foreign => prompt.entry.pin.pop(),
            Key::Char(c) if !deaf => {
                prompt.step = PinStep::Typing;
                prompt.entry.foreign |= !prompt.entry.pin.push(c);
            }
            _ => {}
        }
    }

    /// Enter: digits that can be a PIN are held against it, everything else is dropped.
    fn pin_typed(&mut self) {
        let Some(Overlay::Pin(prompt)) = self.state.overlays.top_mut() else { return };
        let PinEntry { pin, foreign } = std::mem::take(&mut prompt.entry);
        // The end of a swipe comes twice.
        if pin.is_empty() && !foreign {
            return;
        }
        if foreign || pin.len() < SHORTEST || pin.is_code() {
            prompt.step = PinStep::Dropped;
            return self.bell();
        }
        let id = self.state.next_call();
        if let Some(Overlay::Pin(prompt)) = self.state.overlays.top_mut() {
            prompt.step = PinStep::Checking(id);
        }
        self.effects.push(Effect::CheckPin(id, pin));
    }

    /// The answer to [`Effect::CheckPin`]. A wrong PIN counts even if its prompt is gone.
    pub(in crate::till) fn pin_checked(&mut self, id: CallId, right: bool) {
        let purpose =
            match self.state.overlays.last() {
                Some(Overlay::Pin(PinPrompt {
                    purpose, step: PinStep::Checking(call), ..
                })) if *call == id => Some(*purpose),
                _ => None,
            };
        if !right {
            self.state.tries.failed(self.state.now);
            if let Some(Overlay::Pin(prompt)) = self.state.overlays.top_mut() {
                prompt.step = PinStep::Wrong;
            }
            return self.bell();
        }
        let Some(purpose) = purpose else { return };
        self.state.tries = Tries::default();
        self.state.overlays.close();
        if purpose == PinPurpose::Quit {
            self.quit();
        }
    }
}
