//! Parked sales.

use serde::{Deserialize, Serialize};

use super::{Hint, Label, Layer};
use crate::till::update::Context;
use crate::till::{Settings, State};

/// The index of the highlighted sale, from the oldest.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parked(pub usize);

impl Layer for Parked {
    fn rows(&self, state: &State, _: &Settings) -> usize {
        state.parked.len()
    }

    fn cursor(&mut self) -> Option<&mut usize> {
        Some(&mut self.0)
    }

    fn enter(&self, context: &mut Context) {
        context.recall(self.0);
    }

    fn hints(&self, _: &State, _: &Settings) -> Vec<Hint> {
        Hint::list(Label::Take)
    }
}
