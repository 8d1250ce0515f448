//! Receipts for ESC/POS printers.
//!
//! Owns the commands and the code page. Text is transcoded character by character and can never
//! become a command: the same bytes that clear a screen would open the drawer.

use std::fmt;
use std::str::FromStr;

use unicode_width::UnicodeWidthChar;

use super::Row;

/// ESC @: forget whatever the printer was told before.
const RESET: &[u8] = b"\x1b@";
/// ESC t 19: CP858.
const SELECT_CP858: &[u8] = b"\x1bt\x13";
/// ESC t 0: CP437, of which only the ASCII half is used.
const SELECT_CP437: &[u8] = b"\x1bt\x00";
const BOLD_ON: &[u8] = b"\x1bE\x01";
const BOLD_OFF: &[u8] = b"\x1bE\x00";
/// GS V 66 3: feed to the knife and a little more, then cut.
const CUT: &[u8] = b"\x1dVB\x03";

/// The upper half of CP858, from 0x80; the soft hyphen at 0xF0 is never printed.
const CP858: &str = "\
ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤\
ðÐÊËÈ€ÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}";

/// What the printer's bytes above 0x7F mean.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CodePage {
    /// CP858: western Europe with the euro sign.
    #[default]
    Cp858,
    /// ASCII: nothing above; German letters are written out.
    Ascii,
}

/// A code page that is not known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a code page: use cp858 or ascii")]
pub struct UnknownCodePage(pub String);

impl FromStr for CodePage {
    type Err = UnknownCodePage;

    fn from_str(name: &str) -> Result<Self, UnknownCodePage> {
        match name.to_ascii_lowercase().as_str() {
            "cp858" => Ok(Self::Cp858),
            "ascii" => Ok(Self::Ascii),
            _ => Err(UnknownCodePage(name.to_owned())),
        }
    }
}

impl fmt::Display for CodePage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cp858 => "cp858",
            Self::Ascii => "ascii",
        })
    }
}

/// The bytes that print `rows` and cut the paper.
///
/// Characters that the code page lacks become the nearest one of the same width, or `?`.
#[must_use]
pub fn encode(rows: &[Row], page: CodePage) -> Vec<u8> {
    let mut out = Vec::new();
    out.extend_from_slice(RESET);
    out.extend_from_slice(match page {
        CodePage::Cp858 => SELECT_CP858,
        CodePage::Ascii => SELECT_CP437,
    });
    let mut bold = false;
    for row in rows {
        if row.bold != bold {
            out.extend_from_slice(if row.bold { BOLD_ON } else { BOLD_OFF });
            bold = row.bold;
        }
        for c in row.text.chars() {
            character(c, page, &mut out);
        }
        out.push(b'\n');
    }
    if bold {
        out.extend_from_slice(BOLD_OFF);
    }
    out.extend_from_slice(CUT);
    out
}

/// As many bytes as `c` takes columns, so that the margins stay straight; never a control byte.
fn character(c: char, page: CodePage, out: &mut Vec<u8>) {
    if let Some(byte) = byte(c, page).or_else(|| nearest(c).and_then(|c| byte(c, page))) {
        out.push(byte);
    } else if !c.is_control() {
        out.extend(std::iter::repeat_n(b'?', c.width().unwrap_or(0)));
    }
}

fn byte(c: char, page: CodePage) -> Option<u8> {
    match (c, page) {
        (' '..='~', _) => u8::try_from(c).ok(),
        // 0xF0 is a soft hyphen: some printers print it.
        ('\u{ad}', _) | (_, CodePage::Ascii) => None,
        (_, CodePage::Cp858) => {
            CP858.chars().zip(0x80..=0xff).find(|(k, _)| *k == c).map(|(_, b)| b)
        }
    }
}

/// What stands in for characters that receipts do have, one for one: columns must not move.
fn nearest(c: char) -> Option<char> {
    Some(match c {
        '•' | '·' => '*',
        '‐'..='―' | '−' | '─' => '-',
        '‘' | '’' | '‚' | '´' => '\'',
        '“' | '”' | '„' | '«' | '»' => '"',
        '…' => '.',
        '×' => 'x',
        '\u{a0}' | '\u{202f}' | '\u{2009}' => ' ',
        'Ä' | 'À' | 'Á' | 'Â' => 'A',
        'Ö' | 'Ó' | 'Ô' => 'O',
        'Ü' | 'Ú' | 'Û' => 'U',
        'É' | 'È' | 'Ê' => 'E',
        'ä' | 'à' | 'á' | 'â' => 'a',
        'ö' | 'ó' | 'ô' => 'o',
        'ü' | 'ú' | 'û' => 'u',
        'é' | 'è' | 'ê' => 'e',
        'ç' => 'c',
        'ñ' => 'n',
        'ß' => 's',
        '│' => '|',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

    use proptest::prelude::*;

    use super::*;
    use crate::text::width;

    fn row(text: &str, bold: bool) -> Row {
        Row { text: text.to_owned(), bold }
    }

    #[test]
    fn commands_frame_the_text() {
        let rows = [row("Ab", true), row("1,98 €", false)];
        assert_eq!(
            encode(&rows, CodePage::Cp858),
            b"\x1b@\x1bt\x13\x1bE\x01Ab\n\x1bE\x001,98 \xd5\n\x1dVB\x03"
        );
        assert_eq!(
            encode(&[row("x", true)], CodePage::Ascii),
            b"\x1b@\x1bt\x00\x1bE\x01x\n\x1bE\x00\x1dVB\x03"
        );
    }

    #[test]
    fn umlauts_and_euro_become_their_bytes_of_cp858() {
        for (c, byte) in [
            ('Ä', 0x8e),
            ('Ö', 0x99),
            ('Ü', 0x9a),
            ('ä', 0x84),
            ('ö', 0x94),
            ('ü', 0x81),
            ('ß', 0xe1),
            ('€', 0xd5),
            ('°', 0xf8),
            ('\u{a0}', 0xff),
        ] {
            assert_eq!(super::byte(c, CodePage::Cp858), Some(byte), "{c}");
        }
        assert_eq!(CP858.chars().count(), 128);
    }

    #[test]
    fn unknown_characters_keep_the_columns() {
        let printed = |text: &str, page| {
            let all = encode(&[row(text, false)], page);
            let inner = &all[RESET.len() + SELECT_CP858.len()..all.len() - CUT.len() - 1];
            String::from_utf8_lossy(inner).into_owned()
        };
        assert_eq!(printed("9276 •••• …", CodePage::Cp858), "9276 **** .");
        assert_eq!(printed("日本 x", CodePage::Cp858), "???? x");
        assert_eq!(printed("u\u{308}", CodePage::Cp858), "u");
        assert_eq!(printed("Brötchen €", CodePage::Ascii), "Brotchen ?");
    }

    #[test]
    fn a_code_pages_name_parses_to_it_and_others_are_errors() {
        for page in [CodePage::Cp858, CodePage::Ascii] {
            assert_eq!(page.to_string().parse(), Ok(page));
        }
        assert!("cp437".parse::<CodePage>().is_err());
    }

    /// Takes our commands out of `bytes` and gives what the printer would print; `None` where any
    /// other command occurs.
    fn printed(mut bytes: &[u8]) -> Option<Vec<u8>> {
        let commands = [RESET, SELECT_CP858, SELECT_CP437, BOLD_ON, BOLD_OFF, CUT];
        let mut text = Vec::new();
        while let Some((&first, rest)) = bytes.split_first() {
            if let Some(command) = commands.iter().find(|command| bytes.starts_with(command)) {
                bytes = &bytes[command.len()..];
            } else if first == b'\n' || (first >= 0x20 && first != 0x7f) {
                text.push(first);
                bytes = rest;
            } else {
                return None;
            }
        }
        Some(text)
    }

    fn count(bytes: &[u8], wanted: u8) -> usize {
        bytes.split(|byte| *byte == wanted).count() - 1
    }

    proptest! {
        #[test]
        fn no_text_becomes_a_command(
            rows in proptest::collection::vec((any::<String>(), any::<bool>()), 0..6),
            ascii in any::<bool>(),
        ) {
            let rows: Vec<Row> = rows.iter().map(|(text, bold)| row(text, *bold)).collect();
            let page = if ascii { CodePage::Ascii } else { CodePage::Cp858 };
            let bytes = encode(&rows, page);
            let text = printed(&bytes);
            prop_assert!(text.is_some(), "{:?}", bytes);
            let text = text.unwrap();
            // One line feed per row and nothing else: no row can smuggle in another.
            prop_assert_eq!(count(&text, b'\n'), rows.len());
            // Our own commands occur as often as we meant them, so none came out of a text.
            prop_assert_eq!(bytes.windows(2).filter(|pair| pair == b"\x1b@").count(), 1);
            prop_assert_eq!(bytes.windows(2).filter(|pair| pair == b"\x1dV").count(), 1);
            let escapes = count(&bytes, 0x1b);
            let switches = [false].into_iter().chain(rows.iter().map(|row| row.bold))
                .chain([false]).collect::<Vec<_>>().windows(2).filter(|p| p[0] != p[1]).count();
            prop_assert_eq!(escapes, 2 + switches);
            if ascii {
                prop_assert!(bytes.is_ascii());
            }
        }

        #[test]
        fn printed_rows_are_as_wide_as_set_ones(text in "[a-zäöüß€•…日 ]{0,40}") {
            let bytes = printed(&encode(&[row(&text, false)], CodePage::Cp858)).unwrap();
            prop_assert_eq!(bytes.len() - 1, width(&text));
        }
    }
}
