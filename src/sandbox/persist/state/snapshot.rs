//! Snapshots: written while the books go on, read when they are opened.
//!
//! Owns the order in which a snapshot takes the place of the former one and of its log, so that a
//! kill at any moment leaves files that hold every step once.

use std::io;

use crate::outside;
use crate::sandbox::persist::state::files::{Files, LONGEST_FILE};
use crate::sandbox::persist::state::frame::{Next, Reader, Writer};
use crate::sandbox::persist::state::image::Image;
use crate::sandbox::persist::state::queue::{Limits, Queue};
use crate::sandbox::persist::state::record::{Head, replay};
use crate::sandbox::store::Book;

/// Bytes of a frame.
const PIECE: usize = 128 * 1024;
/// So many bytes are brought to the disk at once: a flush of the log never has to wait for more. In
/// smaller slices the two hinder each other more often.
const SLICE: u64 = 4 << 20;

/// Writes the books as they are where the log `log` begins, and lets that snapshot count. Returns
/// its length.
pub(super) fn write(files: &Files, books: u64, log: u64, image: &Image) -> io::Result<u64> {
    let written = write_out(files, books, log, image);
    if written.is_err() {
        // The first error is the one to tell. What is left over does not count, and goes later.
        let _ = files.abandon_snapshot();
    }
    written
}

fn write_out(files: &Files, books: u64, log: u64, image: &Image) -> io::Result<u64> {
    let mut out = files.begin_snapshot()?;
    out.frame(&Head::new(books, log, image.lines()).line()?)?;
    let mut synced = 0;
    image.write(PIECE, |piece| {
        out.frame(piece)?;
        if out.bytes() - synced >= SLICE {
            synced = out.bytes();
            out.sync()?;
        }
        Ok(())
    })?;
    out.sync()?;
    files.replace_snapshot()?;
    Ok(out.bytes())
}

/// How long logs get beside a snapshot of `snapshot` bytes. While the next one is written, both and
/// both logs are together less than three times as long as one: a twentieth is left for a last step
/// and for books that grow.
pub(super) fn limits(snapshot: u64, least: u64) -> Limits {
    let twentieth = snapshot / 20;
    Limits { cut: (11 * twentieth).max(least), full: (8 * twentieth).max(least) }
}

/// Keeps the files short: prepares the next log, waits until the current one is cut, writes the
/// snapshot of that moment, removes the former log. Ends when `cuts` gives no more.
///
/// # Errors
/// What the disk said.
pub(super) fn compact(
    queue: &Queue,
    files: &Files,
    (books, mut log): (u64, u64),
    (mut snapshot, least): (u64, u64),
    cuts: impl Fn() -> Option<Image>,
) -> io::Result<()> {
    loop {
        let next = files.begin_log(&Head::new(books, log + 1, 0))?;
        queue.offer(next, limits(snapshot, least));
        let Some(image) = cuts() else { return Ok(()) };
        snapshot = write(files, books, log + 1, &image)?;
        files.remove_log(log)?;
        log += 1;
    }
}

/// What a file holds.
pub(super) enum Found<T> {
    Whole(T),
    /// The first wrong line.
    Damaged(usize),
}

/// A snapshot that was read.
pub(super) struct Opened {
    pub(super) head: Head,
    pub(super) book: Book,
    /// Bytes.
    pub(super) length: u64,
}

/// Reads the snapshot that counts.
pub(super) fn read(files: &Files) -> io::Result<Found<Opened>> {
    let mut file = Reader::new(outside::open(files.path(), LONGEST_FILE)?)?;
    let head = match file.next()? {
        Next::Frame(text) => Head::read(&text),
        _ => None,
    };
    let Some(head) = head else { return Ok(Found::Damaged(1)) };
    let (mut book, mut lines) = (None, 0);
    loop {
        match file.next()? {
            Next::Frame(text) => match replay_all(&text, file.line(), &mut book) {
                Ok(count) => lines += count,
                Err(line) => return Ok(Found::Damaged(line)),
            },
            Next::End => break,
            Next::Torn | Next::Damaged => return Ok(Found::Damaged(file.line())),
        }
    }
    match book {
        Some(book) if lines == head.lines => {
            Ok(Found::Whole(Opened { head, book, length: file.bytes() }))
        }
        _ => Ok(Found::Damaged(file.line())),
    }
}

/// A log that belongs to the books, read as far as its head.
pub(super) struct Log {
    number: u64,
    file: Reader,
    /// The text of the frame behind the head, and what came instead of one.
    next: Next,
}

impl Log {
    /// The log `number` of these books, `None` when there is another one, none, or hardly the
    /// beginning of it.
    pub(super) fn open(files: &Files, books: u64, number: u64) -> io::Result<Found<Option<Self>>> {
        let mut file = match files.read_log(number) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Found::Whole(None)),
            Err(error) => return Err(error),
        };
        let head = match file.next()? {
            Next::Frame(head) => Head::read(&head),
            Next::End | Next::Torn => None,
            Next::Damaged => return Ok(Found::Damaged(1)),
        };
        if head != Some(Head::new(books, number, 0)) {
            return Ok(Found::Whole(None));
        }
        let next = file.next()?;
        Ok(Found::Whole(Some(Self { number, file, next })))
    }

    /// Whether it holds any step that counts.
    pub(super) const fn is_empty(&self) -> bool {
        matches!(self.next, Next::End | Next::Torn)
    }

    /// Does everything again that it says. Whether it `may_be_torn` depends on what comes after it.
    pub(super) fn replay(
        &mut self,
        book: &mut Option<Book>,
        may_be_torn: bool,
    ) -> io::Result<Found<()>> {
        loop {
            match &self.next {
                Next::Frame(text) => {
                    if let Err(line) = replay_all(text, self.file.line(), book) {
                        return Ok(Found::Damaged(line));
                    }
                }
                Next::End => return Ok(Found::Whole(())),
                Next::Torn if may_be_torn => return Ok(Found::Whole(())),
                Next::Torn | Next::Damaged => return Ok(Found::Damaged(self.file.line())),
            }
            self.next = self.file.next()?;
        }
    }

    /// Goes on behind its last step.
    pub(super) fn resume(&self, files: &Files) -> io::Result<Writer> {
        files.resume_log(self.number, &self.file)
    }
}

/// Does everything again that a frame says, which ends before line `end`. Returns how many lines it
/// has, or else the first one that is wrong.
fn replay_all(text: &[u8], end: usize, book: &mut Option<Book>) -> Result<usize, usize> {
    let lines = || text.split(|byte| *byte == b'\n');
    // Behind the last line feed is nothing.
    let count = lines().count() - 1;
    for (line, number) in lines().zip(end.saturating_sub(count)..end) {
        replay(line, book).ok_or(number)?;
    }
    Ok(count)
}
