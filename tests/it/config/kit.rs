//! Sources of a configuration, made short.

use std::path::PathBuf;

use kasse::config::{File, Loaded, Problems, Sources, load};

/// The file that tests pretend to read.
pub const FILE: &str = "/etc/kasse.toml";

/// Sources with a state directory and nothing else.
pub fn nothing() -> Sources {
    Sources { state_home: Some(PathBuf::from("/home/till/.local/state")), ..Sources::default() }
}

/// A file of these texts, private to its owner.
pub fn file(text: &str) -> Sources {
    let file = File { path: PathBuf::from(FILE), text: text.to_owned(), mode: Some(0o600) };
    Sources { file: Some(file), ..nothing() }
}

/// Environment variables.
pub fn env(mut sources: Sources, pairs: &[(&str, &str)]) -> Sources {
    sources.env.extend(pairs.iter().map(|(name, value)| (name.into(), value.into())));
    sources
}

/// All problems, one line each.
pub fn problems(sources: &Sources) -> Vec<String> {
    let Problems(problems) = load(sources).expect_err("something is wrong");
    problems.iter().map(ToString::to_string).collect()
}

/// Shown value and source of a key.
pub fn shown(loaded: &Loaded, path: &str) -> (String, String) {
    let setting = loaded.settings.iter().find(|s| s.field.path() == path).expect(path);
    (setting.shown.clone(), setting.source.to_string())
}
