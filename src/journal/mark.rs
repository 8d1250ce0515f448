//! The mark beside the journal: how far it had come when an entry was last written.
//!
//! Owns the file `journal-<mode>.mark`, its content and the comparison with the journal. Entries at
//! the end of a journal can vanish without a trace in it (its `-wal` file cut or deleted after a
//! crash, an older copy put back): the mark remembers their number, the chain's hash and the time.
//!
//! It is written after each commit, in place and without an fsync, so it costs a system call. In a
//! power cut it can be behind the journal, never ahead of it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;

use rustix::fs::OFlags;
use sha2::{Digest, Sha256};

use super::Mode;
use super::chain::{Head, from_hex, hex};
use crate::outside;

/// Longer than any mark.
const LONGEST: u64 = 512;

/// The end of the journal may be missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingEnd {
    /// How many entries the journal has.
    pub found: i64,
    /// How many it had when the mark was last written; `None`: the mark cannot be read.
    pub noted: Option<i64>,
    /// The time of the last entry then, ISO-8601 in UTC.
    pub at: Option<String>,
}

/// What a mark says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Noted {
    /// There is none yet.
    Nothing,
    /// The journal had come this far, with the last entry at this time.
    End(Head, String),
    /// It is no mark, or damaged.
    Unreadable,
}

fn line(mode: Mode, end: &Head, at: &str) -> String {
    let hash = hex(&end.hash);
    // A fixed length, so that a shorter one never leaves the end of a longer one behind.
    let text = format!("kasse-mark 1 {mode:<7} {:020} {hash} {at:<40.40}", end.seq);
    let check = hex(&Sha256::digest(&text));
    format!("{text} {}\n", check.get(..16).unwrap_or_default())
}

/// Reads the mark at `path`.
pub(super) fn read(path: &Path, mode: Mode) -> Noted {
    let bytes = match outside::read_private(path, LONGEST) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Noted::Nothing,
        Err(_) => return Noted::Unreadable,
    };
    // Made, and the power went before its content was on the disk.
    if bytes.is_empty() {
        return Noted::Nothing;
    }
    std::str::from_utf8(&bytes).ok().and_then(|text| parse(text, mode)).unwrap_or(Noted::Unreadable)
}

fn parse(text: &str, mode: Mode) -> Option<Noted> {
    let mut words = text.split_whitespace();
    let (name, version, of) = (words.next()?, words.next()?, words.next()?);
    let (seq, hash, at) = (words.next()?, words.next()?, words.next()?);
    if (name, version, of) != ("kasse-mark", "1", mode.as_str()) {
        return None;
    }
    let end = Head { seq: seq.parse().ok()?, hash: from_hex(hash)? };
    (line(mode, &end, at) == text).then(|| Noted::End(end, at.to_owned()))
}

/// Writes the mark at `path`: the journal ends with `end`, whose last entry was made at `at`.
pub(super) fn write(path: &Path, mode: Mode, end: &Head, at: &str) -> io::Result<()> {
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed();
    let open = || {
        let mut options = OpenOptions::new();
        let options = options.write(true).create(true).truncate(false).mode(0o600);
        options.custom_flags(flags).open(path)
    };
    let plain = |file: &File| file.metadata().map(|about| about.is_file());
    let file = open()?;
    let file = if plain(&file)? {
        file
    } else {
        fs::remove_file(path)?;
        open()?
    };
    let line = line(mode, end, at);
    file.write_all_at(line.as_bytes(), 0)?;
    let length = line.len() as u64;
    if file.metadata()?.len() != length {
        file.set_len(length)?;
    }
    (&file).flush()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::super::place;
    use super::*;

    #[test]
    fn a_mark_reads_as_written_and_any_changed_byte_makes_it_unreadable() {
        let dir = tempfile::tempdir().unwrap();
        let path = place::mark(dir.path(), Mode::Live);
        assert_eq!(read(&path, Mode::Live), Noted::Nothing);
        for (seq, at) in [(1_234, "2026-11-20T10:00:00.123456789Z"), (7, "2026-11-20T10:00:01Z")] {
            let end = Head { seq, hash: [7; 32] };
            write(&path, Mode::Live, &end, at).unwrap();
            assert_eq!(read(&path, Mode::Live), Noted::End(end, at.to_owned()));
            assert_eq!(read(&path, Mode::Sandbox), Noted::Unreadable);
        }
        let good = fs::read(&path).unwrap();
        for index in 0..good.len() {
            let mut bad = good.clone();
            if let Some(byte) = bad.get_mut(index) {
                *byte ^= 1;
            }
            fs::write(&path, bad).unwrap();
            assert_eq!(read(&path, Mode::Live), Noted::Unreadable, "byte {index}");
        }
        fs::write(&path, "").unwrap();
        assert_eq!(read(&path, Mode::Live), Noted::Nothing);
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        assert_eq!(read(&path, Mode::Live), Noted::Unreadable);
    }
}
