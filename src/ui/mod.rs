//! The console: draws the till's state.
//!
//! Owns panels, layout and themes. What is drawn is a pure function of state and view: drawing must
//! not change or decide anything, wait, read a clock or do input or output. It knows till, shop,
//! lang, receipt, money, text and wire, and nothing of client, journal or terminal modes.
//!
//! Every panel is a value made of the state (`of`) and a drawing that gets that value alone;
//! [`Picture`] keeps both and draws a panel again when its value has changed.

mod basket;
mod big;
mod done;
mod frame;
mod ident;
mod keys;
mod layout;
mod legend;
mod overlay;
mod panel;
mod payment;
mod pen;
mod picture;
mod qr;
mod quick;
mod rows;
mod status;
mod theme;
mod unknown;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::lang::Lang;
use crate::receipt::Profile;
use crate::till::{Seen, Settings, State};
pub use keys::keys_table;
pub use picture::Picture;
pub use theme::Theme;

/// The smallest terminal in which the till can be used, columns and rows.
pub const SMALLEST: (u16, u16) = (40, 12);

/// Rows of a list that is loaded bit by bit: its window keeps its size.
const PAGE_ROWS: usize = 20;

/// What drawing needs besides the state.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// Keys, catalogue, currency.
    pub settings: &'a Settings,
    /// Language of the screen.
    pub lang: Lang,
    /// Colours; says too whether only ASCII may be shown.
    pub theme: &'a Theme,
    /// What the receipt on the screen carries.
    pub profile: &'a Profile,
}

/// What a drawing shows besides its cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Painted {
    /// Where the cursor belongs; `None`: it is hidden.
    pub cursor: Option<Position>,
    /// What can be seen of the till.
    pub seen: Seen,
}

/// Draws all of `state` into a buffer of any size.
pub fn paint(buf: &mut Buffer, state: &State, view: &View) -> Painted {
    let mut picture = Picture::over(std::mem::take(buf));
    let painted = picture.update(state, view);
    *buf = picture.into_cells();
    painted
}

/// What can be seen of `state` on a terminal of this size.
#[must_use]
pub fn seen(state: &State, view: &View, width: u16, height: u16) -> Seen {
    paint(&mut Buffer::empty(Rect::new(0, 0, width, height)), state, view).seen
}

/// The screen as [`Picture::text`]: for documents and logs of tests.
#[must_use]
pub fn as_text(state: &State, view: &View, width: u16, height: u16) -> String {
    let mut picture = Picture::new(width, height);
    picture.update(state, view);
    picture.text()
}
