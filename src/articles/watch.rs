//! Tells a running console that other articles were imported.
//!
//! Owns a thread that looks at the file's date every two seconds, which costs one system call, and
//! reads the file when it has changed.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use super::ArticleStore;
use super::file::Kept;

/// How often the file is looked at.
const EVERY: Duration = Duration::from_secs(2);

/// What is told.
#[derive(Debug)]
pub enum News {
    /// Other articles are there.
    Articles(Kept),
    /// They cannot be read; the till goes on with those that it has. Sanitised.
    Failed(String),
}

/// Looks at the file until it is dropped.
#[derive(Debug)]
pub struct Watch {
    /// Ends the thread when it is dropped.
    _stop: Sender<()>,
}

/// What tells one state of the file from another.
type Mark = Option<(u64, i64, i64, u64)>;

fn mark(store: &ArticleStore) -> Mark {
    let about = fs::metadata(store.path()).ok()?;
    Some((about.ino(), about.mtime(), about.mtime_nsec(), about.len()))
}

impl Watch {
    /// Begins. The console has the articles of this `generation`.
    #[must_use]
    pub fn start(
        store: ArticleStore,
        generation: i64,
        tell: impl Fn(News) + Send + 'static,
    ) -> Self {
        let (stop, stopped) = channel::<()>();
        // Without the thread, the next start takes the articles over.
        let _ = thread::Builder::new().name("articles".to_owned()).spawn(move || {
            let (mut generation, mut seen) = (generation, None);
            while stopped.recv_timeout(EVERY) == Err(RecvTimeoutError::Timeout) {
                let now = mark(&store);
                if now == seen {
                    continue;
                }
                match news(&store, generation) {
                    Ok(Some(kept)) => {
                        generation = kept.generation;
                        tell(News::Articles(kept));
                    }
                    Ok(None) => {}
                    // It is looked at once more.
                    Err(error) if error.passes() => continue,
                    Err(error) => tell(News::Failed(error.line())),
                }
                seen = now;
            }
        });
        Self { _stop: stop }
    }
}

fn news(store: &ArticleStore, generation: i64) -> Result<Option<Kept>, super::ArticleStoreError> {
    if store.generation()? == generation {
        return Ok(None);
    }
    Ok(store.read()?.filter(|kept| kept.imported.is_some()))
}
