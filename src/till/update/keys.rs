//! From a key to what it means: swallowed, typed, answered by an overlay, or a command.

use super::Context;
use crate::shop::{Shape, shape};
use crate::till::overlay::Takes;
use crate::till::{Access, Command, Key, Level, Message, Notice};

impl Context<'_> {
    pub(super) fn key(&mut self, key: Key) {
        // What a shell would take for a way out is nothing at all here.
        if self.settings.access == Access::Kiosk && matches!(key, Key::Ctrl(_)) {
            return;
        }
        // A scanner may end its code with CR LF: the second one belongs to the first.
        let line_feed_of_enter = key == Key::LineFeed && self.state.entry.after_enter;
        self.state.entry.after_enter = key == Key::Enter;
        if line_feed_of_enter {
            return;
        }
        let key = if key == Key::LineFeed { Key::Enter } else { key };
        if self.state.too_small {
            self.pressed(key, self.at);
            return self.key_unseen(key);
        }
        if self.is_rest_of_cut(key) {
            return;
        }
        if let Takes::Everything(take) = self.taken_by_overlay() {
            self.pressed(key, self.at);
            return take(self, key);
        }
        if self.state.missing_end.is_some() {
            return self.key_at_missing_end(key);
        }
        if !self.hold(key) {
            self.press(key, self.at);
        }
    }

    /// A key that is not held, or not any more, and arrived at this time.
    pub(super) fn press(&mut self, key: Key, at: u64) {
        self.pressed(key, at);
        match &self.state.notice {
            Some(Notice { level: Level::Info, .. }) => self.state.notice = None,
            // One press does one thing: a key that dismisses does nothing else, and a key that
            // does something else dismisses nothing.
            Some(Notice { level: Level::Error, .. })
                if key.dismisses() && !self.is_named_by_error(key) =>
            {
                if self.is_repeat() {
                    return self.bell();
                }
                return self.dismiss();
            }
            _ => {}
        }
        if let Takes::Keys(take) = self.taken_by_overlay() {
            return take(self, key);
        }
        if let Key::Char(c) = key {
            return self.character(c);
        }
        match key {
            Key::Enter => self.post(),
            Key::Backspace => self.backspace(),
            Key::Right | Key::Left => self.arrow(key == Key::Right),
            Key::Ctrl('c') => self.info(Message::HowToQuit),
            _ => match self.settings.keymap.command(key) {
                Some(command) => self.command(command),
                None => self.bell(),
            },
        }
    }

    /// The key that the error about an unknown code names is meant as what it says.
    fn is_named_by_error(&self, key: Key) -> bool {
        self.state.unknown_code().is_some()
            && self.state.overlays.is_empty()
            && self.settings.keymap.command(key) == Some(Command::Teach)
    }

    /// A printable character: part of the entry, or a command on the number pad.
    fn character(&mut self, c: char) {
        let command = self.settings.keymap.command(Key::Char(c));
        if self.is_text_here() || self.state.entry.code {
            return self.type_character(c);
        }
        match (shape(&self.state.entry.text), command) {
            (Shape::Number, Some(_)) if self.is_code_with(c) => {
                self.state.entry.code = true;
                self.type_character(c);
            }
            // Space opens the menu on an empty line only.
            (Shape::Number, Some(Command::Menu)) => self.bell(),
            (Shape::Empty, None) if c == ' ' => {}
            (Shape::Empty | Shape::Number, Some(command)) => self.command(command),
            // A swipe or a text contains the very characters that are commands elsewhere.
            (Shape::Raw | Shape::Text, _) | (Shape::Empty | Shape::Number, None) => {
                self.type_character(c);
            }
        }
    }
}
