//! The configuration: what the shop has decided, from flags, environment, file and defaults.
//!
//! Owns the table of keys ([`fields`]), their reading and checking, and the report of everything
//! that is wrong. [`load()`] is pure: texts in, decisions or problems out; [`read()`] fetches the texts
//! from disk and environment. Must not start, open or connect anything, and must never show a
//! secret.

mod articles;
mod build;
mod decisions;
mod document;
mod layers;
mod listing;
mod load;
mod locale;
mod problem;
mod read;
mod schema;
mod value;

pub use articles::{ArticlesError, read_articles};
pub use decisions::{Api, Config, Printer, PrinterFormat, Screen, Theme, Timeouts};
pub use layers::{File, Setting, Source, Sources};
pub use load::{Loaded, load};
pub use problem::{Place, Problem, Problems};
pub use read::{default_path, location, read};
pub use schema::{Field, Kind, fields, flag};

/// The documented default file, which is also the lowest layer.
pub const DEFAULTS: &str = include_str!("../../config.example.toml");
