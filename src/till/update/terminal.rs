//! The payment terminal: breaking a payment off, diagnosis and the end of its day.
//!
//! Neither decides about money. A payment that is to be broken off goes on waiting for the answer
//! to `start`, and that answer alone says what became of it.

use super::Context;
use super::answers::answered;
use crate::till::{
    Abort, Action, Call, Cause, Message, Overlay, Run, Step, Terminal, TerminalRun, Waiter,
};
use crate::wire::{Outcome, TerminalJob, Transaction};

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
        self.call(Call::Abort(id), Waiter::AbortPayment);
        self.wish(Abort::Asked);
    }

    fn wish(&mut self, abort: Abort) {
        if let Step::Paying(paying) = &mut self.state.sale.step {
            paying.abort = abort;
        }
    }

    /// The server's word on the wish alone. Even "aborted" is not taken for the outcome: the
    /// terminal may have been faster, and only one answer may decide.
    pub(super) fn abort_answered(&mut self, outcome: Outcome<Transaction>) {
        let taken = self.said(Action::AbortPayment, outcome).is_some();
        self.wish(if taken { Abort::Taken } else { Abort::NotTaken });
    }

    /// Asks the terminal for a job, or shows the one that it is at.
    pub(super) fn ask_terminal(&mut self, job: TerminalJob) {
        if !self.state.terminal_works() {
            self.call(Call::Terminal(job), Waiter::Terminal(job));
            self.state.terminal = Some(TerminalRun { job, run: Run::Asked(self.state.now) });
        }
        self.state.overlays.replace(Overlay::Terminal(Terminal(0)));
    }

    pub(super) fn terminal_answered(&mut self, job: TerminalJob, outcome: Outcome<Transaction>) {
        let (run, message) = match answered(action(job), outcome).map(|done| Run::of(&done)) {
            Ok(run @ Run::Failed(_)) => (run, Err(Message::TerminalJobFailed(job))),
            Ok(run) => (run, Ok(Message::TerminalJobDone(job))),
            Err(failure) => (Run::Unreported, Err(failure)),
        };
        self.state.terminal = Some(TerminalRun { job, run });
        // Nothing is put in front of a cashier who sells on meanwhile.
        let idle = self.state.overlays.is_empty() && self.state.sale.is_blank();
        if idle {
            self.state.overlays.cover(Overlay::Terminal(Terminal(0)));
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
