//! How the API shows a transaction: the documented shape of answers.

use std::borrow::Cow;
use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::sandbox::amounts::{basket, bonus};
use crate::sandbox::store::{Applied, Book, Sale, Stage};
use crate::sandbox::views::idents;
use crate::wire::{
    BasketInfoView, BasketView, Item, MerchantView, ReferenceView, Tax, TransactionView,
};

/// The transaction as the API answers it now.
pub(crate) fn view<'a>(book: &'a Book, sale: &'a Sale) -> TransactionView<'a> {
    let shop = &book.shop;
    let (applied, settled) = (sale.applied(), sale.settled());
    let slip = settled.and_then(|settled| settled.slip.as_ref());
    let task = settled.and_then(|settled| settled.task);
    let reference = |object, id: &'a String| ReferenceView { object, id };
    let device = |id| reference("smart.devices", id);
    TransactionView {
        object: "smart.transactions",
        id: &sale.id,
        merchant: MerchantView {
            object: "general.merchants",
            id: &shop.merchant_id,
            companyname: &shop.companyname,
        },
        device_source: settled.map(|_| device(&shop.till_id)),
        device_destination: (slip.is_some() || task.is_some()).then(|| device(&shop.terminal_id)),
        transactions: settled
            .iter()
            .flat_map(|settled| &settled.bookings)
            .map(|id| reference("loyalty.transactions", id))
            .collect(),
        created: &sale.created,
        updated: match &sale.stage {
            Stage::Aborted { updated } => Some(updated),
            _ => settled.map(|settled| settled.updated.as_str()),
        },
        status: sale.status(),
        transaction_ref: sale.draft.transaction_ref.as_deref(),
        merchant_ref: sale.draft.merchant_ref.as_deref(),
        // Documented answers of sales lose the intent with the start.
        intent: if settled.is_some() && !sale.draft.is_order() {
            None
        } else {
            sale.draft.intent.as_deref()
        },
        basket: BasketView {
            products: products(&sale.draft.items, applied, settled.is_some()),
            texts: &sale.draft.texts,
            kind: "default",
        },
        receipt: settled.map(|settled| settled.receipt.as_slice()),
        receipt_number: slip.map(|slip| slip.number),
        receipt_merchant: slip.map(|slip| slip.merchant_copy.as_slice()),
        receipt_merchant_print: slip.map(|_| true),
        basket_info: BasketInfoView {
            sum: sale.sum(),
            gratuity: sale.draft.gratuity,
            currency: "EUR",
            missing_sum: applied.map(|applied| applied.missing),
        },
        idents: settled.map_or_else(
            || Cow::Owned(idents::all(book, &sale.draft.idents)),
            |settled| Cow::Borrowed(settled.idents.as_slice()),
        ),
        is_demo: sale.draft.is_demo,
        application_context: context(sale.draft.more.get("application_context")),
        checkout_links: (),
        payment_links: (),
        more: more(sale),
    }
}

/// The fields that are returned as sent, with those that the server fills in.
fn more(sale: &Sale) -> Vec<(&str, Cow<'_, Value>)> {
    // Shown in fields of their own.
    let has_own_field = |name: &str| {
        name == "application_context" || (name == "device_source" && sale.settled().is_some())
    };
    let kept = sale.draft.more.iter().filter(|(name, _)| !has_own_field(name));
    let mut more: Vec<_> =
        kept.map(|(name, value)| (name.as_str(), Cow::Borrowed(value))).collect();
    if let Some(method) = sale.method() {
        let method = Cow::Owned(Value::from(method));
        match more.iter_mut().find(|(name, _)| *name == "payment_method") {
            Some((_, sent)) => *sent = method,
            None => more.push(("payment_method", method)),
        }
    }
    more
}

/// The lines as answered: charges show tax 0 until they are paid, then the tax that was sent.
fn products<'a>(items: &'a [Item], applied: Option<&Applied>, paid: bool) -> Vec<Cow<'a, Item>> {
    let bonus_lines = applied.map_or(&[][..], |applied| &applied.products);
    let mut lines = Vec::with_capacity(items.len() + bonus_lines.len());
    lines.extend(items.iter().map(|item| {
        if basket::is_charge(item) && !paid {
            Cow::Owned(Item { tax: Tax::default(), ..item.clone() })
        } else {
            Cow::Borrowed(item)
        }
    }));
    lines.extend(bonus_lines.iter().map(|product| Cow::Owned(bonus::basket_item(product))));
    lines
}

/// The context of a web shop: what was sent goes over the default.
fn context(sent: Option<&Value>) -> Cow<'static, Value> {
    static DEFAULT: LazyLock<Value> = LazyLock::new(
        || json!({ "locks": { "customer": false }, "return_urls": null, "iframe_opts": null }),
    );
    let Some(sent) = sent.and_then(Value::as_object) else { return Cow::Borrowed(&DEFAULT) };
    let mut context = DEFAULT.clone();
    if let Some(fields) = context.as_object_mut() {
        fields.extend(sent.iter().map(|(name, value)| (name.clone(), value.clone())));
    }
    Cow::Owned(context)
}
