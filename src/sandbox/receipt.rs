//! The words of receipts, in the order the vendor prints them (api.md §7), always in German.
//!
//! Turns amounts into lines. Must not decide amounts, and must not know accounts. Card numbers
//! are printed whole, as the vendor does; masking them is the console's business.

use jiff::Timestamp;

use crate::money::{Money, Notation};
use crate::wire::{Decoration, ReceiptLine, ReceiptText};

use super::clock;
use super::slips::centred;

/// What the loyalty part of a receipt reports; amounts in minor units, zero ones are left out.
#[derive(Debug, Clone, Default)]
pub(super) struct Loyalty {
    pub(super) card: String,
    /// The 8 digits that identify the booking.
    pub(super) code: String,
    /// Card balance that was spent, cash and bonus together.
    pub(super) paid: Money,
    pub(super) revenue: Money,
    pub(super) charged: Money,
    pub(super) collected: Money,
    /// The card's whole balance afterwards.
    pub(super) balance: Money,
}

/// The customer's loyalty receipt.
pub(super) fn loyalty(facts: &Loyalty) -> Vec<ReceiptLine> {
    let mut lines = head(&facts.card, &facts.code);
    if !facts.paid.is_zero() {
        part(&mut lines, &["Zahlung über:"], facts.paid);
    }
    part(&mut lines, &["Umsatz erfasst:"], facts.revenue);
    if !facts.charged.is_zero() {
        part(&mut lines, &["Folgender Betrag", "wurde aufgeladen:"], facts.charged);
    }
    if !facts.collected.is_zero() {
        part(&mut lines, &["Bonus:"], facts.collected);
    }
    part(&mut lines, &["Aktuelles Guthaben"], facts.balance);
    lines
}

/// The receipt of a reversal: what was reversed and what the card holds now.
pub(super) fn reversal(
    card: &str,
    code: &str,
    at: Timestamp,
    amount: Money,
    balance: Money,
) -> Vec<ReceiptLine> {
    let (date, time) = clock::printed(at);
    let mut lines = head(card, code);
    lines.insert(1, centred("STORNO"));
    lines.push(ReceiptLine::pair("Datum:", format!("{date} {time}")));
    part(&mut lines, &["Stornierter Betrag"], amount);
    part(&mut lines, &["Aktuelles Guthaben:"], balance);
    lines
}

fn head(card: &str, code: &str) -> Vec<ReceiptLine> {
    vec![
        ReceiptLine::Separator(Some("Kundenkarte".to_owned())),
        ReceiptLine::pair("Kartennummer:", card),
        ReceiptLine::pair("TA Code:", code),
    ]
}

fn part(lines: &mut Vec<ReceiptLine>, captions: &[&str], amount: Money) {
    lines.push(ReceiptLine::Space);
    lines.extend(captions.iter().map(|caption| ReceiptLine::text(*caption)));
    lines.push(ReceiptLine::important(format!("{} EUR", amount.show(Notation::Comma))));
}

/// The receipt of a `demo` start: one of every kind of line, so that a printer can be tried.
pub(super) fn demo() -> Vec<ReceiptLine> {
    let heading = |number: u8| ReceiptLine::Separator(Some(format!("Heading {number}")));
    let text = |text: &str, decoration: &[Decoration]| {
        ReceiptLine::Text(ReceiptText { text: text.to_owned(), decoration: decoration.to_vec() })
    };
    vec![
        heading(1),
        ReceiptLine::text("Normal textline1"),
        heading(2),
        ReceiptLine::text("Normal textline21"),
        ReceiptLine::Space,
        ReceiptLine::text(
            "A long textline that is wider than the paper and has to be wrapped by the printer",
        ),
        heading(3),
        ReceiptLine::text("Normal textline"),
        text("Important textline", &[Decoration::Important]),
        text("Centered textline", &[Decoration::AlignCenter]),
        text("Left textline", &[Decoration::AlignLeft]),
        text("Important centered textline", &[Decoration::Important, Decoration::AlignCenter]),
        ReceiptLine::pair("Name1", "Wert1"),
        ReceiptLine::NameValue {
            name: "Name2".to_owned(),
            value: "Wert2".to_owned(),
            decoration: vec![Decoration::Important],
        },
    ]
}
