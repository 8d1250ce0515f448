//! Screens as they are, styles included: a change of any of them must be seen and accepted.

use kasse::lang::Lang;
use kasse::ui::{Theme, paint};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::ui::kit::{Shop, scene};

fn snapshot(look: &str, lang: Lang, theme: Theme, (width, height): (u16, u16), names: &[&str]) {
    let shop = Shop::new(lang, theme);
    for name in names {
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
        paint(&mut buffer, &scene(name), &shop.view());
        let file = format!("ui_{look}_{width}x{height}_{name}");
        insta::with_settings!({
            snapshot_path => "../../snapshots",
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, {
            insta::assert_debug_snapshot!(file, buffer);
        });
    }
}

#[test]
fn wide() {
    let names = ["empty", "applied", "tender_20", "done", "unknown", "menu"];
    snapshot("dark", Lang::En, Theme::dark(), (120, 40), &names);
}

#[test]
fn standard() {
    let names = [
        "empty",
        "applied",
        "apply_again",
        "tender_20",
        "done",
        "unknown",
        "unknown_give_up",
        "error",
        "refused",
    ];
    snapshot("dark", Lang::En, Theme::dark(), (80, 24), &names);
}

#[test]
fn rows_below_lines_and_at_the_end() {
    snapshot("dark", Lang::En, Theme::dark(), (80, 24), &["rows"]);
    snapshot("dark", Lang::En, Theme::dark(), (120, 40), &["rows"]);
    snapshot("german", Lang::De, Theme::dark(), (80, 24), &["rows"]);
    snapshot("mono", Lang::En, Theme::mono(), (40, 12), &["rows"]);
}

#[test]
fn overlays() {
    let names = [
        "help",
        "menu",
        "search",
        "look_up",
        "history",
        "parked",
        "receipt",
        "confirm_void",
        "locked",
    ];
    snapshot("dark", Lang::En, Theme::dark(), (80, 24), &names);
}

#[test]
fn outcomes_and_cancellations() {
    let names = [
        "unresolved",
        "unresolved_give_up",
        "faults",
        "history_cancelled",
        "receipt_cancelled",
        "confirm_cancel",
        "confirm_cancel_terminal",
        "confirm_settle",
        "confirm_quit_open",
        "unresolved_cancel",
        "done_cancelled",
        "done_cancelled_terminal",
        "put_aside",
        "more_errors",
        "stopped",
        "unknown_down",
    ];
    snapshot("dark", Lang::En, Theme::dark(), (80, 24), &names);
    let german =
        ["confirm_cancel", "confirm_quit_open", "done_cancelled", "done_cancelled_terminal"];
    snapshot("german", Lang::De, Theme::dark(), (80, 24), &german);
    snapshot("dark", Lang::En, Theme::dark(), (120, 40), &["done_cancelled"]);
}

#[test]
fn pairing() {
    let names = ["pairing", "pairing_expired", "pairing_aside"];
    snapshot("dark", Lang::En, Theme::dark(), (80, 24), &names);
    snapshot("dark", Lang::En, Theme::dark(), (120, 40), &["pairing", "pairing_unknown"]);
    snapshot("german", Lang::De, Theme::dark(), (80, 24), &["pairing", "pairing_refused"]);
    snapshot("mono", Lang::En, Theme::mono(), (80, 24), &["pairing"]);
    snapshot("dark", Lang::En, Theme::dark(), (40, 12), &["pairing"]);
}

#[test]
fn exchanges() {
    let names = ["wire", "wire_exchange", "wire_pending", "wire_lost", "wire_empty"];
    snapshot("dark", Lang::En, Theme::dark(), (80, 24), &names);
    snapshot("dark", Lang::En, Theme::dark(), (120, 40), &["wire", "wire_exchange"]);
    snapshot("german", Lang::De, Theme::dark(), (80, 24), &["wire", "wire_lost"]);
    snapshot("mono", Lang::En, Theme::mono(), (80, 24), &["wire"]);
    snapshot("dark", Lang::En, Theme::dark(), (40, 12), &["wire", "wire_exchange"]);
}

#[test]
fn terminal_and_transactions() {
    let names = [
        "terminal",
        "terminal_taken",
        "terminal_refused",
        "end_of_day",
        "transactions",
        "transaction",
        "transaction_cancel",
    ];
    snapshot("dark", Lang::En, Theme::dark(), (80, 24), &names);
    snapshot(
        "dark",
        Lang::En,
        Theme::dark(),
        (120, 40),
        &["terminal", "end_of_day", "transactions"],
    );
    let names = ["terminal_asked", "broken_off", "transactions"];
    snapshot("german", Lang::De, Theme::dark(), (80, 24), &names);
}

#[test]
fn cards_and_customers() {
    let names = [
        "look_up_locked",
        "look_up_wrong",
        "code_typed",
        "programmes",
        "check_ins",
        "new_card",
        "check_in",
    ];
    snapshot("dark", Lang::En, Theme::dark(), (80, 24), &names);
    snapshot(
        "dark",
        Lang::En,
        Theme::dark(),
        (120, 40),
        &["look_up_locked", "code_typed", "check_ins"],
    );
    snapshot("german", Lang::De, Theme::dark(), (80, 24), &["look_up_locked", "code_typed"]);
}

#[test]
fn goods_before_they_are_sold() {
    let names = ["price_look_up", "ask_price", "ask_percent", "age", "reason", "teach_vat"];
    snapshot("dark", Lang::En, Theme::dark(), (80, 24), &names);
    snapshot(
        "german",
        Lang::De,
        Theme::dark(),
        (80, 24),
        &["price_look_up", "age", "unknown_code"],
    );
    snapshot(
        "dark",
        Lang::En,
        Theme::dark(),
        (120, 40),
        &["price_look_up", "ask_price", "teach_price"],
    );
    snapshot(
        "mono",
        Lang::De,
        Theme::mono(),
        (40, 12),
        &["price_look_up", "ask_price", "teach_vat"],
    );
}

#[test]
fn pin_prompts() {
    let names = ["pin_unlock", "pin_quit", "pin_wrong", "pin_dropped"];
    snapshot("dark", Lang::En, Theme::dark(), (80, 24), &names);
    snapshot("dark", Lang::En, Theme::dark(), (120, 40), &names);
    snapshot("german", Lang::De, Theme::dark(), (80, 24), &names);
}

#[test]
fn narrow() {
    snapshot("dark", Lang::En, Theme::dark(), (60, 18), &["applied", "tender_20", "done"]);
    let names = ["basket", "applying", "apply_again", "unknown", "refused"];
    snapshot("dark", Lang::En, Theme::dark(), (40, 12), &names);
}

#[test]
fn mono() {
    snapshot("mono", Lang::En, Theme::mono(), (80, 24), &["applied", "search", "error"]);
}

#[test]
fn german() {
    let names = ["applied", "tender_20", "unknown", "unresolved", "receipt_cancelled"];
    snapshot("german", Lang::De, Theme::dark(), (80, 24), &names);
}

#[test]
fn ascii() {
    snapshot("ascii", Lang::De, Theme::mono().ascii(true), (80, 24), &["applied"]);
}
