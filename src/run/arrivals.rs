//! What arrives from outside while a console or a replay runs: keys and signals, as [`Incoming`].
//!
//! Owns the thread that reads the keyboard. Must not know what the messages do.

use std::io;
use std::sync::mpsc::Sender;
use std::thread;

use crate::console::Incoming;
use crate::terminal::{self, Input, Intake, Signal, Termination};

/// Makes messages of signals. One that ends the program is known before its message arrives: what
/// was typed before it does not hold it up.
pub(super) fn signal(intake: &Intake) -> impl Fn(Signal) -> Incoming + Send + use<> {
    let intake = intake.clone();
    move |signal| {
        if let Signal::Terminate(by) = signal {
            intake.end(by);
        }
        match signal {
            Signal::Resize => Incoming::Resized,
            Signal::Resumed => Incoming::Resumed,
            Signal::Terminate(Termination::HangUp) => Incoming::HungUp,
            Signal::Terminate(by) => Incoming::Terminate(by),
        }
    }
}

/// Starts the thread that reads the keyboard. It ends with the process: nothing else can wake it.
pub(super) fn read_keys(
    sender: Sender<Incoming>,
    intake: &Intake,
    arrived: impl Fn(Vec<u8>) -> Incoming + Send + 'static,
) -> io::Result<()> {
    let intake = intake.clone();
    thread::Builder::new().name("keyboard".to_owned()).spawn(move || {
        terminal::read(io::stdin(), &intake, &sender, |input| match input {
            Input::Bytes(bytes) => arrived(bytes),
            Input::Lost => Incoming::InputLost,
            Input::HangUp | Input::Failed(_) => Incoming::HungUp,
        });
    })?;
    Ok(())
}
