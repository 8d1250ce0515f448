//! Requests that no client should send: each gets the documented body or a closed connection, and
//! none of them keeps the sandbox.

use std::time::Duration;

use kasse::sandbox::{Options, SEED_TOKEN};
use rstest::rstest;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::sandbox::kit::{Answer, Kit, assert_refused};

async fn connect(kit: &Kit) -> TcpStream {
    TcpStream::connect(kit.url.strip_prefix("http://").unwrap()).await.unwrap()
}

/// Everything that comes back until the sandbox closes the connection.
async fn rest(mut stream: TcpStream) -> String {
    let mut answer = Vec::new();
    // A connection may also be reset when it still had something to say.
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8(answer).unwrap()
}

fn read(answer: &str) -> Answer {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let body: Value = serde_json::from_str(body).unwrap();
    Answer { status: head["HTTP/1.1 ".len()..][..3].parse().unwrap(), body }
}

async fn impatient() -> Kit {
    Kit::with(Options { patience: Duration::from_millis(300), ..Options::default() }).await
}

#[tokio::test]
async fn a_body_that_does_not_come_is_not_waited_for() {
    let kit = impatient().await;
    let mut stream = connect(&kit).await;
    let head = format!(
        "POST /api/v2/Smart/Transactions HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\
         Authorization: Bearer {SEED_TOKEN}\r\n\r\n{{"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let answer = read(&rest(stream).await);
    assert_eq!(answer.status, 408);
    assert_refused(&answer, "ProductFormatException", 1001);
}

#[rstest]
#[case::silent("")]
#[case::half_a_head("GET / HTTP/1.1\r\nHost:")]
#[tokio::test]
async fn a_connection_without_a_request_ends(#[case] sent: &str) {
    let kit = impatient().await;
    let mut stream = connect(&kit).await;
    stream.write_all(sent.as_bytes()).await.unwrap();
    let answer = rest(stream).await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408"), "{answer}");
}

#[tokio::test]
async fn an_idle_connection_ends() {
    let kit = impatient().await;
    let mut stream = connect(&kit).await;
    stream.write_all(b"GET /sandbox/health HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    assert!(rest(stream).await.starts_with("HTTP/1.1 200"));
}

#[rstest]
#[case::path(format!("/{}", "x".repeat(9_000)), String::new(), 414)]
#[case::query(format!("/api/v2/Smart/Transactions?q={}", "x".repeat(9_000)), String::new(), 414)]
#[case::header("/".to_owned(), format!("X-Long: {}\r\n", "x".repeat(70_000)), 431)]
#[case::headers("/".to_owned(), format!("X-Many: {}\r\n", "x".repeat(700)).repeat(100), 431)]
#[tokio::test]
async fn huge_heads_are_refused(
    #[case] path: String,
    #[case] headers: String,
    #[case] status: u16,
) {
    let kit = Kit::start().await;
    let mut stream = connect(&kit).await;
    let head = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let answer = read(&rest(stream).await);
    assert_eq!(answer.status, status);
    assert_refused(&answer, "ProductFormatException", 1001);
}

#[tokio::test]
async fn a_body_without_an_end_is_refused_and_the_sandbox_goes_on() {
    let kit = Kit::start().await;
    let mut stream = connect(&kit).await;
    let head = format!(
        "POST /api/v2/Smart/Transactions HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\
         Authorization: Bearer {SEED_TOKEN}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let chunk = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
    let (mut reading, mut writing) = stream.into_split();
    let writer = tokio::spawn(async move {
        for _ in 0..1_000 {
            if writing.write_all(chunk.as_bytes()).await.is_err() {
                return true;
            }
        }
        false
    });
    let mut start = [0; 12];
    reading.read_exact(&mut start).await.unwrap();
    assert_eq!(&start, b"HTTP/1.1 413");
    drop(reading);
    assert!(writer.await.unwrap(), "the connection ends");
    assert_eq!(kit.get("/sandbox/health").await.status, 200);
}

#[rstest]
#[case("GET /%zz HTTP/1.1", 404)]
#[case("GET /api/v2/Smart/Transactions/%ff HTTP/1.1", 404)]
#[case("GET /api/v2/Smart/Transactions/%00%0d%0a HTTP/1.1", 404)]
#[case("GET /api/v2/Smart/Transactions/..%2f..%2f HTTP/1.1", 404)]
#[case("GET /api//v2/Smart/Transactions/x HTTP/1.1", 404)]
#[case("GET /api/v2/./Smart/../Smart/Transactions/x HTTP/1.1", 404)]
#[case("GET /api/v2/Smart/Transactions?q=%ff%zz HTTP/1.1", 400)]
#[case("GET http://elsewhere/api/v2/Smart/Transactions/x HTTP/1.1", 404)]
#[case("OPTIONS * HTTP/1.1", 404)]
#[case("CONNECT elsewhere:443 HTTP/1.1", 404)]
#[case("TRACE /oauth/token HTTP/1.1", 405)]
#[tokio::test]
async fn odd_paths_get_the_documented_body(#[case] line: &str, #[case] status: u16) {
    let kit = Kit::start().await;
    let mut stream = connect(&kit).await;
    let head = format!(
        "{line}\r\nHost: x\r\nAuthorization: Bearer {SEED_TOKEN}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let answer = read(&rest(stream).await);
    assert_eq!(answer.status, status, "{answer:?}");
    assert_eq!(answer.body["status"], "error");
}

#[tokio::test]
async fn head_tells_what_get_would_without_its_body() {
    let kit = Kit::start().await;
    let url = format!("{}/sandbox/health", kit.url);
    let [get, head] = [kit.http.get(&url), kit.http.head(&url)];
    let (get, head) = (get.send().await.unwrap(), head.send().await.unwrap());
    assert_eq!(head.status(), 200);
    for name in ["content-type", "content-length", "server"] {
        assert_eq!(head.headers()[name], get.headers()[name], "{name}");
    }
    assert_eq!(head.bytes().await.unwrap().len(), 0);
    let refused = kit.http.head(format!("{}/oauth/token", kit.url)).send().await.unwrap();
    assert_eq!(refused.status(), 405);
}
