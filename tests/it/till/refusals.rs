//! Answers that look definite: a refusal, "not found", or the answer of another sale. None of them
//! says what became of a payment; only a final status of the very transaction does.

use kasse::money::Money;
use kasse::till::{
    Abandoned, Call, CallId, Change, Command, Effect, Event, Message, Offer, Overlay, State, Step,
    Unresolved, Waiter,
};
use kasse::wire::{
    ApiError, BasketInfo, DownReason, Ident, Outcome, Status, Transaction, TransactionRequest,
};
use rstest::rstest;

use crate::till::kit::{CARD, OTHER_CARD, Till, copy};

fn refusal(http: u16, name: &str) -> ApiError {
    ApiError { http, name: name.to_owned(), ..ApiError::default() }
}

fn of_status(status: Status) -> Outcome<Transaction> {
    Outcome::Ok(Transaction { status, ..copy(&TransactionRequest::default()) })
}

fn not_found() -> Outcome<Transaction> {
    Outcome::Refused(refusal(404, "ProductNotFoundException"))
}

/// A cash payment of 3.49 whose `start` has left.
fn paying() -> Till {
    let mut till = Till::new();
    till.press("30037⏎ +").copied().press("20 +");
    assert!(matches!(till.last().1, Call::Start(..)));
    till
}

/// Lets time pass until the server is asked the next time.
fn next_question(till: &mut Till) {
    let asked = till.calls.len();
    while till.calls.len() == asked {
        till.now = till.state.wake_at.expect("something is due");
        till.event(Event::Tick);
    }
}

#[rstest]
fn a_refused_start_that_took_effect_is_paid_once(
    #[values(400, 401, 403, 404, 409, 429)] http: u16,
    #[values("", "ProductNotAllowedException", "ProductNotFoundException")] name: &str,
) {
    let mut till = paying();
    till.reply(Outcome::Refused(refusal(http, name)));
    assert_eq!(till.last().1, Call::Read("STX_1".to_owned()), "read at once");
    assert_eq!(till.said(), None, "nothing is said of the money yet");
    till.reply(of_status(Status::Ok));
    assert!(matches!(till.state.sale.step, Step::Done(_)), "{:?}", till.state.sale.step);
    assert_eq!(till.starts(), 1);
}

#[rstest]
fn a_refused_start_is_paid_anew_only_on_another_transaction(
    #[values(400, 401, 403, 404, 409, 429)] http: u16,
) {
    let mut till = paying();
    till.refused(refusal(http, "")).copied();
    assert!(matches!(till.state.sale.step, Step::Tender(_)), "{:?}", till.state.sale.step);
    assert_eq!(till.starts(), 1, "nothing is sent by itself");
    let Call::Create(body) =
        till.calls.iter().rev().find(|c| matches!(c.1, Call::Create(_))).unwrap().1.clone()
    else {
        panic!()
    };
    assert_ne!(body.transaction_ref, Some(till.state.sale.reference.clone()));
}

#[test]
fn a_lost_start_that_the_server_does_not_know_stays_unknown() {
    let mut till = paying();
    till.reply(Outcome::Unknown(DownReason::Timeout));
    for _ in 0..20 {
        next_question(&mut till);
        assert!(matches!(till.last().1, Call::Read(_)), "{:?}", till.last());
        till.reply(not_found());
        till.press("<Right>");
        assert!(matches!(till.state.sale.step, Step::Unknown(_)));
    }
    assert_eq!(till.starts(), 1);
    assert!(till.state.abandoned.is_empty());
}

#[test]
fn not_found_to_giving_up_is_no_proof() {
    let mut till = paying();
    till.reply(Outcome::Unknown(DownReason::Timeout));
    for _ in 0..4 {
        next_question(&mut till);
        till.reply(of_status(Status::Processing));
    }
    till.press("<Right>");
    assert!(matches!(till.last().1, Call::Abort(_)), "{:?}", till.last());
    till.reply(not_found());
    assert!(matches!(till.state.sale.step, Step::Unknown(_)));
    next_question(&mut till);
    till.reply(of_status(Status::Ok));
    assert!(matches!(till.state.sale.step, Step::Done(_)));
}

/// Until the outcome may be written off: the server answers nothing usable for ten minutes.
fn without_a_word() -> Till {
    let mut till = paying();
    till.reply(Outcome::Unknown(DownReason::Timeout));
    while till.now < till.settings.write_off_after + 60_000 {
        next_question(&mut till);
        till.reply(not_found());
    }
    let Step::Unknown(inquiry) = &till.state.sale.step else { panic!("{:?}", till.state.sale) };
    assert_eq!(inquiry.offer(till.now, &till.settings), Some(Offer::WriteOff));
    till
}

#[test]
fn an_outcome_without_a_word_is_written_off_by_decision_and_recorded_as_such() {
    let mut till = without_a_word();
    till.press("<Right>");
    assert_eq!(till.state.overlays, [Overlay::Confirm(Command::WriteOff)]);
    till.press("<Left>");
    assert!(matches!(till.state.sale.step, Step::Unknown(_)), "no is no");
    till.press("<Right><Right>");
    assert_eq!(till.said(), Some(&Message::WrittenOff(Money(349))));
    assert_eq!(till.state.sale.step, Step::Basket(None));
    let recorded = till.effects.iter().any(|effect| {
        matches!(effect, Effect::Record(record)
            if matches!(record.change, Change::WrittenOff { due: Money(349), .. }))
    });
    assert!(recorded);
    let abandoned = Abandoned::WrittenOff { id: "STX_1".to_owned(), due: Money(349) };
    assert_eq!(till.state.abandoned, [abandoned]);
    assert_eq!(till.replayed().abandoned, till.state.abandoned, "a restart goes on asking");
}

#[test]
fn what_was_written_off_and_is_found_paid_is_said_and_recorded() {
    let mut till = without_a_word();
    till.press("<Right><Right>");
    assert!(matches!(till.last().1, Call::Read(_)), "{:?}", till.last());
    till.reply(of_status(Status::Ok));
    let more = till.state.more_errors.iter().map(|notice| &notice.message);
    assert!(
        till.said()
            .into_iter()
            .chain(more)
            .any(|message| *message == Message::WrittenOffWasPaid(Money(349)))
    );
    assert!(till.state.abandoned.is_empty());
    assert!(till.replayed().abandoned.is_empty());
}

#[test]
fn what_was_written_off_is_not_paid_again_once_the_server_says_that_it_is_paid() {
    let mut till = without_a_word();
    till.alone = false;
    till.press("<Right><Right>");
    till.reply(not_found()).press("<Esc><Esc>+").copied();
    let (id, call) = till.last();
    assert_eq!(call, Call::Siblings(till.state.sale.reference.clone()));
    let paid = Transaction {
        status: Status::Ok,
        basket_info: BasketInfo { sum: Money(349), ..BasketInfo::default() },
        ..copy(&TransactionRequest::default())
    };
    till.event(Event::answer(id, Outcome::Ok(vec![paid])));
    assert_eq!(till.said(), Some(&Message::PaidElsewhere(Money(349))));
    assert_eq!(till.starts(), 1);
}

#[rstest]
#[case::id(|t: &mut Transaction| t.id = "STX_2".to_owned())]
#[case::reference(|t: &mut Transaction| t.transaction_ref = Some("another-1".to_owned()))]
#[case::sum(|t: &mut Transaction| t.basket_info.sum = Money(348))]
#[case::currency(|t: &mut Transaction| t.basket_info.currency = "CHF".to_owned())]
#[case::card(|t: &mut Transaction| t.idents = vec![Ident {
    kind: "card".to_owned(), value: OTHER_CARD.to_owned(), valid: true, ..Ident::default()
}])]
fn the_answer_of_another_sale_is_never_shown_as_paid(#[case] change: fn(&mut Transaction)) {
    let mut other = Transaction { status: Status::Ok, ..copy(&TransactionRequest::default()) };
    other.basket_info.sum = Money(349);
    change(&mut other);
    let mut till = paying();
    let (start, _) = till.last();
    let outcome = Outcome::Ok(other.clone());
    till.event(Event::answer(start, outcome.clone()));
    assert!(matches!(till.state.sale.step, Step::Unknown(_)), "start");
    next_question(&mut till);
    let (read, _) = till.last();
    till.event(Event::answer(read, outcome));
    assert!(matches!(till.state.sale.step, Step::Unknown(_)), "read");
    next_question(&mut till);
    till.reply(of_status(Status::Ok));
    assert!(matches!(till.state.sale.step, Step::Done(_)), "its own answer is believed");
}

#[rstest]
#[case::reference(|t: &mut Transaction| t.transaction_ref = Some("another-1".to_owned()))]
#[case::sum(|t: &mut Transaction| t.basket_info.sum = Money(348))]
#[case::currency(|t: &mut Transaction| t.basket_info.currency = "CHF".to_owned())]
#[case::card(|t: &mut Transaction| t.idents[0].value = OTHER_CARD.to_owned())]
fn the_answer_of_another_sale_to_a_create_is_not_taken_over(#[case] change: fn(&mut Transaction)) {
    let mut till = Till::new();
    till.press("30037⏎").press(CARD).press("⏎");
    let (create, Call::Create(body)) = till.last() else { panic!("{:?}", till.last()) };
    let mut other = Transaction { id: "STX_2".to_owned(), ..copy(&body) };
    change(&mut other);
    till.event(Event::answer(create, Outcome::Ok(other)));
    assert_eq!(till.state.sale.remote, None);
    assert!(till.state.sale.create_sent, "what it made is looked for");
    till.press("<Esc>+");
    assert_eq!(till.last().1, Call::Find(till.state.sale.reference.clone()));
}

#[test]
fn bonus_at_a_rate_that_the_basket_lacks_is_of_another_sale() {
    let mut till = Till::new();
    till.press("30037⏎").press(CARD).press("⏎").copied().press("/");
    till.reply_applied(Outcome::Ok(crate::till::kit::pre_transaction()));
    assert!(till.state.sale.applied().is_none());
}

/// The last question for other transactions of the sale.
fn siblings(till: &Till) -> (CallId, Call) {
    let asked = till.calls.iter().rev().find(|(_, call)| matches!(call, Call::Siblings(_)));
    asked.cloned().expect("a question for other transactions")
}

/// The state of a till whose disk was copied before it paid.
fn copied_before_paying() -> (Till, State) {
    let mut till = Till::new();
    till.press("30037⏎ +").copied();
    let state = till.replayed();
    till.press("+").started(Status::Ok);
    (till, state)
}

#[test]
fn a_copy_of_the_state_directory_does_not_pay_what_is_paid() {
    let (original, state) = copied_before_paying();
    let mut till = Till::new();
    till.alone = false;
    till.state = state;
    till.press("++").copied();
    let (id, call) = siblings(&till);
    assert_eq!(call, Call::Siblings(original.history()[0].reference.clone()));
    let mut paid = Transaction { status: Status::Ok, ..copy(&TransactionRequest::default()) };
    paid.basket_info.sum = Money(349);
    till.event(Event::answer(id, Outcome::Ok(vec![paid])));
    assert_eq!(till.said(), Some(&Message::PaidElsewhere(Money(349))));
    till.press("<Esc>++");
    assert_eq!(till.starts(), 0);
}

#[test]
fn an_open_transaction_of_a_copy_is_given_up_before_the_sale_is_paid() {
    let (_, state) = copied_before_paying();
    let mut till = Till::new();
    till.alone = false;
    till.state = state;
    till.press("++").reply(Outcome::Ok(Transaction {
        id: "STX_2".to_owned(),
        ..copy(&TransactionRequest::default())
    }));
    let (id, _) = siblings(&till);
    let other = Transaction { id: "STX_3".to_owned(), ..Transaction::default() };
    till.event(Event::answer(id, Outcome::Ok(vec![other])));
    assert_eq!(till.last().1, Call::Abort("STX_3".to_owned()));
    till.reply(Outcome::Ok(Transaction {
        id: "STX_3".to_owned(),
        status: Status::Aborted,
        ..Transaction::default()
    }));
    assert!(matches!(till.last().1, Call::Siblings(_)), "asked again");
    let (id, _) = till.last();
    till.event(Event::answer(id, Outcome::Ok(Vec::<Transaction>::new())));
    assert!(matches!(till.state.sale.step, Step::Tender(_)));
}

#[test]
fn an_abort_that_old_servers_answer_without_the_transaction_is_read_up_and_ends() {
    let mut till = Till::new();
    till.press("30037⏎ +").copied().press("<Esc>");
    till.state.overlays.cover(Overlay::Confirm(Command::DiscardSale));
    till.press("<Right>");
    assert!(matches!(till.last().1, Call::Abort(_)));
    till.reply(Outcome::Unknown(DownReason::Unreadable));
    assert!(matches!(till.last().1, Call::Read(_)));
    assert_eq!(till.state.link, kasse::till::Link::Up, "the link is not down by that");
    till.reply(of_status(Status::Aborted));
    assert!(till.state.abandoned.is_empty());
}

#[test]
fn a_transaction_that_cannot_be_given_up_does_not_block_the_next_one_for_ever() {
    let mut till = Till::new();
    till.press("30037⏎ +").copied();
    till.state.abandoned = ["STX_8", "STX_9"].map(|id| Abandoned::Id(id.to_owned())).to_vec();
    till.event(Event::Tick);
    let mut questions = 0;
    while !till.state.abandoned.is_empty() {
        assert!(questions < 100, "{:?}", till.state.abandoned);
        match till.last().1 {
            Call::Abort(_) => till.reply(Outcome::Unknown(DownReason::Unreadable)),
            Call::Read(id) => till.reply(Outcome::Ok(Transaction { id, ..Transaction::default() })),
            other => panic!("{other:?}"),
        };
        questions += 1;
        if !till.state.waiting.any(|waiter| matches!(waiter, Waiter::Release { .. }))
            && !till.state.abandoned.is_empty()
        {
            let due = till.state.release_retry.at;
            assert!(till.state.wake_at.is_some_and(|wake| wake <= due), "it wakes up for it");
            till.now = due;
            till.event(Event::Tick);
        }
    }
}

#[test]
fn giving_up_is_offered_after_a_restart_whatever_the_former_clock_said() {
    let mut till = Till::new();
    till.now = 500_000_000;
    till.press("30037⏎ <F6>").copied().press("+").reply(Outcome::Unknown(DownReason::Timeout));
    let mut again = Till::new();
    again.state = till.replayed();
    let Step::Unknown(inquiry) = &mut again.state.sale.step else { panic!() };
    assert_eq!(inquiry.payment.since, till.now, "the replay's own clock");
    till.now = 0;
    let state = till.replayed();
    let Step::Unknown(inquiry) = &state.sale.step else { panic!("{:?}", state.sale) };
    assert_eq!(inquiry.payment.since, 0);
}

#[test]
fn a_sale_that_was_left_brings_no_earlier_one_back_to_the_screen() {
    let mut till = Till::new();
    for article in ["30037⏎ +", "7⏎ +"] {
        till.press(article).copied().press("+").started(Status::Ok);
    }
    assert!(matches!(till.replayed().sale.step, Step::Done(_)), "a crash brings the last one back");
    till.state.overlays.cover(Overlay::Confirm(Command::Quit));
    till.press("<Right>");
    let state = till.replayed();
    assert!(state.sale.is_blank(), "{:?}", state.sale);
    assert_eq!((state.has_sold, till.history().len()), (true, 2));
}

#[test]
fn an_empty_sale_that_the_server_knows_survives_a_crash() {
    let mut till = Till::new();
    till.press("30037⏎ +").copied().press("<Esc> -");
    assert!(till.state.sale.is_blank());
    let state = till.replayed();
    assert_eq!(state.sale.remote.map(|remote| remote.id), Some("STX_1".to_owned()));
}

/// Found by two tills under faults: the row below the last one was selected, and → did nothing.
#[test]
fn the_last_row_of_the_open_outcomes_stays_selected_when_the_one_below_is_resolved() {
    let mut till = Till::new();
    for _ in 0..2 {
        till.press("30037⏎ +").copied().press("20 +").reply(Outcome::Unknown(DownReason::Timeout));
        till.press("<F9>");
    }
    till.press("␣unres⏎<Down>");
    assert_eq!(till.state.overlays, [Overlay::Unresolved(Unresolved(1))]);
    next_question(&mut till);
    let (last, _) = till.last();
    till.answer(last, of_status(Status::Ok));
    assert_eq!(till.state.unresolved.len(), 1);
    assert_eq!(till.state.overlays, [Overlay::Unresolved(Unresolved(0))]);
}

#[test]
fn what_was_written_off_is_not_found_paid_by_the_answer_of_another_transaction() {
    let mut till = without_a_word();
    till.press("<Right><Right>");
    assert!(matches!(till.last().1, Call::Read(_)), "{:?}", till.last());
    till.reply(Outcome::Ok(Transaction {
        id: "STX_7".to_owned(),
        status: Status::Ok,
        ..Transaction::default()
    }));
    assert_eq!(till.state.abandoned.len(), 1, "it goes on being asked after");
    assert_eq!(till.said(), Some(&Message::WrittenOff(Money(349))));
}

/// Found by the simulator: a crash lost the card that was changed after a payment came to nothing.
#[test]
fn a_transaction_that_is_not_paid_is_given_up_whatever_card_it_holds() {
    let mut till = paying();
    till.reply(Outcome::Unknown(DownReason::Timeout));
    let ident = Ident {
        kind: "card".to_owned(),
        value: OTHER_CARD.to_owned(),
        valid: true,
        ..Ident::default()
    };
    let later = |status| {
        let copy = copy(&TransactionRequest::default());
        Outcome::Ok(Transaction { status, idents: vec![ident.clone()], ..copy })
    };
    for _ in 0..4 {
        next_question(&mut till);
        till.reply(later(Status::Created));
    }
    till.press("<Right>").reply(later(Status::Aborted));
    assert_eq!(till.state.sale.step, Step::Basket(None));
}
