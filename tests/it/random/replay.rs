//! The replay as a fold: written down and read back at any record, and without what is closed.

use std::collections::BTreeMap;

use kasse::till::{Change, Record, Replay, ServerKind, State};

use crate::sim::{Variant, plan, run};

/// The records of the tills of some worlds.
fn journals(seeds: std::ops::Range<u64>) -> impl Iterator<Item = (u64, Vec<Record>)> {
    seeds.flat_map(|seed| {
        run(seed, plan(seed, 5, Variant::Real), false)
            .disks
            .into_iter()
            .map(move |disk| (seed, disk))
    })
}

fn state(replay: Replay) -> State {
    let mut state = State::new("again", ServerKind::Sandbox, 7);
    replay.into_state(&mut state);
    state
}

#[test]
fn a_replay_goes_on_from_any_record_as_if_it_had_never_been_written_down() {
    let mut records = 0;
    for (seed, disk) in journals(0..60) {
        let (mut whole, mut again) = (Replay::default(), Replay::default());
        for (seq, record) in (1..).zip(disk) {
            records += 1;
            whole.record(seq, record.clone());
            again.record(seq, record);
            let text = serde_json::to_string(&again).unwrap();
            again = serde_json::from_str(&text).unwrap();
            assert_eq!(again, whole, "seed {seed}, record {seq}");
        }
        assert_eq!(state(again), state(whole), "seed {seed}");
    }
    assert!(records > 1_000, "{records}");
}

#[test]
fn what_comes_before_the_oldest_open_entry_is_not_needed() {
    /// Without what is told of closed sales: that there are any, and whose shop it is.
    fn open(replay: Replay) -> State {
        State { has_sold: true, merchant: None, ..state(replay) }
    }
    let (mut without, mut most) = (0, 0);
    for (seed, disk) in journals(0..60) {
        let (mut whole, mut begun) = (Replay::default(), BTreeMap::new());
        for (seq, record) in (1..).zip(&disk) {
            whole.record(seq, record.clone());
            let first = whole.oldest_open().unwrap_or(seq + 1);
            begun.entry(record.sale.as_str()).or_insert(seq);
            let mut part = Replay::default();
            for (seq, record) in (1..=seq).zip(&disk).filter(|(seq, _)| *seq >= first) {
                // What is left of a sale that began before says nothing: it is over. Transactions
                // to be given up belong to no sale, and a cancellation brings its sale along.
                let apart = record.sale.is_empty()
                    || matches!(
                        record.change,
                        Change::Abandoned(_)
                            | Change::CancellingSale(_)
                            | Change::Cancelled(_)
                            | Change::NotCancelled
                            | Change::PerhapsCancelled { .. }
                    );
                if apart || begun[record.sale.as_str()] >= first {
                    part.record(seq, record.clone());
                }
            }
            assert_eq!(open(part), open(whole.clone()), "seed {seed}, record {seq} from {first}");
            without = without.max(first);
            most = most.max(seq);
        }
    }
    assert!(without > 50 && most > 50, "{without} of {most} records were not needed");
}
