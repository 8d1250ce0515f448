//! Questions: a command that asks first, and a return of many pieces.
//!
//! Only a key that no scanner sends answers them.

use super::{Asks, Coming, Hint, Label, Layer, declined};
use crate::shop::Line;
use crate::till::update::Context;
use crate::till::{Command, Key, Message, Settings, State};

pub(super) const ANSWERS: [Hint; 2] = [Hint::right(Label::Yes), Hint::Keys(&[Key::Esc], Label::No)];

/// The question is about this command.
impl Layer for Command {
    fn asks(&self) -> Asks {
        Asks::Answer
    }

    /// What comes by itself is no answer.
    fn stays(&self, coming: Coming) -> bool {
        coming == Coming::Interruption
    }

    fn right(&self, context: &mut Context) {
        context.state.overlays.close();
        context.confirmed(*self);
    }

    fn left(&self, context: &mut Context) {
        declined(self, context);
    }

    fn hints(&self, _: &State, _: &Settings) -> Vec<Hint> {
        ANSWERS.into()
    }
}

/// The question is whether this line comes into the basket.
impl Layer for Line {
    fn asks(&self) -> Asks {
        Asks::Answer
    }

    fn waiting(&self) -> Option<i64> {
        Some(self.quantity)
    }

    /// Goods were scanned and are not in the basket yet.
    fn stays(&self, _: Coming) -> bool {
        true
    }

    fn right(&self, context: &mut Context) {
        context.state.overlays.close();
        context.take_back(self.clone());
    }

    fn left(&self, context: &mut Context) {
        declined(self, context);
    }

    fn close(&self, context: &mut Context) {
        context.state.overlays.close();
        context.info(Message::ReturnDropped);
    }

    fn hints(&self, _: &State, _: &Settings) -> Vec<Hint> {
        ANSWERS.into()
    }
}
