//! `kasse config`: every key, its value and where it comes from.

use std::fmt::Write as _;

use super::{Loaded, Setting};
use crate::text::width;

impl Loaded {
    /// One line per key: key, value, source, in columns. Secrets appear as `(set)` or `(not set)`.
    #[must_use]
    pub fn listing(&self) -> String {
        let keys = self.settings.iter().map(|setting| setting.field.path());
        let key_width = keys.map(|key| key.len()).max().unwrap_or(0);
        let value_width = self.settings.iter().map(|s| width(&s.shown)).max().unwrap_or(0);
        self.settings.iter().fold(String::new(), |mut out, Setting { field, shown, source, .. }| {
            let pad = value_width - width(shown);
            // Writing to a String cannot fail.
            let _ = writeln!(out, "{:key_width$}  {shown}{:pad$}  {source}", field.path(), "");
            out
        })
    }

    /// One paragraph per key: its value, what it decides, what it may hold, how else it is set.
    #[must_use]
    pub fn explanation(&self) -> String {
        self.settings.iter().fold(String::new(), |mut out, setting| {
            let Setting { field, shown, source, .. } = setting;
            let flag = field.flag.map(|flag| format!(", {flag}")).unwrap_or_default();
            // Writing to a String cannot fail.
            let _ = writeln!(
                out,
                "{} = {shown}\n    {}\n    {} · {}{flag} · {source}",
                field.path(),
                field.help,
                field.kind.describe(),
                field.env(),
            );
            out
        })
    }
}
