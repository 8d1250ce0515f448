//! Bookings without a sale, as a web terminal makes them: charge, discharge, revenue, points, and
//! the way back.
//!
//! Undocumented, so decided here: a discharge takes cash first; with `amount_split_allowed` it takes
//! what there is; `bonus_amount` is the part of a revenue that earns; only the card's latest booking
//! can be taken back, only once, and not one that belongs to a sale.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::money::Money;
use crate::sandbox::amounts::basket::MOST_PRICE;
use crate::sandbox::amounts::programme;
use crate::sandbox::ledger::Ledger;
use crate::sandbox::loyalty::card::{CardSelector, TERMINAL, additional_data};
use crate::sandbox::refusal::Refusal;
use crate::sandbox::request::node::Node;
use crate::sandbox::store::{Balance, Book, Booking, Kind};
use crate::sandbox::views::json::with;
use crate::sandbox::views::{self, receipt};

/// What is to be booked on a card.
struct Order {
    kind: Kind,
    amount: i64,
    /// The part of a revenue that earns.
    earning: i64,
    split: bool,
    terminal: String,
    additional_data: Value,
}

impl Ledger {
    /// Books on the card `target`, or on the one that the body names, and shows it with a receipt.
    /// `from` is the card or the merchant that asks.
    pub(crate) fn book_directly(
        &self,
        from: &str,
        target: &str,
        body: &Value,
        at: Timestamp,
    ) -> Result<Value, Refusal> {
        let body = Node::body(body);
        let card = CardSelector::read(target, &body)?;
        let order = Order::read(&body)?;
        let mut book = self.book();
        if !book.is_merchant(from) {
            book.merchant_card(from)?;
        }
        let number = book.selected_number(&card)?.ok_or(Refusal::Card("no valid card"))?;
        let answer = book.execute(&number, &order, at)?;
        self.record_rest(&mut book)?;
        Ok(answer)
    }
}

impl Order {
    fn read(body: &Node<'_>) -> Result<Self, Refusal> {
        let action = body.required("action")?;
        let kind = match action.text()?.unwrap_or_default().as_str() {
            "charge" => Kind::Charge,
            "discharge" => Kind::Discharge,
            "sale_revenue" => Kind::Revenue,
            "charge_points" => Kind::PointsCharge,
            "discharge_points" => Kind::PointsDischarge,
            "cancel_last" => Kind::Reversal,
            "immediate_bonus" => return Err(action.wrong("immediate_bonus is not available here")),
            _ => {
                return Err(action.wrong(
                    "one of charge, discharge, sale_revenue, charge_points, discharge_points, \
                     cancel_last",
                ));
            }
        };
        let amount = match kind {
            Kind::Reversal => 0,
            _ => body.required("amount")?.between(1, MOST_PRICE)?,
        };
        let earning = match body.present("bonus_amount")? {
            Some(node) => node.between(0, amount)?,
            None => amount,
        };
        let terminal = body.present("terminal_id")?.or(body.present("tid")?);
        let terminal = terminal.map_or(Ok(None), |node| node.text())?;
        Ok(Self {
            kind,
            amount,
            earning,
            split: match body.present("amount_split_allowed")? {
                Some(node) => node.truth().or_else(|refusal| match node.text()?.as_deref() {
                    Some("1" | "true") => Ok(true),
                    Some("0" | "false" | "") => Ok(false),
                    _ => Err(refusal),
                })?,
                None => false,
            },
            terminal: terminal.unwrap_or_else(|| TERMINAL.to_owned()),
            additional_data: match body.present("additional_data")? {
                Some(node) => additional_data(&node)?,
                None => Value::Null,
            },
        })
    }
}

impl Book {
    fn execute(&mut self, number: &str, order: &Order, at: Timestamp) -> Result<Value, Refusal> {
        let (change, amount, cancels) = self.planned(number, order)?;
        let mut booking = self.book_on(number, order.kind, change, amount, at)?;
        booking.cancels = cancels;
        booking.terminal.clone_from(&order.terminal);
        booking.additional_data.clone_from(&order.additional_data);
        if let Some(account) = self.accounts.get_mut(number) {
            account.touch(&booking.created, order.kind == Kind::Charge);
        }
        booking.receipt = receipt::direct(&booking, at, self.points_of(number));
        let card = with(
            views::card::alone(self.account(number)?),
            [
                ("receipt_header", json!(receipt::header(&self.shop.companyname))),
                ("receipt", json!(booking.receipt)),
                ("trans_id", json!(booking.trans_id())),
                ("amount", json!(booking.amount)),
            ],
        );
        self.bookings.push(booking);
        Ok(card)
    }

    /// What the order changes, its amount, and which booking it takes back.
    fn planned(
        &self,
        number: &str,
        order: &Order,
    ) -> Result<(Balance, Money, Option<String>), Refusal> {
        let account = self.account(number)?;
        let amount = Money(order.amount);
        let none = Balance::default();
        let points = || {
            let group = self.programme(account);
            let has = group.is_some_and(|group| group.points_per_euro > 0);
            has.then_some(order.amount).ok_or(Refusal::Card("no points in this card group"))
        };
        let plan = match order.kind {
            Kind::Charge => {
                account.may_be_charged()?;
                (Balance { cash: amount, ..none }, amount)
            }
            Kind::Discharge => {
                account.may_spend()?;
                let Balance { cash, bonus, .. } = account.balance();
                let taken = if order.split { amount.min(cash + bonus) } else { amount };
                if taken > cash + bonus || taken.is_zero() {
                    return Err(Refusal::Insufficient);
                }
                let from_cash = taken.min(cash);
                (Balance { cash: -from_cash, bonus: from_cash - taken, ..none }, taken)
            }
            Kind::Revenue => {
                account.may_spend()?;
                let earned = self.programme(account);
                let earned = earned.map(|group| programme::on(group, Money(order.earning)));
                let earned = earned.unwrap_or_default();
                (Balance { bonus: earned.bonus, points: earned.points, ..none }, amount)
            }
            Kind::PointsCharge => {
                account.may_be_charged()?;
                (Balance { points: points()?, ..none }, Money::ZERO)
            }
            Kind::PointsDischarge => {
                account.may_spend()?;
                (Balance { points: -points()?, ..none }, Money::ZERO)
            }
            Kind::Reversal => {
                let last = self.last_of(number).ok_or(Refusal::NotReversible)?;
                account.may_be_charged()?;
                return Ok((last.back(), last.amount, Some(last.id.clone())));
            }
            Kind::Sale => return Err(Refusal::NotReversible),
        };
        Ok((plan.0, plan.1, None))
    }

    /// The card's latest booking, provided that it can be taken back here.
    fn last_of(&self, number: &str) -> Option<&Booking> {
        let last = self.bookings.all().rev().find(|booking| booking.card == number)?;
        (last.transaction.is_empty() && last.kind != Kind::Reversal).then_some(last)
    }
}
