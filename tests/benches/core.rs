//! What one key costs inside the program: `update`, drawing at three sizes, recognising a scan,
//! searching ten thousand articles, appending to the journal. Nothing here waits for a terminal.
//!
//! Prints the median of batches, each long enough for the clock.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::hint::black_box;
use std::io;
use std::time::{Duration, Instant};

use kasse::journal::{Draft, Journal, Mode};
use kasse::lang::Lang;
use kasse::money::Money;
use kasse::receipt::Profile;
use kasse::shop::{Article, CardPattern, Catalogue, ScanRules, Vat, VatRate, recognise, search};
use kasse::terminal::Screen;
use kasse::till::{Event, Key, ServerKind, Settings, State, update};
use kasse::ui::{Picture, Theme, View};
use ratatui::layout::Size;
use serde_json::json;

const BATCHES: usize = 21;
const BATCH: Duration = Duration::from_millis(20);

/// Prints the median time of one `work`, in microseconds.
fn bench(name: &str, mut work: impl FnMut()) {
    let since = Instant::now();
    let mut times = 0_u32;
    while since.elapsed() < BATCH {
        work();
        times += 1;
    }
    let mut samples: Vec<f64> = (0..BATCHES)
        .map(|_| {
            let since = Instant::now();
            for _ in 0..times {
                work();
            }
            since.elapsed().as_secs_f64() * 1e6 / f64::from(times)
        })
        .collect();
    samples.sort_unstable_by(f64::total_cmp);
    println!("  {name:<52} {:>10.2} us", samples.get(BATCHES / 2).unwrap());
}

fn settings(articles: usize) -> Settings {
    let articles = (0..articles).map(|number| Article {
        number: format!("{}", 10_000 + number),
        eans: Vec::new(),
        name: format!("Article {number} of {}", ["rye", "wheat", "spelt"][number % 3]),
        price: Some(Money(99 + i64::try_from(number % 700).unwrap())),
        vat: Vat::Rate(VatRate::whole(if number % 4 == 0 { 19 } else { 7 })),
        group: String::new(),
        ..Article::default()
    });
    Settings {
        catalogue: Catalogue::new(articles.collect()).unwrap(),
        scan: ScanRules { cards: vec![CardPattern::default()], ..ScanRules::default() },
        currency: "EUR".to_owned(),
        ..Settings::default()
    }
}

fn type_all(state: &mut State, text: &str, settings: &Settings) {
    for letter in text.chars() {
        let key = if letter == '\r' { Key::Enter } else { Key::Char(letter) };
        black_box(update(state, Event::Key(key), 1, settings));
    }
}

/// A till with this many lines in its basket.
fn till(lines: usize, settings: &Settings) -> State {
    let mut state = State::new("bench", ServerKind::Sandbox, 0);
    for _ in 0..lines {
        type_all(&mut state, "10007\r", settings);
    }
    state
}

fn main() {
    let settings = settings(10_000);
    println!("median of {BATCHES} batches:");
    for lines in [10, 10_000] {
        let mut state = till(lines, &settings);
        bench(&format!("update: a digit typed and deleted, {lines} lines"), || {
            black_box(update(&mut state, Event::Key(Key::Char('7')), 1, &settings));
            black_box(update(&mut state, Event::Key(Key::Backspace), 1, &settings));
        });
    }
    let mut state = till(10, &settings);
    bench("update: an article scanned and voided, 10 lines", || {
        type_all(&mut state, "10007\r", &settings);
        black_box(update(&mut state, Event::Key(Key::F(8)), 1, &settings));
    });
    draw(&settings);
    for code in ["4006381333931", "10007", "9276004424644352", "%B92760044246443520?"] {
        bench(&format!("recognise {} characters", code.len()), || {
            black_box(recognise(black_box(code), &settings.scan, &settings.catalogue));
        });
    }
    for words in ["rye", "spelt 9999", "whaet"] {
        bench(&format!("search {words:?} in 10,000 articles"), || {
            black_box(search(&settings.catalogue, black_box(words), 20));
        });
    }
    journal();
}

fn draw(settings: &Settings) {
    let (theme, profile) = (Theme::dark(), Profile::default());
    let view = View { settings, lang: Lang::En, theme: &theme, profile: &profile };
    for lines in [10, 10_000] {
        let mut state = till(lines, settings);
        for (columns, rows) in [(80, 24), (120, 40), (240, 80)] {
            let screen = Screen::new(io::sink(), Size::new(columns, rows));
            let (mut screen, mut picture) = (screen.erasing(true), Picture::new(columns, rows));
            let mut odd = false;
            bench(&format!("draw one typed key, {columns}x{rows}, {lines} lines"), || {
                odd = !odd;
                let key = if odd { Key::Char('7') } else { Key::Backspace };
                black_box(update(&mut state, Event::Key(key), 1, settings));
                let painted = picture.draw(&state, &view);
                screen.show(picture.cells(), picture.changed(), painted.cursor).unwrap();
            });
        }
    }
}

fn journal() {
    let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let journal = Journal::open(dir.path(), Mode::Sandbox, |lost| panic!("{lost:?}")).unwrap();
    let entry = || Draft {
        at: "2026-11-20T10:00:00.000Z".to_owned(),
        sale: "0192f3c4-0000-7000-8000-000000000001".to_owned(),
        kind: "change".to_owned(),
        body: json!({ "line": 1, "ean": "4006381333931", "price": 299 }),
        finishes: false,
    };
    bench("journal: an entry queued for the next commit", || journal.append(entry()).unwrap());
    bench("journal: an entry on the disk", || journal.append_durable(vec![entry()]).unwrap());
}
