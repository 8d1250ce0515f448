//! The quick keys beside the basket: key, name, price.
//!
//! What they sell is looked up when the panel is drawn: with other articles, the whole picture is
//! another one.

use ratatui::layout::Rect;

use super::panel::Panel;
use super::pen::Pen;
use super::theme::Role;
use crate::till::{Command, Quick, Settings};

/// The panel is drawn once in a picture.
#[derive(Debug, PartialEq)]
pub(super) struct QuickKeys;

/// A quick key in words.
pub(super) struct Words {
    /// Its key, or its number where it has none.
    pub key: String,
    /// What it sells.
    pub name: String,
    /// For how much; `None`: a price is typed.
    pub price: Option<String>,
}

/// The quick key at this index.
pub(super) fn words(pen: &Pen, settings: &Settings, index: usize) -> Option<Words> {
    let lang = pen.view.lang;
    let (name, price) = match settings.quick.get(index)? {
        Quick::Department(department) => (department.name.clone(), None),
        Quick::Article(number) => match settings.catalogue.by_number(number) {
            Some(article) => (article.name, article.price.map(|price| lang.amount(price))),
            None => (number.clone(), Some("?".to_owned())),
        },
    };
    let command = Command::Quick(u8::try_from(index + 1).ok()?);
    let key = settings.keymap.keys(command).first().map(|key| lang.key(*key));
    Some(Words { key: key.unwrap_or_else(|| (index + 1).to_string()), name, price })
}

impl Panel for QuickKeys {
    fn draw(&self, pen: &mut Pen, area: Rect) {
        let inner = pen.panel(area, pen.words.quick_keys, Role::Border);
        let settings = pen.view.settings;
        let keys: Vec<Words> =
            (0..settings.quick.len()).filter_map(|index| words(pen, settings, index)).collect();
        let widest = keys.iter().map(|words| pen.width(&words.key)).max().unwrap_or(0);
        for (words, row) in keys.iter().zip(0..inner.height) {
            let gap = widest.saturating_sub(pen.width(&words.key));
            pen.put(inner, row, gap, &words.key, Role::Key);
            let price = words.price.as_deref().unwrap_or_default();
            let used = pen.right(inner, row, price, Role::Money);
            let start = widest + 2;
            let room = inner.width.saturating_sub(start + used + u16::from(used > 0));
            pen.put_max(inner, row, start, &words.name, Role::Text, room);
        }
    }
}
