//! A new article in the middle of a sale, made of a code that nobody knows.

use kasse::money::Money;
use kasse::shop::{Article, Catalogue, Department, Vat, VatRate};
use kasse::till::{Effect, Level, Message, Overlay, Role};
use rstest::rstest;

use crate::till::kit::{CARD, Till, settings};

const CODE: &str = "4012345678901";

fn till() -> Till {
    let mut settings = settings();
    let bread = Department { name: "Bread".to_owned(), vat: Vat::Rate(VatRate::whole(7)) };
    settings.departments = vec![bread];
    Till::with(settings)
}

fn form(till: &Till) -> bool {
    matches!(till.state.overlays.last(), Some(Overlay::Teach(_)))
}

fn taught(till: &Till) -> Option<&Article> {
    till.effects.iter().find_map(|effect| match effect {
        Effect::Teach(article) => Some(article.as_ref()),
        _ => None,
    })
}

#[test]
fn an_unknown_code_becomes_an_article_and_is_sold_at_once() {
    let mut till = till();
    till.press("7⏎").press(CODE).press("⏎");
    assert_eq!(till.said(), Some(&Message::UnknownCode(CODE.to_owned())));
    till.press("<Insert>");
    assert!(form(&till), "the key that the error names acts, and does not dismiss");
    assert_eq!(till.said(), None, "the form is about it now");
    till.press("Milk,␣1␣l <Right> 1,29 <Right>");
    assert!(form(&till) && taught(&till).is_none());
    till.press("<Right>");
    let expected = Article {
        number: CODE.to_owned(),
        eans: vec![CODE.to_owned()],
        name: "Milk, 1 l".to_owned(),
        price: Some(Money(129)),
        vat: Vat::Rate(VatRate::whole(7)),
        group: "Bread".to_owned(),
        ..Article::default()
    };
    assert_eq!(taught(&till), Some(&expected));
    let line = &till.state.sale.basket.lines()[1];
    assert_eq!((line.name.as_str(), line.price), ("Milk, 1 l", Money(129)));
    assert!(till.state.overlays.is_empty() && till.said().is_none(), "the error is gone");
}

#[test]
fn without_a_price_it_is_asked_for_at_every_sale() {
    let mut till = till();
    till.press("2*").press(CODE).press("⏎ <Insert> Roses <Right> <Right> <Right>");
    assert_eq!(taught(&till).unwrap().price, None);
    assert!(matches!(till.state.overlays.last(), Some(Overlay::Ask(_))));
    till.settings.catalogue = Catalogue::new(vec![taught(&till).unwrap().clone()]).unwrap();
    till.press("5 <Right>");
    let line = &till.state.sale.basket.lines()[0];
    assert_eq!((line.name.as_str(), line.quantity, line.price), ("Roses", 2, Money(500)));
}

#[test]
fn left_goes_back_and_what_was_typed_is_there() {
    let mut till = till();
    till.press(CODE).press("⏎ <Insert> Milk <Right> 1,29 <Right> <Left>");
    assert_eq!(till.state.entry.text, "1,29");
    till.press("<Left>");
    assert_eq!(till.state.entry.text, "Milk");
    till.press("y <Right> <Right> <Right>");
    assert_eq!(taught(&till).unwrap().name, "Milky");
}

#[test]
fn a_rate_is_chosen_from_departments_classes_or_articles() {
    let mut till = till();
    till.settings.departments.clear();
    till.press(CODE).press("⏎ <Insert> Pen <Right> 1 <Right> <Down> <Right>");
    assert_eq!(taught(&till).unwrap().vat, Vat::Rate(VatRate::whole(19)), "as articles have it");
    let mut none = self::till();
    none.settings.departments.clear();
    none.settings.catalogue = Catalogue::default();
    none.press(CODE).press("⏎ <Insert>");
    assert_eq!((none.said(), form(&none)), (Some(&Message::UnknownCode(CODE.to_owned())), false));
    assert!(none.state.more_errors.iter().any(|error| error.message == Message::NoVatKnown));
}

#[rstest]
#[case::at_the_name("")]
#[case::in_the_name("Mil")]
#[case::at_the_price("Milk <Right>")]
#[case::at_the_rate("Milk <Right> 1 <Right>")]
fn a_scan_is_no_name_and_no_price(#[case] typed: &str) {
    for scan in ["4006381333931", "51", "]E04006381333931", CARD, "PEN-12", "9999999999999999"] {
        let mut till = till();
        till.press(CODE).press("⏎ <Insert>").press(typed);
        let overlays = till.state.overlays.clone();
        till.press(scan).press("⏎");
        let errors = till.state.notice.iter().chain(&till.state.more_errors);
        let mut errors = errors.filter(|it| it.level == Level::Error);
        assert!(errors.any(|error| error.message == Message::ScanOverQuestion), "{scan}");
        assert!(till.effects.contains(&Effect::Bell));
        assert_eq!((&till.state.overlays, till.state.entry.text.as_str()), (&overlays, ""));
        assert!(taught(&till).is_none() && till.state.sale.basket.is_empty());
    }
}

#[rstest]
#[case::no_name("<Right>")]
#[case::spaces("␣␣ <Right>")]
#[case::a_card_number("9276004424644352 <Right>")]
fn a_name_that_is_none_is_refused(#[case] script: &str) {
    let mut till = till();
    till.press(CODE).press("⏎ <Insert>").press(script);
    let Some(Overlay::Teach(open)) = till.state.overlays.last() else { panic!("closed") };
    assert_eq!((open.name.as_str(), open.field), ("", kasse::till::Field::Name));
    assert!(till.state.notice.as_ref().is_some_and(|it| it.level == Level::Error));
}

#[rstest]
#[case::short_number("99999")]
#[case::wrong_check_digit("4012345678902")]
#[case::own_code("2012345678900")]
#[case::like_a_card("9276012345670")]
fn only_codes_of_goods_are_taught(#[case] code: &str) {
    let mut till = till();
    till.press(code).press("⏎");
    assert!(!matches!(till.said(), Some(Message::UnknownCode(_))), "{:?}", till.said());
    till.press("<Insert>");
    assert!(!form(&till));
}

#[test]
fn a_dismissed_code_is_forgotten() {
    let mut till = till();
    till.press(CODE).press("⏎ <Esc> <Insert>");
    assert_eq!((till.said(), form(&till)), (Some(&Message::NothingToTeach), false));
}

#[test]
fn a_trainee_makes_no_articles() {
    let mut till = till();
    till.state.role = Role::Trainee;
    till.press(CODE).press("⏎ <Insert>");
    assert!(!form(&till));
}

#[test]
fn leaving_the_form_makes_nothing() {
    let mut till = till();
    till.press(CODE).press("⏎ <Insert> Milk <Right> <Esc>");
    assert!(!form(&till) && taught(&till).is_none() && till.state.sale.basket.is_empty());
    assert_eq!(till.said(), Some(&Message::UnknownCode(CODE.to_owned())), "told again");
}
