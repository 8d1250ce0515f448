//! Exchanges written to a file.
//!
//! Owns its name, which no user chooses, its permissions, and how many such files are kept.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;

use crate::exchange::{Exchange, script};

/// What the names begin and end with; between them stands the time.
const NAME: (&str, &str) = ("wire-", ".sh");

/// Files kept at the most: a key held down must not fill the disk.
const MOST: usize = 20;

/// Writes `exchanges` as curl lines to a new file in `dir`, for this user alone; returns its name.
///
/// # Errors
/// When directory or file cannot be written.
pub(super) fn write(dir: &Path, exchanges: &[Arc<Exchange>]) -> io::Result<String> {
    DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
    let time = Timestamp::now().strftime("%Y%m%dT%H%M%S%.6fZ");
    let name = format!("{}{time}{}", NAME.0, NAME.1);
    // A new file: never one that is there already.
    let mut file =
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(dir.join(&name))?;
    file.write_all(script(exchanges).as_bytes())?;
    file.sync_data()?;
    discard(dir)?;
    Ok(name)
}

/// Removes the oldest files beyond [`MOST`]. Their names sort by time.
fn discard(dir: &Path) -> io::Result<()> {
    let mut names = Vec::new();
    for entry in fs::read_dir(dir)? {
        let name = entry?.file_name();
        if name.to_str().is_some_and(|name| name.starts_with(NAME.0) && name.ends_with(NAME.1)) {
            names.push(name);
        }
    }
    names.sort();
    let superfluous = names.len().saturating_sub(MOST);
    names.iter().take(superfluous).try_for_each(|name| fs::remove_file(dir.join(name)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn exported_files_are_0600_and_only_the_newest_are_kept() {
        let home = tempfile::tempdir().unwrap();
        let dir = home.path().join("books");
        let mut names = Vec::new();
        for _ in 0..MOST + 5 {
            names.push(write(&dir, &[]).unwrap());
        }
        fs::write(dir.join("other"), "").unwrap();
        let mut kept: Vec<_> = fs::read_dir(&dir)
            .unwrap()
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .collect();
        kept.sort();
        assert_eq!(kept.pop().unwrap(), *names.last().unwrap());
        let mut expected = names.split_off(5);
        expected.pop();
        expected.insert(0, "other".to_owned());
        assert_eq!(kept, expected);
        for name in expected.iter().skip(1) {
            let mode = fs::metadata(dir.join(name)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }
}
