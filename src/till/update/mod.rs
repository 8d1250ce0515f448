//! `update`: the one function that changes the till's state.
//!
//! `keys` routes keys to the entry line, an overlay or a command; `server` leads a sale through
//! create, update and apply; `payment` through tender and start; `inquiry` finds out what became
//! of a payment without an answer; `terminal` and `listing` ask for what is not about the sale at
//! hand; `records` tells the journal.

mod basket;
mod books;
mod cancel;
mod code;
mod commands;
mod entry;
mod ident;
mod inquiry;
mod keys;
mod listing;
mod overlays;
mod pairing;
mod payment;
mod pin;
mod records;
mod release;
mod request;
mod server;
mod terminal;
mod trainer;
mod wire;

use secrecy::zeroize::Zeroize;

pub use overlays::menu_commands;

use super::{
    Call, CallId, Effect, Event, Inquiry, Level, NextQuestion, Notice, Pairing, Record, Reply, Say,
    Settings, State, Step,
};

/// How often the panels count the seconds of a pending call, ms.
const TICK: u64 = 1_000;

/// Undismissed errors kept behind the one that is shown.
const MOST_ERRORS: usize = 50;

/// Applies `event` at `now` (ms of the clock that made all earlier events) and returns what is to
/// be done, records first. Pure: equal states, events and settings give equal states and effects.
#[must_use = "effects that are not carried out lose calls to the server"]
pub fn update(state: &mut State, event: Event, now: u64, settings: &Settings) -> Vec<Effect> {
    state.now = now;
    let before = records::Before::of(state);
    let code_typed = code::is_typed(state);
    let mut turn = Turn { state, settings, records: Vec::new(), effects: Vec::new() };
    match event {
        Event::Started => turn.begin(),
        // An amount that something lies over has not been seen.
        Event::Shown => turn.state.due_shown |= turn.state.overlays.is_empty(),
        Event::Key(key) => turn.key(key),
        Event::Answer(call, reply) => turn.answer(call, reply),
        Event::JournalFailed(reason) => turn.journal_failed(reason),
        Event::Saving(waits) => turn.state.saving = waits.then_some(now),
        Event::Printed(Ok(())) => turn.info(Say::Printed),
        Event::Printed(Err(reason)) => turn.error(Say::PrintFailed(reason)),
        Event::Exchanges(exchanges) => turn.exchanges(exchanges),
        Event::Exported(Ok(file)) => turn.info(Say::Exported(file)),
        Event::Exported(Err(reason)) => turn.error(Say::ExportFailed(reason)),
        Event::PinChecked(call, right) => turn.pin_checked(call, right),
        Event::Tick => turn.tick(),
    }
    if code_typed && !code::is_typed(turn.state) && !matches!(turn.state.sale.step, Step::Tender(_))
    {
        // Whatever closed it: digits of a code must not come to light as something else.
        turn.state.entry.text.zeroize();
    }
    turn.release_next();
    turn.record_changes(before);
    turn.state.wake_at = wake_at(turn.state);
    let Turn { records, effects, .. } = turn;
    records.into_iter().map(Effect::Record).chain(effects).collect()
}

/// One call of [`update`]: the state, the shop's decisions, and what is to be done so far.
struct Turn<'a> {
    state: &'a mut State,
    settings: &'a Settings,
    records: Vec<Record>,
    effects: Vec<Effect>,
}

impl Turn<'_> {
    fn info(&mut self, say: Say) {
        // An error that nobody has dismissed yet must not be covered by good news.
        if !matches!(self.state.notice, Some(Notice { level: Level::Error, .. })) {
            self.state.notice = Some(Notice { level: Level::Info, say });
        }
    }

    /// An error stays until somebody dismisses it: a later one waits behind it.
    fn error(&mut self, say: Say) {
        let error = Notice { level: Level::Error, say };
        let current = self.state.notice.as_ref();
        if current.is_some_and(|current| current.level == Level::Error && *current != error) {
            let more = &mut self.state.more_errors;
            if !more.contains(&error) && more.len() < MOST_ERRORS {
                more.push(error);
            }
        } else {
            self.state.notice = Some(error);
        }
        self.bell();
    }

    /// Takes the current notice away; the next error takes its place.
    fn dismiss(&mut self) {
        let more = &mut self.state.more_errors;
        self.state.notice = if more.is_empty() { None } else { Some(more.remove(0)) };
    }

    /// A step has succeeded: what was wrong with it earlier is of no interest any more. Errors
    /// about goods and cards stay, because something may lie unpaid on the counter.
    fn superseded(&mut self) {
        self.state.more_errors.retain(|error| error.say.is_about_goods());
        if self.state.notice.as_ref().is_some_and(|notice| !notice.say.is_about_goods()) {
            self.dismiss();
        }
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

    /// Says so and returns true if nothing may be sold because the journal has failed.
    fn is_stopped(&mut self) -> bool {
        match self.state.stopped.clone() {
            Some(reason) => {
                self.error(Say::Stopped(reason));
                true
            }
            None => false,
        }
    }

    fn journal_failed(&mut self, reason: String) {
        self.state.stopped = Some(reason);
        self.is_stopped();
    }

    /// Answers are matched by their number alone: one that nobody waits for any more is stale.
    fn answer(&mut self, id: CallId, reply: Reply) {
        if self.is_about_pairing(id) {
            if let Reply::Pairing(outcome) = reply {
                self.pairing_answered(outcome);
            }
            return;
        }
        if reply.is_unpaired() {
            self.unpaired(id);
        }
        if self.state.connecting.as_ref().is_some_and(|pending| pending.call == id) {
            return self.connected(reply);
        }
        if self.state.releasing.as_ref().is_some_and(|release| release.call == id) {
            return self.released(reply);
        }
        match (&self.state.sale.step, reply) {
            (Step::Basket(Some(work)), reply) if work.pending.call == id => {
                let work = work.clone();
                self.server_answered(&work, reply);
            }
            (Step::Paying(paying), Reply::Transaction(outcome)) if paying.payment.call == id => {
                let paying = paying.clone();
                self.started(paying, *outcome);
            }
            (_, Reply::Transaction(outcome)) => {
                if let Some((asked, kind)) = self.asked_by(id) {
                    self.inquired(asked, kind, *outcome);
                } else if self.is_abort(id) {
                    self.abort_answered(*outcome);
                } else if let Some(job) = self.terminal_job(id) {
                    self.terminal_answered(job, *outcome);
                } else if self.is_row(id) {
                    self.row_answered(*outcome);
                } else {
                    self.cancel_answered(id, *outcome);
                }
            }
            (_, Reply::Page(outcome)) => self.page_answered(id, *outcome),
            (_, Reply::Card(outcome)) => self.card_found(id, *outcome),
            (_, Reply::CardLock(outcome)) => self.lock_explained(id, &outcome),
            (_, Reply::Code(outcome)) => self.code_answered(id, outcome),
            (_, Reply::Programmes(outcome)) => self.programmes_listed(id, outcome),
            (_, Reply::CheckIns(outcome)) => self.check_ins_listed(id, outcome),
            (_, Reply::Faults(outcome)) => self.faults_set(outcome),
            _ => {}
        }
    }

    fn tick(&mut self) {
        self.ask_due();
        self.ask_after_cancel_if_due();
        self.poll_if_due();
    }
}

/// The next moment at which something changes by itself.
fn wake_at(state: &State) -> Option<u64> {
    let counting = state.sale.pending().is_some()
        || state.connecting.is_some()
        || state.saving.is_some()
        || state.checking.is_some()
        || matches!(state.sale.step, Step::Paying(_) | Step::Unknown(_))
        || terminal::is_watched(state)
        || listing::is_watched(state)
        || state.asks_pin() && state.tries.wait(state.now).is_some();
    let tick = counting.then_some(state.now + TICK);
    let questions =
        std::iter::once(&state.sale).chain(&state.unresolved).filter_map(|sale| match &sale.step {
            Step::Unknown(Inquiry { next, .. }) => Some(next),
            _ => None,
        });
    let cancel = state.cancellation.as_ref().map(|cancellation| &cancellation.next);
    let due = questions.chain(cancel).filter_map(|next| match next {
        NextQuestion::At(due) => Some(*due),
        NextQuestion::Asked(_) => None,
    });
    due.chain(tick).chain(state.pairing.as_ref().and_then(Pairing::due)).min()
}
