//! Help with texts that people write by hand: where a mistake stands, what was probably meant.
//!
//! Owns line numbers and near misses. Must not know what the texts are about.

use std::ops::Range;

/// The line, from 1, in which the byte at `offset` stands; the last line for offsets beyond.
#[must_use]
pub fn line_at(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|byte| *byte == b'\n').count()
}

/// A text in which lines are looked up again and again.
#[derive(Debug)]
pub struct Lines<'a> {
    text: &'a str,
    /// Offsets of the line feeds.
    ends: Vec<usize>,
}

impl<'a> Lines<'a> {
    /// Finds the lines of `text`.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        let feeds = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Self { text, ends: feeds.map(|(at, _)| at).collect() }
    }

    /// The text itself.
    #[must_use]
    pub const fn text(&self) -> &'a str {
        self.text
    }

    /// The same as [`line_of`].
    #[must_use]
    pub fn line_of(&self, span: Option<Range<usize>>) -> usize {
        span.map_or(1, |span| 1 + self.ends.partition_point(|end| *end < span.start))
    }
}

/// The line of the first byte of `span`; the first line where there is no span.
#[must_use]
pub fn line_of(text: &str, span: Option<Range<usize>>) -> usize {
    span.map_or(1, |span| line_at(text, span.start))
}

/// The known name that `typed` was probably meant to be.
#[must_use]
pub fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed = typed.to_lowercase();
    // A third of the letters may be wrong: short names must be nearly right.
    let allowed = (typed.chars().count() / 3).clamp(1, 3);
    known
        .into_iter()
        .map(|name| (strsim::osa_distance(&typed, &name.to_lowercase()), name))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// `; did you mean X?`, or nothing.
#[must_use]
pub fn did_you_mean(name: Option<&str>) -> String {
    name.map(|name| format!("; did you mean {name}?")).unwrap_or_default()
}

/// Reads bytes as UTF-8 without a byte order mark.
///
/// # Errors
/// The line of the first byte that is not UTF-8.
pub fn decode(bytes: &[u8]) -> Result<&str, usize> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.strip_prefix('\u{feff}').unwrap_or(text)),
        Err(error) => {
            let good = bytes.iter().take(error.valid_up_to());
            Err(1 + good.filter(|byte| **byte == b'\n').count())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_from_one() {
        let text = "a\nbc\n\nd";
        for (offset, line) in [(0, 1), (1, 1), (2, 2), (5, 3), (6, 4), (99, 4)] {
            assert_eq!(line_at(text, offset), line, "{offset}");
        }
        let lines = Lines::new(text);
        for offset in 0..99 {
            assert_eq!(lines.line_of(Some(offset..offset)), line_at(text, offset), "{offset}");
        }
        assert_eq!(lines.line_of(None), 1);
        assert_eq!(line_of(text, None), 1);
        assert_eq!(line_of(text, Some(3..4)), 2);
    }

    #[test]
    fn near_misses_are_found_and_far_ones_not() {
        let known = ["client_id", "client_secret", "url"];
        assert_eq!(nearest("clientid", known), Some("client_id"));
        assert_eq!(nearest("client_sceret", known), Some("client_secret"));
        assert_eq!(nearest("ulr", known), Some("url"));
        assert_eq!(nearest("URL", known), Some("url"));
        assert_eq!(nearest("password", known), None);
        assert_eq!(nearest("x", known), None);
    }

    #[test]
    fn bytes_that_are_no_text_have_a_line() {
        assert_eq!(decode("\u{feff}ä".as_bytes()), Ok("ä"));
        assert_eq!(decode(b"a\nb\n\xffc"), Err(3));
    }
}
