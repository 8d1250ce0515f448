//! The cashier: mostly sells as one does, sometimes presses what one should not.
//!
//! Sees what is on the screen and nothing else; all that comes of it are keys.

use kasse::till::{
    Command, DiscountBy, DiscountOf, ENOUGH_ANSWERS, Inquiry, Key, Level, Offer, Overlay, Sale,
    Settings, State, Step, menu_commands,
};

use super::rng::Rng;

/// Anything a keyboard has that could do harm.
const ANY: [&str; 30] = [
    "+",
    "+",
    "/",
    "-",
    "*",
    "⏎",
    "<Esc>",
    "<Right>",
    "<Left>",
    "<Up>",
    "<Down>",
    "<F1>",
    "<F2>",
    "<F3>",
    "<F4>",
    "<F5>",
    "<F6>",
    "<F7>",
    "<F8>",
    "<F9>",
    "<F10>",
    "<F11>",
    "<F12>",
    "1",
    "5",
    "␣",
    "<S-F3>",
    "<Backspace>",
    "s",
    "<PgDn>",
];
const ARTICLES: [&str; 7] = ["30037⏎", "30200⏎", "51⏎", "4006381333931⏎", "2*51⏎", "3*61⏎", "80⏎"];
/// What is changed of lines and sales, with what is answered when it is asked.
const CHANGES: [(Command, &str); 9] = [
    (Command::Quantity, "3<Right>"),
    (Command::Price, "1,99<Right>"),
    (Command::Discount(DiscountOf::Line, DiscountBy::Percent), "10<Right>"),
    (Command::Discount(DiscountOf::Line, DiscountBy::Amount), "0,50<Right>"),
    (Command::Discount(DiscountOf::Line, DiscountBy::Deal), "1,00<Right>"),
    (Command::Discount(DiscountOf::Sale, DiscountBy::Percent), "100<Right>"),
    (Command::Discount(DiscountOf::Sale, DiscountBy::Amount), "1,11<Right>"),
    (Command::LineNote, "hot<Right>"),
    (Command::SaleNote, "to go<Right>"),
];

/// Reads `30037⏎ 2*51⏎ <F4> <Esc>`: a space separates, `⏎` is Enter, `␣` the space bar.
pub fn keys(script: &str) -> Vec<Key> {
    let mut keys = Vec::new();
    let mut chars = script.chars();
    while let Some(c) = chars.next() {
        match c {
            ' ' => {}
            '␣' => keys.push(Key::Char(' ')),
            '⏎' => keys.push(Key::Enter),
            '<' => {
                let name: String = chars.by_ref().take_while(|c| *c != '>').collect();
                keys.push(name.parse().unwrap());
            }
            c => keys.push(Key::Char(c)),
        }
    }
    keys
}

fn script(words: &str) -> String {
    words.to_owned()
}

/// What the cashier does next; nothing: waits.
pub fn next(state: &State, cards: &[&str], settings: &Settings, rng: &mut Rng) -> String {
    if rng.chance(40) {
        return (0..rng.between(1, 6)).map(|_| rng.pick(&ANY)).collect();
    }
    if let Some(overlay) = state.overlays.last() {
        return over(overlay, state, rng);
    }
    if state.notice.as_ref().is_some_and(|notice| notice.level == Level::Error) {
        return script(if rng.chance(800) { "<Esc>" } else { "<Left>" });
    }
    if !state.entry.text.is_empty() && rng.chance(700) {
        return script("<Esc>");
    }
    if let Some(unresolved) = settle(state)
        && rng.chance(300)
    {
        return unresolved;
    }
    match &state.sale.step {
        Step::Basket(None) if state.sale.is_blank() => begin(state, cards, rng),
        Step::Done(_) => begin(state, cards, rng),
        Step::Basket(work) => basket(&state.sale, work.is_some(), cards, rng),
        Step::Tender(_) => tender(rng),
        Step::Paying(_) => script(match rng.between(0, 30) {
            0 => "+",
            1 => "51⏎",
            2 => "<F9>",
            3 | 4 => "<Right>",
            _ => "",
        }),
        Step::Unknown(inquiry) if inquiry.offer(state.now, settings) == Some(Offer::WriteOff) => {
            script(if rng.chance(200) { "<Right><Right>" } else { "" })
        }
        Step::Unknown(inquiry) => unknown(inquiry, rng),
    }
}

/// What settles the outcomes that wait for the cashier, if any do: the one safe step.
pub fn settle(state: &State) -> Option<String> {
    if let Step::Unknown(inquiry) = &state.sale.step
        && inquiry.unpaid_answers >= ENOUGH_ANSWERS
    {
        return Some(script(if state.overlays.is_empty() { "<Right>" } else { "<Esc>" }));
    }
    let stuck = state.unresolved.iter().position(|sale| {
        matches!(&sale.step, Step::Unknown(inquiry) if inquiry.unpaid_answers >= ENOUGH_ANSWERS)
    })?;
    let clear = if state.entry.text.is_empty() { "" } else { "<Esc>" };
    Some(match state.overlays.last() {
        Some(Overlay::Locked) => script("<F12>"),
        Some(_) => script("<Esc>"),
        None => {
            format!("{clear}{}{}<Right><Esc>", menu(Command::Unresolved), "<Down>".repeat(stuck))
        }
    })
}

/// The way out of the program from any screen on which nobody waits.
pub fn leave(state: &State) -> String {
    let unlock = if state.is_locked() { "<F12>" } else { "" };
    format!("{unlock}{}{}<Right>", "<Esc>".repeat(60), menu(Command::Quit))
}

/// The menu with the arrows, as it works on every step: typed words are refused in money steps.
fn menu(command: Command) -> String {
    let commands = menu_commands("", &Settings::default());
    let row = commands.iter().position(|shown| *shown == command).unwrap();
    format!("␣{}⏎", "<Down>".repeat(row))
}

fn over(overlay: &Overlay, state: &State, rng: &mut Rng) -> String {
    let esc = if state.entry.text.is_empty() { "<Esc>" } else { "<Esc><Esc>" };
    script(match overlay {
        Overlay::Locked => "<F12>",
        Overlay::Parked(_) if rng.chance(800) => rng.pick(&["⏎", "<Down>⏎"]),
        Overlay::Confirm(Command::Quit) if rng.chance(900) => "<Esc>",
        Overlay::Confirm(_) => rng.pick(&["<Right>", "<Esc>"]),
        Overlay::History(_) if rng.chance(400) => rng.pick(&["-<Right>", "<Down>-<Right>", "⏎"]),
        Overlay::Unresolved(_) if rng.chance(500) => rng.pick(&["<Right>", "<Down>"]),
        Overlay::Faults(_) if rng.chance(300) => "⏎",
        _ => esc,
    })
}

fn begin(state: &State, cards: &[&str], rng: &mut Rng) -> String {
    match rng.between(0, 99) {
        0..=3 => return script("<F11>-<Right>"),
        4 => return script("<F11><Down>-<Right>"),
        5..=14 if !state.parked.is_empty() => return script("<F9>⏎"),
        15 => return format!("{}<F3>", rng.pick(cards)),
        _ => {}
    }
    let mut keys = String::new();
    for _ in 0..rng.between(1, 4) {
        keys.push_str(rng.pick(&ARTICLES));
    }
    if rng.chance(60) {
        keys.push_str("1-51⏎");
    }
    if rng.chance(650) {
        keys.push_str(rng.pick(cards));
        keys.push('⏎');
        if rng.chance(200) {
            keys.push_str(rng.pick(&["15<F4>", "5<F4>"]));
        }
        if rng.chance(50) {
            keys.push_str("␣remove⏎<Right>");
        }
    }
    keys
}

fn basket(sale: &Sale, busy: bool, cards: &[&str], rng: &mut Rng) -> String {
    let may_apply = sale.must_apply() || (sale.usable_card().is_some() && sale.applied().is_none());
    match rng.between(0, 99) {
        0..=9 => script(rng.pick(&ARTICLES)),
        10..=12 => script("␣void line⏎<Right>"),
        13..=15 => script("<F9>"),
        16 => script("␣discard⏎<Right>"),
        17 => script("␣remove⏎<Right>"),
        18..=20 => format!("{}⏎", rng.pick(cards)),
        21..=23 => script("++"),
        51..=58 => change(rng),
        24..=50 if may_apply => script("/"),
        _ if busy && rng.chance(800) => String::new(),
        _ if sale.basket.sum().is_negative() => script("30037⏎"),
        _ => script("+"),
    }
}

/// Changes the line at hand or the sale: by the command's key, or asked by the menu.
fn change(rng: &mut Rng) -> String {
    if rng.chance(300) {
        return script(rng.pick(&["2<Home>", "1<Home>", "20<End>", "0<End>", "3-61⏎"]));
    }
    let (command, answer) = rng.pick(&CHANGES);
    format!("{}{answer}", menu(command))
}

fn tender(rng: &mut Rng) -> String {
    script(match rng.between(0, 99) {
        0..=29 => "+",
        30..=49 => "50+",
        50..=59 => "<S-F4>",
        60..=64 => "2+",
        65..=74 => "<F6>",
        75..=79 => "<F7>",
        80..=84 => "++",
        85..=89 => "100++",
        90..=93 => "<Esc>",
        94 => "51⏎",
        95 => "<F9>",
        _ => "",
    })
}

fn unknown(inquiry: &Inquiry, rng: &mut Rng) -> String {
    let offered = inquiry.unpaid_answers >= ENOUGH_ANSWERS;
    script(match rng.between(0, 99) {
        0..=39 if offered => "<Right>",
        40..=47 => "<F9>",
        48 => "<Right>",
        49 => "+",
        50 => "30037⏎",
        _ => "",
    })
}
