//! The small commands: what is configured, manual pages.

use std::io::{self, Write};

use super::Failure;
use crate::cli::{self, Exit};
use crate::config::Loaded;

pub(super) fn show_config(loaded: &Loaded, explain: bool) -> Result<u8, Failure> {
    say(&if explain { loaded.explanation() } else { loaded.listing() })
}

/// The manual page of a command.
pub(super) fn manual(names: &[String]) -> Result<u8, Failure> {
    let internal = |error| Failure::new(Exit::Internal, error);
    match cli::manual(names).map_err(internal)? {
        Some(page) => write(&page),
        None => Err(Failure::new(Exit::Usage, format!("no command {:?}", names.join(" ")))),
    }
}

pub(super) fn say(text: &str) -> Result<u8, Failure> {
    write(text.as_bytes())
}

/// A word of warning on stderr.
pub(super) fn warn(text: &str) {
    // With a closed stream the error cannot be shown.
    let _ = writeln!(io::stderr(), "kasse: {}", crate::text::sanitise(text));
}

/// Writes to stdout; a reader that has gone (`| head`) has read enough.
pub(super) fn write(bytes: &[u8]) -> Result<u8, Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::new(Exit::Internal, error))
        }
        _ => Ok(Exit::Ok.code()),
    }
}
