//! What is sold, and on which cards: few of each, so that tills get in each other's way.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use kasse::money::Money;
use kasse::sandbox::{
    CARD_BONUS, CARD_EMPTY, CARD_INACTIVE, CARD_LOCKED, CARD_RICH, CARD_VOUCHER, Fixtures,
};
use kasse::shop::{Article, CardPattern, Catalogue, ScanRules, Vat, VatClasses, VatRate};
use kasse::till::Settings;

/// The cards that come to these tills; some more often than others, one is unknown.
pub const CARDS: [&str; 10] = [
    CARD_BONUS,
    CARD_BONUS,
    CARD_BONUS,
    CARD_VOUCHER,
    CARD_VOUCHER,
    CARD_EMPTY,
    CARD_RICH,
    CARD_LOCKED,
    CARD_INACTIVE,
    "9276000000000001",
];

/// The seeds' world with more on the cards that are shared.
pub fn fixtures() -> Fixtures {
    let mut fixtures = Fixtures::default();
    for card in &mut fixtures.cards {
        if card.number == CARD_BONUS {
            (card.cash, card.bonus) = (Money(2_000), Money(200));
        } else if card.number == CARD_VOUCHER {
            card.cash = Money(1_500);
        }
    }
    fixtures.sales.clear();
    fixtures
}

pub fn article(number: &str, ean: Option<&str>, name: &str, price: i64, vat: u8) -> Article {
    Article {
        number: number.to_owned(),
        eans: ean.map(str::to_owned).into_iter().collect(),
        name: name.to_owned(),
        price: Some(Money(price)),
        vat: Vat::Rate(VatRate::whole(vat)),
        group: String::new(),
        ..Article::default()
    }
}

/// The decisions of a shop; every other one applies cards by itself.
pub fn settings(seed: u64) -> Settings {
    let catalogue = Catalogue::new(vec![
        article("30037", None, "Sandwich Romano", 349, 7),
        article("30200", None, "Fruit salad, small bowl", 249, 7),
        article("51", Some("4999012345678"), "Water, mildly sprinkling, 0.25 ltr.", 99, 19),
        article("7", Some("4006381333931"), "Pen", 150, 19),
        article("900", None, "Deposit", 25, 19),
        Article {
            vat: Vat::Rate(VatRate::of_hundredths(810)),
            deposit: Some("900".to_owned()),
            ..article("61", None, "Juice", 129, 0)
        },
        Article { vat: Vat::Class(MEALS.to_owned()), ..article(MEAL, None, "Soup", 450, 0) },
    ])
    .unwrap();
    Settings {
        catalogue,
        scan: ScanRules { cards: vec![CardPattern::default()], ..ScanRules::default() },
        currency: "EUR".to_owned(),
        max_change: Money(20_000),
        write_off_after: 600_000,
        cashless_patience: 180_000,
        apply_card_on_total: seed.is_multiple_of(2),
        vat: meals(),
        ..Settings::default()
    }
}

/// The article whose rate changes every day.
pub const MEAL: &str = "80";
const MEALS: &str = "meals";
const FIRST_DAY: Date = date(2026, 1, 1);
/// How long a day of the simulated world lasts, ms: many sales are open at midnight.
const DAY: u64 = 100_000;
/// Days with a rate of their own.
const DAYS: i64 = 100;

/// The day at this time of the world, ms.
pub fn today(now: u64) -> Date {
    day(i64::try_from(now / DAY).unwrap())
}

/// The rate of the meal on `today`.
pub fn meal_rate(today: Date) -> VatRate {
    meals().of_class(MEALS, today).unwrap()
}

fn day(number: i64) -> Date {
    FIRST_DAY.checked_add(number.days()).unwrap()
}

/// 19 % on one day, 7 % on the next.
fn meals() -> VatClasses {
    let rate = |number: i64| if number % 2 == 0 { 19 } else { 7 };
    let rates = (0..DAYS).map(|number| format!("{} from {}", rate(number), day(number)));
    let class = format!("{MEALS} {}", rates.collect::<Vec<_>>().join(", "));
    VatClasses::new([class.parse().unwrap()]).unwrap()
}
