//! The languages: everything the till says, in words.
//!
//! Owns texts and the notation of amounts, times and keys. Must not decide anything and must not
//! know the screen.
//!
//! A language is a folder with a `Language`: a copy of `en/`. It is added here in four places: its
//! `mod`, its variant of [`Lang`], [`Lang::ALL`] and `Lang::language`.

mod de;
mod en;
mod words;

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::money::{Money, Notation, Percent};
use crate::shop::Weight;
use crate::text::fit;
use crate::till::{COMMANDS, Command, DiscountTexts, Key, Keymap, Message, Settings};
use crate::wire::{ApiError, DownReason};
use words::KeyNames;
pub(crate) use words::{ReceiptWords, Words, fill};

/// Columns that the server's own words get in a notice.
const LONGEST_WORDS: usize = 120;

/// The server's own words of a refusal, with its code and support id under these names.
fn server_words(error: &ApiError, code: &str, support_id: &str) -> String {
    let said = [&error.user, &error.details, &error.name]
        .into_iter()
        .find(|text| !text.is_empty())
        .cloned()
        .unwrap_or_else(|| format!("HTTP {}", error.http));
    let mut ids = Vec::new();
    if error.code != 0 {
        ids.push(format!("{code} {}", error.code));
    }
    if !error.support_id.is_empty() {
        ids.push(format!("{support_id} {}", fit(&error.support_id, 40, false)));
    }
    let ids = if ids.is_empty() { String::new() } else { format!(" ({})", ids.join(", ")) };
    format!("{}{ids}", fit(&said, LONGEST_WORDS, false))
}

/// A language of console and receipt.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// German.
    De,
}

/// All that differs from language to language.
struct Language {
    /// ISO 639-1, as the configuration and locales name it.
    code: &'static str,
    /// In English.
    name: &'static str,
    /// Other names that locales have for it, lower case.
    names: &'static [&'static str],
    notation: Notation,
    /// A date of `{year}`, `{month}` and `{day}`.
    date: &'static str,
    keys: KeyNames,
    words: Words,
    receipt: ReceiptWords,
    /// One line of help for the key of a bank note, `{note}`.
    note_help: &'static str,
    /// A command as a short label and as one line of help.
    command: fn(Command) -> (&'static str, &'static str),
    message: fn(&Message, &Settings) -> String,
    reason: fn(DownReason) -> String,
}

impl Lang {
    /// All of them.
    pub const ALL: &'static [Self] = &[Self::En, Self::De];

    const fn language(self) -> &'static Language {
        match self {
            Self::En => &en::LANGUAGE,
            Self::De => &de::LANGUAGE,
        }
    }

    /// Its code in the configuration: `en`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.language().code
    }

    /// Its name in English.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.language().name
    }

    /// The language of a name or locale: `de`, `german`, `de_DE.UTF-8`, `en`, `C`, `POSIX`, ….
    /// `None` for languages that the till does not speak and for an empty name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let name = name.split(['_', '-', '.', '@']).next().unwrap_or_default();
        let name = name.trim().to_ascii_lowercase();
        let is_called = |lang: &&Self| {
            let language = lang.language();
            language.code == name || language.names.contains(&name.as_str())
        };
        Self::ALL.iter().find(is_called).copied()
    }

    /// How amounts are written.
    #[must_use]
    pub const fn notation(self) -> Notation {
        self.language().notation
    }

    /// A percentage in this language: `8,1 %`.
    #[must_use]
    pub fn percent(self, percent: Percent) -> String {
        format!("{} %", percent.show(self.notation()))
    }

    /// A weight in this language: `0,512 kg`.
    #[must_use]
    pub fn kilos(self, grams: u32) -> String {
        format!("{} kg", Weight::kilograms(grams, self.notation()))
    }

    /// An amount in this language, without currency.
    #[must_use]
    pub fn amount(self, amount: Money) -> String {
        amount.show(self.notation())
    }

    /// A number of things: `1.000.000` in German.
    #[must_use]
    pub fn count(self, count: usize) -> String {
        let whole = i64::try_from(count).ok().and_then(|count| count.checked_mul(100));
        let shown = whole.map(|whole| self.amount(Money(whole)));
        // Without the two decimals of an amount.
        shown.and_then(|text| text.get(..text.len() - 3).map(str::to_owned)).unwrap_or_default()
    }

    /// A notice in words: what happened, what is safe, what to press. Keys are those of
    /// `settings`, amounts carry its currency.
    #[must_use]
    pub fn message(self, message: &Message, settings: &Settings) -> String {
        (self.language().message)(message, settings)
    }

    /// A command in one or two words, for the key legend and the menu.
    #[must_use]
    pub fn label(self, command: Command) -> Cow<'static, str> {
        match command {
            Command::Note(note) => Cow::Owned(note.to_string()),
            Command::Quick(key) => {
                Cow::Owned(format!("{} {key}", (self.language().command)(command).0))
            }
            other => Cow::Borrowed((self.language().command)(other).0),
        }
    }

    /// What the menu calls the commands, for [`Settings::titles`].
    #[must_use]
    pub fn titles(self) -> BTreeMap<Command, String> {
        COMMANDS.iter().map(|row| (row.command, self.label(row.command).into_owned())).collect()
    }

    /// A command in one line, for help and README.
    #[must_use]
    pub fn help(self, command: Command) -> Cow<'static, str> {
        match command {
            Command::Note(note) => {
                Cow::Owned(fill(self.language().note_help, &[("note", &note.to_string())]))
            }
            Command::Quick(key) => {
                let help = (self.language().command)(command).1;
                Cow::Owned(fill(help, &[("n", &key.to_string())]))
            }
            other => Cow::Borrowed((self.language().command)(other).1),
        }
    }

    /// What receipt and API call discounts.
    #[must_use]
    pub fn discount_texts(self) -> DiscountTexts {
        let words = self.words();
        DiscountTexts {
            percent: words.discount_percent.to_owned(),
            amount: words.discount.to_owned(),
            deal: words.deal.to_owned(),
            coupon_percent: words.coupon_percent.to_owned(),
            coupon: words.coupon.to_owned(),
            notation: self.notation(),
        }
    }

    /// Why the server gave no usable answer.
    #[must_use]
    pub fn reason(self, reason: DownReason) -> String {
        (self.language().reason)(reason)
    }

    /// The name that this language's keyboards print on a key.
    #[must_use]
    pub fn key(self, key: Key) -> String {
        let names = &self.language().keys;
        let name = match key {
            Key::Up => "↑",
            Key::Down => "↓",
            Key::Right => "→",
            Key::Left => "←",
            Key::Enter => names.enter,
            Key::Esc => names.esc,
            Key::Char(' ') => names.space,
            Key::Delete => names.delete,
            Key::Backspace => names.backspace,
            Key::Insert => names.insert,
            Key::Home => names.home,
            Key::End => names.end,
            Key::PageUp => names.page_up,
            Key::PageDown => names.page_down,
            Key::ShiftF(n) => return format!("{}-F{n}", names.shift),
            Key::Ctrl(c) => return format!("{}-{}", names.ctrl, c.to_ascii_uppercase()),
            Key::Char(_) | Key::F(_) | Key::LineFeed => return key.to_string(),
        };
        name.to_owned()
    }

    /// The first key of a command; for one without a key, where else to find it.
    #[must_use]
    pub fn key_of(self, command: Command, keys: &Keymap) -> String {
        if let Some(key) = keys.keys(command).first() {
            return self.key(*key);
        }
        let menu = keys.keys(Command::Menu).first().map(|key| self.key(*key)).unwrap_or_default();
        let label = self.label(command);
        format!("{menu} \"{label}\"")
    }

    /// A time of the server, ISO 8601, in local notation to the minute: `25.09.2020 11:15`; a date
    /// alone stays alone. The zone is the one that the server wrote, digit for digit. A text of
    /// another form stays as it is.
    #[must_use]
    pub fn time(self, iso: &str) -> String {
        self.local(iso).unwrap_or_else(|| iso.to_owned())
    }

    fn local(self, iso: &str) -> Option<String> {
        let fits = |text: &str, pattern: &str| {
            text.len() == pattern.len()
                && text.bytes().zip(pattern.bytes()).all(|(byte, wanted)| match wanted {
                    b'0' => byte.is_ascii_digit(),
                    _ => byte == wanted,
                })
        };
        let day = iso.get(..10).filter(|day| fits(day, "0000-00-00"))?;
        let parts = [("year", day.get(..4)?), ("month", day.get(5..7)?), ("day", day.get(8..)?)];
        let date = fill(self.language().date, &parts);
        if iso.len() == day.len() {
            return Some(date);
        }
        iso.get(10..11).filter(|separator| matches!(*separator, "T" | " "))?;
        let time = iso.get(11..16).filter(|time| fits(time, "00:00"))?;
        Some(format!("{date} {time}"))
    }

    /// The fixed texts of the screen.
    pub(crate) const fn words(self) -> &'static Words {
        &self.language().words
    }

    /// The fixed texts of receipts.
    pub(crate) const fn receipt(self) -> &'static ReceiptWords {
        &self.language().receipt
    }
}

#[cfg(test)]
mod tests;
