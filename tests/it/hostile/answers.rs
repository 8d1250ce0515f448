//! A server that is an enemy: every string of every answer that the console can receive, one at a
//! time, is exchanged for what terminals, printers and eyes obey. What leaves the program then is
//! read by `allowed`, which knows our own sequences and nothing else.

use std::collections::BTreeSet;
use std::time::Instant;

use kasse::log::{LevelFilter, Rules};
use kasse::sandbox::{CARD_BONUS, CARD_INACTIVE, Options, Pairing};
use kasse::worker::{Background, Paper};
use serde_json::{Map, Value};

use crate::client::server::{Reply, raw};
use crate::hostile::allowed;
use crate::hostile::kit::{Answer, Change, Left, PAPERS, Recording, Till, player, recorder};
use crate::journeys::kit::Server as Sandbox;
use crate::journeys::log_files::open;

/// Stands in the JSON where raw bytes follow, which JSON in Rust cannot hold.
const RAW: &str = "\u{e000}";
const RAW_BYTES: &[u8] = b"\xff\xfe\x9b2J\xc3\x28\xed\xa0\x80\xf0\x9f";

const LOG: Rules = Rules { level: LevelFilter::TRACE, files: 2, bytes: 64 << 20 };

/// One kind of harm, its text, and what of it must never be seen.
struct Payload {
    kind: &'static str,
    text: String,
    never: &'static [&'static str],
}

fn kinds() -> Vec<Payload> {
    let c0: String =
        (0..0x20_u8).filter(|b| *b != 0x1b).map(char::from).chain(['\u{7f}']).collect();
    let c1: String = (0x80..0xa0_u32)
        .filter_map(char::from_u32)
        .filter(|c| !"\u{90}\u{98}\u{9b}\u{9d}\u{9e}\u{9f}".contains(*c))
        .collect();
    let bidi = "\u{61c}\u{200e}\u{200f}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}";
    let zero = "\u{200b}\u{200c}\u{200d}\u{2060}\u{feff}\u{ad}\u{34f}\u{fe0f}\u{e0041}\u{2028}";
    let payload = |kind, text: &str, never| Payload { kind, text: format!("Ab{text}cD"), never };
    vec![
        payload("C0", &c0, &[]),
        payload("C1", &c1, &[]),
        payload(
            "CSI",
            "\u{1b}[31;47m\u{1b}[2J\u{9b}6n\u{1b}[?1049l\u{1b}c\u{1b}(0",
            &["31;47", "?1049"],
        ),
        payload("OSC title", "\u{1b}]0;pOiSoN\u{7}\u{9d}2;pOiSoN\u{9c}", &["pOiSoN"]),
        payload(
            "OSC clipboard",
            "\u{1b}]52;c;cE9pU29O\u{1b}\\\u{1b}]8;;http://pOiSoN\u{7}",
            &["52;c", "cE9pU29O", "pOiSoN"],
        ),
        payload(
            "DCS",
            "\u{1b}P$qpOiSoN\u{1b}\\\u{90}+qpOiSoN\u{9c}\u{1b}_pOiSoN\u{1b}\\\u{1b}^pOiSoN\u{1b}\\",
            &["pOiSoN"],
        ),
        payload(
            "printer",
            "\u{1b}p\u{0}\u{19}\u{fa}\u{1d}V\u{0}\u{10}\u{14}\u{1}\u{1b}@\u{1c}p",
            &[],
        ),
        payload("bidi", bidi, &[]),
        payload("zero width", zero, &[]),
        payload("invalid UTF-8", RAW, &[RAW]),
        payload("torn CSI", "\u{1b}[31;47", &["31;47"]),
        payload("torn OSC", "\u{1b}]0;pOiSoN", &["pOiSoN"]),
        Payload { kind: "1 MB", text: "Zz".repeat(500_000), never: &[] },
    ]
}

/// What is sent: all kinds that end by themselves in one text, and each of the others alone, as
/// nothing behind it would count.
struct Dose {
    text: String,
    kinds: usize,
    never: Vec<&'static str>,
}

fn doses() -> Vec<Dose> {
    let (alone, together): (Vec<_>, Vec<_>) =
        kinds().into_iter().partition(|p| p.kind.starts_with("torn") || p.kind == "1 MB");
    let mut doses = vec![Dose {
        text: together.iter().map(|p| p.text.as_str()).collect::<Vec<_>>().join(" "),
        kinds: together.len(),
        never: together.iter().flat_map(|p| p.never).copied().collect(),
    }];
    doses.extend(alone.into_iter().map(|p| Dose {
        text: p.text,
        kinds: 1,
        never: p.never.to_vec(),
    }));
    doses
}

/// A place in an answer: a value or the name of a field. Elements of a list share their place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    path: String,
    is_key: bool,
}

/// Every place of a string in `value`.
fn places(value: &Value, path: &str, out: &mut BTreeSet<Place>) {
    match value {
        Value::String(_) => drop(out.insert(Place { path: path.to_owned(), is_key: false })),
        Value::Array(items) => {
            for item in items {
                places(item, &format!("{path}/*"), out);
            }
        }
        Value::Object(fields) => {
            for (key, value) in fields {
                let path = format!("{path}/{key}");
                out.insert(Place { path: path.clone(), is_key: true });
                places(value, &path, out);
            }
        }
        _ => {}
    }
}

/// `value` with `text` in this place.
fn poisoned(value: &Value, path: &str, place: &str, text: &str) -> Value {
    match value {
        Value::String(_) if path == place => Value::String(text.to_owned()),
        Value::Array(items) => {
            let path = format!("{path}/*");
            items.iter().map(|item| poisoned(item, &path, place, text)).collect()
        }
        Value::Object(fields) => {
            let poison = |(key, value): (&String, &Value)| {
                (key.clone(), poisoned(value, &format!("{path}/{key}"), place, text))
            };
            Value::Object(fields.iter().map(poison).collect())
        }
        other => other.clone(),
    }
}

/// `value` with every field a second time, under a name that holds `text`.
fn doubled(value: &Value, text: &str) -> Value {
    match value {
        Value::Array(items) => items.iter().map(|item| doubled(item, text)).collect(),
        Value::Object(fields) => {
            let mut out = Map::new();
            for (key, value) in fields {
                let value = doubled(value, text);
                out.insert(key.clone(), value.clone());
                out.insert(format!("{key}{text}"), value);
            }
            Value::Object(out)
        }
        other => other.clone(),
    }
}

fn reply(status: u16, body: &Value) -> Reply {
    let text = body.to_string();
    let pieces: Vec<&[u8]> = text.split(RAW).map(str::as_bytes).collect();
    raw(status, "application/json", &pieces.join(RAW_BYTES))
}

/// What a cashier does, and whether the till is a paired device.
struct Tour {
    name: &'static str,
    device: bool,
    keys: Vec<&'static str>,
}

const CARD: &str = "9276004424644352\r";
const INSPECT: [&str; 4] = ["\x1b[24;2~", "\r", "\x1b[6~", "\x1b[C"];

fn tours() -> Vec<Tour> {
    assert_eq!(CARD.trim(), CARD_BONUS);
    let tour = |name, keys: &[&'static str]| {
        let keys = keys.iter().chain(&INSPECT).copied().collect();
        Tour { name, device: false, keys }
    };
    vec![
        tour("sale", &["30037\r", CARD, "/", "+", "20", "+", "\x1b[23~", "\r", "\x1b[6~", "\x1b"]),
        tour("terminal", &["30037\r", "\x1b[17~", "+", "\x1b[23~", "\r"]),
        tour("card", &[CARD, "\x1bOR"]),
        tour("programmes", &["30037\r", "\x1b[18;2~"]),
        tour("check-ins", &["30037\r", "\x1b[19;2~"]),
        tour("transactions", &["30037\r", "+", "+", "\x1b[20;2~", "\r", "\x1b[6~"]),
        tour("diagnosis", &["\x1b[21;2~", "\x1b[6~"]),
        tour("refused", &["30037\r", CARD_INACTIVE, "\r", "/", "+", "\x1b"]),
        Tour { device: true, ..tour("pairing", &["~", "~"]) },
    ]
}

fn record(tour: &Tour) -> (Recording, String) {
    let background = Background::start().unwrap();
    let pairing = Pairing::Automatic { polls: 1 };
    let sandbox = Sandbox::start(&background, Options { seed: 1, pairing, ..Options::default() });
    let (server, recording) = recorder(&sandbox.url);
    let mut till = Till::new(&server.url(), tour.device, Paper::Text);
    till.press(&tour.keys);
    let screen = till.screen();
    check(tour.name, &till.left(), Paper::Text, &[]);
    let recording = recording.lock().unwrap().clone();
    (recording, screen)
}

/// Reads everything that has left the program. `never` are remnants that nobody may see.
pub fn check(what: &str, left: &Left, paper: Paper, never: &[&str]) {
    fn sound<T>(what: &str, place: &str, read: Result<T, String>) -> T {
        read.unwrap_or_else(|why| panic!("{what}: {place}: {why}"))
    }
    let shown = sound(what, "terminal", allowed::terminal(&left.terminal));
    let records = sound(what, "records", allowed::lines(&left.records));
    let mut all = vec![("terminal".to_owned(), shown), ("records".to_owned(), records.to_owned())];
    for (name, bytes) in &left.files {
        let text = if name == "paper" && paper != Paper::Text {
            let text = sound(what, name, allowed::printer(bytes));
            String::from_utf8_lossy(&text).into_owned()
        } else {
            sound(what, name, allowed::lines(bytes)).to_owned()
        };
        assert!(text.len() < 1 << 20, "{what}: {name} has {} bytes", text.len());
        all.push((name.clone(), text));
    }
    assert!(left.terminal.len() < 1 << 20, "{what}: {} bytes drawn", left.terminal.len());
    for (name, text) in all {
        for remnant in never {
            assert!(!text.contains(remnant), "{what}: {remnant} in {name}");
        }
    }
}

/// Resident memory of this process, bytes.
fn memory() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap() * 1024
}

/// Harms every place of every answer of a tour, and reads what the log says of it.
fn harm(tour: &'static str) {
    let dir = tempfile::tempdir().unwrap();
    let log = open(dir.path(), LOG);
    log.during(|| harm_all(tour));
    drop(log);
    let said = std::fs::read(dir.path().join("kasse.log")).unwrap();
    let text = allowed::lines(&said).unwrap_or_else(|why| panic!("{tour}: log: {why}"));
    assert!(text.contains("answered") && !text.contains("pOiSoN"), "{tour}: log");
}

fn harm_all(tour: &'static str) {
    let tour = tours().into_iter().find(|t| t.name == tour).unwrap();
    let (recording, screen) = record(&tour);
    let mut all: BTreeSet<(&'static str, Place)> = BTreeSet::new();
    for answer in recording.values().flatten() {
        let mut found = BTreeSet::new();
        places(&answer.body, "", &mut found);
        all.extend(found.into_iter().map(|place| (answer.document, place)));
    }
    // The answer to a log-in is harmed in the first tour, and as a device's in the last.
    all.retain(|(document, _)| *document != "token" || tour.name == "sale");
    let documents: BTreeSet<&'static str> = all.iter().map(|(document, _)| *document).collect();
    let (names, values): (Vec<_>, Vec<_>) = all.into_iter().partition(|(_, place)| place.is_key);
    let doses = doses();
    let (mut runs, mut checked) = (0, 0);
    let (before, begun) = (memory(), Instant::now());
    let mut run = |what: &str, dose: &Dose, change: Change| {
        let server = player(&recording, change);
        let paper = PAPERS[runs % 2];
        let mut till = Till::new(&server.url(), tour.device, paper);
        till.press(&tour.keys);
        check(&format!("{} {what}", tour.name), &till.left(), paper, &dose.never);
        runs += 1;
    };
    for (index, (document, place)) in values.iter().enumerate() {
        // The texts that stand alone take turns: each is a whole sale.
        let alone = 1 + index % (doses.len() - 1);
        for dose in [&doses[0], &doses[alone]] {
            let (document, path, text) = (*document, place.path.clone(), dose.text.clone());
            let what = format!("{document} {path} {:.20?}", dose.text);
            let change = move |answer: &Answer| {
                let body = poisoned(&answer.body, "", &path, &text);
                (answer.document == document).then(|| reply(answer.status, &body))
            };
            run(&what, dose, Box::new(change));
            checked += dose.kinds;
        }
    }
    for document in documents {
        let count = names.iter().filter(|(of, _)| *of == document).count();
        // A million letters in every name would be an answer that nobody reads to its end.
        for dose in doses.iter().filter(|dose| dose.text.len() < 10_000) {
            let text = dose.text.clone();
            let change = move |answer: &Answer| {
                let body = doubled(&answer.body, &text);
                (answer.document == document).then(|| reply(answer.status, &body))
            };
            run(&format!("names of {document}"), dose, Box::new(change));
            checked += count * dose.kinds;
        }
    }
    let grown = memory().saturating_sub(before) >> 20;
    println!(
        "{}: {} texts, {} names; {checked} field x payload checked in {runs} runs, {:.1?}, {grown} MiB more",
        tour.name,
        values.len(),
        names.len(),
        begun.elapsed()
    );
    let least = values.len() * (doses[0].kinds + 1) + names.len() * (doses[0].kinds + 2);
    assert_eq!(checked, least, "{}: some are left out", tour.name);
    let floor = FLOORS.iter().find(|(name, _)| *name == tour.name).unwrap().1;
    assert!(values.len() >= floor, "{}: the answers have become poorer\n{screen}", tour.name);
    assert!(grown < 256, "{grown} MiB more than before");
}

/// How many different texts the answers of each tour hold at least.
const FLOORS: &[(&str, usize)] = &[
    ("sale", 55),
    ("terminal", 30),
    ("card", 50),
    ("programmes", 5),
    ("check-ins", 25),
    ("transactions", 35),
    ("diagnosis", 20),
    ("refused", 40),
    ("pairing", 8),
];

#[test]
fn sale() {
    harm("sale");
}

#[test]
fn terminal() {
    harm("terminal");
}

#[test]
fn card() {
    harm("card");
}

#[test]
fn programmes() {
    harm("programmes");
}

#[test]
fn check_ins() {
    harm("check-ins");
}

#[test]
fn transactions() {
    harm("transactions");
}

#[test]
fn diagnosis() {
    harm("diagnosis");
}

#[test]
fn refused() {
    harm("refused");
}

#[test]
fn pairing() {
    harm("pairing");
}

/// The parts of an answer around its body.
#[test]
fn headers() {
    let tour = tours().remove(0);
    let (recording, _) = record(&tour);
    let poison = b"\x9b31;47m\xffpOiSoN\xc2\x9b2J\xe2\x80\xae";
    for at in 0..4 {
        let change = move |answer: &Answer| {
            let body = answer.body.to_string();
            let place = |place: usize| if at == place { &poison[..] } else { b"x" };
            let head = [
                format!("HTTP/1.1 {} ", answer.status).as_bytes(),
                place(0),
                b"\r\nServer: kasse-sandbox",
                place(1),
                b"\r\nContent-Type: application/json",
                place(2),
                b"\r\nSet-Cookie: a=",
                place(3),
                format!("\r\nContent-Length: {}\r\n\r\n{body}", body.len()).as_bytes(),
            ]
            .concat();
            Some(Reply::Send(head))
        };
        let server = player(&recording, Box::new(change));
        let mut till = Till::new(&server.url(), false, PAPERS[0]);
        till.press(&tour.keys);
        check(&format!("header {at}"), &till.left(), PAPERS[0], &["pOiSoN", "31;47"]);
    }
}
