//! The sandbox: a faithful local server of the Smart Transactions API with a ledger of its own.
//!
//! Owns accounts, bookings, tokens and the documented behaviour of the server. Knows `wire`,
//! `money` and `text`; must never know the till, the client or the screen.
//!
//! The map, ground floor first. A folder imports only from rows above its own (and from `money`,
//! `text`, `wire` and the like); inside a folder no two files import each other either.
//!
//! | folder or file | owns |
//! |---|---|
//! | `clock`, `ids`, `expiring`, `refusal` | time, ids, entries with a lifetime, the refusals of the API |
//! | `fixtures` | the shop that a sandbox starts with, as data |
//! | `amounts` | sums over basket lines, bonus, what a purchase earns; pure |
//! | `store` | the books as data, with their indexes and limits; changes nothing by itself |
//! | `request` | bodies, read strictly into drafts |
//! | `views` | JSON of answers, receipts and slips, out of the store |
//! | `persist` | the files of the state; fixtures from a file |
//! | `ledger` | [`Ledger`]: the steps that change the books, behind one lock |
//! | `loyalty` | the steps on cards apart from sales |
//! | `search` | list calls: the query language, sorting, paging, scrolling |
//! | `auth` | grants, tokens, paired devices |
//! | `faults` | [`Faults`]: which faults hit a call; damaged bodies |
//! | `http` | [`Sandbox`], [`Inside`]: sockets, requests, tables of operations, answers |
//! | `direct` | [`Direct`]: the ledger without HTTP, for simulations |
//!
//! `direct` stands beside `http` and imports neither it nor `auth`, `faults` and `search`. Only
//! `http` and the damaged bodies of `faults` know axum and hyper.
//!
//! Where the documents are silent, the sandbox decides so:
//!
//! * VAT is in percent; whole hundreds above 100 are hundredths of it (`1900`). The only currency
//!   is EUR. An update changes only what it names. A basket without `basket_info` has the
//!   sum of its lines; more on lines in `request::lines`.
//! * Balances pay ordinary articles, no charge; a charge must be positive, and earns only where the
//!   programme says so. A discharge is paid with `start/loyalty` alone and earns nothing. Points
//!   are earned for full euros of what earns bonus too.
//! * A card's expiry date is kept and shown, and stops nothing. Codes are checked when a till asks;
//!   no payment asks for them.
//! * A locked card can neither pay nor be charged. An inactive card cannot pay, but charging it
//!   puts it into circulation. Either may lie beside a sale that is paid otherwise: it then
//!   collects nothing and appears on no receipt.
//! * A refused `start` changes nothing, so the sale can be applied again, updated or aborted.
//! * A cancel reverses every booking, or is refused when the money was spent meanwhile.
//! * Only unpaid transactions can be updated, applied, started or aborted: otherwise 409. A failed
//!   one can be used for nothing any more. What the terminal does stands in `ledger::terminal`.
//! * A card that a sale creates stays when the sale is cancelled, without its money. A card or
//!   check-in in `idents` goes before `create_card`.

mod amounts;
mod auth;
mod clock;
mod direct;
mod expiring;
mod faults;
mod fixtures;
mod http;
mod ids;
mod ledger;
mod loyalty;
mod persist;
#[cfg(test)]
mod properties;
mod refusal;
mod request;
mod search;
mod store;
mod views;

pub use auth::tokens::Pairing;
pub use clock::{Clock, ManualClock};
pub use direct::{Denied, Direct};
pub use faults::Faults;
pub use faults::fault::Fault;
pub use faults::text::FaultError;
pub use fixtures::{
    AccountFixture, BonusProductFixture, CARD_BONUS, CARD_DORMANT, CARD_EMPTY, CARD_INACTIVE,
    CARD_LOCKED, CARD_RICH, CARD_VOUCHER, CLIENT_ID, CLIENT_SECRET, CSC, CardFixture,
    CheckinFixture, DEVICE_PIN, DeviceFixture, Fixtures, GroupFixture, ItemFixture, PASSCODE,
    SEED_TOKEN, SEED_TRANSACTION, SaleFixture, UNKNOWN_DEVICE, UserFixture,
};
pub use http::inside::Inside;
pub use http::log::{LoggedRequest, RequestLog};
pub use http::options::Options;
pub use http::response::SERVER_NAME;
pub use http::server::{Sandbox, SandboxError, bind, bind_to};
pub use ledger::Ledger;
pub use persist::import::FixturesError;
pub use persist::state::StateError;
pub use store::{Balance, Booking, Kind};
