//! Events that may bring an outcome, tried on a copy of the state before they are applied.
//!
//! Owns the rule that nothing is shown as paid or cancelled before the record of it is on disk:
//! an answer is tried first, the outcomes that it would record are kept, and only then does the
//! state of the trial become the till's. Pure, like `update`.

use super::{Answer, Effect, Event, Record, Settings, State, update};
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
    /// True for events that may bring an outcome: answers of the server about a transaction, and
    /// that a call was refused or never sent. No other event says that something is paid or
    /// cancelled.
    #[must_use]
    pub fn may_decide(&self) -> bool {
        let Self::Answer(_, outcome) = self else { return false };
        match &**outcome {
            Outcome::Ok(answer) => matches!(answer, Answer::Transaction(_) | Answer::Found(_)),
            Outcome::Refused(_) | Outcome::Down(_) => true,
            Outcome::Unknown(_) => false,
        }
    }

    /// What is applied in the place of an event whose outcome could not be recorded: its question
    /// has no known answer, so it stays open and is asked again.
    #[must_use]
    pub fn undecided(&self) -> Option<Self> {
        let Self::Answer(call, _) = self else { return None };
        Some(Self::Answer(*call, Box::new(Outcome::Unknown(DownReason::Internal))))
    }
}
