//! Records in compressed frames: what most of a catalogue's memory is.
//!
//! Owns the compression and the way from a position to its record. A frame holds a fixed count of
//! records, each behind its length, as one zstd frame; what zstd does not make shorter stands as it
//! is. Must not know what a record says, nor trust what it reads.
//!
//! Level 9 of zstd: level 3 makes frames some 5 % larger, level 15 takes several times as long for
//! 1 % less.

use std::cell::RefCell;
use std::fmt;

use zstd::bulk::{Compressor, Decompressor};

use super::bytes::{Reader, length, put_number, short, word_at};

/// zstd's level.
const LEVEL: i32 = 9;
/// No frame is longer when it is unpacked, bytes.
const LONGEST: usize = 64 << 20;
/// Bytes of a frame's row in the index: where it ends, and its length when unpacked.
const ROW: usize = 8;

thread_local! {
    /// Its memory is more than a frame's: it is not asked for anew for every scan.
    static UNPACKER: RefCell<Option<Decompressor<'static>>> = const { RefCell::new(None) };
}

/// All frames.
#[derive(Default, Clone, PartialEq, Eq)]
pub(super) struct Frames {
    /// The frames, one behind the other.
    pub bytes: Vec<u8>,
    /// One row per frame.
    pub index: Vec<u8>,
}

impl Frames {
    /// How many frames there are.
    pub(super) fn count(&self) -> usize {
        self.index.len() / ROW
    }

    /// The records of a frame.
    pub(super) fn unpack(&self, frame: usize) -> Option<Vec<u8>> {
        let end = |frame: usize| Some(word_at(&self.index, frame.checked_mul(2)?)? as usize);
        let start = frame.checked_sub(1).map_or(Some(0), end)?;
        let size = word_at(&self.index, frame.checked_mul(2)? + 1)? as usize;
        let packed = self.bytes.get(start..end(frame)?)?;
        if size == packed.len() {
            return Some(packed.to_vec());
        }
        if size > LONGEST {
            return None;
        }
        let records = UNPACKER.with_borrow_mut(|unpacker| {
            if unpacker.is_none() {
                *unpacker = Decompressor::new().ok();
            }
            unpacker.as_mut()?.decompress(packed, size).ok()
        })?;
        (records.len() == size).then_some(records)
    }
}

impl fmt::Debug for Frames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Frames").field("bytes", &self.bytes.len()).finish_non_exhaustive()
    }
}

/// The record at `place` of a frame's records.
pub(super) fn record(records: &[u8], place: usize) -> Option<&[u8]> {
    self::records(records).nth(place)
}

/// All records of a frame; it ends early where they are cut off.
pub(super) fn records(records: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut reader = Reader(records);
    std::iter::from_fn(move || {
        let length = reader.index()?;
        reader.take(length)
    })
}

/// Reads records; those near to the last one are there already.
pub(super) struct Cursor<'a> {
    frames: &'a Frames,
    full: usize,
    open: Option<(usize, Vec<u8>)>,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(frames: &'a Frames, full: usize) -> Self {
        Self { frames, full, open: None }
    }

    pub(super) fn at(&mut self, position: usize) -> Option<&[u8]> {
        let frame = position / self.full;
        if self.open.as_ref().is_none_or(|(open, _)| *open != frame) {
            self.open = Some((frame, self.frames.unpack(frame)?));
        }
        record(&self.open.as_ref()?.1, position % self.full)
    }
}

/// Makes frames.
pub(super) struct Packer {
    done: Frames,
    /// The records of the frame that is not full yet.
    open: Vec<u8>,
    count: usize,
    /// Records of a full frame.
    full: usize,
    /// `None`: there was no memory for it, and nothing is compressed.
    compressor: Option<Compressor<'static>>,
}

impl Packer {
    pub(super) fn new(full: usize) -> Self {
        let compressor = Compressor::new(LEVEL).ok();
        Self { done: Frames::default(), open: Vec::new(), count: 0, full, compressor }
    }

    /// Appends a record.
    pub(super) fn push(&mut self, record: &[u8]) {
        put_number(&mut self.open, length(record.len()));
        self.open.extend_from_slice(record);
        self.count += 1;
        if self.count == self.full {
            self.close();
        }
    }

    fn close(&mut self) {
        let packed = self.compressor.as_mut().and_then(|packer| packer.compress(&self.open).ok());
        match packed.filter(|packed| packed.len() < self.open.len()) {
            Some(packed) => self.done.bytes.extend_from_slice(&packed),
            None => self.done.bytes.extend_from_slice(&self.open),
        }
        for number in [self.done.bytes.len(), self.open.len()] {
            self.done.index.extend_from_slice(&short(number).to_le_bytes());
        }
        self.open.clear();
        self.count = 0;
    }

    /// All records.
    pub(super) fn finish(mut self) -> Frames {
        if self.count > 0 {
            self.close();
        }
        self.done.bytes.shrink_to_fit();
        self.done
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn records_come_back_from_full_frames_and_from_the_last_one() {
        let mut packer = Packer::new(3);
        let texts: Vec<String> = (0..8).map(|n| format!("{n}").repeat(n * 40)).collect();
        for text in &texts {
            packer.push(text.as_bytes());
        }
        let frames = packer.finish();
        assert_eq!(frames.count(), 3);
        for (n, text) in texts.iter().enumerate() {
            let records = frames.unpack(n / 3).unwrap();
            assert_eq!(record(&records, n % 3), Some(text.as_bytes()));
        }
        assert_eq!(record(&frames.unpack(2).unwrap(), 2), None);
        assert_eq!(frames.unpack(3), None);
    }

    #[test]
    fn a_damaged_frame_is_none_and_never_panics() {
        let mut packer = Packer::new(100);
        for n in 0..100 {
            packer.push(format!("Article {n} of a shop").as_bytes());
        }
        let frames = packer.finish();
        for at in 0..frames.bytes.len() {
            let mut damaged = frames.clone();
            damaged.bytes.get_mut(at).into_iter().for_each(|byte| *byte ^= 0x55);
            if let Some(records) = damaged.unpack(0) {
                assert!(self::records(&records).count() <= 2_200);
            }
        }
        for at in 0..frames.index.len() {
            let mut damaged = frames.clone();
            damaged.index.get_mut(at).into_iter().for_each(|byte| *byte ^= 0xff);
            drop(damaged.unpack(0));
        }
    }
}
