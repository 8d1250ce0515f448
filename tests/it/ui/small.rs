//! Terminals that are too small: what is not seen is not paid, and nothing acts unseen.

use kasse::console::Incoming;
use kasse::lang::Lang;
use kasse::till::{Call, Command, Effect, Event, Key, Message, Overlay, Seen, Step};
use kasse::ui::{SMALLEST, Theme, as_text, seen};
use kasse::wire::StartMethod;
use rstest::rstest;

use crate::journeys::kit::Journey;
use crate::pty::home::Home;
use crate::sim::cashier::keys;
use crate::till::kit::{CARD, Till};
use crate::ui::kit::{Shop, empty, sales, scene, tender};

#[test]
fn the_amount_counts_as_seen_only_where_the_whole_of_it_stands() {
    for (lang, theme) in [(Lang::En, Theme::dark()), (Lang::De, Theme::mono().ascii(true))] {
        let shop = Shop::new(lang, theme);
        for method in [StartMethod::Cash, StartMethod::Cashless, StartMethod::Loyalty] {
            for due in [5, 576, 123_456_789] {
                let state = tender("20", method, due);
                for width in (1..=130).step_by(3).chain([39, 40, 41, 55, 56, 57]) {
                    for height in [1, 2, 6, 11, 12, 13, 15, 18, 20, 24, 32, 36, 40, 45] {
                        let drawn = seen(&state, &shop.view(), width, height);
                        let small = width < SMALLEST.0 || height < SMALLEST.1;
                        let text = as_text(&state, &shop.view(), width, height);
                        let amount = lang.amount(kasse::money::Money(due));
                        let what = format!("{width}x{height}\n{text}");
                        if small {
                            assert_eq!(drawn, Seen::TooSmall, "{what}");
                        } else {
                            assert_eq!(drawn, Seen::Due, "{what}");
                            assert!(text.contains(&amount), "{what}");
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn an_amount_that_does_not_fit_is_not_seen() {
    let shop = Shop::new(Lang::En, Theme::dark());
    let state = tender("", StartMethod::Cash, i64::MAX);
    for width in 40..130 {
        let text = as_text(&state, &shop.view(), width, 12);
        let whole = text.contains("92,233,720,368,547,758.07");
        let drawn = seen(&state, &shop.view(), width, 12);
        assert_eq!(drawn == Seen::Due, whole, "{width}\n{text}");
    }
}

#[test]
fn an_amount_under_something_is_not_seen_and_no_other_step_has_one() {
    let shop = Shop::new(Lang::En, Theme::dark());
    for overlay in [Overlay::Help(0), Overlay::Menu(0), Overlay::Locked] {
        let mut state = tender("", StartMethod::Cash, 576);
        state.overlays.push(overlay);
        assert_eq!(seen(&state, &shop.view(), 80, 24), Seen::Panels);
    }
    for (name, state) in sales() {
        let tender = matches!(state.sale.step, Step::Tender(_)) && state.overlays.is_empty();
        let drawn = seen(&state, &shop.view(), 80, 24);
        assert_eq!(drawn == Seen::Due, tender, "{name}");
    }
    assert_eq!(seen(&scene("locked"), &shop.view(), 80, 24), Seen::Panels);
}

fn small(mut till: Till) -> Till {
    till.unseen(Event::Seen(Seen::TooSmall));
    till
}

fn basket() -> Till {
    let mut till = Till::new();
    till.press("30037⏎ 30200⏎").press(CARD).press("⏎").copied();
    till
}

fn due() -> Till {
    let mut till = basket();
    till.press("+").copied();
    till
}

#[rstest]
fn no_key_acts_on_a_terminal_that_is_too_small(#[values("basket", "tender", "locked")] step: &str) {
    let keys = "Esc Delete Up Down Left Right PgUp PgDn Enter Backspace + - * / Space F1 F2 F3 F4 \
                F5 F6 F7 F8 F9 F10 F11 F12 S-F1 S-F3 S-F12";
    for key in keys.split_whitespace().chain(["5", "a"]) {
        let mut till = match step {
            "basket" => basket(),
            "tender" => due(),
            _ => {
                let mut till = basket();
                till.press("<F12>");
                till
            }
        };
        till = small(till);
        let (before, calls) = (till.state.clone(), till.calls.len());
        till.effects.clear();
        till.now += 5_000;
        till.unseen(Event::Key(key.parse().unwrap()));
        assert_eq!(till.state.sale, before.sale, "{key}");
        assert_eq!(till.state.overlays, before.overlays, "{key}");
        assert_eq!((till.calls.len(), till.state.entry.text.as_str()), (calls, ""), "{key}");
        assert_eq!(till.effects, [Effect::Bell], "{key} rings");
    }
}

#[rstest]
#[case::whole("", "4006381333931⏎", "")]
#[case::its_end("4006381", "333931⏎", "")]
#[case::its_begin("", "4006381", "333931⏎")]
fn a_scan_that_is_not_seen_is_refused_and_told_afterwards(
    #[case] before: &str,
    #[case] meanwhile: &str,
    #[case] after: &str,
) {
    let mut till = basket();
    till.press(before);
    till = small(till);
    till.press(meanwhile);
    till.unseen(Event::Seen(Seen::Panels));
    till.press(after);
    assert_eq!(till.state.sale.basket.lines().len(), 2);
    assert_eq!(till.state.notice.as_ref().unwrap().message, Message::WindowTooSmall);
    assert!(till.state.entry.fate == kasse::till::Fate::Open && till.state.entry.text.is_empty());
    till.press("<Esc> 7⏎");
    assert_eq!(till.state.sale.basket.lines().len(), 3, "the next one is taken");
}

#[test]
fn answers_go_on_and_what_was_typed_keeps_the_payment_closed() {
    let mut till = basket();
    till.press("+");
    till = small(till);
    till.copied();
    assert!(matches!(till.state.sale.step, Step::Tender(_)));
    till.press("51⏎ + +");
    assert_eq!(till.starts(), 0);
    till.unseen(Event::Seen(Seen::Due));
    till.press("+ +");
    assert_eq!(till.starts(), 0, "a scan was refused, and nobody has read it yet");
    till.press("<Esc> +");
    assert_eq!(till.starts(), 1);
}

#[test]
fn an_amount_made_small_is_shown_again_before_it_is_paid() {
    let mut till = small(due());
    assert!(!till.state.due_shown);
    till.unseen(Event::Seen(Seen::Panels));
    till.now += 5_000;
    till.unseen(Event::Key(Key::Char('+')));
    assert_eq!(till.starts(), 0, "large enough, but not drawn yet");
    till.unseen(Event::Seen(Seen::Due));
    till.now += 149;
    till.unseen(Event::Key(Key::F(5)));
    assert_eq!(till.starts(), 0);
    till.press("+");
    assert_eq!(till.starts(), 1);
}

#[test]
fn the_till_can_be_left_in_order_and_is_asked_first() {
    let mut till = small(basket());
    till.unseen(Event::Key(Key::Ctrl('c')));
    assert_eq!(till.state.overlays, [Overlay::Confirm(Command::Quit)]);
    let shop = Shop::new(Lang::En, Theme::dark());
    for (width, height) in [(39, 12), (30, 8), (20, 6)] {
        let text = as_text(&till.state, &shop.view(), width, height);
        assert!(text.contains('→'), "{text}");
        let text = as_text(&empty(), &shop.view(), width, height);
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains("Ctrl-C leaves"), "{text}");
    }
    till.press("⏎ 7⏎ + <Esc>");
    assert!(till.state.overlays.is_empty());
    till.unseen(Event::Key(Key::Ctrl('c')));
    till.press("<Right>");
    assert!(matches!(till.effects.last(), Some(Effect::Quit(_))), "{:?}", till.effects.last());
    // Not under a lock.
    let mut till = basket();
    till.press("<F12>");
    till = small(till);
    for key in keys("<Right>").into_iter().chain([Key::Ctrl('c'), Key::Right]) {
        till.now += 5_000;
        till.unseen(Event::Key(key));
    }
    assert!(till.state.is_locked());
    assert!(!till.effects.iter().any(|effect| matches!(effect, Effect::Quit(_))));
}

fn resize(till: &mut Journey, size: (u16, u16)) {
    till.console.screen().size = size;
    till.sender.send(Incoming::Resized).unwrap();
    till.step();
}

#[test]
fn the_loop_pays_nothing_on_a_small_terminal_nor_in_the_read_that_makes_it_small() {
    let mut till = Journey::new();
    till.keys("30037⏎").keys("+");
    till.later(1_000);
    assert!(till.state().due_shown);
    resize(&mut till, (30, 8));
    assert!(till.state().too_small && !till.state().due_shown);
    till.keys("+").keys("20+").keys("+");
    assert_eq!(till.server.calls("POST", "/start/cash"), 0);
    resize(&mut till, (80, 24));
    assert!(!till.state().too_small);
    till.shows(&["was not taken"]).keys("<Esc>");
    // The size and a key that was pressed before it was seen.
    till.later(1_000);
    till.console.screen().size = (30, 8);
    till.sender.send(Incoming::Resized).unwrap();
    till.sender.send(Incoming::Input(b"+".to_vec())).unwrap();
    till.step();
    assert_eq!(till.server.calls("POST", "/start/cash"), 0);
    resize(&mut till, (40, 12));
    till.shows(&["3.49"]).keys("+");
    assert_eq!(till.server.calls("POST", "/start/cash"), 1);
}

#[test]
fn a_small_terminal_at_the_start() {
    let mut till = due();
    till.press("<Esc>");
    assert!(!till.calls.iter().any(|(_, call)| matches!(call, Call::Start(..))));
    let home = Home::new();
    let pty = home.console(30, 8);
    pty.wait_for("too small");
    pty.type_bytes("30037\r+");
    pty.type_bytes("+");
    pty.resize(80, 24);
    pty.wait_for("was not taken");
    assert!(pty.screen().contains("0.00"), "{}", pty.screen());
    pty.type_bytes("\x1b[D");
    pty.keys("30037\r", "3.49 EUR");
    pty.keys("+", "Payment: Cash");
    pty.resize(30, 8);
    pty.type_bytes("+");
    pty.type_bytes("+");
    pty.resize(80, 24);
    pty.wait_for("Payment: Cash");
    pty.wait_for("was not taken");
    pty.type_bytes("\x1b[D");
    pty.keys("+", "Paid");
    pty.resize(30, 8);
    pty.keys("\x03", "→");
    pty.type_bytes("\x1b[C");
    assert_eq!(pty.exit_code(), 0);
}

/// The finger rests on `+`: the tender opens, and nothing is paid.
#[test]
fn a_held_plus_on_a_real_terminal() {
    let home = Home::new();
    let pty = home.console(80, 24);
    pty.wait_for("Server connected");
    pty.keys("30037\r", "3.49 EUR");
    pty.type_now("+");
    pty.wait_for("Payment: Cash");
    std::thread::sleep(std::time::Duration::from_millis(500));
    for _ in 0..60 {
        pty.type_now("+");
        std::thread::sleep(std::time::Duration::from_millis(30));
    }
    std::thread::sleep(std::time::Duration::from_millis(300));
    let text = pty.screen();
    assert!(text.contains("Payment: Cash") && !text.contains("Paid"), "{text}");
    pty.keys("20", "16.51");
    pty.keys("+", "Paid");
}
