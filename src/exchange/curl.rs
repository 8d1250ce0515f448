//! Exchanges as lines for a shell: what was asked, to be asked again by hand.
//!
//! Owns the quoting. Nothing that came from a server or a catalogue may be more to the shell than
//! the text it is; only the placeholders of secrets stand open, in double quotes.

use std::fmt::Write;
use std::sync::Arc;

use serde_json::Value;

use super::mask::{hides, placeholder};
use super::{Exchange, Progress};

/// `text` as one word of a POSIX shell.
#[must_use]
pub fn shell_word(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

impl Exchange {
    /// The request as one curl line. `$TOKEN` and other variables stand for the secrets; masked
    /// card numbers must be put in by hand.
    #[must_use]
    pub fn curl(&self) -> String {
        let mut line = format!("curl -sS -X {}", shell_word(&self.method));
        if self.authorised {
            line.push_str(r#" -H "Authorization: Bearer $TOKEN""#);
        }
        if !self.request.text.is_empty() {
            line.push_str(" -H 'Content-Type: application/json' --data-binary ");
            line.push_str(&self.body_word());
        }
        line.push(' ');
        line.push_str(&shell_word(&self.url));
        line
    }

    /// The body as one word, the secrets in it as variables.
    fn body_word(&self) -> String {
        let Ok(body) = serde_json::from_str::<Value>(&self.request.text) else {
            return shell_word(&self.request.text);
        };
        let mut names = Vec::new();
        secrets(&body, &mut names);
        let mut word = shell_word(&body.to_string());
        for (name, variable) in names {
            // In compact JSON these characters are this field and nothing else: inside of a text
            // the quotation marks would have a backslash before them.
            let field = format!("\"{name}\":\"{variable}\"");
            word = word.replace(&field, &format!("\"{name}\":\"'\"{variable}\"'\""));
        }
        word
    }
}

/// The names of fields that hold nothing but the placeholder of a secret, and that placeholder: their
/// own, or for an account whose name is its secret, that of the secret.
fn secrets(value: &Value, names: &mut Vec<(String, String)>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let is_plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
                let secret = if name == "client_id" { "client_secret" } else { name };
                let variable = placeholder(secret);
                let is_hidden = hides(fields, secret) && value.as_str() == Some(&variable);
                let field = (name.clone(), variable);
                if is_plain && is_hidden && !names.contains(&field) {
                    names.push(field);
                }
                secrets(value, names);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| secrets(item, names)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// A file of curl lines, the oldest exchange first, each under a comment that says how it ended.
#[must_use]
pub fn script(exchanges: &[Arc<Exchange>]) -> String {
    let mut out = String::from(
        "# Requests of kasse as curl lines. Set the variables for the secrets first, like TOKEN=...\n\
         # or CLIENT_SECRET=...; card numbers are masked and must be put in by hand.\n",
    );
    for exchange in exchanges {
        let end = match &exchange.progress {
            Progress::Pending => "no answer yet".to_owned(),
            Progress::Answered { status, ms, .. } => format!("HTTP {status}, {ms} ms"),
            Progress::Lost { reason, ms, .. } => format!("no answer: {reason:?}, {ms} ms"),
        };
        // Writing to a string cannot fail.
        let _ = write!(out, "\n# {}: {end}\n{}\n", exchange.at, exchange.curl());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::{Body, Masker};
    use super::*;

    #[test]
    fn a_line_shows_all_but_the_secrets() {
        let body = serde_json::json!({"grant_type": "device", "client_secret": "hunter2", "code": "5ec2e7", "a": "it's"});
        let masked = Masker::default().value(&body);
        let exchange = Exchange {
            id: 1,
            at: "2026-01-02T03:04:05+01:00".to_owned(),
            method: "POST".to_owned(),
            url: "https://h/oauth/token".to_owned(),
            authorised: true,
            request: Body::of(serde_json::to_string_pretty(&masked).unwrap_or_default()),
            progress: Progress::Answered { status: 200, ms: 7, body: Body::default() },
        };
        let line = r#"curl -sS -X 'POST' -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' --data-binary '{"grant_type":"device","client_secret":"'"$CLIENT_SECRET"'","code":"'"$CODE"'","a":"it'\''s"}' 'https://h/oauth/token'"#;
        assert_eq!(exchange.curl(), line);
        let script = script(&[Arc::new(exchange)]);
        let end = format!("\n# 2026-01-02T03:04:05+01:00: HTTP 200, 7 ms\n{line}\n");
        assert!(script.ends_with(&end), "{script}");
    }

    #[test]
    fn an_account_whose_name_is_its_secret_can_still_log_in() {
        let body = serde_json::json!({"client_id": "sandbox", "client_secret": "sandbox"});
        let masked = Masker::default().value(&body);
        let exchange = Exchange {
            id: 1,
            at: String::new(),
            method: "POST".to_owned(),
            url: "http://h/oauth/token".to_owned(),
            authorised: false,
            request: Body::of(masked.to_string()),
            progress: Progress::Pending,
        };
        let body = r#"'{"client_id":"'"$CLIENT_SECRET"'","client_secret":"'"$CLIENT_SECRET"'"}'"#;
        assert!(exchange.curl().contains(body), "{}", exchange.curl());
    }

    #[test]
    fn what_only_looks_like_a_placeholder_stays_text() {
        let body = r#"{"name":"$NAME $(reboot)","text":"\"csc\":\"$CSC\"","csc":"$CSC"}"#;
        let exchange = Exchange {
            id: 1,
            at: String::new(),
            method: "PUT".to_owned(),
            url: "http://h/?q='$HOME'".to_owned(),
            authorised: false,
            request: Body::of(body.to_owned()),
            progress: Progress::Pending,
        };
        let line = exchange.curl();
        let open = line.matches(r#"'"$CSC"'"#).count();
        assert_eq!(open, 1, "{line}");
        assert!(line.contains(r#"{"name":"$NAME $(reboot)","text":"\"csc\":\"$CSC\"","csc":""#));
        assert!(line.ends_with(r"'http://h/?q='\''$HOME'\'''"), "{line}");
    }
}
