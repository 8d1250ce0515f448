//! Giving up transactions that nobody needs any more, one at a time, while the server answers.

use super::Context;
use super::inquiry::pause;
use crate::till::{
    Abandoned, Answer, Call, CallKind, Change, Link, Message, Record, ReleaseRetry, State, Waiter,
    bounds,
};
use crate::wire::{DownReason, Outcome, Status, Transaction};

/// Answers about an unpaid transaction that do not end it, before it is left alone.
const MOST_TRIES: u32 = 6;

/// True while one is being given up.
pub(super) fn is_under_way(state: &State) -> bool {
    state.waiting.any(|waiter| matches!(waiter, Waiter::Release { .. }))
}

impl Context<'_> {
    /// The transaction of the sale at hand is not needed any more.
    pub(super) fn abandon(&mut self) {
        let sale = &mut self.state.sale;
        let abandoned = match sale.remote.take() {
            Some(remote) => Abandoned::Id(remote.id),
            None if sale.create_sent => Abandoned::Reference(sale.transaction_ref()),
            None => return,
        };
        sale.create_sent = false;
        self.record(Change::Abandoned(abandoned.clone()));
        self.state.abandoned.push(abandoned);
        let mut unpaid = self.state.abandoned.iter().filter(|kept| !kept.may_be_paid());
        let oldest = unpaid.next().cloned();
        if let Some(oldest) = oldest.filter(|_| unpaid.count() >= bounds::ABANDONED) {
            self.done_with(oldest, None);
        }
    }

    /// Starts on the next one, if the server can be reached. Nobody waits for it.
    pub(super) fn release_next(&mut self) {
        let paired = self.state.pairing.is_none();
        let due = self.state.release_retry.at <= self.state.now;
        if self.state.link != Link::Up || !paired || !due || is_under_way(self.state) {
            return;
        }
        let Some(abandoned) = self.state.abandoned.first().cloned() else { return };
        let kind = match &abandoned {
            Abandoned::Id(_) => CallKind::Abort,
            Abandoned::Reference(_) => CallKind::Find,
            Abandoned::WrittenOff { .. } => CallKind::Read,
        };
        self.ask_to_release(abandoned, kind);
    }

    fn ask_to_release(&mut self, abandoned: Abandoned, kind: CallKind) {
        let call = match &abandoned {
            Abandoned::Id(id) | Abandoned::WrittenOff { id, .. } if kind == CallKind::Read => {
                Call::Read(id.clone())
            }
            Abandoned::Id(id) | Abandoned::WrittenOff { id, .. } => Call::Abort(id.clone()),
            Abandoned::Reference(reference) => Call::Find(reference.clone()),
        };
        self.call(call, Waiter::Release { abandoned, kind });
    }

    pub(super) fn released(
        &mut self,
        abandoned: Abandoned,
        kind: CallKind,
        outcome: Outcome<Answer>,
    ) {
        if kind != CallKind::Find {
            return self.release_answered(abandoned, kind, outcome.expect_kind());
        }
        match outcome.expect_kind::<Option<Transaction>>() {
            Outcome::Ok(found) => self.done_with(abandoned, found.map(|found| found.id)),
            outcome => self.not_released(abandoned, kind, outcome.map(drop)),
        }
    }

    fn release_answered(
        &mut self,
        abandoned: Abandoned,
        kind: CallKind,
        outcome: Outcome<Transaction>,
    ) {
        let transaction = match outcome {
            Outcome::Ok(transaction) => transaction,
            outcome => return self.not_released(abandoned, kind, outcome.map(drop)),
        };
        let id = match &abandoned {
            Abandoned::Id(id) | Abandoned::WrittenOff { id, .. } => Some(id),
            Abandoned::Reference(_) => None,
        };
        if id != Some(&transaction.id) {
            // The answer of another transaction.
            return self.retry_release(abandoned);
        }
        match (transaction.status, &abandoned) {
            (Status::Created | Status::Processing, Abandoned::WrittenOff { .. })
                if kind == CallKind::Read =>
            {
                self.ask_to_release(abandoned, CallKind::Abort);
            }
            (Status::Created | Status::Processing, _) => self.retry_release(abandoned),
            (Status::Failed | Status::Aborted | Status::Cancelled, _) | (_, Abandoned::Id(_)) => {
                self.done_with(abandoned, None);
            }
            (Status::Ok, Abandoned::WrittenOff { id, due }) => {
                // It was paid after all: the cashier is told, and the journal keeps it.
                self.tell(Change::FoundPaid { id: id.clone(), due: *due });
                self.error(Message::WrittenOffWasPaid(*due));
                self.done_with(abandoned, None);
            }
            (_, Abandoned::WrittenOff { .. } | Abandoned::Reference(_)) => {
                self.retry_release(abandoned);
            }
        }
    }

    /// An answer that does not say that it is given up.
    fn not_released(&mut self, abandoned: Abandoned, kind: CallKind, outcome: Outcome<()>) {
        if matches!(outcome, Outcome::Unknown(DownReason::Unreadable)) {
            self.state.link = Link::Up;
        }
        match outcome {
            // Tried again when the till is paired.
            Outcome::Refused(error) if error.is_unpaired() => {}
            // What cannot be given up is no longer waiting to be paid. What was written off is
            // asked after until the server names its status.
            Outcome::Refused(_) if !matches!(abandoned, Abandoned::WrittenOff { .. }) => {
                self.done_with(abandoned, None);
            }
            // Servers of old answer an abort without the transaction: reading it tells.
            Outcome::Unknown(DownReason::Unreadable)
                if kind == CallKind::Abort && matches!(abandoned, Abandoned::Id(_)) =>
            {
                self.ask_to_release(abandoned, CallKind::Read);
            }
            Outcome::Refused(_)
            | Outcome::Unknown(DownReason::Unreadable | DownReason::Internal)
            | Outcome::Ok(()) => self.retry_release(abandoned),
            // Tried again when the server is heard of the next time.
            Outcome::Unknown(_) | Outcome::Down(_) => {}
        }
    }

    /// Tries the next one first, and this one again later. An unpaid transaction of which nothing
    /// definite is heard is left alone after a while: no `start` was sent for it. One that was
    /// written off stays.
    fn retry_release(&mut self, abandoned: Abandoned) {
        let tries = self.state.release_retry.tries + 1;
        let doubtful = matches!(abandoned, Abandoned::WrittenOff { .. });
        if tries >= MOST_TRIES && !doubtful {
            return self.done_with(abandoned, None);
        }
        self.state.release_retry = ReleaseRetry { tries, at: self.state.now + pause(tries) };
        if doubtful && !self.state.abandoned.is_empty() {
            self.state.abandoned.rotate_left(1);
        }
    }

    fn done_with(&mut self, abandoned: Abandoned, found: Option<String>) {
        self.state.release_retry = ReleaseRetry::default();
        self.state.abandoned.retain(|kept| *kept != abandoned);
        self.tell(Change::Released(abandoned));
        if let Some(id) = found {
            let abandoned = Abandoned::Id(id);
            self.tell(Change::Abandoned(abandoned.clone()));
            self.state.abandoned.push(abandoned);
        }
    }

    /// Tells the journal of a transaction that belongs to no sale any more.
    pub(super) fn tell(&mut self, change: Change) {
        self.records.push(Record { sale: String::new(), change });
    }
}
