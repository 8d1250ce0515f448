//! The PIN prompt: on the locked screen in its middle, otherwise in a window.
//!
//! Shows how many digits were typed, never which.

use ratatui::layout::Rect;

use super::super::pen::Pen;
use super::super::theme::Role;
use super::window;
use crate::lang::fill;
use crate::pin;
use crate::till::{Key, PinPrompt, PinPurpose, PinStep, State};

/// Rows of a prompt: what for, a gap, the digits, what became of them.
const ROWS: u16 = 4;

pub(super) fn draw(pen: &mut Pen, body: Rect, state: &State, prompt: &PinPrompt) {
    let (title, inner) = match prompt.purpose {
        PinPurpose::Unlock => (pen.words.locked, pen.panel(body, pen.words.locked, Role::Border)),
        PinPurpose::Quit => {
            (pen.words.confirm_quit, window(pen, body, pen.words.confirm, (50, ROWS)))
        }
    };
    let top = inner.height.saturating_sub(ROWS) / 2;
    pen.centre(inner, top, title, Role::Title);
    let digit = if pen.ascii() { "*" } else { "•" };
    let typed = digit.repeat(prompt.entry.pin.len());
    let digits = format!("{} {typed:_<width$}", pen.words.pin, width = pin::LONGEST);
    pen.centre(inner, top + 2, &digits, Role::Accent);
    let (text, role) = told(pen, state, prompt);
    pen.centre(inner, top + 3, &text, role);
}

/// What is going on, or what to do.
fn told(pen: &Pen, state: &State, prompt: &PinPrompt) -> (String, Role) {
    let words = pen.words;
    if let PinStep::Checking(_) = prompt.step {
        return (words.pin_checking.to_owned(), Role::Accent);
    }
    if let Some(wait) = state.tries.wait(state.now) {
        let seconds = wait.div_ceil(1_000);
        let text = match seconds {
            ..120 => seconds.to_string() + " s",
            120..7_200 => seconds.div_ceil(60).to_string() + " min",
            _ => seconds.div_ceil(3_600).to_string() + " h",
        };
        return (fill(words.pin_wait, &[("n", &text)]), Role::Error);
    }
    match prompt.step {
        PinStep::Wrong => (words.pin_wrong.to_owned(), Role::Error),
        PinStep::Dropped => (words.pin_dropped.to_owned(), Role::Warn),
        PinStep::Typing | PinStep::Checking(_) => {
            (fill(words.pin_enter, &[("enter", &pen.view.lang.key(Key::Enter))]), Role::Dim)
        }
    }
}
