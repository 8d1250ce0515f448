//! Reasons of a discount, a price override or a return, to choose from.

use serde::{Deserialize, Serialize};

use super::{Asks, Coming, Hint, Label, Layer, Overlay, Then, declined};
use crate::money::Money;
use crate::shop::{Line, Off};
use crate::till::update::Context;
use crate::till::{DiscountOf, Message, Settings, State};

/// What needs a reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reasoned {
    /// The selected line is sold at this price.
    Price(Money),
    /// This is taken off.
    Discount(DiscountOf, Off),
    /// These goods come back.
    Return(Box<Line>),
}

/// What needs a reason, and the highlighted one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReasonList {
    /// What needs it.
    pub of: Reasoned,
    /// The index of the highlighted one.
    pub selected: usize,
}

impl Reasoned {
    /// The reasons that may be chosen.
    #[must_use]
    pub fn reasons<'a>(&self, settings: &'a Settings) -> &'a [String] {
        match self {
            Self::Price(_) => &settings.reasons.prices,
            Self::Discount(..) => &settings.reasons.discounts,
            Self::Return(_) => &settings.reasons.returns,
        }
    }
}

impl Layer for ReasonList {
    /// Goods that come back are not in the basket yet.
    fn stays(&self, coming: Coming) -> bool {
        matches!(self.of, Reasoned::Return(_)) || coming == Coming::Interruption
    }

    fn asks(&self) -> Asks {
        Asks::Row
    }

    fn refuses_scans(&self) -> bool {
        true
    }

    fn waiting(&self) -> Option<i64> {
        match &self.of {
            Reasoned::Return(line) => Some(line.quantity),
            Reasoned::Price(_) | Reasoned::Discount(..) => None,
        }
    }

    fn typed(&mut self) -> Then {
        |_| ()
    }

    fn rows(&self, _: &State, settings: &Settings) -> usize {
        self.of.reasons(settings).len()
    }

    fn cursor(&mut self) -> Option<&mut usize> {
        Some(&mut self.selected)
    }

    fn right(&self, context: &mut Context) {
        let reason = self.of.reasons(context.settings).get(self.selected).cloned();
        context.state.overlays.close();
        context.clear_text();
        context.reasoned(self.of.clone(), reason);
    }

    fn left(&self, context: &mut Context) {
        declined(self, context);
    }

    fn close(&self, context: &mut Context) {
        context.state.overlays.close();
        if matches!(self.of, Reasoned::Return(_)) {
            context.info(Message::ReturnDropped);
        }
    }

    fn hints(&self, _: &State, _: &Settings) -> Vec<Hint> {
        vec![Hint::CHOOSE, Hint::right(Label::Take), Hint::CLOSE]
    }
}

impl Context<'_> {
    /// Does what needs a reason, or asks for the reason first.
    pub(in crate::till) fn with_reason(&mut self, of: Reasoned) {
        if of.reasons(self.settings).is_empty() {
            return self.reasoned(of, None);
        }
        self.state.overlays.cover(Overlay::Reason(Box::new(ReasonList { of, selected: 0 })));
    }
}
