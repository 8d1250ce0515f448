//! How the API shows bookings, and what a card holds as a receipt.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::sandbox::ledger::{Book, Ledger};
use crate::sandbox::loyalty::Which;
use crate::sandbox::refusal::Refusal;
use crate::sandbox::request::node::Node;
use crate::sandbox::store::bookings::Booking;
use crate::sandbox::store::sale::Stage;
use crate::sandbox::views::receipt;

impl Ledger {
    /// One booking.
    pub(crate) fn booking(&self, id: &str) -> Result<Value, Refusal> {
        let book = self.book();
        let unknown = || Refusal::NotFound(format!("loyalty.transactions {id}"));
        Ok(book.booking_json(book.bookings.get(id).ok_or_else(unknown)?))
    }

    /// What a card holds, in numbers and as a receipt.
    pub(crate) fn balance_receipt(
        &self,
        path: &str,
        body: &Value,
        at: Timestamp,
    ) -> Result<Value, Refusal> {
        let body = Node::body(body);
        let which = Which::read(path, &body)?;
        let terminal = body.present("terminal_id")?.map(|node| node.text()).transpose()?.flatten();
        let terminal = terminal.unwrap_or_else(|| super::TERMINAL.to_owned());
        let book = self.book();
        let number = book.meant(&which)?;
        let account = number.and_then(|number| book.accounts.get(&number));
        let holds =
            account.map(crate::sandbox::store::account::Account::balance).unwrap_or_default();
        let (header, lines) = match account {
            None => (Vec::new(), Vec::new()),
            Some(account) => {
                let (number, sum) = (account.number(), holds.cash + holds.bonus);
                let points = book.points_of(number);
                (
                    receipt::header(&book.world.companyname),
                    receipt::balance(number, &terminal, at, sum, points),
                )
            }
        };
        Ok(json!({
            "valid": account.is_some(),
            "balance": holds.cash + holds.bonus,
            "cash_balance": holds.cash,
            "bonus_balance": holds.bonus,
            "zvt_cardgroup": null,
            "points": holds.points,
            "new_passcode": false,
            "receipt_header": header,
            "receipt": lines,
            // A card pays what it can, and never more than it holds.
            "amount_split_enabled": true,
            "limit_allowed": false,
            "limit_str": "0,00 EUR",
            "limit": 0,
        }))
    }
}

impl Book {
    /// The booking as the API answers it.
    pub(crate) fn booking_json(&self, booking: &Booking) -> Value {
        let account = self.accounts.get(&booking.card);
        let group = account.and_then(|account| self.programme(account));
        let related = |other: Option<&Booking>| -> Value {
            let related = other.map(|other| {
                json!({
                    "object": "loyalty.transactions",
                    "id": other.id,
                    "trans_id": other.trans_id(),
                    "ref_type_id": null,
                    "relation_type": "storno",
                })
            });
            related.into_iter().collect()
        };
        let taken_back = booking.cancels.as_ref().and_then(|id| self.bookings.get(id));
        let back = self.bookings.reversal_of(&booking.id);
        let sale = self.sales.get(&booking.transaction);
        json!({
            "object": "loyalty.transactions",
            "id": booking.id,
            "created": booking.created,
            "merchant": {
                "object": "general.merchants",
                "id": self.world.merchant_id,
                "companyname": self.world.companyname,
            },
            "cardgroup": group.map(|group| self.group_json(group)),
            "store": { "object": "general.stores", "id": self.world.store_id },
            "merchantcard": account.map(|account| {
                json!({ "object": "loyalty.merchantcards", "id": account.id() })
            }),
            "card": account.map(|account| account.listed().card),
            "parents": related(taken_back),
            "children": related(back),
            "cleared": false,
            "clearing_information": [],
            "trans_id": booking.trans_id(),
            "tid": (!booking.terminal.is_empty()).then_some(&booking.terminal),
            "status": if back.is_some() { "cancelled" } else { "ok" },
            "amount": booking.amount,
            "currency": "EUR",
            "balance": booking.balance,
            "description": booking.kind.description(),
            "purpose": sale.and_then(|sale| sale.draft.transaction_ref.as_ref()),
            "additional_data": booking.additional_data,
            "last_change": back.map_or(&booking.created, |back| &back.created),
            "receipt": self.receipt_of(booking),
            "is_cancelling": 0,
        })
    }

    /// The booking's receipt. A sale keeps its latest one only.
    fn receipt_of(&self, booking: &Booking) -> Value {
        let sale = self.sales.get(&booking.transaction).map(|sale| &sale.stage);
        let lines = match sale {
            Some(Stage::Ok(settled) | Stage::Cancelled(settled))
                if settled.bookings.last() == Some(&booking.id) =>
            {
                &settled.receipt
            }
            _ => &booking.receipt,
        };
        json!(lines)
    }
}
