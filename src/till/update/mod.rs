//! `update`: the one function that changes the till's state.
//!
//! `keys` routes keys to the entry line, an overlay or a command, `presses` tells a press from a
//! repeat, `unseen` refuses what cannot be seen; `commands` asks [`super::allowed()`] before it does
//! anything; `server` leads a sale through
//! create, update and apply; `payment` through tender and start; `inquiry` finds out what became
//! of a payment without an answer; `terminal` and `listing` ask for what is not about the sale at
//! hand; `records` tells the journal.

mod basket;
mod books;
mod cancel;
mod cancelled;
mod code;
mod commands;
mod connect;
mod entry;
mod hold;
mod ident;
mod inquiry;
mod keys;
mod listing;
mod matching;
mod overlays;
mod pairing;
mod payment;
mod pin;
mod presses;
mod print;
mod records;
mod release;
mod request;
mod server;
mod siblings;
mod terminal;
mod trainer;
mod unseen;
mod wire;

use secrecy::zeroize::Zeroize;

pub use overlays::menu_commands;

use super::{
    Call, CallId, Cancellation, Cause, Effect, Event, Inquiry, Level, Link, Message, NextQuestion,
    Notice, Pairing, Record, Reply, Seen, Settings, State, Step,
};

/// How often the panels count the seconds of a pending call, ms.
const TICK: u64 = 1_000;

/// Undismissed errors kept behind the one that is shown.
const MOST_ERRORS: usize = 50;

/// Applies `event` at `now` (ms of the clock that made all earlier events) and returns what is to
/// be done, records first. Pure: equal states, events and settings give equal states and effects.
///
/// A key's `now` is when it arrived, which may be before events that were applied already.
#[must_use = "effects that are not carried out lose calls to the server"]
pub fn update(state: &mut State, event: Event, now: u64, settings: &Settings) -> Vec<Effect> {
    let is_key = matches!(event, Event::Key(_));
    state.now = if is_key { now.max(state.now) } else { now };
    let before = records::Before::of(state);
    let code_typed = code::is_typed(state);
    let sight = presses::Sight::of(state);
    let by_itself = !matches!(event, Event::Key(_) | Event::Tick);
    let (records, effects) = (Vec::new(), Vec::new());
    let mut context = Context { state, settings, at: now, records, effects, rang: false };
    match event {
        Event::Started => context.begin(),
        Event::Shown => context.seen(Seen::Due),
        Event::Seen(seen) => context.seen(seen),
        Event::Key(key) => context.key(key),
        Event::InputLost => context.input_lost(),
        Event::Answer(call, reply) => context.answer(call, reply),
        Event::JournalFailed(reason) => context.journal_failed(reason),
        Event::PrintWaits(waiting) => context.print_waits(waiting),
        Event::Printed(printed) => context.printed(printed),
        Event::Saving(waits) => context.state.saving = waits.then_some(now),
        Event::Exchanges(exchanges) => context.exchanges(exchanges),
        Event::Exported(Ok(file)) => {
            context.gone(Cause::Export);
            context.info(Message::Exported(file));
        }
        Event::Exported(Err(reason)) => context.error(Message::ExportFailed(reason)),
        Event::PinChecked(call, right) => context.pin_checked(call, right),
        Event::Tick => context.tick(),
    }
    if code_typed
        && !code::is_typed(context.state)
        && !matches!(context.state.sale.step, Step::Tender(_))
    {
        // Whatever closed it: digits of a code must not come to light as something else.
        context.state.entry.text.zeroize();
    }
    if is_key {
        context.state.entry.typed_at = now;
    }
    context.release_next();
    context.record_changes(before);
    let changed = sight.unsee(context.state);
    if by_itself && changed {
        context.forget_press();
    }
    context.state.wake_at = wake_at(context.state);
    let Context { records, effects, .. } = context;
    records.into_iter().map(Effect::Record).chain(effects).collect()
}

/// One call of [`update`]: the state, the shop's decisions, and what is to be done so far.
struct Context<'a> {
    state: &'a mut State,
    settings: &'a Settings,
    /// When the event happened, ms; of a key, when it arrived.
    at: u64,
    records: Vec<Record>,
    effects: Vec<Effect>,
    /// Something was refused or did nothing.
    rang: bool,
}

impl Context<'_> {
    fn info(&mut self, message: Message) {
        // An error that nobody has dismissed yet must not be covered by good news.
        if !matches!(self.state.notice, Some(Notice { level: Level::Error, .. })) {
            self.state.notice = Some(Notice { level: Level::Info, message });
        }
    }

    /// An error stays until it is dismissed or its cause is gone: a later one waits behind it.
    fn error(&mut self, message: Message) {
        let cause = message.cause();
        let same = self.state.notice.as_ref().is_some_and(|notice| notice.message == message);
        if cause.is_replaced() && !same {
            self.gone(cause);
        }
        let error = Notice { level: Level::Error, message };
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
        if self.state.notice.as_ref().is_some_and(|notice| notice.message == Message::TooManyDigits)
        {
            // Whatever sent them has come to its end.
            self.state.entry.refuse();
        }
        let more = &mut self.state.more_errors;
        self.state.notice = if more.is_empty() { None } else { Some(more.remove(0)) };
    }

    /// Takes away the errors whose cause is gone.
    fn gone_if(&mut self, gone: impl Fn(Cause) -> bool) {
        self.state.more_errors.retain(|error| !gone(error.message.cause()));
        let notice = self.state.notice.as_ref();
        if notice.is_some_and(|it| it.level == Level::Error && gone(it.message.cause())) {
            self.dismiss();
        }
    }

    /// The cause is gone, and with it what was said of it.
    fn gone(&mut self, cause: Cause) {
        self.gone_if(|of| of == cause);
    }

    /// The sale at hand is being paid or put aside: what was wrong with its steps is of no interest
    /// any more. Errors about goods stay, because something may lie unpaid on the counter.
    fn clear_stale_errors(&mut self) {
        self.gone_if(Cause::ends_with_sale);
    }

    fn bell(&mut self) {
        self.rang = true;
        if !self.effects.contains(&Effect::Bell) {
            self.effects.push(Effect::Bell);
        }
    }

    fn call(&mut self, call: Call) -> CallId {
        let id = self.state.next_call();
        self.effects.push(Effect::Call(id, call));
        id
    }

    fn journal_failed(&mut self, reason: String) {
        self.state.stopped = Some(reason.clone());
        self.error(Message::Stopped(reason));
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
            self.connected(reply);
            if self.state.link == Link::Up {
                self.ask_after_cancels_now();
            }
            return;
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
        self.let_go_if_due();
        self.decide_if_due();
        self.ask_due();
        self.ask_after_cancels();
        self.poll_if_due();
    }
}

/// The next moment at which something changes by itself.
fn wake_at(state: &State) -> Option<u64> {
    let counting = state.sale.pending().is_some()
        || state.connecting.is_some()
        || state.saving.is_some()
        || state.checking.is_some()
        || state.cancellations.iter().any(|cancellation| cancellation.pending().is_some())
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
    let due = questions.filter_map(|next| match next {
        NextQuestion::At(due) => Some(*due),
        NextQuestion::Asked(_) => None,
    });
    let cancels = state.cancellations.iter().filter_map(Cancellation::due);
    let release = (!state.abandoned.is_empty() && state.releasing.is_none())
        .then_some(state.release_retry.at)
        .filter(|at| *at > state.now && state.link == Link::Up);
    let held = state.entry.held.as_ref().map(|held| held.due);
    let press = state.press.and_then(|press| press.decides);
    let pairing = state.pairing.as_ref().and_then(Pairing::due);
    due.chain(cancels).chain(tick).chain(release).chain(held).chain(press).chain(pairing).min()
}
