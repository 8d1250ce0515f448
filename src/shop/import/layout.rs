//! Which field of a file is which column.
//!
//! Owns the choice between several names for one column, and what is told of a header.

use super::columns::{COUNT, Column, known};
use super::map::ColumnMap;
use super::problem::short;
use super::{Problem, Report, What};
use crate::hint::nearest;

/// Names of further columns that are remembered; the rest is counted.
const MOST_NAMES: usize = 20;

/// Which fields of a file say what.
#[derive(Debug, Default)]
pub(super) struct Layout {
    /// Index of the field and what it says.
    pub(super) fields: Vec<(usize, Column)>,
    /// Indexes of the fields without a name.
    pub(super) unnamed: Vec<usize>,
    /// What the file calls the columns.
    names: [Option<String>; COUNT],
    /// Further columns.
    pub(super) ignored: Ignored,
}

/// Columns that are not read.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Ignored {
    /// The first of their names.
    pub(super) names: Vec<String>,
    /// How many there are.
    pub(super) count: usize,
}

impl Ignored {
    pub(super) fn add(&mut self, name: &str) {
        self.count += 1;
        if self.names.len() < MOST_NAMES {
            self.names.push(short(name));
        }
    }
}

impl Layout {
    /// How many columns of an article these headers name, and whether they are all that it needs:
    /// the first such line is the header, or else the line with the most.
    pub(super) fn score<'a>(
        headers: impl Iterator<Item = &'a str>,
        map: &ColumnMap,
    ) -> (usize, bool) {
        let mut seen = [false; COUNT];
        for header in headers {
            let mapped = map.of_header(header);
            for column in mapped.into_iter().chain(known(header).map(|(column, _)| column)) {
                if let Some(seen) = seen.get_mut(column as usize) {
                    *seen = true;
                }
            }
        }
        let has = |column: Column| seen.get(column as usize).is_some_and(|seen| *seen);
        let is_complete =
            map.headers().all(|(column, _)| has(column)) && lacks(map, has).next().is_none();
        (seen.iter().filter(|seen| **seen).count(), is_complete)
    }

    /// Gives every header its meaning: the configuration's first, then the more specific of two
    /// names. Two headers of the same name are told, and what is missing is not.
    pub(super) fn new<'a>(
        headers: impl Iterator<Item = &'a str> + Clone,
        map: &ColumnMap,
        line: usize,
        bad: &mut Report,
    ) -> Self {
        let mut layout = Self::default();
        // The best field of each column, and how specific its name is.
        let mut best: [Option<(usize, usize)>; COUNT] = [None; COUNT];
        let mut twice = [false; COUNT];
        for (field, header) in headers.clone().enumerate() {
            let Some((column, rank)) = known(header).filter(|(column, _)| !map.decides(*column))
            else {
                continue;
            };
            if column.is_repeatable() {
                continue;
            }
            let (Some(best), Some(twice)) =
                (best.get_mut(column as usize), twice.get_mut(column as usize))
            else {
                continue;
            };
            match best {
                Some((_, other)) if *other == rank && !*twice => {
                    *twice = true;
                    bad.add(Problem::of_column(line, header, What::Twice));
                }
                Some((_, other)) if *other <= rank => {}
                _ => *best = Some((field, rank)),
            }
        }
        let mut named = [false; COUNT];
        for (field, header) in headers.enumerate() {
            let mapped = map.of_header(header);
            for column in mapped.iter().filter(|column| **column != Column::Ean) {
                let Some(named) = named.get_mut(*column as usize) else { continue };
                if std::mem::replace(named, true) {
                    bad.add(Problem::of_column(line, header, What::Twice));
                }
            }
            let own = known(header).map(|(column, _)| column).filter(|column| {
                !map.decides(*column)
                    && (column.is_repeatable()
                        || best
                            .get(*column as usize)
                            .copied()
                            .flatten()
                            .is_some_and(|at| at.0 == field))
            });
            if mapped.is_empty() && own.is_none() {
                if header.trim().is_empty() {
                    layout.unnamed.push(field);
                } else {
                    layout.ignored.add(header);
                }
                continue;
            }
            for column in mapped.into_iter().chain(own) {
                layout.fields.push((field, column));
                if let Some(name) = layout.names.get_mut(column as usize) {
                    name.get_or_insert_with(|| short(header));
                }
            }
        }
        layout
    }

    pub(super) fn has(&self, column: Column) -> bool {
        self.fields.iter().any(|(_, own)| *own == column)
    }

    /// What the file calls a column.
    pub(super) fn name(&self, column: Column) -> &str {
        self.names.get(column as usize).and_then(Option::as_deref).unwrap_or(column.name())
    }

    /// Tells which columns are missing that every article needs. A number may be its code.
    pub(super) fn check(&self, map: &ColumnMap, line: usize, bad: &mut Report) {
        for (column, header) in map.headers() {
            if !self.has(column) {
                bad.add(Problem::of_column(line, header, What::NoSuchHeader));
            }
        }
        for column in lacks(map, |column| self.has(column)) {
            if column == Column::Price && self.has(Column::Net) {
                bad.add(Problem::of_column(line, self.name(Column::Net), What::NetPrice));
                continue;
            }
            let near = nearest(column.name(), self.ignored.names.iter().map(String::as_str));
            let hint = near.map(|near| {
                format!(
                    "; if it is {near}, [articles] columns can say so: \"{}={near}\"",
                    column.name()
                )
            });
            let what = What::NoColumn { column: column.name(), hint: hint.unwrap_or_default() };
            bad.add(Problem::of_line(line, what));
        }
    }
}

/// The columns that every article needs and that neither the file nor the configuration has.
fn lacks(map: &ColumnMap, has: impl Fn(Column) -> bool) -> impl Iterator<Item = Column> {
    let needed = [Column::Number, Column::Name, Column::Price, Column::Vat];
    needed.into_iter().filter(move |column| {
        let stands_in = match column {
            Column::Number => has(Column::Ean),
            Column::Price => has(Column::Open) || has(Column::PackOf),
            _ => false,
        };
        !(has(*column) || map.is_fixed(*column) || map.names_header(*column) || stands_in)
    })
}
