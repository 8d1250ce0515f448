//! From the bytes of a file to UTF-8, whatever encoding they are in.
//!
//! Owns the decision which encoding that is, and the decoding as the file is read. Must not know
//! what the text says.

use std::fmt;
use std::io::{self, BufRead, Read, Seek};

use encoding_rs::{CoderResult, Decoder};

use super::What;

/// Bytes that are decoded at once.
const WINDOW: usize = 64 << 10;
/// Bytes from which a text without a byte order mark is told to be UTF-16.
const SAMPLE: usize = 4 << 10;

/// The encoding of an article file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    #[default]
    Utf8,
    /// UTF-16, low byte first: what Excel calls Unicode text.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
    /// Windows-1252: taken for what is not UTF-8.
    Windows1252,
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.coder().name())
    }
}

impl Encoding {
    const fn coder(self) -> &'static encoding_rs::Encoding {
        match self {
            Self::Utf8 => encoding_rs::UTF_8,
            Self::Utf16Le => encoding_rs::UTF_16LE,
            Self::Utf16Be => encoding_rs::UTF_16BE,
            Self::Windows1252 => encoding_rs::WINDOWS_1252,
        }
    }

    /// The encoding of a whole source, which is read once for it and then stands at its start.
    ///
    /// # Errors
    /// It cannot be read; or it is not a text, with the line.
    pub(super) fn of<R: Read + Seek>(source: &mut R) -> io::Result<Result<Self, (usize, What)>> {
        let mut head = Vec::with_capacity(SAMPLE);
        source.by_ref().take(SAMPLE as u64).read_to_end(&mut head)?;
        let found = if head.starts_with(b"PK\x03\x04") || head.starts_with(b"\xd0\xcf\x11\xe0") {
            Err((1, What::Workbook))
        } else if let Some(wide) = wide(&head) {
            Ok(wide)
        } else {
            source.rewind()?;
            narrow(source)?
        };
        source.rewind()?;
        Ok(found)
    }
}

/// UTF-16 by its byte order mark, or by every other byte being 0.
fn wide(head: &[u8]) -> Option<Encoding> {
    match head {
        [0xff, 0xfe, ..] => return Some(Encoding::Utf16Le),
        [0xfe, 0xff, ..] => return Some(Encoding::Utf16Be),
        _ => {}
    }
    let pairs = head.chunks_exact(2);
    let count = pairs.len();
    let (mut first, mut second) = (0, 0);
    for pair in pairs {
        first += usize::from(pair.first() == Some(&0));
        second += usize::from(pair.last() == Some(&0));
    }
    // Nearly all of it: a few characters of other scripts are no zeros.
    let most = |zeros: usize| count >= 4 && zeros * 10 >= count * 9;
    match (most(first), most(second)) {
        (false, true) => Some(Encoding::Utf16Le),
        (true, false) => Some(Encoding::Utf16Be),
        _ => None,
    }
}

/// UTF-8 if all of it is; else Windows-1252, unless most of its umlauts are UTF-8.
fn narrow<R: Read>(source: &mut R) -> io::Result<Result<Encoding, (usize, What)>> {
    let mut window = vec![0; WINDOW];
    let (mut kept, mut lines) = (0, 0);
    let (mut right, mut wrong, mut first) = (0_usize, 0_usize, None);
    loop {
        let room = window.get_mut(kept..).unwrap_or_default();
        let read = source.read(room)?;
        let mut rest = window.get(..kept + read).unwrap_or_default();
        let mut tail = 0;
        while !rest.is_empty() {
            let (good, bad) = match std::str::from_utf8(rest) {
                Ok(_) => (rest.len(), None),
                Err(error) => (error.valid_up_to(), Some(error.error_len())),
            };
            let (text, behind) = rest.split_at(good);
            lines += text.split(|byte| *byte == b'\n').count() - 1;
            right += text.iter().filter(|byte| **byte >= 0xc0).count();
            let skipped = match bad {
                // The window may end within a character.
                Some(None) if read > 0 => {
                    tail = behind.len();
                    behind.len()
                }
                Some(length) => {
                    wrong += 1;
                    first.get_or_insert(lines + 1);
                    length.unwrap_or(behind.len())
                }
                None => 0,
            };
            rest = behind.get(skipped..).unwrap_or_default();
        }
        if read == 0 {
            break;
        }
        let end = kept + read;
        window.copy_within(end - tail..end, 0);
        kept = tail;
    }
    Ok(match first {
        None => Ok(Encoding::Utf8),
        Some(line) if right > wrong => Err((line, What::MixedEncoding)),
        Some(_) => Ok(Encoding::Windows1252),
    })
}

/// A source as UTF-8, decoded as it is read.
pub(super) struct Decoded<'r> {
    source: Box<dyn Read + 'r>,
    decoder: Decoder,
    raw: Vec<u8>,
    text: Vec<u8>,
    /// What of `text` is given already.
    given: usize,
    /// Bytes read from the source.
    pub(super) bytes: u64,
    has_ended: bool,
}

impl<'r> Decoded<'r> {
    pub(super) fn new(source: impl Read + 'r, encoding: Encoding) -> Self {
        Self {
            source: Box::new(source),
            decoder: encoding.coder().new_decoder_with_bom_removal(),
            raw: vec![0; WINDOW],
            text: Vec::new(),
            given: 0,
            bytes: 0,
            has_ended: false,
        }
    }

    fn fill(&mut self) -> io::Result<()> {
        while self.given == self.text.len() && !self.has_ended {
            let read = match self.source.read(&mut self.raw) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                read => read?,
            };
            self.bytes += read as u64;
            self.has_ended = read == 0;
            let raw = self.raw.get(..read).unwrap_or_default();
            let most = self.decoder.max_utf8_buffer_length(read).unwrap_or(WINDOW * 3 + 16);
            self.text.resize(most, 0);
            let (result, _, written, _) =
                self.decoder.decode_to_utf8(raw, &mut self.text, self.has_ended);
            debug_assert!(matches!(result, CoderResult::InputEmpty), "room for everything");
            self.text.truncate(written);
            self.given = 0;
        }
        Ok(())
    }
}

impl Read for Decoded<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut text = self.fill_buf()?;
        let read = text.read(into)?;
        self.consume(read);
        Ok(read)
    }
}

impl BufRead for Decoded<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.fill()?;
        Ok(self.text.get(self.given..).unwrap_or_default())
    }

    fn consume(&mut self, count: usize) {
        self.given = (self.given + count).min(self.text.len());
    }
}
