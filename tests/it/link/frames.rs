//! The loop while a frame is on its way: nothing is drawn, rung or counted as seen before the
//! terminal has taken it.

use kasse::console::Incoming;
use kasse::till::Step;

use crate::journeys::kit::Journey;

/// The terminal takes its time from now on.
fn busy(till: &mut Journey) {
    till.console.screen().busy = true;
}

/// It has taken everything, and the loop hears of it.
fn drained(till: &mut Journey) {
    till.console.screen().busy = false;
    till.sender.send(Incoming::Drained).unwrap();
    till.step();
}

#[test]
fn the_next_frame_is_the_newest() {
    let mut till = Journey::new();
    let frames = till.console.screen().frames;
    busy(&mut till);
    for _ in 0..20 {
        till.send("30037⏎");
    }
    assert_eq!(till.console.screen().frames, frames);
    assert_eq!(till.state().sale.basket.lines().len(), 20);
    drained(&mut till);
    assert_eq!(till.console.screen().frames, frames + 1);
    till.shows(&["20 pieces"]);
    till.sender.send(Incoming::Drained).unwrap();
    till.step();
    assert_eq!(till.console.screen().frames, frames + 1, "nothing has changed");
}

#[test]
fn bells_meanwhile_are_one() {
    let mut till = Journey::new();
    let bells = till.console.screen().bells;
    busy(&mut till);
    for _ in 0..5 {
        till.send("+");
    }
    assert_eq!(till.console.screen().bells, bells);
    drained(&mut till);
    assert_eq!(till.console.screen().bells, bells + 1);
    drained(&mut till);
    assert_eq!(till.console.screen().bells, bells + 1);
}

#[test]
fn an_amount_on_its_way_to_the_screen_is_not_paid_yet() {
    let mut till = Journey::new();
    till.keys("30037⏎");
    busy(&mut till);
    till.keys("+");
    assert!(matches!(till.state().sale.step, Step::Tender(_)));
    till.send("+");
    assert_eq!(till.server.calls("POST", "/start/cash"), 0, "nobody has seen it");
    // The frame with it is sent, but not all of it has arrived.
    till.console.screen().busy_at_tender = true;
    drained(&mut till);
    till.shows(&["Payment: "]).send("+");
    assert_eq!(till.server.calls("POST", "/start/cash"), 0, "half of it was seen");
    assert!(!till.state().due_shown);
    drained(&mut till);
    assert!(till.state().due_shown);
    till.keys("+");
    assert_eq!(till.server.calls("POST", "/start/cash"), 1);
}

/// What was on its way was another amount.
#[test]
fn an_offer_that_changed_on_the_way_is_shown_again() {
    let mut till = Journey::new();
    till.keys("30037⏎");
    till.console.screen().busy_at_tender = true;
    till.keys("+");
    till.shows(&["Payment: "]);
    till.send("<Esc>").send("30200⏎").keys("+");
    till.console.screen().busy_at_tender = true;
    drained(&mut till);
    assert!(!till.state().due_shown, "the old amount was seen, not this one");
    till.shows(&["5.98"]);
    drained(&mut till);
    assert!(till.state().due_shown);
}
