//! What the cashier reads of a cancelled sale: what goes back, and nothing of the sale before it.

use kasse::lang::Lang;
use kasse::till::Step;
use kasse::ui::{Theme, as_text};

use crate::ui::kit::{Shop, scene};

fn shown(lang: Lang, name: &str, (columns, rows): (u16, u16)) -> String {
    as_text(&scene(name), &Shop::new(lang, Theme::dark()).view(), columns, rows)
}

#[test]
fn a_cancelled_sale_shows_what_is_handed_back_and_no_change() {
    let words =
        [(Lang::En, "Give back", "Change", "."), (Lang::De, "Zurückgeben", "Rückgeld", ",")];
    for (lang, back, change, point) in words {
        for size in [(80, 24), (120, 40), (60, 18), (40, 12)] {
            let text = shown(lang, "done_cancelled", size);
            assert!(text.contains(back) && text.contains(&format!("5{point}76")), "{text}");
            assert!(!text.contains(change) && !text.contains(&format!("14{point}24")), "{text}");
        }
    }
}

#[test]
fn the_card_of_a_cancelled_sale_is_the_one_of_the_answer_or_not_shown() {
    let size = (120, 40);
    let text = shown(Lang::En, "done_cancelled", size);
    assert!(text.contains("Balance") && text.contains("2.20"), "{text}");
    assert!(!text.contains("Cash used"), "{text}");
    let mut state = scene("done_cancelled");
    if let Step::Done(finished) = &mut state.sale.step {
        finished.cancelled.as_mut().unwrap().view = None;
    }
    let text = as_text(&state, &Shop::new(Lang::En, Theme::dark()).view(), 120, 40);
    assert!(text.contains("Balance has changed since"), "{text}");
    assert!(!text.contains("Cash balance"), "{text}");
}

/// A card that another till has used: 2.20 beside "Bonus used -0.20" cannot both hold.
#[test]
fn a_balance_that_cannot_have_paid_what_was_applied_is_not_shown_beside_it() {
    let applied = shown(Lang::En, "applied", (80, 24));
    assert!(applied.contains("Cash balance") && applied.contains("Bonus used"), "{applied}");
    let text = shown(Lang::En, "applied_otherwise", (80, 24));
    assert!(text.contains("Bonus used") && !text.contains("Cash balance"), "{text}");
    assert!(text.contains("Balance has changed since"), "{text}");
}
