//! Secrets and card numbers taken out of requests and answers.
//!
//! Owns the rules for what is a secret. Two of them work together: a value under a name that means
//! a secret or a card is hidden where it stands, and then everywhere else in the
//! same exchange, under any name.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::text::{mask_card, mask_cards};

/// Names that mean a secret, in lower case without `_` and `-`.
const SECRET: [&str; 4] = ["csc", "pin", "devicecode", "authorization"];
/// Parts of such names.
const SECRET_PART: [&str; 4] = ["token", "secret", "passcode", "password"];
/// Names that only look so.
const OPEN: [&str; 1] = ["tokentype"];
/// A name that means a card number.
const CARD: &str = "cardnumber";
/// From this length on, in bytes, a secret is looked for inside of other texts; a shorter one only
/// where it stands as a word.
const TELLING: usize = 8;
/// Values looked for in texts at the most: no answer may cost time without end.
const MOST_HIDDEN: usize = 64;

/// Hides secrets and card numbers. One for each exchange: it collects secrets as it finds them.
#[derive(Clone, Default)]
pub struct Masker {
    /// Values with what stands in for them, the longest first.
    hidden: Vec<(String, String)>,
}

// No Debug of what is hidden, on purpose.
impl std::fmt::Debug for Masker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Masker").field("hidden", &self.hidden.len()).finish()
    }
}

impl Masker {
    /// Hides every occurrence of `secret` from now on; `name` says what it is.
    pub fn hide(&mut self, name: &str, secret: &str) {
        self.learn(secret, placeholder(name));
    }

    /// `value` with secrets and card numbers hidden in its keys, texts and numbers.
    #[must_use]
    pub fn value(&mut self, value: &Value) -> Value {
        // Everything is learnt first: an answer may repeat a secret before it names it.
        self.study(value, "");
        self.masked(value, None)
    }

    /// `text` with the card numbers and what has been learnt hidden.
    #[must_use]
    pub fn text(&self, text: &str) -> String {
        let mut text = Cow::Borrowed(text);
        for (value, instead) in &self.hidden {
            if text.contains(value.as_str()) {
                text = Cow::Owned(replaced(&text, value, instead));
            }
        }
        mask_cards(&text, false)
    }

    /// As [`Masker::text`] for what ought to have been JSON: what follows a name that means a secret
    /// is hidden too.
    #[must_use]
    pub fn raw(&self, text: &str) -> String {
        let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        let is_end =
            |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | ';' | '&' | '}' | '<');
        let (mut out, mut rest) = (String::with_capacity(text.len()), text);
        while let Some(start) = rest.find(is_word) {
            let (before, from) = rest.split_at(start);
            let (word, after) = from.split_at(from.find(|c| !is_word(c)).unwrap_or(from.len()));
            out.extend([before, word]);
            rest = after;
            if !is_secret(word) {
                continue;
            }
            let value = rest.trim_start_matches(['"', '\'', '\\', ':', '=', ' ', '[', '>']);
            if value.len() < rest.len() {
                out.extend([rest.strip_suffix(value).unwrap_or_default(), &placeholder(word)]);
                rest = value.find(is_end).and_then(|end| value.get(end..)).unwrap_or_default();
            }
        }
        out.push_str(rest);
        self.text(&out)
    }

    /// An address with the card numbers and secrets of its query hidden.
    #[must_use]
    pub fn url(&mut self, url: &str) -> String {
        let Some((path, query)) = url.split_once('?') else { return self.text(url) };
        let mut pairs = Vec::new();
        for pair in query.split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            if is_secret(name) {
                self.hide(name, value);
                pairs.push(format!("{name}={}", placeholder(name)));
                continue;
            }
            // A condition of a search: `card.cardnumber:9276…`.
            for (at, _) in value.match_indices(CARD) {
                let rest = value.get(at + CARD.len()..).unwrap_or_default();
                let number = rest.trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
                let end = number.find(|c: char| !c.is_ascii_alphanumeric());
                self.card(number.get(..end.unwrap_or(number.len())).unwrap_or_default());
            }
            pairs.push(pair.to_owned());
        }
        format!("{}?{}", self.text(path), self.text(&pairs.join("&")))
    }

    fn learn(&mut self, value: &str, instead: String) {
        let known = self.hidden.iter().any(|(known, _)| known == value);
        let full = self.hidden.len() >= MOST_HIDDEN;
        if known || full || value.len() < 3 || value == instead {
            return;
        }
        let longer = self.hidden.iter().take_while(|(known, _)| known.len() >= value.len());
        let at = longer.count();
        self.hidden.insert(at, (value.to_owned(), instead));
    }

    fn card(&mut self, number: &str) {
        if number.len() >= TELLING {
            self.learn(number, mask_card(number, false));
        }
    }

    fn study(&mut self, value: &Value, name: &str) {
        match value {
            Value::Object(fields) => {
                // How the API names a card in a sale: an ident of type `card` with its value.
                let is_card = fields.get("type").and_then(Value::as_str) == Some("card");
                for (key, value) in fields {
                    if hides(fields, key) && value.is_string() {
                        self.hide(key, &plain(value));
                        continue;
                    }
                    let inner = if is_secret(name) { name } else { key };
                    self.study(value, if is_card && key == "value" { CARD } else { inner });
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.study(item, name)),
            Value::String(_) | Value::Number(_) => {
                let text = plain(value);
                if is_secret(name) {
                    self.hide(name, &text);
                } else if plain_name(name) == CARD {
                    self.card(&text);
                }
            }
            Value::Null | Value::Bool(_) => {}
        }
    }

    /// `value` masked; `secret` is the name that makes all of it secret.
    fn masked(&self, value: &Value, secret: Option<&str>) -> Value {
        match value {
            Value::Null | Value::Bool(_) => value.clone(),
            Value::String(text) if text.is_empty() => value.clone(),
            Value::String(text) => {
                Value::String(secret.map_or_else(|| self.text(text), placeholder))
            }
            Value::Number(number) => {
                let text = number.to_string();
                // A short number is more likely an amount than the secret that it equals.
                let shown = || if text.len() < TELLING { text.clone() } else { self.text(&text) };
                let masked = secret.map_or_else(shown, placeholder);
                if masked == text { value.clone() } else { Value::String(masked) }
            }
            Value::Array(items) => items.iter().map(|item| self.masked(item, secret)).collect(),
            Value::Object(fields) => {
                let mut kept = Map::with_capacity(fields.len());
                for (key, value) in fields {
                    let secret = secret.or_else(|| hides(fields, key).then_some(key.as_str()));
                    kept.insert(self.text(key), self.masked(value, secret));
                }
                Value::Object(kept)
            }
        }
    }
}

/// Whether what these fields hold under `key` is a secret.
pub(super) fn hides(fields: &Map<String, Value>, key: &str) -> bool {
    // A device logs in with its `device_code`, but under this name.
    is_secret(key) || (key == "code" && fields.contains_key("grant_type"))
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn plain_name(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '_' | '-')).collect::<String>().to_lowercase()
}

/// Whether what stands under this name is a secret.
fn is_secret(name: &str) -> bool {
    let name = plain_name(name);
    let looks_so =
        SECRET.contains(&name.as_str()) || SECRET_PART.iter().any(|part| name.contains(part));
    looks_so && !OPEN.contains(&name.as_str())
}

/// What stands in for a secret, a variable of the shell: `client_secret` is `$CLIENT_SECRET`.
pub(super) fn placeholder(name: &str) -> String {
    let mut out = String::from("$");
    let mut after_lower = false;
    for c in name.chars() {
        if c.is_ascii_uppercase() && after_lower {
            out.push('_');
        }
        out.push(if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' });
        after_lower = c.is_ascii_lowercase();
    }
    out
}

/// `text` with every `value` in it replaced; a short one only where it stands as a word.
fn replaced(text: &str, value: &str, instead: &str) -> String {
    if value.len() >= TELLING {
        return text.replace(value, instead);
    }
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for (at, found) in text.match_indices(value) {
        let before = text.get(..at).and_then(|text| text.chars().next_back());
        let after = text.get(at + found.len()..).and_then(|text| text.chars().next());
        if [before, after].into_iter().flatten().any(char::is_alphanumeric) {
            continue;
        }
        out.push_str(text.get(done..at).unwrap_or_default());
        out.push_str(instead);
        done = at + found.len();
    }
    out.push_str(text.get(done..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn masked(value: &Value) -> Value {
        Masker::default().value(value)
    }

    #[test]
    fn secrets_are_hidden_by_their_names() {
        let value = json!({
            "access_token": "abc123", "refreshToken": "def", "client_secret": "s", "csc": 123,
            "passcode": "1", "pin": [1, "2"], "device_code": "x", "Authorization": "Bearer y",
            "token_type": "bearer", "expires_in": 1200, "client_id": "till", "password": "",
            "deep": [{"newPasscode": {"a": "b"}}], "secret": null,
        });
        let expected = json!({
            "access_token": "$ACCESS_TOKEN", "refreshToken": "$REFRESH_TOKEN",
            "client_secret": "$CLIENT_SECRET", "csc": "$CSC", "passcode": "$PASSCODE",
            "pin": ["$PIN", "$PIN"], "device_code": "$DEVICE_CODE",
            "Authorization": "$AUTHORIZATION", "token_type": "bearer", "expires_in": 1200,
            "client_id": "till", "password": "", "deep": [{"newPasscode": {"a": "$NEW_PASSCODE"}}],
            "secret": null,
        });
        assert_eq!(masked(&value), expected);
    }

    #[test]
    fn a_devices_code_is_a_secret_and_the_code_of_an_error_is_none() {
        let grant = json!({"grant_type": "device", "code": "2429e1d92f2f76cc"});
        assert_eq!(masked(&grant), json!({"grant_type": "device", "code": "$CODE"}));
        let error = json!({"status": "error", "code": 2003});
        assert_eq!(masked(&error), error);
        let mut masker = Masker::default();
        let _grant = masker.value(&grant);
        assert_eq!(masker.text("no 2429e1d92f2f76cc!"), "no $CODE!");
    }

    #[test]
    fn a_secret_is_hidden_wherever_it_is_repeated() {
        let mut masker = Masker::default();
        masker.hide("token", "tok-12345678");
        let answer = json!({"error": "no tok-12345678!", "a": "CSC 123 is wrong, not 1234",
            "csc": "123", "tok-12345678": 1});
        let shown = masker.value(&answer);
        assert_eq!(
            shown,
            json!({"error": "no $TOKEN!", "a": "CSC $CSC is wrong, not 1234", "csc": "$CSC",
                "$TOKEN": 1})
        );
    }

    #[test]
    fn cards_of_any_scheme_are_hidden_by_their_names() {
        let value = json!({"idents": [{"type": "card", "value": "5000111122223333"}],
            "receipt": "Karte 5000111122223333", "card": {"cardnumber": "400012345678"}});
        let expected = json!({
            "idents": [{"type": "card", "value": "5000 •••• •••• 3333"}],
            "receipt": "Karte 5000 •••• •••• 3333", "card": {"cardnumber": "4000 •••• 5678"},
        });
        assert_eq!(masked(&value), expected);
    }

    #[test]
    fn cards_and_codes_in_an_address_are_masked() {
        for (url, shown) in [
            (
                "http://h/a?q=card.cardnumber:9276004429942845",
                "?q=card.cardnumber:9276 •••• •••• 2845",
            ),
            (
                "http://h/a?q=cardnumber:5000111122223333&n=1",
                "?q=cardnumber:5000 •••• •••• 3333&n=1",
            ),
            ("http://h/a?csc=123&x=1", "?csc=$CSC&x=1"),
            ("http://h/a?pin=1", "?pin=$PIN"),
            ("http://h/a/9276004429942845", "/9276 •••• •••• 2845"),
            ("http://h/a?b", "?b"),
        ] {
            let masked = Masker::default().url(url);
            assert!(masked.ends_with(shown), "{url}: {masked}");
        }
    }

    #[test]
    fn what_is_no_json_hides_what_follows_a_secrets_name() {
        for (raw, shown) in [
            (r#"{"access_token":"abc123","expi"#, r#"{"access_token":"$ACCESS_TOKEN","expi"#),
            (r#"{"a":1,"refresh_token":"abc"#, r#"{"a":1,"refresh_token":"$REFRESH_TOKEN"#),
            ("client_secret=hunter2&x=1", "client_secret=$CLIENT_SECRET&x=1"),
            ("<b>PIN: 1234</b>", "<b>PIN: $PIN</b>"),
            ("no pin here", "no pin $PIN"),
            ("a secret", "a secret"),
            ("<html>502</html>", "<html>502</html>"),
        ] {
            assert_eq!(Masker::default().raw(raw), shown, "{raw}");
        }
    }

    #[test]
    fn numbers_that_are_no_texts_are_masked() {
        let card = "9276 •••• •••• 2845";
        let value = json!({"9276004429942845": [9_276_004_429_942_845_u64, 5, 1.5]});
        assert_eq!(masked(&value), json!({card: [card, 5, 1.5]}));
        let value = json!({"cardnumber": 5_000_111_122_223_333_u64, "csc": 123, "cents": 123,
            "other": 5_000_111_122_223_333_u64});
        let card = "5000 •••• •••• 3333";
        let shown = json!({"cardnumber": card, "csc": "$CSC", "cents": 123, "other": card});
        assert_eq!(masked(&value), shown);
        assert!(!masked(&json!(9_276_004_429_942_845.0)).to_string().contains("4429942"));
    }
}
