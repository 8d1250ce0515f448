//! Other articles, taken over while the till runs.
//!
//! Owns the moment: between two events. What is in the basket stays as it was sold; what an open
//! search shows is the till's business ([`crate::till::Event::Articles`]).

use super::{Console, Display, End};
use crate::shop::{Article, Catalogue};
use crate::till::Event;

/// Keeps a taught article; false if there is nobody to keep it.
pub type KeepTaught = Box<dyn FnMut(Article) -> bool>;

impl<S: Display> Console<S> {
    /// The same console, which gives taught articles to `keep`.
    #[must_use]
    pub fn teaching(mut self, keep: KeepTaught) -> Self {
        self.keep_taught = Some(keep);
        self
    }

    /// From now on the till sells `catalogue`.
    pub(super) fn take_over(&mut self, catalogue: Catalogue) -> Option<End> {
        let count = catalogue.len();
        self.sell(catalogue);
        // What it was recorded under is not what the till decides by any more.
        self.end_recording("other articles were taken over");
        self.happened(Event::Articles(count))
    }

    /// Puts a taught article into the catalogue at once, and hands it on to be kept.
    pub(super) fn teach(&mut self, article: Article) -> Option<Event> {
        self.sell(self.settings.catalogue.with(article.clone()));
        let kept = self.keep_taught.as_mut().is_some_and(|keep| keep(article));
        (!kept).then(|| Event::NotTaught("there is no place for it".to_owned()))
    }

    fn sell(&mut self, catalogue: Catalogue) {
        self.screen.sell(&catalogue);
        if let Some(tape) = &mut self.recorder {
            tape.sell(&catalogue);
        }
        self.settings.catalogue = catalogue;
    }

    fn end_recording(&mut self, why: &str) {
        if let Some(tape) = self.recorder.take() {
            tape.end(why);
        }
    }
}
