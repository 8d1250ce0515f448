//! Lines on their way to the disk.
//!
//! Owns the queue, the thread that writes, and the last look at every line: control characters and
//! card numbers end here. Must not block those who report.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use tracing_subscriber::fmt::MakeWriter;

use super::file::Rotating;
use crate::text::{mask_cards, sanitise};

/// Lines that may wait. A line has at most [`crate::text::LONGEST`] characters.
const MOST_WAITING: usize = 2_048;

/// How long the end of the program waits for the disk.
const PATIENCE: Duration = Duration::from_secs(2);

enum Message {
    Line(String),
    /// Answer when everything before is written.
    Flush(Sender<()>),
}

#[derive(Debug, Default)]
struct Counts {
    waiting: AtomicUsize,
    dropped: AtomicUsize,
}

/// Takes lines. Clones feed the same file.
#[derive(Debug, Clone)]
pub(super) struct Sink {
    sender: Sender<Message>,
    counts: Arc<Counts>,
}

impl Sink {
    /// Starts the thread that writes to `file`. It ends with the last clone.
    pub(super) fn start(file: Rotating) -> io::Result<Self> {
        let (sender, messages) = channel();
        let counts = Arc::new(Counts::default());
        let shared = Arc::clone(&counts);
        thread::Builder::new()
            .name("log".to_owned())
            .spawn(move || write_all(file, &messages, &shared))?;
        Ok(Self { sender, counts })
    }

    /// Waits until everything reported so far is written, or the disk has had its time.
    pub(super) fn flush(&self) {
        let (done, written) = channel();
        if self.sender.send(Message::Flush(done)).is_ok() {
            let _in_time = written.recv_timeout(PATIENCE);
        }
    }
}

/// Every line comes in one piece.
impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.counts.waiting.fetch_add(1, Ordering::Relaxed) < MOST_WAITING {
            let line = clean(&String::from_utf8_lossy(bytes));
            // Without its thread there is no log to write the error to.
            let _ = self.sender.send(Message::Line(line));
        } else {
            self.counts.waiting.fetch_sub(1, Ordering::Relaxed);
            self.counts.dropped.fetch_add(1, Ordering::Relaxed);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Sink {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// One row of printable text without card numbers.
fn clean(line: &str) -> String {
    let mut line = mask_cards(&sanitise(line.trim_end()), true);
    line.push('\n');
    line
}

/// A line that the disk does not take is lost: the till must go on, and the screen is not the
/// place to say so.
fn write_all(mut file: Rotating, messages: &Receiver<Message>, counts: &Counts) {
    while let Ok(first) = messages.recv() {
        let mut next = Some(first);
        while let Some(message) = next {
            match message {
                Message::Line(line) => {
                    counts.waiting.fetch_sub(1, Ordering::Relaxed);
                    let dropped = counts.dropped.swap(0, Ordering::Relaxed);
                    if dropped > 0 {
                        let _ = file.line(&format!("({dropped} lines were dropped here)\n"));
                    }
                    let _ = file.line(&line);
                }
                Message::Flush(done) => {
                    let _ = file.flush();
                    let _ = done.send(());
                }
            }
            next = messages.try_recv().ok();
        }
        let _ = file.flush();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::fs;

    use super::*;

    #[test]
    fn every_line_is_one_row_of_harmless_text() {
        for (line, shown) in [
            ("a\n", "a\n"),
            ("a\nb\u{1b}[31mc\u{202e}\n", "a bc\n"),
            ("card 9276004429942845\n", "card 9276 **** **** 2845\n"),
            ("card 9276\u{200b}004429942845\n", "card 9276 **** **** 2845\n"),
        ] {
            assert_eq!(clean(line), shown);
        }
        assert!(clean(&"x".repeat(100_000)).len() <= crate::text::LONGEST + 1);
    }

    #[test]
    fn what_waits_is_written_by_flush_and_what_is_too_much_is_counted() {
        let dir = tempfile::tempdir().unwrap();
        let file = Rotating::open(dir.path(), 2, 1 << 20).unwrap();
        let (sender, messages) = channel();
        let counts = Arc::new(Counts::default());
        let mut sink = Sink { sender, counts: Arc::clone(&counts) };
        for number in 0..MOST_WAITING + 10 {
            sink.write_all(format!("line {number}\n").as_bytes()).unwrap();
        }
        // The writer has not run yet: the disk is slow.
        let writer = thread::spawn(move || write_all(file, &messages, &counts));
        sink.flush();
        let log = fs::read_to_string(dir.path().join("kasse.log")).unwrap();
        assert_eq!(log.lines().count(), MOST_WAITING + 1);
        assert!(log.starts_with("(10 lines were dropped here)\nline 0\n"));
        drop(sink);
        writer.join().unwrap();
    }
}
