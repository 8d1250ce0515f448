//! The sequences that take a terminal over and give it back.
//!
//! Owns which modes are used. Must not write them: the guard does, at the right moments.

/// What another program may have left on and that would come in as reports or change keys: mouse
/// reports and their encodings, focus reports, bracketed paste, application cursor keys and keypad,
/// the kitty keyboard protocol, modifyOtherKeys. And what would spoil frames: line drawing, insert
/// mode, origin mode, a scroll region.
///
/// Terminals ignore private modes that they do not know. Old ones (the Linux console before 6.0)
/// print the end of the two sequences with `=` and `>`: so these are sent on the alternate screen,
/// and before it is cleared. `ESC[>4;0m` read without its `>` is underline and then nothing at all.
/// The kitty protocol keeps its flags by screen; setting them to 0 leaves the stack of whoever put
/// something on it as it is.
const RESET: &str = "\x1b[?9;1000;1001;1002;1003;1004l\x1b[?1005;1006;1015;1016;2004;1l\x1b>\
                     \x1b[=0u\x1b[>4;0m\x0f\x1b(B\x1b[4l\x1b[?6l\x1b[r";

/// Alternate screen with the modes that this program needs, and nothing on it.
pub(super) fn enter() -> String {
    format!("\x1b[?1049h{RESET}\x1b[2J")
}

/// Ends a frame that a crash may have cut short, then plain text, a visible cursor and the screen
/// as it was.
pub(super) const LEAVE: &str = "\x1b[?2026l\x1b[0m\x1b[?25h\x1b[?1049l";

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::fmt::Write;

    use crossterm::Command;
    use crossterm::cursor::Show;
    use crossterm::style::{Attribute, SetAttribute};
    use crossterm::terminal::{
        Clear, ClearType, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen,
    };

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
    fn the_sequences_are_those_that_crossterm_writes() {
        let ansi = |commands: &[&dyn Fn(&mut String) -> std::fmt::Result]| {
            let mut out = String::new();
            for write in commands {
                write(&mut out).unwrap();
            }
            out
        };
        let entered = ansi(&[
            &|out| EnterAlternateScreen.write_ansi(out),
            &|out| out.write_str(RESET),
            &|out| Clear(ClearType::All).write_ansi(out),
        ]);
        assert_eq!(enter(), entered);
        let left = ansi(&[
            &|out| EndSynchronizedUpdate.write_ansi(out),
            &|out| SetAttribute(Attribute::Reset).write_ansi(out),
            &|out| Show.write_ansi(out),
            &|out| LeaveAlternateScreen.write_ansi(out),
        ]);
        assert_eq!(LEAVE, left);
    }
}
