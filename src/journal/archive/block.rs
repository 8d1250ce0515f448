//! Blocks of rows: what one zstd frame of an archive holds.
//!
//! Owns the encoding. A block is at most [`ROWS`] rows that follow each other in number, each of
//! them: one byte whether it finishes its sale; the texts `at`, `sale`, `kind`, `body`, each after
//! its length (4 bytes, little endian); the hash. Must not trust what it reads.

use std::io;

use zstd::bulk::{Compressor, Decompressor};
use zstd::zstd_safe::CParameter;

use super::{Hash, Row};

/// The most rows in a block.
pub(super) const ROWS: i64 = 256;
/// A block that has this many bytes takes no more rows.
pub(super) const FULL: usize = 256 * 1024;
/// The longest block, in bytes before packing. Nothing longer is written or unpacked.
pub(super) const LONGEST: usize = 32 * 1024 * 1024;
/// zstd's level: see the measurement in the module's documentation.
const LEVEL: i32 = 9;

/// Packs blocks.
pub(super) struct Packer(Compressor<'static>);

impl Packer {
    pub(super) fn new() -> io::Result<Self> {
        let mut packer = Compressor::new(LEVEL)?;
        packer.set_parameter(CParameter::ChecksumFlag(true))?;
        Ok(Self(packer))
    }

    pub(super) fn pack(&mut self, rows: &[u8]) -> io::Result<Vec<u8>> {
        self.0.compress(rows)
    }
}

/// Appends `row` to the bytes of a block; false, and nothing appended, if it is too long for any.
pub(super) fn push(bytes: &mut Vec<u8>, row: &Row) -> bool {
    let texts = [&row.at, &row.sale, &row.kind, &row.body];
    let length = texts.iter().map(|text| text.len().saturating_add(4)).sum::<usize>() + 33;
    if bytes.len().saturating_add(length) > LONGEST {
        return false;
    }
    bytes.push(row.finishes.into());
    for text in texts {
        // A text is shorter than LONGEST by now.
        bytes.extend(u32::try_from(text.len()).unwrap_or_default().to_le_bytes());
        bytes.extend(text.as_bytes());
    }
    bytes.extend(row.hash);
    true
}

/// An unpacked block.
pub(super) struct Block {
    first: i64,
    bytes: Vec<u8>,
    /// Where each row begins.
    starts: Vec<usize>,
}

impl Block {
    /// Unpacks a block of `entries` rows from number `first` on, `size` bytes when unpacked. The
    /// error says what is wrong with it.
    pub(super) fn unpack(
        first: i64,
        entries: i64,
        size: i64,
        packed: &[u8],
    ) -> Result<Self, String> {
        let size = usize::try_from(size).ok().filter(|size| *size <= LONGEST);
        let size = size.ok_or("its size is not possible")?;
        let bytes = Decompressor::new()
            .and_then(|mut unpacker| unpacker.decompress(packed, size))
            .map_err(|error| error.to_string())?;
        let mut rest = bytes.as_slice();
        let mut starts = Vec::new();
        while !rest.is_empty() {
            starts.push(bytes.len() - rest.len());
            Fields::take(&mut rest).ok_or("a row is cut off")?;
        }
        if bytes.len() != size || i64::try_from(starts.len()) != Ok(entries) {
            return Err("it has not the rows that it should have".to_owned());
        }
        Ok(Self { first, bytes, starts })
    }

    pub(super) const fn first(&self) -> i64 {
        self.first
    }

    /// The number after its last row's.
    pub(super) fn end(&self) -> i64 {
        self.first.saturating_add(i64::try_from(self.starts.len()).unwrap_or(i64::MAX))
    }

    /// The row with the number `seq`, if it is here; the error if its texts are not UTF-8.
    pub(super) fn row(&self, seq: i64) -> Option<Result<Row, String>> {
        let fields = self.fields(seq)?;
        let text = |bytes: &[u8]| {
            String::from_utf8(bytes.to_vec()).map_err(|_| format!("entry {seq} is not UTF-8"))
        };
        Some((|| {
            Ok(Row {
                seq,
                at: text(fields.at)?,
                sale: text(fields.sale)?,
                kind: text(fields.kind)?,
                body: text(fields.body)?,
                hash: fields.hash,
                finishes: fields.finishes,
            })
        })())
    }

    /// The rows of `sale`, in order.
    pub(super) fn rows_of(&self, sale: &str) -> impl Iterator<Item = Result<Row, String>> {
        (self.first..self.end())
            .filter(move |seq| {
                self.fields(*seq).is_some_and(|fields| fields.sale == sale.as_bytes())
            })
            .filter_map(|seq| self.row(seq))
    }

    fn fields(&self, seq: i64) -> Option<Fields<'_>> {
        let index = usize::try_from(seq.checked_sub(self.first)?).ok()?;
        Fields::take(&mut self.bytes.get(*self.starts.get(index)?..)?)
    }
}

/// A row's bytes.
struct Fields<'a> {
    finishes: bool,
    at: &'a [u8],
    sale: &'a [u8],
    kind: &'a [u8],
    body: &'a [u8],
    hash: Hash,
}

impl<'a> Fields<'a> {
    fn take(rest: &mut &'a [u8]) -> Option<Self> {
        let finishes = match rest.split_off_first()? {
            0 => false,
            1 => true,
            _ => return None,
        };
        let mut text = || {
            let (length, after) = rest.split_first_chunk()?;
            let (text, after) =
                after.split_at_checked(u32::from_le_bytes(*length).try_into().ok()?)?;
            *rest = after;
            Some(text)
        };
        let (at, sale, kind, body) = (text()?, text()?, text()?, text()?);
        let (hash, after) = rest.split_first_chunk()?;
        *rest = after;
        Some(Self { finishes, at, sale, kind, body, hash: *hash })
    }
}
