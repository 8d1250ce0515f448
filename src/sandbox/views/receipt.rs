//! The words of receipts, in the order the vendor prints them ([`crate::wire::api::receipts`]),
//! always in German.
//!
//! Turns amounts into lines. Must not decide amounts, and must not know accounts. Card numbers
//! are printed whole, as the vendor does; masking them is the console's business.

use jiff::Timestamp;

use crate::money::{Money, Notation};
use crate::wire::{Decoration, ReceiptLine, ReceiptText};

use crate::sandbox::clock;
use crate::sandbox::store::{Booking, Kind};
use crate::sandbox::views::slips::centred;

/// What the loyalty part of a receipt reports; amounts in minor units, zero ones are left out.
#[derive(Debug, Clone, Default)]
pub(crate) struct Loyalty {
    pub(crate) card: String,
    /// The 8 digits that identify the booking.
    pub(crate) code: String,
    /// Card balance that was spent, cash and bonus together.
    pub(crate) paid: Money,
    pub(crate) revenue: Money,
    pub(crate) charged: Money,
    /// The card's points afterwards, for programmes that have them.
    pub(crate) points: Option<i64>,
    pub(crate) collected: Money,
    /// The card's whole balance afterwards.
    pub(crate) balance: Money,
}

/// The customer's loyalty receipt.
pub(crate) fn loyalty(facts: &Loyalty) -> Vec<ReceiptLine> {
    let mut lines = head(&facts.card, &facts.code);
    if !facts.paid.is_zero() {
        part(&mut lines, &["Zahlung über:"], facts.paid);
    }
    part(&mut lines, &["Umsatz erfasst:"], facts.revenue);
    if !facts.charged.is_zero() {
        part(&mut lines, &["Folgender Betrag", "wurde aufgeladen:"], facts.charged);
    }
    points(&mut lines, facts.points);
    if !facts.collected.is_zero() {
        part(&mut lines, &["Bonus:"], facts.collected);
    }
    part(&mut lines, &["Aktuelles Guthaben"], facts.balance);
    lines
}

/// The receipt of a reversal: what was reversed and what the card holds now.
pub(crate) fn reversal(
    booking: &Booking,
    at: Timestamp,
    points_now: Option<i64>,
) -> Vec<ReceiptLine> {
    let mut lines = head(&booking.card, &booking.code);
    lines.insert(1, centred("STORNO"));
    lines.push(date(at));
    part(&mut lines, &["Stornierter Betrag"], booking.amount);
    part(&mut lines, &["Aktuelles Guthaben:"], booking.balance);
    points(&mut lines, points_now);
    lines
}

/// The receipt of a booking that belongs to no sale.
pub(crate) fn direct(
    booking: &Booking,
    at: Timestamp,
    points_now: Option<i64>,
) -> Vec<ReceiptLine> {
    if booking.kind == Kind::Reversal {
        return reversal(booking, at, points_now);
    }
    let mut lines = head(&booking.card, &booking.code);
    if booking.kind == Kind::Charge {
        lines = [vec![caption("Kundenkarte Aufladung")], lines.split_off(1)].concat();
    }
    lines.insert(1, ReceiptLine::pair("Terminal-ID:", booking.terminal.as_str()));
    lines.insert(2, date(at));
    match booking.kind {
        Kind::Charge => {
            part(&mut lines, &["Folgender Betrag", "wurde aufgeladen:"], booking.amount);
        }
        Kind::Discharge => part(&mut lines, &["Zahlung über:"], booking.amount),
        Kind::Revenue => part(&mut lines, &["Umsatz erfasst:"], booking.amount),
        Kind::Sale | Kind::PointsCharge | Kind::PointsDischarge | Kind::Reversal => {}
    }
    points(&mut lines, points_now);
    if booking.kind == Kind::Revenue && !booking.bonus.is_zero() {
        part(&mut lines, &["Bonus:"], booking.bonus);
    }
    part(&mut lines, &["Aktuelles Guthaben"], booking.balance);
    lines
}

/// What a card holds, without any booking.
pub(crate) fn balance(
    card: &str,
    terminal: &str,
    at: Timestamp,
    holds: Money,
    points_now: Option<i64>,
) -> Vec<ReceiptLine> {
    let mut lines = vec![
        caption("Kundenkarte"),
        ReceiptLine::pair("Terminal-ID:", terminal),
        date(at),
        ReceiptLine::pair("Kartennummer:", card),
    ];
    points(&mut lines, points_now);
    part(&mut lines, &["Aktuelles Guthaben"], holds);
    lines
}

/// What stands above the receipts of bookings without a sale.
pub(crate) fn header(company: &str) -> Vec<ReceiptLine> {
    vec![centred(company)]
}

fn date(at: Timestamp) -> ReceiptLine {
    let (date, time) = clock::printed(at);
    ReceiptLine::pair("Datum:", format!("{date} {time}"))
}

fn head(card: &str, code: &str) -> Vec<ReceiptLine> {
    vec![
        caption("Kundenkarte"),
        ReceiptLine::pair("Kartennummer:", card),
        ReceiptLine::pair("TA Code:", code),
    ]
}

fn caption(text: &str) -> ReceiptLine {
    ReceiptLine::Separator(Some(text.to_owned()))
}

fn points(lines: &mut Vec<ReceiptLine>, points: Option<i64>) {
    if let Some(points) = points {
        lines.push(ReceiptLine::Space);
        lines.push(ReceiptLine::text("Aktuelle Punkte:"));
        lines.push(ReceiptLine::important(points.to_string()));
    }
}

fn part(lines: &mut Vec<ReceiptLine>, captions: &[&str], amount: Money) {
    lines.push(ReceiptLine::Space);
    lines.extend(captions.iter().map(|caption| ReceiptLine::text(*caption)));
    lines.push(ReceiptLine::important(format!("{} EUR", amount.show(Notation::Comma))));
}

/// The receipt of a `demo` start: one of every kind of line, so that a printer can be tried.
pub(crate) fn demo() -> Vec<ReceiptLine> {
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
