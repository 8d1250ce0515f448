//! What happened in a world, for people: kept only when somebody will read it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use kasse::till::{Answer, Event};
use kasse::wire::{Outcome, Transaction};

/// A rule that was broken.
#[derive(Debug, Clone)]
pub struct Violation {
    pub seed: u64,
    /// Simulated time, ms.
    pub at: u64,
    pub what: String,
}

/// How often each thing happened.
#[derive(Debug, Clone, Default)]
pub struct Counts(pub BTreeMap<&'static str, u64>);

impl Counts {
    pub fn add(&mut self, what: &'static str) {
        *self.0.entry(what).or_default() += 1;
    }

    pub fn of(&self, what: &str) -> u64 {
        self.0.get(what).copied().unwrap_or_default()
    }

    pub fn merge(&mut self, other: &Self) {
        for (what, times) in &other.0 {
            *self.0.entry(what).or_default() += times;
        }
    }
}

/// The lines of one run.
#[derive(Debug, Default)]
pub struct Trace {
    /// `None`: nobody reads it, so nothing is put into words.
    text: Option<String>,
}

impl Trace {
    pub fn new(kept: bool) -> Self {
        Self { text: kept.then(String::new) }
    }

    pub fn line(&mut self, now: u64, words: impl FnOnce() -> String) {
        if let Some(text) = &mut self.text {
            writeln!(text, "{now:>9} {}", words()).unwrap();
        }
    }

    pub fn into_text(self) -> String {
        self.text.unwrap_or_default()
    }
}

/// An event in few words: transactions are long.
pub fn event(event: &Event) -> String {
    match event {
        Event::Answer(id, outcome) => format!("{id:?} {}", self::outcome(outcome)),
        event => format!("{event:?}"),
    }
}

pub fn outcome(outcome: &Outcome<Answer>) -> String {
    match outcome {
        Outcome::Ok(Answer::Transaction(answer)) => format!("Ok({})", transaction(answer)),
        Outcome::Ok(Answer::Found(Some(answer))) => format!("Found({})", transaction(answer)),
        Outcome::Ok(Answer::Card(_)) => "Card".to_owned(),
        outcome => format!("{outcome:?}"),
    }
}

pub fn transaction(of: &Transaction) -> String {
    let Transaction { id, status, transaction_ref, basket_info, .. } = of;
    let sum = basket_info.sum.minor();
    let missing = basket_info.missing_sum.map(kasse::money::Money::minor);
    let reference = transaction_ref.as_deref().unwrap_or("elsewhere");
    format!("{id} of {reference}: {status:?}, sum {sum}, missing {missing:?}")
}
