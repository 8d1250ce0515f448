//! How many codes slip through on which line: the first sign of a code acts as a key where the line
//! pauses behind it for longer than a key is held.
//!
//! The lines are simulated as in `link_kit`: latency, jitter, stalls; ssh sends what is typed every
//! 20 ms. Every code goes to the till with the times at which its bytes arrive. `KASSE_CODES` sets
//! how many codes go over each line, and the table is printed.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use kasse::till::{Key, Settings};

use crate::link::kit::Quality;
use crate::sim::rng::Rng;
use crate::till::codes_kit::{Before, HOLD, Run, SYMBOLOGIES, code_of, screens, shop};
use crate::till::kit::Till;

/// A line between scanner and program.
struct Line {
    name: &'static str,
    quality: Quality,
    /// How often ssh sends, ms; 0: at once.
    tick: u64,
    identifiers: bool,
}

const fn line(name: &'static str, quality: [u64; 4], tick: u64) -> Line {
    let [latency, jitter, stall, stalls] = quality;
    let quality = Quality { latency, jitter, stall, stalls };
    Line { name, quality, tick, identifiers: false }
}

/// The last two are those of the other tests, the worst of them with identifiers once more.
const LINES: [Line; 6] = [
    line("local", [0, 0, 0, 0], 0),
    line("ssh, same building", [1, 4, 0, 0], 20),
    line("ssh, good line", [20, 30, 0, 0], 20),
    line("ssh, jitter 100", [40, 100, 0, 0], 20),
    line("ssh, bad line", [120, 350, 4_000, 10], 20),
    Line { identifiers: true, ..line("bad, identifiers", [120, 350, 4_000, 10], 20) },
];

impl Line {
    /// When keys arrive that were typed at these times.
    fn carry(&self, typed: &[u64], rng: &mut Rng) -> Vec<u64> {
        let Quality { latency, jitter, stall, stalls } = self.quality;
        let (mut after, mut still_until, mut packet) = (0, 0, None);
        let mut arrivals = Vec::with_capacity(typed.len());
        for &at in typed {
            let sent = if self.tick == 0 { at } else { at.next_multiple_of(self.tick) };
            // What is sent together arrives together.
            if packet != Some(sent) {
                packet = Some(sent);
                if rng.chance(stalls) {
                    still_until = sent + rng.between(1, stall.max(1));
                }
                let due = sent.max(still_until) + latency + rng.between(0, jitter);
                after = due.max(after);
            }
            arrivals.push(after);
        }
        arrivals
    }
}

struct Table {
    codes: BTreeMap<(&'static str, &'static str), u64>,
    slips: BTreeMap<(&'static str, &'static str, &'static str), u64>,
    kinds: BTreeMap<(&'static str, &'static str), u64>,
}

/// Sends `count` codes over every line, each to a screen and of a symbology by chance.
fn measure(count: u64, settings: &Settings, open: &Settings) -> Table {
    let tills: Vec<(&str, Till)> = screens().collect();
    let mut table =
        Table { codes: BTreeMap::new(), slips: BTreeMap::new(), kinds: BTreeMap::new() };
    for line in &LINES {
        let mut rng = Rng::new(9);
        for _ in 0..count {
            let symbology = &SYMBOLOGIES[usize::try_from(rng.number() % 17).unwrap()];
            let (screen, till) =
                &tills[usize::try_from(rng.number() % tills.len() as u64).unwrap()];
            let code = code_of(symbology, &mut rng);
            let (sent, settings) = if line.identifiers {
                (format!("]X0{code}"), open)
            } else {
                (code.clone(), settings)
            };
            let gap = rng.between(1, 8);
            let keys: Vec<Key> = sent.chars().map(Key::Char).chain([Key::Enter]).collect();
            let typed: Vec<u64> =
                (0..keys.len() as u64).map(|at| till.now + 100 + at * gap).collect();
            let arrivals = line.carry(&typed, &mut rng);
            let mut run = Run::new(till.state.clone(), settings);
            let before = Before::of(&run.state);
            let last = arrivals.last().copied().unwrap_or_default();
            run.keys(keys.into_iter().zip(arrivals));
            run.pass(last + 1_000);
            *table.codes.entry((symbology.0, line.name)).or_default() += 1;
            if let Some(slip) = before.slip(&run, &code) {
                *table.slips.entry((symbology.0, screen, line.name)).or_default() += 1;
                *table.kinds.entry((slip, line.name)).or_default() += 1;
            }
        }
    }
    table
}

impl Table {
    fn of_line(&self, line: &str) -> u64 {
        self.slips.iter().filter(|((_, _, of), _)| *of == line).map(|(_, count)| count).sum()
    }

    /// Symbology and screen by line; rows without a slip are left out.
    fn text(&self) -> String {
        let mut out = String::new();
        let mut row = |name: &str, screen: &str, count: &dyn Fn(&str) -> String| {
            let mut cells = String::new();
            for line in &LINES {
                write!(cells, " {:>18}", count(line.name)).unwrap();
            }
            writeln!(out, "{name:<20} {screen:<26}{cells}").unwrap();
        };
        row("", "", &|line| line.to_owned());
        for (name, _) in SYMBOLOGIES {
            row(name, "all screens", &|line| {
                let slips: u64 = self
                    .slips
                    .iter()
                    .filter(|((of, _, on), _)| of == name && *on == line)
                    .map(|(_, count)| count)
                    .sum();
                let codes = self.codes.get(&(*name, line)).copied().unwrap_or_default();
                format!("{slips} of {codes}")
            });
            for (screen, _) in crate::till::scanner::SCREENS {
                let cell = |line: &'static str| self.slips.get(&(*name, *screen, line)).copied();
                if LINES.iter().any(|line| cell(line.name).is_some()) {
                    let by_name = |name: &str| {
                        let line = LINES.iter().find(|line| line.name == name).unwrap();
                        cell(line.name).unwrap_or_default().to_string()
                    };
                    row("", screen, &by_name);
                }
            }
        }
        for ((slip, line), count) in &self.kinds {
            writeln!(out, "{line:<20} {slip:<26} {count}").unwrap();
        }
        out
    }
}

fn count() -> u64 {
    std::env::var("KASSE_CODES").map_or(1_700, |text| text.parse().unwrap())
}

#[test]
fn no_code_slips_through_on_a_local_terminal_or_with_identifiers() {
    let table = measure(count(), &shop(HOLD), &shop(0));
    println!("{}", table.text());
    assert_eq!(table.of_line("local"), 0, "{}", table.text());
    assert_eq!(table.of_line("bad, identifiers"), 0, "{}", table.text());
    assert_eq!(table.of_line("ssh, same building"), 0, "{}", table.text());
    assert_eq!(table.of_line("ssh, good line"), 0, "{}", table.text());
}

/// The same codes at a till that holds no key: what the hold is there for.
#[test]
fn without_the_hold_the_same_codes_do_harm() {
    let table = measure(170, &shop(0), &shop(0));
    assert!(table.of_line("local") > 10, "{}", table.text());
}
