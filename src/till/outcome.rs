//! What becomes of money: a payment on its way, its outcome while it is unknown, a paid sale, a
//! cancellation, and transactions that nobody needs any more.

use serde::{Deserialize, Serialize};

use super::card::SaleCard;
use super::sale::{Applied, Pending};
use super::{CallId, Settings};
use crate::money::Money;
use crate::shop::Basket;
use crate::wire::{DownReason, ReceiptLine, StartMethod};

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
pub(super) enum Named {
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
    pub(super) fn amount(self, text: impl FnOnce(&str) -> Option<Money>) -> Option<Money> {
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
    Asked(Pending),
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
    /// Answers so far that said "not paid (yet)", without one in between that failed.
    pub unpaid_answers: u32,
    /// The server's last answer was that it does not know the transaction.
    pub unknown_there: bool,
    /// Questions asked so far.
    pub asked: u32,
    /// The question under way, or when the next one is due.
    pub next: NextQuestion,
}

impl Inquiry {
    /// An inquiry that has not asked yet.
    #[must_use]
    pub const fn of(payment: Payment, reason: DownReason, next: NextQuestion) -> Self {
        Self { payment, reason, unpaid_answers: 0, unknown_there: false, asked: 0, next }
    }

    /// The server has said "not paid" often enough, and long enough after the payment was sent,
    /// that giving the transaction up is offered.
    #[must_use]
    pub fn may_give_up(&self, now: u64, settings: &Settings) -> bool {
        let patience = match self.payment.method {
            // A customer at the terminal may take as long as the call itself was given.
            StartMethod::Cashless => settings.cashless_patience,
            StartMethod::Cash | StartMethod::Loyalty => 0,
        };
        self.unpaid_answers >= ENOUGH_ANSWERS && now.saturating_sub(self.payment.since) >= patience
    }
}

/// Answers in a row that say "not paid" before giving the transaction up is offered.
pub const ENOUGH_ANSWERS: u32 = 4;

/// The next question of an [`Inquiry`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum NextQuestion {
    /// Due at this time, ms.
    At(u64),
    /// Under way.
    Asked(Pending),
}

/// A paid sale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finished {
    /// Our own reference.
    pub reference: String,
    /// `STX_…`.
    pub id: String,
    /// The shop's name as the server gave it.
    #[serde(default)]
    pub merchant: Option<String>,
    /// The articles.
    pub basket: Basket,
    /// The card.
    pub card: Option<SaleCard>,
    /// What the card paid.
    pub applied: Option<Applied>,
    /// The rest of the payment.
    pub payment: Payment,
    /// When the server booked it, ISO 8601 as the server wrote it.
    pub booked: String,
    /// The server's receipt, card numbers masked.
    pub receipt: Vec<ReceiptLine>,
    /// The merchant's copy, where the shop must keep one.
    pub receipt_merchant: Option<Vec<ReceiptLine>>,
    /// The server has cancelled the sale since.
    #[serde(default)]
    pub cancelled: Option<Cancelled>,
}

/// The cancellation of a paid sale, as the server booked it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cancelled {
    /// When, ISO 8601 as the server wrote it.
    pub booked: String,
    /// The server's storno receipt.
    pub receipt: Vec<ReceiptLine>,
}

/// A transaction on the server that nobody needs any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Abandoned {
    /// Known by its id.
    Id(String),
    /// Its create had no answer: known by our reference only.
    Reference(String),
}

/// A transaction being given up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// As it stands in [`super::State::abandoned`].
    pub abandoned: Abandoned,
    /// The call under way.
    pub call: CallId,
}

/// A paid sale being cancelled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cancellation {
    /// Whose sale it is.
    pub whose: Whose,
    /// `STX_…`.
    pub id: String,
    /// `None`: the cancel itself is under way. Otherwise it had no definite answer, for this
    /// reason, and the server is asked.
    pub unknown: Option<DownReason>,
    /// Answers in a row that said "still paid".
    pub paid_answers: u32,
    /// Questions asked so far.
    pub asked: u32,
    /// The call under way, or when the next question is due.
    pub next: NextQuestion,
}

/// Whose sale is being cancelled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    /// One of this till's history, by our own reference.
    Ours(String),
    /// One that this till knows from the server's list alone, with its sum.
    Other(Money),
}
