//! What every part of the screen is: a value, and how it is drawn.
//!
//! Must not know any part, nor when it is drawn ([`super::picture`]).

use ratatui::layout::Rect;

use super::pen::Pen;

/// What a part of the screen shows: everything that its drawing depends on besides the view and the
/// area.
pub(super) trait Panel: PartialEq {
    /// Draws into `area`, which is empty, and nowhere else.
    fn draw(&self, pen: &mut Pen, area: Rect);

    /// The pieces of `area` in the order in which the terminal is told them. One style in a piece
    /// takes fewer bytes than two in each row.
    fn pieces(area: Rect) -> Vec<Rect> {
        vec![area]
    }
}
