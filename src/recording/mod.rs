//! Recordings: what happened at a till, in a file fit for a bug report, and its replay.
//!
//! Owns the file's lines and what must not stand in them: card numbers are replaced by others of
//! the same kind ([`Recorder`]), PIN and codes are left out with the keys that type them, and so
//! are the bodies of exchanges and the names of customers. Must not carry anything out: a
//! [`Player`] has the till's states, and nobody does what they wish for.
//!
//! One JSON object per line: a [`Head`], then what happened, each with the till's clock.

mod disguise;
mod player;
mod recorder;
mod scrub;

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::shop::Catalogue;
use crate::till::{Entry, Event, Multiplier, Settings, State};

pub use player::{Player, ReplayError};
pub use recorder::{Before, Recorder};

/// Bytes of a recording at the most; a day's is a few megabytes. It ends there, and no longer file
/// is read.
pub const LONGEST: u64 = 256 << 20;

/// The format that is written, and the only one that is read.
const FORMAT: u32 = 3;

/// The first line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The version that recorded.
    pub kasse: String,
    /// The file's format.
    pub format: u32,
    /// When, ISO 8601.
    pub at: String,
    /// What [`settings_digest`] made of the settings.
    pub settings: String,
    /// Columns of the terminal.
    pub columns: u16,
    /// Its rows.
    pub rows: u16,
}

impl Head {
    /// The head of a recording that begins at `at`.
    #[must_use]
    pub fn new(at: String, settings: &Settings, (columns, rows): (u16, u16)) -> Self {
        let kasse = env!("CARGO_PKG_VERSION").to_owned();
        Self { kasse, format: FORMAT, at, settings: settings_digest(settings), columns, rows }
    }
}

/// One line behind the first; at `now`, ms of the till's clock.
#[derive(Debug, Serialize)]
struct Line {
    now: u64,
    #[serde(flatten)]
    what: What,
}

impl Line {
    /// By hand: with a derived flatten, serde would compile its reader of a state once more.
    fn read(mut value: Value) -> serde_json::Result<Self> {
        let now = value.as_object_mut().and_then(|fields| fields.shift_remove("now"));
        Ok(Self {
            now: serde_json::from_value(now.unwrap_or_default())?,
            what: serde_json::from_value(value)?,
        })
    }
}

/// What stands in a line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum What {
    /// Something happened.
    Event(Event),
    /// The till as it was: at the beginning, and after what is not recorded.
    State(Box<Still>),
    /// The recording ends here, and why.
    End(String),
}

/// A state with the part of the entry line that may be told.
#[derive(Debug, Serialize, Deserialize)]
struct Still {
    state: State,
    after_enter: bool,
    multiplier: Option<Multiplier>,
}

impl Still {
    fn of(state: &State) -> Self {
        let Entry { after_enter, multiplier, .. } = state.entry;
        Self { state: state.clone(), after_enter, multiplier }
    }

    fn again(&self) -> State {
        let Self { state, after_enter, multiplier } = self;
        let entry =
            Entry { after_enter: *after_enter, multiplier: *multiplier, ..Entry::default() };
        State { entry, ..state.clone() }
    }
}

/// A digest of everything that the till decides by: under other settings, the same events may
/// lead elsewhere.
#[must_use]
pub fn settings_digest(settings: &Settings) -> String {
    let mut digest = Digesting(Sha256::new());
    let _ = write!(digest, "{}", settings.catalogue.digest());
    let others = Settings { catalogue: Catalogue::default(), ..settings.clone() };
    let _ = write!(digest, "{others:?}");
    digest.0.finalize().iter().take(16).fold(String::new(), |mut hex, byte| {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Text that goes into a digest as it is made. Writing to it cannot fail.
struct Digesting(Sha256);

impl std::fmt::Write for Digesting {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.0.update(text.as_bytes());
        Ok(())
    }
}
