//! What must hold on every screen, whatever it shows.

use std::sync::OnceLock;

use kasse::charset::Charset;
use kasse::lang::Lang;
use kasse::till::{Help, History, Level, Menu, Message, Notice, Overlay, ServerKind, State, Step};
use kasse::ui::{Theme, as_text, paint};
use kasse::wire::StartMethod;
use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Color, Modifier};

use crate::ui::kit::{
    CARD, Scene, Shop, empty, finished, history, sales, scene, scenes, tender, under,
};
use crate::ui::open;

const SIZES: [(u16, u16); 5] = [(120, 40), (80, 24), (60, 18), (40, 12), (33, 6)];

fn looks() -> [Shop; 4] {
    [
        Shop::new(Lang::En, Theme::dark()),
        Shop::new(Lang::De, Theme::light()),
        Shop::new(Lang::En, Theme::mono()),
        Shop::new(Lang::De, Theme::mono().ascii(true)),
    ]
}

fn buffer(shop: &Shop, state: &State, (width, height): (u16, u16)) -> Buffer {
    let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
    paint(&mut buffer, state, &shop.view());
    buffer
}

/// Calls `check` with every scene in every look and designed size.
fn everywhere(check: impl Fn(&str, &Shop, &State, (u16, u16))) {
    let scenes = scenes();
    for shop in looks() {
        for (name, state) in &scenes {
            for size in SIZES {
                check(name, &shop, state, size);
            }
        }
    }
}

#[test]
fn no_size_breaks_a_screen() {
    let shop = Shop::new(Lang::De, Theme::dark());
    let scenes = scenes();
    let widths = (1..=130).step_by(13).chain([0, 39, 40, 55, 56, 75, 76, 99, 100, 109, 110]);
    for width in widths {
        for height in (1..=45).step_by(6).chain([0, 11, 12, 13, 18, 20, 32]) {
            for (_, state) in &scenes {
                buffer(&shop, state, (width, height));
            }
        }
    }
}

fn cached() -> &'static [Scene] {
    static SCENES: OnceLock<Vec<Scene>> = OnceLock::new();
    SCENES.get_or_init(scenes)
}

proptest! {
    #[test]
    fn no_combination_breaks_a_screen(
        width in 0_u16..140,
        height in 0_u16..50,
        scene in 0_usize..1_000,
        look in 0_usize..4,
        entry in ".{0,40}",
        selected in 0_usize..20,
        overlay in proptest::option::of(0_usize..4),
    ) {
        let all = cached();
        let mut state = all[scene % all.len()].1.clone();
        state.entry.text = entry;
        state.sale.selected = selected;
        let overlay = overlay.map(|kind| match kind {
            0 => Overlay::Menu(Menu(selected)),
            1 => Overlay::History(History { selected, ..History::default() }),
            2 => Overlay::Help(Help(selected)),
            _ => Overlay::Locked,
        });
        if let Some(overlay) = overlay {
            state.overlays.cover(overlay);
        }
        buffer(&looks()[look], &state, (width, height));
    }
}

#[test]
fn the_sandbox_is_named_on_every_screen_and_only_there() {
    everywhere(|name, shop, state, (width, height)| {
        let text = as_text(state, &shop.view(), width, height);
        let sandbox = state.server == ServerKind::Sandbox;
        assert_eq!(text.contains("SANDBOX"), sandbox, "{name} {width}x{height}\n{text}");
    });
}

#[test]
fn no_card_number_is_ever_shown_in_full() {
    everywhere(|name, shop, state, (width, height)| {
        let text = as_text(state, &shop.view(), width, height);
        for row in text.lines() {
            let digits: String = row.chars().filter(char::is_ascii_digit).collect();
            for hidden in [&CARD[4..12], "11111111"] {
                assert!(!digits.contains(hidden), "{name} {width}x{height}\n{text}");
            }
        }
        if name.starts_with("swipe") {
            assert!(!text.contains("NAME") && !text.contains("=99"), "{text}");
        }
    });
}

#[test]
fn only_ascii_is_shown_where_nothing_else_is_safe() {
    let shop = Shop::new(Lang::De, Theme::dark().ascii(true));
    for (name, state) in scenes() {
        for (width, height) in SIZES {
            let text = as_text(&state, &shop.view(), width, height);
            let odd: String = text.chars().filter(|c| !c.is_ascii()).collect();
            // A transliteration that is not known ends in a question mark: none of ours may.
            assert_eq!(odd, "", "{name}\n{text}");
        }
    }
    let text = as_text(&scene("search"), &shop.view(), 80, 24);
    assert!(text.contains("Kaesebroetchen"), "{text}");
}

#[test]
fn a_latin_terminal_shows_its_letters_and_no_lines() {
    for charset in [Charset::Latin1, Charset::Latin9, Charset::Windows1252] {
        let shop = Shop::new(Lang::De, Theme::dark().ascii(true).charset(charset));
        for (name, state) in scenes() {
            let text = as_text(&state, &shop.view(), 80, 24);
            let odd: String =
                text.chars().filter(|&c| !c.is_ascii() && charset.encode(c).is_none()).collect();
            assert_eq!(odd, "", "{name}\n{text}");
        }
        let text = as_text(&scene("search"), &shop.view(), 80, 24);
        assert!(text.contains("Käsebrötchen") && text.contains('+'), "{text}");
    }
}

#[test]
fn mono_shows_no_colour_and_the_selection_all_the_same() {
    let shop = Shop::new(Lang::En, Theme::mono());
    for (name, state) in scenes() {
        let buffer = buffer(&shop, &state, (80, 24));
        for cell in buffer.content() {
            assert_eq!((cell.fg, cell.bg), (Color::Reset, Color::Reset), "{name}");
        }
    }
    for name in ["basket", "menu", "search", "history", "parked"] {
        let buffer = buffer(&shop, &scene(name), (80, 24));
        let marked = buffer
            .content()
            .iter()
            .any(|cell| cell.symbol() == "▸" && cell.modifier.contains(Modifier::REVERSED));
        assert!(marked, "{name}");
    }
}

#[test]
fn no_theme_writes_in_black_or_white() {
    for theme in [Theme::dark(), Theme::light()] {
        let shop = Shop::new(Lang::En, theme);
        for (name, state) in scenes() {
            for cell in buffer(&shop, &state, (120, 40)).content() {
                // A QR code brings its own ground, and is no text.
                if "█▀▄ ".contains(cell.symbol()) && cell.bg == Color::Black {
                    assert_eq!(cell.fg, Color::White, "{name}");
                    continue;
                }
                assert!(!matches!(cell.fg, Color::Black | Color::White | Color::Gray), "{name}");
                assert_eq!(cell.bg, Color::Reset, "{name}");
            }
        }
    }
}

#[test]
fn the_locked_screen_shows_nothing_of_the_sale() {
    for (_, mut state) in scenes() {
        state.overlays.cover(Overlay::Locked);
        for size in SIZES {
            for shop in looks() {
                let text = as_text(&state, &shop.view(), size.0, size.1);
                for secret in ["Sandwich", "Water", "7.96", "7,96", "5.76", "5,76", "4352", "STX_"]
                {
                    assert!(!text.contains(secret), "{text}");
                }
            }
        }
    }
}

#[test]
fn the_cursor_stands_where_the_cashier_types() {
    let shop = Shop::new(Lang::En, Theme::dark());
    let cursor = |state: &State, width, height| {
        paint(&mut Buffer::empty(Rect::new(0, 0, width, height)), state, &shop.view()).cursor
    };
    assert_eq!(cursor(&empty(), 80, 24), Some(Position::new(3, 19)));
    let typed = tender("20", StartMethod::Cash, 576);
    assert_eq!(cursor(&typed, 80, 24), Some(Position::new(5, 19)));
    // `3 × 30037`
    assert_eq!(cursor(&scene("typed"), 80, 24), Some(Position::new(12, 19)));
    assert_eq!(cursor(&scene("long_entry"), 80, 24), Some(Position::new(79, 19)));
    assert_eq!(cursor(&scene("locked"), 80, 24), None);
    assert_eq!(cursor(&empty(), 39, 24), None);
}

#[test]
fn the_documented_sale_is_on_the_screen() {
    let shop = Shop::new(Lang::En, Theme::dark());
    for (width, height) in [(120, 40), (80, 24)] {
        let text = |name: &str| as_text(&scene(name), &shop.view(), width, height);
        let applied = text("applied");
        for part in [
            "─ Basket ─",
            "─ Ident ─",
            "─ Status ─",
            "7.96 EUR",
            "-2.00",
            "-0.15",
            "-0.05",
            "0.39 → 0.38",
            "0.32 → 0.31",
            "5.76",
            "● created ─ ● processing ─ ○ ok",
            "9276 •••• •••• 4352",
        ] {
            assert!(applied.contains(part), "{part}\n{applied}");
        }
        assert!(text("tender_20").contains("14.24 EUR"));
        let done = text("done");
        for part in ["14.24 EUR", "● created ─ ● processing ─ ● ok", "2,20 EUR", "7,76 EUR"]
        {
            assert!(done.contains(part), "{part}\n{done}");
        }
        assert!(text("done_terminal").contains("● created ─ – processing ─ ● ok"));
    }
}

#[test]
fn the_change_is_shown_while_the_amount_is_typed() {
    let shop = Shop::new(Lang::De, Theme::dark());
    let text = |typed: &str| as_text(&tender(typed, StartMethod::Cash, 576), &shop.view(), 80, 24);
    assert!(text("").contains("passend"));
    assert!(text("2").contains("Fehlt") && text("2").contains("3,76 EUR"));
    assert!(text("20,5").contains("14,74 EUR"));
    assert!(text("999999").contains("So viel Rückgeld?"));
    assert!(text("1,2,3").contains("kein Betrag"));
}

#[test]
fn an_unknown_outcome_says_exactly_what_not_to_do() {
    for (lang, words) in [
        (Lang::En, "Outcome unknown - do not charge again. Checking…"),
        (Lang::De, "Ausgang unbekannt - Geld NICHT noch einmal nehmen. Wir fragen nach…"),
    ] {
        let shop = Shop::new(lang, Theme::dark());
        for (width, height) in &SIZES[..4] {
            for name in ["unknown", "unknown_give_up"] {
                let text = as_text(&scene(name), &shop.view(), *width, *height);
                // Only the panel's own columns: others stand beside it.
                let panel: Vec<&str> = text
                    .lines()
                    .filter_map(|line| line.strip_prefix("│ ")?.split(" │").next())
                    .map(str::trim)
                    .collect();
                assert!(panel.join(" ").contains(words), "{width}x{height}\n{text}");
                let offered = panel.iter().any(|row| row.starts_with('→'));
                assert_eq!(offered, name == "unknown_give_up", "{text}");
            }
        }
    }
}

#[test]
fn the_selected_line_of_a_long_basket_is_visible() {
    let shop = Shop::new(Lang::En, Theme::dark());
    for (width, height) in &SIZES[..4] {
        let text = as_text(&scene("long"), &shop.view(), *width, *height);
        assert!(text.contains("▸ 5001  "), "{text}");
    }
}

#[test]
fn a_history_of_which_a_part_is_held_says_that_there_is_more_than_it_counts() {
    let held = || vec![finished(StartMethod::Cash); 30];
    for (older, says) in [(false, " 14 more "), (true, " 14+ more ")] {
        let Overlay::History(list) = history(held(), 0) else { unreachable!() };
        let state = under(Overlay::History(History { older, ..list }), |_| ());
        let shown = as_text(&state, &looks()[0].view(), 80, 24);
        assert!(shown.contains(says), "{shown}");
    }
}

#[test]
fn errors_begin_with_a_mark_and_show_code_and_support_id() {
    for shop in looks() {
        for (width, height) in &SIZES[..4] {
            let text = as_text(&scene("refused"), &shop.view(), *width, *height);
            for part in ["\n ! ", "2003", "7d1f4c2a90b3"] {
                assert!(text.contains(part), "{part} {width}x{height}\n{text}");
            }
        }
    }
}

#[test]
fn a_long_message_of_the_server_is_cut_visibly() {
    let shop = Shop::new(Lang::En, Theme::dark());
    let mut state = empty();
    let message = Message::PrintFailed("paper ".repeat(200));
    state.notice = Some(Notice { level: Level::Error, message });
    let text = as_text(&state, &shop.view(), 80, 24);
    assert!(text.contains("paper…\n F2 search"), "{text}");
}

/// The screen of a scene, 80 columns by 24 rows.
fn standard(lang: Lang, name: &str) -> String {
    as_text(&scene(name), &Shop::new(lang, Theme::dark()).view(), 80, 24)
}

#[test]
fn a_list_that_is_cut_says_how_many_rows_are_hidden() {
    let ascii = Shop::new(Lang::En, Theme::dark().ascii(true));
    let text = as_text(&scene("menu"), &ascii.view(), 80, 24);
    // Sixteen rows fit.
    let hidden = kasse::till::menu_commands("", ascii.view().settings).len() - 16;
    assert!(text.contains(&format!(" v {hidden} more ")), "{text}");
    let mut state = scene("menu");
    state.overlays = [Overlay::Menu(Menu(usize::MAX))].into();
    let shop = Shop::new(Lang::En, Theme::dark());
    let text = as_text(&state, &shop.view(), 80, 24);
    assert!(text.contains(&format!(" ▴ {hidden} more ")) && !text.contains('▾'), "{text}");
    assert!(text.contains("▸ quit"), "{text}");
    for name in ["help", "receipt"] {
        let text = standard(Lang::De, name);
        assert!(text.contains(" ▾ ") && text.contains(" weitere "), "{text}");
    }
    for name in ["parked", "history"] {
        assert!(!standard(Lang::En, name).contains(['▾', '▴']), "{name}");
    }
}

#[test]
fn where_no_amount_is_typed_none_is_asked_for() {
    for (name, words) in [
        ("tender", "amount given, empty = exact"),
        ("tender_terminal", "+ pays the exact amount"),
        ("tender_card", "+ pays with the card"),
    ] {
        let text = standard(Lang::En, name);
        for hint in ["amount given", "pays the exact amount", "pays with the card"] {
            assert_eq!(text.contains(hint), words.contains(hint), "{hint}\n{text}");
        }
    }
}

#[test]
fn the_card_is_applied_again_only_where_it_was_applied() {
    let again = standard(Lang::En, "apply_again");
    assert!(again.contains("applies it again"), "{again}");
    let failed = standard(Lang::En, "apply_failed");
    assert!(failed.contains("Card not applied") && !failed.contains("again"), "{failed}");
    let shop = Shop::new(Lang::En, Theme::dark());
    for (width, height) in &SIZES[..4] {
        let text = as_text(&scene("applying"), &shop.view(), *width, *height);
        assert!(!text.contains("not applied") && !text.contains("again"), "{text}");
        assert!(text.contains("2 s"), "the seconds stay: {width}x{height}\n{text}");
    }
    assert!(standard(Lang::En, "applying").contains("Being applied"));
}

#[test]
fn without_a_card_nothing_is_said_of_its_processing() {
    assert!(!standard(Lang::En, "done_terminal").contains("not applied"));
    let mut state = scene("done_terminal");
    let Step::Done(finished) = &mut state.sale.step else { panic!("not done") };
    finished.card = scene("card").sale.card;
    let text = as_text(&state, &Shop::new(Lang::En, Theme::dark()).view(), 80, 24);
    assert!(text.contains("not applied"), "{text}");
}

#[test]
fn an_open_outcome_agrees_with_the_link_and_says_when_it_is_asked_again() {
    let down = standard(Lang::En, "unknown_down");
    for part in [
        "Why: no connection.",
        "Server not reachable",
        "Asked once in 6 s",
        "next in 4 s",
        "F9 serve next",
    ] {
        assert!(down.contains(part), "{part}\n{down}");
    }
    assert!(!down.contains("Server connected"), "{down}");
    let up = standard(Lang::En, "unknown");
    assert!(up.contains("The server answers") && !up.contains("Why:"), "{up}");
    let german = standard(Lang::De, "unknown_down");
    assert!(german.contains("einmal gefragt") && german.contains("wieder in 4 s"), "{german}");
}

#[test]
fn the_receipt_of_a_cancelled_sale_ends_with_the_storno() {
    for (lang, word) in [(Lang::En, "CANCELLED"), (Lang::De, "STORNIERT")] {
        let text = standard(lang, "receipt_cancelled");
        assert!(text.contains(word) && text.contains("Card payment reversed"), "{text}");
        assert!(text.contains("11:20"), "{text}");
    }
    assert!(standard(Lang::En, "history_cancelled").contains("CANCELLED"));
    assert!(standard(Lang::En, "done_cancelled").contains("─ CANCELLED ─"));
    assert!(standard(Lang::En, "confirm_cancel").contains("7.96 EUR?"));
}

#[test]
fn an_empty_till_says_how_to_begin_and_how_to_leave() {
    for shop in looks() {
        let (first_steps, leave) = if shop.lang == Lang::De {
            ("Nummer tippen, Enter", "Leertaste \"beenden\" verl")
        } else {
            ("number and Enter", "Space \"quit\" leaves kasse")
        };
        for (width, height) in &SIZES[..4] {
            let text = as_text(&empty(), &shop.view(), *width, *height);
            let begun = first_steps.split(' ').all(|word| text.contains(word));
            assert!(begun, "{width}x{height}\n{text}");
            if *width >= 80 {
                assert!(text.contains(leave), "{text}");
            }
        }
    }
}

#[test]
fn what_is_open_stays_in_sight() {
    let text = standard(Lang::En, "put_aside");
    assert!(text.contains("1 outcome unknown") && text.contains("1 parked"), "{text}");
    assert!(standard(Lang::En, "more_errors").contains("(2 more) No article"));
    assert!(standard(Lang::En, "stopped").contains("STOPPED"));
    let text = standard(Lang::En, "unresolved");
    assert!(text.contains("asked once") && !text.contains("give up"), "{text}");
    let text = standard(Lang::En, "unresolved_give_up");
    assert!(text.contains("asked 5 times") && text.contains("→ give up"), "{text}");
    let faults = standard(Lang::En, "faults");
    assert_eq!(faults.matches(" on │").count(), 1, "{faults}");
}

#[test]
fn the_smallest_screen_names_menu_and_help_first() {
    for shop in looks() {
        for (name, state) in [sales(), open::sales()].concat() {
            let text = as_text(&state, &shop.view(), 40, 12);
            let legend = text.lines().last().unwrap_or_default();
            let is_german = shop.lang == Lang::De;
            let first =
                if is_german { " Leertaste Menü   F1 Hilfe" } else { " Space menu   F1 help" };
            assert!(legend.replace("ue", "ü").starts_with(first), "{name}\n{text}");
            // Only written out in ASCII the German words leave no room for a third.
            if name.starts_with("unknown") && !legend.contains("Menue") {
                assert!(legend.contains("F9"), "{name}\n{text}");
            }
        }
    }
}
