//! The sequences that take a terminal over and give it back.
//!
//! Owns which modes are used. Must not write them: the guard does, at the right moments.

use crossterm::Command;
use crossterm::cursor::Show;
use crossterm::style::{Attribute, SetAttribute};
use crossterm::terminal::{
    Clear, ClearType, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen,
};

/// What another program may have left on and that would come in as reports or change keys: mouse
/// reports and their encodings, focus reports, bracketed paste, application cursor keys and keypad,
/// the kitty keyboard protocol, modifyOtherKeys. And what would spoil frames: line drawing, insert
/// mode, origin mode, a scroll region.
///
/// Terminals ignore private modes that they do not know. Old ones (the Linux console before 6.0)
/// print the end of the two sequences with `=` and `>`: so these are sent on the alternate screen,
/// and before it is cleared. `ESC[>4;0m` read without its `>` is underline and then nothing at all.
/// The kitty protocol keeps its flags by screen; setting them to 0 leaves the stack as
/// other programs have made it.
const RESET: &str = "\x1b[?9;1000;1001;1002;1003;1004l\x1b[?1005;1006;1015;1016;2004;1l\x1b>\
                     \x1b[=0u\x1b[>4;0m\x0f\x1b(B\x1b[4l\x1b[?6l\x1b[r";

/// Alternate screen with the modes that this program needs, and nothing on it.
pub(super) fn enter() -> String {
    let mut out = String::new();
    add(&mut out, EnterAlternateScreen);
    out.push_str(RESET);
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
    fn every_mode_that_sends_reports_is_reset_before_the_screen_is_cleared() {
        let enter = enter();
        let (before, _) = enter.split_once("\x1b[2J").unwrap_or_default();
        for mode in [9, 1000, 1001, 1002, 1003, 1004, 1005, 1006, 1015, 1016, 2004, 1] {
            let reset = before.split("\x1b[?").any(|sequence| {
                let list = sequence.split_once('l').map(|(list, _)| list).unwrap_or_default();
                list.split(';').any(|number| number.parse() == Ok(mode))
            });
            assert!(reset, "{mode}");
        }
        for sequence in ["\x1b>", "\x1b[=0u", "\x1b[>4;0m"] {
            assert!(before.contains(sequence), "{sequence:?}");
        }
        // More than sixteen parameters are too many for the Linux console.
        assert!(before.split('\x1b').all(|sequence| sequence.matches(';').count() < 16));
    }

    #[test]
    fn what_is_set_is_undone_in_reverse() {
        assert_eq!(enter(), format!("\x1b[?1049h{RESET}\x1b[2J"));
        assert_eq!(leave(), "\x1b[?2026l\x1b[0m\x1b[?25h\x1b[?1049l");
    }
}
