//! Giving up transactions that nobody needs any more, one at a time, while the server answers.

use super::Turn;
use crate::till::{Abandoned, Call, Change, Link, Record, Release, Reply};
use crate::wire::Outcome;

impl Turn<'_> {
    /// The transaction of the sale at hand is not needed any more.
    pub(super) fn abandon(&mut self) {
        let sale = &mut self.state.sale;
        let abandoned = match sale.remote.take() {
            Some(remote) => Abandoned::Id(remote.id),
            None if sale.create_sent => Abandoned::Reference(sale.transaction_ref()),
            None => return,
        };
        sale.create_sent = false;
        self.record(Change::Abandoned(abandoned.clone()));
        self.state.abandoned.push(abandoned);
    }

    /// Starts on the next one, if the server can be reached. Nobody waits for it.
    pub(super) fn release_next(&mut self) {
        let paired = self.state.pairing.is_none();
        if self.state.link != Link::Up || !paired || self.state.releasing.is_some() {
            return;
        }
        let Some(abandoned) = self.state.abandoned.first().cloned() else { return };
        let call = self.call(match &abandoned {
            Abandoned::Id(id) => Call::Abort(id.clone()),
            Abandoned::Reference(reference) => Call::Find(reference.clone()),
        });
        self.state.releasing = Some(Release { abandoned, call });
    }

    pub(super) fn released(&mut self, reply: Reply) {
        let Some(Release { abandoned, .. }) = self.state.releasing.take() else { return };
        let outcome = match reply {
            Reply::Transaction(outcome) => outcome.map(|_| None),
            Reply::Found(outcome) => outcome.map(|found| found.map(|found| found.id)),
            _ => return,
        };
        match outcome {
            Outcome::Ok(found) => self.done_with(abandoned, found),
            // Tried again when the till is paired.
            Outcome::Refused(error) if error.is_unpaired() => {}
            // What cannot be given up is no longer waiting to be paid.
            Outcome::Refused(_) => self.done_with(abandoned, None),
            // Tried again when the server is heard of the next time.
            Outcome::Unknown(reason) | Outcome::Down(reason) => {
                self.state.link = Link::Down(reason);
            }
        }
    }

    fn done_with(&mut self, abandoned: Abandoned, found: Option<String>) {
        self.state.abandoned.retain(|kept| *kept != abandoned);
        self.tell(Change::Released(abandoned));
        if let Some(id) = found {
            let abandoned = Abandoned::Id(id);
            self.tell(Change::Abandoned(abandoned.clone()));
            self.state.abandoned.push(abandoned);
        }
    }

    /// Tells the journal of a transaction that belongs to no sale any more.
    pub(super) fn tell(&mut self, change: Change) {
        self.records.push(Record { sale: String::new(), change });
    }
}
