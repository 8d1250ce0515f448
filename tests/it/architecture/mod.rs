//! The map of the rooms in `src/lib.rs` against the imports of the code: what it says is so.

mod map;
mod rules;
mod source;
mod tests;

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use rules::{circles, edges, upward};
use source::{Sources, Tree};

/// A larger circle that is accepted, within these files and folders alone.
struct Exception {
    within: &'static [&'static str],
    why: &'static str,
}

const EXCEPTIONS: &[Exception] = &[Exception {
    within: &["till/allowed.rs", "till/overlay", "till/state.rs", "till/update", "till/waiting.rs"],
    why: "the state holds the overlays, and an overlay's file also says what keys do to the state",
}];

/// Reads all files below `dir`, named from `root`.
fn read(root: &Path, dir: &Path, sources: &mut Sources) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read(root, &path, sources);
        } else if path.extension().is_some_and(|end| end == "rs") {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
            sources.insert(name, fs::read_to_string(&path).unwrap());
        }
    }
}

pub static SOURCES: LazyLock<Sources> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut sources = Sources::new();
    read(&root, &root, &mut sources);
    sources
});
pub static TREE: LazyLock<Tree> = LazyLock::new(|| Tree::read(&SOURCES));

#[test]
fn no_room_imports_upwards() {
    let rooms = map::rooms(&SOURCES["lib.rs"]).unwrap_or_else(|why| panic!("{}", why.join("\n")));
    let upward = upward(&TREE, &rooms);
    assert!(upward.is_empty(), "{}", upward.join("\n"));
}

#[test]
fn files_form_no_circle_between_rooms_and_none_of_more_than_three_in_one() {
    let found = circles(&edges(&TREE));
    let is_within = |it: &Exception, circle: &rules::Circle| {
        circle.files.iter().all(|file| it.within.iter().any(|place| file.starts_with(place)))
    };
    let left: Vec<String> = found
        .iter()
        .filter(|circle| !EXCEPTIONS.iter().any(|it| is_within(it, circle)))
        .map(rules::Circle::told)
        .collect();
    assert!(left.is_empty(), "{}", left.join("\n"));
    for it in EXCEPTIONS {
        let is_needed = found.iter().any(|circle| is_within(it, circle));
        assert!(
            is_needed,
            "{:?} have no circle any more ({}): delete the exception",
            it.within, it.why
        );
    }
}
