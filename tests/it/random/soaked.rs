//! The driver of `cargo run --release --example soak`, for a short while: it must not rot.

use std::time::Duration;

use crate::soak::disturb;
use crate::soak::{Plan, run};

#[test]
fn two_tills_under_faults_kills_and_random_keys_keep_the_same_books_as_the_server() {
    let dir = tempfile::tempdir().unwrap();
    let plan = Plan {
        seed: 9,
        time: Duration::from_secs(60),
        rounds: 2,
        action: Duration::from_secs(4),
        patience: Duration::from_secs(60),
        faults: disturb::pool(&[], true),
        hurried: true,
        backups: false,
        forgets: false,
        keep_going: false,
        dir: dir.path().to_owned(),
    };
    let outcome = run(&plan, |line| println!("{line}"));
    if let Some((finding, _)) = outcome.differences.first() {
        let kept = dir.keep();
        panic!("{finding}\ntrace in {}", kept.display());
    }
    println!("{}", outcome.counts);
    assert!(outcome.counts.of("starts") >= 4, "{}", outcome.counts);
}
