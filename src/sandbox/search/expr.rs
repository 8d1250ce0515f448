//! What `q` asks for, as a tree, and how such a tree is written.

use std::fmt;

use crate::sandbox::search::glob::Glob;

/// A question that a resource answers with yes or no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Expr {
    /// Every part says yes; two parts at least.
    All(Vec<Expr>),
    /// Some part says yes; two parts at least.
    Any(Vec<Expr>),
    /// The part says no.
    Not(Box<Expr>),
    /// One property, or any when none is named.
    Term { path: Vec<String>, condition: Condition },
}

/// What is asked of one property.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Condition {
    /// This very text, in any case.
    Text(String),
    /// A text of this form, in any case.
    Glob(Glob),
    /// Something between the two ends.
    Range { low: Option<End>, high: Option<End> },
}

/// One end of a range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct End {
    pub(super) value: String,
    /// Whether the value itself is in the range.
    pub(super) inclusive: bool,
}

impl Expr {
    /// The text that `path` must have in everything that matches, if the question says so: what an
    /// index can be asked for. A further part may still say no.
    pub(crate) fn exact_text(&self, path: &str) -> Option<&str> {
        match self {
            Self::All(parts) => parts.iter().find_map(|part| part.exact_text(path)),
            Self::Term { path: asked, condition: Condition::Text(text) } => {
                let names = path.split('.');
                let same = asked.len() == names.clone().count()
                    && asked
                        .iter()
                        .zip(names)
                        .all(|(asked, name)| asked.eq_ignore_ascii_case(name));
                same.then_some(text)
            }
            _ => None,
        }
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let joined = |f: &mut fmt::Formatter<'_>, parts: &[Self], word: &str| {
            for (at, part) in parts.iter().enumerate() {
                if at > 0 {
                    write!(f, " {word} ")?;
                }
                match part {
                    Self::All(_) | Self::Any(_) => write!(f, "({part})")?,
                    _ => write!(f, "{part}")?,
                }
            }
            Ok(())
        };
        match self {
            Self::All(parts) => joined(f, parts, "AND"),
            Self::Any(parts) => joined(f, parts, "OR"),
            Self::Not(part) if matches!(**part, Self::All(_) | Self::Any(_)) => {
                write!(f, "NOT ({part})")
            }
            Self::Not(part) => write!(f, "NOT {part}"),
            Self::Term { path, condition } if path.is_empty() => write!(f, "{condition}"),
            Self::Term { path, condition } => write!(f, "{}:{condition}", path.join(".")),
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(&quoted(text)),
            Self::Glob(glob) => write!(f, "{glob}"),
            Self::Range { low, high } => {
                let open = |end: &Option<End>| end.as_ref().is_none_or(|end| end.inclusive);
                let value = |end: &Option<End>| {
                    end.as_ref().map_or_else(|| "*".to_owned(), |end| quoted(&end.value))
                };
                f.write_str(if open(low) { "[" } else { "{" })?;
                write!(f, "{} TO {}", value(low), value(high))?;
                f.write_str(if open(high) { "]" } else { "}" })
            }
        }
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
