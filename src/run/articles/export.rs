//! `kasse articles export`: all articles in a form that an import reads back as they are.

use std::fs::OpenOptions;
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use serde_json::{Map, Value, json};

use crate::cli::{ArticleFormat, Exit};
use crate::config::Config;
use crate::money::Notation;
use crate::run::{Failure, goods};
use crate::shop::import::{Column, FORMULA};
use crate::shop::{Article, Catalogue, Format, Unit, Vat};

pub(super) fn run(
    format: Option<ArticleFormat>,
    file: Option<&Path>,
    config: &Config,
) -> Result<u8, Failure> {
    let file = file.filter(|file| *file != Path::new("-"));
    let named =
        file.and_then(|file| Format::of(&file.to_string_lossy())).map(|format| match format {
            Format::Csv => ArticleFormat::Csv,
            Format::Toml => ArticleFormat::Toml,
            Format::Json => ArticleFormat::Json,
        });
    let format = format.or(named).unwrap_or(ArticleFormat::Csv);
    let catalogue = goods::read(config)?.catalogue;
    let failed = |name: &dyn std::fmt::Display, error: &io::Error| {
        Failure::new(Exit::State, format!("{name}: {error}"))
    };
    match file {
        None => match write(format, &catalogue, io::stdout().lock()) {
            // A reader that has gone (`| head`) has read enough.
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(failed(&"stdout", &error))
            }
            _ => Ok(Exit::Ok.code()),
        },
        Some(path) => {
            let mut options = OpenOptions::new();
            let made = options.write(true).create_new(true).mode(0o600).open(path);
            made.and_then(|file| write(format, &catalogue, file))
                .map_err(|error| failed(&path.display(), &error))?;
            Ok(Exit::Ok.code())
        }
    }
}

fn write(format: ArticleFormat, catalogue: &Catalogue, out: impl Write) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    match format {
        ArticleFormat::Csv => {
            let mut rows = csv::Writer::from_writer(&mut out);
            rows.write_record(Column::ALL.map(Column::name))?;
            for article in catalogue.iter() {
                let cell = |column| harmless(column, cell(&article, column));
                rows.write_record(Column::ALL.map(cell))?;
            }
            rows.flush()?;
        }
        ArticleFormat::Toml => {
            for article in catalogue.iter() {
                writeln!(out, "[[article]]")?;
                for (column, text) in cells(&article) {
                    // Escapes of JSON are those of a TOML string, too.
                    writeln!(out, "{column} = {}", json!(text))?;
                }
                writeln!(out)?;
            }
        }
        ArticleFormat::Json => {
            let mut before = "[";
            for article in catalogue.iter() {
                let object: Map<String, Value> = cells(&article)
                    .map(|(column, text)| (column.to_owned(), json!(text)))
                    .collect();
                write!(out, "{before}\n{}", Value::Object(object))?;
                before = ",";
            }
            writeln!(out, "{}]", if before == "[" { "[" } else { "\n" })?;
        }
    }
    out.flush()
}

/// The columns that are not empty.
fn cells(article: &Article) -> impl Iterator<Item = (&'static str, String)> {
    let all = Column::ALL.into_iter().map(|column| (column.name(), cell(article, column)));
    all.filter(|(_, text)| !text.is_empty())
}

/// Text that no spreadsheet takes for a formula: an import takes the apostrophe away again.
fn harmless(column: Column, text: String) -> String {
    let is_text = matches!(column, Column::Name | Column::Short | Column::Group | Column::Note);
    if is_text && text.starts_with(FORMULA) { format!("'{text}") } else { text }
}

fn cell(article: &Article, column: Column) -> String {
    let yes = |holds: bool| if holds { "yes".to_owned() } else { String::new() };
    let pack = article.pack.as_ref();
    match column {
        Column::Number => article.number.clone(),
        Column::Ean => article.eans.join("|"),
        Column::Name => article.name.clone(),
        Column::Short => article.short.clone(),
        // Without its groups: a file has no use for them.
        Column::Price => {
            let price = article.price.map(|price| price.show(Notation::Point).replace(',', ""));
            price.unwrap_or_default()
        }
        Column::Open => yes(article.price.is_none() && pack.is_none()),
        Column::Vat => match &article.vat {
            Vat::Rate(rate) => rate.show(Notation::Point),
            Vat::Class(class) => class.clone(),
        },
        Column::Group => article.group.clone(),
        Column::Unit => if article.unit == Unit::Kilogram { "kg" } else { "" }.to_owned(),
        Column::Deposit => article.deposit.clone().unwrap_or_default(),
        Column::Age => article.age.map(|age| age.to_string()).unwrap_or_default(),
        Column::PackOf => pack.map(|pack| pack.of.clone()).unwrap_or_default(),
        Column::PackPieces => pack.map(|pack| pack.pieces.to_string()).unwrap_or_default(),
        Column::Locked => yes(article.locked),
        Column::Note => article.note.clone(),
        // What other programs say of an article, and kasse says otherwise.
        Column::Active | Column::Kind | Column::Handle | Column::Variant | Column::Net => {
            String::new()
        }
    }
}
