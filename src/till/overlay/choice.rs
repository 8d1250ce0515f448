//! A list that is fetched from the server, to choose from: what programmes and check-ins share.

use serde::{Deserialize, Serialize};

use super::{Hint, Label};
use crate::till::{Answer, Command};

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

impl<T> Choice<T> {
    /// The command of the list, while it is waited for.
    pub(super) fn pending(&self, command: Command) -> Option<Command> {
        matches!(self, Self::Pending(_)).then_some(command)
    }

    /// What came of asking for a list of `U`; `None`: no answer.
    pub(super) fn take<U: Into<T>>(&mut self, answer: Option<Answer>)
    where
        Vec<U>: TryFrom<Answer>,
    {
        let list = answer.and_then(|answer| Vec::<U>::try_from(answer).ok());
        *self = list
            .map_or(Self::Failed, |list| Self::Of(list.into_iter().map(Into::into).collect(), 0));
    }

    /// The highlighted one.
    pub(super) fn current(&self) -> Option<&T> {
        match self {
            Self::Of(list, selected) => list.get(*selected),
            Self::Pending(..) | Self::Failed => None,
        }
    }

    pub(super) const fn len(&self) -> usize {
        match self {
            Self::Of(list, _) => list.len(),
            Self::Pending(..) | Self::Failed => 0,
        }
    }

    pub(super) const fn selected(&mut self) -> Option<&mut usize> {
        match self {
            Self::Of(_, selected) => Some(selected),
            Self::Pending(..) | Self::Failed => None,
        }
    }

    pub(super) fn choice_hints(&self) -> Vec<Hint> {
        if self.len() == 0 { vec![Hint::CLOSE] } else { Hint::list(Label::Take) }
    }
}
