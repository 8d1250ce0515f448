//! From records back to a state: what the journal keeps, replayed.
//!
//! Owns where a replayed sale belongs: at hand, parked, put aside, or gone. Must not know how or
//! where records are kept.

use std::collections::BTreeMap;

use super::{Abandoned, CancelStep, CancelTarget, Change, Other, Record, Sale, State, Step};

/// Where a replayed sale was when the program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    AtHand,
    Parked,
    Detached,
    Gone,
}

/// Puts records back into a state; see [`Replay::into_state`].
#[derive(Debug, Clone)]
pub struct Replay {
    sales: BTreeMap<String, (u64, Place, Sale)>,
    abandoned: Vec<Abandoned>,
    cancelling: Vec<String>,
    /// How far cancellations had come, by the transaction's id.
    steps: BTreeMap<String, CancelStep>,
    others: Vec<Other>,
    /// The reference of the sale at hand.
    at_hand: Option<String>,
    order: u64,
    now: u64,
}

impl Replay {
    /// An empty replay; `now` is the clock's time at which open questions are due.
    #[must_use]
    pub const fn new(now: u64) -> Self {
        Self {
            sales: BTreeMap::new(),
            abandoned: Vec::new(),
            cancelling: Vec::new(),
            steps: BTreeMap::new(),
            others: Vec::new(),
            at_hand: None,
            order: 0,
            now,
        }
    }

    /// Replays the next record.
    pub fn record(&mut self, record: Record) {
        self.order += 1;
        let Record { sale: reference, change } = record;
        match change {
            Change::Abandoned(abandoned) => return self.abandoned.push(abandoned),
            Change::Released(released) => return self.abandoned.retain(|kept| *kept != released),
            Change::CancellingOther(other) => {
                self.steps.remove(&other.id);
                return self.others.push(other);
            }
            Change::OtherSettled { id, .. } => return self.others.retain(|kept| kept.id != id),
            Change::CancelStep { id, step } => {
                self.steps.insert(id, step);
                return;
            }
            Change::PerhapsCancelled { id } if reference.is_empty() => {
                return self.others.retain(|kept| kept.id != id);
            }
            Change::FoundPaid { .. } | Change::EndAccepted(_) => return,
            _ => {}
        }
        let (touched, place, sale) = self
            .sales
            .entry(reference.clone())
            .or_insert_with(|| (0, Place::AtHand, Sale::blank(reference.clone())));
        let aside = matches!(
            change,
            Change::Cancelling
                | Change::Cancelled(_)
                | Change::NotCancelled
                | Change::PerhapsCancelled { .. }
        );
        if !aside {
            *touched = self.order;
        }
        match change {
            Change::Line(line) => {
                // It was accepted when it was recorded, by the same rules.
                let accepted = sale.basket.add(line).is_ok();
                debug_assert!(accepted, "a recorded line is a valid line");
                sale.selected = sale.basket.lines().len().saturating_sub(1);
                sale.revision += 1;
            }
            Change::Void(index) => {
                sale.basket.void(index);
                sale.revision += 1;
            }
            Change::Head(head) => head.restore(sale, self.now),
            Change::Parked => *place = Place::Parked,
            Change::Recalled => *place = Place::AtHand,
            Change::Detached | Change::Closed => *place = Place::Detached,
            Change::Discarded => *place = Place::Gone,
            Change::Cancelling => {
                if let Step::Done(finished) = &sale.step {
                    // How far an earlier attempt had come is of no interest any more.
                    self.steps.remove(&finished.id);
                }
                self.cancelling.push(reference.clone());
            }
            Change::Cancelled(cancelled) => {
                self.cancelling.retain(|kept| *kept != reference);
                if let Step::Done(finished) = &mut sale.step {
                    finished.cancelled = Some(*cancelled);
                }
            }
            Change::NotCancelled => self.cancelling.retain(|kept| *kept != reference),
            Change::PerhapsCancelled { .. } => {
                self.cancelling.retain(|kept| *kept != reference);
                if let Step::Done(finished) = &mut sale.step {
                    finished.perhaps_cancelled = true;
                }
            }
            // What follows from it stands in the records behind it.
            Change::WrittenOff { .. }
            | Change::FoundPaid { .. }
            | Change::Abandoned(_)
            | Change::Released(_)
            | Change::CancellingOther(_)
            | Change::CancelStep { .. }
            | Change::OtherSettled { .. }
            | Change::EndAccepted(_) => {}
        }
        if !aside {
            if *place == Place::AtHand {
                self.at_hand = Some(reference);
            } else if self.at_hand.as_ref() == Some(&reference) {
                self.at_hand = None;
            }
        }
    }

    /// Puts what was replayed into a fresh `state`: the sale at hand, parked and unresolved ones,
    /// the history, and what is still to be given up or asked after on the server.
    pub fn into_state(mut self, state: &mut State) {
        let mut sales: Vec<_> = std::mem::take(&mut self.sales).into_values().collect();
        sales.sort_by_key(|(touched, ..)| *touched);
        for (_, place, mut sale) in sales {
            sale.check_siblings = true;
            let at_hand = self.at_hand.as_ref() == Some(&sale.reference);
            match (&sale.step, place) {
                (_, Place::Gone) => {}
                (Step::Done(finished), _) => {
                    if self.cancelling.contains(&finished.reference) {
                        let whose = CancelTarget::Ours(finished.reference.clone());
                        let id = finished.id.clone();
                        let step = self.steps.get(&id).copied().unwrap_or(CancelStep::Whole);
                        state.ask_after_cancel(whose, id, step, self.now);
                    }
                    state.merchant.clone_from(&finished.merchant);
                    state.remember(finished.as_ref().clone());
                    // The customer may still be waiting for the change: it stays on the screen
                    // unless the sale was left.
                    if at_hand {
                        state.sale = sale;
                    }
                }
                (Step::Unknown(_), Place::Detached) => state.unresolved.push(sale),
                (_, Place::Parked) => state.parked.push(sale),
                // Its transaction is still to be given up: it is taken for the next sale.
                _ if at_hand && (!sale.is_blank() || sale.is_known_to_server()) => {
                    state.sale = sale;
                }
                _ if sale.is_blank() => {
                    // It was left by an end between two records of one change.
                    let lost = sale.remote.map(|remote| Abandoned::Id(remote.id));
                    self.abandoned.extend(lost);
                }
                // As above: it is kept aside.
                (Step::Unknown(_), _) => state.unresolved.push(sale),
                _ => state.parked.push(sale),
            }
        }
        for Other { id, sum } in self.others {
            let step = self.steps.get(&id).copied().unwrap_or(CancelStep::Whole);
            state.ask_after_cancel(CancelTarget::Other(sum), id, step, self.now);
        }
        state.abandoned = self.abandoned;
        state.wake_at = Some(self.now);
    }
}
