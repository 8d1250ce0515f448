//! A whole console in the test's hands: the real loop, worker, client and sandbox over loopback;
//! only the terminal is a buffer. Keys in, screen out.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, Instant};

use kasse::client::{Client, Deadlines, Settings as ClientSettings};
use kasse::console::{Console, Display, End, Incoming, Keeper, Wiring};
use kasse::lang::Lang;
use kasse::receipt::Profile;
use kasse::sandbox::{self, Faults, Ledger, Options, RequestLog};
use kasse::terminal::Decoder;
use kasse::till::{
    CardLookup, Choice, Finished, LockDetails, Lookup, Message, Overlay, Seen, ServerKind,
    Settings, State, Step, Waiter,
};
use kasse::ui::{Picture, Theme, View, paint};
use kasse::worker::{Background, Printing, Worker};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use tokio::sync::oneshot;

use super::past::Past;

/// Draws into text.
pub struct TextDisplay {
    settings: Settings,
    lang: Lang,
    theme: Theme,
    profile: Profile,
    pub size: (u16, u16),
    picture: Picture,
    pub text: String,
    pub frames: usize,
    pub bells: usize,
    /// The terminal is still taking the last frame.
    pub busy: bool,
    /// It becomes so with the next frame that shows the tender.
    pub busy_at_tender: bool,
}

impl Display for TextDisplay {
    fn is_free(&self) -> io::Result<bool> {
        Ok(!self.busy)
    }

    fn draw(&mut self, state: &State) -> io::Result<Seen> {
        let view = View {
            settings: &self.settings,
            lang: self.lang,
            theme: &self.theme,
            profile: &self.profile,
        };
        let area = Rect::new(0, 0, self.size.0, self.size.1);
        if *self.picture.cells().area() != area {
            self.picture = Picture::new(area.width, area.height);
        }
        let painted = self.picture.draw(state, &view);
        self.text = self.picture.text();
        let mut anew = Buffer::empty(area);
        assert_eq!(paint(&mut anew, state, &view), painted, "{}", self.text);
        assert!(anew == *self.picture.cells(), "not what is drawn anew:\n{}", self.text);
        self.frames += 1;
        if self.busy_at_tender && matches!(state.sale.step, Step::Tender(_)) {
            (self.busy, self.busy_at_tender) = (true, false);
        }
        Ok(painted.seen)
    }

    fn bell(&mut self) -> io::Result<()> {
        self.bells += 1;
        Ok(())
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

/// Keeps records in memory.
struct Kept(Vec<kasse::till::Record>);

impl Keeper for Kept {
    fn keep(&mut self, record: kasse::till::Record) -> Result<(), String> {
        self.0.push(record);
        Ok(())
    }
}

/// A sandbox that can be stopped and started again on the same port.
pub struct Server {
    pub url: String,
    pub ledger: Arc<Ledger>,
    pub requests: Arc<RequestLog>,
    pub faults: Arc<Faults>,
    stop: Option<oneshot::Sender<()>>,
    done: Option<std::sync::mpsc::Receiver<()>>,
}

impl Server {
    pub fn start(background: &Background, options: Options) -> Self {
        let sandbox = background.run(sandbox::bind(options)).unwrap().unwrap();
        let (url, ledger) = (sandbox.url(), sandbox.ledger());
        let (requests, faults) = (sandbox.requests(), sandbox.faults());
        let (stop, stopped) = oneshot::channel::<()>();
        let (finished, done) = channel();
        background.spawn(async move {
            let _ = sandbox.serve(async move { drop(stopped.await) }).await;
            let _ = finished.send(());
        });
        Self { url, ledger, requests, faults, stop: Some(stop), done: Some(done) }
    }

    /// The same server for another till, which cannot stop it.
    pub fn shared(&self) -> Self {
        Self {
            url: self.url.clone(),
            ledger: Arc::clone(&self.ledger),
            requests: Arc::clone(&self.requests),
            faults: Arc::clone(&self.faults),
            stop: None,
            done: None,
        }
    }

    pub fn stop(&mut self) {
        drop(self.stop.take());
        let done = self.done.take().expect("a server that runs and is ours");
        done.recv_timeout(Duration::from_secs(10)).expect("the sandbox stops");
    }

    /// These faults from the next call on, and no others.
    pub fn play(&self, faults: &[&str]) {
        self.faults.set(faults.iter().map(|fault| fault.parse().unwrap()).collect());
    }

    /// How many calls of this method came to an address that ends so.
    pub fn calls(&self, method: &str, end: &str) -> usize {
        let all = self.requests.all();
        all.iter().filter(|call| call.method == method && call.path.ends_with(end)).count()
    }

    pub fn port(&self) -> u16 {
        self.url.rsplit(':').next().unwrap().parse().unwrap()
    }
}

pub struct Journey {
    pub console: Console<TextDisplay>,
    pub sender: Sender<Incoming>,
    pub server: Server,
    pub background: Background,
    pub end: Option<End>,
    /// Where exchanges are exported to; the token is kept here too.
    pub books: tempfile::TempDir,
    /// How far the console's clock is ahead, ms.
    ahead: Arc<AtomicU64>,
    past: Past,
}

impl Journey {
    pub fn new() -> Self {
        Self::in_language(Lang::En)
    }

    pub fn in_language(lang: Lang) -> Self {
        Self::with(lang, |_| {})
    }

    pub fn with(lang: Lang, change: impl FnOnce(&mut Settings)) -> Self {
        let background = Background::start().unwrap();
        let server = Server::start(&background, Options { seed: 1, ..Options::default() });
        Self::on(background, server, lang, change)
    }

    /// A console of its own on a server that exists already.
    pub fn on(
        background: Background,
        server: Server,
        lang: Lang,
        change: impl FnOnce(&mut Settings),
    ) -> Self {
        Self::kept_by(Box::new(Kept(Vec::new())), background, server, lang, change)
    }

    /// A console with a keeper of its own.
    pub fn kept_by(
        keeper: Box<dyn Keeper>,
        background: Background,
        server: Server,
        lang: Lang,
        change: impl FnOnce(&mut Settings),
    ) -> Self {
        let books = tempfile::tempdir().unwrap();
        let past = Past::default();
        let keeper = past.of(keeper);
        let (sender, messages) = channel();
        let seen = sender.clone();
        let observer = Arc::new(move |exchange| drop(seen.send(Incoming::Exchange(exchange))));
        let account = ClientSettings {
            url: server.url.clone(),
            client_id: sandbox::CLIENT_ID.to_owned(),
            client_secret: sandbox::CLIENT_SECRET.into(),
            device_uuid: None,
            token_file: Some(books.path().join("token.json")),
            ca_file: None,
            deadlines: Deadlines { connect: 2_000, call: 5_000, cashless: 10_000 },
        };
        let client = Client::watched(&account, Some(observer)).unwrap();
        let loaded = kasse::config::load(&kasse::config::Sources {
            env: vec![("KASSE_STATE_DIR".into(), "/nonexistent".into())],
            ..kasse::config::Sources::default()
        })
        .unwrap();
        let mut settings = loaded.config.settings(kasse::shop::demo_catalogue());
        change(&mut settings);
        let report = sender.clone();
        let worker = Worker::new(
            &background,
            client,
            Printing::default(),
            Arc::new(move |event| drop(report.send(Incoming::Event(event)))),
        )
        .exporting_to(books.path().to_owned())
        .with_past(Arc::new(past.clone()));
        let display = TextDisplay {
            settings: settings.clone(),
            lang,
            theme: Theme::dark(),
            profile: Profile { lang, ..Profile::default() },
            size: (80, 24),
            picture: Picture::new(80, 24),
            text: String::new(),
            frames: 0,
            bells: 0,
            busy: false,
            busy_at_tender: false,
        };
        let (start, ahead) = (Instant::now(), Arc::new(AtomicU64::new(0)));
        let skipped = Arc::clone(&ahead);
        let clock = Box::new(move || {
            let run = u64::try_from(start.elapsed().as_millis()).unwrap();
            run + skipped.load(Ordering::Relaxed)
        });
        let state = State::new(session(), ServerKind::Sandbox, 0);
        let decoder = Decoder::default();
        let wiring = Wiring { screen: display, keeper, worker, messages, decoder, clock };
        let mut console = Console::new(state, settings, wiring);
        let end = console.begin().unwrap();
        let mut journey = Self { console, sender, server, background, end, books, ahead, past };
        journey.settle();
        journey
    }

    /// The same console, recorded from now on.
    pub fn recorded(mut self, recorder: kasse::recording::Recorder) -> Self {
        self.console = self.console.recorded(Some(recorder));
        self
    }

    /// Bytes as a terminal sends them, in one read; `⏎` is CR, `<F4>` and the like are sequences.
    /// Before it, the cashier has looked at the screen; after it, nothing follows for a while. A
    /// person waits for the menu (`␣`) before the words for it.
    pub fn send(&mut self, script: &str) -> &mut Self {
        self.ahead.fetch_add(300, Ordering::Relaxed);
        for part in script.split_inclusive('␣') {
            self.send_now(part);
        }
        while self.end.is_none() && self.state().press.is_some_and(|press| press.decides.is_some())
        {
            self.ahead.fetch_add(150, Ordering::Relaxed);
            self.step();
        }
        self
    }

    /// The same without any pause.
    pub fn send_now(&mut self, script: &str) -> &mut Self {
        self.sender.send(Incoming::Input(bytes(script))).unwrap();
        self.step();
        if script.ends_with("<Esc>") {
            // A lone Esc counts when nothing has followed it for a while.
            self.step();
        }
        // So does a key that a code may begin with.
        while self.end.is_none() && self.state().entry.held.is_some() {
            self.step();
        }
        self
    }

    /// As [`Self::send`], then waits for all answers.
    pub fn keys(&mut self, script: &str) -> &mut Self {
        self.send(script);
        self.settle();
        self
    }

    /// Lets this time pass at once, ms.
    pub fn later(&mut self, ms: u64) {
        self.ahead.fetch_add(ms, Ordering::Relaxed);
        self.sender.send(Incoming::Resized).unwrap();
        self.step();
    }

    pub fn step(&mut self) {
        if self.end.is_none() {
            self.end = self.console.turn().unwrap();
        }
    }

    /// Runs the loop until nothing is asked of the server any more.
    pub fn settle(&mut self) {
        self.until("all answers", |state| !busy(state));
    }

    /// Runs the loop until the state is as wanted.
    pub fn until(&mut self, what: &str, wanted: impl Fn(&State) -> bool) {
        let deadline = Instant::now() + Duration::from_secs(30);
        while self.end.is_none() && !wanted(self.console.state()) {
            assert!(Instant::now() < deadline, "waited for {what}:\n{}", self.screen());
            self.step();
        }
    }

    /// The same of what is kept.
    pub fn until_kept(&mut self, what: &str, wanted: impl Fn(&Self) -> bool) {
        let deadline = Instant::now() + Duration::from_secs(30);
        while self.end.is_none() && !wanted(self) {
            assert!(Instant::now() < deadline, "waited for {what}:\n{}", self.screen());
            self.step();
        }
    }

    /// The paid sales, the oldest first, as they were kept.
    pub fn history(&self) -> Vec<Finished> {
        self.past.sales()
    }

    pub fn screen(&mut self) -> String {
        self.console.screen().text.clone()
    }

    pub fn state(&self) -> &State {
        self.console.state()
    }

    /// Fails with the whole screen unless it shows every one of `texts`.
    pub fn shows(&mut self, texts: &[&str]) -> &mut Self {
        let screen = self.screen();
        for text in texts {
            assert!(screen.contains(text), "{text:?} is not on the screen:\n{screen}");
        }
        self
    }

    pub fn error(&self) -> &Message {
        &self.state().notice.as_ref().expect("a notice").message
    }
}

/// References of two tills must differ.
fn session() -> String {
    static TILLS: AtomicUsize = AtomicUsize::new(0);
    format!("journey-{}", TILLS.fetch_add(1, Ordering::Relaxed))
}

fn busy(state: &State) -> bool {
    let lookup = matches!(
        state.overlays.last(),
        Some(
            Overlay::Card(
                CardLookup { result: Lookup::Pending(_), .. }
                    | CardLookup { lock: LockDetails::Asked, .. }
            ) | Overlay::Programmes(Choice::Pending(_))
                | Overlay::CheckIns(Choice::Pending(_))
        )
    );
    lookup
        || state.waiting.any(|waiter| matches!(waiter, Waiter::Code(_) | Waiter::Connect | Waiter::Fetch(_) | Waiter::CancelListed { .. }))
        || matches!(state.sale.step, Step::Basket(Some(_)) | Step::Paying(_))
        // With a journal that takes nothing, an outcome stays open.
        || matches!(state.sale.step, Step::Unknown(_)) && state.stopped.is_none()
}

/// A key script as the bytes of an xterm.
pub fn bytes(script: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut chars = script.chars();
    while let Some(c) = chars.next() {
        match c {
            ' ' => {}
            '␣' => out.push(b' '),
            '⏎' => out.push(b'\r'),
            '<' => {
                let name: String = chars.by_ref().take_while(|c| *c != '>').collect();
                let sequence: &[u8] = match name.as_str() {
                    "Esc" => b"\x1b",
                    "F1" => b"\x1bOP",
                    "F2" => b"\x1bOQ",
                    "F3" => b"\x1bOR",
                    "F4" => b"\x1bOS",
                    "F5" => b"\x1b[15~",
                    "F6" => b"\x1b[17~",
                    "F7" => b"\x1b[18~",
                    "F8" => b"\x1b[19~",
                    "F9" => b"\x1b[20~",
                    "F10" => b"\x1b[21~",
                    "F11" => b"\x1b[23~",
                    "F12" => b"\x1b[24~",
                    "S-F12" => b"\x1b[24;2~",
                    "Up" => b"\x1b[A",
                    "Down" => b"\x1b[B",
                    "Right" => b"\x1b[C",
                    "Left" => b"\x1b[D",
                    "PgDn" => b"\x1b[6~",
                    "Delete" => b"\x1b[3~",
                    other => panic!("no key {other}"),
                };
                out.extend_from_slice(sequence);
            }
            c => {
                let mut buffer = [0; 4];
                out.extend_from_slice(c.encode_utf8(&mut buffer).as_bytes());
            }
        }
    }
    out
}
