//! Ten thousand scans over a bad line: every one is a line of the sale, once and in its place, and
//! what the cashier sees is always one whole frame.

use std::fs;
use std::path::{Path, PathBuf};

use kasse::journal::{Journal, Mode};
use kasse::sandbox::Options;
use kasse::worker::Background;
use rustix::process::Signal;

use crate::journal::kit::all;
use crate::journeys::kit::Server;
use crate::link::kit::{Link, Quality};
use crate::pty::home::Home;
use crate::pty::kit::{BEGIN, END};

const SCANS: usize = 10_000;

/// Articles of the demo catalogue: what is scanned, and the price in cents.
const ARTICLES: [(&str, u64); 3] = [("4999012345678", 99), ("30037", 349), ("30200", 249)];

const CARD: &str = "9276004424644352\r";

/// The article of the scan at `index`: no run of it looks like the one before.
fn article(index: usize) -> (&'static str, u64) {
    ARTICLES[(index * index + index / 3) % ARTICLES.len()]
}

/// What `pieces` scans come to, as the screen says it.
fn sums() -> Vec<String> {
    let mut cents = 0;
    let mut sums = vec!["0.00".to_owned()];
    for index in 0..SCANS {
        cents += article(index).1;
        let (euros, cents) = (cents / 100, cents % 100);
        let thousands = match (euros / 1000, euros % 1000) {
            (0, rest) => rest.to_string(),
            (thousands, rest) => format!("{thousands},{rest:03}"),
        };
        sums.push(format!("{thousands}.{cents:02}"));
    }
    sums
}

/// Outside of synchronised updates nothing is written that could be seen: at every prefix of the
/// bytes, a terminal shows the frame that was complete last.
pub fn never_half_drawn(log: &[u8], frames: usize) {
    let (mut outside, mut rest, mut whole) = (Vec::new(), log, 0);
    let find =
        |bytes: &[u8], what: &[u8]| bytes.windows(what.len()).position(|window| window == what);
    while let Some(begin) = find(rest, BEGIN) {
        outside.extend_from_slice(&rest[..begin]);
        rest = &rest[begin + BEGIN.len()..];
        let Some(end) = find(rest, END) else { break };
        assert!(find(&rest[..end], BEGIN).is_none(), "a frame within a frame");
        rest = &rest[end + END.len()..];
        whole += 1;
    }
    outside.retain(|byte| *byte != 0x07);
    let entered = crate::pty::kit::ENTERED;
    assert_eq!(String::from_utf8_lossy(&outside), String::from_utf8_lossy(entered));
    assert_eq!(whole, frames);
}

/// The directory of the journal below `dir`.
fn journal_below(dir: &Path) -> Option<PathBuf> {
    fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).find_map(|path| {
        if path.is_dir() {
            journal_below(&path)
        } else {
            path.file_name()?.to_str()?.starts_with("journal-").then(|| dir.to_owned())
        }
    })
}

/// What the journal of `home` keeps of the sales, once the program has ended: kind and body.
pub fn journal(home: &Home) -> Vec<(String, serde_json::Value)> {
    let dir = journal_below(&home.path().join("state")).expect("a journal");
    let entries = all(&Journal::read_only(&dir, Mode::Sandbox).unwrap()).unwrap();
    entries.into_iter().map(|entry| (entry.kind, entry.body)).collect()
}

/// In every frame, the number of pieces, the last line and the total belong together.
fn agrees(frame: &str, sums: &[String]) -> usize {
    let Some(words) = frame.split(" piece").next().filter(|words| *words != frame) else {
        return 0;
    };
    let pieces: usize = words.rsplit([' ', '│', '\n']).next().unwrap().parse().unwrap();
    assert!(frame.contains(&format!("{} EUR", sums[pieces])), "{pieces}\n{frame}");
    assert!(pieces == 0 || frame.contains(&format!("▸{pieces}  ")), "{pieces}\n{frame}");
    pieces
}

#[test]
fn ten_thousand_scans_over_a_bad_line_are_ten_thousand_lines() {
    let background = Background::start().unwrap();
    let server = Server::start(&background, Options::default());
    let home = Home::new().account(&server.url, "sandbox", "sandbox");
    let pty = home.console(80, 24);
    pty.wait_for("Server connected");
    // A request is in flight most of the time.
    server.play(&["latency=100..400"]);
    let quality = Quality { latency: 120, jitter: 350, stall: 4_000, stalls: 10 };
    let mut link = Link::new(pty, quality, 9_600);
    for index in 0..SCANS {
        link.type_bytes(format!("{}\r", article(index).0).as_bytes());
        if index == 5 || index % 1_000 == 999 {
            link.type_bytes(CARD.as_bytes());
        }
    }
    while link.is_sending() {
        link.pass();
    }
    assert!(link.stalls > 10, "the line was good");
    let asked = server.calls("POST", "/Smart/Transactions");
    let mut pty = link.heal();
    let sums = sums();
    pty.wait_for_all(&["10000 pieces", &format!("{} EUR", sums[SCANS]), "▸10000"]);
    assert!(asked > 0, "no request was on its way");

    let frames = pty.frames();
    never_half_drawn(&pty.log(), frames.len());
    let shown: Vec<usize> = frames.iter().map(|frame| agrees(frame, &sums)).collect();
    assert!(shown.is_sorted() && shown.last() == Some(&SCANS));

    pty.signal(Signal::HUP);
    assert_eq!(pty.exit_code(), 129);
    pty.hang_up();
    let kept: Vec<String> = journal(&home)
        .into_iter()
        .filter(|(kind, _)| kind == "line")
        .map(|(_, body)| {
            let article = &body["line"];
            let code = article["ean"].as_str().or(article["number"].as_str());
            code.unwrap().to_owned()
        })
        .collect();
    let typed: Vec<&str> = (0..SCANS).map(|index| article(index).0).collect();
    assert_eq!(kept.len(), SCANS);
    assert!(kept == typed, "not in their order");
}
