//! What is pending in the entry line is used, or refused and kept: no command drops it.

use kasse::lang::Lang;
use kasse::money::Money;
use kasse::till::{COMMANDS, Command, Event, Message, Multiplier, Overlay, Step};
use kasse::ui::{Theme, as_text};
use kasse::wire::{DownReason, Outcome};
use rstest::rstest;

use crate::till::kit::{CARD, OTHER_CARD, Till};
use crate::ui::kit::Shop;

const RETURN: Option<Multiplier> = Some(Multiplier { pieces: 1, is_return: true });

/// Presses the command's key, or chooses it in the menu and answers "yes" if it asks.
fn command(till: &mut Till, command: Command) {
    if let Some(key) = till.settings.keymap.keys(command).first() {
        till.now += 300;
        return till.event(Event::Key(*key));
    }
    let rows = kasse::till::menu_commands("", &till.settings);
    // These are asked for where the sale in question is shown.
    let Some(row) = rows.iter().position(|it| *it == command) else {
        let switched_off = !till.settings.has(command);
        return assert!(switched_off || matches!(command, Command::CancelSale | Command::WriteOff));
    };
    till.press("<F10>").press(&"<Down>".repeat(row)).press("⏎");
    if matches!(till.state.overlays.last(), Some(Overlay::Confirm(_))) {
        till.press("<Right>");
    }
}

#[test]
fn no_command_drops_a_pending_return() {
    for row in COMMANDS {
        if matches!(row.command, Command::Clear | Command::Quit) {
            continue;
        }
        let mut till = Till::new();
        till.press("30037⏎ 30200⏎ 1-");
        assert_eq!(till.state.entry.multiplier, RETURN);
        command(&mut till, row.command);
        let turned = Some(Multiplier { pieces: 1, is_return: false });
        let expected = if row.command == Command::VoidOrReturn { turned } else { RETURN };
        assert_eq!(till.state.entry.multiplier, expected, "{:?}", row.command);
    }
}

#[test]
fn no_command_drops_a_number_that_is_typed() {
    for row in COMMANDS {
        let uses = matches!(
            row.command,
            Command::Clear
                | Command::Post
                | Command::Multiply
                | Command::VoidOrReturn
                | Command::TopUp
                | Command::Quantity
                | Command::Discount(..)
        );
        if uses {
            continue;
        }
        for key in Till::new().settings.keymap.keys(row.command) {
            let mut till = Till::new();
            till.press("30037⏎ 15");
            till.now += 300;
            till.event(Event::Key(key));
            assert_eq!(till.state.entry.text, "15", "{:?}", row.command);
        }
    }
}

#[test]
fn a_top_up_with_a_pending_return_is_refused_and_both_are_kept() {
    let mut till = Till::new();
    till.press(OTHER_CARD).press("⏎").copied().press("1- 15 <F4>");
    assert_eq!(till.said(), Some(&Message::PiecesWait(-1)));
    assert!(till.state.sale.basket.is_empty());
    assert_eq!((till.state.entry.multiplier, till.state.entry.text.as_str()), (RETURN, "15"));
}

#[rstest]
#[case::total("+")]
#[case::cash("<F5>")]
#[case::subtotal("/")]
#[case::park("<F9>")]
#[case::another_multiplier("4*")]
#[case::another_return("4-")]
fn pieces_that_wait_are_refused_and_kept(#[case] key: &str) {
    let mut till = Till::new();
    till.press("30037⏎").press(CARD).press("⏎").copied();
    let calls = till.calls.len();
    till.press("3*").press(key);
    assert_eq!(till.said(), Some(&Message::PiecesWait(3)));
    assert_eq!(till.calls.len(), calls);
    till.press("51⏎");
    assert_eq!(till.state.sale.basket.lines()[1].quantity, 3);
    assert_eq!(till.said(), None, "the error goes with its cause");
}

#[rstest]
#[case::card(CARD)]
#[case::unknown("99999")]
#[case::wrong_check_digit("4006381333932")]
#[case::bank_card(";4111111111111111=2512?")]
#[case::too_long("99999999999999999999999999999999999999999999999999999999999999999999999999")]
fn what_is_scanned_in_between_leaves_the_pieces(#[case] code: &str) {
    let mut till = Till::new();
    till.press("3*").press(code).press("⏎ 51⏎");
    assert_eq!(till.state.sale.basket.lines()[0].quantity, 3);
}

#[test]
fn a_look_up_leaves_the_return() {
    let mut till = Till::new();
    till.press("1-").press(CARD).press("<F3> <Esc>");
    assert_eq!(till.state.entry.multiplier, RETURN);
}

#[test]
fn a_lock_leaves_what_is_typed() {
    let mut till = Till::new();
    till.press("1- 30 <F12> 99⏎ <F12> 037⏎");
    assert_eq!(till.state.sale.basket.sum(), Money(-349));
    // But never half of a swipe.
    let mut till = Till::new();
    till.press(";9276 <F12> <F12>");
    assert_eq!(till.state.entry.text, "");
}

#[test]
fn the_tender_does_not_open_over_pieces_typed_meanwhile() {
    let mut till = Till::new();
    till.press("30037⏎ + 3*").copied();
    assert_eq!(till.state.sale.step, Step::Basket(None));
    assert_eq!(till.said(), Some(&Message::PiecesWait(3)));
    till.press("51⏎ +").copied();
    assert!(matches!(till.state.sale.step, Step::Tender(_)));
}

#[test]
fn pieces_of_an_article_that_is_refused_wait_on() {
    let mut till = Till::new();
    till.press("999*99999⏎");
    assert_eq!(till.state.entry.multiplier.map(|it| it.pieces), Some(999));
}

#[test]
fn void_with_waiting_pieces_never_voids_a_line_that_is_covered() {
    let mut till = Till::new();
    till.press("30037⏎ 3* <F1> <F8>");
    assert_eq!(till.state.sale.basket.lines().len(), 1);
}

fn asked(till: &Till) -> Option<i64> {
    till.state.overlays.iter().find_map(|overlay| match overlay {
        Overlay::ConfirmReturn(line) => Some(line.quantity),
        _ => None,
    })
}

#[rstest]
#[case::nine("9-", None)]
#[case::ten("10-", Some(-10))]
#[case::an_article_number("51-", Some(-51))]
#[case::no_return("51*", None)]
fn a_return_of_more_than_nine_pieces_asks(#[case] pieces: &str, #[case] asks: Option<i64>) {
    let mut till = Till::new();
    till.press(pieces).press("4006381333931⏎");
    assert_eq!(asked(&till), asks);
    assert_eq!(till.state.sale.basket.lines().len(), usize::from(asks.is_none()));
}

fn asking() -> Till {
    let mut till = Till::new();
    till.press("30037⏎ 51- 4006381333931⏎");
    till
}

#[test]
fn the_answer_decides_over_the_return_and_no_scan_is_one() {
    let mut till = asking();
    // No scanner's key answers, pays or drops it; what is scanned meanwhile is added.
    till.press("⏎ + / * 51⏎ 99999⏎").press(CARD).press("⏎").copied();
    assert_eq!(asked(&till), Some(-51));
    assert_eq!(till.state.sale.basket.lines().len(), 2);
    till.press("<Left>");
    assert_eq!(asked(&till), Some(-51), "the key that dismisses the error does nothing else");
    till.press("<Right>");
    assert_eq!(asked(&till), None);
    assert_eq!(till.state.sale.basket.lines()[2].quantity, -51);
    for no in ["<Esc>", "<Left>", "<Delete>"] {
        let mut till = asking();
        till.press(no);
        assert_eq!((asked(&till), till.said()), (None, Some(&Message::ReturnDropped)), "{no}");
        assert_eq!(till.state.sale.basket.lines().len(), 1);
    }
}

#[test]
fn the_question_outlives_lock_and_answers_and_keeps_the_tender_closed() {
    let mut till = Till::new();
    till.press("30037⏎ + 51- 4006381333931⏎ <F12>").copied();
    till.press("<F12>");
    assert_eq!(asked(&till), Some(-51));
    assert_eq!(till.state.sale.step, Step::Basket(None));
    let mut till = Till::new();
    till.press("30037⏎ + 51- 4006381333931⏎").reply(Outcome::Down(DownReason::NoConnection));
    assert_eq!(asked(&till), Some(-51));
}

#[test]
fn the_question_names_pieces_article_and_amount_on_every_size() {
    for (lang, words) in
        [(Lang::En, "Take back 51 × Pen for 76.50"), (Lang::De, "51 × Pen für 76,50")]
    {
        let shop = Shop::new(lang, Theme::dark());
        for (width, height) in [(40, 12), (60, 18), (80, 24), (120, 40)] {
            let text = as_text(&asking().state, &shop.view(), width, height);
            let joined: Vec<&str> =
                text.split(['│', ' ', '\n']).filter(|w| !w.is_empty()).collect();
            assert!(joined.join(" ").contains(words), "{width}x{height}\n{text}");
        }
    }
}
