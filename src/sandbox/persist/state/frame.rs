//! Frames: pieces of a file that know whether they are whole, unchanged and in their place.
//!
//! A frame is a head, which is one line (`length checksum check`, each eight hex digits), and a text
//! of that length. The check is over the head and the frame before. A log is written frame by frame,
//! and each is on the disk before the next begins: only the last one can be torn. Must not know what
//! the texts say.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};

/// Bytes of a head.
const HEAD: usize = 27;

/// The check of a head: over its length and checksum, and the check of the frame before.
fn check(before: u32, head: &[u8]) -> u32 {
    let mut check = crc32fast::Hasher::new_with_initial(before);
    check.update(head);
    check.finalize()
}

/// Writes frames.
pub(super) struct Writer {
    file: File,
    before: u32,
    bytes: u64,
}

impl Writer {
    /// On an empty file.
    pub(super) const fn new(file: File) -> Self {
        Self { file, before: 0, bytes: 0 }
    }

    /// Writes `text` as one frame.
    pub(super) fn frame(&mut self, text: &[u8]) -> io::Result<()> {
        let length = u32::try_from(text.len()).map_err(io::Error::other)?;
        let head = format!("{length:08x} {:08x} ", crc32fast::hash(text));
        self.before = check(self.before, head.as_bytes());
        self.file.write_all(format!("{head}{:08x}\n", self.before).as_bytes())?;
        self.file.write_all(text)?;
        self.bytes += (HEAD + text.len()) as u64;
        Ok(())
    }

    /// Waits until all frames are on the disk.
    pub(super) fn sync(&self) -> io::Result<()> {
        self.file.sync_data()
    }

    /// How long the file is.
    pub(super) const fn bytes(&self) -> u64 {
        self.bytes
    }
}

/// What follows in a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// A whole frame's text.
    Frame(Vec<u8>),
    /// Nothing more.
    End,
    /// The beginning of a frame that was never finished.
    Torn,
    /// What was not written so.
    Damaged,
}

/// Reads frames.
pub(super) struct Reader {
    input: BufReader<File>,
    /// Bytes that are left.
    left: u64,
    before: u32,
    bytes: u64,
    line: usize,
}

impl Reader {
    /// From the start of `file`.
    pub(super) fn new(file: File) -> io::Result<Self> {
        let left = file.metadata()?.len();
        let input = BufReader::with_capacity(64 * 1024, file);
        Ok(Self { input, left, before: 0, bytes: 0, line: 1 })
    }

    /// The line in which the next frame begins, from 1.
    pub(super) const fn line(&self) -> usize {
        self.line
    }

    /// How long all frames so far are.
    pub(super) const fn bytes(&self) -> u64 {
        self.bytes
    }

    pub(super) fn next(&mut self) -> io::Result<Next> {
        if self.left == 0 {
            return Ok(Next::End);
        }
        let Some(left) = self.left.checked_sub(HEAD as u64) else { return Ok(Next::Torn) };
        let mut head = [0; HEAD];
        self.input.read_exact(&mut head)?;
        let Some((length, checksum)) = self.head(&head) else {
            // After a power cut, parts that did not arrive read as zeros.
            return Ok(if head.contains(&0) { Next::Torn } else { Next::Damaged });
        };
        let Some(left) = left.checked_sub(u64::from(length)) else { return Ok(Next::Torn) };
        let mut text = vec![0; length as usize];
        self.input.read_exact(&mut text)?;
        if crc32fast::hash(&text) != checksum {
            return Ok(if left == 0 { Next::Torn } else { Next::Damaged });
        }
        self.before = check(self.before, head.get(..18).unwrap_or_default());
        self.left = left;
        self.bytes += HEAD as u64 + u64::from(length);
        // That of the head, and those of the text, which ends with a line feed.
        self.line += text.split(|byte| *byte == b'\n').count();
        Ok(Next::Frame(text))
    }

    /// Length and checksum, `None` for a head that is not what was written.
    fn head(&self, head: &[u8; HEAD]) -> Option<(u32, u32)> {
        let number = |from: usize| {
            let digits = std::str::from_utf8(head.get(from..from + 8)?).ok()?;
            u32::from_str_radix(digits, 16).ok()
        };
        let known = check(self.before, head.get(..18)?);
        (head.get(18..)? == format!("{known:08x}\n").as_bytes()).then_some(())?;
        Some((number(0)?, number(9)?))
    }

    /// Goes on in `file`, the same one, behind the last whole frame.
    pub(super) fn resume(&self, mut file: File) -> io::Result<Writer> {
        file.set_len(self.bytes)?;
        file.seek(SeekFrom::End(0))?;
        file.sync_all()?;
        Ok(Writer { file, before: self.before, bytes: self.bytes })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use std::fs;

    use super::*;

    fn written() -> Vec<u8> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("frames");
        let mut writer = Writer::new(File::create(&path).unwrap());
        for text in ["one\n", "two\n", "two\n"] {
            writer.frame(text.as_bytes()).unwrap();
        }
        let bytes = fs::read(path).unwrap();
        assert_eq!(writer.bytes(), bytes.len() as u64);
        bytes
    }

    /// The frames that can be read, and what comes behind them.
    fn read(bytes: &[u8]) -> (Vec<String>, Next) {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        std::io::Seek::rewind(&mut file).unwrap();
        let (mut reader, mut frames) = (Reader::new(file).unwrap(), Vec::new());
        loop {
            match reader.next().unwrap() {
                Next::Frame(text) => frames.push(String::from_utf8(text).unwrap()),
                next => return (frames, next),
            }
        }
    }

    #[test]
    fn frames_read_as_written_and_a_torn_last_one_is_told() {
        let whole = written();
        let all = ["one\n", "two\n", "two\n"].map(str::to_owned);
        assert_eq!(read(&whole), (all.to_vec(), Next::End));
        let frame = whole.len() / 3;
        for cut in 1..frame {
            assert_eq!(read(&whole[..whole.len() - cut]), (all[..2].to_vec(), Next::Torn), "{cut}");
        }
        // Blocks of the last frame that a power cut kept from the disk.
        for (from, to) in [(0, frame), (0, 5), (3, frame), (frame - 4, frame)] {
            let mut holed = whole.clone();
            holed[2 * frame + from..2 * frame + to].fill(0);
            assert_eq!(read(&holed), (all[..2].to_vec(), Next::Torn), "{from}..{to}");
        }
    }

    #[test]
    fn every_changed_byte_before_the_last_text_and_every_missing_frame_is_noticed() {
        let whole = written();
        let frame = whole.len() / 3;
        for at in 0..2 * frame + HEAD {
            let mut changed = whole.clone();
            changed[at] ^= 1;
            let (frames, end) = read(&changed);
            assert_eq!((frames.len(), end), (at / frame, Next::Damaged), "byte {at}");
        }
        let without_second = [&whole[..frame], &whole[2 * frame..]].concat();
        assert_eq!(read(&without_second).1, Next::Damaged);
        assert_eq!(read(&whole[frame..]).1, Next::Damaged);
    }
}
