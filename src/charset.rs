//! The characters of a terminal: which byte means which one, and what stands for those it lacks.
//!
//! Owns the single-byte charsets that German tills meet, and the ASCII forms of everything else.
//! Must not know where the bytes come from or go to.

use std::borrow::Cow;

/// What the bytes of a terminal mean.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Charset {
    /// UTF-8: everything can be shown.
    #[default]
    Utf8,
    /// ASCII alone can be shown. What comes in is read as UTF-8, of which ASCII is a part.
    Ascii,
    /// ISO-8859-1.
    Latin1,
    /// ISO-8859-15: Latin-1 with `€` and seven letters.
    Latin9,
    /// windows-1252: Latin-1 with signs and letters in the place of the C1 controls.
    Windows1252,
}

/// Where ISO-8859-15 differs from ISO-8859-1.
const LATIN9: [(u8, char); 8] = [
    (0xa4, '€'),
    (0xa6, 'Š'),
    (0xa8, 'š'),
    (0xb4, 'Ž'),
    (0xb8, 'ž'),
    (0xbc, 'Œ'),
    (0xbd, 'œ'),
    (0xbe, 'Ÿ'),
];

/// windows-1252 from 0x80 to 0x9f; NUL: no character.
const WINDOWS: [char; 32] = [
    '€', '\0', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\0', 'Ž', '\0', '\0', '‘',
    '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\0', 'ž', 'Ÿ',
];

impl Charset {
    /// The charset of a locale's name (`de_DE.ISO-8859-15`, `de_AT@euro`, `C.UTF-8`), or `None`
    /// for a codeset that is not known here.
    ///
    /// A name without codeset means what the C library takes it for: ISO-8859-15 with `@euro`,
    /// ISO-8859-1 for German and English with a country, ASCII for `C` and `POSIX`.
    #[must_use]
    pub fn of_locale(locale: &str) -> Option<Self> {
        let (name, modifier) = locale.split_once('@').unwrap_or((locale, ""));
        let Some((_, codeset)) = name.split_once('.') else {
            let western = ["de_", "en_"].iter().any(|language| name.starts_with(language));
            return match name {
                "C" | "POSIX" => Some(Self::Ascii),
                _ if modifier == "euro" => Some(Self::Latin9),
                _ if western => Some(Self::Latin1),
                _ => None,
            };
        };
        let codeset: String =
            codeset.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
        Some(match codeset.as_str() {
            "utf8" => Self::Utf8,
            "iso88591" | "latin1" | "88591" => Self::Latin1,
            "iso885915" | "latin9" | "885915" => Self::Latin9,
            "cp1252" | "windows1252" | "ansi1252" => Self::Windows1252,
            "ascii" | "usascii" | "ansix341968" => Self::Ascii,
            _ => return None,
        })
    }

    /// True where every byte is a character of its own.
    #[must_use]
    pub const fn is_single_byte(self) -> bool {
        matches!(self, Self::Latin1 | Self::Latin9 | Self::Windows1252)
    }

    /// True where 0x80 to 0x9f are the C1 controls.
    #[must_use]
    pub const fn has_c1(self) -> bool {
        matches!(self, Self::Latin1 | Self::Latin9)
    }

    /// The character of a byte from 0x80 on in a single-byte charset, if it has one that is not a
    /// control.
    #[must_use]
    pub fn decode(self, byte: u8) -> Option<char> {
        match (self, byte) {
            (Self::Windows1252, 0x80..=0x9f) => {
                WINDOWS.get(usize::from(byte - 0x80)).copied().filter(|&c| c != '\0')
            }
            (Self::Latin9, 0xa0..) => {
                let own = LATIN9.iter().find(|(code, _)| *code == byte);
                Some(own.map_or(char::from(byte), |(_, c)| *c))
            }
            (Self::Latin1 | Self::Windows1252, 0xa0..) => Some(char::from(byte)),
            _ => None,
        }
    }

    /// The byte of a character that is not ASCII, in a single-byte charset that has it.
    #[must_use]
    pub fn encode(self, c: char) -> Option<u8> {
        if !self.is_single_byte() || c.is_control() {
            return None;
        }
        (0x80..=0xff).find(|&byte| self.decode(byte) == Some(c))
    }

    /// `text` with ASCII forms in the place of what this charset lacks. `Utf8` lacks nothing.
    ///
    /// A form can be longer than what it stands for: texts are cut and aligned after this.
    #[must_use]
    pub fn showable(self, text: &str) -> Cow<'_, str> {
        if self == Self::Utf8 || text.is_ascii() {
            return Cow::Borrowed(text);
        }
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            if c.is_ascii() || self.encode(c).is_some() {
                out.push(c);
            } else {
                out.push_str(ascii_form(c));
            }
        }
        Cow::Owned(out)
    }

    /// `text` in the bytes of this charset; `?` for what it lacks.
    pub fn write(self, text: &str, out: &mut Vec<u8>) {
        if self == Self::Utf8 {
            out.extend_from_slice(text.as_bytes());
            return;
        }
        out.extend(text.chars().map(|c| match u8::try_from(c) {
            Ok(byte) if byte.is_ascii() => byte,
            _ => self.encode(c).unwrap_or(b'?'),
        }));
    }
}

/// What stands for a character where only ASCII can be shown.
fn ascii_form(c: char) -> &'static str {
    match c {
        'ä' => "ae",
        'ö' => "oe",
        'ü' => "ue",
        'Ä' => "Ae",
        'Ö' => "Oe",
        'Ü' => "Ue",
        'ß' => "ss",
        'á' | 'à' | 'â' => "a",
        'é' | 'è' | 'ê' => "e",
        '…' => "...",
        '→' => "->",
        '←' => "<-",
        '↑' => "Up",
        '↓' => "Dn",
        '×' => "x",
        '•' | '●' => "*",
        '○' => "o",
        '·' | '–' | '─' | '−' => "-",
        '›' | '▸' => ">",
        '▾' => "v",
        '▴' => "^",
        '€' => "EUR",
        '░' => ".",
        _ => "?",
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const SINGLE: [Charset; 3] = [Charset::Latin1, Charset::Latin9, Charset::Windows1252];

    #[test]
    fn a_locale_names_its_charset() {
        for (locale, charset) in [
            ("de_DE.ISO-8859-1", Some(Charset::Latin1)),
            ("de_DE.iso88591", Some(Charset::Latin1)),
            ("de_DE", Some(Charset::Latin1)),
            ("de_DE@euro", Some(Charset::Latin9)),
            ("de_DE.ISO-8859-15@euro", Some(Charset::Latin9)),
            ("de_DE.CP1252", Some(Charset::Windows1252)),
            ("de_DE.windows-1252", Some(Charset::Windows1252)),
            ("de_DE.UTF-8", Some(Charset::Utf8)),
            ("C.utf8", Some(Charset::Utf8)),
            ("C", Some(Charset::Ascii)),
            ("POSIX", Some(Charset::Ascii)),
            ("pl_PL.ISO-8859-2", None),
            ("de_DE.ISO-8859-150", None),
            ("pl_PL", None),
            ("de", None),
        ] {
            assert_eq!(Charset::of_locale(locale), charset, "{locale}");
        }
    }

    #[test]
    fn every_byte_of_a_single_byte_charset_is_read_and_written_alike() {
        for charset in SINGLE {
            for byte in 0x80..=0xff {
                if let Some(c) = charset.decode(byte) {
                    assert_eq!(charset.encode(c), Some(byte), "{charset:?} {c}");
                }
            }
        }
    }

    #[test]
    fn umlauts_have_their_byte_and_the_euro_sign_where_the_charset_has_it() {
        for charset in SINGLE {
            let mut bytes = Vec::new();
            charset.write("äöüÄÖÜß", &mut bytes);
            assert_eq!(bytes, [0xe4, 0xf6, 0xfc, 0xc4, 0xd6, 0xdc, 0xdf]);
        }
        assert_eq!(Charset::Latin1.encode('€'), None);
        assert_eq!(Charset::Latin9.encode('€'), Some(0xa4));
        assert_eq!(Charset::Windows1252.encode('€'), Some(0x80));
        assert_eq!(Charset::Latin9.encode('¤'), None, "its place is taken");
    }

    #[test]
    fn what_a_charset_lacks_has_its_ascii_form() {
        assert_eq!(Charset::Latin1.showable("Öl 5 € • ─ …"), "Öl 5 EUR * - ...");
        assert_eq!(Charset::Latin9.showable("Öl 5 € • ─ …"), "Öl 5 € * - ...");
        assert_eq!(Charset::Windows1252.showable("Öl 5 € • ─ …"), "Öl 5 € • - …");
        assert_eq!(Charset::Ascii.showable("Öl 5 € • ─ …"), "Oel 5 EUR * - ...");
        assert_eq!(Charset::Utf8.showable("Öl 5 € • ─ …"), "Öl 5 € • ─ …");
        let mut bytes = Vec::new();
        Charset::Latin1.write("\u{1f980}\u{9b}7", &mut bytes);
        assert_eq!(bytes, b"??7", "neither what it lacks nor a control");
    }
}
