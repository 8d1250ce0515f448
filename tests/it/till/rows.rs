//! Random baskets of a shop's day, through the real `update` and the real ledger: what is sent comes
//! to the sum, VAT is right to the cent, discounts add up, and a cancellation gives everything back.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use kasse::money::{Money, Percent};
use kasse::sandbox::{CARD_BONUS, CARD_RICH, CARD_VOUCHER};
use kasse::shop::{
    Article, Basket, Catalogue, Deposit, Discount, Line, LineKind, Off, RowKind, Vat, VatClasses,
    VatLine, VatRate,
};
use kasse::till::{Call, Event, Finished, Message, Settings, Step};
use kasse::wire::{ItemRequest, Outcome, StartMethod, Status, TransactionRequest};
use proptest::prelude::*;

use crate::sim::server::Server;
use crate::sim::shop::fixtures;
use crate::till::kit::{Till, article, settings};

const OLD_DAY: Date = date(2025, 12, 31);
const NEW_DAY: Date = date(2026, 1, 1);

/// Articles of many rates; the last two are in a class whose rate changes at midnight.
const ARTICLES: [(&str, i64, u16); 7] = [
    ("101", 349, 700),
    ("102", 99, 1900),
    ("103", 1, 810),
    ("104", 2_995, 550),
    ("105", 0, 700),
    ("106", 1_250, 0),
    ("107", 333, 0),
];

fn shop() -> Settings {
    let mut settings = settings();
    let class = |number: &str| match number {
        "106" => Some("food"),
        "107" => Some("swiss"),
        _ => None,
    };
    let articles = ARTICLES.map(|(number, price, rate)| Article {
        vat: match class(number) {
            Some(class) => Vat::Class(class.to_owned()),
            None => Vat::Rate(VatRate::of_hundredths(rate)),
        },
        ..article(number, None, number, price, 0)
    });
    settings.catalogue = Catalogue::new(articles.to_vec()).unwrap();
    let classes = ["food 19, 7 from 2026-01-01", "swiss 8.1, 8.5 from 2026-01-01"];
    settings.vat = VatClasses::new(classes.map(|line| line.parse().unwrap())).unwrap();
    settings
}

/// What is done to one line after its article was scanned.
#[derive(Debug, Clone)]
struct Sold {
    article: usize,
    quantity: i64,
    overridden: Option<i64>,
    off: Option<Off>,
    deposit: Option<(i64, u16)>,
    note: bool,
}

#[derive(Debug, Clone)]
#[allow(clippy::struct_excessive_bools)]
struct Plan {
    sold: Vec<Sold>,
    voids: usize,
    offs: Vec<Off>,
    note: bool,
    top_up: bool,
    card: Option<&'static str>,
    apply: bool,
    midnight: bool,
}

fn any_off() -> impl Strategy<Value = Off> {
    prop_oneof![
        4 => (1..=10_000_u16).prop_map(|off| Off::Percent(Percent::of_hundredths(off))),
        1 => Just(Off::Percent(Percent::whole(100))),
        2 => (1..=3_000_i64).prop_map(|off| Off::Amount(Money(off))),
        2 => (0..=3_000_i64).prop_map(|off| Off::Deal(Money(off))),
    ]
}

prop_compose! {
    fn any_sold()(
        article in 0..ARTICLES.len(),
        quantity in prop_oneof![4 => 1..=5_i64, 1 => -4..=-1_i64],
        overridden in prop::option::weighted(0.2, 0..=2_000_i64),
        off in prop::option::weighted(0.4, any_off()),
        deposit in prop::option::weighted(0.3, (1..=300_i64, prop::sample::select(vec![700_u16, 1900]))),
        note in prop::bool::weighted(0.1),
    ) -> Sold {
        Sold { article, quantity, overridden, off, deposit, note }
    }
}

prop_compose! {
    fn any_plan()(
        sold in prop::collection::vec(any_sold(), 1..8),
        voids in 0..2_usize,
        offs in prop::collection::vec(any_off(), 0..4),
        note in any::<bool>(),
        top_up in prop::bool::weighted(0.2),
        card in prop::option::weighted(0.6, prop::sample::select(vec![CARD_BONUS, CARD_VOUCHER, CARD_RICH])),
        apply in any::<bool>(),
        midnight in any::<bool>(),
    ) -> Plan {
        Plan { sold, voids, offs, note, top_up: top_up && card.is_some(), card, apply, midnight }
    }
}

fn discount(text: String, off: Off) -> Discount {
    Discount { off, text, reason: None, coupon: Some("9800000000012".to_owned()) }
}

/// Scans the goods, and changes their lines as the plan says.
fn fill(till: &mut Till, plan: &Plan) {
    for (index, sold) in plan.sold.iter().enumerate() {
        let sign = if sold.quantity < 0 { '-' } else { '*' };
        till.press(&format!("{}{sign}{}⏎", sold.quantity.abs(), ARTICLES[sold.article].0));
        let sale = &mut till.state.sale;
        let line = sale.basket.lines().last().unwrap().clone();
        let line = Line {
            price: sold.overridden.map_or(line.price, Money),
            list_price: sold.overridden.map(|_| line.price),
            discount: sold.off.map(|off| discount(format!("L{index}"), off)),
            deposit: sold.deposit.map(|(price, rate)| {
                let vat = VatRate::of_hundredths(rate);
                let (number, name) = ("900".to_owned(), "Pfand".to_owned());
                Box::new(Deposit { number, name, price: Money(price), vat, ..Deposit::default() })
            }),
            note: sold.note.then(|| format!("note {index}")),
            ..line
        };
        let last = sale.basket.lines().len() - 1;
        sale.basket.replace(last, line).unwrap();
        sale.revision += 1;
    }
    let sale = &mut till.state.sale;
    for _ in 0..plan.voids.min(plan.sold.len() - 1) {
        sale.basket.void(0);
    }
    let offs = plan.offs.iter().enumerate();
    sale.basket
        .set_discounts(offs.map(|(index, off)| discount(format!("S{index}"), *off)).collect())
        .unwrap();
    sale.basket.set_note(plan.note.then(|| "of the sale".to_owned()));
    sale.revision += 1;
    if plan.top_up {
        till.press("15<F4>");
    }
}

/// Half-up in whole numbers alone: the VAT in `gross` at `hundredths` of a percent.
fn vat_in(gross: i128, hundredths: i128) -> i128 {
    let (amount, whole) = (gross.abs() * hundredths, 10_000 + hundredths);
    (2 * amount + whole) / (2 * whole) * gross.signum()
}

/// `off` of an amount that is not negative.
fn taken(off: Off, amount: i128) -> i128 {
    let taken = match off {
        Off::Percent(percent) => (2 * amount * i128::from(percent.hundredths()) + 10_000) / 20_000,
        Off::Amount(off) => i128::from(off.0),
        Off::Deal(price) => amount - i128::from(price.0),
    };
    taken.clamp(0, amount)
}

/// The VAT table of products and bonus, in whole numbers alone.
fn table(amounts: impl IntoIterator<Item = (Percent, i128)>) -> Vec<(Percent, i128, i128)> {
    let mut sums: BTreeMap<Percent, i128> = BTreeMap::new();
    for (rate, gross) in amounts {
        *sums.entry(rate).or_default() += gross;
    }
    let row =
        |(rate, gross): (Percent, i128)| (rate, gross, vat_in(gross, rate.hundredths().into()));
    sums.into_iter().rev().map(row).collect()
}

fn gross(item: &ItemRequest) -> i128 {
    i128::from(item.price_one.0) * i128::from(item.quantity)
}

fn told(lines: &[VatLine]) -> Vec<(Percent, i128, i128)> {
    lines.iter().map(|line| (line.rate, line.gross.0.into(), line.vat.0.into())).collect()
}

/// What is sent, against the basket that it is of.
fn check(request: &TransactionRequest, basket: &Basket) {
    let sent = request.basket.as_ref().unwrap();
    let sum: i128 = sent.products.iter().map(gross).sum();
    assert_eq!(sum, i128::from(request.basket_info.as_ref().unwrap().sum.0));
    assert_eq!(sum, i128::from(basket.sum().0));
    assert!(
        sent.products
            .iter()
            .map(|item| item.id)
            .eq(1..=i64::try_from(sent.products.len()).unwrap())
    );
    // A top-up is sent with a rate that its line does not have.
    let rate = |item: &ItemRequest| match item.ean {
        Some(_) => Percent::ZERO,
        None => item.tax.rate().unwrap(),
    };
    let by_rate = table(sent.products.iter().map(|item| (rate(item), gross(item))));
    assert_eq!(told(&basket.vat(&[])), by_rate);

    let of = |text: &str| -> i128 {
        sent.products.iter().filter(|item| item.desc == text).map(|item| -gross(item)).sum()
    };
    let (mut open, mut most, mut saved) = (0, 0, 0);
    for line in basket.lines() {
        let total = i128::from(line.price.0) * i128::from(line.quantity);
        let discount = line.discount.as_ref();
        let off = discount.map_or(0, |it| taken(it.off, total.abs()) * total.signum());
        assert_eq!(discount.map_or(0, |it| of(&it.text)), off);
        saved += off;
        if line.kind == LineKind::Article {
            let deposit = line.deposit.as_ref().map_or(0, |deposit| deposit.price.0);
            most += total - off + i128::from(deposit) * i128::from(line.quantity);
            open += (total - off).max(0);
        }
    }
    for discount in basket.discounts() {
        let off = taken(discount.off, open).min(most.max(0));
        assert_eq!(of(&discount.text), off, "{discount:?}");
        (open, most, saved) = (open - off, most - off, saved + off);
    }
    assert_eq!(i128::from(basket.saved().0), saved);
    for item in &sent.products {
        assert!(!item.desc.starts_with(['L', 'S']) || item.ean.is_none() && item.quantity == 1);
    }
    let notes = basket.lines().iter().filter(|line| line.note.is_some()).count();
    assert_eq!(sent.texts.len(), notes + usize::from(basket.note().is_some()));
    for text in &sent.texts {
        let parent = text.parent.map(|id| &sent.products[usize::try_from(id).unwrap() - 1]);
        assert!(parent.is_none_or(|item| ARTICLES.iter().any(|it| it.0 == item.desc)), "{text:?}");
    }
}

/// Answers all calls; every create and update is checked on its way.
fn serve(till: &mut Till, server: &mut Server) {
    while !till.calls.is_empty() {
        for (id, call) in std::mem::take(&mut till.calls) {
            if let Call::Create(request) | Call::Update(_, request) = &call {
                check(request, &till.state.sale.basket);
            }
            let answer = server.take(&call).expect("no terminal");
            assert!(matches!(answer, Outcome::Ok(_)), "{call:?}: {answer:?}");
            till.event(Event::answer(id, answer));
        }
    }
}

fn balances(server: &Server) -> Vec<(Money, Money)> {
    let of = |card| {
        let balance = server.ledger().balance(card).unwrap();
        (balance.cash, balance.bonus)
    };
    [CARD_BONUS, CARD_VOUCHER, CARD_RICH].map(of).to_vec()
}

/// Sells what is in the basket, by `+` alone.
fn pay(till: &mut Till, server: &mut Server, plan: &Plan) -> Finished {
    if let Some(card) = plan.card {
        till.press(card).press("⏎");
        serve(till, server);
        if plan.apply && !till.state.sale.basket.has_top_up() {
            till.press("/");
            serve(till, server);
        }
    }
    till.press("+");
    serve(till, server);
    if till.state.sale.basket.sum().is_zero() {
        assert!(!matches!(till.state.sale.step, Step::Tender(_)), "there is nothing to give");
    } else {
        assert!(matches!(till.state.sale.step, Step::Tender(_)), "{:?}", till.state.notice);
        till.press("+");
        serve(till, server);
    }
    till.state.finished().unwrap_or_else(|| panic!("{:?}", till.state.notice)).clone()
}

proptest! {
    #[test]
    fn what_is_sent_adds_up_is_taken_and_can_be_cancelled(plan in any_plan()) {
        let mut till = Till::with(shop());
        let mut server = Server::new(1, fixtures());
        let opening = balances(&server);
        till.event(Event::Day(OLD_DAY));
        fill(&mut till, &plan);
        if plan.midnight {
            let sum = till.state.sale.basket.sum();
            till.event(Event::Day(NEW_DAY));
            // A rate changes what a discount of the sale is spread over, never what it comes to.
            prop_assert_eq!(till.state.sale.basket.sum(), sum);
            let classes = ["food", "swiss"].map(|class| till.settings.vat.of_class(class, NEW_DAY));
            for line in till.state.sale.basket.lines() {
                let class = line.class.as_deref();
                prop_assert!(class.is_none() || classes.contains(&Some(line.vat)));
            }
        }
        if till.state.sale.basket.sum().is_negative() {
            till.press("+");
            prop_assert!(till.calls.is_empty());
            prop_assert_eq!(&till.state.notice.as_ref().unwrap().message, &Message::SumNegative);
            return Ok(());
        }
        let paid = pay(&mut till, &mut server, &plan);
        let transaction = server.ledger().transaction(&paid.id).unwrap();
        prop_assert_eq!(transaction.status, Status::Ok);
        prop_assert_eq!(transaction.basket_info.sum, paid.basket.sum());
        if let Some(applied) = &paid.applied {
            let bonus = applied.bonus.iter().map(|(rate, amount)| (*rate, -i128::from(amount.0)));
            let rows = paid.basket.rows().map(|row| (row.vat, i128::from(row.total().0)));
            prop_assert_eq!(told(&applied.vat_after), table(rows.chain(bonus)));
            let card = applied.cash + applied.bonus.iter().map(|(_, amount)| *amount).sum();
            prop_assert_eq!(paid.payment.due + card, paid.basket.sum());
        }

        let cancelled = server.take(&Call::Cancel(paid.id.clone())).unwrap();
        prop_assert!(matches!(cancelled, Outcome::Ok(_)), "{:?}", cancelled);
        prop_assert_eq!(balances(&server), opening);
    }
}

/// A sale of nothing but an article that is given away.
fn given_away() -> Plan {
    let sold = Sold {
        article: 0,
        quantity: 1,
        overridden: None,
        off: Some(Off::Percent(Percent::whole(100))),
        deposit: None,
        note: false,
    };
    Plan {
        sold: vec![sold],
        voids: 0,
        offs: Vec::new(),
        note: false,
        top_up: false,
        card: None,
        apply: false,
        midnight: false,
    }
}

#[test]
fn a_sale_of_nothing_is_paid_by_the_first_key_and_recorded() {
    for (card, apply, method) in [
        (None, false, StartMethod::Cash),
        (Some(CARD_BONUS), false, StartMethod::Cash),
        (Some(CARD_BONUS), true, StartMethod::Loyalty),
    ] {
        let plan = Plan { card, apply, ..given_away() };
        let (mut till, mut server) = (Till::with(shop()), Server::new(1, fixtures()));
        fill(&mut till, &plan);
        let opening = balances(&server);
        let paid = pay(&mut till, &mut server, &plan);
        assert_eq!((paid.payment.method, paid.payment.given), (method, Money::ZERO));
        assert_eq!(balances(&server), opening);
        assert!(till.records().any(|record| record.change.finishes()), "the journal has it");
        assert_eq!(paid.basket.rows().filter(|row| row.kind == RowKind::Discount).count(), 1);
    }
}

#[test]
fn what_nobody_has_seen_is_not_closed_by_a_sale_of_nothing() {
    let plan = given_away();
    let (mut till, mut server) = (Till::with(shop()), Server::new(1, fixtures()));
    fill(&mut till, &plan);
    till.press("+");
    // While the server is asked, somebody types the number of another article.
    till.press("10");
    serve(&mut till, &mut server);
    assert!(matches!(till.state.sale.step, Step::Tender(_)), "{:?}", till.state.sale.step);
}
