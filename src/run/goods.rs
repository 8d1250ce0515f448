//! Which articles the till sells: those of the configured file, otherwise the imported ones,
//! otherwise the demonstration bakery; and over them those that were taught.

use std::sync::mpsc::Sender;

use super::{Failure, articles_failure};
use crate::articles::{ArticleStore, ArticleStoreError, Kept, News, Teacher, Watch};
use crate::cli::Exit;
use crate::config::{Config, read_articles};
use crate::console::{Incoming, KeepTaught};
use crate::shop::Catalogue;
use crate::till::Event;

/// The articles, and where they are from.
pub(super) struct Goods {
    /// The articles.
    pub catalogue: Catalogue,
    /// The generation of the imported ones; 0: there are none, or they are not sold.
    pub generation: i64,
}

/// The file of imported and taught articles.
pub(super) fn store(config: &Config) -> ArticleStore {
    ArticleStore::within(&config.state_dir)
}

/// Reads the articles.
///
/// # Errors
/// The file, or the database, is wrong.
pub(super) fn read(config: &Config) -> Result<Goods, Failure> {
    let store = store(config);
    let plain = || {
        read_articles(config.articles.as_deref(), &config.import_options())
            .map_err(|error| articles_failure(&error))
    };
    if config.articles.is_some() {
        let catalogue = plain()?;
        let taught = store.read_taught().map_err(|error| failure(&error))?;
        return Ok(Goods { catalogue: taught.over(&catalogue), generation: 0 });
    }
    match store.read().map_err(|error| failure(&error))? {
        Some(kept) => {
            let catalogue = match &kept.imported {
                Some(imported) => imported.clone(),
                None => plain()?,
            };
            Ok(Goods { catalogue: kept.over(&catalogue), generation: kept.generation })
        }
        None => Ok(Goods { catalogue: plain()?, generation: 0 }),
    }
}

/// Whether reading them may take a while.
pub(super) fn take_time(config: &Config) -> bool {
    config.articles.is_some() || store(config).path().exists()
}

pub(super) fn failure(error: &ArticleStoreError) -> Failure {
    let exit = match error {
        ArticleStoreError::Damaged { .. } | ArticleStoreError::Newer { .. } => Exit::Articles,
        _ => Exit::State,
    };
    Failure::new(exit, error)
}

/// Tells the loop of other articles as soon as they are imported, unless a configured file has
/// them.
pub(super) fn watch(config: &Config, generation: i64, sender: Sender<Incoming>) -> Option<Watch> {
    let tell = move |news| {
        let incoming = match news {
            News::Articles(kept) => Incoming::Articles(sold(&kept)),
            News::Failed(why) => Incoming::Event(Event::ArticlesUnread(why)),
        };
        // The loop has ended: nobody sells any more.
        drop(sender.send(incoming));
    };
    config.articles.is_none().then(|| Watch::start(store(config), generation, tell))
}

fn sold(kept: &Kept) -> Catalogue {
    kept.over(&kept.imported.clone().unwrap_or_default())
}

/// Keeps what is taught.
pub(super) fn keep_taught(config: &Config, sender: Sender<Incoming>) -> KeepTaught {
    let teacher = Teacher::start(store(config), move |why| {
        drop(sender.send(Incoming::Event(Event::NotTaught(why))));
    });
    Box::new(move |article| teacher.teach(article))
}
