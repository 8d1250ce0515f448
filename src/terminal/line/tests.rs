#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::io::{PipeReader, Read};
use std::sync::mpsc::{Receiver, channel};

use super::*;

/// More than a pipe holds.
const MUCH: usize = 300_000;

const NEVER: Duration = Duration::ZERO;
const LONG: Duration = Duration::from_secs(60);

fn line(own: bool) -> (Line, PipeReader, Receiver<()>) {
    let (reader, writer) = io::pipe().unwrap();
    let writer = OwnedFd::from(writer);
    let way = if own {
        rustix::io::ioctl_fionbio(&writer, true).unwrap();
        Way::Own(writer)
    } else {
        Way::Inherited(writer)
    };
    let (sender, drained) = channel();
    (Line::over(way, Box::new(move || sender.send(()).unwrap_or_default())), reader, drained)
}

fn read(reader: &mut PipeReader, count: usize) -> Vec<u8> {
    let mut bytes = vec![0; count];
    reader.read_exact(&mut bytes).unwrap();
    bytes
}

#[test]
fn what_is_taken_at_once_needs_no_thread() {
    let (line, mut reader, _drained) = line(true);
    for _ in 0..3 {
        line.send(b"frame").unwrap();
        assert!(line.is_free().unwrap());
        assert_eq!(read(&mut reader, 5), b"frame");
    }
    assert_eq!(Arc::strong_count(&line.shared), 1, "no thread holds it");
}

#[test]
fn what_is_not_taken_follows_in_order_and_the_end_is_told() {
    for own in [true, false] {
        let (line, mut reader, drained) = line(own);
        for round in [b'a', b'b'] {
            line.send(&vec![round; MUCH]).unwrap();
            assert!(!line.is_free().unwrap());
            line.send(b"leave").unwrap();
            let bytes = read(&mut reader, MUCH + 5);
            assert!(bytes[..MUCH].iter().all(|byte| *byte == round));
            assert_eq!(bytes[MUCH..], *b"leave");
            drained.recv_timeout(LONG).unwrap();
            assert!(line.is_free().unwrap());
        }
    }
}

#[test]
fn a_stuck_terminal_is_not_waited_for() {
    for own in [true, false] {
        let (line, reader, _drained) = line(own);
        line.send(&vec![b'x'; MUCH]).unwrap();
        line.finish(NEVER);
        // Neither fails nor waits, and goes nowhere.
        line.send(b"too late").unwrap();
        drop(reader);
    }
}

#[test]
fn the_end_waits_for_the_frame_under_way() {
    for own in [true, false] {
        let (line, mut reader, _drained) = line(own);
        line.send(&vec![b'x'; MUCH]).unwrap();
        let reading = thread::spawn(move || {
            let mut all = Vec::new();
            reader.read_to_end(&mut all).unwrap();
            all
        });
        line.send(b"leave").unwrap();
        line.finish(LONG);
        line.send(b"too late").unwrap();
        drop(line);
        let all = reading.join().unwrap();
        assert_eq!((all.len(), &all[MUCH..]), (MUCH + 5, b"leave".as_slice()));
    }
}

#[test]
fn a_terminal_that_goes_is_an_error_from_then_on() {
    for own in [true, false] {
        let (line, reader, drained) = line(own);
        line.send(&vec![b'x'; MUCH]).unwrap();
        drop(reader);
        drained.recv_timeout(LONG).unwrap();
        assert!(line.is_free().is_err() && line.send(b"x").is_err());
        // The caller does not wait.
        line.finish(LONG);
    }
}

#[test]
fn nothing_follows_the_closing() {
    let (line, mut reader, _drained) = line(true);
    line.send(&vec![b'x'; MUCH]).unwrap();
    line.close();
    // What the pipe holds is all there will ever be.
    drop(line);
    let mut all = Vec::new();
    reader.read_to_end(&mut all).unwrap();
    assert!(all.len() < MUCH);
}
