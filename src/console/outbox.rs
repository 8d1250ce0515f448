//! What is still to be done, in its order: effects wait behind the record that must be on disk.
//!
//! Owns the order of effects and the rule what a durable record holds up. It must not decide which
//! records are durable or what an outcome is (`till`).
//!
//! * An intent (`start` is about to leave) is applied at once and its call waits in the outbox
//!   until the record is kept. Nothing in such a state says that something is paid.
//! * An outcome (paid, cancelled) is tried on a copy, its record is kept, and only then is the
//!   state shown. If it cannot be kept, the state stays as it was and the question stays open.
//! * For a quarter of a second the loop waits for the disk and does nothing else: that is the usual
//!   case and costs no frame. After that the till says that it is saving and answers keys; the
//!   calls behind the record go on waiting.

use std::collections::VecDeque;
use std::time::Duration;

use super::trace;
use super::{Console, Display, End, Keeping};
use crate::till::{Answer, Effect, Event, Record, Trial, outcomes, update};
use crate::wire::{DownReason, Outcome};

/// How long the loop waits for a record before it goes on with keys and frames.
const PATIENCE: Duration = Duration::from_millis(250);

/// How often a slow disk is asked whether it is done.
const POLL: Duration = Duration::from_millis(20);

/// Something that waits for its turn.
enum Job {
    /// An effect of what has happened already.
    Effect(Effect),
    /// An event whose outcome is kept before it is applied.
    Outcome(Undecided),
}

/// An event whose outcome is on its way to the disk.
struct Undecided {
    event: Event,
    /// What is kept of it so far.
    kept: Vec<Record>,
    /// What it leads to, if nothing has been applied since `at`.
    trial: Trial,
    at: u64,
}

/// Everything that waits for its turn, the next one first.
#[derive(Default)]
pub(super) struct Outbox {
    jobs: VecDeque<Job>,
    /// The record of the first job, on its way to the disk.
    keeping: Option<(Record, Keeping)>,
    /// The disk took longer than [`PATIENCE`].
    slow: bool,
    /// Counts the events that were applied.
    applied: u64,
}

impl Outbox {
    /// How long the loop may sleep at the most: a slow disk does not wake it.
    pub(super) fn poll(&self) -> Option<Duration> {
        self.keeping.is_some().then_some(POLL)
    }
}

impl<S: Display> Console<S> {
    /// Applies `event` and everything that follows from it at once.
    pub(super) fn happened(&mut self, event: Event) -> Option<End> {
        self.happened_at(event, (self.clock)())
    }

    /// Applies an event that happened at this time, ms, and everything that follows from it.
    pub(super) fn happened_at(&mut self, event: Event, at: u64) -> Option<End> {
        self.dirty = true;
        self.apply(event, at);
        self.follow(VecDeque::new())
    }

    /// Asks the disk, if it is waited for, and goes on where it is done.
    pub(super) fn go_on(&mut self) -> Option<End> {
        self.outbox.keeping.as_ref()?;
        self.follow(VecDeque::new())
    }

    fn follow(&mut self, mut events: VecDeque<Event>) -> Option<End> {
        let mut end = None;
        loop {
            let next = events.pop_front();
            let idle = next.is_none();
            if let Some(event) = next {
                self.dirty = true;
                self.apply(event, (self.clock)());
            }
            end = end.or(self.work_off(&mut events));
            if idle && events.is_empty() {
                return end;
            }
        }
    }

    /// Applies an event, unless it brings an outcome: that is kept first.
    fn apply(&mut self, event: Event, now: u64) {
        if event.may_decide() {
            let trial = Trial::of(&self.state, event.clone(), now, &self.settings);
            if trial.missing(&[]).is_empty() {
                self.commit(&event, trial, &[]);
            } else {
                let at = self.outbox.applied;
                let undecided = Undecided { event, kept: Vec::new(), trial, at };
                self.outbox.jobs.push_back(Job::Outcome(undecided));
            }
            return;
        }
        let before = self.recorder.as_ref().map(|tape| tape.before(&event, &self.state));
        let effects = update(&mut self.state, event, now, &self.settings);
        debug_assert!(outcomes(&effects).next().is_none(), "an outcome without a trial");
        if let (Some(tape), Some(before)) = (&mut self.recorder, before) {
            tape.after(before, &self.state);
        }
        self.applied(effects);
    }

    /// Makes what was tried the till's state. Its outcomes are kept.
    fn commit(&mut self, event: &Event, trial: Trial, kept: &[Record]) {
        let before = self.recorder.as_ref().map(|tape| tape.before(event, &self.state));
        let (state, effects) = trial.into_parts(kept);
        self.state = state;
        if let (Some(tape), Some(before)) = (&mut self.recorder, before) {
            tape.after(before, &self.state);
        }
        self.applied(effects);
    }

    fn applied(&mut self, effects: Vec<Effect>) {
        self.outbox.applied += 1;
        self.trace.follow(&self.state.sale);
        for effect in effects {
            // Neither waits for a disk, and neither ends the loop or leads to an event.
            if matches!(effect, Effect::Bell | Effect::CheckPin(..)) {
                self.carry_out(effect, &mut VecDeque::new());
            } else {
                self.outbox.jobs.push_back(Job::Effect(effect));
            }
        }
    }

    /// Carries out what waits, as far as the disk has what must be there before.
    fn work_off(&mut self, events: &mut VecDeque<Event>) -> Option<End> {
        let mut end = None;
        loop {
            if let Some((record, mut keeping)) = self.outbox.keeping.take() {
                let patience = if self.outbox.slow { Duration::ZERO } else { PATIENCE };
                match keeping.wait(patience) {
                    Some(Ok(())) => self.kept(record),
                    Some(Err(reason)) => self.not_kept(reason, events),
                    None => {
                        self.outbox.keeping = Some((record, keeping));
                        self.outbox.slow = true;
                        if self.state.saving.is_none() {
                            events.push_back(Event::Saving(true));
                        }
                        return end;
                    }
                }
                continue;
            }
            match self.outbox.jobs.pop_front() {
                Some(Job::Effect(Effect::Record(record))) if record.change.is_durable() => {
                    self.keep_first(Job::Effect(Effect::Record(record.clone())), record);
                }
                Some(Job::Effect(effect)) => end = end.or(self.carry_out(effect, events)),
                Some(Job::Outcome(undecided)) => self.decide(undecided),
                None => break,
            }
        }
        self.outbox.slow = false;
        if self.state.saving.is_some() && !events.contains(&Event::Saving(false)) {
            events.push_back(Event::Saving(false));
        }
        end
    }

    /// Hands the record of the first job to the keeper.
    fn keep_first(&mut self, first: Job, record: Record) {
        let keeping = self.keeper.begin(record.clone());
        self.outbox.jobs.push_front(first);
        self.outbox.keeping = Some((record, keeping));
    }

    /// Keeps the next outcome of an event, or applies it if all of them are kept.
    fn decide(&mut self, mut undecided: Undecided) {
        if undecided.at != self.outbox.applied {
            // Keys were pressed meanwhile: what it leads to now may be something else.
            let (event, now) = (undecided.event.clone(), (self.clock)());
            undecided.trial = Trial::of(&self.state, event, now, &self.settings);
            undecided.at = self.outbox.applied;
        }
        if let Some(record) = undecided.trial.missing(&undecided.kept).into_iter().next() {
            return self.keep_first(Job::Outcome(undecided), record);
        }
        self.dirty = true;
        let Undecided { event, kept, trial, .. } = undecided;
        // Its effects come before those of what was pressed meanwhile.
        let later = std::mem::take(&mut self.outbox.jobs);
        self.commit(&event, trial, &kept);
        self.outbox.jobs.extend(later);
    }

    /// The record of the first job is on disk.
    fn kept(&mut self, record: Record) {
        match self.outbox.jobs.front_mut() {
            Some(Job::Outcome(undecided)) => undecided.kept.push(record),
            _ => drop(self.outbox.jobs.pop_front()),
        }
    }

    /// A record is not known to be on disk. No call behind it leaves, and an outcome behind it is
    /// not believed: its question stays open.
    fn not_kept(&mut self, reason: String, events: &mut VecDeque<Event>) {
        let first = self.outbox.jobs.pop_front();
        if self.state.stopped.as_ref() != Some(&reason) || !matches!(first, Some(Job::Outcome(_))) {
            events.push_back(Event::JournalFailed(reason));
        }
        if let Some(Job::Outcome(undecided)) = first {
            events.extend(undecided.event.undecided());
        }
        self.unsent(events);
    }

    /// Answers all calls that wait: they are not sent.
    fn unsent(&mut self, events: &mut VecDeque<Event>) {
        self.outbox.jobs.retain(|job| match job {
            Job::Effect(Effect::Call(id, _)) => {
                let unsent = Outcome::<Answer>::Down(DownReason::Internal);
                events.push_back(Event::answer(*id, unsent));
                false
            }
            _ => true,
        });
    }

    fn carry_out(&mut self, effect: Effect, events: &mut VecDeque<Event>) -> Option<End> {
        match effect {
            Effect::Record(record) => {
                if let Err(reason) = self.keeper.keep(record) {
                    events.push_back(Event::JournalFailed(reason));
                    self.unsent(events);
                }
            }
            Effect::Call(id, call) => {
                let sale = trace::of_call(&self.state, &call);
                sale.in_scope(|| self.worker.call(id, call));
            }
            Effect::Inspect => events.push_back(Event::Exchanges(self.exchanges.all())),
            Effect::Export(exchanges) => self.worker.export(exchanges),
            Effect::Print(finished) => self.worker.print(finished),
            Effect::PrintSlip(slip) => self.worker.print_slip(slip),
            Effect::Teach(article) => events.extend(self.teach(*article)),
            Effect::CheckPin(id, pin) => self.worker.check_pin(id, pin),
            // Many bells at once, or while the terminal is busy, are one.
            Effect::Bell => self.bell = true,
            Effect::Quit(ending) => return Some(End::Till(ending)),
        }
        None
    }
}
