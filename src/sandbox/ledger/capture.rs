//! `start` and `cancel`: the two steps that move money.
//!
//! `start` plans against the balances of this very moment (`plan`), and books under the same lock.
//! Must not be the place where prices, sums or splits are computed.

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::sandbox::clock;
use crate::sandbox::ledger::plan::SaleCard;
use crate::sandbox::ledger::{Ledger, OfSale, orders};
use crate::sandbox::refusal::{Action, Refusal};
use crate::sandbox::store::{
    Balance, Book, Booking, Kind, Payment, Progress, Settled, Slip, Stage, Verdict,
};
use crate::sandbox::views::receipt::{self, Loyalty};
use crate::sandbox::views::{idents, slips};

impl Ledger {
    /// Pays in one step: checks, books and settles. Not for the simulated terminal.
    pub(crate) fn start<T: OfSale>(
        &self,
        id: &str,
        method: impl Into<Payment>,
        at: Timestamp,
    ) -> Result<T, Refusal> {
        let mut book = self.book();
        book.open(id, Action::Start)?;
        book.capture(id, method.into(), at)?;
        self.recorded(&mut book, id)
    }

    /// Pays as `prepare` has authorised it.
    pub(crate) fn start_prepared<T: OfSale>(&self, id: &str, at: Timestamp) -> Result<T, Refusal> {
        let mut book = self.book();
        let sale = book.open(id, Action::Start)?;
        let Stage::Approved { method, .. } = sale.stage else { return Err(Refusal::NotPrepared) };
        book.capture(id, Payment::Remote(method), at)?;
        self.recorded(&mut book, id)
    }

    /// Reverses a paid transaction with all its bookings.
    pub(crate) fn cancel<T: OfSale>(&self, id: &str, at: Timestamp) -> Result<T, Refusal> {
        let mut book = self.book();
        book.cancel(id, at)?;
        self.recorded(&mut book, id)
    }
}

impl Book {
    /// Books and settles a sale that is still open.
    pub(crate) fn capture(
        &mut self,
        id: &str,
        method: Payment,
        at: Timestamp,
    ) -> Result<(), Refusal> {
        let updated = clock::iso(at);
        let mut settled = if method == Payment::Demo {
            let idents = idents::all(self, &self.sale(id)?.draft.idents);
            Settled { receipt: receipt::demo(), ..Settled::at(updated, idents) }
        } else {
            self.pay(id, method, at)?
        };
        settled.method = Some(method.as_str().to_owned());
        settled.progress = orders::progress(method, &self.sale(id)?.draft);
        // Drawn only where it is shown: ids must not depend on what a sale is not.
        let code = match settled.progress {
            Progress::Collection => Some(self.ids.booking_code()),
            _ => None,
        };
        let sale = self.open(id, Action::Start)?;
        if let Some(code) = code {
            sale.draft.deliver(Map::from_iter([("code".to_owned(), Value::from(code))]));
        }
        // It is kept for long, and grew line by line.
        settled.receipt.shrink_to_fit();
        sale.stage = Stage::Ok(settled);
        Ok(())
    }

    /// Moves the money of a sale, or none of it.
    fn pay(&mut self, id: &str, method: Payment, at: Timestamp) -> Result<Settled, Refusal> {
        let plan = self.plan(id, method)?;
        let updated = clock::iso(at);
        let mut settled = Settled::at(updated.clone(), Vec::new());
        let paid = plan.applied.clone().unwrap_or_default();
        settled.applied = plan.applied;
        let change = Balance {
            cash: plan.charged - paid.cash,
            bonus: plan.collected.bonus - paid.bonus,
            points: plan.collected.points,
        };
        let (card, new) = match plan.card {
            Some(SaleCard::Existing(number)) => (Some(number), None),
            Some(SaleCard::New(group)) => {
                let number = self.create_card(&group, change, at)?;
                (Some(number.clone()), Some(number))
            }
            None => (None, None),
        };
        if let Some(number) = card {
            // A sale of nothing but a charge is one.
            let (kind, amount) = match plan.charged {
                charged if !charged.is_zero() && charged == plan.revenue => (Kind::Charge, charged),
                _ => (Kind::Sale, plan.revenue),
            };
            let booking = Booking {
                transaction: id.to_owned(),
                ..self.book_on(&number, kind, change, amount, at)?
            };
            if let Some(account) = self.accounts.get_mut(&number) {
                account.touch(&updated, !plan.charged.is_zero());
            }
            let points = self.points_of(&number);
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
            settled.change = Some((number, change));
        }
        if method == Payment::Cashless {
            self.slips = self.slips.saturating_add(1);
            let (number, amount) = (self.slips, plan.remainder);
            let (customer, merchant_copy) = slips::payment(number, at, amount, Verdict::Accepted);
            settled.receipt.extend(customer);
            settled.slip = Some(Slip { number, merchant_copy, amount });
        }
        settled.idents = idents::paid(self, &self.sale(id)?.draft.idents, new.as_deref());
        Ok(settled)
    }

    /// Adds an empty card of the programme `group`, provided that it can take `change`.
    fn create_card(
        &mut self,
        group: &str,
        change: Balance,
        at: Timestamp,
    ) -> Result<String, Refusal> {
        let group = self.group(group)?.clone();
        let ids = self.ids.clone();
        let number = self.issue(&group, at)?;
        let new = self.accounts.get(&number).cloned();
        if let Err(refusal) = new.map_or(Ok(()), |mut account| account.book(change)) {
            // A refused start changes nothing, not even the ids to come.
            self.accounts.remove(&number);
            self.changed_cards.remove(&number);
            self.ids = ids;
            return Err(refusal);
        }
        Ok(number)
    }

    pub(crate) fn cancel(&mut self, id: &str, at: Timestamp) -> Result<(), Refusal> {
        let sale = self.sale(id)?;
        let Stage::Ok(settled) = &sale.stage else {
            return Err(Refusal::Status { action: Action::Cancel, status: sale.status() });
        };
        if settled.task.is_some() {
            return Err(Refusal::NotReversible);
        }
        if settled.slip.as_ref().is_some_and(|slip| slip.number <= self.closed) {
            return Err(Refusal::Closed);
        }
        let (amount, mut settled) = (sale.sum(), settled.clone());
        settled.updated = clock::iso(at);
        settled.receipt = Vec::new();
        let created = settled.change.as_ref().map(|(number, _)| number.clone());
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
        settled.idents = idents::paid(self, &self.sale(id)?.draft.idents, created.as_deref());
        if let Some(sale) = self.sales.get_mut(id) {
            sale.stage = Stage::Cancelled(settled);
        }
        Ok(())
    }
}
