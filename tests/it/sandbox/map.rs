//! The map at the top of `src/sandbox/mod.rs` holds: imports go to rows above, and in no circle.

use std::collections::{BTreeMap, BTreeSet};

use crate::architecture::{SOURCES, TREE};

const ROOT: &str = "sandbox/mod.rs";

/// All files but the root and tests, with the files below the root that each names.
fn imports() -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    let mut found: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let below = TREE.0.values().filter(|it| it.file.starts_with("sandbox/") && it.file != ROOT);
    for module in below {
        let named = module.named.iter().map(|named| TREE.file_of(&named.path));
        let named = named.filter(|file| file.starts_with("sandbox/"));
        found.entry(&module.file).or_default().extend(named);
    }
    for (file, imports) in &mut found {
        imports.remove(file);
        assert!(!imports.contains(ROOT), "{file} names what is no file of its own");
    }
    found
}

/// The folder or file of the map that `file` belongs to.
fn room(file: &str) -> &str {
    file.split('/').nth(1).unwrap().trim_end_matches(".rs")
}

#[test]
fn folders_import_only_from_rows_above_their_own() {
    let rows =
        SOURCES[ROOT].lines().filter_map(|line| line.strip_prefix("//! | `")?.split('|').next());
    let rows: BTreeMap<String, usize> = (0..)
        .zip(rows)
        .flat_map(|(at, names)| {
            names.split('`').step_by(2).map(move |name| (name.trim().to_owned(), at))
        })
        .collect();
    let files = imports();
    assert!(files.len() > 100, "{}", files.len());
    for (file, imports) in &files {
        let own = rows.get(room(file)).unwrap_or_else(|| panic!("{file} has no row"));
        let code = SOURCES[*file].split("#[cfg(test)]\nmod tests {").next().unwrap();
        assert!(!code.contains("super::"), "{file}: paths begin with crate::sandbox");
        for import in imports {
            let same = room(import) == room(file);
            assert!(same || rows[room(import)] < *own, "{file} imports {import}");
        }
    }
}

#[test]
fn no_two_files_import_each_other_not_even_by_a_detour() {
    let mut left = imports();
    loop {
        let before = left.len();
        let known: BTreeSet<&str> = left.keys().copied().collect();
        left.retain(|_, imports| !imports.is_disjoint(&known));
        if left.len() == before {
            break;
        }
    }
    assert!(left.is_empty(), "circle among {:?}", left.keys());
}
