//! Properties of the ledger under arbitrary requests: random steps and damaged bodies.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::collections::BTreeMap;

use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::money::Money;
use crate::sandbox::amounts::basket;
use crate::sandbox::fixtures::{
    CARD_BONUS, CARD_EMPTY, CARD_INACTIVE, CARD_LOCKED, CARD_VOUCHER, Fixtures,
};
use crate::sandbox::ledger::Ledger;
use crate::sandbox::refusal::Refusal;
use crate::sandbox::search::find::Find;
use crate::sandbox::search::lists::List;
use crate::sandbox::store::{Draft, Payment, Remote, Task, Verdict};
use crate::wire::{CHARGE_EAN, DISCHARGE_EANS, Item, Status, Transaction};

/// One request of some till; the number picks one of the sales so far.
#[derive(Debug, Clone)]
enum Step {
    Create(Value),
    Update(usize, Value),
    Apply(usize),
    Start(usize, Payment),
    Abort(usize),
    Cancel(usize),
    Prepare(usize, Remote),
    StartPrepared(usize),
    /// A terminal payment; the second number picks a sale whose card is spent meanwhile.
    Terminal(usize, Verdict, usize),
    /// A terminal payment that is aborted meanwhile.
    Stopped(usize),
    CancelReceipt(i64),
    Task(Task),
    Deliver(usize),
    /// A booking without a sale.
    Direct(Value),
    Lock(&'static str, bool),
    /// Makes a card and loads it.
    Issue(i64),
}

/// Cards, and one number that is none.
const KNOWN: [&str; 6] =
    [CARD_BONUS, CARD_EMPTY, CARD_VOUCHER, CARD_LOCKED, CARD_INACTIVE, "9276000000000000"];

fn known() -> impl Strategy<Value = &'static str> {
    prop::sample::select(KNOWN.to_vec())
}

fn direct() -> impl Strategy<Value = Value> {
    let action = prop::sample::select(vec![
        "charge",
        "discharge",
        "sale_revenue",
        "charge_points",
        "discharge_points",
        "cancel_last",
    ]);
    (known(), action, 1_i64..900, any::<bool>()).prop_map(|(card, action, amount, split)| {
        json!({ "cardnumber": card, "action": action, "amount": amount,
                "amount_split_allowed": split })
    })
}

/// The default shop, its bonus programme with points too.
fn shop() -> Fixtures {
    let mut shop = Fixtures::default();
    shop.groups[1].points_per_euro = 3;
    shop
}

fn ident() -> impl Strategy<Value = Value> {
    let shop = Fixtures::default();
    let cards = KNOWN.map(|number| json!({ "type": "card", "value": number }));
    let checkins = shop.checkins.iter().map(|it| json!({ "type": "checkin", "value": it.id }));
    let groups = shop.groups.iter().map(|it| json!({ "type": "create_card", "value": it.id }));
    prop::sample::select(cards.into_iter().chain(checkins).chain(groups).collect::<Vec<_>>())
}

fn line() -> impl Strategy<Value = Value> {
    let tax = prop::sample::select(vec![0_i64, 7, 19, 1900]);
    (-2_i64..5, 1_i64..400, tax, 0_u8..12).prop_map(|(quantity, price, tax, kind)| {
        let line = |quantity: i64, ean: &str, kind: &str| {
            json!({ "desc": "x", "quantity": quantity, "priceOne": price, "tax": tax, "ean": ean,
                    "item_type": kind })
        };
        match kind {
            0 | 1 => line(quantity.abs() + 1, CHARGE_EAN, "article"),
            2 => line(1, DISCHARGE_EANS[0], "article"),
            3 => line(quantity, "", "coupon"),
            4 => json!({ "item_type": "sub_transaction", "desc": "x", "sum": price * 2,
                         "contract_id": "GCR_3QCX2UMNSE87Y698A5B90GD5MZWHP7",
                         "sub_basket": [
                             { "id": 1, "desc": "x", "quantity": 2, "priceOne": price, "tax": tax },
                             { "item_type": "stakeholder_payment", "desc": "x", "sum": 1,
                               "contract_id": "GCR_2H69XY35227V2VKP9WRA3SJ0W95RP0", "id": 2 },
                         ] }),
            _ => line(quantity, "", "article"),
        }
    })
}

fn body() -> impl Strategy<Value = Value> {
    let intent = prop::sample::select(vec!["sale", "sale", "order"]);
    let idents = prop::collection::vec(ident(), 0..3);
    (idents, prop::collection::vec(line(), 0..5), intent, any::<bool>()).prop_map(
        |(idents, mut products, intent, fetched)| {
            for (product, id) in products.iter_mut().zip(1..) {
                product["id"] = json!(id);
            }
            let delivery = if fetched { "collection" } else { "shipping" };
            json!({ "idents": idents, "basket": { "products": products }, "intent": intent,
                    "delivery_options": { "type": delivery } })
        },
    )
}

fn step() -> impl Strategy<Value = Step> {
    let method = prop::sample::select(vec![
        Payment::Cash,
        Payment::Loyalty,
        Payment::Demo,
        Payment::CashlessDirect,
        Payment::Remote(Remote::Invoice),
        Payment::Remote(Remote::Debit),
    ]);
    let verdict = prop::sample::select(vec![
        Verdict::Accepted,
        Verdict::Accepted,
        Verdict::Declined,
        Verdict::BrokenOff,
        Verdict::TimedOut,
    ]);
    let task = prop::sample::select(vec![Task::Diagnosis, Task::EndOfDay]);
    prop_oneof![
        6 => body().prop_map(Step::Create),
        2 => (0_usize..9, body()).prop_map(|(sale, body)| Step::Update(sale, body)),
        8 => (0_usize..9).prop_map(Step::Apply),
        9 => (0_usize..9, method).prop_map(|(sale, method)| Step::Start(sale, method)),
        2 => (0_usize..9).prop_map(Step::Abort),
        3 => (0_usize..9).prop_map(Step::Cancel),
        2 => (0_usize..9).prop_map(|sale| Step::Prepare(sale, Remote::Prepaid)),
        2 => (0_usize..9).prop_map(Step::StartPrepared),
        3 => (0_usize..9, verdict, 0_usize..9).prop_map(|(a, v, b)| Step::Terminal(a, v, b)),
        1 => (0_usize..9).prop_map(Step::Stopped),
        2 => (0_i64..9).prop_map(Step::CancelReceipt),
        1 => task.prop_map(Step::Task),
        1 => (0_usize..9).prop_map(Step::Deliver),
        5 => direct().prop_map(Step::Direct),
        2 => (known(), any::<bool>()).prop_map(|(card, locked)| Step::Lock(card, locked)),
        2 => (1_i64..500).prop_map(Step::Issue),
    ]
}

fn check(ledger: &Ledger) -> Result<(), TestCaseError> {
    let bookings = ledger.bookings();
    let first = shop().cards.into_iter().map(|card| (card.number, (card.cash, card.bonus, 0)));
    let mut held: BTreeMap<String, (Money, Money, i64)> = first.collect();
    for booking in &bookings {
        // A card that a sale or a merchant has made starts empty.
        let (cash, bonus, points) = held.entry(booking.card.clone()).or_default();
        *cash += booking.cash;
        *bonus += booking.bonus;
        *points += booking.points;
        prop_assert!(!cash.is_negative() && !bonus.is_negative(), "{:?} overdraws", booking);
        prop_assert!(*points >= 0, "{:?} overdraws", booking);
        prop_assert_eq!(booking.balance, *cash + *bonus);
    }
    prop_assert_eq!(ledger.book().accounts.len(), held.len(), "a card without any booking");
    for (number, holds) in held {
        let now = ledger.balance(&number).unwrap();
        prop_assert_eq!((now.cash, now.bonus, now.points), holds);
    }
    let book = ledger.book();
    for sale in book.sales.values() {
        let view = crate::sandbox::views::transaction::view(&book, sale);
        let borrowed = serde_json::to_string(&view).unwrap();
        prop_assert_eq!(borrowed, serde_json::to_string(&Transaction::from(view)).unwrap());
    }
    drop(book);
    let shown = ledger.list(List::Bookings, &Find::default()).data;
    prop_assert_eq!(shown.len(), bookings.len());
    for (shown, booking) in shown.iter().zip(&bookings) {
        prop_assert_eq!(&shown["id"], &booking.id);
        let taken_back = shown["status"] == "cancelled";
        let backs = bookings.iter().filter(|other| other.cancels.as_ref() == Some(&booking.id));
        prop_assert_eq!(backs.count(), usize::from(taken_back), "{:?}", booking);
    }
    for sale in ledger.transactions() {
        let products = &sale.basket.products;
        let is_bonus = |item: &&Item| item.desc.starts_with("Bonus VAT");
        let bonus: i64 = products.iter().filter(is_bonus).map(|item| item.price_one.minor()).sum();
        prop_assert_eq!(basket::total(products).minor() - bonus, sale.basket_info.sum.minor());
        let missing = sale.basket_info.missing_sum;
        prop_assert!(missing.is_none_or(|missing| !missing.is_negative()));
        prop_assert!(sale.status != Status::Processing || missing.is_some());
        let mine = bookings.iter().filter(|booking| booking.transaction == sale.id);
        let (booked, cash, bonus) = mine.fold((0, 0, 0), |(count, cash, bonus), booking| {
            (count + 1, cash + booking.cash.minor(), bonus + booking.bonus.minor())
        });
        prop_assert_eq!(booked, sale.transactions.len());
        match sale.status {
            Status::Created
            | Status::Processing
            | Status::Approved
            | Status::Failed
            | Status::Aborted => prop_assert_eq!(booked, 0, "{:?}", sale.status),
            // All of it went back.
            Status::Cancelled => prop_assert!(matches!(booked, 0 | 2) && cash == 0 && bonus == 0),
            _ => prop_assert!(booked <= 1, "{:?} has {} bookings", sale.status, booked),
        }
    }
    Ok(())
}

/// Takes one step; refusals are answers, too.
fn take(ledger: &Ledger, sales: &mut Vec<String>, step: Step) {
    let at = Timestamp::UNIX_EPOCH;
    let pick = |sale: usize| {
        let last = sales.len().checked_sub(1);
        last.map_or_else(String::new, |last| sales[last - sale.min(last)].clone())
    };
    let answer: Result<(), Refusal> = match step {
        Step::Create(body) => {
            ledger.create::<Transaction>(&body, at).map(|sale| sales.push(sale.id))
        }
        Step::Update(sale, body) => ledger.update::<Transaction>(&pick(sale), &body).map(drop),
        Step::Apply(sale) => ledger.apply(&pick(sale)).map(drop),
        Step::Start(sale, method) => ledger.start::<Transaction>(&pick(sale), method, at).map(drop),
        Step::Abort(sale) => ledger.abort::<Transaction>(&pick(sale), at).map(drop),
        Step::Cancel(sale) => ledger.cancel::<Transaction>(&pick(sale), at).map(drop),
        Step::Prepare(sale, method) => {
            ledger.prepare::<Transaction>(&pick(sale), method, &Value::Null).map(drop)
        }
        Step::StartPrepared(sale) => {
            ledger.start_prepared::<Transaction>(&pick(sale), at).map(drop)
        }
        Step::Terminal(sale, verdict, spent) => ledger.begin_terminal(&pick(sale)).and_then(|_| {
            let _ = ledger.spend_at_other_till(&pick(spent), at);
            ledger.finish_terminal::<Transaction>(&pick(sale), verdict, at).map(drop)
        }),
        Step::Stopped(sale) => ledger.begin_terminal(&pick(sale)).and_then(|_| {
            ledger.abort::<Transaction>(&pick(sale), at)?;
            ledger.finish_terminal::<Transaction>(&pick(sale), Verdict::Accepted, at).map(drop)
        }),
        Step::CancelReceipt(number) => {
            ledger.cancel_receipt::<Transaction>(&number.to_string(), at).map(drop)
        }
        Step::Task(task) => ledger.task::<Transaction>(task, at).map(drop),
        Step::Deliver(sale) => {
            let body = json!({ "delivery_options": { "shipped_by": "x" } });
            ledger.set_delivery::<Transaction>(&pick(sale), &body, at).map(drop)
        }
        Step::Direct(body) => ledger.book_directly("me", "me", &body, at).map(drop),
        Step::Lock(number, locked) => {
            if let Some(card) = ledger.card(number) {
                let done = if locked {
                    ledger.lock(&card.id, &json!({ "reason": 1 }))
                } else {
                    ledger.unlock(&card.id, &json!({}))
                };
                assert!(done.is_ok());
            }
            Ok(())
        }
        Step::Issue(amount) => {
            let made = ledger.create_cards("me", &shop().groups[0].id, &json!({}), at).unwrap();
            let id = made[0]["id"].as_str().unwrap();
            let body = json!({ "action": "charge", "amount": amount });
            assert!(ledger.book_directly(id, id, &body, at).is_ok());
            Ok(())
        }
    };
    drop(answer);
}

proptest! {
    #[test]
    fn books_balance_after_any_sequence_of_requests(
        steps in prop::collection::vec(step(), 1..60),
    ) {
        let (ledger, again) = (Ledger::new(shop(), 1), Ledger::new(shop(), 1));
        let (mut sales, mut others) = (Vec::new(), Vec::new());
        for step in steps {
            take(&ledger, &mut sales, step.clone());
            check(&ledger)?;
            take(&again, &mut others, step);
        }
        prop_assert_eq!(ledger.transactions(), again.transactions(), "equal seeds, equal books");
    }

    #[test]
    fn a_damaged_body_is_read_within_bounds_or_refused_by_name(
        path in prop::sample::select(vec![
            "/idents", "/idents/0", "/idents/0/type", "/idents/0/value", "/basket",
            "/basket/products", "/basket/products/0", "/basket/products/0/id",
            "/basket/products/0/quantity", "/basket/products/0/priceOne",
            "/basket/products/0/tax", "/basket/products/0/ean", "/basket/products/0/group",
            "/basket/products/0/parent", "/basket/products/0/item_type", "/basket/products/0/sub_basket",
            "/basket_info", "/basket_info/sum", "/basket_info/gratuity", "/transactionRef",
            "/customer", "/delivery_options", "/cashier", "/tax_rate", "",
        ]),
        damage in prop_oneof![
            any::<i64>().prop_map(Value::from), any::<u64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from), ".*".prop_map(Value::from),
            any::<bool>().prop_map(Value::from), Just(Value::Null), Just(json!([])),
            Just(json!({})), Just(json!([null])), Just(json!([[]])), Just(json!({ "x": {} })),
        ],
    ) {
        let mut body = json!({
            "idents": [{ "type": "card", "value": CARD_BONUS }],
            "basket": { "products": [{ "id": 1, "desc": "x", "quantity": 2, "priceOne": 99,
                                       "tax": 19, "ean": "", "group": [], "parent": null,
                                       "item_type": "article", "sub_basket": null }] },
            "basket_info": { "sum": 198, "currency": "EUR", "gratuity": null },
            "transactionRef": "x", "customer": {}, "delivery_options": {}, "cashier": "x",
            "tax_rate": 19,
        });
        *body.pointer_mut(path).unwrap() = damage;
        match Draft::new().overlaid(&body) {
            Ok(draft) => {
                let total = basket::total(&draft.items).minor();
                prop_assert!((0..=basket::MOST_SUM).contains(&total));
            }
            Err(Refusal::Format(details)) => {
                let (field, reason) = details.split_once(": ").unwrap();
                prop_assert!(!field.is_empty() && !reason.is_empty());
            }
            Err(other) => prop_assert!(false, "{:?}", other),
        }
    }
}
