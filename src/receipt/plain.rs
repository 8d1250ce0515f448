//! Receipts as plain text, for printers and files that take no commands.

use super::Row;

/// Every row ended by a line feed. Bold is lost.
#[must_use]
pub fn plain(rows: &[Row]) -> String {
    rows.iter().flat_map(|row| [row.text.as_str(), "\n"]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_becomes_one_line_without_bold() {
        let row = |text: &str| Row { text: text.to_owned(), bold: true };
        assert_eq!(plain(&[row("a"), row(""), row("b")]), "a\n\nb\n");
        assert_eq!(plain(&[]), "");
    }
}
