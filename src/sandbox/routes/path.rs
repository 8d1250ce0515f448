//! Paths: which ones there are and which methods they take.

use axum::http::Method;

use super::super::refusal::Refusal;
use crate::wire::StartMethod;

/// A known path with a method it takes.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Route {
    /// `POST /oauth/token`
    Token,
    /// Below `/api/v2/Smart/Transactions`.
    Transactions(Call),
    /// `GET /api/v2/Loyalty/MerchantCards`
    Cards,
    /// `GET` and `PUT /sandbox/faults`, which are no part of the API.
    Faults,
}

/// A call on transactions; ids as sent.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Call {
    List,
    Create,
    Read(String),
    Update(String),
    Apply(String),
    Start(String, StartMethod),
    Abort(String),
    Cancel(String),
}

impl Call {
    /// The id of the transaction that the call is about.
    pub(super) fn transaction(&self) -> Option<&str> {
        match self {
            Self::List | Self::Create => None,
            Self::Read(id)
            | Self::Update(id)
            | Self::Apply(id)
            | Self::Start(id, _)
            | Self::Abort(id)
            | Self::Cancel(id) => Some(id),
        }
    }
}

impl Route {
    pub(super) fn find(method: &Method, path: &str) -> Result<Self, Refusal> {
        let raw: Vec<&str> = path.trim_matches('/').split('/').collect();
        let lower: Vec<String> = raw.iter().map(|part| part.to_ascii_lowercase()).collect();
        let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
        let id = || raw.get(4).copied().unwrap_or_default().to_owned();
        let only = |allowed: &'static str, route: Self| {
            if method.as_str() == allowed { Ok(route) } else { Err(Refusal::Method(allowed)) }
        };
        match lower.as_slice() {
            ["oauth", "token"] => only("POST", Self::Token),
            ["sandbox", "faults"] => match *method {
                Method::GET | Method::PUT => Ok(Self::Faults),
                _ => Err(Refusal::Method("GET, PUT")),
            },
            ["api", "v2", "loyalty", "merchantcards"] => only("GET", Self::Cards),
            ["api", "v2", "smart", "transactions"] => match *method {
                Method::GET => Ok(Self::Transactions(Call::List)),
                Method::POST => Ok(Self::Transactions(Call::Create)),
                _ => Err(Refusal::Method("GET, POST")),
            },
            ["api", "v2", "smart", "transactions", _] => match *method {
                Method::GET => Ok(Self::Transactions(Call::Read(id()))),
                Method::PUT => Ok(Self::Transactions(Call::Update(id()))),
                _ => Err(Refusal::Method("GET, PUT")),
            },
            ["api", "v2", "smart", "transactions", _, "pretransaction"] => {
                only("POST", Self::Transactions(Call::Apply(id())))
            }
            ["api", "v2", "smart", "transactions", _, "abort"] => {
                only("POST", Self::Transactions(Call::Abort(id())))
            }
            ["api", "v2", "smart", "transactions", _, "cancel"] => {
                only("POST", Self::Transactions(Call::Cancel(id())))
            }
            ["api", "v2", "smart", "transactions", _, "start", by] => {
                let by = match *by {
                    "cash" => StartMethod::Cash,
                    "cashless" => StartMethod::Cashless,
                    "loyalty" => StartMethod::Loyalty,
                    other => return Err(Refusal::NotFound(format!("payment method {other}"))),
                };
                only("POST", Self::Transactions(Call::Start(id(), by)))
            }
            _ => Err(Refusal::NotFound("path".to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fixed_segments_match_in_any_case_and_ids_stay_as_sent() {
        for path in [
            "/api/v2/Smart/Transactions/STX_aB/preTransaction",
            "/API/V2/smart/transactions/STX_aB/PRETRANSACTION/",
        ] {
            let call = Call::Apply("STX_aB".to_owned());
            assert_eq!(Route::find(&Method::POST, path), Ok(Route::Transactions(call)), "{path}");
        }
    }

    #[test]
    fn other_methods_and_paths_are_told_apart() {
        assert_eq!(
            Route::find(&Method::DELETE, "/api/v2/Smart/Transactions/STX_1"),
            Err(Refusal::Method("GET, PUT"))
        );
        for path in ["/", "", "/api/v2/Smart", "/api/v2/Smart/Transactions/STX_1/start/demo"] {
            let found = Route::find(&Method::POST, path);
            assert!(matches!(found, Err(Refusal::NotFound(_))), "{path}");
        }
    }
}
