//! Faults to practise with: switched in the sandbox, one by one.

use serde::{Deserialize, Serialize};

use super::{Hint, Label, Layer};
use crate::till::update::Context;
use crate::till::{Call, FAULTS, Settings, State, Waiter};

/// The highlighted one: index into [`FAULTS`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Faults(pub usize);

impl Layer for Faults {
    fn rows(&self, _: &State, _: &Settings) -> usize {
        FAULTS.len()
    }

    fn cursor(&mut self) -> Option<&mut usize> {
        Some(&mut self.0)
    }

    /// Switches the highlighted fault on or off.
    fn enter(&self, context: &mut Context) {
        let Some(fault) = FAULTS.get(self.0) else { return context.bell() };
        let mut faults = context.state.faults.clone();
        match faults.iter().position(|on| on == fault) {
            Some(on) => drop(faults.remove(on)),
            None => faults.push((*fault).to_owned()),
        }
        context.call(Call::SetFaults(faults), Waiter::Faults);
    }

    fn hints(&self, _: &State, _: &Settings) -> Vec<Hint> {
        Hint::list(Label::Switch)
    }
}
