//! Groups of goods that are sold without an article.

use serde::{Deserialize, Serialize};

use super::{Article, Vat};

/// A group of goods that is sold at a typed price, without an article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Department {
    /// What cashier and customer read; not digits alone, so that it is no article's number.
    pub name: String,
    /// How everything in it is taxed.
    pub vat: Vat,
}

impl Department {
    /// What is sold of it: an article without a number and with an open price.
    #[must_use]
    pub fn article(&self) -> Article {
        let (name, vat) = (self.name.clone(), self.vat.clone());
        Article { group: name.clone(), name, vat, ..Article::default() }
    }
}
