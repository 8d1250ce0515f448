//! `--record` and `--replay`: the file of a recording, and the screens of one.
//!
//! Names of files come from the command line alone, and in a kiosk not even from there.

use std::fs::{File, OpenOptions};
use std::io::{self, BufReader};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use jiff::Timestamp;

use super::arrivals::{read_keys, signal};
use super::display::Terminal;
use super::{Failure, goods, tools};
use crate::cli::{ConsoleArgs, Exit};
use crate::config::Config;
use crate::console::Incoming;
use crate::outside;
use crate::recording::{Head, LONGEST, Player, Recorder, settings_digest};
use crate::shop::Catalogue;
use crate::terminal::{self, Guard, Intake, Obey};
use crate::till::{Access, Key, ServerKind, Settings, State};
use crate::ui::{self, Theme, View};

/// Lines that `PgDn` and `PgUp` go.
const PAGE: usize = 10;

/// Refuses `--record` and `--replay` on a kiosk.
pub(super) fn refuse_in_kiosk(config: &Config, args: &ConsoleArgs) -> Result<(), Failure> {
    match config.access {
        Access::Kiosk if args.record.is_some() || args.replay.is_some() => {
            Err(Failure::new(Exit::Usage, "a kiosk is neither recorded nor replayed to"))
        }
        Access::Free | Access::Lock | Access::Kiosk => Ok(()),
    }
}

/// The new file that is recorded to: for this user alone, and never over another one.
pub(super) fn create(args: &ConsoleArgs) -> Result<Option<File>, Failure> {
    let Some(path) = &args.record else { return Ok(None) };
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    file.map(Some)
        .map_err(|error| Failure::new(Exit::Usage, format!("{}: {error}", path.display())))
}

/// Begins to record in `file`.
pub(super) fn begin(
    file: Option<File>,
    settings: &Settings,
    state: &State,
) -> Result<Option<Recorder>, Failure> {
    let Some(file) = file else { return Ok(None) };
    let size = terminal::size().map_or((80, 24), |size| (size.width, size.height));
    let head = Head::new(Timestamp::now().to_string(), settings, size);
    let recorder = Recorder::begin(Box::new(file), &head, settings, state);
    recorder.map(Some).map_err(|e| Failure::new(Exit::Usage, format!("the recording: {e}")))
}

type FilePlayer = Player<BufReader<File>>;

/// Reads the articles and the recording in `file`, which was found at `path`.
fn read(config: &Config, path: &Path, file: File) -> Result<(Settings, FilePlayer), Failure> {
    let catalogue = goods::read(config)?.catalogue;
    let player = Player::read(BufReader::new(file)).map_err(|error| wrong(path, &error))?;
    Ok((config.settings(catalogue), player))
}

fn wrong(path: &Path, error: &dyn std::fmt::Display) -> Failure {
    Failure::new(Exit::Usage, format!("{}: {error}", path.display()))
}

/// Says why the recording may go another way here.
fn warn(player: &FilePlayer, settings: &Settings) {
    if player.head.settings != settings_digest(settings) {
        tools::warn("recorded under other settings or articles: it may go another way here");
    }
    if player.head.kasse != env!("CARGO_PKG_VERSION") {
        tools::warn(&format!("recorded by version {}: it may go another way", player.head.kasse));
    }
}

/// Replays the recording at `path`: no server, no journal, no printer, nothing kept.
pub(super) fn replay(config: &Config, path: &Path, to_end: bool) -> Result<u8, Failure> {
    let file = outside::open(path, LONGEST).map_err(|error| wrong(path, &error))?;
    if to_end {
        let (settings, mut player) = read(config, path, file)?;
        warn(&player, &settings);
        while player.step(&settings) {}
        let (columns, rows) = (player.head.columns.min(1_000), player.head.rows.min(1_000));
        let theme = Theme::mono().ascii(config.screen.ascii);
        let view = View {
            settings: &settings,
            lang: config.screen.lang,
            theme: &theme,
            profile: &config.receipt,
        };
        return tools::say(&ui::as_text(player.state(), &view, columns, rows));
    }
    terminal::check().map_err(|error| {
        let advice = "--to-end prints the last screen without one";
        Failure::new(Exit::NoTerminal, format!("{error}; {advice}"))
    })?;
    let failed = |error: io::Error| Failure::new(Exit::Internal, format!("the terminal: {error}"));
    let (sender, messages) = channel();
    let intake = Intake::default();
    let signals =
        terminal::watch(Obey::Keyboard, sender.clone(), signal(&intake)).map_err(failed)?;
    let drained = sender.clone();
    let guard = Guard::enter(move || drop(drained.send(Incoming::Drained))).map_err(failed)?;
    let blank = config.settings(Catalogue::default());
    let mut screen = Terminal::new(&guard, config, blank).map_err(failed)?;
    let bar = config.screen.lang.words().recording_is_read;
    let nothing = State::new(String::new(), ServerKind::Sandbox, 0);
    screen.draw_below(&nothing, Some(bar)).map_err(failed)?;
    let (settings, mut player) = read(config, path, file)?;
    screen.set(settings.clone());
    read_keys(sender, &intake, Incoming::Input).map_err(failed)?;
    let end = show(&mut player, &mut screen, (&messages, &intake), &settings);
    if matches!(end, Ok(Left::HungUp)) {
        guard.abandon();
    }
    drop(signals);
    let left = guard.leave();
    if !matches!(end, Ok(Left::HungUp)) {
        // While the screen was up, there was no place for it.
        warn(&player, &settings);
    }
    match end.and_then(|end| left.map(|()| end)).map_err(failed)? {
        Left::Asked | Left::HungUp => Ok(Exit::Ok.code()),
        Left::Signal(code) => Ok(code),
    }
}

/// Why the showing ended.
enum Left {
    Asked,
    HungUp,
    Signal(u8),
}

fn show(
    player: &mut FilePlayer,
    screen: &mut Terminal<'_>,
    (messages, intake): (&Receiver<Incoming>, &Intake),
    settings: &Settings,
) -> io::Result<Left> {
    use crate::console::Display;
    let mut decoder = screen.decoder();
    let mut keys = Vec::new();
    loop {
        let (at, of) = player.place();
        let bar = format!(
            " {at}/{of}  {}  → or Space next · ← back · PgDn PgUp {PAGE} · End · q leaves",
            player.last()
        );
        if screen.is_free()? {
            screen.draw_below(player.state(), Some(&bar))?;
        }
        let message = match decoder.patience() {
            Some(wait) => messages.recv_timeout(Duration::from_millis(wait)),
            None => messages.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        match message {
            Ok(Incoming::Input(bytes) | Incoming::InputAt(bytes, _)) if !intake.take(&bytes) => {}
            Ok(Incoming::Input(bytes) | Incoming::InputAt(bytes, _)) => {
                decoder.feed(&bytes, &mut keys);
            }
            Ok(Incoming::InputLost) => {
                intake.told();
                decoder.reset();
            }
            Ok(Incoming::Resized) => screen.resized()?,
            Ok(Incoming::Resumed) => screen.resumed()?,
            Ok(Incoming::Terminate(by)) => return Ok(Left::Signal(by.exit_code())),
            Ok(
                Incoming::Event(_)
                | Incoming::Articles(_)
                | Incoming::Exchange(_)
                | Incoming::Drained,
            ) => {}
            Ok(Incoming::HungUp) | Err(RecvTimeoutError::Disconnected) => return Ok(Left::HungUp),
            Err(RecvTimeoutError::Timeout) => decoder.elapsed(&mut keys),
        }
        for key in keys.drain(..) {
            let (at, of) = player.place();
            let to = match key {
                Key::Right | Key::Char(' ') => at + 1,
                Key::Left => at.saturating_sub(1),
                Key::PageDown => at + PAGE,
                Key::PageUp => at.saturating_sub(PAGE),
                Key::Home => 1,
                Key::End => of,
                Key::Esc | Key::Char('q') | Key::Ctrl('c' | 'd') => return Ok(Left::Asked),
                _ => continue,
            };
            player.go(to.max(1), settings);
        }
    }
}
