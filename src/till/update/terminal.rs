//! The payment terminal: breaking a payment off, diagnosis and the end of its day.
//!
//! Neither decides about money. A payment that is to be broken off goes on waiting for the answer
//! to `start`, and that answer alone says what became of it.

use super::Context;
use crate::till::{
    Abort, Action, Call, CallId, CallKind, Cause, Link, Message, Overlay, Pending, Run, State,
    Step, TerminalRun,
};
use crate::wire::{Outcome, TerminalJob, Transaction};

/// True while somebody looks at a terminal at work, and at its seconds.
pub(super) fn is_watched(state: &State) -> bool {
    state.terminal_works() && matches!(state.overlays.last(), Some(Overlay::Terminal(_)))
}

const fn action(job: TerminalJob) -> Action {
    match job {
        TerminalJob::Diagnosis => Action::Diagnosis,
        TerminalJob::EndOfDay => Action::EndOfDay,
    }
}

impl Context<'_> {
    /// Asks the server to break the payment at the terminal off.
    pub(super) fn abort_payment(&mut self) {
        let sale = &self.state.sale;
        let id = match (&sale.step, &sale.remote) {
            (Step::Paying(paying), Some(remote)) if paying.may_abort() => remote.id.clone(),
            _ => return self.bell(),
        };
        let call = self.call(Call::Abort(id));
        let since = self.state.now;
        let asked = Pending { call, kind: CallKind::Abort, since, revision: 0 };
        self.wish(Abort::Asked(asked));
    }

    fn wish(&mut self, abort: Abort) {
        if let Step::Paying(paying) = &mut self.state.sale.step {
            paying.abort = abort;
        }
    }

    pub(super) fn is_abort(&self, id: CallId) -> bool {
        let Step::Paying(paying) = &self.state.sale.step else { return false };
        matches!(&paying.abort, Abort::Asked(pending) if pending.call == id)
    }

    /// The server's word on the wish alone. Even "aborted" is not taken for the outcome: the
    /// terminal may have been faster, and only one answer may decide.
    pub(super) fn abort_answered(&mut self, outcome: Outcome<Transaction>) {
        let failure = match outcome {
            Outcome::Ok(_) => {
                self.state.link = Link::Up;
                self.gone(Cause::Call(Action::AbortPayment));
                return self.wish(Abort::Taken);
            }
            Outcome::Refused(error) => {
                self.state.link = Link::Up;
                Message::Refused(Action::AbortPayment, error)
            }
            Outcome::Unknown(reason) => Message::NoAnswer(Action::AbortPayment, reason),
            Outcome::Down(reason) => Message::Down(Action::AbortPayment, reason),
        };
        self.wish(Abort::NotTaken);
        self.error(failure);
    }

    /// Asks the terminal for a job, or shows the one that it is at.
    pub(super) fn ask_terminal(&mut self, job: TerminalJob) {
        if !self.state.terminal_works() {
            let call = self.call(Call::Terminal(job));
            self.state.terminal = Some(TerminalRun { job, run: Run::Asked(call, self.state.now) });
        }
        self.state.overlays.clear();
        self.state.overlays.push(Overlay::Terminal(0));
    }

    /// The job that this call asked for.
    pub(super) fn terminal_job(&self, id: CallId) -> Option<TerminalJob> {
        match &self.state.terminal {
            Some(TerminalRun { job, run: Run::Asked(call, _) }) if *call == id => Some(*job),
            _ => None,
        }
    }

    pub(super) fn terminal_answered(&mut self, job: TerminalJob, outcome: Outcome<Transaction>) {
        let (run, message) = match outcome {
            Outcome::Ok(transaction) => {
                self.state.link = Link::Up;
                let run = Run::of(&transaction);
                let message = match run {
                    Run::Failed(_) => Err(Message::TerminalJobFailed(job)),
                    _ => Ok(Message::TerminalJobDone(job)),
                };
                (run, message)
            }
            Outcome::Refused(error) => {
                self.state.link = Link::Up;
                (Run::Unreported, Err(Message::Refused(action(job), error)))
            }
            Outcome::Unknown(reason) => {
                self.state.link = Link::Down(reason);
                (Run::Unreported, Err(Message::NoAnswer(action(job), reason)))
            }
            Outcome::Down(reason) => {
                self.state.link = Link::Down(reason);
                (Run::Unreported, Err(Message::Down(action(job), reason)))
            }
        };
        self.state.terminal = Some(TerminalRun { job, run });
        // Nothing is put in front of a cashier who sells on meanwhile.
        let idle = self.state.overlays.is_empty() && self.state.sale.is_blank();
        if idle {
            self.state.overlays.push(Overlay::Terminal(0));
        }
        match message {
            Ok(message) => {
                self.gone_if(|cause| cause == Cause::Terminal || cause == Cause::Call(action(job)));
                // Its report is on the screen.
                if !matches!(self.state.overlays.last(), Some(Overlay::Terminal(_))) {
                    self.info(message);
                }
            }
            Err(message) => self.error(message),
        }
    }
}
