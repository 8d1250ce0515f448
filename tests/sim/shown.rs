//! What a screen shows of the sales: a restart must show the same.

use std::collections::BTreeSet;

use kasse::till::{Sale, State, Step};

/// The step that a restart comes back to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Basket,
    Tender,
    /// A payment that was on its way is asked after.
    Unknown,
    Done,
}

/// One sale as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    reference: String,
    stage: Stage,
    /// Sum of the basket, minor units.
    sum: i64,
}

/// The sales of a till.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shown {
    /// `None`: an empty basket.
    at_hand: Option<Row>,
    parked: BTreeSet<Row>,
    unresolved: BTreeSet<Row>,
}

impl Row {
    fn of(sale: &Sale) -> Self {
        let stage = match sale.step {
            Step::Basket(_) => Stage::Basket,
            Step::Tender(_) => Stage::Tender,
            Step::Paying(_) | Step::Unknown(_) => Stage::Unknown,
            Step::Done(_) => Stage::Done,
        };
        Self { reference: sale.reference.clone(), stage, sum: sale.basket.sum().minor() }
    }
}

impl Shown {
    pub fn of(state: &State) -> Self {
        Self {
            at_hand: (!state.sale.is_blank()).then(|| Row::of(&state.sale)),
            parked: state.parked.iter().map(Row::of).collect(),
            unresolved: state.unresolved.iter().map(Row::of).collect(),
        }
    }

    /// The same after an orderly end: a paid sale has been left.
    pub fn left(mut self) -> Self {
        self.at_hand = self.at_hand.filter(|row| row.stage != Stage::Done);
        self
    }
}
