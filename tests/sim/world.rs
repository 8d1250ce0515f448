//! The simulated world: tills, a network, a server, and one queue of what happens next.
//!
//! Everything follows from the seed: no clock, no thread, no order of a hash table. Must not know
//! what is right or wrong (`invariants`) or which keys make sense (`cashier`).

use std::collections::{BTreeMap, VecDeque};

use kasse::sandbox::Fixtures;
use kasse::shop::RowKind;
use kasse::till::{Answer, Call, CallId, Effect, Event, Record, Settings, State};
use kasse::wire::{DownReason, Outcome as Heard};

use super::invariants::{self, Checked};
use super::network::Twist;
use super::replayed;
use super::rng::Rng;
use super::server::Server;
use super::shown::Shown;
use super::till::{Till, Variant};
use super::trace::{self, Counts, Trace, Violation};
use super::{cashier, shop};

/// Why a program ended.
const BETWEEN: &str = "crash between effects";
const LEFT: &str = "left";

/// How long the world may take to come to rest once nothing goes wrong any more, ms.
const REST: u64 = 3_600_000;

/// What is simulated.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    pub variant: Variant,
    /// The faults begin to end after so many sales.
    pub sales: u64,
    pub tills: usize,
    /// The server answers an abort with `{"result":true}`.
    pub old_aborts: bool,
    /// Cashiers lose patience early and write outcomes off.
    pub write_offs: bool,
    /// The last till begins late, on a copy of the first one's disk.
    pub copies: bool,
    /// What else must hold of a till after everything that happens to it.
    pub look: Option<fn(&State, &Settings) -> Checked>,
    /// Every event is drawn on a screen of so many columns and rows.
    pub drawn: Option<(u16, u16)>,
}

/// Something that happens at its time.
#[derive(Debug)]
pub(super) enum Happening {
    Press(usize, u64),
    Wake(usize, u64),
    /// A request reaches the server; `back`: when its answer reaches the till.
    Arrive {
        to: Addressee,
        call: Call,
        back: Option<u64>,
        twist: Twist,
    },
    /// The payment terminal is done.
    Terminal {
        to: Addressee,
        call: Call,
        back: Option<u64>,
    },
    Answer {
        to: Addressee,
        outcome: Box<Heard<Answer>>,
    },
    Boot(usize),
    Trouble,
}

/// Who waits for an answer: a till, the run of its program, and the call.
#[derive(Debug, Clone, Copy)]
pub(super) struct Addressee {
    pub till: usize,
    pub epoch: u64,
    pub id: CallId,
}

pub struct World {
    seed: u64,
    pub(super) plan: Plan,
    pub(super) rng: Rng,
    pub(super) now: u64,
    order: u64,
    pub(super) queue: BTreeMap<(u64, u64), Happening>,
    pub(super) tills: Vec<Till>,
    pub(super) server: Server,
    opening: Fixtures,
    settings: Settings,
    /// The disk of the first till has been copied to the last one.
    copied: bool,
    pub(super) faults: bool,
    pub counts: Counts,
    pub trace: Trace,
}

/// What one seed came to.
pub struct Outcome {
    pub counts: Counts,
    pub violation: Option<Violation>,
    pub trace: String,
    /// What the disk of each till has in the end.
    pub disks: Vec<Vec<Record>>,
}

/// Runs one seed from the first key to rest.
pub fn run(seed: u64, plan: Plan, traced: bool) -> Outcome {
    let mut world = World::new(seed, plan, traced);
    let end = world.sell().and_then(|()| world.rest());
    let violation = end.err().map(|what| Violation { seed, at: world.now, what });
    let World { counts, trace, tills, .. } = world;
    let disks = tills.iter().map(|till| till.disk.kept().to_vec()).collect();
    Outcome { counts, violation, trace: trace.into_text(), disks }
}

impl World {
    fn new(seed: u64, plan: Plan, traced: bool) -> Self {
        let opening = shop::fixtures();
        let mut settings = shop::settings(seed);
        if plan.write_offs {
            settings.write_off_after = 20_000;
        }
        Self {
            seed,
            plan,
            rng: Rng::new(seed),
            now: 0,
            order: 0,
            queue: BTreeMap::new(),
            tills: (0..plan.tills).map(|number| Till::new(number, plan)).collect(),
            server: Server::new(seed, opening.clone()),
            opening,
            settings,
            copied: false,
            faults: true,
            counts: Counts::default(),
            trace: Trace::new(traced),
        }
    }

    pub(super) fn at(&mut self, wait: u64, happening: Happening) {
        self.order += 1;
        self.queue.insert((self.now + wait, self.order), happening);
    }

    fn step(&mut self) -> Checked {
        let Some(((at, _), happening)) = self.queue.pop_first() else { return Ok(()) };
        self.now = at;
        self.server.at(at);
        match happening {
            Happening::Press(till, epoch) => self.press(till, epoch),
            Happening::Wake(till, epoch) => self.wake(till, epoch),
            Happening::Arrive { to, call, back, twist } => self.arrive(to, call, back, twist),
            Happening::Terminal { to, call, back } => {
                let outcome = self.server.finish_terminal(&call);
                self.answered(to, outcome, back)
            }
            Happening::Answer { to, outcome } => {
                let till = &self.tills[to.till];
                if till.running && till.epoch == to.epoch {
                    self.happen(to.till, Event::Answer(to.id, outcome))
                } else {
                    Ok(())
                }
            }
            Happening::Boot(till) => self.boot(till),
            Happening::Trouble => {
                self.trouble();
                Ok(())
            }
        }
    }

    /// The busy part: cashiers sell, things go wrong.
    fn sell(&mut self) -> Checked {
        let late = usize::from(self.plan.copies);
        for till in 0..self.tills.len() - late {
            self.at(0, Happening::Boot(till));
        }
        self.at(2_000, Happening::Trouble);
        let latest = self.plan.sales * 600_000;
        while self.counts.of("sales") < self.plan.sales && self.now < latest {
            self.step()?;
        }
        Ok(())
    }

    /// Everything is mended, every till started again; then time passes until nobody waits.
    fn rest(&mut self) -> Checked {
        self.faults = false;
        self.trace.line(self.now, || "everything is mended".to_owned());
        for till in 0..self.tills.len() {
            self.tills[till].cut_off_until = 0;
            if self.tills[till].running {
                self.crash(till, "started again");
            }
        }
        let until = self.now + REST;
        while self.now < until && (!self.queue.is_empty()) {
            self.step()?;
        }
        for transaction in self.server.ledger().transactions() {
            self.trace.line(self.now, || format!("ledger: {}", trace::transaction(&transaction)));
            if invariants::is_forgotten(&transaction, &self.tills) {
                // Nobody can pay it any more: it costs nothing but a row at the server.
                self.counts.add("forgotten unpaid at the server");
            }
        }
        invariants::settled(&self.tills, &self.server, &self.opening)?;
        self.leave()
    }

    /// Every till can be left.
    fn leave(&mut self) -> Checked {
        for till in self.tills.iter_mut().filter(|till| till.running) {
            let mut ends = false;
            let mut now = self.now;
            for key in cashier::keys(&cashier::leave(&till.state)) {
                // Each press is one of its own, and what it decides is decided.
                now += 300;
                for event in [Event::Key(key), Event::Tick] {
                    let effects = till.update(event, now, &self.settings);
                    ends |= effects.iter().any(|effect| matches!(effect, Effect::Quit(_)));
                    now += 150;
                }
            }
            if !ends {
                return Err(format!("a till cannot be left: {:?}", till.state.notice));
            }
        }
        Ok(())
    }

    fn boot(&mut self, index: usize) -> Checked {
        // A machine that was up for days, or has just been switched on.
        let day = 86_400_000;
        let uptime = if self.faults { self.rng.between(0, 3) * 3 * day } else { 0 };
        let till = &mut self.tills[index];
        let before = till.expected.take();
        till.boot(self.now, uptime);
        if let Some(before) = before
            && before != till.shown()
        {
            return Err(format!("before the restart {before:?}, after it {:?}", till.shown()));
        }
        let epoch = till.epoch;
        self.trace.line(self.now, || format!("till {index}: started"));
        self.happen(index, Event::Started)?;
        self.at(500, Happening::Press(index, epoch));
        Ok(())
    }

    /// The program ends in the middle of whatever it does.
    fn crash(&mut self, index: usize, why: &'static str) {
        self.counts.add(why);
        let till = &mut self.tills[index];
        let whole = !till.disk.is_full() && till.state.stopped.is_none();
        let lost = till.disk.crash(&mut self.rng);
        // What the screen did not show yet, or the disk has lost, need not come back.
        let expected = (whole && lost == 0 && why != BETWEEN).then(|| till.shown());
        till.expected = if why == LEFT { expected.map(Shown::left) } else { expected };
        till.stop();
        self.trace.line(self.now, || format!("till {index}: {why}, {lost} records lost"));
        let wait = self.rng.between(1_000, 30_000);
        self.at(wait, Happening::Boot(index));
    }

    fn press(&mut self, index: usize, epoch: u64) -> Checked {
        let till = &mut self.tills[index];
        if !till.running || till.epoch != epoch {
            return Ok(());
        }
        if till.keys.is_empty() {
            let words = if self.faults {
                cashier::next(&till.state, &shop::CARDS, &self.settings, &mut self.rng)
            } else {
                cashier::settle(&till.state).unwrap_or_default()
            };
            till.keys = cashier::keys(&words);
            till.keys.reverse();
        }
        let stopped = till.state.stopped.is_some();
        let key = till.keys.pop();
        if stopped && self.rng.chance(50) {
            self.crash(index, "room made");
            return Ok(());
        }
        let wait = match &key {
            Some(_) if self.rng.chance(700) => self.rng.between(0, 60),
            _ => self.rng.between(100, 3_000),
        };
        if let Some(key) = key {
            self.happen(index, Event::Key(key))?;
        }
        // At rest nobody presses anything but what settles an open outcome.
        if self.faults || invariants::is_waiting(&self.tills[index].state) {
            self.at(wait, Happening::Press(index, epoch));
        }
        Ok(())
    }

    fn wake(&mut self, index: usize, epoch: u64) -> Checked {
        let till = &mut self.tills[index];
        if !till.running || till.epoch != epoch || till.waking != Some(self.now) {
            return Ok(());
        }
        till.waking = None;
        self.happen(index, Event::Tick)
    }

    /// What the console's loop does with an event: the effects in their order, records first; a
    /// record that is not kept stops the calls behind it. The power may go between any two.
    fn happen(&mut self, index: usize, event: Event) -> Checked {
        let today = shop::today(self.now);
        if self.tills[index].state.today != today && event != Event::Day(today) {
            // As the console's loop does, before anything else.
            self.happen(index, Event::Day(today))?;
            if !self.tills[index].running {
                return Ok(());
            }
        }
        let finished = self.tills[index].finished.len();
        let mut events = VecDeque::from([event]);
        while let Some(event) = events.pop_front() {
            if event != Event::Tick {
                self.trace.line(self.now, || format!("till {index}: <- {}", trace::event(&event)));
            }
            let till = &mut self.tills[index];
            let again = event.clone();
            let effects = till.update(event, self.now, &self.settings);
            invariants::awaited(till)?;
            invariants::stale(till, &again, self.now, &self.settings)?;
            invariants::tried(till, &again, &effects)?;
            let mut kept = true;
            for effect in effects {
                if self.faults && self.rng.chance(2) {
                    self.crash(index, BETWEEN);
                    return Ok(());
                }
                if effect != Effect::Bell {
                    self.trace.line(self.now, || format!("till {index}: -> {effect:?}"));
                }
                match effect {
                    Effect::Record(record) => {
                        if let Err(reason) = self.tills[index].keep(record, &mut self.rng) {
                            kept = false;
                            events.push_back(Event::JournalFailed(reason));
                        }
                    }
                    Effect::Call(id, call) if kept => self.send(index, id, call)?,
                    Effect::Call(id, _) => {
                        let unsent = Heard::<Answer>::Down(DownReason::Internal);
                        events.push_back(Event::answer(id, unsent));
                    }
                    Effect::Quit(_) => {
                        self.tills[index].disk.flush();
                        self.crash(index, LEFT);
                        return Ok(());
                    }
                    Effect::Bell
                    | Effect::Print(_)
                    | Effect::PrintSlip(_)
                    | Effect::Inspect
                    | Effect::Export(_)
                    | Effect::Teach(_)
                    | Effect::CheckPin(..) => {}
                }
            }
        }
        // The frame is drawn, sometimes only after more has happened.
        if !self.tills[index].state.due_shown && self.rng.chance(900) {
            self.happen(index, Event::Shown)?;
        }
        let till = &mut self.tills[index];
        let more = till.finished.len().saturating_sub(finished);
        invariants::shown(till, &self.server)?;
        replayed::agrees(till)?;
        if let Some(look) = self.plan.look {
            look(&till.state, &self.settings)?;
        }
        if let Some(due) = till.state.wake_at.map(|due| till.world_time(due).max(self.now))
            && till.waking.is_none_or(|waking| waking != due)
        {
            till.waking = Some(due);
            let epoch = till.epoch;
            self.at(due - self.now, Happening::Wake(index, epoch));
        }
        let finished = self.tills[index].state.finished().filter(|_| more > 0);
        let kinds = finished.map_or_else(Vec::new, |sale| {
            let mut kinds: Vec<_> = sale.basket.rows().map(|row| row.kind).collect();
            kinds.dedup();
            kinds
        });
        for kind in kinds {
            match kind {
                RowKind::Discount => self.counts.add("discount sold"),
                RowKind::Deposit => self.counts.add("deposit sold"),
                RowKind::Article | RowKind::TopUp => {}
            }
        }
        for _ in 0..more {
            self.counts.add("sales");
        }
        Ok(())
    }

    /// Something bigger goes wrong.
    fn trouble(&mut self) {
        if !self.faults {
            return;
        }
        if self.plan.copies && !self.copied && self.counts.of("sales") * 3 > self.plan.sales {
            self.copied = true;
            self.counts.add("state directory copied");
            if self.tills[0].running {
                self.crash(0, "crash at any time");
            }
            let (last, others) = self.tills.split_last_mut().unwrap();
            last.clone_disk(&others[0]);
            let last = self.plan.tills - 1;
            self.at(0, Happening::Boot(last));
        }
        let index = usize::try_from(self.rng.between(0, self.plan.tills as u64 - 1)).unwrap();
        match self.rng.between(0, 5) {
            0 if self.tills[index].running => self.crash(index, "crash at any time"),
            1 | 2 => {
                self.counts.add("line down");
                let until = self.now + self.rng.between(1_000, 90_000);
                self.trace.line(self.now, || format!("till {index}: cut off until {until}"));
                self.tills[index].cut_off_until = until;
            }
            3 => self.restart_server(),
            4 if self.rng.chance(400) => {
                self.counts.add("disk full");
                self.trace.line(self.now, || format!("till {index}: the disk is full"));
                self.tills[index].disk.fill();
            }
            _ => {}
        }
        let wait = self.rng.between(5_000, 60_000);
        self.at(wait, Happening::Trouble);
    }
}

impl std::fmt::Debug for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("World")
            .field("seed", &self.seed)
            .field("now", &self.now)
            .finish_non_exhaustive()
    }
}
