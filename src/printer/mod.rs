//! The receipt printer: bytes to a device or a file, and the queue of what is to be printed.
//!
//! Owns the writing only. It never blocks: a device that takes nothing is tried again as long as
//! the caller wants. Must not know what it prints.

mod queue;

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use rustix::io::Errno;

pub use queue::{Job, News, Queue, Tell, WORD_AFTER};

/// The pause before a printer that took nothing is tried again.
const PAUSE: Duration = Duration::from_millis(100);

/// Why nothing, or not everything, was printed.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {source}", path = path.display())]
pub struct PrintError {
    /// The device or file.
    pub path: PathBuf,
    /// What the system said.
    pub source: io::Error,
}

/// Writes `bytes` to the device at `path`, or appends them to the file there.
///
/// A missing file is created, readable by this user only; a missing device below `/dev` is an
/// error, as the printer is switched off or unplugged then. Where the device does not take bytes
/// now (a FIFO without a reader, a printer that is busy or out of paper), `again` is asked, which
/// waits for as long as it likes; at `false` the writing ends.
///
/// # Errors
/// [`PrintError`] when the device cannot be opened, does not take all bytes, or `again` has said
/// `false` ([`ErrorKind::TimedOut`]).
pub fn print(path: &Path, bytes: &[u8], mut again: impl FnMut() -> bool) -> Result<(), PrintError> {
    let failed = |source| PrintError { path: path.to_owned(), source };
    let mut later = || if again() { Ok(()) } else { Err(io::Error::from(ErrorKind::TimedOut)) };
    let mut device = loop {
        match open(path) {
            Err(error) if is_not_now(&error) => later().map_err(failed)?,
            opened => break opened.map_err(failed)?,
        }
    };
    let mut rest = bytes;
    while !rest.is_empty() {
        match device.write(rest) {
            Ok(0) => return Err(failed(ErrorKind::WriteZero.into())),
            Ok(taken) => rest = rest.get(taken..).unwrap_or_default(),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if is_not_now(&error) => later().map_err(failed)?,
            Err(error) => return Err(failed(error)),
        }
    }
    device.flush().map_err(failed)
}

/// To be tried again every tenth of a second, for `most` at the longest.
pub fn for_at_most(most: Duration) -> impl FnMut() -> bool {
    let until = Instant::now() + most;
    move || {
        thread::sleep(PAUSE);
        Instant::now() < until
    }
}

fn open(path: &Path) -> io::Result<File> {
    // A serial printer must never become the terminal that can hang this process up, and nothing
    // may wait for a reader, a carrier or paper.
    let flags = (rustix::fs::OFlags::NOCTTY | rustix::fs::OFlags::NONBLOCK).bits().cast_signed();
    OpenOptions::new()
        .append(true)
        .create(!path.starts_with("/dev"))
        .mode(0o600)
        .custom_flags(flags)
        .open(path)
}

/// The device takes nothing now and may do so later.
fn is_not_now(error: &io::Error) -> bool {
    let busy = [Errno::AGAIN, Errno::NXIO, Errno::BUSY].map(Errno::raw_os_error);
    error.raw_os_error().is_some_and(|code| busy.contains(&code))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn receipts_are_appended() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("receipts");
        print(&path, b"one\n", || false).unwrap();
        print(&path, b"two\n", || false).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"one\ntwo\n");
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_device_takes_bytes_and_a_missing_one_is_not_made() {
        print(Path::new("/dev/null"), b"x", || false).unwrap();
        let missing = Path::new("/dev/kasse-no-such-printer");
        let error = print(missing, b"x", || false).unwrap_err();
        assert_eq!(error.source.kind(), io::ErrorKind::NotFound);
        assert!(error.to_string().starts_with("/dev/kasse-no-such-printer: "));
        assert!(!missing.exists());
    }

    #[test]
    fn a_full_device_is_an_error() {
        let error = print(Path::new("/dev/full"), b"x", || false).unwrap_err();
        assert_eq!(error.source.kind(), io::ErrorKind::StorageFull);
    }

    #[test]
    fn a_fifo_without_a_reader_is_tried_again_until_the_caller_has_enough() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("printer");
        let mode = rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR;
        rustix::fs::mkfifoat(rustix::fs::CWD, &path, mode).unwrap();
        let mut tries = 0;
        let error = print(&path, b"x", || {
            tries += 1;
            tries < 3
        });
        assert_eq!((error.unwrap_err().source.kind(), tries), (ErrorKind::TimedOut, 3));
    }
}
