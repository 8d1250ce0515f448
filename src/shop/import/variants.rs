//! Rows that are variants of a product, as web shops write them.
//!
//! Shopify repeats the handle of a product in each of its rows and says title, group and status in
//! the first alone; rows without number, code and price are further pictures. `WooCommerce` has a row
//! for the product itself, of the type `variable` or `grouped`, which is not sold.

use super::columns::Column;
use super::layout::Layout;
use super::row::Row;

/// What the rows of one product have in common.
#[derive(Default)]
pub(super) struct Variants {
    has_handles: bool,
    has_kinds: bool,
    handle: String,
    common: Vec<(Column, String)>,
}

/// What the first row of a product says for all of them.
const COMMON: [Column; 5] =
    [Column::Name, Column::Group, Column::Kind, Column::Active, Column::Vat];
/// What Shopify calls the variant of a product that has none.
const NO_VARIANT: &str = "default title";

impl Variants {
    pub(super) fn new(layout: &Layout) -> Self {
        Self {
            has_handles: layout.has(Column::Handle),
            has_kinds: layout.has(Column::Kind),
            ..Self::default()
        }
    }

    /// Completes a row with what its product says; false: the row is not an article.
    pub(super) fn complete(&mut self, row: &mut Row) -> bool {
        if self.has_kinds && row.text(Column::Kind).is_some_and(is_parent) {
            return false;
        }
        if !self.has_handles {
            return true;
        }
        let handle = row.text(Column::Handle).unwrap_or_default();
        if handle != self.handle || handle.is_empty() {
            handle.clone_into(&mut self.handle);
            self.common.clear();
            for column in COMMON {
                self.common.extend(row.text(column).map(|text| (column, text.to_owned())));
            }
        }
        let is_article = [Column::Number, Column::Ean, Column::Price]
            .into_iter()
            .any(|column| row.text(column).is_some());
        if !is_article {
            return false;
        }
        for (column, text) in &self.common {
            let own = row.text(*column);
            // A draft is one whichever of its columns says so.
            if own.is_none() || (*column == Column::Active && own != Some(text)) {
                row.set(*column, Some(text.clone().into()), row.line);
            }
        }
        let variant =
            row.text(Column::Variant).filter(|text| !text.eq_ignore_ascii_case(NO_VARIANT));
        if let (Some(name), Some(variant)) = (row.text(Column::Name), variant) {
            let name = format!("{name} {variant}");
            row.set(Column::Name, Some(name.into()), row.line);
        }
        true
    }
}

/// The types of `WooCommerce` that are sold in variants only, and its others.
const PARENTS: [&str; 2] = ["variable", "grouped"];
const OTHERS: [&str; 5] = ["simple", "variation", "external", "virtual", "downloadable"];

fn is_parent(kind: &str) -> bool {
    kind.split(',').any(|kind| PARENTS.contains(&kind.trim().to_lowercase().as_str()))
}

/// Whether a type is one of `WooCommerce`, which is no group of goods.
pub(super) fn is_web_shops(kind: &str) -> bool {
    kind.split(',').all(|kind| OTHERS.contains(&kind.trim().to_lowercase().as_str()))
}
