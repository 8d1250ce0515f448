//! Scenes of goods: prices, questions about them, reasons, quick keys, new articles.

use kasse::lang::Lang;
use kasse::money::Money;
use kasse::shop::{Department, Off, Vat, VatRate};
use kasse::till::{
    Added, AgeQuestion, Asking, Command, DiscountBy, DiscountOf, Field, Level, Message, Overlay,
    Quick, QuickPage, ReasonList, Reasoned, Reasons, Shown, State, Teaching,
};
use kasse::ui::{Theme, as_text};

use crate::ui::kit::{Scene, Shop, empty, entry, sale, saying, under};

/// Reasons and departments of the shop.
pub fn reasons() -> Reasons {
    let list = || vec!["Damaged".to_owned(), "Regular customer".to_owned(), "Staff".to_owned()];
    Reasons { discounts: list(), prices: list(), returns: list() }
}

/// A shop with quick keys.
fn quick_shop(lang: Lang, theme: Theme) -> Shop {
    let mut shop = Shop::new(lang, theme);
    let bread = Department { name: "Brot".to_owned(), vat: Vat::Rate(VatRate::whole(7)) };
    let article = |number: &str| Quick::Article(number.to_owned());
    shop.settings.quick =
        vec![article("12"), article("13"), article("51"), article("77"), Quick::Department(bread)];
    shop.settings.quick.extend(["30037", "30200", "999"].map(article));
    shop
}

/// Without an overlay.
pub fn sales() -> Vec<Scene> {
    vec![
        ("unknown_code", saying(Level::Error, Message::UnknownCode("4006381333931".to_owned()))),
        ("article_note", {
            let (name, note) = ("Shirt".to_owned(), "Ask for the size".to_owned());
            saying(Level::Info, Message::ArticleNote { name, note })
        }),
        ("article_locked", {
            let (name, note) = ("Spread".to_owned(), "Recalled by the maker".to_owned());
            saying(Level::Error, Message::ArticleLocked { name, note })
        }),
    ]
}

fn ask(asking: Asking, typed: &str) -> State {
    under(Overlay::Ask(Box::new(asking)), |state| state.entry = entry(typed))
}

fn teach(field: Field, typed: &str) -> State {
    let choices = vec![
        ("Brot".to_owned(), Vat::Rate(VatRate::whole(7))),
        (String::new(), Vat::Rate(VatRate::whole(19))),
        (String::new(), Vat::Rate(VatRate::of_hundredths(810))),
    ];
    let once = |taken: bool, text: &str| if taken { text.to_owned() } else { String::new() };
    let form = Teaching {
        field,
        name: once(field != Field::Name, "Vollmilch 3,5 %, 1 l"),
        price: once(field == Field::Vat, "1,29"),
        ..Teaching::of("4006381333931".to_owned(), choices)
    };
    under(Overlay::Teach(Box::new(form)), |state| state.entry = entry(typed))
}

/// Overlays, each over a sale.
pub fn overlays() -> Vec<Scene> {
    let of = |of, by| Asking::For(Command::Discount(of, by));
    let reason = |of| Overlay::Reason(Box::new(ReasonList { of, selected: 1 }));
    let off = Off::Amount(Money(150));
    vec![
        ("price_look_up", { under(Overlay::Article(Box::new(Shown(Added::one("51")))), |_| ()) }),
        ("ask_price", ask(Asking::Price("Sunflowers".to_owned(), Added::one("60")), "12,5")),
        ("ask_price_empty", ask(Asking::Price("Sunflowers".to_owned(), Added::one("60")), "")),
        ("ask_percent", ask(of(DiscountOf::Line, DiscountBy::Percent), "10")),
        ("ask_deal", ask(of(DiscountOf::Sale, DiscountBy::Deal), "5")),
        ("ask_pieces", ask(Asking::For(Command::Quantity), "3")),
        ("ask_note", ask(Asking::For(Command::LineNote), "sliced, thin")),
        ("age", {
            let question =
                AgeQuestion { added: Added::one("70"), name: "Gin, 0.7 l".to_owned(), age: 18 };
            under(Overlay::Age(Box::new(question)), |_| ())
        }),
        ("reason", under(reason(Reasoned::Discount(DiscountOf::Line, off)), |_| ())),
        ("reason_price", under(reason(Reasoned::Price(Money(99))), |_| ())),
        ("quick_page", under(Overlay::Quick(QuickPage(0)), |_| ())),
        ("teach_name", teach(Field::Name, "Vollm")),
        ("teach_price", teach(Field::Price, "1,29")),
        ("teach_vat", teach(Field::Vat, "")),
    ]
}

#[test]
fn quick_keys_stand_beside_a_wide_basket_alone() {
    let shop = quick_shop(Lang::De, Theme::dark());
    let wide = as_text(&sale(|_| ()), &shop.view(), 120, 40);
    for shown in ["Schnelltasten", "Umsch-F7  Butterbrezel", "Umsch-F11  Brot", "6  Sandwich"] {
        assert!(wide.contains(shown), "{shown} is missing in\n{wide}");
    }
    let missing = wide.lines().find(|line| line.contains(" 8  999")).expect("the eighth key");
    assert!(missing.contains('?'), "what is not in the catalogue is said\n{wide}");
    let without = as_text(&sale(|_| ()), &Shop::new(Lang::De, Theme::dark()).view(), 120, 40);
    assert!(!without.contains("Schnelltasten"));
    for width in [80, 119] {
        let narrow = as_text(&sale(|_| ()), &shop.view(), width, 40);
        assert!(!narrow.contains("Schnelltasten"), "{narrow}");
    }
}

#[test]
fn a_number_before_a_quick_key_is_shown_as_the_price_that_it_would_be() {
    let shop = quick_shop(Lang::En, Theme::dark());
    let mut state = empty();
    state.entry = entry("250");
    let text = as_text(&state, &shop.view(), 80, 24);
    assert!(text.contains("as a price: 250.00 EUR"), "{text}");
    let text = as_text(&state, &Shop::new(Lang::En, Theme::dark()).view(), 80, 24);
    assert!(!text.contains("as a price"), "{text}");
    state.entry = entry("4006381333931");
    let text = as_text(&state, &shop.view(), 80, 24);
    assert!(!text.contains("as a price"), "{text}");
}

#[test]
fn a_price_that_is_looked_at_is_said_not_to_be_sold() {
    for (lang, said) in
        [(Lang::En, "Price only, not sold"), (Lang::De, "Nur Preisauskunft, nicht verkauft")]
    {
        let shop = Shop::new(lang, Theme::dark());
        let (_, state) = overlays().remove(0);
        for size in [(120, 40), (80, 24), (40, 12)] {
            let text = as_text(&state, &shop.view(), size.0, size.1);
            assert!(text.contains(said), "{text}");
        }
    }
}

#[test]
fn screens_with_quick_keys() {
    for (name, lang, theme, (width, height)) in [
        ("quick_wide", Lang::De, Theme::dark(), (120, 40)),
        ("quick_page", Lang::De, Theme::dark(), (80, 24)),
        ("quick_page_narrow", Lang::En, Theme::mono(), (40, 12)),
    ] {
        let shop = quick_shop(lang, theme);
        let state = match name {
            "quick_wide" => sale(|_| ()),
            _ => under(Overlay::Quick(QuickPage(4)), |_| ()),
        };
        let text = as_text(&state, &shop.view(), width, height);
        insta::with_settings!({
            snapshot_path => "../../snapshots",
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, {
            insta::assert_snapshot!(format!("ui_text_{name}"), text);
        });
    }
}
