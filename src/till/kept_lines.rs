//! Receipts as the journal keeps them: most lines are plain, and written without their types.
//!
//! A plain text is a string, a plain name with its value a list of both; all other lines, and all
//! of those that earlier versions wrote, are as the server sends them.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::wire::ReceiptLine;

/// One line as it is written.
#[derive(Serialize)]
#[serde(untagged)]
enum Kept<'a> {
    Text(&'a str),
    Pair(&'a str, &'a str),
    Full(&'a ReceiptLine),
}

impl<'a> From<&'a ReceiptLine> for Kept<'a> {
    fn from(line: &'a ReceiptLine) -> Self {
        match line {
            ReceiptLine::Text(text) if text.decoration.is_empty() => Self::Text(&text.text),
            ReceiptLine::NameValue { name, value, decoration } if decoration.is_empty() => {
                Self::Pair(name, value)
            }
            line => Self::Full(line),
        }
    }
}

/// A line of any of these forms. Lenient as the line itself: an odd one must never make a paid sale
/// unreadable.
fn line(kept: Value) -> ReceiptLine {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    match &kept {
        Value::String(text) => ReceiptLine::text(text),
        Value::Array(pair) => match pair.as_slice() {
            [name, value] => ReceiptLine::pair(text(name), text(value)),
            _ => ReceiptLine::Unknown,
        },
        _ => serde_json::from_value(kept).unwrap_or(ReceiptLine::Unknown),
    }
}

pub(super) fn serialize<S: Serializer>(lines: &[ReceiptLine], to: S) -> Result<S::Ok, S::Error> {
    to.collect_seq(lines.iter().map(Kept::from))
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<Vec<ReceiptLine>, D::Error> {
    Ok(Vec::<Value>::deserialize(from)?.into_iter().map(line).collect())
}

/// The same of a receipt that may be missing.
pub(super) mod maybe {
    use super::{Deserialize, Deserializer, Kept, ReceiptLine, Serialize, Serializer, Value, line};

    #[expect(clippy::ref_option, reason = "serde asks so")]
    pub(in crate::till) fn serialize<S: Serializer>(
        lines: &Option<Vec<ReceiptLine>>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        let lines = lines.as_ref().map(|lines| lines.iter().map(Kept::from).collect::<Vec<_>>());
        lines.serialize(to)
    }

    pub(in crate::till) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<Vec<ReceiptLine>>, D::Error> {
        let lines = Option::<Vec<Value>>::deserialize(from)?;
        Ok(lines.map(|lines| lines.into_iter().map(line).collect()))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Receipts(
        #[serde(with = "super")] Vec<ReceiptLine>,
        #[serde(with = "super::maybe")] Option<Vec<ReceiptLine>>,
    );

    #[test]
    fn every_line_reads_back_and_plain_ones_are_short() {
        let lines = vec![
            ReceiptLine::text("plain"),
            ReceiptLine::important("bold"),
            ReceiptLine::pair("Sum", "1,00"),
            ReceiptLine::Separator(None),
            ReceiptLine::Separator(Some("Card".to_owned())),
            ReceiptLine::Space,
            ReceiptLine::Unknown,
        ];
        for receipts in [Receipts(lines.clone(), Some(lines.clone())), Receipts(Vec::new(), None)] {
            let text = serde_json::to_string(&receipts).unwrap();
            assert_eq!(serde_json::from_str::<Receipts>(&text).unwrap(), receipts);
        }
        let kept = serde_json::to_value(Receipts(lines.clone(), None)).unwrap();
        assert_eq!(kept[0][0], "plain");
        assert_eq!(kept[0][2], serde_json::json!(["Sum", "1,00"]));
        // As earlier versions wrote them.
        let full = serde_json::json!([lines, lines]);
        let read: Receipts = serde_json::from_value(full).unwrap();
        assert_eq!(read, Receipts(lines.clone(), Some(lines)));
    }

    #[test]
    fn an_odd_line_is_unknown() {
        let odd = serde_json::json!([[1, ["a"], {"type": "new"}, ["a", "b", "c"]], null]);
        let read: Receipts = serde_json::from_value(odd).unwrap();
        assert_eq!(read, Receipts(vec![ReceiptLine::Unknown; 4], None));
    }
}
