//! The API's JSON as Rust types: one file per resource, used by client and sandbox alike.
//!
//! Owns names, order, nullability and leniency of fields. Must not know how they travel (HTTP),
//! who keeps the balances, or what a till does with them.
//!
//! Serialising gives the documented answers field for field: fields that are documented as
//! `null` are written as `null`, fields that appear only later (`receipt`, `updated`, …) are left
//! out while they are `None`. Deserialising takes everything that the documents, the vendor's
//! SDKs and older servers were seen to send: absent fields, nulls, numbers as strings.
//!
//! What is known of the API itself, with its sources and contradictions, stands in [`api`].

pub mod api;
mod card;
mod checkin;
mod error;
mod lenient;
mod list;
mod oauth;
mod outcome;
mod pairing;
mod receipt;
mod reference;
mod tax;
mod terminal;
mod transaction;
mod view;

pub use card::{CardGroup, CardList, CardLock, CardRef, LockStatus, MerchantCard, StockStatus};
pub use checkin::Checkin;
pub use error::ErrorBody;
pub use list::{PAGE, TransactionPage, question};
pub use oauth::{OAuthError, RegistrationAnswer, TokenAnswer, TokenRequest};
pub use outcome::{ApiError, DownReason, Outcome};
pub use pairing::{DeviceCode, PairingAnswer, UNPAIRED};
pub use receipt::{Decoration, ReceiptLine, ReceiptText};
pub use reference::{Merchant, Reference};
pub use tax::Tax;
pub use terminal::TerminalJob;
pub use transaction::{
    Basket, BasketInfo, BasketInfoRequest, BasketRequest, BasketText, BonusProduct, Ident,
    IdentRequest, Item, ItemRequest, PreTransaction, StartMethod, Status, Transaction,
    TransactionRequest,
};
pub use view::{BasketInfoView, BasketView, MerchantView, ReferenceView, TransactionView};

/// The EAN of the article that charges the card of the transaction ([`api::basket`]).
pub const CHARGE_EAN: &str = "4260447149502";

/// Every EAN that charges a card: the guide's and the second one of the vendor's demo.
pub const CHARGE_EANS: [&str; 2] = [CHARGE_EAN, "4260447149519"];

/// The EANs that pay something out of a card's balance, as a line that the card itself pays.
pub const DISCHARGE_EANS: [&str; 2] = ["4260447149533", "4260447149540"];

/// What an EAN of the card programme does ([`api::basket`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CardJob {
    /// It loads the card of the transaction.
    Charge,
    /// It pays something out of the card's balance.
    Discharge,
}

impl CardJob {
    /// What this EAN does to a card; `None`: nothing.
    #[must_use]
    pub fn of(ean: &str) -> Option<Self> {
        if CHARGE_EANS.contains(&ean) {
            Some(Self::Charge)
        } else {
            DISCHARGE_EANS.contains(&ean).then_some(Self::Discharge)
        }
    }
}
