//! Rows that name their own columns, as in TOML and JSON.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::columns::Column;
use super::layout::Layout;
use super::{Goods, Problem, What};
use crate::hint::{did_you_mean, nearest};

/// Lists of keys that are remembered: the rows of a file have few.
const MOST_LISTS: usize = 256;
/// Names of keys that are not read, which are told once each.
const MOST_NAMES: usize = 1_000;
/// Bytes of a key that may be a misspelt name.
const LONGEST_NAME: usize = 100;

/// What the keys of rows mean.
pub(super) struct Keyed {
    /// A misspelt name is a problem, not a further column.
    is_strict: bool,
    lists: HashMap<String, Keys>,
    told: BTreeSet<String>,
}

/// What one list of keys means.
pub(super) struct Keys {
    pub(super) layout: Layout,
    /// Keys that are misspelt, with what may be meant.
    misspelt: Vec<(usize, String)>,
}

impl Keyed {
    /// `is_strict`: the files are written by hand for kasse.
    pub(super) fn new(is_strict: bool) -> Self {
        Self { is_strict, lists: HashMap::new(), told: BTreeSet::new() }
    }

    /// What these keys mean, each with its line.
    pub(super) fn keys(&mut self, keys: &[(&str, usize)], line: usize, goods: &mut Goods) -> &Keys {
        let list: String = keys.iter().flat_map(|(key, _)| [*key, "\0"]).collect();
        if self.lists.len() > MOST_LISTS {
            self.lists.clear();
        }
        let (is_strict, told) = (self.is_strict, &mut self.told);
        let found = self.lists.entry(list).or_insert_with(|| {
            let names = keys.iter().map(|(key, _)| *key);
            let layout = Layout::new(names, &goods.options.columns, line, &mut goods.bad);
            let read: HashSet<usize> = layout.fields.iter().map(|(field, _)| *field).collect();
            let mut misspelt = Vec::new();
            for (index, (key, _)) in
                keys.iter().enumerate().filter(|(index, _)| !read.contains(index))
            {
                let near = (is_strict && key.len() < LONGEST_NAME)
                    .then(|| nearest(key, Column::ALL.map(Column::name)))
                    .flatten();
                if near.is_some() {
                    misspelt.push((index, did_you_mean(near)));
                } else if told.len() < MOST_NAMES && told.insert((*key).to_owned()) {
                    goods.ignored.add(key);
                }
            }
            Keys { layout, misspelt }
        });
        for (index, hint) in &found.misspelt {
            if let Some((key, line)) = keys.get(*index) {
                goods.bad.add(Problem::of_column(*line, key, What::UnknownKey(hint.clone())));
            }
        }
        found
    }
}
