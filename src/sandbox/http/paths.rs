//! Which operation a method and a path mean.
//!
//! Fixed path segments match in any case, as the documents spell them in several; ids do not.
//! Segments may be percent-encoded. Must not know what an operation does.

use std::borrow::Cow;

use matchit::Router;

use crate::sandbox::http::operation::Operation;
use crate::sandbox::refusal::Refusal;

/// The operations of one pattern, in the order of the tables.
type Rows = Vec<&'static Operation>;

/// All operations by path.
pub(super) struct Paths(Router<Rows>);

/// An operation and the values of its path's parameters.
pub(super) type Found = (&'static Operation, Vec<(&'static str, String)>);

impl Paths {
    /// The operations of `tables`.
    pub(super) fn new(tables: &'static [&'static [Operation]]) -> Self {
        let mut patterns: Vec<(String, Rows)> = Vec::new();
        for operation in tables.iter().flat_map(|table| table.iter()) {
            let key = operation.segments().map(|segment| match parameter(segment) {
                Some(_) => "/{}".to_owned(),
                None => format!("/{}", segment.to_ascii_lowercase()),
            });
            let key: String = key.collect();
            match patterns.iter_mut().find(|(known, _)| *known == key) {
                Some((_, rows)) => rows.push(operation),
                None => patterns.push((key, vec![operation])),
            }
        }
        let mut router = Router::new();
        for (key, rows) in patterns {
            // The router wants a name for every parameter of a pattern.
            let named = key.split("{}").enumerate().map(|(at, part)| match at {
                0 => part.to_owned(),
                _ => format!("{{p{at}}}{part}"),
            });
            let inserted = router.insert(named.collect::<String>(), rows);
            debug_assert!(inserted.is_ok(), "{inserted:?}");
        }
        Self(router)
    }

    /// The operation of `method` and `path`. `HEAD` finds what `GET` finds.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for an unknown path, [`Refusal::Method`] for a known one.
    pub(super) fn find(&self, method: &str, path: &str) -> Result<Found, Refusal> {
        let unknown = || Refusal::NotFound("path".to_owned());
        let segments = path.trim_matches('/').split('/').map(decoded);
        let segments: Vec<Cow<'_, str>> = segments.collect::<Option<_>>().ok_or_else(unknown)?;
        let mut key = String::with_capacity(path.len() + 1);
        for segment in &segments {
            key.push('/');
            // A slash within a segment is none between segments.
            key.push_str(if segment.contains('/') { "\0" } else { segment });
        }
        key.make_ascii_lowercase();
        let rows = self.0.at(&key).map_err(|_| unknown())?.value;
        let method = if method == "HEAD" { "GET" } else { method };
        let Some(operation) = rows.iter().find(|row| row.method == method) else {
            return Err(Refusal::Method(allowed(rows)));
        };
        let named = operation.segments().zip(segments);
        let params = named.filter_map(|(segment, value)| Some((parameter(segment)?, value)));
        let params = params.map(|(name, value)| (name, value.into_owned())).collect();
        Ok((operation, params))
    }
}

/// The methods of a path, as the header `Allow` names them.
fn allowed(rows: &Rows) -> String {
    let methods = rows.iter().map(|row| if row.method == "GET" { "GET, HEAD" } else { row.method });
    methods.chain(["OPTIONS"]).collect::<Vec<_>>().join(", ")
}

/// The name in a segment `{name}`.
fn parameter(segment: &'static str) -> Option<&'static str> {
    segment.strip_prefix('{')?.strip_suffix('}')
}

/// The segment without percent signs, `None` if what they stand for is no text.
fn decoded(segment: &str) -> Option<Cow<'_, str>> {
    let digits = |text: &str| {
        text.as_bytes().get(..2).is_some_and(|pair| pair.iter().all(u8::is_ascii_hexdigit))
    };
    if !segment.split('%').skip(1).all(digits) {
        return None;
    }
    percent_encoding::percent_decode_str(segment).decode_utf8().ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::sandbox::http::routes::{PATHS, TABLES};

    fn name(method: &str, path: &str) -> Result<&'static str, Refusal> {
        PATHS.find(method, path).map(|(operation, _)| operation.name)
    }

    #[test]
    fn fixed_segments_match_in_any_case_and_ids_stay_as_sent() {
        for path in [
            "/api/v2/Smart/Transactions/STX_aB/preTransaction",
            "/API/V2/smart/transactions/STX_aB/PRETRANSACTION/",
        ] {
            let (operation, params) = PATHS.find("POST", path).unwrap();
            assert_eq!(operation.name, "preTransaction", "{path}");
            assert_eq!(params, [("id", "STX_aB".to_owned())], "{path}");
        }
    }

    #[test]
    fn segments_may_be_percent_encoded() {
        let path = "/%61pi/v2/Smart/Transactions/STX%5F1%2f%C3%A4/abort";
        let (operation, params) = PATHS.find("POST", path).unwrap();
        assert_eq!(operation.name, "abortTransaction");
        assert_eq!(params, [("id", "STX_1/ä".to_owned())]);
        for broken in ["%", "%5", "%zz", "%ff", "%+1", "a%2"] {
            let path = format!("/api/v2/Smart/Transactions/{broken}");
            assert!(matches!(name("GET", &path), Err(Refusal::NotFound(_))), "{broken}");
        }
    }

    #[test]
    fn an_unknown_method_lists_the_known_ones_and_an_unknown_path_is_not_found() {
        assert_eq!(
            name("DELETE", "/api/v2/Smart/Transactions/STX_1"),
            Err(Refusal::Method("GET, HEAD, PUT, OPTIONS".to_owned()))
        );
        for path in ["/", "", "/api/v2/Smart", "/api/v2/Smart/Transactions//abort/x"] {
            assert!(matches!(name("POST", path), Err(Refusal::NotFound(_))), "{path}");
        }
    }

    #[test]
    fn no_operation_hides_another_and_names_are_unique() {
        let all: Vec<_> = TABLES.iter().flat_map(|table| table.iter()).collect();
        for (at, operation) in all.iter().enumerate() {
            let path = operation.path.replace(['{', '}'], "");
            assert_eq!(name(operation.method, &path), Ok(operation.name), "{path}");
            for other in all.iter().take(at) {
                assert_ne!(other.name, operation.name);
            }
        }
    }
}
