//! `kasse articles import`: reads files, says what is wrong and what changes, and writes.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::progress::Progress;
use crate::articles::{Change, Changes, Import, Listed, Ready};
use crate::cli::{Exit, ImportArgs};
use crate::config::Config;
use crate::lang::Lang;
use crate::outside;
use crate::run::{Failure, goods, tools};
use crate::shop::Format;
use crate::shop::import::{self, MOST_ARTICLES, MOST_PROBLEMS, Options};
use crate::text::sanitise;

/// Deposits and packs that lead nowhere are listed up to so many.
const LISTED: usize = 20;
/// No longer file is read.
const LONGEST_FILE: u64 = 4 << 30;

/// A file of the import.
struct Input<'a> {
    path: &'a Path,
    format: Format,
    bytes: u64,
}

/// What is wrong with the files.
#[derive(Default)]
struct Wrong {
    count: usize,
    /// The first of them, each `FILE:LINE: what`.
    lines: Vec<String>,
}

impl Wrong {
    fn add(&mut self, count: usize, line: String) {
        self.count += count;
        if self.lines.len() < MOST_PROBLEMS {
            self.lines.push(line);
        }
    }

    /// Adds what `later`, of the same files, knows besides.
    fn join(&mut self, later: Self) {
        for line in later.lines {
            if !self.lines.contains(&line) {
                self.add(1, line);
            }
        }
    }
}

/// What reading all files gave.
struct Outcome {
    ready: Option<Ready>,
    wrong: Wrong,
    /// Rows that have the number or code of another one, counted over all files from 0.
    doubles: BTreeSet<usize>,
    pace: String,
}

pub(super) fn run(args: &ImportArgs, config: &Config) -> Result<u8, Failure> {
    let inputs: Vec<Input<'_>> = args.files.iter().map(input).collect::<Result<_, _>>()?;
    let options = config.import_options();
    let mut skipped = BTreeSet::new();
    let mut outcome = read(&inputs, config, &options, &skipped)?;
    let mut wrong = std::mem::take(&mut outcome.wrong);
    while args.skip_bad && outcome.ready.is_none() && !outcome.doubles.is_empty() {
        // Once more without the rows that cannot be told from others: each time they are more.
        skipped.append(&mut outcome.doubles);
        outcome = read(&inputs, config, &options, &skipped)?;
        wrong.join(std::mem::take(&mut outcome.wrong));
    }
    let Outcome { ready, pace, .. } = outcome;
    tell_lost(ready.as_ref().map_or(&[], |ready| &ready.lost));
    if args.dry_run {
        return preview(&wrong, ready.as_ref().map(|ready| &ready.changes));
    }
    tell(&wrong);
    let refused = |why: &str| Failure::new(Exit::Articles, format!("{why}; nothing was changed"));
    if wrong.count > 0 && !args.skip_bad {
        let rows = Lang::En.count(wrong.count);
        return Err(refused(&format!("the articles are wrong: {rows} problems")));
    }
    let Some(ready) = ready else { return Err(refused("no article is right")) };
    if ready.catalogue().is_empty() {
        return Err(refused("no article is right"));
    }
    let count = ready.catalogue().len();
    let changes = ready
        .write(&names(&args.files), Timestamp::now())
        .map_err(|error| goods::failure(&error))?;
    if let Some(file) = &config.articles {
        let file = file.display();
        tools::warn(&format!(
            "the till sells the articles of {file}, which [articles] file names; empty it to sell \
             the imported ones"
        ));
    }
    let counts = counts(&changes);
    tools::say(&format!("{} articles imported: {counts}\n{pace}\n", Lang::En.count(count)))
}

/// Deposits and packs that lead nowhere, on stderr: the till refuses what it cannot sell whole.
fn tell_lost(lost: &[(String, String)]) {
    let mut out = io::stderr().lock();
    for (other, article) in lost.iter().take(LISTED) {
        let (other, article) = (sanitise(other), sanitise(article));
        let what = "is named as deposit or content of a pack and is no article";
        // With a closed stream it cannot be told.
        let _ = writeln!(out, "article {article}: {other} {what}: it cannot be sold so");
    }
    let more = lost.len().saturating_sub(LISTED);
    if more > 0 {
        let _ = writeln!(out, "and {more} more such numbers");
    }
}

fn names(files: &[PathBuf]) -> String {
    let names = files.iter().map(|file| sanitise(&file.display().to_string()));
    names.collect::<Vec<_>>().join(", ")
}

fn input(path: &PathBuf) -> Result<Input<'_>, Failure> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let failed = |why: &dyn std::fmt::Display| {
        let path = sanitise(&path.display().to_string());
        Failure::new(Exit::Articles, format!("{path}: {why}; nothing was changed"))
    };
    let format = Format::of(&name)
        .ok_or_else(|| failed(&"articles are read from .csv, .toml or .json files"))?;
    let file = outside::open(path, LONGEST_FILE).map_err(|error| failed(&error))?;
    let bytes = file.metadata().map_or(0, |about| about.len());
    Ok(Input { path, format, bytes })
}

/// Reads all files, but not the rows of `skipped`.
fn read(
    inputs: &[Input<'_>],
    config: &Config,
    options: &Options,
    skipped: &BTreeSet<usize>,
) -> Result<Outcome, Failure> {
    let mut import =
        Import::begin(&goods::store(config)).map_err(|error| goods::failure(&error))?;
    let mut progress = Progress::new(inputs.iter().map(|input| input.bytes).sum());
    let (mut wrong, mut notes) = (Wrong::default(), String::new());
    // The row of each article that was taken, and its line.
    let mut places: Vec<(u32, u32)> = Vec::new();
    // The rows with which the files begin.
    let mut starts = Vec::new();
    let mut row = 0_usize;
    for Input { path, format, bytes } in inputs {
        starts.push(row);
        let name = sanitise(&path.display().to_string());
        let file = outside::open(path, LONGEST_FILE)
            .map_err(|error| Failure::new(Exit::Articles, format!("{name}: {error}")))?;
        let mut each = |sourced: import::Sourced| {
            if import.len() >= MOST_ARTICLES {
                wrong
                    .add(1, format!("{name}:{}: more than {MOST_ARTICLES} articles", sourced.line));
                return ControlFlow::Break(());
            }
            progress.row(sourced.bytes);
            if !skipped.contains(&row) {
                import.push(&sourced.article);
                places.push((narrow(row), narrow(sourced.line)));
            }
            row += 1;
            ControlFlow::Continue(())
        };
        let summary = import::read(file, *format, options, &mut each);
        progress.file(*bytes);
        for problem in summary.problems {
            wrong.add(0, format!("{name}:{}: {}", problem.line, problem.text()));
        }
        wrong.count += summary.problem_count;
        for note in summary.notes {
            // Writing to a String cannot fail.
            let _ = writeln!(notes, "{name}: {}", sanitise(&note.to_string()));
        }
    }
    let pace = progress.end();
    let _ = write!(io::stderr(), "{notes}");
    let stands = |index: usize| {
        let (row, line) = places.get(index).copied().unwrap_or_default();
        let file = starts.partition_point(|start| *start <= row as usize).saturating_sub(1);
        let name = inputs.get(file).map(|input| sanitise(&input.path.display().to_string()));
        (row as usize, format!("{}:{line}", name.unwrap_or_default()))
    };
    let mut doubles = BTreeSet::new();
    let ready = match import.finish() {
        Ok(ready) => {
            for (index, other, number) in ready.catalogue().hidden() {
                let ((row, own), (_, other)) = (stands(index), stands(other));
                let number = sanitise(&number);
                wrong
                    .add(1, format!("{own}: number {number} is the ean of the article of {other}"));
                doubles.insert(row);
            }
            doubles.is_empty().then_some(ready)
        }
        Err(clashes) => {
            for clash in clashes {
                let ((row, own), (_, first)) = (stands(clash.second), stands(clash.first));
                let code = sanitise(&clash.code);
                wrong.add(1, format!("{own}: {code} is already the article of {first}"));
                doubles.insert(row);
            }
            None
        }
    };
    Ok(Outcome { ready, wrong, doubles, pace })
}

fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// What is wrong, on stderr.
fn tell(wrong: &Wrong) {
    let mut out = io::stderr().lock();
    for line in &wrong.lines {
        // With a closed stream it cannot be told.
        let _ = writeln!(out, "{line}");
    }
}

/// What an import would do, on stdout.
fn preview(wrong: &Wrong, changes: Option<&Changes>) -> Result<u8, Failure> {
    let mut text = String::new();
    for line in &wrong.lines {
        let _ = writeln!(text, "{line}");
    }
    if wrong.count > 0 {
        let rows = Lang::En.count(wrong.count);
        let _ = writeln!(text, "{rows} problems: without --skip-bad, nothing is imported");
    }
    if let Some(changes) = changes {
        let kinds = [("new", &changes.new), ("changed", &changes.changed), ("gone", &changes.gone)];
        for (kind, listed) in kinds {
            list(&mut text, kind, listed);
        }
        let _ = writeln!(text, "{}", counts(changes));
    }
    tools::say(&text)?;
    Ok(if wrong.count > 0 { Exit::Articles } else { Exit::Ok }.code())
}

fn list(text: &mut String, kind: &str, listed: &Listed) {
    for Change { number, name, columns } in &listed.first {
        let (number, name) = (sanitise(number), sanitise(name));
        let _ = match columns.as_slice() {
            [] => writeln!(text, "{kind:<8}  {number:<20}  {name}"),
            columns => writeln!(text, "{kind:<8}  {number:<20}  {name}: {}", columns.join(", ")),
        };
    }
    let more = listed.count - listed.first.len();
    if more > 0 {
        let _ = writeln!(text, "{kind:<8}  and {} more", Lang::En.count(more));
    }
}

fn counts(changes: &Changes) -> String {
    let count = |count: usize| Lang::En.count(count);
    let mut text = format!(
        "{} new, {} changed, {} gone, {} unchanged",
        count(changes.new.count),
        count(changes.changed.count),
        count(changes.gone.count),
        count(changes.unchanged),
    );
    if changes.taught > 0 {
        let _ = write!(text, "; {} of them were taught at the till", count(changes.taught));
    }
    text
}
