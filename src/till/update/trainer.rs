//! Faults to practise with: switched in the sandbox, one by one.

use super::Context;
use crate::till::{Action, Call, Cause, FAULTS, Message};
use crate::wire::Outcome;

impl Context<'_> {
    /// Switches the fault at `index` on or off.
    pub(super) fn toggle_fault(&mut self, index: usize) {
        let Some(fault) = FAULTS.get(index) else { return self.bell() };
        let mut faults = self.state.faults.clone();
        match faults.iter().position(|on| on == fault) {
            Some(on) => drop(faults.remove(on)),
            None => faults.push((*fault).to_owned()),
        }
        self.call(Call::SetFaults(faults));
    }

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
