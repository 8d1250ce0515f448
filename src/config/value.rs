//! From what is written to what it means: one check per kind of key.

use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use secrecy::SecretString;

use super::Kind;
use crate::client::parse_url;
use crate::hint::{did_you_mean, nearest};
use crate::pin::PinHash;
use crate::shop::{CardPattern, CouponPattern, EmbeddedPattern, VatClass};
use crate::text::sanitise;
use crate::till::Key;

/// A value as written.
#[derive(Clone)]
pub(super) enum Raw {
    Text(String),
    Whole(i64),
    Switch(bool),
    List(Vec<Piece>),
    /// A type that no key has, named for people.
    Other(&'static str),
}

/// One element of a list.
#[derive(Clone)]
pub(super) struct Piece {
    pub(super) raw: Raw,
    /// Its line in the file, if it stands in one.
    pub(super) line: Option<usize>,
}

/// A value as meant.
#[derive(Debug, Clone)]
pub(super) enum Value {
    Text(String),
    Secret(SecretString),
    PinHash(Option<PinHash>),
    Path(PathBuf),
    Whole(i64),
    Switch(bool),
    Auto(Option<bool>),
    Lines(Vec<String>),
    /// VAT classes.
    VatClasses(Vec<VatClass>),
    Cards(Vec<CardPattern>),
    Embedded(Vec<EmbeddedPattern>),
    /// Patterns of coupons.
    Coupons(Vec<CouponPattern>),
    Keys(Vec<Key>),
}

/// What is wrong with a value; `line` where it is not that of the key.
pub(super) struct Complaint {
    pub(super) line: Option<usize>,
    pub(super) text: String,
}

impl Raw {
    /// Reads the text of an environment variable or a flag as the kind wants it.
    pub(super) fn from_text(kind: Kind, text: &str) -> Self {
        let list = |parts: Vec<&str>| {
            let piece = |part: &str| Piece { raw: Self::Text(part.to_owned()), line: None };
            Self::List(parts.into_iter().map(piece).collect())
        };
        let fallback = || Self::Text(text.to_owned());
        match kind {
            Kind::Whole { .. } => text.trim().parse().map_or_else(|_| fallback(), Self::Whole),
            Kind::Switch | Kind::AutoSwitch => {
                text.trim().parse().map_or_else(|_| fallback(), Self::Switch)
            }
            Kind::Lines | Kind::VatClasses | Kind::Coupons => list(text.lines().collect()),
            Kind::Cards | Kind::Embedded | Kind::Keys => list(text.split_whitespace().collect()),
            _ => fallback(),
        }
    }

    const fn type_name(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Whole(_) => "a whole number",
            Self::Switch(_) => "true or false",
            Self::List(_) => "a list",
            Self::Other(name) => name,
        }
    }

    /// The value in the notation of the file, for people; secrets hidden.
    pub(super) fn shown(&self, kind: Kind) -> String {
        match self {
            Self::Text(text) if kind.is_secret() => {
                (if text.is_empty() { "(not set)" } else { "(set)" }).to_owned()
            }
            Self::Text(text) => toml_edit::Value::from(sanitise(text)).to_string(),
            Self::Whole(number) => number.to_string(),
            Self::Switch(switch) => switch.to_string(),
            Self::List(pieces) => {
                let pieces: Vec<_> = pieces.iter().map(|piece| piece.raw.shown(kind)).collect();
                format!("[{}]", pieces.join(", "))
            }
            Self::Other(name) => (*name).to_owned(),
        }
    }
}

impl Kind {
    /// Checks a value. Relative paths begin at `base`.
    pub(super) fn check(self, raw: &Raw, base: Option<&Path>) -> Result<Value, Vec<Complaint>> {
        let wrong = |text: String| Err(vec![Complaint { line: None, text }]);
        let expected = |what: &str| wrong(format!("expected {what}, found {}", raw.type_name()));
        match (self, raw) {
            (Self::Text, Raw::Text(text)) => Ok(Value::Text(sanitise(text).trim().to_owned())),
            (Self::Secret, Raw::Text(text)) => Ok(Value::Secret(text.trim().into())),
            (Self::PinHash, Raw::Text(text)) if text.trim().is_empty() => Ok(Value::PinHash(None)),
            (Self::PinHash, Raw::Text(text)) => match PinHash::parse(text.trim()) {
                Ok(hash) => Ok(Value::PinHash(Some(hash))),
                Err(problem) => wrong(problem.to_string()),
            },
            (Self::Url, Raw::Text(text)) => match url(text.trim()) {
                Ok(url) => Ok(Value::Text(url)),
                Err(problem) => wrong(problem),
            },
            (Self::Path, Raw::Text(text)) => Ok(Value::Path(path(text, base))),
            (Self::Ean, Raw::Text(text)) => {
                let good = matches!(text.len(), 8 | 12 | 13 | 14)
                    && text.bytes().all(|b| b.is_ascii_digit());
                if good {
                    Ok(Value::Text(text.clone()))
                } else {
                    wrong(format!("{text:?} does not have 8, 12, 13 or 14 digits"))
                }
            }
            (Self::Currency, Raw::Text(text)) => {
                if text.len() == 3 && text.bytes().all(|b| b.is_ascii_uppercase()) {
                    Ok(Value::Text(text.clone()))
                } else {
                    wrong(format!("{text:?} is not a currency code like EUR"))
                }
            }
            (Self::Choice(choices), Raw::Text(text)) => {
                if choices.contains(&text.as_str()) {
                    return Ok(Value::Text(text.clone()));
                }
                let hint = did_you_mean(nearest(text, choices.iter().copied()));
                wrong(format!("{text:?} is not {}{hint}", any_of(choices)))
            }
            (
                Self::Text
                | Self::Secret
                | Self::PinHash
                | Self::Url
                | Self::Path
                | Self::Ean
                | Self::Currency
                | Self::Choice(_),
                _,
            ) => expected("text in quotes"),
            (Self::Whole { min, max }, Raw::Whole(number)) => {
                if (min..=max).contains(number) {
                    Ok(Value::Whole(*number))
                } else {
                    wrong(format!("{number} is not within {min} and {max}"))
                }
            }
            (Self::Whole { .. }, _) => expected("a whole number"),
            (Self::Switch, Raw::Switch(switch)) => Ok(Value::Switch(*switch)),
            (Self::Switch, _) => expected("true or false"),
            (Self::AutoSwitch, Raw::Switch(switch)) => Ok(Value::Auto(Some(*switch))),
            (Self::AutoSwitch, Raw::Text(text)) if text == "auto" => Ok(Value::Auto(None)),
            (Self::AutoSwitch, Raw::Text(text)) => {
                wrong(format!("{text:?} is not true, false or \"auto\""))
            }
            (Self::AutoSwitch, _) => expected("true, false or \"auto\""),
            (Self::Lines, raw) => {
                list(raw, false, |line| Ok(sanitise(line).trim_end().to_owned())).map(Value::Lines)
            }
            (Self::VatClasses, raw) => list(raw, false, parsed).map(Value::VatClasses),
            (Self::Cards, raw) => list(raw, false, card).map(Value::Cards),
            (Self::Embedded, raw) => {
                let pattern = |text: &str| EmbeddedPattern::new(text).map_err(|e| e.to_string());
                list(raw, false, pattern).map(Value::Embedded)
            }
            (Self::Coupons, raw) => list(raw, false, parsed).map(Value::Coupons),
            (Self::Keys, raw) => list(raw, true, parsed).map(Value::Keys),
        }
    }
}

fn any_of(choices: &[&str]) -> String {
    let quoted: Vec<_> = choices.iter().map(|choice| format!("{choice:?}")).collect();
    quoted.join(" or ")
}

fn parsed<T: FromStr<Err: Display>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|error: T::Err| error.to_string())
}

/// Reads every element; all that are wrong are told. A single text may stand for a list of one
/// where `single` allows it.
fn list<T>(
    raw: &Raw,
    single: bool,
    read: impl Fn(&str) -> Result<T, String>,
) -> Result<Vec<T>, Vec<Complaint>> {
    let alone;
    let pieces = match raw {
        Raw::List(pieces) => pieces,
        Raw::Text(_) if single => {
            alone = [Piece { raw: raw.clone(), line: None }];
            &alone[..]
        }
        other => {
            let also = if single { "text in quotes or " } else { "" };
            let text =
                format!("expected {also}a list of texts [\"…\"], found {}", other.type_name());
            return Err(vec![Complaint { line: None, text }]);
        }
    };
    let (mut values, mut complaints) = (Vec::new(), Vec::new());
    for piece in pieces {
        let value = match &piece.raw {
            Raw::Text(text) => read(text),
            other => Err(format!("expected text in quotes, found {}", other.type_name())),
        };
        match value {
            Ok(value) => values.push(value),
            Err(text) => complaints.push(Complaint { line: piece.line, text }),
        }
    }
    if complaints.is_empty() { Ok(values) } else { Err(complaints) }
}

/// Only what must be known here: that it is an address, and that nothing secret is in it, because
/// it is shown. Which addresses may be talked to is the client's decision.
fn url(text: &str) -> Result<String, String> {
    if text.is_empty() {
        return Ok(String::new());
    }
    let url = parse_url(text).map_err(|error| format!("not an address: {error}"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err("the address must begin with https://".to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("the address must not hold a user name or password".to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("the address must end with its path, without ? and #".to_owned());
    }
    Ok(text.to_owned())
}

fn path(text: &str, base: Option<&Path>) -> PathBuf {
    match base {
        // Joining would make the directory itself out of an empty path.
        Some(base) if !text.is_empty() => base.join(text),
        _ => PathBuf::from(text),
    }
}

/// `9276:16`: leading digits and length. Eight digits are the least that a swipe may carry, and a
/// longer number than 24 is none of any card.
fn card(text: &str) -> Result<CardPattern, String> {
    let read = || {
        let (prefix, length) = text.split_once(':')?;
        let length: usize = length.parse().ok().filter(|length| (8..=24).contains(length))?;
        let good =
            (1..=length).contains(&prefix.len()) && prefix.bytes().all(|b| b.is_ascii_digit());
        good.then(|| CardPattern { prefix: prefix.to_owned(), length })
    };
    read().ok_or_else(|| {
        format!("{text:?} is not leading digits, a colon and a length from 8 to 24: \"9276:16\"")
    })
}
