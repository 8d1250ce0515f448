//! A list that is fetched from the server, to choose from: what programmes and check-ins share.

use serde::{Deserialize, Serialize};

use super::{Hint, Label};
use crate::till::CallId;

/// A list that is fetched from the server, to choose from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Choice<T> {
    /// Asked.
    Pending(CallId, u64),
    /// No answer; the notice says why.
    Failed,
    /// What there is, and the index of the highlighted one.
    Of(Vec<T>, usize),
}

impl<T> Choice<T> {
    /// True while the answer to this call is waited for.
    pub(in crate::till) fn waits_for(&self, id: CallId) -> bool {
        matches!(self, Self::Pending(call, _) if *call == id)
    }

    /// The answer has come; `None`: there was none.
    pub(in crate::till) fn answered(&mut self, list: Option<Vec<T>>) {
        *self = list.map_or(Self::Failed, |list| Self::Of(list, 0));
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
