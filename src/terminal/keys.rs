//! From bytes to keys: an incremental decoder of what a terminal sends.
//!
//! Owns the joining of sequences and characters that arrive in pieces, and the resynchronisation
//! after broken ones. Must not read, wait or look at a clock: the loop feeds it and tells it when
//! a lone Esc has stood long enough. Nothing that a scanner or a cashier types may get lost in
//! it, and no answer of a terminal may come out as keys.

use super::sequence::{Dialect, csi, ss3};
use crate::text::is_harmful;
use crate::till::Key;

const ESC: u8 = 0x1b;

/// The longest control sequence: far more than any key has.
const LONGEST_SEQUENCE: usize = 32;

/// The longest answer string: after that it is taken for a broken one, so that input never
/// freezes for good.
const LONGEST_STRING: usize = 256;

/// Decodes terminal input; see [`Decoder::feed`].
#[derive(Debug, Clone, Default)]
pub struct Decoder {
    mode: Mode,
    /// Bytes of the character or the parameters of the sequence under way.
    held: Vec<u8>,
    dialect: Dialect,
    /// Esc was given out because nothing followed it in time: the rest of its sequence may still
    /// come, and would be digits.
    late: bool,
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
    /// After `ESC ]`, `ESC P` or `ESC _`: the next byte tells an answer from typing.
    Introduced(u8),
    /// After `ESC [`.
    Control,
    /// After `ESC [ [`: a function key of the Linux console.
    LinuxFunction,
    /// After `ESC O`.
    Single,
    /// Inside a string that is swallowed; bytes left.
    String(usize),
}

impl Decoder {
    /// A decoder for the terminal named by `TERM`.
    #[must_use]
    pub fn for_term(term: &str) -> Self {
        Self { dialect: Dialect::of(term), ..Self::default() }
    }

    /// Takes the bytes of one read and appends the keys they complete to `out`, in order.
    ///
    /// Carriage return and tab are [`Key::Enter`], a line feed is [`Key::LineFeed`]. Esc followed
    /// by a character that starts no sequence is [`Key::Esc`] and then the character: on a slow
    /// line both arrive in one read, and Alt means nothing here. Bytes that are no UTF-8,
    /// invisible characters, answers and reports of the terminal give nothing.
    pub fn feed(&mut self, bytes: &[u8], out: &mut Vec<Key>) {
        for &byte in bytes {
            self.byte(byte, out);
        }
    }

    /// True while what arrived so far may be a whole key press or the start of a sequence.
    ///
    /// The loop then waits about 40 ms for more and calls [`Decoder::flush`] if nothing came. A
    /// sequence that is clearly one is not pending: it is never taken apart, however late its
    /// rest comes, because its rest would be digits.
    #[must_use]
    pub fn pending_escape(&self) -> bool {
        match self.mode {
            Mode::Escape | Mode::StringEscape | Mode::Introduced(_) | Mode::Single => true,
            Mode::Control => self.held.is_empty(),
            Mode::Ground | Mode::Character(_) | Mode::LinuxFunction | Mode::String(_) => false,
        }
    }

    /// Nothing followed a pending Esc: appends it, and what was typed right after it, to `out`.
    ///
    /// If the line was only slow and the rest of a sequence comes later, it is still joined: the
    /// key then comes after an Esc, which harms nothing.
    pub fn flush(&mut self, out: &mut Vec<Key>) {
        if !self.pending_escape() {
            return;
        }
        match self.mode {
            Mode::Introduced(byte) => self.give_back(byte, out),
            Mode::Control => self.give_back(b'[', out),
            Mode::Single => self.give_back(b'O', out),
            _ => {
                self.ground();
                self.late = true;
                out.push(Key::Esc);
            }
        }
    }

    fn ground(&mut self) {
        self.mode = Mode::Ground;
        self.held.clear();
        self.late = false;
    }

    /// What looked like a sequence was typed: Esc, the introducer and the parameters held.
    fn give_back(&mut self, introducer: u8, out: &mut Vec<Key>) {
        if !self.late {
            out.push(Key::Esc);
        }
        out.push(Key::Char(char::from(introducer)));
        out.extend(self.held.iter().map(|&byte| Key::Char(char::from(byte))));
        self.ground();
    }

    fn byte(&mut self, byte: u8, out: &mut Vec<Key>) {
        match self.mode {
            // No article is searched for by `[`, and no scanner sends it first.
            Mode::Ground if self.late && byte == b'[' => self.mode = Mode::Control,
            Mode::Ground => {
                self.late = false;
                self.start(byte, out);
            }
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
            0xc2..=0xdf => self.begin(byte, 2),
            0xe0..=0xef => self.begin(byte, 3),
            0xf0..=0xf4 => self.begin(byte, 4),
            // NUL and the separators stand for no key; the rest begins no character.
            _ => {}
        }
    }

    fn begin(&mut self, byte: u8, length: usize) {
        self.held.clear();
        self.held.push(byte);
        self.mode = Mode::Character(length);
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
        self.held.clear();
        match byte {
            b'[' => self.mode = Mode::Control,
            b'O' => self.mode = Mode::Single,
            b']' | b'P' | b'_' => self.mode = Mode::Introduced(byte),
            _ => {
                self.mode = Mode::Ground;
                out.push(Key::Esc);
                self.start(byte, out);
            }
        }
    }

    /// The byte after `ESC ]`, `ESC P` or `ESC _`: answers go on in a way that typing does not.
    ///
    /// `]` also begins the AIM identifiers of scanners (`]E0`): a scan right after Esc must live.
    fn introduced(&mut self, introducer: u8, byte: u8, out: &mut Vec<Key>) {
        let answer = match introducer {
            b']' => byte.is_ascii_digit(),
            b'P' => matches!(byte, b'0'..=b'9' | b'!' | b'$' | b'+' | b'<'..=b'?' | b'|'),
            _ => byte == b'G',
        };
        if answer {
            self.mode = Mode::String(LONGEST_STRING);
        } else {
            self.give_back(introducer, out);
            self.start(byte, out);
        }
    }

    fn control(&mut self, byte: u8, out: &mut Vec<Key>) {
        match byte {
            b'[' if self.held.is_empty() => self.mode = Mode::LinuxFunction,
            // rxvt ends shifted keys with `$`; in answers it comes after `?` or a second parameter.
            b'$' if !self.held.is_empty() && self.held.iter().all(u8::is_ascii_digit) => {
                self.finish(byte, out);
            }
            0x20..=0x3f if self.held.len() < LONGEST_SEQUENCE => self.held.push(byte),
            0x40..=0x7e => self.finish(byte, out),
            _ => {
                // Broken off or endless: what follows is whole again.
                self.ground();
                self.start(byte, out);
            }
        }
    }

    fn finish(&mut self, last: u8, out: &mut Vec<Key>) {
        out.extend(csi(&self.held, last, self.dialect));
        self.ground();
    }

    fn single(&mut self, byte: u8, out: &mut Vec<Key>) {
        match byte {
            // The modifier of Konsole (`ESC O 2 P`) and old VTE (`ESC O 1 ; 2 P`).
            b'0'..=b'9' | b';' if self.held.len() < 3 => self.held.push(byte),
            b'P'..=b'S' => {
                out.extend(ss3(&self.held, byte));
                self.ground();
            }
            b'A'..=b'Z' | b'a'..=b'z' if self.held.is_empty() => {
                out.extend(ss3(&self.held, byte));
                self.ground();
            }
            _ => {
                // No terminal sends that: somebody typed Esc and then a word.
                self.give_back(b'O', out);
                self.start(byte, out);
            }
        }
    }

    fn string(&mut self, byte: u8, left: usize, out: &mut Vec<Key>) {
        match byte {
            0x07 => self.ground(),
            ESC => self.mode = Mode::StringEscape,
            // No answer holds other controls: its end got lost and something new was typed. The
            // last byte that may belong to a string is not typing.
            0x00..=0x1f => {
                self.ground();
                self.start(byte, out);
            }
            _ if left <= 1 => self.ground(),
            _ => self.mode = Mode::String(left - 1),
        }
    }
}

#[cfg(test)]
mod tests;
