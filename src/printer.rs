//! The receipt printer: bytes to a device or a file.
//!
//! Owns the writing only; it blocks as long as the device does, so it belongs on a worker's
//! thread. Must not know what it prints.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

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
/// error, as the printer is switched off or unplugged then.
///
/// # Errors
/// [`PrintError`] when the device cannot be opened or does not take all bytes.
pub fn print(path: &Path, bytes: &[u8]) -> Result<(), PrintError> {
    let failed = |source| PrintError { path: path.to_owned(), source };
    // A serial printer must never become the terminal that can hang this process up.
    let flags = rustix::fs::OFlags::NOCTTY.bits().cast_signed();
    let mut device = OpenOptions::new()
        .append(true)
        .create(!path.starts_with("/dev"))
        .mode(0o600)
        .custom_flags(flags)
        .open(path)
        .map_err(failed)?;
    device.write_all(bytes).and_then(|()| device.flush()).map_err(failed)
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
        print(&path, b"one\n").unwrap();
        print(&path, b"two\n").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"one\ntwo\n");
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_device_takes_bytes_and_a_missing_one_is_not_made() {
        print(Path::new("/dev/null"), b"x").unwrap();
        let missing = Path::new("/dev/kasse-no-such-printer");
        let error = print(missing, b"x").unwrap_err();
        assert_eq!(error.source.kind(), io::ErrorKind::NotFound);
        assert!(error.to_string().starts_with("/dev/kasse-no-such-printer: "));
        assert!(!missing.exists());
    }

    #[test]
    fn a_full_device_is_an_error() {
        let error = print(Path::new("/dev/full"), b"x").unwrap_err();
        assert_eq!(error.source.kind(), io::ErrorKind::StorageFull);
    }
}
