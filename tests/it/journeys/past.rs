//! What a keeper has kept, remembered to answer questions about paid sales as a journal does.

use std::sync::{Arc, Mutex};

use kasse::console::{Keeper, Keeping};
use kasse::till::{Answer, Call, Finished, HistoryPage, Record};
use kasse::worker::PastSales;

use crate::sim::sold;

/// The records that were kept so far.
#[derive(Clone, Default)]
pub struct Past(Arc<Mutex<Vec<Record>>>);

impl Past {
    /// `keeper`, whose records are remembered once they are kept.
    pub fn of(&self, keeper: Box<dyn Keeper>) -> Box<dyn Keeper> {
        Box::new(Remembering { keeper, past: self.clone() })
    }

    /// The paid sales, the oldest first.
    pub fn sales(&self) -> Vec<Finished> {
        sold::sold(self.0.lock().unwrap().iter()).into_iter().map(|(_, sale)| sale).collect()
    }

    fn answer(&self, call: &Call) -> Option<Answer> {
        sold::answer(call, self.0.lock().unwrap().iter())
    }
}

impl PastSales for Past {
    fn page(&self, before: Option<i64>, limit: usize) -> Result<HistoryPage, String> {
        match self.answer(&Call::History { before, limit }) {
            Some(Answer::History(page)) => Ok(page),
            other => Err(format!("{other:?}")),
        }
    }

    fn find(&self, id: &str, reference: &str) -> Result<Option<Finished>, String> {
        let (id, reference) = (id.to_owned(), reference.to_owned());
        match self.answer(&Call::OwnSale { id, reference }) {
            Some(Answer::OwnSale(sale)) => Ok(sale.map(|sale| *sale)),
            other => Err(format!("{other:?}")),
        }
    }
}

struct Remembering {
    keeper: Box<dyn Keeper>,
    past: Past,
}

impl Keeper for Remembering {
    fn keep(&mut self, record: Record) -> Result<(), String> {
        self.keeper.keep(record.clone())?;
        self.past.0.lock().unwrap().push(record);
        Ok(())
    }

    fn begin(&mut self, record: Record) -> Keeping {
        let mut keeping = self.keeper.begin(record.clone());
        let (past, mut record) = (self.past.clone(), Some(record));
        Keeping::new(move |patience| {
            let ended = keeping.wait(patience)?;
            if ended.is_ok() {
                past.0.lock().unwrap().extend(record.take());
            }
            Some(ended)
        })
    }
}
