//! Reads fixtures written by hand: what they leave out is filled in, what is wrong is named.
//!
//! A file is a JSON object with any of the names of [`Fixtures`]; what is absent is as in the
//! default ones. Of a card only its number must be there, of an item only its text and price, of a
//! device only its id: the rest is that of the first default card, empty, or of the first default
//! item or device. Owns complaints; `check` owns bounds. Must not open files.

mod check;
mod problems;
#[cfg(test)]
mod tests;

use std::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::hint::{did_you_mean, nearest};
use crate::sandbox::fixtures::{
    AccountFixture, BonusProductFixture, CardFixture, CheckinFixture, DeviceFixture, Fixtures,
    GroupFixture, ItemFixture, SaleFixture, UserFixture,
};
use crate::sandbox::ids::Ids;
use crate::sandbox::persist::import::problems::Problems;
use crate::text::sanitise;

/// What is wrong with a file of fixtures, one line each.
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
    /// What is wrong with them, the first 1,000 complaints.
    pub fn read(text: &str) -> Result<Self, FixturesError> {
        let value: Value =
            serde_json::from_str(text).map_err(|error| FixturesError(vec![error.to_string()]))?;
        let mut problems = Problems::default();
        let read = filled(value, &mut problems);
        if let Some(fixtures) = &read {
            check::check(fixtures, &mut problems);
        }
        match read {
            Some(fixtures) if problems.is_empty() => Ok(fixtures),
            _ => Err(FixturesError(problems.told())),
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
fn filled(value: Value, problems: &mut Problems) -> Option<Fixtures> {
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
    let checkin = model.checkins.first().map(fields).unwrap_or_default();
    each::<CheckinFixture>(&mut file, "checkins", "", problems, &["id", "name"], |entry| {
        let mut ids = ids_of(entry, "id");
        let ids = [("account_id", ids.object("ACC")), ("customer_id", ids.object("CUS"))];
        let checkin = with(&checkin, ids.map(|(name, id)| (name, id.into())));
        with(&checkin, [("card", Value::Null)])
    });
    let device = model.devices.first().map(fields).unwrap_or_default();
    each::<DeviceFixture>(&mut file, "devices", "", problems, &["id"], |_| device.clone());
    fill_accounts(&mut file, &model, problems);
    if !problems.is_empty() {
        return None;
    }
    serde_json::from_value(Value::Object(file))
        .map_err(|error| problems.push(error.to_string()))
        .ok()
}

/// Ids that follow from what `name` says, so that the same file always gives the same shop.
fn ids_of(entry: &Map<String, Value>, name: &str) -> Ids {
    let text = entry.get(name).and_then(Value::as_str).unwrap_or_default();
    let sum = |sum: u64, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte));
    Ids::new(text.bytes().fold(0, sum))
}

/// Completes the accounts: those that name no users have none.
fn fill_accounts(file: &mut Map<String, Value>, model: &Fixtures, problems: &mut Problems) {
    let account = model.accounts.first();
    let user = account.and_then(|account| account.users.first()).map(fields).unwrap_or_default();
    let account = account.map(fields).unwrap_or_default();
    if let Some(Value::Array(accounts)) = file.get_mut("accounts") {
        for (at, account) in accounts.iter_mut().enumerate() {
            let Value::Object(account) = account else { continue };
            let at = format!("accounts[{at}].");
            let required = ["username", "password"];
            each::<UserFixture>(account, "users", &at, problems, &required, |_| user.clone());
        }
    }
    let required = ["client_id", "client_secret"];
    each::<AccountFixture>(file, "accounts", "", problems, &required, |_| {
        with(&account, [("users", Value::Array(Vec::new()))])
    });
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
    problems: &mut Problems,
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
    problems: &mut Problems,
) {
    for name in fields.keys().filter(|name| !model.contains_key(*name)) {
        let hint = did_you_mean(nearest(name, model.keys().map(String::as_str)));
        problems.push(format!("{at}{}: unknown{hint}", sanitise(name)));
    }
    for (name, value) in model.iter().filter(|(name, _)| !required.contains(&name.as_str())) {
        fields.entry(name).or_insert_with(|| value.clone());
    }
}
