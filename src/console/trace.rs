//! What the log says of sales: a span per sale, and each of its steps.
//!
//! Owns which sale a call belongs to. Must not report basket, card or amounts.

use tracing::Span;

use crate::till::{Call, Sale, State, Step};

/// The sale at hand and how far it had come when last looked at.
#[derive(Debug, Default)]
pub(super) struct Trace {
    reference: String,
    step: &'static str,
}

impl Trace {
    /// Reports a sale that has begun and a step that was taken.
    pub(super) fn follow(&mut self, sale: &Sale) {
        let step = step(sale);
        if self.reference != sale.reference {
            sale.reference.clone_into(&mut self.reference);
            self.step = "";
        }
        if self.step != step {
            self.step = step;
            span(&self.reference).in_scope(|| tracing::info!(step, "sale"));
        }
    }
}

const fn step(sale: &Sale) -> &'static str {
    match &sale.step {
        Step::Basket(_) => "basket",
        Step::Tender(_) => "tender",
        Step::Paying(_) => "paying",
        Step::Unknown(_) => "unknown",
        Step::Done(_) => "done",
    }
}

fn span(reference: &str) -> Span {
    tracing::info_span!("sale", reference)
}

/// The span of the sale that `call` is made for; none for calls that belong to no sale.
pub(super) fn of_call(state: &State, call: &Call) -> Span {
    let reference = match call {
        Call::Create(body) | Call::Update(_, body) => body.transaction_ref.as_deref(),
        Call::Find(reference) | Call::Siblings(reference) => Some(reference.as_str()),
        Call::PreTransaction(id)
        | Call::Start(id, _)
        | Call::Read(id)
        | Call::Abort(id)
        | Call::Cancel(id)
        | Call::CancelTrx(id, _) => of_transaction(state, id),
        _ => None,
    };
    reference.map_or_else(Span::none, span)
}

fn of_transaction<'a>(state: &'a State, id: &str) -> Option<&'a str> {
    let sales = std::iter::once(&state.sale).chain(&state.unresolved).chain(&state.parked);
    let open = sales.filter_map(|sale| Some((sale.remote.as_ref()?.id.as_str(), &sale.reference)));
    let cancelled = state.cancellations.iter().filter_map(|of| of.whose.sale());
    let finished = cancelled.map(|sale| (sale.id.as_str(), &sale.reference));
    open.chain(finished).find(|(known, _)| *known == id).map(|(_, reference)| reference.as_str())
}
