//! Every overlay under every kind of input: no money moves, no error goes, no goods are lost.
//!
//! [`sample`] matches on [`Overlay`] and names a row of [`SAMPLES`] by its index: an overlay
//! without a sample does not compile.

use std::collections::BTreeSet;
use std::sync::Arc;

use kasse::exchange::{Body, Exchange, Progress};
use kasse::shop::{Article, CardNumber, Catalogue, Department, Vat, VatRate};
use kasse::till::{
    Access, Answer, COMMANDS, Call, Command, DiscountBy, DiscountOf, Effect, Event, Key, Keymap,
    Level, Message, Overlay, Overlays, Printing, Quick, Reasons, Settings, Step,
};
use kasse::wire::{
    ApiError, CardGroup, Checkin, DownReason, Outcome, ReceiptLine, Status, TerminalJob,
    Transaction, TransactionPage, UNPAIRED,
};
use serde_json::{Value, json};

use crate::till::kit::{CARD, OTHER_CARD, Till, article, card, keys, settings};

/// Tills that have come to one kind of overlay.
type Sample = &'static [fn() -> Till];

static SAMPLES: [Sample; 28] = [
    // Help; a letter over the question about a return opens a search, and help in its place.
    &[
        || basket().then("<F1>"),
        || tender().then("<F1>"),
        || paying().then("<F1>"),
        || unknown().then("<F1>"),
        || done().then("<F1>"),
        || returning().then("w<F1><Esc>"),
    ],
    // Menu.
    &[|| basket().then("<F10>"), || tender().then("<F10>"), || unknown().then("<F10>")],
    // Search.
    &[
        || basket().then("<F2>"),
        || basket().then("<F2><Down>"),
        || basket().then("wa"),
        || done().then("wa<Down>"),
        || returning().then("wa<Down>"),
    ],
    // Card.
    &[looked_up, || looked_up().answered(Some(card())), || tender().then(CARD).then("<F3>")],
    // Code.
    &[|| looked_up().answered(Some(card())).then("⏎"), passcode],
    // Programmes.
    &[
        || basket().then("␣new⏎"),
        || {
            let group = CardGroup { id: "CRG_1".into(), ..CardGroup::default() };
            basket().then("␣new⏎").answered(vec![group])
        },
    ],
    // Check-ins.
    &[
        || basket().then("␣check⏎"),
        || {
            let guest = Checkin { id: "CKI_1".into(), ..Checkin::default() };
            basket().then("␣check⏎").answered(vec![guest])
        },
    ],
    // History.
    &[|| done().then("<F11>"), || done().then("7⏎<F11>")],
    // Parked.
    &[|| basket().then("<F9> 7⏎<F9> <F9>")],
    // Unresolved: a payment, and a cancellation.
    &[
        || unknown().then("<F9>␣unres⏎"),
        || {
            let mut till = done().then("<F11>-<Right>");
            till.reply(Outcome::Unknown(DownReason::Timeout));
            till.then("<Esc>␣unres⏎")
        },
    ],
    // Faults.
    &[|| basket().then("␣faults⏎")],
    // Receipt.
    &[|| done().then("<F11>⏎"), || done().then("<Down>")],
    // Pairing.
    &[pairing],
    // Wire.
    &[|| basket().then("<S-F12>"), inspector],
    // Exchange.
    &[|| inspector().then("⏎")],
    // Terminal.
    &[
        || basket().then("␣diagnosis⏎"),
        || {
            let mut till = basket().then("␣diagnosis⏎");
            till.reply(Outcome::Ok(Transaction {
                status: Status::Ok,
                receipt: Some(vec![ReceiptLine::text("Report")]),
                ..Transaction::default()
            }));
            till
        },
    ],
    // Transactions.
    &[|| basket().then("␣transactions⏎"), listing],
    // Transaction.
    &[|| listing().then("⏎")],
    // Confirm.
    &[
        || basket().then("␣quit⏎"),
        || tender().then("␣quit⏎"),
        || basket().then("␣discard⏎"),
        || basket().then("␣void⏎"),
        || basket().then("␣end⏎"),
        || done().then("<F11>-"),
        || listing().then("-"),
        || cashless().then("␣abort⏎"),
    ],
    // ConfirmReturn.
    &[returning],
    // Article.
    &[|| shop().then("<F2>7⏎")],
    // Ask: the price of an article and of a department, pieces, a percentage, a note.
    &[
        || shop().then("60⏎"),
        || shop().then("3*60⏎25"),
        || shop().then("<S-F8>"),
        || shop().then("<Home>"),
        || shop().then("<End>10"),
        || shop().then("␣line␣note⏎thin"),
    ],
    // Age.
    &[|| shop().then("70⏎"), || shop().then("2*70⏎")],
    // Reason: of a discount and of a return.
    &[|| shop().then("10<End>"), || shop().then("1-7⏎")],
    // Quick.
    &[|| shop().then("␣quick␣keys⏎")],
    // Teach.
    &[
        || shop().then("4012345678901⏎<Insert>"),
        || shop().then("4012345678901⏎<Insert>Milk<Right>1,"),
        || shop().then("4012345678901⏎<Insert>Milk<Right>120<Right>"),
    ],
    // Locked.
    &[
        || basket().then("<F12>"),
        || tender().then("<F12>"),
        || done().then("<F12>"),
        || returning().then("<F12>"),
    ],
    // Pin.
    &[
        || {
            let mut till = basket();
            till.settings.access = Access::Lock;
            till.then("<F12>")
        },
        || {
            let mut till = basket();
            till.settings.access = Access::Kiosk;
            till.then("␣quit⏎")
        },
    ],
];

const fn sample(of: &Overlay) -> &'static Sample {
    match of {
        Overlay::Help(_) => &SAMPLES[0],
        Overlay::Menu(_) => &SAMPLES[1],
        Overlay::Search(_) => &SAMPLES[2],
        Overlay::Card(_) => &SAMPLES[3],
        Overlay::Code(_) => &SAMPLES[4],
        Overlay::Programmes(_) => &SAMPLES[5],
        Overlay::CheckIns(_) => &SAMPLES[6],
        Overlay::History(_) => &SAMPLES[7],
        Overlay::Parked(_) => &SAMPLES[8],
        Overlay::Unresolved(_) => &SAMPLES[9],
        Overlay::Faults(_) => &SAMPLES[10],
        Overlay::Receipt(_) => &SAMPLES[11],
        Overlay::Pairing => &SAMPLES[12],
        Overlay::Wire(_) => &SAMPLES[13],
        Overlay::Exchange(_) => &SAMPLES[14],
        Overlay::Terminal(_) => &SAMPLES[15],
        Overlay::Transactions(_) => &SAMPLES[16],
        Overlay::Transaction(_) => &SAMPLES[17],
        Overlay::Confirm(_) => &SAMPLES[18],
        Overlay::ConfirmReturn(_) => &SAMPLES[19],
        Overlay::Article(_) => &SAMPLES[20],
        Overlay::Ask(_) => &SAMPLES[21],
        Overlay::Age(_) => &SAMPLES[22],
        Overlay::Reason(_) => &SAMPLES[23],
        Overlay::Quick(_) => &SAMPLES[24],
        Overlay::Teach(_) => &SAMPLES[25],
        Overlay::Locked => &SAMPLES[26],
        Overlay::Pin(_) => &SAMPLES[27],
    }
}

/// Keys for the commands that have none by default.
const EXTRA: [(Command, Key); 23] = [
    (Command::NewCard, Key::Char('$')),
    (Command::CheckIns, Key::Char('=')),
    (Command::AbortPayment, Key::Char('<')),
    (Command::RemoveCard, Key::Char('>')),
    (Command::DiscardSale, Key::Char('|')),
    (Command::Unresolved, Key::Char('^')),
    (Command::CancelSale, Key::Char('~')),
    (Command::WriteOff, Key::Char('"')),
    (Command::Transactions, Key::Char('#')),
    (Command::Diagnosis, Key::Char('!')),
    (Command::EndOfDay, Key::Char('&')),
    (Command::Faults, Key::Char('(')),
    (Command::Connect, Key::Char(')')),
    (Command::Quit, Key::Char('@')),
    (Command::QuickKeys, Key::Char('_')),
    (Command::Price, Key::Char('\'')),
    (Command::Discount(DiscountOf::Line, DiscountBy::Amount), Key::Char('{')),
    (Command::Discount(DiscountOf::Line, DiscountBy::Deal), Key::Char('}')),
    (Command::Discount(DiscountOf::Sale, DiscountBy::Percent), Key::Char('[')),
    (Command::Discount(DiscountOf::Sale, DiscountBy::Amount), Key::Char('\\')),
    (Command::Discount(DiscountOf::Sale, DiscountBy::Deal), Key::Char('`')),
    (Command::LineNote, Key::Char('§')),
    (Command::SaleNote, Key::Char('°')),
];

fn empty() -> Till {
    let extra = EXTRA.map(|(command, key)| (command, vec![key]));
    let keymap = Keymap::with(&extra).unwrap();
    Till::with(Settings {
        keymap,
        inspector: true,
        printing: Printing::OnRequest,
        cashless_patience: 60_000,
        ..settings()
    })
}

fn basket() -> Till {
    empty().then("30037⏎ 2*51⏎")
}

/// A basket in a shop with quick keys and reasons, and with articles about which something is asked.
fn shop() -> Till {
    let mut till = empty();
    let mut articles: Vec<_> = till.settings.catalogue.iter().collect();
    articles.push(Article { price: None, ..article("60", None, "Flowers", 0, 7) });
    articles.push(Article { age: Some(18), ..article("70", None, "Gin", 1_999, 19) });
    till.settings.catalogue = Catalogue::new(articles).unwrap();
    let bread = Department { name: "Bread".to_owned(), vat: Vat::Rate(VatRate::whole(7)) };
    till.settings.quick = vec![Quick::Article("60".to_owned()), Quick::Department(bread)];
    let reasons = vec!["Damaged".to_owned(), "Friend".to_owned()];
    till.settings.reasons =
        Reasons { discounts: reasons.clone(), prices: reasons.clone(), returns: reasons };
    till.then("30037⏎ 2*51⏎")
}

fn tender() -> Till {
    let mut till = basket().then("+");
    till.copied();
    till
}

fn paying() -> Till {
    tender().then("20+")
}

fn cashless() -> Till {
    let mut till = basket().then("<F6>");
    till.copied();
    till.then("<F6>")
}

fn unknown() -> Till {
    let mut till = paying();
    till.reply(Outcome::Unknown(DownReason::Timeout));
    till
}

fn done() -> Till {
    let mut till = paying();
    till.started(Status::Ok);
    till
}

/// Twelve pieces are asked about before they are taken back.
fn returning() -> Till {
    basket().then("12-7⏎")
}

fn looked_up() -> Till {
    basket().then(CARD).then("<F3>")
}

/// The passcode of the sale's card is asked for on the way to the tender step.
fn passcode() -> Till {
    let mut till = basket().then(CARD).then("⏎");
    let Call::Create(body) = till.last().1 else { panic!("{:?}", till.last()) };
    let mut transaction = crate::till::kit::copy(&body);
    for ident in &mut transaction.idents {
        ident.merchantcard.as_mut().unwrap().passcode = 1;
    }
    till.reply(Outcome::Ok(transaction));
    till.then("/")
}

fn pairing() -> Till {
    let mut till = basket().then("+");
    let error = ApiError { http: 401, name: UNPAIRED.to_owned(), ..ApiError::default() };
    till.reply(Outcome::Refused(error));
    till
}

fn inspector() -> Till {
    let mut till = basket().then("<S-F12>");
    let exchange = |id| {
        Arc::new(Exchange {
            id,
            at: "2026-01-02T03:04:05+01:00".to_owned(),
            method: "GET".to_owned(),
            url: "http://127.0.0.1/x".to_owned(),
            authorised: true,
            request: Body::default(),
            progress: Progress::Pending,
        })
    };
    till.event(Event::Exchanges((1..=3).map(exchange).collect()));
    till
}

fn listing() -> Till {
    let row = |number| Transaction {
        id: format!("STX_L{number}"),
        status: Status::Ok,
        ..Transaction::default()
    };
    let page = TransactionPage { total: 60, taken: 3, rows: (0..3).map(row).collect() };
    basket().then("␣transactions⏎").answered(page)
}

impl Till {
    /// Presses these keys.
    fn then(mut self, script: &str) -> Self {
        self.press(script);
        self
    }

    /// Answers the last call.
    fn answered(mut self, answer: impl Into<Answer>) -> Self {
        let (id, _) = self.last();
        self.event(Event::answer(id, Outcome::Ok(answer)));
        self
    }

    /// Lines of all sales that are not finished.
    fn lines(&self) -> usize {
        let at_hand = (!matches!(self.state.sale.step, Step::Done(_))).then_some(&self.state.sale);
        let others = self.state.parked.iter().chain(&self.state.unresolved);
        at_hand.into_iter().chain(others).map(|sale| sale.basket.lines().len()).sum()
    }

    fn shows_error(&self, message: &Message) -> bool {
        let notices = self.state.notice.iter().chain(&self.state.more_errors);
        notices.into_iter().any(|it| it.level == Level::Error && it.message == *message)
    }

    fn returns(&self) -> usize {
        let open = self.state.overlays.iter();
        open.filter(|overlay| matches!(overlay, Overlay::ConfirmReturn(_))).count()
    }
}

/// Goods or a card: what a scanner or a reader sends, with its terminator.
fn scans() -> Vec<Vec<Key>> {
    let swipe = format!(";{OTHER_CARD}=2512101?⏎");
    let mut scans = [
        "4006381333931⏎",
        "]E04006381333931⏎",
        "51⏎",
        &swipe,
        "9276004429942845⏎",
        "99999⏎",
        ";4111111111111111=2512?⏎",
    ]
    .map(keys)
    .to_vec();
    let line_feed = [Key::LineFeed];
    scans.push([keys("4006381333931"), line_feed.into()].concat());
    scans.push([keys("4006381333931⏎"), line_feed.into()].concat());
    scans
}

/// Single keys: every named one, every command's, digits, letters, signs.
fn single() -> BTreeSet<Key> {
    let commands = COMMANDS.iter().flat_map(|row| row.keys.iter().copied());
    let named = keys(
        "⏎ <Esc> <Delete> <Backspace> <Up> <Down> <Left> <Right> <PgUp> <PgDn> <Home> <End> \
         <Insert> <C-c> <C-d> 5 , w W ? %",
    );
    commands.chain(named).chain([Key::LineFeed]).chain(EXTRA.map(|(_, key)| key)).collect()
}

/// Feeds `input` to a sample; what does not hold after it.
fn feed(made: &Till, input: &[Key], is_scan: bool, error_first: bool) -> Vec<String> {
    let mut broken = Vec::new();
    let mut holds = |holds: bool, what: String| {
        if !holds {
            broken.push(what);
        }
    };
    let (state, settings) = (made.state.clone(), made.settings.clone());
    let mut till = Till { state, now: made.now, alone: made.alone, ..Till::with(settings) };
    let error = Message::PrintFailed("paper".to_owned());
    if error_first {
        till.event(Event::Printed(Err("paper".to_owned())));
    }
    let top = till.state.overlays.last().cloned().expect("an overlay");
    let what = format!("{input:?} on {top:?} over {:?}", till.state.sale.step);
    let before = till.state.clone();
    let (lines, returns) = (till.lines(), till.returns());
    let effects = till.effects.len();
    till.now += 5_000;
    for key in input {
        till.event(Event::Key(*key));
        till.now += 5;
    }
    if let Some(due) = till.state.press.and_then(|press| press.decides) {
        till.now = due;
        till.event(Event::Tick);
    }

    let only = |keys: &[Key]| matches!(input, [key] if keys.contains(key));
    let commands: Vec<_> =
        input.iter().filter_map(|key| till.settings.keymap.command(*key)).collect();
    let own = |command: Command| input.len() == 1 && commands.contains(&command);
    let question = matches!(top, Overlay::Confirm(_) | Overlay::Unresolved(_));
    // An error is dismissed first, and then nothing else is done.
    let answered = question && only(&[Key::Right]) && !error_first;

    for (_, call) in &till.calls {
        let allowed = match call {
            Call::Start(..) | Call::Cancel(_) | Call::CancelTrx(..) => answered,
            // Its own key discards a sale without a question, and gives up what is unpaid.
            Call::Abort(_) => answered || own(Command::AbortPayment) || own(Command::DiscardSale),
            Call::Terminal(TerminalJob::EndOfDay) => answered || own(Command::EndOfDay),
            _ => true,
        };
        holds(allowed, format!("{what}: {call:?}"));
    }
    let new = &till.effects[effects..];
    let quits = new.iter().any(|effect| matches!(effect, Effect::Quit(_)));
    holds(!quits || answered, format!("{what} ends the program"));
    if error_first && !till.shows_error(&error) {
        let locked = matches!(top, Overlay::Locked | Overlay::Pin(_));
        holds(
            matches!(input, [key] if key.dismisses()) && !locked,
            format!("{what} took an error away"),
        );
        holds(till.state.overlays == before.overlays, format!("{what} dismissed and did more"));
        holds(till.state.sale == before.sale, format!("{what} dismissed and did more"));
    }
    let gone = lines.saturating_sub(till.lines());
    holds(
        gone == 0 || answered || own(Command::DiscardSale),
        format!("{what} took {gone} lines away"),
    );
    if till.returns() < returns {
        let answers = [Key::Right, Key::Left, Key::Esc, Key::Delete];
        let asked = matches!(top, Overlay::ConfirmReturn(_));
        holds(asked && only(&answers), format!("{what} dropped a return"));
    }
    if is_scan {
        let rang = new.contains(&Effect::Bell);
        let known = |number: &CardNumber| number.reveal() == OTHER_CARD;
        let identified = till.state.sale.card.as_ref().and_then(|card| card.number());
        let taken = till.lines() > lines || identified.is_some_and(known);
        // Where a price was asked for, goods are shown.
        let asked = matches!(&top, Overlay::Search(hits) if hits.asks_price);
        let shown = matches!(till.state.overlays.last(), Some(Overlay::Article(_)));
        let taken = taken || asked && shown;
        // A short number is searched for in the list of transactions, and may be a PIN.
        let searched = matches!(top, Overlay::Transactions(_));
        let checked = new.iter().any(|effect| matches!(effect, Effect::CheckPin(..)));
        let short = input.len() <= 7 && (searched || checked);
        holds(rang || taken || short, format!("{what} is lost"));
        holds(till.state.entry.text.is_empty(), format!("{what} left {:?}", till.state.entry.text));
    }
    match top {
        Overlay::Pin(_) => {
            // Only a right PIN opens; the question before leaving can be withdrawn.
            let open = matches!(till.state.overlays.last(), Some(Overlay::Pin(_)));
            holds(open || only(&[Key::Esc, Key::Delete]), format!("{what} opened the PIN's lock"));
            holds(till.state.is_locked() || !before.is_locked(), format!("{what} unlocked"));
        }
        Overlay::Locked => {
            let opened = only(&[Key::Right, Key::F(12)]);
            holds(till.state.is_locked() != opened, what.clone());
        }
        _ => {}
    }
    let kept = serde_json::to_string(&till.state.overlays).unwrap();
    let read: Overlays = serde_json::from_str(&kept).unwrap();
    if !till.state.asks_pin() {
        holds(read == till.state.overlays, format!("{what}: {kept}"));
    }
    broken
}

#[test]
fn every_sample_shows_its_overlay() {
    for (kind, samples) in SAMPLES.iter().enumerate() {
        assert!(!samples.is_empty(), "{kind}");
        for (nth, make) in samples.iter().enumerate() {
            let till = make();
            let top = till.state.overlays.last();
            let shown = top.is_some_and(|top| std::ptr::eq(sample(top), &raw const SAMPLES[kind]));
            assert!(shown, "sample {nth} of {kind} shows {top:?} with {:?}", till.state.notice);
        }
    }
}

#[test]
fn no_input_moves_money_dismisses_an_error_or_loses_a_scan() {
    let mut broken = Vec::new();
    for samples in &SAMPLES {
        for make in *samples {
            let made = make();
            for error_first in [false, true] {
                for key in single() {
                    broken.extend(feed(&made, &[key], false, error_first));
                }
                for scan in scans() {
                    broken.extend(feed(&made, &scan, true, error_first));
                }
                for words in ["water⏎", "quit⏎", "cash⏎", "yes⏎"] {
                    broken.extend(feed(&made, &keys(words), false, error_first));
                }
            }
        }
    }
    assert!(broken.is_empty(), "{} times:\n{}", broken.len(), broken.join("\n"));
}

/// A change of these forms makes recordings unreadable, and needs a new number of their format.
#[test]
fn overlays_are_written_and_read_in_the_form_of_recordings() {
    let exchange = json!({"id": 1, "at": "", "method": "GET", "url": "", "authorised": false,
        "request": {"text": "", "is_cut": false}, "progress": "Pending"});
    let kept: Vec<Value> = vec![
        json!({"Help": 3}),
        json!({"Menu": 1}),
        json!({"Search": {"found": [1], "literal": true, "selected": 0, "chosen": false}}),
        json!({"Programmes": "Failed"}),
        json!({"CheckIns": {"Pending": 1_000}}),
        json!({"History": {"sales": [], "selected": 0, "reading": "Nothing", "older": true,
            "newer": [9], "changed": false}}),
        json!({"Parked": 2}),
        json!({"Unresolved": 1}),
        json!({"Faults": 4}),
        json!({"Receipt": {"of": null, "scroll": 5}}),
        json!("Pairing"),
        json!({"Wire": {"exchanges": [exchange], "selected": 1}}),
        json!({"Exchange": [exchange, 9]}),
        json!({"Terminal": 0}),
        json!({"Transactions": {"search": "x", "rows": [], "total": 0, "taken": 0, "selected": 0,
            "fetch": "Nothing"}}),
        json!({"Transaction": 6}),
        json!({"Confirm": "Quit"}),
        json!({"Article": {"number": "7"}}),
        json!({"Ask": {"Price": ["Flowers", {"number": "60", "quantity": 2}]}}),
        json!({"Ask": {"Department": {"name": "Bread", "vat": {"rate": 7}}}}),
        json!({"Ask": {"For": {"Discount": ["Line", "Percent"]}}}),
        json!({"Age": {"added": {"number": "70", "price": 1_999}, "name": "Gin", "age": 18}}),
        json!({"Reason": {"of": {"Discount": ["Sale", {"amount": 150}]}, "selected": 1}}),
        json!({"Quick": 3}),
        json!({"Teach": {"code": "4012345678901", "name": "Milk", "price": "1,2",
            "choices": [["", {"class": "reduced"}]], "selected": 0, "field": "Price"}}),
        json!("Locked"),
        json!({"Pin": {"purpose": "Unlock", "step": "Typing"}}),
    ];
    let kept = Value::Array(kept);
    let overlays: Overlays = serde_json::from_value(kept.clone()).unwrap();
    assert_eq!(serde_json::to_value(&overlays).unwrap(), kept);
}
