//! `start` and `cancel`: the two steps that move money.
//!
//! `start` plans against the balances of this very moment, and books under the same lock. Must
//! not be the place where prices, sums or splits are computed.

use jiff::Timestamp;

use crate::money::Money;
use crate::wire::{StartMethod, Transaction};

use super::account::Balance;
use super::booking::{Booking, Kind};
use super::ledger::{Book, Ledger};
use super::programme::{self, Earned};
use super::receipt::{self, Loyalty};
use super::refusal::{Action, Refusal};
use super::sale::{self, Applied, Settled, Slip, Stage};
use super::{basket, clock};

/// Everything that a start will do, decided before anything is done.
struct Plan {
    /// The usable card, if there is one.
    card: Option<String>,
    applied: Option<Applied>,
    /// What is paid otherwise than with the card.
    remainder: Money,
    revenue: Money,
    charged: Money,
    collected: Earned,
}

impl Ledger {
    /// Pays with cash or with the card alone: checks, books and settles in one step.
    pub(super) fn start(
        &self,
        id: &str,
        method: StartMethod,
        at: Timestamp,
    ) -> Result<Transaction, Refusal> {
        let mut book = self.book();
        book.open(id, Action::Start)?;
        let paid = book.capture(id, method, at)?;
        self.record(&mut book, id)?;
        Ok(paid)
    }

    /// Reserves the transaction for a terminal payment; [`Ledger::finish_terminal`] must follow.
    pub(super) fn begin_terminal(&self, id: &str) -> Result<(), Refusal> {
        let mut book = self.book();
        book.open(id, Action::Start)?;
        book.plan(id, StartMethod::Cashless)?;
        book.open(id, Action::Start)?.paying = true;
        Ok(())
    }

    /// Settles what the terminal approved. The card's balance is checked again: it may have been
    /// spent elsewhere meanwhile, and then the terminal payment is void.
    pub(super) fn finish_terminal(&self, id: &str, at: Timestamp) -> Result<Transaction, Refusal> {
        let mut book = self.book();
        if let Some(sale) = book.sales.get_mut(id) {
            sale.paying = false;
        }
        book.open(id, Action::Start)?;
        let paid = book.capture(id, StartMethod::Cashless, at)?;
        self.record(&mut book, id)?;
        Ok(paid)
    }

    /// Reverses a paid transaction with all its bookings.
    pub(super) fn cancel(&self, id: &str, at: Timestamp) -> Result<Transaction, Refusal> {
        let mut book = self.book();
        let cancelled = book.cancel(id, at)?;
        self.record(&mut book, id)?;
        Ok(cancelled)
    }
}

impl Book {
    fn plan(&self, id: &str, method: StartMethod) -> Result<Plan, Refusal> {
        let sale = self.sale(id)?;
        let draft = &sale.draft;
        if draft.items.is_empty() {
            return Err(Refusal::NothingToPay);
        }
        let applied = match (&sale.stage, method) {
            (Stage::Processing(applied), _) => Some(applied.clone()),
            // The vendor's demos pay with the card alone without applying it first.
            (_, StartMethod::Loyalty) => Some(self.applied_to(draft)?),
            _ => None,
        };
        let total = basket::total(&draft.items);
        let remainder = applied.as_ref().map_or(total, |applied| applied.missing);
        match method {
            StartMethod::Loyalty if !remainder.is_zero() => {
                return Err(Refusal::Remainder(remainder));
            }
            StartMethod::Cashless if remainder.is_zero() => return Err(Refusal::NothingToPay),
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
        let charged = basket::charge(&draft.items);
        if !charged.is_zero() {
            let (_, account) = card.ok_or(Refusal::Card("no valid card to charge"))?;
            account.may_be_charged()?;
        }
        // A locked or inactive card may lie beside the sale: it takes no part in it.
        let card = card.filter(|(_, account)| account.is_usable() || !charged.is_zero());
        let redeemed = applied.as_ref().map_or(Money::ZERO, |applied| applied.bonus);
        let products = applied.as_ref().map_or(&[][..], |applied| &applied.products);
        let programme = card.and_then(|(_, account)| self.programme(account));
        Ok(Plan {
            remainder,
            revenue: total - redeemed,
            charged,
            collected: programme.map_or_else(Earned::default, |programme| {
                programme::earned(programme, &draft.items, products)
            }),
            card: card.map(|(number, _)| number.to_owned()),
            applied,
        })
    }

    pub(super) fn capture(
        &mut self,
        id: &str,
        method: StartMethod,
        at: Timestamp,
    ) -> Result<Transaction, Refusal> {
        let plan = self.plan(id, method)?;
        let updated = clock::iso(at);
        let mut settled = Settled {
            updated: updated.clone(),
            applied: plan.applied.clone(),
            idents: Vec::new(),
            bookings: Vec::new(),
            receipt: Vec::new(),
            slip: None,
            change: None,
        };
        if let Some(number) = &plan.card {
            let paid = plan.applied.clone().unwrap_or_default();
            let change = Balance {
                cash: plan.charged - paid.cash,
                bonus: plan.collected.bonus - paid.bonus,
                points: plan.collected.points,
            };
            // A sale of nothing but a charge is one.
            let (kind, amount) = match plan.charged {
                charged if !charged.is_zero() && charged == plan.revenue => (Kind::Charge, charged),
                _ => (Kind::Sale, plan.revenue),
            };
            let booking = Booking {
                transaction: id.to_owned(),
                ..self.book_on(number, kind, change, amount, at)?
            };
            let points = self.points_of(number);
            if let Some(account) = self.accounts.get_mut(number) {
                account.touch(&updated, !plan.charged.is_zero());
            }
            settled.receipt = receipt::loyalty(&Loyalty {
                card: number.clone(),
                code: booking.code.clone(),
                paid: paid.cash + paid.bonus,
                revenue: plan.revenue,
                charged: plan.charged,
                points,
                collected: plan.collected.bonus,
                balance: booking.balance,
            });
            settled.bookings.push(booking.id.clone());
            self.bookings.push(booking);
            settled.change = Some((number.clone(), change));
        }
        if method == StartMethod::Cashless {
            self.slips = self.slips.saturating_add(1);
            let (customer, merchant_copy) = receipt::terminal(self.slips, at, plan.remainder);
            settled.receipt.extend(customer);
            settled.slip = Some(Slip { number: self.slips, merchant_copy });
        }
        settled.idents = sale::idents(&self.sale(id)?.draft.idents, &self.accounts);
        self.open(id, Action::Start)?.stage = Stage::Ok(settled);
        self.shown(id)
    }

    fn cancel(&mut self, id: &str, at: Timestamp) -> Result<Transaction, Refusal> {
        let sale = self.sale(id)?;
        let Stage::Ok(settled) = &sale.stage else {
            return Err(Refusal::Status { action: Action::Cancel, status: sale.status() });
        };
        let (amount, mut settled) = (sale.sum(), settled.clone());
        settled.updated = clock::iso(at);
        settled.receipt = Vec::new();
        if let Some((number, change)) = settled.change.take() {
            let back = Balance { cash: -change.cash, bonus: -change.bonus, points: -change.points };
            let booking = Booking {
                transaction: id.to_owned(),
                cancels: settled.bookings.last().cloned(),
                ..self.book_on(&number, Kind::Reversal, back, amount, at)?
            };
            let points = self.points_of(&number);
            settled.receipt = receipt::reversal(&booking, at, points);
            settled.bookings.push(booking.id.clone());
            self.bookings.push(booking);
        }
        settled.idents = sale::idents(&self.sale(id)?.draft.idents, &self.accounts);
        if let Some(sale) = self.sales.get_mut(id) {
            sale.stage = Stage::Cancelled(settled);
        }
        self.shown(id)
    }

    /// What a receipt says about points, nothing in a programme without them.
    pub(super) fn points_of(&self, number: &str) -> Option<i64> {
        let account = self.accounts.get(number)?;
        let group = self.programme(account)?;
        (group.points_per_euro > 0).then(|| account.balance().points)
    }
}
