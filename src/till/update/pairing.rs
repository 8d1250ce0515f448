//! Pairing: asking for a code, polling until somebody has entered it, and what a till that is not
//! paired still does.
//!
//! Nothing of a sale is touched by it. A call that was refused because the till is not paired was
//! not carried out: the sale stands where it stood, and the cashier asks again once it is paired.

use super::Context;
use crate::till::{
    Call, CardState, Goal, Link, Message, NextPoll, Overlay, Pairing, ServerKind, Step, Waiter,
    Waiting,
};
use crate::wire::{DeviceCode, Outcome, PairingAnswer};

/// Added to the pause between two polls when the server is asked too often, ms (RFC 8628).
const SLOWER: u64 = 5_000;

/// The longest pause between two polls, ms.
const LONGEST_PAUSE: u64 = 60_000;

/// The longest pause while nothing is heard, ms: whoever repairs the line waits for it.
const LONGEST_SILENCE: u64 = 20_000;

impl Context<'_> {
    /// A call was refused because the till is not paired. What the cashier has asked for brings
    /// the pairing to the screen; what the till asks by itself does so once.
    pub(super) fn unpaired(&mut self, waiter: &Waiter) {
        let by_itself = matches!(
            waiter,
            Waiter::Release { .. } | Waiter::Inquiry { .. } | Waiter::Cancellation { .. }
        );
        match &self.state.pairing {
            Some(_) if by_itself => return,
            Some(pairing) if !pairing.is_over() => return self.show_pairing(),
            Some(_) => {}
            // While a code waits, the client refuses without asking: only this one was the server.
            None => self.state.link = Link::Up,
        }
        self.ask_for_code();
        self.show_pairing();
        self.bell();
    }

    pub(in crate::till) fn ask_for_code(&mut self) {
        self.call(Call::Register, Waiter::Pairing);
        self.state.pairing = Some(Pairing::Asking);
    }

    /// Polls when it is time, and gives the code up when nobody can enter it any more.
    pub(super) fn poll_if_due(&mut self) {
        let now = self.state.now;
        let Some(Pairing::Waiting(Waiting { next, until, .. })) = &mut self.state.pairing else {
            return;
        };
        let NextPoll::At(due) = next else { return };
        if *until <= now {
            self.state.pairing = Some(Pairing::Expired);
        } else if *due <= now {
            *next = NextPoll::Asked;
            self.call(Call::Poll, Waiter::Pairing);
        }
    }

    pub(super) fn pairing_answered(&mut self, outcome: Outcome<PairingAnswer>) {
        match outcome {
            Outcome::Ok(answer) => match answer {
                PairingAnswer::Code(code) => self.wait_for_code(code),
                PairingAnswer::Pending => self.wait_on(0),
                PairingAnswer::SlowDown => self.wait_on(SLOWER),
                PairingAnswer::Expired => self.state.pairing = Some(Pairing::Expired),
                PairingAnswer::Paired { sandbox } => self.paired(sandbox),
            },
            Outcome::Refused(error) => self.state.pairing = Some(Pairing::Refused(error)),
            Outcome::Unknown(reason) | Outcome::Down(reason) => {
                let now = self.state.now;
                match &mut self.state.pairing {
                    Some(Pairing::Waiting(waiting)) => {
                        let times = waiting.trouble.map_or(0, |(times, _)| times) + 1;
                        let pause = waiting.interval.saturating_mul(1 << times.min(5));
                        let most = LONGEST_SILENCE.max(waiting.interval);
                        waiting.trouble = Some((times, reason));
                        waiting.next = NextPoll::At(now.saturating_add(pause.min(most)));
                    }
                    pairing => *pairing = Some(Pairing::Unheard(reason)),
                }
            }
        }
    }

    fn wait_for_code(&mut self, code: DeviceCode) {
        let now = self.state.now;
        self.state.pairing = Some(Pairing::Waiting(Waiting {
            since: now,
            until: now.saturating_add(code.lives),
            interval: code.interval,
            next: NextPoll::At(now.saturating_add(code.interval)),
            trouble: None,
            code,
        }));
    }

    fn wait_on(&mut self, slower: u64) {
        let now = self.state.now;
        if let Some(Pairing::Waiting(waiting)) = &mut self.state.pairing {
            waiting.interval = waiting.interval.saturating_add(slower).min(LONGEST_PAUSE);
            waiting.trouble = None;
            waiting.next = NextPoll::At(now.saturating_add(waiting.interval));
        }
    }

    /// The till has its tokens: it is ready, and goes on with what needs nobody's decision.
    fn paired(&mut self, sandbox: bool) {
        self.let_in();
        self.state.server = ServerKind::of(sandbox);
        self.info(Message::Paired);
        self.ask_now();
        let card = self.state.sale.card.as_ref();
        let unchecked = card.is_some_and(|card| card.state == CardState::Unchecked);
        if unchecked && matches!(self.state.sale.step, Step::Basket(None)) {
            self.request_goal(Goal::Card);
        }
    }

    /// The server has let this till in: nothing is left to be paired.
    pub(super) fn let_in(&mut self) {
        self.state.pairing = None;
        if self.state.overlays.settle(|overlay| *overlay == Overlay::Pairing) {
            // An amount that was covered has to be seen before it is paid.
            self.state.due_shown = false;
        }
    }
}
