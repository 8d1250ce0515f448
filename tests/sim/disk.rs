//! The disk of a till: what is on it, what is still on its way, and a crash in between.
//!
//! Keeps the promises of the journal and no more: records keep their order, a durable one takes
//! everything before it along, the others may be lost from the end. Checkpoints are written now and
//! then; the newest may be torn by a crash, and lost with the records that it was made of.

use kasse::till::{Change, Record, Replay, Stage};

use super::rng::Rng;

#[derive(Debug, Default)]
pub struct Disk {
    kept: Vec<Record>,
    buffer: Vec<Record>,
    /// Up to which record, and what was written; the newest last.
    checkpoints: Vec<(usize, String)>,
    /// No more room: nothing is taken until somebody makes some and the till is started again.
    full: bool,
}

impl Disk {
    pub fn append(&mut self, record: Record, durable: bool, rng: &mut Rng) -> Result<(), String> {
        if self.full {
            // What could not be made sure of may be there nevertheless.
            if durable && self.buffer.is_empty() && rng.chance(300) {
                self.kept.push(record);
            }
            return Err("no space left".to_owned());
        }
        self.buffer.push(record);
        if durable {
            self.flush();
        }
        Ok(())
    }

    /// What is on it, as a backup has it.
    pub fn copy(&self) -> Self {
        let (kept, checkpoints) = (self.kept.clone(), self.checkpoints.clone());
        Self { kept, checkpoints, ..Self::default() }
    }

    /// Writes a checkpoint of what was kept, now and then, if nothing is on its way.
    pub fn save(&mut self, told: &Replay) {
        if self.buffer.is_empty() && !self.full && self.kept.len() % 7 == 3 {
            self.checkpoints.push((self.kept.len(), serde_json::to_string(told).unwrap()));
            let old = self.checkpoints.len().saturating_sub(3);
            self.checkpoints.drain(..old);
        }
    }

    /// The newest good checkpoint, and up to which record it goes.
    pub fn resume(&self) -> (usize, Replay) {
        let good = |(upto, text): &(usize, String)| Some((*upto, serde_json::from_str(text).ok()?));
        self.checkpoints.iter().rev().find_map(good).unwrap_or_default()
    }

    pub const fn fill(&mut self) {
        self.full = true;
    }

    pub const fn is_full(&self) -> bool {
        self.full
    }

    pub const fn make_room(&mut self) {
        self.full = false;
    }

    pub fn flush(&mut self) {
        self.kept.append(&mut self.buffer);
    }

    /// The power is gone: a part of what was on its way, from the front, has arrived.
    pub fn crash(&mut self, rng: &mut Rng) -> usize {
        let arrived = rng.between(0, self.buffer.len() as u64);
        let lost = self.buffer.split_off(usize::try_from(arrived).unwrap());
        self.flush();
        if let Some((_, newest)) =
            self.checkpoints.last_mut().filter(|_| self.kept.len().is_multiple_of(4))
        {
            let half = newest.len() / 2;
            newest.truncate((0..=half).rev().find(|at| newest.is_char_boundary(*at)).unwrap_or(0));
        }
        lost.len()
    }

    /// The number of the next record.
    pub fn next(&self) -> i64 {
        i64::try_from(self.kept.len() + self.buffer.len() + 1).unwrap()
    }

    pub fn kept(&self) -> &[Record] {
        &self.kept
    }

    fn of<'a, 's>(&'a self, sale: &'s str) -> impl Iterator<Item = &'a Change> + use<'a, 's> {
        self.kept.iter().rev().filter(move |record| record.sale == sale).map(|r| &r.change)
    }

    /// Where the sale stands, as the disk says last.
    pub fn stage(&self, sale: &str) -> Option<&Stage> {
        self.of(sale).find_map(|change| match change {
            Change::Head(head) => head.stage.as_ref(),
            _ => None,
        })
    }

    /// The transaction of the sale, as the disk says last.
    pub fn transaction(&self, sale: &str) -> Option<&str> {
        let remote = self.of(sale).find_map(|change| match change {
            Change::Head(head) => head.remote.as_ref(),
            _ => None,
        })?;
        remote.as_ref().map(|remote| remote.id.as_str())
    }

    pub fn is_done(&self, sale: &str) -> bool {
        matches!(self.stage(sale), Some(Stage::Done(_)))
    }

    /// The cancellation of the sale is on the disk and has not ended there.
    pub fn is_cancelling(&self, sale: &str) -> bool {
        let last = self.of(sale).find(|change| {
            matches!(
                change,
                Change::CancellingSale(_) | Change::Cancelled(_) | Change::NotCancelled
            )
        });
        matches!(last, Some(Change::CancellingSale(_)))
    }
}
