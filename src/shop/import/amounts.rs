//! Prices as programs and people write them.
//!
//! Nothing is guessed: `3,499` may be three decimals or thousands, and is refused.

use super::values::unprotected;
use super::{Options, What};
use crate::money::Money;

/// No article costs more, in minor units: a larger number is a code in the wrong column.
pub(super) const HIGHEST_PRICE: Money = Money(9_999_999);

/// Signs of the shop's currency that may stand with an amount.
fn without_currency<'a>(text: &'a str, currency: &str) -> &'a str {
    let signs: &[&str] = match currency {
        "EUR" => &["€", "EUR", "Euro"],
        "CHF" => &["CHF", "Fr.", "SFr."],
        "USD" => &["$", "USD"],
        "GBP" => &["£", "GBP"],
        _ => &[],
    };
    for sign in signs.iter().copied().chain([currency]).filter(|sign| !sign.is_empty()) {
        let at_end = text.len().checked_sub(sign.len());
        let is_sign = |part: Option<&str>| part.is_some_and(|part| part.eq_ignore_ascii_case(sign));
        if let Some(at) = at_end.filter(|at| is_sign(text.get(*at..))) {
            return text.get(..at).unwrap_or_default().trim();
        }
        if is_sign(text.get(..sign.len())) {
            return text.get(sign.len()..).unwrap_or_default().trim();
        }
    }
    text
}

/// A gross price, `3,49 €`, `1.234,50` or `1,234.50`.
pub(super) fn price(text: &str, options: &Options) -> Result<Money, What> {
    let text = without_currency(unprotected(text), &options.currency);
    let is_digit = |c: char| c.is_ascii_digit();
    let behind = text.strip_suffix(['-', '−']);
    if let Some(rest) = text.strip_prefix(['-', '−']).or(behind)
        && rest.trim().starts_with(is_digit)
        && rest.trim().ends_with(is_digit)
    {
        return Err(What::Negative);
    }
    let group = |c: char| matches!(c, '\'' | '’' | ' ' | '\u{a0}' | '\u{202f}');
    if !text.contains(is_digit)
        || !text.chars().all(|c| is_digit(c) || group(c) || matches!(c, '.' | ','))
    {
        return Err(What::NotAmount);
    }
    let last = text.rfind(['.', ',']);
    let sign = last.and_then(|at| text.get(at..)?.chars().next());
    let count = |sign: char| text.chars().filter(|c| *c == sign).count();
    // Of two signs the last one is the decimal sign; one sign several times separates thousands.
    let is_decimal = sign.is_some_and(|sign| count(sign) == 1);
    let (whole, decimals) = match last.filter(|_| is_decimal) {
        Some(at) => (text.get(..at).unwrap_or_default(), text.get(at + 1..).unwrap_or_default()),
        None => (text, ""),
    };
    if !decimals.chars().all(is_digit) {
        return Err(What::NotAmount);
    }
    let groups: Vec<&str> = whole.split(|c| group(c) || matches!(c, '.' | ',')).collect();
    let is_grouped = groups.len() > 1;
    let signs = whole.chars().filter(|c| !is_digit(*c)).collect::<Vec<_>>();
    let first = groups.first().map_or(0, |first| first.len());
    if is_grouped
        && (!(1..=3).contains(&first)
            || groups.iter().skip(1).any(|group| group.len() != 3)
            || signs.iter().any(|other| signs.first() != Some(other)))
    {
        return Err(What::NotAmount);
    }
    let is_thousand =
        decimals.len() == 3 && (1..=3).contains(&whole.len()) && !whole.starts_with('0');
    if is_decimal && !is_grouped && is_thousand {
        return Err(What::Ambiguous);
    }
    let decimals = decimals.trim_end_matches('0');
    if decimals.len() > 2 {
        return Err(What::TooFine);
    }
    let whole: String = whole.chars().filter(|c| is_digit(*c)).collect();
    let whole = whole.trim_start_matches('0');
    if whole.len() > 9 {
        return Err(What::TooHigh);
    }
    let units: i64 =
        if whole.is_empty() { 0 } else { whole.parse().map_err(|_| What::NotAmount)? };
    let cents: i64 = format!("{decimals:0<2}").parse().map_err(|_| What::NotAmount)?;
    let price = Money(units * 100 + cents);
    if price > HIGHEST_PRICE { Err(What::TooHigh) } else { Ok(price) }
}
