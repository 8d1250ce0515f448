//! Keeps taught articles while the till goes on.

use std::sync::mpsc::{Sender, channel};
use std::thread::{self, JoinHandle};

use jiff::Timestamp;

use super::ArticleStore;
use crate::shop::Article;

/// A thread that writes one taught article after the other. Dropping it waits for the last one.
#[derive(Debug)]
pub struct Teacher {
    articles: Option<Sender<Article>>,
    thread: Option<JoinHandle<()>>,
}

impl Teacher {
    /// Begins. `failed` is told why an article is not kept, sanitised.
    #[must_use]
    pub fn start(store: ArticleStore, failed: impl Fn(String) + Send + 'static) -> Self {
        let (articles, taught) = channel::<Article>();
        let thread = thread::Builder::new().name("teacher".to_owned()).spawn(move || {
            for article in taught {
                if let Err(error) = store.teach(&article, Timestamp::now()) {
                    tracing::error!(%error, number = article.number, "a taught article is not kept");
                    failed(error.line());
                }
            }
        });
        Self { articles: Some(articles), thread: thread.ok() }
    }

    /// Hands an article to the thread; false if there is none.
    #[must_use]
    pub fn teach(&self, article: Article) -> bool {
        self.articles.as_ref().is_some_and(|articles| articles.send(article).is_ok())
    }
}

impl Drop for Teacher {
    fn drop(&mut self) {
        drop(self.articles.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
