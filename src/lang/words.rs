//! The fixed texts of the screen: one table, filled in by each language.
//!
//! Owns the list of texts, so that a language cannot forget one. Must not hold any text itself.

/// Everything on the screen that is neither a notice nor a command. `{name}` marks what is put in.
#[derive(Debug)]
pub(crate) struct Words {
    // Frame.
    pub basket: &'static str,
    pub ident: &'static str,
    pub status: &'static str,
    pub too_small: &'static str,
    pub parked_count: &'static str,
    pub unresolved_one: &'static str,
    pub unresolved_count: &'static str,
    pub n_more: &'static str,
    // Entry line.
    pub ask_article: &'static str,
    pub ask_amount: &'static str,
    pub ask_exact: &'static str,
    pub ask_card_pays: &'static str,
    pub ask_nothing: &'static str,
    pub ask_next: &'static str,
    pub ask_command: &'static str,
    pub ask_name: &'static str,
    pub reading: &'static str,
    pub returns: &'static str,
    // Basket.
    pub total: &'static str,
    pub piece: &'static str,
    pub pieces: &'static str,
    pub empty: &'static str,
    pub empty_hint: &'static str,
    pub quit_hint: &'static str,
    // Ident.
    pub no_card: &'static str,
    pub no_card_hint: &'static str,
    pub unchecked: &'static str,
    pub checking: &'static str,
    pub locked_card: &'static str,
    pub invalid_card: &'static str,
    pub not_used: &'static str,
    pub inactive_card: &'static str,
    pub inactive_hint: &'static str,
    pub cash_balance: &'static str,
    pub bonus_balance: &'static str,
    pub balance: &'static str,
    pub points: &'static str,
    pub cash_used: &'static str,
    pub bonus_used: &'static str,
    pub vat: &'static str,
    pub remainder: &'static str,
    pub apply: &'static str,
    pub not_applied: &'static str,
    pub apply_now: &'static str,
    pub apply_now_short: &'static str,
    pub apply_again: &'static str,
    pub apply_again_short: &'static str,
    pub applying: &'static str,
    // Status.
    pub created: &'static str,
    pub processing: &'static str,
    pub ok: &'static str,
    pub failed: &'static str,
    pub outcome_open: &'static str,
    pub skipped: &'static str,
    pub no_transaction: &'static str,
    pub up: &'static str,
    pub unheard: &'static str,
    pub down: &'static str,
    pub unsent: &'static str,
    pub call_connect: &'static str,
    pub call_create: &'static str,
    pub call_update: &'static str,
    pub call_apply: &'static str,
    pub call_find: &'static str,
    pub call_cancel: &'static str,
    pub call_read: &'static str,
    pub call_abort: &'static str,
    pub next_question: &'static str,
    pub seconds: &'static str,
    // Payment.
    pub payment: &'static str,
    pub cash: &'static str,
    pub cashless: &'static str,
    pub loyalty: &'static str,
    pub to_pay: &'static str,
    pub given: &'static str,
    pub exact: &'static str,
    pub change: &'static str,
    pub missing: &'static str,
    pub unreadable: &'static str,
    pub much_change: &'static str,
    pub card_pays_all: &'static str,
    pub at_terminal: &'static str,
    pub pay: &'static str,
    pub back: &'static str,
    pub wait_cash: &'static str,
    pub wait_cashless: &'static str,
    pub wait_loyalty: &'static str,
    pub wait_hint: &'static str,
    // Unknown outcome.
    pub unknown_title: &'static str,
    pub unknown: &'static str,
    pub unknown_reason: &'static str,
    pub unknown_answered: &'static str,
    pub no_outcome: &'static str,
    pub asked_once: &'static str,
    pub asked: &'static str,
    pub next_in: &'static str,
    pub serve_next: &'static str,
    pub safe_step: &'static str,
    pub give_up_short: &'static str,
    pub give_up: &'static str,
    // Done.
    pub done: &'static str,
    pub by_card: &'static str,
    pub next: &'static str,
    pub receipt: &'static str,
    pub more: &'static str,
    // Overlays.
    pub help: &'static str,
    pub sale_goes: &'static str,
    pub sale_steps: &'static [&'static str],
    pub groups: [&'static str; 4],
    pub menu: &'static str,
    pub nothing_found: &'static str,
    pub search: &'static str,
    pub card: &'static str,
    pub card_unknown: &'static str,
    pub card_failed: &'static str,
    pub last_usage: &'static str,
    pub last_charge: &'static str,
    pub expiry: &'static str,
    pub history: &'static str,
    pub no_history: &'static str,
    pub parked: &'static str,
    pub no_parked: &'static str,
    pub unresolved: &'static str,
    pub no_unresolved: &'static str,
    pub unresolved_once: &'static str,
    pub unresolved_row: &'static str,
    pub cancelled: &'static str,
    pub cancel: &'static str,
    pub faults: &'static str,
    pub fault_on: &'static str,
    pub switch: &'static str,
    pub confirm: &'static str,
    pub confirm_void: &'static str,
    pub confirm_discard: &'static str,
    pub confirm_remove: &'static str,
    pub confirm_cancel: &'static str,
    pub confirm_quit: &'static str,
    pub confirm_other: &'static str,
    pub yes: &'static str,
    pub no: &'static str,
    pub close: &'static str,
    pub choose: &'static str,
    pub take: &'static str,
    pub scroll: &'static str,
    pub print: &'static str,
    pub locked: &'static str,
    pub unlock: &'static str,
    // Table of keys.
    pub table_key: &'static str,
    pub table_command: &'static str,
    pub table_meaning: &'static str,
    pub no_key: &'static str,
}

/// Puts values into the marked places of a text.
pub(crate) fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some((before, tail)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, after)) = tail.split_once('}') else {
            rest = tail;
            break;
        };
        if let Some((_, value)) = values.iter().find(|(known, _)| *known == name) {
            out.push_str(value);
        }
        rest = after;
    }
    out.push_str(rest);
    out
}
