//! A till without a world: keys and answers in, state and effects out.

use kasse::money::Money;
use kasse::shop::{CardPattern, Catalogue, ScanRules};
use kasse::till::{
    Call, CallId, Command, Effect, Event, Finished, Message, Overlay, Record, ServerKind, Settings,
    State, update,
};
use kasse::wire::{
    BasketInfo, BonusProduct, CardGroup, Ident, MerchantCard, Outcome, PreTransaction, Status, Tax,
    Transaction, TransactionRequest,
};

pub use crate::sim::cashier::keys;
pub use crate::sim::shop::article;
use crate::sim::sold;

pub const CARD: &str = "9276004424644352";
pub const OTHER_CARD: &str = "9276004429942845";

pub fn settings() -> Settings {
    let catalogue = Catalogue::new(vec![
        article("30037", None, "Sandwich Romano", 349, 7),
        article("30200", None, "Fruit salad, small bowl", 249, 7),
        article("51", Some("4999012345678"), "Water, mildly sprinkling, 0.25 ltr.", 99, 19),
        article("7", Some("4006381333931"), "Pen", 150, 19),
        article("AB-12", None, "Ölsardinen", 220, 7),
    ])
    .unwrap();
    Settings {
        catalogue,
        scan: ScanRules { cards: vec![CardPattern::default()], ..ScanRules::default() },
        currency: "EUR".to_owned(),
        max_change: Money(20_000),
        write_off_after: 600_000,
        ..Settings::default()
    }
}

/// A till, its clock and everything it has asked for.
pub struct Till {
    pub state: State,
    pub settings: Settings,
    pub now: u64,
    pub calls: Vec<(CallId, Call)>,
    pub effects: Vec<Effect>,
    /// What the journal has: it answers questions about paid sales.
    pub kept: Vec<Record>,
    /// Questions for other transactions of a sale are answered with none.
    pub alone: bool,
}

impl Till {
    pub fn new() -> Self {
        Self::with(settings())
    }

    pub fn with(settings: Settings) -> Self {
        let state = State::new("test", ServerKind::Sandbox, 0);
        Self {
            state,
            settings,
            now: 0,
            calls: Vec::new(),
            effects: Vec::new(),
            kept: Vec::new(),
            alone: true,
        }
    }

    /// What the message line says.
    pub fn said(&self) -> Option<&Message> {
        self.state.notice.as_ref().map(|notice| &notice.message)
    }

    /// Lets something happen and draws, as the console does after every key that comes alone.
    pub fn event(&mut self, event: Event) {
        self.unseen(event);
        if !self.state.due_shown && !self.state.too_small {
            self.unseen(Event::Shown);
        }
    }

    /// Lets something happen whose result nobody sees yet.
    pub fn unseen(&mut self, event: Event) {
        let effects = update(&mut self.state, event, self.now, &self.settings);
        let mut alone = None;
        let mut answers = Vec::new();
        for effect in &effects {
            match effect {
                Effect::Record(record) => self.kept.push(record.clone()),
                Effect::Call(id, call @ (Call::History { .. } | Call::OwnSale { .. })) => {
                    answers.extend(sold::answer(call, &self.kept).map(|answer| (*id, answer)));
                }
                // Unless a test says otherwise, no other transaction has the sale's reference.
                Effect::Call(id, Call::Siblings(_)) if self.alone => alone = Some(*id),
                Effect::Call(id, call) => self.calls.push((*id, call.clone())),
                _ => {}
            }
        }
        self.effects.extend(effects);
        for (id, answer) in answers {
            self.unseen(Event::answer(id, Outcome::Ok(answer)));
        }
        if let Some(id) = alone {
            self.unseen(Event::answer(id, Outcome::Ok(Vec::<Transaction>::new())));
        }
    }

    /// Presses keys as a person does: text at once, a key that may decide after a look at the
    /// screen.
    pub fn press(&mut self, script: &str) -> &mut Self {
        for key in keys(script) {
            self.decide();
            let command = self.settings.keymap.command(key);
            if key.is_human() || command.is_some_and(|command| command != Command::Post) {
                self.now += 300;
            }
            self.event(Event::Key(key));
        }
        self.decide();
        self
    }

    /// Waits until the last press counts, if it waits for what follows it.
    fn decide(&mut self) {
        if let Some(due) = self.state.press.and_then(|press| press.decides) {
            self.now = self.now.max(due);
            self.event(Event::Tick);
        }
    }

    /// The call asked last.
    pub fn last(&self) -> (CallId, Call) {
        self.calls.last().cloned().expect("a call")
    }

    /// The amount that is offered again in the tender step.
    pub fn named(&self) -> Option<Money> {
        match &self.state.sale.step {
            kasse::till::Step::Tender(tender) => tender.given,
            step => panic!("not in the tender step: {step:?}"),
        }
    }

    pub fn starts(&self) -> usize {
        self.calls.iter().filter(|(_, call)| matches!(call, Call::Start(..))).count()
    }

    pub fn reply(&mut self, outcome: Outcome<Transaction>) -> &mut Self {
        let (id, _) = self.last();
        self.answer(id, outcome);
        self
    }

    /// Answers a call whose answer is a transaction; one without a sum gets that of its sale.
    pub fn answer(&mut self, id: CallId, outcome: Outcome<Transaction>) {
        let outcome = outcome.map(|transaction| self.whole(transaction));
        self.event(Event::answer(id, outcome));
    }

    fn whole(&self, mut transaction: Transaction) -> Transaction {
        let mut sales = std::iter::once(&self.state.sale).chain(&self.state.unresolved);
        let of = |sale: &&kasse::till::Sale| {
            sale.remote.as_ref().is_some_and(|remote| remote.id == transaction.id)
        };
        let sale = sales.find(of).unwrap_or(&self.state.sale);
        if transaction.basket_info.sum.is_zero() {
            transaction.basket_info.sum = sale.basket.sum();
        }
        transaction
    }

    pub fn reply_found(&mut self, outcome: Outcome<Option<Transaction>>) -> &mut Self {
        let (id, _) = self.last();
        self.event(Event::answer(id, outcome));
        self
    }

    /// The paid sales, the oldest first, as the journal has them.
    pub fn history(&self) -> Vec<Finished> {
        sold::sold(&self.kept).into_iter().map(|(_, sale)| sale).collect()
    }

    /// Changes a sale in the history that is open on top, where the newest is the first.
    pub fn edit_history(&mut self, index: usize, change: impl FnOnce(&mut Finished)) {
        let Some(Overlay::History(list)) = self.state.overlays.last() else { panic!() };
        let mut list = list.clone();
        change(&mut std::sync::Arc::make_mut(&mut list.sales)[index].1);
        self.state.overlays.close();
        self.state.overlays.cover(Overlay::History(list));
    }

    /// What the journal was told so far.
    pub fn records(&self) -> impl Iterator<Item = &Record> {
        self.effects.iter().filter_map(|effect| match effect {
            Effect::Record(record) => Some(record),
            _ => None,
        })
    }

    /// The state that the records so far lead back to.
    pub fn replayed(&self) -> State {
        let mut replay = kasse::till::Replay::default();
        for (seq, record) in (1..).zip(self.records()) {
            replay.record(seq, record.clone());
        }
        let mut state = State::new("again", ServerKind::Sandbox, self.now);
        state.calls = self.state.calls;
        replay.into_state(&mut state);
        state
    }

    pub fn reply_applied(&mut self, outcome: Outcome<PreTransaction>) -> &mut Self {
        let (id, _) = self.last();
        self.event(Event::answer(id, outcome));
        self
    }

    /// Answers the last call, which must be a create or update, as a server would.
    pub fn copied(&mut self) -> &mut Self {
        let body = match self.last().1 {
            Call::Create(body) | Call::Update(_, body) => body,
            other => panic!("not a create or update: {other:?}"),
        };
        self.reply(Outcome::Ok(copy(&body)))
    }

    /// Answers the last call, which must be a start, with the status.
    pub fn started(&mut self, status: Status) -> &mut Self {
        assert!(matches!(self.last().1, Call::Start(..)), "{:?}", self.last());
        let transaction = Transaction { status, ..copy(&TransactionRequest::default()) };
        self.reply(Outcome::Ok(transaction))
    }

    /// A gateway refuses the `start` sent last; the server, asked at once, says that it is not
    /// paid, and gives its transaction up.
    pub fn refused(&mut self, error: kasse::wire::ApiError) -> &mut Self {
        assert!(matches!(self.last().1, Call::Start(..)), "{:?}", self.last());
        self.reply(Outcome::Refused(error));
        assert!(matches!(self.last().1, Call::Read(_)), "read first: {:?}", self.last());
        let of = |status| Transaction { status, ..copy(&TransactionRequest::default()) };
        self.reply(Outcome::Ok(of(Status::Processing)));
        assert!(matches!(self.last().1, Call::Abort(_)), "given up: {:?}", self.last());
        self.reply(Outcome::Ok(of(Status::Aborted)))
    }

    /// The basket of the documents on the card of the documents, up to the answer to `/`.
    pub fn applied(&mut self) -> &mut Self {
        self.press("30037⏎ 30200⏎ 2*51⏎").press(CARD).press("⏎").copied().press("/");
        self.reply_applied(Outcome::Ok(pre_transaction()))
    }
}

pub fn copy(body: &TransactionRequest) -> Transaction {
    Transaction {
        id: "STX_1".to_owned(),
        status: Status::Created,
        basket_info: BasketInfo {
            sum: body.basket_info.as_ref().map_or(Money::ZERO, |info| info.sum),
            ..BasketInfo::default()
        },
        idents: body
            .idents
            .iter()
            .map(|ident| Ident {
                kind: "card".to_owned(),
                value: ident.value.clone(),
                valid: ident.value == CARD || ident.value == OTHER_CARD,
                merchantcard: (ident.value == CARD || ident.value == OTHER_CARD).then(card),
                ..Ident::default()
            })
            .collect(),
        ..Transaction::default()
    }
}

pub fn card() -> MerchantCard {
    MerchantCard {
        cardgroup: CardGroup { display_name: "Bonus".to_owned(), ..CardGroup::default() },
        cash_balance: Money(200),
        bonus_balance: Money(20),
        balance: Money(220),
        ..MerchantCard::default()
    }
}

/// The answer of the second seed.
pub fn pre_transaction() -> PreTransaction {
    let bonus = |price, tax| BonusProduct {
        quantity: 1,
        price_one: Money(price),
        tax: Tax::whole(tax),
        ..BonusProduct::default()
    };
    PreTransaction { missing_sum: Money(576), bonus_products: vec![bonus(-15, 7), bonus(-5, 19)] }
}
