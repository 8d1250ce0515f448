//! The till is paired: code, polls, expiry, and a sale that is not touched by any of it.

use kasse::till::{
    Call, CallId, Event, Level, Message, NextPoll, Overlay, Pairing, Reply, ServerKind, Step,
};
use kasse::wire::{self, ApiError, DeviceCode, DownReason, Outcome, StartMethod, Status, UNPAIRED};

use crate::till::kit::{CARD, OTHER_CARD, Till, card};

const INTERVAL: u64 = 5_000;
const LIVES: u64 = 1_200_000;

fn unpaired() -> ApiError {
    ApiError { http: 401, name: UNPAIRED.to_owned(), ..ApiError::default() }
}

fn code(user_code: &str) -> Outcome<wire::PairingAnswer> {
    Outcome::Ok(wire::PairingAnswer::Code(DeviceCode {
        user_code: user_code.to_owned(),
        address: "http://www.secuoffice.com".to_owned(),
        lives: LIVES,
        interval: INTERVAL,
    }))
}

fn paired() -> Outcome<wire::PairingAnswer> {
    Outcome::Ok(wire::PairingAnswer::Paired { sandbox: false })
}

fn pending() -> Outcome<wire::PairingAnswer> {
    Outcome::Ok(wire::PairingAnswer::Pending)
}

trait Pair {
    fn refuse(&mut self) -> &mut Self;
    fn pairing(&mut self, outcome: Outcome<wire::PairingAnswer>) -> &mut Self;
    fn wait(&mut self, ms: u64) -> &mut Self;
    fn is_shown(&self) -> bool;
}

impl Pair for Till {
    /// Refuses the last call because the till is not paired.
    fn refuse(&mut self) -> &mut Self {
        let (id, call) = self.last();
        let error = Outcome::Refused(unpaired());
        let reply = match call {
            Call::Connect => Reply::Connected(Outcome::Refused(unpaired())),
            Call::PreTransaction(_) => Reply::PreTransaction(Outcome::Refused(unpaired())),
            Call::FindCard(_) => Reply::Card(Box::new(Outcome::Refused(unpaired()))),
            _ => Reply::Transaction(Box::new(error)),
        };
        self.event(Event::Answer(id, reply));
        self
    }

    /// Answers the last call, which must be about pairing.
    fn pairing(&mut self, outcome: Outcome<wire::PairingAnswer>) -> &mut Self {
        let (id, call) = self.last();
        assert!(matches!(call, Call::Register | Call::Poll), "{call:?}");
        self.event(Event::Answer(id, Reply::Pairing(outcome)));
        self
    }

    /// Lets time pass, with a tick whenever the till has asked for one.
    fn wait(&mut self, ms: u64) -> &mut Self {
        let end = self.now + ms;
        while let Some(due) = self.state.wake_at.filter(|due| *due <= end) {
            self.now = due.max(self.now);
            self.event(Event::Tick);
        }
        self.now = end;
        self
    }

    fn is_shown(&self) -> bool {
        self.state.overlays.last() == Some(&Overlay::Pairing)
    }
}

/// A till that shows its code.
fn waiting() -> Till {
    let mut till = Till::new();
    till.event(Event::Started);
    till.refuse().pairing(code("aa63q9k9"));
    assert!(till.is_shown());
    till
}

fn polls(till: &Till) -> usize {
    till.calls.iter().filter(|(_, call)| *call == Call::Poll).count()
}

#[test]
fn an_unpaired_till_shows_its_code_and_polls_at_the_interval() {
    let mut till = Till::new();
    till.event(Event::Started);
    till.refuse();
    assert_eq!(till.state.pairing, Some(Pairing::Asking(CallId(2))));
    assert_eq!(till.last().1, Call::Register);
    till.pairing(code("aa63q9k9"));
    assert_eq!(till.state.pairing.as_ref().unwrap().code().unwrap().user_code, "aa63q9k9");
    assert!(till.is_shown() && till.state.notice.is_none());

    till.wait(INTERVAL - 1);
    assert_eq!(polls(&till), 0);
    for poll in 1..=3 {
        till.wait(if poll == 1 { 1 } else { INTERVAL });
        assert_eq!(polls(&till), poll);
        // Nothing more is asked while one is on its way, however long it takes.
        till.wait(10 * INTERVAL);
        assert_eq!(polls(&till), poll);
        till.pairing(pending());
    }
    till.wait(INTERVAL).pairing(paired());
    assert_eq!(till.state.pairing, None);
    assert!(till.state.overlays.is_empty());
    assert_eq!(till.state.notice.as_ref().unwrap().message, Message::Paired);
    assert_eq!(till.state.server, ServerKind::Live);
    till.press("30037⏎").press("+");
    assert!(matches!(till.last().1, Call::Create(_)), "the till is simply ready");
}

#[test]
fn a_server_that_is_asked_too_often_is_asked_less() {
    let mut till = waiting();
    till.wait(INTERVAL).pairing(Outcome::Ok(wire::PairingAnswer::SlowDown));
    till.wait(2 * INTERVAL - 1);
    assert_eq!(polls(&till), 1);
    till.wait(1).pairing(pending());
    till.wait(2 * INTERVAL - 1);
    assert_eq!(polls(&till), 2, "and goes on being asked less");
    for _ in 0..30 {
        till.wait(60_000);
        if till.state.pairing == Some(Pairing::Expired) {
            return;
        }
        till.pairing(Outcome::Ok(wire::PairingAnswer::SlowDown));
    }
    panic!("never more than a minute apart, and over in the end");
}

#[test]
fn a_code_that_nobody_enters_expires_and_enter_asks_for_another() {
    let mut till = waiting();
    for _ in 0..LIVES / INTERVAL - 1 {
        till.wait(INTERVAL).pairing(pending());
    }
    assert!(matches!(till.state.pairing, Some(Pairing::Waiting(_))));
    let asked = till.calls.len();
    till.wait(INTERVAL);
    assert_eq!(till.state.pairing, Some(Pairing::Expired));
    till.wait(10 * LIVES);
    assert_eq!(till.calls.len(), asked, "nobody is asked any more");
    assert_eq!(till.state.wake_at, None, "and nothing happens by itself");
    till.press("⏎");
    assert_eq!(till.last().1, Call::Register);
    till.pairing(code("bb74r0l0"));
    assert_eq!(till.state.pairing.as_ref().unwrap().code().unwrap().user_code, "bb74r0l0");
    // While a code can be entered, Enter asks for nothing.
    let asked = till.calls.len();
    till.press("⏎");
    assert_eq!(till.calls.len(), asked);
}

/// The last poll may still bring the token: it is waited for.
#[test]
fn a_poll_that_outlives_the_code_still_counts() {
    let mut till = waiting();
    for _ in 0..LIVES / INTERVAL - 1 {
        till.wait(INTERVAL - 10).wait(10);
        if till.now + INTERVAL < LIVES {
            till.pairing(pending());
        }
    }
    assert_eq!(till.last().1, Call::Poll);
    till.wait(LIVES);
    till.pairing(paired());
    assert_eq!(till.state.pairing, None);
}

#[test]
fn refusals_say_why_and_can_be_tried_again() {
    let mut till = waiting();
    let error = ApiError {
        http: 401,
        name: "invalid_device".to_owned(),
        details: "device with given uuid not configured".to_owned(),
        ..ApiError::default()
    };
    till.wait(INTERVAL).pairing(Outcome::Refused(error.clone()));
    assert_eq!(till.state.pairing, Some(Pairing::Refused(error)));
    assert!(till.is_shown());
    till.press("⏎").pairing(Outcome::Down(DownReason::NoConnection));
    assert_eq!(till.state.pairing, Some(Pairing::Unheard(DownReason::NoConnection)));
    till.press("⏎").pairing(paired());
    assert_eq!(till.state.pairing, None);
}

#[test]
fn a_dead_line_costs_no_code_and_its_recovery_is_noticed() {
    let mut till = waiting();
    till.wait(INTERVAL);
    let mut pauses = Vec::new();
    for _ in 0..5 {
        let asked = till.now;
        till.pairing(Outcome::Down(DownReason::NoConnection));
        let Some(Pairing::Waiting(waiting)) = &till.state.pairing else { panic!() };
        assert_eq!(waiting.code.user_code, "aa63q9k9");
        assert!(matches!(waiting.trouble, Some((_, DownReason::NoConnection))));
        let NextPoll::At(due) = waiting.next else { panic!() };
        pauses.push(due - asked);
        till.wait(due - asked);
    }
    assert_eq!(pauses, [10_000, 20_000, 20_000, 20_000, 20_000]);
    till.pairing(pending());
    let Some(Pairing::Waiting(waiting)) = &till.state.pairing else { panic!() };
    assert_eq!((waiting.trouble, waiting.interval), (None, INTERVAL));
    till.wait(INTERVAL).pairing(paired());
    assert_eq!(till.state.pairing, None);
}

/// As with a server that is down: articles are sold from the catalogue, the rest has to wait.
#[test]
fn scans_go_into_the_basket_and_the_code_stays_in_reach() {
    let mut till = waiting();
    till.press("4999012345678⏎ 30037⏎");
    assert_eq!(till.state.sale.basket.lines().len(), 2);
    assert!(!till.is_shown() && till.state.pairing.is_some());
    // The pairing goes on beside.
    till.wait(INTERVAL).pairing(pending());
    // What needs the server brings it back, and costs no new code.
    till.press("+").refuse();
    assert!(till.is_shown());
    assert_eq!(till.calls.iter().filter(|(_, call)| *call == Call::Register).count(), 1);
    assert!(matches!(till.state.sale.step, Step::Basket(None)));
    assert_eq!(till.state.notice, None, "the screen says it all");
    till.wait(INTERVAL).pairing(paired());
    till.press("+").copied();
    assert!(matches!(till.state.sale.step, Step::Tender(_)));
}

#[test]
fn the_screen_can_be_put_away_and_lies_below_others() {
    let mut till = waiting();
    till.press("<F1>");
    assert!(matches!(till.state.overlays[..], [Overlay::Pairing, Overlay::Help(_)]));
    till.press("<Esc>");
    assert!(till.is_shown());
    // Neither the menu nor a question that is answered with no puts it away.
    till.press("<F10>").press("quit⏎");
    assert!(matches!(till.state.overlays[..], [Overlay::Pairing, Overlay::Confirm(_)]));
    till.press("<Esc>");
    assert!(till.is_shown());
    till.press("<F12>");
    assert_eq!(till.state.overlays, [Overlay::Pairing, Overlay::Locked]);
    till.wait(INTERVAL).pairing(pending());
    till.press("<Right>");
    assert!(till.is_shown());
    till.press("<Esc>");
    assert!(till.state.overlays.is_empty() && till.state.pairing.is_some());
    assert_eq!(till.state.notice.as_ref().unwrap().message, Message::PairingAside);
    // A pairing behind a lock comes in without opening it.
    till.press("<F12>");
    till.wait(INTERVAL).pairing(paired());
    assert_eq!(till.state.overlays, [Overlay::Locked]);
}

#[test]
fn a_card_that_could_not_be_checked_is_checked_when_the_till_is_paired() {
    let mut till = waiting();
    till.press("30037⏎").press(CARD).press("⏎").refuse();
    assert!(till.is_shown());
    assert!(till.state.sale.card.is_some() && !till.state.sale.create_sent);
    till.wait(INTERVAL).pairing(paired());
    let Call::Create(body) = till.last().1 else { panic!("{:?}", till.last()) };
    assert_eq!(body.idents[0].value, CARD);
}

/// The token dies for good between `/` and `+`: the card stays applied, nothing is lost.
#[test]
fn basket_and_applied_card_survive() {
    let mut till = Till::new();
    till.applied();
    till.press("+");
    assert!(matches!(till.state.sale.step, Step::Tender(_)));
    let (before, applied) = (till.state.sale.clone(), till.state.sale.applied().cloned());
    assert!(applied.is_some());
    till.press("20+");
    assert!(matches!(till.last().1, Call::Start(_, StartMethod::Cash)));
    till.refuse();
    assert!(till.is_shown());
    assert_eq!(till.named(), Some(kasse::money::Money(2_000)), "with the amount that was typed");
    let mut before = before;
    if let Step::Tender(tender) = &mut before.step {
        tender.given = till.named();
    }
    assert_eq!(till.state.sale, before, "as it was before the key that pays");
    let starts = till.starts();
    till.pairing(code("aa63q9k9")).wait(INTERVAL).pairing(paired());
    assert_eq!(till.starts(), starts, "nothing is paid by itself");
    assert!(!till.state.overlays.contains(&Overlay::Pairing));
    till.press("+");
    assert_eq!(till.starts(), starts + 1);
    till.started(Status::Ok);
    assert!(matches!(till.state.sale.step, Step::Done(_)));
}

#[test]
fn an_applying_that_is_refused_keeps_the_wish_to_apply() {
    let mut till = Till::new();
    till.press("30037⏎").press(CARD).press("⏎").copied().press("/").refuse();
    assert!(till.is_shown() && till.state.sale.use_card);
    till.pairing(paired());
    till.press("+");
    assert!(matches!(till.last().1, Call::PreTransaction(_)));
}

/// The amount that comes from behind the pairing screen must be seen before it is paid.
#[test]
fn an_amount_that_was_covered_is_not_paid_unseen() {
    let mut till = Till::new();
    till.applied();
    till.press("+20+").refuse().pairing(code("aa63q9k9")).wait(INTERVAL);
    let (id, _) = till.last();
    till.unseen(Event::Answer(id, Reply::Pairing(paired())));
    till.unseen(Event::Key(kasse::till::Key::Char('+')));
    assert_eq!(till.starts(), 1);
    till.event(Event::Shown);
    till.press("+");
    assert_eq!(till.starts(), 2);
}

/// An unknown payment goes on being asked after; the pairing never answers for it.
#[test]
fn an_unknown_payment_survives_and_is_asked_after_at_once() {
    let mut till = Till::new();
    till.applied();
    till.press("+20+").reply(Outcome::Unknown(DownReason::Timeout));
    till.wait(1_000);
    assert!(matches!(till.last().1, Call::Read(_)));
    till.refuse();
    assert!(till.is_shown());
    till.pairing(code("aa63q9k9"));
    // The till asks on by itself; put away, the screen does not come back for that.
    till.press("<Esc>");
    let (starts, mut reads) = (till.starts(), 0);
    let mut answered = till.calls.len();
    while till.last().1 != Call::Poll {
        till.wait(100);
        if till.calls.len() > answered && matches!(till.last().1, Call::Read(_)) {
            answered = till.calls.len();
            reads += 1;
            till.refuse();
            assert!(!till.is_shown());
        }
    }
    assert!(reads > 0 && matches!(till.state.sale.step, Step::Unknown(_)));
    till.pairing(paired());
    assert!(matches!(till.last().1, Call::Read(_)), "asked at once");
    till.reply(Outcome::Ok(kasse::wire::Transaction {
        id: "STX_1".to_owned(),
        status: Status::Ok,
        ..kasse::wire::Transaction::default()
    }));
    assert!(matches!(till.state.sale.step, Step::Done(_)));
    assert_eq!(till.starts(), starts);
}

/// Giving up what nobody needs waits for the pairing: it neither spins nor is forgotten.
#[test]
fn an_abandoned_transaction_is_given_up_after_the_pairing() {
    let mut till = Till::new();
    till.event(Event::Started);
    let (id, _) = till.last();
    till.event(Event::Answer(id, Reply::Connected(Outcome::Ok(true))));
    till.press("30037⏎").press(CARD).press("⏎").copied();
    till.state.overlays.push(Overlay::Confirm(kasse::till::Command::DiscardSale));
    till.press("<Right>");
    assert!(matches!(till.last().1, Call::Abort(_)), "{:?}", till.last());
    till.refuse();
    assert_eq!(till.last().1, Call::Register);
    assert_eq!(till.state.abandoned.len(), 1);
    till.pairing(code("aa63q9k9")).wait(INTERVAL).pairing(pending());
    assert_eq!(till.calls.iter().filter(|(_, call)| matches!(call, Call::Abort(_))).count(), 1);
    till.wait(INTERVAL).pairing(paired());
    assert!(matches!(till.last().1, Call::Abort(_)));
}

#[test]
fn what_is_wrong_before_stays_on_the_screen() {
    let mut till = waiting();
    till.press("999⏎");
    assert_eq!(till.state.notice.as_ref().unwrap().level, Level::Error);
    till.wait(INTERVAL).pairing(paired());
    assert_eq!(till.state.notice.as_ref().unwrap().message, Message::NotFound("999".to_owned()));
}

/// A code that is being typed over the tender step goes with its prompt: it is no amount.
#[test]
fn the_pairing_screen_lays_no_code_open() {
    let mut till = Till::new();
    till.press("30037⏎+").copied().press(OTHER_CARD).press("<F3>");
    let (id, _) = till.last();
    till.event(Event::Answer(id, Reply::Card(Box::new(Outcome::Ok(Some(card()))))));
    till.press("⏎12");
    assert!(matches!(till.state.overlays.last(), Some(Overlay::Code(_))));
    till.event(Event::Answer(CallId(999), Reply::Connected(Outcome::Refused(unpaired()))));
    assert!(till.is_shown() && matches!(till.state.sale.step, Step::Tender(_)));
    assert_eq!(till.state.entry.text, "");
}
