//! Money: the tender step, the one `start` call, and its answer.

use super::entry::{AMOUNT_DIGITS, digits};
use super::matching::Asked;
use super::server::Plan;
use super::{Context, TICK};
use crate::money::{Money, parse_amount};
use crate::shop::{Shape, TenderError, change, shape};
use crate::till::allowed::terminal_is_free;
use crate::till::overlay::Coming;
use crate::till::{
    Abort, Action, Call, CardState, CardView, Command, Effect, Finished, Goal, Inquiry, Link,
    Message, NextQuestion, Overlay, Paying, Payment, Printing, Sale, Step, Tender, Waiter,
};
use crate::wire::{
    ApiError, Decoration, DownReason, Outcome, ReceiptLine, StartMethod, Status, Transaction,
};

impl Context<'_> {
    /// `+`, F5, F6, F7: towards the tender step, and in it the payment.
    pub(super) fn total(&mut self, method: Option<StartMethod>) {
        if let Step::Tender(tender) = self.state.sale.step.clone() {
            // Another method than the one on the screen is only chosen: `+` pays with it.
            return match method {
                Some(method) if method != tender.method => self.choose_method(method),
                _ => self.pay(&tender),
            };
        }
        if method == Some(StartMethod::Loyalty) && self.state.sale.paying_card().is_some() {
            self.state.sale.use_card = true;
        }
        self.request_goal(Goal::Tender(method.unwrap_or(StartMethod::Cash)));
    }

    /// Nothing is to be paid, neither by the customer nor by the card, and nobody has typed anything
    /// or been told of anything since that must be seen before. After an attempt that came to
    /// nothing, a key decides: a server that refuses such a sale must not be asked for ever.
    pub(super) fn costs_nothing(&self) -> bool {
        let mut said = self.state.notice.iter().chain(&self.state.more_errors);
        self.state.sale.basket.sum().is_zero()
            && self.state.sale.attempts == 0
            && self.state.entry.text.is_empty()
            && !said.any(|notice| notice.message.cause().blocks_payment())
    }

    /// Sells for nothing: no tender step, as there is nothing to give.
    pub(super) fn start_for_nothing(&mut self) {
        let applied = self.state.sale.applied().is_some();
        let method = if applied { StartMethod::Loyalty } else { StartMethod::Cash };
        self.start(method, Money::ZERO, Money::ZERO, None);
    }

    /// In the tender step: what `+` pays with.
    pub(in crate::till) fn choose_method(&mut self, method: StartMethod) {
        if let Step::Tender(tender) = &mut self.state.sale.step {
            tender.method = method;
        }
    }

    /// `/`: the card pays; shows what it pays and what remains.
    pub(super) fn subtotal(&mut self) {
        self.state.sale.use_card = true;
        self.request_goal(Goal::Apply);
    }

    /// The customer gives a note of this many whole units.
    pub(super) fn note(&mut self, units: u8) {
        let Step::Tender(tender) = self.state.sale.step.clone() else { return self.bell() };
        if !self.may_pay() {
            return;
        }
        // The note is named instead of what was refused.
        self.clear_text();
        let note = Money(i64::from(units) * 100);
        if !self.pay_cash(&tender, note, Some(note))
            && let Step::Tender(tender) = &mut self.state.sale.step
        {
            // An empty entry would mean "exact" now.
            tender.given = Some(note);
        }
    }

    /// True if the amount due may be paid by the key that was just pressed. What was not on the
    /// screen, or too shortly before the key, is not paid, nor what somebody typed or scanned and
    /// had refused without knowing it. A key that comes too early is not kept either.
    fn may_pay(&mut self) -> bool {
        let blocked = self.state.notice.iter().chain(&self.state.more_errors);
        let allowed = self.was_seen()
            && !blocked.into_iter().any(|notice| notice.message.cause().blocks_payment());
        if !allowed {
            self.bell();
        }
        allowed
    }

    fn pay(&mut self, tender: &Tender) {
        let typed = self.state.entry.text.clone();
        let number = shape(&typed) == Shape::Number;
        if !typed.is_empty() && (!number || digits(&typed) > AMOUNT_DIGITS) {
            self.clear_entry();
            return self.error(if number { Message::TooManyDigits } else { Message::ScanInTender });
        }
        if !self.may_pay() {
            return;
        }
        let method = tender.method;
        let card_pays_all = self.state.sale.applied().is_some() && tender.due.is_zero();
        if card_pays_all || method == StartMethod::Loyalty {
            if !card_pays_all {
                return self.error(Message::LoyaltyNeedsRemainder(tender.due));
            }
            if !typed.is_empty() {
                return self.refuse_number(Message::ExactOnly);
            }
            return self.start(StartMethod::Loyalty, tender.due, tender.due, None);
        }
        if method == StartMethod::Cashless {
            if !typed.is_empty() {
                return self.refuse_number(Message::ExactOnly);
            }
            if self.is_refusal(Command::Cashless, terminal_is_free(self.state)) {
                return;
            }
            return self.start(method, tender.due, tender.due, None);
        }
        let named = if typed.is_empty() {
            tender.given
        } else {
            let Some(amount) = parse_amount(&typed, self.settings.implied_cents) else {
                return self.refuse_number(Message::AmountOutOfRange {
                    min: tender.due,
                    max: tender.due + self.settings.max_change,
                });
            };
            Some(amount)
        };
        self.pay_cash(tender, named.unwrap_or(tender.due), named);
    }

    /// Pays in cash, or refuses the amount given: then false, and a number in the entry is refused.
    fn pay_cash(&mut self, tender: &Tender, given: Money, named: Option<Money>) -> bool {
        let refusal = match change(tender.due, given, self.settings.max_change) {
            // By other rules than before it may do; it was refused all the same.
            Ok(_) if self.state.entry.is_refused() => Message::RefusedBefore,
            Ok(_) => {
                self.start(StartMethod::Cash, tender.due, given, named);
                return true;
            }
            Err(TenderError::TooLittle { missing }) => Message::TooLittle(missing),
            Err(TenderError::TooMuch { change }) => Message::TooMuch(change),
        };
        self.refuse_number(refusal);
        false
    }

    /// Sends `start`: the only place that does.
    fn start(&mut self, method: StartMethod, due: Money, given: Money, typed: Option<Money>) {
        let sale = &self.state.sale;
        let Some(remote) = sale.remote.as_ref().filter(|remote| remote.synced == sale.revision)
        else {
            // After a restart, it is not known what the server has. It is brought up to date and
            // the remainder shown again, before anything is taken.
            self.clear_entry();
            self.state.sale.step = Step::Basket(None);
            let goal = Goal::Tender(asked_anew(method));
            return self.send_next(Plan { goal, set_up_again: true, typed });
        };
        let id = remote.id.clone();
        if !self.may_decide() {
            return;
        }
        let call = self.call(Call::Start(id, method), Waiter::Start);
        let since = self.state.now;
        self.clear_entry();
        self.state.overlays.leave(Coming::Step);
        self.clear_stale_errors();
        let payment = Payment { method, due, given, typed, call, since };
        self.state.sale.step = Step::Paying(Paying::of(payment));
    }

    /// The answer to `start`. Only an answer about this very sale that names a final status is
    /// believed. Everything else, a refusal included, is asked after: a gateway may refuse on
    /// behalf of another backend, or deliver the call twice and pass the second answer on.
    pub(super) fn started(&mut self, outcome: Outcome<Transaction>) {
        let Step::Paying(Paying { payment, abort }) = self.state.sale.step.clone() else { return };
        let broken_off = abort != Abort::NotAsked;
        let now = self.state.now;
        let unknown = |payment, reason, wait| Inquiry {
            broken_off,
            ..Inquiry::of(payment, reason, NextQuestion::At(now + wait))
        };
        match outcome {
            Outcome::Ok(transaction) if self.is_of_sale_at_hand(&transaction) => {
                match transaction.status {
                    Status::Ok => self.paid(payment, transaction),
                    Status::Failed | Status::Cancelled | Status::Aborted if broken_off => {
                        self.broken_off();
                    }
                    Status::Failed | Status::Cancelled | Status::Aborted => {
                        self.failed(&payment, words(&transaction));
                    }
                    _ => self.inquire(unknown(payment, DownReason::Unreadable, TICK)),
                }
            }
            Outcome::Ok(_) => self.inquire(unknown(payment, DownReason::Unreadable, TICK)),
            // The client says so before it sends anything.
            Outcome::Refused(error) if error.is_unpaired() && !broken_off => {
                self.back_to_tender(&payment);
            }
            Outcome::Refused(error) if error.is_unpaired() => self.broken_off(),
            Outcome::Refused(error) => {
                let reason = DownReason::Refused(error.http);
                let refused = Some(Box::new(error));
                self.inquire(Inquiry { refused, ..unknown(payment, reason, 0) });
            }
            Outcome::Unknown(reason) => self.inquire(unknown(payment, reason, TICK)),
            // The call never left, but the wish to break it off may still be on its way.
            Outcome::Down(_) if broken_off => self.broken_off(),
            Outcome::Down(reason) => {
                self.back_to_tender(&payment);
                self.error(Message::Down(Action::Pay, reason));
            }
        }
    }

    fn is_of_sale_at_hand(&self, transaction: &Transaction) -> bool {
        Asked::about(&self.state.sale).is_answered_by(transaction, &self.settings.currency)
    }

    /// The server has confirmed a refusal of `start`: its transaction is given up. What was applied
    /// may hold no longer (another till spent the card), so the sale is set up anew and the new
    /// remainder shown before anything is taken.
    pub(super) fn start_refused(&mut self, inquiry: &Inquiry, error: ApiError) {
        let payment = &inquiry.payment;
        let at_terminal = payment.method == StartMethod::Cashless;
        let forgotten = error.is_not_found();
        let session = error.http == 401;
        if !forgotten && !session {
            let action = if at_terminal { Action::PayAtTerminal } else { Action::Pay };
            self.error(Message::Refused(action, error));
        }
        let goal = Goal::Tender(asked_anew(payment.method));
        let typed = payment.typed;
        self.send_next(Plan { goal, set_up_again: forgotten || session, typed });
    }

    fn back_to_tender(&mut self, payment: &Payment) {
        if self.state.overlays.settle(Overlay::is_code) {
            // The amount must not be taken for digits of a code, nor these for the amount.
            self.clear_text();
        }
        let Payment { method, due, typed: given, .. } = *payment;
        self.state.sale.step = Step::Tender(Tender { method, due, given });
        // A day may have begun while it was on its way.
        self.rate_by_day();
    }

    /// The server says it is not paid and will not be: the basket stays, the transaction does not
    /// (a failed one cannot be used again).
    pub(super) fn failed(&mut self, payment: &Payment, said: String) {
        self.state.sale.next_attempt();
        self.state.sale.step = Step::Basket(None);
        self.error(match payment.method {
            StartMethod::Cashless => Message::TerminalFailed(said),
            StartMethod::Cash | StartMethod::Loyalty => Message::PaymentFailed,
        });
    }

    /// Not paid after the wish to break it off. Its transaction is given up: that wish may reach
    /// the server late, and must not meet a payment that is meant.
    pub(super) fn broken_off(&mut self) {
        self.abandon();
        self.state.sale.next_attempt();
        self.state.sale.step = Step::Basket(None);
        self.error(Message::BrokenOff);
    }

    /// The outcome is not known: the server is asked, at once where it has just answered.
    fn inquire(&mut self, inquiry: Inquiry) {
        if inquiry.refused.is_none() {
            self.state.link = Link::Down(inquiry.reason);
        }
        self.state.sale.step = Step::Unknown(inquiry);
        self.bell();
        self.ask_due();
    }

    /// The server says the sale at hand is paid: the receipt is shown.
    pub(super) fn paid(&mut self, payment: Payment, transaction: Transaction) {
        let blank = Sale::blank(String::new());
        let mut sale = std::mem::replace(&mut self.state.sale, blank);
        self.finish(&mut sale, payment, transaction);
        self.state.sale = sale;
        self.state.last_swipe = None;
        self.state.overlays.leave(Coming::Step);
        self.clear_stale_errors();
        let shops = self.state.finished().is_some_and(|sale| sale.receipt_merchant.is_some());
        if shops && self.settings.printing == Printing::OnRequest {
            self.info(Message::ShopCopy);
        }
    }

    /// Makes `sale` a finished one: remembered, and printed if the shop wants it.
    pub(super) fn finish(&mut self, sale: &mut Sale, payment: Payment, transaction: Transaction) {
        if let Some(card) = &mut sale.card
            && let Some(view) = transaction
                .idents
                .iter()
                .find(|ident| ident.value == card.ident.wire().1)
                .and_then(|ident| ident.merchantcard.as_ref())
        {
            card.state = CardState::Known(Box::new(CardView::from(view)));
        }
        let merchant = transaction.merchant.companyname.or_else(|| self.state.merchant.clone());
        let finished = Finished {
            reference: sale.reference.clone(),
            id: transaction.id,
            merchant,
            basket: sale.basket.clone(),
            card: sale.card.clone(),
            applied: sale.applied().cloned(),
            payment,
            booked: transaction.updated.unwrap_or(transaction.created),
            receipt: transaction.receipt.unwrap_or_default(),
            receipt_merchant: transaction
                .receipt_merchant
                .filter(|_| transaction.receipt_merchant_print.unwrap_or(true)),
            receipt_number: transaction.receipt_number,
            loyalty: Some(crate::till::cancellation::loyalty(&transaction.transactions)),
            cancelled: None,
            perhaps_cancelled: false,
        };
        if self.settings.printing == Printing::EverySale {
            self.effects.push(Effect::Print(Box::new(finished.clone())));
        }
        self.state.has_sold = true;
        sale.step = Step::Done(Box::new(finished));
    }
}

/// Why a terminal took nothing, where its receipt says so: the line that it stresses.
fn words(transaction: &Transaction) -> String {
    let lines = transaction.receipt.iter().flatten();
    let mut stressed = lines.filter_map(|line| match line {
        ReceiptLine::Text(text) if text.decoration.contains(&Decoration::Important) => {
            Some(text.text.trim())
        }
        _ => None,
    });
    stressed.next_back().unwrap_or_default().to_owned()
}

/// The method to tender with again: asked for anew where the card was to pay everything.
const fn asked_anew(method: StartMethod) -> StartMethod {
    match method {
        StartMethod::Loyalty => StartMethod::Cash,
        method => method,
    }
}
