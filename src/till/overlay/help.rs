//! Help: how a sale goes, and every key.

use serde::{Deserialize, Serialize};

use super::{Hint, Layer};
use crate::till::{COMMANDS, Settings, State};

/// More than the help has, by little: the drawing cuts to the rows that there are, and scrolling
/// beyond the end must not have to be undone.
const ROWS: usize = COMMANDS.len() + 30;

/// Lines scrolled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Help(pub usize);

impl Layer for Help {
    fn rows(&self, _: &State, _: &Settings) -> usize {
        ROWS
    }

    fn cursor(&mut self) -> Option<&mut usize> {
        Some(&mut self.0)
    }

    fn hints(&self, _: &State, _: &Settings) -> Vec<Hint> {
        vec![Hint::CLOSE, Hint::SCROLL]
    }
}
