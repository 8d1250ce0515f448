//! The files of the log: one that is written to, and a few older ones.
//!
//! Owns their names, sizes, number and permissions. Must not know what is in them.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// The file that is written to.
const NAME: &str = "kasse.log";

/// A file that makes way for a new one in time.
#[derive(Debug)]
pub(super) struct Rotating {
    dir: PathBuf,
    file: BufWriter<File>,
    written: u64,
    files: usize,
    bytes: u64,
}

impl Rotating {
    /// Goes on with the newest file in `dir`; keeps `files` of about `bytes` each.
    pub(super) fn open(dir: &Path, files: usize, bytes: u64) -> io::Result<Self> {
        DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
        // A link leads out of the state directory, into files that are not the till's to replace.
        if !fs::symlink_metadata(dir)?.is_dir() {
            return Err(io::Error::other("a link, not a directory"));
        }
        fs::set_permissions(dir, Permissions::from_mode(0o700))?;
        discard(dir, files.max(1))?;
        let file = append(&dir.join(NAME))?;
        let written = file.metadata()?.len();
        let (dir, file) = (dir.to_owned(), BufWriter::new(file));
        Ok(Self { dir, file, written, files: files.max(1), bytes })
    }

    /// Writes one line; a line is never torn by the end of a file.
    pub(super) fn line(&mut self, line: &str) -> io::Result<()> {
        let length = u64::try_from(line.len()).unwrap_or(u64::MAX);
        if self.written > 0 && self.written.saturating_add(length) > self.bytes {
            self.rotate()?;
        }
        self.file.write_all(line.as_bytes())?;
        self.written += length;
        Ok(())
    }

    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }

    fn rotate(&mut self) -> io::Result<()> {
        self.file.flush()?;
        for age in (0..self.files - 1).rev() {
            match fs::rename(older(&self.dir, age), older(&self.dir, age + 1)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        if self.files == 1 {
            fs::remove_file(older(&self.dir, 0))?;
        }
        self.file = BufWriter::new(append(&older(&self.dir, 0))?);
        self.written = 0;
        Ok(())
    }
}

/// The file that has made way `age` times.
fn older(dir: &Path, age: usize) -> PathBuf {
    dir.join(if age == 0 { NAME.to_owned() } else { format!("{NAME}.{age}") })
}

/// Removes the files beyond the number kept: it may have been larger once.
fn discard(dir: &Path, files: usize) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let name = entry.file_name();
        let age = name.to_str().and_then(|name| name.strip_prefix(NAME)?.strip_prefix('.'));
        if age.and_then(|age| age.parse::<usize>().ok()).is_some_and(|age| age >= files) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

fn append(path: &Path) -> io::Result<File> {
    // No link, and no waiting for the reader of a pipe.
    let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
    let no_link = flags.bits().cast_signed();
    let mut options = OpenOptions::new();
    options.create(true).append(true).mode(0o600).custom_flags(no_link);
    let file = options.open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::other("not a plain file"));
    }
    file.set_permissions(Permissions::from_mode(0o600))?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_linked_directory_a_linked_file_and_a_pipe_are_refused_and_nothing_behind_them_changes() {
        use rustix::fs::{CWD, FileType, Mode, mknodat};
        use std::os::unix::fs::symlink;
        let root = tempfile::tempdir().unwrap();
        let (real, link) = (root.path().join("real"), root.path().join("link"));
        fs::create_dir(&real).unwrap();
        fs::write(real.join("kasse.log.7"), "another program's").unwrap();
        symlink(&real, &link).unwrap();
        assert!(Rotating::open(&link, 2, 100).is_err());
        assert_eq!(names(&real), ["kasse.log.7"]);
        let dir = root.path().join("log");
        fs::create_dir(&dir).unwrap();
        symlink(real.join("kasse.log.7"), dir.join(NAME)).unwrap();
        assert!(Rotating::open(&dir, 2, 100).is_err());
        fs::remove_file(dir.join(NAME)).unwrap();
        mknodat(CWD, dir.join(NAME), FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
        assert!(Rotating::open(&dir, 2, 100).is_err());
    }

    fn names(dir: &Path) -> Vec<String> {
        let entries = fs::read_dir(dir).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn files_are_bounded_in_size_and_number() {
        let home = tempfile::tempdir().unwrap();
        let dir = home.path().join("log");
        let mut log = Rotating::open(&dir, 3, 100).unwrap();
        for number in 0..50 {
            log.line(&format!("line {number:03} of thirty bytes.....\n")).unwrap();
        }
        log.flush().unwrap();
        assert_eq!(names(&dir), ["kasse.log", "kasse.log.1", "kasse.log.2"]);
        let all: String =
            [2, 1, 0].map(|age| fs::read_to_string(older(&dir, age)).unwrap()).concat();
        let lines: Vec<&str> = all.lines().collect();
        assert_eq!(lines.len(), 8, "three, three and two");
        assert!(lines.first().unwrap().starts_with("line 042"), "{all}");
        assert!(lines.last().unwrap().starts_with("line 049"), "{all}");
        for age in 0..3 {
            let about = fs::metadata(older(&dir, age)).unwrap();
            assert!(about.len() <= 100);
            assert_eq!(about.permissions().mode() & 0o777, 0o600);
        }
        assert_eq!(fs::metadata(&dir).unwrap().permissions().mode() & 0o777, 0o700);
    }

    #[test]
    fn the_newest_file_is_gone_on_with_and_superfluous_ones_go() {
        let dir = tempfile::tempdir().unwrap();
        for age in 0..5 {
            fs::write(older(dir.path(), age), "old\n").unwrap();
        }
        fs::write(dir.path().join("kasse.log.txt"), "not ours").unwrap();
        let mut log = Rotating::open(dir.path(), 2, 1_000).unwrap();
        log.line("new\n").unwrap();
        log.flush().unwrap();
        assert_eq!(names(dir.path()), ["kasse.log", "kasse.log.1", "kasse.log.txt"]);
        assert_eq!(fs::read_to_string(older(dir.path(), 0)).unwrap(), "old\nnew\n");
    }

    #[test]
    fn a_single_full_file_starts_anew() {
        let dir = tempfile::tempdir().unwrap();
        let mut log = Rotating::open(dir.path(), 1, 10).unwrap();
        for line in ["1234567\n", "abc\n"] {
            log.line(line).unwrap();
        }
        log.flush().unwrap();
        assert_eq!(names(dir.path()), ["kasse.log"]);
        assert_eq!(fs::read_to_string(older(dir.path(), 0)).unwrap(), "abc\n");
    }

    #[test]
    fn a_link_is_not_followed() {
        let dir = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(dir.path().join("elsewhere"), older(dir.path(), 0)).unwrap();
        assert!(Rotating::open(dir.path(), 1, 10).is_err());
        assert!(!dir.path().join("elsewhere").exists());
    }
}
