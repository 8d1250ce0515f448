//! Where the journal lies: its directory, its file names, who may read them, and the lock.
//!
//! Owns everything done to the files by name. Must never open the database file once it exists:
//! closing any handle of it would drop the locks that `SQLite` holds on it in this process.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process;

use rustix::fs::{FlockOperation, OFlags, flock};
use rustix::process::geteuid;

use uuid::Uuid;

use super::{JournalError, Mode};
use crate::outside;

/// Only the owner reads and writes.
const PRIVATE: u32 = 0o600;
/// The file-mode bits of everybody but the owner.
const OTHERS: u32 = 0o077;
/// The file-mode bits that let others put another file in the journal's place.
const OTHERS_WRITE: u32 = 0o022;

/// The journal's file in `dir`. Live and sandbox sales never share one.
pub(super) fn file(dir: &Path, mode: Mode) -> PathBuf {
    dir.join(format!("journal-{mode}.db"))
}

/// The archive in `dir` whose first entry has this number.
pub(super) fn archive(dir: &Path, mode: Mode, first: i64) -> PathBuf {
    dir.join(format!("journal-{mode}-{first:012}.archive"))
}

/// The mark beside the journal in `dir`.
pub(super) fn mark(dir: &Path, mode: Mode) -> PathBuf {
    dir.join(format!("journal-{mode}.mark"))
}

/// The id of the till whose books are in `dir`; made at its first start and never again.
///
/// # Errors
/// It cannot be read or written, or is no id.
pub(super) fn till_id(dir: &Path) -> Result<Uuid, JournalError> {
    let path = dir.join("till-id");
    tighten(&path)?;
    let failed = |error: &io::Error| JournalError::io(&path, error);
    match outside::read_private(&path, 64) {
        Ok(bytes) => {
            let text = std::str::from_utf8(&bytes).unwrap_or_default();
            Uuid::try_parse(text.trim()).map_err(|_| JournalError::Io {
                path: path.clone(),
                detail: "it is not the id of a till: delete it to get a new one".to_owned(),
            })
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let id = Uuid::new_v4();
            let new = dir.join("till-id.new");
            let flags = OFlags::NOFOLLOW.bits().cast_signed();
            let mut options = OpenOptions::new();
            let options = options.write(true).create(true).truncate(true).mode(PRIVATE);
            let written = options.custom_flags(flags).open(&new).and_then(|mut file| {
                writeln!(file, "{id}")?;
                file.sync_all()?;
                fs::rename(&new, &path)?;
                File::open(dir)?.sync_all()
            });
            written.map_err(|error| failed(&error))?;
            Ok(id)
        }
        Err(error) => Err(failed(&error)),
    }
}

/// Makes `dir` and its parents, 0700, and syncs them: a power cut must not remove the directory of a
/// journal.
///
/// A directory that exists keeps its mode. It is refused where others could write to it; that
/// they may list it shows them no content.
pub(super) fn make_directory(dir: &Path) -> Result<(), JournalError> {
    let failed = |error: &io::Error| JournalError::io(dir, error);
    match fs::metadata(dir) {
        Ok(about) if !about.is_dir() => Err(refused(dir, "is not a directory")),
        Ok(about) if about.mode() & OTHERS_WRITE != 0 => {
            Err(refused(dir, "can be written by others (chmod 700 it)"))
        }
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let parent = match dir.parent() {
                Some(parent) if !parent.as_os_str().is_empty() => parent,
                _ => Path::new("."),
            };
            if !parent.exists() {
                make_directory(parent)?;
            }
            DirBuilder::new().mode(0o700).create(dir).map_err(|error| failed(&error))?;
            File::open(parent).and_then(|parent| parent.sync_all()).map_err(|error| failed(&error))
        }
        Err(error) => Err(failed(&error)),
    }
}

/// Makes the empty file at `path`, 0600, before `SQLite` writes any content into it, or makes
/// sure that the existing one and `SQLite`'s files beside it belong to this user alone.
///
/// # Errors
/// Also a write-ahead file without its journal: `SQLite` would delete it, and with it the only
/// copy of the latest entries.
pub(super) fn make_private(path: &Path) -> Result<(), JournalError> {
    let size = |path: &Path| fs::symlink_metadata(path).map_or(0, |about| about.len());
    if size(path) == 0 && size(&beside(path, "-wal")) > 0 {
        return Err(JournalError::damaged(path, "its -wal file is there, but it is not"));
    }
    match OpenOptions::new().write(true).create_new(true).mode(PRIVATE).open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            for suffix in ["", "-wal", "-shm", "-journal"] {
                tighten(&beside(path, suffix))?;
            }
            Ok(())
        }
        Err(error) => Err(JournalError::io(path, &error)),
    }
}

/// The name of one of `SQLite`'s files beside `path`.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Whether a file of this name is an archive of the sandbox's journal, or was to become one.
fn is_sandbox_archive(name: &str) -> bool {
    let digits = name.strip_prefix("journal-sandbox-").and_then(|rest| {
        rest.strip_suffix(".archive.part").or_else(|| rest.strip_suffix(".archive"))
    });
    digits.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Removes the sandbox journal in `dir`, if there is one.
pub(super) fn discard_sandbox(dir: &Path) -> Result<(), JournalError> {
    if !dir.exists() {
        return Ok(());
    }
    let _lock = Lock::take(dir, Mode::Sandbox)?;
    let path = file(dir, Mode::Sandbox);
    let name = |entry: io::Result<fs::DirEntry>| Ok(entry?.file_name());
    let names =
        fs::read_dir(dir).and_then(|entries| entries.map(name).collect::<io::Result<Vec<_>>>());
    for name in names.map_err(|error| JournalError::io(dir, &error))? {
        if name.to_str().is_some_and(is_sandbox_archive) {
            fs::remove_file(dir.join(&name)).map_err(|error| JournalError::io(dir, &error))?;
        }
    }
    // The mark first: without the others, it would be taken for a loss after a crash here.
    match fs::remove_file(mark(dir, Mode::Sandbox)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(JournalError::io(&path, &error));
        }
        _ => {}
    }
    // The journal last: without it, the others would be taken for damage after a crash here.
    for suffix in ["-wal", "-shm", "-journal", ""] {
        let name = beside(&path, suffix);
        match fs::remove_file(&name) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(JournalError::io(&name, &error));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Makes sure that the file at `path`, if there is one, is a plain one of this user alone.
pub(super) fn tighten(path: &Path) -> Result<(), JournalError> {
    let about = match fs::symlink_metadata(path) {
        Ok(about) => about,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(JournalError::io(path, &error)),
    };
    if !about.is_file() {
        return Err(refused(path, "is not a plain file"));
    }
    if about.uid() != geteuid().as_raw() {
        return Err(refused(path, "belongs to another user"));
    }
    if about.mode() & OTHERS == 0 {
        return Ok(());
    }
    // A backup that was put back, usually.
    fs::set_permissions(path, Permissions::from_mode(PRIVATE))
        .map_err(|error| JournalError::io(path, &error))
}

fn refused(path: &Path, why: &'static str) -> JournalError {
    JournalError::NotPrivate { path: path.to_owned(), why }
}

/// Held by the one console that writes; released by the system whenever the process ends.
pub(super) struct Lock {
    file: File,
}

impl Lock {
    /// Takes the lock of the journal in `dir`, or says which process has it.
    pub(super) fn take(dir: &Path, mode: Mode) -> Result<Self, JournalError> {
        let path = dir.join(format!("journal-{mode}.lock"));
        let failed = |error: &io::Error| JournalError::io(&path, error);
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(PRIVATE)
            .custom_flags((OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed())
            .open(&path)
            .map_err(|error| failed(&error))?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(rustix::io::Errno::WOULDBLOCK) => {
                return Err(JournalError::InUse { pid: written_pid(&mut file) });
            }
            Err(errno) => return Err(failed(&errno.into())),
        }
        let mut lock = Self { file };
        tighten(&path)?;
        // The number only serves the other console's message, so a disk too full for it is
        // left to the journal's own first write to report.
        let _noted = lock.note_pid();
        Ok(lock)
    }

    fn note_pid(&mut self) -> io::Result<()> {
        self.file.set_len(0)?;
        self.file.rewind()?;
        writeln!(self.file, "{}", process::id())
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing alone is not enough: a child process that is just being started shares the
        // lock until its own program begins. Should this fail, closing still releases it then.
        let _unlocked = flock(&self.file, FlockOperation::Unlock);
    }
}

fn written_pid(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.take(16).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_lock_is_free_once_dropped_even_while_a_starting_child_shares_it() {
        let dir = tempfile::tempdir().unwrap();
        let lock = Lock::take(dir.path(), Mode::Live).unwrap();
        let of_the_child = lock.file.try_clone().unwrap();
        assert!(Lock::take(dir.path(), Mode::Live).is_err());
        drop(lock);
        Lock::take(dir.path(), Mode::Live).unwrap();
        drop(of_the_child);
    }
}
