//! The end of the journal may be missing: nothing is sold before somebody has read that.

use super::Context;
use crate::till::{Access, Change, Command, Effect, Ending, Key, Overlay, PinPrompt, PinPurpose};

impl Context<'_> {
    /// A key while the question stands. All of them end here: → goes on, which is recorded, and
    /// Esc leaves. No scanner sends either.
    pub(super) fn key_at_missing_end(&mut self, key: Key) {
        match key {
            Key::Right => {
                if let Some(missing) = self.state.missing_end.take() {
                    self.tell(Change::EndAccepted(missing));
                }
            }
            Key::Esc if self.settings.access == Access::Kiosk => {
                let prompt = PinPrompt::new(PinPurpose::Quit);
                self.state.overlays.replace(Overlay::Pin(prompt));
            }
            Key::Esc => self.effects.push(Effect::Quit(Ending::Asked)),
            key if self.settings.keymap.command(key) == Some(Command::Lock) => {
                self.command(Command::Lock);
            }
            _ => self.bell(),
        }
    }
}
