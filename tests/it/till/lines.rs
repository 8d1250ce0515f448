//! Changes of lines that are in the basket: what they do, what is refused, and what the journal
//! makes of them.

use kasse::money::{Money, Percent};
use kasse::shop::{Line, Off, RowKind, Weight};
use kasse::till::{
    Call, Change, Command, DiscountBy, DiscountOf, Message, Overlay, Settings, Step, menu_commands,
};

use crate::till::kit::{CARD, Till};

/// Chooses a command in the menu, and answers what it asks.
fn choose(till: &mut Till, command: Command, answer: &str) {
    let commands = menu_commands("", &Settings::default());
    let row = commands.iter().position(|shown| *shown == command).unwrap();
    till.press(&format!("␣{}⏎{answer}<Right>", "<Down>".repeat(row)));
}

const fn of_line(by: DiscountBy) -> Command {
    Command::Discount(DiscountOf::Line, by)
}

const fn of_sale(by: DiscountBy) -> Command {
    Command::Discount(DiscountOf::Sale, by)
}

/// The sale after a restart is the one on the screen.
fn assert_replayed(till: &Till) {
    assert_eq!(till.replayed().sale.basket, till.state.sale.basket);
}

#[test]
fn fewer_pieces_leave_their_trace_and_more_do_not() {
    let mut till = Till::new();
    till.press("5*51⏎ 2<Home>");
    let basket = &till.state.sale.basket;
    assert_eq!((basket.lines()[0].quantity, basket.voided()[0].quantity), (2, 3));
    let water = "Water, mildly sprinkling, 0.25 ltr.".to_owned();
    assert_eq!(till.said(), Some(&Message::Voided { quantity: 3, name: water }));
    till.press("9<Home>");
    assert_eq!(till.state.sale.basket.voided().len(), 1);
    assert_eq!(till.state.sale.basket.sum(), Money(9 * 99));
    assert_replayed(&till);
    let kinds: Vec<_> = till.records().map(|record| record.change.kind()).collect();
    assert!(kinds.contains(&"replaced"), "{kinds:?}");
}

#[test]
fn another_price_keeps_the_listed_one_until_it_is_set_again() {
    let mut till = Till::new();
    till.press("30037⏎");
    choose(&mut till, Command::Price, "2,99");
    choose(&mut till, Command::Price, "1,99");
    let line = till.state.sale.basket.lines()[0].clone();
    assert_eq!((line.price, line.list_price), (Money(199), Some(Money(349))));
    choose(&mut till, Command::Price, "3,49");
    assert_eq!(till.state.sale.basket.lines()[0].list_price, None);
    assert_replayed(&till);
}

#[test]
fn discounts_follow_what_they_lower_and_are_taken_away_by_0() {
    let mut till = Till::new();
    till.press("30037⏎ 2*51⏎");
    choose(&mut till, of_line(DiscountBy::Percent), "10");
    choose(&mut till, of_sale(DiscountBy::Amount), "1");
    let basket = &till.state.sale.basket;
    assert_eq!((basket.sum(), basket.saved()), (Money(547 - 20 - 100), Money(120)));
    assert_eq!(basket.discounts()[0].off, Off::Amount(Money(100)));
    till.press("1<Home>");
    let off = till.state.sale.basket.lines()[1].discount.as_ref().map(|discount| discount.off);
    assert_eq!(off, Some(Off::Percent(Percent::whole(10))));
    assert_eq!(till.state.sale.basket.lines()[1].reduction(), Money(10));
    assert_replayed(&till);
    choose(&mut till, of_line(DiscountBy::Percent), "0");
    choose(&mut till, of_sale(DiscountBy::Amount), "0");
    assert!(till.state.sale.basket.rows().all(|row| row.kind == RowKind::Article));
    assert_replayed(&till);
}

#[test]
fn what_has_no_effect_or_lowers_money_on_a_card_is_refused() {
    let mut till = Till::new();
    till.press("30037⏎");
    for (command, answer) in
        [(of_line(DiscountBy::Deal), "9,99"), (of_sale(DiscountBy::Deal), "3,49")]
    {
        choose(&mut till, command, answer);
        assert_eq!(till.said(), Some(&Message::NoDiscount), "{command:?}");
        till.press("<Esc><Esc>");
    }
    till.press("<F8><Right>").press(CARD).press("⏎ 15<F4>");
    let before = till.state.sale.basket.clone();
    assert!(before.has_top_up() && before.lines().len() == 1, "{before:?}");
    for keys in ["2<Home>", "10<End>"] {
        till.press(keys);
        assert_eq!(till.said(), Some(&Message::CardSaleFixed), "{keys}");
        assert_eq!(till.state.sale.basket, before);
        till.press("<Esc><Esc>");
    }
    choose(&mut till, of_sale(DiscountBy::Percent), "10");
    assert_eq!((till.said(), &till.state.sale.basket), (Some(&Message::NoDiscount), &before));
    assert!(!till.records().any(|record| matches!(record.change, Change::Replaced(..))));
}

#[test]
fn a_change_makes_an_applied_card_one_to_apply_again() {
    let mut till = Till::new();
    till.applied();
    let revision = till.state.sale.revision;
    choose(&mut till, of_sale(DiscountBy::Percent), "10");
    assert_eq!(till.said(), Some(&Message::ApplyAgain));
    assert!(till.state.sale.revision > revision && till.state.sale.applied().is_none());
}

#[test]
fn notes_are_kept_and_go_with_an_empty_one() {
    let mut till = Till::new();
    till.press("30037⏎");
    choose(&mut till, Command::LineNote, "no␣onions");
    choose(&mut till, Command::SaleNote, "Table");
    let basket = &till.state.sale.basket;
    assert_eq!(basket.lines()[0].note.as_deref(), Some("no onions"));
    assert_eq!(basket.note(), Some("Table"));
    assert_replayed(&till);
    let delete = "<Backspace>".repeat(9);
    choose(&mut till, Command::LineNote, &delete);
    choose(&mut till, Command::SaleNote, &delete);
    let basket = &till.state.sale.basket;
    assert_eq!((basket.lines()[0].note.as_deref(), basket.note()), (None, None));
    assert!(matches!(till.state.sale.step, Step::Basket(None)));
    assert!(!till.state.overlays.iter().any(|overlay| matches!(overlay, Overlay::Menu(_))));
    assert_replayed(&till);
}

#[test]
fn what_was_weighed_is_one_piece_whose_text_says_why_it_costs_that() {
    let mut till = Till::new();
    till.press("30037⏎");
    let sale = &mut till.state.sale;
    let line = Line {
        price: Money(153),
        weight: Some(Weight { grams: 512, per_kilo: Money(299) }),
        ..sale.basket.lines()[0].clone()
    };
    sale.basket.replace(0, line.clone()).unwrap();
    let sent = |till: &mut Till| {
        till.press("+");
        match till.last().1 {
            Call::Create(body) => body.basket.unwrap().products,
            other => panic!("{other:?}"),
        }
    };
    let [item] = &sent(&mut till)[..] else { panic!("one product") };
    assert_eq!((item.quantity, item.price_one), (1, Money(153)));
    assert_eq!(item.desc, "Sandwich Romano 0,512 kg x 2,99 EUR/kg");

    let mut till = Till::new();
    till.press("30037⏎");
    let overridden = Line { price: Money(100), list_price: Some(Money(153)), ..line };
    till.state.sale.basket.replace(0, overridden).unwrap();
    assert_eq!(sent(&mut till)[0].desc, "Sandwich Romano 0,512 kg");
}
