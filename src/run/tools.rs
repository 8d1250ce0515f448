//! The small commands: what is configured, and whether an article file is right.

use std::io::{self, Write};
use std::path::Path;

use super::{Failure, articles_failure};
use crate::cli::Exit;
use crate::config::{Loaded, read_articles};

pub(super) fn show_config(loaded: &Loaded, explain: bool) -> Result<u8, Failure> {
    say(&if explain { loaded.explanation() } else { loaded.listing() })
}

pub(super) fn check_articles(file: &Path) -> Result<u8, Failure> {
    let catalogue = read_articles(Some(file)).map_err(|error| articles_failure(&error))?;
    say(&format!("{}: {} articles\n", file.display(), catalogue.all().len()))
}

/// Writes to stdout; a reader that has gone (`| head`) has read enough.
pub(super) fn say(text: &str) -> Result<u8, Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::new(Exit::Internal, error))
        }
        _ => Ok(Exit::Ok.code()),
    }
}
