//! `kasse pin`: a new PIN in, the line for the configuration out.

use std::io::{self, BufRead};

use secrecy::{ExposeSecret, SecretString};

use super::{Failure, tools};
use crate::cli::Exit;
use crate::pin::{Pin, PinHash};
use crate::terminal::{self, NotATerminal};

pub(super) fn run() -> Result<u8, Failure> {
    let (first, again) = typed()?;
    let wrong = |error| Failure::new(Exit::Usage, error);
    let pin: Pin =
        first.expose_secret().parse().map_err(|e: crate::pin::BadPin| wrong(e.to_string()))?;
    if again.expose_secret() != first.expose_secret() {
        return Err(wrong("the two PINs differ; nothing was made".to_owned()));
    }
    let hash = PinHash::of(&pin).map_err(|error| Failure::new(Exit::Internal, error))?;
    tools::say(&format!("pin_hash = \"{}\"\n", hash.reveal()))
}

/// The PIN twice: from the terminal unseen, otherwise two lines of standard input.
fn typed() -> Result<(SecretString, SecretString), Failure> {
    let failed = |error| Failure::new(Exit::Internal, format!("the PIN cannot be read: {error}"));
    let missing = || Failure::new(Exit::Usage, "no PIN; nothing was made");
    if terminal::check() == Err(NotATerminal::Input) {
        let mut lines = io::stdin().lock().lines();
        let mut line = || -> Result<SecretString, Failure> {
            Ok(lines.next().ok_or_else(missing)?.map_err(failed)?.into())
        };
        return Ok((line()?, line()?));
    }
    let ask = |prompt| terminal::read_secret(prompt).map_err(failed)?.ok_or_else(missing);
    Ok((ask("New PIN: ")?, ask("The same again: ")?))
}
