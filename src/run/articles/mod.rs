//! `kasse articles`: check, import, export, list, show.
//!
//! Owns what these commands print. Everything in it that comes from files is sanitised already: on
//! reading, or here.

mod export;
mod import;
mod progress;

use std::fmt::Write as _;
use std::path::Path;

use super::{Failure, articles_failure, goods, tools};
use crate::cli::{ArticlesCommand, Exit};
use crate::config::{Config, read_articles};
use crate::money::Notation;
use crate::shop::{Article, Catalogue, Unit, Vat, search};
use crate::text::{fit, sanitise, width};

pub(super) fn run(command: &ArticlesCommand, config: &Config) -> Result<u8, Failure> {
    match command {
        ArticlesCommand::Check { file } => check(file, config),
        ArticlesCommand::Import(args) => import::run(args, config),
        ArticlesCommand::Export { format, file } => export::run(*format, file.as_deref(), config),
        ArticlesCommand::List { text, taught, locked, group } => {
            let wanted = |article: &Article| {
                (!locked || article.locked)
                    && group.as_ref().is_none_or(|group| same(&article.group, group))
            };
            if *taught { list_taught(config, text, wanted) } else { list(config, text, wanted) }
        }
        ArticlesCommand::Show { article } => show(article, config),
    }
}

fn check(file: &Path, config: &Config) -> Result<u8, Failure> {
    let catalogue = read_articles(Some(file), &config.import_options())
        .map_err(|error| articles_failure(&error))?;
    let file = sanitise(&file.display().to_string());
    tools::say(&format!("{file}: {} articles\n", catalogue.len()))
}

fn same(group: &str, asked: &str) -> bool {
    group.to_lowercase() == asked.trim().to_lowercase()
}

/// Some lines at a time: a list of a million is no text in memory.
fn list(
    config: &Config,
    text: &[String],
    wanted: impl Fn(&Article) -> bool,
) -> Result<u8, Failure> {
    let catalogue = goods::read(config)?.catalogue;
    let mut page = Page::default();
    if text.is_empty() {
        catalogue.iter().filter(wanted).try_for_each(|article| page.add(&line(&article)))?;
    } else {
        let (found, _) = search(&catalogue, &text.join(" "), catalogue.len());
        let articles = found.into_iter().filter_map(|index| catalogue.get(index));
        articles.filter(wanted).try_for_each(|article| page.add(&line(&article)))?;
    }
    page.end()
}

fn list_taught(
    config: &Config,
    text: &[String],
    wanted: impl Fn(&Article) -> bool,
) -> Result<u8, Failure> {
    let kept = goods::store(config).read_taught().map_err(|error| goods::failure(&error))?;
    let alone = Catalogue::default().with_all(kept.taught.iter().map(|own| own.article.clone()));
    let (found, _) = search(&alone, &text.join(" "), alone.len());
    let mut page = Page::default();
    for article in found.into_iter().filter_map(|index| alone.get(index)).filter(wanted) {
        let at = kept.taught.iter().find(|own| own.article.number == article.number);
        let at = at.map(|own| own.at.as_str()).unwrap_or_default();
        page.add(&format!("{:<24}  {}", sanitise(at), line(&article)))?;
    }
    page.end()
}

/// Lines on their way to standard output.
#[derive(Default)]
struct Page(String);

/// Bytes of a page.
const PAGE: usize = 64 * 1024;

impl Page {
    fn add(&mut self, line: &str) -> Result<(), Failure> {
        self.0.push_str(line.trim_end());
        self.0.push('\n');
        if self.0.len() > PAGE {
            tools::say(&std::mem::take(&mut self.0))?;
        }
        Ok(())
    }

    fn end(self) -> Result<u8, Failure> {
        tools::say(&self.0)
    }
}

/// Number, price, VAT, name, group, and whether it is locked.
fn line(article: &Article) -> String {
    let price = price(article);
    let locked = if article.locked { "  (locked)" } else { "" };
    let name = fit(&sanitise(&article.name), 60, false);
    let room = " ".repeat(40_usize.saturating_sub(width(&name)));
    let (number, group) = (sanitise(&article.number), sanitise(&article.group));
    format!("{number:<20}  {price:>9}  {:>6}  {name}{room}  {group}{locked}", vat(article))
}

/// Of a pack, price and VAT are those of what is in it.
fn price(article: &Article) -> String {
    if article.pack.is_some() {
        return "pack".to_owned();
    }
    article.price.map_or_else(|| "open".to_owned(), |price| price.show(Notation::Point))
}

fn vat(article: &Article) -> String {
    match &article.vat {
        _ if article.pack.is_some() => String::new(),
        Vat::Rate(rate) => rate.to_string(),
        Vat::Class(class) => sanitise(class),
    }
}

fn show(asked: &str, config: &Config) -> Result<u8, Failure> {
    let catalogue = goods::read(config)?.catalogue;
    let asked = asked.trim();
    let Some(article) = catalogue.by_ean(asked).or_else(|| catalogue.by_number(asked)) else {
        let nothing = format!("no article has the number or code {}", sanitise(asked));
        return Err(Failure::new(Exit::Usage, nothing));
    };
    let pack = article.pack.as_ref();
    let rows = [
        ("number", article.number.clone()),
        ("ean", article.eans.join(", ")),
        ("name", article.name.clone()),
        ("short", article.short.clone()),
        ("price", price(&article)),
        ("vat", vat(&article)),
        ("group", article.group.clone()),
        ("unit", if article.unit == Unit::Kilogram { "kilogram" } else { "piece" }.to_owned()),
        ("deposit", article.deposit.clone().unwrap_or_default()),
        ("age", article.age.map(|age| age.to_string()).unwrap_or_default()),
        ("pack", pack.map(|pack| format!("{} x {}", pack.pieces, pack.of)).unwrap_or_default()),
        ("locked", if article.locked { "yes" } else { "" }.to_owned()),
        ("note", article.note.clone()),
    ];
    let mut text = String::new();
    for (name, value) in rows.into_iter().filter(|(_, value)| !value.is_empty()) {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{name:<8}  {}", sanitise(&value));
    }
    tools::say(&text)
}
