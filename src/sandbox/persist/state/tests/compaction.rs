//! Compaction while the books go on: what it leaves, and how long the files get.

use super::*;
use crate::sandbox::persist::state::queue::{Limits, MOST_WAITING};

/// Opens and closes the books until their snapshot has an entry of this kind.
pub(super) fn until_snapshot_has(kit: &Kit, kind: &str) {
    let has = || fs::read_to_string(kit.path()).unwrap().contains(&format!("{{\"{kind}\":"));
    while !has() {
        let ledger = kit.open_from(1);
        // A step that changes nothing: it makes the cut that is due.
        ledger.record_rest(&mut ledger.book()).unwrap();
    }
}

/// The bytes of all files together, and those of a snapshot of the books as they are.
fn bytes(kit: &Kit, ledger: &Ledger) -> (u64, u64) {
    let length = |suffix: &str| fs::metadata(kit.beside(suffix)).map_or(0, |file| file.len());
    let files = ["", ".log0", ".log1", ".new"].map(length).iter().sum();
    let (image, mut live) = (Image::of(&ledger.book()), 0);
    image
        .write(1 << 16, |piece| {
            live += piece.len() as u64;
            Ok(())
        })
        .unwrap();
    (files, live)
}

#[test]
fn the_files_stay_within_three_times_the_books_for_thousands_of_steps() {
    const LEAST: u64 = 20_000;
    let kit = Kit::new();
    let ledger = kit.open_from(LEAST);
    let mut steps = 0_u32;
    let mut most = 0_u64;
    for sale in 0..1_000 {
        let card = if sale % 2 == 0 { CARD_EMPTY } else { CARD_BONUS };
        let body = body(card, 500, if sale % 3 == 0 { CHARGE_EAN } else { "" });
        let id = ledger.create::<Transaction>(&body, AT).unwrap().id;
        let _ = ledger.apply(&id);
        ledger.start::<Transaction>(&id, StartMethod::Cash, AT).unwrap();
        steps += 3;
        if sale % 50 == 0 {
            flush(&ledger);
            let (files, live) = bytes(&kit, &ledger);
            // One more step goes to a log that is just short of its limit.
            assert!(files <= 3 * live + 2 * LEAST + 20_000, "{files} bytes for {live}: {sale}");
            most = most.max(100 * files / live);
        }
    }
    let held = all(&ledger);
    drop(ledger);
    let text = fs::read_to_string(kit.path()).unwrap();
    let first = text.lines().nth(1).unwrap();
    let log = Head::read(first.as_bytes()).unwrap().log;
    assert!(log > 5, "{log}: it was compacted again and again");
    println!("{steps} steps, {log} compactions, the files at most {most} % of the books");
    assert_eq!(all(&kit.open()), held);
}

#[test]
fn a_reset_shortens_the_files_at_once() {
    let kit = Kit::new();
    let ledger = kit.open();
    while bytes(&kit, &ledger).0 < 300_000 {
        sell(&ledger, 10);
        flush(&ledger);
    }
    ledger.reset(3).unwrap();
    drop(ledger);
    // The next opening finishes the compaction, should it not have come to an end.
    let ledger = kit.open();
    let (files, live) = bytes(&kit, &ledger);
    assert!(files <= 3 * live, "{files} bytes for {live}");
}

#[test]
fn steps_wait_for_the_disk_rather_than_pile_up() {
    const STEP: usize = 1 << 20;
    let (queue, ledger) = (
        Queue::new(0, Limits { cut: u64::MAX, full: u64::MAX }),
        Ledger::new(Fixtures::default(), 1),
    );
    let text = "x".repeat(STEP);
    thread::scope(|scope| {
        let steps = || {
            for _ in 0..50 {
                queue.push(&ledger.book(), &[record::Put::NoCustomer(&text)], false).unwrap();
            }
        };
        let pushing = scope.spawn(steps);
        let mut taken = 0;
        while !pushing.is_finished() {
            let waiting = queue.bytes();
            assert!(waiting <= MOST_WAITING + STEP + 100, "{waiting}");
            if waiting >= MOST_WAITING {
                taken += usize::from(queue.take(Vec::new()).is_some());
            }
            thread::yield_now();
        }
        assert!(taken >= 5, "{taken}");
    });
}
