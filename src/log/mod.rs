//! The log file: what the till did, for those who look after it.
//!
//! Owns the file, its rotation and its level. One line per event in plain text, in UTC:
//! `time LEVEL sale{…}:call{…}:send{…}: message name=value …`. Each line
//! is printable text on one row and shows no card number; secrets must not be reported at all.
//! Must not make callers wait: a thread of its own writes, and lines that come faster than the
//! disk takes them are dropped and counted.

mod file;
mod sink;

use std::io;
use std::path::Path;

use tracing::Dispatch;
pub use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt;

use file::Rotating;
use sink::Sink;

/// What is logged and how much of it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// Events of this level and above.
    pub level: LevelFilter,
    /// Files kept, the one written to included; at least 1.
    pub files: usize,
    /// Bytes after which the next file begins.
    pub bytes: u64,
}

/// The open log. Writes what is still waiting when dropped, also while a panic unwinds.
#[derive(Debug)]
pub struct Log {
    sink: Sink,
    dispatch: Dispatch,
}

impl Log {
    /// Opens `kasse.log` in `dir`, both for this user alone; older files are `kasse.log.1` and so
    /// on. `None` if nothing is to be logged.
    ///
    /// # Errors
    /// When directory, file or thread cannot be had.
    pub fn open(dir: &Path, rules: Rules) -> io::Result<Option<Self>> {
        if rules.level == LevelFilter::OFF {
            return Ok(None);
        }
        let sink = Sink::start(Rotating::open(dir, rules.files, rules.bytes)?)?;
        let lines = fmt::layer().with_ansi(false).with_target(false).with_writer(sink.clone());
        // Events of other crates were not checked for secrets.
        let ours = Targets::new().with_target("kasse", rules.level);
        let dispatch = Dispatch::new(tracing_subscriber::registry().with(ours).with(lines));
        Ok(Some(Self { sink, dispatch }))
    }

    /// Takes what the whole program reports from now on. Only the first log of a process can.
    pub fn install(&self) {
        let _first = tracing::dispatcher::set_global_default(self.dispatch.clone());
    }

    /// Takes what is reported during `work` on this thread, and by what it starts in the
    /// background.
    pub fn during<T>(&self, work: impl FnOnce() -> T) -> T {
        tracing::dispatcher::with_default(&self.dispatch, work)
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        self.sink.flush();
    }
}
