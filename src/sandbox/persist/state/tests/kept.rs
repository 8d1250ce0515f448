//! What is kept, and files of other versions.

use std::os::unix::fs::PermissionsExt;

use super::*;

#[test]
fn books_reopen_as_they_were_left() {
    let kit = Kit::new();
    let ledger = kit.open();
    trade(&ledger);
    let (before, shown) = (all(&ledger), ledger.transactions());
    assert_eq!(shown.len(), 14, "twelve of ours, the fixtures' and the other till's");
    let balance = ledger.balance(CARD_BONUS).unwrap();
    drop(ledger);
    for opening in 0..3 {
        let again = kit.open();
        assert_eq!(all(&again), before, "opening {opening}");
        assert_eq!(again.transactions(), shown);
        assert_eq!(again.balance(CARD_BONUS), Some(balance));
    }
    for suffix in ["", ".log0", ".log1"] {
        let file = fs::metadata(kit.beside(suffix)).unwrap();
        assert_eq!(file.permissions().mode() & 0o777, 0o600, "{suffix}");
    }
}

#[test]
fn books_that_were_reset_reopen_as_new_ones() {
    let kit = Kit::new();
    let ledger = kit.open();
    trade(&ledger);
    ledger.reset(3).unwrap();
    assert_eq!(all(&ledger), all(&Ledger::new(Fixtures::default(), 3)));
    let id = ledger.create::<Transaction>(&body(CARD_VOUCHER, 300, ""), AT).unwrap().id;
    ledger.start::<Transaction>(&id, StartMethod::Loyalty, AT).unwrap();
    let before = all(&ledger);
    drop(ledger);
    assert_eq!(all(&kit.open()), before);
}

/// A file of the first form in the place of the state.
fn former(kit: &Kit, text: &str) -> Ledger {
    fs::create_dir_all(kit.path().parent().unwrap()).unwrap();
    fs::write(kit.path(), text).unwrap();
    kit.open()
}

#[test]
fn books_of_version_0_1_0_open_and_go_on() {
    let kit = Kit::new();
    let ledger = former(&kit, include_str!("../v0_1_0.jsonl"));
    let statuses: Vec<_> = ledger.transactions().iter().map(|sale| sale.status.as_str()).collect();
    let expected = ["created", "ok", "processing", "ok", "cancelled", "aborted", "ok", "ok"];
    assert_eq!(statuses, expected);
    assert_eq!(ledger.balance(CARD_EMPTY).unwrap().cash.minor(), 1500);
    let (paid, applied) = (ledger.transactions()[6].clone(), ledger.transactions()[2].clone());
    assert_eq!(paid.receipt_number, Some(1));
    assert_eq!(ledger.cancel_receipt::<Transaction>("1", AT).unwrap().status.as_str(), "cancelled");
    assert_eq!(
        ledger.start::<Transaction>(&applied.id, StartMethod::Loyalty, AT).unwrap().status.as_str(),
        "ok"
    );
    assert_eq!(ledger.checkins().len(), 2, "what the file does not name is as in a new shop");
    let before = all(&ledger);
    drop(ledger);
    assert_eq!(all(&kit.open()), before);
}

#[test]
fn books_of_the_last_version_with_one_file_open_and_go_on() {
    let kit = Kit::new();
    let ledger = former(&kit, include_str!("../former.jsonl"));
    let sales = ledger.transactions();
    let shown: Vec<_> = sales
        .iter()
        .map(|sale| (sale.transaction_ref.as_deref(), sale.status.as_str(), sale.receipt_number))
        .collect();
    assert_eq!(
        shown,
        [
            (None, "created", None),
            (Some("first"), "ok", None),
            (Some("second"), "cancelled", None),
            (Some("third"), "ok", Some(1)),
            (Some("fourth"), "processing", None),
            (Some("order"), "approved", None),
        ]
    );
    let balance = ledger.balance(CARD_BONUS).unwrap();
    assert_eq!((balance.cash.minor(), balance.bonus.minor()), (0, 78));
    assert_eq!(ledger.balance(CARD_VOUCHER).unwrap().cash.minor(), 500);
    let card = ledger.card(CARD_EMPTY).unwrap();
    assert_eq!(card.lock_status, crate::wire::LockStatus::Locked);
    assert_eq!(card.customer.unwrap()["merchant_contact"]["surname"], "Holder");
    assert_eq!(ledger.loyalty_transactions(), 4);
    ledger.cancel_receipt::<Transaction>("1", AT).unwrap();
    ledger.start::<Transaction>(&sales[4].id, StartMethod::Loyalty, AT).unwrap();
    let before = all(&ledger);
    drop(ledger);
    assert_eq!(all(&kit.open()), before);
}

#[test]
fn ids_go_on_without_reuse_and_the_same_way_every_time() {
    let runs: Vec<Vec<String>> = (0..2)
        .map(|_| {
            let kit = Kit::new();
            for _ in 0..4 {
                let ledger = kit.open();
                let id = ledger
                    .create::<Transaction>(&body(CARD_EMPTY, 500, CHARGE_EAN), AT)
                    .unwrap()
                    .id;
                ledger.start::<Transaction>(&id, StartMethod::Cash, AT).unwrap();
            }
            let ledger = kit.open();
            let bookings = ledger.bookings().into_iter().map(|booking| booking.id);
            bookings.chain(ledger.transactions().into_iter().map(|sale| sale.id)).collect()
        })
        .collect();
    assert_eq!(runs[0], runs[1]);
    let mut ids = runs[0].clone();
    ids.sort();
    ids.dedup();
    assert_eq!((ids.len(), runs[0].len()), (9, 9), "four of each and the fixtures' sale");
}

#[test]
fn tokens_of_a_former_run_are_not_given_again() {
    let kit = Kit::new();
    // Nothing happens in between: the opening alone must make the difference.
    let positions: Vec<u64> = (0..3).map(|_| kit.open().position()).collect();
    assert_ne!(positions[0], positions[1]);
    assert_ne!(positions[1], positions[2]);
}

#[test]
fn fresh_forgets_whole_books_with_their_logs() {
    let kit = Kit::new();
    trade(&kit.open());
    assert_eq!(kit.try_open(true).unwrap().bookings(), []);
    assert_eq!(kit.open().bookings(), []);
}

#[test]
fn a_file_serves_one_ledger_at_a_time() {
    let kit = Kit::new();
    let ledger = kit.open();
    for fresh in [false, true] {
        assert!(matches!(kit.try_open(fresh), Err(StateError::InUse(path)) if path == kit.path()));
    }
    drop(ledger);
    kit.open();
}

/// Writes the snapshot anew with every line changed.
fn rewrite(kit: &Kit, change: impl Fn(usize, &mut Value)) {
    let mut file = frame::Reader::new(File::open(kit.path()).unwrap()).unwrap();
    let mut text = Vec::new();
    while let frame::Next::Frame(more) = file.next().unwrap() {
        text.extend(more);
    }
    let mut out = frame::Writer::new(File::create(kit.path()).unwrap());
    for (at, line) in std::str::from_utf8(&text).unwrap().lines().enumerate() {
        let mut line: Value = serde_json::from_str(line).unwrap();
        change(at, &mut line);
        out.frame(format!("{line}\n").as_bytes()).unwrap();
    }
}

#[test]
fn records_of_another_form_are_not_guessed_at() {
    let kit = Kit::new();
    drop(kit.open());
    rewrite(&kit, |at, line| {
        if at == 0 {
            line["kasse_sandbox"] = json!(3);
        }
    });
    assert!(matches!(kit.try_open(false), Err(StateError::Damaged { line: 1, .. })));
}

#[test]
fn books_without_codes_holders_and_points_still_open() {
    let kit = Kit::new();
    let ledger = kit.open_from(1);
    let id = ledger.create::<Transaction>(&body(CARD_EMPTY, 500, CHARGE_EAN), AT).unwrap().id;
    ledger.start::<Transaction>(&id, StartMethod::Cash, AT).unwrap();
    drop(ledger);
    // Its cut may not have come to an end: this opening finishes it, so that the snapshot has all.
    compaction::until_snapshot_has(&kit, "booking");
    let took = |object: &mut Value, names: &[&str]| {
        for name in names {
            assert!(object.as_object_mut().unwrap().remove(*name).is_some(), "{name}");
        }
    };
    let later = ["points", "kind", "amount", "created", "code", "balance", "cancels", "receipt"];
    rewrite(&kit, |at, line| {
        if at == 0 {
            return;
        }
        for entry in line.as_array_mut().unwrap() {
            let entry = entry.as_object_mut().unwrap();
            let (kind, entry) = entry.iter_mut().next().unwrap();
            match kind.as_str() {
                "begin" => {
                    let programme = ["points_per_euro", "white_list", "bonus_products"];
                    took(&mut entry["groups"][0], &programme);
                    took(&mut entry["cards"][0], &["csc", "pin", "points", "lock_reason"]);
                }
                "account" => {
                    took(entry, &["codes", "lock", "additional_data"]);
                    took(&mut entry["balance"], &["points"]);
                }
                "booking" => took(entry, &later),
                _ => {}
            }
        }
    });
    let again = kit.open();
    assert_eq!(again.balance(CARD_EMPTY).unwrap().cash.minor(), 500);
    assert_eq!(again.transaction(&id).unwrap().status, crate::wire::Status::Ok);
    again.cancel::<Transaction>(&id, AT).unwrap();
    assert_eq!(again.balance(CARD_EMPTY).unwrap().cash.minor(), 0);
}
