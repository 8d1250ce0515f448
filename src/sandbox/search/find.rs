//! The parameters of one list call, read and checked.

use std::ops::Range;

use jiff::SignedDuration;
use serde_json::Value;

use crate::sandbox::refusal::Refusal;
use crate::sandbox::search::expr::Expr;
use crate::sandbox::search::order::{self, Criterion};
use crate::sandbox::search::parser::parse;
use crate::sandbox::search::shape::Fields;

/// No query gives more, and none reaches further: what lies beyond needs scrolling. It is also
/// what a call gets that names no `count`.
const MOST: usize = 10_000;
/// A scroll is kept no longer than this.
const LONGEST: SignedDuration = SignedDuration::from_hours(24);

/// What a list call wants.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Search {
    /// Whether `q` can be read (`validate`).
    Check(bool),
    /// The next page of a scroll; kept for so long from now, or as before.
    Next { scroll: String, keep: Option<SignedDuration> },
    /// A page of what is there now.
    Find(Find),
}

/// Which resources, in which order, and what of them.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Find {
    count: Option<usize>,
    offset: usize,
    fields: Fields,
    query: Option<Expr>,
    sort: Vec<Criterion>,
    /// Whether to go on after the page, and for how long that is possible.
    pub(crate) scroll: Option<SignedDuration>,
}

impl Search {
    /// Reads the query part of an address, without `?`. Of a repeated parameter the first counts;
    /// empty and unknown ones do not. `expand`, `meta` and `preset` are accepted and change
    /// nothing: answers show everything they have.
    ///
    /// # Errors
    /// [`Refusal::Format`] with the parameter, and for `q` the position.
    pub(crate) fn read(query: &str) -> Result<Self, Refusal> {
        let pairs: Vec<(String, String)> =
            serde_urlencoded::from_str(query).map_err(|_| Refusal::Format("query".to_owned()))?;
        let is_text = |text: &str| !text.contains(char::REPLACEMENT_CHARACTER);
        if !pairs.iter().all(|(name, value)| is_text(name) && is_text(value)) {
            return Err(Refusal::Format("query: no UTF-8".to_owned()));
        }
        let value = |wanted: &str| {
            let named = pairs.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
            named.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
        };
        if value("aggregate").is_some() {
            return Err(Refusal::Format("aggregate: not available here".to_owned()));
        }
        let parsed = value("q").map(parse).transpose();
        if value("validate").is_some_and(|validate| !matches!(validate, "0" | "false")) {
            return Ok(Self::Check(parsed.is_ok()));
        }
        let keep = value("scroll_expire").map(duration).transpose()?;
        if let Some(id) = value("scroll_id") {
            return Ok(Self::Next { scroll: id.to_owned(), keep });
        }
        let find = Find {
            count: value("count").map(|text| number("count", text)).transpose()?,
            offset: value("offset").map_or(Ok(0), |text| number("offset", text))?,
            fields: value("fields").map(Fields::of).unwrap_or_default(),
            query: parsed.map_err(|error| Refusal::Format(format!("q: {error}")))?,
            sort: value("sort").map_or(Ok(Vec::new()), order::criteria)?,
            scroll: keep,
        };
        if find.offset + find.count.unwrap_or_default() > MOST {
            let beyond = "count and offset: only the first 10000 results, use scroll_expire";
            return Err(Refusal::Format(beyond.to_owned()));
        }
        Ok(Self::Find(find))
    }
}

impl Find {
    /// Whether every resource is wanted, in the order in which they are.
    pub(crate) const fn is_everything(&self) -> bool {
        self.query.is_none() && self.sort.is_empty()
    }

    /// The text that the property `path` must have; see [`Expr::exact_text`].
    pub(crate) fn exact_text(&self, path: &str) -> Option<&str> {
        self.query.as_ref()?.exact_text(path)
    }

    /// Those of `resources` that match, in the order that is wanted.
    pub(crate) fn select(&self, resources: impl Iterator<Item = Value>) -> Vec<Value> {
        let wanted = |value: &Value| self.query.as_ref().is_none_or(|query| query.matches(value));
        let mut found: Vec<Value> = resources.filter(wanted).collect();
        order::sort(&mut found, &self.sort);
        found
    }

    /// Which of `total` matches the page shows.
    pub(crate) fn page(&self, total: usize) -> Range<usize> {
        let start = self.offset.min(total);
        start..start.saturating_add(self.page_size()).min(total)
    }

    /// How many a page shows at most.
    pub(crate) fn page_size(&self) -> usize {
        self.count.unwrap_or(MOST)
    }

    /// What the answer shows of a resource.
    pub(crate) fn project(&self, resource: Value) -> Value {
        self.fields.of_value(resource)
    }
}

fn number(name: &str, text: &str) -> Result<usize, Refusal> {
    let wrong = || Refusal::Format(format!("{name}: expected a whole number from 0 to {MOST}"));
    text.parse().ok().filter(|number| *number <= MOST).ok_or_else(wrong)
}

/// `90s`, `5m`, `1h`, or plain seconds.
fn duration(text: &str) -> Result<SignedDuration, Refusal> {
    let wrong = || Refusal::Format("scroll_expire: expected a time like 30s, 5m or 1h".to_owned());
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let number: i64 = digits.parse().ok().filter(|number| *number > 0).ok_or_else(wrong)?;
    let seconds = match text.get(digits.len()..).unwrap_or_default() {
        "" | "s" => Some(number),
        "m" => number.checked_mul(60),
        "h" => number.checked_mul(3600),
        "d" => number.checked_mul(86_400),
        _ => None,
    };
    let duration = SignedDuration::from_secs(seconds.ok_or_else(wrong)?);
    if duration > LONGEST { Err(wrong()) } else { Ok(duration) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;

    fn find(query: &str) -> Find {
        match Search::read(query).unwrap() {
            Search::Find(find) => find,
            other => unreachable!("{other:?}"),
        }
    }

    fn refused(query: &str) -> String {
        match Search::read(query) {
            Err(Refusal::Format(details)) => details,
            other => unreachable!("{query}: {other:?}"),
        }
    }

    #[test]
    fn nothing_asked_is_everything_up_to_the_limit() {
        for query in ["", "q=&count=", "expand=all&meta=1&preset=x&validate=0&other=1"] {
            let find = find(query);
            assert!(find.is_everything());
            assert_eq!((find.page(7), find.page(10_001)), (0..7, 0..10_000), "{query}");
        }
        assert_eq!(find("offset=10").page(20_000), 10..10_010, "as the guide counts");
        assert_eq!(find("count=2&offset=3").page(4), 3..4);
        assert_eq!(find("count=0&offset=9").page(4), 4..4);
        assert_eq!(find("count=10000").page_size(), 10_000);
    }

    #[test]
    fn bytes_that_are_no_text_are_refused() {
        for query in ["q=%ff", "q=a:%C3%28", "%ff=1", "count=1&x=%80"] {
            assert_eq!(refused(query), "query: no UTF-8", "{query}");
        }
    }

    #[test]
    fn what_lies_beyond_the_limit_needs_scrolling() {
        for query in ["count=10000&offset=1", "count=1&offset=10000"] {
            assert!(refused(query).contains("scroll_expire"), "{query}");
        }
        for query in ["count=10001", "count=-1", "offset=1.5", "offset=99999999999999999999999"] {
            assert!(refused(query).contains("expected a whole number"), "{query}");
        }
    }

    #[test]
    fn parameters_are_decoded_and_refused_by_name() {
        let list = || vec![json!({ "a": "x y" }), json!({ "a": "z" })].into_iter();
        assert_eq!(find("Q=a%3A%22x+y%22").select(list()), [json!({ "a": "x y" })]);
        assert_eq!(find("q=a:z&q=a:x").select(list()), [json!({ "a": "z" })]);
        assert_eq!(
            find("sort=a:desc").select(list()),
            [json!({ "a": "z" }), json!({ "a": "x y" })]
        );
        assert_eq!(refused("q=a:1%20)"), "q: unexpected ) at position 5");
        assert!(refused("sort=a:up").starts_with("sort: "));
        assert!(refused("aggregate={}").starts_with("aggregate: "));
        for time in ["x", "0s", "-1", "1y", "25h", "9223372036854775807h"] {
            assert!(refused(&format!("scroll_expire={time}")).starts_with("scroll_expire: "));
        }
        assert_eq!(find("scroll_expire=5m").scroll, Some(SignedDuration::from_mins(5)));
    }

    #[test]
    fn a_query_can_be_checked_without_an_answer() {
        assert_eq!(Search::read("q=a:1&validate=1"), Ok(Search::Check(true)));
        assert_eq!(Search::read("q=a:&validate=1.0"), Ok(Search::Check(false)));
        assert_eq!(Search::read("validate=1"), Ok(Search::Check(true)));
    }
}
