//! What must hold of the imports: the order of the rooms, and no large circles of files.
//!
//! A file depends on the file that defines what it names, seen through re-exports. `lib.rs` is the
//! map itself and does not count. A parent module and its descendants (`till/update/mod.rs` and
//! `till/update/keys.rs`) may name each other: circles are searched once without the edges down
//! from parents and once without those up to them. So what counts is a circle of siblings, or one
//! that leaves the folder.

use std::collections::{BTreeMap, BTreeSet};
use std::iter;

use super::source::Tree;

/// The most files of one room that may form a circle.
const LARGEST_CIRCLE: usize = 3;

/// A file names something that another one defines.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edge {
    pub from: String,
    pub to: String,
    /// The first line of `from` that does.
    pub line: usize,
    /// What it names there.
    pub path: String,
    /// -1 from a parent down to a descendant, 1 up from it, 0 otherwise.
    generation: i8,
}

/// Files that reach each other.
#[derive(Debug)]
pub struct Circle {
    pub files: BTreeSet<String>,
    edges: Vec<Edge>,
}

impl Circle {
    /// The room of all its files, if it is one.
    pub fn room(&self) -> Option<&str> {
        let rooms: BTreeSet<&str> = self.files.iter().map(|file| room_of(file)).collect();
        rooms.first().copied().filter(|_| rooms.len() == 1)
    }

    /// Its files, and a line with place for each of its edges.
    pub fn told(&self) -> String {
        let files: Vec<&str> = self.files.iter().map(String::as_str).collect();
        let head = format!("circle of {} files: {}", files.len(), files.join(", "));
        let edge = |Edge { from, to, line, path, .. }: &Edge| {
            format!("    src/{from}:{line} names {path} of src/{to}")
        };
        let lines: Vec<String> = iter::once(head).chain(self.edges.iter().map(edge)).collect();
        lines.join("\n")
    }
}

/// The room of a file below `src`: `till/sale.rs` and `till.rs` are of `till`.
fn room_of(file: &str) -> &str {
    file.split('/').next().unwrap().trim_end_matches(".rs")
}

/// All dependencies between files, one for each pair.
pub fn edges(tree: &Tree) -> Vec<Edge> {
    let mut edges: BTreeMap<(String, String), Edge> = BTreeMap::new();
    for (from, module) in tree.0.iter().filter(|(path, _)| !path.is_empty()) {
        for named in &module.named {
            let to = tree.home(&named.path);
            let file = &tree.0[to].file;
            if to.is_empty() || *file == module.file {
                continue;
            }
            let generation = match (to.starts_with(from), from.starts_with(to)) {
                (true, _) => -1,
                (_, true) => 1,
                _ => 0,
            };
            let edge = Edge {
                from: module.file.clone(),
                to: file.clone(),
                line: named.line,
                path: format!("crate::{}", named.path.join("::")),
                generation,
            };
            let first = edges.entry((edge.from.clone(), edge.to.clone())).or_insert(edge.clone());
            if edge.line < first.line {
                *first = edge;
            }
        }
    }
    edges.into_values().collect()
}

/// A line for every import against the order of `rooms`.
pub fn upward(tree: &Tree, rooms: &[String]) -> Vec<String> {
    let place = |room: &str| rooms.iter().position(|other| other == room);
    let mut wrong = Vec::new();
    for (path, module) in &tree.0 {
        for named in &module.named {
            // Both where the name is taken from and where it is defined.
            for to in [named.path.first(), tree.home(&named.path).first()].into_iter().flatten() {
                let Some(from) = path.first() else { continue };
                if place(to) > place(from) {
                    let (file, line) = (&module.file, named.line);
                    let path = named.path.join("::");
                    wrong.push(format!(
                        "src/{file}:{line}: `{from}` stands before `{to}` in the table and must \
                         not import from it: crate::{path}"
                    ));
                }
            }
        }
    }
    wrong.dedup();
    wrong
}

/// The circles that must not be: of files of different rooms, or of too many of one room.
pub fn circles(edges: &[Edge]) -> Vec<Circle> {
    let mut found: Vec<Circle> = Vec::new();
    for left_out in [-1, 1] {
        let kept: Vec<&Edge> = edges.iter().filter(|edge| edge.generation != left_out).collect();
        for files in components(&kept) {
            let inside = |edge: &&&Edge| files.contains(&edge.from) && files.contains(&edge.to);
            let edges = kept.iter().filter(inside).map(|edge| (*edge).clone()).collect();
            let circle = Circle { files, edges };
            let is_too_large = circle.room().is_none() || circle.files.len() > LARGEST_CIRCLE;
            if is_too_large && found.iter().all(|other| other.files != circle.files) {
                found.push(circle);
            }
        }
    }
    found
}

/// The sets of two and more files that reach each other.
fn components(edges: &[&Edge]) -> BTreeSet<BTreeSet<String>> {
    let mut next: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for edge in edges {
        next.entry(&edge.from).or_default().push(&edge.to);
    }
    let reached: BTreeMap<&str, BTreeSet<&str>> = next
        .keys()
        .map(|start| {
            let (mut reached, mut todo) = (BTreeSet::new(), vec![*start]);
            while let Some(file) = todo.pop() {
                let further = next.get(file).into_iter().flatten();
                todo.extend(further.filter(|file| reached.insert(**file)));
            }
            (*start, reached)
        })
        .collect();
    let leads = |from: &str, to: &str| reached.get(from).is_some_and(|set| set.contains(to));
    let around = |file: &&str| -> BTreeSet<String> {
        let others = reached.keys().filter(|other| leads(file, other) && leads(other, file));
        others.map(ToString::to_string).collect()
    };
    reached.keys().map(around).filter(|files| files.len() > 1).collect()
}
