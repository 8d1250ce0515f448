//! Who may use the paths below `/sandbox`: the user of this machine, but no web page in a browser.
//!
//! A page of any site can make the browser send requests to `127.0.0.1`, and a name that its owner
//! points there (DNS rebinding) even lets it read the answers. Both show in headers that a page
//! cannot choose: `Host` is the page's name, `Origin` the page's site. Must not decide who may call
//! the API itself: that needs a token, which no page has.

use std::net::{IpAddr, SocketAddr};

use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, HeaderName, HeaderValue};

use crate::sandbox::refusal::Refusal;

/// Refuses callers from other machines: for them the path does not exist.
pub(super) fn check_peer(peer: SocketAddr) -> Result<(), Refusal> {
    let local = peer.ip().to_canonical().is_loopback();
    local.then_some(()).ok_or_else(|| Refusal::NotFound("path".to_owned()))
}

/// Refuses a request that was not meant for this machine by its user.
///
/// # Errors
/// [`Refusal::Foreign`] with the header that names another machine.
pub(super) fn check_headers(headers: &HeaderMap) -> Result<(), Refusal> {
    let foreign = |name: &'static str, value: &HeaderValue| {
        let value = String::from_utf8_lossy(value.as_bytes()).chars().take(100).collect();
        Refusal::Foreign(name, value)
    };
    let all = |name: HeaderName| headers.get_all(name).into_iter();
    for host in all(HOST) {
        if !host.to_str().is_ok_and(is_local) {
            return Err(foreign("Host", host));
        }
    }
    for origin in all(ORIGIN) {
        let site = origin.to_str().ok().and_then(|origin| {
            origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"))
        });
        if !site.is_some_and(is_local) {
            return Err(foreign("Origin", origin));
        }
    }
    Ok(())
}

/// True for `localhost` and loopback addresses, with or without a port.
fn is_local(authority: &str) -> bool {
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => match rest.split_once(']') {
            Some((host, rest)) => (host, rest.strip_prefix(':').unwrap_or(rest)),
            None => return false,
        },
        None => authority.rsplit_once(':').unwrap_or((authority, "")),
    };
    let name = host.strip_suffix('.').unwrap_or(host);
    port.bytes().all(|byte| byte.is_ascii_digit())
        && (name.eq_ignore_ascii_case("localhost")
            || host.parse::<IpAddr>().is_ok_and(|ip| ip.to_canonical().is_loopback()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn only_localhost_and_loopback_addresses_are_local() {
        for local in [
            "localhost",
            "LOCALHOST:8474",
            "localhost.:1",
            "127.0.0.1",
            "127.9.9.9:80",
            "[::1]:8474",
            "[::1]",
            "[::ffff:127.0.0.1]:1",
        ] {
            assert!(is_local(local), "{local}");
        }
        for far in [
            "",
            "evil.example",
            "localhost.evil.example:8474",
            "127.0.0.1.evil.example",
            "127.0.0.1@evil.example",
            "localhost:80@evil.example",
            "evil.example:127",
            "192.168.1.5:8474",
            "0.0.0.0:8474",
            "[::1",
            "[::1]evil.example",
            "null",
        ] {
            assert!(!is_local(far), "{far}");
        }
    }

    #[test]
    fn only_loopback_peers_are_this_machine() {
        for far in ["192.0.2.1:80", "[2001:db8::1]:80", "[::ffff:192.0.2.1]:80"] {
            assert!(check_peer(far.parse().unwrap()).is_err(), "{far}");
        }
        for local in ["127.0.0.1:80", "[::1]:80", "[::ffff:127.0.0.1]:80"] {
            assert_eq!(check_peer(local.parse().unwrap()), Ok(()), "{local}");
        }
    }
}
