//! `update`: the one function that changes the till's state.
//!
//! `keys` routes keys to the entry line, an overlay or a command; `server` leads a sale
//! through create, update and apply; `payment` through tender, start and inquiry.

mod basket;
mod commands;
mod entry;
mod inquiry;
mod keys;
mod overlays;
mod payment;
mod request;
mod server;

pub use inquiry::ENOUGH_ANSWERS;
pub use overlays::menu_commands;

use super::{
    Call, CallId, Effect, Event, Inquiry, Level, NextQuestion, Notice, Reply, Say, Settings, State,
    Step,
};

/// How often the panels count the seconds of a pending call, ms.
const TICK: u64 = 1_000;

/// Applies `event` at `now` (ms of the clock that made all earlier events) and returns what is to
/// be done. Pure: equal states, events and settings give equal states and effects.
#[must_use = "effects that are not carried out lose calls to the server"]
pub fn update(state: &mut State, event: Event, now: u64, settings: &Settings) -> Vec<Effect> {
    state.now = now;
    let mut turn = Turn { state, settings, effects: Vec::new() };
    match event {
        Event::Started => turn.connect(),
        Event::Key(key) => turn.key(key),
        Event::Answer(call, reply) => turn.answer(call, reply),
        Event::Printed(Ok(())) => turn.info(Say::Printed),
        Event::Printed(Err(reason)) => turn.error(Say::PrintFailed(reason)),
        Event::Tick => turn.tick(),
    }
    turn.state.wake_at = wake_at(turn.state);
    turn.effects
}

/// One call of [`update`]: the state, the shop's decisions and the effects so far.
struct Turn<'a> {
    state: &'a mut State,
    settings: &'a Settings,
    effects: Vec<Effect>,
}

impl Turn<'_> {
    fn info(&mut self, say: Say) {
        // An error that nobody has dismissed yet must not be covered by good news.
        if !matches!(self.state.notice, Some(Notice { level: Level::Error, .. })) {
            self.state.notice = Some(Notice { level: Level::Info, say });
        }
    }

    fn error(&mut self, say: Say) {
        self.state.notice = Some(Notice { level: Level::Error, say });
        self.bell();
    }

    fn bell(&mut self) {
        if !self.effects.contains(&Effect::Bell) {
            self.effects.push(Effect::Bell);
        }
    }

    fn call(&mut self, call: Call) -> CallId {
        let id = self.state.next_call();
        self.effects.push(Effect::Call(id, call));
        id
    }

    /// Answers are matched by their number alone: one that nobody waits for any more is stale.
    fn answer(&mut self, id: CallId, reply: Reply) {
        if self.state.connecting.as_ref().is_some_and(|pending| pending.call == id) {
            return self.connected(reply);
        }
        match (&self.state.sale.step, reply) {
            (Step::Basket(Some(work)), reply) if work.pending.call == id => {
                let work = work.clone();
                self.server_answered(&work, reply);
            }
            (Step::Paying(payment), Reply::Transaction(outcome)) if payment.call == id => {
                let payment = payment.clone();
                self.started(payment, *outcome);
            }
            (Step::Unknown(inquiry), Reply::Transaction(outcome)) => {
                if let NextQuestion::Asked(pending) = &inquiry.next
                    && pending.call == id
                {
                    let (inquiry, kind) = (inquiry.clone(), pending.kind);
                    self.inquired(inquiry, kind, *outcome);
                }
            }
            (_, Reply::Card(outcome)) => self.card_found(id, *outcome),
            _ => {}
        }
    }

    fn tick(&mut self) {
        if let Step::Unknown(Inquiry { next: NextQuestion::At(due), .. }) = self.state.sale.step
            && due <= self.state.now
        {
            self.ask_again();
        }
    }
}

/// The next moment at which something changes by itself.
fn wake_at(state: &State) -> Option<u64> {
    let counting = state.sale.pending().is_some()
        || state.connecting.is_some()
        || matches!(state.sale.step, Step::Paying(_) | Step::Unknown(_));
    let tick = counting.then_some(state.now + TICK);
    let due = match state.sale.step {
        Step::Unknown(Inquiry { next: NextQuestion::At(due), .. }) => Some(due),
        _ => None,
    };
    match (tick, due) {
        (Some(tick), Some(due)) => Some(tick.min(due)),
        (tick, due) => tick.or(due),
    }
}
