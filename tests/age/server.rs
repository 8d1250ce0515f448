//! The server of the aged till: the sandbox's books without HTTP, on the fast clock.

use std::sync::Arc;

use jiff::Timestamp;
use kasse::sandbox::{Clock, Denied, Direct, Ledger, ManualClock};
use kasse::till::{Answer, Call, ServerKind};
use kasse::wire::{ApiError, DownReason, Outcome, StartMethod, Transaction};

use super::shop;

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
            Call::FindCard(number) => Outcome::Ok(self.direct.card(number.reveal()).into()),
            // One till and nothing ever lost: there is never another transaction of a sale.
            Call::Find(_) => Outcome::Ok(None::<Transaction>.into()),
            Call::Siblings(_) => Outcome::Ok(Vec::<Transaction>::new().into()),
            Call::PreTransaction(id) => told(self.direct.pre_transaction(id)),
            Call::Create(request) => told(self.direct.create(request)),
            Call::Update(id, request) => told(self.direct.update(id, request)),
            Call::Read(id) => told(self.direct.read(id)),
            Call::Abort(id) => told(self.direct.abort(id)),
            Call::Cancel(id) => told(self.direct.cancel(id)),
            Call::CancelTrx(_, number) => told(self.direct.cancel_trx(*number)),
            Call::Start(id, StartMethod::Cashless) => {
                let begun = self.direct.begin_terminal(id);
                told(begun.and_then(|()| self.direct.finish_terminal(id)))
            }
            Call::Start(id, method) => told(self.direct.start(id, *method)),
            other => panic!("this cashier never causes {}", other.name()),
        }
    }
}

fn told(answer: Result<impl Into<Answer>, Denied>) -> Outcome<Answer> {
    match answer {
        Ok(answer) => Outcome::Ok(answer.into()),
        Err(Denied { http, .. }) if http >= 500 => Outcome::Unknown(DownReason::ServerError(http)),
        Err(Denied { http, body }) => Outcome::Refused(ApiError {
            http,
            name: body.error,
            user: body.error_user,
            details: body.error_details,
            code: body.code,
            support_id: body.support_id,
        }),
    }
}
