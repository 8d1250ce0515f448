//! The pen: every character on the screen is put there by it.
//!
//! Owns clipping, alignment, cutting, panels, and the translation to ASCII where nothing else is
//! safe. Must not know the till. Everything outside of the area given is silently not drawn, so
//! that no size of terminal can break a panel.

use std::borrow::Cow;

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};

use super::View;
use super::theme::Role;
use crate::lang::{Words, fill};
use crate::money::Money;
use crate::text::{fit, width};

/// What a drawing tells besides its cells.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Told {
    /// Where the terminal's cursor belongs.
    pub cursor: Option<Position>,
    /// The whole amount due of the tender step is there.
    pub is_due_shown: bool,
}

/// Draws into a buffer, in the theme and the language of a view.
pub(super) struct Pen<'a> {
    buf: &'a mut Buffer,
    /// Nothing is drawn outside of it.
    clip: Rect,
    pub(super) told: Told,
    pub(super) view: &'a View<'a>,
    pub(super) words: &'static Words,
}

impl<'a> Pen<'a> {
    pub(super) fn new(buf: &'a mut Buffer, view: &'a View<'a>) -> Self {
        Self { clip: buf.area, told: Told::default(), buf, view, words: view.lang.words() }
    }

    /// The same, drawing in `area` alone from now on.
    pub(super) fn within(&mut self, area: Rect) -> &mut Self {
        self.clip = area.intersection(self.buf.area);
        self
    }

    pub(super) fn ascii(&self) -> bool {
        self.view.theme.is_ascii()
    }

    pub(super) fn style(&self, role: Role) -> Style {
        self.view.theme.style(role)
    }

    /// An amount in the view's language.
    pub(super) fn amount(&self, amount: Money) -> String {
        self.view.lang.amount(amount)
    }

    /// An amount with its currency.
    pub(super) fn money(&self, amount: Money) -> String {
        format!("{} {}", self.amount(amount), self.view.settings.currency).trim_end().to_owned()
    }

    /// `text` as this terminal can show it.
    pub(super) fn plain<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.view.theme.repertoire().showable(text)
    }

    /// Columns that `text` will take.
    pub(super) fn width(&self, text: &str) -> u16 {
        u16::try_from(width(&self.plain(text))).unwrap_or(u16::MAX)
    }

    /// True if all of `area` can be drawn to.
    pub(super) fn holds(&self, area: Rect) -> bool {
        !area.is_empty() && area.intersection(self.clip) == area
    }

    /// Puts `text` at `col` of `row` inside `area`, cut to the area; returns the columns used.
    pub(super) fn put(&mut self, area: Rect, row: u16, col: u16, text: &str, role: Role) -> u16 {
        self.put_max(area, row, col, text, role, u16::MAX)
    }

    /// Like [`Pen::put`], cut to at most `max` columns as well.
    pub(super) fn put_max(
        &mut self,
        area: Rect,
        row: u16,
        col: u16,
        text: &str,
        role: Role,
        max: u16,
    ) -> u16 {
        let area = area.intersection(self.clip);
        if row >= area.height || col >= area.width {
            return 0;
        }
        let room = usize::from((area.width - col).min(max));
        let text = fit(&self.plain(text), room, self.ascii());
        let (x, y) = (area.x + col, area.y + row);
        let (end, _) = self.buf.set_stringn(x, y, &text, room, self.style(role));
        end.saturating_sub(x)
    }

    /// Draws `columns` columns that are there already in the style of `role`.
    pub(super) fn emphasise(&mut self, area: Rect, row: u16, col: u16, columns: u16, role: Role) {
        if row < area.height && col < area.width {
            let (x, y, width) = (area.x + col, area.y + row, columns.min(area.width - col));
            let cells = Rect { x, y, width, height: 1 }.intersection(self.clip);
            self.buf.set_style(cells, self.style(role));
        }
    }

    /// Puts `text` at the right end of `row`; returns the columns used.
    pub(super) fn right(&mut self, area: Rect, row: u16, text: &str, role: Role) -> u16 {
        let columns = self.width(text);
        self.put(area, row, area.width.saturating_sub(columns), text, role)
    }

    /// Puts `text` in the middle of `row`.
    pub(super) fn centre(&mut self, area: Rect, row: u16, text: &str, role: Role) {
        let columns = self.width(text);
        self.put(area, row, area.width.saturating_sub(columns) / 2, text, role);
    }

    /// Puts `left` and `right` on one row; where there is no room for both, the left is cut.
    pub(super) fn pair(
        &mut self,
        area: Rect,
        row: u16,
        (left, left_role): (&str, Role),
        (right, right_role): (&str, Role),
    ) {
        let used = self.right(area, row, right, right_role);
        let gap = u16::from(used > 0);
        let room = area.width.saturating_sub(used + gap);
        if room > 0 {
            self.put_max(area, row, 0, left, left_role, room);
        }
    }

    /// A whole row in one style.
    pub(super) fn bar(&mut self, area: Rect, row: u16, role: Role) {
        if row < area.height {
            let bar = Rect { y: area.y + row, height: 1, ..area }.intersection(self.clip);
            self.buf.set_style(bar, self.style(role));
        }
    }

    /// Empties an area.
    pub(super) fn clear(&mut self, area: Rect) {
        let area = area.intersection(self.clip);
        if area.is_empty() {
            return;
        }
        for y in area.top()..area.bottom() {
            let row = self.buf.index_of(area.x, y)..;
            let row = self.buf.content.get_mut(row).unwrap_or_default();
            row.iter_mut().take(area.width.into()).for_each(Cell::reset);
        }
    }

    /// Steps an area back: what is in it stays readable but asks for no attention.
    pub(super) fn fade(&mut self, area: Rect) {
        let bright = Modifier::BOLD | Modifier::REVERSED;
        let style = self.style(Role::Dim).remove_modifier(bright);
        self.buf.set_style(area.intersection(self.clip), style);
    }

    /// A horizontal rule.
    pub(super) fn rule(&mut self, area: Rect, row: u16) {
        let line = if self.ascii() { "-" } else { "─" }.repeat(usize::from(area.width));
        self.put(area, row, 0, &line, Role::Border);
    }

    /// Frames `area`, which is empty, and returns what is [`inside`].
    pub(super) fn panel(&mut self, area: Rect, title: &str, border: Role) -> Rect {
        let area = area.intersection(self.clip);
        if area.width < 4 || area.height < 2 {
            return inside(area);
        }
        let [top_left, top_right, bottom_left, bottom_right, across, down] = if self.ascii() {
            ["+", "+", "+", "+", "-", "|"]
        } else {
            ["╭", "╮", "╰", "╯", "─", "│"]
        };
        let middle = across.repeat(usize::from(area.width - 2));
        self.put(area, 0, 0, &format!("{top_left}{middle}{top_right}"), border);
        for row in 1..area.height - 1 {
            self.put(area, row, 0, down, border);
            self.put(area, row, area.width - 1, down, border);
        }
        let bottom = format!("{bottom_left}{middle}{bottom_right}");
        self.put(area, area.height - 1, 0, &bottom, border);
        if !title.is_empty() {
            let role = if border == Role::Border { Role::Title } else { border };
            self.put_max(area, 0, 2, &format!(" {title} "), role, area.width.saturating_sub(4));
        }
        inside(area)
    }

    /// Says in the frame around `inner` how many rows precede and follow those that are shown.
    pub(super) fn more(&mut self, inner: Rect, before: usize, after: usize) {
        self.at_least(inner, (before, false), (after, false));
    }

    /// As [`Self::more`]; true: there are further ones that are not counted.
    pub(super) fn at_least(
        &mut self,
        inner: Rect,
        (before, and_before): (usize, bool),
        (after, and_after): (usize, bool),
    ) {
        if inner.width < 12 || inner.x < 2 || inner.y == 0 {
            return;
        }
        let frame = Rect {
            x: inner.x - 2,
            y: inner.y - 1,
            width: inner.width + 2,
            height: inner.height + 2,
        };
        for (sign, count, further, row) in
            [("▴", before, and_before, 0), ("▾", after, and_after, frame.height - 1)]
        {
            if count > 0 {
                let plus = if further { "+" } else { "" };
                let text = fill(self.words.n_more, &[("n", &format!("{count}{plus}"))]);
                self.right(frame, row, &format!(" {sign} {text} "), Role::Key);
            }
        }
    }

    /// `text` in rows of at most `columns`, as this terminal can show it.
    pub(super) fn wrap(&self, text: &str, columns: u16) -> Vec<String> {
        wrap(&self.plain(text), usize::from(columns))
    }
}

/// What is inside the frame of a panel: one column of air on both sides.
pub(super) fn inside(area: Rect) -> Rect {
    if area.width < 4 || area.height < 2 {
        return Rect { width: 0, height: 0, ..area };
    }
    Rect { x: area.x + 2, y: area.y + 1, width: area.width - 4, height: area.height - 2 }
}

/// Breaks `text` at spaces into rows of at most `columns`; words that are longer are broken.
fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut rows = Vec::new();
    let mut row = String::new();
    if columns == 0 {
        return rows;
    }
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let gap = usize::from(!row.is_empty());
        if width(&row) + gap + width(word) <= columns {
            if gap > 0 {
                row.push(' ');
            }
            row.push_str(word);
            continue;
        }
        if !row.is_empty() {
            rows.push(std::mem::take(&mut row));
        }
        for c in word.chars() {
            let mut next = row.clone();
            next.push(c);
            if width(&next) > columns && !row.is_empty() {
                rows.push(std::mem::take(&mut row));
                row.push(c);
            } else {
                row = next;
            }
        }
    }
    if !row.is_empty() {
        rows.push(row);
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::wrap;

    #[test]
    fn texts_break_at_spaces_and_long_words_anywhere() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("abcdefgh ij", 3), ["abc", "def", "gh", "ij"]);
        assert_eq!(wrap("a  b", 9), ["a b"]);
        assert!(wrap("", 5).is_empty() && wrap("text", 0).is_empty());
        assert_eq!(wrap("日本語", 1), ["日", "本", "語"]);
    }
}
