//! The ways to pay that `start` and `prepare` name in their paths
//! ([`crate::wire::api::transactions`]).
//!
//! Remote payments (`debit`, `invoice`, `prepaid`) are simulated as authorised at once. What needs
//! the buyer at a page of another company (`creditcard`, `paypal`, `easycredit`, `sofort`, …) is
//! refused with code 1009: there is no such page here.

use serde::{Deserialize, Serialize};

use crate::sandbox::refusal::Refusal;
use crate::wire::StartMethod;

/// How a sale is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Payment {
    /// Cash, or anything the shop does by itself.
    Cash,
    /// The simulated terminal.
    Cashless,
    /// A terminal of the shop's own; the till tells what it did.
    CashlessDirect,
    /// The card pays everything.
    Loyalty,
    /// Nothing is paid: the answer only shows what a receipt can look like.
    Demo,
    /// Money that comes later.
    Remote(Remote),
}

/// Payments that are authorised first and whose money comes later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Remote {
    Debit,
    Invoice,
    Prepaid,
}

/// The methods that need a page of another company.
const NOT_SIMULATED: [&str; 7] =
    ["ccload", "creditcard", "easycredit", "eps", "giropay", "paypal", "sofort"];

impl From<StartMethod> for Payment {
    fn from(method: StartMethod) -> Self {
        match method {
            StartMethod::Cash => Self::Cash,
            StartMethod::Cashless => Self::Cashless,
            StartMethod::Loyalty => Self::Loyalty,
        }
    }
}

/// The payments by their names in paths and answers.
const NAMES: [(&str, Payment); 8] = [
    ("cash", Payment::Cash),
    ("cashless", Payment::Cashless),
    ("cashless_direct", Payment::CashlessDirect),
    ("loyalty", Payment::Loyalty),
    ("demo", Payment::Demo),
    ("debit", Payment::Remote(Remote::Debit)),
    ("invoice", Payment::Remote(Remote::Invoice)),
    ("prepaid", Payment::Remote(Remote::Prepaid)),
];

impl Payment {
    /// The payment that a path names, in any case.
    pub(crate) fn named(name: &str) -> Result<Self, Refusal> {
        let name = name.to_ascii_lowercase();
        match NAMES.iter().find(|(known, _)| *known == name) {
            Some((_, payment)) => Ok(*payment),
            None if NOT_SIMULATED.contains(&name.as_str()) => Err(Refusal::NotSimulated(name)),
            None => Err(Refusal::not_found("payment method", &name)),
        }
    }

    /// As answers show it.
    pub(crate) fn as_str(self) -> &'static str {
        NAMES.iter().find(|(_, payment)| *payment == self).map_or("", |(name, _)| name)
    }
}

impl Remote {
    /// The payment that the path of `prepare` names.
    pub(crate) fn named(name: &str) -> Result<Self, Refusal> {
        match Payment::named(name)? {
            Payment::Remote(remote) => Ok(remote),
            other => Err(Refusal::not_found("payment method", other.as_str())),
        }
    }
}
