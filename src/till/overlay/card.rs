//! A card's balance and state, looked up without a sale.

use serde::{Deserialize, Serialize};

use super::{Hint, Label, Layer, Overlay};
use crate::shop::{CardNumber, CodeKind};
use crate::till::allowed::no_pieces_wait;
use crate::till::update::Context;
use crate::till::{CardView, CodeEntry, Command, Message, Settings, State, Step, Waiter};
use crate::wire::CardLock;

/// A balance look-up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardLookup {
    /// The card.
    pub number: CardNumber,
    /// What is known.
    pub result: Lookup,
    /// Why it is locked.
    pub lock: LockDetails,
    /// What became of checking the code on its back.
    pub csc: CscCheck,
}

impl CardLookup {
    /// A look-up that was just asked for.
    #[must_use]
    pub const fn asked(number: CardNumber, now: u64) -> Self {
        let result = Lookup::Pending(now);
        Self { number, result, lock: LockDetails::None, csc: CscCheck::None }
    }
}

/// The state of a [`CardLookup`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Lookup {
    /// Asked; since when, ms.
    Pending(u64),
    /// Found.
    Found(Box<CardView>),
    /// The server does not know the card.
    Unknown,
    /// No answer; the notice says why.
    Failed,
}

/// Why the card of a [`CardLookup`] is locked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum LockDetails {
    /// Not locked, or nothing more is known.
    None,
    /// Asked.
    Asked,
    /// What the server said.
    Known(CardLock),
}

/// What became of checking the code on the back of the card of a [`CardLookup`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CscCheck {
    /// Not asked for.
    None,
    /// The server said that it is right.
    Right,
    /// The server said that it is wrong: the card must not be used.
    Wrong,
}

impl Layer for CardLookup {
    /// The code on the card's back is to be checked.
    fn enter(&self, context: &mut Context) {
        context.ask_csc(self);
    }

    fn awaits(&self, waiter: &Waiter) -> bool {
        match waiter {
            Waiter::Card => matches!(self.result, Lookup::Pending(_)),
            Waiter::CardLock => self.lock == LockDetails::Asked,
            _ => false,
        }
    }

    fn hints(&self, _: &State, _: &Settings) -> Vec<Hint> {
        let found = matches!(self.result, Lookup::Found(_));
        let check = found.then_some(Hint::enter(Label::CheckCsc));
        check.into_iter().chain([Hint::CLOSE]).collect()
    }
}

impl Context<'_> {
    fn ask_csc(&mut self, lookup: &CardLookup) {
        if !matches!(lookup.result, Lookup::Found(_)) {
            return self.bell();
        }
        let number = lookup.number.clone();
        let may_leave = matches!(self.state.sale.step, Step::Basket(_) | Step::Done(_));
        if !may_leave && self.is_on_sale(&number) {
            return self.error(Message::NotHere(Command::Card));
        }
        if self.state.checking().is_some() {
            return self.error(Message::Busy);
        }
        if self.is_refusal(Command::Card, no_pieces_wait(self.state)) {
            return;
        }
        let entry = CodeEntry { code: CodeKind::Csc, number, then: None };
        self.state.overlays.cover(Overlay::Code(entry));
    }
}
