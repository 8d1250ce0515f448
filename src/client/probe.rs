//! One look at a server without an account: does it answer, and what time does it have.
//!
//! Owns a single request that carries no token and asks for nothing. Must not log in.

use reqwest::header::DATE;
use reqwest::{Method, Url};

use super::call;
use super::reply::Failure;
use super::settings::Endpoint;
use super::{Client, SettingsError};
use crate::wire::DownReason;

/// Where a server is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Name or address.
    pub host: String,
    /// The port that is written or implied.
    pub port: u16,
    /// The connection is encrypted.
    pub encrypted: bool,
    /// It is this machine: no proxy is used.
    pub loopback: bool,
}

/// What one look has shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sight {
    /// The HTTP status.
    pub status: u16,
    /// The server's time as it wrote it (RFC 9110, `Date`).
    pub date: Option<String>,
}

/// Where the server of this address is.
///
/// # Errors
/// As [`Client::new`], for an address that a till may not talk to.
pub fn target(url: &str) -> Result<Target, SettingsError> {
    let endpoint = Endpoint::parse(url)?;
    let base: Url = endpoint.oauth();
    Ok(Target {
        host: base.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned(),
        port: base.port_or_known_default().unwrap_or_default(),
        encrypted: endpoint.is_encrypted(),
        loopback: endpoint.is_loopback(),
    })
}

impl Client {
    /// Looks at the server once, without a token; any answer will do.
    ///
    /// # Errors
    /// Why there was none.
    pub async fn look(&self) -> Result<Sight, DownReason> {
        let request = call::bare(Method::GET, self.endpoint.api(""), self.call);
        match call::look(&self.pool, request).await {
            Ok((status, headers)) => {
                let date = headers.get(DATE).and_then(|date| date.to_str().ok());
                Ok(Sight { status, date: date.map(str::to_owned) })
            }
            Err(Failure::Unknown(reason) | Failure::Down(reason)) => Err(reason),
            Err(Failure::Refused(_)) => Err(DownReason::Internal),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn host_and_port_are_found() {
        let at = |url| target(url).map(|t| (t.host, t.port, t.encrypted, t.loopback)).unwrap();
        let host = "connect.example".to_owned();
        assert_eq!(at("https://connect.example/api/v2"), (host, 443, true, false));
        assert_eq!(at("http://[::1]:80"), ("::1".to_owned(), 80, false, true));
        assert!(target("ftp://connect.example").is_err());
    }
}
