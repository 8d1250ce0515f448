//! The ledger without HTTP: typed requests in, wire types or documented refusals out.
//!
//! For simulations that bring a network and a clock of their own. Must not decide anything: every
//! call is the one step of the ledger that its route takes.

use std::sync::Arc;

use serde_json::Value;

use crate::wire::{
    ErrorBody, MerchantCard, PreTransaction, StartMethod, Transaction, TransactionRequest,
};

use crate::sandbox::clock::Clock;
use crate::sandbox::ids::Ids;
use crate::sandbox::ledger::Ledger;
use crate::sandbox::refusal::Refusal;
use crate::sandbox::store::Verdict;

/// A refusal as it would travel. Nothing was changed unless `http` is 500.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denied {
    /// HTTP status.
    pub http: u16,
    /// The documented body.
    pub body: Box<ErrorBody>,
}

/// Calls on a ledger, each at the time of one clock.
#[derive(Debug, Clone)]
pub struct Direct {
    ledger: Arc<Ledger>,
    clock: Clock,
}

impl Direct {
    /// Calls on `ledger`.
    #[must_use]
    pub const fn new(ledger: Arc<Ledger>, clock: Clock) -> Self {
        Self { ledger, clock }
    }

    /// The books.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// `POST /Smart/Transactions`.
    ///
    /// # Errors
    /// When the body is wrong.
    pub fn create(&self, request: &TransactionRequest) -> Result<Transaction, Denied> {
        self.or_denied(self.ledger.create(&body(request), self.clock.now()))
    }

    /// `GET /Smart/Transactions/{id}`.
    ///
    /// # Errors
    /// When there is none.
    pub fn read(&self, id: &str) -> Result<Transaction, Denied> {
        self.or_denied(self.ledger.read(id))
    }

    /// `PUT /Smart/Transactions/{id}`; drops an applied card.
    ///
    /// # Errors
    /// When the body is wrong or the transaction is not open any more.
    pub fn update(&self, id: &str, request: &TransactionRequest) -> Result<Transaction, Denied> {
        self.or_denied(self.ledger.update(id, &body(request)))
    }

    /// `POST …/preTransaction`.
    ///
    /// # Errors
    /// When the card cannot pay or the transaction is not open any more.
    pub fn pre_transaction(&self, id: &str) -> Result<PreTransaction, Denied> {
        self.or_denied(self.ledger.apply(id))
    }

    /// `POST …/start/{method}` of a payment that is settled at once: not for a terminal.
    ///
    /// # Errors
    /// When it is not paid.
    pub fn start(&self, id: &str, method: StartMethod) -> Result<Transaction, Denied> {
        self.or_denied(self.ledger.start(id, method, self.clock.now()))
    }

    /// The begin of `POST …/start/cashless`; [`Direct::finish_terminal`] must follow.
    ///
    /// # Errors
    /// When the terminal is not asked for money.
    pub fn begin_terminal(&self, id: &str) -> Result<(), Denied> {
        self.or_denied(self.ledger.begin_terminal(id).map(drop))
    }

    /// The end of `POST …/start/cashless`, and its answer: the terminal accepts any card, unless
    /// an abort has stopped it.
    ///
    /// # Errors
    /// When the card was spent meanwhile: the terminal's payment is void.
    pub fn finish_terminal(&self, id: &str) -> Result<Transaction, Denied> {
        self.or_denied(self.ledger.finish_terminal(id, Verdict::Accepted, self.clock.now()))
    }

    /// `POST …/abort`.
    ///
    /// # Errors
    /// When the transaction is not open any more.
    pub fn abort(&self, id: &str) -> Result<Transaction, Denied> {
        self.or_denied(self.ledger.abort(id, self.clock.now()))
    }

    /// `POST …/cancel`.
    ///
    /// # Errors
    /// When it was not paid, or what it gave was spent meanwhile.
    pub fn cancel(&self, id: &str) -> Result<Transaction, Denied> {
        self.or_denied(self.ledger.cancel(id, self.clock.now()))
    }

    /// `POST …/{receipt_number}/cancelTrx`, at once.
    ///
    /// # Errors
    /// When no payment of this terminal has the number, it was taken back, or the day was closed.
    pub fn cancel_trx(&self, receipt_number: i64) -> Result<Transaction, Denied> {
        self.or_denied(self.ledger.cancel_receipt(&receipt_number.to_string(), self.clock.now()))
    }

    /// `GET /Smart/Transactions?q=transactionRef:…`, oldest first.
    #[must_use]
    pub fn find(&self, reference: &str) -> Vec<Transaction> {
        self.ledger.find(reference)
    }

    /// `GET /Loyalty/MerchantCards?q=card.cardnumber:…`.
    #[must_use]
    pub fn card(&self, number: &str) -> Option<MerchantCard> {
        self.ledger.card(number)
    }

    /// Another till spends all that the card of transaction `id` holds, if it can pay.
    ///
    /// # Errors
    /// When there is no such transaction.
    pub fn spend_at_other_till(&self, id: &str) -> Result<(), Denied> {
        self.or_denied(self.ledger.spend_at_other_till(id, self.clock.now()))
    }

    fn or_denied<T>(&self, answer: Result<T, Refusal>) -> Result<T, Denied> {
        answer.map_err(|refusal| {
            // Predicted from where the ledger's ids stand, without moving them.
            let support_id = Ids::new(self.ledger.position()).hex(32);
            Denied { http: refusal.http(), body: Box::new(refusal.body(support_id)) }
        })
    }
}

/// The body as it would travel. Plain data always has one.
fn body(request: &TransactionRequest) -> Value {
    serde_json::to_value(request).unwrap_or_default()
}
