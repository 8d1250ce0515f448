//! Customers who have checked in and cards that a sale makes, against the real sandbox.

use kasse::sandbox::CARD_BONUS;
use kasse::till::{CardIdent, Choice, Overlay, Step};

use crate::journeys::kit::Journey;

#[test]
fn a_customer_who_has_checked_in_pays_with_the_card_behind_it() {
    let mut journey = Journey::new();
    journey.keys("30037⏎ 30200⏎ 2*51⏎").keys("␣check-ins⏎");
    journey.shows(&["Checked-in customers", "Kunde 1", "2.20", "Kunde 2"]);
    journey.keys("⏎").shows(&["Check-in: Kunde 1", "9276 •••• •••• 4352", "2.00", "0.20"]);
    journey.keys("/").shows(&["5.76", "processing"]);
    journey.keys("+").keys("20").keys("+").shows(&["14.24", "0,78 EUR"]);
    let Step::Done(done) = &journey.state().sale.step else { panic!("{}", journey.screen()) };
    let card = done.card.clone().unwrap();
    assert!(matches!(card.ident, CardIdent::CheckIn(_)));
    assert_eq!(card.number().unwrap().reveal(), CARD_BONUS);
    assert_eq!(journey.server.ledger.balance(CARD_BONUS).unwrap().cash.minor(), 0);
}

#[test]
fn a_card_is_made_and_loaded_with_the_sale_and_its_number_is_on_the_receipt() {
    let mut journey = Journey::new();
    journey.keys("␣new⏎").shows(&["New card: which programme?"]);
    let Some(Overlay::Programmes(Choice::Of(list, 0))) = journey.state().overlays.last() else {
        panic!("{}", journey.screen())
    };
    let row = list.iter().position(|programme| programme.name == "Geschenkgutschein").unwrap();
    journey.keys(&format!("{}⏎", "<Down>".repeat(row)));
    journey.shows(&["New card: Geschenkgutschein", "Made when the sale is paid", "created"]);
    journey.keys("15<F4>").keys("+").keys("20").keys("+").shows(&["5.00"]);
    let Step::Done(done) = &journey.state().sale.step else { panic!("{}", journey.screen()) };
    let card = done.card.clone().unwrap();
    assert!(matches!(card.ident, CardIdent::New(_)));
    let number = card.number().expect("the server told it").clone();
    assert_eq!(journey.server.ledger.balance(number.reveal()).unwrap().cash.minor(), 1_500);
    let receipt = serde_json::to_string(&done.receipt).unwrap();
    assert!(receipt.contains(number.reveal()), "{receipt}");
    // On the screen only masked; F3 finds the new card.
    assert!(!journey.screen().contains(number.reveal()));
    journey.keys("<F3>").shows(&[&number.masked(false), "15.00"]);
}
