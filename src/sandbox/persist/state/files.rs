//! The files of one state: the snapshot under the name that was asked for, and beside it two logs
//! in turn (`.log0`, `.log1`), the next snapshot while it is written (`.new`), and a lock (`.lock`).
//!
//! Owns their names, and that each appears whole or not at all. Must not know what they say.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, OFlags, flock};

use crate::outside;
use crate::sandbox::persist::state::frame::{Reader, Writer};
use crate::sandbox::persist::state::record::Head;

/// They are compacted as they grow; one far longer than any books is something else.
pub(super) const LONGEST_FILE: u64 = 1 << 30;

/// Where the files of a state are.
#[derive(Debug, Clone)]
pub(super) struct Files {
    path: PathBuf,
    folder: PathBuf,
}

impl Files {
    /// Those of `path`, in a folder that is made if it is missing.
    pub(super) fn at(path: &Path) -> io::Result<Self> {
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        Ok(Self { path: path.to_owned(), folder: folder.to_owned() })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    fn beside(&self, suffix: &str) -> PathBuf {
        let mut name = self.path.as_os_str().to_owned();
        name.push(suffix);
        name.into()
    }

    /// The log with this number.
    pub(super) fn log(&self, number: u64) -> PathBuf {
        self.beside(if number.is_multiple_of(2) { ".log0" } else { ".log1" })
    }

    /// Locks the companion, `None` when another program has: the snapshot itself is replaced, and
    /// its lock with it.
    pub(super) fn lock(&self) -> io::Result<Option<Lock>> {
        let mut options = OpenOptions::new();
        let options = options.write(true).create(true).truncate(false).mode(0o600);
        // Follow no link, do not wait for the reader of a pipe.
        let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed();
        let lock = options.custom_flags(flags).open(self.beside(".lock"))?;
        match flock(&lock, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Some(Lock(lock))),
            Err(rustix::io::Errno::WOULDBLOCK) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Removes everything but the lock; the snapshot first, since logs alone count for nothing.
    pub(super) fn forget(&self) -> io::Result<()> {
        remove(&self.path)?;
        self.sync_folder()?;
        remove(&self.beside(".new"))?;
        remove(&self.log(0))?;
        remove(&self.log(1))
    }

    /// Removes the log with this number.
    pub(super) fn remove_log(&self, number: u64) -> io::Result<()> {
        remove(&self.log(number))
    }

    /// Begins the log that `head` is of, in the place of any former one.
    pub(super) fn begin_log(&self, head: &Head) -> io::Result<Writer> {
        let path = self.log(head.log);
        remove(&path)?;
        let mut log = Writer::new(create(&path)?);
        log.frame(&head.line()?)?;
        log.sync()?;
        self.sync_folder()?;
        Ok(log)
    }

    /// The log with this number as it is on the disk.
    pub(super) fn read_log(&self, number: u64) -> io::Result<Reader> {
        Reader::new(outside::open(&self.log(number), LONGEST_FILE)?)
    }

    /// The log that `read` has read to its end, to go on with; what is torn there is cut off.
    pub(super) fn resume_log(&self, number: u64, read: &Reader) -> io::Result<Writer> {
        let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed();
        let file = OpenOptions::new().write(true).custom_flags(flags).open(self.log(number))?;
        read.resume(file)
    }

    /// A file for the next snapshot.
    pub(super) fn begin_snapshot(&self) -> io::Result<Writer> {
        // A leftover of a killed run could be readable by all: the new file gets its own mode.
        let path = self.beside(".new");
        remove(&path)?;
        Ok(Writer::new(create(&path)?))
    }

    /// Puts the next snapshot, which is on the disk, in the place of the one that counts.
    pub(super) fn replace_snapshot(&self) -> io::Result<()> {
        fs::rename(self.beside(".new"), &self.path)?;
        self.sync_folder()
    }

    /// Removes a snapshot that was not finished.
    pub(super) fn abandon_snapshot(&self) -> io::Result<()> {
        remove(&self.beside(".new"))
    }

    fn sync_folder(&self) -> io::Result<()> {
        let folder = &self.folder;
        File::open(folder)?.sync_all()
    }
}

/// Keeps other programs from the files.
pub(super) struct Lock(File);

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing does not suffice: a child that is just being started may still share the file.
        // Without success, closing is what is left.
        let _ = flock(&self.0, FlockOperation::Unlock);
    }
}

fn create(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
