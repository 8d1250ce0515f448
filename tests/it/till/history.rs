//! The history: pages of the journal, bounded, and right about what was cancelled meanwhile.

use kasse::till::{
    Answer, Call, CallId, Change, Effect, Event, Finished, HistoryPage, Message, Overlay, Reading,
    Record, Replay, ServerKind, State, update,
};
use kasse::wire::{DownReason, Outcome, Status, Transaction};

use super::kit::{Till, keys};

/// A paid sale.
fn sale() -> Finished {
    let mut till = Till::new();
    till.press("30037⏎+").copied().press("+").started(Status::Ok);
    till.history().remove(0)
}

/// A till whose journal has so many sales, the newest with the greatest number, and the history
/// open with its call on its way.
struct Asked {
    till: Till,
    sold: Vec<(i64, Finished)>,
    calls: Vec<(CallId, Call)>,
}

impl Asked {
    fn of(sales: i64) -> Self {
        let like = sale();
        let name = |number: i64| Finished {
            reference: format!("old-{number}"),
            id: format!("STX_{number}"),
            ..like.clone()
        };
        let sold = (1..=sales).map(|number| (number * 10, name(number))).collect();
        let mut till = Till::new();
        till.state.has_sold = sales > 0;
        let mut asked = Self { till, sold, calls: Vec::new() };
        asked.press("<F11>");
        asked
    }

    fn event(&mut self, event: Event) {
        for effect in update(&mut self.till.state, event, self.till.now, &self.till.settings) {
            if let Effect::Call(id, call) = effect {
                self.calls.push((id, call));
            }
        }
    }

    fn press(&mut self, script: &str) {
        for key in keys(script) {
            self.till.now += 300;
            self.event(Event::Key(key));
        }
    }

    /// Answers the oldest call as the journal does; false: there is none.
    fn answer(&mut self) -> bool {
        if self.calls.is_empty() {
            return false;
        }
        let (id, call) = self.calls.remove(0);
        let Call::History { before, limit } = call else { panic!("{call:?}") };
        let all = self.sold.iter().rev().filter(|(seq, _)| before.is_none_or(|b| *seq < b));
        let mut sales: Vec<_> = all.cloned().collect();
        let more = sales.len() > limit;
        sales.truncate(limit);
        self.event(Event::answer(id, Outcome::Ok(Answer::from(HistoryPage { sales, more }))));
        true
    }

    fn list(&self) -> &kasse::till::History {
        match self.till.state.overlays.last() {
            Some(Overlay::History(list)) => list,
            other => panic!("{other:?}"),
        }
    }

    /// The number of the highlighted sale.
    fn current(&self) -> i64 {
        let reference = &self.list().current().unwrap().reference;
        reference.strip_prefix("old-").unwrap().parse().unwrap()
    }
}

#[test]
fn the_list_says_that_it_is_read_and_shows_nothing_before() {
    let mut asked = Asked::of(3);
    assert_eq!(asked.list().reading, Reading::Older);
    asked.press("-⏎");
    assert_eq!((asked.calls.len(), asked.list().sales.len()), (1, 0));
    asked.answer();
    assert_eq!((asked.list().reading, asked.current()), (Reading::Nothing, 3));
    asked.press("<Down><Down><Down>");
    assert_eq!((asked.current(), asked.calls.len()), (1, 0), "there are no more");
}

#[test]
fn one_row_after_the_other_from_the_newest_to_the_oldest_sale_and_back_in_bounded_memory() {
    let sales = 1_000;
    let mut asked = Asked::of(sales);
    asked.answer();
    let mut most = 0;
    for number in (1..=sales).rev() {
        assert_eq!(asked.current(), number);
        asked.press("<Down>");
        asked.answer();
        most = most.max(asked.list().sales.len());
    }
    for number in 1..=sales {
        assert_eq!(asked.current(), number);
        asked.press("<Up>");
        asked.answer();
        most = most.max(asked.list().sales.len());
    }
    assert_eq!(most, 90, "three pages");
    assert!(asked.list().newer.is_empty());
    let mut asked = Asked::of(sales);
    asked.answer();
    asked.press("<PageDown><PageDown><PageDown>");
    assert_eq!(asked.current(), sales - 29, "the end of what is here, until more has come");
    asked.answer();
    asked.press("<PageDown>");
    assert_eq!(asked.current(), sales - 39);
}

/// Sales that are paid while older ones are looked at do not move what is shown.
#[test]
fn a_page_that_was_let_go_comes_back_as_it_was() {
    let mut asked = Asked::of(200);
    asked.answer();
    for _ in 0..150 {
        asked.press("<Down>");
        asked.answer();
    }
    let newest = (9_990, Finished { reference: "new".to_owned(), ..sale() });
    asked.sold.push(newest);
    for number in 51..=200 {
        asked.press("<Up>");
        asked.answer();
        assert_eq!(asked.current(), number);
    }
    asked.press("<Esc><F11>");
    while asked.answer() {}
    assert_eq!(asked.list().current().unwrap().reference, "new");
}

#[test]
fn a_journal_that_cannot_be_read_is_said_and_says_nothing_of_the_server() {
    let mut asked = Asked::of(3);
    let link = asked.till.state.link;
    let (id, _) = asked.calls.remove(0);
    asked.event(Event::answer(id, Outcome::<Answer>::Down(DownReason::Internal)));
    assert_eq!((asked.list().reading, asked.till.state.link), (Reading::Failed, link));
    let notice = asked.till.state.notice.as_ref().unwrap();
    assert!(matches!(notice.message, Message::Down(..)), "{notice:?}");
}

/// The page may have been read before the cancellation was kept.
#[test]
fn a_page_that_was_asked_for_before_a_cancellation_ended_is_read_again() {
    let mut till = Till::new();
    till.press("30037⏎+").copied().press("+").started(Status::Ok);
    till.press("<F11>-<Right>");
    let (cancel, call) = till.last();
    assert_eq!(call, Call::Cancel("STX_1".to_owned()));
    till.press("<Esc>");
    let mut asked = Asked { till, sold: Vec::new(), calls: Vec::new() };
    asked.press("<F11>");
    let before = asked.till.history().remove(0);
    let done =
        Transaction { id: "STX_1".to_owned(), status: Status::Cancelled, ..Transaction::default() };
    asked.event(Event::answer(cancel, Outcome::Ok(done)));
    asked.press("<Esc>");
    asked.sold = vec![(10, before.clone())];
    asked.answer();
    assert_eq!((asked.list().sales.len(), asked.calls.len()), (0, 1), "it is not believed");
    let cancelled = Some(kasse::till::Cancelled::default());
    asked.sold = vec![(10, Finished { cancelled: cancelled.clone(), ..before })];
    asked.answer();
    assert_eq!(asked.list().current().unwrap().cancelled, cancelled);
}

#[test]
fn a_cancellation_that_ends_while_the_list_is_open_is_shown_in_it_and_in_the_receipt() {
    let mut till = Till::new();
    till.press("30037⏎+").copied().press("+").started(Status::Ok);
    till.press("<F11>-<Right>⏎");
    assert!(matches!(till.state.overlays.last(), Some(Overlay::Receipt(_))));
    let done =
        Transaction { id: "STX_1".to_owned(), status: Status::Cancelled, ..Transaction::default() };
    till.reply(Outcome::Ok(done));
    let shown = |till: &Till| match till.state.overlays.last() {
        Some(Overlay::Receipt(receipt)) => receipt.of.clone().unwrap().cancelled,
        Some(Overlay::History(list)) => list.current().unwrap().cancelled.clone(),
        other => panic!("{other:?}"),
    };
    assert!(shown(&till).is_some());
    till.press("<Esc>");
    assert!(shown(&till).is_some());
    assert!(till.state.finished().unwrap().cancelled.is_some());
}

/// Entries of version 0.1 name the sale alone, which may have been paid before others.
#[test]
fn a_cancellation_that_an_older_version_began_is_asked_after() {
    let mut till = Till::new();
    till.press("30037⏎+").copied().press("+").started(Status::Ok);
    let sold = till.history().remove(0);
    let mut records: Vec<Record> = till.records().cloned().collect();
    let Some(Change::Head(paid)) = records.last_mut().map(|record| &mut record.change) else {
        panic!()
    };
    let Some(kasse::till::Stage::Done(booked)) = &mut paid.stage else { panic!() };
    // That version wrote the payment again.
    booked.payment = Some(sold.payment.clone());
    let first = records.clone();
    for number in 2..100 {
        let rest = first
            .iter()
            .cloned()
            .map(|Record { change, .. }| Record { sale: format!("test-{number}"), change });
        records.extend(rest);
    }
    records.push(Record { sale: sold.reference.clone(), change: Change::Cancelling });
    let mut replay = Replay::default();
    for (seq, record) in (1..).zip(records) {
        replay.record(seq, record);
    }
    assert_eq!(replay.oldest_open(), Some(1));
    let mut state = State::new("again", ServerKind::Sandbox, 0);
    replay.into_state(&mut state);
    let open: Vec<_> = state.cancellations.iter().map(|open| open.whose.sale().cloned()).collect();
    assert_eq!(open, [Some(sold)]);
}
