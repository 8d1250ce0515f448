//! The transaction as it is sent: built from the sale alone, the sum from the same rows.

use crate::money::Notation;
use crate::shop::{Basket, Row, RowKind, Weight};
use crate::till::{Sale, ServerKind, Settings};
use crate::wire::{
    BasketInfoRequest, BasketRequest, BasketText, IdentRequest, ItemRequest, Tax,
    TransactionRequest,
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
        basket: Some(basket(&sale.basket, &settings.currency)),
        basket_info: Some(BasketInfoRequest {
            sum: sale.basket.sum(),
            currency: settings.currency.clone(),
        }),
    }
}

/// One product for each row, numbered from 1, and the notes on the sale and its lines.
fn basket(basket: &Basket, currency: &str) -> BasketRequest {
    let mut texts = Vec::new();
    let mut note = |parent, note: &str| {
        let id = i64::try_from(texts.len()).unwrap_or(i64::MAX).saturating_add(1);
        texts.push(BasketText { id, parent, desc: note.to_owned() });
    };
    if let Some(of_sale) = basket.note() {
        note(None, of_sale);
    }
    let mut products = Vec::with_capacity(basket.lines().len());
    for (id, row) in (1..).zip(basket.rows()) {
        let mut product = item(id, &row);
        let is_line = matches!(row.kind, RowKind::Article | RowKind::TopUp);
        let line = row.line.filter(|_| is_line).and_then(|index| basket.lines().get(index));
        if let Some(weight) = line.and_then(|line| line.weight) {
            // The API counts whole pieces: what was weighed is one piece, and the text says why.
            // A price that the cashier has set is no price of a kilogram.
            let weighed = if line.is_some_and(|line| line.list_price.is_none()) {
                weight.describe(Notation::Comma, currency)
            } else {
                format!("{} kg", Weight::kilograms(weight.grams, Notation::Comma))
            };
            product.desc = format!("{} {weighed}", row.name);
        }
        if let Some(of_line) = line.and_then(|line| line.note.as_deref()) {
            note(Some(id), of_line);
        }
        products.push(product);
    }
    BasketRequest { products, texts }
}

fn item(id: i64, row: &Row<'_>) -> ItemRequest {
    ItemRequest {
        id,
        ean: row.ean.map(str::to_owned),
        article_number: row.number.map(str::to_owned),
        desc: row.name.to_owned(),
        quantity: row.quantity,
        price_one: row.price,
        tax: Tax::from(row.sent_vat),
    }
}
