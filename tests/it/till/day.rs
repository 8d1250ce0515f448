//! Days and rates: VAT classes, cards that end, and codes that no article may have.

use jiff::civil::{Date, date};
use kasse::money::Money;
use kasse::shop::{Article, Catalogue, Vat, VatClasses, VatRate};
use kasse::till::{Call, CardState, Change, Event, Level, Message, Notice, Step, Validity};
use kasse::wire::{ApiError, MerchantCard, Outcome, Status, TransactionRequest};

use crate::till::kit::{CARD, Till, article, card, copy, pre_transaction, settings};

const OLD_YEAR: Date = date(2025, 12, 31);
const NEW_YEAR: Date = date(2026, 1, 1);

/// A shop with soup in a class whose rate falls with the year, at a table and to take away.
fn till(day: Date) -> Till {
    let mut settings = settings();
    let soup = |number: &str, vat: Vat| Article { vat, ..article(number, None, "Soup", 450, 0) };
    let class = |name: &str| Vat::Class(name.to_owned());
    let articles = settings.catalogue.iter().chain([
        soup("80", class("food")),
        soup("81", class("drinks")),
        Article { eans: vec!["4260447149502".to_owned()], ..soup("82", class("food")) },
        Article { eans: vec!["4260447149540".to_owned()], ..soup("83", class("food")) },
    ]);
    settings.catalogue = Catalogue::new(articles.collect()).unwrap();
    let lines = ["food 19, 7 from 2026-01-01", "drinks 19"];
    settings.vat = VatClasses::new(lines.map(|line| line.parse().unwrap())).unwrap();
    settings.card_expires_soon = 30;
    let mut till = Till::with(settings);
    till.event(Event::Day(day));
    till
}

fn rates(till: &Till) -> Vec<VatRate> {
    till.state.sale.basket.lines().iter().map(|line| line.vat).collect()
}

fn whole(percents: &[u8]) -> Vec<VatRate> {
    percents.iter().copied().map(VatRate::whole).collect()
}

fn body(till: &Till) -> TransactionRequest {
    match till.last().1 {
        Call::Create(body) | Call::Update(_, body) => body,
        other => panic!("{other:?}"),
    }
}

const CHANGED: Message =
    Message::VatChanged { lines: 1, from: VatRate::whole(19), to: VatRate::whole(7) };

#[test]
fn an_open_sale_has_the_rates_of_the_new_day() {
    let mut till = till(OLD_YEAR);
    till.press("80⏎ 81⏎ 30037⏎");
    assert_eq!(rates(&till), whole(&[19, 19, 7]));
    let sum = till.state.sale.basket.sum();

    till.event(Event::Day(NEW_YEAR));
    assert_eq!(rates(&till), whole(&[7, 19, 7]));
    assert_eq!((till.state.sale.basket.sum(), till.said()), (sum, Some(&CHANGED)));
    assert_eq!(till.replayed().sale.basket, till.state.sale.basket);

    till.press("+");
    let sent: Vec<_> = body(&till).basket.unwrap().products.iter().map(|item| item.tax).collect();
    assert_eq!(serde_json::to_value(sent).unwrap(), serde_json::json!([7, 19, 7]));
}

#[test]
fn the_tender_step_is_left_and_an_applied_card_applied_again() {
    let mut till = till(OLD_YEAR);
    till.press("80⏎ 30037⏎").press(CARD).press("⏎").copied().press("/");
    let applied = kasse::wire::PreTransaction { missing_sum: Money(579), ..pre_transaction() };
    till.reply_applied(Outcome::Ok(applied)).press("+ 20");
    assert!(matches!(till.state.sale.step, Step::Tender(_)));

    till.event(Event::Day(NEW_YEAR));
    assert!(matches!(till.state.sale.step, Step::Basket(None)));
    assert!(till.state.sale.must_apply());
    let calls = till.calls.len();
    till.press("⏎");
    assert_eq!(till.calls.len(), calls, "what was typed for the payment does nothing");
}

#[test]
fn a_payment_on_its_way_keeps_the_rates_that_were_sent() {
    let mut till = till(OLD_YEAR);
    till.press("80⏎ +").copied().press("+");
    assert!(matches!(till.last().1, Call::Start(..)));
    till.event(Event::Day(NEW_YEAR));
    assert_eq!(rates(&till), whole(&[19]));
    till.started(Status::Ok);
    let Step::Done(done) = &till.state.sale.step else { panic!("{:?}", till.state.sale.step) };
    assert_eq!(done.basket.lines()[0].vat, VatRate::whole(19));
}

#[test]
fn a_parked_sale_has_the_rates_of_the_day_on_which_it_is_taken_back() {
    let mut till = till(OLD_YEAR);
    till.press("80⏎ <F9>");
    till.event(Event::Day(NEW_YEAR));
    till.press("<F9> ⏎");
    assert_eq!((rates(&till), till.said()), (whole(&[7]), Some(&CHANGED)));
    assert_eq!(till.replayed().sale.basket, till.state.sale.basket);
}

#[test]
fn a_sale_from_before_a_restart_has_the_rates_of_the_day() {
    let mut till = till(OLD_YEAR);
    till.press("80⏎");
    till.state = till.replayed();
    till.event(Event::Day(NEW_YEAR));
    assert_eq!(rates(&till), whole(&[7]));
    let replaced = till.records().filter(|record| matches!(record.change, Change::Replaced(..)));
    assert_eq!(replaced.count(), 1);
}

#[test]
fn codes_of_the_card_programme_sell_nothing() {
    for (script, pays_out) in
        [("4260447149502⏎", false), ("82⏎", false), ("4260447149533⏎", true), ("83⏎", true)]
    {
        let mut till = till(NEW_YEAR);
        till.press(script);
        assert!(till.state.sale.basket.is_empty(), "{script}");
        let error = Notice { level: Level::Error, message: Message::CardCode { pays_out } };
        assert_eq!(till.state.notice, Some(error), "{script}");
    }
}

#[test]
fn the_end_of_a_card_is_said_before_it_pays() {
    for (expiry, ended) in [
        (None, None),
        (Some("2026-01-31"), Some(false)),
        (Some("2026-01-31T00:00:00+01:00"), Some(false)),
        (Some("2026-02-01"), None),
        (Some("2026-01-01"), Some(false)),
        (Some("2025-12-31"), Some(true)),
        (Some("soon"), None),
    ] {
        let mut till = till(NEW_YEAR);
        till.press("30037⏎").press(CARD).press("⏎");
        let mut answer = copy(&body(&till));
        let shown = MerchantCard { expiry_date: expiry.map(str::to_owned), ..card() };
        answer.idents[0].merchantcard = Some(shown);
        till.reply(Outcome::Ok(answer));

        let day = expiry.map(|expiry| expiry.chars().take(10).collect::<String>());
        let message = ended.zip(day).map(|(ended, day)| {
            if ended { Message::CardExpired(day) } else { Message::CardExpires(day) }
        });
        assert_eq!(till.said(), message.as_ref(), "{expiry:?}");
        let card = till.state.sale.card.as_ref().map(|card| &card.state);
        let Some(CardState::Known(view)) = card else { panic!("{card:?}") };
        let long = view.validity(NEW_YEAR, 30) == Validity::Long;
        assert_eq!(long, ended.is_none(), "{expiry:?}");
    }
}

#[test]
fn a_payment_that_came_to_nothing_after_midnight_is_set_up_at_the_new_rates() {
    let mut till = till(OLD_YEAR);
    till.press("80⏎ +").copied().press("+");
    till.event(Event::Day(NEW_YEAR));
    till.refused(ApiError { http: 429, ..ApiError::default() });
    assert_eq!(rates(&till), whole(&[7]));
    let sent: Vec<_> = body(&till).basket.unwrap().products.iter().map(|item| item.tax).collect();
    assert_eq!(serde_json::to_value(sent).unwrap(), serde_json::json!([7]));
}
