//! Which faults hit a call: counts, chances and the order in which faults rule each other out.

use std::time::Duration;

use crate::sandbox::faults::fault::{After, Before, Fault, Kind, Place, When};
use crate::sandbox::ids::Ids;

/// Everything that goes wrong with one call.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Verdict {
    /// How long the call waits first.
    pub(crate) latency: Duration,
    /// Transactions younger than this are not known; zero: all are.
    pub(crate) lag: Duration,
    /// Another till spends the card next.
    pub(crate) card_spent: bool,
    /// Then this happens instead of the effect …
    pub(crate) before: Option<Before>,
    /// … or the effect comes twice …
    pub(crate) duplicate: bool,
    /// … and this happens to the answer.
    pub(crate) after: Option<After>,
}

/// A fault that waits for its calls.
pub(super) struct Armed {
    fault: Fault,
    /// Calls at its place so far.
    seen: u32,
    /// How often it has hit.
    hits: u32,
    chances: Ids,
}

/// Arms `faults`, each with a sequence of chances of its own.
pub(super) fn armed(seed: u64, faults: Vec<Fault>) -> Vec<Armed> {
    // Another sequence than that of ids and tokens, so that none predicts another.
    let mut seeds = Ids::new(seed ^ 0x6661_756c_7473_0000);
    let arm = |fault| Armed { fault, seen: 0, hits: 0, chances: Ids::new(seeds.number()) };
    faults.into_iter().map(arm).collect()
}

/// Lets every fault that covers `call` draw.
pub(super) fn decide(armed: &mut [Armed], call: Place) -> Verdict {
    let mut verdict = Verdict::default();
    let (mut doubled, mut answered) = (Vec::new(), Vec::new());
    for armed in armed.iter_mut().filter(|armed| armed.fault.covers(call)) {
        match armed.fault.kind {
            Kind::Latency { least, most } => {
                if armed.hits() {
                    let span = u64::from(most - least).saturating_add(1);
                    let ms = u64::from(least).saturating_add(armed.chances.number() % span);
                    verdict.latency = verdict.latency.saturating_add(Duration::from_millis(ms));
                }
            }
            Kind::Lag(ms) => {
                if armed.hits() {
                    verdict.lag = verdict.lag.max(Duration::from_millis(ms.into()));
                }
            }
            Kind::CardSpent => verdict.card_spent |= armed.hits(),
            // A fault that is ruled out does not draw: it stays armed for the next call.
            Kind::Before(before) => {
                if verdict.before.is_none() && armed.hits() {
                    verdict.before = Some(before);
                }
            }
            Kind::Duplicate => doubled.push(armed),
            Kind::After(after) => answered.push((after, armed)),
        }
    }
    if verdict.before.is_none() {
        verdict.duplicate = doubled.into_iter().any(Armed::hits);
        verdict.after =
            answered.into_iter().find_map(|(after, armed)| armed.hits().then_some(after));
    }
    verdict
}

impl Armed {
    /// Counts a call and returns whether the fault hits it.
    fn hits(&mut self) -> bool {
        self.seen = self.seen.wrapping_add(1);
        let hits = match self.fault.when {
            When::Always => true,
            When::Chance { hits, of } => {
                self.chances.number() % u64::from(of.max(1)) < u64::from(hits)
            }
            When::Next(count) => self.hits < count,
            When::Every(period) => self.seen.is_multiple_of(period),
        };
        self.hits = self.hits.saturating_add(u32::from(hits));
        hits
    }

    /// The fault as it is from now on, `None` when it is used up.
    pub(super) fn left(&self) -> Option<Fault> {
        let When::Next(count) = self.fault.when else { return Some(self.fault) };
        let left = count.saturating_sub(self.hits);
        (left > 0).then_some(Fault { when: When::Next(left), ..self.fault })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;
    use crate::sandbox::faults::Faults;

    fn faults(seed: u64, texts: &[&str]) -> Faults {
        Faults::new(seed, texts.iter().map(|text| text.parse().unwrap()).collect())
    }

    fn hits(faults: &Faults, call: Place, calls: usize) -> Vec<bool> {
        (0..calls).map(|_| faults.decide(call).is_some()).collect()
    }

    #[test]
    fn counts_and_periods_hit_where_they_say() {
        let script = faults(0, &["html@start#2"]);
        assert_eq!(hits(&script, Place::Read, 3), [false; 3]);
        assert_eq!(script.current()[0].to_string(), "html@start#2");
        assert_eq!(hits(&script, Place::Start, 1), [true]);
        assert_eq!(script.current()[0].to_string(), "html@start#1");
        assert_eq!(hits(&script, Place::Start, 3), [true, false, false]);
        assert_eq!(script.current(), []);

        let script = faults(0, &["html@start%3"]);
        assert_eq!(hits(&script, Place::Start, 6), [false, false, true, false, false, true]);
    }

    #[test]
    fn equal_seeds_draw_equal_faults_and_others_differ() {
        let script = ["lost-answer:1/3", "latency=1..900@start:1/2", "html@read:1/2"];
        let calls = |seed| {
            let script = faults(seed, &script);
            let call = |n: u32| if n.is_multiple_of(3) { Place::Read } else { Place::Start };
            (0..90).map(|n| script.decide(call(n))).collect::<Vec<_>>()
        };
        assert_eq!(calls(4), calls(4));
        assert_ne!(calls(4), calls(5));
        let script = faults(4, &script);
        let first = hits(&script, Place::Start, 50);
        script.set(script.current());
        assert_eq!(hits(&script, Place::Start, 50), first, "setting starts over");
    }

    #[test]
    fn chances_come_true_as_often_as_they_say() {
        let hit = |text: &str| {
            let script = faults(1, &[text]);
            hits(&script, Place::Start, 3000).iter().filter(|hit| **hit).count()
        };
        assert!((900..1100).contains(&hit("html:1/3")), "{}", hit("html:1/3"));
        assert_eq!((hit("html:0"), hit("html:1")), (0, 3000));
    }

    #[test]
    fn what_is_ruled_out_stays_armed() {
        let script = faults(0, &["lost-answer#1", "torn-body#1", "lost-request#1", "restart#1"]);
        let first = script.decide(Place::Start).unwrap();
        assert_eq!((first.before, first.after), (Some(Before::Lost), None));
        let second = script.decide(Place::Start).unwrap();
        assert_eq!((second.before, second.after), (Some(Before::Restart), None));
        assert_eq!(script.decide(Place::Start).unwrap().after, Some(After::Lost));
        assert_eq!(script.decide(Place::Start).unwrap().after, Some(After::Torn));
        assert_eq!(script.decide(Place::Start), None);
    }

    #[test]
    fn delays_add_up_within_their_bounds() {
        let script = faults(9, &["latency=10..20", "latency=100"]);
        let delays: Vec<_> =
            (0..200).map(|_| script.decide(Place::Read).unwrap().latency.as_millis()).collect();
        assert!(delays.iter().all(|ms| (110..=120).contains(ms)), "{delays:?}");
        assert!(delays.contains(&110) && delays.contains(&120), "{delays:?}");
    }

    #[test]
    fn the_longest_lag_counts() {
        let script = faults(0, &["lag=10@read", "lag=30@read", "lag=20@read#1"]);
        assert_eq!(script.decide(Place::Read).unwrap().lag, Duration::from_millis(30));
        assert_eq!(script.decide(Place::Create), None, "a new one is known where it is made");
    }

    #[test]
    fn what_takes_no_effect_is_not_delivered_twice() {
        let script = faults(0, &["duplicate#1", "refused=403#1", "refused-after=409#1"]);
        let first = script.decide(Place::Start).unwrap();
        assert_eq!((first.duplicate, first.after), (false, None));
        assert!(matches!(first.before, Some(Before::Refused(_))));
        let second = script.decide(Place::Start).unwrap();
        assert!(second.duplicate && matches!(second.after, Some(After::Refused(_))));
        assert_eq!(script.decide(Place::Start), None);
    }

    #[test]
    fn any_leaves_out_calls_that_do_not_suit() {
        let script = faults(0, &["card-spent", "token-expired#1"]);
        assert_eq!(script.decide(Place::Token), None);
        assert!(!script.decide(Place::Create).unwrap().card_spent);
        assert!(script.decide(Place::Start).unwrap().card_spent);
    }
}
