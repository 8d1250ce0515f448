//! What the payment terminal prints, in German ([`crate::wire::api::receipts`]): payments,
//! diagnosis, end of day.
//!
//! Turns facts into lines. Must not decide amounts.

use jiff::Timestamp;

use crate::money::{Money, Notation};
use crate::wire::{Decoration, ReceiptLine, ReceiptText};

use crate::sandbox::clock;
use crate::sandbox::store::Verdict;

const TERMINAL_ID: &str = "72015255";

/// What the terminal took since the last end of day.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Totals {
    pub(crate) payments: u32,
    /// Of the payments that stand, minor units.
    pub(crate) sum: Money,
    pub(crate) cancelled: u32,
}

/// The two slips of a payment: the customer's and the merchant's.
pub(crate) fn payment(
    number: i64,
    at: Timestamp,
    amount: Money,
    verdict: Verdict,
) -> (Vec<ReceiptLine>, Vec<ReceiptLine>) {
    let slip = |title: &str| {
        let mut lines = vec![
            ReceiptLine::Separator(Some("Kartenzahlung".to_owned())),
            ReceiptLine::Text(ReceiptText {
                text: format!("* * {title} * *"),
                decoration: vec![Decoration::AlignCenter],
            }),
        ];
        lines.extend(date_and_time(at));
        lines.extend([
            ReceiptLine::pair("Beleg-Nr.", format!("{number:04}")),
            ReceiptLine::pair("Trace-Nr.", format!("{number:06}")),
            ReceiptLine::pair("Terminal-ID", TERMINAL_ID),
            ReceiptLine::pair("Betrag EUR", amount.show(Notation::Comma)),
            ReceiptLine::Space,
            centred(match verdict {
                Verdict::Accepted => "Karte akzeptiert",
                Verdict::Declined => "Zahlung abgelehnt",
                Verdict::BrokenOff => "Abbruch durch Kunden",
                Verdict::TimedOut => "Zeitüberschreitung",
                Verdict::Stopped => "Abbruch durch Kasse",
            }),
        ]);
        lines
    };
    let mut merchant = slip("Händlerbeleg");
    if verdict == Verdict::Accepted {
        merchant.push(ReceiptLine::text("Unterschrift umseitig"));
    }
    (slip("Kundenbeleg"), merchant)
}

/// The report of a diagnosis.
pub(crate) fn diagnosis(at: Timestamp) -> Vec<ReceiptLine> {
    let rows = [("Verbindung", "in Ordnung".to_owned()), ("Konfiguration", "aktuell".to_owned())];
    report("Erweiterte Diagnose", at, rows, "Diagnose erfolgreich")
}

/// The report of an end of day.
pub(crate) fn end_of_day(at: Timestamp, totals: Totals) -> Vec<ReceiptLine> {
    let rows = [
        ("Zahlungen", totals.payments.to_string()),
        ("Stornos", totals.cancelled.to_string()),
        ("Gesamt EUR", totals.sum.show(Notation::Comma)),
    ];
    report("Kassenschnitt", at, rows, "Kassenschnitt erfolgreich")
}

fn report<const N: usize>(
    title: &str,
    at: Timestamp,
    rows: [(&str, String); N],
    result: &str,
) -> Vec<ReceiptLine> {
    let mut lines = vec![ReceiptLine::Separator(Some(title.to_owned()))];
    lines.extend(date_and_time(at));
    lines.push(ReceiptLine::pair("Terminal-ID", TERMINAL_ID));
    lines.extend(rows.map(|(name, value)| ReceiptLine::pair(name, value)));
    lines.extend([ReceiptLine::Space, centred(result)]);
    lines
}

fn date_and_time(at: Timestamp) -> [ReceiptLine; 2] {
    let (date, time) = clock::printed(at);
    [ReceiptLine::pair("Datum:", date), ReceiptLine::pair("Uhrzeit:", format!("{time} Uhr"))]
}

/// A bold line in the middle.
pub(crate) fn centred(text: &str) -> ReceiptLine {
    ReceiptLine::Text(ReceiptText {
        text: text.to_owned(),
        decoration: vec![Decoration::Important, Decoration::AlignCenter],
    })
}
