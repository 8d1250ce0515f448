//! The PIN prompt: its keys, and what a right or wrong PIN does.
//!
//! Nothing that comes here is kept, shown or taken for anything else: a scan on the locked screen
//! is dropped, not sold.

use super::Context;
use crate::pin::SHORTEST;
use crate::till::{CallId, Effect, Key, Overlay, PinEntry, PinPrompt, PinPurpose, PinStep, Tries};

impl Context<'_> {
    /// A key while the PIN is asked for. All of them end here, also those of commands.
    pub(super) fn key_of_pin(&mut self, key: Key) {
        let waits = self.state.tries.wait(self.state.now).is_some();
        let Some(Overlay::Pin(prompt)) = self.state.overlays.last_mut() else { return };
        let deaf = waits || matches!(prompt.step, PinStep::Checking(_));
        match key {
            // A second try before the answer to the first would cost nothing.
            Key::Esc | Key::Delete if matches!(prompt.step, PinStep::Checking(_)) => {}
            Key::Esc | Key::Delete if prompt.entry != PinEntry::default() => {
                prompt.entry = PinEntry::default();
            }
            Key::Esc | Key::Delete if prompt.purpose == PinPurpose::Quit => {
                self.state.overlays.pop();
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
        let Some(Overlay::Pin(prompt)) = self.state.overlays.last_mut() else { return };
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
        if let Some(Overlay::Pin(prompt)) = self.state.overlays.last_mut() {
            prompt.step = PinStep::Checking(id);
        }
        self.effects.push(Effect::CheckPin(id, pin));
    }

    /// The answer to [`Effect::CheckPin`]. A wrong PIN counts even if its prompt is gone.
    pub(super) fn pin_checked(&mut self, id: CallId, right: bool) {
        let purpose =
            match self.state.overlays.last() {
                Some(Overlay::Pin(PinPrompt {
                    purpose, step: PinStep::Checking(call), ..
                })) if *call == id => Some(*purpose),
                _ => None,
            };
        if !right {
            self.state.tries.failed(self.state.now);
            if let Some(Overlay::Pin(prompt)) = self.state.overlays.last_mut() {
                prompt.step = PinStep::Wrong;
            }
            return self.bell();
        }
        let Some(purpose) = purpose else { return };
        self.state.tries = Tries::default();
        self.state.overlays.pop();
        if purpose == PinPurpose::Quit {
            self.quit();
        }
    }
}
