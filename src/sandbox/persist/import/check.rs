//! The bounds of fixtures: what the rest of the sandbox relies on, and complaints where it cannot.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use crate::sandbox::amounts::basket::{MOST_LINES, MOST_PIECES, MOST_PRICE, MOST_SUM};
use crate::sandbox::fixtures::{Fixtures, MOST_PASSCODE, is_lock_reason};
use crate::sandbox::persist::import::problems::Problems;
use crate::wire::LockStatus;

/// The most a card may hold, minor units; no booking goes beyond it either.
const MOST_BALANCE: i64 = 1_000_000_000;
/// Programmes at the most: each card looks for its own among them.
const MOST_GROUPS: usize = 1_000;
/// The longest card number.
const LONGEST_NUMBER: usize = 32;
/// When a passcode can be asked for, as the API numbers it.
const ASKS: RangeInclusive<i64> = 0..=6;

/// What the rest of the sandbox relies on.
pub(super) fn check(fixtures: &Fixtures, problems: &mut Problems) {
    check_groups(fixtures, problems);
    check_others(fixtures, problems);
    let mut wrong = |path: String, reason: &str| problems.push(format!("{path}: {reason}"));
    // One set for all: nothing of one kind may be taken for something of another.
    let groups: BTreeSet<&str> = fixtures.groups.iter().map(|group| group.id.as_str()).collect();
    let mut ids = groups.clone();
    for (at, card) in fixtures.cards.iter().enumerate() {
        let path = |name: &str| format!("cards[{at}].{name}");
        if !is_number(&card.number) {
            wrong(path("number"), "must be 1 to 32 digits");
        }
        for (name, id) in [
            ("number", &card.number),
            ("card_id", &card.card_id),
            ("merchantcard_id", &card.merchantcard_id),
        ] {
            if !ids.insert(id) {
                wrong(path(name), "is used twice");
            }
        }
        if !groups.contains(card.group.as_str()) {
            wrong(path("group"), "is none of groups");
        }
        for (name, amount) in [("cash", card.cash), ("bonus", card.bonus)] {
            if !(0..=MOST_BALANCE).contains(&amount.minor()) {
                wrong(path(name), "must be between 0 and 1000000000");
            }
        }
        if !(0..=MOST_BALANCE).contains(&card.points) {
            wrong(path("points"), "must be between 0 and 1000000000");
        }
        if !ASKS.contains(&card.passcode) {
            wrong(path("passcode"), "must be between 0 and 6");
        }
        if card.pin.is_some_and(|pin| !(0..=MOST_PASSCODE).contains(&pin)) {
            wrong(path("pin"), "must be between 0 and 999999");
        }
        let is_csc = |csc: &String| csc.len() == 4 && csc.bytes().all(|byte| byte.is_ascii_digit());
        if !card.csc.as_ref().is_none_or(is_csc) {
            wrong(path("csc"), "must be four digits");
        }
        match card.lock_reason {
            Some(reason) if !is_lock_reason(reason) => {
                wrong(path("lock_reason"), "must be one of 1, 2, 3, 6, 8");
            }
            Some(_) if card.lock_status == LockStatus::Unlocked => {
                wrong(path("lock_reason"), "is for locked cards");
            }
            _ => {}
        }
    }
    for (at, sale) in fixtures.sales.iter().enumerate() {
        let path = |name: &str| format!("sales[{at}].{name}");
        if !ids.insert(sale.id.as_str()) {
            wrong(path("id"), "is used twice");
        }
        if sale.items.len() > MOST_LINES {
            wrong(path("items"), "too many lines");
            continue;
        }
        for (line, item) in sale.items.iter().enumerate() {
            let path = |name: &str| path(&format!("items[{line}].{name}"));
            if item.quantity.abs() > MOST_PIECES {
                wrong(path("quantity"), "must be between -1000000 and 1000000");
            }
            if item.price_one.minor().abs() > MOST_PRICE {
                wrong(path("price_one"), "must be between -1000000000 and 1000000000");
            }
            if !(0..=100).contains(&item.tax) {
                wrong(path("tax"), "must be between 0 and 100");
            }
        }
        let sum = sale.items.iter().fold(0_i64, |sum, item| {
            sum.saturating_add(item.price_one.times(item.quantity).minor())
        });
        if !(0..=MOST_SUM).contains(&sum) {
            wrong(path("items"), "come to less than nothing, or too much");
        }
    }
}

fn check_groups(fixtures: &Fixtures, problems: &mut Problems) {
    let mut wrong = |path: String, reason: &str| problems.push(format!("{path}: {reason}"));
    if fixtures.groups.len() > MOST_GROUPS {
        wrong("groups".to_owned(), "must be at most 1000");
    }
    let mut ids = BTreeSet::new();
    for (at, group) in fixtures.groups.iter().enumerate() {
        let path = |name: &str| format!("groups[{at}].{name}");
        if !ids.insert(&group.id) {
            wrong(path("id"), "is used twice");
        }
        if group.bonus_percent > 100 {
            wrong(path("bonus_percent"), "must be at most 100");
        }
        if !ASKS.contains(&group.passcode) {
            wrong(path("passcode"), "must be between 0 and 6");
        }
        for (name, list) in [("white_list", &group.white_list), ("black_list", &group.black_list)] {
            // An empty text is the number of articles that have none.
            if list.iter().any(String::is_empty) {
                wrong(path(name), "must not name nothing");
            }
        }
        let mut rates = BTreeSet::new();
        for (line, product) in group.bonus_products.iter().enumerate() {
            let path = path(&format!("bonus_products[{line}].tax"));
            if !(0..=100).contains(&product.tax) {
                wrong(path, "must be between 0 and 100");
            } else if !rates.insert(product.tax) {
                wrong(path, "is used twice");
            }
        }
    }
}

/// Check-ins, devices, accounts and contracts.
fn check_others(fixtures: &Fixtures, problems: &mut Problems) {
    let mut wrong = |path: String, reason: &str| problems.push(format!("{path}: {reason}"));
    let mut ids = BTreeSet::from([&fixtures.till_id, &fixtures.terminal_id]);
    for (at, device) in fixtures.devices.iter().enumerate() {
        if !ids.insert(&device.id) {
            wrong(format!("devices[{at}].id"), "is used twice");
        }
        if !["cashier", "zvt"].contains(&device.kind.as_str()) {
            wrong(format!("devices[{at}].kind"), "must be cashier or zvt");
        }
    }
    for (at, checkin) in fixtures.checkins.iter().enumerate() {
        if !["CKI_", "PPT_"].iter().any(|prefix| checkin.id.starts_with(prefix)) {
            wrong(format!("checkins[{at}].id"), "must begin with CKI_ or PPT_");
        }
        if !ids.insert(&checkin.id) {
            wrong(format!("checkins[{at}].id"), "is used twice");
        }
        // A number that is no card is one that the shop does not know, as in sales.
        if !checkin.card.as_ref().is_none_or(|number| is_number(number)) {
            wrong(format!("checkins[{at}].card"), "must be 1 to 32 digits");
        }
    }
    for (at, account) in fixtures.accounts.iter().enumerate() {
        if account.client_id.is_empty() || !ids.insert(&account.client_id) {
            wrong(format!("accounts[{at}].client_id"), "must be a name that is used once");
        }
    }
    for (at, contract) in fixtures.contracts.iter().enumerate() {
        if contract.is_empty() || !ids.insert(contract) {
            wrong(format!("contracts[{at}]"), "must be an id that is used once");
        }
    }
}

fn is_number(number: &str) -> bool {
    (1..=LONGEST_NUMBER).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit())
}
