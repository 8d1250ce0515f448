//! What a scan was, told without showing a card: pure.

use std::fmt::Write as _;

use crate::shop::{
    Carried, Catalogue, Scan, ScanRules, Shape, ean_check_digit_ok, recognise, recognise_code,
    shape,
};
use crate::text::{mask_cards, sanitise};
use crate::till::{Command, Key, Keymap};

/// So many digits in a row may be a card, however the line is recognised.
const LIKE_A_CARD: usize = 14;

/// How a till reads what arrives.
#[derive(Clone, Copy)]
pub(super) struct Reading<'a> {
    pub(super) rules: &'a ScanRules,
    pub(super) goods: &'a Catalogue,
    pub(super) keymap: &'a Keymap,
    /// How long a key that a code may begin with waits, ms.
    pub(super) key_hold: u64,
}

/// Some lines and a hint: what arrived, what it is, what it would have done, how it ended.
/// `pause` is the longest time between two of its characters, ms.
pub(super) fn tell(line: &str, terminator: &str, pause: u64, reading: Reading<'_>) -> String {
    let Reading { rules, goods, .. } = reading;
    let sign = first_sign(line, reading.keymap);
    let is_quantity = sign.is_some_and(|sign| is_quantity(line, sign));
    let scan = if sign.is_some() && !is_quantity {
        recognise_code(line, rules, goods)
    } else {
        recognise(line, rules, goods)
    };
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = writeln!(out, "bytes       {}", shown(line, &scan));
    if is_quantity {
        let _ = writeln!(out, "recognised  typing: a quantity, a sign and a number");
    } else {
        let _ = writeln!(out, "recognised  {}", words(line, &scan, goods));
    }
    if let Some(sign) = sign.filter(|_| !is_quantity) {
        let _ = writeln!(out, "as keys     {}", as_keys(sign, pause, reading.key_hold));
    }
    let _ = writeln!(out, "terminator  {terminator}");
    if let Some(hint) = hint(line) {
        let _ = writeln!(out, "hint        {hint}");
    }
    out
}

/// The first character of a line that is a key with a command where it stands, and where.
fn first_sign(line: &str, keymap: &Keymap) -> Option<(usize, char, Command)> {
    line.char_indices()
        .take_while(|(at, _)| {
            matches!(shape(line.get(..*at).unwrap_or_default()), Shape::Empty | Shape::Number)
        })
        .find_map(|(at, c)| Some((at, c, keymap.command(Key::Char(c))?)))
}

/// `3*51`: at most three digits before the sign, and nothing but digits behind it.
fn is_quantity(line: &str, (at, sign, command): (usize, char, Command)) -> bool {
    let rest = line.get(at + sign.len_utf8()..).unwrap_or_default();
    matches!(command, Command::Multiply | Command::VoidOrReturn)
        && (1..=3).contains(&at)
        && !rest.is_empty()
        && rest.bytes().all(|b| b.is_ascii_digit())
}

/// What the sign would have done on its own, and what keeps it from that.
fn as_keys((at, sign, command): (usize, char, Command), pause: u64, hold: u64) -> String {
    let name = command.row().map_or("", |row| row.name);
    let key = Key::Char(sign);
    let advice = "set the scanner to send symbology identifiers";
    if at > 3 && matches!(command, Command::Multiply | Command::VoidOrReturn) {
        format!("nothing: {key} behind more than three digits is a part of the code")
    } else if hold == 0 {
        format!("{key} ({name}) acts at once: {advice}, or set scan.key_hold")
    } else if pause >= hold {
        format!(
            "{key} ({name}) may act: a pause of {pause} ms, scan.key_hold is {hold} ms: {advice}"
        )
    } else {
        format!(
            "{key} ({name}) waits {hold} ms and is read as a part of the code (pause {pause} ms)"
        )
    }
}

/// The bytes, escaped. Of a swipe only its signs, of what may be a card only its ends.
fn shown(line: &str, scan: &Scan) -> String {
    let swipe = shape(line) == Shape::Raw && !line.starts_with(']') && !line.contains('\u{1d}');
    let hidden = swipe || matches!(scan, Scan::BankCard | Scan::UnreadableSwipe);
    if hidden {
        let veiled: String = line
            .chars()
            .map(|c| if c.is_alphanumeric() && c.is_ascii() { '•' } else { c })
            .collect();
        return escaped(&veiled);
    }
    let masked = mask_cards(line, false);
    match scan {
        Scan::Card(number) => number.masked(false),
        // A code is printed on the goods, where everybody reads it.
        Scan::Article { .. } => escaped(&masked),
        Scan::Unknown(code) if ean_check_digit_ok(code) && code.len() <= 14 => escaped(&masked),
        _ => escaped(&veil_long_numbers(&masked)),
    }
}

fn escaped(text: &str) -> String {
    text.chars().fold(String::new(), |mut out, c| {
        match c {
            '•' | ' ' => out.push(c),
            _ if c.is_ascii_graphic() && c != '\\' => out.push(c),
            _ => {
                let mut bytes = [0; 4];
                for byte in c.encode_utf8(&mut bytes).bytes() {
                    let _ = write!(out, "\\x{byte:02x}");
                }
            }
        }
        out
    })
}

fn veil_long_numbers(text: &str) -> String {
    let mut out = String::new();
    let mut run = String::new();
    for c in text.chars().chain(['\0']) {
        if c.is_ascii_digit() {
            run.push(c);
            continue;
        }
        if run.len() >= LIKE_A_CARD {
            run = "•".repeat(run.len());
        }
        out.push_str(&run);
        run.clear();
        if c != '\0' {
            out.push(c);
        }
    }
    out
}

fn words(line: &str, scan: &Scan, goods: &Catalogue) -> String {
    match scan {
        Scan::Article { number, carried } => {
            let name = goods.by_number(number).map_or_else(String::new, |article| article.name);
            let carried = match carried {
                Carried::Price(_) => ", with a price of its own",
                Carried::Weight(_) => ", with a weight of its own",
                Carried::Pieces(_) => ", with pieces of its own",
                Carried::Nothing => "",
            };
            format!("{}article {number}, {}{carried}", code(line), sanitise(&name))
        }
        Scan::Card(number) => format!("loyalty card {}", number.masked(false)),
        Scan::Unknown(_) => format!("{}no article has it", code(line)),
        Scan::WrongCheckDigit(_) => {
            "an article's length, but the check digit is wrong: misread or mistyped".to_owned()
        }
        Scan::Coupon { .. } => format!("{}a coupon", code(line)),
        Scan::InStoreUnknown(_) => {
            "a shop's own code that no pattern of scan.embedded covers".to_owned()
        }
        Scan::BankCard => "a bank card: refused, nothing of it is kept".to_owned(),
        Scan::UnreadableSwipe => "a swipe without a usable card number".to_owned(),
        Scan::Words(_) => "text: it would search articles".to_owned(),
        Scan::Nothing => "nothing before the terminator".to_owned(),
    }
}

/// What kind of code the digits are, as the beginning of a sentence.
fn code(line: &str) -> String {
    let digits: String = line.chars().filter(char::is_ascii_digit).collect();
    let kind = match digits.len() {
        8 => "EAN-8",
        12 => "UPC-A",
        13 => "EAN-13",
        14 => "GTIN-14",
        _ => return String::new(),
    };
    let right = if ean_check_digit_ok(&digits) { "right" } else { "wrong" };
    format!("{kind}, check digit {right}: ")
}

/// What the characters say of the layouts of scanner and terminal.
fn hint(line: &str) -> Option<&'static str> {
    let shifted = |c: char| "!\"§$&/()=@#^*".contains(c);
    if line.chars().any(|c| "öÖäÄüÜß".contains(c)) && line.chars().any(|c| c.is_ascii_digit())
    {
        Some(
            "umlauts among digits: the scanner types for a US keyboard, the terminal has a \
             German one; swipes are understood all the same, but set the scanner to German",
        )
    } else if line.chars().count() >= 6 && line.chars().all(shifted) {
        Some("signs instead of digits: switch Caps Lock off, or correct the scanner's layout")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shop::{CardPattern, demo_catalogue};

    fn told(line: &str) -> String {
        told_with(line, 5, 60)
    }

    fn told_with(line: &str, pause: u64, key_hold: u64) -> String {
        let rules = ScanRules { cards: vec![CardPattern::default()], ..ScanRules::default() };
        let (goods, keymap) = (demo_catalogue(), Keymap::default());
        let reading = Reading { rules: &rules, goods: &goods, keymap: &keymap, key_hold };
        tell(line, "Enter (CR)", pause, reading)
    }

    #[test]
    fn what_a_sign_would_have_done_is_told() {
        for (line, pause, hold, words) in [
            ("-03161577", 5, 60, "- (storno) waits 60 ms and is read as a part of the code"),
            ("-03161577", 80, 60, "- (storno) may act: a pause of 80 ms"),
            ("+A123BJC5D6E71", 5, 0, "+ (total) acts at once: set the scanner"),
            ("010400638133393121305-51", 90, 60, "nothing: - behind more than three digits"),
            (" TOTAL", 5, 60, "Space (menu) waits"),
            ("3*51", 5, 60, "recognised  typing"),
        ] {
            let told = told_with(line, pause, hold);
            assert!(told.contains(words), "{line}\n{told}");
        }
        for line in ["4006381333931", "WATER-1", ";9276004424644352=25?"] {
            assert!(!told(line).contains("as keys"), "{line}");
        }
    }

    #[test]
    fn every_kind_of_scanned_line_is_named() {
        for (line, words) in [
            ("4006381333931", "EAN-13, check digit right: no article has it"),
            ("4006381333932", "check digit is wrong"),
            ("30037", "article 30037, "),
            ("9276004424644352", "loyalty card 9276 •••• •••• 4352"),
            ("4111111111111111", "a bank card: refused"),
            ("%B4111111111111111^DOE/JANE^2512?", "a bank card: refused"),
            (";9276004424644352=2512?", "loyalty card 9276 •••• •••• 4352"),
            (";12?", "a swipe without"),
            ("2912345678906", "scan.embedded"),
            ("bread", "text"),
            ("", "nothing before"),
        ] {
            assert!(told(line).contains(words), "{line}\n{}", told(line));
        }
    }

    #[test]
    fn no_card_and_no_track_is_shown() {
        for line in [
            "9276004424644352",
            "ö9276004424644352´2512_",
            "%B4111111111111111^DOE/JANE^2512?",
            "4111111111111111",
            "12345678901234567890",
            "92760044246443521",
        ] {
            let told = told(line);
            for secret in ["00442464", "1111111", "DOE", "2512", "456789"] {
                assert!(!told.contains(secret), "{line}\n{told}");
            }
        }
    }

    #[test]
    fn bytes_are_escaped_and_layouts_are_told() {
        assert!(told("a\u{1b}[2Jb\\").contains(r"a\x1b[2Jb\x5c"));
        assert!(told("ö9276004424644352").contains("German"));
        assert!(told("$\"!)!\"").contains("Caps Lock"));
    }
}
