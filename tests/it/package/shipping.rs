//! What is shipped: the package's files, the release notes, pages and completions of the program.

use std::fs;
use std::path::Path;

use kasse::cli::exit_codes;
use toml_edit::DocumentMut;

use crate::pty::home::Home;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn manifest() -> DocumentMut {
    fs::read_to_string(root().join("Cargo.toml")).unwrap().parse().unwrap()
}

/// What the README makes below `target/dist` before it packs, and with which command.
const MADE: [(&str, &[&str]); 4] = [
    ("target/dist/kasse.1", &["man"]),
    ("target/dist/kasse.bash", &["completions", "bash"]),
    ("target/dist/_kasse", &["completions", "zsh"]),
    ("target/dist/kasse.fish", &["completions", "fish"]),
];

#[test]
fn every_file_of_the_package_exists_or_is_made() {
    let manifest = manifest();
    let deb = &manifest["package"]["metadata"]["deb"];
    let assets = deb["assets"].as_array().unwrap();
    let mut made = vec!["target/release/kasse"];
    made.extend(MADE.map(|(file, _)| file));
    for asset in assets {
        let asset = asset.as_array().unwrap();
        let [from, to, bits] = [0, 1, 2].map(|at| asset.get(at).unwrap().as_str().unwrap());
        let is_made = made.contains(&from);
        assert!(is_made || root().join(from).is_file(), "{from} does not exist");
        assert!(to.starts_with("usr/"), "{to}: nothing is put where an administrator decides");
        assert_eq!(bits, if from.ends_with("/kasse") { "755" } else { "644" }, "{from}");
        made.retain(|file| *file != from);
    }
    assert_eq!(made, Vec::<&str>::new(), "everything that is made is packed");
    let licence = deb["license-file"][0].as_str().unwrap();
    assert!(root().join(licence).is_file());
}

#[test]
fn the_program_prints_the_pages_that_are_packed() {
    let home = Home::new();
    for (file, args) in MADE {
        let printed = home.run(args);
        assert_eq!((printed.code, printed.stderr.as_str()), (0, ""), "{file}");
        assert!(printed.stdout.contains("kasse"), "{file}");
    }
    let page = home.run(&["man", "sandbox", "confirm"]);
    assert!(page.stdout.contains("EXIT STATUS") && page.stdout.contains("url"), "{}", page.stdout);
    assert_eq!(home.run(&["man", "sell"]).code, 2);
    assert_eq!(home.run(&["completions", "tcsh"]).code, 2);
    // Neither needs a right configuration: they are made where there is none.
    let home = home.env("KASSE_NONSENSE", "1");
    assert_eq!(home.run(&["man"]).code, 0);
    let help = home.run(&["--help"]).stdout;
    for command in ["doctor", "completions", "man"] {
        assert!(help.contains(command), "{help}");
    }
    assert!(exit_codes().contains("kasse doctor found a problem"));
}

/// Keep a Changelog: `## [Unreleased]`, then releases with their days, the newest first.
#[test]
fn the_changelog_keeps_its_form() {
    const KINDS: [&str; 6] = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"];
    let manifest = manifest();
    let version = manifest["package"]["version"].as_str().unwrap();
    let text = fs::read_to_string(root().join("CHANGELOG.md")).unwrap();
    assert!(text.starts_with("# Changelog\n"));
    let mut releases = Vec::new();
    let mut kinds: Vec<&str> = Vec::new();
    for line in text.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            let rest = heading.strip_prefix('[').expect("a version in brackets");
            let (release, day) = rest.split_once(']').unwrap();
            if release == "Unreleased" {
                assert_eq!((day, releases.len()), ("", 0), "{line}");
            } else {
                let day = day.strip_prefix(" - ").expect("the day of the release");
                assert!(day.parse::<jiff::civil::Date>().is_ok(), "{line}");
                assert_eq!(release.split('.').count(), 3, "{line}");
                assert!(release.split('.').all(|part| part.parse::<u32>().is_ok()), "{line}");
            }
            releases.push(release);
            kinds.clear();
        } else if let Some(kind) = line.strip_prefix("### ") {
            assert!(KINDS.contains(&kind), "{line}");
            assert!(!kinds.contains(&kind), "{kind} twice in {:?}", releases.last());
            kinds.push(kind);
        } else if line.starts_with("- ") {
            assert!(!kinds.is_empty(), "an entry of no kind: {line}");
        }
    }
    let newest = releases.first().expect("a release, or what is not released yet");
    assert!(*newest == "Unreleased" || *newest == version, "{newest} is not {version}");
    let versions: Vec<Vec<u32>> = releases
        .iter()
        .filter(|release| **release != "Unreleased")
        .map(|release| release.split('.').map(|part| part.parse().unwrap()).collect())
        .collect();
    assert!(versions.windows(2).all(|pair| pair[0] > pair[1]), "{releases:?}");
}
