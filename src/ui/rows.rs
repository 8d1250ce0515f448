//! Rows of a panel that must fit: the least important go first.
//!
//! Owns the choice of what is left out in small panels. Must not know what the rows mean.

use ratatui::layout::Rect;

use super::pen::Pen;
use super::theme::Role;

/// One row: a text on the left, one on the right, and how soon it may be left out.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    left: (String, Role),
    right: (String, Role),
    /// 0 stays to the end.
    rank: u8,
}

impl Row {
    pub(super) fn new(rank: u8, left: impl Into<String>, role: Role) -> Self {
        Self { left: (left.into(), role), right: (String::new(), Role::Text), rank }
    }

    pub(super) fn pair(
        rank: u8,
        left: (impl Into<String>, Role),
        right: (impl Into<String>, Role),
    ) -> Self {
        Self { left: (left.0.into(), left.1), right: (right.0.into(), right.1), rank }
    }

    /// An empty row, the first to go.
    pub(super) fn gap() -> Self {
        Self::new(u8::MAX, "", Role::Text)
    }
}

/// Draws as many of `rows` as fit into `area`, keeping their order.
pub(super) fn draw(pen: &mut Pen, area: Rect, rows: impl AsRef<[Row]>) {
    let mut rows: Vec<&Row> = rows.as_ref().iter().collect();
    while rows.len() > usize::from(area.height) {
        let worst = rows.iter().map(|row| row.rank).max();
        let Some(index) = rows.iter().rposition(|row| Some(row.rank) == worst) else { break };
        rows.remove(index);
    }
    for (row, index) in rows.iter().zip(0..) {
        pen.pair(area, index, (&row.left.0, row.left.1), (&row.right.0, row.right.1));
    }
}
