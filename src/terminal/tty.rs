//! The two ends of the terminal: is there one, how large is it, and writing to it.
//!
//! Owns the file descriptors 0 and 1 as far as the screen goes. Must not know modes or frames.

use std::io;

use ratatui::layout::Size;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fd::{AsFd, BorrowedFd};
use rustix::io::Errno;
use rustix::stdio::{stdin, stdout};
use rustix::termios::{isatty, tcgetwinsize};

/// The end that is no terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotATerminal {
    /// Keys come from a file or a pipe.
    #[error("standard input is not a terminal")]
    Input,
    /// The screen would go to a file or a pipe.
    #[error("standard output is not a terminal")]
    Output,
}

/// Whether keys and screen are on a terminal.
///
/// # Errors
/// The end that is not, input first.
pub fn check() -> Result<(), NotATerminal> {
    if !isatty(stdin()) {
        Err(NotATerminal::Input)
    } else if !isatty(stdout()) {
        Err(NotATerminal::Output)
    } else {
        Ok(())
    }
}

/// The largest part of a terminal that is drawn to, in columns and rows: far more than a screen
/// has, and 100,000 cells. A client can claim any size, and every cell takes memory.
const LARGEST: Size = Size::new(500, 200);

/// Columns and rows of the terminal that are drawn to, at the most 500 and 200. One that does not
/// know its size (a serial line) gets 80x24.
///
/// # Errors
/// Standard output is no terminal, or no longer.
pub fn size() -> io::Result<Size> {
    let size = tcgetwinsize(stdout())?;
    Ok(bounded(size.ws_col, size.ws_row))
}

fn bounded(columns: u16, rows: u16) -> Size {
    if columns == 0 || rows == 0 {
        Size::new(80, 24)
    } else {
        Size::new(columns.min(LARGEST.width), rows.min(LARGEST.height))
    }
}

/// Whether `fd` has unread bytes.
#[must_use]
pub fn has_unread(fd: impl AsFd) -> bool {
    let fd = fd.as_fd();
    let now = Timespec { tv_sec: 0, tv_nsec: 0 };
    let mut polled = [PollFd::from_borrowed_fd(fd, PollFlags::IN)];
    poll(&mut polled, Some(&now)).is_ok() && polled.iter().any(|fd| fd.revents() == PollFlags::IN)
}

/// Writes all of `bytes` to `fd` in as few calls as it takes: one, unless the terminal is slow.
///
/// The standard library's handle would cut a frame in pieces at its buffer's size.
pub(super) fn write_all(fd: BorrowedFd<'_>, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match rustix::io::write(fd, bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(count) => bytes = bytes.get(count..).unwrap_or_default(),
            Err(Errno::INTR) => {}
            Err(Errno::AGAIN) => wait(fd, PollFlags::OUT)?,
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Waits until `fd` is ready: the parent process may have made it non-blocking.
pub(super) fn wait(fd: BorrowedFd<'_>, what: PollFlags) -> io::Result<()> {
    loop {
        match poll(&mut [PollFd::from_borrowed_fd(fd, what)], None) {
            Ok(_) => return Ok(()),
            Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_size_that_is_claimed_is_a_bounded_number_of_cells() {
        for (claimed, drawn) in [
            ((80, 24), (80, 24)),
            ((0, 24), (80, 24)),
            ((500, 200), (500, 200)),
            ((5000, 5000), (500, 200)),
            ((u16::MAX, 1), (500, 1)),
            ((1, u16::MAX), (1, 200)),
        ] {
            let size = bounded(claimed.0, claimed.1);
            assert_eq!((size.width, size.height), drawn, "{claimed:?}");
        }
    }
}
