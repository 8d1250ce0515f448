//! Check-ins: customers who told the shop by their phone that they are there
//! ([`crate::wire::api::idents`]).
//!
//! Data and how the API shows it. Must not know sales; a check-in only leads to a card.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::fixtures::{CARD_BONUS, CARD_VOUCHER};
use crate::wire::MerchantCard;

/// A customer who has checked in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckinFixture {
    /// `CKI_…`, or `PPT_…` for one of the payment service's own.
    pub id: String,
    /// What the cashier reads.
    pub name: String,
    /// ISO 8601.
    pub created: String,
    /// `ACC_…`
    pub account_id: String,
    /// `CUS_…`
    pub customer_id: String,
    /// The card that comes with it, if there is one; secret in logs.
    pub card: Option<String>,
}

impl std::fmt::Debug for CheckinFixture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CheckinFixture").field("id", &self.id).finish_non_exhaustive()
    }
}

impl CheckinFixture {
    /// The check-in as list answers show it.
    pub(super) fn shown(&self, card: Option<MerchantCard>) -> Value {
        let mut shown = json!({
            "object": "smart.checkins",
            "id": self.id,
            "customerName": self.name,
            "picture": null,
            "created": self.created,
            "account": { "object": "general.accounts", "id": self.account_id },
            "customer": { "object": "loyalty.customers", "id": self.customer_id },
        });
        if let (Some(card), Some(fields)) = (card, shown.as_object_mut()) {
            fields.insert("merchantcard".to_owned(), json!(card));
        }
        shown
    }
}

/// Two customers: one with the bonus card, one with the gift card.
pub(super) fn fixtures() -> Vec<CheckinFixture> {
    let guest = |number: u8, card: &str| CheckinFixture {
        id: format!("CKI_2XK7M0QNDW2YB4J9VB5GQGSYPN{number:04}"),
        name: format!("Kunde {number}"),
        created: "2020-09-25T11:10:00+02:00".to_owned(),
        account_id: format!("ACC_2H5VN8RTEM2YB6K1VB5GQGSYPN{number:04}"),
        customer_id: format!("CUS_2F9WD3SJQR2YB8M5VB5GQGSYPN{number:04}"),
        card: Some(card.to_owned()),
    };
    vec![guest(1, CARD_BONUS), guest(2, CARD_VOUCHER)]
}
