//! Coupons: codes that mean a discount.

use std::str::FromStr;

use super::PatternError;
use crate::money::{Money, Percent, parse_amount};
use crate::shop::Off;

/// Prefixes that the trade keeps for coupons, and those that a shop may use as it likes.
const PREFIXES: [&str; 5] = ["2", "02", "05", "98", "99"];

/// A pattern for the codes of coupons: `99XXXXXXXXXXC = 10 %`, `99XXXXXXXXXXC = 2.00`, or
/// `98XXXXXPPPPPC` with the amount inside: literal digits, `P` amount in minor units, `C` check
/// digit, `X` ignored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CouponPattern {
    places: String,
    /// `None`: the code says how much.
    off: Option<Off>,
}

impl FromStr for CouponPattern {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = |problem: &str| Err(PatternError(format!("coupon {text:?} {problem}")));
        let (places, worth) = match text.split_once('=') {
            Some((places, worth)) => (places.trim(), Some(worth.trim())),
            None => (text.trim(), None),
        };
        if places.len() != 13 || !places.bytes().all(|b| b.is_ascii_digit() || b"PXC".contains(&b))
        {
            return wrong("must have 13 places: digits, P, X and C");
        }
        if !PREFIXES.iter().any(|prefix| places.starts_with(prefix)) {
            return wrong("must begin with 2, 02, 05, 98 or 99");
        }
        let last = places.chars().next_back();
        if places.trim_end_matches(['C']).contains('C')
            || !last.is_some_and(|place| place == 'C' || place.is_ascii_digit())
        {
            return wrong("must end in its check digit, or in C for any");
        }
        let off = match (worth, places.contains('P')) {
            (None, true) => None,
            (Some(_), true) => return wrong("has its amount inside (P): no other may follow"),
            (None, false) => return wrong("needs its worth behind =, like 10 % or 2.00"),
            (Some(worth), false) => {
                let off = if worth.ends_with('%') {
                    Percent::parse(worth).map(Off::Percent)
                } else {
                    parse_amount(worth, false).map(Off::Amount)
                };
                match off.filter(|off| off.is_sound()) {
                    Some(off) => Some(off),
                    None => return wrong("is worth no more than nothing, or no more than 100 %"),
                }
            }
        };
        Ok(Self { places: places.to_owned(), off })
    }
}

impl CouponPattern {
    /// What a code of 13 digits takes off; `None` if it is another one.
    pub(super) fn read(&self, code: &str) -> Option<Off> {
        let mut amount = String::new();
        for (place, digit) in self.places.chars().zip(code.chars()) {
            match place {
                'P' => amount.push(digit),
                'C' | 'X' => {}
                literal if literal == digit => {}
                _ => return None,
            }
        }
        self.off.or_else(|| amount.parse().ok().map(|minor| Off::Amount(Money(minor))))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_coupon_is_worth_what_its_pattern_or_its_code_says() {
        let ten = Off::Percent(Percent::whole(10));
        for (pattern, code, off) in [
            ("99XXXXXXXXXXC = 10 %", "9912345678900", Some(ten)),
            ("99XXXXXXXXXXC=2,00", "9912345678900", Some(Off::Amount(Money(200)))),
            ("9912345678900=10%", "9912345678900", Some(ten)),
            ("9912345678900=10%", "9912345678917", None),
            ("98XXXXXPPPPPC", "9812345002505", Some(Off::Amount(Money(250)))),
            ("98XXXXXPPPPPC", "9912345002502", None),
        ] {
            assert_eq!(pattern.parse::<CouponPattern>().unwrap().read(code), off, "{pattern}");
        }
    }

    #[test]
    fn a_pattern_that_says_no_discount_is_refused() {
        for (pattern, problem) in [
            ("99XXXXXXXXXC=10%", "13 places"),
            ("99IIIIIXXXXXC=10%", "13 places"),
            ("40XXXXXXXXXXC=10%", "must begin with"),
            ("99CXXXXXXXXXC=10%", "must end in its check digit"),
            ("99XXXXXXXXXXX=10%", "must end in its check digit"),
            ("99XXXXXXXXXXC", "needs its worth"),
            ("98XXXXXPPPPPC=10%", "no other may follow"),
            ("99XXXXXXXXXXC=0%", "is worth"),
            ("99XXXXXXXXXXC=101%", "is worth"),
            ("99XXXXXXXXXXC=ten", "is worth"),
        ] {
            let error = pattern.parse::<CouponPattern>().unwrap_err().to_string();
            assert!(error.contains(problem), "{pattern}: {error}");
        }
    }
}
