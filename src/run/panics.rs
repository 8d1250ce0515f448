//! `panic.log`: what background threads said when they broke down. The screen is not its place.
//!
//! Owns the file's size and permissions. Must not fail: there is nobody to tell.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use crate::text::mask_cards;

/// The file beside the books.
const NAME: &str = "panic.log";
/// The file before it: one that breaks down at every start must not fill the disk.
const BEFORE: &str = "panic.log.1";
/// Bytes after which the next file begins.
const MOST: u64 = 256 << 10;
/// Characters of one message that are kept.
const LONGEST: usize = 16 << 10;

/// Adds a message, without card numbers.
///
/// Whoever sells on the sandbox inside has no state directory before that.
pub(super) fn note(dir: &Path, message: &str) {
    // It may be the disk that broke.
    let _ = add(dir, message);
}

fn add(dir: &Path, message: &str) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
    let path = dir.join(NAME);
    if fs::symlink_metadata(&path).is_ok_and(|about| about.len() >= MOST) {
        fs::rename(&path, dir.join(BEFORE))?;
    }
    let beginning: String = message.chars().take(LONGEST).collect();
    let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
    let mut options = OpenOptions::new();
    let options = options.create(true).append(true).mode(0o600);
    let mut file = options.custom_flags(flags.bits().cast_signed()).open(path)?;
    writeln!(file, "{}", mask_cards(&beginning, true))?;
    file.sync_data()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn long_messages_are_cut_and_two_files_of_bounded_size_are_kept() {
        let home = tempfile::tempdir().unwrap();
        let dir = home.path().join("books");
        let long = format!("card 9276004429942845 {}", "x".repeat(10 * LONGEST));
        for _ in 0..100 {
            note(&dir, &long);
        }
        note(&dir, "the last one");
        for name in [NAME, BEFORE] {
            let about = fs::metadata(dir.join(name)).unwrap();
            assert!(about.len() < MOST + 2 * u64::try_from(LONGEST).unwrap(), "{}", about.len());
            assert_eq!(about.permissions().mode() & 0o777, 0o600);
        }
        assert_eq!(fs::read_dir(&dir).unwrap().count(), 2);
        let text = fs::read_to_string(dir.join(NAME)).unwrap();
        assert!(text.ends_with("the last one\n") && text.contains("9276 **** **** 2845"));
    }
}
