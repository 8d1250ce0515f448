//! Journals as the example `age` makes them.

use kasse::journal::{Entry, Journal, Reader};
use kasse::run::TillFold;
use kasse::till::{ServerKind, State, Step};

use crate::age::{Aged, Plan, age, books, size};
use crate::journal::kit::all;

/// A journal of `sales` sales, and what the till that made it says.
fn aged(dir: &std::path::Path, sales: u64) -> (Aged, State, Reader) {
    let (made, state) = age(dir, Plan { sales, seed: 7 }, |_| {}).unwrap();
    let books = books(dir);
    let reader = Journal::read_only(&books.dir, books.mode).unwrap();
    (made, state, reader)
}

#[test]
fn an_aged_journal_is_sound_and_leads_to_the_state_of_the_till_that_made_it() {
    let dir = tempfile::tempdir().unwrap();
    let (made, left, reader) = aged(dir.path(), 30);
    assert!((30..33).contains(&made.sales), "{made:?}");

    let verdict = reader.verify(|_, _| {}).unwrap();
    assert!(verdict.is_sound(), "{verdict:?}");
    assert_eq!(verdict.entries, made.entries);

    let mut fold = TillFold::default();
    reader.resume(&mut fold).unwrap();
    let mut state = State::new("again", ServerKind::Sandbox, 0);
    fold.into_state(&mut state);
    assert!(matches!(state.sale.step, Step::Done(_)), "{:?}", state.sale);
    assert_eq!(state.sale.reference, left.sale.reference);
    assert_eq!(reader.finished(None, 1_000).unwrap().len() as u64, made.sales);
    assert!(state.parked.is_empty() && state.unresolved.is_empty());
    assert!(state.cancellations.is_empty() && state.abandoned.is_empty());
}

#[test]
fn an_aged_journal_has_the_times_of_its_shop_days_and_is_the_same_again() {
    let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (made, _, reader) = aged(first.path(), 400);
    assert!(made.days >= 2, "{made:?}");
    let entries = all(&reader).unwrap();
    assert!(entries.is_sorted_by(|one, next| one.at <= next.at));
    let open = |entry: &Entry| ("05:30".."22:00").contains(&&entry.at[11..16]);
    assert!(entries.iter().all(open), "in opening hours");
    assert!(entries.iter().all(|entry| entry.at[..10] <= *"2026-06-30"), "in the past");
    for kind in ["line", "void", "paid", "parked", "recalled", "discarded", "cancelled"] {
        assert!(entries.iter().any(|entry| entry.kind == kind), "no {kind}");
    }
    let bytes = size(first.path()) / made.sales;
    assert!(bytes < 4_000, "{bytes} bytes a sale");
    let (_, _, again) = aged(second.path(), 400);
    assert!(all(&again).unwrap() == entries);
}
