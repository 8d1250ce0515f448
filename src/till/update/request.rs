//! The transaction as it is sent: built from the sale alone, the sum from the same lines.

use crate::shop::Line;
use crate::till::{Sale, ServerKind, Settings};
use crate::wire::{
    BasketInfoRequest, BasketRequest, IdentRequest, ItemRequest, TransactionRequest,
};

/// The body of create and update for `sale`.
pub(super) fn request(sale: &Sale, server: ServerKind, settings: &Settings) -> TransactionRequest {
    let card = sale.usable_card().map(|card| {
        let (kind, value) = card.ident.wire();
        IdentRequest { kind: kind.to_owned(), value: value.to_owned() }
    });
    TransactionRequest {
        is_demo: settings.is_demo.unwrap_or(server == ServerKind::Sandbox),
        intent: Some("sale".to_owned()),
        transaction_ref: Some(sale.transaction_ref()),
        merchant_ref: settings.merchant_ref.clone(),
        idents: card.into_iter().collect(),
        basket: Some(BasketRequest {
            products: (1..).zip(sale.basket.lines()).map(|(id, line)| item(id, line)).collect(),
        }),
        basket_info: Some(BasketInfoRequest {
            sum: sale.basket.sum(),
            currency: settings.currency.clone(),
        }),
    }
}

fn item(id: i64, line: &Line) -> ItemRequest {
    ItemRequest {
        id,
        ean: line.ean.clone(),
        article_number: line.number.clone(),
        desc: line.name.clone(),
        quantity: line.quantity,
        price_one: line.price,
        tax: i64::from(line.sent_vat.hundredths() / 100),
    }
}
