//! How this till is paired: the code and what to do with it stand in the state's
//! [`crate::till::Pairing`].

use super::{Coming, Hint, Label, Layer, Overlay};
use crate::till::update::Context;
use crate::till::{Command, Key, Message, Pairing, Settings, State};

pub(super) struct Page;

impl Layer for Page {
    /// It comes back when what the cashier looks up meanwhile closes.
    fn stays(&self, coming: Coming) -> bool {
        coming == Coming::Another
    }

    /// A new code where the old one is over. A scanner's Enter may do the same without harm.
    fn enter(&self, context: &mut Context) {
        match &context.state.pairing {
            Some(pairing) if pairing.is_over() => context.ask_for_code(),
            _ => context.bell(),
        }
    }

    fn close(&self, context: &mut Context) {
        context.state.overlays.close();
        context.info(Message::PairingAside);
    }

    fn hints(&self, state: &State, _: &Settings) -> Vec<Hint> {
        let over = state.pairing.as_ref().is_some_and(Pairing::is_over);
        let again = over.then_some(Hint::enter(Label::NewCode));
        let named = [Command::Menu, Command::Help, Command::Lock].map(Hint::Named);
        let aside = Hint::Keys(&[Key::Esc], Label::SellOn);
        again.into_iter().chain([aside]).chain(named).collect()
    }
}

impl Context<'_> {
    /// The pairing comes first on the screen, behind nothing but a lock, a PIN or a question.
    pub(in crate::till) fn show_pairing(&mut self) {
        if self.state.types_code() {
            // Its prompt goes: in the tender step the digits would become an amount.
            self.clear_text();
        }
        self.state.overlays.interrupt(Overlay::Pairing);
    }
}
