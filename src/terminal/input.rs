//! The thread that reads what the terminal sends.
//!
//! Owns standard input. Must not decode: the loop does, in the order of all its events.

use std::io;
use std::sync::mpsc::Sender;

use rustix::event::PollFlags;
use rustix::fd::AsFd;
use rustix::io::Errno;

use super::tty::wait;

/// What the reader found.
#[derive(Debug)]
pub enum Input {
    /// Bytes of one read, at least one.
    Bytes(Vec<u8>),
    /// The terminal is gone. The last message.
    HangUp,
    /// It cannot be read any more. The last message.
    Failed(io::Error),
}

/// More than any scan; a burst of scans takes a few reads.
const CHUNK: usize = 1024;

/// Reads `from` until its end, sending everything as `wrap` makes it; to be run on a thread of
/// its own with standard input.
///
/// Blocks in the read, so it costs nothing while nobody types, and returns after a hang-up or a
/// failure, or when nobody receives any more.
pub fn read<T>(from: impl AsFd, sender: &Sender<T>, wrap: impl Fn(Input) -> T) {
    let fd = from.as_fd();
    loop {
        let mut chunk = vec![0; CHUNK];
        let (found, last) = match rustix::io::read(fd, &mut chunk) {
            // A hung-up terminal gives an end of file or EIO, depending on who reads when.
            Ok(0) | Err(Errno::IO) => (Input::HangUp, true),
            Ok(count) => {
                chunk.truncate(count);
                (Input::Bytes(chunk), false)
            }
            Err(Errno::INTR) => continue,
            Err(Errno::AGAIN) => match wait(fd, PollFlags::IN) {
                Ok(()) => continue,
                Err(error) => (Input::Failed(error), true),
            },
            Err(error) => (Input::Failed(error.into()), true),
        };
        if sender.send(wrap(found)).is_err() || last {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

    use std::io::Write;
    use std::sync::mpsc;
    use std::thread;

    use super::*;

    #[test]
    fn bytes_come_in_order_and_the_end_is_said_once() {
        let (reader, mut writer) = io::pipe().unwrap();
        let (sender, receiver) = mpsc::channel();
        let thread = thread::spawn(move || read(reader, &sender, |input| input));
        let mut bytes = Vec::new();
        for chunk in [b"4006381".as_slice(), b"333931\r"] {
            writer.write_all(chunk).unwrap();
            let Input::Bytes(read) = receiver.recv().unwrap() else { panic!("no bytes") };
            bytes.extend(read);
        }
        assert_eq!(bytes, b"4006381333931\r");
        drop(writer);
        assert!(matches!(receiver.recv(), Ok(Input::HangUp)));
        assert!(receiver.recv().is_err(), "the thread has ended");
        thread.join().unwrap();
    }

    #[test]
    fn a_non_blocking_end_is_waited_for() {
        let (reader, mut writer) = io::pipe().unwrap();
        rustix::io::ioctl_fionbio(&reader, true).unwrap();
        let (sender, receiver) = mpsc::channel();
        let thread = thread::spawn(move || read(reader, &sender, |input| input));
        writer.write_all(b"7").unwrap();
        assert!(matches!(receiver.recv().unwrap(), Input::Bytes(bytes) if bytes == b"7"));
        drop(writer);
        assert!(matches!(receiver.recv(), Ok(Input::HangUp)));
        thread.join().unwrap();
    }

    #[test]
    fn a_failure_ends_the_reading() {
        let folder = std::fs::File::open(".").unwrap();
        let (sender, receiver) = mpsc::channel();
        read(folder, &sender, |input| input);
        assert!(matches!(receiver.recv(), Ok(Input::Failed(_))));
    }

    #[test]
    fn nobody_listening_ends_the_reading() {
        let (reader, mut writer) = io::pipe().unwrap();
        writer.write_all(b"7").unwrap();
        let (sender, receiver) = mpsc::channel();
        drop(receiver);
        read(reader, &sender, |input| input);
    }
}
