//! The faults that the sandbox says it has switched on.

use super::Context;
use crate::till::Action;
use crate::wire::Outcome;

impl Context<'_> {
    pub(super) fn faults_set(&mut self, outcome: Outcome<Vec<String>>) {
        if let Some(faults) = self.said(Action::Faults, outcome) {
            self.state.faults = faults;
        }
    }
}
