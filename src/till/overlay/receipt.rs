//! The receipt of a finished sale.

use serde::{Deserialize, Serialize};

use super::{After, Hint, Layer, Shift};
use crate::till::update::Context;
use crate::till::{Finished, Settings, State};

/// Whose receipt, and how far it is scrolled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Index into [`State::history`]; `None`: the sale at hand.
    pub of: Option<usize>,
    /// Lines scrolled.
    pub scroll: usize,
}

/// More rows than the receipt has, by little: the drawing cuts to those that there are.
pub(in crate::till) fn rows_of(finished: &Finished) -> usize {
    let storno = finished
        .cancelled
        .as_ref()
        .map_or(0, |cancelled| cancelled.receipt.len() + cancelled.receipt_merchant.len());
    finished.basket.lines().len() * 2 + finished.receipt.len() + storno + 40
}

impl Layer for Receipt {
    fn rows(&self, state: &State, _: &Settings) -> usize {
        state.finished(self.of).map_or(0, rows_of)
    }

    fn cursor(&mut self) -> Option<&mut usize> {
        Some(&mut self.scroll)
    }

    fn print(&self, context: &mut Context) -> bool {
        context.print(self.of);
        true
    }

    fn shifted(&mut self, shift: Shift) -> After {
        match (shift, &mut self.of) {
            (Shift::Remembered(_, true), Some(0)) => return After::Closes,
            (Shift::Remembered(_, true), Some(index)) => *index -= 1,
            _ => {}
        }
        After::Stays
    }

    fn hints(&self, _: &State, settings: &Settings) -> Vec<Hint> {
        Hint::printed(settings, vec![Hint::CLOSE, Hint::SCROLL])
    }
}
