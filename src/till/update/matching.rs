//! Whether an answer is about what was asked: id, our reference, sum, currency and card.
//!
//! A gateway may answer with the transaction of another sale. Such an answer is never taken over,
//! applied or shown: it counts as unreadable. What an answer leaves out cannot be compared.

use crate::money::Money;
use crate::till::{CardIdent, Sale};
use crate::wire::Transaction;

/// The card that the server was told of.
#[derive(Debug, Clone, Copy)]
pub(super) enum SentCard<'a> {
    /// That of this sale, or none.
    Of(&'a Sale),
    /// The card was changed after the call had left: nothing can be said of it.
    Any,
}

/// What an answer must be about.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    /// The sale.
    pub(super) sale: &'a Sale,
    /// The sum of the basket that the server was told.
    pub(super) sum: Money,
    /// The card that the server was told of.
    pub(super) card: SentCard<'a>,
}

impl<'a> Asked<'a> {
    /// A question about `sale` as the server has it.
    pub(super) fn about(sale: &'a Sale) -> Self {
        Self { sale, sum: sale.basket.sum(), card: SentCard::Of(sale) }
    }

    /// True if `transaction` is the one that was asked about, by its id and our reference. Its
    /// basket may be a later one: a crash can lose what was changed after the last payment.
    pub(super) fn is_named_by(&self, transaction: &Transaction) -> bool {
        let id = match &self.sale.remote {
            Some(remote) => transaction.id == remote.id,
            None => !transaction.id.is_empty(),
        };
        let reference = transaction.transaction_ref.as_deref().unwrap_or_default();
        id && (reference.is_empty() || reference == self.sale.transaction_ref())
    }

    /// True if `transaction` is the one that was asked about and holds what the till shows;
    /// `currency` is the till's.
    pub(super) fn is_answered_by(&self, transaction: &Transaction, currency: &str) -> bool {
        let info = &transaction.basket_info;
        self.is_named_by(transaction)
            && info.sum == self.sum
            && (info.currency.is_empty() || info.currency.eq_ignore_ascii_case(currency))
            && self.has_our_card(transaction)
    }

    fn has_our_card(&self, transaction: &Transaction) -> bool {
        let SentCard::Of(sale) = self.card else { return true };
        let ours = match sale.card.as_ref().map(|card| &card.ident) {
            Some(CardIdent::Number(number)) => Some(number.reveal()),
            // Which card the server takes for a check-in or makes for a programme is its decision.
            Some(CardIdent::CheckIn(_) | CardIdent::New(_)) => return true,
            None => None,
        };
        transaction
            .idents
            .iter()
            .filter(|ident| ident.kind == "card" && !ident.value.is_empty())
            .all(|ident| Some(ident.value.as_str()) == ours)
    }
}
