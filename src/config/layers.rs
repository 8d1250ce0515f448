//! The values of flags, environment, file and defaults, one layer put over the other.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};

use super::schema::{Field, fields};
use super::value::{Raw, Value};
use super::{Place, Problem, document};
use crate::hint::{did_you_mean, nearest};

/// Variables that begin with `KASSE_` and are no key.
const OTHER_VARIABLES: [&str; 2] = ["KASSE_CONFIG", "KASSE_LOG"];

/// Everything a configuration is made from, already fetched.
#[derive(Clone, Default)]
pub struct Sources {
    /// The configuration file, if there is one.
    pub file: Option<File>,
    /// The whole environment.
    pub env: Vec<(OsString, OsString)>,
    /// Flags that were given, with their values: `("--lang", "de")`.
    pub flags: Vec<(&'static str, String)>,
    /// Where programs keep state; `None` where there is no home directory.
    pub state_home: Option<PathBuf>,
}

/// A configuration file.
#[derive(Clone)]
pub struct File {
    /// As it was named.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
    /// Its permission bits, where the system has such.
    pub mode: Option<u32>,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The built-in file.
    Default,
    /// The configuration file.
    File {
        /// As it was named.
        path: PathBuf,
        /// From 1.
        line: usize,
    },
    /// This environment variable.
    Env(String),
    /// This flag.
    Flag(&'static str),
}

impl Source {
    /// Where a problem with the value stands; `line` where it is not that of the key.
    pub(super) fn place(&self, line: Option<usize>) -> Place {
        match self {
            Self::Default => Place::Nowhere,
            Self::File { path, line: own } => {
                Place::File { path: path.clone(), line: Some(line.unwrap_or(*own)) }
            }
            Self::Env(name) => Place::Env(name.clone()),
            Self::Flag(flag) => Place::Flag(flag),
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File { .. } => write!(f, "file {}", self.place(None)),
            Self::Env(name) => write!(f, "environment {name}"),
            Self::Flag(flag) => write!(f, "flag {flag}"),
        }
    }
}

/// The value of one key.
#[derive(Debug, Clone)]
pub struct Setting {
    /// The key.
    pub field: Field,
    /// The value for people, secrets hidden; sanitised.
    pub shown: String,
    /// Where it comes from.
    pub source: Source,
    /// `None` while it is wrong: then a problem has been noted.
    pub(super) value: Option<Value>,
}

type Settings = BTreeMap<(&'static str, &'static str), Setting>;

/// The values so far and the problems so far.
#[derive(Default)]
pub(super) struct Layers {
    settings: Settings,
    problems: Vec<Problem>,
}

impl Layers {
    /// Settings by section and key, and the problems in the order in which they were found.
    pub(super) fn into_parts(self) -> (Settings, Vec<Problem>) {
        (self.settings, self.problems)
    }

    pub(super) fn complain(&mut self, place: Place, text: &str) {
        self.problems.push(Problem::new(place, text));
    }

    /// The setting of a key, even if its value is wrong.
    pub(super) fn setting(&self, section: &'static str, key: &'static str) -> Option<&Setting> {
        self.settings.get(&(section, key))
    }

    pub(super) fn set(&mut self, field: Field, raw: &Raw, source: Source, base: Option<&Path>) {
        let value = match field.kind.check(raw, base) {
            Ok(value) => Some(value),
            Err(complaints) => {
                for complaint in complaints {
                    let text = format!("{}: {}", field.path(), complaint.text);
                    self.complain(source.place(complaint.line), &text);
                }
                None
            }
        };
        let setting = Setting { field, shown: raw.shown(field.kind), source, value };
        self.settings.insert((field.section, field.key), setting);
    }

    /// A file, or without a path the defaults.
    pub(super) fn file(&mut self, text: &str, path: Option<&Path>) {
        let source = |line| match path {
            Some(path) => Source::File { path: path.to_owned(), line },
            None => Source::Default,
        };
        let contents = document::read(text);
        for (line, problem) in contents.problems {
            self.complain(source(line).place(None), &problem);
        }
        let base = path.and_then(Path::parent);
        for entry in contents.entries {
            self.set(entry.field, &entry.raw, source(entry.line), base);
        }
    }

    /// True when the values so far make this a kiosk.
    pub(super) fn is_kiosk(&self) -> bool {
        let kiosk = self.setting("", "kiosk").and_then(|setting| setting.value.as_ref());
        matches!(kiosk, Some(Value::Switch(true)))
    }

    pub(super) fn guard_secrets(&mut self, file: &File) {
        let open = file.mode.is_some_and(|mode| mode & 0o077 != 0);
        if !open {
            return;
        }
        for field in fields().filter(|field| field.kind.is_secret()) {
            let Some(secret) = self.setting(field.section, field.key) else { continue };
            if !matches!(secret.source, Source::File { .. }) || secret_is_empty(secret) {
                continue;
            }
            let place = secret.source.place(None);
            let text = format!(
                "{}: other users may read this file, so the secret is not used; run: chmod 600 {}",
                field.path(),
                file.path.display()
            );
            self.complain(place, &text);
        }
    }

    pub(super) fn environment(&mut self, env: &[(OsString, OsString)]) {
        for (name, value) in env {
            let name = name.to_string_lossy();
            if !name.starts_with("KASSE_") || OTHER_VARIABLES.contains(&name.as_ref()) {
                continue;
            }
            let Some(field) = fields().find(|field| field.env() == name) else {
                let known: Vec<_> = fields().map(|field| field.env()).collect();
                let near = nearest(&name, known.iter().map(String::as_str));
                let text = format!("unknown variable{}", did_you_mean(near));
                self.complain(Place::Env(name.into_owned()), &text);
                continue;
            };
            let source = Source::Env(name.into_owned());
            match value.to_str() {
                Some(text) => self.set(field, &Raw::from_text(field.kind, text), source, None),
                None => self.complain(source.place(None), "is not UTF-8"),
            }
        }
    }
}

/// A secret of a wrong type counts as one.
fn secret_is_empty(setting: &Setting) -> bool {
    use secrecy::ExposeSecret;
    match &setting.value {
        Some(Value::Secret(secret)) => secret.expose_secret().is_empty(),
        Some(Value::PinHash(hash)) => hash.is_none(),
        _ => false,
    }
}
