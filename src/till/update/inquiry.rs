//! The unknown outcome: asking until the server gives a definite status, never paying again.
//!
//! The sale may be at hand or put aside (detached); both are asked after in the same way.

use super::Turn;
use crate::till::{
    Call, CallId, CallKind, Change, Inquiry, Link, NextQuestion, Overlay, Pending, Record, Sale,
    Say, State, Step,
};
use crate::wire::{Outcome, Status, Transaction};

/// The longest pause between two questions, ms.
const LONGEST_PAUSE: u64 = 10_000;

/// Where a sale that is asked after stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum At {
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
    Failed,
    GivenUp,
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

impl Turn<'_> {
    fn all(&self) -> impl Iterator<Item = (At, &Inquiry)> {
        let unresolved = self.state.unresolved.iter().enumerate();
        std::iter::once((At::Hand, &self.state.sale))
            .chain(unresolved.map(|(index, sale)| (At::Unresolved(index), sale)))
            .filter_map(|(at, sale)| Some((at, inquiry_of(sale)?)))
    }

    /// Whose question this call was.
    pub(super) fn asked_by(&self, call: CallId) -> Option<(At, CallKind)> {
        self.all().find_map(|(at, inquiry)| match &inquiry.next {
            NextQuestion::Asked(pending) if pending.call == call => Some((at, pending.kind)),
            _ => None,
        })
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
        let remote = sale_at(self.state, at).and_then(|sale| sale.remote.as_ref());
        let Some(id) = remote.map(|remote| remote.id.clone()) else { return };
        let call = self.call(make(id));
        let since = self.state.now;
        if let Some(Sale { step: Step::Unknown(inquiry), .. }) = sale_at(self.state, at) {
            inquiry.asked += 1;
            inquiry.next = NextQuestion::Asked(Pending { call, kind, since, revision: 0 });
        }
    }

    /// The one safe next step when the server keeps saying "not paid": the transaction is given up
    /// there, so that a late `start` cannot take effect any more, and the sale is paid anew.
    pub(super) fn give_up_transaction(&mut self, at: At) {
        let offered = self.all().any(|(of, inquiry)| {
            of == at
                && inquiry.may_give_up(self.state.now, self.settings)
                && matches!(inquiry.next, NextQuestion::At(_))
        });
        if offered {
            self.ask(at, CallKind::Abort, Call::Abort);
        } else {
            self.bell();
        }
    }

    pub(super) fn inquired(&mut self, at: At, kind: CallKind, outcome: Outcome<Transaction>) {
        let now = self.state.now;
        let Some(sale) = sale_at(self.state, at) else { return };
        let id = sale.remote.as_ref().map(|remote| remote.id.clone()).unwrap_or_default();
        let Step::Unknown(inquiry) = &mut sale.step else { return };
        let payment = inquiry.payment.clone();
        let mut link = Link::Up;
        let mut unpaid = false;
        let verdict = match outcome {
            // A status of another transaction says nothing about this one.
            Outcome::Ok(transaction) if transaction.id != id => Verdict::Open,
            Outcome::Ok(transaction) => match transaction.status {
                Status::Ok => Verdict::Paid(Box::new(transaction)),
                Status::Failed | Status::Cancelled => Verdict::Failed,
                Status::Aborted => Verdict::GivenUp,
                Status::Created | Status::Processing => {
                    unpaid = true;
                    inquiry.unknown_there = false;
                    Verdict::Open
                }
                Status::Approved
                | Status::Pending
                | Status::Received
                | Status::Shipped
                | Status::Collection
                | Status::Collected
                | Status::Other => Verdict::Open,
            },
            // Giving up what the server does not know, as it has just said when it was asked: there
            // is nothing left that could be paid.
            Outcome::Refused(error)
                if error.is_not_found() && kind == CallKind::Abort && inquiry.unknown_there =>
            {
                Verdict::GivenUp
            }
            Outcome::Refused(error) => {
                unpaid = error.is_not_found();
                inquiry.unknown_there = unpaid && kind == CallKind::Read;
                Verdict::Open
            }
            Outcome::Unknown(reason) | Outcome::Down(reason) => {
                link = Link::Down(reason);
                inquiry.reason = reason;
                Verdict::Open
            }
        };
        if matches!(verdict, Verdict::Open) {
            inquiry.unpaid_answers = if unpaid { inquiry.unpaid_answers + 1 } else { 0 };
            inquiry.next = NextQuestion::At(now + pause(inquiry.asked));
        }
        self.state.link = link;
        match (verdict, at) {
            (Verdict::Open, _) => {}
            (Verdict::Paid(transaction), At::Hand) => self.paid(payment, *transaction),
            (Verdict::Failed, At::Hand) => self.failed(&payment, String::new()),
            (Verdict::GivenUp, At::Hand) => self.given_up(),
            (Verdict::Paid(transaction), At::Unresolved(index)) => {
                let mut sale = self.take_unresolved(index);
                let sum = sale.basket.sum();
                self.finish(&mut sale, payment, *transaction);
                self.record_head_of(&sale);
                self.info(Say::ResolvedPaid(sum));
            }
            (Verdict::Failed | Verdict::GivenUp, At::Unresolved(index)) => {
                let mut sale = self.take_unresolved(index);
                let sum = sale.basket.sum();
                sale.remote = None;
                sale.attempts += 1;
                sale.step = Step::Basket(None);
                self.record_head_of(&sale);
                let parked = Record { sale: sale.reference.clone(), change: Change::Parked };
                self.records.push(parked);
                self.state.parked.push(sale);
                self.error(Say::ResolvedUnpaid(sum));
            }
        }
    }

    /// Takes a sale from those that are asked after. The list goes on highlighting the one that it
    /// did: → on it gives that one up.
    fn take_unresolved(&mut self, index: usize) -> Sale {
        for overlay in &mut self.state.overlays {
            if let Overlay::Unresolved(selected) = overlay
                && *selected > index
            {
                *selected -= 1;
            }
        }
        self.state.unresolved.remove(index)
    }

    fn given_up(&mut self) {
        self.state.sale.remote = None;
        self.state.sale.attempts += 1;
        self.state.sale.step = Step::Basket(None);
        self.info(Say::GivenUp);
    }

    /// F9 while the outcome is unknown: the next customer is served, the question goes on.
    pub(super) fn detach(&mut self) {
        self.record(Change::Detached);
        let next = self.state.blank_sale();
        let sale = std::mem::replace(&mut self.state.sale, next);
        self.state.unresolved.push(sale);
        self.row_before_cancels();
        self.state.last_swipe = None;
        self.superseded();
        self.clear_entry();
        self.info(Say::Detached);
    }

    pub(super) fn show_unresolved(&mut self) {
        if self.state.unresolved.is_empty() && self.state.cancellations.is_empty() {
            return self.error(Say::NothingUnresolved);
        }
        self.open(Overlay::Unresolved(0));
    }
}
