//! The thread that reads what the terminal sends.
//!
//! Owns standard input. Must not decode: the loop does, in the order of all its events.

use std::io;
use std::sync::mpsc::Sender;
use std::time::Instant;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fd::{AsFd, BorrowedFd};
use rustix::io::Errno;

use super::intake::{Flood, Intake, QUIET};
use super::tty::wait;

/// What the reader found.
#[derive(Debug)]
pub enum Input {
    /// Bytes of one read, at least one.
    Bytes(Vec<u8>),
    /// More came than the loop takes: it was dropped, and so is what waits ahead of this.
    Lost,
    /// The terminal is gone. The last message.
    HangUp,
    /// It cannot be read any more. The last message.
    Failed(io::Error),
}

/// What a terminal holds at the most; a burst of scans takes one read.
const CHUNK: usize = 4096;

/// Reads `from` until its end, sending everything as `wrap` makes it; to be run on a thread of
/// its own with standard input. What `intake` does not take is dropped.
///
/// Blocks in the read, so it costs nothing between keys, and returns after a hang-up or a failure,
/// or when the receiver is gone.
pub fn read<T>(from: impl AsFd, intake: &Intake, sender: &Sender<T>, wrap: impl Fn(Input) -> T) {
    let fd = from.as_fd();
    let mut chunk = vec![0; CHUNK];
    let mut flood: Option<Flood> = None;
    loop {
        if flood.is_some() && is_quiet(fd) {
            flood = None;
        }
        let (found, last) = match rustix::io::read(fd, &mut chunk) {
            // A hung-up terminal gives an end of file or EIO, depending on who reads when.
            Ok(0) | Err(Errno::IO) => (Input::HangUp, true),
            Ok(count) => {
                let bytes = chunk.get(..count).unwrap_or_default();
                if let Some(under_way) = &mut flood {
                    if under_way.drop(bytes, Instant::now()) {
                        flood = None;
                    }
                    continue;
                }
                if intake.offer(bytes) {
                    // A copy of its own: a single key must not hold a whole chunk.
                    (Input::Bytes(bytes.to_vec()), false)
                } else {
                    flood = Some(Flood::begin(Instant::now()));
                    (Input::Lost, false)
                }
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

/// Whether nothing comes for [`QUIET`]. A hang-up is something.
fn is_quiet(fd: BorrowedFd<'_>) -> bool {
    let patience = Timespec::try_from(QUIET).ok();
    let fds = &mut [PollFd::from_borrowed_fd(fd, PollFlags::IN)];
    // Interrupted: not known, so asked again later.
    matches!(poll(fds, patience.as_ref()), Ok(0))
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
        let thread =
            thread::spawn(move || read(reader, &Intake::default(), &sender, |input| input));
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
        let thread =
            thread::spawn(move || read(reader, &Intake::default(), &sender, |input| input));
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
        read(folder, &Intake::default(), &sender, |input| input);
        assert!(matches!(receiver.recv(), Ok(Input::Failed(_))));
    }

    #[test]
    fn a_dropped_receiver_ends_the_reading() {
        let (reader, mut writer) = io::pipe().unwrap();
        writer.write_all(b"7").unwrap();
        let (sender, receiver) = mpsc::channel();
        drop(receiver);
        read(reader, &Intake::default(), &sender, |input| input);
    }

    #[test]
    fn a_flood_is_told_once_dropped_whole_and_over_when_the_line_is_quiet() {
        let (reader, mut writer) = io::pipe().unwrap();
        let (sender, receiver) = mpsc::channel();
        let intake = Intake::default();
        let reading = intake.clone();
        let thread = thread::spawn(move || read(reader, &reading, &sender, |input| input));
        // The loop takes nothing meanwhile.
        writer.write_all(&vec![b'7'; 8 << 20]).unwrap();
        writer.write_all(b"331\r").unwrap();
        thread::sleep(2 * QUIET);
        writer.write_all(b"30037\r").unwrap();
        drop(writer);
        thread.join().unwrap();
        let (mut waiting, mut losses, mut used) = (0, 0, Vec::new());
        for input in receiver {
            match input {
                Input::Bytes(bytes) => {
                    waiting += bytes.len();
                    if intake.take(&bytes) {
                        used.extend(bytes);
                    }
                }
                Input::Lost => {
                    losses += 1;
                    intake.told();
                }
                Input::HangUp => {}
                Input::Failed(error) => panic!("{error}"),
            }
        }
        assert_eq!((losses, used.as_slice()), (1, b"30037\r".as_slice()));
        assert!(waiting <= 1 << 20, "{waiting} bytes waited");
    }
}
