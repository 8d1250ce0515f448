//! The shortest sequences that move the cursor.
//!
//! Owns their form. Must not know what is on the screen. Columns and rows count from 0 here.

use ratatui::layout::Position;

/// Line feeds up to this many are as short as one sequence for all of them.
const FEW_ROWS: u16 = 3;

/// To a place, wherever the cursor is.
pub(super) fn to(Position { x, y }: Position) -> String {
    let row = u32::from(y) + 1;
    match (x, row) {
        (0, 1) => "\u{1b}[H".to_owned(),
        (0, _) => format!("\u{1b}[{row}H"),
        _ => format!("\u{1b}[{row};{}H", u32::from(x) + 1),
    }
}

/// To a column of the row that the cursor is in.
pub(super) fn to_column(x: u16) -> String {
    if x == 0 { "\r".to_owned() } else { format!("\u{1b}[{}G", u32::from(x) + 1) }
}

/// From one place to another.
pub(super) fn between(from: Position, to: Position) -> String {
    let rows = if to.y < from.y {
        step(from.y - to.y, 'A')
    } else if to.y - from.y <= FEW_ROWS {
        // No row scrolls: there is one below.
        "\n".repeat((to.y - from.y).into())
    } else {
        step(to.y - from.y, 'B')
    };
    let beside = if to.x < from.x { step(from.x - to.x, 'D') } else { step(to.x - from.x, 'C') };
    let columns = [beside, to_column(to.x)].into_iter().min_by_key(String::len);
    let relative = rows + &columns.unwrap_or_default();
    let absolute = self::to(to);
    if relative.len() < absolute.len() { relative } else { absolute }
}

/// `count` columns or rows in the direction of `end`.
fn step(count: u16, end: char) -> String {
    match count {
        0 => String::new(),
        1 if end == 'D' => "\u{8}".to_owned(),
        1 => format!("\u{1b}[{end}"),
        _ => format!("\u{1b}[{count}{end}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_move_reaches_its_place_and_none_is_longer_than_the_absolute_one() {
        let place = |column: u16, row: u16| Position { x: column, y: row };
        let places: Vec<Position> = [0, 1, 2, 8, 9, 10, 98, 99, 119]
            .into_iter()
            .flat_map(|x| [0, 1, 3, 4, 9, 38, 39].map(|y| place(x, y)))
            .collect();
        for &from in &places {
            for &end in &places {
                let mut parser = vt100::Parser::new(40, 120, 0);
                parser.process(b"text in the way\r\n");
                parser.process(to(from).as_bytes());
                let sequence = between(from, end);
                assert!(sequence.len() <= to(end).len(), "{from} {end} {sequence:?}");
                parser.process(sequence.as_bytes());
                assert_eq!(parser.screen().cursor_position(), (end.y, end.x), "{sequence:?}");
                assert!(parser.screen().contents().starts_with("text in the way"));
                parser.process(to_column(from.x).as_bytes());
                assert_eq!(parser.screen().cursor_position(), (end.y, from.x));
            }
        }
    }

    #[test]
    fn near_places_take_few_bytes() {
        let at = Position { x: 104, y: 20 };
        for (x, y, sequence) in [
            (104, 20, ""),
            (105, 20, "\u{1b}[C"),
            (103, 20, "\u{8}"),
            (113, 20, "\u{1b}[9C"),
            (0, 20, "\r"),
            (0, 21, "\n\r"),
            (100, 22, "\n\n\u{1b}[4D"),
            (5, 0, "\u{1b}[1;6H"),
        ] {
            assert_eq!(between(at, Position { x, y }), sequence);
        }
    }
}
