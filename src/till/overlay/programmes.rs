//! Programmes of which the sale can make a card.

use super::{Choice, Hint, Layer};
use crate::till::update::Context;
use crate::till::{Answer, CardIdent, Command, Programme, Settings, State};
use crate::wire::CardGroup;

impl Layer for Choice<Programme> {
    fn rows(&self, _: &State, _: &Settings) -> usize {
        self.len()
    }

    fn cursor(&mut self) -> Option<&mut usize> {
        self.selected()
    }

    fn enter(&self, context: &mut Context) {
        match self.current().cloned() {
            Some(chosen) => context.choose(Command::NewCard, CardIdent::New(chosen)),
            None => context.bell(),
        }
    }

    fn fetches(&self) -> Option<Command> {
        self.pending(Command::NewCard)
    }

    fn fetched(&mut self, answer: Option<Answer>) {
        self.take::<CardGroup>(answer);
    }

    fn hints(&self, _: &State, _: &Settings) -> Vec<Hint> {
        self.choice_hints()
    }
}
