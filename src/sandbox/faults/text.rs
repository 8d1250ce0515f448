//! The text form of faults: reading and writing the grammar of the module's documentation.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::sandbox::faults::fault::{
    After, Before, Differing, Fault, Kind, NAMES, Place, Refusing, When,
};

/// Why a text is no fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FaultError {
    /// There is no fault of this name.
    #[error("no fault is called \"{0}\"; there are {names}", names = NAMES.join(", "))]
    Name(String),
    /// The value after `=` is missing, wrong or too much.
    #[error("{name}: {expected}")]
    Value {
        /// The fault.
        name: &'static str,
        /// What should be there.
        expected: &'static str,
    },
    /// There is no call of this name.
    #[error("no call is named \"{0}\"; there are {places}", places = places())]
    Place(String),
    /// The fault cannot happen at this call.
    #[error("{name} cannot happen at {place}")]
    Unsuited {
        /// The fault.
        name: &'static str,
        /// The call.
        place: String,
    },
    /// The part after the place is no chance, count or period.
    #[error(
        "\"{0}\" is no frequency; write :1/3 or :0.25, #2 for the next two, %3 for every third"
    )]
    When(String),
}

const PLACES: [(&str, Place); 11] = [
    ("any", Place::Any),
    ("token", Place::Token),
    ("create", Place::Create),
    ("list", Place::List),
    ("read", Place::Read),
    ("update", Place::Update),
    ("pre_transaction", Place::PreTransaction),
    ("start", Place::Start),
    ("abort", Place::Abort),
    ("cancel", Place::Cancel),
    ("cards", Place::Cards),
];

fn places() -> String {
    PLACES.map(|(name, _)| name).join(", ")
}

const DIFFERENCES: [(&str, Differing); 5] = [
    ("whole", Differing::Whole),
    ("id", Differing::Id),
    ("reference", Differing::Reference),
    ("sum", Differing::Sum),
    ("currency", Differing::Currency),
];

/// The difference of an answer to a call that took no effect.
const UNSENT: &str = "unsent";

/// What follows the status of a refusal that has no body of the API.
const BARE: &str = "-bare";

/// Longer waits than a day are typing errors.
const LONGEST_MS: u32 = 86_400_000;
/// Decimals of a chance beyond this are not kept.
const CHANCE_DECIMALS: usize = 6;

impl FromStr for Fault {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, FaultError> {
        let text = text.trim();
        let (rest, when) = match text.find([':', '#', '%']) {
            Some(at) => {
                let (rest, when) = text.split_at(at);
                (rest, frequency(when).ok_or_else(|| FaultError::When(when.to_owned()))?)
            }
            None => (text, When::Always),
        };
        let (rest, place) = rest.split_once('@').unwrap_or((rest, "any"));
        let (name, value) = match rest.split_once('=') {
            Some((name, value)) => (name.trim(), Some(value.trim())),
            None => (rest.trim(), None),
        };
        let name = NAMES
            .into_iter()
            .find(|known| *known == name)
            .ok_or_else(|| FaultError::Name(name.to_owned()))?;
        let kind = kind(name, value)?;
        let place = place.trim();
        let (_, found) = PLACES
            .into_iter()
            .find(|(known, _)| *known == place)
            .ok_or_else(|| FaultError::Place(place.to_owned()))?;
        if kind.suits(found) {
            Ok(Self { kind, place: found, when })
        } else {
            Err(FaultError::Unsuited { name, place: place.to_owned() })
        }
    }
}

fn kind(name: &'static str, value: Option<&str>) -> Result<Kind, FaultError> {
    let wrong = |expected| FaultError::Value { name, expected };
    let bare = |kind| match value {
        None => Ok(kind),
        Some(_) => Err(wrong("takes no value")),
    };
    let moment = |before, after| match value {
        None | Some("before") => Ok(Kind::Before(before)),
        Some("after") => Ok(Kind::After(after)),
        Some(_) => Err(wrong("expected before or after")),
    };
    match name {
        "latency" => {
            let range = value.and_then(|value| {
                let (least, most) = value.split_once("..").unwrap_or((value, value));
                let (least, most) = (milliseconds(least)?, milliseconds(most)?);
                (least <= most).then_some(Kind::Latency { least, most })
            });
            range.ok_or_else(|| wrong("expected milliseconds like 200 or 50..400"))
        }
        "slow-drip" => {
            let over = value.and_then(milliseconds);
            let over = over.ok_or_else(|| wrong("expected milliseconds like 2000"))?;
            Ok(Kind::After(After::Drip(Duration::from_millis(over.into()))))
        }
        "error-500" => moment(Before::Internal, After::Internal),
        "html" => moment(Before::Html, After::Html),
        "lag" => {
            let lag = value.and_then(milliseconds).map(Kind::Lag);
            lag.ok_or_else(|| wrong("expected milliseconds like 30000"))
        }
        "refused" | "refused-after" => {
            let refusing = value.and_then(refusing);
            let refusing =
                refusing.ok_or_else(|| wrong("expected 400 to 499, like 409 or 409-bare"))?;
            Ok(if name == "refused" {
                Kind::Before(Before::Refused(refusing))
            } else {
                Kind::After(After::Refused(refusing))
            })
        }
        "other-answer" if value == Some(UNSENT) => Ok(Kind::Before(Before::Other)),
        "other-answer" => {
            let wanted = value.unwrap_or("whole");
            let found = DIFFERENCES.into_iter().find(|(known, _)| *known == wanted);
            found
                .map(|(_, differing)| Kind::After(After::Other(differing)))
                .ok_or_else(|| wrong("expected whole, id, reference, sum, currency or unsent"))
        }
        "duplicate" => bare(Kind::Duplicate),
        "card-spent" => bare(Kind::CardSpent),
        "lost-request" => bare(Kind::Before(Before::Lost)),
        "restart" => bare(Kind::Before(Before::Restart)),
        "token-expired" => bare(Kind::Before(Before::TokenExpired)),
        "too-many" => bare(Kind::Before(Before::TooMany)),
        "lost-answer" => bare(Kind::After(After::Lost)),
        "torn-body" => bare(Kind::After(After::Torn)),
        _ => Err(FaultError::Name(name.to_owned())),
    }
}

fn refusing(text: &str) -> Option<Refusing> {
    let (status, bare) = match text.strip_suffix(BARE) {
        Some(status) => (status, true),
        None => (text, false),
    };
    let status = digits(status).and_then(|status| u16::try_from(status).ok())?;
    (400..=499).contains(&status).then_some(Refusing { status, bare })
}

fn milliseconds(text: &str) -> Option<u32> {
    digits(text.trim()).filter(|ms| *ms <= LONGEST_MS)
}

/// A plain number; `parse` alone would take a sign too.
fn digits(text: &str) -> Option<u32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

fn frequency(text: &str) -> Option<When> {
    if let Some(count) = text.strip_prefix('#') {
        return digits(count).filter(|count| *count > 0).map(When::Next);
    }
    if let Some(period) = text.strip_prefix('%') {
        return digits(period).filter(|period| *period > 0).map(When::Every);
    }
    let chance = text.strip_prefix(':')?;
    let (hits, of) = if let Some((hits, of)) = chance.split_once('/') {
        (digits(hits)?, digits(of)?)
    } else {
        let (whole, decimals) = chance.split_once('.').unwrap_or((chance, ""));
        if decimals.len() > CHANCE_DECIMALS {
            return None;
        }
        let of = 10_u32.pow(u32::try_from(decimals.len()).ok()?);
        let decimals = if decimals.is_empty() { 0 } else { digits(decimals)? };
        (digits(whole)?.checked_mul(of)?.checked_add(decimals)?, of)
    };
    if of == 0 || hits > of {
        return None;
    }
    let divisor = common(hits, of);
    Some(When::Chance { hits: hits / divisor, of: of / divisor })
}

/// The greatest common divisor; not 0 as long as `b` is not.
const fn common(a: u32, b: u32) -> u32 {
    if a == 0 { b } else { common(b % a, a) }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())?;
        match self.kind {
            Kind::Latency { least, most } if least == most => write!(f, "={least}")?,
            Kind::Latency { least, most } => write!(f, "={least}..{most}")?,
            Kind::Lag(ms) => write!(f, "={ms}")?,
            Kind::Before(Before::Refused(refusing)) | Kind::After(After::Refused(refusing)) => {
                write!(f, "={}{}", refusing.status, if refusing.bare { BARE } else { "" })?;
            }
            Kind::Before(Before::Other) => write!(f, "={UNSENT}")?,
            Kind::After(After::Other(differing)) if differing != Differing::Whole => {
                let name = DIFFERENCES.iter().find(|(_, known)| *known == differing);
                write!(f, "={}", name.map_or("whole", |(name, _)| *name))?;
            }
            Kind::After(After::Drip(over)) => write!(f, "={}", over.as_millis())?,
            Kind::After(After::Internal | After::Html) => f.write_str("=after")?,
            _ => {}
        }
        let place = PLACES.iter().find(|(_, place)| *place == self.place);
        write!(f, "@{}", place.map_or("any", |(name, _)| *name))?;
        match self.when {
            When::Always => Ok(()),
            When::Chance { hits, of } => write!(f, ":{hits}/{of}"),
            When::Next(count) => write!(f, "#{count}"),
            When::Every(period) => write!(f, "%{period}"),
        }
    }
}

impl Serialize for Fault {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Fault {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("lost-answer@start:1/3", "lost-answer@start:1/3")]
    #[case("latency=50..400@any", "latency=50..400@any")]
    #[case("latency=200", "latency=200@any")]
    #[case("lost-answer@start#1", "lost-answer@start#1")]
    #[case("slow-drip=1500@read%3", "slow-drip=1500@read%3")]
    #[case(" error-500 ", "error-500@any")]
    #[case("error-500=before@create", "error-500@create")]
    #[case("error-500=after", "error-500=after@any")]
    #[case("html=after@cancel:0.25", "html=after@cancel:1/4")]
    #[case("too-many:1", "too-many@any:1/1")]
    #[case("restart:0", "restart@any:0/1")]
    #[case("torn-body:0.000001", "torn-body@any:1/1000000")]
    #[case("refused-after=409@start:1/20", "refused-after=409@start:1/20")]
    #[case("refused-after=404-bare@cancel#1", "refused-after=404-bare@cancel#1")]
    #[case("refused=403@cancel", "refused=403@cancel")]
    #[case("other-answer@start", "other-answer@start")]
    #[case("other-answer=whole@read", "other-answer@read")]
    #[case("other-answer=currency@create#1", "other-answer=currency@create#1")]
    #[case("other-answer=sum@pre_transaction", "other-answer=sum@pre_transaction")]
    #[case("other-answer=unsent@start", "other-answer=unsent@start")]
    #[case("duplicate@start#1", "duplicate@start#1")]
    #[case("lag=30000@read", "lag=30000@read")]
    fn a_text_is_read_and_written(#[case] text: &str, #[case] written: &str) {
        let fault: Fault = text.parse().unwrap();
        assert_eq!(fault.to_string(), written);
        assert_eq!(written.parse(), Ok(fault));
        let json = serde_json::to_string(&fault).unwrap();
        assert_eq!(json, format!("\"{written}\""));
        assert_eq!(serde_json::from_str::<Fault>(&json).unwrap(), fault);
    }

    #[rstest]
    #[case("lost", "no fault is called \"lost\"")]
    #[case("", "no fault is called \"\"")]
    #[case("latency", "latency: expected milliseconds")]
    #[case("latency=400..50", "latency: expected milliseconds")]
    #[case("latency=+5", "latency: expected milliseconds")]
    #[case("latency=86400001", "latency: expected milliseconds")]
    #[case("slow-drip=", "slow-drip: expected milliseconds")]
    #[case("error-500=now", "error-500: expected before or after")]
    #[case("torn-body=3", "torn-body: takes no value")]
    #[case("html@pay", "no call is named \"pay\"")]
    #[case("card-spent@create", "card-spent cannot happen at create")]
    #[case("token-expired@token", "token-expired cannot happen at token")]
    #[case("refused", "refused: expected 400 to 499")]
    #[case("refused-after=500@start", "refused-after: expected 400 to 499")]
    #[case("refused-after=409-", "refused-after: expected 400 to 499")]
    #[case("refused-after=+409", "refused-after: expected 400 to 499")]
    #[case("other-answer=card", "other-answer: expected whole, id")]
    #[case("other-answer@cards", "other-answer cannot happen at cards")]
    #[case("other-answer=id@pre_transaction", "other-answer cannot happen at pre_transaction")]
    #[case("other-answer=unsent@list", "other-answer cannot happen at list")]
    #[case("duplicate=2", "duplicate: takes no value")]
    #[case("lag@read", "lag: expected milliseconds")]
    #[case("lag=1000@create", "lag cannot happen at create")]
    #[case("html:2", "\":2\" is no frequency")]
    #[case("html:1/0", "\":1/0\" is no frequency")]
    #[case("html:", "\":\" is no frequency")]
    #[case("html:0.1234567", "\":0.1234567\" is no frequency")]
    #[case("html#0", "\"#0\" is no frequency")]
    #[case("html%0", "\"%0\" is no frequency")]
    #[case("html#1:1/2", "\"#1:1/2\" is no frequency")]
    fn a_wrong_text_says_what_is_wrong(#[case] text: &str, #[case] message: &str) {
        let error = text.parse::<Fault>().unwrap_err().to_string();
        assert!(error.starts_with(message), "{error}");
    }

    #[test]
    fn every_name_is_a_fault() {
        for name in NAMES {
            let text = match name {
                "latency" | "lag" | "slow-drip" => format!("{name}=1"),
                "refused" | "refused-after" => format!("{name}=409"),
                _ => name.to_owned(),
            };
            assert_eq!(text.parse::<Fault>().unwrap().name(), name);
        }
    }
}
