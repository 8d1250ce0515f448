//! A list that a command fetches from the server, to choose from: what programmes and check-ins
//! share. What its rows are is in their own files.

use serde::{Deserialize, Serialize};

use super::{Hint, Label, Layer};
use crate::till::update::Context;
use crate::till::{Answer, Command, Settings, State, Waiter};
use crate::wire::{DownReason, Outcome};

/// A list that is fetched from the server, to choose from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Choice<T> {
    /// Asked; since when, ms.
    Pending(u64),
    /// No answer; the notice says why.
    Failed,
    /// What there is, and the index of the highlighted one.
    Of(Vec<T>, usize),
}

/// A row of a [`Choice`].
pub(in crate::till) trait Offered: Clone + From<Self::Wire> {
    /// As the server sends it.
    type Wire;

    /// The command that fetches the list.
    const COMMAND: Command;

    /// Enter on it.
    fn chosen(self, context: &mut Context);
}

impl<T: Offered> Layer for Choice<T>
where
    Vec<T::Wire>: TryFrom<Answer, Error = DownReason>,
{
    fn rows(&self, _: &State, _: &Settings) -> usize {
        match self {
            Self::Of(list, _) => list.len(),
            Self::Pending(_) | Self::Failed => 0,
        }
    }

    fn cursor(&mut self) -> Option<&mut usize> {
        match self {
            Self::Of(_, selected) => Some(selected),
            Self::Pending(_) | Self::Failed => None,
        }
    }

    fn enter(&self, context: &mut Context) {
        let chosen = match self {
            Self::Of(list, selected) => list.get(*selected).cloned(),
            Self::Pending(_) | Self::Failed => None,
        };
        match chosen {
            Some(row) => row.chosen(context),
            None => context.bell(),
        }
    }

    fn awaits(&self, waiter: &Waiter) -> bool {
        matches!(self, Self::Pending(_)) && *waiter == Waiter::Fetch(T::COMMAND)
    }

    fn fetched(&mut self, outcome: Outcome<Answer>) -> Outcome<()> {
        let list: Outcome<Vec<T::Wire>> = outcome.expect_kind();
        *self = Self::Failed;
        list.map(|list| *self = Self::Of(list.into_iter().map(T::from).collect(), 0))
    }

    fn hints(&self, state: &State, settings: &Settings) -> Vec<Hint> {
        if self.rows(state, settings) == 0 { vec![Hint::CLOSE] } else { Hint::list(Label::Take) }
    }
}
