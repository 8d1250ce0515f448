//! The sandbox: a faithful local server of the Smart Transactions API with a ledger of its own.
//!
//! Owns accounts, bookings, tokens and the documented behaviour of the server. Knows `wire`,
//! `money` and `text`; must never know the till, the client or the screen.
//!
//! Rooms: [`Ledger`] (`ledger`, `capture`, `sale`, `account`, `bonus`, `basket`) decides,
//! `request` reads bodies, `receipt` words receipts, `oauth` and `tokens` let callers in, `routes`
//! and `server` speak HTTP, `fixtures` holds the data. Only `server` and `routes` know axum.
//!
//! Where the documents are silent the sandbox is strict, and says in `error_details` what it
//! missed: VAT is in percent (never hundredths), the only currency is EUR, charge lines are
//! positive, balances pay ordinary articles but no charge.

mod account;
mod basket;
mod bonus;
mod capture;
mod clock;
mod fixtures;
mod ids;
mod ledger;
mod log;
mod oauth;
mod options;
mod receipt;
mod refusal;
mod request;
mod routes;
mod sale;
mod server;
mod tokens;

pub use account::{Balance, Booking};
pub use clock::{Clock, ManualClock};
pub use fixtures::{
    CARD_BONUS, CARD_DORMANT, CARD_EMPTY, CARD_INACTIVE, CARD_LOCKED, CARD_RICH, CARD_VOUCHER,
    CardFixture, Fixtures, GroupFixture, ItemFixture, SEED_TOKEN, SEED_TRANSACTION, SaleFixture,
    UNKNOWN_DEVICE,
};
pub use ledger::Ledger;
pub use log::{LoggedRequest, RequestLog};
pub use options::Options;
pub use server::{Sandbox, SandboxError, bind, bind_to};

/// The client id of the sandbox's own account.
pub const CLIENT_ID: &str = "sandbox";

/// The client secret of the sandbox's own account; no secret, and good for nothing else.
pub const CLIENT_SECRET: &str = "sandbox";

/// The `Server` header of every answer; a console recognises a sandbox by its first part.
pub const SERVER_NAME: &str = concat!("kasse-sandbox/", env!("CARGO_PKG_VERSION"));
