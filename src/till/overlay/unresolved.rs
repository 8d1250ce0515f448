//! Payments and cancellations without a known outcome.

use serde::{Deserialize, Serialize};

use super::{After, Hint, Label, Layer, Overlay, Shift};
use crate::till::update::{At, Context};
use crate::till::{
    CancelTarget, Cancellation, Change, Command, Message, NextCancel, Record, Settings, State, Step,
};

/// The index of the highlighted row: payments first, then cancellations, the oldest first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unresolved(pub usize);

impl Unresolved {
    /// The index of the highlighted cancellation; `None`: a payment is highlighted.
    fn cancellation(self, state: &State) -> Option<usize> {
        self.0.checked_sub(state.unresolved.len())
    }
}

impl Layer for Unresolved {
    fn rows(&self, state: &State, _: &Settings) -> usize {
        state.unresolved.len() + state.cancellations.len()
    }

    fn cursor(&mut self) -> Option<&mut usize> {
        Some(&mut self.0)
    }

    /// The safe way out of an open outcome: of an open point, asks whether the sale is to be
    /// treated as not cancelled.
    fn right(&self, context: &mut Context) {
        let Some(index) = self.cancellation(context.state) else {
            return context.end_inquiry(At::Unresolved(self.0));
        };
        let open = context.state.cancellations.get(index);
        if open.is_some_and(|open| open.next == NextCancel::Open) {
            context.state.overlays.cover(Overlay::Confirm(Command::Unresolved));
        } else {
            context.bell();
        }
    }

    /// The same row stays highlighted: → on it ends that one.
    fn shifted(&mut self, shift: Shift) -> After {
        match shift {
            Shift::OpenAdded(at) if self.0 >= at => self.0 += 1,
            Shift::OpenTaken(at, _) if self.0 > at => self.0 -= 1,
            Shift::OpenTaken(at, left) if self.0 == at => {
                self.0 = at.min(left.saturating_sub(1));
                return After::AnotherRow;
            }
            _ => {}
        }
        After::Stays
    }

    fn hints(&self, state: &State, settings: &Settings) -> Vec<Hint> {
        let mut hints = vec![Hint::CHOOSE, Hint::CLOSE];
        let step = state.unresolved.get(self.0).map(|sale| &sale.step);
        if let Some(Step::Unknown(inquiry)) = step
            && let Some(offer) = inquiry.offer(state.now, settings)
        {
            hints.insert(1, Hint::right(Label::Offer(offer)));
        }
        let open = self.cancellation(state).and_then(|index| state.cancellations.get(index));
        if open.is_some_and(|open| !open.is_expected()) {
            hints.insert(1, Hint::right(Label::Settle));
        }
        hints
    }
}

impl Context<'_> {
    /// The cashier treats the highlighted sale as not cancelled, and the journal says that it was
    /// so decided.
    pub(in crate::till) fn settle_open(&mut self) {
        let index = match self.state.overlays.last() {
            Some(Overlay::Unresolved(list)) => list.cancellation(self.state),
            _ => None,
        };
        let open = index.and_then(|index| self.state.cancellations.get(index));
        let (Some(index), Some(Cancellation { next: NextCancel::Open, .. })) = (index, open) else {
            return self.bell();
        };
        let Cancellation { whose, id, .. } = self.state.cancellations.remove(index);
        self.open_taken(self.state.unresolved.len() + index);
        let sale = match whose {
            CancelTarget::Ours(sale) => sale.reference,
            CancelTarget::Other(_) => String::new(),
        };
        self.state.change_finished(&sale, |finished| finished.perhaps_cancelled = true);
        self.records.push(Record { sale, change: Change::PerhapsCancelled { id } });
        self.info(Message::PerhapsCancelled);
    }

    /// A row has left the list at this index.
    pub(in crate::till) fn open_taken(&mut self, at: usize) {
        let left = self.state.unresolved.len() + self.state.cancellations.len();
        self.state.overlays.shift(Shift::OpenTaken(at, left));
    }
}
