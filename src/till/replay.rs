//! From records back to a state: what the journal keeps, replayed.
//!
//! Owns where a replayed sale belongs: at hand, parked, put aside, or gone. Must not know how or
//! where records are kept.
//!
//! A [`Replay`] is a fold: it takes one record after the other, can be written down at any of them
//! and read back, and holds no more than what is open.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};

use super::{
    Abandoned, CancelStep, CancelTarget, Change, Finished, NextQuestion, Other, Record, Sale,
    Stage, State, Step,
};

/// Paid sales of which an entry of an older version may still say that they are being cancelled:
/// such a version knew no earlier ones.
const OLDER: usize = 200;

/// Where a replayed sale was when the program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Place {
    AtHand,
    Parked,
    Detached,
    Gone,
}

/// A sale that is not over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Open {
    /// The number of its first entry.
    first: i64,
    /// The number of its last one.
    last: i64,
    place: Place,
    sale: Sale,
}

/// What is told once and settled later, and the number of the entry that told it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Told<T> {
    first: i64,
    of: T,
}

/// Puts records back into a state; see [`Replay::into_state`].
///
/// Its serialised form is for checkpoints: [`Replay::FORMAT`] says whether it can be read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replay {
    /// Sales that are not over, by their reference.
    sales: BTreeMap<String, Open>,
    /// The reference of the sale at hand.
    at_hand: Option<String>,
    /// The last sales that an older version was paid, the oldest first, by their first entries.
    finished: VecDeque<Told<Finished>>,
    abandoned: Vec<Told<Abandoned>>,
    /// Paid sales of this till whose cancellation has not ended.
    cancelling: Vec<Told<Finished>>,
    /// The same of other tills' sales.
    others: Vec<Told<Other>>,
    /// How far these cancellations have come, by the transaction's id.
    steps: BTreeMap<String, CancelStep>,
    /// The shop's name as the sale paid last has it.
    merchant: Option<String>,
    /// A sale was paid.
    has_sold: bool,
}

impl Replay {
    /// Of the serialised form: another number is another form, or another meaning of it.
    pub const FORMAT: u32 = 1;

    /// Replays the next record; `seq` is its number in the journal, greater than all before.
    pub fn record(&mut self, seq: i64, record: Record) {
        let Record { sale: reference, change } = record;
        match change {
            Change::Abandoned(of) => self.abandoned.push(Told { first: seq, of }),
            Change::Released(released) => self.abandoned.retain(|kept| kept.of != released),
            Change::CancellingOther(of) => {
                self.steps.remove(&of.id);
                self.others.push(Told { first: seq, of });
            }
            Change::OtherSettled { id, .. } => self.settle_other(&id),
            Change::PerhapsCancelled { id } if reference.is_empty() => self.settle_other(&id),
            Change::CancelStep { id, step } => self.step_on(id, step),
            Change::Cancelling => self.begin_cancel(&reference),
            Change::CancellingSale(of) => {
                self.steps.remove(&of.id);
                self.cancelling.push(Told { first: seq, of: *of });
            }
            Change::NotCancelled | Change::Cancelled(_) | Change::PerhapsCancelled { .. } => {
                self.end_cancel(&reference, &change);
            }
            // What follows from them stands in the records behind them.
            Change::WrittenOff { .. } | Change::FoundPaid { .. } | Change::EndAccepted(_) => {}
            change => self.change_sale(seq, &reference, change),
        }
    }

    fn change_sale(&mut self, seq: i64, reference: &str, change: Change) {
        let open = self.sales.entry(reference.to_owned()).or_insert_with(|| Open {
            first: seq,
            last: seq,
            place: Place::AtHand,
            sale: Sale::blank(reference.to_owned()),
        });
        open.last = seq;
        match change {
            Change::Line(_) | Change::Void(_) | Change::Replaced(..) | Change::Extras(_) => {
                open.sale.replay(change);
            }
            Change::Head(head) => {
                let older = match &head.stage {
                    Some(Stage::Done(booked)) => Some(booked.payment.is_some()),
                    _ => None,
                };
                open.sale.replay(Change::Head(head));
                if let (Some(older), Step::Done(finished)) = (older, &open.sale.step) {
                    self.has_sold = true;
                    self.merchant.clone_from(&finished.merchant);
                    if older {
                        let of = finished.as_ref().clone();
                        self.finished.push_back(Told { first: open.first, of });
                        let over = self.finished.len().saturating_sub(OLDER);
                        self.finished.drain(..over);
                    } else {
                        self.finished.clear();
                    }
                }
            }
            Change::Parked => open.place = Place::Parked,
            Change::Recalled => open.place = Place::AtHand,
            Change::Detached | Change::Closed => open.place = Place::Detached,
            _ => open.place = Place::Gone,
        }
        let at_hand = open.place == Place::AtHand;
        let before = self.at_hand.clone();
        if at_hand {
            self.at_hand = Some(reference.to_owned());
        } else if before.as_deref() == Some(reference) {
            self.at_hand = None;
        }
        self.let_go(reference);
        if let Some(before) = before.filter(|before| before != reference) {
            self.let_go(&before);
        }
    }

    /// Forgets a sale that is over, unless it is at hand: the customer may still be waiting for the
    /// change.
    fn let_go(&mut self, reference: &str) {
        if self.at_hand.as_deref() == Some(reference) {
            return;
        }
        let Some(Open { first, place, sale, .. }) = self.sales.get(reference) else { return };
        match (&sale.step, place) {
            (_, Place::Gone) | (Step::Done(_), _) => {}
            (_, Place::Parked) | (Step::Unknown(_), _) => return,
            _ if !sale.is_blank() => return,
            _ => {
                // It was left by an end between two records of one change.
                let lost = sale.remote.as_ref().map(|remote| Abandoned::Id(remote.id.clone()));
                self.abandoned.extend(lost.map(|of| Told { first: *first, of }));
            }
        }
        self.sales.remove(reference);
    }

    /// An older version is about to cancel a sale: which one, its earlier entries say.
    fn begin_cancel(&mut self, reference: &str) {
        let paid = self.finished.iter().find(|paid| paid.of.reference == reference);
        let Some(paid) = paid.cloned() else { return };
        // How far an earlier attempt had come is of no interest any more.
        self.steps.remove(&paid.of.id);
        self.cancelling.push(paid);
    }

    fn end_cancel(&mut self, reference: &str, change: &Change) {
        let ended = self.cancelling.extract_if(.., |kept| kept.of.reference == reference);
        for Told { of, .. } in ended {
            self.steps.remove(&of.id);
        }
        let at_hand = self.sales.get_mut(reference).and_then(|open| match &mut open.sale.step {
            Step::Done(finished) => Some(finished.as_mut()),
            _ => None,
        });
        let kept = self.finished.iter_mut().map(|paid| &mut paid.of);
        let paid = at_hand.into_iter().chain(kept.filter(|of| of.reference == reference));
        paid.for_each(|finished| finished.replay(change));
    }

    /// A cancellation goes on. One that is not known here was begun by an older version for a sale
    /// of long ago: nothing will ask how far it came.
    fn step_on(&mut self, id: String, step: CancelStep) {
        let ours = self.cancelling.iter().any(|kept| kept.of.id == id);
        if ours || self.others.iter().any(|kept| kept.of.id == id) {
            self.steps.insert(id, step);
        }
    }

    fn settle_other(&mut self, id: &str) {
        self.others.retain(|kept| kept.of.id != id);
        self.steps.remove(id);
    }

    /// The number of the first entry of anything that is not over, with the sale at hand, whose
    /// receipt may be on the screen. `None`: nothing is open, and all entries so far may go to an
    /// archive.
    #[must_use]
    pub fn oldest_open(&self) -> Option<i64> {
        let sales = self.sales.values().map(|open| open.first);
        let abandoned = self.abandoned.iter().map(|told| told.first);
        let cancelling = self.cancelling.iter().map(|told| told.first);
        let others = self.others.iter().map(|told| told.first);
        sales.chain(abandoned).chain(cancelling).chain(others).min()
    }

    /// Puts what was replayed into a fresh `state`: the sale at hand, parked and unresolved ones,
    /// and what is still to be given up or asked after on the server. Open questions
    /// are due at the state's time.
    pub fn into_state(self, state: &mut State) {
        let now = state.now;
        let step = |id: &str| self.steps.get(id).copied().unwrap_or(CancelStep::Whole);
        for Told { of, .. } in self.cancelling {
            let step = step(&of.id);
            let id = of.id.clone();
            state.ask_after_cancel(CancelTarget::Ours(Box::new(of)), id, step, now);
        }
        for Told { of: Other { id, sum }, .. } in self.others {
            let step = step(&id);
            state.ask_after_cancel(CancelTarget::Other(sum), id, step, now);
        }
        state.has_sold = self.has_sold;
        state.merchant = self.merchant;
        state.abandoned = self.abandoned.into_iter().map(|told| told.of).collect();
        state.wake_at = Some(now);
        let mut sales: Vec<Open> = self.sales.into_values().collect();
        sales.sort_by_key(|open| open.last);
        for Open { place, mut sale, .. } in sales {
            sale.check_siblings = true;
            if let Step::Unknown(inquiry) = &mut sale.step {
                // The clock of the run that sent it is not this one's.
                inquiry.payment.since = now;
                inquiry.next = NextQuestion::At(now);
            }
            let at_hand = self.at_hand.as_ref() == Some(&sale.reference);
            match (&sale.step, place) {
                (Step::Unknown(_), Place::Detached) => state.unresolved.push(sale),
                (_, Place::Parked) => state.parked.push(sale),
                // Its transaction is still to be given up: it is taken for the next sale.
                _ if at_hand && (!sale.is_blank() || sale.is_known_to_server()) => {
                    state.sale = sale;
                }
                _ if sale.is_blank() => {}
                // It was left by an end between two records of one change: it is kept aside.
                (Step::Unknown(_), _) => state.unresolved.push(sale),
                _ => state.parked.push(sale),
            }
        }
    }
}

/// The paid sale that these changes of one sale lead to, with what became of it since; `None`: it
/// is not paid. `reference` is the sale's.
pub fn finished(reference: &str, changes: impl IntoIterator<Item = Change>) -> Option<Finished> {
    let mut sale = Sale::blank(reference.to_owned());
    for change in changes {
        sale.replay(change);
    }
    match sale.step {
        Step::Done(finished) => Some(*finished),
        _ => None,
    }
}

impl Sale {
    /// Makes a change of what the sale is; where it is put is no part of it.
    fn replay(&mut self, change: Change) {
        match change {
            Change::Line(line) => {
                self.basket.restore(*line);
                self.selected = self.basket.lines().len().saturating_sub(1);
                self.revision += 1;
            }
            Change::Void(index) => {
                self.basket.void(index);
                self.revision += 1;
            }
            Change::Replaced(index, line) => {
                self.basket.restore_replaced(index, *line);
                self.revision += 1;
            }
            Change::Extras(extras) => {
                self.basket.restore_extras(*extras);
                self.revision += 1;
            }
            Change::Head(head) => head.apply_to(self),
            change => {
                if let Step::Done(finished) = &mut self.step {
                    finished.replay(&change);
                }
            }
        }
    }
}

impl Finished {
    /// Makes a change of a paid sale.
    fn replay(&mut self, change: &Change) {
        match change {
            Change::Cancelled(cancelled) => self.cancelled = Some(cancelled.as_ref().clone()),
            Change::PerhapsCancelled { .. } => self.perhaps_cancelled = true,
            _ => {}
        }
    }
}
