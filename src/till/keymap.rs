//! Which key asks for which command.

use std::collections::BTreeMap;

use super::{COMMANDS, Command, Key, Moves, Row};

/// The keys of this till: the table's defaults, changed by `[keys]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keymap {
    by_key: BTreeMap<Key, Command>,
}

/// Why a key cannot be given to a command.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeymapError {
    /// Two commands want the same key.
    #[error("key {key} is given to both {first} and {second}")]
    Clash {
        /// The key.
        key: Key,
        /// Name of the command that has it.
        first: &'static str,
        /// Name of the command that wants it too.
        second: &'static str,
    },
    /// Digits, letters and decimal signs belong to the entry line; control keys to the terminal;
    /// Enter, Esc and Right mean the same on every till.
    #[error("key {key} cannot be given to {name}: {reason}")]
    Reserved {
        /// The key.
        key: Key,
        /// Name of the command.
        name: &'static str,
        /// What the key is for.
        reason: &'static str,
    },
}

impl Default for Keymap {
    fn default() -> Self {
        let by_key = COMMANDS
            .iter()
            .flat_map(|row| row.keys.iter().map(|&key| (key, row.command)))
            .collect();
        Self { by_key }
    }
}

impl Keymap {
    /// The default map with the keys of some commands replaced.
    ///
    /// A key taken from another command's defaults must be given up there too, by giving that
    /// command other keys: silently losing a command is worse than an error at start. The default
    /// keys of some commands are only lent: whoever else has them keeps them.
    ///
    /// # Errors
    /// Every clash and every reserved key.
    pub fn with(changes: &[(Command, Vec<Key>)]) -> Result<Self, Vec<KeymapError>> {
        let mut by_key: BTreeMap<Key, (Command, &'static str)> = BTreeMap::new();
        let mut errors = Vec::new();
        let others = COMMANDS.iter().filter(|row| !row.lent);
        for row in others.chain(COMMANDS.iter().filter(|row| row.lent)) {
            let change = changes.iter().find(|(command, _)| *command == row.command);
            let keys = change.map_or(row.keys, |(_, keys)| keys.as_slice());
            for &key in keys {
                if change.is_some()
                    && !row.keys.contains(&key)
                    && let Some(reason) = reserved(key, row)
                {
                    errors.push(KeymapError::Reserved { key, name: row.name, reason });
                } else if let Some((_, first)) = by_key.get(&key) {
                    if row.lent && row.keys.contains(&key) {
                        continue;
                    }
                    errors.push(KeymapError::Clash { key, first, second: row.name });
                } else {
                    by_key.insert(key, (row.command, row.name));
                }
            }
        }
        if errors.is_empty() {
            Ok(Self { by_key: by_key.into_iter().map(|(key, (c, _))| (key, c)).collect() })
        } else {
            Err(errors)
        }
    }

    /// The command of a key.
    #[must_use]
    pub fn command(&self, key: Key) -> Option<Command> {
        self.by_key.get(&key).copied()
    }

    /// The keys of a command, in a stable order: function keys last.
    #[must_use]
    pub fn keys(&self, command: Command) -> Vec<Key> {
        self.by_key.iter().filter(|(_, c)| **c == command).map(|(key, _)| *key).collect()
    }
}

fn reserved(key: Key, row: &Row) -> Option<&'static str> {
    match key {
        Key::Char(c) if c.is_ascii_digit() || matches!(c, ',' | '.') => {
            Some("digits and decimal signs are typed into the entry line")
        }
        Key::Char(c) if c.is_alphabetic() => Some("letters start an article search"),
        Key::Char('%' | ';' | ']') => Some("a card swipe or a scanned code begins with it"),
        _ if matches!(row.command, Command::Post) => Some("Enter posts on every till"),
        Key::Char(_) if matches!(row.moves, Moves::Pays(Some(_))) => {
            Some("a scanner could send it, and it pays")
        }
        Key::Ctrl(_) => Some("control keys belong to the terminal line"),
        Key::Enter | Key::LineFeed => Some("scanners send it"),
        Key::Esc | Key::Delete | Key::Backspace => Some("it clears the entry"),
        Key::Right | Key::Left => Some("it answers questions"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn the_defaults_do_not_clash() {
        assert_eq!(Keymap::with(&[]), Ok(Keymap::default()));
    }

    #[test]
    fn clashes_and_reserved_keys_are_all_told() {
        let changes = [
            (Command::Help, vec![Key::F(2)]),
            (Command::Quit, vec![Key::Char('7')]),
            (Command::Note(5), vec![Key::Char('!')]),
        ];
        assert_eq!(Keymap::with(&changes).unwrap_err().len(), 3);
        let moved = [(Command::Help, vec![Key::F(2)]), (Command::Search, vec![Key::F(1)])];
        let map = Keymap::with(&moved).unwrap();
        assert_eq!(map.command(Key::F(2)), Some(Command::Help));
        assert_eq!(map.keys(Command::Search), [Key::F(1)]);
    }

    #[test]
    fn a_key_of_an_older_configuration_is_not_taken_by_a_younger_command() {
        for key in [Key::ShiftF(9), Key::Home, Key::End, Key::Insert] {
            assert!(Keymap::default().command(key).is_some(), "{key}");
            let map = Keymap::with(&[(Command::Search, vec![key])]).unwrap();
            assert_eq!(map.command(key), Some(Command::Search), "{key}");
        }
    }
}
