//! The ways to pay that `start` and `prepare` name in their paths (api.md §1.2).
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

impl Payment {
    /// The payment that a path names, in any case.
    pub(crate) fn named(name: &str) -> Result<Self, Refusal> {
        let name = name.to_ascii_lowercase();
        match name.as_str() {
            "cash" => Ok(Self::Cash),
            "cashless" => Ok(Self::Cashless),
            "cashless_direct" => Ok(Self::CashlessDirect),
            "loyalty" => Ok(Self::Loyalty),
            "demo" => Ok(Self::Demo),
            _ => Remote::named(&name).map(Self::Remote),
        }
    }

    /// As answers show it.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Cash => "cash",
            Self::Cashless => "cashless",
            Self::CashlessDirect => "cashless_direct",
            Self::Loyalty => "loyalty",
            Self::Demo => "demo",
            Self::Remote(remote) => remote.as_str(),
        }
    }
}

impl Remote {
    /// The payment that the path of `prepare` names.
    pub(crate) fn named(name: &str) -> Result<Self, Refusal> {
        match name.to_ascii_lowercase().as_str() {
            "debit" => Ok(Self::Debit),
            "invoice" => Ok(Self::Invoice),
            "prepaid" => Ok(Self::Prepaid),
            other if NOT_SIMULATED.contains(&other) => Err(Refusal::NotSimulated(other.to_owned())),
            other => Err(Refusal::NotFound(format!("payment method {other}"))),
        }
    }

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Debit => "debit",
            Self::Invoice => "invoice",
            Self::Prepaid => "prepaid",
        }
    }
}
