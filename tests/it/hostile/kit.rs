//! A console whose every way out is kept: terminal, printer, log, exports, records; and a server
//! that repeats what a sandbox has answered, with one thing in it exchanged.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use kasse::client::{Client, Deadlines, Settings as ClientSettings};
use kasse::config::{Sources, load};
use kasse::console::{Console, Display, Incoming, Keeper, Wiring};
use kasse::receipt::{CodePage, Profile};
use kasse::sandbox::{CLIENT_ID, CLIENT_SECRET};
use kasse::shop::Catalogue;
use kasse::terminal::{Decoder, Screen};
use kasse::till::{Event, Printing as PrintWhen, Record, Seen, ServerKind, Settings, State};
use kasse::ui::{Painted, Picture, Theme, View};
use kasse::worker::{Background, Paper, Printing, Worker};
use ratatui::layout::Size;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::client::server::{Reply, Request, Server, raw};

/// The device that pairs itself.
pub const DEVICE: &str = "/vendor/kasse/cashier/1";

/// Commands that have no key of their own, and the keys they get here.
const KEYS: &[(&str, &str)] = &[
    ("KASSE_KEYS_NEW_CARD", "S-F7"),
    ("KASSE_KEYS_CHECK_INS", "S-F8"),
    ("KASSE_KEYS_TRANSACTIONS", "S-F9"),
    ("KASSE_KEYS_DIAGNOSIS", "S-F10"),
    ("KASSE_STATE_DIR", "/nonexistent"),
];

#[derive(Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Draws as the program does, into memory.
struct Drawn {
    screen: Screen<Sink>,
    picture: Picture,
    settings: Settings,
    theme: Theme,
    profile: Profile,
}

impl Display for Drawn {
    fn is_free(&self) -> std::io::Result<bool> {
        Ok(true)
    }

    fn draw(&mut self, state: &State) -> io::Result<Seen> {
        let view = View {
            settings: &self.settings,
            lang: self.profile.lang,
            theme: &self.theme,
            profile: &self.profile,
        };
        let Painted { cursor, seen } = self.picture.draw(state, &view);
        self.screen.show(self.picture.cells(), self.picture.changed(), cursor)?;
        Ok(seen)
    }

    fn bell(&mut self) -> io::Result<()> {
        self.screen.bell()
    }

    fn resized(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn resumed(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn sell(&mut self, catalogue: &kasse::shop::Catalogue) {
        self.settings.catalogue = catalogue.clone();
        let area = *self.picture.cells().area();
        self.picture = Picture::new(area.width, area.height);
    }
}

struct Records(Sink);

impl Keeper for Records {
    fn keep(&mut self, record: Record) -> Result<(), String> {
        let line = serde_json::to_string(&record).map_err(|error| error.to_string())?;
        writeln!(self.0, "{line}").map_err(|error| error.to_string())
    }
}

/// Everything that has left the program.
pub struct Left {
    pub terminal: Vec<u8>,
    pub records: Vec<u8>,
    /// Printer and exports, by name.
    pub files: BTreeMap<String, Vec<u8>>,
}

/// A console on a server.
pub struct Till {
    console: Console<Drawn>,
    sender: Sender<Incoming>,
    answers: Arc<AtomicU64>,
    ahead: Arc<AtomicU64>,
    terminal: Sink,
    records: Sink,
    dir: TempDir,
    _background: Background,
}

impl Till {
    pub fn new(url: &str, device: bool, paper: Paper) -> Self {
        Self::selling(kasse::shop::demo_catalogue(), url, device, paper)
    }

    /// A till with these articles.
    pub fn selling(goods: Catalogue, url: &str, device: bool, paper: Paper) -> Self {
        let background = Background::start().unwrap();
        let dir = tempfile::tempdir().unwrap();
        let (sender, messages) = channel();
        let seen = sender.clone();
        let observer = Arc::new(move |exchange| drop(seen.send(Incoming::Exchange(exchange))));
        let client = Client::watched(
            &ClientSettings {
                url: url.to_owned(),
                client_id: CLIENT_ID.to_owned(),
                client_secret: CLIENT_SECRET.into(),
                device_uuid: device.then(|| DEVICE.to_owned()),
                token_file: None,
                ca_file: None,
                deadlines: Deadlines { connect: 20_000, call: 20_000, cashless: 20_000 },
            },
            Some(observer),
        );
        let env = KEYS.iter().map(|(name, value)| (name.into(), value.into())).collect();
        let config = load(&Sources { env, ..Sources::default() }).unwrap().config;
        let mut settings = config.settings(goods);
        settings.printing = PrintWhen::EverySale;
        let profile = config.receipt.clone();
        let printing = Printing {
            device: Some(dir.path().join("paper")),
            format: paper,
            width: 42,
            profile: profile.clone(),
        };
        let answers = Arc::new(AtomicU64::new(0));
        let (report, counted) = (sender.clone(), Arc::clone(&answers));
        let report = Arc::new(move |event: Event| {
            let is_answer = matches!(event, Event::Answer(..));
            drop(report.send(Incoming::Event(event)));
            counted.fetch_add(u64::from(is_answer), Ordering::SeqCst);
            // Wakes who has taken the event before it was counted.
            drop(report.send(Incoming::Resized));
        });
        let worker = Worker::new(&background, client.unwrap(), printing, report)
            .exporting_to(dir.path().to_owned());
        let (terminal, records) = (Sink::default(), Sink::default());
        let screen = Screen::new(terminal.clone(), Size::new(80, 24)).erasing(true);
        let display = Drawn {
            screen,
            picture: Picture::new(80, 24),
            settings: settings.clone(),
            theme: Theme::dark(),
            profile,
        };
        let (start, ahead) = (Instant::now(), Arc::new(AtomicU64::new(0)));
        let skipped = Arc::clone(&ahead);
        let clock = Box::new(move || {
            u64::try_from(start.elapsed().as_millis()).unwrap() + skipped.load(Ordering::SeqCst)
        });
        let state = State::new("hostile", ServerKind::Sandbox, 0);
        let keeper = Box::new(Records(records.clone()));
        let decoder = Decoder::default();
        let wiring = Wiring { screen: display, keeper, worker, messages, decoder, clock };
        let mut console = Console::new(state, settings, wiring);
        assert!(console.begin().unwrap().is_none());
        let mut till = Self {
            console,
            sender,
            answers,
            ahead,
            terminal,
            records,
            dir,
            _background: background,
        };
        till.settle();
        till
    }

    /// Presses keys, one read each, and waits for all answers after each. `~` lets six seconds pass.
    pub fn press(&mut self, keys: &[&str]) {
        for key in keys {
            if *key == "~" {
                self.ahead.fetch_add(6_000, Ordering::SeqCst);
                self.sender.send(Incoming::Resized).unwrap();
            } else {
                // After a look at the screen.
                self.ahead.fetch_add(300, Ordering::SeqCst);
                self.sender.send(Incoming::Input(key.as_bytes().to_vec())).unwrap();
            }
            self.step();
            while self.console.state().entry.held.is_some() {
                self.ahead.fetch_add(60, Ordering::SeqCst);
                self.sender.send(Incoming::Drained).unwrap();
                self.step();
            }
            if self.console.state().press.is_some_and(|press| press.decides.is_some()) {
                // No repeat follows.
                self.ahead.fetch_add(150, Ordering::SeqCst);
                self.sender.send(Incoming::Drained).unwrap();
                self.step();
            }
            if *key == "\x1b" {
                self.ahead.fetch_add(50, Ordering::SeqCst);
                self.sender.send(Incoming::Resized).unwrap();
                self.step();
            }
            self.settle();
        }
    }

    fn step(&mut self) {
        assert!(self.console.turn().unwrap().is_none(), "the console has ended");
    }

    /// Runs the loop until every call has been answered and the answer has been taken.
    fn settle(&mut self) {
        let deadline = Instant::now() + Duration::from_secs(60);
        while self.answers.load(Ordering::SeqCst) < self.console.state().calls {
            assert!(Instant::now() < deadline, "hangs:\n{}", self.screen());
            self.step();
        }
        // Counted after it was sent: whatever it was lies in the queue.
        self.sender.send(Incoming::Resized).unwrap();
        self.step();
        if self.answers.load(Ordering::SeqCst) < self.console.state().calls {
            self.settle();
        }
    }

    pub fn screen(&mut self) -> String {
        let bytes = self.terminal.0.lock().unwrap().clone();
        let mut parser = vt100::Parser::default();
        parser.process(&bytes);
        parser.screen().contents()
    }

    /// Ends the console, once everything that was to be printed is.
    pub fn left(self) -> Left {
        let Self { console, terminal, records, dir, _background: background, .. } = self;
        drop((console, background));
        let mut files = BTreeMap::new();
        for entry in fs::read_dir(dir.path()).unwrap() {
            let path = entry.unwrap().path();
            files.insert(name(&path), fs::read(&path).unwrap());
        }
        let take = |sink: &Sink| sink.0.lock().unwrap().clone();
        Left { terminal: take(&terminal), records: take(&records), files }
    }
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_str().unwrap().to_owned()
}

/// An answer that was recorded.
#[derive(Debug, Clone)]
pub struct Answer {
    pub document: &'static str,
    pub status: u16,
    pub body: Value,
}

/// What kind of answer a request gets, whatever ids stand in its address.
fn document(request: &Request) -> (&'static str, String) {
    let path = request.path.split('?').next().unwrap();
    let body: Value = serde_json::from_str(&request.body).unwrap_or_default();
    let last = path.rsplit('/').next().unwrap();
    let kind = match last {
        "token" if body.get("uuid").is_some() => "registration",
        "token" if body.get("code").is_some() => "poll",
        "token" => "token",
        "preTransaction" => "preTransaction",
        "diagnosis" => "terminal job",
        "Transactions" if request.method == "GET" => "transactions",
        "MerchantCards" => "cards",
        "CardGroups" => "programmes",
        "Checkins" | "checkins" => "check-ins",
        _ if path.contains("Smart/Transactions") => "transaction",
        _ if path.contains("Loyalty/Cards") => "card",
        _ => "other",
    };
    let action = if last.contains(|c: char| c.is_ascii_digit()) { "one" } else { last };
    (kind, format!("{kind} {} {action}", request.method))
}

/// Recorded answers in the order of their coming, by request.
pub type Recording = BTreeMap<String, Vec<Answer>>;

/// A server in front of the sandbox at `url` that records what it says.
pub fn recorder(url: &str) -> (Server, Arc<Mutex<Recording>>) {
    let recording = Arc::new(Mutex::new(Recording::new()));
    let (kept, at) = (Arc::clone(&recording), url.strip_prefix("http://").unwrap().to_owned());
    let server = Server::start(move |request, _| {
        let (document, key) = document(request);
        let (mut status, mut text) = forward(&at, request);
        if document == "transactions" {
            // The documented list, of the transactions that have been seen.
            let seen = kept.lock().unwrap();
            let of_sales =
                seen.values().flatten().filter(|answer| answer.document == "transaction");
            let rows: Vec<_> = of_sales.map(|answer: &Answer| answer.body.clone()).collect();
            (status, text) = (200, json!({"count": rows.len(), "data": rows}).to_string());
        }
        if let Ok(body) = serde_json::from_str(&text) {
            let answer = Answer { document, status, body };
            kept.lock().unwrap().entry(key).or_default().push(answer);
        }
        raw(status, "application/json", text.as_bytes())
    });
    (server, recording)
}

/// What the server at this address answers to `request`: status and body.
pub fn forward(at: &str, request: &Request) -> (u16, String) {
    let mut stream = TcpStream::connect(at).unwrap();
    let Request { method, path, body, .. } = request;
    let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {at}\r\nConnection: close\r\n");
    for name in ["authorization", "content-type"] {
        if let Some(value) = request.header(name) {
            head.extend([name, ": ", value, "\r\n"]);
        }
    }
    write!(stream, "{head}Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
}

/// What is said instead: answers of this kind pass through it.
pub type Change = Box<dyn Fn(&Answer) -> Option<Reply> + Send + Sync>;

/// A server that repeats a recording; [`Change`] may say something else.
pub fn player(recording: &Recording, change: Change) -> Server {
    let recording = recording.clone();
    let counts = Mutex::new(BTreeMap::<String, usize>::new());
    Server::start(move |request, _| {
        let (_, key) = document(request);
        let Some(answers) = recording.get(&key) else {
            return raw(404, "application/json", br#"{"error":"ProductNotFoundException"}"#);
        };
        let mut counts = counts.lock().unwrap();
        let count = counts.entry(key).or_default();
        let answer = &answers[(*count).min(answers.len() - 1)];
        *count += 1;
        change(answer).unwrap_or_else(|| {
            raw(answer.status, "application/json", answer.body.to_string().as_bytes())
        })
    })
}

/// The papers on which receipts are printed.
pub const PAPERS: [Paper; 2] = [Paper::EscPos(CodePage::Cp858), Paper::Text];
