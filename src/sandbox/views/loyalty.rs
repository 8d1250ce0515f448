//! How the API shows programmes, card holders and bookings on cards.

use serde_json::{Value, json};

use crate::sandbox::fixtures::{Fixtures, GroupFixture};
use crate::sandbox::store::{Book, Booking, Customer, Stage};

/// The programme as the API answers it.
pub(crate) fn group(shop: &Fixtures, group: &GroupFixture) -> Value {
    json!({
        "object": "loyalty.cardgroups",
        "id": group.id,
        "merchant": { "object": "general.merchants", "id": shop.merchant_id },
        "display_name": group.name,
        "display_name_raw": group.name,
        "stock_warn_limit": 0,
        "picture": group.picture,
        "balance_limit": null,
        "balance_expiry": false,
        "cancel_selected": false,
        "description": null,
    })
}

/// The holder as the API answers it.
pub(crate) fn customer(customer: &Customer) -> Value {
    json!({
        "object": "loyalty.customers",
        "id": customer.id,
        "created": customer.created,
        "merchant": { "object": "general.merchants", "id": customer.merchant },
        "contact": customer.contact,
        "merchant_contact": customer.contact,
        "account_contact": null,
        "payment_container": [],
        "customernumber": customer.number,
        "note": customer.note,
        "consent_for_communication": customer.consent,
        "additional_data": customer.additional_data,
    })
}

/// The booking as the API answers it.
pub(crate) fn booking(book: &Book, booking: &Booking) -> Value {
    let account = book.accounts.get(&booking.card);
    let programme = account.and_then(|account| book.programme(account));
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
    let taken_back = booking.cancels.as_ref().and_then(|id| book.bookings.get(id));
    let back = book.bookings.reversal_of(&booking.id);
    let sale = book.sales.get(&booking.transaction);
    json!({
        "object": "loyalty.transactions",
        "id": booking.id,
        "created": booking.created,
        "merchant": {
            "object": "general.merchants",
            "id": book.shop.merchant_id,
            "companyname": book.shop.companyname,
        },
        "cardgroup": programme.map(|programme| group(&book.shop, programme)),
        "store": { "object": "general.stores", "id": book.shop.store_id },
        "merchantcard": account.map(|account| {
            json!({ "object": "loyalty.merchantcards", "id": account.id() })
        }),
        "card": account.map(|account| &account.card().card),
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
        "receipt": receipt_of(book, booking),
        "is_cancelling": 0,
    })
}

/// The booking's receipt. A sale keeps its latest one only.
fn receipt_of(book: &Book, booking: &Booking) -> Value {
    let sale = book.sales.get(&booking.transaction).map(|sale| &sale.stage);
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
