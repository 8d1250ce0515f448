//! The map at the top of `src/sandbox/mod.rs` holds: imports go to rows above, and in no circle.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/sandbox");

/// All files but tests: the path of the module (`ledger::plan`) and the code before its tests.
fn files() -> BTreeMap<String, String> {
    let (mut folders, mut found) = (vec![PathBuf::from(ROOT)], BTreeMap::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "rs")
                && !["tests", "properties"].contains(&name.as_str())
            {
                let text = fs::read_to_string(&path).unwrap();
                let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap().to_owned();
                found.insert(module(&path), code);
            }
        }
    }
    found.remove("");
    found
}

fn module(path: &Path) -> String {
    let path = path.strip_prefix(ROOT).unwrap().with_extension("");
    let path = path.to_str().unwrap().replace('/', "::");
    path.strip_suffix("mod").map_or(path.as_str(), |it| it.trim_end_matches(':')).to_owned()
}

/// The modules that `code` names below `crate::sandbox`.
fn imports(code: &str, files: &BTreeMap<String, String>) -> BTreeSet<String> {
    let code = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    let code = code.collect::<Vec<_>>().join("\n");
    let mut found = BTreeSet::new();
    for rest in code.split("crate::sandbox::").skip(1) {
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != ':');
        let (path, rest) = rest.split_at(end.unwrap_or(rest.len()));
        let group = rest.strip_prefix('{').and_then(|rest| rest.split_once('}'));
        let names = group.map_or("", |(names, _)| names).split(',');
        for name in names {
            // The longest part of the path that is a file.
            let mut path = format!("{path}{}", name.trim());
            while !files.contains_key(&path) {
                let shorter = path.rsplit_once("::").map(|(shorter, _)| shorter.to_owned());
                path = shorter.unwrap_or_else(|| panic!("{path} is no file"));
            }
            found.insert(path);
        }
    }
    found
}

#[test]
fn folders_import_only_from_rows_above_their_own() {
    let text = fs::read_to_string(format!("{ROOT}/mod.rs")).unwrap();
    let rows = text.lines().filter_map(|line| line.strip_prefix("//! | `")?.split('|').next());
    let rows: BTreeMap<String, usize> = (0..)
        .zip(rows)
        .flat_map(|(at, names)| {
            names.split('`').step_by(2).map(move |name| (name.trim().to_owned(), at))
        })
        .collect();
    let (files, room) = (files(), |module: &str| module.split("::").next().unwrap().to_owned());
    assert!(files.len() > 100, "{}", files.len());
    for (module, code) in &files {
        let own = rows.get(&room(module)).unwrap_or_else(|| panic!("{module} has no row"));
        assert!(!code.contains("super::"), "{module}: paths begin with crate::sandbox");
        for import in imports(code, &files) {
            let same = room(&import) == room(module);
            assert!(same || rows[&room(&import)] < *own, "{module} imports {import}");
        }
    }
}

#[test]
fn no_two_files_import_each_other_not_even_by_a_detour() {
    let files = files();
    let mut left: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (module, code) in &files {
        let mut imports = imports(code, &files);
        imports.remove(module);
        left.insert(module, imports);
    }
    loop {
        let before = left.len();
        let known: BTreeSet<String> = left.keys().map(|module| (*module).to_owned()).collect();
        left.retain(|_, imports| !imports.is_disjoint(&known));
        if left.len() == before {
            break;
        }
    }
    assert!(left.is_empty(), "circle among {:?}", left.keys());
}
