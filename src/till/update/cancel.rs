//! Cancelling a paid sale: each call is sent once with its intent recorded, and the sale's status
//! on the server alone says what became of it.
//!
//! A sale paid at the terminal is taken back in two calls: `cancelTrx` for what the terminal took,
//! then `cancel` for what was booked on a card. The terminal comes first: it is the one that may
//! refuse, and the transaction is `cancelled` only once it has given the money back. `cancelled`
//! turns answers into what is kept and shown.

use super::Context;
use super::inquiry::pause;
use crate::money::Money;
use crate::till::allowed::terminal_is_free;
use crate::till::{
    Action, Call, CallKind, CancelStep, CancelTarget, Cancellation, CardSide, Cause, Change,
    Command, ENOUGH_ANSWERS, Finished, Message, NextCancel, Other, Record, Step, Waiter,
};
use crate::wire::{DownReason, Outcome, StartMethod, Status, Transaction};

impl Context<'_> {
    /// Asks the server to cancel a sale of this till.
    pub(super) fn cancel_sale(&mut self, finished: Finished) {
        let step = match &finished.cancelled {
            None => finished.cancel_step(),
            // What never left may be sent.
            Some(cancelled) if cancelled.card == CardSide::Standing => CancelStep::Card(None),
            Some(_) => return self.error(Message::AlreadyCancelled),
        };
        let (id, booked) = (finished.id.clone(), finished.loyalty);
        self.begin_cancel(CancelTarget::Ours(Box::new(finished)), id, step, booked);
    }

    /// Asks the server to cancel the transaction that its list highlights. Where it has a reference,
    /// the journal is asked first whether it is a sale of this till.
    pub(super) fn cancel_listed(&mut self) {
        let Some(row) = self.listed() else { return self.bell() };
        let (id, sum, booked) = (row.id.clone(), row.sum, row.loyalty);
        let step = row.receipt_number.map_or(CancelStep::Whole, CancelStep::Terminal);
        if let Some(reference) = row.reference.clone() {
            let call = Call::OwnSale { id: id.clone(), reference };
            self.call(call, Waiter::CancelListed { id, sum, step, booked });
        } else {
            self.begin_cancel(CancelTarget::Other(sum), id, step, Some(booked));
        }
    }

    /// The journal has said whether a listed transaction is a sale of this till.
    pub(super) fn cancel_listed_as(
        &mut self,
        id: String,
        sum: Money,
        step: CancelStep,
        booked: usize,
        ours: Outcome<Option<Box<Finished>>>,
    ) {
        match self.said(Action::Cancel, ours) {
            // Nothing is cancelled without knowing whose it is.
            None => {}
            Some(Some(sale)) => self.cancel_sale(*sale),
            Some(None) => {
                self.begin_cancel(CancelTarget::Other(sum), id, step, Some(booked));
            }
        }
    }

    /// The first call of a cancellation, unless another one of this sale is not over.
    fn begin_cancel(
        &mut self,
        whose: CancelTarget,
        id: String,
        step: CancelStep,
        booked: Option<usize>,
    ) {
        if let Some(other) = self.state.cancellations.iter().find(|other| other.id == id) {
            let open = !other.is_expected();
            return self.error(if open { Message::CancelOpen } else { Message::CancelUnderWay });
        }
        let at_terminal = matches!(step, CancelStep::Terminal(_) | CancelStep::Number);
        if at_terminal && (self.paying_at_terminal() || !self.terminal_is_free()) {
            return;
        }
        let cancellation = Cancellation {
            unknown: None,
            booked,
            ..Cancellation::asked_after(whose, id, step, self.state.now)
        };
        match step {
            CancelStep::Number => self.send_cancel(cancellation),
            _ => self.intend(cancellation),
        }
    }

    /// Says so, and returns false, while the terminal is at a job or takes a payment back.
    fn terminal_is_free(&mut self) -> bool {
        !self.is_refusal(Command::CancelSale, terminal_is_free(self.state))
    }

    /// True, and said, while a customer pays at the terminal.
    fn paying_at_terminal(&mut self) -> bool {
        let paying = matches!(
            &self.state.sale.step,
            Step::Paying(paying) if paying.payment.method == StartMethod::Cashless
        );
        if paying {
            self.error(Message::TerminalBusy);
        }
        paying
    }

    /// Records that the sale is to be cancelled, and sends the first call.
    fn intend(&mut self, cancellation: Cancellation) {
        let id = cancellation.id.clone();
        match &cancellation.whose {
            CancelTarget::Ours(sale) => {
                let change = Change::CancellingSale(sale.clone());
                self.records.push(Record { sale: sale.reference.clone(), change });
            }
            CancelTarget::Other(sum) => self.tell(Change::CancellingOther(Other { id, sum: *sum })),
        }
        self.next_step(cancellation);
    }

    /// Records which call is next, and sends it.
    fn next_step(&mut self, cancellation: Cancellation) {
        // A journal without a word on this means `cancel`.
        if cancellation.step != CancelStep::Whole {
            let (id, step) = (cancellation.id.clone(), cancellation.step);
            self.tell(Change::CancelStep { id, step });
        }
        self.send_cancel(cancellation);
    }

    /// Sends the call of a step: the only place that does.
    fn send_cancel(&mut self, mut cancellation: Cancellation) {
        let id = cancellation.id.clone();
        let (kind, call) = match cancellation.step {
            CancelStep::Whole | CancelStep::Card(_) => (CallKind::Cancel, Call::Cancel(id.clone())),
            CancelStep::Terminal(number) => (CallKind::Cancel, Call::CancelTrx(id.clone(), number)),
            CancelStep::Number => (CallKind::Read, Call::Read(id.clone())),
        };
        self.call(call, Waiter::Cancellation { id, kind });
        cancellation.unknown = None;
        cancellation.since = self.state.now;
        cancellation.next = NextCancel::Asked;
        if cancellation.is_at_terminal() {
            self.info(Message::CancellingAtTerminal);
        }
        self.state.cancellations.push(cancellation);
    }

    /// Asks what became of the cancellations whose next question is due.
    pub(super) fn ask_after_cancels(&mut self) {
        let now = self.state.now;
        let mut due = Vec::new();
        for cancellation in &mut self.state.cancellations {
            if cancellation.due().is_some_and(|due| due <= now) {
                cancellation.asked += 1;
                cancellation.next = NextCancel::Asked;
                due.push(cancellation.id.clone());
            }
        }
        for id in due {
            self.call(Call::Read(id.clone()), Waiter::Cancellation { id, kind: CallKind::Read });
        }
    }

    /// The server is heard of again: also open points are asked after once more.
    pub(super) fn ask_after_cancels_now(&mut self) {
        let now = self.state.now;
        for cancellation in &mut self.state.cancellations {
            if cancellation.next != NextCancel::Asked {
                cancellation.idle_answers = 0;
                cancellation.next = NextCancel::At(now);
            }
        }
        self.ask_after_cancels();
    }

    /// The answer about the cancellation of the transaction `id`.
    pub(super) fn cancel_answered(
        &mut self,
        id: &str,
        kind: CallKind,
        outcome: Outcome<Transaction>,
    ) {
        let asked = self.state.cancellations.iter().position(|other| other.id == id);
        let Some(index) = asked else { return };
        let cancellation = self.state.cancellations.remove(index);
        let kept = if cancellation.step == CancelStep::Number {
            self.number_read(cancellation, outcome)
        } else {
            self.judge_cancel(cancellation, kind, outcome)
        };
        match kept {
            Some(cancellation) => self.state.cancellations.insert(index, cancellation),
            None => self.open_taken(self.state.unresolved.len() + index),
        }
    }

    /// The number of the terminal's receipt, and nothing else, was asked for.
    fn number_read(
        &mut self,
        mut cancellation: Cancellation,
        outcome: Outcome<Transaction>,
    ) -> Option<Cancellation> {
        let message = match outcome {
            Outcome::Ok(found) if self.is_about(&cancellation, &found) => {
                match (found.status, found.receipt_number) {
                    (Status::Ok, Some(number)) if self.terminal_is_free() => {
                        cancellation.step = CancelStep::Terminal(number);
                        self.intend(cancellation);
                        return None;
                    }
                    (Status::Ok, Some(_)) => return None,
                    (Status::Cancelled, _) => {
                        let side = Self::side_of(&cancellation, &found);
                        self.cancelled(&cancellation, &found, side);
                        return None;
                    }
                    _ => Message::NoReceiptNumber,
                }
            }
            Outcome::Ok(_) => Message::NoReceiptNumber,
            Outcome::Refused(error) if error.is_unpaired() => return None,
            Outcome::Refused(error) => Message::Refused(Action::Cancel, error),
            Outcome::Unknown(reason) | Outcome::Down(reason) => {
                Message::Down(Action::Cancel, reason)
            }
        };
        self.error(message);
        None
    }

    /// What an answer says of a cancellation; `None`: it is over.
    fn judge_cancel(
        &mut self,
        mut cancellation: Cancellation,
        kind: CallKind,
        outcome: Outcome<Transaction>,
    ) -> Option<Cancellation> {
        let now = self.state.now;
        let (mut paid, mut idle) = (false, false);
        match outcome {
            Outcome::Ok(found) if !self.is_about(&cancellation, &found) => idle = true,
            Outcome::Ok(found) if found.status == Status::Cancelled => {
                match self.taken_back(&mut cancellation, kind, &found) {
                    Some(Over::Now) => return None,
                    Some(Over::NextStep) => {
                        self.next_step(cancellation);
                        // `send_cancel` has put it at the end of the list.
                        return self.state.cancellations.pop();
                    }
                    None => paid = true,
                }
            }
            Outcome::Ok(found) => {
                paid = found.status == Status::Ok && !is_card_step(&cancellation);
                idle = !paid;
            }
            // Nothing was sent, and nothing is wrong with the sale.
            Outcome::Down(reason) if kind == CallKind::Cancel => {
                self.never_sent(&cancellation, reason);
                return None;
            }
            Outcome::Refused(error) if kind == CallKind::Cancel => {
                self.info(Message::CancelChecking);
                cancellation.refusal = Some(error);
                cancellation.unknown = Some(DownReason::Unreadable);
                cancellation.next = NextCancel::At(now);
                return Some(cancellation);
            }
            // Asked again when the till is paired.
            Outcome::Refused(error) => idle = !error.is_unpaired(),
            Outcome::Unknown(reason) | Outcome::Down(reason) => {
                if cancellation.unknown.is_none() {
                    self.error(Message::CancelUnknown);
                }
                cancellation.unknown = Some(reason);
            }
        }
        if (paid || idle) && cancellation.unknown.is_none() {
            self.error(Message::CancelUnknown);
        }
        cancellation.paid_answers = if paid { cancellation.paid_answers + 1 } else { 0 };
        cancellation.idle_answers = if idle { cancellation.idle_answers + 1 } else { 0 };
        if cancellation.is_refuted(now, self.settings) {
            self.stands(&cancellation);
            return None;
        }
        cancellation.unknown = cancellation.unknown.or(Some(DownReason::Unreadable));
        cancellation.next = if cancellation.idle_answers >= ENOUGH_ANSWERS {
            self.error(Message::CancelOpen);
            NextCancel::Open
        } else {
            NextCancel::At(now + pause(cancellation.asked))
        };
        Some(cancellation)
    }

    /// The cancel itself never reached the server.
    fn never_sent(&mut self, cancellation: &Cancellation, reason: DownReason) {
        if is_card_step(cancellation) {
            self.card_side_open(cancellation, CardSide::Standing);
        } else {
            self.not_cancelled(cancellation);
        }
        self.error(Message::Down(Action::Cancel, reason));
    }

    /// The server has said often enough that nothing was taken back.
    fn stands(&mut self, cancellation: &Cancellation) {
        if is_card_step(cancellation) {
            return self.card_side_open(cancellation, CardSide::NotKnown);
        }
        self.not_cancelled(cancellation);
        self.error(match &cancellation.refusal {
            Some(error) => Message::CancelRefused(error.clone()),
            None => Message::NotCancelled,
        });
    }

    fn not_cancelled(&mut self, cancellation: &Cancellation) {
        self.gone(Cause::Cancel);
        match &cancellation.whose {
            CancelTarget::Ours(sale) => {
                let change = Change::NotCancelled;
                self.records.push(Record { sale: sale.reference.clone(), change });
            }
            CancelTarget::Other(_) => {
                let id = cancellation.id.clone();
                self.tell(Change::OtherSettled { id, cancelled: false });
            }
        }
    }
}

const fn is_card_step(cancellation: &Cancellation) -> bool {
    matches!(cancellation.step, CancelStep::Card(_))
}

/// Where a cancellation stands that the server has confirmed.
pub(super) enum Over {
    /// It is over.
    Now,
    /// The card's side is next.
    NextStep,
}
