//! Scenes of the payment terminal and of the server's list of transactions.

use kasse::money::Money;
use kasse::till::{
    Abort, Command, Fetch, Listed, Listing, Message, OneTransaction, Overlay, Paying, Receipt, Run,
    Slip, Step, Terminal, TerminalRun,
};
use kasse::till::{Level, State};
use kasse::wire::{
    BasketInfo, Decoration, Ident, Item, ReceiptLine, ReceiptText, StartMethod, Status,
    TerminalJob, Transaction,
};

use crate::ui::kit::{CARD, Scene, empty, finished, in_step, payment, saying, under};

fn paying(abort: Abort) -> State {
    let payment = payment(StartMethod::Cashless, 576);
    let mut state = in_step(Step::Paying(Paying { payment, abort }));
    state.now = 182_900;
    state
}

/// Without an overlay.
pub fn sales() -> Vec<Scene> {
    vec![
        ("terminal", paying(Abort::NotAsked)),
        ("terminal_asked", paying(Abort::Asked)),
        ("terminal_taken", paying(Abort::Taken)),
        ("terminal_failed", {
            saying(Level::Error, Message::TerminalFailed("Karte abgelehnt".to_owned()))
        }),
        ("broken_off", saying(Level::Error, Message::BrokenOff)),
        ("terminal_refused", {
            let error = kasse::wire::ApiError {
                user: "Zahlung abgelehnt".to_owned(),
                code: 1_007,
                support_id: "7d1f4c2a90b3".to_owned(),
                ..kasse::wire::ApiError::default()
            };
            saying(Level::Error, Message::Refused(kasse::till::Action::PayAtTerminal, error))
        }),
    ]
}

fn report() -> Slip {
    let middle = |text: &str| {
        let decoration = vec![Decoration::AlignCenter, Decoration::Important];
        ReceiptLine::Text(ReceiptText { text: text.to_owned(), decoration })
    };
    let mut lines = vec![
        ReceiptLine::Separator(Some("Kassenschnitt".to_owned())),
        ReceiptLine::pair("Terminal-ID", "72015255"),
        ReceiptLine::pair("Datum:", "25.02.2021"),
        ReceiptLine::Space,
        ReceiptLine::pair("Karte", CARD),
        ReceiptLine::pair("Betrag EUR", "7,96"),
        middle("Kassenschnitt erfolgt"),
    ];
    lines.extend((0..40).map(|n| ReceiptLine::pair(format!("Beleg {n}"), "1,00")));
    Slip { card: None, lines }
}

fn ran(job: TerminalJob, run: Run) -> State {
    let mut state = empty();
    state.terminal = Some(TerminalRun { job, run });
    state.overlays.cover(Overlay::Terminal(Terminal(0)));
    state
}

fn transaction(number: i64, status: Status) -> Transaction {
    Transaction {
        id: format!("STX_2HTPPM8TVH2Y4NAC30G4YM5Q5KR5A{number}"),
        status,
        created: format!("2020-09-25T11:1{number}:41+02:00"),
        updated: Some("2020-09-25T11:20:02+02:00".to_owned()),
        transaction_ref: Some(format!("0199c5a3b2d74f0e8d5b0f3a9c1e2d4f-{number}")),
        merchant_ref: Some("counter 2".to_owned()),
        receipt_number: Some(number),
        basket_info: BasketInfo {
            sum: Money(796 + number),
            missing_sum: Some(Money(576)),
            ..BasketInfo::default()
        },
        basket: kasse::wire::Basket {
            products: vec![Item {
                quantity: 2,
                desc: "Water, mildly sprinkling, 0.25 ltr.".to_owned(),
                price_one: Money(99),
                ..Item::default()
            }],
            ..kasse::wire::Basket::default()
        },
        idents: vec![Ident {
            kind: "card".to_owned(),
            value: CARD.to_owned(),
            valid: true,
            ..Ident::default()
        }],
        receipt: Some(vec![
            ReceiptLine::Separator(Some("Kundenkarte".to_owned())),
            ReceiptLine::pair("Kartennummer:", CARD),
            ReceiptLine::important("2,20 EUR"),
        ]),
        ..Transaction::default()
    }
}

pub fn listing() -> Listing {
    use Status::{Aborted, Cancelled, Failed, Ok, Other, Processing};
    let statuses = [Ok, Cancelled, Failed, Aborted, Processing, Other];
    let rows =
        statuses.into_iter().zip(1..).map(|(status, n)| Listed::from(&transaction(n, status)));
    let mut listing = Listing::of("counter".to_owned(), Fetch::Nothing);
    listing.rows = std::sync::Arc::new(rows.collect());
    listing.total = 4_711;
    listing.taken = 6;
    listing
}

fn over(listing: Listing, top: Option<Overlay>) -> State {
    under(Overlay::Transactions(Box::new(listing)), |state| {
        if let Some(top) = top {
            state.overlays.cover(top);
        }
    })
}

/// Overlays.
pub fn overlays() -> Vec<Scene> {
    let blank = |fetch| Listing::of(String::new(), fetch);
    let more = Listing { fetch: Fetch::Rows(62_000), ..listing() };
    let (day, test) = (TerminalJob::EndOfDay, TerminalJob::Diagnosis);
    let bare = Run::Done(Box::default());
    vec![
        ("end_of_day", ran(day, Run::Done(Box::new(report())))),
        ("end_of_day_failed", ran(day, Run::Failed(Box::new(report())))),
        ("diagnosis", ran(test, bare)),
        ("diagnosis_waiting", ran(test, Run::Asked(1_000))),
        ("diagnosis_unreported", ran(test, Run::Unreported)),
        ("confirm_end_of_day", under(Overlay::Confirm(Command::EndOfDay), |_| ())),
        ("confirm_break_off", under(Overlay::Confirm(Command::AbortPayment), |_| ())),
        ("transactions", over(listing(), None)),
        ("transactions_more", over(more, None)),
        ("transactions_waiting", over(blank(Fetch::Rows(62_000)), None)),
        ("transactions_none", over(blank(Fetch::Nothing), None)),
        ("transactions_failed", over(blank(Fetch::Failed), None)),
        ("transaction", over(listing(), Some(Overlay::Transaction(OneTransaction(0))))),
        ("transaction_cancel", over(listing(), Some(Overlay::Confirm(Command::CancelSale)))),
        ("receipt_shops_copy", {
            let mut sale = finished(StartMethod::Cashless);
            sale.receipt_merchant = Some(report().lines);
            let receipt = Receipt { of: Some(Box::new(sale)), scroll: usize::MAX };
            under(Overlay::Receipt(receipt), |_| ())
        }),
    ]
}
