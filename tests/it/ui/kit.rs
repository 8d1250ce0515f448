//! Scenes: states of the till built by hand, for every test of the console.

use kasse::lang::Lang;
use kasse::money::{Money, Percent};
use kasse::receipt::Profile;
use kasse::shop::{
    Article, Basket, CardNumber, CardPattern, Catalogue, Deposit, Discount, Line, Off, ScanRules,
    Vat, VatLine, VatRate, Weight,
};
use kasse::till::{
    Action, Applied, CallId, CallKind, CardIdent, CardLookup, CardState, CardView, Command, Entry,
    Finished, Goal, Help, History, Hits, Inquiry, Level, Link, Lookup, Menu, Message, Multiplier,
    NextQuestion, Notice, Overlay, Parked, Paying, Payment, PinPrompt, PinPurpose, PinStep,
    Reading, Receipt, Remote, Sale, SaleCard, ServerKind, Settings, State, Step, Tender, Tries,
    Waiter, Work,
};
use kasse::ui::{Theme, View};
use kasse::wire::{ApiError, DownReason, LockStatus, ReceiptLine, StartMethod, StockStatus};

use super::{cards, goods, open, pairing, terminal, wire};

pub const CARD: &str = "9276004424644352";

/// A state with its name.
pub type Scene = (&'static str, State);

/// Everything that a view borrows.
pub struct Shop {
    pub settings: Settings,
    pub theme: Theme,
    pub profile: Profile,
    pub lang: Lang,
}

impl Shop {
    pub fn new(lang: Lang, theme: Theme) -> Self {
        let catalogue = Catalogue::new(articles()).unwrap();
        let settings = Settings {
            catalogue,
            scan: ScanRules { cards: vec![CardPattern::default()], ..ScanRules::default() },
            currency: "EUR".to_owned(),
            max_change: Money(20_000),
            write_off_after: 600_000,
            printing: kasse::till::Printing::OnRequest,
            titles: lang.titles(),
            reasons: goods::reasons(),
            inspector: true,
            ..Settings::default()
        };
        let profile = Profile { lang, ..Profile::default() };
        Self { settings, theme, profile, lang }
    }

    pub fn view(&self) -> View<'_> {
        View {
            settings: &self.settings,
            lang: self.lang,
            theme: &self.theme,
            profile: &self.profile,
        }
    }
}

fn articles() -> Vec<Article> {
    [
        ("30037", None, "Sandwich Romano", 349, 7),
        ("30200", None, "Fruit salad, small bowl", 249, 7),
        ("51", Some("4999012345678"), "Water, mildly sprinkling, 0.25 ltr.", 99, 19),
        ("12", None, "Butterbrezel", 180, 7),
        ("13", None, "Käsebrötchen", 225, 7),
        ("77", None, "Coffee to go, large", 320, 19),
    ]
    .map(|(number, ean, name, price, vat)| Article {
        number: number.to_owned(),
        eans: ean.map(str::to_owned).into_iter().collect(),
        name: name.to_owned(),
        price: Some(Money(price)),
        vat: Vat::Rate(VatRate::whole(vat)),
        group: String::new(),
        ..Article::default()
    })
    .to_vec()
}

fn basket(lines: &[(usize, i64)]) -> Basket {
    let articles = articles();
    let mut basket = Basket::default();
    for &(index, quantity) in lines {
        let article = &articles[index];
        let Vat::Rate(vat) = article.vat else { unreachable!("{article:?}") };
        basket.add(Line::article(article, article.price.unwrap(), vat, quantity)).unwrap();
    }
    basket
}

/// A basket with everything that stands below a line or at the end.
fn rows() -> Basket {
    let discount =
        |text: &str, off| Discount { off, text: text.to_owned(), reason: None, coupon: None };
    let percent = |percent| Off::Percent(Percent::whole(percent));
    let mut basket = basket(&[(0, 1), (2, 3), (4, 1), (5, -1)]);
    let mut change = |index: usize, change: &dyn Fn(&mut Line)| {
        let mut line = basket.lines()[index].clone();
        change(&mut line);
        basket.replace(index, line).unwrap();
    };
    change(0, &|line| {
        line.list_price = Some(line.price);
        line.price = Money(299);
        line.note = Some("no onions".to_owned());
    });
    change(1, &|line| {
        line.discount = Some(discount("10 % off", percent(10)));
        let (name, vat) = ("Deposit".to_owned(), VatRate::whole(19));
        line.deposit =
            Some(Box::new(Deposit { name, price: Money(25), vat, ..Deposit::default() }));
    });
    change(2, &|line| {
        line.price = Money(153);
        line.weight = Some(Weight { grams: 512, per_kilo: Money(299) });
        line.vat = VatRate::of_hundredths(810);
        line.sent_vat = line.vat;
    });
    change(3, &|line| line.discount = Some(discount("10 % off", percent(10))));
    basket.set_discounts(vec![discount("Staff", Off::Amount(Money(100)))]).unwrap();
    basket.set_note(Some("Table 4".to_owned()));
    basket
}

/// The basket of the documents: 7.96.
fn documented() -> Basket {
    basket(&[(0, 1), (1, 1), (2, 2)])
}

pub fn card_view() -> CardView {
    CardView {
        programme: "Baker's bonus 10 %".to_owned(),
        cash: Money(200),
        bonus: Money(20),
        balance: Money(220),
        points: 12,
        last_usage: Some("2020-09-25T11:15:41+02:00".to_owned()),
        last_charge: Some("2020-09-01T08:00:00+02:00".to_owned()),
        expiry: Some("2030-12-31T00:00:00+01:00".to_owned()),
        ..CardView::default()
    }
}

fn card(state: CardState) -> SaleCard {
    let ident = CardIdent::Number(CardNumber::new(CARD));
    SaleCard { state, ..SaleCard::unchecked(ident) }
}

pub fn known() -> SaleCard {
    card(CardState::Known(Box::new(card_view())))
}

fn vat(rate: u8, gross: i64, vat: i64) -> VatLine {
    VatLine { rate: VatRate::whole(rate), gross: Money(gross), vat: Money(vat) }
}

fn applied(revision: u64) -> Applied {
    Applied {
        revision,
        cash: Money(200),
        bonus: vec![(VatRate::whole(7), Money(15)), (VatRate::whole(19), Money(5))],
        missing: Money(576),
        vat_before: vec![vat(19, 198, 32), vat(7, 598, 39)],
        vat_after: vec![vat(19, 193, 31), vat(7, 583, 38)],
    }
}

pub fn remote(synced: u64, applied: Option<Applied>) -> Remote {
    Remote { id: "STX_2HTPPM8TVH2Y4NAC30G4YM5Q5KR5AE".to_owned(), synced, applied }
}

/// The same till, waiting for a call.
pub fn waiting(mut state: State, waiter: Waiter) -> State {
    state.waiting.add(CallId(3), 61_000, waiter);
    state
}

pub fn payment(method: StartMethod, given: i64) -> Payment {
    let typed = (method == StartMethod::Cash).then_some(Money(given));
    Payment { method, due: Money(576), given: Money(given), typed, call: CallId(5), since: 57_000 }
}

pub fn finished(method: StartMethod) -> Finished {
    let cash = method == StartMethod::Cash;
    Finished {
        receipt_number: (method == StartMethod::Cashless).then_some(3),
        loyalty: Some(0),
        cancelled: None,
        perhaps_cancelled: false,
        merchant: Some("Bakery at the Market".to_owned()),
        reference: "session-1".to_owned(),
        id: "STX_2HTPPM8TVH2Y4NAC30G4YM5Q5KR5AE".to_owned(),
        basket: documented(),
        card: Some(known()),
        applied: Some(applied(4)),
        payment: payment(method, if cash { 2_000 } else { 576 }),
        booked: "2020-09-25T11:15:41+02:00".to_owned(),
        receipt: vec![
            ReceiptLine::Separator(Some("Loyalty".to_owned())),
            ReceiptLine::pair("Card", "9276********4352"),
            ReceiptLine::pair("Card payment", "2,20 EUR"),
            ReceiptLine::Space,
            ReceiptLine::pair("Revenue", "7,76 EUR"),
            ReceiptLine::important("Thank you"),
        ],
        receipt_merchant: None,
    }
}

pub fn entry(text: &str) -> Entry {
    Entry { text: text.to_owned(), ..Entry::default() }
}

/// A till with nothing done yet, on a sandbox that answers.
pub fn empty() -> State {
    let mut state = State::new("session", ServerKind::Sandbox, 0);
    state.now = 63_500;
    state.link = Link::Up;
    state.merchant = Some("Bakery at the Market".to_owned());
    state
}

fn with(change: impl FnOnce(&mut State)) -> State {
    let mut state = empty();
    change(&mut state);
    state
}

pub fn sale(change: impl FnOnce(&mut Sale)) -> State {
    with(|state| {
        state.sale.basket = documented();
        state.sale.selected = 2;
        state.sale.revision = 4;
        change(&mut state.sale);
    })
}

pub fn in_step(step: Step) -> State {
    sale(|sale| {
        sale.card = Some(known());
        sale.use_card = true;
        sale.remote = Some(remote(4, Some(applied(4))));
        sale.step = step;
    })
}

pub fn tender(typed: &str, method: StartMethod, due: i64) -> State {
    let mut state = in_step(Step::Tender(Tender { method, due: Money(due), given: None }));
    state.entry = entry(typed);
    state
}

pub fn inquiry(unpaid_answers: u32, next: NextQuestion) -> State {
    in_step(Step::Unknown(Inquiry {
        refused: None,
        broken_off: false,
        kept: false,
        payment: payment(StartMethod::Cash, 2_000),
        reason: DownReason::Timeout,
        unpaid_answers,
        asked: unpaid_answers + 1,
        next,
    }))
}

/// An unknown outcome that the server is being asked for.
fn asked() -> State {
    let state = inquiry(0, NextQuestion::Asked);
    let sale = state.sale.reference.clone();
    waiting(state, Waiter::Inquiry { sale, kind: CallKind::Read })
}

pub fn under(overlay: Overlay, change: impl FnOnce(&mut State)) -> State {
    let mut state = sale(|sale| {
        sale.card = Some(known());
        sale.remote = Some(remote(4, None));
    });
    state.overlays.cover(overlay);
    change(&mut state);
    state
}

pub fn saying(level: Level, message: Message) -> State {
    let mut state = sale(|sale| sale.card = Some(known()));
    state.notice = Some(Notice { level, message });
    state
}

pub fn applied_scene() -> State {
    in_step(Step::Basket(None))
}

/// The history with these sales, the newest first, of which one is highlighted.
pub fn history(sales: Vec<Finished>, selected: usize) -> Overlay {
    let newest = i64::try_from(sales.len()).unwrap();
    let sales = std::sync::Arc::new((1..=newest).rev().zip(sales).collect());
    Overlay::History(History { sales, selected, ..History::default() })
}

fn reading(reading: Reading) -> Overlay {
    Overlay::History(History { reading, ..History::default() })
}

pub fn done(method: StartMethod) -> State {
    let mut state = in_step(Step::Done(Box::new(finished(method))));
    state.has_sold = true;
    state
}

pub fn refused() -> State {
    let error = ApiError {
        user: "The card has been emptied at another till".to_owned(),
        code: 2_003,
        support_id: "7d1f4c2a90b3".to_owned(),
        ..ApiError::default()
    };
    saying(Level::Error, Message::Refused(Action::Pay, error))
}

/// A sale whose call of this kind is on its way.
fn work(goal: Goal, kind: CallKind, change: impl FnOnce(&mut Sale)) -> State {
    let mut state = sale(change);
    let (set_up_again, typed, sum) = (false, None, Money::ZERO);
    state.sale.step =
        Step::Basket(Some(Work { goal, kind, revision: 4, set_up_again, typed, sum }));
    waiting(state, Waiter::Sale)
}

/// Sales: everything without an overlay.
pub fn sales() -> Vec<Scene> {
    let locked = CardView { lock: LockStatus::Locked, ..card_view() };
    let inactive = CardView { stock: StockStatus::Stored, ..card_view() };
    vec![
        ("empty", empty()),
        ("unheard", State::new("session", ServerKind::Sandbox, 0)),
        ("basket", sale(|_| ())),
        ("returns", sale(|sale| sale.basket = basket(&[(0, 1), (2, -2), (5, 12), (3, 9_999)]))),
        ("rows", sale(|sale| sale.basket = rows())),
        (
            "creating",
            work(Goal::Card, CallKind::Create, |sale| {
                sale.card = Some(card(CardState::Unchecked));
            }),
        ),
        (
            "card",
            sale(|sale| {
                sale.card = Some(known());
                sale.remote = Some(remote(3, None));
            }),
        ),
        ("card_locked", sale(|sale| sale.card = Some(card(CardState::Locked(Box::new(locked)))))),
        ("card_invalid", sale(|sale| sale.card = Some(card(CardState::Invalid)))),
        (
            "card_inactive",
            sale(|sale| {
                sale.card = Some(card(CardState::Known(Box::new(inactive))));
            }),
        ),
        (
            "applying",
            work(Goal::Apply, CallKind::Apply, |sale| {
                sale.card = Some(known());
                sale.use_card = true;
                sale.remote = Some(remote(4, None));
            }),
        ),
        ("applied", applied_scene()),
        (
            "apply_again",
            sale(|sale| {
                sale.card = Some(known());
                sale.use_card = true;
                sale.revision = 5;
                sale.remote = Some(remote(4, Some(applied(4))));
            }),
        ),
        ("tender", tender("", StartMethod::Cash, 576)),
        ("tender_20", tender("20", StartMethod::Cash, 576)),
        ("tender_little", tender("5", StartMethod::Cash, 576)),
        ("tender_much", tender("999999", StartMethod::Cash, 576)),
        ("tender_odd", tender("1,2,3", StartMethod::Cash, 576)),
        ("tender_terminal", tender("", StartMethod::Cashless, 576)),
        ("tender_card", tender("", StartMethod::Loyalty, 0)),
        ("paying", in_step(Step::Paying(Paying::of(payment(StartMethod::Cash, 2_000))))),
        ("paying_terminal", in_step(Step::Paying(Paying::of(payment(StartMethod::Cashless, 576))))),
        ("unknown", asked()),
        ("unknown_give_up", inquiry(4, NextQuestion::At(70_000))),
        ("done", done(StartMethod::Cash)),
        ("done_card", done(StartMethod::Loyalty)),
        ("done_terminal", {
            let mut state = done(StartMethod::Cashless);
            if let Step::Done(finished) = &mut state.sale.step {
                finished.applied = None;
                finished.card = None;
                finished.payment.due = Money(796);
                finished.payment.given = Money(796);
                finished.receipt = (0..60).map(|_| ReceiptLine::text("Line")).collect();
            }
            state
        }),
        ("error", saying(Level::Error, Message::NotFound("4006381333931".to_owned()))),
        ("info", saying(Level::Info, Message::Voided { quantity: 2, name: "Water".to_owned() })),
        ("refused", refused()),
        ("failed", saying(Level::Error, Message::PaymentFailed)),
        ("down", {
            let reason = DownReason::NoConnection;
            let mut state = saying(Level::Error, Message::Down(Action::Prepare, reason));
            state.link = Link::Down(reason);
            state
        }),
        ("live", with(|state| state.server = ServerKind::Live)),
        (
            "long",
            sale(|sale| {
                sale.basket = basket(&[(0, 1), (1, 3), (2, -1), (3, 1)].repeat(2_500));
                sale.selected = 5_000;
            }),
        ),
    ]
}

/// Entries: what may be seen of what is typed.
pub fn entries() -> Vec<Scene> {
    let typed = |text: &str, multiplier| {
        let mut state = sale(|_| ());
        state.entry = entry(text);
        state.entry.multiplier = multiplier;
        state
    };
    vec![
        ("typed", typed("30037", Some(Multiplier { pieces: 3, is_return: false }))),
        ("typed_return", typed("51", Some(Multiplier { pieces: 2, is_return: true }))),
        ("typed_card", typed(CARD, None)),
        ("typed_part_of_a_card", typed(&CARD[..11], None)),
        ("typed_card_with_a_comma", typed("9276,004424644352", None)),
        ("typed_card_in_words", typed(&format!("x{CARD}"), None)),
        ("typed_bank_card", typed("4111111111111111", None)),
        ("swipe", typed(&format!("%B{CARD}^NAME?;{CARD}=99"), None)),
        ("swipe_german", typed(&format!("ö{CARD}"), None)),
        ("code", typed("]C10104999012345678\u{1d}10AB", None)),
        ("long_entry", typed(&"wide words ".repeat(20), None)),
    ]
}

/// Overlays, each over a sale.
pub fn overlays() -> Vec<Scene> {
    let lookup = |result| {
        let asked = CardLookup::asked(CardNumber::new(CARD), 60_000);
        Overlay::Card(CardLookup { result, ..asked })
    };
    let hits =
        Hits { found: vec![3, 4, 0], literal: true, selected: 1, chosen: true, asks_price: false };
    vec![
        ("help", under(Overlay::Help(Help(0)), |_| ())),
        ("help_scrolled", under(Overlay::Help(Help(usize::MAX)), |_| ())),
        ("menu", under(Overlay::Menu(Menu(2)), |_| ())),
        ("menu_filtered", under(Overlay::Menu(Menu(0)), |state| state.entry = entry("lo"))),
        ("search", under(Overlay::Search(hits), |state| state.entry = entry("br"))),
        (
            "search_nothing",
            under(Overlay::Search(Hits::default()), |state| {
                state.entry = entry("xyz");
            }),
        ),
        ("look_up_pending", under(lookup(Lookup::Pending(60_000)), |_| ())),
        ("look_up", under(lookup(Lookup::Found(Box::new(card_view()))), |_| ())),
        ("look_up_unknown", under(lookup(Lookup::Unknown), |_| ())),
        ("look_up_failed", under(lookup(Lookup::Failed), |_| ())),
        (
            "history",
            under(
                history(vec![finished(StartMethod::Loyalty), finished(StartMethod::Cash)], 1),
                |_| (),
            ),
        ),
        ("history_empty", under(Overlay::History(History::default()), |_| ())),
        ("history_reading", under(reading(Reading::Older), |_| ())),
        ("history_failed", under(reading(Reading::Failed), |_| ())),
        (
            "parked",
            under(Overlay::Parked(Parked(0)), |state| {
                state.parked.push(sale(|sale| sale.card = Some(known())).sale);
            }),
        ),
        (
            "receipt",
            under(
                Overlay::Receipt(Receipt {
                    of: Some(Box::new(finished(StartMethod::Cash))),
                    scroll: 0,
                }),
                |_| (),
            ),
        ),
        ("receipt_missing", under(Overlay::Receipt(Receipt { of: None, scroll: 3 }), |_| ())),
        ("confirm_void", under(Overlay::Confirm(Command::VoidLine), |_| ())),
        ("confirm_quit", under(Overlay::Confirm(Command::Quit), |_| ())),
        ("confirm_discard", under(Overlay::Confirm(Command::DiscardSale), |_| ())),
        ("pin_unlock", pin(PinPurpose::Unlock, PinStep::Typing, "804759")),
        ("pin_quit", pin(PinPurpose::Quit, PinStep::Typing, "")),
        ("pin_checking", pin(PinPurpose::Unlock, PinStep::Checking(CallId(9)), "")),
        ("pin_dropped", pin(PinPurpose::Unlock, PinStep::Dropped, "")),
        ("pin_wrong", {
            let mut state = pin(PinPurpose::Quit, PinStep::Wrong, "");
            state.tries = Tries { wrong: 4, until: state.now + 7_400 };
            state
        }),
        ("pin_again", pin(PinPurpose::Unlock, PinStep::Wrong, "80")),
        ("locked", under(Overlay::Locked, |_| ())),
    ]
}

/// The PIN is asked for over a sale, these digits typed.
fn pin(purpose: PinPurpose, step: PinStep, digits: &str) -> State {
    let mut prompt = PinPrompt { step, ..PinPrompt::new(purpose) };
    assert!(digits.chars().all(|digit| prompt.entry.pin.push(digit)));
    under(Overlay::Pin(prompt), |_| ())
}

/// Every scene.
pub fn scenes() -> Vec<Scene> {
    let open = [open::sales(), open::overlays(), pairing::scenes(), wire::overlays()];
    let cards = [cards::sales(), cards::overlays()];
    let terminal = [terminal::sales(), terminal::overlays()];
    let goods = [goods::sales(), goods::overlays()];
    [sales(), entries(), overlays()]
        .into_iter()
        .chain(open)
        .chain(cards)
        .chain(terminal)
        .chain(goods)
        .flatten()
        .collect()
}

/// The scene of this name.
pub fn scene(name: &str) -> State {
    scenes().into_iter().find(|(known, _)| *known == name).expect("a scene").1
}
