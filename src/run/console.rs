//! The console: brings up server, client, worker and terminal, runs the loop, and takes all of it
//! down in reverse order.

use std::env;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use super::account::account;
use super::arrivals::{read_keys, signal};
use super::books::{Books, JournalKeeper};
use super::display::Terminal;
use super::fold::TillFold;
use super::goods::{self, Goods};
use super::{Failure, books, last_print, panics, recording};
use crate::cli::{ConsoleArgs, Exit};
use crate::client::{Client, Observer, Settings as ClientSettings};
use crate::config::{Config, PrinterFormat};
use crate::console::{Console, End, Incoming, Today, Wiring};
use crate::journal::{Journal, Resumed};
use crate::log::Log;
use crate::receipt::CodePage;
use crate::shop::Catalogue;
use crate::terminal::{self, Guard, Intake, Obey, Termination};
use crate::till::{Access, Ending, ServerKind, State};
use crate::worker::{Background, Paper, Printing, Report, TriesFile, Worker};

/// How long the end of the program waits for the last lines of the log.
const LOG_PATIENCE: Duration = Duration::from_millis(500);

/// Who may end the console by a signal.
const fn obeyed(access: Access) -> Obey {
    match access {
        Access::Free | Access::Lock => Obey::Keyboard,
        Access::Kiosk => Obey::SystemOnly,
    }
}

fn check_address(config: &Config) -> Result<(), Failure> {
    let Some(api) = &config.api else { return Ok(()) };
    ClientSettings::check_url(&api.url).map_err(|error| Failure::new(Exit::Config, error))
}

pub(super) fn run(config: &Config, args: &ConsoleArgs) -> Result<u8, Failure> {
    recording::refuse_in_kiosk(config, args)?;
    if let Some(path) = &args.replay {
        return recording::replay(config, path, args.to_end);
    }
    if config.access == Access::Kiosk {
        no_loader_variables(env::vars_os())?;
    }
    terminal::check().map_err(|error| {
        let advice = "start the console in a terminal, without < or |";
        Failure::new(Exit::NoTerminal, format!("{error}; {advice}"))
    })?;
    let background = Background::start().map_err(|e| Failure::new(Exit::Internal, e))?;
    let books = books::of(config);
    let internal = |error| Failure::new(Exit::Internal, format!("the terminal: {error}"));
    let (sender, messages) = channel();
    // First of all: a kiosk must not be interrupted before its first frame either.
    let obeyed = obeyed(config.access);
    let intake = Intake::default();
    let signals = terminal::watch(obeyed, sender.clone(), signal(&intake)).map_err(internal)?;
    let mut settings = config.settings(Catalogue::default());
    let printing = printing(config)?;
    // Said where people read it, not on a screen that goes away again.
    check_address(config)?;
    let session = uuid::Uuid::now_v7().simple().to_string();
    let mut state = State::new(session, server_kind(config), 0);
    state.begin_locked(config.access);

    let drained = sender.clone();
    let guard = Guard::enter(move || drop(drained.send(Incoming::Drained))).map_err(internal)?;
    let panics = books.dir.clone();
    guard.install_panic_hook(move |panic| {
        tracing::error!("broke down: panic.log says where");
        panics::note(&panics, &panic.to_string());
    });
    let mut display = Terminal::new(&guard, config, settings.clone()).map_err(internal)?;
    let opened = thread::scope(|scope| {
        // Disks and long files take their time; the cashier sees the till meanwhile, and what is
        // typed waits in the terminal.
        let opening = scope.spawn(|| {
            let read = read(config, args, &books.dir, &intake)?;
            Ok((read, open(&background, config, args, &books, (&sender, &intake))?))
        });
        let words = config.screen.lang.words();
        let bar = goods::take_time(config).then_some(words.articles_are_read);
        let shown = display.draw_below(&state, bar).map_err(internal);
        let opened = opening.join();
        shown.and(opened.unwrap_or_else(|_| Err(Failure::new(Exit::Internal, "no books"))))
    });
    let ((goods, tape), ((journal, fold), log, client)) = match (opened, intake.ending()) {
        // Told to end while it read or waited for another console: that is why there are no books.
        (Err(_), Some(by)) => return Ok(left_early(&guard, by)),
        (opened, _) => opened?,
    };
    settings.catalogue = goods.catalogue;
    display.set(settings.clone());
    fold.into_state(&mut state);
    state.missing_end = journal.missing_end().map(books::missing_end);
    let tape = recording::begin(tape, &settings, &state)?;

    let report: Report = {
        let sender = sender.clone();
        Arc::new(move |event| drop(sender.send(Incoming::Event(event))))
    };
    let worker = Worker::new(&background, client, printing, report)
        .exporting_to(books.dir.clone())
        .with_pin(config.pin_hash.clone())
        .with_past(Arc::new(books.past()));
    let worker = counting(worker, config.access, &books.dir, &mut state);
    let printer = worker.printer();
    let start = Instant::now();
    let clock = move || u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
    let _watch = goods::watch(config, goods.generation, sender.clone());
    let keep_taught = goods::keep_taught(config, sender.clone());
    read_keys(sender, &intake, move |bytes| Incoming::InputAt(bytes, clock())).map_err(internal)?;

    let decoder = display.decoder();
    let clock = Box::new(clock);
    let keeper = Box::new(JournalKeeper(journal));
    let wiring = Wiring { screen: display, keeper, worker, messages, decoder, clock };
    let unread = Box::new(|| terminal::has_unread(io::stdin()));
    let mut console = Console::new(state, settings, wiring)
        .recorded(tape)
        .teaching(keep_taught)
        .fed_by(intake)
        .reading(unread)
        .dated(Box::new(Today::here));
    let end = match console.run() {
        // A frame was on its way when the terminal went, and its error came before the signal.
        Err(error) if is_gone(&error) => Ok(End::HungUp),
        end => end,
    };
    if matches!(end, Ok(End::HungUp)) {
        guard.abandon();
    }
    drop(signals);
    let taken_over = matches!(end, Ok(End::Terminated(Termination::TakenOver)));
    let left = if taken_over { say_taken_over(&guard, config) } else { guard.leave() };
    drop(console);
    last_print::finish(&printer, &end);
    tracing::info!(?end, "ended");
    end_log(log, taken_over || matches!(end, Ok(End::HungUp)));
    // Whoever is gone after a take-over could not be told.
    ended(end.and_then(|end| if taken_over { Ok(end) } else { left.map(|()| end) }))
}

/// Closes the log, the last one to go, or says why there was none, unless nobody is there to read.
fn end_log(log: Result<Option<Log>, String>, nobody: bool) {
    match log {
        Ok(log) => close(log),
        // While the screen was up, it had no place there.
        Err(why) if !nobody => {
            let _ = writeln!(io::stderr(), "kasse: {why}");
        }
        Err(_) => {}
    }
}

/// Waits for the last lines of the log, if the disk does not hang.
fn close(log: Option<Log>) {
    let (dropped, done) = sync_channel::<()>(0);
    thread::spawn(move || {
        let _dropped = dropped;
        drop(log);
    });
    let _ = done.recv_timeout(LOG_PATIENCE);
}

/// The same worker, which counts wrong PINs in a file: behind the journal's lock, so that no other
/// console counts at the same time.
fn counting(worker: Worker, access: Access, books: &Path, state: &mut State) -> Worker {
    match access {
        Access::Free => worker,
        Access::Lock | Access::Kiosk => {
            let tries = TriesFile::open(books);
            state.tries = tries.tries(state.now);
            worker.counting_in(tries)
        }
    }
}

/// Gives the terminal back and says that another log-in has the till now. The line may be one that
/// broke: nothing waits for it.
fn say_taken_over(guard: &Guard, config: &Config) -> io::Result<()> {
    let charset = config.screen.charset;
    let mut line = Vec::new();
    charset.write(&charset.showable(config.screen.lang.words().taken_over), &mut line);
    guard.leave_saying(&line)
}

/// The end of a console that never sold.
fn left_early(guard: &Guard, by: Termination) -> u8 {
    if by == Termination::HangUp {
        guard.abandon();
    }
    // Its exit code says enough.
    let _ = guard.leave();
    by.exit_code()
}

/// Refuses variables by which the dynamic loader runs or writes what somebody brought along. It has
/// obeyed them by now; but a kiosk that starts with them would hide that its door is open.
fn no_loader_variables(
    variables: impl Iterator<Item = (OsString, OsString)>,
) -> Result<(), Failure> {
    for (name, value) in variables {
        let name = name.to_string_lossy().into_owned();
        let loader = name.starts_with("LD_") || name == "GLIBC_TUNABLES" || name == "GCONV_PATH";
        if loader && !value.is_empty() {
            return Err(Failure::new(
                Exit::Config,
                format!(
                    "a kiosk does not start with {name} set: take it out of AcceptEnv in sshd's \
                     configuration, and out of what starts kasse"
                ),
            ));
        }
    }
    Ok(())
}

/// Reads the articles and makes the file of a recording. Whatever is wrong with them ends the
/// program before the books are touched: on a kiosk, an old console goes on selling.
fn read(
    config: &Config,
    args: &ConsoleArgs,
    books: &Path,
    intake: &Intake,
) -> Result<(Goods, Option<File>), Failure> {
    let goods = goods::read(config)?;
    if intake.is_ending() {
        return Err(Failure::new(Exit::Internal, "told to end"));
    }
    let tape = recording::create(args)?;
    if args.fresh && config.api.is_none() {
        Journal::discard_sandbox(books).map_err(|error| books::failure(&error))?;
    }
    Ok((goods, tape))
}

/// What takes time before anything can be sold: the journal, the log or why there is none, and the
/// way to the server.
type Opened = ((Journal, TillFold), Result<Option<Log>, String>, Client);

/// Opens the books and reaches for the server: what takes time before anything can be sold.
fn open(
    background: &Background,
    config: &Config,
    args: &ConsoleArgs,
    books: &Books,
    (sender, intake): (&Sender<Incoming>, &Intake),
) -> Result<Opened, Failure> {
    let failed = sender.clone();
    let report_loss = move |message| drop(failed.send(message));
    let (journal, fold) = match config.access {
        Access::Free | Access::Lock => books.open(report_loss)?,
        Access::Kiosk => books.take_over(report_loss, intake)?,
    };
    // Behind the journal: whoever has that has the log beside it for itself, too.
    let log = log(config, &books.dir);
    tell_start(&journal);
    let account = account(background, config, args, &books.dir)?;
    let client = Client::watched(&account, observer(config, sender))
        .map_err(|e| Failure::new(Exit::Config, e))?;
    Ok(((journal, fold), log, client))
}

/// Notes how the journal was read.
fn tell_start(journal: &Journal) {
    let Resumed { checkpoint, rejected, replayed } = journal.resumed();
    for (seq, why) in rejected {
        tracing::warn!(seq, %why, "a checkpoint of the journal is not used");
    }
    tracing::info!(checkpoint = checkpoint.unwrap_or_default(), replayed, "the journal was read");
}

/// Whether this is what a terminal says that is not there any more.
fn is_gone(error: &io::Error) -> bool {
    error.raw_os_error() == Some(rustix::io::Errno::IO.raw_os_error())
}

/// The log beside the books. A till without one sells all the same.
fn log(config: &Config, books: &Path) -> Result<Option<Log>, String> {
    let dir = books.join("log");
    let log = Log::open(&dir, config.log)
        .map_err(|error| format!("no log in {}: {error}", dir.display()))?;
    if let Some(log) = &log {
        log.install();
    }
    tracing::info!(version = env!("CARGO_PKG_VERSION"), "started");
    Ok(log)
}

/// Hands every exchange to the loop, if anybody may look at them.
fn observer(config: &Config, sender: &Sender<Incoming>) -> Option<Observer> {
    let sender = sender.clone();
    config.inspector.then(|| {
        let observer: Observer = Arc::new(move |exchange| {
            // The loop has ended: nobody looks any more.
            drop(sender.send(Incoming::Exchange(exchange)));
        });
        observer
    })
}

/// What the end of the loop means to the shell.
fn ended(end: io::Result<End>) -> Result<u8, Failure> {
    match end {
        Ok(End::Till(Ending::Asked)) => Ok(Exit::Ok.code()),
        Ok(End::Till(Ending::AccountRefused(reason))) => Err(Failure::new(
            Exit::Account,
            format!(
                "the server refused the account: {reason}\n\
                 Check client_id, client_secret and device_uuid in [api], or KASSE_API_CLIENT_ID, \
                 KASSE_API_CLIENT_SECRET and KASSE_API_DEVICE_UUID. Nothing was sold."
            ),
        )),
        Ok(End::Terminated(by)) => Ok(by.exit_code()),
        Ok(End::HungUp) => Ok(Termination::HangUp.exit_code()),
        Err(error) => Err(Failure::new(Exit::Internal, format!("the terminal: {error}"))),
    }
}

/// What the server is taken for until it says what it is. Plain http is allowed to this machine
/// alone, where no live server is; anything else is live until it says that it is a sandbox.
fn server_kind(config: &Config) -> ServerKind {
    match &config.api {
        Some(api) if !api.url.starts_with("http://") => ServerKind::Live,
        _ => ServerKind::Sandbox,
    }
}

pub(super) fn printing(config: &Config) -> Result<Printing, Failure> {
    let format = match &config.printer {
        Some(printer) if printer.format == PrinterFormat::EscPos => {
            let page: CodePage = printer.code_page.parse().map_err(|error| {
                Failure::new(Exit::Config, format!("printer.code_page: {error}"))
            })?;
            Paper::EscPos(page)
        }
        _ => Paper::Text,
    };
    Ok(Printing {
        device: config.printer.as_ref().map(|printer| printer.device.clone()),
        format,
        width: config.receipt_width,
        profile: config.receipt.clone(),
    })
}
