//! Hostile article names from every notation: they change nothing but text, in the catalogue and on
//! every way out of the program.

use std::io::Cursor;

use kasse::sandbox::Options as SandboxOptions;
use kasse::shop::import::{Options, catalogue};
use kasse::shop::{Catalogue, Format};
use kasse::text::is_harmful;
use kasse::worker::Background;

use crate::hostile::answers::check;
use crate::hostile::kit::{PAPERS, Till};
use crate::journeys::kit::Server as Sandbox;

/// What of the names may be seen nowhere.
const NEVER: &[&str] = &["pOiSoN", "31;47", "52;c"];

/// Names as a file holds them, and as they are kept.
fn names() -> Vec<(String, String)> {
    let pair = |raw: &str, clean: &str| (raw.to_owned(), clean.to_owned());
    vec![
        pair("Drawer \u{1b}p\u{0}\u{19}\u{fa}one", "Drawer \u{fa}one"),
        pair("Clip \u{1b}]52;c;cE9pU29O\u{7}two", "Clip two"),
        pair("Title \u{1b}]0;pOiSoN\u{1b}\\\u{9d}2;pOiSoN\u{9c}three", "Title three"),
        pair("Style \u{1b}[31;47m\u{9b}2J\u{1b}cfour", "Style four"),
        pair("Bidi \u{202e}evif\u{2066}\u{200f}\u{200b}\u{feff}", "Bidi evif"),
        pair("Nul\u{0} s\u{1}i\u{8}x\u{7f}\u{85}", "Nul six"),
        pair("Lines\r\nof\nseven\tkinds", "Lines of seven kinds"),
        (format!("Long {}", "x".repeat(10_000)), format!("Long {}", "x".repeat(115))),
        (
            format!("Mark e{}nine", "\u{301}".repeat(1_000)),
            "Mark e\u{301}\u{301}\u{301}nine".to_owned(),
        ),
        pair("Tag \u{1d}V\u{0}\u{10}\u{14}\u{1}\u{1b}@\u{1c}ten", "Tag Vten"),
        pair("Formula \"=1+1\";'x', [[article]] {}", "Formula \"=1+1\";'x', [[article]] {}"),
    ]
}

fn csv(names: &[(String, String)]) -> String {
    names.iter().enumerate().fold(
        "number;name;price;vat\n".to_owned(),
        |text, (index, (raw, _))| {
            text + &format!("{};\"{}\";1,49;19\n", index + 1, raw.replace('"', "\"\""))
        },
    )
}

fn toml(names: &[(String, String)]) -> String {
    names.iter().enumerate().fold(String::new(), |text, (index, (raw, _))| {
        let name = toml_edit::value(raw.as_str());
        let name = name.as_value().unwrap().to_string();
        text + &format!(
            "[[article]]\nnumber = {}\nname ={name}\nprice = 1.49\nvat = 19\n",
            index + 1
        )
    })
}

fn json(names: &[(String, String)]) -> String {
    let row = |(index, (raw, _)): (usize, &(String, String))| serde_json::json!({"number": index + 1, "name": raw, "price": 1.49, "vat": 19});
    let rows: Vec<_> = names.iter().enumerate().map(row).collect();
    serde_json::json!({"articles": rows}).to_string()
}

fn utf16(text: &str) -> Vec<u8> {
    "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

/// The names in every notation and encoding, as bytes of a file.
fn files() -> Vec<(&'static str, Vec<u8>, Format)> {
    let names = names();
    let lines =
        json(&names).replace("{\"articles\":[", "").replace("]}", "").replace("},{", "}\n{");
    vec![
        ("CSV", csv(&names).into_bytes(), Format::Csv),
        ("CSV in UTF-16", utf16(&csv(&names)), Format::Csv),
        ("TOML", toml(&names).into_bytes(), Format::Toml),
        ("TOML in UTF-16", utf16(&toml(&names)), Format::Toml),
        ("JSON", json(&names).into_bytes(), Format::Json),
        ("JSON in UTF-16", utf16(&json(&names)), Format::Json),
        ("JSON lines", lines.into_bytes(), Format::Json),
    ]
}

fn goods(bytes: &[u8], format: Format) -> Catalogue {
    catalogue(Cursor::new(bytes), format, &Options::default()).unwrap_or_else(|bad| {
        panic!("{}", bad.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    })
}

#[test]
fn hostile_names_of_every_notation_are_kept_as_harmless_text() {
    for (what, bytes, format) in files() {
        let goods = goods(&bytes, format);
        assert_eq!(goods.len(), names().len(), "{what}");
        for (index, (raw, clean)) in names().iter().enumerate() {
            let article = goods.by_number(&(index + 1).to_string()).unwrap();
            assert_eq!(&article.name, clean, "{what}: {raw:.40?}");
            assert!(!article.name.chars().any(is_harmful));
        }
    }
}

/// Names with bytes of Windows-1252 and other controls, which no Unicode text holds.
#[test]
fn a_windows_1252_name_with_controls_is_harmless_text() {
    let file =
        b"number;name;price;vat\n1;\"K\xe4se \x1b]52;c;eA==\x07\x81\x9b2J\x00 gut\";1,49;7\n";
    let article = goods(file, Format::Csv).by_number("1").unwrap();
    assert!(article.name.starts_with("Käse ") && article.name.ends_with(" gut"), "{article:?}");
    assert!(!article.name.chars().any(is_harmful) && !article.name.contains("eA=="));
}

/// Search, basket, payment, receipt, history and the exports of the inspector.
#[test]
fn hostile_names_leave_the_program_as_text_alone() {
    let background = Background::start().unwrap();
    let sandbox =
        Sandbox::start(&background, SandboxOptions { seed: 1, ..SandboxOptions::default() });
    let (_, bytes, format) = files().swap_remove(0);
    for paper in PAPERS {
        let mut till = Till::selling(goods(&bytes, format), &sandbox.url, false, paper);
        for (index, (_, clean)) in names().iter().enumerate() {
            let word = clean.split(' ').next().unwrap().to_lowercase();
            till.press(&["\x1bOQ", &word]);
            let found = till.screen();
            let beginning: String = clean.chars().take(8).collect();
            assert!(found.contains(&beginning), "{beginning}:\n{found}");
            till.press(&["\x1b", "\x1b"]);
            till.press(&[&format!("{}\r", index + 1)]);
        }
        till.press(&["+", "+", "\x1b[23~", "\r", "\x1b[6~", "\x1b", "\x1b[24;2~", "\r", "\x1b[6~"]);
        let left = till.left();
        check("article names", &left, paper, NEVER);
        let printed = String::from_utf8_lossy(&left.files["paper"]);
        assert!(printed.contains("Clip two"), "{printed}");
    }
}
