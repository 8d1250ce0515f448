//! From bytes to keys: an incremental decoder of what a terminal sends.
//!
//! Owns the joining of sequences and characters that arrive in pieces, and the resynchronisation
//! after broken ones. Must not read, wait or look at a clock: the loop feeds it and tells it when
//! nothing has come for [`Decoder::patience`].
//!
//! Three rules. No byte of an answer or a report of the terminal comes out as a key, however it is
//! cut, as long as no pause in it is longer than that patience. No key of a
//! scanner or a cashier is dropped. Esc works at once after any bytes, and every other key after a
//! second.

use super::mouse::{Part, Values};
use super::sequence::{Dialect, csi, ss3};
use crate::charset::Charset;
use crate::text::is_harmful;
use crate::till::Key;

const ESC: u8 = 0x1b;

/// How long a lone Esc, and what may be a word after one, waits for more, ms.
const ESCAPE: u64 = 40;
/// How long the beginning of a sequence waits that may also have been typed, ms.
const INTRODUCED: u64 = 300;
/// How long a sequence that cannot have been typed waits for its next byte, ms.
const SEQUENCE: u64 = 1_000;

/// Parameters kept of a control sequence: more than any key has. The rest is swallowed unseen.
const LONGEST_SEQUENCE: usize = 256;

/// The longest answer string, in bytes: a clipboard that another program asked for is the longest.
const LONGEST_STRING: usize = 1 << 20;

/// Parameters of a device control string before its kind is known.
const LONGEST_HEAD: usize = 8;

/// Decodes terminal input; see [`Decoder::feed`].
#[derive(Debug, Clone, Default)]
pub struct Decoder {
    mode: Mode,
    /// Bytes of the character or the parameters of the sequence under way.
    held: Vec<u8>,
    dialect: Dialect,
    charset: Charset,
    /// Esc was given out because nothing followed it in time: the rest of its sequence may still
    /// come, and would be digits.
    late: Option<Late>,
}

/// What an Esc that was given out may have been.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Late {
    /// The beginning of a sequence.
    Sequence,
    /// The beginning of the end of a string.
    StringEnd,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Mode {
    #[default]
    Ground,
    /// Inside a character of this many bytes.
    Character(usize),
    /// After `ESC`.
    Escape,
    /// After `ESC` inside a string: `\` ends the string.
    StringEscape,
    /// After `ESC ]` or `ESC P`: what follows tells an answer from typing.
    Introduced(u8),
    /// After `ESC [`.
    Control,
    /// After `ESC [ [`: a function key of the Linux console.
    LinuxFunction,
    /// After `ESC O`.
    Single,
    /// After a late `O` and what makes a key of it: a word goes on.
    LateSingle,
    /// Inside a mouse report of the oldest kind.
    Mouse(Values),
    /// Inside a string that is swallowed; bytes left.
    String(usize),
}

impl Decoder {
    /// A decoder for the terminal named by `TERM`.
    #[must_use]
    pub fn for_term(term: &str) -> Self {
        Self { dialect: Dialect::of(term), ..Self::default() }
    }

    /// The same for a terminal whose bytes are of this charset.
    #[must_use]
    pub fn reading(self, charset: Charset) -> Self {
        Self { charset, ..self }
    }

    /// Takes the bytes of one read and appends the keys they complete to `out`, in order.
    ///
    /// Carriage return and tab are [`Key::Enter`], a line feed is [`Key::LineFeed`]. Esc followed
    /// by a character that starts no sequence is [`Key::Esc`] and then the character: on a slow
    /// line both arrive in one read, and Alt means nothing here. Bytes that are no character,
    /// invisible characters, answers and reports of the terminal give nothing.
    pub fn feed(&mut self, bytes: &[u8], out: &mut Vec<Key>) {
        for &byte in bytes {
            self.byte(byte, out);
        }
    }

    /// How long, in ms, nothing may come before [`Decoder::elapsed`] is to be called. `None`: what
    /// came is complete.
    #[must_use]
    pub const fn patience(&self) -> Option<u64> {
        match self.mode {
            Mode::Escape | Mode::LateSingle => Some(ESCAPE),
            Mode::Single if self.late.is_some() => Some(ESCAPE),
            Mode::Introduced(_) | Mode::Single | Mode::StringEscape => Some(INTRODUCED),
            Mode::Control | Mode::LinuxFunction | Mode::Mouse(_) | Mode::String(_) => {
                Some(SEQUENCE)
            }
            Mode::Ground if self.late.is_some() => Some(SEQUENCE),
            Mode::Ground | Mode::Character(_) => None,
        }
    }

    /// True while what arrived so far may be a whole key press: Esc, or what was typed after it.
    #[must_use]
    pub const fn pending_escape(&self) -> bool {
        matches!(
            self.mode,
            Mode::Escape
                | Mode::StringEscape
                | Mode::Introduced(_)
                | Mode::Single
                | Mode::LateSingle
        )
    }

    /// Nothing has come for as long as [`Decoder::patience`] said: what may have been typed is
    /// appended to `out`, what cannot have been is dropped.
    ///
    /// If the line was only slow and the rest of a sequence comes after its Esc, it is still
    /// joined: the key then comes after an Esc, which harms nothing.
    pub fn elapsed(&mut self, out: &mut Vec<Key>) {
        match self.mode {
            Mode::Escape => self.give_out_escape(Late::Sequence, out),
            Mode::StringEscape => self.give_out_escape(Late::StringEnd, out),
            Mode::Introduced(byte) => self.give_back(byte, out),
            Mode::Single => self.give_back(b'O', out),
            Mode::LateSingle => self.finish_late(out),
            Mode::Character(_) => {}
            Mode::Ground
            | Mode::Control
            | Mode::LinuxFunction
            | Mode::Mouse(_)
            | Mode::String(_) => self.ground(),
        }
    }

    /// [`Decoder::elapsed`] where [`Decoder::pending_escape`]; nothing elsewhere.
    pub fn flush(&mut self, out: &mut Vec<Key>) {
        if self.pending_escape() {
            self.elapsed(out);
        }
    }

    /// Input was lost: what came before the gap is not continued behind it.
    pub fn reset(&mut self) {
        self.ground();
    }

    fn ground(&mut self) {
        self.mode = Mode::Ground;
        self.held.clear();
        self.late = None;
    }

    fn give_out_escape(&mut self, late: Late, out: &mut Vec<Key>) {
        self.ground();
        self.late = Some(late);
        out.push(Key::Esc);
    }

    /// What looked like a sequence was typed: Esc, the introducer and the parameters held.
    fn give_back(&mut self, introducer: u8, out: &mut Vec<Key>) {
        if self.late.is_none() {
            out.push(Key::Esc);
        }
        out.push(Key::Char(char::from(introducer)));
        out.extend(self.held.iter().map(|&byte| Key::Char(char::from(byte))));
        self.ground();
    }

    /// Everything behind `ESC O` has come.
    fn finish_late(&mut self, out: &mut Vec<Key>) {
        if let Some((&last, parameters)) = self.held.split_last() {
            out.extend(ss3(parameters, last));
        }
        self.ground();
    }

    fn byte(&mut self, byte: u8, out: &mut Vec<Key>) {
        match self.mode {
            Mode::Ground => match (self.late, byte) {
                // No article is searched for by these, and no scanner sends them first.
                (Some(Late::StringEnd), b'\\') => self.ground(),
                (Some(_), b'[' | b'O' | b']' | b'P' | b'_' | b'^') => self.escape(byte, out),
                _ => {
                    self.late = None;
                    self.start(byte, out);
                }
            },
            Mode::Character(length) => self.character(byte, length, out),
            Mode::Escape => self.escape(byte, out),
            Mode::StringEscape => {
                if byte == b'\\' {
                    self.ground();
                } else {
                    // The string was broken off by a new key.
                    self.escape(byte, out);
                }
            }
            Mode::Introduced(introducer) => self.introduced(introducer, byte, out),
            Mode::Control => self.control(byte, out),
            Mode::LinuxFunction => {
                self.ground();
                match byte {
                    b'A'..=b'E' => {
                        self.dialect = Dialect::Linux;
                        out.push(Key::F(byte - b'A' + 1));
                    }
                    0x20..=0x7e => {}
                    _ => self.start(byte, out),
                }
            }
            Mode::Single => self.single(byte, out),
            Mode::LateSingle => {
                if matches!(byte, 0x20..=0x7e | 0x80..) {
                    self.give_back(b'O', out);
                } else {
                    self.finish_late(out);
                }
                self.start(byte, out);
            }
            Mode::Mouse(values) => self.mouse(byte, values, out),
            Mode::String(left) => self.string(byte, left, out),
        }
    }

    /// A byte outside of any sequence.
    fn start(&mut self, byte: u8, out: &mut Vec<Key>) {
        match byte {
            ESC => self.mode = Mode::Escape,
            b'\r' | b'\t' => out.push(Key::Enter),
            b'\n' => out.push(Key::LineFeed),
            0x08 | 0x7f => out.push(Key::Backspace),
            0x1d => out.push(Key::Char('\u{1d}')),
            0x01..=0x1a => out.push(Key::Ctrl(char::from(byte - 1 + b'a'))),
            0x20..=0x7e => out.push(Key::Char(char::from(byte))),
            // The C1 controls in one byte: in UTF-8 they begin no character.
            0x8f | 0x90 | 0x9b | 0x9d if self.charset != Charset::Windows1252 => match byte {
                0x8f => self.begin(Mode::Single),
                0x9b => self.begin(Mode::Control),
                _ => self.begin_string(),
            },
            0x98 | 0x9e | 0x9f if self.charset.has_c1() => self.begin_string(),
            0x80.. if self.charset.is_single_byte() => {
                let character = self.charset.decode(byte).filter(|&c| !is_harmful(c));
                out.extend(character.map(Key::Char));
            }
            0xc2..=0xdf => self.begin_character(byte, 2),
            0xe0..=0xef => self.begin_character(byte, 3),
            0xf0..=0xf4 => self.begin_character(byte, 4),
            // NUL and the separators stand for no key; the rest begins no character.
            _ => {}
        }
    }

    fn begin(&mut self, mode: Mode) {
        self.held.clear();
        self.mode = mode;
    }

    fn begin_string(&mut self) {
        self.begin(Mode::String(LONGEST_STRING));
    }

    fn begin_character(&mut self, byte: u8, length: usize) {
        self.begin(Mode::Character(length));
        self.held.push(byte);
    }

    fn character(&mut self, byte: u8, length: usize, out: &mut Vec<Key>) {
        if !(0x80..=0xbf).contains(&byte) {
            // Broken off: what follows is whole again.
            self.ground();
            self.start(byte, out);
            return;
        }
        self.held.push(byte);
        if self.held.len() < length {
            return;
        }
        if let Ok(text) = std::str::from_utf8(&self.held) {
            out.extend(text.chars().filter(|&c| !is_harmful(c)).map(Key::Char));
        }
        self.ground();
    }

    /// The byte after `ESC`.
    fn escape(&mut self, byte: u8, out: &mut Vec<Key>) {
        match byte {
            b'[' => self.begin(Mode::Control),
            b'O' => self.begin(Mode::Single),
            b']' | b'P' => self.begin(Mode::Introduced(byte)),
            // A cashier does not type these after Esc.
            b'_' | b'^' => self.begin_string(),
            _ => {
                self.begin(Mode::Ground);
                out.push(Key::Esc);
                self.start(byte, out);
            }
        }
    }

    /// A byte after `ESC ]` or `ESC P`: answers go on in a way that typing and scans do not.
    ///
    /// `]` also begins the AIM identifiers of scanners (`]E0`, `]L2`): a scan right after Esc must
    /// live. Titles are told as `]l` and `]L` and the title.
    fn introduced(&mut self, introducer: u8, byte: u8, out: &mut Vec<Key>) {
        match (introducer, self.held.last(), byte) {
            (b']', Some(_), 0x20..=0x7e) if !byte.is_ascii_digit() => self.begin_string(),
            (b']', None, b'0'..=b'9' | b'l')
            | (b'P', _, b'!' | b'$' | b'+' | b'<'..=b'?' | b'{' | b'|') => self.begin_string(),
            (b']', None, b'L') => self.held.push(byte),
            (b'P', _, b'0'..=b'9' | b';') if self.held.len() < LONGEST_HEAD => {
                self.held.push(byte);
            }
            _ => {
                self.give_back(introducer, out);
                self.start(byte, out);
            }
        }
    }

    fn control(&mut self, byte: u8, out: &mut Vec<Key>) {
        match byte {
            b'[' if self.held.is_empty() => self.mode = Mode::LinuxFunction,
            // rxvt ends shifted keys with `$`; in answers it comes after `?` or a second parameter.
            b'$' if !self.held.is_empty() && self.held.iter().all(u8::is_ascii_digit) => {
                self.finish(byte, out);
            }
            0x20..=0x3f if self.held.len() >= LONGEST_SEQUENCE => {}
            0x20..=0x3f => self.held.push(byte),
            0x40..=0x7e => self.finish(byte, out),
            // Padding of a serial line.
            0x00 | 0x7f => {}
            _ => {
                // Broken off: what follows is whole again.
                self.ground();
                self.start(byte, out);
            }
        }
    }

    fn finish(&mut self, last: u8, out: &mut Vec<Key>) {
        if let Some(values) = Values::behind(last).filter(|_| self.held.is_empty()) {
            self.mode = Mode::Mouse(values);
            return;
        }
        out.extend(csi(&self.held, last, self.dialect));
        self.ground();
    }

    fn mouse(&mut self, byte: u8, values: Values, out: &mut Vec<Key>) {
        match values.take(byte) {
            Part::Inner(values) => self.mode = Mode::Mouse(values),
            Part::Last => self.ground(),
            Part::Foreign => {
                self.ground();
                self.start(byte, out);
            }
        }
    }

    fn single(&mut self, byte: u8, out: &mut Vec<Key>) {
        match byte {
            // The modifier of Konsole (`ESC O 2 P`) and old VTE (`ESC O 1 ; 2 P`).
            b'0'..=b'9' | b';' if self.held.len() < 3 => self.held.push(byte),
            b'P'..=b'S' => self.finish_single(byte, out),
            b'A'..=b'Z' | b'a'..=b'z' if self.held.is_empty() => self.finish_single(byte, out),
            _ => {
                // No terminal sends that: Esc was typed, and then a word.
                self.give_back(b'O', out);
                self.start(byte, out);
            }
        }
    }

    fn finish_single(&mut self, last: u8, out: &mut Vec<Key>) {
        if self.late.is_some() {
            // A word (`Orange`) that was typed after Esc goes on at once.
            self.held.push(last);
            self.mode = Mode::LateSingle;
        } else {
            out.extend(ss3(&self.held, last));
            self.ground();
        }
    }

    fn string(&mut self, byte: u8, left: usize, out: &mut Vec<Key>) {
        match byte {
            0x07 => self.ground(),
            0x9c if self.charset.has_c1() => self.ground(),
            ESC => self.mode = Mode::StringEscape,
            0x00 => {}
            // No answer holds other controls: its end got lost and something new was typed. The
            // last byte that may belong to a string is not typing.
            0x01..=0x1f => {
                self.ground();
                self.start(byte, out);
            }
            _ if left <= 1 => self.ground(),
            _ => self.mode = Mode::String(left - 1),
        }
    }
}

#[cfg(test)]
mod reports;
#[cfg(test)]
mod tests;
