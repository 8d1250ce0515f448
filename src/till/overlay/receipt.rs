//! The receipt of a finished sale.

use serde::{Deserialize, Serialize};

use super::{Hint, Layer};
use crate::till::update::Context;
use crate::till::{Finished, Settings, State};

/// Whose receipt, and how far it is scrolled.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The sale; `None`: the one at hand.
    pub of: Option<Box<Finished>>,
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

impl Receipt {
    /// The sale whose receipt it is; `None`: the one at hand is not paid.
    #[must_use]
    pub fn sale<'a>(&'a self, state: &'a State) -> Option<&'a Finished> {
        self.of.as_deref().or_else(|| state.finished())
    }
}

impl Layer for Receipt {
    fn rows(&self, state: &State, _: &Settings) -> usize {
        self.sale(state).map_or(0, rows_of)
    }

    fn cursor(&mut self) -> Option<&mut usize> {
        Some(&mut self.scroll)
    }

    fn print(&self, context: &mut Context) -> bool {
        context.print(self.sale(context.state).cloned());
        true
    }

    fn hints(&self, _: &State, settings: &Settings) -> Vec<Hint> {
        Hint::printed(settings, vec![Hint::CLOSE, Hint::SCROLL])
    }
}
