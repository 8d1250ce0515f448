//! Codes that prove a card: typed by a customer or read off the card's back, used once.
//!
//! Owns their shape and their secrecy: a code shows nothing in `Debug`, is written nowhere by
//! serialising, and is wiped from memory when it is dropped.

use std::fmt;

use secrecy::zeroize::Zeroize;
use secrecy::{ExposeSecret, SecretString};
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Digits of a code.
pub const CODE_DIGITS: usize = 4;

/// Which code is asked for ([`crate::wire::api::loyalty`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CodeKind {
    /// The card security code on the card's back.
    Csc,
    /// The passcode that the customer has chosen.
    Passcode,
}

/// Four digits on their way to the server, for one call.
#[derive(Clone, Default)]
pub struct CardCode(SecretString);

impl CardCode {
    /// Takes the code out of `typed`, which is wiped; `None`, and `typed` as it was, unless it is
    /// exactly four digits.
    pub fn take(typed: &mut String) -> Option<Self> {
        if typed.len() != CODE_DIGITS || !typed.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let code = Self(SecretString::from(typed.as_str()));
        typed.zeroize();
        Some(code)
    }

    /// The digits, for the request only; empty when it has gone through serialising.
    #[must_use]
    pub fn reveal(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for CardCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CardCode(••••)")
    }
}

impl PartialEq for CardCode {
    fn eq(&self, other: &Self) -> bool {
        self.reveal() == other.reveal()
    }
}

impl Eq for CardCode {}

impl Serialize for CardCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_none()
    }
}

impl<'de> Deserialize<'de> for CardCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        IgnoredAny::deserialize(deserializer).map(|_| Self::default())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_code_is_four_digits_and_leaves_nothing_behind() {
        for wrong in ["", "447", "44711", "44a1", "４471", "4 71"] {
            let mut typed = wrong.to_owned();
            assert_eq!(CardCode::take(&mut typed), None, "{wrong}");
            assert_eq!(typed, wrong);
        }
        let mut typed = "4471".to_owned();
        let code = CardCode::take(&mut typed).unwrap();
        assert_eq!((typed.as_str(), code.reveal()), ("", "4471"));
    }

    #[test]
    fn a_code_is_neither_shown_nor_written() {
        let code = CardCode::take(&mut "4471".to_owned()).unwrap();
        assert_eq!(format!("{code:?} {code:#?}"), "CardCode(••••) CardCode(••••)");
        assert_eq!(serde_json::to_string(&code).unwrap(), "null");
        assert_eq!(serde_json::from_str::<CardCode>("null").unwrap().reveal(), "");
        assert_eq!(serde_json::from_str::<CardCode>("\"4471\"").unwrap().reveal(), "");
    }
}
