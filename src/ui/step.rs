//! The panel of the step at hand, besides those of an open basket and of a finished sale.
//!
//! Owns which one it is. Must not draw one itself.

use ratatui::layout::Rect;

use super::payment::{Due, Wait};
use super::pen::Pen;
use super::picture::Panel;
use super::unknown::Unknown;
use crate::till::{State, Step};

/// What the panel shows.
#[derive(Debug, PartialEq)]
pub(super) enum StepPanel {
    Tender(Due),
    Paying(Wait),
    Unknown(Unknown),
}

impl StepPanel {
    pub(super) fn of(pen: &Pen, state: &State, area: Rect) -> Option<Self> {
        match &state.sale.step {
            Step::Basket(_) | Step::Done(_) => None,
            Step::Tender(tender) => Some(Self::Tender(Due::of(pen, state, tender))),
            Step::Paying(paying) => Some(Self::Paying(Wait::of(pen, state, paying))),
            Step::Unknown(inquiry) => Some(Self::Unknown(Unknown::of(pen, state, inquiry, area))),
        }
    }
}

impl Panel for StepPanel {
    /// True if the whole amount due of the tender step is there.
    type Told = bool;

    fn draw(&self, pen: &mut Pen, area: Rect) -> bool {
        match self {
            Self::Tender(due) => return due.draw(pen, area),
            Self::Paying(wait) => wait.draw(pen, area),
            Self::Unknown(unknown) => unknown.draw(pen, area),
        }
        false
    }
}
