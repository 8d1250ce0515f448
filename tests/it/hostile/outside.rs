//! Pipes, devices, directories and endless files wherever the program takes a path: refused with a
//! reason, never waited for.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::fs::{CWD, FileType, Mode, mknodat};

use crate::pty::home::Home;

/// What stands where a file is expected, and a word of the refusal.
fn surprises(dir: &Path, end: &str) -> Vec<(PathBuf, &'static str)> {
    let name = |what: &str| dir.join(format!("{what}{end}"));
    mknodat(CWD, name("pipe"), FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
    std::os::unix::fs::symlink("/dev/zero", name("zero")).unwrap();
    fs::create_dir(name("dir")).unwrap();
    File::create(name("long")).unwrap().set_len(10 << 30).unwrap();
    vec![
        (name("pipe"), "a pipe"),
        (name("zero"), "a device"),
        (name("dir"), "a directory"),
        (name("long"), "longer than"),
    ]
}

#[test]
fn config_articles_fixtures_recording_and_certificates_refuse_what_is_no_plain_file() {
    let home = Home::new();
    for end in ["", ".csv", ".toml"] {
        for (path, word) in surprises(home.path(), end) {
            let path = path.to_str().unwrap();
            let mut uses: Vec<Vec<&str>> = vec![vec!["--config", path, "config"]];
            match end {
                "" => uses.extend([vec!["sandbox", "--fixtures", path], vec!["--replay", path]]),
                _ => uses.push(vec!["articles", "check", path]),
            }
            let ca = format!(
                "[api]\nurl = \"https://127.0.0.1:1\"\nclient_id = \"x\"\nclient_secret = \"x\"\n\
                 ca_file = \"{path}\"\n"
            );
            let ca = home.file("ca.toml", &ca);
            if end.is_empty() {
                uses.push(vec!["--config", ca.to_str().unwrap(), "doctor"]);
            }
            for args in uses {
                let begun = Instant::now();
                let ended = home.run(&args);
                let said = format!("{}{}", ended.stdout, ended.stderr);
                assert_ne!(ended.code, 0, "{args:?}");
                assert!(said.contains(word), "{args:?}: {said}");
                assert!(begun.elapsed() < Duration::from_secs(5), "{args:?}");
            }
        }
    }
}

#[test]
fn a_journal_and_the_books_of_a_sandbox_that_are_no_plain_file_are_refused() {
    let home = Home::new();
    for (path, _) in surprises(home.path(), ".books").into_iter().take(3) {
        let args = ["sandbox", "--listen", "127.0.0.1:0", "--state", path.to_str().unwrap()];
        let ended = home.run(&args);
        assert_eq!(ended.code, 8, "{args:?} {}", ended.stderr);
    }
    let books = home.path().join("state/kasse/embedded");
    fs::create_dir_all(&books).unwrap();
    let journal = books.join("journal-sandbox.db");
    mknodat(CWD, &journal, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
    let ended = home.run(&["journal", "verify"]);
    assert_eq!(ended.code, 8, "{}", ended.stderr);
    assert!(ended.stderr.contains("is not a plain file"), "{}", ended.stderr);
}

/// The one helper is the only way in: no other code opens files for reading by a path.
#[test]
fn only_one_module_of_the_source_reads_files_from_outside() {
    fn sources(dir: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, found);
            } else if path.extension().is_some_and(|end| end == "rs") {
                found.push(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut files, mut others) = (Vec::new(), Vec::new());
    sources(&root, &mut files);
    assert!(files.len() > 100);
    for path in files {
        let name = path.strip_prefix(&root).unwrap().display().to_string();
        if name == "outside.rs" || name.ends_with("tests.rs") || name.contains("/tests/") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap();
        for (line, number) in code.lines().zip(1..) {
            let reads = ["fs::read(", "read_to_string(&path", "fs::read_to_string(", "File::open("]
                .iter()
                .any(|call| line.contains(call))
                || line.contains(".read(true)");
            if reads {
                others.push(format!("{name}:{number}: {}", line.trim()));
            }
        }
    }
    // Directories that are synced, the lock's own pid, and the mark, with its own refusals.
    let allowed = |line: &&String| {
        line.contains("File::open(parent)")
            || line.contains("File::open(dir)")
            || line.contains("TriesFile::open(")
            || line.contains("File::open(folder)")
            || line.starts_with("journal/place.rs") && line.contains(".read(true)")
    };
    others.retain(|line| !allowed(&line));
    assert_eq!(others, [""; 0]);
}
