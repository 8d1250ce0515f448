//! Sends a sale through create, update and apply, driven by what the server still lacks.
//!
//! The local sale is the truth and the server's copy follows it: [`Context::request_goal`] compares both
//! and sends the one call that is needed next, every answer leads back to it. Nothing typed is
//! ever lost by a failing call, because no call owns anything.

use super::matching::{Asked, SentCard};
use super::{Context, request};
use crate::money::Money;
use crate::shop::bonus_by_rate;
use crate::till::allowed::{no_pieces_wait, payable};
use crate::till::{
    Action, Answer, Applied, Call, CallKind, CardIdent, CardState, CardView, Cause, Command, Goal,
    Link, Message, Remote, Sale, Step, Tender, Validity, Waiter, Work,
};
use crate::wire::{
    ApiError, DownReason, LockStatus, Outcome, PreTransaction, StartMethod, Status, StockStatus,
    Transaction,
};

/// The first revision, of a sale in which nothing is: the server's copy is behind any that is sent.
const BEHIND: u64 = 1;

/// The call that the server needs next before a goal is reached.
enum Next {
    Create,
    Find,
    Update(String),
    AskPasscode,
    Apply(String),
    FindSiblings,
    Replace,
    Reached,
}

fn next(sale: &Sale, goal: Goal) -> Next {
    let Some(remote) = &sale.remote else {
        return match (sale.create_sent, sale.check_siblings) {
            (false, _) => Next::Create,
            (true, false) => Next::Find,
            // What is found by the reference may be the transaction of a copy.
            (true, true) => Next::Replace,
        };
    };
    let unchecked = sale.card.as_ref().is_some_and(|card| card.state == CardState::Unchecked);
    let behind = remote.synced != sale.revision;
    match goal {
        Goal::Card if !unchecked => Next::Reached,
        _ if remote.is_doubtful() => Next::Replace,
        Goal::Card => Next::Update(remote.id.clone()),
        Goal::Apply | Goal::Tender(_) if behind => Next::Update(remote.id.clone()),
        Goal::Apply | Goal::Tender(_) if sale.lacks_passcode(goal) => Next::AskPasscode,
        Goal::Apply | Goal::Tender(_) if sale.must_apply() => Next::Apply(remote.id.clone()),
        // Last, so that of two copies of a sale at least one sees the other's transaction.
        Goal::Tender(_) if sale.check_siblings => Next::FindSiblings,
        Goal::Apply | Goal::Tender(_) => Next::Reached,
    }
}

/// What a sale is being prepared for.
#[derive(Clone, Copy)]
pub(super) struct Plan {
    pub(super) goal: Goal,
    /// The server forgot the transaction once already.
    pub(super) set_up_again: bool,
    /// The amount named before, offered again when the tender opens.
    pub(super) typed: Option<Money>,
}

impl Plan {
    pub(super) const fn to(goal: Goal) -> Self {
        Self { goal, set_up_again: false, typed: None }
    }

    pub(super) fn on(work: &Work) -> Self {
        Self { goal: work.goal, set_up_again: work.set_up_again, typed: work.typed }
    }
}

impl Context<'_> {
    /// Requests `goal` for the sale at hand; a lesser goal never replaces a greater one.
    pub(super) fn request_goal(&mut self, goal: Goal) {
        match &mut self.state.sale.step {
            Step::Basket(Some(work)) if goal != Goal::Card => work.goal = goal,
            Step::Basket(None) => self.send_next(Plan::to(goal)),
            _ => {}
        }
    }

    /// Sends the next call of `plan`, or acts on its goal when none is missing.
    pub(super) fn send_next(&mut self, plan: Plan) {
        // A day that began during a payment that came to nothing, or while the journal took
        // nothing, has not been looked at.
        self.rate_by_day();
        let goal = plan.goal;
        let sale = &self.state.sale;
        let body = || request::request(sale, self.state.server, self.settings);
        let (kind, call) = match next(sale, goal) {
            Next::Create => (CallKind::Create, Call::Create(body())),
            Next::Find => (CallKind::Find, Call::Find(sale.transaction_ref())),
            Next::Update(id) => (CallKind::Update, Call::Update(id, body())),
            Next::AskPasscode => return self.ask_passcode(goal),
            Next::Apply(id) => (CallKind::Apply, Call::PreTransaction(id)),
            Next::FindSiblings => (CallKind::Siblings, Call::Siblings(sale.reference.clone())),
            Next::Replace => {
                self.abandon();
                // The next one must not be taken for it.
                self.state.sale.next_attempt();
                return self.send_next(plan);
            }
            Next::Reached => return self.goal_reached(plan),
        };
        if kind == CallKind::Create {
            self.state.sale.create_sent = true;
        }
        self.send_for(plan, kind, call);
    }

    /// Sends `call`, whose answer is handled with `plan`.
    pub(super) fn send_for(&mut self, plan: Plan, kind: CallKind, call: Call) {
        let Plan { goal, set_up_again, typed } = plan;
        let (revision, sum) = (self.state.sale.revision, self.state.sale.basket.sum());
        self.call(call, Waiter::Sale);
        let work = Work { goal, kind, revision, set_up_again, typed, sum };
        self.state.sale.step = Step::Basket(Some(work));
    }

    fn goal_reached(&mut self, plan: Plan) {
        self.state.sale.step = Step::Basket(None);
        if let Goal::Tender(method) = plan.goal {
            let answer = no_pieces_wait(self.state).and_then(|()| payable(self.state));
            if self.is_refusal(Command::Total, answer) {
                return;
            }
            if self.state.overlays.iter().any(|overlay| overlay.layer().refuses_scans()) {
                // What is being typed belongs to the basket: it is no amount given.
                return self.bell();
            }
            if self.costs_nothing() && !plan.set_up_again {
                self.start_for_nothing();
            } else {
                self.open_tender(method, plan.typed);
            }
        }
        self.prepared(plan.goal);
        if plan.set_up_again {
            self.info(Message::SetUpAgain);
        }
    }

    fn open_tender(&mut self, method: StartMethod, named: Option<Money>) {
        let sale = &mut self.state.sale;
        let due = sale.due();
        let card_pays_all = sale.applied().is_some() && due.is_zero();
        if method == StartMethod::Loyalty && !card_pays_all {
            return self.error(Message::LoyaltyNeedsRemainder(due));
        }
        let method = if card_pays_all { StartMethod::Loyalty } else { method };
        let given = named.filter(|_| method == StartMethod::Cash);
        sale.step = Step::Tender(Tender { method, due, given });
        if self.state.types_code() {
            self.clear_text();
        }
        self.state.overlays.leave(crate::till::overlay::Coming::Step);
    }

    /// The server has done all calls that `goal` needs.
    fn prepared(&mut self, goal: Goal) {
        self.gone(Cause::Call(Action::Prepare));
        if goal != Goal::Card {
            self.gone(Cause::Call(Action::Apply));
        }
    }

    pub(super) fn sale_answered(&mut self, outcome: Outcome<Answer>) {
        let Step::Basket(Some(work)) = &self.state.sale.step else { return };
        let work = &work.clone();
        match work.kind {
            CallKind::Find => self.handle_outcome(work, outcome, |context, found| {
                context.found(work, found);
            }),
            CallKind::Siblings => self.handle_outcome(work, outcome, |context, found: Vec<_>| {
                context.siblings_found(work, &found);
            }),
            CallKind::Fence => self.handle_outcome(work, outcome, |context, sibling| {
                context.sibling_fenced(work, &sibling);
            }),
            CallKind::Apply => self.handle_outcome(work, outcome, |context, answer| {
                context.applied(work, &answer);
            }),
            _ => self.handle_outcome(work, outcome, |context, copy| context.copied(work, &copy)),
        }
    }

    /// Takes an answer as what it is; only a success differs from call to call.
    fn handle_outcome<T: TryFrom<Answer, Error = DownReason>>(
        &mut self,
        work: &Work,
        outcome: Outcome<Answer>,
        succeeded: impl FnOnce(&mut Self, T),
    ) {
        match outcome.expect_kind() {
            Outcome::Ok(answer) => succeeded(self, answer),
            Outcome::Refused(error) => self.refused(work, error),
            Outcome::Unknown(reason) => self.unanswered(work, reason, true),
            Outcome::Down(reason) => self.unanswered(work, reason, false),
        }
    }

    /// What a create without an answer came to: its transaction is taken over and brought up to
    /// date, or there is none and it is created now.
    fn found(&mut self, work: &Work, found: Option<Transaction>) {
        let sale = &mut self.state.sale;
        sale.create_sent = false;
        // What it holds was sent once and is whole, but may be an earlier basket.
        sale.remote =
            found.map(|transaction| Remote { id: transaction.id, synced: BEHIND, applied: None });
        self.send_next(Plan::on(work));
    }

    /// The server has the sale as it was at the revision that the call carried.
    fn copied(&mut self, work: &Work, transaction: &Transaction) {
        let current = work.revision == self.state.sale.revision;
        let card = if current { SentCard::Of(&self.state.sale) } else { SentCard::Any };
        let asked = Asked { sale: &self.state.sale, sum: work.sum, card };
        let answered = asked.is_answered_by(transaction, &self.settings.currency);
        let sale = &mut self.state.sale;
        let unpaid = matches!(transaction.status, Status::Created | Status::Processing);
        let given_up = matches!(transaction.status, Status::Failed | Status::Aborted);
        if answered && transaction.status == Status::Ok {
            // Only a copy of the state directory can have paid it: no start was sent from here.
            let sum = transaction.basket_info.sum;
            self.state.sale.step = Step::Basket(None);
            return self.error(Message::PaidElsewhere(sum));
        }
        if answered && given_up && work.kind == CallKind::Update && !work.set_up_again {
            // Such a transaction cannot be used again.
            sale.next_attempt();
            return self.send_next(Plan { set_up_again: true, ..Plan::on(work) });
        }
        if !unpaid || !answered {
            // A copy of another sale is no copy: money would be taken for another basket.
            return self.unanswered(work, DownReason::Unreadable, true);
        }
        sale.create_sent = false;
        sale.remote =
            Some(Remote { id: transaction.id.clone(), synced: work.revision, applied: None });
        if let Some(name) = &transaction.merchant.companyname {
            self.state.merchant = Some(name.clone());
        }
        self.card_checked(transaction);
        self.send_next(Plan::on(work));
    }

    /// Takes what the server says of the card; an unusable one leaves the sale, which goes on.
    fn card_checked(&mut self, transaction: &Transaction) {
        let was_sent = self.state.sale.usable_card().is_some();
        let Some(card) = self.state.sale.card.as_mut().filter(|_| was_sent) else { return };
        let (_, value) = card.ident.wire();
        let ident = transaction.idents.iter().find(|ident| ident.valid && ident.value == value);
        let view = ident.and_then(|i| i.merchantcard.as_ref()).map(CardView::from);
        let valid = match &card.ident {
            CardIdent::Number(_) => view,
            // A customer without a card here is a customer all the same.
            CardIdent::CheckIn(_) => ident.map(|_| view.unwrap_or_default()),
            CardIdent::New(programme) => {
                ident.map(|_| CardView { programme: programme.name.clone(), ..CardView::default() })
            }
        };
        let message = match valid.map(Box::new) {
            Some(view) if view.lock == LockStatus::Locked => {
                card.state = CardState::Locked(view);
                Message::CardLocked
            }
            Some(view) => {
                let news = card.state == CardState::Unchecked;
                let inactive = view.stock != StockStatus::Active;
                let end = match view.validity(self.state.today, self.settings.card_expires_soon) {
                    Validity::Long => None,
                    Validity::EndsSoon(day) => Some(Message::CardExpires(day.to_owned())),
                    Validity::Ended(day) => Some(Message::CardExpired(day.to_owned())),
                };
                card.state = CardState::Known(view);
                match end.filter(|_| news) {
                    Some(message @ Message::CardExpired(_)) => self.error(message),
                    Some(message) => self.info(message),
                    None if inactive && news => self.info(Message::CardInactive),
                    None => {}
                }
                return;
            }
            // An answer without the card does not confirm it either.
            None => {
                card.state = CardState::Invalid;
                match card.ident {
                    CardIdent::Number(_) => Message::CardInvalid,
                    CardIdent::CheckIn(_) => Message::CheckInInvalid,
                    CardIdent::New(_) => Message::NewCardRefused,
                }
            }
        };
        self.state.sale.use_card = false;
        // The next update sends the sale without the card.
        self.state.sale.revision += 1;
        self.error(message);
    }

    fn applied(&mut self, work: &Work, answer: &PreTransaction) {
        let sale = &mut self.state.sale;
        let bonus = bonus_by_rate(answer.bonus_products.iter().map(|line| {
            (line.tax.rate().unwrap_or_default(), line.price_one.times(line.quantity))
        }));
        let bonus_sum: Money = bonus.iter().map(|(_, amount)| *amount).sum();
        if work.revision != sale.revision {
            // The basket changed meanwhile; the answer holds for what it was.
            return self.send_next(Plan::on(work));
        }
        let cash = sale.basket.sum() - answer.missing_sum - bonus_sum;
        // The answer names no transaction: bonus at a rate that the basket lacks is of another one.
        let rows = || sale.basket.rows();
        let fits = bonus
            .iter()
            .all(|(rate, _)| rows().any(|row| row.vat == *rate || row.sent_vat == *rate));
        let negative = cash.is_negative() || answer.missing_sum.is_negative();
        if negative || bonus_sum.is_negative() || !fits {
            return self.unanswered(work, DownReason::Unreadable, true);
        }
        let applied = Applied {
            revision: sale.revision,
            cash,
            missing: answer.missing_sum,
            vat_before: sale.basket.vat(&[]),
            vat_after: sale.basket.vat(&bonus),
            bonus,
        };
        if let Some(remote) = &mut sale.remote {
            remote.applied = Some(applied);
        }
        self.send_next(Plan::on(work));
    }

    fn refused(&mut self, work: &Work, error: ApiError) {
        if error.is_unpaired() {
            if work.kind == CallKind::Create {
                self.state.sale.create_sent = false;
            }
            self.state.sale.step = Step::Basket(None);
            return;
        }
        // What is said of another transaction is no word on this one.
        let own = work.kind != CallKind::Fence && self.state.sale.remote.is_some();
        if error.is_not_found() && own && !work.set_up_again {
            // The server has forgotten the transaction: nothing was paid, so it is set up anew.
            self.state.sale.next_attempt();
            return self.send_next(Plan { set_up_again: true, ..Plan::on(work) });
        }
        if work.kind == CallKind::Create {
            self.state.sale.create_sent = false;
        }
        let action = Action::from(work.kind);
        if action == Action::Apply {
            // `+` must stay able to sell without the card; `/` asks for it again.
            self.state.sale.use_card = false;
            // The server may have it applied from before: an update drops it there too.
            self.state.sale.revision += 1;
        }
        self.state.sale.step = Step::Basket(None);
        self.error(Message::Refused(action, error));
    }

    /// No usable answer. Nothing here moves money, so the cashier simply goes on. A call that
    /// `may_have_arrived` may also arrive later: its transaction is not used any more.
    pub(super) fn unanswered(&mut self, work: &Work, reason: DownReason, may_have_arrived: bool) {
        self.state.link = Link::Down(reason);
        let kind = work.kind;
        let action = Action::from(kind);
        if !may_have_arrived && kind == CallKind::Create {
            self.state.sale.create_sent = false;
        }
        let of_sibling = matches!(kind, CallKind::Siblings | CallKind::Fence);
        if may_have_arrived
            && !of_sibling
            && let Some(remote) = &mut self.state.sale.remote
        {
            remote.synced = Remote::DOUBTFUL;
            remote.applied = None;
        }
        self.state.sale.step = Step::Basket(None);
        self.error(if may_have_arrived {
            Message::NoAnswer(action, reason)
        } else {
            Message::Down(action, reason)
        });
    }
}
