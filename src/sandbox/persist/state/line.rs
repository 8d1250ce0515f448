//! Lines that know whether they are whole, unchanged and in their place: sixteen hex digits, a
//! blank, the text, a line feed. The digits are a checksum over all lines so far.

/// A chain of checksums; each line depends on those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Chain(u64);

/// What follows in a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next<'a> {
    /// A whole line and what comes after it.
    Line(&'a [u8], &'a [u8]),
    /// Nothing more, or the beginning of a line that was never finished.
    End,
    /// A finished line that is not what was written.
    Damaged,
}

impl Chain {
    /// The start of a file. FNV-1a finds accidents; it is no protection against intent.
    pub(super) const fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    fn over(self, text: &[u8]) -> Self {
        Self(text.iter().fold(self.0, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
        }))
    }

    /// The line that carries `text`, which must not contain a line feed.
    pub(super) fn line(&mut self, text: &str) -> Vec<u8> {
        *self = self.over(text.as_bytes());
        format!("{:016x} {text}\n", self.0).into_bytes()
    }

    /// Reads the next line of `rest`.
    pub(super) fn next<'a>(&mut self, rest: &'a [u8]) -> Next<'a> {
        let Some(end) = rest.iter().position(|byte| *byte == b'\n') else { return Next::End };
        let (line, rest) = rest.split_at(end);
        let Some((digits, text)) = line.split_at_checked(17) else { return Next::Damaged };
        let chain = self.over(text);
        if digits != format!("{:016x} ", chain.0).as_bytes() {
            return Next::Damaged;
        }
        *self = chain;
        Next::Line(text, rest.get(1..).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing)]
    use super::*;

    fn file() -> Vec<u8> {
        let mut chain = Chain::new();
        [chain.line("one"), chain.line("two"), chain.line("two")].concat()
    }

    /// The lines that can be read, and whether the file ended well.
    fn read(mut rest: &[u8]) -> (Vec<&[u8]>, bool) {
        let (mut chain, mut lines) = (Chain::new(), Vec::new());
        loop {
            match chain.next(rest) {
                Next::Line(text, after) => {
                    lines.push(text);
                    rest = after;
                }
                Next::End => return (lines, true),
                Next::Damaged => return (lines, false),
            }
        }
    }

    #[test]
    fn lines_read_as_written_and_an_unfinished_one_is_left_out() {
        let file = file();
        assert_eq!(read(&file), (vec![&b"one"[..], b"two", b"two"], true));
        let (whole, line) = (file.len(), file.len() / 3);
        for cut in 1..=line {
            assert_eq!(read(&file[..whole - cut]), (vec![&b"one"[..], b"two"], true), "{cut}");
        }
    }

    #[test]
    fn every_changed_byte_and_every_missing_line_is_noticed() {
        let file = file();
        for at in 0..file.len() - 1 {
            let mut changed = file.clone();
            changed[at] ^= 1;
            assert!(!read(&changed).1, "byte {at}");
        }
        let line = file.len() / 3;
        assert!(!read(&[&file[..line], &file[2 * line..]].concat()).1, "a line is missing");
        assert!(!read(&file[line..]).1, "the first line is missing");
    }
}
