//! What the payment terminal was asked for besides payments, and its report.

use serde::{Deserialize, Serialize};

use super::{Hint, Layer};
use crate::till::update::Context;
use crate::till::{Settings, Slip, State};

/// Lines scrolled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terminal(pub usize);

/// More rows than the slip has, by little: the drawing cuts to those that there are.
pub(super) fn rows_of(slip: Option<&Slip>) -> usize {
    slip.map_or(0, |slip| slip.lines.len() * 2) + 40
}

impl Layer for Terminal {
    fn rows(&self, state: &State, _: &Settings) -> usize {
        rows_of(state.terminal.as_ref().and_then(|terminal| terminal.run.slip()))
    }

    fn cursor(&mut self) -> Option<&mut usize> {
        Some(&mut self.0)
    }

    fn print(&self, context: &mut Context) -> bool {
        let slip = context.state.terminal.as_ref().and_then(|terminal| terminal.run.slip());
        context.print_slip(slip.cloned());
        true
    }

    fn counts(&self, state: &State) -> bool {
        state.terminal_works()
    }

    fn hints(&self, _: &State, settings: &Settings) -> Vec<Hint> {
        Hint::printed(settings, vec![Hint::CLOSE, Hint::SCROLL])
    }
}
