//! Reports and answers in pieces, with pauses between them: no byte of them is a key.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::*;

/// Everything that a terminal sends by itself, in the modes that other programs leave on.
const REPORTS: &[&[u8]] = &[
    // Mouse: X10 with bytes of any value and in UTF-8, SGR, urxvt, highlighting, DEC locator.
    b"\x1b[M !!",
    b"\x1b[M#++",
    b"\x1b[M \x2b\x2d",
    b"\x1b[M \x00\x00",
    b"\x1b[M`\xff\xa0",
    b"\x1b[M\x20\xc2\x80\xc2\x85",
    b"\x1b[M\x20\xc3\xa4+",
    b"\x1b[<0;1;1M",
    b"\x1b[<0;120;44m",
    b"\x1b[<35;1;2M",
    b"\x1b[32;10;10M",
    b"\x1b[t+-",
    b"\x1b[T+-+-+-",
    b"\x1b[0;1;2;3;1&w",
    // Focus and pasting.
    b"\x1b[I",
    b"\x1b[O",
    b"\x1b[200~",
    b"\x1b[201~",
    // Keys with modifiers that the till does not know, and keys that are let go.
    b"\x1b[97;5u",
    b"\x1b[97;1:3u",
    b"\x1b[43;1:3u",
    b"\x1b[13;1:3u",
    b"\x1b[57413;1:3u",
    b"\x1b[57441;2u",
    b"\x1b[97:65;6:2;97u",
    b"\x1b[1;1:3A",
    b"\x1b[5;1:3~",
    b"\x1b[27;5;43~",
    b"\x1b[27;6;13~",
    // Answers: devices, cursor, modes, window, colours, titles, settings, capabilities.
    b"\x1b[?1;2c",
    b"\x1b[?64;1;2;6;9;15;16;17;18;21;22;28;29;42;44;45;46c",
    b"\x1b[>41;354;0c",
    b"\x1b[24;80R",
    b"\x1b[?24;80;1R",
    b"\x1b[1;66R",
    b"\x1b[1;130R",
    b"\x1b[0n",
    b"\x1b[?2026;2$y",
    b"\x1b[?7u",
    b"\x1b[8;24;80t",
    b"\x1b]11;rgb:0000/0000/0000\x07",
    b"\x1b]11;rgb:0000/0000/0000\x1b\\",
    b"\x1b]4;1;rgb:cdcd/0000/0000\x1b\\",
    b"\x1b]52;c;KysrLS0t\x1b\\",
    b"\x1b]lpay + 20 +\x1b\\",
    b"\x1b]Lpay + 20 +\x1b\\",
    b"\x1bP1$r0m\x1b\\",
    b"\x1bP0+r\x1b\\",
    b"\x1bP>|XTerm(390)\x1b\\",
    b"\x1bP!|00000000\x1b\\",
    b"\x1bP1+r544e=787465726d\x1b\\",
    b"\x1b_Gi=31;OK\x1b\\",
    b"\x1b^private + 20\x1b\\",
];

/// The same with the introducers in one byte.
const C1_REPORTS: &[&[u8]] = &[
    b"\x9b<0;1;1M",
    b"\x9bM !!",
    b"\x9b32;10;10M",
    b"\x9b24;80R",
    b"\x9b?1;2c",
    b"\x9d11;rgb:0000/0000/0000\x9c",
    b"\x90>|XTerm(390)\x9c",
    b"\x9fGi=31;OK\x9c",
];

/// Keys that come as sequences.
const KEYS: &[(&[u8], Key)] = &[
    (b"\x1b[A", Key::Up),
    (b"\x1b[15~", Key::F(5)),
    (b"\x1b[[C", Key::F(3)),
    (b"\x1b[1;2P", Key::ShiftF(1)),
    (b"\x1b[27u", Key::Esc),
    (b"\x1b[27;129u", Key::Esc),
    (b"\x1b[13u", Key::Enter),
    (b"\x1b[43u", Key::Char('+')),
    (b"\x1b[57413u", Key::Char('+')),
    (b"\x1b[57400;129u", Key::Char('1')),
    (b"\x1b[97;2u", Key::Char('A')),
    (b"\x1b[228u", Key::Char('ä')),
    (b"\x1b[61:43;2u", Key::Char('+')),
    (b"\x1b[27;2;43~", Key::Char('+')),
    (b"\x1b[1;129A", Key::Up),
    (b"\x1b[1;1:2B", Key::Down),
    (b"\x1b[15;129~", Key::F(5)),
];

/// Pauses in a report, ms: longer than a lone Esc waits; longer than what may have been typed waits.
const SHORT: u64 = INTRODUCED - 1;
const LONG: u64 = SEQUENCE - 1;

/// A piece and whether a pause comes after it.
type Piece<'a> = (&'a [u8], bool);

fn decode(charset: Charset, pieces: &[Piece<'_>]) -> Vec<Key> {
    decode_slowly(charset, pieces, LONG)
}

fn decode_slowly(charset: Charset, pieces: &[Piece<'_>], pause: u64) -> Vec<Key> {
    let mut decoder = Decoder::for_term("xterm").reading(charset);
    let mut keys = Vec::new();
    for (bytes, pauses) in pieces {
        decoder.feed(bytes, &mut keys);
        let mut left = if *pauses { pause } else { 0 };
        while let Some(wait) = decoder.patience().filter(|wait| *wait <= left) {
            left -= wait;
            decoder.elapsed(&mut keys);
        }
    }
    while decoder.patience().is_some() {
        decoder.elapsed(&mut keys);
    }
    keys
}

/// The pieces of `bytes` between `cuts`; pauses as `pauses` says.
fn pieces<'a>(bytes: &'a [u8], cuts: &[Index], pauses: u8) -> Vec<Piece<'a>> {
    let mut at: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
    at.extend([0, bytes.len()]);
    at.sort_unstable();
    let cut = at.windows(2).enumerate();
    cut.map(|(nth, pair)| (&bytes[pair[0]..pair[1]], pauses >> (nth % 8) & 1 == 1)).collect()
}

/// `bytes` in two pieces with a pause, cut anywhere but where the beginning may have been typed.
fn cuts_with_pauses(bytes: &[u8]) -> impl Iterator<Item = (Vec<Piece<'_>>, usize)> {
    (1..bytes.len()).map(|at| (vec![(&bytes[..at], true), (&bytes[at..], true)], at))
}

#[test]
fn a_report_cut_once_with_a_pause_is_at_most_an_esc() {
    for report in REPORTS {
        for (pieces, at) in cuts_with_pauses(report) {
            let keys = decode(Charset::Utf8, &pieces);
            // `ESC`, `ESC ]` and `ESC P` alone may have been typed; so may an Esc in a string
            // whose end got lost.
            let typed = match (&report[..at], keys.as_slice()) {
                (_, []) | (b"\x1b", [Key::Esc]) => true,
                (head, [Key::Esc]) => head.ends_with(b"\x1b"),
                (b"\x1b]" | b"\x1b]L" | b"\x1bP", [Key::Esc, ..]) => true,
                (head, [Key::Esc, ..]) => head.starts_with(b"\x1bP") && at < 4,
                _ => false,
            };
            assert!(typed, "{:?} cut at {at}: {keys:?}", report.escape_ascii().to_string());
        }
    }
}

#[test]
fn reports_and_keys_in_two_to_six_pieces_are_joined() {
    for (pieces, keys) in [
        (&[&b"\x1b"[..], b"OQ"][..], &[Key::Esc, Key::F(2)][..]),
        (&[b"\x1bO", b"Q"], &[Key::F(2)]),
        (&[b"\x1b[", b"<0;1;1M"], &[]),
        (&[b"\x1b", b"[<0;1;1M"], &[Key::Esc]),
        (&[b"\x1b", b"[", b"M", b" ", b"+", b"+"], &[Key::Esc]),
        (&[b"\x1b[M", b"+", b"+", b"+"], &[]),
        (&[b"\x1b", b"]11;rgb:0/0/0\x07"], &[Key::Esc]),
        (&[b"\x1b", b"Orange"], &[Key::Esc, Key::Char('O'), Key::Char('r')]),
    ] {
        let mut decoder = Decoder::for_term("xterm");
        let mut found = Vec::new();
        for piece in pieces {
            decoder.feed(piece, &mut found);
            if decoder.patience() == Some(ESCAPE) {
                decoder.elapsed(&mut found);
            }
        }
        assert_eq!(found.get(..keys.len()), Some(keys), "{pieces:?}");
        assert!(pieces.last() == Some(&&b"Orange"[..]) || found.len() == keys.len(), "{found:?}");
    }
}

#[test]
fn keys_of_other_protocols_are_the_keys_they_are() {
    for (bytes, key) in KEYS {
        let found = decode(Charset::Utf8, &[(bytes, false)]);
        assert_eq!(found, [*key], "{:?}", bytes.escape_ascii().to_string());
    }
}

#[test]
fn a_cursor_report_pays_with_no_note() {
    for column in (3..=255).chain([1]) {
        let report = format!("\x1b[1;{column}R");
        assert_eq!(decode(Charset::Utf8, &[(report.as_bytes(), false)]), [], "{column}");
    }
}

#[test]
fn esc_works_at_once_after_any_beginning_of_a_report() {
    for report in REPORTS {
        for at in 0..report.len() {
            let mut decoder = Decoder::for_term("xterm");
            let mut keys = Vec::new();
            decoder.feed(&report[..at], &mut keys);
            decoder.feed(b"\x1b", &mut keys);
            assert!(decoder.patience().is_some_and(|wait| wait <= INTRODUCED));
            decoder.elapsed(&mut keys);
            assert_eq!(keys.last(), Some(&Key::Esc), "{:?}", report[..at].escape_ascii());
        }
    }
}

#[test]
fn every_key_works_a_second_after_any_beginning_of_a_report() {
    for report in REPORTS.iter().chain(C1_REPORTS) {
        for at in 0..report.len() {
            let mut decoder = Decoder::for_term("xterm").reading(Charset::Latin1);
            let mut keys = Vec::new();
            decoder.feed(&report[..at], &mut keys);
            let mut waited = 0;
            while let Some(wait) = decoder.patience() {
                waited += wait;
                decoder.elapsed(&mut keys);
            }
            // What may be an Esc is one first, and then the beginning of a late rest.
            assert!(waited <= SEQUENCE + INTRODUCED, "{waited} ms");
            keys.clear();
            decoder.feed(b"20+", &mut keys);
            assert_eq!(keys, "20+".chars().map(Key::Char).collect::<Vec<_>>());
        }
    }
}

#[test]
fn a_code_scanned_right_after_esc_is_no_answer() {
    for code in ["P12345", "PZN1", "]L251", "]E04006381333931", "]C10104006381333931", "OP-7"] {
        let whole = format!("\x1b{code}\r");
        for pieces in [vec![(whole.as_bytes(), false)], pieces_after_esc(whole.as_bytes())] {
            let keys = decode(Charset::Utf8, &pieces);
            let typed = code.chars().map(Key::Char);
            let expected: Vec<Key> =
                std::iter::once(Key::Esc).chain(typed).chain([Key::Enter]).collect();
            // `ESC O P` in one read is F1, and cannot be told from it.
            if !(code.starts_with("OP") && pieces.len() == 1) {
                assert_eq!(keys, expected, "{code}");
            }
        }
    }
}

fn pieces_after_esc(bytes: &[u8]) -> Vec<Piece<'_>> {
    vec![(&bytes[..1], true), (&bytes[1..], true)]
}

#[test]
fn the_charset_of_the_terminal_decides_what_a_byte_is() {
    for (charset, bytes, text) in [
        (Charset::Latin1, &b"K\xe4se \xd6l \xdfa"[..], "Käse Öl ßa"),
        (Charset::Latin9, b"5\xa4", "5€"),
        (Charset::Windows1252, b"5\x80 \x9b", "5€ ›"),
        (Charset::Utf8, "Käse €".as_bytes(), "Käse €"),
        (Charset::Ascii, "Käse €".as_bytes(), "Käse €"),
        (Charset::Latin1, b"\x84\x85a", "a"),
        (Charset::Windows1252, b"\x81\xada", "a"),
    ] {
        let keys = decode(charset, &[(bytes, false)]);
        assert_eq!(keys, text.chars().map(Key::Char).collect::<Vec<_>>(), "{charset:?}");
    }
}

proptest! {
    /// Cut in reads of any size, without pauses: nothing at all.
    #[test]
    fn reports_in_any_pieces_are_nothing(
        reports in proptest::collection::vec(select(REPORTS), 1..5),
        cuts in proptest::collection::vec(any::<Index>(), 0..10),
        digits in "[0-9+*/-]{0,6}",
    ) {
        let mut bytes = reports.concat();
        bytes.extend_from_slice(digits.as_bytes());
        let keys = decode(Charset::Utf8, &pieces(&bytes, &cuts, 0));
        prop_assert_eq!(keys, digits.chars().map(Key::Char).collect::<Vec<_>>());
    }

    /// With pauses of less than 300 ms anywhere: at most the Esc that a cashier might have typed.
    #[test]
    fn reports_in_any_pieces_with_short_pauses_are_at_most_esc(
        report in select(REPORTS),
        cuts in proptest::collection::vec(any::<Index>(), 1..6),
        pauses in any::<u8>(),
        pause in 0..=SHORT,
    ) {
        let keys = decode_slowly(Charset::Utf8, &pieces(report, &cuts, pauses), pause);
        prop_assert!(keys.iter().all(|key| *key == Key::Esc), "{:?}", keys);
        prop_assert!(keys.len() <= 1, "{:?}", keys);
    }

    /// With pauses of up to a second wherever the beginning cannot have been typed.
    #[test]
    fn reports_in_any_pieces_with_pauses_are_at_most_esc(
        report in select(REPORTS),
        cuts in proptest::collection::vec(any::<Index>(), 1..6),
        pauses in any::<u8>(),
    ) {
        // `ESC ]`, `ESC P` and the beginning of their answers may have been typed.
        let head = match report.get(1..3) {
            Some(b"]L" | [b'P', _]) => 4,
            Some([b']', _]) => 3,
            _ => 1,
        };
        let cuts: Vec<Index> = cuts
            .into_iter()
            .filter(|cut| !(2..head).contains(&cut.index(report.len() + 1)))
            .collect();
        let keys = decode(Charset::Utf8, &pieces(report, &cuts, pauses));
        prop_assert!(keys.iter().all(|key| *key == Key::Esc), "{:?}", keys);
        prop_assert!(keys.len() <= 2, "{:?}", keys);
    }

    #[test]
    fn reports_in_one_byte_controls_are_nothing_where_these_are_no_letters(
        reports in proptest::collection::vec(select(C1_REPORTS), 1..4),
        cuts in proptest::collection::vec(any::<Index>(), 0..6),
        pauses in any::<u8>(),
        charset in select(&[Charset::Latin1, Charset::Latin9][..]),
    ) {
        let bytes = reports.concat();
        prop_assert_eq!(decode(charset, &pieces(&bytes, &cuts, pauses)), []);
    }

    #[test]
    fn a_key_in_any_pieces_is_that_key_and_at_most_an_esc_before_it(
        (bytes, key) in select(KEYS),
        cuts in proptest::collection::vec(any::<Index>(), 0..4),
        pauses in any::<u8>(),
    ) {
        let mut keys = decode(Charset::Utf8, &pieces(bytes, &cuts, pauses));
        prop_assert_eq!(keys.pop(), Some(key));
        prop_assert!(keys.iter().all(|key| *key == Key::Esc) && keys.len() <= 1, "{:?}", keys);
    }

    /// Any noise, then a second of nothing: a scan is whole.
    #[test]
    fn a_second_after_any_noise_a_scan_is_whole(
        noise in proptest::collection::vec(any::<u8>(), 0..300),
        charset in select(&[Charset::Utf8, Charset::Latin1, Charset::Windows1252][..]),
    ) {
        let mut decoder = Decoder::for_term("xterm").reading(charset);
        let mut keys = Vec::new();
        decoder.feed(&noise, &mut keys);
        let mut waited = 0;
        while let Some(wait) = decoder.patience() {
            waited += wait;
            decoder.elapsed(&mut keys);
        }
        prop_assert!(waited <= SEQUENCE + INTRODUCED, "{} ms", waited);
        keys.clear();
        decoder.feed(b"4006381333931\r", &mut keys);
        prop_assert_eq!(keys.len(), 14);
        prop_assert_eq!(keys.pop(), Some(Key::Enter));
    }
}
