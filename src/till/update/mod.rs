//! `update`: the one function that changes the till's state.
//!
//! `keys` routes keys to the entry line, an overlay or a command, `presses` tells a press from a
//! repeat, `unseen` refuses what cannot be seen; `commands` asks [`super::allowed()`] before it does
//! anything; `answers` hands every answer to its waiter; `server` leads a sale through create,
//! update and apply; `payment` through tender and start; `inquiry` finds out what became of a
//! payment without an answer; `terminal` and `listing` ask for what is not about the sale at hand;
//! `records` tells the journal.

mod answers;
mod basket;
mod books;
mod cancel;
mod cancelled;
mod card_code;
mod code;
mod commands;
mod connect;
mod coupon;
mod day;
mod entry;
mod goods;
mod hold;
mod ident;
mod inquiry;
mod keys;
mod lines;
mod listing;
mod matching;
mod numbers;
mod overlays;
mod pairing;
mod payment;
mod presses;
mod print;
mod records;
mod release;
mod request;
mod server;
mod siblings;
mod teach;
mod terminal;
mod trainer;
mod unseen;

use secrecy::zeroize::Zeroize;

pub(in crate::till) use entry::digits;
pub(in crate::till) use inquiry::At;

use super::head::Head;
use super::{
    Call, CallId, Cancellation, Cause, Effect, Event, Inquiry, Level, Link, Message, NextQuestion,
    Notice, Pairing, Record, Seen, Settings, State, Step, Waiter, bounds,
};

/// How often the panels count the seconds of a pending call, ms.
const TICK: u64 = 1_000;

/// Applies `event` at `now` (ms of the clock that made all earlier events) and returns what is to
/// be done, records first. Pure: equal states, events and settings give equal states and effects.
///
/// A key's `now` is when it arrived, which may be before events that were applied already.
#[must_use = "effects that are not carried out lose calls to the server"]
pub fn update(state: &mut State, event: Event, now: u64, settings: &Settings) -> Vec<Effect> {
    let is_key = matches!(event, Event::Key(_));
    state.now = if is_key { now.max(state.now) } else { now };
    let before = records::Before::of(state);
    let code_typed = state.types_code();
    let sight = presses::Sight::of(state);
    let by_itself = !matches!(event, Event::Key(_) | Event::Tick);
    let (records, effects) = (Vec::new(), Vec::new());
    let mut context =
        Context { state, settings, at: now, records, effects, recalled: None, rang: false };
    match event {
        Event::Started => context.begin(),
        Event::Shown => context.seen(Seen::Due),
        Event::Seen(seen) => context.seen(seen),
        Event::Key(key) => context.key(key),
        Event::InputLost => context.input_lost(),
        Event::Answer(call, outcome) => context.answer(call, *outcome),
        Event::JournalFailed(reason) => context.journal_failed(reason),
        Event::PrintWaits(waiting) => context.print_waits(waiting),
        Event::Printed(printed) => context.printed(printed),
        Event::Saving(waits) => context.state.saving = waits.then_some(now),
        Event::Exchanges(exchanges) => context.exchanges(&exchanges),
        Event::Exported(Ok(file)) => {
            context.gone(Cause::Export);
            context.info(Message::Exported(file));
        }
        Event::Exported(Err(reason)) => context.error(Message::ExportFailed(reason)),
        Event::PinChecked(call, right) => context.pin_checked(call, right),
        Event::Day(day) => context.day(day),
        Event::Articles(count) => context.articles(count),
        Event::ArticlesUnread(reason) => context.error(Message::ArticlesUnread(reason)),
        Event::NotTaught(reason) => context.error(Message::NotTaught(reason)),
        Event::Tick => context.tick(),
    }
    if code_typed
        && !context.state.types_code()
        && !matches!(context.state.sale.step, Step::Tender(_))
    {
        // Whatever closed it: digits of a code must not come to light as something else.
        context.state.entry.text.zeroize();
    }
    if is_key {
        context.state.entry.typed_at = now;
    }
    context.release_next();
    context.state.give_up_calls();
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
pub(super) struct Context<'a> {
    pub(super) state: &'a mut State,
    pub(super) settings: &'a Settings,
    /// When the event happened, ms; of a key, when it arrived.
    at: u64,
    pub(super) records: Vec<Record>,
    pub(super) effects: Vec<Effect>,
    /// What the journal knows of a sale that was taken back from the parked ones.
    recalled: Option<Head>,
    /// Something was refused or did nothing.
    rang: bool,
}

impl Context<'_> {
    pub(super) fn info(&mut self, message: Message) {
        // An error that nobody has dismissed yet must not be covered by good news.
        if !matches!(self.state.notice, Some(Notice { level: Level::Error, .. })) {
            self.state.notice = Some(Notice { level: Level::Info, message });
        }
    }

    /// An error stays until it is dismissed or its cause is gone: a later one waits behind it.
    pub(super) fn error(&mut self, message: Message) {
        let cause = message.cause();
        let same = self.state.notice.as_ref().is_some_and(|notice| notice.message == message);
        if cause.is_replaced() && !same {
            self.gone(cause);
        }
        let error = Notice { level: Level::Error, message };
        let current = self.state.notice.as_ref();
        if current.is_some_and(|current| current.level == Level::Error && *current != error) {
            let more = &mut self.state.more_errors;
            let (known, room) = (more.contains(&error), more.len() < bounds::ERRORS);
            match more.last_mut().map(|last| &mut last.message) {
                _ if known => {}
                Some(Message::MoreErrors(count)) => *count += 1,
                _ if room => more.push(error),
                _ => more.push(Notice { message: Message::MoreErrors(1), ..error }),
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
    pub(in crate::till) fn gone(&mut self, cause: Cause) {
        self.gone_if(|of| of == cause);
    }

    /// The sale at hand is being paid or put aside: what was wrong with its steps is of no interest
    /// any more. Errors about goods stay, because something may lie unpaid on the counter.
    fn clear_stale_errors(&mut self) {
        self.gone_if(Cause::ends_with_sale);
    }

    pub(super) fn bell(&mut self) {
        self.rang = true;
        if !self.effects.contains(&Effect::Bell) {
            self.effects.push(Effect::Bell);
        }
    }

    /// Sends `call`; its answer goes to `waiter`.
    pub(in crate::till) fn call(&mut self, call: Call, waiter: Waiter) -> CallId {
        let id = self.state.next_call();
        self.state.waiting.add(id, self.state.now, waiter);
        self.effects.push(Effect::Call(id, call));
        id
    }

    fn journal_failed(&mut self, reason: String) {
        self.state.stopped = Some(reason.clone());
        self.error(Message::Stopped(reason));
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
    let counting = state.counts_seconds()
        || state.saving.is_some()
        || matches!(state.sale.step, Step::Unknown(_))
        || state.overlays.last().is_some_and(|top| top.layer().counts(state));
    let tick = counting.then_some(state.now + TICK);
    let questions =
        std::iter::once(&state.sale).chain(&state.unresolved).filter_map(|sale| match &sale.step {
            Step::Unknown(Inquiry { next, .. }) => Some(next),
            _ => None,
        });
    let due = questions.filter_map(|next| match next {
        NextQuestion::At(due) => Some(*due),
        NextQuestion::Asked => None,
    });
    let cancels = state.cancellations.iter().filter_map(Cancellation::due);
    let release = (!state.abandoned.is_empty() && !release::is_under_way(state))
        .then_some(state.release_retry.at)
        .filter(|at| *at > state.now && state.link == Link::Up);
    let held = state.entry.held.as_ref().map(|held| held.due);
    let press = state.press.and_then(|press| press.decides);
    let pairing = state.pairing.as_ref().and_then(Pairing::due);
    due.chain(cancels).chain(tick).chain(release).chain(held).chain(press).chain(pairing).min()
}
