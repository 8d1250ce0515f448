//! Customers who have checked in.

use super::{Choice, Hint, Layer};
use crate::till::update::Context;
use crate::till::{Answer, CardIdent, CheckIn, Command, Settings, State};
use crate::wire::Checkin;

impl Layer for Choice<CheckIn> {
    fn rows(&self, _: &State, _: &Settings) -> usize {
        self.len()
    }

    fn cursor(&mut self) -> Option<&mut usize> {
        self.selected()
    }

    fn enter(&self, context: &mut Context) {
        match self.current().cloned() {
            Some(chosen) => context.choose(Command::CheckIns, CardIdent::CheckIn(chosen)),
            None => context.bell(),
        }
    }

    fn fetches(&self) -> Option<Command> {
        self.pending(Command::CheckIns)
    }

    fn fetched(&mut self, answer: Option<Answer>) {
        self.take::<Checkin>(answer);
    }

    fn hints(&self, _: &State, _: &Settings) -> Vec<Hint> {
        self.choice_hints()
    }
}
