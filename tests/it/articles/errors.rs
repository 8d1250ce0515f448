//! Every error that an import can meet: input and message. `src/shop/import/README.md` shows them.
//!
//! `KASSE_UPDATE_README=1 cargo test --test it articles` writes that page anew.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use kasse::shop::Format;
use kasse::shop::import::{Column, Problem, What, catalogue, read};

use crate::articles::kit::{options, read_bytes};

/// An input and what is said of it.
struct Case {
    /// How the input is shown.
    shown: String,
    problems: Vec<Problem>,
}

fn root(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(file)
}

fn case(shown: &str, bytes: &[u8], format: Format, columns: &[&str]) -> Case {
    let (_, summary) = read_bytes(bytes, format, &options(columns));
    assert_eq!(summary.problem_count.min(1_001), summary.problems.len(), "{shown}");
    Case { shown: shown.to_owned(), problems: summary.problems }
}

/// A file that is shown as it is.
fn text(text: &str, format: Format) -> Case {
    case(text, text.as_bytes(), format, &[])
}

/// One field of a CSV row in which all else is right.
fn value(column: &str, value: &str) -> Case {
    let given = [("number", "7"), ("name", "Bun"), ("price", "0.45"), ("vat", "7")];
    let rest = given.iter().filter(|(name, _)| *name != column);
    let (mut header, mut row) = (column.to_owned(), format!("\"{}\"", value.replace('"', "\"\"")));
    for (name, field) in rest {
        header.extend([";", *name]);
        row.extend([";", *field]);
    }
    let file = format!("{header}\n{row}\n");
    Case { shown: format!("{column} {value}"), ..case("", file.as_bytes(), Format::Csv, &[]) }
}

/// A source that breaks off.
struct Broken;

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::other("input/output error"))
    }
}

impl Seek for Broken {
    fn seek(&mut self, _: SeekFrom) -> io::Result<u64> {
        Ok(0)
    }
}

/// Files, headers and rows as a whole.
fn files() -> Vec<Case> {
    const HEAD: &str = "number;name;price;vat\n";
    let mut broken = |_| ControlFlow::Continue(());
    let unreadable = read(Broken, Format::Csv, &options(&[]), &mut broken);
    let many = format!("{HEAD}{}", "1;x;y;7\n".repeat(1_001));
    let more = case("a row with a problem, 1,001 times", many.as_bytes(), Format::Csv, &[]);
    let long = format!("{HEAD}1;{};1;7\n", "x".repeat(1 << 20));
    let header = "Artikelliste\n".repeat(25);
    let net = "Nummer;Name;VK netto;MwSt\n1;Bun;0.42;7\n";
    let near = "number;name;prise;vat\n1;Bun;0.45;7\n";
    let clash = |text: &str| Case {
        shown: text.to_owned(),
        problems: catalogue(Cursor::new(text.as_bytes()), Format::Csv, &options(&[])).unwrap_err(),
    };
    vec![
        Case { shown: "a disk that fails".to_owned(), problems: unreadable.problems },
        case("a file .xlsx that is called .csv", b"PK\x03\x04\x14\0", Format::Csv, &[]),
        case(
            "Käse in UTF-8, Brötchen in Windows-1252",
            b"number;name;price;vat\n1;K\xc3\xa4se \xc3\xb6;1;7\n2;Br\xf6tchen;1;7\n",
            Format::Csv,
            &[],
        ),
        text("", Format::Csv),
        text(HEAD, Format::Csv),
        // Two million rows take too long for a test; a unit test reads one more than the most.
        Case {
            shown: "2,000,001 articles".to_owned(),
            problems: vec![Problem {
                line: 2_000_002,
                column: None,
                value: None,
                what: What::TooMany(kasse::shop::MOST_ARTICLES),
            }],
        },
        Case { problems: more.problems[1_000..].to_vec(), ..more },
        case("Artikelliste, 25 times", header.as_bytes(), Format::Csv, &[]),
        text("7;Bun;0.45;7\n", Format::Csv),
        text(near, Format::Csv),
        text(net, Format::Csv),
        text("number;name;price;vat;name\n", Format::Csv),
        case("columns = [\"price=VK 2\"]", HEAD.as_bytes(), Format::Csv, &["price=VK 2"]),
        text(&format!("{HEAD}7;Bun;0;45;7\n"), Format::Csv),
        text("number,name,price,vat\n7,Bun,0,45,\n", Format::Csv),
        text(&format!("{HEAD}7;Bun;0.45;7\nTotal;;0.45;\n8;Tea;1.20;19\n"), Format::Csv),
        text("number;name;price;vat;\n7;Bun;0.45;7;new\n", Format::Csv),
        text(&format!("{HEAD}7;\"Bun;0.45;7\n8;Tea;1.20;19\n"), Format::Csv),
        case("a line of more than 1 MiB", long.as_bytes(), Format::Csv, &[]),
        clash(&format!("{HEAD}7;Bun;0.45;7\n7;Tea;1.20;19\n")),
        clash("number;ean;name;price;vat\n96385074;;Bun;0.45;7\n8;96385074;Tea;1.20;19\n"),
    ]
}

fn notations() -> Vec<Case> {
    const JSON: &str = "{\"number\": 7, \"name\": \"Bun\", \"price\": 1, \"vat\": 7}";
    let long = format!("article = [\n{}]\n", "{ number = 1 },\n".repeat(300_000));
    vec![
        text("[[article]]\nname = \"Bun\n", Format::Toml),
        case("article = [ … ], more than 4 MiB of it", long.as_bytes(), Format::Toml, &[]),
        text("[[artikel]]\nnumber = 7\n", Format::Toml),
        text("[article]\nnumber = 7\n", Format::Toml),
        text("article = [7]\n", Format::Toml),
        text(
            "[[article]]\nnumber = 7\nnmae = 'Bun'\nname = 'Bun'\nprice = 1\nvat = 7\n",
            Format::Toml,
        ),
        text("[[article]]\nnumber = 7\nname = 7\nprice = 1\nvat = 7\n", Format::Toml),
        text("[{\"number\": 7, \"name\": {}, \"price\": 1, \"vat\": 7}]", Format::Json),
        text("[{\"number\": 7, \"name\": \"Bun\",}]", Format::Json),
        text("[{\"number\": 7, \"name\": \"Bun\"", Format::Json),
        text("[7]", Format::Json),
        text(&format!("{{\"articles\": [{JSON}], \"deleted\": [{JSON}]}}"), Format::Json),
        text(&format!("{{\"sets\": [{JSON}], \"number\": 8, \"name\": \"Tea\"}}"), Format::Json),
    ]
}

fn values() -> Vec<Case> {
    [
        ("price", ""),
        ("name", "\u{202e}\u{1b}[2J"),
        ("number", "Nr. 7"),
        ("number", "12-345"),
        ("ean", "12345"),
        ("ean", "4,00638E+12"),
        ("price", "x"),
        ("price", "3.49 USD"),
        ("price", "3,499"),
        ("price", "1.000"),
        ("price", "0.0349"),
        ("price", "-3,49"),
        ("price", "3,49-"),
        ("price", "100000"),
        ("vat", "0.19"),
        ("vat", "33"),
        ("vat", "luxury"),
        ("unit", "Liter"),
        ("deposit", "0,25 €"),
        ("age", "adults"),
        ("locked", "perhaps"),
        ("open", "2"),
    ]
    .into_iter()
    .map(|(column, text)| value(column, text))
    .chain([
        text("number;name;price;Steuerklasse\n7;Bun;0.45;1\n", Format::Csv),
        text("number;name;price;vat;pack_of;pack_pieces\n7;Crate;;;8;1\n", Format::Csv),
        text("number;name;price;vat;pack_of;pack_pieces\n7;Crate;;;8;\n", Format::Csv),
        {
            let codes: Vec<String> = (0..101).map(|code| (10_000_000 + code).to_string()).collect();
            let shown = "ean with 101 codes".to_owned();
            Case { shown, ..value("ean", &codes.join(" ")) }
        },
        {
            // Without classes in the configuration.
            let (mut options, file) = (options(&[]), "number;name;price;vat\n7;Bun;1;luxury\n");
            options.classes = kasse::shop::VatClasses::default();
            let (_, summary) = read_bytes(file.as_bytes(), Format::Csv, &options);
            let shown = "vat luxury, without [vat] classes".to_owned();
            Case { shown, problems: summary.problems }
        },
    ])
    .collect()
}

fn cell(text: &str) -> String {
    let text = text.trim_end().replace('|', "\\|");
    let shown: String = text
        .chars()
        .flat_map(|c| {
            if c == '\n' {
                vec![' ', '⏎', ' ']
            } else if c.is_control() || kasse::text::is_harmful(c) {
                c.escape_default().collect()
            } else {
                vec![c]
            }
        })
        .collect();
    if shown.is_empty() { "(nothing)".to_owned() } else { format!("`{shown}`") }
}

fn table(title: &str, cases: &[Case]) -> String {
    let mut out = format!("### {title}\n\n| input | message |\n|---|---|\n");
    for case in cases {
        assert!(!case.problems.is_empty(), "{} is right", case.shown);
        let messages: Vec<String> =
            case.problems.iter().map(|problem| problem.to_string().replace('|', "\\|")).collect();
        out = out + "| " + &cell(&case.shown) + " | " + &messages.join("<br>") + " |\n";
    }
    out + "\n"
}

/// The variants of `What`, as its source says.
fn variants() -> BTreeSet<String> {
    let source = fs::read_to_string(root("src/shop/import/problem.rs")).unwrap();
    let what = syn::parse_file(&source).unwrap().items.into_iter().find_map(|item| match item {
        syn::Item::Enum(item) if item.ident == "What" => Some(item),
        _ => None,
    });
    what.unwrap().variants.iter().map(|variant| variant.ident.to_string()).collect()
}

/// `page` with `made` as the part between `<!-- name -->` and `<!-- end -->`.
fn filled(page: &str, name: &str, made: &str) -> String {
    let begin = format!("<!-- {name} -->\n");
    let start = page.find(&begin).expect("the marker") + begin.len();
    let end = start + page[start..].find("<!-- end -->").expect("the end marker");
    format!("{}{made}{}", &page[..start], &page[end..])
}

#[test]
fn every_error_has_a_row_in_the_table_of_the_readme() {
    let groups = [
        ("Files, headers and rows", files()),
        ("TOML and JSON", notations()),
        ("Values", values()),
    ];
    let met: BTreeSet<String> = groups
        .iter()
        .flat_map(|(_, cases)| cases)
        .flat_map(|case| &case.problems)
        .map(|problem| {
            let name = format!("{:?}", problem.what);
            name.split(|c: char| !c.is_alphanumeric()).next().unwrap().to_owned()
        })
        .collect();
    assert_eq!(met, variants(), "every kind of error is met, and no other");
    let errors: String = groups.iter().map(|(title, cases)| table(title, cases)).collect();
    let columns = Column::ALL.iter().fold(
        "| column | also called |\n|---|---|\n".to_owned(),
        |out, column| {
            let names: Vec<&str> = column.names().skip(1).collect();
            out + &format!("| `{}` | {} |\n", column.name(), names.join(", "))
        },
    );
    let path = root("src/shop/import/README.md");
    let page = fs::read_to_string(&path).unwrap();
    let made = filled(&filled(&page, "columns", &columns), "errors", &errors);
    if page == made {
        return;
    }
    if std::env::var_os("KASSE_UPDATE_README").is_some() {
        fs::write(&path, made).unwrap();
    } else {
        panic!("src/shop/import/README.md is not what the program makes:\n{made}");
    }
}
