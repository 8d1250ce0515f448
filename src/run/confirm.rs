//! `kasse sandbox confirm`: says yes to a device on behalf of the merchant.
//!
//! One small request to a sandbox on this machine, over a plain socket: there is nothing to
//! encrypt, and no account to know.

use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

use serde_json::Value;

use super::{Failure, tools};
use crate::cli::Exit;
use crate::text;

/// How long a sandbox on this machine may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// No answer of it is longer.
const LONGEST: u64 = 64 * 1024;

/// Confirms `code` at the sandbox that listens on `url`.
pub(super) fn run(code: &str, url: &str) -> Result<u8, Failure> {
    let code = code.trim();
    if code.is_empty() || !code.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(wrong("the code is the one that the device shows, letters and digits"));
    }
    let host = url
        .strip_prefix("http://")
        .map(|host| host.trim_end_matches('/'))
        .filter(|host| !host.is_empty() && !host.contains(['/', '@']))
        .ok_or_else(|| wrong("--url looks like http://127.0.0.1:8474"))?;
    let (status, body) = post(host, &format!("/sandbox/confirm/{code}"))
        .map_err(|error| wrong(format!("no sandbox answers at {url}: {error}")))?;
    match status {
        200 => tools::say(&format!("paired: {}\n", field(&body, "uuid"))),
        404 => Err(wrong(format!("no device waits with the code {code}, or not any more"))),
        _ => Err(wrong(format!("{url} answered {status}: {}", field(&body, "error_details")))),
    }
}

fn wrong(message: impl std::fmt::Display) -> Failure {
    Failure::new(Exit::Usage, message)
}

/// A text of the answer, without anything that a terminal would obey.
fn field(body: &str, name: &str) -> String {
    let body: Value = serde_json::from_str(body).unwrap_or_default();
    text::sanitise(body.get(name).and_then(Value::as_str).unwrap_or_default())
}

fn post(host: &str, path: &str) -> io::Result<(u16, String)> {
    let not_found = || io::Error::new(io::ErrorKind::NotFound, "no such host");
    let addr = host.to_socket_addrs()?.next().ok_or_else(not_found)?;
    let mut stream = TcpStream::connect_timeout(&addr, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    write!(
        stream,
        "POST {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
    )?;
    let mut answer = Vec::new();
    stream.take(LONGEST).read_to_end(&mut answer)?;
    let answer = String::from_utf8_lossy(&answer);
    let strange = || io::Error::new(io::ErrorKind::InvalidData, "that is no sandbox");
    let (head, body) = answer.split_once("\r\n\r\n").ok_or_else(strange)?;
    let status = head.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3));
    let status = status.and_then(|digits| digits.parse().ok()).ok_or_else(strange)?;
    Ok((status, body.to_owned()))
}
