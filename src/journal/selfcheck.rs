//! The check of the whole file while the till runs: a start reads only its end.
//!
//! Owns a thread that reads the file once. Must not write; what it finds ends all writing.

use std::path::Path;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use rusqlite::InterruptHandle;

use super::writer::Shared;
use super::{JournalError, Mode, Reader};

/// When it begins: the start of the till comes first.
const AFTER: Duration = Duration::from_secs(3);

/// The check on its way. Dropping it ends it.
pub(super) struct SelfCheck {
    /// Disconnected: the journal is closed.
    open: Option<Sender<()>>,
    reading: Arc<Mutex<Option<InterruptHandle>>>,
}

impl SelfCheck {
    /// Begins a check of the journal of `mode` in `dir`; `None`: the system gives no thread.
    pub(super) fn start(dir: &Path, mode: Mode, shared: Arc<Shared>) -> Option<Self> {
        let (open, closed) = mpsc::channel();
        let reading = Arc::new(Mutex::new(None));
        let (dir, interrupt) = (dir.to_owned(), Arc::clone(&reading));
        let check = move || {
            if closed.recv_timeout(AFTER) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            let found = Reader::open(&dir, mode).and_then(|reader| {
                if let Ok(mut interrupt) = interrupt.lock() {
                    *interrupt = Some(reader.interrupt());
                }
                reader.check_file()
            });
            let is_open = closed.try_recv() == Err(mpsc::TryRecvError::Empty);
            match found {
                Err(error @ JournalError::Damaged { .. }) if is_open => {
                    tracing::error!(%error, "the check of the journal");
                    shared.fail(error, Vec::new());
                }
                // The till's own writes tell about disks that do not work.
                Err(error) => tracing::warn!(%error, "the check of the journal ended"),
                Ok(entries) => tracing::info!(entries, "the journal is sound"),
            }
        };
        let thread = thread::Builder::new().name("journal-check".to_owned()).spawn(check);
        thread.ok().map(|_| Self { open: Some(open), reading })
    }
}

impl Drop for SelfCheck {
    fn drop(&mut self) {
        self.open = None;
        if let Ok(Some(reading)) = self.reading.lock().as_deref() {
            reading.interrupt();
        }
    }
}
