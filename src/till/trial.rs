//! Events that may bring an outcome, tried on a copy of the state before they are applied.
//!
//! Owns the rule that nothing is shown as paid or cancelled before the record of it is on disk:
//! an answer is tried first, the outcomes that it would record are kept, and only then does the
//! state of the trial become the till's. Pure, like `update`.

use super::{Effect, Event, Record, Reply, Settings, State, update};
use crate::wire::{DownReason, Outcome};

/// What an event would lead to.
#[derive(Debug)]
pub struct Trial {
    /// The state after it.
    pub state: Box<State>,
    /// What would be to do, records first.
    pub effects: Vec<Effect>,
}

impl Trial {
    /// Tries `event` at `now` on a copy of `state`.
    #[must_use]
    pub fn of(state: &State, event: Event, now: u64, settings: &Settings) -> Self {
        let mut state = Box::new(state.clone());
        let effects = update(&mut state, event, now, settings);
        Self { state, effects }
    }

    /// The outcomes that it records and that are not among those `kept` already, in their order.
    #[must_use]
    pub fn missing(&self, kept: &[Record]) -> Vec<Record> {
        outcomes(&self.effects).filter(|record| !kept.contains(record)).cloned().collect()
    }

    /// The state, and the effects without the records that are `kept` already.
    #[must_use]
    pub fn into_parts(self, kept: &[Record]) -> (State, Vec<Effect>) {
        let Self { state, mut effects } = self;
        effects.retain(|effect| !matches!(effect, Effect::Record(record) if kept.contains(record)));
        (*state, effects)
    }
}

/// The outcomes that `effects` record.
pub fn outcomes(effects: &[Effect]) -> impl Iterator<Item = &Record> {
    effects.iter().filter_map(|effect| match effect {
        Effect::Record(record) if record.change.is_outcome() => Some(record),
        _ => None,
    })
}

impl Event {
    /// True for events that may bring an outcome: answers of the server about a transaction. No
    /// other event says that something is paid or cancelled.
    #[must_use]
    pub fn may_decide(&self) -> bool {
        let Self::Answer(_, reply) = self else { return false };
        match reply {
            Reply::Transaction(outcome) => {
                !matches!(**outcome, Outcome::Unknown(_) | Outcome::Down(_))
            }
            // A kind of answer that is not named here is tried, too.
            other => !matches!(
                other,
                Reply::Connected(_)
                    | Reply::Siblings(_)
                    | Reply::PreTransaction(_)
                    | Reply::Page(_)
                    | Reply::Faults(_)
                    | Reply::Card(_)
                    | Reply::Pairing(_)
                    | Reply::CardLock(_)
                    | Reply::Code(_)
                    | Reply::Programmes(_)
                    | Reply::CheckIns(_)
            ),
        }
    }

    /// What is applied in the place of an event whose outcome could not be recorded: its question
    /// has no known answer, so it stays open and is asked again.
    #[must_use]
    pub fn undecided(&self) -> Option<Self> {
        let unknown = DownReason::Internal;
        match self {
            Self::Answer(id, Reply::Transaction(_)) => {
                let unknown = Reply::Transaction(Box::new(Outcome::Unknown(unknown)));
                Some(Self::Answer(*id, unknown))
            }
            Self::Answer(id, Reply::Found(_)) => {
                Some(Self::Answer(*id, Reply::Found(Box::new(Outcome::Unknown(unknown)))))
            }
            _ => None,
        }
    }
}
