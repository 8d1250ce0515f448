//! The words of receipts, in the order the vendor prints them (api.md §7), always in German.
//!
//! Turns amounts into lines. Must not decide amounts, and must not know accounts. Card numbers
//! are printed whole, as the vendor does; masking them is the console's business.

use jiff::Timestamp;

use crate::money::{Money, Notation};
use crate::wire::{Decoration, ReceiptLine, ReceiptText};

use super::clock;

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

/// The two slips of a terminal payment: customer's and merchant's.
pub(super) fn terminal(
    number: i64,
    at: Timestamp,
    amount: Money,
) -> (Vec<ReceiptLine>, Vec<ReceiptLine>) {
    let (date, time) = clock::printed(at);
    let slip = |title: &str| {
        vec![
            ReceiptLine::Separator(Some("Kartenzahlung".to_owned())),
            ReceiptLine::Text(ReceiptText {
                text: format!("* * {title} * *"),
                decoration: vec![Decoration::AlignCenter],
            }),
            ReceiptLine::pair("Datum:", date.clone()),
            ReceiptLine::pair("Uhrzeit:", format!("{time} Uhr")),
            ReceiptLine::pair("Beleg-Nr.", format!("{number:04}")),
            ReceiptLine::pair("Trace-Nr.", format!("{number:06}")),
            ReceiptLine::pair("Terminal-ID", "72015255"),
            ReceiptLine::pair("Betrag EUR", amount.show(Notation::Comma)),
            ReceiptLine::Space,
            centred("Karte akzeptiert"),
        ]
    };
    let mut merchant = slip("Händlerbeleg");
    merchant.push(ReceiptLine::text("Unterschrift umseitig"));
    (slip("Kundenbeleg"), merchant)
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

fn centred(text: &str) -> ReceiptLine {
    ReceiptLine::Text(ReceiptText {
        text: text.to_owned(),
        decoration: vec![Decoration::Important, Decoration::AlignCenter],
    })
}
