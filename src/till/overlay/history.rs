//! Paid sales, the newest first: pages of the journal around the highlighted one.
//!
//! Owns which pages are held: three at the most. Whoever moves towards their end gets the next page,
//! and the one at the other end goes.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Hint, Label, Layer, Overlay, Receipt, Then, moved};
use crate::till::update::Context;
use crate::till::{Answer, Call, Command, Finished, HistoryPage, Settings, State, Waiter};
use crate::wire::Outcome;

/// Sales of one page.
const LIMIT: usize = 30;

/// Sales held at the most.
const MOST: usize = 3 * LIMIT;

/// So close to an end, the next page is asked for.
const AHEAD: usize = 10;

/// The pages held, and what is highlighted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// The sales, the newest first, with the numbers of their entries.
    pub sales: Arc<Vec<(i64, Finished)>>,
    /// The index of the highlighted one.
    pub selected: usize,
    /// What is being read.
    pub reading: Reading,
    /// There are older sales than those held.
    pub older: bool,
    /// The pages of newer sales that were let go: before which number each began.
    pub newer: Vec<i64>,
    /// A sale was changed while a page was read: it may not say so and is read once more.
    pub changed: bool,
}

/// What a [`History`] waits for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reading {
    /// Nothing.
    #[default]
    Nothing,
    /// A page of older sales.
    Older,
    /// A page of newer sales.
    Newer,
    /// Nothing: the journal could not be read.
    Failed,
}

impl History {
    /// A history of which nothing is known yet.
    pub(in crate::till) fn unread() -> Self {
        Self { reading: Reading::Older, ..Self::default() }
    }

    /// The highlighted sale.
    #[must_use]
    pub fn current(&self) -> Option<&Finished> {
        self.sales.get(self.selected).map(|(_, sale)| sale)
    }

    const fn is_reading(&self) -> bool {
        matches!(self.reading, Reading::Older | Reading::Newer)
    }

    /// The call for the page that is being read.
    fn call(&self) -> Call {
        let before = match self.reading {
            Reading::Newer => self.newer.last().copied(),
            _ => self.sales.last().map(|(number, _)| *number),
        };
        Call::History { before, limit: LIMIT }
    }

    /// What is to be read next, if the cursor is near an end of what is held.
    fn next(&self) -> Option<Reading> {
        if self.older && self.selected + AHEAD >= self.sales.len() {
            Some(Reading::Older)
        } else if !self.newer.is_empty() && self.selected < AHEAD {
            Some(Reading::Newer)
        } else {
            None
        }
    }

    fn take(&mut self, page: HistoryPage) {
        let HistoryPage { sales: mut more, more: older } = page;
        more.truncate(LIMIT);
        let sales = Arc::make_mut(&mut self.sales);
        if std::mem::take(&mut self.reading) == Reading::Newer {
            self.newer.pop();
            self.selected += more.len();
            more.append(sales);
            *sales = more;
            self.older |= sales.len() > MOST;
            sales.truncate(MOST);
        } else {
            self.older = older;
            sales.append(&mut more);
            while let (true, Some((newest, _))) = (sales.len() > MOST, sales.first()) {
                self.newer.push(newest.saturating_add(1));
                sales.drain(..LIMIT.min(sales.len()));
                self.selected = self.selected.saturating_sub(LIMIT);
            }
        }
    }

    /// Makes a change of a paid sale where it is shown.
    pub(super) fn change(&mut self, reference: &str, change: &dyn Fn(&mut Finished)) {
        self.changed |= self.is_reading();
        if let Some(at) = self.sales.iter().position(|(_, sale)| sale.reference == reference)
            && let Some((_, sale)) = Arc::make_mut(&mut self.sales).get_mut(at)
        {
            change(sale);
        }
    }
}

impl Layer for History {
    fn rows(&self, _: &State, _: &Settings) -> usize {
        self.sales.len()
    }

    fn moved(&mut self, command: Command, rows: usize) -> Then {
        self.selected = moved(self.selected, command, rows);
        match self.next() {
            Some(next) if !self.is_reading() => {
                self.reading = next;
                |context| context.read_history()
            }
            _ => |_| (),
        }
    }

    fn enter(&self, context: &mut Context) {
        let Some(sale) = self.current() else { return context.bell() };
        let of = Some(Box::new(sale.clone()));
        context.state.overlays.cover(Overlay::Receipt(Receipt { of, scroll: 0 }));
    }

    fn print(&self, context: &mut Context) -> bool {
        context.print(self.current().cloned());
        true
    }

    fn awaits(&self, waiter: &Waiter) -> bool {
        self.is_reading() && *waiter == Waiter::Fetch(Command::History)
    }

    fn fetched(&mut self, outcome: Outcome<Answer>) -> Outcome<()> {
        if self.changed {
            return Outcome::Ok(());
        }
        let page = outcome.expect_kind::<HistoryPage>();
        if !matches!(page, Outcome::Ok(_)) {
            self.reading = Reading::Failed;
        }
        page.map(|page| self.take(page))
    }

    fn hints(&self, _: &State, settings: &Settings) -> Vec<Hint> {
        let hints = vec![Hint::CHOOSE, Hint::enter(Label::Receipt), Hint::CANCEL, Hint::CLOSE];
        Hint::printed(settings, hints)
    }
}

impl Context<'_> {
    /// Opens the history, or closes it.
    pub(in crate::till) fn open_history(&mut self) {
        if self.state.overlays.toggle(Overlay::History(History::unread())) {
            self.read_history();
        }
    }

    /// Asks for the page that the history waits for.
    fn read_history(&mut self) {
        if let Some(list) = self.history_list() {
            list.changed = false;
            let call = list.call();
            self.call(call, Waiter::Fetch(Command::History));
        }
    }

    /// Reads the page once more that a change has made doubtful.
    pub(in crate::till) fn read_history_again(&mut self) {
        if self.history_list().is_some_and(|list| list.changed) {
            self.read_history();
        }
    }

    fn history_list(&mut self) -> Option<&mut History> {
        self.state.overlays.iter_mut().find_map(|overlay| match overlay {
            Overlay::History(list) => Some(list),
            _ => None,
        })
    }
}
