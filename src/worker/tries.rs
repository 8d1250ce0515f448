//! Wrong PINs, counted in a file: a new log-in, a crash or a kill does not forget them.
//!
//! Owns the file `pin-tries` beside the journal, and what its times mean after a restart. A try is
//! counted before the PIN is checked, so a program that is killed meanwhile has counted it. The
//! lock of the journal lets one console at a time count.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use jiff::Timestamp;
use rustix::fs::OFlags;

use crate::outside;
use crate::till::{Tries, wait_after};

/// Longer than any content.
const LONGEST: u64 = 512;

/// A file that was damaged counts as so many wrong PINs: that costs half a minute, not the day.
const DAMAGED: u32 = 9;

/// The clocks by which a wait is measured, ms.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Moment {
    /// Since 1970: can be set.
    wall: i64,
    /// Since the machine was started: cannot be set.
    up: i64,
    /// Which start of the machine that was; empty where that is not known.
    boot: String,
}

impl Moment {
    fn now() -> Self {
        let text = |path: &str| {
            let bytes = outside::read(Path::new(path), LONGEST).ok()?;
            String::from_utf8(bytes).ok()
        };
        let up = text("/proc/uptime").and_then(|text| {
            // Seconds with two decimals.
            text.split_whitespace().next()?.replace('.', "").parse::<i64>().ok()
        });
        let boot = text("/proc/sys/kernel/random/boot_id").filter(|_| up.is_some());
        Self {
            wall: Timestamp::now().as_millisecond(),
            up: up.unwrap_or(0).saturating_mul(10),
            boot: boot.map(|id| id.trim().to_owned()).unwrap_or_default(),
        }
    }
}

/// What the file says: so many wrong PINs, the last one at this moment.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Count {
    wrong: u32,
    at: Moment,
}

impl Count {
    /// How long no PIN is taken from `now` on, ms. A clock that was set back never shortens it.
    fn left(&self, now: &Moment) -> u64 {
        let wait = if self.wrong == 0 { 0 } else { wait_after(self.wrong) };
        let known = !now.boot.is_empty() && self.at.boot == now.boot;
        let passed = if known { now.up - self.at.up } else { now.wall - self.at.wall };
        wait.saturating_sub(u64::try_from(passed).unwrap_or(0))
    }

    fn text(&self) -> String {
        let Self { wrong, at: Moment { wall, up, boot } } = self;
        let boot = if boot.is_empty() { "-" } else { boot };
        // A fixed length, so that it can be written in place.
        format!("kasse-tries 1 {wrong:010} {wall:020} {up:020} {boot:<40.40} end\n")
    }

    fn parse(text: &str) -> Option<Self> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let [name, version, wrong, wall, up, boot, end] = words.as_slice() else { return None };
        if (*name, *version, *end) != ("kasse-tries", "1", "end") {
            return None;
        }
        let boot = if *boot == "-" { String::new() } else { (*boot).to_owned() };
        let at = Moment { wall: wall.parse().ok()?, up: up.parse().ok()?, boot };
        Some(Self { wrong: wrong.parse().ok()?, at })
    }
}

/// The count of one till.
#[derive(Debug)]
pub struct TriesFile {
    path: PathBuf,
    count: Mutex<Count>,
}

impl TriesFile {
    /// The count in the directory `dir` of a till's journal, whose lock is held. Without a file no
    /// wrong PIN was typed; one that cannot be read counts as some, and costs half a minute.
    #[must_use]
    pub fn open(dir: &Path) -> Self {
        Self::open_at(dir, Moment::now())
    }

    fn open_at(dir: &Path, now: Moment) -> Self {
        let path = dir.join("pin-tries");
        let read = outside::read_private(&path, LONGEST);
        let count = match &read {
            Ok(bytes) => std::str::from_utf8(bytes).ok().and_then(Count::parse),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Some(Count { wrong: 0, at: now.clone() })
            }
            Err(_) => None,
        };
        if let Some(count) = count {
            return Self { path, count: Mutex::new(count) };
        }
        let count = Count { wrong: DAMAGED, at: now };
        let file = Self { path, count: Mutex::new(count.clone()) };
        // So that the wait is over some time, however often the till is started.
        file.write(&count);
        file
    }

    /// The count for a till whose clock says `clock`, ms.
    #[must_use]
    pub fn tries(&self, clock: u64) -> Tries {
        let Ok(count) = self.count.lock() else { return Tries { wrong: DAMAGED, until: u64::MAX } };
        let left = count.left(&Moment::now());
        Tries { wrong: count.wrong, until: if left == 0 { 0 } else { clock.saturating_add(left) } }
    }

    /// Counts a wrong PIN and returns once that is on disk: to be called before one is checked.
    pub(super) fn begin(&self) {
        self.change(|count| count.wrong.saturating_add(1));
    }

    /// The PIN that was counted as wrong is the right one.
    pub(super) fn right(&self) {
        self.change(|_| 0);
    }

    fn change(&self, wrong: impl FnOnce(&Count) -> u32) {
        let Ok(mut count) = self.count.lock() else { return };
        *count = Count { wrong: wrong(&count), at: Moment::now() };
        self.write(&count);
    }

    /// Replaces the file; where there is no room for a new one, the old one is written over.
    fn write(&self, count: &Count) {
        let text = count.text();
        if let Err(error) = replace(&self.path, &text).or_else(|_| overwrite(&self.path, &text)) {
            // The till goes on counting, as long as it runs.
            tracing::warn!(%error, "wrong PINs cannot be counted on disk");
        }
    }
}

fn replace(path: &Path, text: &str) -> io::Result<()> {
    let temporary = path.with_extension("new");
    match fs::remove_file(&temporary) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&temporary)?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    let written = written.and_then(|()| fs::rename(&temporary, path));
    if written.is_err() {
        // Best effort: the error that matters is the one that is returned.
        let _removed = fs::remove_file(&temporary);
        return written;
    }
    path.parent().map_or(Ok(()), |dir| File::open(dir)?.sync_all())
}

fn overwrite(path: &Path, text: &str) -> io::Result<()> {
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed();
    let file = OpenOptions::new().write(true).custom_flags(flags).open(path)?;
    file.write_all_at(text.as_bytes(), 0)?;
    file.sync_data()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn moment(wall: i64, up: i64, boot: &str) -> Moment {
        Moment { wall, up, boot: boot.to_owned() }
    }

    #[test]
    fn ten_wrong_pins_a_restart_and_the_count_and_its_wait_are_the_same() {
        let dir = tempfile::tempdir().unwrap();
        let file = TriesFile::open(dir.path());
        assert_eq!(file.tries(5_000), Tries::default());
        for _ in 0..10 {
            file.begin();
        }
        let mode = fs::metadata(dir.path().join("pin-tries")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let again = TriesFile::open(dir.path()).tries(5_000);
        assert_eq!(again.wrong, 10);
        let wait = again.wait(5_000).unwrap();
        assert!(wait > wait_after(10) - 5_000 && wait <= wait_after(10), "{wait}");
        file.right();
        assert_eq!(TriesFile::open(dir.path()).tries(5_000), Tries::default());
    }

    #[test]
    fn a_clock_set_back_or_forward_does_not_shorten_the_wait_while_the_machine_runs() {
        let count = Count { wrong: 10, at: moment(1_000_000, 50_000, "a") };
        let wait = wait_after(10);
        for wall in [0, 1_000_000, 9_000_000_000] {
            assert_eq!(count.left(&moment(wall, 50_000 + 10_000, "a")), wait - 10_000, "{wall}");
        }
        // Another start of the machine: the wall clock counts, and never below what was left.
        assert_eq!(count.left(&moment(1_010_000, 3_000, "b")), wait - 10_000);
        assert_eq!(count.left(&moment(0, 3_000, "b")), wait);
        assert_eq!(count.left(&moment(0, 3_000, "")), wait);
        let past = 1_000_000 + i64::try_from(wait).unwrap();
        assert_eq!(count.left(&moment(past, 3_000, "b")), 0);
    }

    #[test]
    fn a_damaged_file_a_link_and_a_directory_cost_half_a_minute_and_no_more() {
        let damages: [fn(&Path); 4] = [
            |path| fs::write(path, "kasse-tries 1 0").unwrap(),
            |path| fs::write(path, [0xFF; 40]).unwrap(),
            |path| std::os::unix::fs::symlink("/dev/zero", path).unwrap(),
            |path| fs::write(path, "x".repeat(100_000)).unwrap(),
        ];
        for damage in damages {
            let dir = tempfile::tempdir().unwrap();
            damage(&dir.path().join("pin-tries"));
            let tries = TriesFile::open(dir.path()).tries(0);
            assert_eq!(tries.wrong, DAMAGED);
            let wait = tries.wait(0).unwrap();
            assert!((25_000..=32_000).contains(&wait), "{wait}");
            // It is a good one from now on: the next start waits no longer.
            let later = TriesFile::open(dir.path()).tries(0);
            assert!(later.wrong == DAMAGED && later.wait(0).unwrap() <= wait);
        }
    }

    #[test]
    fn where_no_new_file_can_be_made_the_old_one_counts_on() {
        let dir = tempfile::tempdir().unwrap();
        let file = TriesFile::open(dir.path());
        file.begin();
        // A directory of that name is in the way of the new file.
        fs::create_dir(dir.path().join("pin-tries.new")).unwrap();
        file.begin();
        assert_eq!(TriesFile::open(dir.path()).tries(0).wrong, 2);
    }
}
