//! The till's state: everything the console shows and decides by.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::cancellation::{CancelStep, CancelTarget, Cancellation};
use super::card::SaleCard;
use super::outcome::{Abandoned, Finished, ReleaseRetry};
use super::overlay::{Listed, Overlay, Overlays, PinPrompt, PinPurpose};
use super::sale::{Sale, Step};
use super::screen::Entry;
use super::terminal::TerminalRun;
use super::{Access, CallId, MissingEnd, Notice, Pairing, Press, Role, ServerKind, Tries, Waiters};
use crate::shop::CardNumber;
use crate::wire::DownReason;

/// Everything the console shows and decides by. Times are ms of one monotonic clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// The sale at hand.
    pub sale: Sale,
    /// What is being typed or scanned, and the multiplier before it. Never kept anywhere: it may
    /// hold the track of a card.
    #[serde(skip)]
    pub entry: Entry,
    /// What lies over the panels, the topmost last.
    pub overlays: Overlays,
    /// The line for the cashier.
    pub notice: Option<Notice>,
    /// Errors that nobody has dismissed yet, behind the one in `notice`, the oldest first.
    pub more_errors: Vec<Notice>,
    /// The amount due is on the screen: only then may it be paid.
    pub due_shown: bool,
    /// Since when it is, ms.
    pub due_since: u64,
    /// The terminal is smaller than a till needs: nothing of it is seen, and nothing acts.
    pub too_small: bool,
    /// The last press of a key that decides something.
    pub press: Option<Press>,
    /// How the server was when last heard of.
    pub link: Link,
    /// Whether the server is a sandbox.
    pub server: ServerKind,
    /// The shop's name as the server gave it.
    pub merchant: Option<String>,
    /// Sales put aside, the oldest first.
    pub parked: Vec<Sale>,
    /// Sales whose payment has no known outcome, asked after while others are sold.
    pub unresolved: Vec<Sale>,
    /// A sale was paid at this till: there is a history.
    pub has_sold: bool,
    /// Transactions on the server that nobody needs any more.
    pub abandoned: Vec<Abandoned>,
    /// When the next one is tried.
    pub release_retry: ReleaseRetry,
    /// Cancellations of paid sales, under way or without a known outcome, the oldest first.
    pub cancellations: Vec<Cancellation>,
    /// Receipts that the printer has not taken, as it was last heard of.
    pub unprinted: usize,
    /// What the terminal was asked for last, besides payments.
    pub terminal: Option<TerminalRun>,
    /// Why nothing can be sold: the journal does not take records any more.
    pub stopped: Option<String>,
    /// The end of the journal may be missing, and nobody has said yet to go on: no key sells.
    pub missing_end: Option<MissingEnd>,
    /// The disk is slow: since when a record is waited for, ms. No money step begins meanwhile.
    pub saving: Option<u64>,
    /// The day on which is sold, in local time: the VAT rates of that day count.
    #[serde(default)]
    pub today: Date,
    /// Clock of the last event.
    pub now: u64,
    /// When the loop must send a [`super::Event::Tick`] at the latest.
    pub wake_at: Option<u64>,
    /// Who works at the till.
    #[serde(default)]
    pub role: Role,
    /// Wrong PINs so far.
    pub tries: Tries,
    /// The card swiped last and when, to take a double swipe as one.
    pub last_swipe: Option<(CardNumber, u64)>,
    /// Makes references of sales unique: given at start.
    pub session: String,
    /// Sales begun so far.
    pub sales: u64,
    /// Calls made so far.
    pub calls: u64,
    /// The calls on their way, each with its waiter.
    pub waiting: Waiters,
    /// Faults switched on in the sandbox.
    pub faults: Vec<String>,
    /// Where pairing stands; `None`: the till is paired, or has not heard that it is not.
    pub pairing: Option<Pairing>,
}

/// How the server was when last heard of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Link {
    /// Not heard of yet.
    Unheard,
    /// It answered.
    Up,
    /// It did not.
    Down(DownReason),
}

impl ServerKind {
    /// The kind of a server that says whether it is a sandbox.
    #[must_use]
    pub const fn of(sandbox: bool) -> Self {
        if sandbox { Self::Sandbox } else { Self::Live }
    }
}

impl State {
    /// A till at its start. `session` makes references unique and must never be used twice.
    #[must_use]
    pub fn new(session: impl Into<String>, server: ServerKind, now: u64) -> Self {
        let session = session.into();
        let mut state = Self {
            sale: Sale::blank(String::new()),
            entry: Entry::default(),
            overlays: Overlays::default(),
            notice: None,
            more_errors: Vec::new(),
            due_shown: false,
            due_since: 0,
            too_small: false,
            press: None,
            link: Link::Unheard,
            server,
            merchant: None,
            parked: Vec::new(),
            unresolved: Vec::new(),
            has_sold: false,
            abandoned: Vec::new(),
            release_retry: ReleaseRetry::default(),
            cancellations: Vec::new(),
            unprinted: 0,
            terminal: None,
            stopped: None,
            missing_end: None,
            saving: None,
            faults: Vec::new(),
            today: Date::default(),
            now,
            wake_at: None,
            role: Role::default(),
            tries: Tries::default(),
            last_swipe: None,
            session,
            sales: 0,
            calls: 0,
            waiting: Waiters::default(),
            pairing: None,
        };
        state.sale = state.blank_sale();
        state
    }

    /// A new, empty sale with the next reference.
    pub(super) fn blank_sale(&mut self) -> Sale {
        self.sales += 1;
        Sale::blank(format!("{}-{}", self.session, self.sales))
    }

    /// The number of the next call.
    pub(super) fn next_call(&mut self) -> CallId {
        self.calls += 1;
        CallId(self.calls)
    }

    /// The sale at hand, if it is paid.
    #[must_use]
    pub fn finished(&self) -> Option<&Finished> {
        match &self.sale.step {
            Step::Done(finished) => Some(finished),
            _ => None,
        }
    }

    /// Makes a change of a paid sale, at hand or shown in an overlay.
    pub(super) fn change_finished(&mut self, reference: &str, change: impl Fn(&mut Finished)) {
        if let Step::Done(finished) = &mut self.sale.step
            && finished.reference == reference
        {
            change(finished);
        }
        self.overlays.change_sale(reference, &change);
    }

    /// Whether the exchanges with the server are on the screen: only then is it drawn anew for
    /// them.
    #[must_use]
    pub fn is_inspecting(&self) -> bool {
        self.overlays.iter().any(|overlay| matches!(overlay, Overlay::Wire(_)))
    }

    /// The transaction that the server's list highlights, while it or what belongs to it is open.
    #[must_use]
    pub fn listed(&self) -> Option<&Listed> {
        self.overlays.iter().find_map(|overlay| match overlay {
            Overlay::Transactions(listing) => listing.current(),
            _ => None,
        })
    }

    /// Asks what became of a cancellation that was under way when the program ended.
    pub(super) fn ask_after_cancel(
        &mut self,
        whose: CancelTarget,
        id: String,
        step: CancelStep,
        now: u64,
    ) {
        self.cancellations.push(Cancellation::asked_after(whose, id, step, now));
    }

    /// Begins locked where a PIN guards the till: a new log-in is no way around the lock.
    pub fn begin_locked(&mut self, access: Access) {
        if access != Access::Free {
            self.overlays.cover(Overlay::Pin(PinPrompt::new(PinPurpose::Unlock)));
        }
    }

    /// True while the terminal is at a job that it was asked for.
    #[must_use]
    pub fn terminal_works(&self) -> bool {
        self.terminal.as_ref().is_some_and(TerminalRun::is_at_work)
    }

    /// Payments and cancellations without a known outcome.
    #[must_use]
    pub fn open_outcomes(&self) -> usize {
        let at_hand = matches!(self.sale.step, Step::Unknown(_));
        usize::from(at_hand) + self.unresolved.len() + self.cancellations.len()
    }

    /// True while a PIN is being typed: nobody may keep or show the keys of this moment.
    #[must_use]
    pub fn asks_pin(&self) -> bool {
        matches!(self.overlays.last(), Some(Overlay::Pin(_)))
    }

    /// True while a PIN or a code of a card is being typed: no key of this moment is recorded.
    #[must_use]
    pub fn asks_secret(&self) -> bool {
        self.asks_pin() || self.overlays.last().is_some_and(Overlay::is_code)
    }

    /// True while a code of a card is being typed, perhaps under the lock.
    #[must_use]
    pub fn types_code(&self) -> bool {
        self.overlays.iter().any(Overlay::is_code)
    }

    /// True while the screen is locked.
    #[must_use]
    pub fn is_locked(&self) -> bool {
        self.overlays.iter().any(Overlay::is_lock)
    }

    /// True while the outcome of a payment with this card is not known.
    #[must_use]
    pub fn is_card_blocked(&self, card: &SaleCard) -> bool {
        let paying = self.unresolved.iter().filter_map(|sale| sale.card.as_ref());
        paying.into_iter().any(|other| other.is_same(card))
    }
}
