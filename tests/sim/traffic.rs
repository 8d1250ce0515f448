//! What travels: calls to the server, answers back, and what a restart of the server loses.

use kasse::till::{Answer, Call, CallId};
use kasse::wire::{DownReason, Outcome};

use super::invariants::{self, Checked};
use super::network::{self, Fate, Heard, Twist};
use super::shop;
use super::sold;
use super::trace;
use super::world::{Addressee, Happening, World};

impl World {
    pub(super) fn send(&mut self, till: usize, id: CallId, call: Call) -> Checked {
        invariants::leaving(&self.tills[till], shop::today(self.now), id, &call)?;
        if let Some(answer) = sold::answer(&call, self.tills[till].disk.kept()) {
            // The journal answers at once or, on a slow disk, much later.
            let to = Addressee { till, epoch: self.tills[till].epoch, id };
            let wait = if self.rng.chance(800) { 0 } else { self.rng.between(1, 5_000) };
            let outcome = Box::new(Outcome::Ok(answer));
            self.at(wait, Happening::Answer { to, outcome });
            return Ok(());
        }
        let cut_off = self.tills[till].cut_off_until > self.now;
        let fate = network::fate(&call, cut_off, self.faults, &mut self.rng);
        let Fate { arrives, heard, twist, fault } = fate;
        self.counts.add("calls");
        if let Some(fault) = fault {
            self.counts.add(fault);
            self.trace.line(self.now, || format!("till {till}: {fault}: {fate:?}"));
        }
        let to = Addressee { till, epoch: self.tills[till].epoch, id };
        let (outcome, after) = match heard {
            Heard::Answer(_) => (None, 0),
            Heard::Unknown(why, after) => (Some(Outcome::Unknown(why)), after),
            Heard::Down(why, after) => (Some(Outcome::Down(why)), after),
            Heard::Refused(gateway, after) => (Some(network::refusal(gateway)), after),
        };
        if let Some(outcome) = outcome {
            self.at(after, Happening::Answer { to, outcome: Box::new(outcome) });
        }
        if let Some(arrives) = arrives {
            let back = if let Heard::Answer(back) = heard { Some(back) } else { None };
            self.at(arrives, Happening::Arrive { to, call, back, twist });
        }
        Ok(())
    }

    pub(super) fn arrive(
        &mut self,
        to: Addressee,
        call: Call,
        back: Option<u64>,
        twist: Twist,
    ) -> Checked {
        self.trace.line(self.now, || format!("server: {call:?}"));
        if let Call::Start(id, _) = &call
            && twist == Twist::Spent
        {
            self.server.spend_at_other_till(id);
        }
        if let (Twist::Other(choice), Call::Start(id, _)) = (twist, &call)
            && choice % 2 == 0
            && let Some(outcome) = self.server.of_another(id)
        {
            // It never arrived where it was sent to.
            return self.answered(to, Some(outcome), back);
        }
        let mut taken = self.server.take(&call);
        if twist == Twist::Twice && taken.is_some() {
            taken = self.server.take(&call);
        }
        if self.plan.old_aborts && matches!(call, Call::Abort(_)) {
            // `{"result":true}`, as the client judges it.
            taken = Some(Outcome::Unknown(DownReason::Unreadable));
        }
        if let Some(outcome) = taken {
            let outcome = match twist {
                Twist::Other(choice) => self.server.mixed_up(outcome, choice),
                _ => outcome,
            };
            return self.answered(to, Some(outcome), back);
        }
        let wait = self.rng.between(500, 60_000);
        self.at(wait, Happening::Terminal { to, call, back });
        Ok(())
    }

    pub(super) fn answered(
        &mut self,
        to: Addressee,
        outcome: Option<Outcome<Answer>>,
        back: Option<u64>,
    ) -> Checked {
        if let Some(outcome) = &outcome {
            self.trace.line(self.now, || format!("server: {}", trace::outcome(outcome)));
        }
        if let (Some(outcome), Some(back)) = (outcome, back) {
            self.at(back, Happening::Answer { to, outcome: Box::new(outcome) });
        }
        // What was written off may be paid again; the end looks at it.
        if self.plan.write_offs { Ok(()) } else { invariants::charged_once(&self.server, &[]) }
    }

    /// The server loses what is on its way to it and from it, and none of its books.
    pub(super) fn restart_server(&mut self) {
        self.counts.add("server restart");
        self.trace.line(self.now, || "server: restart".to_owned());
        let mut broken = Vec::new();
        for (when, happening) in std::mem::take(&mut self.queue) {
            match happening {
                Happening::Arrive { to, back, .. } => {
                    if back.is_some() {
                        broken.push(to);
                    }
                }
                // The terminal goes on; who has asked it will not hear of it.
                Happening::Terminal { to, call, back } => {
                    if back.is_some() {
                        broken.push(to);
                    }
                    self.queue.insert(when, Happening::Terminal { to, call, back: None });
                }
                other => drop(self.queue.insert(when, other)),
            }
        }
        for to in broken {
            let outcome = Box::new(Outcome::Unknown(DownReason::Broken));
            self.at(5, Happening::Answer { to, outcome });
        }
    }
}
