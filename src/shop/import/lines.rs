//! The lines of a text, one at a time, with any line end and within a bound.

use std::collections::VecDeque;
use std::io::{self, BufRead};

use super::encoding::Decoded;

/// Bytes of the longest line: no row of articles needs a tenth of it.
pub(super) const LONGEST_LINE: usize = 1 << 20;

/// A line without its end.
#[derive(Debug, Clone)]
pub(super) struct Line {
    /// From 1.
    pub(super) number: usize,
    /// Empty where the line is too long.
    pub(super) text: String,
    /// Longer than [`LONGEST_LINE`].
    pub(super) is_too_long: bool,
}

/// Gives lines that end in LF, CR or both.
pub(super) struct Lines<'r> {
    source: Decoded<'r>,
    /// Lines given so far.
    count: usize,
    /// A line feed that comes next belongs to the last line end.
    after_cr: bool,
    /// Lines that were given back.
    again: VecDeque<Line>,
}

impl<'r> Lines<'r> {
    pub(super) fn new(source: Decoded<'r>) -> Self {
        Self { source, count: 0, after_cr: false, again: VecDeque::new() }
    }

    /// Bytes read from the file so far.
    pub(super) fn bytes(&self) -> u64 {
        self.source.bytes
    }

    /// Gives lines back: they come again in their order, before all others.
    pub(super) fn give_back(&mut self, lines: impl DoubleEndedIterator<Item = Line>) {
        for line in lines.rev() {
            self.again.push_front(line);
        }
    }

    /// The next line.
    pub(super) fn next(&mut self) -> io::Result<Option<Line>> {
        if let Some(line) = self.again.pop_front() {
            return Ok(Some(line));
        }
        let (mut bytes, mut has_begun, mut is_too_long) = (Vec::new(), false, false);
        loop {
            let window = self.source.fill_buf()?;
            if window.is_empty() {
                if !has_begun {
                    return Ok(None);
                }
                break;
            }
            if std::mem::take(&mut self.after_cr) && window.first() == Some(&b'\n') {
                self.source.consume(1);
                continue;
            }
            has_begun = true;
            let end = window.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            let part = window.get(..end.unwrap_or(window.len())).unwrap_or_default();
            is_too_long |= bytes.len() + part.len() > LONGEST_LINE;
            if !is_too_long {
                bytes.extend_from_slice(part);
            }
            let all = window.len();
            let Some(end) = end else {
                self.source.consume(all);
                continue;
            };
            self.after_cr = window.get(end) == Some(&b'\r');
            self.source.consume(end + 1);
            break;
        }
        self.count += 1;
        if is_too_long {
            bytes.clear();
        }
        // The decoder writes nothing but UTF-8, and no character holds a line end.
        let text = String::from_utf8(bytes).unwrap_or_default();
        Ok(Some(Line { number: self.count, text, is_too_long }))
    }
}
