//! A list that is fetched from the server, to choose from: what programmes and check-ins share.

use serde::{Deserialize, Serialize};

use super::{Hint, Label};

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
    /// What came of asking for a list of `U`; `None`: no answer.
    pub(in crate::till) fn of<U: Into<T>>(list: Option<Vec<U>>) -> Self {
        list.map_or(Self::Failed, |list| Self::Of(list.into_iter().map(Into::into).collect(), 0))
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
