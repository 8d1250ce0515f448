//! What a start will do, decided in full before anything is done.
//!
//! Reads the balances of this very moment. Must not change anything.

use crate::money::Money;

use crate::sandbox::amounts::basket;
use crate::sandbox::amounts::programme::{self, Earned};
use crate::sandbox::ledger::Book;
use crate::sandbox::refusal::Refusal;
use crate::sandbox::store::payment::Payment;
use crate::sandbox::store::sale::Applied;
use crate::sandbox::views::idents::Holder;

/// The outcome of a start, before it happens.
pub(crate) struct Plan {
    /// The card that takes part, if there is one.
    pub(crate) holder: Option<Holder>,
    pub(crate) applied: Option<Applied>,
    /// What is paid otherwise than with the card.
    pub(crate) remainder: Money,
    pub(crate) revenue: Money,
    pub(crate) charged: Money,
    pub(crate) collected: Earned,
}

impl Book {
    pub(crate) fn plan(&self, id: &str, method: Payment) -> Result<Plan, Refusal> {
        let sale = self.sale(id)?;
        let draft = &sale.draft;
        if draft.items.is_empty() {
            return Err(Refusal::NothingToPay);
        }
        let applied = match (sale.applied(), method) {
            (Some(applied), _) => Some(applied.clone()),
            // The vendor's demos pay with the card alone without applying it first.
            (None, Payment::Loyalty) => Some(self.applied_to(draft)?),
            (None, _) => None,
        };
        let total = basket::total(&draft.items);
        let remainder = applied.as_ref().map_or(total, |applied| applied.missing);
        match method {
            Payment::Loyalty if !remainder.is_zero() => {
                return Err(Refusal::Remainder(remainder));
            }
            Payment::Cashless | Payment::CashlessDirect | Payment::Remote(_)
                if remainder.is_zero() =>
            {
                return Err(Refusal::NothingToPay);
            }
            Payment::Loyalty => {}
            _ if !basket::discharge(&draft.items).is_zero() => return Err(Refusal::Discharge),
            _ => {}
        }
        let card = self.card_of(draft);
        if let Some(applied) = &applied {
            let (_, account) = card.ok_or(Refusal::Card("no valid card"))?;
            account.may_spend()?;
            let balance = account.balance();
            if balance.cash < applied.cash || balance.bonus < applied.bonus {
                return Err(Refusal::Insufficient);
            }
        }
        let redeemed = applied.as_ref().map_or(Money::ZERO, |applied| applied.bonus);
        let products = applied.as_ref().map_or(&[][..], |applied| &applied.products);
        let charged = basket::charge(&draft.items);
        let (holder, programme) = match card {
            Some((number, account)) => {
                if !charged.is_zero() {
                    account.may_be_charged()?;
                }
                // A locked or inactive card may lie beside the sale: it takes no part in it.
                let takes_part = account.is_usable() || !charged.is_zero();
                let holder = takes_part.then(|| Holder::Card(number.to_owned()));
                (holder, self.programme(account))
            }
            None => match self.card_to_create(draft) {
                Some(group) => (Some(Holder::New(group.id.clone())), Some(group)),
                None if charged.is_zero() => (None, None),
                None => return Err(Refusal::Card("no valid card to charge")),
            },
        };
        let collected = match (&holder, programme) {
            (Some(_), Some(programme)) => programme::earned(programme, &draft.items, products),
            _ => Earned::default(),
        };
        Ok(Plan { holder, applied, remainder, revenue: total - redeemed, charged, collected })
    }
}
