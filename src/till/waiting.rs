//! The waiters: one table, from the number of a call to the part of the till that waits for its
//! answer.
//!
//! Owns the decision whether a waiter still waits. A call that is not in the table was answered or
//! given up: its answer is stale. Must not know what an answer does.

use serde::{Deserialize, Serialize};

use super::outcome::{Abandoned, Abort, Inquiry, NextQuestion, Paying};
use super::overlay::CodeEntry;
use super::pairing::{NextPoll, Pairing, Waiting};
use super::sale::{CallKind, Sale, Step, Work};
use super::{CallId, CancelStep, Command, NextCancel, State};
use crate::money::Money;
use crate::wire::TerminalJob;

/// What waits for an answer, with the data that is needed to handle it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Waiter {
    /// The check of the connection.
    Connect,
    /// The sale at hand, on its way to a goal: [`Step::Basket`].
    Sale,
    /// The payment of the sale at hand: [`Step::Paying`].
    Start,
    /// The cashier's wish to break that payment off.
    AbortPayment,
    /// The inquiry of a sale at hand or detached.
    Inquiry {
        /// The sale's reference.
        sale: String,
        /// [`CallKind::Read`] or [`CallKind::Abort`].
        kind: CallKind,
    },
    /// A cancellation.
    Cancellation {
        /// The transaction, `STX_…`.
        id: String,
        /// [`CallKind::Cancel`] or [`CallKind::Read`].
        kind: CallKind,
    },
    /// A transaction being given up; it stands in [`State::abandoned`].
    Release {
        /// The transaction.
        abandoned: Abandoned,
        /// [`CallKind::Abort`], [`CallKind::Find`] or [`CallKind::Read`].
        kind: CallKind,
    },
    /// The pairing: its code or a poll.
    Pairing,
    /// A job of the terminal.
    Terminal(TerminalJob),
    /// The next rows of the server's list.
    Rows,
    /// The selected row of that list.
    Row,
    /// The look-up of a card.
    Card,
    /// Why that card is locked.
    CardLock,
    /// A code of a card.
    Code(CodeEntry),
    /// The overlay that shows the list of this command.
    Fetch(Command),
    /// The faults of the sandbox.
    Faults,
    /// The cancellation of a listed transaction, which may be a sale of this till.
    CancelListed {
        /// `STX_…`.
        id: String,
        /// What it came to.
        sum: Money,
        /// How it is cancelled if it is not of this till.
        step: CancelStep,
        /// Its loyalty transactions.
        booked: usize,
    },
}

impl Waiter {
    /// True where the journal answers: that says nothing of the server.
    pub(super) fn is_local(&self) -> bool {
        matches!(self, Self::Fetch(Command::History) | Self::CancelListed { .. })
    }
}

/// A call on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Awaited {
    /// Its number.
    pub call: CallId,
    /// When it was sent, ms.
    pub since: u64,
    /// What waits for its answer.
    pub waiter: Waiter,
}

/// The calls on their way, the oldest first; at most [`super::bounds::CALLS`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Waiters(Vec<Awaited>);

impl Waiters {
    /// All calls on their way.
    pub fn iter(&self) -> impl Iterator<Item = &Awaited> {
        self.0.iter()
    }

    /// True if `is` holds for one of the waiters.
    #[must_use]
    pub fn any(&self, is: impl Fn(&Waiter) -> bool) -> bool {
        self.0.iter().any(|awaited| is(&awaited.waiter))
    }

    /// `waiter` waits for `call`, sent at `since`, ms. A call that the same waiter waited for
    /// before is given up.
    pub fn add(&mut self, call: CallId, since: u64, waiter: Waiter) {
        self.0.retain(|awaited| awaited.waiter != waiter);
        self.0.push(Awaited { call, since, waiter });
    }

    /// Removes the waiter of `call`.
    pub(super) fn take(&mut self, call: CallId) -> Option<Waiter> {
        let at = self.0.iter().position(|awaited| awaited.call == call)?;
        Some(self.0.remove(at).waiter)
    }
}

impl State {
    /// Gives up the calls whose waiters are gone.
    pub(super) fn give_up_calls(&mut self) {
        let mut waiting = std::mem::take(&mut self.waiting);
        waiting.0.retain(|awaited| self.still_waits(&awaited.waiter));
        self.waiting = waiting;
    }

    /// True while `waiter` is there and waits: the one place that decides it.
    pub(super) fn still_waits(&self, waiter: &Waiter) -> bool {
        match waiter {
            Waiter::Connect
            | Waiter::Release { .. }
            | Waiter::Code(_)
            | Waiter::Faults
            | Waiter::CancelListed { .. } => true,
            Waiter::Sale => matches!(self.sale.step, Step::Basket(Some(_))),
            Waiter::Start => matches!(self.sale.step, Step::Paying(_)),
            Waiter::AbortPayment => {
                matches!(self.sale.step, Step::Paying(Paying { abort: Abort::Asked, .. }))
            }
            Waiter::Inquiry { sale, .. } => {
                let mut sales = std::iter::once(&self.sale).chain(&self.unresolved);
                sales.any(|of| of.reference == *sale && of.is_asked_after())
            }
            Waiter::Cancellation { id, .. } => {
                self.cancellations.iter().any(|of| of.id == *id && of.next == NextCancel::Asked)
            }
            Waiter::Pairing => matches!(
                self.pairing,
                Some(Pairing::Asking | Pairing::Waiting(Waiting { next: NextPoll::Asked, .. }))
            ),
            Waiter::Terminal(_) => self.terminal_works(),
            Waiter::Rows | Waiter::Row | Waiter::Card | Waiter::CardLock | Waiter::Fetch(_) => {
                self.overlays.iter().any(|overlay| overlay.layer().awaits(waiter))
            }
        }
    }

    /// True while the panels count the seconds of a call.
    pub(super) fn counts_seconds(&self) -> bool {
        self.waiting.any(|waiter| match waiter {
            Waiter::Connect
            | Waiter::Sale
            | Waiter::Start
            | Waiter::Cancellation { .. }
            | Waiter::Code(_) => true,
            // An inquiry counts with the step of its sale, an overlay by itself; of the others no
            // seconds are shown.
            _ => false,
        })
    }

    /// The call that the cashier waits for, and since when, ms: of the sale at hand, of a card's
    /// code, of the connection, of a cancellation, in this order.
    #[must_use]
    pub fn awaited(&self) -> Option<(CallKind, u64)> {
        let shown = |waiter: &Waiter| match (waiter, &self.sale.step) {
            (Waiter::Sale, Step::Basket(Some(Work { kind, .. }))) => Some((0, *kind)),
            (Waiter::Inquiry { sale, kind }, _) if *sale == self.sale.reference => Some((0, *kind)),
            (Waiter::Code(_), _) => Some((1, CallKind::Check)),
            (Waiter::Connect, _) => Some((2, CallKind::Connect)),
            (Waiter::Cancellation { kind, .. }, _) => Some((3, *kind)),
            _ => None,
        };
        let calls = self.waiting.iter();
        let calls = calls.filter_map(|call| Some((shown(&call.waiter)?, call.since)));
        calls.min_by_key(|((rank, _), _)| *rank).map(|((_, kind), since)| (kind, since))
    }

    /// The code of a card that is being checked.
    #[must_use]
    pub fn checking(&self) -> Option<&CodeEntry> {
        self.waiting.iter().find_map(|awaited| match &awaited.waiter {
            Waiter::Code(entry) => Some(entry),
            _ => None,
        })
    }
}

impl Sale {
    /// True while the server is being asked what became of the payment.
    const fn is_asked_after(&self) -> bool {
        matches!(self.step, Step::Unknown(Inquiry { next: NextQuestion::Asked, .. }))
    }

    /// True while an answer for the basket or the inquiry of this sale is awaited.
    #[must_use]
    pub const fn is_waiting(&self) -> bool {
        matches!(self.step, Step::Basket(Some(_))) || self.is_asked_after()
    }
}
