//! What a frame lets the cashier see, beside what the till takes for seen.
//!
//! Owns the comparison of two frames and of a frame with the state. Must not draw or tell the till.

use crate::till::{Seen, State, Step, Tender};

/// What is to be seen before it is paid: two frames in which this differs are not the same offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Due {
    tender: Option<Tender>,
    /// How much lies over the panels.
    overlays: usize,
}

impl Due {
    pub(super) fn of(state: &State) -> Self {
        let tender = match &state.sale.step {
            Step::Tender(tender) => Some(tender.clone()),
            _ => None,
        };
        Self { tender, overlays: state.overlays.len() }
    }
}

/// Less can be seen than the till takes for seen.
pub(super) const fn shows_less(state: &State, seen: Seen) -> bool {
    match seen {
        Seen::TooSmall => !state.too_small,
        Seen::Panels => state.due_shown && matches!(state.sale.step, Step::Tender(_)),
        Seen::Due => false,
    }
}

/// More can be seen than the till takes for seen.
pub(super) const fn shows_more(state: &State, seen: Seen) -> bool {
    match seen {
        Seen::TooSmall => false,
        Seen::Panels => state.too_small,
        Seen::Due => state.too_small || !state.due_shown,
    }
}
