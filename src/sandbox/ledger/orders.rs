//! Remote payments and orders: `prepare`, their start, and `setDelivery`.
//!
//! Where the documents are silent: `prepare` of a remote payment is authorised at once (status
//! `approved`) and can be changed until it is started; the start of an order makes it `received`,
//! or `collection` with a code when the buyer fetches it; `setDelivery` makes it `shipped` or
//! `collected`. A sale of `debit` or `prepaid` stays `pending`: the money never arrives here.

use jiff::Timestamp;
use serde_json::Value;

use crate::sandbox::clock;
use crate::sandbox::ledger::{Ledger, OfSale};
use crate::sandbox::refusal::{Action, Refusal};
use crate::sandbox::request::node::Node;
use crate::sandbox::store::{Draft, Payment, Progress, Remote, Stage, Tracked};

/// How far a sale is right after `method` has paid it.
pub(crate) fn progress(method: Payment, draft: &Draft) -> Progress {
    match method {
        _ if draft.is_order() && draft.is_fetched() => Progress::Collection,
        _ if draft.is_order() => Progress::Received,
        Payment::Remote(Remote::Debit | Remote::Prepaid) => Progress::Pending,
        _ => Progress::Done,
    }
}

impl Ledger {
    /// Authorises a remote payment; `body` may name customer and container.
    pub(crate) fn prepare<T: OfSale>(
        &self,
        id: &str,
        method: Remote,
        body: &Value,
    ) -> Result<T, Refusal> {
        let mut book = self.book();
        let draft = Draft::clone(&book.open(id, Action::Start)?.draft).prepared(body)?;
        book.plan(id, Payment::Remote(method))?;
        let sale = book.open(id, Action::Start)?;
        sale.draft = Tracked::new(draft);
        sale.stage = Stage::Approved { method, applied: sale.applied().cloned() };
        self.recorded(&mut book, id)
    }

    /// Pays by a remote method without `prepare`, or by another one than was prepared; `body` may
    /// name customer and container.
    pub(crate) fn start_remote<T: OfSale>(
        &self,
        id: &str,
        method: Remote,
        body: &Value,
        at: Timestamp,
    ) -> Result<T, Refusal> {
        let mut book = self.book();
        let sale = book.open(id, Action::Start)?;
        let draft = Draft::clone(&sale.draft).prepared(body)?;
        let former = std::mem::replace(&mut sale.draft, Tracked::new(draft));
        match book.capture(id, Payment::Remote(method), at) {
            Ok(()) => self.recorded(&mut book, id),
            Err(refusal) => {
                book.open(id, Action::Start)?.draft = former;
                Err(refusal)
            }
        }
    }

    /// Notes how a paid order is delivered.
    pub(crate) fn set_delivery<T: OfSale>(
        &self,
        id: &str,
        body: &Value,
        at: Timestamp,
    ) -> Result<T, Refusal> {
        let options = Node::body(body).required("delivery_options")?.map()?.clone();
        let mut book = self.book();
        let status = book.sale(id)?.status();
        let refused = Refusal::Status { action: Action::Deliver, status };
        let Some(sale) = book.sales.get_mut(id) else { return Err(refused) };
        let Stage::Ok(settled) = &mut sale.stage else { return Err(refused) };
        settled.progress = match settled.progress {
            Progress::Received | Progress::Shipped => Progress::Shipped,
            Progress::Collection | Progress::Collected => Progress::Collected,
            Progress::Done | Progress::Pending => return Err(refused),
        };
        settled.updated = clock::iso(at);
        sale.draft.deliver(options);
        self.recorded(&mut book, id)
    }
}
