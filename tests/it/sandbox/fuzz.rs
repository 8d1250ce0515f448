//! The fuzzer of the HTTP surface in the test run: a bounded number of cases; the long run is
//! `cargo run --release --example fuzz_http`.

use rstest::rstest;

use crate::fuzz_http::{Fuzzer, Rng, raw, session};
use crate::sandbox::kit::Kit;

#[rstest]
#[case(1)]
#[case(2)]
fn no_request_makes_the_sandbox_panic_or_fail(#[case] seed: u64) {
    let mut fuzzer = Fuzzer::new(seed);
    for _ in 0..6_000 {
        if let Err(finding) = fuzzer.step() {
            panic!("{finding}");
        }
    }
    // Requests that are all refused would look at nothing but refusals.
    let [_, _, fine, _, refused, _] = fuzzer.answers;
    assert!(fine > 1_000 && refused > 1_000, "{:?}", fuzzer.answers);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_bytes_on_a_connection_make_the_sandbox_hang_or_fail() {
    let kit = Kit::start().await;
    let addr = kit.url.trim_start_matches("http://").parse().unwrap();
    let raw = tokio::task::spawn_blocking(move || {
        let mut rng = Rng::new(1);
        (0..1_000).try_for_each(|_| raw::case(addr, &mut rng))
    });
    raw.await.unwrap().unwrap();
    assert_eq!(kit.get("/sandbox/health").await.status, 200);
}

#[test]
fn books_balance_and_equal_seeds_give_equal_answers() {
    for seed in 0..20 {
        session::check(seed, 200).unwrap_or_else(|wrong| panic!("{wrong}"));
    }
}

#[test]
fn books_balance_when_all_tills_ask_at_once() {
    for seed in 0..4 {
        session::check_all_at_once(seed, 300).unwrap_or_else(|wrong| panic!("{wrong}"));
    }
}
