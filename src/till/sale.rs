//! One sale: its basket, card and step, and what the server knows of it.
//!
//! Owns the sum type that says where a sale stands, so that nonsense cannot be written down. Must
//! not decide how it gets from one step to the next.

use serde::{Deserialize, Serialize};

use super::card::{CardIdent, CardState, CardView, PasscodeRule, SaleCard};
use super::outcome::{Finished, Inquiry, Paying};
use crate::money::Money;
use crate::shop::{Basket, VatLine, VatRate};
use crate::wire::StartMethod;

/// One sale, from the first scan to the receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sale {
    /// Our own unique reference, sent as `transactionRef`.
    pub reference: String,
    /// The articles. The truth: the server's copy follows it.
    pub basket: Basket,
    /// The selected line.
    pub selected: usize,
    /// The customer's card.
    pub card: Option<SaleCard>,
    /// The cashier wants the card to pay.
    pub use_card: bool,
    /// Grows with every change that the server must learn of.
    pub revision: u64,
    /// Transactions of this sale that came to nothing after a payment was tried.
    pub attempts: u32,
    /// What the server knows.
    pub remote: Option<Remote>,
    /// A create was sent whose answer is not known: it is looked for before another is made.
    pub create_sent: bool,
    /// Another transaction with the sale's reference may be paid: an earlier attempt, or that of a
    /// copy of the state directory. Before the sale is paid, the server is asked for all of them.
    pub check_siblings: bool,
    /// Where the sale stands.
    pub step: Step,
}

/// The server's copy of the sale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remote {
    /// `STX_…`.
    pub id: String,
    /// The revision of the sale that the server has; [`Remote::DOUBTFUL`] when that is not known.
    pub synced: u64,
    /// The applied card, while the server has it applied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applied: Option<Applied>,
}

/// What applying the card gave: shown before any money moves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applied {
    /// The revision of the sale that this holds for.
    pub revision: u64,
    /// Paid from loaded money.
    pub cash: Money,
    /// Paid from bonus, per VAT rate, lowest rate first; positive amounts.
    pub bonus: Vec<(VatRate, Money)>,
    /// What remains to pay.
    pub missing: Money,
    /// VAT of the basket, highest rate first.
    pub vat_before: Vec<VatLine>,
    /// VAT after the bonus is taken off.
    pub vat_after: Vec<VatLine>,
}

impl Applied {
    /// Whether a card with these balances can have paid this. All of a card is used before
    /// anything remains, so another balance is that of an earlier moment.
    #[must_use]
    pub fn is_of(&self, card: &CardView) -> bool {
        let bonus: Money = self.bonus.iter().map(|(_, amount)| *amount).sum();
        if self.missing.is_zero() {
            self.cash <= card.cash && bonus <= card.bonus
        } else {
            self.cash == card.cash && bonus == card.bonus
        }
    }
}

/// Where a sale stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// Articles and card are collected.
    Basket(Option<Work>),
    /// The remainder is shown, the entry line takes the amount given.
    Tender(Tender),
    /// `start` is under way.
    Paying(Paying),
    /// `start` had no definite answer: the server is being asked what became of it.
    Unknown(Inquiry),
    /// Paid: the server said so.
    Done(Box<Finished>),
}

/// A server step under way on the way to a goal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Work {
    /// What is wanted.
    pub goal: Goal,
    /// What is asked right now.
    pub kind: CallKind,
    /// The revision of the sale that the call carries.
    pub revision: u64,
    /// The server forgot the transaction once already on this way.
    pub set_up_again: bool,
    /// The amount that was named before the way was begun: offered again when the tender opens.
    pub typed: Option<Money>,
    /// The sum of the basket that the call carries.
    pub sum: Money,
}

/// What server steps in the basket lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Goal {
    /// The server knows the card.
    Card,
    /// The card is applied.
    Apply,
    /// The tender step opens, with this method.
    Tender(StartMethod),
}

/// The kind of a call, for the status panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CallKind {
    /// Getting a token.
    Connect,
    /// Creating the transaction.
    Create,
    /// Updating it.
    Update,
    /// Looking for a transaction whose create had no answer.
    Find,
    /// Applying the card.
    Apply,
    /// Cancelling a paid sale.
    Cancel,
    /// Asking for the status.
    Read,
    /// Giving up the transaction.
    Abort,
    /// Checking a code of the card.
    Check,
    /// Asking for all transactions with the sale's reference.
    Siblings,
    /// Giving up another unpaid transaction with the sale's reference.
    Fence,
}

/// The tender step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tender {
    /// What `+` pays with.
    pub method: StartMethod,
    /// What is to be paid.
    pub due: Money,
    /// An amount in cash that was named and not taken, because the line broke or it was refused:
    /// the next digit or note replaces it, Esc takes it away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given: Option<Money>,
}

impl Sale {
    /// The applied card, if it still holds for the basket as it is.
    #[must_use]
    pub fn applied(&self) -> Option<&Applied> {
        self.remote.as_ref()?.applied.as_ref().filter(|applied| applied.revision == self.revision)
    }

    /// The cashier wants the card to pay, but it must be applied (again) first.
    #[must_use]
    pub fn must_apply(&self) -> bool {
        self.use_card && self.paying_card().is_some() && self.applied().is_none()
    }

    /// The card, unless the server said it cannot be used.
    #[must_use]
    pub fn usable_card(&self) -> Option<&SaleCard> {
        self.card
            .as_ref()
            .filter(|card| matches!(card.state, CardState::Unchecked | CardState::Known(_)))
    }

    /// The usable card, unless it is only made by this sale: there is nothing on it to pay with.
    #[must_use]
    pub fn paying_card(&self) -> Option<&SaleCard> {
        self.usable_card().filter(|card| !matches!(card.ident, CardIdent::New(_)))
    }

    /// The card's passcode must be checked before the way to `goal` goes on. The values of the
    /// card's `passcode` name operations ([`crate::wire::api::loyalty`]): its discharge is
    /// `preTransaction`, its charge and the recording of revenue happen when the sale is paid.
    #[must_use]
    pub fn lacks_passcode(&self, goal: Goal) -> bool {
        let Some(SaleCard { state: CardState::Known(view), proof, .. }) = self.usable_card() else {
            return false;
        };
        let paying = matches!(goal, Goal::Tender(_));
        let asked = match view.passcode {
            PasscodeRule::Never | PasscodeRule::Points => false,
            PasscodeRule::Always => true,
            PasscodeRule::Discharge => self.use_card,
            PasscodeRule::Charge => paying && self.basket.has_top_up(),
            PasscodeRule::Revenue => paying,
        };
        asked && proof.is_none()
    }

    /// Our reference of the sale's transaction, unique on the server: after a failed payment the
    /// next transaction is another one.
    #[must_use]
    pub fn transaction_ref(&self) -> String {
        match self.attempts {
            0 => self.reference.clone(),
            attempts => format!("{}-{attempts}", self.reference),
        }
    }

    /// What is to be paid: the remainder if the card is applied, the sum otherwise.
    #[must_use]
    pub fn due(&self) -> Money {
        self.applied().map_or(self.basket.sum(), |applied| applied.missing)
    }

    /// True when nothing would be lost by throwing the sale away.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        matches!(self.step, Step::Basket(_)) && self.basket.is_empty() && self.card.is_none()
    }

    /// The sale's transaction is not used any more; the next one is another one to the server.
    pub(super) fn next_attempt(&mut self) {
        self.remote = None;
        self.create_sent = false;
        self.attempts += 1;
        self.check_siblings = true;
    }

    /// True if the server has a transaction of the sale, or may have one.
    #[must_use]
    pub const fn is_known_to_server(&self) -> bool {
        self.remote.is_some() || self.create_sent
    }

    pub(super) fn blank(reference: String) -> Self {
        Self {
            reference,
            basket: Basket::default(),
            selected: 0,
            card: None,
            use_card: false,
            revision: 1,
            attempts: 0,
            remote: None,
            create_sent: false,
            check_siblings: false,
            step: Step::Basket(None),
        }
    }
}

impl Remote {
    /// A call that changes the transaction had no answer, or an earlier run of the program may
    /// have sent one: it may still take effect at any time, even right before `start`. So the
    /// transaction is never paid, but given up and replaced. No sale has this revision.
    pub const DOUBTFUL: u64 = 0;

    /// True when nobody knows what the server has, or will have.
    #[must_use]
    pub const fn is_doubtful(&self) -> bool {
        self.synced == Self::DOUBTFUL
    }
}
