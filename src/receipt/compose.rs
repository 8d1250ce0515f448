//! What stands on the receipt of a finished sale, from top to bottom.
//!
//! Owns the order and the wording of our lines. Must not decide where a line breaks.

mod rows;

use super::Profile;
use super::mask::{Hidden, mask_numbers};
use crate::lang::{Lang, ReceiptWords};
use crate::money::Money;
use crate::shop::{CardNumber, VatLine, VatRate};
use crate::till::{Applied, Back, CardIdent, CardSide, Finished, Payment, SaleCard, Slip};
use crate::wire::{Decoration, ReceiptLine, ReceiptText, StartMethod};

/// The receipt of a finished sale: ours, then the lines the server gave; of a cancelled one, the
/// server's storno receipt after them.
///
/// Voided lines are not shown: the customer did not buy them. Card numbers are masked, wherever
/// they stand.
#[must_use]
pub fn compose(finished: &Finished, profile: &Profile) -> Vec<ReceiptLine> {
    composed(finished, profile, &Hidden::of(finished))
}

/// As [`compose`], for the customer's own paper: of a card that this sale has made, the number is
/// legible there. There is no plastic, so that paper is all the customer has of it.
#[must_use]
pub fn for_customer(finished: &Finished, profile: &Profile) -> Vec<ReceiptLine> {
    let mut hidden = Hidden::of(finished);
    if let Some(SaleCard { ident: CardIdent::New(_), .. }) = &finished.card {
        hidden.but = hidden.known;
    }
    composed(finished, profile, &hidden)
}

fn composed(finished: &Finished, profile: &Profile, hidden: &Hidden) -> Vec<ReceiptLine> {
    let sheet = Sheet { profile, words: profile.lang.receipt() };
    let vat = finished
        .applied
        .as_ref()
        .map_or_else(|| finished.basket.vat(&[]), |applied| applied.vat_after.clone());
    let letters = Letters::of(finished.basket.rows().map(|row| row.vat));

    let mut lines = vec![ReceiptLine::Separator(finished.merchant.clone())];
    lines.extend(profile.header.iter().map(|text| centred(text)));
    if finished.cancelled.is_some() {
        // Before everything else: the paper must not be taken for that of a sale that stands.
        lines.push(ReceiptLine::important(sheet.words.cancelled));
    }
    lines.extend(sheet.head(finished));
    lines.push(ReceiptLine::Separator(None));
    lines.extend(sheet.rows(&finished.basket, &letters));
    lines.push(ReceiptLine::Separator(None));
    lines.push(sheet.strong(sheet.words.total, finished.basket.sum()));
    if let Some(applied) = &finished.applied {
        lines.extend(sheet.card(applied));
    }
    if finished.cancelled.is_some() {
        lines.extend(sheet.paid(&finished.payment));
    } else {
        lines.extend(sheet.payment(&finished.payment));
    }
    if !vat.is_empty() {
        lines.push(ReceiptLine::Space);
        lines.extend(vat.iter().map(|row| sheet.vat(row, &letters)));
    }
    let saved = finished.basket.saved();
    if saved > Money::ZERO {
        lines.push(ReceiptLine::Space);
        lines.push(sheet.pair(sheet.words.saved, saved));
    }
    lines.extend(finished.receipt.iter().map(|line| masked(line, hidden)));
    if let Some(cancelled) = &finished.cancelled {
        lines.push(ReceiptLine::Separator(Some(sheet.words.cancelled.to_owned())));
        let booked = profile.lang.time(&cancelled.booked);
        if !booked.is_empty() {
            lines.push(ReceiptLine::pair(sheet.words.date, booked));
        }
        lines.extend(sheet.back(finished));
        lines.extend(cancelled.receipt.iter().map(|line| masked(line, hidden)));
    }
    if !profile.footer.is_empty() || profile.not_fiscal {
        lines.push(ReceiptLine::Separator(None));
    }
    lines.extend(profile.footer.iter().map(|text| centred(text)));
    if profile.not_fiscal {
        lines.push(centred(sheet.words.not_fiscal));
    }
    lines
}

/// The merchant's copy of a terminal payment, card numbers masked; empty where the shop need not
/// keep one. Of a cancelled sale it says so, and ends with the copy of the reversal.
#[must_use]
pub fn merchant_copy(finished: &Finished, lang: Lang) -> Vec<ReceiptLine> {
    let hidden = Hidden::of(finished);
    let cancelled = finished.cancelled.as_ref();
    let reversal = cancelled.iter().flat_map(|cancelled| &cancelled.receipt_merchant);
    let copy = finished.receipt_merchant.iter().flatten().chain(reversal);
    let mut lines: Vec<_> = copy.map(|line| masked(line, &hidden)).collect();
    if cancelled.is_some() && !lines.is_empty() {
        lines.insert(0, ReceiptLine::Separator(Some(lang.receipt().cancelled.to_owned())));
    }
    lines
}

impl<'a> Hidden<'a> {
    fn of(finished: &'a Finished) -> Self {
        let known = finished.card.as_ref().and_then(SaleCard::number).map(CardNumber::reveal);
        Self { known, but: None }
    }
}

/// What the server wrote, card numbers masked: its name on top, the shop's copy at the end.
#[must_use]
pub fn slip(slip: &Slip) -> Vec<ReceiptLine> {
    let known = slip.card.as_ref().map(CardNumber::reveal);
    let hidden = Hidden { known, but: None };
    slip.lines.iter().map(|line| masked(line, &hidden)).collect()
}

/// What all lines of one receipt have in common.
struct Sheet<'a> {
    profile: &'a Profile,
    words: &'a ReceiptWords,
}

impl Sheet<'_> {
    fn amount(&self, amount: Money) -> String {
        self.profile.lang.amount(amount)
    }

    /// With the currency behind it: for amounts that are paid or given back.
    fn money(&self, amount: Money) -> String {
        format!("{} {}", self.amount(amount), self.profile.currency).trim_end().to_owned()
    }

    fn pair(&self, name: impl Into<String>, amount: Money) -> ReceiptLine {
        ReceiptLine::pair(name, self.money(amount))
    }

    fn strong(&self, name: impl Into<String>, amount: Money) -> ReceiptLine {
        ReceiptLine::NameValue {
            name: name.into(),
            value: self.money(amount),
            decoration: vec![Decoration::Important],
        }
    }

    fn head(&self, finished: &Finished) -> Vec<ReceiptLine> {
        let mut lines = Vec::new();
        if !self.profile.header.is_empty() {
            lines.push(ReceiptLine::Space);
        }
        lines.push(ReceiptLine::pair(self.words.receipt, &finished.reference));
        lines.push(ReceiptLine::pair(self.words.date, self.profile.lang.time(&finished.booked)));
        if let Some(number) = finished.card.as_ref().and_then(SaleCard::number) {
            lines.push(ReceiptLine::pair(self.words.card, number.masked(false)));
        }
        lines
    }

    fn card(&self, applied: &Applied) -> Vec<ReceiptLine> {
        let mut lines = Vec::new();
        if !applied.cash.is_zero() {
            lines.push(self.pair(self.words.card_money, -applied.cash));
        }
        for &(rate, amount) in &applied.bonus {
            if !amount.is_zero() {
                lines.push(self.bonus(rate, amount));
            }
        }
        lines.push(self.strong(self.words.remainder, applied.missing));
        lines
    }

    fn bonus(&self, rate: VatRate, amount: Money) -> ReceiptLine {
        let rate = self.profile.lang.percent(rate);
        self.pair(format!("{} {rate}", self.words.bonus), -amount)
    }

    /// What a cancelled sale was paid with. What was given and the change went back and forth
    /// before: they must not be taken for what goes back now.
    fn paid(&self, payment: &Payment) -> Vec<ReceiptLine> {
        match payment.method {
            StartMethod::Cash => vec![self.pair(self.words.cash, payment.due)],
            StartMethod::Cashless | StartMethod::Loyalty => self.payment(payment),
        }
    }

    /// What the customer gets back, and what is not known of it.
    fn back(&self, finished: &Finished) -> Vec<ReceiptLine> {
        let (words, back) = (self.words, Back::of(finished));
        let mut lines = Vec::new();
        match back.method {
            StartMethod::Cash if !back.paid.is_zero() => {
                lines.push(self.strong(words.back_cash, back.paid));
            }
            StartMethod::Cashless => {
                lines.push(self.strong(words.back_terminal, back.paid));
                if let Some(number) = finished.receipt_number {
                    lines.push(ReceiptLine::pair(words.terminal_receipt, number.to_string()));
                }
            }
            StartMethod::Cash | StartMethod::Loyalty => {}
        }
        match back.side {
            CardSide::TakenBack if back.card.is_zero() => {}
            CardSide::TakenBack => lines.push(self.strong(words.back_card, back.card)),
            CardSide::Standing => lines.push(ReceiptLine::important(words.card_standing)),
            CardSide::NotKnown => lines.push(ReceiptLine::important(words.card_not_known)),
        }
        lines
    }

    fn payment(&self, payment: &Payment) -> Vec<ReceiptLine> {
        match payment.method {
            StartMethod::Cash => vec![
                self.pair(self.words.cash, payment.due),
                self.pair(self.words.given, payment.given),
                self.strong(self.words.change, payment.change()),
            ],
            StartMethod::Cashless => vec![self.pair(self.words.cashless, payment.due)],
            // The amounts stand above already.
            StartMethod::Loyalty => {
                vec![ReceiptLine::pair(self.words.payment, self.words.loyalty)]
            }
        }
    }

    /// `VAT A 19 % of 1.93 … 0.31`.
    fn vat(&self, row: &VatLine, letters: &Letters) -> ReceiptLine {
        let ReceiptWords { vat, of, .. } = self.words;
        let (letter, gross) = (letters.of_rate(row.rate), self.amount(row.gross));
        let rate = self.profile.lang.percent(row.rate);
        ReceiptLine::pair(format!("{vat} {letter} {rate} {of} {gross}"), self.amount(row.vat))
    }
}

/// The letters behind the prices: custom, not law. The rates of today have fixed ones.
struct Letters {
    /// Rates beyond those, from D on.
    others: Vec<VatRate>,
}

impl Letters {
    const FIXED: [(VatRate, char); 3] =
        [(VatRate::whole(19), 'A'), (VatRate::whole(7), 'B'), (VatRate::whole(0), 'C')];

    /// The letters of a receipt with these rates, the highest rate first.
    fn of(rates: impl Iterator<Item = VatRate>) -> Self {
        let mut others: Vec<VatRate> =
            rates.filter(|rate| Self::FIXED.iter().all(|(fixed, _)| fixed != rate)).collect();
        others.sort_unstable();
        others.dedup();
        others.reverse();
        Self { others }
    }

    /// A rate that is on no line, or beyond Z, has none.
    fn of_rate(&self, rate: VatRate) -> char {
        let fixed = Self::FIXED.iter().find(|(fixed, _)| *fixed == rate).map(|&(_, letter)| letter);
        let other = || self.others.iter().zip('D'..='Z').find(|(other, _)| **other == rate);
        fixed.or_else(|| other().map(|(_, letter)| letter)).unwrap_or(' ')
    }
}

fn centred(text: &str) -> ReceiptLine {
    ReceiptLine::Text(ReceiptText {
        text: text.to_owned(),
        decoration: vec![Decoration::AlignCenter],
    })
}

/// A line of the server without card numbers.
fn masked(line: &ReceiptLine, hidden: &Hidden) -> ReceiptLine {
    let mask = |text: &str| mask_numbers(text, hidden);
    match line {
        ReceiptLine::Separator(caption) => ReceiptLine::Separator(caption.as_deref().map(mask)),
        ReceiptLine::Text(text) => ReceiptLine::Text(ReceiptText {
            text: mask(&text.text),
            decoration: text.decoration.clone(),
        }),
        ReceiptLine::NameValue { name, value, decoration } => ReceiptLine::NameValue {
            name: mask(name),
            value: mask(value),
            decoration: decoration.clone(),
        },
        ReceiptLine::Space => ReceiptLine::Space,
        ReceiptLine::Unknown => ReceiptLine::Unknown,
    }
}

#[cfg(test)]
mod tests;
