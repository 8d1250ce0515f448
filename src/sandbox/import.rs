//! Reading fixtures that people wrote: what they leave out is filled in, what is wrong is named.
//!
//! A file is a JSON object with any of the names of [`Fixtures`]; what is absent is as in the
//! default ones. Of a card only its number must be there, of an item only its text and price, of a
//! device only its id: the rest is that of the first default card, empty, or of the first default
//! item or device. Owns bounds and complaints. Must not open files.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::RangeInclusive;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::basket::{MOST_LINES, MOST_PIECES, MOST_PRICE, MOST_SUM};
use super::callers::{AccountFixture, UserFixture};
use super::codes::MOST_PASSCODE;
use super::devices::DeviceFixture;
use super::fixtures::{
    BonusProductFixture, CardFixture, Fixtures, GroupFixture, ItemFixture, SaleFixture,
};
use super::guests::CheckinFixture;
use super::ids::Ids;
use super::loyalty::is_reason;
use crate::hint::{did_you_mean, nearest};
use crate::text::sanitise;
use crate::wire::LockStatus;

/// The most a card may hold, minor units; no booking goes beyond it either.
const MOST_BALANCE: i64 = 1_000_000_000;
/// The longest card number.
const LONGEST_NUMBER: usize = 32;

/// When a passcode can be asked for, as the API numbers it.
const ASKS: RangeInclusive<i64> = 0..=6;

/// All that is wrong with a file of fixtures, one line each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FixturesError(Vec<String>);

impl fmt::Display for FixturesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

impl std::error::Error for FixturesError {}

impl Fixtures {
    /// Reads fixtures from JSON.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub fn read(text: &str) -> Result<Self, FixturesError> {
        let value: Value =
            serde_json::from_str(text).map_err(|error| FixturesError(vec![error.to_string()]))?;
        let mut problems = Vec::new();
        let read = filled(value, &mut problems);
        if let Some(fixtures) = &read {
            check(fixtures, &mut problems);
        }
        match read {
            Some(fixtures) if problems.is_empty() => Ok(fixtures),
            _ => Err(FixturesError(problems)),
        }
    }

    /// The same as a file that [`Fixtures::read`] takes.
    #[must_use]
    pub fn to_text(&self) -> String {
        // Plain data in memory always has a text.
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }
}

/// The fixtures with everything that the file leaves out.
fn filled(value: Value, problems: &mut Vec<String>) -> Option<Fixtures> {
    let Value::Object(mut file) = value else {
        problems.push("expected an object".to_owned());
        return None;
    };
    let model = Fixtures::default();
    complete(&mut file, &fields(&model), &[], "", problems);
    let card = model.cards.first().map(fields).unwrap_or_default();
    each::<CardFixture>(&mut file, "cards", "", problems, &["number"], |entry| {
        let mut ids = ids_of(entry, "number");
        let ids = [("card_id", ids.object("CRD")), ("merchantcard_id", ids.object("MCD"))];
        with(&card, ids.map(|(name, id)| (name, id.into())))
    });
    let group = model.groups.first().map(fields).unwrap_or_default();
    if let Some(Value::Array(groups)) = file.get_mut("groups") {
        for (at, group) in groups.iter_mut().enumerate() {
            let Value::Object(group) = group else { continue };
            let at = format!("groups[{at}].");
            let required = ["tax", "desc"];
            each::<BonusProductFixture>(group, "bonus_products", &at, problems, &required, |_| {
                let absent = ["tax", "desc"].map(|name| (name, Value::Null));
                let texts = ["article_number", "ean"].map(|name| (name, Value::from("")));
                with(&with(&Map::new(), texts), absent)
            });
        }
    }
    each::<GroupFixture>(&mut file, "groups", "", problems, &["id", "name"], |_| {
        with(&group, [("picture", Value::Null)])
    });
    let account = model.accounts.first().map(fields).unwrap_or_default();
    let user = account.get("users").and_then(|users| users.get(0)).map(fields).unwrap_or_default();
    if let Some(Value::Array(accounts)) = file.get_mut("accounts") {
        for (at, account) in accounts.iter_mut().enumerate() {
            let Value::Object(account) = account else { continue };
            let at = format!("accounts[{at}].");
            let required = &["username", "password"];
            each::<UserFixture>(account, "users", &at, problems, required, |_| user.clone());
        }
    }
    let required = &["client_id", "client_secret"];
    each::<AccountFixture>(&mut file, "accounts", "", problems, required, |_| {
        with(&account, [("users", Value::Array(Vec::new()))])
    });
    let sale = model.sales.first();
    let item = sale.and_then(|sale| sale.items.first()).map(fields).unwrap_or_default();
    if let Some(Value::Array(sales)) = file.get_mut("sales") {
        for (at, sale) in sales.iter_mut().enumerate() {
            let Value::Object(sale) = sale else { continue };
            let at = format!("sales[{at}].");
            each::<ItemFixture>(sale, "items", &at, problems, &["desc", "price_one"], |_| {
                with(&item, [("article_number", "".into()), ("ean", "".into())])
            });
        }
    }
    let sale = sale.map(fields).unwrap_or_default();
    each::<SaleFixture>(&mut file, "sales", "", problems, &["id", "card", "items"], |_| {
        sale.clone()
    });
    let guest = model.checkins.first().map(fields).unwrap_or_default();
    each::<CheckinFixture>(&mut file, "checkins", "", problems, &["id", "name"], |entry| {
        let mut ids = ids_of(entry, "id");
        let ids = [("account_id", ids.object("ACC")), ("customer_id", ids.object("CUS"))];
        let guest = with(&guest, ids.map(|(name, id)| (name, id.into())));
        with(&guest, [("card", Value::Null)])
    });
    let device = model.devices.first().map(fields).unwrap_or_default();
    each::<DeviceFixture>(&mut file, "devices", "", problems, &["id"], |_| device.clone());
    if !problems.is_empty() {
        return None;
    }
    serde_json::from_value(Value::Object(file))
        .map_err(|error| problems.push(error.to_string()))
        .ok()
}

/// Ids that follow from what `name` says, so that the same file always gives the same world.
fn ids_of(entry: &Map<String, Value>, name: &str) -> Ids {
    let text = entry.get(name).and_then(Value::as_str).unwrap_or_default();
    let sum = |sum: u64, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte));
    Ids::new(text.bytes().fold(0, sum))
}

/// The names and values of a fixture.
fn fields(fixture: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(fixture) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}

fn with<const N: usize>(
    model: &Map<String, Value>,
    other: [(&str, Value); N],
) -> Map<String, Value> {
    let mut model = model.clone();
    model.extend(other.map(|(name, value)| (name.to_owned(), value)));
    model
}

/// Completes every entry of the list `name` from its model, and checks that it can be read then.
fn each<T: DeserializeOwned>(
    parent: &mut Map<String, Value>,
    name: &str,
    at: &str,
    problems: &mut Vec<String>,
    required: &[&str],
    model: impl Fn(&Map<String, Value>) -> Map<String, Value>,
) {
    let entries = match parent.get_mut(name) {
        Some(Value::Array(entries)) => entries,
        // The list itself may be required: then its parent complains.
        None => return,
        Some(_) => return problems.push(format!("{at}{name}: expected a list")),
    };
    for (index, entry) in entries.iter_mut().enumerate() {
        let path = format!("{at}{name}[{index}]");
        let Value::Object(fields) = entry else {
            problems.push(format!("{path}: expected an object"));
            continue;
        };
        let model = model(fields);
        complete(fields, &model, required, &format!("{path}."), problems);
        if let Err(error) = T::deserialize(&*entry) {
            problems.push(format!("{path}: {error}"));
        }
    }
}

/// Takes from `model` what is absent and not `required`, and names what `model` does not know.
fn complete(
    fields: &mut Map<String, Value>,
    model: &Map<String, Value>,
    required: &[&str],
    at: &str,
    problems: &mut Vec<String>,
) {
    for name in fields.keys().filter(|name| !model.contains_key(*name)) {
        let hint = did_you_mean(nearest(name, model.keys().map(String::as_str)));
        problems.push(format!("{at}{}: unknown{hint}", sanitise(name)));
    }
    for (name, value) in model.iter().filter(|(name, _)| !required.contains(&name.as_str())) {
        fields.entry(name).or_insert_with(|| value.clone());
    }
}

/// What the rest of the sandbox relies on.
fn check(fixtures: &Fixtures, problems: &mut Vec<String>) {
    check_groups(fixtures, problems);
    check_others(fixtures, problems);
    let mut wrong = |path: String, reason: &str| problems.push(format!("{path}: {reason}"));
    // One set for all: nothing of one kind may be taken for something of another.
    let groups = fixtures.groups.iter().map(|group| group.id.as_str());
    let mut ids: BTreeSet<&str> = groups.collect();
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
        if !fixtures.groups.iter().any(|group| group.id == card.group) {
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
            Some(reason) if !is_reason(reason) => {
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

fn check_groups(fixtures: &Fixtures, problems: &mut Vec<String>) {
    let mut wrong = |path: String, reason: &str| problems.push(format!("{path}: {reason}"));
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

/// Guests, devices and contracts.
fn check_others(fixtures: &Fixtures, problems: &mut Vec<String>) {
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
    for (at, guest) in fixtures.checkins.iter().enumerate() {
        if !["CKI_", "PPT_"].iter().any(|prefix| guest.id.starts_with(prefix)) {
            wrong(format!("checkins[{at}].id"), "must begin with CKI_ or PPT_");
        }
        if !ids.insert(&guest.id) {
            wrong(format!("checkins[{at}].id"), "is used twice");
        }
        // A number that is no card is one that the shop does not know, as in sales.
        if !guest.card.as_ref().is_none_or(|number| is_number(number)) {
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;
    use crate::money::Money;

    #[test]
    fn the_default_fixtures_read_as_they_are_written() {
        let fixtures = Fixtures::default();
        assert_eq!(Fixtures::read(&fixtures.to_text()), Ok(fixtures));
        assert_eq!(Fixtures::read("{}"), Ok(Fixtures::default()));
    }

    #[test]
    fn a_short_file_says_only_what_matters() {
        let text = r#"{ "companyname": "Corner shop", "sales": [],
                        "cards": [{ "number": "9276000000000001", "cash": 1000 },
                                  { "number": "9276000000000002" }] }"#;
        let fixtures = Fixtures::read(text).unwrap();
        assert_eq!(fixtures.companyname, "Corner shop");
        assert_eq!(fixtures.groups, Fixtures::default().groups);
        let [first, second] = fixtures.cards.as_slice() else { unreachable!() };
        assert_eq!((first.cash, second.cash), (Money(1000), Money::ZERO));
        assert!(first.card_id.starts_with("CRD_") && first.card_id != second.card_id);
        assert_eq!(Fixtures::read(text), Ok(fixtures));
    }

    #[test]
    fn everything_that_is_wrong_is_named_at_once() {
        let text = r#"{ "compnyname": "x", "groups": [{ "id": "CRG_1" }],
            "cards": [{ "cash": 1 }, { "number": "1", "cash": "much" }, 7],
            "sales": [{ "id": "STX_1", "card": "1", "items": [{ "desc": "x", "price": 1 }] }] }"#;
        let told = Fixtures::read(text).unwrap_err().to_string();
        for words in [
            "compnyname: unknown; did you mean companyname?",
            "groups[0]: missing field `name`",
            "cards[0]: missing field `number`",
            "cards[1]: invalid type",
            "cards[2]: expected an object",
            "sales[0].items[0].price: unknown",
            "sales[0].items[0]: missing field `price_one`",
        ] {
            assert!(told.contains(words), "{words}\n{told}");
        }
        let text = r#"{ "cards": [{ "number": "12a" }, { "number": "1", "cash": -1 },
                                  { "number": "1", "group": "CRG_X" }],
            "sales": [{ "id": "STX_1", "card": "1", "items":
                        [{ "desc": "x", "price_one": -5, "tax": 101, "quantity": 9999999 }] }] }"#;
        let told = Fixtures::read(text).unwrap_err().to_string();
        for words in [
            "cards[0].number: must be 1 to 32 digits",
            "cards[1].cash: must be between",
            "cards[2].number: is used twice",
            "cards[2].group: is none of groups",
            "items[0].tax: must",
            "items[0].quantity: must",
            "sales[0].items: come to less than nothing",
        ] {
            assert!(told.contains(words), "{words}\n{told}");
        }
        assert!(Fixtures::read("{").unwrap_err().to_string().contains("line 1"));
    }

    #[test]
    fn programmes_codes_guests_and_devices_are_checked_too() {
        let text = r#"{ "groups": [{ "id": "CRG_1", "name": "x", "points_per_euro": 2,
                                     "white_list": ["51"], "creatable": false,
                                     "bonus_products": [{ "tax": 7, "desc": "Bonus" }] }],
            "cards": [{ "number": "1", "group": "CRG_1", "points": 9, "pin": 999999, "csc": null,
                        "lock_status": "locked", "lock_reason": 3 }],
            "checkins": [{ "id": "CKI_1", "name": "Guest", "card": "1" }],
            "devices": [{ "id": "SDV_1" }], "contracts": [] }"#;
        let fixtures = Fixtures::read(text).unwrap();
        let (group, guest) = (&fixtures.groups[0], &fixtures.checkins[0]);
        assert_eq!((group.points_per_euro, group.creatable), (2, false));
        assert_eq!((group.bonus_products[0].tax, &*group.bonus_products[0].ean), (7, ""));
        assert!(guest.account_id.starts_with("ACC_") && guest.customer_id.starts_with("CUS_"));
        assert_eq!((fixtures.devices[0].kind.as_str(), fixtures.contracts.len()), ("cashier", 0));
        assert_eq!(Fixtures::read(&fixtures.to_text()), Ok(fixtures));
        let text = r#"{ "groups": [{ "id": "CRG_1", "name": "x", "passcode": 7,
                                     "white_list": [""], "black_list": ["1", ""],
                                     "bonus_products": [{ "tax": 7, "desc": "x" },
                                                        { "tax": 7, "desc": "x" },
                                                        { "tax": -1, "desc": "x" }] }],
            "cards": [
                { "number": "1", "group": "CRG_1", "points": -1, "passcode": -1, "pin": 1000000,
                  "csc": "44712", "lock_status": "locked", "lock_reason": 4 },
                { "number": "2", "group": "CRG_1", "pin": -1, "csc": "44x1", "lock_reason": 1 }],
            "checkins": [{ "id": "X", "name": "x", "card": "a" },
                         { "id": "CKI_1", "name": "x" }, { "id": "CKI_1", "name": "x" }],
            "devices": [{ "id": "SDV_1", "kind": "x" }, { "id": "SDV_1" }],
            "contracts": ["GCR_1", "", "GCR_1"] }"#;
        let told = Fixtures::read(text).unwrap_err().to_string();
        let lines: Vec<&str> = told.lines().collect();
        let expected = [
            "groups[0].passcode: must be between 0 and 6",
            "groups[0].white_list: must not name nothing",
            "groups[0].black_list: must not name nothing",
            "groups[0].bonus_products[1].tax: is used twice",
            "groups[0].bonus_products[2].tax: must be between 0 and 100",
            "devices[0].kind: must be cashier or zvt",
            "devices[1].id: is used twice",
            "checkins[0].id: must begin with CKI_ or PPT_",
            "checkins[0].card: must be 1 to 32 digits",
            "checkins[2].id: is used twice",
            "contracts[1]: must be an id that is used once",
            "contracts[2]: must be an id that is used once",
            "cards[0].points: must be between 0 and 1000000000",
            "cards[0].passcode: must be between 0 and 6",
            "cards[0].pin: must be between 0 and 999999",
            "cards[0].csc: must be four digits",
            "cards[0].lock_reason: must be one of 1, 2, 3, 6, 8",
            "cards[1].pin: must be between 0 and 999999",
            "cards[1].csc: must be four digits",
            "cards[1].lock_reason: is for locked cards",
        ];
        assert_eq!(lines, expected);
        let told = Fixtures::read(
            r#"{ "groups": [{ "id": "CRG_1", "name": "x", "bonus_products": [{ "tx": 7 }] }],
                 "checkins": [{}], "devices": 7 }"#,
        );
        let told = told.unwrap_err().to_string();
        for words in [
            "groups[0].bonus_products[0].tx: unknown; did you mean tax?",
            "groups[0].bonus_products[0]: missing field `tax`",
            "checkins[0]: missing field `id`",
            "devices: expected a list",
        ] {
            assert!(told.contains(words), "{words}\n{told}");
        }
    }
}
