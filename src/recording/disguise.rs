//! Card numbers replaced by others of their kind.
//!
//! Owns the replacements of one recording: the same card is always the same stand-in. A stand-in
//! keeps what every screen shows of the card, its beginning and its last digits, and is recognised
//! as what the card was. Must not let a track or a bank card's number through in any form.

use std::collections::HashMap;

use crate::shop::{
    Catalogue, Scan, ScanRules, Shape, ean_check_digit_ok, recognise, shape, swipe_start,
};
use crate::text::mask_cards;

/// From this length on a number that is no article may be a card's, mistyped or cut.
const LIKE_A_CARD: usize = 12;
/// Behind a card's beginning, so many digits are already a part of its number.
const LIKE_A_PART: usize = 9;
/// A bank card's number that is issued for tests alone.
const BANK_CARD: &str = "4111111111111111";

/// The replacements of one recording.
pub(super) struct Disguise {
    rules: ScanRules,
    catalogue: Catalogue,
    known: HashMap<String, String>,
}

impl Disguise {
    pub(super) fn new(rules: ScanRules, catalogue: Catalogue) -> Self {
        Self { rules, catalogue, known: HashMap::new() }
    }

    /// Codes of these articles are no cards from now on.
    pub(super) fn sell(&mut self, catalogue: Catalogue) {
        self.catalogue = catalogue;
    }

    /// A text of the server or of the till, with the loyalty cards in it replaced.
    pub(super) fn text(&mut self, text: &str) -> String {
        self.runs(text, |disguise, run| {
            let card = disguise.rules.cards.iter().find_map(|pattern| {
                let at = run.find(&pattern.prefix)?;
                let number = run.get(at..at + pattern.length)?;
                Some((at, number.to_owned()))
            });
            let (at, number) = card?;
            let stand_in = disguise.stand_in(&number);
            let before = run.get(..at).unwrap_or_default();
            let rest = run.get(at + number.len()..).unwrap_or_default();
            Some(format!("{before}{stand_in}{rest}"))
        })
    }

    /// A line of keystrokes, before its terminator.
    pub(super) fn line(&mut self, line: &str) -> String {
        if let Some(start) = swipe_start(line) {
            let (before, tracks) = line.split_at(start);
            let swipe = match recognise(tracks, &self.rules, &self.catalogue) {
                Scan::Card(number) => format!(";{}?", self.stand_in(number.reveal())),
                Scan::BankCard => format!(";{BANK_CARD}?"),
                _ => ";?".to_owned(),
            };
            return self.line(before) + &swipe;
        }
        // A track whose sentinels were not sent: its number, and nothing of the rest.
        let is_code = line.bytes().all(|b| b.is_ascii_digit());
        if !is_code && !line.starts_with(']') {
            match recognise(line, &self.rules, &self.catalogue) {
                Scan::Card(number) => return format!(";{}?", self.stand_in(number.reveal())),
                Scan::BankCard => return format!(";{BANK_CARD}?"),
                _ => {}
            }
        }
        match recognise(line, &self.rules, &self.catalogue) {
            Scan::Article { .. } => return line.to_owned(),
            Scan::Card(number) if shape(line) == Shape::Raw => {
                let stand_in = self.stand_in(number.reveal());
                return line.replace(number.reveal(), &stand_in);
            }
            // Data of goods, as structured as it is.
            _ if shape(line) == Shape::Raw => return self.text(line),
            _ => {}
        }
        self.runs(line, Self::number)
    }

    /// Digits that were typed; `None`: they may stay.
    fn number(&mut self, run: &str) -> Option<String> {
        let part = run.len() >= LIKE_A_PART
            && self.rules.cards.iter().any(|pattern| run.starts_with(&pattern.prefix));
        if run.len() < LIKE_A_CARD && !part {
            return None;
        }
        match recognise(run, &self.rules, &self.catalogue) {
            Scan::Card(number) => Some(self.stand_in(number.reveal())),
            Scan::BankCard => Some(self.bank_card(run)),
            Scan::Article { .. } | Scan::InStoreUnknown(_) => None,
            Scan::WrongCheckDigit(_) if !part && run.len() < 14 => None,
            Scan::Unknown(_) if run.len() <= 14 && ean_check_digit_ok(run) => None,
            _ => Some(blank(run)),
        }
    }

    /// `text` with its runs of digits exchanged; what stands between them cannot hide a number.
    fn runs(
        &mut self,
        text: &str,
        mut exchange: impl FnMut(&mut Self, &str) -> Option<String>,
    ) -> String {
        let (mut out, mut kept) = (String::new(), String::new());
        let mut rest = text;
        while !rest.is_empty() {
            let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            let (run, behind) = rest.split_at(digits);
            match Some(run).filter(|run| !run.is_empty()).and_then(|run| exchange(self, run)) {
                Some(other) => {
                    out.push_str(&mask_cards(&kept, true));
                    kept.clear();
                    out.push_str(&other);
                }
                None => kept.push_str(run),
            }
            let words = behind.find(|c: char| c.is_ascii_digit()).unwrap_or(behind.len());
            let (between, next) = behind.split_at(words);
            kept.push_str(between);
            rest = next;
        }
        out.push_str(&mask_cards(&kept, true));
        out
    }

    /// The stand-in of a loyalty card, its beginning and end as on every screen.
    fn stand_in(&mut self, number: &str) -> String {
        if let Some(known) = self.known.get(number) {
            return known.clone();
        }
        let pattern = self.rules.cards.iter().find(|pattern| pattern.matches(number));
        let prefix = pattern.map_or(0, |pattern| pattern.prefix.len());
        let (shown, tail) = if number.len() >= 12 { (4, 4) } else { (0, 2) };
        let head = prefix.max(shown).min(number.len());
        let tail = tail.min(number.len() - head);
        let middle = number.len() - head - tail;
        let mut count = self.known.len() + 1;
        let made = loop {
            let digits = format!("{count:0>middle$}");
            let digits = digits.get(digits.len() - middle..).unwrap_or_default();
            let start = number.get(..head).unwrap_or_default();
            let end = number.get(number.len() - tail..).unwrap_or_default();
            let made = format!("{start}{digits}{end}");
            if made != number || middle == 0 {
                break made;
            }
            count += 1;
        };
        self.known.insert(number.to_owned(), made.clone());
        made
    }

    /// A number that is refused as the bank card `run` is.
    fn bank_card(&self, run: &str) -> String {
        let start = run.get(..2).unwrap_or_default();
        let zeros = "0".repeat(run.len().saturating_sub(5));
        let tries = (0..1_000).map(|end| format!("{start}{zeros}{end:03}"));
        let is_one = |number: &String| {
            number.len() == run.len()
                && number != run
                && recognise(number, &self.rules, &self.catalogue) == Scan::BankCard
        };
        tries.into_iter().find(is_one).unwrap_or_else(|| BANK_CARD.to_owned())
    }
}

/// A number of the same length that is nothing.
fn blank(run: &str) -> String {
    let start = run.get(..4).unwrap_or_default();
    format!("{start}{}1", "0".repeat(run.len().saturating_sub(start.len() + 1)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shop::{CardPattern, demo_catalogue};

    const CARD: &str = "9276004424644352";

    fn disguise() -> Disguise {
        let rules = ScanRules { cards: vec![CardPattern::default()], ..ScanRules::default() };
        Disguise::new(rules, demo_catalogue())
    }

    #[test]
    fn one_card_is_one_stand_in_however_it_comes() {
        let mut disguise = disguise();
        let made = disguise.line(CARD);
        assert_eq!(made, "9276000000014352");
        assert_eq!(
            disguise.line(&format!("%B{CARD}^DOE/JANE^25?;{CARD}=25?")),
            format!(";{made}?")
        );
        assert_eq!(disguise.line(&format!("ö{CARD}´25_")), format!(";{made}?"));
        assert_eq!(disguise.line(&format!("2*{CARD}")), format!("2*{made}"));
        assert_eq!(disguise.line(&format!("]Q0{CARD}")), format!("]Q0{made}"));
        assert_eq!(disguise.text(&format!("Karte {CARD}, ok")), format!("Karte {made}, ok"));
        assert_eq!(disguise.text(&format!("{CARD}1234")), format!("{made}1234"));
        assert_ne!(disguise.line("9276004424644353"), disguise.line("9276004424654353"));
    }

    #[test]
    fn every_line_is_recognised_as_it_was() {
        let mut disguise = disguise();
        let kind = |disguise: &Disguise, line: &str| {
            std::mem::discriminant(&recognise(line, &disguise.rules, &disguise.catalogue))
        };
        for line in [
            CARD,
            "4111111111111112",
            "5500005555555559",
            "30569309025904",
            "378282246310005",
            "%B5500005555555559^DOE/JANE^2512?",
            ";12?",
            "92760044246443521",
            "927600442464435",
            "12345678901234567890",
        ] {
            let made = disguise.line(line);
            assert_eq!(kind(&disguise, &made), kind(&disguise, line), "{line} {made}");
            for secret in ["042464", "555555", "DOE", "2512", "569309", "828224", "456789"] {
                assert!(!made.contains(secret), "{line} {made}");
            }
        }
    }

    #[test]
    fn goods_and_amounts_stay() {
        let mut disguise = disguise();
        for line in ["30037", "4006381333931", "4999012345678", "2*51", "20,00", "", "bread 500"] {
            assert_eq!(disguise.line(line), line);
            assert_eq!(disguise.text(line), line);
        }
        assert_eq!(disguise.text("9276 0044 2464 4352"), "9276 **** **** 4352");
    }
}
