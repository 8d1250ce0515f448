//! Codes of a card: asked for, typed unseen, checked by the server.
//!
//! The passcode is asked for by the card itself, before the operation that it guards goes on; the
//! code on the card's back when the cashier wants to. A wrong one takes the card off the sale.
//! The digits stand in the entry line only, which nothing keeps, and are wiped when they leave it.

use secrecy::zeroize::Zeroize;

use super::Context;
use super::entry::digits;
use crate::shop::{CardCode, CardNumber, CodeKind, Shape, shape};
use crate::till::allowed::no_pieces_wait;
use crate::till::{
    Action, Call, CallId, CallKind, Cause, CodeCheck, CodeEntry, Command, CscCheck, Goal, Key,
    Link, Lookup, Message, Overlay, Pending, Proof, State, Step,
};
use crate::wire::Outcome;

/// What has fewer digits is a code typed wrongly, what has more is a scan.
const SHORTEST_SCAN: usize = 8;

/// A code is being typed, perhaps under the lock.
pub(super) fn is_typed(state: &State) -> bool {
    state.overlays.iter().any(|overlay| matches!(overlay, Overlay::Code(_)))
}

impl Context<'_> {
    /// The way to `goal` waits for the card's passcode.
    pub(super) fn ask_passcode(&mut self, goal: Goal) {
        self.state.sale.step = Step::Basket(None);
        if self.state.checking.is_some() {
            return self.error(Message::Busy);
        }
        let number = self.state.sale.card.as_ref().and_then(|card| card.number()).cloned();
        let Some(number) = number else {
            // Without a number there is nothing to check it with, so the card does not pay.
            self.state.sale.use_card = false;
            return self.error(Message::PasscodeMissing);
        };
        // What is half typed stays: it may be a scan, and is hidden from now on. Digits of the
        // code on the back are not those of the passcode.
        if is_typed(self.state) {
            self.clear_text();
        }
        self.state.overlays.retain(Overlay::stays);
        let entry = CodeEntry { code: CodeKind::Passcode, number, then: Some(goal) };
        self.state.overlays.insert(0, Overlay::Code(entry));
    }

    /// Enter on a look-up: the code on the card's back is to be checked.
    pub(super) fn ask_csc(&mut self) {
        let Some(Overlay::Card(lookup)) = self.state.overlays.last() else { return };
        if !matches!(lookup.result, Lookup::Found(_)) {
            return self.bell();
        }
        let number = lookup.number.clone();
        let may_leave = matches!(self.state.sale.step, Step::Basket(_) | Step::Done(_));
        if !may_leave && self.is_on_sale(&number) {
            return self.error(Message::NotHere(Command::Card));
        }
        if self.state.checking.is_some() {
            return self.error(Message::Busy);
        }
        if self.is_refusal(Command::Card, no_pieces_wait(self.state)) {
            return;
        }
        let entry = CodeEntry { code: CodeKind::Csc, number, then: None };
        self.state.overlays.push(Overlay::Code(entry));
    }

    /// While a code is typed, no key means anything else: what is typed must never be shown.
    pub(super) fn key_in_code(&mut self, key: Key) {
        let command = self.settings.keymap.command(key);
        let typed = shape(&self.state.entry.text);
        match key {
            Key::Enter => self.post_code(),
            Key::Backspace => self.backspace(),
            Key::Char(c) => match typed {
                // A scanner's identifier or a swipe: it is swallowed whole, as everywhere.
                Shape::Raw => self.type_character(c),
                Shape::Empty if shape(c.encode_utf8(&mut [0; 4])) == Shape::Raw => {
                    self.type_character(c);
                }
                // What is no digit stays a part of the line: without it, a scan would be another one.
                _ => {
                    self.state.entry.code |= !c.is_ascii_digit();
                    self.type_character(c);
                    if !c.is_ascii_digit() {
                        self.bell();
                    }
                }
            },
            _ if command == Some(Command::Clear) => self.leave_code(),
            _ if command == Some(Command::Lock) => self.command(Command::Lock),
            _ => self.bell(),
        }
    }

    fn leave_code(&mut self) {
        if self.clear_entry() {
            return;
        }
        if let Some(Overlay::Code(CodeEntry { then: Some(_), .. })) = self.state.overlays.pop() {
            self.state.sale.use_card = false;
            self.info(Message::PasscodeMissing);
        }
    }

    fn post_code(&mut self) {
        let Some(Overlay::Code(entry)) = self.state.overlays.last().cloned() else { return };
        let typed = &mut self.state.entry.text;
        // Keys that mean something elsewhere mean nothing here.
        if shape(typed) != Shape::Raw && digits(typed) == 0 {
            self.clear_entry();
            return self.bell();
        }
        let Some(code) = CardCode::take(typed) else {
            if shape(typed) != Shape::Raw && digits(typed) < SHORTEST_SCAN {
                typed.zeroize();
                self.state.entry.code = false;
                return self.error(Message::NotACode);
            }
            // A scan is what it is everywhere: it closes what lies over the basket.
            self.state.overlays.pop();
            return self.post();
        };
        self.state.overlays.pop();
        let call = self.call(Call::CheckCode(entry.code, entry.number.clone(), code));
        let pending = Pending { call, kind: CallKind::Check, since: self.state.now, revision: 0 };
        self.state.checking = Some(CodeCheck { entry, pending });
    }

    fn is_on_sale(&self, number: &CardNumber) -> bool {
        self.state.sale.card.as_ref().and_then(|card| card.number()) == Some(number)
    }

    pub(super) fn code_answered(&mut self, id: CallId, outcome: Outcome<bool>) {
        let waited_for = self.state.checking.as_ref().is_some_and(|check| check.pending.call == id);
        if !waited_for {
            return;
        }
        let Some(CodeCheck { entry, .. }) = self.state.checking.take() else { return };
        let CodeEntry { code, number, then } = entry;
        let action = Action::CheckCode(code);
        let Some(right) = self.said(action, outcome) else { return };
        let looked_up = self.state.overlays.iter_mut().find_map(|overlay| match overlay {
            Overlay::Card(lookup) if lookup.number == number => Some(lookup),
            _ => None,
        });
        if let (CodeKind::Csc, Some(lookup)) = (code, looked_up) {
            lookup.csc = if right { CscCheck::Right } else { CscCheck::Wrong };
        }
        let selling = matches!(self.state.sale.step, Step::Basket(_) | Step::Tender(_));
        let on_sale = selling && self.is_on_sale(&number);
        if !right {
            if on_sale {
                self.take_card_off();
            }
            return self.error(Message::CodeWrong(code, on_sale));
        }
        self.info(Message::CodeRight(code));
        if let (CodeKind::Passcode, true, Some(card)) = (code, on_sale, &mut self.state.sale.card) {
            card.proof = Some(Proof::Passcode);
            if let Some(goal) = then {
                self.request_goal(goal);
            }
        }
    }

    /// The answer to a question that moves no money; says what came instead of one.
    pub(super) fn said<T>(&mut self, action: Action, outcome: Outcome<T>) -> Option<T> {
        let failure = match outcome {
            Outcome::Ok(answer) => {
                self.state.link = Link::Up;
                self.gone(Cause::Call(action));
                return Some(answer);
            }
            Outcome::Refused(error) => {
                self.state.link = Link::Up;
                Message::Refused(action, error)
            }
            Outcome::Unknown(reason) => {
                self.state.link = Link::Down(reason);
                Message::NoAnswer(action, reason)
            }
            Outcome::Down(reason) => {
                self.state.link = Link::Down(reason);
                Message::Down(action, reason)
            }
        };
        self.error(failure);
        None
    }
}
