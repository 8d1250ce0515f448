//! Codes and locks of cards, against the real sandbox.

use kasse::sandbox::{CARD_BONUS, CARD_DORMANT, CARD_LOCKED};
use kasse::shop::CodeKind;
use kasse::till::{Message, Proof, Step};

use crate::journeys::kit::Journey;

/// The codes of the sandbox's cards, as its fixtures name them.
const CSC: &str = "4471";
const PASSCODE: &str = "1234";
const WRONG: &str = "9999";

#[test]
fn a_card_that_asks_for_its_passcode_pays_after_it() {
    let mut journey = Journey::new();
    journey.keys("30037⏎").keys(&format!("{CARD_DORMANT}⏎"));
    journey.keys("/").shows(&["Passcode", "_ _ _ _", "9276 •••• •••• 1652"]);
    journey.keys(PASSCODE).shows(&["• • • •"]);
    assert!(!journey.screen().contains(PASSCODE));
    journey.keys("⏎");
    let card = journey.state().sale.card.clone().expect("the card stays");
    assert_eq!(card.proof, Some(Proof::Passcode), "{}", journey.screen());
    assert_eq!(journey.server.calls("POST", "/checkPasscode"), 1);
    assert_eq!(journey.server.calls("POST", "/preTransaction"), 1, "and the way went on");
}

#[test]
fn a_wrong_passcode_takes_the_card_off_and_the_sale_goes_on() {
    let mut journey = Journey::new();
    journey.keys("30037⏎").keys(&format!("{CARD_DORMANT}⏎")).keys("/").keys(WRONG).keys("⏎");
    assert_eq!(*journey.error(), Message::CodeWrong(CodeKind::Passcode, true));
    journey.shows(&["No card"]);
    journey.keys("<Delete>").keys("+").keys("20").keys("+");
    let Step::Done(done) = &journey.state().sale.step else { panic!("{}", journey.screen()) };
    assert!(done.card.is_none());
    assert_eq!(journey.server.calls("POST", "/preTransaction"), 0);
}

#[test]
fn the_code_on_the_back_is_right_or_the_card_goes() {
    let mut journey = Journey::new();
    journey.keys("30037⏎").keys(&format!("{CARD_BONUS}⏎")).keys("<F3>");
    journey.shows(&["State", "active", "Last used", "Passcode", "not asked for"]);
    journey.keys("⏎").keys(CSC).keys("⏎");
    assert_eq!(*journey.error(), Message::CodeRight(CodeKind::Csc));
    journey.shows(&["Code on the back", "right"]);
    journey.keys("⏎").keys(WRONG).keys("⏎");
    assert_eq!(*journey.error(), Message::CodeWrong(CodeKind::Csc, true));
    journey.shows(&["Do not accept this card"]);
    assert!(journey.state().sale.card.is_none());
}

#[test]
fn a_locked_card_is_shown_with_its_reason() {
    let mut journey = Journey::new();
    journey.keys(&format!("{CARD_LOCKED}<F3>")).shows(&["LOCKED", "Reason", "lost", "15.00"]);
    journey.keys("9276000000000000<F3>").shows(&["The server does not know this card."]);
}
