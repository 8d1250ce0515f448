//! The start of the till, and the check of its connection.

use super::Context;
use crate::till::{Action, Call, Cause, Effect, Ending, Link, Message, ServerKind, Waiter};
use crate::wire::Outcome;

impl Context<'_> {
    /// The program has started, perhaps on the sales of an earlier run.
    pub(super) fn begin(&mut self) {
        self.replace_lost_create();
        self.connect();
    }

    /// A create of an earlier run had no answer that was kept. More may have been sent after it
    /// and still be on its way, so what it made is not taken over but given up.
    pub(super) fn replace_lost_create(&mut self) {
        if self.state.sale.create_sent && self.state.sale.remote.is_none() {
            self.abandon();
            self.state.sale.next_attempt();
        }
    }

    pub(super) fn connect(&mut self) {
        self.call(Call::Connect, Waiter::Connect);
    }

    /// The server was as `before` when last heard of.
    pub(super) fn connected(&mut self, outcome: Outcome<ServerKind>, before: Link) {
        let first = before == Link::Unheard;
        match outcome {
            Outcome::Ok(server) => {
                self.gone(Cause::Call(Action::Connect));
                self.let_in();
                self.ask_now();
                self.state.server = server;
                if !first {
                    self.info(Message::Connected);
                }
            }
            Outcome::Refused(error) if error.is_unpaired() => {}
            Outcome::Refused(error) => {
                let untouched = self.state.sale.is_blank()
                    && self.state.parked.is_empty()
                    && !self.state.has_sold;
                if first && untouched && error.is_account() {
                    let reason = if error.user.is_empty() { error.details } else { error.user };
                    self.effects.push(Effect::Quit(Ending::AccountRefused(reason)));
                } else {
                    self.error(Message::Refused(Action::Connect, error));
                }
            }
            Outcome::Unknown(reason) | Outcome::Down(reason) => {
                self.error(Message::Down(Action::Connect, reason));
            }
        }
        if self.state.link == Link::Up {
            self.ask_after_cancels_now();
        }
    }
}
