//! What the journal is told of a sale: how much, in which form, and what an older form leads to.

use kasse::till::{
    Change, Command, Finished, Overlay, Record, Replay, ServerKind, State, finished,
};
use kasse::wire::{
    Merchant, Outcome, ReceiptLine, Reference, Status, Transaction, TransactionRequest,
};

use super::kit::{CARD, Till, copy, pre_transaction};

/// A sale with a card and a receipt as version 0.1 wrote it: all of the head in every entry.
const OLD: &str = include_str!("records/sale-0.1.jsonl");

/// A parked sale, one that is asked after and one that was just paid, as format 1 has them.
const CHECKPOINT: &str = include_str!("records/checkpoint-1.json");

/// `lines` lines as a sandbox writes them.
fn receipt(lines: usize) -> Vec<ReceiptLine> {
    let pair = |number| ReceiptLine::pair(format!("{number} x Sandwich Romano"), "3,49 EUR");
    let mut receipt = vec![ReceiptLine::important("Receipt"), ReceiptLine::Separator(None)];
    receipt.extend((1..lines - 3).map(pair));
    receipt.extend([ReceiptLine::text("Thank you"), ReceiptLine::Space]);
    receipt
}

/// Answers the payment, the call made last.
fn pay(till: &mut Till, receipt: Option<Vec<ReceiptLine>>) {
    let companyname = receipt.is_some().then(|| "Shop".to_owned());
    let booking = Reference { object: "loyalty.transactions".to_owned(), ..Reference::default() };
    let paid = Transaction {
        status: Status::Ok,
        merchant: Merchant { companyname, ..Merchant::default() },
        transactions: receipt.iter().map(|_| booking.clone()).collect(),
        receipt,
        updated: Some("2026-01-02T03:04:05+01:00".to_owned()),
        ..copy(&TransactionRequest::default())
    };
    till.reply(Outcome::Ok(paid));
}

fn cash_sale() -> Till {
    let mut till = Till::new();
    till.press("30037⏎ 30200⏎ 2*51⏎+").copied().press("20+");
    pay(&mut till, None);
    till
}

fn card_sale(lines: usize) -> Till {
    let mut till = Till::new();
    till.press("30037⏎ 30200⏎ 2*51⏎").press(CARD).press("⏎").copied().press("/");
    till.reply_applied(Outcome::Ok(pre_transaction())).press("+20+");
    pay(&mut till, Some(receipt(lines)));
    till
}

/// The bodies of all records.
fn bodies(till: &Till) -> Vec<String> {
    till.records().map(|record| serde_json::to_string(&record.change).unwrap()).collect()
}

fn changes(bodies: &[String]) -> Vec<Change> {
    bodies.iter().map(|body| serde_json::from_str(body).unwrap()).collect()
}

fn replayed(bodies: &[String]) -> Replay {
    let mut replay = Replay::default();
    for (seq, change) in (1..).zip(changes(bodies)) {
        replay.record(seq, Record { sale: "test-1".to_owned(), change });
    }
    replay
}

/// Version 0.1 took 1842 and 8497 bytes.
#[test]
fn a_sale_takes_less_than_half_of_what_it_took() {
    for (till, most) in [(cash_sale(), 1_842 / 2), (card_sale(40), 8_497 / 2)] {
        let bodies = bodies(&till);
        let bytes: usize = bodies.iter().map(String::len).sum();
        println!("{bytes} bytes in {} entries", bodies.len());
        assert!(bytes <= most, "{bytes} > {most}: {bodies:#?}");
    }
}

#[test]
fn what_did_not_change_is_not_written_again() {
    let bodies = bodies(&card_sale(5));
    let times = |what: &str| bodies.iter().filter(|body| body.contains(what)).count();
    assert_eq!((times("\"Known\""), times("applied\""), times("Sandwich Romano\",\"q")), (1, 1, 1));
    assert_eq!(
        bodies[3],
        r#"{"head":{"card":{"number":"9276004424644352","state":"Unchecked"},"revision":5,"create_sent":true}}"#
    );
    let paid = r#"{"head":{"revision":5,"stage":{"done":{"id":"STX_1","merchant":"Shop","booked":"2026-01-02T03:04:05+01:00","receipt":["#;
    assert!(bodies[9].starts_with(paid), "{}", bodies[9]);
}

#[test]
fn a_card_that_was_taken_off_is_written_as_none() {
    let mut till = Till::new();
    till.press("30037⏎").press(CARD).press("⏎").copied();
    till.state.overlays.cover(Overlay::Confirm(Command::RemoveCard));
    till.press("<Right>");
    assert_eq!(till.state.sale.card, None);
    let Some(body) = bodies(&till).pop() else { panic!() };
    assert!(body.contains(r#""card":null"#), "{body}");
    assert_eq!(till.replayed().sale.card, None);
}

#[test]
fn the_entries_of_version_0_1_lead_to_the_same_state() {
    let old: Vec<String> = OLD.lines().map(str::to_owned).collect();
    let till = card_sale(5);
    let now = bodies(&till);
    assert_eq!(old.len(), now.len());
    for count in 0..=old.len() {
        let (old, now) = (replayed(&old[..count]), replayed(&now[..count]));
        let state = |replay: Replay| {
            let mut state = State::new("again", ServerKind::Sandbox, 0);
            replay.into_state(&mut state);
            state
        };
        assert_eq!(state(old), state(now), "{count} entries");
    }
    let both = [&old, &now].map(|bodies| finished("test-1", changes(bodies)));
    let shown: Option<Finished> = till.state.finished().cloned();
    assert!(shown.is_some());
    assert_eq!(both, [shown.clone(), shown]);
}

/// A checkpoint of another form must not be read: whoever changes it raises [`Replay::FORMAT`] and
/// makes a new file.
#[test]
fn the_form_of_a_checkpoint_is_the_one_that_its_number_says() {
    let mut till = Till::new();
    till.press("30037⏎ 51⏎-").press(CARD).press("⏎").copied().press("<F9>");
    till.press("51⏎ <F6>")
        .copied()
        .press("+")
        .reply(Outcome::Unknown(kasse::wire::DownReason::Timeout));
    till.press("<F9> 7⏎+").copied().press("20+");
    pay(&mut till, Some(receipt(5)));
    let mut replay = Replay::default();
    for (seq, record) in (1..).zip(till.records()) {
        replay.record(seq, record.clone());
    }
    assert_eq!(Replay::FORMAT, 1);
    let kept: serde_json::Value = serde_json::from_str(CHECKPOINT).unwrap();
    let now = serde_json::to_value(&replay).unwrap();
    assert_eq!(now, kept, "{}", serde_json::to_string_pretty(&now).unwrap());
    assert_eq!(serde_json::from_str::<Replay>(CHECKPOINT).unwrap(), replay);
}

/// However many sales are paid, what is held does not grow beyond the history.
#[test]
fn closed_sales_are_forgotten() {
    let till = card_sale(5);
    let mut replay = Replay::default();
    let mut size = |seq: &mut i64, sales: std::ops::Range<u32>| {
        for number in sales {
            for record in till.records() {
                *seq += 1;
                let sale = format!("test-{number:05}");
                replay.record(*seq, Record { sale, change: record.change.clone() });
            }
        }
        assert_eq!(replay.oldest_open(), Some(*seq - 9), "the sale at hand alone");
        serde_json::to_string(&replay).unwrap().len()
    };
    let mut seq = 10_000;
    let some = size(&mut seq, 0..300);
    let more = size(&mut seq, 300..1_500);
    assert_eq!(some, more);
}
