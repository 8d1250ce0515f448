//! The rows of a basket on paper: goods, their discounts and deposits, notes.

use super::{Letters, Sheet};
use crate::shop::{Basket, Line, Row, RowKind};
use crate::wire::ReceiptLine;

/// In front of what belongs to the row above.
const INDENT: &str = "  ";

impl Sheet<'_> {
    /// All rows of `basket`, the sale's discounts and its note last.
    pub(super) fn rows(&self, basket: &Basket, letters: &Letters) -> Vec<ReceiptLine> {
        let mut lines = Vec::new();
        for row in basket.rows() {
            let line = row.line.and_then(|index| basket.lines().get(index));
            match (row.kind, line) {
                (RowKind::Article | RowKind::TopUp, Some(line)) => {
                    lines.extend(self.article(line, &row, letters));
                }
                (_, Some(_)) => lines.push(self.below(&row, letters)),
                (_, None) => lines.push(ReceiptLine::pair(row.name, self.total(&row, letters))),
            }
        }
        lines.extend(basket.note().map(ReceiptLine::text));
        lines
    }

    fn total(&self, row: &Row<'_>, letters: &Letters) -> String {
        format!("{} {}", self.amount(row.total()), letters.of_rate(row.vat))
    }

    /// One line, or more where pieces or weight need their price shown, or there is more to say.
    fn article(&self, line: &Line, row: &Row<'_>, letters: &Letters) -> Vec<ReceiptLine> {
        let name = line.short.as_deref().unwrap_or(row.name);
        let total = self.total(row, letters);
        let mut lines = Vec::new();
        match self.measure(line) {
            None => lines.push(ReceiptLine::pair(name, total)),
            Some(measure) => {
                lines.push(ReceiptLine::text(name));
                lines.push(ReceiptLine::pair(format!("{INDENT}{measure}"), total));
            }
        }
        if let Some(list_price) = line.list_price {
            let was = format!("{INDENT}{} {}", self.words.was, self.amount(list_price));
            lines.push(ReceiptLine::text(was));
        }
        lines.extend(line.note.iter().map(|note| ReceiptLine::text(format!("{INDENT}{note}"))));
        lines
    }

    /// `2 x 0.99`, `0.512 kg x 2.99/kg`; nothing for one piece.
    fn measure(&self, line: &Line) -> Option<String> {
        let pieces = (line.quantity != 1).then(|| format!("{} x", line.quantity));
        let Some(weight) = line.weight else {
            return pieces.map(|pieces| format!("{pieces} {}", self.amount(line.price)));
        };
        let weighed = self.profile.lang.kilos(weight.grams);
        let weighed = match line.list_price {
            None => format!("{weighed} x {}/kg", self.amount(weight.per_kilo)),
            Some(_) => weighed,
        };
        Some(pieces.into_iter().chain([weighed]).collect::<Vec<_>>().join(" "))
    }

    /// A discount or a deposit below its line.
    fn below(&self, row: &Row<'_>, letters: &Letters) -> ReceiptLine {
        let name = match row.quantity {
            1 => format!("{INDENT}{}", row.name),
            pieces => format!("{INDENT}{} {pieces} x {}", row.name, self.amount(row.price)),
        };
        ReceiptLine::pair(name, self.total(row, letters))
    }
}
