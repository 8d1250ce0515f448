//! An article as bytes, without its number, which is kept apart.
//!
//! Owns the encoding: one number whose bits say what follows, then the columns in a fixed order.
//! Codes of digits take seven bytes, everything else stands as text. Must not trust what it reads.

use super::super::{Article, Pack, Unit, Vat, VatRate};
use super::bytes::{Reader, length, put_number, put_text};
use crate::money::Money;

const SHORT: u64 = 1;
const PRICE: u64 = 1 << 1;
const CLASS: u64 = 1 << 2;
const GROUP: u64 = 1 << 3;
const KILOGRAM: u64 = 1 << 4;
const DEPOSIT: u64 = 1 << 5;
const AGE: u64 = 1 << 6;
const PACK: u64 = 1 << 7;
const LOCKED: u64 = 1 << 8;
const NOTE: u64 = 1 << 9;
const NEGATIVE: u64 = 1 << 10;
/// From this bit on: how many codes there are.
const CODES: u32 = 11;

/// Codes of so many digits are numbers of six bytes.
const DIGITS: std::ops::RangeInclusive<usize> = 1..=14;

/// Appends `article` to `to`.
pub(super) fn put(to: &mut Vec<u8>, article: &Article) {
    let Article { eans, name, short, price, vat, group, unit, .. } = article;
    let Article { deposit, age, pack, locked, note, .. } = article;
    let flag = |holds: bool, flag: u64| if holds { flag } else { 0 };
    let flags = flag(!short.is_empty(), SHORT)
        | flag(price.is_some(), PRICE)
        | flag(price.is_some_and(|price| price.0 < 0), NEGATIVE)
        | flag(matches!(vat, Vat::Class(_)), CLASS)
        | flag(!group.is_empty(), GROUP)
        | flag(*unit == Unit::Kilogram, KILOGRAM)
        | flag(deposit.is_some(), DEPOSIT)
        | flag(age.is_some(), AGE)
        | flag(pack.is_some(), PACK)
        | flag(*locked, LOCKED)
        | flag(!note.is_empty(), NOTE);
    put_number(to, flags | length(eans.len()) << CODES);
    put_text(to, name);
    if !group.is_empty() {
        put_text(to, group);
    }
    match vat {
        Vat::Rate(rate) => put_number(to, u64::from(rate.hundredths())),
        Vat::Class(name) => put_text(to, name),
    }
    if let Some(price) = price {
        put_number(to, price.0.unsigned_abs());
    }
    for text in [short, note] {
        if !text.is_empty() {
            put_text(to, text);
        }
    }
    if let Some(deposit) = deposit {
        put_text(to, deposit);
    }
    if let Some(age) = age {
        to.push(*age);
    }
    if let Some(pack) = pack {
        put_text(to, &pack.of);
        put_number(to, u64::from(pack.pieces));
    }
    for ean in eans {
        put_code(to, ean);
    }
}

/// The article of these bytes.
pub(super) fn read(bytes: &[u8], number: &str) -> Option<Article> {
    let mut from = Reader(bytes);
    let flags = from.number()?;
    let has = |flag: u64| flags & flag != 0;
    let text = |from: &mut Reader<'_>, flag: u64| {
        if has(flag) { from.text().map(str::to_owned) } else { Some(String::new()) }
    };
    let name = from.text()?.to_owned();
    let group = text(&mut from, GROUP)?;
    let vat = if has(CLASS) {
        Vat::Class(from.text()?.to_owned())
    } else {
        Vat::Rate(VatRate::of_hundredths(u16::try_from(from.number()?).ok()?))
    };
    let price = match has(PRICE).then(|| from.number()) {
        Some(price) => {
            let price = i64::try_from(price?).ok()?;
            Some(Money(if has(NEGATIVE) { -price } else { price }))
        }
        None => None,
    };
    let (short, note) = (text(&mut from, SHORT)?, text(&mut from, NOTE)?);
    let deposit = if has(DEPOSIT) { Some(from.text()?.to_owned()) } else { None };
    let age = if has(AGE) { Some(from.byte()?) } else { None };
    let pack = if has(PACK) {
        let of = from.text()?.to_owned();
        Some(Pack { of, pieces: u16::try_from(from.number()?).ok()? })
    } else {
        None
    };
    let count = usize::try_from(flags >> CODES).ok()?;
    // Each takes two bytes at least: a wrong count must not reserve memory.
    let mut eans = Vec::with_capacity(count.min(from.0.len() / 2));
    for _ in 0..count {
        eans.push(read_code(&mut from)?);
    }
    from.0.is_empty().then(|| Article {
        number: number.to_owned(),
        eans,
        name,
        short,
        price,
        vat,
        group,
        unit: if has(KILOGRAM) { Unit::Kilogram } else { Unit::Piece },
        deposit,
        age,
        pack,
        locked: has(LOCKED),
        note,
    })
}

/// The highest bytes first: codes of one manufacturer begin with the same ones.
fn put_code(to: &mut Vec<u8>, code: &str) {
    let digits = DIGITS.contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_digit());
    match code.parse::<u64>() {
        Ok(number) if digits => {
            to.push(code.len().to_le_bytes()[0]);
            to.extend_from_slice(number.to_be_bytes().get(2..).unwrap_or_default());
        }
        _ => {
            to.push(0);
            put_text(to, code);
        }
    }
}

fn read_code(from: &mut Reader<'_>) -> Option<String> {
    let digits = usize::from(from.byte()?);
    if digits == 0 {
        return from.text().map(str::to_owned);
    }
    let number = from.take(6)?.iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    Some(format!("{number:0digits$}"))
}

#[cfg(test)]
pub(super) mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::collection::vec;
    use proptest::option;
    use proptest::prelude::*;

    use super::*;

    /// Any article with this number.
    pub(in crate::shop::catalogue) fn article(
        number: impl Strategy<Value = String>,
    ) -> impl Strategy<Value = Article> {
        let texts = (number, "[A-Za-zäöüß 0-9.,-]{1,40}", "\\PC{0,12}", "[A-Z]{0,3}", "\\PC{0,9}");
        let codes = vec("[0-9]{8}|[0-9]{12,14}|-[0-9]{8}|[0-9]{1,20}", 0..3);
        let price = option::of((-9_999_999_i64..=9_999_999).prop_map(Money));
        let vat = prop_oneof![
            (0_u16..10_000).prop_map(|rate| Vat::Rate(VatRate::of_hundredths(rate))),
            "[a-z]{1,9}".prop_map(Vat::Class),
        ];
        let rest = (
            option::of("[0-9]{1,5}"),
            option::of(any::<u8>()),
            option::of(("[0-9]{1,5}", any::<u16>())),
            any::<(bool, bool)>(),
        );
        (texts, codes, price, vat, rest).prop_map(|(texts, eans, price, vat, rest)| {
            let (number, name, short, group, note) = texts;
            let (deposit, age, pack, (kilogram, locked)) = rest;
            Article {
                number,
                eans,
                name,
                short,
                price,
                vat,
                group,
                unit: if kilogram { Unit::Kilogram } else { Unit::Piece },
                deposit,
                age,
                pack: pack.map(|(of, pieces)| Pack { of, pieces }),
                locked,
                note,
            }
        })
    }

    proptest! {
        #[test]
        fn an_article_is_read_as_it_was_written(article in article("[A-Z0-9]{1,20}")) {
            let mut bytes = Vec::new();
            put(&mut bytes, &article);
            prop_assert_eq!(read(&bytes, &article.number), Some(article.clone()));
            for end in 0..bytes.len() {
                prop_assert_eq!(read(bytes.get(..end).unwrap(), &article.number), None);
            }
        }

        #[test]
        fn other_bytes_are_no_article_or_some_article_but_never_a_panic(
            bytes in vec(any::<u8>(), 0..80),
        ) {
            drop(read(&bytes, "1"));
        }
    }
}
