//! The sales of this session.

use serde::{Deserialize, Serialize};

use super::{After, Hint, Label, Layer, Overlay, Receipt, Shift};
use crate::till::update::Context;
use crate::till::{Settings, State};

/// The index of the highlighted sale, from the newest.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct History(pub usize);

impl History {
    /// The index of the highlighted sale in [`State::history`].
    #[must_use]
    pub fn index(self, state: &State) -> Option<usize> {
        state.history.len().checked_sub(1)?.checked_sub(self.0)
    }
}

impl Layer for History {
    fn rows(&self, state: &State, _: &Settings) -> usize {
        state.history.len()
    }

    fn cursor(&mut self) -> Option<&mut usize> {
        Some(&mut self.0)
    }

    fn enter(&self, context: &mut Context) {
        let of = self.index(context.state);
        context.state.overlays.cover(Overlay::Receipt(Receipt { of, scroll: 0 }));
    }

    fn print(&self, context: &mut Context) -> bool {
        context.print(self.index(context.state));
        true
    }

    /// What is highlighted stays highlighted: a question over it may be whether that sale is to be
    /// cancelled. A sale that is not kept any more cannot be asked about.
    fn shifted(&mut self, shift: Shift) -> After {
        if let Shift::Remembered(kept, _) = shift {
            self.0 += 1;
            if self.0 >= kept {
                return After::Closes;
            }
        }
        After::Stays
    }

    fn hints(&self, _: &State, settings: &Settings) -> Vec<Hint> {
        let hints = vec![Hint::CHOOSE, Hint::enter(Label::Receipt), Hint::CANCEL, Hint::CLOSE];
        Hint::printed(settings, hints)
    }
}
