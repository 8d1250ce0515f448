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

/// A circle that is known and on its way out.
struct Exception {
    room: &'static str,
    why: &'static str,
}

const EXCEPTIONS: &[Exception] = &[
    Exception { room: "sandbox", why: "ledger, sale, state and others, until the store is apart" },
    Exception { room: "till", why: "calls, cards, outcomes and sales name each other's types" },
];

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

static SOURCES: LazyLock<Sources> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut sources = Sources::new();
    read(&root, &root, &mut sources);
    sources
});
static TREE: LazyLock<Tree> = LazyLock::new(|| Tree::read(&SOURCES));

#[test]
fn no_room_imports_upwards() {
    let rooms = map::rooms(&SOURCES["lib.rs"]).unwrap_or_else(|why| panic!("{}", why.join("\n")));
    let upward = upward(&TREE, &rooms);
    assert!(upward.is_empty(), "{}", upward.join("\n"));
}

#[test]
fn files_form_no_circle_between_rooms_and_none_of_more_than_three_in_one() {
    let found = circles(&edges(&TREE));
    let excepted = |room: Option<&str>| EXCEPTIONS.iter().find(|it| Some(it.room) == room);
    let left: Vec<String> = found
        .iter()
        .filter(|circle| excepted(circle.room()).is_none())
        .map(rules::Circle::told)
        .collect();
    assert!(left.is_empty(), "{}", left.join("\n"));
    for Exception { room, why } in EXCEPTIONS {
        let is_needed = found.iter().any(|circle| circle.room() == Some(room));
        assert!(is_needed, "`{room}` has no circle any more ({why}): delete its exception");
    }
}
