//! The load generator: 32 connections on one thread, HTTP/1.1 written by hand, and the clock.
//!
//! Looks only at status, length and id of an answer: it must cost little beside the server.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use kasse::sandbox::{CARD_BONUS, CardFixture, Fixtures, SEED_TOKEN};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::runtime::Builder;
use tokio::task::{JoinSet, LocalSet};

/// Connections, each with one request under way.
pub const CONNECTIONS: usize = 32;

const SALES: &str = "/api/v2/Smart/Transactions";

/// What was done: answers, and how long each took.
#[derive(Default)]
pub struct Load {
    took: Vec<Duration>,
    elapsed: Duration,
}

impl Load {
    pub fn add(&mut self, more: Self) {
        self.took.extend(more.took);
        self.elapsed += more.elapsed;
    }

    pub fn requests(&self) -> f64 {
        // Far fewer than 2^32.
        f64::from(u32::try_from(self.took.len()).unwrap())
    }

    /// Requests per second.
    pub fn rate(&self) -> f64 {
        self.requests() / self.elapsed.as_secs_f64()
    }

    /// Median and 99th percentile.
    pub fn latencies(&mut self) -> (Duration, Duration) {
        (self.part(1, 2), self.part(99, 100))
    }

    /// What `part` of `of` answers took at the most.
    pub fn part(&mut self, part: usize, of: usize) -> Duration {
        self.took.sort_unstable();
        self.took[(self.took.len() * part / of).min(self.took.len() - 1)]
    }
}

/// Lets all connections `sell` for `long`.
pub fn run(
    addr: SocketAddr,
    long: Duration,
    sell: impl AsyncFn(&mut Till) + Copy + 'static,
) -> Load {
    on_a_thread(async move {
        let tills = LocalSet::new();
        let mut all = JoinSet::new();
        let started = Instant::now();
        for till in 0..CONNECTIONS {
            let sold = async move {
                let mut till = Till::connect(addr, till).await;
                while started.elapsed() < long {
                    sell(&mut till).await;
                }
                till.took
            };
            all.spawn_local_on(sold, &tills);
        }
        let took = tills.run_until(all.join_all()).await.concat();
        Load { took, elapsed: started.elapsed() }
    })
}

/// The four answers of one sale.
pub fn sample(addr: SocketAddr) -> [Value; 4] {
    let mut answers = Vec::new();
    on_a_thread(async {
        let look = |answer: &[u8]| answers.push(serde_json::from_slice(answer).unwrap());
        Till::connect(addr, 0).await.sell(look).await;
    });
    answers.try_into().unwrap()
}

/// Returns with the first answer.
pub fn health(addr: SocketAddr) {
    on_a_thread(async move {
        Till::connect(addr, 0).await.ask("GET", "/sandbox/health", "").await;
    });
}

/// A card for each connection: two tills with one card would refuse each other.
pub fn fixtures() -> String {
    let mut fixtures = Fixtures::default();
    let model = fixtures.cards.iter().find(|card| card.number == CARD_BONUS).unwrap().clone();
    fixtures.cards.extend((0..CONNECTIONS).map(|till| CardFixture {
        number: card(till),
        card_id: format!("CRD_{till:030}"),
        merchantcard_id: format!("MCD_{till:030}"),
        ..model.clone()
    }));
    fixtures.to_text()
}

fn card(till: usize) -> String {
    format!("927600990000{till:04}")
}

fn on_a_thread<T>(work: impl Future<Output = T>) -> T {
    Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

/// A basket of three lines and the card.
fn body(card: &str) -> String {
    let line = |id: i64, desc: &str, quantity: i64, price: i64, tax: i64| {
        json!({ "id": id, "articleNumber": id.to_string(), "ean": "4999012345678", "desc": desc,
                "quantity": quantity, "priceOne": price, "tax": tax })
    };
    json!({
        "is_demo": true,
        "idents": [{ "type": "card", "value": card }],
        "basket": { "products": [
            line(1, "Sandwich Romano", 1, 349, 7),
            line(2, "Fruit salad, small bowl", 1, 249, 7),
            line(3, "Water, mildly sprinkling, 0.25 ltr.", 2, 99, 19),
        ] },
        "basket_info": { "sum": 796, "currency": "EUR" },
    })
    .to_string()
}

/// One connection.
pub struct Till {
    stream: TcpStream,
    create: String,
    buffer: Vec<u8>,
    took: Vec<Duration>,
    sold: u32,
}

impl Till {
    async fn connect(addr: SocketAddr, till: usize) -> Self {
        let stream = TcpStream::connect(addr).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream, create: body(&card(till)), buffer: Vec::new(), took: Vec::new(), sold: 0 }
    }

    /// One sale as a till makes it: the basket changes now and then, some pay at the terminal, some
    /// cancel, and some look it up by what they know of it.
    pub async fn serve(&mut self) {
        self.sold += 1;
        let create = std::mem::take(&mut self.create);
        self.ask("POST", SALES, &create).await;
        let sale = format!("{SALES}/{}", id(&self.buffer));
        if self.sold.is_multiple_of(4) {
            self.ask("PUT", &sale, &create).await;
        }
        self.create = create;
        self.ask("POST", &format!("{sale}/preTransaction"), "").await;
        let method = if self.sold.is_multiple_of(3) { "cashless" } else { "cash" };
        self.ask("POST", &format!("{sale}/start/{method}"), "").await;
        match self.sold % 10 {
            0 => self.ask("POST", &format!("{sale}/cancel"), "").await,
            1 | 2 => self.ask("GET", &format!("{SALES}?q=transactionRef:none"), "").await,
            _ => self.ask("GET", &sale, "").await,
        }
    }

    /// One sale, from the basket to a look at what was sold.
    pub async fn sell(&mut self, mut look: impl FnMut(&[u8])) {
        let create = std::mem::take(&mut self.create);
        self.ask("POST", SALES, &create).await;
        self.create = create;
        look(&self.buffer);
        let id = id(&self.buffer);
        for step in ["preTransaction", "start/cash"] {
            self.ask("POST", &format!("{SALES}/{id}/{step}"), "").await;
            look(&self.buffer);
        }
        self.ask("GET", &format!("{SALES}/{id}"), "").await;
        look(&self.buffer);
    }

    /// Sends a request and leaves its answer's body in the buffer.
    async fn ask(&mut self, method: &str, path: &str, body: &str) {
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {SEED_TOKEN}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let asked = Instant::now();
        let mut rest = request.as_bytes();
        while !rest.is_empty() {
            self.stream.writable().await.unwrap();
            match self.stream.try_write(rest) {
                Ok(written) => rest = &rest[written..],
                Err(error) => assert_eq!(error.kind(), ErrorKind::WouldBlock),
            }
        }
        self.buffer.clear();
        let head = loop {
            self.read().await;
            let Some(head) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") else {
                continue;
            };
            let text = std::str::from_utf8(&self.buffer[..head]).unwrap();
            assert!(text.starts_with("HTTP/1.1 200"), "{method} {path}: {text}");
            let length: usize = text.lines().find_map(length).unwrap();
            if self.buffer.len() == head + 4 + length {
                break head + 4;
            }
        };
        self.took.push(asked.elapsed());
        self.buffer.drain(..head);
    }

    async fn read(&mut self) {
        loop {
            self.stream.readable().await.unwrap();
            match self.stream.try_read_buf(&mut self.buffer) {
                Ok(0) => panic!("the server hung up"),
                Ok(_) => return,
                Err(error) => assert_eq!(error.kind(), ErrorKind::WouldBlock),
            }
        }
    }
}

fn length(line: &str) -> Option<usize> {
    let (name, value) = line.split_once(": ")?;
    name.eq_ignore_ascii_case("content-length").then(|| value.parse().ok())?
}

/// The id of the transaction that was answered.
fn id(answer: &[u8]) -> String {
    let start = answer.windows(5).position(|five| five == b"\"STX_").unwrap() + 1;
    String::from_utf8(answer[start..start + 34].to_vec()).unwrap()
}
