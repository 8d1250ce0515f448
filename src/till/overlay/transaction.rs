//! One transaction of the server's list in full: the one that the list below highlights.

use serde::{Deserialize, Serialize};

use super::{Hint, Layer, terminal};
use crate::till::update::Context;
use crate::till::{Settings, State};

/// Lines scrolled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OneTransaction(pub usize);

impl Layer for OneTransaction {
    fn rows(&self, state: &State, _: &Settings) -> usize {
        let rows =
            |row: &super::Listed| row.articles.len() * 2 + terminal::rows_of(Some(&row.slip));
        state.listed().map_or(0, rows)
    }

    fn cursor(&mut self) -> Option<&mut usize> {
        Some(&mut self.0)
    }

    fn print(&self, context: &mut Context) -> bool {
        context.print_listed();
        true
    }

    fn hints(&self, _: &State, settings: &Settings) -> Vec<Hint> {
        Hint::printed(settings, vec![Hint::CLOSE, Hint::SCROLL, Hint::CANCEL])
    }
}
