//! QR codes in half blocks: two rows of modules in one row of the terminal.
//!
//! Owns the quiet zone and which modules are drawn. Must not know what the code says, or whether
//! that may be shown.

use qrcode::{Color, EcLevel, QrCode};

/// Light modules around the code. The standard asks for four; readers of screens make do with two,
/// and a terminal has few rows.
const QUIET: usize = 2;

/// `text` as rows of half blocks, the light modules drawn; `None` if no code can hold it.
pub(super) fn rows(text: &str) -> Option<Vec<String>> {
    let code = QrCode::with_error_correction_level(text, EcLevel::L).ok()?;
    let width = code.width();
    let modules = code.to_colors();
    let side = width + 2 * QUIET;
    let is_light = |x: usize, y: usize| {
        let inside = |at: usize| at.checked_sub(QUIET).filter(|at| *at < width);
        match (inside(x), inside(y)) {
            (Some(x), Some(y)) => modules.get(y * width + x) != Some(&Color::Dark),
            _ => y < side,
        }
    };
    let row = |top: usize| {
        (0..side).map(move |x| match (is_light(x, top), is_light(x, top + 1)) {
            (true, true) => '█',
            (true, false) => '▀',
            (false, true) => '▄',
            (false, false) => ' ',
        })
    };
    Some((0..side).step_by(2).map(|top| row(top).collect()).collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use super::*;

    #[test]
    fn a_code_has_its_finders_and_a_light_border() {
        let rows = rows("http://www.secuoffice.com").unwrap();
        // Version 2: 25 modules and two light ones on either side.
        assert_eq!(rows.len(), 15);
        assert!(rows.iter().all(|row| row.chars().count() == 29));
        assert_eq!(rows[0], "█".repeat(29));
        // Rows 0 and 1 of the modules: a finder is a dark ring around light ones.
        let first: Vec<char> = rows[1].chars().collect();
        let finder: String = first[2..9].iter().collect();
        assert_eq!(finder, " ▄▄▄▄▄ ");
        let right: String = first[20..27].iter().collect();
        assert_eq!(right, " ▄▄▄▄▄ ");
        // Nothing lies below the last row of the border.
        assert_eq!(rows[14], "▀".repeat(29));
    }

    #[test]
    fn the_blocks_read_back_are_the_code() {
        for text in ["http://www.secuoffice.com", "https://pair.example/?code=aa63q9k9", "x"] {
            let code = QrCode::with_error_correction_level(text, EcLevel::L).unwrap();
            let mut dark = Vec::new();
            for row in rows(text).unwrap() {
                let row: Vec<char> = row.chars().collect();
                dark.push(row.iter().map(|c| !"█▀".contains(*c)).collect::<Vec<bool>>());
                dark.push(row.iter().map(|c| !"█▄".contains(*c)).collect::<Vec<bool>>());
            }
            for (index, color) in code.to_colors().into_iter().enumerate() {
                let (x, y) = (index % code.width(), index / code.width());
                assert_eq!(dark[y + QUIET][x + QUIET], color == Color::Dark, "{text} {x} {y}");
            }
            let border = dark.iter().take(QUIET + code.width() + QUIET).map(|row| row[0] || row[1]);
            assert!(!border.into_iter().any(|dark| dark), "{text}: a light border");
        }
    }

    #[test]
    fn what_no_code_can_hold_has_none() {
        assert_eq!(rows(&"x".repeat(5_000)), None);
    }
}
