//! The file: opening it, its tables, reading and writing what it keeps.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags, OptionalExtension, Transaction, TransactionBehavior};
use rustix::process::geteuid;

use super::ArticleStoreError;
use crate::database;
use crate::shop::{Article, Catalogue, Part, Parts};

/// `kasa` is an archive's, `kasj` a journal's; this is `kasg` in ASCII, for goods.
const APPLICATION: i64 = 0x6b61_7367;
/// The format that is written, and the only one that is read.
const FORMAT: i64 = 1;
/// Bytes of a piece of a part: `SQLite` has one of them in memory besides the part.
const PIECE: usize = 512 * 1024;
/// No part is longer, bytes.
const LONGEST_PART: u64 = 1 << 30;
/// How long another program's lock is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

const TABLES: &str = "
    CREATE TABLE about (
        one INTEGER PRIMARY KEY CHECK (one = 1), generation INTEGER NOT NULL, at TEXT NOT NULL,
        files TEXT NOT NULL, articles INTEGER NOT NULL, pieces INTEGER NOT NULL);
    CREATE TABLE packed (
        part TEXT NOT NULL, piece INTEGER NOT NULL, crc INTEGER NOT NULL, bytes BLOB NOT NULL,
        UNIQUE (part, piece));
    CREATE TABLE taught (
        number TEXT PRIMARY KEY COLLATE NOCASE, at TEXT NOT NULL, article TEXT NOT NULL);";

/// Where the articles are kept. Holds nothing open.
#[derive(Debug, Clone)]
pub struct ArticleStore {
    path: PathBuf,
}

/// What the file keeps.
#[derive(Debug, Clone, Default)]
pub struct Kept {
    /// The articles of the last import, without the taught ones; `None`: there was no import.
    pub imported: Option<Catalogue>,
    /// Counts the imports.
    pub generation: i64,
    /// When the last import was, ISO-8601 in UTC; empty without one.
    pub at: String,
    /// The files of the last import.
    pub files: String,
    /// What was taught since, the oldest first.
    pub taught: Vec<Taught>,
}

/// An article that was taught at the till.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taught {
    /// When, ISO-8601 in UTC.
    pub at: String,
    /// The article.
    pub article: Article,
}

impl Kept {
    /// `catalogue` with the taught articles whose number and codes it does not have.
    #[must_use]
    pub fn over(&self, catalogue: &Catalogue) -> Catalogue {
        let taught = self.taught.iter().map(|taught| &taught.article);
        catalogue.with_all(taught.filter(|article| !is_in(catalogue, article)).cloned())
    }
}

/// Whether `catalogue` has the number or one of the codes of `article`.
pub(super) fn is_in(catalogue: &Catalogue, article: &Article) -> bool {
    catalogue.by_number(&article.number).is_some()
        || article.eans.iter().any(|ean| catalogue.by_ean(ean).is_some())
}

impl ArticleStore {
    /// The file in this state directory. It need not exist.
    #[must_use]
    pub fn within(state_dir: &Path) -> Self {
        Self { path: state_dir.join("articles.db") }
    }

    /// Its path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What it keeps; `None`: there is no file.
    ///
    /// # Errors
    /// [`ArticleStoreError`].
    pub fn read(&self) -> Result<Option<Kept>, ArticleStoreError> {
        let Some(mut connection) = self.open()? else { return Ok(None) };
        let failed = |error| ArticleStoreError::sqlite(&self.path, &error);
        let all = connection.transaction().map_err(failed)?;
        if version(&all, &self.path)? == 0 {
            return Ok(None);
        }
        let about = all
            .query_row("SELECT generation, at, files, articles, pieces FROM about", (), |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
            })
            .optional()
            .map_err(failed)?;
        let taught = self.taught(&all)?;
        let Some((generation, at, files, articles, pieces)) = about else {
            return Ok(Some(Kept { taught, ..Kept::default() }));
        };
        let imported = self.packed(&all, pieces)?;
        if i64::try_from(imported.len()) != Ok(articles) {
            return Err(ArticleStoreError::damaged(&self.path, "articles are missing"));
        }
        Ok(Some(Kept { imported: Some(imported), generation, at, files, taught }))
    }

    /// The taught articles alone.
    ///
    /// # Errors
    /// [`ArticleStoreError`].
    pub fn read_taught(&self) -> Result<Kept, ArticleStoreError> {
        let mut kept = Kept::default();
        if let Some(mut connection) = self.open()? {
            let failed = |error| ArticleStoreError::sqlite(&self.path, &error);
            let all = connection.transaction().map_err(failed)?;
            if version(&all, &self.path)? != 0 {
                kept.taught = self.taught(&all)?;
            }
        }
        Ok(kept)
    }

    /// The number of the last import; 0 without one.
    ///
    /// # Errors
    /// [`ArticleStoreError`].
    pub fn generation(&self) -> Result<i64, ArticleStoreError> {
        let Some(connection) = self.open()? else { return Ok(0) };
        if version(&connection, &self.path)? == 0 {
            return Ok(0);
        }
        generation(&connection).map_err(|error| ArticleStoreError::sqlite(&self.path, &error))
    }

    fn packed(&self, all: &Transaction<'_>, pieces: i64) -> Result<Catalogue, ArticleStoreError> {
        let damaged = |detail: &str| ArticleStoreError::damaged(&self.path, detail);
        let failed = |error| ArticleStoreError::sqlite(&self.path, &error);
        let mut left = pieces;
        let mut parts = Parts::default();
        let mut size = all
            .prepare("SELECT coalesce(sum(length(bytes)), 0) FROM packed WHERE part = ?1")
            .map_err(failed)?;
        let mut find = all
            .prepare("SELECT piece, crc, bytes FROM packed WHERE part = ?1 ORDER BY piece")
            .map_err(failed)?;
        for (part, bytes) in Part::ALL.into_iter().zip(&mut parts) {
            let size: i64 = size.query_row([part.name()], |row| row.get(0)).map_err(failed)?;
            let size = u64::try_from(size).ok().filter(|size| *size <= LONGEST_PART);
            let size = size.ok_or_else(|| damaged("a part has an impossible size"))?;
            // All at once: what grows is in memory twice while it does.
            bytes.reserve_exact(usize::try_from(size).unwrap_or_default());
            let mut rows = find.query([part.name()]).map_err(failed)?;
            let mut expected = 0_i64;
            while let Some(row) = rows.next().map_err(failed)? {
                let (piece, crc): (i64, i64) =
                    (row.get(0).map_err(failed)?, row.get(1).map_err(failed)?);
                let own = row.get_ref(2).and_then(|own| Ok(own.as_blob()?)).map_err(failed)?;
                if piece != expected || crc != checksum(part, piece, own) {
                    return Err(damaged(&format!("the checksum of {} is wrong", part.name())));
                }
                bytes.extend_from_slice(own);
                expected += 1;
            }
            left -= expected;
        }
        if left != 0 {
            return Err(damaged("a piece is missing"));
        }
        Catalogue::from_parts(parts).map_err(|damage| damaged(&damage.to_string()))
    }

    fn taught(&self, all: &Transaction<'_>) -> Result<Vec<Taught>, ArticleStoreError> {
        let failed = |error| ArticleStoreError::sqlite(&self.path, &error);
        let mut find =
            all.prepare("SELECT at, article FROM taught ORDER BY at, number").map_err(failed)?;
        let rows = find
            .query_map((), |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))
            .map_err(failed)?;
        rows.map(|row| {
            let (at, text) = row.map_err(failed)?;
            let article = serde_json::from_str(&text).map_err(|error| {
                ArticleStoreError::damaged(&self.path, format!("a taught article: {error}"))
            })?;
            Ok(Taught { at, article })
        })
        .collect()
    }

    /// Keeps an article that was taught at the till at this time. One with its number is replaced.
    ///
    /// # Errors
    /// [`ArticleStoreError`]; nothing is kept then.
    pub fn teach(&self, article: &Article, at: Timestamp) -> Result<(), ArticleStoreError> {
        let text = serde_json::to_string(article)
            .map_err(|error| ArticleStoreError::damaged(&self.path, error))?;
        self.write(|all| {
            all.execute(
                "INSERT OR REPLACE INTO taught (number, at, article) VALUES (?1, ?2, ?3)",
                (&article.number, format!("{at:.3}"), text),
            )?;
            Ok(())
        })
    }

    /// Puts `catalogue` in the place of what was imported as `before`, and forgets taught articles
    /// with these numbers.
    ///
    /// # Errors
    /// [`ArticleStoreError`]; what was there is there then. `Busy`: another import was faster.
    pub(super) fn replace(
        &self,
        before: i64,
        catalogue: &Catalogue,
        files: &str,
        at: Timestamp,
        forget: &[String],
    ) -> Result<(), ArticleStoreError> {
        let mut overtaken = false;
        self.write(|all| {
            if generation(all)? != before {
                overtaken = true;
                return Ok(());
            }
            all.execute("DELETE FROM packed", ())?;
            let mut put = all
                .prepare("INSERT INTO packed (part, piece, crc, bytes) VALUES (?1, ?2, ?3, ?4)")?;
            let mut pieces = 0_i64;
            for (part, bytes) in catalogue.parts() {
                for (piece, own) in (0_i64..).zip(bytes.chunks(PIECE)) {
                    put.execute((part.name(), piece, checksum(part, piece, own), own))?;
                    pieces += 1;
                }
            }
            let articles = i64::try_from(catalogue.len()).unwrap_or(i64::MAX);
            // A file that was put aside must not come back under the number of the next one.
            let generation = (before + 1).max(at.as_millisecond());
            all.execute(
                "INSERT OR REPLACE INTO about (one, generation, at, files, articles, pieces)
                 VALUES (1, ?1, ?2, ?3, ?4, ?5)",
                (generation, format!("{at:.3}"), files, articles, pieces),
            )?;
            let mut forgotten = all.prepare("DELETE FROM taught WHERE number = ?1")?;
            for number in forget {
                forgotten.execute([number])?;
            }
            Ok(())
        })?;
        if overtaken {
            return Err(ArticleStoreError::Busy { path: self.path.clone() });
        }
        Ok(())
    }

    /// Writes in one transaction, into a new file if there is none.
    fn write(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<()>,
    ) -> Result<(), ArticleStoreError> {
        self.make().map_err(|error| ArticleStoreError::io(&self.path, &error))?;
        let missing = || ArticleStoreError::io(&self.path, &io::ErrorKind::NotFound.into());
        let mut connection = self.open()?.ok_or_else(missing)?;
        let failed = |error| ArticleStoreError::sqlite(&self.path, &error);
        for (pragma, value) in [("synchronous", 2), ("fullfsync", 1)] {
            connection.pragma_update(None, pragma, value).map_err(failed)?;
        }
        let all =
            connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        if version(&all, &self.path)? == 0 {
            all.execute_batch(TABLES).map_err(failed)?;
            all.pragma_update(None, "application_id", APPLICATION).map_err(failed)?;
            all.pragma_update(None, "user_version", FORMAT).map_err(failed)?;
        }
        work(&all).map_err(failed)?;
        all.commit().map_err(failed)
    }

    /// Makes the directory, 0700, and an empty file, 0600, if they are not there.
    fn make(&self) -> io::Result<()> {
        if let Some(dir) = self.path.parent() {
            DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
        }
        let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&self.path);
        match made {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
            _ => Ok(()),
        }
    }

    /// `None`: there is no file. Always for writing: what a crash left half done is undone first.
    fn open(&self) -> Result<Option<Connection>, ArticleStoreError> {
        let about = match fs::metadata(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(ArticleStoreError::io(&self.path, &error)),
            Ok(about) => about,
        };
        let foreign = about.uid() != geteuid().as_raw() && !geteuid().is_root();
        if about.mode() & 0o022 != 0 || foreign {
            return Err(ArticleStoreError::Open { path: self.path.clone() });
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let failed = |error| ArticleStoreError::sqlite(&self.path, &error);
        let connection = Connection::open_with_flags(&self.path, flags).map_err(failed)?;
        // Each page is read once.
        database::settle(&connection, PATIENCE, 512).map_err(failed)?;
        Ok(Some(connection))
    }
}

/// The file's format; 0 is an empty file.
fn version(connection: &Connection, path: &Path) -> Result<i64, ArticleStoreError> {
    let number = |pragma| {
        let found = connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
        found.map_err(|error| ArticleStoreError::sqlite(path, &error))
    };
    match (number("application_id")?, number("user_version")?) {
        (0, 0) => Ok(0),
        (APPLICATION, FORMAT) => Ok(FORMAT),
        (APPLICATION, found) if found > FORMAT => {
            Err(ArticleStoreError::Newer { path: path.to_owned() })
        }
        _ => Err(ArticleStoreError::damaged(path, "it is the file of another program")),
    }
}

/// The number of the last import; 0 without one.
fn generation(connection: &Connection) -> rusqlite::Result<i64> {
    let found = connection.query_row("SELECT generation FROM about", (), |row| row.get(0));
    Ok(found.optional()?.unwrap_or(0))
}

/// Of a piece and its place: pieces that were exchanged are damage, too.
fn checksum(part: Part, piece: i64, bytes: &[u8]) -> i64 {
    let mut crc = crc32fast::Hasher::new();
    crc.update(part.name().as_bytes());
    crc.update(&piece.to_le_bytes());
    crc.update(bytes);
    i64::from(crc.finalize())
}
