//! The locked screen of a till without a PIN, and how a screen is locked.
//!
//! While it is locked, nothing is typed and nothing is kept: a scan only rings.

use super::{Coming, Hint, Layer, Overlay, PinPrompt, PinPurpose, Takes};
use crate::shop::{Shape, shape};
use crate::till::update::Context;
use crate::till::{Access, Key, Settings, State, allowed};

pub(super) struct Lock;

impl Layer for Lock {
    fn stays(&self, _: Coming) -> bool {
        true
    }

    fn takes(&self) -> Takes {
        Takes::Everything(|context, key| {
            let command = context.settings.keymap.command(key);
            let unlocks =
                command.is_some_and(|it| allowed(it, context.state, context.settings).is_ok());
            if key == Key::Right || unlocks {
                if key.is_human() {
                    context.state.overlays.close();
                }
            } else if key == Key::Enter {
                context.bell();
            }
        })
    }

    fn hints(&self, _: &State, _: &Settings) -> Vec<Hint> {
        Vec::new()
    }
}

impl Context<'_> {
    pub(in crate::till) fn lock(&mut self) {
        // A swipe or a code is never half kept; a number waits under the lock, unseen.
        if self.state.types_code() || shape(&self.state.entry.text) == Shape::Raw {
            self.clear_text();
        }
        self.state.overlays.replace(match self.settings.access {
            Access::Free => Overlay::Locked,
            Access::Lock | Access::Kiosk => Overlay::Pin(PinPrompt::new(PinPurpose::Unlock)),
        });
    }
}
