//! Properties of the ledger under arbitrary requests: random steps and damaged bodies.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::collections::BTreeMap;

use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::lists::List;
use super::query::Find;
use super::refusal::Refusal;
use super::request::Draft;
use super::{
    CARD_BONUS, CARD_EMPTY, CARD_INACTIVE, CARD_LOCKED, CARD_VOUCHER, Fixtures, Ledger, basket,
};
use crate::money::Money;
use crate::wire::{CHARGE_EAN, StartMethod, Status};

/// One request of some till; the number picks one of the sales so far.
#[derive(Debug, Clone)]
enum Step {
    Create(Value),
    Update(usize, Value),
    Apply(usize),
    Start(usize, StartMethod),
    Abort(usize),
    Cancel(usize),
    /// A booking without a sale.
    Direct(Value),
    Lock(&'static str, bool),
    /// Makes a card and loads it.
    Issue(i64),
}

/// Cards, and one number that is none.
fn known() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        CARD_BONUS,
        CARD_EMPTY,
        CARD_VOUCHER,
        CARD_LOCKED,
        CARD_INACTIVE,
        "9276000000000000",
    ])
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

/// The seeds' world, its bonus programme with points too.
fn world() -> Fixtures {
    let mut world = Fixtures::default();
    world.groups[1].points_per_euro = 3;
    world
}

fn body() -> impl Strategy<Value = Value> {
    let card = known();
    let line = (-2_i64..5, 1_i64..400, prop::sample::select(vec![0_i64, 7, 19]), any::<bool>());
    (prop::option::of(card), prop::collection::vec(line, 0..5)).prop_map(|(card, lines)| {
        let products: Vec<Value> = lines
            .into_iter()
            .zip(1..)
            .map(|((quantity, price, tax, charge), id)| {
                let ean = if charge && quantity > 0 { CHARGE_EAN } else { "" };
                json!({ "id": id, "desc": "x", "quantity": quantity, "priceOne": price,
                        "tax": tax, "ean": ean })
            })
            .collect();
        let idents: Vec<Value> =
            card.iter().map(|number| json!({ "type": "card", "value": number })).collect();
        json!({ "idents": idents, "basket": { "products": products } })
    })
}

fn step() -> impl Strategy<Value = Step> {
    let method = prop::sample::select(vec![StartMethod::Cash, StartMethod::Loyalty]);
    prop_oneof![
        3 => body().prop_map(Step::Create),
        1 => (0_usize..9, body()).prop_map(|(sale, body)| Step::Update(sale, body)),
        4 => (0_usize..9).prop_map(Step::Apply),
        5 => (0_usize..9, method).prop_map(|(sale, method)| Step::Start(sale, method)),
        1 => (0_usize..9).prop_map(Step::Abort),
        1 => (0_usize..9).prop_map(Step::Cancel),
        3 => direct().prop_map(Step::Direct),
        1 => (known(), any::<bool>()).prop_map(|(card, locked)| Step::Lock(card, locked)),
        1 => (1_i64..500).prop_map(Step::Issue),
    ]
}

fn check(ledger: &Ledger) -> Result<(), TestCaseError> {
    let bookings = ledger.bookings();
    let first = world().cards.into_iter().map(|card| (card.number, (card.cash, card.bonus)));
    let mut opening: BTreeMap<String, _> = first.collect();
    for booking in &bookings {
        opening.entry(booking.card.clone()).or_insert((Money::ZERO, Money::ZERO));
    }
    for (number, (mut cash, mut bonus)) in opening {
        let mut points = 0;
        for booking in bookings.iter().filter(|booking| booking.card == number) {
            cash += booking.cash;
            bonus += booking.bonus;
            points += booking.points;
            prop_assert!(!cash.is_negative() && !bonus.is_negative(), "{:?} overdraws", booking);
            prop_assert!(points >= 0, "{:?} overdraws", booking);
            prop_assert_eq!(booking.balance, cash + bonus);
        }
        let now = ledger.balance(&number).unwrap();
        prop_assert_eq!((now.cash, now.bonus, now.points), (cash, bonus, points));
    }
    let shown = ledger.list(List::Bookings, &Find::default()).data;
    prop_assert_eq!(shown.len(), bookings.len());
    for (shown, booking) in shown.iter().zip(&bookings) {
        prop_assert_eq!(&shown["id"], &booking.id);
        let taken_back = shown["status"] == "cancelled";
        let backs = bookings.iter().filter(|other| other.cancels.as_ref() == Some(&booking.id));
        prop_assert_eq!(backs.count(), usize::from(taken_back), "{:?}", booking);
    }
    for sale in ledger.transactions() {
        let lines: i64 =
            sale.basket.products.iter().map(|item| item.price_one.minor() * item.quantity).sum();
        let bonus: i64 = sale
            .basket
            .products
            .iter()
            .filter(|item| item.desc.starts_with("Bonus VAT"))
            .map(|item| item.price_one.minor())
            .sum();
        prop_assert_eq!(lines - bonus, sale.basket_info.sum.minor());
        let missing = sale.basket_info.missing_sum;
        prop_assert!(missing.is_none_or(|missing| !missing.is_negative()));
        prop_assert!(sale.status != Status::Processing || missing.is_some());
        let booked = bookings.iter().filter(|booking| booking.transaction == sale.id).count();
        let most = match sale.status {
            Status::Ok => 1,
            Status::Cancelled => 2,
            _ => 0,
        };
        prop_assert!(booked <= most, "{:?} has {} bookings", sale.status, booked);
    }
    Ok(())
}

proptest! {
    #[test]
    fn books_balance_after_any_sequence_of_requests(
        steps in prop::collection::vec(step(), 1..60),
    ) {
        let ledger = Ledger::new(world(), 1);
        let at = Timestamp::UNIX_EPOCH;
        let mut sales: Vec<String> = Vec::new();
        for step in steps {
            let pick = |sale: usize| {
                sales.len().checked_sub(1).map(|last| sales[last - sale.min(last)].clone())
            };
            match step {
                Step::Create(body) => {
                    sales.extend(ledger.create(&body, at).map(|sale| sale.id));
                }
                Step::Update(sale, body) => {
                    pick(sale).map(|id| ledger.update(&id, &body));
                }
                Step::Apply(sale) => {
                    pick(sale).map(|id| ledger.apply(&id));
                }
                Step::Start(sale, method) => {
                    pick(sale).map(|id| ledger.start(&id, method, at));
                }
                Step::Abort(sale) => {
                    pick(sale).map(|id| ledger.abort(&id, at));
                }
                Step::Cancel(sale) => {
                    pick(sale).map(|id| ledger.cancel(&id, at));
                }
                Step::Direct(body) => {
                    let _ = ledger.book_directly("me", "me", &body, at);
                }
                Step::Lock(number, locked) => {
                    let Some(card) = ledger.card(number) else { continue };
                    let done = if locked {
                        ledger.lock(&card.id, &json!({ "reason": 1 }))
                    } else {
                        ledger.unlock(&card.id, &json!({}))
                    };
                    prop_assert!(done.is_ok());
                }
                Step::Issue(amount) => {
                    let group = &world().groups[0].id;
                    let made = ledger.create_cards("me", group, &json!({}), at).unwrap();
                    let id = made[0]["id"].as_str().unwrap();
                    let body = json!({ "action": "charge", "amount": amount });
                    prop_assert!(ledger.book_directly(id, id, &body, at).is_ok());
                }
            }
            check(&ledger)?;
        }
    }

    #[test]
    fn a_damaged_body_is_read_within_bounds_or_refused_by_name(
        path in prop::sample::select(vec![
            "/idents", "/idents/0", "/idents/0/type", "/idents/0/value", "/basket",
            "/basket/products", "/basket/products/0", "/basket/products/0/id",
            "/basket/products/0/quantity", "/basket/products/0/priceOne",
            "/basket/products/0/tax", "/basket/products/0/ean", "/basket/products/0/group",
            "/basket/products/0/parent", "/basket_info", "/basket_info/sum", "/transactionRef", "",
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
                                       "tax": 19, "ean": "", "group": [], "parent": null }] },
            "basket_info": { "sum": 198, "currency": "EUR" },
            "transactionRef": "x",
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
