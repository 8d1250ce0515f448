//! The server of the aged till: the sandbox's books without HTTP, on the fast clock.

use std::sync::Arc;

use jiff::Timestamp;
use kasse::sandbox::{Clock, Direct, Ledger, ManualClock};
use kasse::till::{Answer, Call, ServerKind};
use kasse::wire::{Outcome, StartMethod, Transaction};

use super::shop;
use crate::sim::asked::{self, told};

pub struct Server {
    direct: Direct,
    hand: ManualClock,
    /// What the clock shows.
    now: Timestamp,
}

impl Server {
    pub fn new(start: Timestamp, seed: u64) -> Self {
        let (clock, hand) = Clock::manual(start);
        let ledger = Arc::new(Ledger::new(shop::fixtures(), seed));
        Self { direct: Direct::new(ledger, clock), hand, now: start }
    }

    /// Answers `call` at `now`.
    pub fn take(&mut self, call: &Call, now: Timestamp) -> Outcome<Answer> {
        self.hand.advance(now.as_second() - self.now.as_second());
        self.now = now;
        match call {
            Call::Connect => Outcome::Ok(ServerKind::Sandbox.into()),
            // One till and nothing ever lost: there is never another transaction of a sale.
            Call::Find(_) => Outcome::Ok(None::<Transaction>.into()),
            Call::Siblings(_) => Outcome::Ok(Vec::<Transaction>::new().into()),
            Call::Start(id, StartMethod::Cashless) => {
                let begun = self.direct.begin_terminal(id);
                told(begun.and_then(|()| self.direct.finish_terminal(id)))
            }
            Call::Start(id, method) => told(self.direct.start(id, *method)),
            call => asked::answer(&self.direct, call)
                .unwrap_or_else(|| panic!("this cashier never causes {}", call.name())),
        }
    }
}
