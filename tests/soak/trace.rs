//! What the driver did, line by line in a file: kept when books differ.

use std::fmt::{Arguments, Display};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Instant;

/// A trace in a directory of its own.
pub struct Trace {
    dir: PathBuf,
    file: Mutex<File>,
    begun: Instant,
}

impl Trace {
    /// Writes to `dir`, which is made.
    pub fn new(dir: &Path) -> io::Result<Self> {
        fs::create_dir_all(dir)?;
        let file = Mutex::new(File::create(dir.join("trace.log"))?);
        Ok(Self { dir: dir.to_owned(), file, begun: Instant::now() })
    }

    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Adds a line: seconds since the begin, who, what.
    pub fn line(&self, who: impl Display, what: Arguments) {
        let mut file = self.file.lock().unwrap();
        let seconds = self.begun.elapsed().as_secs_f64();
        writeln!(file, "{seconds:9.3} {who:<8} {what}").unwrap();
    }

    /// Keeps a copy of a file or a directory.
    pub fn keep(&self, from: &Path, name: &str) {
        if let Err(error) = copy(from, &self.dir.join(name)) {
            self.line("driver", format_args!("cannot keep {}: {error}", from.display()));
        }
    }

    /// Keeps a text.
    pub fn keep_text(&self, text: &str, name: &str) {
        fs::write(self.dir.join(name), text).unwrap();
    }
}

/// Copies a file, or a directory with all that is in it. Sockets and pipes are left out.
pub fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let kind = fs::symlink_metadata(from)?.file_type();
    if kind.is_file() {
        // Keeps the permissions: private files stay private.
        fs::copy(from, to)?;
    } else if kind.is_dir() {
        fs::create_dir_all(to)?;
        fs::set_permissions(to, fs::metadata(from)?.permissions())?;
        for entry in fs::read_dir(from)? {
            let entry = entry?;
            copy(&entry.path(), &to.join(entry.file_name()))?;
        }
    }
    Ok(())
}
