//! What the client must be told, and the check that it may talk to that address.
//!
//! Owns [`Settings`], [`Deadlines`] and the rules for the base address: encrypted, or on this
//! machine. Must not know where settings come from (files, environment) or open a connection.

use std::net::IpAddr;
use std::path::PathBuf;

use reqwest::Url;
use secrecy::SecretString;
use thiserror::Error;

/// Account, address and deadlines of one [`Client`](super::Client). Its Debug output hides the
/// secret.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Base address like `https://connect.secucard.com`; a trailing slash or `/api/v2` is fine.
    pub url: String,
    /// The account's id.
    pub client_id: String,
    /// The account's secret.
    pub client_secret: SecretString,
    /// The paired device, `/vendor/…/cashier/…`; without it the account itself logs in.
    pub device_uuid: Option<String>,
    /// Where tokens outlive the program; nowhere if absent.
    pub token_file: Option<PathBuf>,
    /// Certificates (PEM) of authorities that are believed besides those of the operating system,
    /// as an inspecting proxy needs them.
    pub ca_file: Option<PathBuf>,
    /// How long calls may take.
    pub deadlines: Deadlines,
}

/// How long each part of a call may take, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadlines {
    /// Looking up the name, connecting, and the TLS handshake.
    pub connect: u64,
    /// Any call, from connecting to the last byte of its answer. Getting a token that the call
    /// needs first is a call of its own.
    pub call: u64,
    /// A start with the payment terminal, which blocks until the customer is done.
    pub cashless: u64,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self { connect: 5_000, call: 15_000, cashless: 180_000 }
    }
}

/// Why a client cannot be built from its [`Settings`]. Never repeats the address as typed, which
/// might hold a password.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SettingsError {
    /// The address cannot be parsed.
    #[error("the API address is not a URL: {0}")]
    NotAUrl(String),
    /// The address is for something else than HTTP.
    #[error("the API address must start with https://, not {0}://")]
    Scheme(String),
    /// Unencrypted to another machine.
    #[error("the API address must use https:// (http:// is allowed to this machine only): {0}")]
    Unencrypted(String),
    /// A user name or password in the address.
    #[error("the API address must not contain a user name or password")]
    UserInfo,
    /// Something behind the path.
    #[error("the API address must end with its path: no ? and no #")]
    Query,
    /// No encrypted connection can be set up on this machine, usually for want of certificates.
    #[error("no encrypted connection is possible on this machine: {0}")]
    Tls(String),
    /// The file of further authorities cannot be used.
    #[error("cannot use the certificates in {file}: {why}", file = .file.display())]
    Authorities {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        why: String,
    },
}

/// A checked base address.
#[derive(Debug, Clone)]
pub(super) struct Endpoint {
    base: Url,
    /// The path in front of `/api/v2` and `/oauth`, without a slash at its end.
    prefix: String,
    loopback: bool,
}

impl Settings {
    /// Whether `url` can be a server's address at all; asks nobody.
    ///
    /// # Errors
    /// As [`super::Client::new`] would give.
    pub fn check_url(url: &str) -> Result<(), SettingsError> {
        Endpoint::parse(url).map(drop)
    }
}

/// Reads an address. A host name outside ASCII is refused, because the Unicode tables that turn it
/// into punycode are not built in; its `xn--` form is taken as it stands.
///
/// # Errors
/// What is wrong, without repeating the address.
pub fn parse_url(text: &str) -> Result<Url, String> {
    let parse = |text: &str| Url::parse(text).map_err(|error| error.to_string());
    // Only here may such letters stand in the host: the parser must not see them there, in a debug
    // build it panics. The host is where other letters in their place make a difference.
    let foreign = |c: char| !c.is_ascii() || c == '%';
    let [one, other] = ["x", "y"].map(|letter| parse(&text.replace(foreign, letter)));
    if one?.host_str() != other?.host_str() {
        return Err("its host name is not plain ASCII; write it as punycode, like \
                    xn--mnchen-3ya.example for münchen.example"
            .to_owned());
    }
    parse(text)
}

impl Endpoint {
    /// Checks `url`; see [`SettingsError`] for what is refused.
    pub(super) fn parse(url: &str) -> Result<Self, SettingsError> {
        let base = parse_url(url.trim()).map_err(SettingsError::NotAUrl)?;
        if !matches!(base.scheme(), "http" | "https") {
            return Err(SettingsError::Scheme(base.scheme().to_owned()));
        }
        if !base.username().is_empty() || base.password().is_some() {
            return Err(SettingsError::UserInfo);
        }
        if base.query().is_some() || base.fragment().is_some() {
            return Err(SettingsError::Query);
        }
        let host = base.host_str().unwrap_or_default();
        let loopback = host == "localhost"
            || host
                .trim_matches(['[', ']'])
                .parse::<IpAddr>()
                .is_ok_and(|address| address.is_loopback());
        if base.scheme() == "http" && !loopback {
            return Err(SettingsError::Unencrypted(host.to_owned()));
        }
        let path = base.path().trim_end_matches('/');
        let prefix = path.strip_suffix("/api/v2").unwrap_or(path).trim_end_matches('/').to_owned();
        Ok(Self { base, prefix, loopback })
    }

    /// Whether the server is on this machine.
    pub(super) const fn is_loopback(&self) -> bool {
        self.loopback
    }

    /// Whether the connection is encrypted.
    pub(super) fn is_encrypted(&self) -> bool {
        self.base.scheme() == "https"
    }

    /// The address of an API path like `Smart/Transactions`; its parts must need no escaping.
    pub(super) fn api(&self, path: &str) -> Url {
        self.at(&format!("/api/v2/{path}"))
    }

    /// An address of the sandbox's own.
    pub(super) fn sandbox(&self, path: &str) -> Url {
        self.at(&format!("/sandbox/{path}"))
    }

    /// The address that grants tokens.
    pub(super) fn oauth(&self) -> Url {
        self.at("/oauth/token")
    }

    /// The same text for every spelling of the same server: what a stored token belongs to.
    pub(super) fn identity(&self) -> String {
        self.at("").to_string()
    }

    fn at(&self, path: &str) -> Url {
        let mut url = self.base.clone();
        url.set_path(&format!("{}{path}", self.prefix));
        url
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn one_server_has_one_identity() {
        for url in [
            "https://connect.example",
            "https://CONNECT.example/",
            "https://connect.example:443/api/v2",
            " https://connect.example/api/v2/ ",
        ] {
            let endpoint = Endpoint::parse(url).unwrap();
            assert_eq!(endpoint.identity(), "https://connect.example/");
            assert_eq!(endpoint.oauth().as_str(), "https://connect.example/oauth/token");
            assert_eq!(endpoint.api("Smart/X").as_str(), "https://connect.example/api/v2/Smart/X");
        }
        let below = Endpoint::parse("https://proxy.example/secu/api/v2").unwrap();
        assert_eq!(below.oauth().as_str(), "https://proxy.example/secu/oauth/token");
    }

    #[test]
    fn unencrypted_only_to_this_machine() {
        for url in [
            "http://127.0.0.1:8474",
            "http://127.9.9.9",
            "http://[::1]:80",
            "http://localhost:1/api/v2",
        ] {
            assert!(Endpoint::parse(url).unwrap().is_loopback(), "{url}");
        }
        for (url, host) in [
            ("http://connect.example", "connect.example"),
            ("http://10.0.0.1", "10.0.0.1"),
            ("http://localhost.example", "localhost.example"),
            ("http://127.0.0.1.example", "127.0.0.1.example"),
            ("http://[fe80::1]", "[fe80::1]"),
        ] {
            let error = Endpoint::parse(url).unwrap_err();
            assert_eq!(error, SettingsError::Unencrypted(host.to_owned()), "{url}");
        }
        assert!(!Endpoint::parse("https://connect.example").unwrap().is_loopback());
    }

    #[test]
    fn odd_addresses_are_refused_without_repeating_them() {
        use SettingsError::{Query, Scheme, UserInfo};
        for (url, expected) in [
            ("https://till:hunter2@connect.example", UserInfo),
            ("https://till@connect.example", UserInfo),
            ("https://connect.example/?a=1", Query),
            ("https://connect.example/#a", Query),
            ("ftp://connect.example", Scheme("ftp".to_owned())),
        ] {
            let error = Endpoint::parse(url).unwrap_err();
            assert_eq!(error, expected, "{url}");
            assert!(!error.to_string().contains("hunter2"));
        }
        for url in ["", "connect.example", "https://", "https://a b"] {
            assert!(matches!(Endpoint::parse(url), Err(SettingsError::NotAUrl(_))), "{url}");
        }
    }

    #[test]
    fn a_host_outside_ascii_is_refused_and_its_punycode_form_is_taken() {
        for url in [
            "https://münchen.example",
            "https://MÜNCHEN.example:8443/api/v2",
            "https://M%C3%9CNCHEN.example",
            "https:münchen.example",
            "https://ｅｘ.example",
            "https://müller:hunter2@münchen.example",
            "http://localhöst",
        ] {
            let Err(SettingsError::NotAUrl(why)) = Endpoint::parse(url) else {
                unreachable!("{url} is taken");
            };
            assert!(why.contains("not plain ASCII") && why.contains("xn--mnchen-3ya"), "{why}");
            assert!(!why.contains("hunter2"));
        }
        for url in ["https://xn--mnchen-3ya.example", "https://XN--MNCHEN-3YA.example/"] {
            let endpoint = Endpoint::parse(url).unwrap();
            assert_eq!(endpoint.identity(), "https://xn--mnchen-3ya.example/");
        }
        let path = Endpoint::parse("https://connect.example/küche").unwrap();
        assert_eq!(path.identity(), "https://connect.example/k%C3%BCche");
        for url in ["münchen.example", "https://MÜNCHEN:99999", "https://MÜN CHEN", "https://xn--"]
        {
            let Err(SettingsError::NotAUrl(why)) = Endpoint::parse(url) else {
                unreachable!("{url} is taken");
            };
            assert!(!why.contains("ASCII"), "{url}: {why}");
        }
    }

    #[test]
    fn debug_hides_the_secret() {
        let settings = Settings {
            url: "https://connect.example".to_owned(),
            client_id: "id".to_owned(),
            client_secret: SecretString::from("hunter2"),
            device_uuid: None,
            token_file: None,
            ca_file: None,
            deadlines: Deadlines::default(),
        };
        assert!(!format!("{settings:?}").contains("hunter2"));
    }
}
