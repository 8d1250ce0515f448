//! The sequences that take a terminal over and give it back.
//!
//! Owns which modes are used. Must not write them: the guard does, at the right moments.

use crossterm::Command;
use crossterm::cursor::Show;
use crossterm::style::{Attribute, SetAttribute};
use crossterm::terminal::{
    Clear, ClearType, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen,
};

/// Alternate screen, and nothing on it.
pub(super) fn enter() -> String {
    let mut out = String::new();
    add(&mut out, EnterAlternateScreen);
    add(&mut out, Clear(ClearType::All));
    out
}

/// Ends a frame that a crash may have cut short, then plain text, a visible cursor and the screen
/// as it was.
pub(super) fn leave() -> String {
    let mut out = String::new();
    add(&mut out, EndSynchronizedUpdate);
    add(&mut out, SetAttribute(Attribute::Reset));
    add(&mut out, Show);
    add(&mut out, LeaveAlternateScreen);
    out
}

fn add(out: &mut String, command: impl Command) {
    // Writing to a string cannot fail.
    let _ = command.write_ansi(out);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_set_is_undone_in_reverse() {
        assert_eq!(enter(), "\x1b[?1049h\x1b[2J");
        assert_eq!(leave(), "\x1b[?2026l\x1b[0m\x1b[?25h\x1b[?1049l");
    }
}
