//! The languages: everything the till says, in words.
//!
//! Owns texts and the notation of amounts, times and keys. Must not decide anything and must not
//! know the screen.

mod de;
mod en;
mod words;

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::money::{Money, Notation};
use crate::till::{COMMANDS, Command, Key, Keymap, Message, Settings};
use crate::wire::DownReason;
pub(crate) use words::{Words, fill};

/// A language of console and receipt.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// German.
    De,
}

impl Lang {
    /// The language of a name or locale: `de`, `german`, `de_DE.UTF-8`, `en`, `C`, `POSIX`, ….
    /// `None` for languages that the till does not speak and for an empty name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let language = name.split(['_', '-', '.', '@']).next().unwrap_or_default();
        match language.trim().to_ascii_lowercase().as_str() {
            "de" | "german" | "deutsch" => Some(Self::De),
            "en" | "english" | "c" | "posix" => Some(Self::En),
            _ => None,
        }
    }

    /// The language of the environment: of `LC_ALL`, `LC_MESSAGES` and `LANG`, given in this order,
    /// the first that is set and not empty decides. English where the till does not speak it.
    #[must_use]
    pub fn from_env(
        lc_all: Option<&str>,
        lc_messages: Option<&str>,
        environment_lang: Option<&str>,
    ) -> Self {
        [lc_all, lc_messages, environment_lang]
            .into_iter()
            .flatten()
            .find(|locale| !locale.is_empty())
            .and_then(Self::parse)
            .unwrap_or_default()
    }

    /// How amounts are written.
    #[must_use]
    pub const fn notation(self) -> Notation {
        match self {
            Self::En => Notation::Point,
            Self::De => Notation::Comma,
        }
    }

    /// An amount in this language, without currency.
    #[must_use]
    pub fn amount(self, amount: Money) -> String {
        amount.show(self.notation())
    }

    /// A notice in words: what happened, what is safe, what to press. Keys are those of
    /// `settings`, amounts carry its currency.
    #[must_use]
    pub fn message(self, message: &Message, settings: &Settings) -> String {
        match self {
            Self::En => en::message(message, settings),
            Self::De => de::message(message, settings),
        }
    }

    /// A command in one or two words, for the key legend and the menu.
    #[must_use]
    pub fn label(self, command: Command) -> Cow<'static, str> {
        match command {
            Command::Note(note) => Cow::Owned(note.to_string()),
            other => Cow::Borrowed(self.texts(other).0),
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
            Command::Note(note) => Cow::Owned(match self {
                Self::En => format!("Tender step: the customer gives {note}; pays at once"),
                Self::De => format!("Im Zahlschritt: Kunde gibt {note}; zahlt sofort"),
            }),
            other => Cow::Borrowed(self.texts(other).1),
        }
    }

    fn texts(self, command: Command) -> (&'static str, &'static str) {
        match self {
            Self::En => en::command(command),
            Self::De => de::command(command),
        }
    }

    /// Why the server gave no usable answer.
    #[must_use]
    pub fn reason(self, reason: DownReason) -> String {
        match self {
            Self::En => en::reason(reason),
            Self::De => de::reason(reason),
        }
    }

    /// The name that this language's keyboards print on a key.
    #[must_use]
    pub fn key(self, key: Key) -> String {
        let german = self == Self::De;
        match key {
            Key::Up => "↑".to_owned(),
            Key::Down => "↓".to_owned(),
            Key::Right => "→".to_owned(),
            Key::Left => "←".to_owned(),
            Key::ShiftF(n) if german => format!("Umsch-F{n}"),
            Key::ShiftF(n) => format!("Shift-F{n}"),
            Key::Char(' ') if german => "Leertaste".to_owned(),
            Key::Delete if german => "Entf".to_owned(),
            Key::Insert if german => "Einfg".to_owned(),
            Key::Home if german => "Pos1".to_owned(),
            Key::End if german => "Ende".to_owned(),
            Key::PageUp if german => "Bild↑".to_owned(),
            Key::PageDown if german => "Bild↓".to_owned(),
            Key::Backspace if german => "Rück".to_owned(),
            Key::Ctrl(c) if german => format!("Strg-{}", c.to_ascii_uppercase()),
            Key::Ctrl(c) => format!("Ctrl-{}", c.to_ascii_uppercase()),
            other => other.to_string(),
        }
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

    /// A time of the server, ISO 8601, in local notation to the minute: `25.09.2020 11:15`. The
    /// zone is the one the server wrote. A text of another form stays as it is.
    #[must_use]
    pub fn time(self, iso: &str) -> String {
        let parts = || {
            let number = |from: usize, to: usize| {
                iso.get(from..to).filter(|part| part.bytes().all(|b| b.is_ascii_digit()))
            };
            let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
            let date = match self {
                Self::En => format!("{year}-{month}-{day}"),
                Self::De => format!("{day}.{month}.{year}"),
            };
            Some(match (number(11, 13), number(14, 16)) {
                (Some(hour), Some(minute)) => format!("{date} {hour}:{minute}"),
                _ => date,
            })
        };
        parts().unwrap_or_else(|| iso.to_owned())
    }

    /// The fixed texts of the screen.
    pub(crate) const fn words(self) -> &'static Words {
        match self {
            Self::En => &en::WORDS,
            Self::De => &de::WORDS,
        }
    }
}

#[cfg(test)]
mod tests;
