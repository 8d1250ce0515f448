//! What the entries add up to, kept so that a start need not read them all.
//!
//! Owns the interface and the checkpoints in the file. Must not know what entries mean: that is the
//! fold's, which the journal is given.

use rusqlite::Connection;

use super::chain::{Hash, Head, Identity, hash_of};
use super::{Entry, schema};

/// How many checkpoints are kept: the newest, and those before it in case it is bad.
const KEPT: i64 = 3;

/// What the entries of a journal add up to.
///
/// Taking all entries leads to the same fold as [`load`](Self::load)ing what was
/// [`save`](Self::save)d on the way and taking the rest.
pub trait Fold: Send {
    /// The format of [`save`](Self::save). A checkpoint of another format is not read.
    fn format(&self) -> u32;

    /// Takes the next entry.
    ///
    /// # Errors
    /// It cannot be read: why.
    fn take(&mut self, entry: Entry) -> Result<(), String>;

    /// Writes the fold down.
    ///
    /// # Errors
    /// It cannot be written down: why. The journal goes on without a checkpoint.
    fn save(&self) -> Result<Vec<u8>, String>;

    /// Becomes what was written down.
    ///
    /// # Errors
    /// It cannot be read: why. The fold is as it was.
    fn load(&mut self, saved: &[u8]) -> Result<(), String>;

    /// The number of the first entry of anything that is still open; `None`: all is closed. No
    /// entry from there on moves to an archive.
    fn oldest_open(&self) -> Option<i64>;
}

/// How a start came to its fold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Resumed {
    /// The entry up to which a checkpoint was used; `None`: there was no good one.
    pub checkpoint: Option<i64>,
    /// Checkpoints that were not used, by their entries, and why.
    pub rejected: Vec<(i64, String)>,
    /// How many entries were read behind it.
    pub replayed: u64,
}

/// A checkpoint as the file has it.
struct Stored {
    head: Head,
    format: u32,
    body: Vec<u8>,
    digest: Hash,
}

impl Stored {
    fn computed(&self) -> Hash {
        let Self { head, format, body, .. } = self;
        hash_of([
            b"kasse checkpoint".as_slice(),
            &head.seq.to_be_bytes(),
            &head.hash,
            &format.to_be_bytes(),
            body,
        ])
    }
}

/// Writes the checkpoint `body` of the entries up to `head`, and removes old ones.
pub(super) fn write(
    connection: &Connection,
    head: Head,
    format: u32,
    body: Vec<u8>,
) -> rusqlite::Result<()> {
    let mut stored = Stored { head, format, body, digest: [0; 32] };
    stored.digest = stored.computed();
    let Stored { head, format, body, digest } = stored;
    let change = connection.unchecked_transaction()?;
    change.execute(
        "INSERT OR REPLACE INTO checkpoints (seq, format, hash, body, digest)
         VALUES (?1, ?2, ?3, ?4, ?5)",
        (head.seq, format, head.hash, body, digest),
    )?;
    change.execute(
        "DELETE FROM checkpoints WHERE seq NOT IN
         (SELECT seq FROM checkpoints ORDER BY seq DESC LIMIT ?1)",
        (KEPT,),
    )?;
    change.commit()
}

/// The entry of the oldest checkpoint that is kept. What is behind it must stay in the file, so
/// that a start without the newer ones needs no archive.
pub(super) fn oldest(connection: &Connection) -> rusqlite::Result<Option<i64>> {
    connection.query_row("SELECT min(seq) FROM checkpoints", (), |row| row.get(0))
}

/// Loads the newest good checkpoint; returns up to where it goes.
pub(super) fn load(
    connection: &Connection,
    identity: &Identity,
    fold: &mut impl Fold,
    resumed: &mut Resumed,
) -> rusqlite::Result<Option<Head>> {
    let mut statement = connection.prepare("SELECT seq FROM checkpoints ORDER BY seq DESC")?;
    let numbers: Vec<i64> =
        statement.query_map((), |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    for seq in numbers {
        match good(connection, identity, seq, fold) {
            Ok(head) => {
                resumed.checkpoint = Some(seq);
                return Ok(Some(head));
            }
            Err(why) => resumed.rejected.push((seq, why)),
        }
    }
    Ok(None)
}

/// Loads the checkpoint of the entry `seq`, or says why it is not used.
fn good(
    connection: &Connection,
    identity: &Identity,
    seq: i64,
    fold: &mut impl Fold,
) -> Result<Head, String> {
    let sql = "SELECT hash, format, body, digest FROM checkpoints WHERE seq = ?1";
    let stored = connection
        .query_row(sql, (seq,), |row| {
            let head = Head { seq, hash: row.get(0)? };
            Ok(Stored { head, format: row.get(1)?, body: row.get(2)?, digest: row.get(3)? })
        })
        .map_err(|error| error.to_string())?;
    if stored.computed() != stored.digest {
        return Err("it is not what was written".to_owned());
    }
    if stored.format != fold.format() {
        return Err(format!("it has format {}, not {}", stored.format, fold.format()));
    }
    let entry = schema::before(connection, identity, seq.saturating_add(1));
    if entry.map_err(|error| error.to_string())? != Some(stored.head) {
        return Err("it is not of this chain".to_owned());
    }
    fold.load(&stored.body)?;
    Ok(stored.head)
}
