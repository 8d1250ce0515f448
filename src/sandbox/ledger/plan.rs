//! What a start will do, decided in full before anything is done.
//!
//! Reads the balances of this very moment. Must not change anything.

use crate::money::{Money, spread};
use crate::sandbox::amounts::programme::{self, Earned};
use crate::sandbox::amounts::{basket, bonus};
use crate::sandbox::refusal::Refusal;
use crate::sandbox::store::{Applied, Book, Draft, Payment};

/// The outcome of a start, before it happens.
pub(crate) struct Plan {
    /// The card that takes part, if there is one.
    pub(crate) card: Option<SaleCard>,
    pub(crate) applied: Option<Applied>,
    /// What is paid otherwise than with the card.
    pub(crate) remainder: Money,
    pub(crate) revenue: Money,
    pub(crate) charged: Money,
    pub(crate) collected: Earned,
}

/// The card that takes part in a sale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SaleCard {
    /// The number of a card that exists.
    Existing(String),
    /// The programme (`CRG_…`) of a card that the sale creates.
    New(String),
}

impl Book {
    /// What the card can pay of the sale. Its balance pays ordinary articles but no charge: money
    /// moved from a card onto the same card would be a payment of nothing.
    pub(crate) fn applied_to(&self, draft: &Draft) -> Result<Applied, Refusal> {
        if draft.items.is_empty() {
            return Err(Refusal::NothingToPay);
        }
        let account = self.card_of(draft).ok_or(Refusal::Card("no valid card"))?;
        account.may_spend()?;
        let named = self.programme(account).map_or(&[][..], |group| &group.bonus_products);
        let total = basket::total(&draft.items);
        let payable = basket::payable(&draft.items).clamp(Money::ZERO, total);
        let balance = account.balance();
        let cash = balance.cash.min(payable);
        let bonus = balance.bonus.min(payable - cash);
        let parts = spread(bonus, &basket::by_rate(&draft.items));
        Ok(Applied {
            cash,
            bonus,
            missing: total - cash - bonus,
            products: bonus::products(&parts, basket::highest_id(&draft.items), named),
        })
    }

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
            let account = card.ok_or(Refusal::Card("no valid card"))?;
            account.may_spend()?;
            let balance = account.balance();
            if balance.cash < applied.cash || balance.bonus < applied.bonus {
                return Err(Refusal::Insufficient);
            }
        }
        let redeemed = applied.as_ref().map_or(Money::ZERO, |applied| applied.bonus);
        let products = applied.as_ref().map_or(&[][..], |applied| &applied.products);
        let charged = basket::charge(&draft.items);
        let (taking_part, programme) = match card {
            Some(account) => {
                if !charged.is_zero() {
                    account.may_be_charged()?;
                }
                // A locked or inactive card may lie beside the sale: it takes no part in it.
                let takes_part = account.is_usable() || !charged.is_zero();
                let taking_part =
                    takes_part.then(|| SaleCard::Existing(account.number().to_owned()));
                (taking_part, self.programme(account))
            }
            None => match self.card_to_create(draft) {
                Some(group) => (Some(SaleCard::New(group.id.clone())), Some(group)),
                None if charged.is_zero() => (None, None),
                None => return Err(Refusal::Card("no valid card to charge")),
            },
        };
        let collected = match (&taking_part, programme) {
            (Some(_), Some(programme)) => programme::earned(programme, &draft.items, products),
            _ => Earned::default(),
        };
        Ok(Plan {
            card: taking_part,
            applied,
            remainder,
            revenue: total - redeemed,
            charged,
            collected,
        })
    }
}
