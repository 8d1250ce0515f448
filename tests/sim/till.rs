//! One till of the simulated world: the real `update` and the real replay, or a broken variant.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use kasse::lang::Lang;
use kasse::receipt::Profile;
use kasse::till::{
    Answer, Call, CallId, Change, Effect, Event, Finished, Key, Record, Replay, ServerKind,
    Settings, Stage, State, Step, Waiter, finished, update,
};
use kasse::ui::{Theme, View};
use kasse::wire::{BasketInfo, DownReason, Outcome, Status, Transaction};

use super::disk::Disk;
use super::screen::Screen;
use super::shown::Shown;
use super::world::Plan;

/// The till under test. All but the first are broken on purpose: the simulator must notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variant {
    /// As it is sold.
    Real,
    /// Sends `start` again where the real one asks what became of it.
    ResendsStart,
    /// Takes a payment without an answer for a failed one, and sets the sale up anew.
    TakesTimeoutForFailure,
    /// Shows the receipt as soon as `start` has left.
    ReceiptBeforeAnswer,
    /// Records what the server said only after it was shown.
    OutcomeAfterDisplay,
    /// Records the intent after the call has left.
    IntentAfterCall,
    /// Takes a refusal of `start` for the outcome.
    BelievesRefusal,
    /// Takes any answer to `start` or to a question about it for that of its own sale.
    BelievesAnyAnswer,
    /// Takes "not found" for the end of a transaction.
    BelievesNotFound,
    /// Pays a sale of an earlier run without asking who else has paid it.
    PaysCopies,
    /// Never believes what became of a payment.
    AsksForEver,
    /// Comes back without the sale at hand.
    ForgetsSaleAtHand,
    /// Never ends when it is left.
    CannotBeLeft,
    /// Sells at the rates of the day on which it was started.
    ForgetsDays,
}

pub const BROKEN: [Variant; 13] = [
    Variant::ResendsStart,
    Variant::TakesTimeoutForFailure,
    Variant::ReceiptBeforeAnswer,
    Variant::OutcomeAfterDisplay,
    Variant::IntentAfterCall,
    Variant::BelievesRefusal,
    Variant::BelievesAnyAnswer,
    Variant::BelievesNotFound,
    Variant::PaysCopies,
    Variant::AsksForEver,
    Variant::ForgetsSaleAtHand,
    Variant::CannotBeLeft,
    Variant::ForgetsDays,
];

pub struct Till {
    pub state: State,
    pub disk: Disk,
    /// What the journal was told, replayed.
    pub told: Replay,
    /// Since the last look at it, it was told more.
    pub told_more: bool,
    /// Grows with every start of the program: answers to an earlier one reach nobody.
    pub epoch: u64,
    pub running: bool,
    /// When this program was started.
    booted: u64,
    /// What its clock showed then: that of a machine that may have been up for weeks.
    uptime: u64,
    /// No call gets through before this time.
    pub cut_off_until: u64,
    /// The wake-up that is on its way.
    pub waking: Option<u64>,
    /// Keys that the cashier is about to press.
    pub keys: Vec<Key>,
    /// Pieces of open sales, as told to the journal: lines per reference.
    pub open: BTreeMap<String, usize>,
    /// Finished sales that have been seen on the screen.
    pub seen: BTreeSet<String>,
    /// What a restart must show.
    pub expected: Option<Shown>,
    screen: Option<Screen>,
    variant: Variant,
    number: usize,
    held: Vec<Record>,
    /// Paid sales, as told to the journal: by reference.
    pub finished: BTreeMap<String, Finished>,
    told_changes: BTreeMap<String, Vec<Change>>,
    /// Calls of this run that were not answered yet.
    pub calls: BTreeMap<CallId, Call>,
}

impl Till {
    pub fn new(number: usize, plan: Plan) -> Self {
        Self {
            state: State::new("none", ServerKind::Sandbox, 0),
            disk: Disk::default(),
            told: Replay::default(),
            told_more: false,
            epoch: 0,
            running: false,
            booted: 0,
            uptime: 0,
            cut_off_until: 0,
            waking: None,
            keys: Vec::new(),
            open: BTreeMap::new(),
            seen: BTreeSet::new(),
            expected: None,
            screen: plan.drawn.map(|(columns, rows)| Screen::new(columns, rows)),
            variant: plan.variant,
            number,
            held: Vec::new(),
            finished: BTreeMap::new(),
            told_changes: BTreeMap::new(),
            calls: BTreeMap::new(),
        }
    }

    /// The till's own clock.
    pub const fn clock(&self, now: u64) -> u64 {
        now - self.booted + self.uptime
    }

    /// The world's time of a moment on the till's clock.
    pub const fn world_time(&self, clock: u64) -> u64 {
        self.booted + clock - self.uptime
    }

    /// Starts the program on what the disk has.
    pub fn boot(&mut self, now: u64, uptime: u64) {
        self.epoch += 1;
        self.booted = now;
        self.uptime = uptime;
        self.running = true;
        self.waking = None;
        self.keys.clear();
        self.held.clear();
        self.calls.clear();
        self.disk.make_room();
        let session = format!("till{}run{}", self.number, self.epoch);
        self.state = State::new(session, ServerKind::Sandbox, uptime);
        let (from, mut replay) = self.disk.resume();
        let mut whole = Replay::default();
        self.open.clear();
        self.finished.clear();
        self.told_changes.clear();
        for (seq, Record { sale, change }) in (1..).zip(self.disk.kept().to_vec()) {
            // Through the text that the journal keeps.
            let text = serde_json::to_string(&change).unwrap();
            let record = Record { sale, change: serde_json::from_str(&text).unwrap() };
            follow(&mut self.open, &record);
            self.follow_paid(&record);
            whole.record(seq, record.clone());
            if usize::try_from(seq).unwrap() > from {
                replay.record(seq, record);
            }
        }
        assert_eq!(replay, whole, "from the checkpoint of record {from}");
        self.told = replay.clone();
        replay.into_state(&mut self.state);
        if self.variant == Variant::ForgetsSaleAtHand {
            let session = self.state.session.clone();
            self.state.sale = State::new(session + "again", ServerKind::Sandbox, 0).sale;
        }
    }

    /// What the screen shows of the sales.
    pub fn shown(&self) -> Shown {
        Shown::of(&self.state)
    }

    /// The disk of another till is copied to this one, which has not been used yet.
    pub fn clone_disk(&mut self, other: &Self) {
        self.disk = other.disk.copy();
    }

    pub fn stop(&mut self) {
        self.running = false;
        self.epoch += 1;
    }

    /// Keeps a record as the console does, and follows it.
    pub fn keep(&mut self, record: Record, rng: &mut super::rng::Rng) -> Result<(), String> {
        follow(&mut self.open, &record);
        self.follow_paid(&record);
        self.told.record(self.disk.next(), record.clone());
        self.told_more = true;
        let durable = record.change.is_durable();
        self.disk.append(record, durable, rng)?;
        self.disk.save(&self.told);
        Ok(())
    }

    fn follow_paid(&mut self, Record { sale, change }: &Record) {
        let changes = self.told_changes.entry(sale.clone()).or_default();
        changes.push(change.clone());
        let paid =
            matches!(change, Change::Head(head) if matches!(head.stage, Some(Stage::Done(_))));
        if paid || self.finished.contains_key(sale) {
            self.finished.extend(finished(sale, changes.clone()).map(|paid| (sale.clone(), paid)));
        }
    }

    /// Whether it is the till as it is sold.
    pub fn is_real(&self) -> bool {
        self.variant == Variant::Real
    }

    pub fn update(&mut self, event: Event, now: u64, settings: &Settings) -> Vec<Effect> {
        if let Event::Answer(id, _) = &event {
            self.calls.remove(id);
        }
        let effects = self.react(event, now, settings);
        self.calls.extend(effects.iter().filter_map(|effect| match effect {
            Effect::Call(id, call) => Some((*id, call.clone())),
            _ => None,
        }));
        if let Some(screen) = &mut self.screen {
            let (theme, profile) = (Theme::dark(), Profile::default());
            let view = View { settings, lang: Lang::En, theme: &theme, profile: &profile };
            screen.draw(&self.state, &view);
        }
        effects
    }

    fn react(&mut self, event: Event, now: u64, settings: &Settings) -> Vec<Effect> {
        let clock = self.clock(now);
        match self.variant {
            Variant::Real | Variant::ForgetsSaleAtHand => {
                update(&mut self.state, event, clock, settings)
            }
            Variant::ForgetsDays => {
                let known = self.state.today != Date::default();
                if known && matches!(event, Event::Day(_)) {
                    return Vec::new();
                }
                update(&mut self.state, event, clock, settings)
            }
            Variant::CannotBeLeft => {
                let mut effects = update(&mut self.state, event, clock, settings);
                effects.retain(|effect| !matches!(effect, Effect::Quit(_)));
                effects
            }
            Variant::BelievesRefusal
            | Variant::BelievesAnyAnswer
            | Variant::BelievesNotFound
            | Variant::PaysCopies
            | Variant::AsksForEver => {
                let event = self.believed(event);
                update(&mut self.state, event, clock, settings)
            }
            Variant::ResendsStart => self.resending(event, clock, settings),
            Variant::TakesTimeoutForFailure => {
                let event = self.failed(event);
                update(&mut self.state, event, clock, settings)
            }
            Variant::ReceiptBeforeAnswer => self.hasty(event, clock, settings),
            Variant::OutcomeAfterDisplay => self.late_outcome(event, clock, settings),
            Variant::IntentAfterCall => {
                let effects = update(&mut self.state, event, clock, settings);
                let (intents, mut effects): (Vec<_>, Vec<_>) = effects
                    .into_iter()
                    .partition(|effect| is_head(effect, |stage| matches!(stage, Stage::Paying(_))));
                effects.extend(intents);
                effects
            }
        }
    }

    fn resending(&mut self, event: Event, clock: u64, settings: &Settings) -> Vec<Effect> {
        let mut effects = update(&mut self.state, event, clock, settings);
        for effect in &mut effects {
            let Effect::Call(_, call) = effect else { continue };
            let Call::Read(asked) = call else { continue };
            let sales = std::iter::once(&self.state.sale).chain(&self.state.unresolved);
            let method = sales.into_iter().find_map(|sale| match (&sale.step, &sale.remote) {
                (Step::Unknown(inquiry), Some(remote)) if remote.id == *asked => {
                    Some(inquiry.payment.method)
                }
                _ => None,
            });
            if let Some(method) = method {
                *call = Call::Start(asked.clone(), method);
            }
        }
        effects
    }

    /// The answer as a till takes it that trusts what this variant trusts.
    fn believed(&self, event: Event) -> Event {
        let Event::Answer(id, outcome) = event else { return event };
        let waiting = self.state.waiting.iter().find(|awaited| awaited.call == id);
        let (sale, kind) = match waiting.map(|awaited| &awaited.waiter) {
            Some(Waiter::Start) => (&self.state.sale, None),
            Some(Waiter::Inquiry { sale, kind }) => {
                let mut sales = std::iter::once(&self.state.sale).chain(&self.state.unresolved);
                (sales.find(|of| of.reference == *sale).unwrap(), Some(*kind))
            }
            _ => {
                let siblings = matches!(*outcome, Outcome::Ok(Answer::Siblings(_)));
                if self.variant == Variant::PaysCopies && siblings {
                    return Event::answer(id, Outcome::Ok(Vec::<Transaction>::new()));
                }
                return Event::Answer(id, outcome);
            }
        };
        let own = |answer: Transaction| Transaction {
            id: sale.remote.as_ref().map(|remote| remote.id.clone()).unwrap_or_default(),
            transaction_ref: Some(sale.transaction_ref()),
            basket_info: BasketInfo { sum: sale.basket.sum(), ..BasketInfo::default() },
            ..answer
        };
        let of_status = |status| own(Transaction { status, ..Transaction::default() });
        let outcome = match (*outcome, self.variant, kind) {
            (Outcome::Refused(_), Variant::BelievesRefusal, None) => {
                Outcome::Ok(of_status(Status::Failed).into())
            }
            (Outcome::Ok(Answer::Transaction(answer)), Variant::BelievesAnyAnswer, _) => {
                Outcome::Ok(Transaction { idents: Vec::new(), ..own(answer) }.into())
            }
            (Outcome::Refused(error), Variant::BelievesNotFound, Some(_))
                if error.is_not_found() =>
            {
                Outcome::Ok(of_status(Status::Aborted).into())
            }
            (Outcome::Ok(_), Variant::AsksForEver, Some(_)) => {
                Outcome::Unknown(DownReason::Unreadable)
            }
            (outcome, ..) => outcome,
        };
        Event::answer(id, outcome)
    }

    fn failed(&self, event: Event) -> Event {
        let (Event::Answer(id, outcome), Step::Paying(paying), Some(remote)) =
            (&event, &self.state.sale.step, &self.state.sale.remote)
        else {
            return event;
        };
        if paying.payment.call != *id || !matches!(**outcome, Outcome::Unknown(_)) {
            return event;
        }
        let sum = self.state.sale.basket.sum();
        let failed = Transaction {
            id: remote.id.clone(),
            status: Status::Failed,
            basket_info: BasketInfo { sum, ..BasketInfo::default() },
            ..Transaction::default()
        };
        Event::answer(*id, Outcome::Ok(failed))
    }

    fn hasty(&mut self, event: Event, clock: u64, settings: &Settings) -> Vec<Effect> {
        let mut effects = update(&mut self.state, event, clock, settings);
        let started = effects.iter().find_map(|effect| match effect {
            Effect::Call(id, Call::Start(of, _)) => Some((*id, of.clone())),
            _ => None,
        });
        if let Some((call, id)) = started {
            let sum = self.state.sale.basket.sum();
            let basket_info = BasketInfo { sum, ..BasketInfo::default() };
            let paid =
                Transaction { id, status: Status::Ok, basket_info, ..Transaction::default() };
            let answer = Event::answer(call, Outcome::Ok(paid));
            effects.extend(update(&mut self.state, answer, clock, settings));
        }
        effects
    }

    fn late_outcome(&mut self, event: Event, clock: u64, settings: &Settings) -> Vec<Effect> {
        let mut effects: Vec<Effect> = self.held.drain(..).map(Effect::Record).collect();
        for effect in update(&mut self.state, event, clock, settings) {
            let outcome = is_head(&effect, |stage| matches!(stage, Stage::Done(_)));
            match effect {
                Effect::Record(record) if outcome => self.held.push(record),
                effect => effects.push(effect),
            }
        }
        effects
    }
}

fn is_head(effect: &Effect, wanted: impl Fn(&Stage) -> bool) -> bool {
    matches!(effect, Effect::Record(Record { change: Change::Head(head), .. })
        if head.stage.as_ref().is_some_and(wanted))
}

/// Follows which sales have lines and are still to be seen somewhere.
fn follow(open: &mut BTreeMap<String, usize>, record: &Record) {
    match &record.change {
        Change::Line(_) => *open.entry(record.sale.clone()).or_default() += 1,
        Change::Void(_) => {
            if let Some(lines) = open.get_mut(&record.sale) {
                *lines = lines.saturating_sub(1);
            }
        }
        Change::Discarded => drop(open.remove(&record.sale)),
        _ => {}
    }
}
