//! A code of a card: asked for, and typed unseen.
//!
//! The passcode is asked for by the card itself, before the operation that it guards goes on; the
//! code on the card's back when the cashier wants to. The digits stand in the entry line only,
//! which nothing keeps, and are wiped when they leave it.

use secrecy::zeroize::Zeroize;
use serde::{Deserialize, Serialize};

use super::{Asks, Coming, Hint, Label, Layer, Overlay, Takes, Then};
use crate::shop::{CardCode, CardNumber, CodeKind, Shape, shape};
use crate::till::update::{Context, digits};
use crate::till::{Call, Command, Goal, Key, Message, Settings, State, Step, Waiter};

/// What has fewer digits is a code typed wrongly, what has more is a scan.
const SHORTEST_SCAN: usize = 8;

/// A code being typed. The digits themselves are in the entry line, which is kept nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeEntry {
    /// Which.
    pub code: CodeKind,
    /// Of which card.
    pub number: CardNumber,
    /// Where the sale goes once the code is right.
    pub then: Option<Goal>,
}

impl Layer for CodeEntry {
    fn asks(&self) -> Asks {
        Asks::Answer
    }

    fn takes(&self) -> Takes {
        Takes::Keys(|context, key| {
            context.key_in_code(key);
        })
    }

    fn is_text(&self, _: &str) -> bool {
        true
    }

    fn typed(&mut self) -> Then {
        |_| ()
    }

    fn prompt(&self) -> Option<Label> {
        Some(Label::AskCode)
    }

    fn hints(&self, _: &State, _: &Settings) -> Vec<Hint> {
        vec![Hint::enter(Label::CheckCode), Hint::CLOSE]
    }
}

impl Context<'_> {
    /// The way to `goal` waits for the card's passcode.
    pub(in crate::till) fn ask_passcode(&mut self, goal: Goal) {
        self.state.sale.step = Step::Basket(None);
        if self.state.checking().is_some() {
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
        if self.state.types_code() {
            self.clear_text();
        }
        self.state.overlays.leave(Coming::Step);
        let entry = CodeEntry { code: CodeKind::Passcode, number, then: Some(goal) };
        self.state.overlays.interrupt(Overlay::Code(entry));
    }

    /// While a code is typed, no key means anything else: what is typed must never be shown.
    fn key_in_code(&mut self, key: Key) {
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
        let asked = matches!(
            self.state.overlays.last(),
            Some(Overlay::Code(CodeEntry { then: Some(_), .. }))
        );
        self.state.overlays.close();
        if asked {
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
            self.state.overlays.close();
            return self.post();
        };
        self.state.overlays.close();
        let call = Call::CheckCode(entry.code, entry.number.clone(), code);
        self.call(call, Waiter::Code(entry));
    }
}
