//! Locking cards, and why.

use serde_json::{Value, json};

use crate::sandbox::fixtures::{LOCK_REASONS, is_lock_reason};
use crate::sandbox::ledger::Ledger;
use crate::sandbox::loyalty::card::CardSelector;
use crate::sandbox::refusal::Refusal;
use crate::sandbox::request::node::Node;
use crate::sandbox::store::Lock;

/// A note is no longer than this, in bytes.
const LONGEST_NOTE: usize = 1000;

/// Why cards can be locked, `[{id, desc}]`.
pub(crate) fn reasons() -> Value {
    LOCK_REASONS.iter().map(|(id, desc)| json!({ "id": id, "desc": desc })).collect()
}

impl Ledger {
    /// Whether the card is locked, and why.
    pub(crate) fn lock_status(&self, path: &str) -> Result<Value, Refusal> {
        let book = self.book();
        let account = book.selected(&CardSelector::of_path(path))?;
        Ok(match account.ok_or(Refusal::Card("no valid card"))?.lock() {
            Some(lock) => {
                json!({ "lock_status": "locked", "reason": lock.reason, "note": lock.note })
            }
            None => json!({ "lock_status": "unlocked", "reason": null, "note": null }),
        })
    }

    /// Locks the card; a code on the back that is given must be right.
    pub(crate) fn lock(&self, path: &str, body: &Value) -> Result<Value, Refusal> {
        let body = Node::body(body);
        let reason = body.required("reason")?;
        let number = reason.whole()?;
        if !is_lock_reason(number) {
            return Err(reason.wrong("one of 1, 2, 3, 6, 8"));
        }
        let note = note(&body)?;
        self.switch(path, &body, Some(Lock { reason: Some(number), note }))
    }

    /// Unlocks the card, for any reason that it was locked for.
    pub(crate) fn unlock(&self, path: &str, body: &Value) -> Result<Value, Refusal> {
        let body = Node::body(body);
        note(&body)?;
        self.switch(path, &body, None)
    }

    fn switch(&self, path: &str, body: &Node<'_>, lock: Option<Lock>) -> Result<Value, Refusal> {
        let csc = body.text_of("csc")?;
        self.change_card(&CardSelector::of_path(path), |account| {
            if csc.is_some_and(|csc| !account.codes.has_csc(&csc)) {
                return Err(Refusal::Card("wrong csc"));
            }
            account.set_lock(lock);
            Ok(())
        })
    }
}

fn note(body: &Node<'_>) -> Result<Option<String>, Refusal> {
    body.present("note")?.map_or(Ok(None), |note| note.text_within(LONGEST_NOTE))
}
