//! Raw bytes on sockets: what is no HTTP, nearly HTTP, too long, or more than one request.
//!
//! Every case is a connection. It must end or answer within the deadline, and nothing that comes
//! back is 500 or above.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

use kasse::sandbox::SEED_TOKEN;

use super::rng::Rng;

/// How long a connection may say nothing before that is a hang. Longer than any machine is busy.
const DEADLINE: Duration = Duration::from_secs(60);

const PATHS: &[&str] = &[
    "/api/v2/Smart/Transactions",
    "/sandbox/health",
    "/oauth/token",
    "/",
    "*",
    "//",
    "http://x/y",
    "/api/v2/Smart/Transactions/STX_1/start/cash",
    "/%",
    "/%00",
    "/\u{e9}",
    "",
    "/a b",
    "/sandbox/openapi.json",
    "/api/v2/Loyalty/MerchantCards?q=(((",
    "?",
    "/?a=%zz",
];
const HEADERS: &[&str] = &[
    "Host: x",
    "Host: x\r\nHost: y",
    "Content-Type: application/json",
    "Expect: 100-continue",
    "Expect: 200-ok",
    "Connection: close",
    "Connection: keep-alive, upgrade",
    "Upgrade: h2c",
    "Transfer-Encoding: chunked",
    "Transfer-Encoding: gzip, chunked",
    "Transfer-Encoding: x",
    "Content-Length: 0",
    "Content-Length: -1",
    "Content-Length: 99999999999999999999",
    "Content-Length: 18446744073709551615",
    "Content-Length: 5, 6",
    "Content-Length: +5",
    "Content-Length: 3\r\nContent-Length: 4",
    "X",
    ": x",
    "X : y",
    "X:\0",
    "X: \u{7f}",
    " folded: x",
    "Authorization: Bearer",
    "Authorization: \u{e9}",
    "Authenticate: Bearer x",
    "Cookie: a=b",
];
const BODIES: &[&str] = &[
    "",
    "{}",
    "[]",
    "{\"basket\":",
    "5\r\nhello\r\n0\r\n\r\n",
    "0\r\n\r\n",
    "ffffffffffffffff\r\nx",
    "-1\r\n",
    "5;ext=\"x\"\r\nhello\r\n0\r\nTrailer: x\r\n\r\n",
    "zz\r\n",
    "\0\0\0\0",
    "GET / HTTP/1.1\r\n\r\n",
];

/// The bytes of one connection.
fn bytes(rng: &mut Rng) -> Vec<u8> {
    if rng.chance(100) {
        return (0..rng.between(0, 200))
            .map(|_| u8::try_from(rng.between(0, 255)).unwrap())
            .collect();
    }
    let mut bytes = Vec::new();
    for _ in 0..rng.between(1, 4) {
        request(rng, &mut bytes);
    }
    if rng.chance(300) && !bytes.is_empty() {
        for _ in 0..rng.between(1, 6) {
            let at = usize::try_from(rng.between(0, bytes.len() as u64 - 1)).unwrap();
            bytes[at] =
                rng.pick(&[0, b'\r', b'\n', b' ', b':', 0x7f, 0x80, 0xff, b'A', b'0', b'%']);
        }
    }
    if rng.chance(200) {
        bytes.truncate(usize::try_from(rng.between(0, bytes.len() as u64)).unwrap());
    }
    bytes
}

fn request(rng: &mut Rng, out: &mut Vec<u8>) {
    let method =
        rng.pick(&["GET", "POST", "PUT", "HEAD", "OPTIONS", "get", "", "PRI", "G\0T", "CONNECT"]);
    let version = rng
        .pick(&["HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.0", "HTTP/2.0", "HTTP/1.9", "", "x"]);
    let end = if rng.chance(50) { "\n" } else { "\r\n" };
    let mut path = rng.pick(PATHS).to_owned();
    if rng.chance(10) {
        path.push_str(&"a".repeat(usize::try_from(rng.between(1, 100_000)).unwrap()));
    }
    out.extend_from_slice(format!("{method} {path} {version}{end}").as_bytes());
    if rng.chance(500) {
        out.extend_from_slice(format!("Authorization: Bearer {SEED_TOKEN}{end}").as_bytes());
    }
    let most = if rng.chance(10) { 400 } else { 4 };
    for _ in 0..rng.between(0, most) {
        out.extend_from_slice(format!("{}{end}", rng.pick(HEADERS)).as_bytes());
    }
    if rng.chance(5) {
        out.extend_from_slice(format!("X: {}{end}", "y".repeat(70_000)).as_bytes());
    }
    let body = rng.pick(BODIES);
    if rng.chance(500) {
        out.extend_from_slice(format!("Content-Length: {}{end}", body.len()).as_bytes());
    }
    out.extend_from_slice(format!("{end}{body}").as_bytes());
}

/// One connection, or what was wrong with it and all that was sent.
pub fn case(addr: SocketAddr, rng: &mut Rng) -> Result<(), String> {
    let bytes = bytes(rng);
    let wrong = |what: String| format!("{what}\nsent: {}", bytes.escape_ascii());
    let mut line = TcpStream::connect(addr).map_err(|error| wrong(error.to_string()))?;
    line.set_read_timeout(Some(DEADLINE)).and(line.set_write_timeout(Some(DEADLINE))).unwrap();
    // In pieces, as they may arrive.
    let piece = usize::try_from(rng.pick(&[1 << 20, 1 << 20, 1_000, 7])).unwrap();
    for piece in bytes.chunks(piece.max(bytes.len() / 200 + 1)) {
        match line.write_all(piece) {
            Ok(()) => {}
            Err(error) if hung(&error) => return Err(wrong("nobody reads".to_owned())),
            // It may hang up before all is said.
            Err(_) => break,
        }
    }
    let _ = line.shutdown(Shutdown::Write);
    let mut answer = Vec::new();
    match line.read_to_end(&mut answer) {
        Err(error) if hung(&error) => return Err(wrong("no end".to_owned())),
        _ => {}
    }
    let failed = answer.windows(10).any(|ten| ten.starts_with(b"HTTP/1.") && ten.ends_with(b" 5"));
    if failed { Err(wrong(format!("answered: {}", answer.escape_ascii()))) } else { Ok(()) }
}

fn hung(error: &std::io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}
