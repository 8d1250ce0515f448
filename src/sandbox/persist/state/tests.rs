#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;

use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::*;
use crate::sandbox::fixtures::{
    CARD_BONUS, CARD_EMPTY, CARD_VOUCHER, Fixtures, SEED_TOKEN, SEED_TRANSACTION,
};
use crate::sandbox::http::options::Options;
use crate::sandbox::http::server::{SandboxError, bind_to};
use crate::sandbox::ledger::Ledger;
use crate::sandbox::store::{Remote, Task, Verdict};
use crate::wire::{CHARGE_EAN, StartMethod, Transaction};

const AT: Timestamp = Timestamp::UNIX_EPOCH;

struct Kit {
    folder: TempDir,
}

impl Kit {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("deep/sandbox.jsonl")
    }

    fn try_open(&self, fresh: bool) -> Result<Ledger, StateError> {
        Ledger::open(&self.path(), fresh, &Fixtures::default(), 3)
    }

    fn open(&self) -> Ledger {
        self.try_open(false).unwrap()
    }
}

fn body(card: &str, price: i64, ean: &str) -> Value {
    json!({
        "idents": [{ "type": "card", "value": card }],
        "transactionRef": "ref",
        "basket": { "products": [{ "id": 1, "desc": "x", "quantity": 1, "priceOne": price,
                                   "tax": 7, "ean": ean, "group": ["a", 1] }] },
    })
}

/// One sale per status, and one per kind of answer.
fn trade(ledger: &Ledger) -> Vec<String> {
    let create =
        |card, price, ean| ledger.create::<Transaction>(&body(card, price, ean), AT).unwrap().id;
    let sales = [
        create(CARD_BONUS, 796, ""),
        create(CARD_BONUS, 50, ""),
        create(CARD_EMPTY, 1500, CHARGE_EAN),
        create(CARD_VOUCHER, 300, ""),
        create(CARD_VOUCHER, 100, ""),
        create("9276000000000000", 100, ""),
    ];
    ledger.apply(&sales[0]).unwrap();
    ledger.start::<Transaction>(&sales[0], StartMethod::Cash, AT).unwrap();
    ledger.apply(&sales[1]).unwrap();
    ledger.start::<Transaction>(&sales[2], StartMethod::Cash, AT).unwrap();
    ledger.start::<Transaction>(&sales[3], StartMethod::Loyalty, AT).unwrap();
    ledger.cancel::<Transaction>(&sales[3], AT).unwrap();
    ledger.abort::<Transaction>(&sales[4], AT).unwrap();
    ledger.update::<Transaction>(&sales[5], &body(CARD_VOUCHER, 120, "")).unwrap();
    ledger.begin_terminal(&sales[5]).unwrap();
    ledger.finish_terminal::<Transaction>(&sales[5], Verdict::Accepted, AT).unwrap();
    ledger.spend_at_other_till(&sales[4], AT).unwrap();
    more(ledger);
    loyalty_steps(ledger);
    sales.into()
}

/// One of every further kind of record: created cards, failed and remote payments, orders, tasks.
fn more(ledger: &Ledger) {
    let gift = json!([{ "type": "create_card", "value": ledger.book().shop.groups[0].id }]);
    let create = |price: i64, ean: &str, idents: &Value, intent: &str| {
        let mut body = body(CARD_EMPTY, price, ean);
        body["idents"] = idents.clone();
        body["intent"] = json!(intent);
        body["delivery_options"] = json!({ "type": "collection" });
        body["cashier"] = json!("1");
        ledger.create::<Transaction>(&body, AT).unwrap().id
    };
    let new = create(2500, CHARGE_EAN, &gift, "sale");
    ledger.start::<Transaction>(&new, StartMethod::Cash, AT).unwrap();
    let declined = create(100, "", &json!([]), "sale");
    ledger.begin_terminal(&declined).unwrap();
    ledger.finish_terminal::<Transaction>(&declined, Verdict::Declined, AT).unwrap();
    let stopped = create(100, "", &json!([]), "sale");
    ledger.begin_terminal(&stopped).unwrap();
    ledger.abort::<Transaction>(&stopped, AT).unwrap();
    let order = create(100, "", &json!([]), "order");
    ledger
        .prepare::<Transaction>(&order, Remote::Debit, &json!({ "customer": { "id": "PCU_1" } }))
        .unwrap();
    ledger.start_prepared::<Transaction>(&order, AT).unwrap();
    let delivery = json!({ "delivery_options": { "delivered_at": "2020-09-25T11:15:30+02:00" } });
    ledger.set_delivery::<Transaction>(&order, &delivery, AT).unwrap();
    let pending = create(100, "", &json!([]), "sale");
    ledger.prepare::<Transaction>(&pending, Remote::Prepaid, &Value::Null).unwrap();
    ledger.task::<Transaction>(Task::EndOfDay, AT).unwrap();
}

/// One step of every kind that no sale is part of.
fn loyalty_steps(ledger: &Ledger) {
    let id = |number: &str| ledger.card(number).unwrap().id;
    let group = ledger.card(CARD_BONUS).unwrap().cardgroup.id;
    let (empty, bonus) = (id(CARD_EMPTY), id(CARD_BONUS));
    ledger.lock(&empty, &json!({ "reason": 2, "note": "bent" })).unwrap();
    ledger.lock(&bonus, &json!({ "reason": 1 })).unwrap();
    ledger.unlock(&bonus, &json!({})).unwrap();
    assert!(ledger.new_passcode(&bonus, &json!({ "passcode": 7 })).unwrap());
    assert!(ledger.new_passcode(&empty, &json!({ "passcode": 8 })).unwrap());
    assert!(ledger.reset_passcode(&empty, &json!({ "passcode": 8 })).unwrap());
    let holder = json!({ "merchant_contact": { "surname": "Meier" }, "note": "n" });
    ledger.register_customer(&bonus, &holder, AT).unwrap();
    let [kept, gone] = [0, 1]
        .map(|_| ledger.add_customer(&holder, AT).unwrap()["id"].as_str().unwrap().to_owned());
    ledger.set_customer(&empty, &gone).unwrap();
    ledger.update_customer(&kept, &json!({ "note": "other" })).unwrap();
    ledger.delete_customer(&gone).unwrap();
    ledger
        .update_card(&empty, &json!({ "expiry_date": "2031-12-31", "additional_data": { "a": 1 } }))
        .unwrap();
    ledger.set_group(&empty, &group).unwrap();
    let made = ledger.create_cards("me", &group, &json!({ "cards_amount": 2 }), AT).unwrap();
    let new = made[1]["id"].as_str().unwrap();
    for (action, amount) in [("charge", 500), ("discharge", 200), ("cancel_last", 0)] {
        let body = json!({ "action": action, "amount": amount, "additional_data": { "b": [] } });
        ledger.book_directly("me", new, &body, AT).unwrap();
    }
}

/// Everything that the books hold but the ids to come, which every opening moves on.
fn all(ledger: &Ledger) -> Value {
    let mut all = serde_json::to_value(Snapshot::of(&ledger.book())).unwrap();
    assert!(all.as_object_mut().unwrap().remove("ids").unwrap().is_u64());
    all
}

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
    let file = fs::metadata(kit.path()).unwrap();
    assert_eq!(file.permissions().mode() & 0o777, 0o600);
}

#[test]
fn books_of_version_0_1_0_open_and_go_on() {
    let kit = Kit::new();
    fs::create_dir_all(kit.path().parent().unwrap()).unwrap();
    fs::write(kit.path(), include_str!("v0_1_0.jsonl")).unwrap();
    let ledger = kit.open();
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
fn opening_shrinks_the_file_to_one_line() {
    let kit = Kit::new();
    trade(&kit.open());
    let lines = || fs::read_to_string(kit.path()).unwrap().lines().count();
    assert!(lines() > 10);
    drop(kit.open());
    assert_eq!(lines(), 1);
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
fn an_unfinished_last_line_counts_as_never_happened() {
    let kit = Kit::new();
    let ledger = kit.open();
    let id = ledger.create::<Transaction>(&body(CARD_VOUCHER, 300, ""), AT).unwrap().id;
    let before = all(&ledger);
    let kept = fs::read(kit.path()).unwrap();
    ledger.start::<Transaction>(&id, StartMethod::Loyalty, AT).unwrap();
    let whole = fs::read(kit.path()).unwrap();
    drop(ledger);
    for end in [kept.len(), kept.len() + 1, kept.len() + 40, whole.len() - 1] {
        fs::write(kit.path(), &whole[..end]).unwrap();
        let again = kit.open();
        assert_eq!(all(&again), before, "{end}");
        assert_eq!(again.loyalty_transactions(), 0);
    }
    fs::write(kit.path(), &whole).unwrap();
    assert_eq!(kit.open().loyalty_transactions(), 1);
}

#[test]
fn a_damaged_file_is_refused_unchanged_and_fresh_replaces_it() {
    let kit = Kit::new();
    trade(&kit.open());
    let whole = fs::read(kit.path()).unwrap();
    let second = whole.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    for (damage, line) in [(30, 1), (second + 30, 2)] {
        let mut damaged = whole.clone();
        damaged[damage] ^= 4;
        fs::write(kit.path(), &damaged).unwrap();
        let error = kit.try_open(false).unwrap_err();
        assert!(matches!(&error, StateError::Damaged { line: at, .. } if *at == line), "{error}");
        assert!(error.to_string().ends_with("start with --fresh to begin anew"), "{error}");
        assert_eq!(fs::read(kit.path()).unwrap(), damaged);
    }
    fs::write(kit.path(), "").unwrap();
    assert!(matches!(kit.try_open(false), Err(StateError::Damaged { line: 1, .. })));
    let fresh = kit.try_open(true).unwrap();
    assert_eq!(all(&fresh), all(&Ledger::new(Fixtures::default(), 3)));
}

#[test]
fn fresh_forgets_whole_books_too() {
    let kit = Kit::new();
    trade(&kit.open());
    assert_eq!(kit.try_open(true).unwrap().bookings(), []);
    assert_eq!(kit.open().bookings(), []);
}

#[test]
fn records_of_another_form_are_not_guessed_at() {
    let kit = Kit::new();
    drop(kit.open());
    let text = fs::read_to_string(kit.path()).unwrap();
    let other =
        text.trim_end().split_at(17).1.replace("\"kasse_sandbox\":1", "\"kasse_sandbox\":2");
    fs::write(kit.path(), Chain::new().line(&other)).unwrap();
    assert!(matches!(kit.try_open(false), Err(StateError::Damaged { line: 1, .. })));
}

#[test]
fn books_without_codes_holders_and_points_still_open() {
    let kit = Kit::new();
    let ledger = kit.open();
    let id = ledger.create::<Transaction>(&body(CARD_EMPTY, 500, CHARGE_EAN), AT).unwrap().id;
    ledger.start::<Transaction>(&id, StartMethod::Cash, AT).unwrap();
    drop(ledger);
    drop(kit.open());
    let text = fs::read_to_string(kit.path()).unwrap();
    let mut old: Value = serde_json::from_str(text.trim_end().split_at(17).1).unwrap();
    let took = |object: &mut Value, names: &[&str]| {
        for name in names {
            assert!(object.as_object_mut().unwrap().remove(*name).is_some(), "{name}");
        }
    };
    took(&mut old, &["customers"]);
    for account in old["accounts"].as_object_mut().unwrap().values_mut() {
        took(account, &["codes", "lock", "additional_data"]);
        took(&mut account["balance"], &["points"]);
    }
    let later = ["points", "kind", "amount", "created", "code", "balance", "cancels", "receipt"];
    took(&mut old["bookings"][0], &later);
    took(&mut old["world"]["groups"][0], &["points_per_euro", "white_list", "bonus_products"]);
    took(&mut old["world"]["cards"][0], &["csc", "pin", "points", "lock_reason"]);
    fs::write(kit.path(), Chain::new().line(&old.to_string())).unwrap();
    let again = kit.open();
    assert_eq!(again.balance(CARD_EMPTY).unwrap().cash.minor(), 500);
    assert_eq!(again.transaction(&id).unwrap().status, crate::wire::Status::Ok);
    again.cancel::<Transaction>(&id, AT).unwrap();
    assert_eq!(again.balance(CARD_EMPTY).unwrap().cash.minor(), 0);
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

#[test]
fn a_place_that_cannot_be_written_is_named() {
    let kit = Kit::new();
    fs::create_dir_all(kit.path()).unwrap();
    let error = kit.try_open(false).unwrap_err();
    assert!(matches!(error, StateError::Io { .. }), "{error}");
    assert!(error.to_string().contains("sandbox.jsonl"), "{error}");
}

/// New books on a disk without room.
fn full() -> (Book, StateFile) {
    let full = || OpenOptions::new().write(true).open("/dev/full").unwrap();
    let tail = Tail { file: full(), chain: Chain::new() };
    let state = StateFile::over(Path::new("/dev/full"), tail, full(), None);
    (Book::new(Fixtures::default(), 0), state)
}

#[test]
fn a_full_disk_stops_the_books() {
    let (mut book, state) = full();
    let id = book.order[0].clone();
    assert!(state.is_synced());
    for _ in 0..2 {
        assert_eq!(state.append(&mut book, Some(&id)), Err(Refusal::Internal));
        assert_eq!(state.sync(), Err(Refusal::Internal));
        assert!(!state.is_synced(), "no answer may pass unnoticed");
    }
}

#[tokio::test]
async fn a_full_disk_ends_the_server_before_it_shows_what_is_not_kept() {
    let (book, state) = full();
    let ledger = Arc::new(Ledger::with(book, Some(state)));
    let sandbox = bind_to(Options::default(), Arc::clone(&ledger)).await.unwrap();
    let mut stream = TcpStream::connect(sandbox.addr()).await.unwrap();
    let serving = tokio::spawn(sandbox.serve(std::future::pending()));
    let request = format!(
        "POST /api/v2/Smart/Transactions/{SEED_TRANSACTION}/start/cash HTTP/1.1\r\nHost: x\r\n\
         Authorization: Bearer {SEED_TOKEN}\r\nContent-Length: 0\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 500 ProductInternalException\r\n"), "{answer}");
    let ended = serving.await.unwrap().unwrap_err();
    assert!(matches!(ended, SandboxError::State(StateError::Io { .. })), "{ended}");
    assert!(ended.to_string().starts_with("cannot use /dev/full: "), "{ended}");
}

/// One step of some till; the number picks one of the sales so far.
#[derive(Debug, Clone)]
enum Step {
    Create(&'static str, i64, bool),
    Apply(usize),
    Start(usize, StartMethod),
    Cancel(usize),
    Direct(&'static str, &'static str, i64),
    Reopen,
}

fn step() -> impl Strategy<Value = Step> {
    let card = prop::sample::select(vec![CARD_BONUS, CARD_EMPTY, CARD_VOUCHER]);
    let again = card.clone();
    let action = prop::sample::select(vec!["charge", "discharge", "sale_revenue", "cancel_last"]);
    let method = prop::sample::select(vec![StartMethod::Cash, StartMethod::Loyalty]);
    prop_oneof![
        3 => (card, 1_i64..400, any::<bool>()).prop_map(|(c, p, l)| Step::Create(c, p, l)),
        3 => (0_usize..5).prop_map(Step::Apply),
        4 => (0_usize..5, method).prop_map(|(sale, method)| Step::Start(sale, method)),
        1 => (0_usize..5).prop_map(Step::Cancel),
        2 => (again, action, 1_i64..300).prop_map(|(c, a, amount)| Step::Direct(c, a, amount)),
        1 => Just(Step::Reopen),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn a_ledger_that_is_reopened_at_any_time_goes_on_like_one_that_is_not(
        steps in prop::collection::vec(step(), 1..30),
    ) {
        let kit = Kit::new();
        let mut kept = kit.open();
        let steady = Ledger::new(Fixtures::default(), 3);
        let mut sales: Vec<[String; 2]> = Vec::new();
        for step in steps {
            if matches!(step, Step::Reopen) {
                drop(kept);
                kept = kit.open();
                continue;
            }
            if let Step::Direct(card, action, amount) = &step {
                let body = json!({ "cardnumber": card, "action": action, "amount": amount });
                let run = |ledger: &Ledger| {
                    let done = ledger.book_directly("me", "me", &body, AT);
                    done.map(|card| card["balance"].clone()).map_err(|refusal| refusal.code())
                };
                prop_assert_eq!(run(&kept), run(&steady));
                continue;
            }
            let last = sales.len().checked_sub(1);
            let run = |ledger: &Ledger, side: usize| -> Result<Transaction, Refusal> {
                let pick = |sale: usize| {
                    last.map_or(String::new(), |last| sales[last - sale.min(last)][side].clone())
                };
                match &step {
                    Step::Create(card, price, charge) => {
                        ledger.create::<Transaction>(&body(card, *price, if *charge { CHARGE_EAN } else { "" }), AT)
                    }
                    Step::Apply(sale) => {
                        let id = pick(*sale);
                        ledger.apply(&id).and_then(|_| ledger.read(&id))
                    }
                    Step::Start(sale, method) => ledger.start::<Transaction>(&pick(*sale), *method, AT),
                    Step::Cancel(sale) => ledger.cancel::<Transaction>(&pick(*sale), AT),
                    Step::Direct(..) | Step::Reopen => Err(Refusal::Internal),
                }
            };
            let (mine, theirs) = (run(&kept, 0), run(&steady, 1));
            match (&mine, &theirs) {
                (Ok(mine), Ok(theirs)) => {
                    prop_assert_eq!(mine.status, theirs.status);
                    prop_assert_eq!(&mine.basket_info, &theirs.basket_info);
                    if matches!(step, Step::Create(..)) {
                        sales.push([mine.id.clone(), theirs.id.clone()]);
                    }
                }
                // Texts of refusals name ids, which differ.
                (Err(mine), Err(theirs)) => prop_assert_eq!(mine.code(), theirs.code()),
                _ => prop_assert!(false, "{:?} and {:?}", mine, theirs),
            }
            for card in [CARD_BONUS, CARD_EMPTY, CARD_VOUCHER] {
                prop_assert_eq!(kept.balance(card), steady.balance(card));
            }
        }
    }
}
