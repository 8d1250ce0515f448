//! Answers of the server: each goes to its waiter.
//!
//! Owns what is equal for all of them: stale answers, a till that is not paired, and the state of
//! the link. Must not know what an answer means to its waiter.

use super::Context;
use crate::till::{Action, Answer, CallId, Cause, Link, Message, Waiter};
use crate::wire::Outcome;

impl Context<'_> {
    /// Handles the answer to the call `id`. Without a waiter it is stale and ignored.
    pub(super) fn answer(&mut self, id: CallId, outcome: Outcome<Answer>) {
        let Some(waiter) = self.state.waiting.take(id) else { return };
        let before = self.state.link;
        if !waiter.is_local() {
            self.heard(&waiter, &outcome);
        }
        if is_unpaired(&outcome) && waiter != Waiter::Pairing {
            self.unpaired(&waiter);
            if !self.state.still_waits(&waiter) {
                return;
            }
        }
        match waiter {
            Waiter::Connect => self.connected(outcome.expect_kind(), before),
            Waiter::Sale => self.sale_answered(outcome),
            Waiter::Start => self.started(outcome.expect_kind()),
            Waiter::AbortPayment => self.abort_answered(outcome.expect_kind()),
            Waiter::Inquiry { sale, kind } => self.inquired(&sale, kind, outcome.expect_kind()),
            Waiter::Cancellation { id, kind } => {
                self.cancel_answered(&id, kind, outcome.expect_kind());
            }
            Waiter::Release { abandoned, kind } => self.released(abandoned, kind, outcome),
            Waiter::Pairing => self.pairing_answered(outcome.expect_kind()),
            Waiter::Terminal(job) => self.terminal_answered(job, outcome.expect_kind()),
            Waiter::Rows => self.rows_answered(outcome.expect_kind()),
            Waiter::Row => self.row_answered(outcome.expect_kind()),
            Waiter::Card => self.card_found(outcome.expect_kind()),
            Waiter::CardLock => self.lock_explained(outcome.expect_kind()),
            Waiter::Code(entry) => self.code_answered(entry, outcome.expect_kind()),
            Waiter::Fetch(command) => self.fetched(command, outcome),
            Waiter::Faults => self.faults_set(outcome.expect_kind()),
            Waiter::CancelListed { id, sum, step, booked } => {
                self.cancel_listed_as(id, sum, step, booked, outcome.expect_kind());
            }
        }
    }

    /// Sets the link by this outcome.
    fn heard(&mut self, waiter: &Waiter, outcome: &Outcome<Answer>) {
        match outcome {
            // Without a pairing the client may refuse before it asks; and a server that refuses
            // the till itself is of no use yet.
            Outcome::Refused(_) if is_unpaired(outcome) || *waiter == Waiter::Connect => {}
            Outcome::Ok(_) | Outcome::Refused(_) => self.state.link = Link::Up,
            Outcome::Unknown(reason) | Outcome::Down(reason) => {
                self.state.link = Link::Down(*reason);
            }
        }
    }

    /// The answer to a question that moves no money; says what came instead of one.
    pub(super) fn said<T>(&mut self, action: Action, outcome: Outcome<T>) -> Option<T> {
        match answered(action, outcome) {
            Ok(answer) => {
                self.gone(Cause::Call(action));
                Some(answer)
            }
            Err(failure) => {
                self.error(failure);
                None
            }
        }
    }
}

/// The answer, or what is said instead of one.
pub(super) fn answered<T>(action: Action, outcome: Outcome<T>) -> Result<T, Message> {
    match outcome {
        Outcome::Ok(answer) => Ok(answer),
        Outcome::Refused(error) => Err(Message::Refused(action, error)),
        Outcome::Unknown(reason) => Err(Message::NoAnswer(action, reason)),
        Outcome::Down(reason) => Err(Message::Down(action, reason)),
    }
}

fn is_unpaired(outcome: &Outcome<Answer>) -> bool {
    matches!(outcome, Outcome::Refused(error) if error.is_unpaired())
}
