//! The faults that the sandbox says it has switched on.

use super::Context;
use crate::till::{Action, Cause, Message};
use crate::wire::Outcome;

impl Context<'_> {
    pub(super) fn faults_set(&mut self, outcome: Outcome<Vec<String>>) {
        match outcome {
            Outcome::Ok(faults) => {
                self.gone(Cause::Call(Action::Faults));
                self.state.faults = faults;
            }
            Outcome::Refused(error) => self.error(Message::Refused(Action::Faults, error)),
            Outcome::Unknown(reason) | Outcome::Down(reason) => {
                self.error(Message::Down(Action::Faults, reason));
            }
        }
    }
}
