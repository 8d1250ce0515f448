//! The shop: articles, basket, VAT, cards, and what a scanner sends. Pure arithmetic and grammar.
//!
//! Owns everything that would be the same without a server and without a screen.
//! Must not do input or output, and must not know the API, the till's steps or the clock.

mod article;
mod bakery;
mod basket;
mod card;
mod catalogue;
mod check;
mod code;
mod department;
pub mod gs1;
pub mod import;
mod scan;
mod search;
mod tender;
mod vat;
mod words;

pub use article::{Article, Pack, Unit, Vat};
pub use bakery::demo_catalogue;
pub use basket::{
    Basket, BasketError, Deposit, Discount, Extras, Line, LineKind, MAX_LINE, MAX_QUANTITY, Off,
    Row, RowKind, Weight,
};
pub use card::{CardNumber, CardPattern};
pub use catalogue::{Builder, Catalogue, Clash, Damage, Part, Parts, fingerprint};
pub use check::{ean_check_digit_ok, luhn_ok, measure_check_digit_ok, pzn_check_digit_ok};
pub use code::{CODE_DIGITS, CardCode, CodeKind};
pub use department::Department;
pub use import::{Format, MOST_ARTICLES, MOST_PROBLEMS, Problem, import};
pub use scan::{
    Carried, CouponPattern, EmbeddedPattern, PatternError, Scan, ScanRules, Shape, recognise,
    recognise_code, shape, swipe_start,
};
pub use search::{highlight, search};
pub use tender::{TenderError, change};
pub use vat::{VatClass, VatClasses, VatLine, VatRate, bonus_by_rate, contained, table};
