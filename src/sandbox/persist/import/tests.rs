//! What may be left out of fixtures, and which complaints there are.
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
fn programmes_codes_checkins_and_devices_are_checked_too() {
    let text = r#"{ "groups": [{ "id": "CRG_1", "name": "x", "points_per_euro": 2,
                                 "white_list": ["51"], "creatable": false,
                                 "bonus_products": [{ "tax": 7, "desc": "Bonus" }] }],
        "cards": [{ "number": "1", "group": "CRG_1", "points": 9, "pin": 999999, "csc": null,
                    "lock_status": "locked", "lock_reason": 3 }],
        "checkins": [{ "id": "CKI_1", "name": "Guest", "card": "1" }],
        "devices": [{ "id": "SDV_1" }], "contracts": [] }"#;
    let fixtures = Fixtures::read(text).unwrap();
    let (group, checkin) = (&fixtures.groups[0], &fixtures.checkins[0]);
    assert_eq!((group.points_per_euro, group.creatable), (2, false));
    assert_eq!((group.bonus_products[0].tax, &*group.bonus_products[0].ean), (7, ""));
    assert!(checkin.account_id.starts_with("ACC_") && checkin.customer_id.starts_with("CUS_"));
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
