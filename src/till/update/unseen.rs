//! Keys while the terminal is too small for a till: the cashier sees nothing of what they would do.
//!
//! Nothing acts but the question whether to leave, which is drawn even then. What is typed or
//! scanned is refused whole, also where its rest comes after the terminal has grown again.

use secrecy::zeroize::Zeroize;

use super::Context;
use crate::till::{Command, Fate, Key, Message, Overlay};

impl Context<'_> {
    /// A key on a terminal that is too small.
    pub(super) fn key_unseen(&mut self, key: Key) {
        let secret = self.state.is_locked() || self.state.asks_secret();
        let leaving = self.state.overlays.last() == Some(&Overlay::Confirm(Command::Quit));
        let quit = self.settings.keymap.command(key) == Some(Command::Quit);
        match key {
            Key::Right if leaving => self.arrow(true),
            Key::Esc | Key::Delete | Key::Left if leaving => self.state.overlays.close(),
            // A PIN would be typed unseen.
            _ if secret => self.bell(),
            Key::Ctrl('c') => self.command(Command::Quit),
            _ if quit => self.command(Command::Quit),
            Key::Char(_) => self.refuse_unseen(true),
            Key::Enter
                if self.state.entry.fate == Fate::Cut || !self.state.entry.text.is_empty() =>
            {
                self.refuse_unseen(false);
            }
            _ => self.bell(),
        }
    }

    fn refuse_unseen(&mut self, cut: bool) {
        self.state.entry.text.zeroize();
        self.state.entry.overflow = false;
        self.state.entry.fate = if cut { Fate::Cut } else { Fate::Open };
        self.error(Message::WindowTooSmall);
    }

    /// The rest of a line that began while the terminal was too small is no line of its own. True
    /// if `key` belongs to it.
    pub(super) fn is_rest_of_cut(&mut self, key: Key) -> bool {
        if self.state.entry.fate != Fate::Cut {
            return false;
        }
        if !matches!(key, Key::Char(_)) {
            self.state.entry.fate = Fate::Open;
        }
        let rest = matches!(key, Key::Char(_) | Key::Enter);
        if rest {
            self.bell();
        }
        rest
    }
}
