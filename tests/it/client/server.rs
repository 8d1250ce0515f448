//! A loopback server that answers raw bytes by script, and remembers what it was asked.
//!
//! It can do what no well-behaved server does: break off, reset, stay silent.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use kasse::client::{Client, Deadlines, Settings};
use secrecy::SecretString;
use serde_json::{Value, json};

/// One request as it came.
#[derive(Debug, Clone)]
pub struct Request {
    pub method: String,
    /// With its query.
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name));
        found.next().map(|(_, value)| value.as_str())
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// The token it was sent with.
    pub fn bearer(&self) -> &str {
        self.header("authorization").and_then(|value| value.strip_prefix("Bearer ")).unwrap_or("")
    }

    pub fn is_grant(&self) -> bool {
        self.path == "/oauth/token"
    }
}

/// What the server does about a request.
#[derive(Debug, Clone)]
pub enum Reply {
    /// Sends these bytes and waits for the next request on the same connection.
    Send(Vec<u8>),
    /// Sends these bytes and closes.
    Last(Vec<u8>),
    /// Sends these bytes and then nothing, without closing, until the test is over.
    Hang(Vec<u8>),
    /// Resets the connection.
    Reset,
}

/// A complete JSON answer.
pub fn answer(status: u16, body: &Value) -> Reply {
    raw(status, "application/json", body.to_string().as_bytes())
}

/// A complete answer.
pub fn raw(status: u16, content_type: &str, body: &[u8]) -> Reply {
    let mut bytes = format!(
        "HTTP/1.1 {status} Reason\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    )
    .into_bytes();
    bytes.extend_from_slice(body);
    Reply::Send(bytes)
}

/// The smallest transaction the client accepts.
pub fn transaction(id: &str, status: &str) -> Value {
    json!({"object": "smart.transactions", "id": id, "status": status})
}

/// The error body of an expired token.
pub fn expired() -> Value {
    json!({
        "status": "error", "error": "ProductNotAllowedException",
        "error_details": "Valid auth token required",
        "error_user": "Es ist ein unbekannter Fehler aufgetreten (Code 2003)",
        "code": 2003, "supportId": "f8e0173c15b92750819a91ac8d5cc878",
    })
}

type Script = Box<dyn Fn(&Request, usize) -> Reply + Send + Sync>;

struct Shared {
    script: Script,
    seen: Mutex<Vec<Request>>,
    silent: Mutex<Vec<TcpStream>>,
    over: AtomicBool,
}

/// The server; it ends when dropped.
pub struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
}

impl Server {
    /// Serves by `script`, which gets each request and how many came to that path before it.
    pub fn start(script: impl Fn(&Request, usize) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            script: Box::new(script),
            seen: Mutex::default(),
            silent: Mutex::default(),
            over: AtomicBool::new(false),
        });
        let accepting = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming() {
                if accepting.over.load(Ordering::SeqCst) {
                    return;
                }
                let shared = Arc::clone(&accepting);
                thread::spawn(move || shared.serve(stream.unwrap()));
            }
        });
        Self { address, shared }
    }

    /// As [`Server::start`], with the tokens `T1`, `T2`, … granted to everybody.
    pub fn granting(script: impl Fn(&Request, usize) -> Reply + Send + Sync + 'static) -> Self {
        Self::start(
            move |request, before| {
                if request.is_grant() { grant(before + 1) } else { script(request, before) }
            },
        )
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Everything it was asked so far.
    pub fn seen(&self) -> Vec<Request> {
        self.shared.seen.lock().unwrap().clone()
    }

    /// How many token requests came.
    pub fn grants(&self) -> usize {
        self.seen().iter().filter(|request| request.is_grant()).count()
    }

    /// How many other requests came.
    pub fn calls(&self) -> usize {
        self.seen().len() - self.grants()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::SeqCst);
        self.shared.silent.lock().unwrap().clear();
        // Wakes the accepting thread, so that it sees that it is over.
        drop(TcpStream::connect(self.address));
    }
}

impl Shared {
    fn serve(&self, mut stream: TcpStream) {
        while let Some((request, length)) = peek(&stream) {
            let before = {
                let mut seen = self.seen.lock().unwrap();
                let before = seen.iter().filter(|other| other.path == request.path).count();
                seen.push(request.clone());
                before
            };
            let reply = (self.script)(&request, before);
            if matches!(reply, Reply::Reset) {
                // Closing with unread bytes makes the kernel send a reset.
                return;
            }
            stream.read_exact(&mut vec![0; length]).unwrap();
            let sent = match &reply {
                Reply::Send(bytes) | Reply::Last(bytes) | Reply::Hang(bytes) => {
                    stream.write_all(bytes)
                }
                Reply::Reset => Ok(()),
            };
            // A client that does not want all of a huge answer goes away meanwhile.
            match reply {
                Reply::Send(_) if sent.is_ok() => {}
                Reply::Hang(_) => {
                    self.silent.lock().unwrap().push(stream);
                    return;
                }
                _ => return,
            }
        }
    }
}

/// The next request and its length, left in the socket; `None` when the client has closed.
fn peek(stream: &TcpStream) -> Option<(Request, usize)> {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let length = stream.peek(&mut buffer).ok().filter(|length| *length > 0)?;
        if let Some(found) = parse(&buffer[..length]) {
            return Some(found);
        }
        thread::yield_now();
    }
}

fn parse(bytes: &[u8]) -> Option<(Request, usize)> {
    let text = std::str::from_utf8(bytes).ok()?;
    let (head, rest) = text.split_once("\r\n\r\n")?;
    let mut lines = head.split("\r\n");
    let mut first = lines.next()?.split(' ');
    let (method, path) = (first.next()?.to_owned(), first.next()?.to_owned());
    let headers = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let mut request = Request { method, path, headers, body: String::new() };
    let length = request.header("content-length").map_or(0, |value| value.parse().unwrap());
    rest.get(..length)?.clone_into(&mut request.body);
    Some((request, head.len() + 4 + length))
}

/// The grant of the token `T{number}`.
pub fn grant(number: usize) -> Reply {
    let token = format!("T{number}");
    answer(
        200,
        &json!({"access_token": token, "expires_in": 1200, "token_type": "bearer", "scope": null}),
    )
}

/// Settings for `url` with deadlines that no test on a busy machine reaches by accident.
pub fn settings(url: &str) -> Settings {
    Settings {
        url: url.to_owned(),
        client_id: "till-1".to_owned(),
        client_secret: SecretString::from("hunter2"),
        device_uuid: None,
        token_file: None,
        ca_file: None,
        deadlines: Deadlines { connect: 60_000, call: 60_000, cashless: 60_000 },
    }
}

/// A client of `server`.
pub fn client(server: &Server) -> Client {
    Client::new(&settings(&server.url())).unwrap()
}
