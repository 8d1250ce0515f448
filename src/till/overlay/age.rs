//! The question whether the customer is old enough for an article.

use serde::{Deserialize, Serialize};

use super::question::ANSWERS;
use super::{Asks, Coming, Hint, Layer, Then, declined};
use crate::till::update::Context;
use crate::till::{Added, Message, Settings, State};

/// Goods that are sold to customers of some age only. Only a key that no scanner sends says that
/// this one is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgeQuestion {
    /// What is to be sold.
    pub added: Added,
    /// Its name.
    pub name: String,
    /// The least age, years.
    pub age: u8,
}

impl Layer for AgeQuestion {
    /// Goods were scanned and are not in the basket yet.
    fn stays(&self, _: Coming) -> bool {
        true
    }

    fn asks(&self) -> Asks {
        Asks::Answer
    }

    fn refuses_scans(&self) -> bool {
        true
    }

    fn waiting(&self) -> Option<i64> {
        Some(self.added.quantity.unwrap_or(1))
    }

    fn typed(&mut self) -> Then {
        |_| ()
    }

    fn right(&self, context: &mut Context) {
        context.state.overlays.close();
        context.clear_text();
        context.add_confirmed(self.added.clone());
    }

    fn left(&self, context: &mut Context) {
        declined(self, context);
    }

    fn close(&self, context: &mut Context) {
        context.state.overlays.close();
        context.info(Message::NotSold(self.name.clone()));
    }

    fn hints(&self, _: &State, _: &Settings) -> Vec<Hint> {
        ANSWERS.into()
    }
}
