//! The `q` parameter of list calls: one `property:value`, the value quoted or not.

use super::super::refusal::Refusal;

/// The value that `q` asks `property` for.
///
/// Any other question gets an error body that says what can be asked.
pub(super) fn value_of(query: &str, property: &str) -> Result<String, Refusal> {
    let wrong = || Refusal::Format(format!("q: expected {property}:VALUE"));
    let pairs: Vec<(String, String)> =
        serde_urlencoded::from_str(query).map_err(|_| Refusal::Format("query".to_owned()))?;
    let (_, q) = pairs.into_iter().find(|(name, _)| name == "q").ok_or_else(wrong)?;
    let (name, value) = q.split_once(':').ok_or_else(wrong)?;
    if !name.trim().eq_ignore_ascii_case(property) {
        return Err(wrong());
    }
    let value = value.trim();
    let quoted = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
    let value = quoted.unwrap_or(value);
    if value.is_empty() { Err(wrong()) } else { Ok(value.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_quoted_encoded_or_plain() {
        for query in [
            "q=card.cardnumber:9276",
            "q=card.cardnumber%3A9276",
            "count=1&q=card.cardnumber:%229276%22",
            "q=Card.CardNumber:\"9276\"",
        ] {
            let value = value_of(query, "card.cardnumber");
            assert_eq!(value, Ok("9276".to_owned()), "{query}");
        }
        for query in ["", "q=", "q=9276", "q=id:9276", "q=card.cardnumber:", "count=1"] {
            assert!(value_of(query, "card.cardnumber").is_err(), "{query}");
        }
    }
}
