//! Reading a catalogue from TOML or CSV text. (Placeholder signature; filled by the importer.)

use super::Article;

/// The format of an article file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `[[article]]` tables.
    Toml,
    /// A header line and one article per line.
    Csv,
}

/// One problem of an article file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRow {
    /// Line in the file, from 1.
    pub line: usize,
    /// What is wrong and what is expected.
    pub problem: String,
}

/// Reads `text`.
///
/// # Errors
/// Every bad row, not only the first.
pub fn import(_text: &str, _format: Format) -> Result<Vec<Article>, Vec<BadRow>> {
    Ok(Vec::new())
}
