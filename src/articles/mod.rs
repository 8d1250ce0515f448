//! The shop's articles on disk: one file in the state directory, `articles.db`.
//!
//! Owns the file, what an import changes, and the articles that were taught at the till. Must not
//! read article files (`shop`), nor decide when the till takes articles over.
//!
//! The file is an `SQLite` database. It keeps the articles as they are packed in memory
//! ([`crate::shop::Part`]), so that a start reads and does not build, and each taught article as a
//! row. There is no second form of an article that could say something else. An import replaces all
//! of it in one transaction: whatever ends it before its end leaves what was there. No write-ahead
//! log: the file is written seldom, and its date tells a running console of it.
//!
//! | table | has |
//! |---|---|
//! | `about` | the generation, which grows with each import, when, from which files, how many articles |
//! | `packed` | the parts of the packed articles in pieces, each with its checksum |
//! | `taught` | articles that were taught: until an import brings their number or one of their codes |

mod error;
mod file;
mod import;
#[cfg(test)]
mod tests;
mod watch;
mod writer;

pub use error::ArticleStoreError;
pub use file::{ArticleStore, Kept, Taught};
pub use import::{Change, Changes, Import, Listed, Ready};
pub use watch::{News, Watch};
pub use writer::Teacher;
