//! Lists of transactions: a page as answered, and the question for it ([`super::api::lists`]).
//!
//! Owns the grammar of `q`. Must not know how it is put into an address.

use serde::{Deserialize, Serialize};

use super::Transaction;

/// Transactions asked for at once.
pub const PAGE: usize = 25;

/// The longest word that is searched for, in characters.
const LONGEST_WORD: usize = 48;

/// One page of the list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransactionPage {
    /// All matches, not only those of this page.
    pub total: u64,
    /// What the server sent in this page, readable or not: the next page begins after it.
    pub taken: usize,
    /// Those that could be read, in the server's order.
    pub rows: Vec<Transaction>,
}

/// The `q` that finds transactions by what a cashier types: every word must be part of a
/// reference, or be a status, an id or a receipt number. `None`: all of them.
#[must_use]
pub fn question(typed: &str) -> Option<String> {
    let words: Vec<String> = typed.split_whitespace().map(of_word).collect();
    (!words.is_empty()).then(|| words.join(" AND "))
}

fn of_word(word: &str) -> String {
    let word: String = word.chars().take(LONGEST_WORD).collect();
    let lower = word.to_ascii_lowercase();
    let status = match lower.as_str() {
        "created" | "processing" | "ok" | "failed" | "cancelled" | "aborted" => {
            Some(lower.as_str())
        }
        // As screens show them.
        "canceled" | "storniert" => Some("cancelled"),
        "paid" | "bezahlt" => Some("ok"),
        "angelegt" => Some("created"),
        "verrechnet" => Some("processing"),
        "gescheitert" => Some("failed"),
        "aufgegeben" => Some("aborted"),
        _ => None,
    };
    if let Some(status) = status {
        return format!("status:{status}");
    }
    if word.starts_with("STX_") && is_plain(&word) {
        return format!("id:{word}");
    }
    let condition = part_of(&word);
    let mut any = format!("(transactionRef:{condition} OR merchantRef:{condition}");
    if let Ok(number) = word.parse::<u32>() {
        any = format!("{any} OR receipt_number:{number}");
    }
    any.push(')');
    any
}

/// A text that contains the word where the word has no sign of the grammar in it; the very word,
/// quoted, otherwise: inside quotes nothing but the quote itself has a meaning.
fn part_of(word: &str) -> String {
    if is_plain(word) {
        return format!("*{word}*");
    }
    let mut quoted = String::from("\"");
    for c in word.chars() {
        if matches!(c, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted.push('"');
    quoted
}

fn is_plain(word: &str) -> bool {
    word.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_conditions_and_nothing_typed_becomes_grammar() {
        let either = |part: &str| format!("(transactionRef:{part} OR merchantRef:{part})");
        for (typed, q) in [
            ("0199-2", either("*0199-2*")),
            ("OK", "status:ok".to_owned()),
            ("canceled", "status:cancelled".to_owned()),
            ("STX_1", "id:STX_1".to_owned()),
            ("STX_1)", either("\"STX_1)\"")),
            ("OR", either("*OR*")),
            ("a:b*", either("\"a:b*\"")),
            (r#"a"b\"#, either(r#""a\"b\\""#)),
            (" ok  shop ", format!("status:ok AND {}", either("*shop*"))),
            ("Öl", either("*Öl*")),
        ] {
            assert_eq!(question(typed), Some(q), "{typed}");
        }
        assert_eq!(
            question("12").as_deref(),
            Some("(transactionRef:*12* OR merchantRef:*12* OR receipt_number:12)")
        );
        assert_eq!(question("  "), None);
    }
}
