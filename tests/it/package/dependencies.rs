//! Under which licences the dependencies stand, where they come from, and which are there twice.
//! Read from `cargo metadata` and Cargo.lock, without a network.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

/// Licences that a program under Apache-2.0 may be shipped with.
const LICENCES: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Whether a crate comes from a registry: not from a repository, and not from a folder.
fn is_published(source: Option<&str>) -> bool {
    source.is_some_and(|source| source.starts_with("registry+"))
}

/// Whether an SPDX expression can be met with [`LICENCES`] alone.
fn is_allowed(expression: &str) -> bool {
    // The old way to write "or".
    let expression = expression.replace('/', " OR ").replace(['(', ')'], " ");
    // Without nesting "and" binds tighter; a group within "and" is met only by all of its parts,
    // which is stricter than it says.
    expression.split(" OR ").any(|all| all.split(" AND ").all(|one| LICENCES.contains(&one.trim())))
        || expression.contains(" AND ")
            && expression
                .split(" AND ")
                .all(|any| any.split(" OR ").any(|one| LICENCES.contains(&one.trim())))
}

#[test]
fn licences_are_read_as_they_are_meant() {
    for good in [
        "MIT",
        "MIT OR GPL-3.0",
        "MIT/Apache-2.0",
        "Apache-2.0 AND ISC",
        "(MIT OR Apache-2.0) AND Unicode-3.0",
    ] {
        assert!(is_allowed(good), "{good}");
    }
    for bad in ["", "GPL-3.0", "MIT AND GPL-3.0", "GPL-2.0 OR AGPL-3.0", "Proprietary"] {
        assert!(!is_allowed(bad), "{bad}");
    }
}

/// All packages that could be part of a build; nothing when cargo cannot tell without a network.
fn packages() -> Option<Vec<Value>> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let host = if cfg!(target_os = "linux") { "x86_64-unknown-linux-gnu" } else { return None };
    let done = Command::new(cargo)
        .args(["metadata", "--offline", "--locked", "--format-version", "1"])
        .args(["--filter-platform", host])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    if !done.status.success() {
        eprintln!("skipped, not all crates are here: {}", String::from_utf8_lossy(&done.stderr));
        return None;
    }
    let metadata: Value = serde_json::from_slice(&done.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap().iter();
    Some(packages.filter(|package| package["name"] != "kasse").cloned().collect())
}

#[test]
fn every_dependency_stands_under_a_licence_that_allows_shipping() {
    let Some(packages) = packages() else { return };
    assert!(packages.len() > 100, "{} packages", packages.len());
    let (mut wrong, mut sources) = (Vec::new(), BTreeSet::new());
    for package in &packages {
        let licence = package["license"].as_str().unwrap_or_default();
        if !is_allowed(licence) {
            wrong.push(format!("{} {}: {licence:?}", package["name"], package["version"]));
        }
        assert!(is_published(package["source"].as_str()), "{}", package["name"]);
        sources.insert(package["source"].to_string());
    }
    assert_eq!(sources.len(), 1, "all from one registry: {sources:?}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    println!("{} dependencies, all under allowed licences", packages.len());
}

/// Crates that are there in more than one version, and who still needs the older one.
const TWICE: &[(&str, &str)] = &[
    ("bitflags", "portable-pty, tests only"),
    ("block-buffer", "argon2 is on digest 0.10"),
    ("cpufeatures", "argon2 is on digest 0.10"),
    ("crypto-common", "argon2 is on digest 0.10"),
    ("digest", "argon2 is on digest 0.10"),
    ("getrandom", "ring"),
    ("rand_core", "password-hash of argon2"),
    ("syn", "derive macros move to 3 one by one; build time only"),
    ("synstructure", "asn1-rs-derive, tests only"),
    ("thiserror", "filedescriptor, tests only"),
    ("thiserror-impl", "filedescriptor, tests only"),
    ("windows-sys", "ring; not built here"),
    ("winnow", "toml_edit and toml_parser"),
];

#[test]
fn no_crate_is_there_twice_without_a_reason() {
    let lock = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.lock")).unwrap();
    let lock: toml_edit::Document<_> = toml_edit::Document::parse(lock).unwrap();
    let mut versions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for package in lock["package"].as_array_of_tables().unwrap() {
        let text = |key: &str| package.get(key).and_then(toml_edit::Item::as_str);
        let (name, version) = (text("name").unwrap(), text("version").unwrap());
        assert!(name == "kasse" || is_published(text("source")), "{name} is not published");
        versions.entry(name.to_owned()).or_default().insert(version.to_owned());
    }
    let twice: BTreeSet<&str> = versions
        .iter()
        .filter(|(_, found)| found.len() > 1)
        .map(|(name, _)| name.as_str())
        .collect();
    let known: BTreeSet<&str> = TWICE.iter().map(|(name, _)| *name).collect();
    let shown: Vec<_> = twice.iter().map(|name| (name, &versions[*name])).collect();
    assert_eq!(twice, known, "{shown:?}");
}
