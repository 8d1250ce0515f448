//! What becomes of money: a payment on its way, its outcome while it is unknown, a paid sale, and
//! transactions that nobody needs any more.

use serde::{Deserialize, Serialize};

use super::card::SaleCard;
use super::sale::Applied;
use super::{CallId, Cancelled, Settings, kept_lines};
use crate::money::Money;
use crate::shop::Basket;
use crate::wire::{ApiError, DownReason, ReceiptLine, StartMethod};

/// A payment on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "KeptPayment")]
pub struct Payment {
    /// How.
    pub method: StartMethod,
    /// What is to be paid.
    pub due: Money,
    /// What the customer gave; equals `due` unless cash.
    pub given: Money,
    /// The amount that the cashier named, to offer it again if the call fails; `None`: exactly
    /// what is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub typed: Option<Money>,
    /// The `start` call.
    pub call: CallId,
    /// When it was sent, ms.
    pub since: u64,
}

/// A payment as journals and recordings have it.
#[derive(Deserialize)]
struct KeptPayment {
    method: StartMethod,
    due: Money,
    given: Money,
    #[serde(default)]
    typed: Named,
    call: CallId,
    since: u64,
}

/// An amount that the cashier named. Earlier versions kept the text that was typed, which other
/// settings read otherwise.
#[derive(Deserialize)]
#[serde(untagged)]
enum Named {
    Amount(Option<Money>),
    Text(String),
}

impl Default for Named {
    fn default() -> Self {
        Self::Amount(None)
    }
}

impl Named {
    /// The amount; `text` stands for one of which the text alone was kept.
    fn amount(self, text: impl FnOnce(&str) -> Option<Money>) -> Option<Money> {
        match self {
            Self::Amount(amount) => amount,
            Self::Text(typed) if typed.is_empty() => None,
            Self::Text(typed) => text(&typed),
        }
    }
}

impl From<KeptPayment> for Payment {
    fn from(kept: KeptPayment) -> Self {
        let KeptPayment { method, due, given, typed, call, since } = kept;
        Self { method, due, given, typed: typed.amount(|_| Some(given)), call, since }
    }
}

impl Payment {
    /// What the customer gets back.
    #[must_use]
    pub fn change(&self) -> Money {
        self.given - self.due
    }
}

/// A `start` under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paying {
    /// The payment. Its answer alone decides what became of it.
    pub payment: Payment,
    /// Whether it is to be broken off.
    pub abort: Abort,
}

/// The cashier's wish to break off a payment at the terminal. None of its states says anything
/// about money: that is left to the answer to `start`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Abort {
    /// Nobody has asked for it.
    NotAsked,
    /// The server is being asked.
    Asked,
    /// The server took it.
    Taken,
    /// The server refused it or gave no answer; it may be asked again.
    NotTaken,
}

impl Paying {
    /// A payment that nobody wants to break off.
    #[must_use]
    pub const fn of(payment: Payment) -> Self {
        Self { payment, abort: Abort::NotAsked }
    }

    /// True where the server may be asked to break it off: at a terminal, one question at a time.
    #[must_use]
    pub const fn may_abort(&self) -> bool {
        matches!(self.payment.method, StartMethod::Cashless)
            && matches!(self.abort, Abort::NotAsked | Abort::NotTaken)
    }
}

/// The question what became of a payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inquiry {
    /// The payment.
    pub payment: Payment,
    /// Why its outcome is unknown.
    pub reason: DownReason,
    /// What `start` was refused with. A refusal is no proof that nothing was taken: it is shown
    /// once the server has confirmed it.
    pub refused: Option<Box<ApiError>>,
    /// The cashier had asked to break the payment off.
    pub broken_off: bool,
    /// The server was asked to give the transaction up, and did not say that it has.
    pub kept: bool,
    /// Answers so far that said "not paid (yet)", without one in between that failed.
    pub unpaid_answers: u32,
    /// Questions asked so far.
    pub asked: u32,
    /// The question under way, or when the next one is due.
    pub next: NextQuestion,
}

impl Inquiry {
    /// An inquiry that has not asked yet.
    #[must_use]
    pub const fn of(payment: Payment, reason: DownReason, next: NextQuestion) -> Self {
        Self {
            payment,
            reason,
            refused: None,
            broken_off: false,
            kept: false,
            unpaid_answers: 0,
            asked: 0,
            next,
        }
    }

    /// What → does at `now`, if anything. Times are in ms.
    #[must_use]
    pub const fn offer(&self, now: u64, settings: &Settings) -> Option<Offer> {
        let waited = now.saturating_sub(self.payment.since);
        let patience = match self.payment.method {
            // A customer at the terminal may take as long as the call itself was given.
            StartMethod::Cashless => settings.cashless_patience,
            StartMethod::Cash | StartMethod::Loyalty => 0,
        };
        if (self.unpaid_answers == 0 || self.kept) && waited >= settings.write_off_after {
            Some(Offer::WriteOff)
        } else if self.unpaid_answers >= ENOUGH_ANSWERS && waited >= patience {
            Some(Offer::GiveUp)
        } else {
            None
        }
    }

    /// The transaction is given up as soon as the server says that it is not paid: the call was
    /// refused or is to be broken off, so nobody waits for it to be paid any more.
    #[must_use]
    pub const fn ends_unpaid(&self) -> bool {
        self.refused.is_some() || self.broken_off
    }
}

/// A safe way out of an unknown outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offer {
    /// The server keeps saying "not paid": its transaction can be given up there.
    GiveUp,
    /// The server has given no usable answer for long: the cashier may decide to go on without
    /// one. Nothing is proven by that: the payment may have been made.
    WriteOff,
}

/// Answers in a row that say "not paid" before giving the transaction up is offered.
pub const ENOUGH_ANSWERS: u32 = 4;

/// The next question of an [`Inquiry`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum NextQuestion {
    /// Due at this time, ms.
    At(u64),
    /// Under way.
    Asked,
}

/// A paid sale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finished {
    /// Our own reference.
    pub reference: String,
    /// `STX_…`.
    pub id: String,
    /// The shop's name as the server gave it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merchant: Option<String>,
    /// The articles.
    pub basket: Basket,
    /// The card.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card: Option<SaleCard>,
    /// What the card paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applied: Option<Applied>,
    /// The rest of the payment.
    pub payment: Payment,
    /// When the server booked it, ISO 8601 as the server wrote it.
    pub booked: String,
    /// The server's receipt, card numbers masked.
    #[serde(with = "kept_lines")]
    pub receipt: Vec<ReceiptLine>,
    /// The merchant's copy, where the shop must keep one.
    #[serde(default, with = "kept_lines::maybe", skip_serializing_if = "Option::is_none")]
    pub receipt_merchant: Option<Vec<ReceiptLine>>,
    /// The number of the terminal's receipt: a payment at a terminal is taken back by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt_number: Option<i64>,
    /// Loyalty transactions that the server booked for the sale; `None`: in a journal of an older
    /// version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loyalty: Option<usize>,
    /// The server has cancelled the sale since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancelled: Option<Cancelled>,
    /// A cancellation had no known outcome, and the cashier decided to treat the sale as not
    /// cancelled: it may have been.
    #[serde(default)]
    pub perhaps_cancelled: bool,
}

/// A transaction on the server that nobody needs any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Abandoned {
    /// Known by its id.
    Id(String),
    /// Its create had no answer: known by our reference only.
    Reference(String),
    /// Its payment was written off by decision: it is read first, because it may have been paid.
    WrittenOff {
        /// `STX_…`.
        id: String,
        /// What was to be paid, minor units.
        due: Money,
    },
}

impl Abandoned {
    /// True where a payment was begun whose outcome nobody knows.
    #[must_use]
    pub const fn may_be_paid(&self) -> bool {
        matches!(self, Self::WrittenOff { .. })
    }
}

/// When a transaction that could not be given up is tried again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseRetry {
    /// Answers about the first one in the list that did not end it.
    pub tries: u32,
    /// Not before this time, ms.
    pub at: u64,
}
