//! The page of the quick keys, for screens that have no room for it beside the basket.

use serde::{Deserialize, Serialize};

use super::{Hint, Label, Layer};
use crate::till::update::Context;
use crate::till::{Command, Settings, State};

/// The index of the highlighted key.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuickPage(pub usize);

impl Layer for QuickPage {
    fn rows(&self, _: &State, settings: &Settings) -> usize {
        settings.quick.len()
    }

    fn cursor(&mut self) -> Option<&mut usize> {
        Some(&mut self.0)
    }

    /// As the key itself.
    fn right(&self, context: &mut Context) {
        match u8::try_from(self.0 + 1) {
            Ok(key) => context.command(Command::Quick(key)),
            Err(_) => context.bell(),
        }
    }

    fn hints(&self, _: &State, _: &Settings) -> Vec<Hint> {
        vec![Hint::CHOOSE, Hint::right(Label::Sell), Hint::CLOSE]
    }
}
