//! The unknown outcome: asking until the server gives a definite status, never paying again.

use super::Turn;
use crate::till::{Call, CallKind, Inquiry, Link, NextQuestion, Pending, Say, Step};
use crate::wire::{Outcome, Status, Transaction};

/// The longest pause between two questions, ms.
const LONGEST_PAUSE: u64 = 30_000;

/// After this many answers in a row that say "not paid", giving the transaction up is offered.
pub const ENOUGH_ANSWERS: u32 = 4;

impl Turn<'_> {
    /// Asks the server where the transaction stands.
    pub(super) fn ask_again(&mut self) {
        let Some(id) = self.state.sale.remote.as_ref().map(|remote| remote.id.clone()) else {
            return;
        };
        self.inquiry_call(CallKind::Read, Call::Read(id));
    }

    /// The one safe next step when the server keeps saying "not paid": the transaction is given up
    /// there, so that a late `start` cannot take effect any more, and the sale is paid anew.
    pub(super) fn give_up_transaction(&mut self) {
        let Step::Unknown(inquiry) = &self.state.sale.step else { return };
        let offered = inquiry.unpaid_answers >= ENOUGH_ANSWERS;
        let idle = matches!(inquiry.next, NextQuestion::At(_));
        let Some(remote) = self.state.sale.remote.as_ref().filter(|_| offered && idle) else {
            return self.bell();
        };
        let id = remote.id.clone();
        self.inquiry_call(CallKind::Abort, Call::Abort(id));
    }

    fn inquiry_call(&mut self, kind: CallKind, call: Call) {
        let call = self.call(call);
        let since = self.state.now;
        if let Step::Unknown(inquiry) = &mut self.state.sale.step {
            inquiry.asked += 1;
            inquiry.next = NextQuestion::Asked(Pending { call, kind, since, revision: 0 });
        }
    }

    pub(super) fn inquired(
        &mut self,
        mut inquiry: Inquiry,
        kind: CallKind,
        outcome: Outcome<Transaction>,
    ) {
        let not_paid = match outcome {
            Outcome::Ok(transaction) => match transaction.status {
                Status::Ok => return self.paid(inquiry.payment, transaction),
                Status::Failed | Status::Cancelled => return self.failed(),
                Status::Aborted => return self.given_up(),
                Status::Created | Status::Processing => true,
                Status::Other => false,
            },
            // Giving up what the server does not know: there is nothing left that could be paid.
            Outcome::Refused(error) if error.is_not_found() && kind == CallKind::Abort => {
                return self.given_up();
            }
            Outcome::Refused(error) => error.is_not_found(),
            Outcome::Unknown(reason) | Outcome::Down(reason) => {
                self.state.link = Link::Down(reason);
                inquiry.reason = reason;
                false
            }
        };
        inquiry.unpaid_answers = if not_paid { inquiry.unpaid_answers + 1 } else { 0 };
        if not_paid {
            self.state.link = Link::Up;
        }
        let pause = (1_000 << inquiry.asked.min(5)).min(LONGEST_PAUSE);
        inquiry.next = NextQuestion::At(self.state.now + pause);
        self.state.sale.step = Step::Unknown(inquiry);
    }

    fn given_up(&mut self) {
        self.state.link = Link::Up;
        self.state.sale.remote = None;
        self.state.sale.step = Step::Basket(None);
        self.info(Say::GivenUp);
    }
}
