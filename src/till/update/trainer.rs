//! Faults to practise with: switched in the sandbox, one by one.

use super::Context;
use crate::till::{Action, Call, FAULTS, Message, Overlay, ServerKind, Waiter};
use crate::wire::Outcome;

impl Context<'_> {
    pub(super) fn show_faults(&mut self) {
        if self.state.server == ServerKind::Live {
            return self.error(Message::SandboxOnly);
        }
        self.open(Overlay::Faults(0));
    }

    /// Switches the fault at `index` on or off.
    pub(super) fn toggle_fault(&mut self, index: usize) {
        let Some(fault) = FAULTS.get(index) else { return self.bell() };
        let mut faults = self.state.faults.clone();
        match faults.iter().position(|on| on == fault) {
            Some(on) => drop(faults.remove(on)),
            None => faults.push((*fault).to_owned()),
        }
        self.call(Call::SetFaults(faults), Waiter::Faults);
    }

    pub(super) fn faults_set(&mut self, outcome: Outcome<Vec<String>>) {
        if let Some(faults) = self.said(Action::Faults, outcome) {
            self.state.faults = faults;
        }
    }
}
