//! Cancelling a paid sale: like `start`, sent once, and asked after when there is no answer.

use super::Turn;
use super::inquiry::pause;
use crate::till::{
    Action, Call, CallId, CallKind, Cancellation, Cancelled, Cause, Change, ENOUGH_ANSWERS, Link,
    NextQuestion, Other, Overlay, Pending, Record, Say, Step, Whose,
};
use crate::wire::{DownReason, Outcome, Status, Transaction};

impl Turn<'_> {
    /// Asks the server to cancel the sale at this index of the history.
    pub(super) fn cancel_sale(&mut self, index: usize) {
        if self.is_stopped() {
            return;
        }
        let Some(finished) = self.state.history.get(index) else { return self.bell() };
        if finished.cancelled.is_some() {
            return self.error(Say::AlreadyCancelled);
        }
        if self.state.cancellation.is_some() {
            return self.error(Say::CancelUnderWay);
        }
        let (reference, id) = (finished.reference.clone(), finished.id.clone());
        self.records.push(Record { sale: reference.clone(), change: Change::Cancelling });
        self.send_cancel(Whose::Ours(reference), id);
    }

    /// Asks the server to cancel the transaction that its list highlights: by the way of our own
    /// history where it is one of ours.
    pub(super) fn cancel_listed(&mut self) {
        if self.is_stopped() {
            return;
        }
        let Some((id, sum)) = self.listed().map(|row| (row.id.clone(), row.sum)) else {
            return self.bell();
        };
        if let Some(index) = self.state.history.iter().position(|sale| sale.id == id) {
            return self.cancel_sale(index);
        }
        if self.state.cancellation.is_some() {
            return self.error(Say::CancelUnderWay);
        }
        let other = Other { id: id.clone(), sum };
        self.tell(Change::CancellingOther(other));
        self.send_cancel(Whose::Other(sum), id);
    }

    /// Sends the cancel: the only place that does, with its intent recorded.
    fn send_cancel(&mut self, whose: Whose, id: String) {
        let call = self.call(Call::Cancel(id.clone()));
        let next = self.asked(call, CallKind::Cancel);
        self.state.cancellation =
            Some(Cancellation { whose, id, unknown: None, paid_answers: 0, asked: 0, next });
    }

    fn asked(&self, call: CallId, kind: CallKind) -> NextQuestion {
        NextQuestion::Asked(Pending { call, kind, since: self.state.now, revision: 0 })
    }

    pub(super) fn ask_after_cancel_if_due(&mut self) {
        let now = self.state.now;
        let id = match &self.state.cancellation {
            Some(Cancellation { next: NextQuestion::At(due), id, .. }) if *due <= now => id.clone(),
            _ => return,
        };
        let call = self.call(Call::Read(id));
        let next = self.asked(call, CallKind::Read);
        if let Some(cancellation) = &mut self.state.cancellation {
            cancellation.asked += 1;
            cancellation.next = next;
        }
    }

    pub(super) fn cancel_answered(&mut self, id: CallId, outcome: Outcome<Transaction>) {
        let Some(mut cancellation) = self.state.cancellation.take() else { return };
        let kind = match &cancellation.next {
            NextQuestion::Asked(pending) if pending.call == id => pending.kind,
            _ => {
                self.state.cancellation = Some(cancellation);
                return;
            }
        };
        let still_paid = match outcome {
            Outcome::Ok(transaction) if transaction.status == Status::Cancelled => {
                return self.cancelled(&cancellation, transaction);
            }
            Outcome::Ok(transaction) => transaction.status == Status::Ok,
            Outcome::Refused(error) if kind == CallKind::Cancel => {
                self.state.link = Link::Up;
                self.error(Say::Refused(Action::Cancel, error));
                // An earlier cancel may have come through late: one look tells.
                cancellation.paid_answers = ENOUGH_ANSWERS - 1;
                cancellation.unknown = Some(DownReason::Unreadable);
                cancellation.next = NextQuestion::At(self.state.now);
                self.state.cancellation = Some(cancellation);
                return;
            }
            Outcome::Down(reason) if kind == CallKind::Cancel => {
                self.state.link = Link::Down(reason);
                self.not_cancelled(&cancellation);
                return self.error(Say::Down(Action::Cancel, reason));
            }
            Outcome::Refused(_) => false,
            Outcome::Unknown(reason) | Outcome::Down(reason) => {
                self.state.link = Link::Down(reason);
                if cancellation.unknown.is_none() {
                    self.error(Say::CancelUnknown);
                }
                cancellation.unknown = Some(reason);
                false
            }
        };
        if still_paid {
            self.state.link = Link::Up;
        }
        cancellation.paid_answers = if still_paid { cancellation.paid_answers + 1 } else { 0 };
        if cancellation.paid_answers >= ENOUGH_ANSWERS {
            self.not_cancelled(&cancellation);
            return self.error(Say::NotCancelled);
        }
        cancellation.unknown = cancellation.unknown.or(Some(DownReason::Unreadable));
        cancellation.next = NextQuestion::At(self.state.now + pause(cancellation.asked));
        self.state.cancellation = Some(cancellation);
    }

    fn cancelled(&mut self, cancellation: &Cancellation, transaction: Transaction) {
        self.state.link = Link::Up;
        self.gone_if(|cause| matches!(cause, Cause::Cancel | Cause::Call(Action::Cancel)));
        self.relist(&transaction);
        let reference = match &cancellation.whose {
            Whose::Ours(reference) => reference,
            Whose::Other(sum) => {
                let id = cancellation.id.clone();
                self.tell(Change::OtherSettled { id, cancelled: true });
                return self.info(Say::Cancelled(*sum));
            }
        };
        let cancelled = Cancelled {
            booked: transaction.updated.unwrap_or(transaction.created),
            receipt: transaction.receipt.unwrap_or_default(),
        };
        let change = Change::Cancelled(Box::new(cancelled.clone()));
        self.records.push(Record { sale: reference.clone(), change });
        if let Step::Done(finished) = &mut self.state.sale.step
            && finished.reference == *reference
        {
            finished.cancelled = Some(cancelled.clone());
        }
        let found = self.state.history.iter().position(|sale| sale.reference == *reference);
        let Some(index) = found else { return };
        let mut sum = crate::money::Money::ZERO;
        if let Some(finished) = self.state.history.get_mut(index) {
            sum = finished.basket.sum();
            finished.cancelled = Some(cancelled);
        }
        // The storno receipt is shown where the cashier asked for it, and nowhere else.
        if matches!(self.state.overlays.last(), Some(Overlay::History(_))) {
            self.state.overlays.push(Overlay::Receipt { of: Some(index), scroll: 0 });
        }
        self.info(Say::Cancelled(sum));
    }

    fn not_cancelled(&mut self, cancellation: &Cancellation) {
        self.gone(Cause::Cancel);
        match &cancellation.whose {
            Whose::Ours(reference) => {
                let change = Change::NotCancelled;
                self.records.push(Record { sale: reference.clone(), change });
            }
            Whose::Other(_) => {
                let id = cancellation.id.clone();
                self.tell(Change::OtherSettled { id, cancelled: false });
            }
        }
    }
}
