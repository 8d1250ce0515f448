//! The simulated payment terminal: what comes of a payment, chosen by its amount.
//!
//! A terminal payment blocks for [`crate::sandbox::Options::terminal_latency`]. The cents of what is to be
//! paid there (`missing_sum`, or the sum without an applied card) decide:
//!
//! | amount | what happens | answer |
//! |---|---|---|
//! | …,05 | the bank declines the card | status `failed` |
//! | …,06 | the buyer cancels | status `failed` |
//! | …,07 | no card is presented in time | status `failed` |
//! | any other | the card is accepted | status `ok` |
//!
//! `failed` is an answer with HTTP 200: both slips tell the reason, nothing was booked, and the
//! transaction can be neither started nor changed any more. An abort while the terminal waits
//! stops it: the transaction is `failed`, and so answers the start. Diagnosis, end of day and
//! `canceltrx` block as long and always succeed. A payment can be taken back until the next end of
//! day; after it, `canceltrx` and `cancel` refuse alike. Must not know HTTP, and never waits itself.

use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::Notify;

use crate::money::Money;
use crate::sandbox::clock;
use crate::sandbox::ledger::{Ledger, OfSale, show};
use crate::sandbox::refusal::{Action, Refusal};
use crate::sandbox::store::{Book, Draft, Payment, Settled, Slip, Stage, Task, Verdict};
use crate::sandbox::views::idents;
use crate::sandbox::views::slips::{self, Totals};

/// What the terminal says about a payment of `amount`.
const fn verdict_on(amount: Money) -> Verdict {
    match amount.minor() % 100 {
        5 => Verdict::Declined,
        6 => Verdict::BrokenOff,
        7 => Verdict::TimedOut,
        _ => Verdict::Accepted,
    }
}

/// A payment that a terminal works on.
#[derive(Debug, Clone)]
pub(crate) struct Running {
    /// Notified when the terminal is to stop.
    pub(crate) stop: Arc<Notify>,
    /// What will come of it unless it is stopped.
    pub(crate) verdict: Verdict,
}

impl Ledger {
    /// Reserves the transaction for a terminal payment; [`Ledger::finish_terminal`] must follow.
    pub(crate) fn begin_terminal(&self, id: &str) -> Result<Running, Refusal> {
        let mut book = self.book();
        book.open(id, Action::Start)?;
        let plan = book.plan(id, Payment::Cashless)?;
        let stop = Arc::new(Notify::new());
        let sale = book.open(id, Action::Start)?;
        sale.paying = Some(Arc::clone(&stop));
        // Elsewhere it may have made room for newer ones meanwhile: its end is recorded whole.
        sale.draft.touch();
        Ok(Running { stop, verdict: verdict_on(plan.remainder) })
    }

    /// Settles what the terminal said. The card's balance is checked again: it may have been
    /// spent at another till meanwhile, and then the terminal payment is void.
    pub(crate) fn finish_terminal<T: OfSale>(
        &self,
        id: &str,
        verdict: Verdict,
        at: Timestamp,
    ) -> Result<T, Refusal> {
        let mut book = self.book();
        if let Some(sale) = book.sales.get_mut(id) {
            // Stopped meanwhile: the abort has settled everything.
            if matches!(sale.stage, Stage::Failed(_)) {
                return show(&book, id);
            }
            sale.paying = None;
        }
        book.open(id, Action::Start)?;
        if verdict == Verdict::Accepted {
            book.capture(id, Payment::Cashless, at)?;
        } else {
            book.fail(id, verdict, at)?;
        }
        self.recorded(&mut book, id)
    }

    /// The transaction whose terminal payment has this receipt number and can be taken back.
    pub(crate) fn by_receipt(&self, number: &str) -> Result<String, Refusal> {
        let book = self.book();
        let unknown = || Refusal::not_found("receipt", number);
        let wanted: i64 = number.parse().map_err(|_| unknown())?;
        let found = book.in_order().find(|sale| {
            let slip = sale.settled().and_then(|settled| settled.slip.as_ref());
            slip.is_some_and(|slip| slip.number == wanted)
        });
        let sale = found.ok_or_else(unknown)?;
        match &sale.stage {
            Stage::Ok(_) if wanted <= book.closed => Err(Refusal::Closed),
            Stage::Ok(_) => Ok(sale.id.clone()),
            _ => Err(Refusal::Status { action: Action::Cancel, status: sale.status() }),
        }
    }

    /// Takes back the terminal payment with this receipt number; both receipts stay unchanged.
    pub(crate) fn cancel_receipt<T: OfSale>(
        &self,
        number: &str,
        at: Timestamp,
    ) -> Result<T, Refusal> {
        let id = self.by_receipt(number)?;
        let mut book = self.book();
        let Some(before) = book.sale(&id)?.settled().cloned() else {
            return Err(Refusal::NotReversible);
        };
        book.cancel(&id, at)?;
        if let Some(Stage::Cancelled(settled)) = book.sales.get_mut(&id).map(|sale| &mut sale.stage)
        {
            settled.receipt = before.receipt;
        }
        self.recorded(&mut book, &id)
    }

    /// Whether the terminal of `device` can be asked for a task.
    pub(crate) fn check_terminal(&self, device: &str) -> Result<(), Refusal> {
        let own = self.book().shop.is_own_device(device);
        own.then_some(()).ok_or_else(|| Refusal::not_found("smart.devices", device))
    }

    /// Diagnosis or end of day: a transaction of its own with the report.
    pub(crate) fn task<T: OfSale>(&self, task: Task, at: Timestamp) -> Result<T, Refusal> {
        let mut book = self.book();
        let receipt = match task {
            Task::Diagnosis => slips::diagnosis(at),
            Task::EndOfDay => {
                let totals = book.totals();
                book.closed = book.slips;
                slips::end_of_day(at, totals)
            }
        };
        let id = book.add(Draft { is_demo: false, ..Draft::new() }, at);
        let settled =
            Settled { receipt, task: Some(task), ..Settled::at(clock::iso(at), Vec::new()) };
        if let Some(sale) = book.sales.get_mut(&id) {
            sale.stage = Stage::Ok(settled);
        }
        self.recorded(&mut book, &id)
    }
}

impl Book {
    /// Records a failed payment: two slips with the reason, and no booking.
    pub(crate) fn fail(
        &mut self,
        id: &str,
        verdict: Verdict,
        at: Timestamp,
    ) -> Result<(), Refusal> {
        let sale = self.sale(id)?;
        let amount = sale.missing();
        let idents = idents::all(self, &sale.draft.idents);
        let number = self.slips.saturating_add(1);
        let (receipt, merchant_copy) = slips::payment(number, at, amount, verdict);
        self.open(id, Action::Start)?.stage = Stage::Failed(Settled {
            receipt,
            slip: Some(Slip { number, merchant_copy, amount }),
            method: Some(Payment::Cashless.as_str().to_owned()),
            ..Settled::at(clock::iso(at), idents)
        });
        self.slips = number;
        Ok(())
    }

    /// What the terminal took since the last end of day.
    fn totals(&self) -> Totals {
        let mut totals = Totals::default();
        for sale in self.sales.values() {
            let slip = sale.settled().and_then(|settled| settled.slip.as_ref());
            let Some(slip) = slip.filter(|slip| slip.number > self.closed) else { continue };
            match sale.stage {
                Stage::Ok(_) => {
                    totals.payments += 1;
                    totals.sum += slip.amount;
                }
                Stage::Cancelled(_) => totals.cancelled += 1,
                _ => {}
            }
        }
        totals
    }
}
