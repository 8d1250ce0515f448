//! The screen that is kept from frame to frame is the one that a whole drawing gives.
//!
//! [`Screen::draw`] asserts it for cells, cursor and what can be seen, and that the terminal shows
//! them. The journeys draw through it as well.

use kasse::lang::Lang;
use kasse::till::{Event, Key, State};
use kasse::ui::Theme;

use super::kit::{CARD, Shop, scenes};
use crate::sim::rng::Rng;
use crate::sim::screen::Screen;
use crate::sim::{Plan, Variant, plan, report, run};
use crate::till::kit::Till;

/// Columns, rows, and how many frames are drawn.
const SIZES: [((u16, u16), u64); 6] = [
    ((80, 24), 150),
    ((40, 12), 150),
    ((120, 40), 60),
    ((60, 18), 100),
    ((39, 12), 10),
    ((240, 80), 10),
];

/// Changes what a single panel shows, or nothing.
fn change(state: &mut State, rng: &mut Rng) {
    match rng.between(0, 6) {
        0 => state.now += 1_000,
        1 => state.entry.text.push(rng.pick(&['1', ',', 'x', '日'])),
        2 => state.entry.text.clear(),
        3 => state.sale.selected = usize::try_from(rng.between(0, 3)).unwrap(),
        4 => state.merchant = rng.pick(&[None, Some("Bakery"), Some("日本")]).map(str::to_owned),
        5 => state.overlays.close(),
        _ => state.notice = None,
    }
}

#[test]
fn from_any_scene_to_any_other() {
    let scenes = scenes();
    let themes = [Theme::dark(), Theme::mono().ascii(true)];
    for (index, ((columns, rows), frames)) in SIZES.into_iter().enumerate() {
        let lang = [Lang::En, Lang::De][index % 2];
        let shop = Shop::new(lang, themes[index / 2 % 2]);
        let mut rng = Rng::new(index as u64);
        let mut screen = Screen::new(columns, rows);
        for _ in 0..frames / 5 {
            let (_, state) = &scenes[usize::try_from(rng.number() % scenes.len() as u64).unwrap()];
            let mut state = state.clone();
            screen.draw(&state, &shop.view());
            for _ in 0..4 {
                change(&mut state, &mut rng);
                screen.draw(&state, &shop.view());
            }
        }
    }
}

#[test]
fn after_any_keys() {
    let keys: Vec<Key> = "0123456789,*+-/ brotLÖ"
        .chars()
        .map(Key::Char)
        .chain((1..=12).map(Key::F))
        .chain([Key::Enter, Key::Esc, Key::Backspace, Key::Left, Key::Right, Key::Up, Key::Down])
        .chain([Key::PageUp, Key::PageDown, Key::Home, Key::End])
        .collect();
    for (seed, ((columns, rows), frames)) in (0..).zip(SIZES) {
        let shop = Shop::new(Lang::De, Theme::dark());
        let mut till = Till::with(shop.settings.clone());
        let mut rng = Rng::new(seed);
        let mut screen = Screen::new(columns, rows);
        for _ in 0..frames {
            till.now += rng.between(0, 800);
            match rng.between(0, 9) {
                0 => till.event(Event::Tick),
                1 => {
                    let code = rng.pick(&["30037", "51", "12", "4999012345678", CARD, "999"]);
                    code.chars().for_each(|digit| till.event(Event::Key(Key::Char(digit))));
                    till.event(Event::Key(Key::Enter));
                }
                _ => till.event(Event::Key(rng.pick(&keys))),
            }
            let seen = screen.draw(&till.state, &shop.view()).seen;
            till.unseen(Event::Seen(seen));
            screen.draw(&till.state, &shop.view());
        }
    }
}

#[test]
fn in_simulated_worlds() {
    for (seed, ((columns, rows), _)) in (0..3).zip(SIZES) {
        let plan = Plan { drawn: Some((columns, rows)), ..plan(seed, 2, Variant::Real) };
        if let Some(violation) = run(seed, plan, false).violation {
            panic!("{}", report(&violation, plan));
        }
    }
}
