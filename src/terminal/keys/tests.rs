#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use proptest::prelude::*;

use super::*;

fn decode_as(term: &str, chunks: &[&[u8]]) -> Vec<Key> {
    let mut decoder = Decoder::for_term(term);
    let mut keys = Vec::new();
    for chunk in chunks {
        decoder.feed(chunk, &mut keys);
    }
    decoder.flush(&mut keys);
    keys
}

fn decode(bytes: &str) -> Vec<Key> {
    decode_as("xterm-256color", &[bytes.as_bytes()])
}

fn typed(text: &str) -> Vec<Key> {
    text.chars().map(Key::Char).collect()
}

/// Sequences that mean the same on every terminal.
const EVERYWHERE: &[(&str, Key)] = &[
    ("\r", Key::Enter),
    ("\t", Key::Enter),
    ("\n", Key::LineFeed),
    ("\u{7f}", Key::Backspace),
    ("\u{8}", Key::Backspace),
    ("\u{1d}", Key::Char('\u{1d}')),
    ("\u{1}", Key::Ctrl('a')),
    ("\u{1a}", Key::Ctrl('z')),
    ("ö", Key::Char('ö')),
    ("€", Key::Char('€')),
    ("\u{1f980}", Key::Char('\u{1f980}')),
    ("\u{1b}[A", Key::Up),
    ("\u{1b}[B", Key::Down),
    ("\u{1b}[C", Key::Right),
    ("\u{1b}[D", Key::Left),
    ("\u{1b}OA", Key::Up),
    ("\u{1b}OD", Key::Left),
    ("\u{1b}[1;2A", Key::Up),
    ("\u{1b}[a", Key::Up),
    ("\u{1b}[d", Key::Left),
    ("\u{1b}[H", Key::Home),
    ("\u{1b}[F", Key::End),
    ("\u{1b}OH", Key::Home),
    ("\u{1b}OF", Key::End),
    ("\u{1b}[1~", Key::Home),
    ("\u{1b}[7~", Key::Home),
    ("\u{1b}[7$", Key::Home),
    ("\u{1b}[2~", Key::Insert),
    ("\u{1b}[3~", Key::Delete),
    ("\u{1b}[3;2~", Key::Delete),
    ("\u{1b}[4~", Key::End),
    ("\u{1b}[8~", Key::End),
    ("\u{1b}[5~", Key::PageUp),
    ("\u{1b}[6~", Key::PageDown),
    ("\u{1b}OP", Key::F(1)),
    ("\u{1b}OQ", Key::F(2)),
    ("\u{1b}OR", Key::F(3)),
    ("\u{1b}OS", Key::F(4)),
    ("\u{1b}[11~", Key::F(1)),
    ("\u{1b}[12~", Key::F(2)),
    ("\u{1b}[13~", Key::F(3)),
    ("\u{1b}[14~", Key::F(4)),
    ("\u{1b}[[A", Key::F(1)),
    ("\u{1b}[[B", Key::F(2)),
    ("\u{1b}[[C", Key::F(3)),
    ("\u{1b}[[D", Key::F(4)),
    ("\u{1b}[[E", Key::F(5)),
    ("\u{1b}[15~", Key::F(5)),
    ("\u{1b}[17~", Key::F(6)),
    ("\u{1b}[18~", Key::F(7)),
    ("\u{1b}[19~", Key::F(8)),
    ("\u{1b}[20~", Key::F(9)),
    ("\u{1b}[21~", Key::F(10)),
    ("\u{1b}[23~", Key::F(11)),
    ("\u{1b}[24~", Key::F(12)),
    ("\u{1b}[1;2P", Key::ShiftF(1)),
    ("\u{1b}[1;2Q", Key::ShiftF(2)),
    ("\u{1b}[1;2R", Key::ShiftF(3)),
    ("\u{1b}[1;2S", Key::ShiftF(4)),
    ("\u{1b}O2P", Key::ShiftF(1)),
    ("\u{1b}O2S", Key::ShiftF(4)),
    ("\u{1b}O1;2Q", Key::ShiftF(2)),
    ("\u{1b}[11;2~", Key::ShiftF(1)),
    ("\u{1b}[15;2~", Key::ShiftF(5)),
    ("\u{1b}[17;2~", Key::ShiftF(6)),
    ("\u{1b}[18;2~", Key::ShiftF(7)),
    ("\u{1b}[19;2~", Key::ShiftF(8)),
    ("\u{1b}[20;2~", Key::ShiftF(9)),
    ("\u{1b}[21;2~", Key::ShiftF(10)),
    ("\u{1b}[23;2~", Key::ShiftF(11)),
    ("\u{1b}[24;2~", Key::ShiftF(12)),
    ("\u{1b}[23$", Key::ShiftF(11)),
    ("\u{1b}[24$", Key::ShiftF(12)),
    ("\u{1b}Oj", Key::Char('*')),
    ("\u{1b}Ok", Key::Char('+')),
    ("\u{1b}Ol", Key::Char(',')),
    ("\u{1b}Om", Key::Char('-')),
    ("\u{1b}On", Key::Char('.')),
    ("\u{1b}Oo", Key::Char('/')),
    ("\u{1b}Op", Key::Char('0')),
    ("\u{1b}Ow", Key::Char('7')),
    ("\u{1b}Oy", Key::Char('9')),
    ("\u{1b}OM", Key::Enter),
    ("\u{1b}OI", Key::Enter),
    ("\u{1b}OX", Key::Char('=')),
];

/// Answers, reports and keys that the till does not know.
const NOTHING: &[&str] = &[
    "\u{1b}[?1;2c",
    "\u{1b}[>41;354;0c",
    "\u{1b}[24;80R",
    "\u{1b}[1;80R",
    "\u{1b}[0n",
    "\u{1b}[?2026;2$y",
    "\u{1b}[4;1$y",
    "\u{1b}[?62u",
    "\u{1b}[I",
    "\u{1b}[O",
    "\u{1b}[200~",
    "\u{1b}[201~",
    "\u{1b}[Z",
    "\u{1b}[E",
    "\u{1b}OE",
    "\u{1b}Oa",
    "\u{1b}[P",
    "\u{1b}[1;5P",
    "\u{1b}[15;5~",
    "\u{1b}[15^",
    "\u{1b}[15@",
    "\u{1b}[1;5C",
    "\u{1b}[27;5;106~",
    "\u{1b}[97;5u",
    "\u{1b}[<0;10;10M",
    "\u{1b}[8;24;80t",
    "\u{1b}]11;rgb:0000/0000/0000\u{7}",
    "\u{1b}]11;rgb:0000/0000/0000\u{1b}\\",
    "\u{1b}P1$r0m\u{1b}\\",
    "\u{1b}P>|XTerm(390)\u{1b}\\",
    "\u{1b}P!|00000000\u{1b}\\",
    "\u{1b}P1+r544e=787465726d\u{1b}\\",
    "\u{1b}_Gi=31;OK\u{1b}\\",
    "\u{0}",
    "\u{1c}",
    "\u{200b}",
    "\u{9b}",
];

#[test]
fn every_sequence_gives_its_key_and_nothing_else() {
    for (bytes, key) in EVERYWHERE {
        for term in ["xterm", "linux", "rxvt-unicode", "screen", ""] {
            assert_eq!(decode_as(term, &[bytes.as_bytes()]), [*key], "{bytes:?} on {term}");
        }
    }
}

#[test]
fn what_is_no_key_gives_nothing_and_keeps_what_follows() {
    for bytes in NOTHING {
        assert_eq!(decode(&format!("7{bytes}20+")), typed("720+"), "{bytes:?}");
    }
}

#[test]
fn the_number_pad_in_application_mode_is_the_whole_row() {
    let bytes: String = ('j'..='y').flat_map(|c| ['\u{1b}', 'O', c]).collect();
    assert_eq!(decode(&bytes), typed("*+,-./0123456789"));
}

#[test]
fn the_shifted_keys_of_old_terminals_go_by_the_terminal() {
    for (bytes, rxvt, linux) in [
        ("\u{1b}[25~", 3, 1),
        ("\u{1b}[26~", 4, 2),
        ("\u{1b}[28~", 5, 3),
        ("\u{1b}[29~", 6, 4),
        ("\u{1b}[31~", 7, 5),
        ("\u{1b}[32~", 8, 6),
        ("\u{1b}[33~", 9, 7),
        ("\u{1b}[34~", 10, 8),
    ] {
        for term in ["rxvt", "putty-256color", "xterm"] {
            assert_eq!(decode_as(term, &[bytes.as_bytes()]), [Key::ShiftF(rxvt)], "{bytes:?}");
        }
        assert_eq!(decode_as("linux", &[bytes.as_bytes()]), [Key::ShiftF(linux)], "{bytes:?}");
        assert_eq!(decode_as("screen", &[bytes.as_bytes()]), [], "{bytes:?}");
    }
    // A console behind another name gives itself away by its own F1.
    assert_eq!(decode_as("xterm", &[b"\x1b[[A", b"\x1b[25~"]), [Key::F(1), Key::ShiftF(1)]);
}

#[test]
fn escape_alone_waits_and_is_then_itself() {
    let mut decoder = Decoder::default();
    let mut keys = Vec::new();
    decoder.feed(b"\x1b", &mut keys);
    assert!(keys.is_empty() && decoder.pending_escape());
    decoder.flush(&mut keys);
    assert_eq!(keys, [Key::Esc]);
    assert!(!decoder.pending_escape());
    decoder.flush(&mut keys);
    assert_eq!(keys, [Key::Esc], "nothing is flushed twice");
    decoder.feed(b"\x1b", &mut keys);
    decoder.feed(b"[A", &mut keys);
    assert_eq!(keys, [Key::Esc, Key::Up]);
}

#[test]
fn what_was_typed_right_after_escape_is_kept() {
    for (bytes, rest) in [
        ("\u{1b}5", "5"),
        ("\u{1b}+", "+"),
        ("\u{1b}O", "O"),
        ("\u{1b}P", "P"),
        ("\u{1b}Pretzel", "Pretzel"),
        ("\u{1b}]E04006381333931", "]E04006381333931"),
        ("\u{1b}]C10104006381333931", "]C10104006381333931"),
        ("\u{1b}O2", "O2"),
        ("\u{1b}O20+", "O20+"),
        ("\u{1b}ü", "ü"),
        ("\u{1b}\\", "\\"),
    ] {
        let expected: Vec<Key> = [Key::Esc].into_iter().chain(typed(rest)).collect();
        assert_eq!(decode(bytes), expected, "{bytes:?}");
    }
    assert_eq!(decode("\u{1b}\u{1b}"), [Key::Esc, Key::Esc]);
    assert_eq!(decode("\u{1b}\u{1b}[A"), [Key::Esc, Key::Up]);
    assert_eq!(decode("\u{1b}\r"), [Key::Esc, Key::Enter]);
    assert_eq!(decode("\u{1b}O\r"), [Key::Esc, Key::Char('O'), Key::Enter]);
}

#[test]
fn a_late_rest_of_a_sequence_is_never_digits() {
    let mut decoder = Decoder::default();
    let mut keys = Vec::new();
    decoder.feed(b"\x1b[1", &mut keys);
    assert!(!decoder.pending_escape());
    decoder.flush(&mut keys);
    decoder.feed(b"5~", &mut keys);
    assert_eq!(keys, [Key::F(5)]);
}

#[test]
fn a_rest_that_comes_after_the_wait_is_joined_all_the_same() {
    let fed = |chunks: &[&str]| {
        let mut decoder = Decoder::default();
        let mut keys = Vec::new();
        for chunk in chunks {
            decoder.feed(chunk.as_bytes(), &mut keys);
            decoder.flush(&mut keys);
        }
        assert!(!decoder.pending_escape());
        keys
    };
    assert_eq!(
        fed(&["\u{1b}", "[3~", "20"]),
        [Key::Esc, Key::Delete, Key::Char('2'), Key::Char('0')]
    );
    // What begins with `[` is a sequence, however late the rest comes; cashiers do not type it.
    assert_eq!(fed(&["\u{1b}", "[", "5~"]), [Key::Esc, Key::PageUp]);
    assert_eq!(fed(&["\u{1b}[", "<0;1;1M", "7"]), [Key::Char('7')]);
    assert_eq!(fed(&["\u{1b}", "5[A"]), [vec![Key::Esc], typed("5[A")].concat());
    assert_eq!(fed(&["\u{1b}", "Orange"]), [vec![Key::Esc], typed("Orange")].concat());
    assert_eq!(fed(&["\u{1b}", "\u{1b}"]), [Key::Esc, Key::Esc]);
}

#[test]
fn a_pasted_text_comes_without_its_markers() {
    assert_eq!(decode("\u{1b}[200~51\r\u{1b}[201~"), {
        let mut keys = typed("51");
        keys.push(Key::Enter);
        keys
    });
}

#[test]
fn broken_bytes_are_dropped_and_what_follows_is_kept() {
    for broken in [
        &b"\xff"[..],
        b"\x80\x81",
        b"\xc3",
        b"\xe2\x82",
        b"\xed\xa0\x80",
        b"\xf0\x80\x80\x80",
        b"\xc0\xaf",
    ] {
        assert_eq!(decode_as("xterm", &[broken, b"20+"]), typed("20+"), "{broken:?}");
    }
}

#[test]
fn a_string_without_end_never_freezes_the_input() {
    // The next scan's carriage return, Esc or any function key ends it.
    let scan = [typed("51").as_slice(), &[Key::Enter]].concat();
    assert_eq!(decode("\u{1b}]11;rgb:00\r51\r"), [vec![Key::Enter], scan.clone()].concat());
    assert_eq!(decode("\u{1b}]11;rgb\u{1b}[A51\r"), [vec![Key::Up], scan.clone()].concat());
    // So does sheer length.
    let long = format!("\u{1b}]52;c;{}51\r", "A".repeat(LONGEST_STRING));
    assert!(decode(&long).ends_with(&scan));
    // The same for parameters.
    let long = format!("\u{1b}[{}\r51\r", "1;".repeat(LONGEST_SEQUENCE));
    assert!(decode(&long).ends_with(&scan));
}

fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let whole: Vec<String> = EVERYWHERE
        .iter()
        .map(|(bytes, _)| *bytes)
        .chain(NOTHING.iter().copied())
        .chain(["4006381333931\r", "Öl", "\u{1b}\u{1b}", "\u{1b}5", "\u{1b}]E051\r"])
        .map(str::to_owned)
        .collect();
    let piece = prop_oneof![
        8 => proptest::sample::select(whole).prop_map(String::into_bytes),
        1 => proptest::collection::vec(any::<u8>(), 1..6),
    ];
    proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_split_gives_the_same_keys(
        bytes in pieces(),
        cuts in proptest::collection::vec(any::<prop::sample::Index>(), 0..8),
    ) {
        let whole = decode_as("xterm", &[&bytes]);
        let mut at: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
        at.extend([0, bytes.len()]);
        at.sort_unstable();
        let chunks: Vec<&[u8]> = at.windows(2).map(|pair| &bytes[pair[0]..pair[1]]).collect();
        prop_assert_eq!(decode_as("xterm", &chunks), whole.clone());
        let single: Vec<&[u8]> = bytes.chunks(1).collect();
        prop_assert_eq!(decode_as("xterm", &single), whole);
    }

    #[test]
    fn digits_after_complete_sequences_all_arrive(
        sequences in proptest::collection::vec(
            proptest::sample::select(
                EVERYWHERE.iter().map(|row| row.0).chain(NOTHING.iter().copied())
                    .collect::<Vec<_>>()
            ),
            0..8,
        ),
        digits in "[0-9]{1,16}",
    ) {
        let keys = decode(&format!("{}{digits}", sequences.concat()));
        prop_assert!(keys.ends_with(&typed(&digits)), "{:?}", keys);
    }

    #[test]
    fn any_bytes_leave_the_decoder_usable(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        // Esc ends whatever was begun, the flush ends Esc: the next scan is whole.
        let mut decoder = Decoder::default();
        let mut keys = Vec::new();
        decoder.feed(&bytes, &mut keys);
        decoder.feed(b"\x1b", &mut keys);
        decoder.flush(&mut keys);
        prop_assert!(!decoder.pending_escape());
        keys.clear();
        decoder.feed(b"4006381333931\r", &mut keys);
        prop_assert_eq!(keys, [typed("4006381333931"), vec![Key::Enter]].concat());
    }
}
