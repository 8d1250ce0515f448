#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use super::*;
use crate::lang::Lang;
use crate::money::Percent;
use crate::receipt::{layout, plain};
use crate::shop::{Basket, CardNumber, Deposit, Discount, Line, LineKind, Off, Weight};
use crate::till::{CallId, CardIdent, CardState, CardView, Programme, SaleCard};

fn line(name: &str, quantity: i64, price: i64, vat: u8) -> Line {
    Line {
        kind: LineKind::Article,
        number: None,
        ean: None,
        name: name.to_owned(),
        quantity,
        price: Money(price),
        vat: VatRate::whole(vat),
        sent_vat: VatRate::whole(vat),
        ..Line::default()
    }
}

fn paid(method: StartMethod, due: i64, given: i64) -> Payment {
    Payment { method, due: Money(due), given: Money(given), typed: None, call: CallId(7), since: 0 }
}

/// The sale of the documents: 7.96, a card with 2.00 money and 0.20 bonus, 20.00 given.
fn finished() -> Finished {
    let mut basket = Basket::default();
    basket.add(line("Roll thrown back", 1, 35, 7)).unwrap();
    basket.add(line("Sandwich Romano", 1, 349, 7)).unwrap();
    basket.add(line("Fruit salad", 1, 249, 7)).unwrap();
    basket.add(line("Water", 2, 99, 19)).unwrap();
    basket.void(0);
    let bonus = [(VatRate::whole(7), Money(15)), (VatRate::whole(19), Money(5))];
    let applied = Applied {
        revision: 3,
        cash: Money(200),
        bonus: bonus.to_vec(),
        missing: Money(576),
        vat_before: basket.vat(&[]),
        vat_after: basket.vat(&bonus),
    };
    Finished {
        cancelled: None,
        perhaps_cancelled: false,
        receipt_number: None,
        loyalty: Some(1),
        merchant: Some("Bakery Stern".to_owned()),
        reference: "T1-4".to_owned(),
        id: "STX_1".to_owned(),
        basket,
        card: Some(SaleCard::unchecked(CardIdent::Number(CardNumber::new("9276004424644352")))),
        applied: Some(applied),
        payment: paid(StartMethod::Cash, 576, 2000),
        booked: "2020-09-25T11:15:21+02:00".to_owned(),
        receipt: vec![
            ReceiptLine::Separator(Some("Kundenkarte".to_owned())),
            ReceiptLine::pair("Kartennummer:", "9276004424644352"),
            ReceiptLine::Space,
            ReceiptLine::important("Umsatz erfasst:"),
            ReceiptLine::important("7,76 EUR"),
        ],
        receipt_merchant: None,
    }
}

fn shown(finished: &Finished, profile: &Profile, width: usize) -> String {
    plain(&layout(&compose(finished, profile), width))
}

#[test]
fn the_documented_sale_in_english() {
    let profile = Profile {
        header: vec!["1 Market Square".to_owned()],
        footer: vec!["Thank you".to_owned()],
        ..Profile::default()
    };
    assert_eq!(
        shown(&finished(), &profile, 32),
        "          Bakery Stern

        1 Market Square

Receipt                     T1-4
Date            2020-09-25 11:15
Card         9276 •••• •••• 4352
--------------------------------
Sandwich Romano           3.49 B
Fruit salad               2.49 B
Water
  2 x 0.99                1.98 A
--------------------------------
Total                   7.96 EUR
Card balance used      -2.00 EUR
Bonus 7 %              -0.15 EUR
Bonus 19 %             -0.05 EUR
Remainder               5.76 EUR
Cash                    5.76 EUR
Given                  20.00 EUR
Change                 14.24 EUR

VAT A 19 % of 1.93          0.31
VAT B 7 % of 5.83           0.38

          Kundenkarte

Kartennummer:
             9276 •••• •••• 4352

Umsatz erfasst:
7,76 EUR
--------------------------------
           Thank you
      Not a fiscal receipt
"
    );
}

#[test]
fn the_documented_sale_in_german() {
    let profile = Profile { lang: Lang::De, ..Profile::default() };
    let text = shown(&finished(), &profile, 42);
    for row in [
        "Beleg                                 T1-4",
        "Datum                     25.09.2020 11:15",
        "Sandwich Romano                     3,49 B",
        "  2 x 0,99                          1,98 A",
        "Summe                             7,96 EUR",
        "Guthaben eingelöst               -2,00 EUR",
        "Bonus 7 %                        -0,15 EUR",
        "Restbetrag                        5,76 EUR",
        "Bar                               5,76 EUR",
        "Gegeben                          20,00 EUR",
        "Rückgeld                         14,24 EUR",
        "MwSt B 7 % aus 5,83                   0,38",
        "      Kein steuerlicher Kassenbeleg",
    ] {
        assert!(text.lines().any(|line| line == row), "{row:?} is missing in\n{text}");
    }
}

#[test]
fn no_card_number_is_on_any_row() {
    for width in 1..60 {
        let text = shown(&finished(), &Profile::default(), width);
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        assert!(!digits.contains("9276004424644352"), "{text}");
    }
}

#[test]
fn voided_lines_are_not_shown() {
    assert!(!shown(&finished(), &Profile::default(), 40).contains("thrown back"));
}

#[test]
fn a_sale_without_card_shows_its_own_vat_and_no_remainder() {
    let mut sale = finished();
    sale.applied = None;
    sale.card = None;
    sale.payment = paid(StartMethod::Cashless, 796, 796);
    let text = shown(&sale, &Profile::default(), 40);
    assert!(text.contains("VAT B 7 % of 5.98                   0.39"), "{text}");
    assert!(text.contains("Card terminal                   7.96 EUR"), "{text}");
    for absent in ["Remainder", "Given", "Change", "Bonus", "Card balance used"] {
        assert!(!text.contains(absent), "{absent} in\n{text}");
    }
}

#[test]
fn a_sale_paid_by_the_card_names_no_cash() {
    let mut sale = finished();
    sale.payment = paid(StartMethod::Loyalty, 0, 0);
    let text = shown(&sale, &Profile::default(), 40);
    assert!(text.contains("Payment                     Card balance"), "{text}");
    for absent in ["Given", "Change", "\nCash "] {
        assert!(!text.contains(absent), "{absent} in\n{text}");
    }
}

#[test]
fn rates_beyond_the_usual_ones_get_letters_from_d() {
    let mut sale = finished();
    for (name, rate) in [("Top-up", 0), ("Low", 5), ("High", 25)] {
        sale.basket.add(line(name, 1, 100, rate)).unwrap();
    }
    sale.basket.add(line("Deposit", -1, 15, 19)).unwrap();
    sale.applied = None;
    let text = shown(&sale, &Profile::default(), 40);
    for row in [
        "Top-up                            1.00 C",
        "High                              1.00 D",
        "Low                               1.00 E",
        "  -1 x 0.15                      -0.15 A",
        "VAT D 25 % of 1.00                  0.20",
        "VAT E 5 % of 1.00                   0.05",
        "VAT C 0 % of 1.00                   0.00",
    ] {
        assert!(text.lines().any(|line| line == row), "{row:?} is missing in\n{text}");
    }
}

#[test]
fn a_shop_may_leave_the_fiscal_line_and_the_currency_out() {
    let profile = Profile { not_fiscal: false, currency: String::new(), ..Profile::default() };
    let text = shown(&finished(), &profile, 32);
    assert!(!text.to_lowercase().contains("fiscal"));
    assert!(text.contains("Total                       7.96\n"), "{text}");
}

#[test]
fn the_number_of_a_card_made_by_the_sale_is_legible_on_the_customers_paper_alone() {
    const NEW: &str = "9276004429776746";
    let programme = Programme { id: "CRG_1".to_owned(), name: "Bonus".to_owned() };
    let view = CardView { number: Some(CardNumber::new(NEW)), ..CardView::default() };
    let mut sale = finished();
    sale.card = Some(SaleCard {
        state: CardState::Known(Box::new(view)),
        ..SaleCard::unchecked(CardIdent::New(programme))
    });
    sale.receipt.push(ReceiptLine::pair("Kartennummer:", NEW));
    let text = |lines: &[ReceiptLine]| plain(&layout(lines, 40));
    let paper = text(&for_customer(&sale, &Profile::default()));
    assert!(paper.contains(NEW), "{paper}");
    // Another card's number in the server's lines stays hidden.
    assert!(!paper.contains("9276004424644352"), "{paper}");
    let screen = text(&compose(&sale, &Profile::default()));
    assert!(!screen.contains(NEW) && screen.contains("9276 •••• •••• 6746"), "{screen}");
    // A card that was there before is hidden on paper too.
    sale.card = Some(SaleCard::unchecked(CardIdent::Number(CardNumber::new(NEW))));
    let paper = text(&for_customer(&sale, &Profile::default()));
    assert!(!paper.contains(NEW), "{paper}");
}

#[test]
fn the_merchants_copy_is_masked_too() {
    let mut sale = finished();
    assert_eq!(merchant_copy(&sale, Lang::En), []);
    sale.receipt_merchant =
        Some(vec![ReceiptLine::text("Karte 9276004424644352"), ReceiptLine::Space]);
    assert_eq!(
        merchant_copy(&sale, Lang::En),
        [ReceiptLine::text("Karte 9276 •••• •••• 4352"), ReceiptLine::Space]
    );
}

#[test]
fn a_cancelled_sale_says_so_first_and_ends_with_the_storno_masked() {
    let mut finished = finished();
    finished.cancelled = Some(crate::till::Cancelled {
        booked: "2020-09-25T11:20:02+02:00".to_owned(),
        receipt: vec![
            ReceiptLine::pair("Kartennummer:", "9276004424644352"),
            ReceiptLine::important("Storno: 7,76 EUR"),
        ],
        ..crate::till::Cancelled::default()
    });
    for (lang, word, time) in
        [(Lang::En, "CANCELLED", "2020-09-25 11:20"), (Lang::De, "STORNIERT", "25.09.2020 11:20")]
    {
        let text = shown(&finished, &Profile { lang, ..Profile::default() }, 42);
        assert_eq!(text.matches(word).count(), 2, "{text}");
        let (sale, storno) = text.rsplit_once(word).unwrap();
        assert!(sale.contains("Sandwich Romano") && !sale.contains("11:20"), "{text}");
        assert!(storno.contains(time) && storno.contains("Storno: 7,76 EUR"), "{text}");
        assert!(storno.contains("9276 •••• •••• 4352"), "{text}");
        assert!(!text.contains("9276004424644352"), "{text}");
    }
    finished.cancelled = None;
    assert!(!shown(&finished, &Profile::default(), 42).contains("CANCELLED"));
}

fn discount(text: &str, off: Off) -> Discount {
    Discount { off, text: text.to_owned(), reason: None, coupon: None }
}

/// A basket with everything that a row can say.
fn full_basket() -> Basket {
    let percent = |percent| Off::Percent(Percent::whole(percent));
    let mut basket = Basket::default();
    for line in [
        Line {
            short: Some("Water".to_owned()),
            discount: Some(discount("10 % off", percent(10))),
            deposit: Some(Box::new(Deposit {
                name: "Deposit".to_owned(),
                price: Money(25),
                vat: VatRate::whole(19),
                ..Deposit::default()
            })),
            ..line("Water, mildly sprinkling, 0.25 ltr.", 3, 99, 19)
        },
        Line {
            list_price: Some(Money(349)),
            note: Some("no onions".to_owned()),
            ..line("Sandwich Romano", 1, 299, 7)
        },
        Line {
            weight: Some(Weight { grams: 512, per_kilo: Money(299) }),
            vat: VatRate::of_hundredths(810),
            ..line("Apples", 1, 153, 0)
        },
        Line { discount: Some(discount("10 % off", percent(10))), ..line("Pen", -1, 150, 19) },
    ] {
        basket.add(line).unwrap();
    }
    basket.set_discounts(vec![discount("Staff", Off::Amount(Money(100)))]).unwrap();
    basket.set_note(Some("Table 4".to_owned()));
    basket
}

#[test]
fn discounts_deposits_weights_and_notes_stand_where_they_belong() {
    let basket = full_basket();
    assert_eq!(basket.sum(), Money(559));
    let sale = Finished {
        payment: paid(StartMethod::Cash, 559, 559),
        basket,
        applied: None,
        card: None,
        receipt: Vec::new(),
        ..finished()
    };
    let text = shown(&sale, &Profile::default(), 32);
    let from = text.find("Water").unwrap();
    assert_eq!(
        &text[from..],
        "Water
  3 x 0.99                2.97 A
  10 % off               -0.30 A
  Deposit 3 x 0.25        0.75 A
Sandwich Romano           2.99 B
  was 3.49
  no onions
Apples
  0.512 kg x 2.99/kg      1.53 D
Pen
  -1 x 1.50              -1.50 A
  10 % off                0.15 A
Staff                    -0.42 B
Staff                    -0.21 D
Staff                    -0.37 A
Table 4
--------------------------------
Total                   5.59 EUR
Cash                    5.59 EUR
Given                   5.59 EUR
Change                  0.00 EUR

VAT A 19 % of 1.70          0.27
VAT D 8.1 % of 1.32         0.10
VAT B 7 % of 2.57           0.17

You save                1.15 EUR
--------------------------------
      Not a fiscal receipt
"
    );
    let german = shown(&sale, &Profile { lang: Lang::De, ..Profile::default() }, 42);
    for row in [
        "  statt 3,49",
        "  0,512 kg x 2,99/kg                1,53 D",
        "MwSt D 8,1 % aus 1,32                 0,10",
        "Sie sparen                        1,15 EUR",
    ] {
        assert!(german.lines().any(|line| line == row), "{row:?} is missing in\n{german}");
    }
}

#[test]
fn every_row_with_an_amount_ends_at_the_edge_of_the_paper() {
    let basket = full_basket();
    let sale = Finished { basket, applied: None, ..finished() };
    for width in [32, 42, 48] {
        let text = shown(&sale, &Profile::default(), width);
        let amounts: Vec<&str> = text
            .lines()
            .filter(|row| row.ends_with([' ', 'A', 'B', 'D']) && row.contains('.'))
            .collect();
        assert_eq!(amounts.len(), 10, "{text}");
        assert!(amounts.iter().all(|row| row.chars().count() == width), "{text}");
    }
}
