//! What is known of the Smart Transactions API: facts, their sources, and what was decided where
//! the sources differ. Text only; the types stand beside it in [`wire`](super).
//!
//! | page | answers |
//! |---|---|
//! | [`transport`] | addresses, headers, amounts, times, ids |
//! | [`oauth`] | the six grants, their errors, pairing a device |
//! | [`transactions`] | every call on a transaction: body, answer, effect |
//! | [`status`] | the life cycle, and which status is an outcome |
//! | [`basket`] | lines, VAT, sums, special EANs, sub-baskets |
//! | [`idents`] | cards, check-ins and new cards in a transaction |
//! | [`bonus`] | balances, bonus products, the split over VAT rates, worked examples |
//! | [`receipts`] | the four line types and the words that were seen |
//! | [`lists`] | query parameters and the envelope of a list |
//! | [`errors`] | the error body, names and codes |
//! | [`devices`] | devices, routings, terminal jobs |
//! | [`loyalty`] | merchant cards: look-up, codes, locks, direct bookings |
//! | [`contradictions`] | where the sources differ, which one wins, what kasse and the sandbox do |
//!
//! # Sources
//!
//! Nothing here was tried on a live server. The sources, in the order of their weight:
//!
//! 1. **Recordings**: HTTP of 2022 that a public client keeps as its test fixtures
//!    (`eugenmueller/secuconnect`, folder `vcr_cassettes`).
//! 2. **The two documents that the project began with**, pages of the vendor's guide with request
//!    and answer in full, called *seeds* in the code: the *charge document* (create a transaction
//!    that loads a card) and the *apply document* (`preTransaction` on a basket of 7.96).
//! 3. **The guide**, `developer.secuconnect.com/integration/…`: *Loyalty at the POS*, *Payment with
//!    `SmartZVT`*, the pages on errors, device registration and status flow.
//! 4. **Current SDKs**: PHP 2.63.0 (`SmartTransactionsApi`, `SmartTransactionsDTO`,
//!    `SmartTransactionsProductModel` …) and Java 4.3.0, whose models have the same names.
//! 5. **Older material**: the cash-register guide of 2015/16 (`…/OLD/cash_register/`,
//!    `…/doc/guide/`), the POS SDKs secucard-connect for Java 2.17, .NET 1.12, PHP 1.27 and iOS with
//!    their demo programs and fixtures, the JavaScript SDK 1.5.0, the iOS cashier app.
//!
//! **The rule**: the earlier number wins. Two exceptions. What *every* SDK sends wins over what a
//! page prints, because the SDKs work. And where a wrong guess could cost money, the reading that
//! cannot is taken, whatever its source: an unknown status is no outcome, a refusal of a payment is
//! no proof. A fact marked *(inferred)* stands in no source.
//!
//! The sandbox is checked against the vendor's PHP SDK itself (`tests/php/run.sh`); requests of the
//! JavaScript and Java SDKs and of the iOS app were replayed on it.

#[doc = include_str!("api/transport.md")]
pub mod transport {}

#[doc = include_str!("api/oauth.md")]
pub mod oauth {}

#[doc = include_str!("api/transactions.md")]
pub mod transactions {}

#[doc = include_str!("api/status.md")]
pub mod status {}

#[doc = include_str!("api/basket.md")]
pub mod basket {}

#[doc = include_str!("api/idents.md")]
pub mod idents {}

#[doc = include_str!("api/bonus.md")]
pub mod bonus {}

#[doc = include_str!("api/receipts.md")]
pub mod receipts {}

#[doc = include_str!("api/lists.md")]
pub mod lists {}

#[doc = include_str!("api/errors.md")]
pub mod errors {}

#[doc = include_str!("api/devices.md")]
pub mod devices {}

#[doc = include_str!("api/loyalty.md")]
pub mod loyalty {}

#[doc = include_str!("api/contradictions.md")]
pub mod contradictions {}
