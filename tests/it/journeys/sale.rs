//! The cashier's ways through a sale: keys in, screen out, against the real sandbox.

use kasse::lang::Lang;
use kasse::sandbox::{CARD_BONUS, CARD_EMPTY, CARD_LOCKED, CARD_RICH, Options};
use kasse::till::{Message, Step};
use kasse::wire::StartMethod;
use serde_json::{Value, json};

use crate::journeys::kit::{Journey, Server};

fn cash_of(journey: &Journey, card: &str) -> i64 {
    journey.server.ledger.balance(card).unwrap().cash.minor()
}

/// The sale of the documents, up to the receipt.
fn sell(journey: &mut Journey) {
    journey.keys("/");
    journey.shows(&["7.96", "2.00", "0.15", "0.05", "5.76", "processing"]);
    journey.keys("+").shows(&["5.76"]);
    journey.keys("20").shows(&["20.00", "14.24"]);
    journey.keys("+");
    let Step::Done(done) = &journey.state().sale.step else { panic!("{}", journey.screen()) };
    assert_eq!(done.payment.change().minor(), 1424);
    let receipt = serde_json::to_string(&done.receipt).unwrap();
    assert!(receipt.contains("2,20 EUR") && receipt.contains("7,76 EUR"), "{receipt}");
    journey.shows(&["14.24", "2,20", "7,76"]);
    assert_eq!(cash_of(journey, CARD_BONUS), 0);
}

#[test]
fn the_sale_of_the_documents() {
    let mut journey = Journey::new();
    journey.shows(&["Basket", "Ident", "Status", "SANDBOX"]);
    journey.keys("30037⏎").keys("30200⏎").keys("2*51⏎").shows(&["7.96"]);
    journey.keys(&format!("{CARD_BONUS}⏎")).shows(&["9276 •••• •••• 4352", "created"]);
    sell(&mut journey);
}

#[test]
fn the_sale_of_the_documents_with_all_scans_in_one_burst() {
    let mut journey = Journey::new();
    journey.keys(&format!("30037⏎ 30200⏎ 2*51⏎ {CARD_BONUS}⏎"));
    sell(&mut journey);
}

#[test]
fn the_sale_of_the_documents_byte_by_byte() {
    let mut journey = Journey::new();
    for byte in format!("30037\r30200\r2*51\r{CARD_BONUS}\r").chars() {
        // Every byte in a read of its own, with a whole turn of the loop (a frame) in between:
        // nothing depends on how long that takes.
        journey.send(&byte.to_string().replace('\r', "⏎"));
    }
    journey.settle();
    sell(&mut journey);
}

#[test]
fn a_card_is_topped_up_as_in_the_first_seed() {
    let mut journey = Journey::new();
    journey.keys(&format!("{CARD_EMPTY}⏎")).keys("15<F4>").keys("+").keys("20").keys("+");
    let Step::Done(done) = &journey.state().sale.step else { panic!("{}", journey.screen()) };
    assert_eq!(done.payment.change().minor(), 500);
    let sent: Vec<Value> = journey
        .server
        .requests
        .all()
        .into_iter()
        .filter(|request| request.path.ends_with("/Smart/Transactions") || request.method == "PUT")
        .map(|request| serde_json::from_str(&request.body).unwrap())
        .collect();
    let seed = json!({ "is_demo": true,
        "idents": [{ "type": "card", "value": "9276004429942845" }],
        "basket": { "products": [{ "id": 1, "ean": "4260447149502", "articleNumber": null,
            "desc": "Kartenaufladung 15 EUR", "quantity": 1, "priceOne": 1500, "tax": 7 }] },
        "basket_info": { "sum": 1500, "currency": "EUR" } });
    let last = sent.last().unwrap();
    for (field, value) in seed.as_object().unwrap() {
        assert_eq!(&last[field], value, "{field}");
    }
    journey.keys("<F3>").shows(&["15.00"]);
}

#[test]
fn a_top_up_before_the_card_is_swiped_is_created_with_the_seeds_request() {
    let mut journey = Journey::new();
    journey.keys("15<F4>").keys(&format!("{CARD_EMPTY}⏎"));
    let create =
        journey.server.requests.all().into_iter().find(|request| {
            request.method == "POST" && request.path.ends_with("/Smart/Transactions")
        });
    let body: Value = serde_json::from_str(&create.unwrap().body).unwrap();
    assert_eq!(body["basket"]["products"][0]["desc"], "Kartenaufladung 15 EUR");
    assert_eq!(body["basket_info"], json!({ "sum": 1500, "currency": "EUR" }));
}

#[test]
fn the_rich_card_pays_everything_without_a_cash_step() {
    let mut journey = Journey::new();
    journey.keys(&format!("30037⏎ {CARD_RICH}⏎")).keys("/").keys("+").keys("+");
    let Step::Done(done) = &journey.state().sale.step else { panic!("{}", journey.screen()) };
    assert_eq!(done.payment.method, StartMethod::Loyalty);
    let paths: Vec<String> =
        journey.server.requests.all().into_iter().map(|request| request.path).collect();
    assert!(paths.iter().any(|path| path.ends_with("/start/loyalty")), "{paths:?}");
    assert!(!paths.iter().any(|path| path.contains("/start/cash")), "{paths:?}");
}

#[test]
fn the_terminal_pays_and_its_receipt_is_shown() {
    let mut journey = Journey::new();
    journey.keys("30037⏎ <F6>").keys("+");
    let Step::Done(done) = &journey.state().sale.step else { panic!("{}", journey.screen()) };
    assert_eq!(done.payment.method, StartMethod::Cashless);
    assert!(done.receipt_merchant.is_some());
}

#[test]
fn a_locked_card_is_explained_and_the_sale_goes_on() {
    let mut journey = Journey::new();
    journey.keys(&format!("30037⏎ {CARD_LOCKED}⏎"));
    assert_eq!(journey.error(), &Message::CardLocked);
    // What was said of the card must have been read before anything is paid.
    journey.keys("+").keys("+");
    assert!(matches!(journey.state().sale.step, Step::Tender(_)), "{}", journey.screen());
    journey.keys("<Esc>").keys("+");
    assert!(matches!(journey.state().sale.step, Step::Done(_)), "{}", journey.screen());
}

#[test]
fn a_changed_basket_drops_the_card_and_plus_applies_it_again() {
    let mut journey = Journey::new();
    journey.keys(&format!("30037⏎ {CARD_BONUS}⏎")).keys("/").shows(&["1.29"]);
    journey.keys("30200⏎");
    assert!(journey.state().sale.must_apply());
    journey.keys("+").shows(&["3.78"]);
}

#[test]
fn the_server_goes_away_in_the_middle_of_a_sale_and_comes_back_empty() {
    let mut journey = Journey::new();
    journey.keys(&format!("30037⏎ 30200⏎ 2*51⏎ {CARD_BONUS}⏎"));
    let port = journey.server.port();
    journey.server.stop();
    journey.keys("/");
    assert!(
        matches!(journey.error(), Message::Down(..) | Message::NoAnswer(..)),
        "{:?}",
        journey.error()
    );
    journey.shows(&["7.96", "!"]);
    assert_eq!(journey.state().sale.basket.lines().len(), 3);
    let listen = std::net::SocketAddr::from(([127, 0, 0, 1], port));
    journey.server =
        Server::start(&journey.background, Options { seed: 2, listen, ..Options::default() });
    journey.keys("<Esc>");
    sell(&mut journey);
}

#[test]
fn a_server_that_comes_back_without_the_sale_leaves_its_payment_unknown() {
    let mut journey = Journey::new();
    journey.keys("30037⏎").keys("+").keys("20");
    let port = journey.server.port();
    journey.server.stop();
    journey.keys("+");
    assert!(matches!(journey.state().sale.step, Step::Tender(_)), "{}", journey.screen());
    journey.shows(&["20.00", "16.51"]);
    let listen = std::net::SocketAddr::from(([127, 0, 0, 1], port));
    journey.server =
        Server::start(&journey.background, Options { seed: 2, listen, ..Options::default() });
    journey.keys("<Esc>").send("+");
    // "Not found" proves nothing, and another customer can be served meanwhile.
    let unknown = |state: &kasse::till::State| matches!(state.sale.step, Step::Unknown(_));
    journey.until("an unknown outcome", unknown);
    journey.step();
    journey.shows(&["Outcome unknown", "do not charge again"]);
    journey.send("<F9>").send("30037⏎").send("+");
    journey.until("the tender step", |state| matches!(state.sale.step, Step::Tender(_)));
    journey.send("+");
    journey.until("the receipt", |state| matches!(state.sale.step, Step::Done(_)));
    assert_eq!(
        journey.server.ledger.transactions().iter().filter(|t| t.receipt.is_some()).count(),
        1
    );
}

#[test]
fn the_sale_in_german() {
    let mut journey = Journey::in_language(Lang::De);
    journey.keys(&format!("30037⏎ 30200⏎ 2*51⏎ {CARD_BONUS}⏎")).keys("/");
    journey.shows(&["Warenkorb", "7,96", "5,76", "0,39 → 0,38", "SANDBOX"]);
    journey.keys("+").keys("20").shows(&["5,76", "20,00", "14,24", "SANDBOX"]);
    journey.keys("+").shows(&["14,24"]);
}

#[test]
fn nothing_is_drawn_while_nothing_happens() {
    let mut journey = Journey::new();
    assert_eq!(journey.state().wake_at, None, "no timer runs");
    let frames = journey.console.screen().frames;
    journey.keys("30037⏎");
    assert_eq!(journey.console.screen().frames, frames + 1, "one frame for one burst");
}
