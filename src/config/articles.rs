//! Fetches the catalogue from the article file.

use std::io;
use std::path::{Path, PathBuf};

use crate::outside;
use crate::shop::import::{Options, catalogue};
use crate::shop::{Catalogue, Format, Problem, demo_catalogue};

/// The most articles that are taken, with some 130 bytes each; a device or a wrong file would never
/// end.
const LONGEST_FILE: u64 = 256 << 20;

/// Why the articles cannot be used. `Display` gives one line per problem.
#[derive(Debug, thiserror::Error)]
pub enum ArticlesError {
    /// The file cannot be read at all.
    #[error("{}: cannot be read: {error}", .path.display())]
    Unreadable {
        /// As it was named.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// The name ends in nothing that is known.
    #[error("{}: articles are read from .csv, .toml or .json files", .path.display())]
    UnknownFormat {
        /// As it was named.
        path: PathBuf,
    },
    /// Rows are wrong.
    #[error("{}", listed(.path, .rows))]
    Bad {
        /// As it was named.
        path: PathBuf,
        /// What is wrong, never empty.
        rows: Vec<Problem>,
    },
}

fn listed(path: &Path, rows: &[Problem]) -> String {
    let row = |row: &Problem| format!("{}:{}: {}", path.display(), row.line, row.text());
    rows.iter().map(row).collect::<Vec<_>>().join("\n")
}

/// The articles of the file at `path`, read as `options` say; without one, the demonstration
/// catalogue.
///
/// # Errors
/// [`ArticlesError`]; of a faulty file, the problems, as [`catalogue`] lists them.
pub fn read_articles(path: Option<&Path>, options: &Options) -> Result<Catalogue, ArticlesError> {
    let Some(path) = path else { return Ok(demo_catalogue()) };
    let owned = || path.to_owned();
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let format = Format::of(&name).ok_or_else(|| ArticlesError::UnknownFormat { path: owned() })?;
    let file = outside::open(path, LONGEST_FILE)
        .map_err(|error| ArticlesError::Unreadable { path: owned(), error })?;
    catalogue(file, format, options).map_err(|rows| ArticlesError::Bad { path: owned(), rows })
}
