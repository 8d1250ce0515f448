//! The unknown outcome: asking until the server gives a definite status, never paying again.
//!
//! The sale may be at hand or put aside (detached); both are asked after in the same way.

use super::Context;
use super::matching::Asked;
use crate::till::head::Head;
use crate::till::overlay::Shift;
use crate::till::{
    Abandoned, Call, CallKind, Change, Command, Inquiry, Link, Message, NextQuestion, Offer,
    Overlay, Record, Refusal, Sale, State, Step, Waiter, bounds,
};
use crate::wire::{DownReason, Outcome, Status, Transaction};

/// The longest pause between two questions, ms.
const LONGEST_PAUSE: u64 = 10_000;

/// Where a sale that is asked after stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::till) enum At {
    Hand,
    Unresolved(usize),
}

/// The pause before the next question, ms.
pub(super) fn pause(asked: u32) -> u64 {
    (1_000 << asked.min(5)).min(LONGEST_PAUSE)
}

/// What an answer says of the payment.
enum Verdict {
    Paid(Box<Transaction>),
    /// The server will not carry it out any more.
    Failed,
    /// Its transaction is given up.
    GivenUp,
    /// Not paid so far, and nobody waits for it: its transaction is to be given up.
    Unwanted,
    /// The answer does not say; reading the transaction does.
    Unclear,
    Open,
}

fn sale_at(state: &mut State, at: At) -> Option<&mut Sale> {
    match at {
        At::Hand => Some(&mut state.sale),
        At::Unresolved(index) => state.unresolved.get_mut(index),
    }
}

fn inquiry_of(sale: &Sale) -> Option<&Inquiry> {
    match &sale.step {
        Step::Unknown(inquiry) => Some(inquiry),
        _ => None,
    }
}

impl Context<'_> {
    fn all(&self) -> impl Iterator<Item = (At, &Inquiry)> {
        let unresolved = self.state.unresolved.iter().enumerate();
        std::iter::once((At::Hand, &self.state.sale))
            .chain(unresolved.map(|(index, sale)| (At::Unresolved(index), sale)))
            .filter_map(|(at, sale)| Some((at, inquiry_of(sale)?)))
    }

    /// Asks where the transactions stand whose next question is due.
    pub(super) fn ask_due(&mut self) {
        let now = self.state.now;
        let due: Vec<At> = self
            .all()
            .filter(|(_, inquiry)| matches!(inquiry.next, NextQuestion::At(due) if due <= now))
            .map(|(at, _)| at)
            .collect();
        for at in due {
            self.ask(at, CallKind::Read, Call::Read);
        }
    }

    /// The server is heard of again: all open questions are due at once.
    pub(super) fn ask_now(&mut self) {
        let now = self.state.now;
        let sales = std::iter::once(&mut self.state.sale).chain(&mut self.state.unresolved);
        for sale in sales {
            if let Step::Unknown(Inquiry { next: NextQuestion::At(due), .. }) = &mut sale.step {
                *due = now;
            }
        }
        self.ask_due();
    }

    fn ask(&mut self, at: At, kind: CallKind, make: fn(String) -> Call) {
        let Some(sale) = sale_at(self.state, at) else { return };
        let (Some(remote), Step::Unknown(inquiry)) = (&sale.remote, &mut sale.step) else { return };
        inquiry.asked += 1;
        inquiry.next = NextQuestion::Asked;
        let waiter = Waiter::Inquiry { sale: sale.reference.clone(), kind };
        let call = make(remote.id.clone());
        self.call(call, waiter);
    }

    /// → on an unknown outcome: what is offered. Where the server keeps saying "not paid", the
    /// transaction is given up there, so that a late `start` cannot take effect any more; where it
    /// says nothing usable for long, the cashier is asked for a decision.
    pub(in crate::till) fn end_inquiry(&mut self, at: At) {
        let (now, settings) = (self.state.now, self.settings);
        let inquiry = self.all().find_map(|(of, inquiry)| (of == at).then_some(inquiry));
        let idle = inquiry.is_some_and(|inquiry| matches!(inquiry.next, NextQuestion::At(_)));
        match inquiry.and_then(|inquiry| inquiry.offer(now, settings)) {
            Some(Offer::GiveUp) if idle => self.ask(at, CallKind::Abort, Call::Abort),
            Some(Offer::WriteOff) => {
                self.state.overlays.cover(Overlay::Confirm(Command::WriteOff));
            }
            _ => self.bell(),
        }
    }

    /// The answer about the sale with this reference, at hand or detached.
    pub(super) fn inquired(
        &mut self,
        reference: &str,
        kind: CallKind,
        outcome: Outcome<Transaction>,
    ) {
        let now = self.state.now;
        let currency = self.settings.currency.as_str();
        let detached = self.state.unresolved.iter().position(|sale| sale.reference == reference);
        let at = detached.map_or(At::Hand, At::Unresolved);
        let Some(sale) = sale_at(self.state, at) else { return };
        let asked = Asked::about(sale);
        let answered = match &outcome {
            // Only what is paid must be what the till shows.
            Outcome::Ok(answer) if answer.status == Status::Ok => {
                asked.is_answered_by(answer, currency)
            }
            Outcome::Ok(answer) => asked.is_named_by(answer),
            _ => false,
        };
        let Step::Unknown(inquiry) = &mut sale.step else { return };
        let asked_to_give_up = kind == CallKind::Abort;
        let mut unpaid = false;
        let verdict = match outcome {
            // A status of another transaction says nothing about this one.
            Outcome::Ok(_) if !answered => {
                inquiry.reason = DownReason::Unreadable;
                Verdict::Open
            }
            Outcome::Ok(transaction) => match transaction.status {
                Status::Ok => Verdict::Paid(Box::new(transaction)),
                Status::Failed | Status::Cancelled => Verdict::Failed,
                Status::Aborted => Verdict::GivenUp,
                Status::Created | Status::Processing => {
                    unpaid = true;
                    let ends = inquiry.ends_unpaid() && !asked_to_give_up;
                    if ends { Verdict::Unwanted } else { Verdict::Open }
                }
                Status::Approved
                | Status::Pending
                | Status::Received
                | Status::Shipped
                | Status::Collection
                | Status::Collected
                | Status::Other => Verdict::Open,
            },
            // No refusal is a proof, and least of all "not found": it may be that of a server
            // whose copy lags behind.
            Outcome::Refused(error) => {
                inquiry.reason = DownReason::Refused(error.http);
                Verdict::Open
            }
            // Servers of old answer an abort without the transaction: reading it tells.
            Outcome::Unknown(DownReason::Unreadable) if asked_to_give_up && !inquiry.kept => {
                Verdict::Unclear
            }
            Outcome::Unknown(reason) | Outcome::Down(reason) => {
                inquiry.reason = reason;
                Verdict::Open
            }
        };
        if asked_to_give_up {
            inquiry.kept = true;
        }
        if matches!(verdict, Verdict::Open | Verdict::Unwanted) {
            inquiry.unpaid_answers = if unpaid { inquiry.unpaid_answers + 1 } else { 0 };
            inquiry.next = NextQuestion::At(now + pause(inquiry.asked));
        }
        match (verdict, at) {
            (Verdict::Open, _) => {}
            (Verdict::Unclear, at) => {
                self.state.link = Link::Up;
                self.ask(at, CallKind::Read, Call::Read);
            }
            (Verdict::Unwanted, at) => self.ask(at, CallKind::Abort, Call::Abort),
            (verdict, At::Hand) => self.ended_at_hand(verdict),
            (verdict, At::Unresolved(index)) => self.ended_aside(index, verdict),
        }
    }

    /// The outcome of the sale at hand is known.
    fn ended_at_hand(&mut self, verdict: Verdict) {
        let Step::Unknown(inquiry) = &self.state.sale.step else { return };
        let inquiry = inquiry.clone();
        match verdict {
            Verdict::Paid(transaction) => return self.paid(inquiry.payment, *transaction),
            Verdict::Failed if !inquiry.broken_off => {
                let said = inquiry.refused.map(|error| error.user).unwrap_or_default();
                return self.failed(&inquiry.payment, said);
            }
            _ => {}
        }
        let sale = &mut self.state.sale;
        sale.next_attempt();
        sale.step = Step::Basket(None);
        match inquiry.refused.clone() {
            _ if inquiry.broken_off => self.error(Message::BrokenOff),
            Some(error) => self.start_refused(&inquiry, *error),
            None => self.info(Message::GivenUp),
        }
    }

    /// The outcome of a sale that was put aside is known.
    fn ended_aside(&mut self, index: usize, verdict: Verdict) {
        let Some(mut sale) = self.take_unresolved(index) else { return };
        let sum = sale.basket.sum();
        if let (Verdict::Paid(transaction), Some(inquiry)) = (verdict, inquiry_of(&sale)) {
            let payment = inquiry.payment.clone();
            let before = Head::of(&sale);
            self.finish(&mut sale, payment, *transaction);
            self.record_change_of(&before, &sale);
            self.info(Message::ResolvedPaid(sum));
        } else {
            self.park_unpaid(sale);
            self.error(Message::ResolvedUnpaid(sum));
        }
    }

    fn park_unpaid(&mut self, mut sale: Sale) {
        let before = Head::of(&sale);
        sale.next_attempt();
        sale.step = Step::Basket(None);
        self.record_change_of(&before, &sale);
        let parked = Record { sale: sale.reference.clone(), change: Change::Parked };
        self.records.push(parked);
        self.state.parked.push(sale);
    }

    /// The cashier's decision to go on without an outcome, of the sale that the list below the
    /// question highlights or of the one at hand. It is recorded as a decision, and the
    /// transaction goes on being asked after: if it turns out paid, that is said.
    pub(super) fn write_off(&mut self) {
        let listed = self.state.overlays.iter().find_map(|overlay| match overlay {
            Overlay::Unresolved(list) => Some(At::Unresolved(list.0)),
            _ => None,
        });
        let at = listed.unwrap_or(At::Hand);
        let (now, settings) = (self.state.now, self.settings);
        let offered = self
            .all()
            .any(|(of, inquiry)| of == at && inquiry.offer(now, settings) == Some(Offer::WriteOff));
        if !offered {
            return self.bell();
        }
        let written_off = self.state.abandoned.iter().filter(|kept| kept.may_be_paid()).count();
        if written_off >= bounds::PAYMENTS {
            let refusal = Refusal::TooManyOpen(bounds::PAYMENTS);
            return self.refuse(Command::WriteOff, refusal);
        }
        let Some(sale) = sale_at(self.state, at) else { return };
        let (reference, sum) = (sale.reference.clone(), sale.basket.sum());
        let Some(inquiry) = inquiry_of(sale) else { return };
        let (due, reason) = (inquiry.payment.due, inquiry.reason);
        let id = sale.remote.as_ref().map(|remote| remote.id.clone()).unwrap_or_default();
        let change = Change::WrittenOff { id: id.clone(), due, reason };
        self.records.push(Record { sale: reference, change });
        let abandoned = Abandoned::WrittenOff { id, due };
        self.tell(Change::Abandoned(abandoned.clone()));
        self.state.abandoned.push(abandoned);
        match at {
            At::Hand => {
                let sale = &mut self.state.sale;
                sale.next_attempt();
                sale.step = Step::Basket(None);
            }
            At::Unresolved(index) => {
                if let Some(sale) = self.take_unresolved(index) {
                    self.park_unpaid(sale);
                }
            }
        }
        self.error(Message::WrittenOff(sum));
    }

    /// Takes a sale from those that are asked after.
    fn take_unresolved(&mut self, index: usize) -> Option<Sale> {
        if index >= self.state.unresolved.len() {
            return None;
        }
        let sale = self.state.unresolved.remove(index);
        self.open_taken(index);
        Some(sale)
    }

    /// F9 while the outcome is unknown: the next customer is served, the question goes on.
    pub(super) fn detach(&mut self) {
        self.record(Change::Detached);
        let next = self.state.blank_sale();
        let sale = std::mem::replace(&mut self.state.sale, next);
        self.state.unresolved.push(sale);
        if !self.state.cancellations.is_empty() {
            // It comes ahead of all cancellations.
            let at = self.state.unresolved.len().saturating_sub(1);
            self.state.overlays.shift(Shift::OpenAdded(at));
        }
        self.state.last_swipe = None;
        self.clear_stale_errors();
        self.clear_entry();
        self.info(Message::Detached);
    }
}
