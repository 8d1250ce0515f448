//! The simulator in the test run: thousands of worlds, and tills that are broken on purpose.

use rstest::rstest;

use crate::sim::{BROKEN, Counts, Variant, plan, report, run};

const SALES: u64 = 5;

/// Four parts, so that they can run side by side.
#[rstest]
#[case(0)]
#[case(500)]
#[case(1_000)]
#[case(1_500)]
fn no_rule_is_broken_in_any_world(#[case] from: u64) {
    let mut counts = Counts::default();
    for seed in from..from + 500 {
        let plan = plan(seed, SALES, Variant::Real);
        let outcome = run(seed, plan, false);
        if let Some(violation) = outcome.violation {
            panic!("{}", report(&violation, plan));
        }
        counts.merge(&outcome.counts);
    }
    assert!(counts.of("sales") >= 500 * SALES * 9 / 10, "too few sales: {counts:?}");
    for what in [
        "5xx after effect",
        "5xx before effect",
        "answer of another",
        "arrives late",
        "card spent elsewhere",
        "crash at any time",
        "crash between effects",
        "cut off",
        "delivered twice",
        "deposit sold",
        "discount sold",
        "disk full",
        "lagging replica",
        "lost answer, broken",
        "lost answer, timeout",
        "lost request",
        "no connection",
        "not paired",
        "refused after effect",
        "refused by a gateway",
        "refused, then effect",
        "server restart",
        "state directory copied",
        "torn answer",
    ] {
        assert!(counts.of(what) > 0, "{what} never happened: {counts:?}");
    }
}

#[test]
fn a_seed_is_the_same_world_again() {
    for seed in 0..5 {
        let plan = plan(seed, SALES, Variant::Real);
        let first = run(seed, plan, true).trace;
        assert!(first.contains("Start("), "{first}");
        assert_eq!(first, run(seed, plan, true).trace);
    }
}

/// The unbroken till passes the same seeds: they are among those above.
#[test]
fn every_till_that_is_broken_on_purpose_is_caught() {
    let broken = |variant, seed| run(seed, plan(seed, SALES, variant), false).violation;
    // A broken till may break several rules: the one that it is there for is among them.
    let caught = |variant, words: &str| {
        (0..200)
            .filter_map(|seed| broken(variant, seed))
            .find(|violation| violation.what.contains(words))
    };
    for (variant, words) in BROKEN.into_iter().zip([
        "its intent is not on the disk",
        "paid, and no till knows",
        "is shown as paid, the server says",
        "that is not on the disk",
        "its intent is not on the disk",
        "paid, and no till knows",
        "is shown as paid, the server says",
        "paid, and no till knows",
        "is charged as",
        "an outcome stays open",
        "before the restart",
        "cannot be left",
        "at another rate than that of",
    ]) {
        let violation =
            caught(variant, words).unwrap_or_else(|| panic!("{variant:?} is not noticed"));
        let plan = plan(violation.seed, SALES, variant);
        assert!(report(&violation, plan).contains(&format!("--seed {}", violation.seed)));
    }
}
