//! The one table of keys. File, environment, flags, listing and error texts follow from it.

use crate::hint::nearest;
use crate::lang::Lang;
use crate::till::COMMANDS;

/// One key of the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// Its table in the file, `api`; empty for the keys before the first table.
    pub section: &'static str,
    /// Its name in the table, `client_id`.
    pub key: &'static str,
    /// What it may hold.
    pub kind: Kind,
    /// The flag that sets it, `--api-url`.
    pub flag: Option<&'static str>,
    /// What it decides, in a few words.
    pub help: &'static str,
}

/// What a key may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Any text; control characters are removed.
    Text,
    /// A text that is never shown.
    Secret,
    /// Empty, or the hash of a PIN; never shown.
    PinHash,
    /// Empty, or an http or https address.
    Url,
    /// Empty, or a path; relative ones start where the file stands.
    Path,
    /// A whole number within these bounds.
    Whole {
        /// The smallest.
        min: i64,
        /// The largest.
        max: i64,
    },
    /// true or false.
    Switch,
    /// true, false or "auto".
    AutoSwitch,
    /// One of these texts.
    Choice(&'static [&'static str]),
    /// An article code of 8, 12, 13 or 14 digits.
    Ean,
    /// Three capital letters.
    Currency,
    /// Lines of text.
    Lines,
    /// VAT classes, `food 19, 7 from 2026-01-01`.
    VatClasses,
    /// Card patterns, `9276:16`.
    Cards,
    /// Patterns of the shop's own codes, `29IIIIIPPPPPC`.
    Embedded,
    /// Patterns of coupons, `99XXXXXXXXXXC = 10 %`.
    Coupons,
    /// One key or several.
    Keys,
}

const fn field(
    section: &'static str,
    key: &'static str,
    kind: Kind,
    flag: Option<&'static str>,
    help: &'static str,
) -> Field {
    Field { section, key, kind, flag, help }
}

/// Up to an hour: a wait that never ends would lose the cashier.
const MILLISECONDS: Kind = Kind::Whole { min: 1, max: 3_600_000 };
/// Up to a million in whole units.
const AMOUNT: Kind = Kind::Whole { min: 1, max: 100_000_000 };

/// Up to a century; 0 for never.
const DAYS: Kind = Kind::Whole { min: 0, max: 36_525 };

/// Every level says what those before it say.
const LEVELS: &[&str] = &["off", "error", "warn", "info", "debug"];

/// `auto` and the code of every language.
#[allow(clippy::indexing_slicing, reason = "runs when compiled")]
const LANGUAGES: [&str; Lang::ALL.len() + 1] = {
    let mut choices = ["auto"; Lang::ALL.len() + 1];
    let mut index = 0;
    while index < Lang::ALL.len() {
        choices[index + 1] = Lang::ALL[index].code();
        index += 1;
    }
    choices
};

const FIELDS: &[Field] = &[
    field("", "kiosk", Kind::Switch, None, "nobody leaves the console without the PIN"),
    field("", "pin_hash", Kind::PinHash, None, "hash of the PIN, from kasse pin; empty: none"),
    field("api", "url", Kind::Url, Some("--api-url"), "the server; empty: the sandbox inside"),
    field("api", "client_id", Kind::Text, None, "the account"),
    field("api", "client_secret", Kind::Secret, None, "the account's secret"),
    field("api", "device_uuid", Kind::Text, None, "the paired device; empty: none"),
    field("api", "ca_file", Kind::Path, None, "further authorities (PEM); empty: the system's"),
    field("api", "connect_ms", MILLISECONDS, None, "longest wait for a connection"),
    field("api", "call_ms", MILLISECONDS, None, "longest wait for an answer"),
    field("api", "cashless_ms", MILLISECONDS, None, "longest wait for the payment terminal"),
    field("api", "write_off_ms", MILLISECONDS, None, "when an outcome may be written off"),
    field("sale", "demo", Kind::AutoSwitch, None, "mark sales as demonstrations"),
    field("sale", "merchant_ref", Kind::Text, None, "reference sent with every sale"),
    field("sale", "currency", Kind::Currency, None, "currency of all amounts"),
    field("sale", "apply_card", Kind::Choice(&["key", "total"]), None, "what applies a card"),
    field("sale", "implied_cents", Kind::Switch, None, "20 means 0.20"),
    field("sale", "max_change", AMOUNT, None, "most change that is no typing error, in cents"),
    field("sale", "card_expires_soon", DAYS, None, "days before a card's end that say so"),
    field("sale", "departments", Kind::Lines, None, "groups sold without an article: name:vat"),
    field("sale", "override_reasons", Kind::Lines, None, "reasons of a price override"),
    field("sale", "return_reasons", Kind::Lines, None, "reasons of a return"),
    field("discount", "reasons", Kind::Lines, None, "reasons of a discount"),
    field("quick", "keys", Kind::Lines, None, "up to 20 article numbers or departments"),
    field("top_up", "ean", Kind::Ean, None, "article that loads a card"),
    field("top_up", "text", Kind::Text, None, "its text; {} stands for the amount"),
    field("top_up", "vat", Kind::Whole { min: 0, max: 30 }, None, "its VAT rate, in percent"),
    field("top_up", "min", AMOUNT, None, "smallest top-up, in cents"),
    field("top_up", "max", AMOUNT, None, "largest top-up, in cents"),
    field("vat", "classes", Kind::VatClasses, None, "VAT classes and their rates"),
    field(
        "articles",
        "file",
        Kind::Path,
        Some("--articles"),
        "articles; empty: the imported ones, or a small bakery",
    ),
    field("articles", "columns", Kind::Lines, None, "columns of the shop's article files"),
    field("scan", "cards", Kind::Cards, None, "loyalty cards: prefix:length"),
    field("scan", "embedded", Kind::Embedded, None, "own codes with price or quantity"),
    field("scan", "coupons", Kind::Coupons, None, "codes that mean a discount"),
    field("scan", "identifiers", Kind::Switch, None, "the scanner sends symbology identifiers"),
    field(
        "scan",
        "key_hold",
        Kind::Whole { min: 0, max: 60 },
        None,
        "wait of + - * / Space, in ms",
    ),
    field("screen", "language", Kind::Choice(&LANGUAGES), Some("--lang"), "language"),
    field("screen", "theme", Kind::Choice(&["auto", "dark", "mono"]), Some("--theme"), "colours"),
    field("screen", "ascii", Kind::AutoSwitch, None, "draw with ASCII alone"),
    field("screen", "inspector", Kind::Switch, None, "show exchanges with the server"),
    field("receipt", "header", Kind::Lines, None, "lines above every receipt"),
    field("receipt", "footer", Kind::Lines, None, "lines below every receipt"),
    field("receipt", "not_fiscal", Kind::Switch, None, "say that receipts are not fiscal"),
    field("receipt", "width", Kind::Whole { min: 20, max: 120 }, None, "characters in a line"),
    field("printer", "device", Kind::Path, None, "device or file; empty: no printer"),
    field("printer", "format", Kind::Choice(&["escpos", "text"]), None, "what the printer reads"),
    field(
        "printer",
        "code_page",
        Kind::Choice(&["cp858", "ascii"]),
        None,
        "the printer's characters",
    ),
    field("printer", "auto", Kind::Switch, None, "print without being asked"),
    field("state", "dir", Kind::Path, None, "tokens and open sales; empty: XDG state directory"),
    field(
        "journal",
        "archive_kib",
        Kind::Whole { min: 64, max: 1_048_576 },
        None,
        "size from which the journal's oldest closed sales move to an archive",
    ),
    field("journal", "archive_days", DAYS, None, "age at which they move; 0: size alone"),
    field("journal", "keep_days", DAYS, None, "age at which archives are removed; 0: kept"),
    field(
        "journal",
        "checkpoint_entries",
        Kind::Whole { min: 1, max: 10_000 },
        None,
        "entries between two checkpoints",
    ),
    field("log", "level", Kind::Choice(LEVELS), None, "how much the log says"),
    field("log", "files", Kind::Whole { min: 1, max: 100 }, None, "log files kept"),
    field("log", "size_kib", Kind::Whole { min: 16, max: 1_048_576 }, None, "size of each"),
    field("sandbox", "seed", Kind::Whole { min: 0, max: i64::MAX }, Some("--seed"), "seed of ids"),
    field("sandbox", "faults", Kind::Lines, None, "faults to play, as with --fault"),
];

/// Every key, one of `[keys]` for every command of the till.
pub fn fields() -> impl Iterator<Item = Field> {
    let keys = COMMANDS
        .iter()
        .map(|row| field("keys", row.name, Kind::Keys, None, "keys of this command; [] for none"));
    FIELDS.iter().copied().chain(keys)
}

/// The flag of a key; `None` for a key that has none or does not exist.
#[must_use]
pub fn flag(section: &str, key: &str) -> Option<&'static str> {
    find(section, key)?.flag
}

pub(super) fn find(section: &str, key: &str) -> Option<Field> {
    fields().find(|field| field.section == section && field.key == key)
}

pub(super) fn has_section(section: &str) -> bool {
    !section.is_empty() && fields().any(|field| field.section == section)
}

/// What an unknown key was probably meant to be: a near name of its section, the same name in
/// another one, or nothing.
pub(super) fn meant(section: &str, key: &str) -> Option<String> {
    let near = fields().filter(|field| field.section == section).map(|field| field.key);
    let path = |section: &str, key: &str| {
        if section.is_empty() { key.to_owned() } else { format!("{section}.{key}") }
    };
    nearest(key, near).map(|key| path(section, key)).or_else(|| {
        let same = fields().find(|field| field.key == key)?;
        Some(path(same.section, key))
    })
}

impl Field {
    /// `api.client_id`.
    #[must_use]
    pub fn path(&self) -> String {
        let dot = if self.section.is_empty() { "" } else { "." };
        format!("{}{dot}{}", self.section, self.key)
    }

    /// `KASSE_API_CLIENT_ID`.
    #[must_use]
    pub fn env(&self) -> String {
        format!("KASSE_{}", self.path().replace('.', "_")).to_uppercase()
    }
}

impl Kind {
    /// True for what is never shown and may stand only in a file that others cannot read.
    #[must_use]
    pub const fn is_secret(self) -> bool {
        matches!(self, Self::Secret | Self::PinHash)
    }

    /// What the key may hold, for people: `true or false`.
    #[must_use]
    pub fn describe(self) -> String {
        match self {
            Self::Text => "text".to_owned(),
            Self::Secret => "secret text".to_owned(),
            Self::PinHash => "hash made by kasse pin".to_owned(),
            Self::Url => "https address".to_owned(),
            Self::Path => "path".to_owned(),
            Self::Whole { min, max: i64::MAX } => format!("whole number from {min}"),
            Self::Whole { min, max } => format!("whole number from {min} to {max}"),
            Self::Switch => "true, false".to_owned(),
            Self::AutoSwitch => "true, false, \"auto\"".to_owned(),
            Self::Choice(choices) => {
                choices.iter().map(|choice| format!("{choice:?}")).collect::<Vec<_>>().join(", ")
            }
            Self::Ean => "8, 12, 13 or 14 digits".to_owned(),
            Self::Currency => "currency code".to_owned(),
            Self::Lines => "list of lines".to_owned(),
            Self::VatClasses => "list of classes".to_owned(),
            Self::Cards | Self::Embedded | Self::Coupons => "list of patterns".to_owned(),
            Self::Keys => "key or list of keys".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn paths_and_variables_are_unique() {
        let (paths, variables): (BTreeSet<_>, BTreeSet<_>) =
            fields().map(|field| (field.path(), field.env())).unzip();
        assert_eq!(paths.len(), fields().count());
        assert_eq!(variables.len(), fields().count());
        assert!(variables.contains("KASSE_API_DEVICE_UUID"));
        assert!(variables.contains("KASSE_KEYS_TOTAL"));
        assert!(variables.contains("KASSE_PIN_HASH"));
    }

    #[test]
    fn near_and_misplaced_names_are_recognised() {
        assert_eq!(meant("api", "clientid").as_deref(), Some("api.client_id"));
        assert_eq!(meant("sale", "url").as_deref(), Some("api.url"));
        assert_eq!(meant("sale", "frobnicate"), None);
        assert_eq!(meant("", "kiosc").as_deref(), Some("kiosk"));
        assert_eq!(meant("api", "pin_hash").as_deref(), Some("pin_hash"));
    }
}
