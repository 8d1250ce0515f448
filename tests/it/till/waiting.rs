//! Answers and who waits for them: one waiter per call, nothing by an answer that is stale, and
//! nothing believed of an answer of another kind.

use std::collections::{BTreeMap, BTreeSet};

use kasse::till::{
    Answer, Call, CallId, Effect, Event, Link, Message, NextCancel, Record, ServerKind, Settings,
    State, Step, Waiter, update,
};
use kasse::wire::{
    ApiError, CardLock, DownReason, MerchantCard, Outcome, PairingAnswer, PreTransaction, Status,
    Transaction, TransactionPage, TransactionRequest,
};
use proptest::prelude::*;

use crate::sim::sold;

use super::kit::{CARD, Till, card, copy, keys, pre_transaction, settings};

/// What a cashier presses; each leads to other calls.
const SCRIPTS: &[&str] = &[
    "30037⏎",
    "51⏎",
    "9276004424644352⏎",
    "/",
    "+",
    "20+",
    "<F6>",
    "<F3>",
    "⏎",
    "<Esc>",
    "<Right>",
    "<Left>",
    "<Down>",
    "<F9>",
    "<F11>",
    "-",
    "␣transactions⏎",
    "other⏎",
    "␣new card⏎",
    "␣check⏎",
    "␣faults⏎",
    "␣connect⏎",
    "␣diagnosis⏎<Right>",
    "␣discard⏎<Right>",
    "1234⏎",
];

/// What happens next.
#[derive(Debug, Clone)]
enum Happening {
    Keys(&'static str),
    /// The answer to one of the calls on their way.
    Answer(usize, Given),
    /// Time passes, ms.
    Passes(u64),
}

/// How a call is answered.
#[derive(Debug, Clone, Copy)]
enum Given {
    Done(Status),
    Refused,
    Unpaired,
    Unknown,
    Down,
    /// With the answer to another call.
    OtherKind,
}

fn happening() -> impl Strategy<Value = Happening> {
    let status = prop::sample::select(vec![
        Status::Ok,
        Status::Created,
        Status::Processing,
        Status::Failed,
        Status::Aborted,
        Status::Cancelled,
    ]);
    let given = prop_oneof![
        12 => status.prop_map(Given::Done),
        1 => Just(Given::Refused),
        1 => Just(Given::Unpaired),
        2 => Just(Given::Unknown),
        1 => Just(Given::Down),
        1 => Just(Given::OtherKind),
    ];
    prop_oneof![
        6 => prop::sample::select(SCRIPTS).prop_map(Happening::Keys),
        6 => (any::<usize>(), given).prop_map(|(at, of)| Happening::Answer(at, of)),
        1 => (1_u64..20_000).prop_map(Happening::Passes),
    ]
}

/// The answer of a server that does what `call` asks.
fn done(state: &State, kept: &[Record], call: &Call, status: Status) -> Answer {
    let of = |id: &str| {
        let sum = state.sale.basket.sum();
        let mut transaction = Transaction { id: id.to_owned(), status, ..Transaction::default() };
        transaction.basket_info.sum = sum;
        transaction
    };
    match call {
        Call::Connect => ServerKind::Sandbox.into(),
        Call::Create(body) | Call::Update(_, body) => copy(body).into(),
        Call::Find(_) => Some(of("STX_1")).into(),
        Call::Siblings(_) => Vec::<Transaction>::new().into(),
        Call::PreTransaction(_) => {
            let missing_sum = state.sale.basket.sum();
            PreTransaction { missing_sum, ..PreTransaction::default() }.into()
        }
        Call::Start(id, _) | Call::Read(id) | Call::Cancel(id) | Call::CancelTrx(id, _) => {
            of(id).into()
        }
        Call::Abort(id) => Transaction { status: Status::Aborted, ..of(id) }.into(),
        Call::Terminal(_) => of("STX_9").into(),
        Call::List(..) => TransactionPage { total: 9, taken: 1, rows: vec![of("STX_8")] }.into(),
        Call::SetFaults(faults) => faults.clone().into(),
        Call::FindCard(_) => Some(card()).into(),
        Call::Register | Call::Poll => PairingAnswer::Paired { sandbox: true }.into(),
        Call::CardLock(_) => CardLock::default().into(),
        Call::CheckCode(..) => true.into(),
        Call::Programmes => vec![card().cardgroup].into(),
        Call::CheckIns => Answer::CheckIns(Vec::new()),
        Call::History { .. } | Call::OwnSale { .. } => sold::answer(call, kept).unwrap(),
    }
}

fn unpaired() -> ApiError {
    ApiError { http: 401, name: kasse::wire::UNPAIRED.to_owned(), ..ApiError::default() }
}

fn outcome(state: &State, kept: &[Record], call: &Call, given: Given) -> Outcome<Answer> {
    match given {
        Given::Done(status) => Outcome::Ok(done(state, kept, call, status)),
        Given::Refused => Outcome::Refused(ApiError { http: 403, ..ApiError::default() }),
        Given::Unpaired => Outcome::Refused(unpaired()),
        Given::Unknown => Outcome::Unknown(DownReason::Timeout),
        Given::Down => Outcome::Down(DownReason::NoConnection),
        Given::OtherKind => Outcome::Ok(other_kind(call)),
    }
}

/// An answer that is none to `call`.
fn other_kind(call: &Call) -> Answer {
    if *call == Call::CheckIns { true.into() } else { Answer::CheckIns(Vec::new()) }
}

/// True for calls that change what is paid: nobody may give up waiting for one.
fn moves_money(call: &Call) -> bool {
    matches!(
        call,
        Call::Create(_)
            | Call::Update(..)
            | Call::PreTransaction(_)
            | Call::Start(..)
            | Call::Cancel(_)
            | Call::CancelTrx(..)
    )
}

/// A till and the calls that are on their way.
struct World {
    state: State,
    settings: Settings,
    now: u64,
    calls: BTreeMap<CallId, Call>,
    given_up: BTreeSet<CallId>,
    kept: Vec<Record>,
}

impl World {
    fn new() -> Self {
        let state = State::new("test", ServerKind::Sandbox, 0);
        let (calls, given_up) = (BTreeMap::new(), BTreeSet::new());
        Self { state, settings: settings(), now: 0, calls, given_up, kept: Vec::new() }
    }

    fn event(&mut self, event: Event) {
        let answered = match &event {
            Event::Answer(call, _) => Some((*call, event.clone())),
            _ => None,
        };
        for effect in update(&mut self.state, event, self.now, &self.settings) {
            match effect {
                Effect::Call(id, call) => {
                    assert!(self.calls.insert(id, call).is_none(), "{id:?} is used twice");
                }
                Effect::Record(record) => self.kept.push(record),
                _ => {}
            }
        }
        if let Some((call, again)) = answered {
            self.calls.remove(&call);
            self.given_up.remove(&call);
            self.is_stale(again);
            self.is_stale(Event::answer(CallId(9_999), Outcome::<Answer>::Refused(unpaired())));
        }
        self.check();
    }

    /// The event changes nothing.
    fn is_stale(&mut self, event: Event) {
        let before = self.state.clone();
        let effects = update(&mut self.state, event, self.now, &self.settings);
        assert_eq!(effects, []);
        assert_eq!(self.state, before);
    }

    /// The table holds every call that is on its way and was not given up, once.
    fn check(&mut self) {
        let mut waited: BTreeSet<CallId> = BTreeSet::new();
        for awaited in self.state.waiting.iter() {
            assert!(waited.insert(awaited.call), "{awaited:?} stands there twice");
            assert!(self.calls.contains_key(&awaited.call), "{awaited:?} is not on its way");
        }
        for (id, call) in &self.calls {
            if waited.contains(id) {
                assert!(!self.given_up.contains(id), "{call:?} was given up before");
            } else {
                assert!(!moves_money(call), "nobody waits for {call:?}");
                self.given_up.insert(*id);
            }
        }
        let is = |is: fn(&Waiter) -> bool| self.state.waiting.any(is);
        assert_eq!(
            is(|waiter| *waiter == Waiter::Start),
            matches!(self.state.sale.step, Step::Paying(_))
        );
        assert_eq!(
            is(|waiter| *waiter == Waiter::Sale),
            matches!(self.state.sale.step, Step::Basket(Some(_)))
        );
        let asked =
            |waiter: &&kasse::till::Awaited| matches!(waiter.waiter, Waiter::Cancellation { .. });
        let open = &self.state.cancellations;
        assert_eq!(
            self.state.waiting.iter().filter(asked).count(),
            open.iter().filter(|cancellation| cancellation.next == NextCancel::Asked).count()
        );
    }

    fn happen(&mut self, what: &Happening) {
        match what {
            Happening::Keys(script) => {
                for key in keys(script) {
                    self.now += 300;
                    self.event(Event::Key(key));
                    self.event(Event::Tick);
                    self.event(Event::Shown);
                }
            }
            Happening::Answer(at, given) => {
                if self.calls.is_empty() {
                    return;
                }
                let (id, call) = self.calls.iter().nth(at % self.calls.len()).unwrap();
                let outcome = outcome(&self.state, &self.kept, call, *given);
                let event = Event::answer(*id, outcome);
                self.event(event);
                self.event(Event::Shown);
            }
            Happening::Passes(ms) => {
                self.now += ms;
                self.event(Event::Tick);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn every_call_has_one_waiter_until_it_is_answered_or_given_up(
        happenings in prop::collection::vec(happening(), 1..120)
    ) {
        let mut world = World::new();
        world.event(Event::Started);
        for what in &happenings {
            world.happen(what);
        }
    }
}

/// Answers every call in turn, so that the whole way to a paid sale and back is known to be walked.
#[test]
fn a_sale_that_is_paid_and_cancelled_leaves_nobody_waiting() {
    let mut world = World::new();
    world.event(Event::Started);
    for script in ["30037⏎", "9276004424644352⏎", "/", "+", "20+", "<F11>", "-<Right>"] {
        world.happen(&Happening::Keys(script));
        for _ in 0..9 {
            let status = if script.starts_with('-') { Status::Cancelled } else { Status::Ok };
            world.happen(&Happening::Answer(0, Given::Done(status)));
        }
    }
    assert!(world.calls.is_empty(), "{:?}", world.calls);
    assert_eq!(world.state.waiting.iter().count(), 0);
    let sold = sold::sold(&world.kept);
    assert!(sold[0].1.cancelled.is_some(), "{:?}", world.state.notice);
}

#[test]
fn an_answer_of_another_kind_to_a_start_is_an_unknown_outcome() {
    let mut till = Till::new();
    till.press("30037⏎+").copied().press("+");
    let (start, call) = till.last();
    assert!(matches!(call, Call::Start(..)));
    till.event(Event::answer(start, Outcome::Ok(true)));
    let Step::Unknown(inquiry) = &till.state.sale.step else { panic!("{:?}", till.state.sale) };
    assert_eq!(inquiry.reason, DownReason::Internal);
}

#[test]
fn an_answer_of_another_kind_to_a_question_about_a_payment_leaves_it_open() {
    let mut till = Till::new();
    till.press("30037⏎+").copied().press("+").reply(Outcome::Unknown(DownReason::Timeout));
    till.now += 2_000;
    till.event(Event::Tick);
    let (read, call) = till.last();
    assert!(matches!(call, Call::Read(_)));
    till.event(Event::answer(read, Outcome::Ok(Vec::<Transaction>::new())));
    assert!(matches!(till.state.sale.step, Step::Unknown(_)));
    till.now += 20_000;
    till.event(Event::Tick);
    assert_ne!(till.last().0, read, "it is asked again");
}

#[test]
fn an_answer_of_another_kind_to_a_create_is_no_transaction() {
    let mut till = Till::new();
    till.press("30037⏎+");
    let (create, _) = till.last();
    till.event(Event::answer(create, Outcome::Ok(pre_transaction())));
    assert!(matches!(till.state.sale.step, Step::Basket(None)));
    assert!(till.state.sale.create_sent && till.state.sale.remote.is_none());
    let said = &till.state.notice.as_ref().unwrap().message;
    assert!(matches!(said, Message::NoAnswer(_, DownReason::Internal)), "{said:?}");
}

#[test]
fn an_answer_of_another_kind_to_a_cancel_is_asked_after() {
    let mut till = Till::new();
    till.press("30037⏎+").copied().press("+").started(Status::Ok).press("<F11>-<Right>");
    let (cancel, call) = till.last();
    assert!(matches!(call, Call::Cancel(_)));
    till.event(Event::answer(cancel, Outcome::Ok(Some(MerchantCard::default()))));
    assert_eq!(till.state.cancellations[0].unknown, Some(DownReason::Internal));
    assert!(matches!(till.state.cancellations[0].next, NextCancel::At(_)));
}

/// Other answers than the one that is awaited change nothing, whatever they say.
#[test]
fn an_answer_to_a_call_that_was_never_made_changes_nothing() {
    let mut till = Till::new();
    till.press("30037⏎").press(CARD).press("⏎");
    let before = till.state.clone();
    let paid = Transaction { status: Status::Ok, ..copy(&TransactionRequest::default()) };
    for outcome in [
        Outcome::<Answer>::Ok(paid.into()),
        Outcome::Ok(PreTransaction::default().into()),
        Outcome::Refused(unpaired()),
        Outcome::Unknown(DownReason::Timeout),
        Outcome::Down(DownReason::NoConnection),
    ] {
        till.unseen(Event::answer(CallId(77), outcome));
        assert_eq!(till.state, before);
    }
    assert_eq!(till.state.link, Link::Unheard);
}
