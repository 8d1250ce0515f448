//! Locking cards, and why.

use serde_json::{Value, json};

use crate::sandbox::ledger::Ledger;
use crate::sandbox::loyalty::Which;
use crate::sandbox::refusal::Refusal;
use crate::sandbox::request::node::Node;
use crate::sandbox::store::account::Lock;

/// The reasons that the API knows, and their German names.
const REASONS: [(i64, &str); 5] =
    [(1, "Verloren"), (2, "Defekt"), (3, "Reklamation"), (6, "Abgelaufen"), (8, "Nicht aktiviert")];
/// A note is no longer than this, in bytes.
const LONGEST_NOTE: usize = 1000;

/// Why cards can be locked, `[{id, desc}]`.
pub(crate) fn reasons() -> Value {
    REASONS.iter().map(|(id, desc)| json!({ "id": id, "desc": desc })).collect()
}

/// Whether a card can be locked for this.
pub(crate) fn is_reason(number: i64) -> bool {
    REASONS.iter().any(|(id, _)| *id == number)
}

impl Ledger {
    /// Whether the card is locked, and why.
    pub(crate) fn lock_status(&self, path: &str) -> Result<Value, Refusal> {
        let mut book = self.book();
        let account = book.meant_account(&Which { path, number: None })?;
        Ok(match account.lock() {
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
        if !is_reason(number) {
            return Err(reason.wrong("one of 1, 2, 3, 6, 8"));
        }
        let note = note(&body)?;
        self.switch(path, &body, Some(Lock { reason: Some(number), note }))
    }

    /// Unlocks the card, whatever it was locked for.
    pub(crate) fn unlock(&self, path: &str, body: &Value) -> Result<Value, Refusal> {
        let body = Node::body(body);
        note(&body)?;
        self.switch(path, &body, None)
    }

    fn switch(&self, path: &str, body: &Node<'_>, lock: Option<Lock>) -> Result<Value, Refusal> {
        let csc = body.present("csc")?.map(|node| node.text()).transpose()?.flatten();
        self.change_card(&Which { path, number: None }, |account| {
            if csc.is_some_and(|csc| !account.codes.has_csc(&csc)) {
                return Err(Refusal::Card("wrong csc"));
            }
            account.set_lock(lock);
            Ok(())
        })
    }
}

fn note(body: &Node<'_>) -> Result<Option<String>, Refusal> {
    let Some(field) = body.present("note")? else { return Ok(None) };
    let text = field.text()?;
    if text.as_ref().is_some_and(|text| text.len() > LONGEST_NOTE) {
        return Err(field.wrong("too long"));
    }
    Ok(text)
}
