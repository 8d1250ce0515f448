//! The documents name files, benches, examples and tests: all of them exist.

use std::fs;
use std::path::Path;

use toml_edit::DocumentMut;

const DOCUMENTS: [&str; 3] = ["README.md", "CONTRIBUTING.md", "src/sandbox/README.md"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn text(document: &str) -> String {
    fs::read_to_string(root().join(document)).unwrap()
}

/// The words of all passages in backticks and of all fenced blocks.
fn words_of_code(document: &str) -> Vec<String> {
    let text = text(document);
    let mut words = Vec::new();
    let mut add = |code: &str| words.extend(code.split_whitespace().map(str::to_owned));
    let mut is_fenced = false;
    for line in text.lines() {
        if line.starts_with("```") {
            is_fenced = !is_fenced;
        } else if is_fenced {
            add(line);
        } else {
            line.split('`').skip(1).step_by(2).for_each(&mut add);
        }
    }
    words
}

/// Whether the word looks like a file or folder of the project.
fn is_path(word: &str) -> bool {
    let is_below = ["src", "tests", ".ci"].iter().any(|top| {
        word.strip_prefix(top).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    });
    let is_rust_or_text = [".rs", ".md"].iter().any(|end| word.ends_with(end));
    is_below || is_rust_or_text && !word.contains(['~', '$', '<', '*'])
}

/// Whether a module of the integration tests, or its folder, has this name (`ui::screens`).
fn is_test(filter: &str) -> bool {
    fn has(folder: &Path, name: &Path) -> bool {
        let is_here =
            folder.join(name).is_dir() || folder.join(name).with_extension("rs").is_file();
        is_here
            || fs::read_dir(folder).unwrap().any(|entry| {
                let path = entry.unwrap().path();
                path.is_dir() && has(&path, name)
            })
    }
    has(&root().join("tests/it"), Path::new(&filter.trim_end_matches(':').replace("::", "/")))
}

#[test]
fn every_path_that_a_document_names_exists() {
    let mut counts = Vec::new();
    for document in DOCUMENTS {
        let words = words_of_code(document);
        let paths: Vec<&String> = words.iter().filter(|word| is_path(word)).collect();
        for path in &paths {
            let path = path.trim_end_matches(['/', ':', ',', ';']);
            assert!(root().join(path).exists(), "{document} names {path}, which does not exist");
        }
        counts.push(paths.len());
        for link in text(document).split("](").skip(1) {
            let link = link.split(')').next().unwrap();
            let folder = root().join(document);
            let is_there = folder.parent().unwrap().join(link).exists();
            assert!(link.starts_with("https://") || is_there, "{document} links to {link}");
        }
    }
    assert!(counts[0] >= 2 && counts[1] >= 60 && counts[2] >= 2, "{counts:?}");
}

#[test]
fn every_bench_example_and_test_that_a_document_names_exists() {
    let manifest: DocumentMut = text("Cargo.toml").parse().unwrap();
    let is_target = |kind: &str, name: &str| {
        let targets = manifest[kind].as_array_of_tables().unwrap();
        targets.iter().any(|target| target["name"].as_str() == Some(name))
    };
    let mut counts = [0; 3];
    for document in DOCUMENTS {
        let words = words_of_code(document);
        for three in words.windows(3) {
            let (kind, is_there) = match [0, 1, 2].map(|at| three[at].as_str()) {
                [_, "--bench", name] => (0, is_target("bench", name)),
                [_, "--example", name] => (1, is_target("example", name)),
                ["--test", "it", name] => (2, is_test(name)),
                _ => continue,
            };
            assert!(is_there, "{document}: {three:?} does not exist");
            counts[kind] += 1;
        }
    }
    assert!(counts.iter().all(|count| *count >= 3), "{counts:?}");
}

#[test]
fn a_path_is_told_from_other_code() {
    for path in ["src/lib.rs", "tests", ".ci/run", "README.md", "tests/kiosk"] {
        assert!(is_path(path), "{path}");
    }
    for other in ["srcset", "/etc/kasse/till1.toml", "~/notes.md", "till1.toml", "$TOKEN", "a/b"] {
        assert!(!is_path(other), "{other}");
    }
    assert!(is_test("random::kill") && is_test("sshd") && !is_test("random::nothing"));
}
