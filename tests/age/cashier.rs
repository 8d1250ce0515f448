//! The cashier of the aged till: sells as one does, day after day.

use kasse::till::{Level, Step};

use super::shop;
use super::till::Till;

/// What is paid with, smallest first; minor units.
const NOTES: [i64; 6] = [500, 1_000, 2_000, 5_000, 10_000, 20_000];

/// Serves one customer, from the first article to the receipt.
pub fn serve(till: &mut Till, articles: &[String]) {
    basket(till, articles);
    match till.rng.between(0, 999) {
        // The customer has no money after all.
        0..=14 => return till.press("<F10>void␣all⏎<Right>"),
        // The customer fetches something: another one is served meanwhile.
        15..=44 => {
            till.press("<F9>");
            basket(till, articles);
            pay(till);
            till.press("<F9>⏎");
        }
        _ => {}
    }
    pay(till);
    if till.rng.chance(8) {
        till.press("<F11>-<Right><Esc>");
    }
}

fn basket(till: &mut Till, articles: &[String]) {
    let most = till.rng.between(1, 8);
    for _ in 0..till.rng.between(1, most) {
        if till.rng.chance(120) {
            let pieces = till.rng.between(2, 6);
            till.press(&format!("{pieces}*"));
        }
        let article = shop::article(articles, &mut till.rng);
        till.scan(&article);
        let looks = till.rng.between(300, 4_000);
        till.wait(looks);
    }
    if till.rng.chance(40) {
        till.press("<F8><Right>");
        if till.state.sale.basket.lines().is_empty() {
            till.scan(&articles[0]);
        }
    }
}

fn pay(till: &mut Till) {
    if till.rng.chance(300) {
        let customer = till.rng.between(0, shop::CARDS - 1);
        till.scan(&shop::card(customer));
        if till.rng.chance(40) {
            till.press("20<F4>");
        }
        if till.state.sale.usable_card().is_some() {
            till.press("/");
        }
    }
    till.press("+");
    let Step::Tender(tender) = &till.state.sale.step else {
        panic!("not at the tender: {:?} {:?}", till.state.sale, till.state.notice);
    };
    let due = tender.due.0;
    let note = NOTES.into_iter().find(|note| *note >= due);
    match (till.rng.between(0, 99), note) {
        _ if due == 0 => till.press("+"),
        (0..=49, Some(note)) => till.press(&format!("{}+", note / 100)),
        (50..=64, _) => till.press("+"),
        _ => till.press("<F6>+"),
    }
    let paid = matches!(till.state.sale.step, Step::Done(_));
    let wrong = till.state.notice.as_ref().is_some_and(|notice| notice.level == Level::Error);
    assert!(paid && !wrong, "not paid: {:?} {:?}", till.state.sale, till.state.notice);
}
