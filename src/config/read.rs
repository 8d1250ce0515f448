//! Fetches the texts of a configuration from disk and environment.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;

use super::{File, Loaded, Place, Problem, Problems, Sources, load};
use crate::hint::decode;
use crate::outside;

/// Longer than any file written by hand; a device or a wrong file would never end.
const LONGEST_FILE: u64 = 1 << 20;

/// The configuration file that is read when none is named: `kasse/config.toml` in the XDG
/// configuration directory. `None` where there is no home directory.
#[must_use]
pub fn default_path() -> Option<PathBuf> {
    let base = etcetera::choose_base_strategy().ok()?;
    Some(base.config_dir().join("kasse").join("config.toml"))
}

/// Reads the file `named` by the user, or the one of `KASSE_CONFIG`, or the default one, and puts
/// environment and `flags` (name and value) over it.
///
/// # Errors
/// Everything that is wrong, an unreadable file and a missing named file included. A missing
/// default file is no problem.
pub fn read(named: Option<&Path>, flags: Vec<(&'static str, String)>) -> Result<Loaded, Problems> {
    let state_home = etcetera::choose_base_strategy().ok().and_then(|base| base.state_dir());
    let env = std::env::vars_os().collect();
    fetch(named, default_path(), Sources { file: None, env, flags, state_home })
}

/// The file that [`read()`] takes: the one `named` by the user, or that of `KASSE_CONFIG`, or the
/// default one, which need not exist.
#[must_use]
pub fn location(named: Option<&Path>) -> Option<PathBuf> {
    let env: Vec<_> = std::env::vars_os().collect();
    chosen(named, &env).or_else(default_path)
}

/// The file that was chosen by flag or environment.
fn chosen(named: Option<&Path>, env: &[(OsString, OsString)]) -> Option<PathBuf> {
    let variable = env.iter().find(|(name, _)| name == "KASSE_CONFIG");
    let variable = variable.map(|(_, path)| PathBuf::from(path));
    named.map(Path::to_owned).or_else(|| variable.filter(|path| !path.as_os_str().is_empty()))
}

/// Adds the file to the sources and loads them.
fn fetch(
    named: Option<&Path>,
    default: Option<PathBuf>,
    mut sources: Sources,
) -> Result<Loaded, Problems> {
    let named = chosen(named, &sources.env);
    let is_named = named.is_some();
    let mut unreadable = None;
    if let Some(path) = named.or(default) {
        match read_file(&path) {
            Ok(file) => sources.file = Some(file),
            Err(ReadError::Io(error)) if !is_named && is_absent(&error) => {}
            Err(error) => unreadable = Some(error.problem(path)),
        }
    }
    // The other layers are checked nevertheless: all problems are told at once.
    match (unreadable, load(&sources)) {
        (None, loaded) => loaded,
        (Some(problem), Ok(_)) => Err(Problems(vec![problem])),
        (Some(problem), Err(Problems(mut problems))) => {
            problems.push(problem);
            problems.sort();
            Err(Problems(problems))
        }
    }
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

enum ReadError {
    Io(io::Error),
    TooLong,
    /// The line that is not UTF-8.
    NotText(usize),
}

impl ReadError {
    fn of(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::FileTooLarge => Self::TooLong,
            _ => Self::Io(error),
        }
    }

    fn problem(self, path: PathBuf) -> Problem {
        let (line, text) = match self {
            Self::Io(error) => (None, format!("cannot be read: {error}")),
            Self::TooLong => (None, format!("is longer than {LONGEST_FILE} bytes")),
            Self::NotText(line) => (Some(line), "is not UTF-8 text".to_owned()),
        };
        Problem::new(Place::File { path, line }, &text)
    }
}

fn read_file(path: &Path) -> Result<File, ReadError> {
    let mut file = outside::open(path, LONGEST_FILE).map_err(ReadError::of)?;
    // Asked of the open file, so that it cannot be exchanged in between.
    let mode = mode(&file).map_err(ReadError::Io)?;
    let bytes = outside::bytes(&mut file, LONGEST_FILE).map_err(ReadError::of)?;
    let text = decode(&bytes).map_err(ReadError::NotText)?.to_owned();
    Ok(File { path: path.to_owned(), text, mode })
}

#[cfg(unix)]
fn mode(file: &fs::File) -> io::Result<Option<u32>> {
    use std::os::unix::fs::PermissionsExt;
    Ok(Some(file.metadata()?.permissions().mode() & 0o777))
}

#[cfg(not(unix))]
fn mode(_file: &fs::File) -> io::Result<Option<u32>> {
    Ok(None)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn seed(named: Option<&Path>, variable: &str, default: Option<PathBuf>) -> Result<u64, String> {
        let env = vec![("KASSE_CONFIG".into(), variable.into())];
        let state_home = Some(PathBuf::from("/state"));
        let sources = Sources { env, state_home, ..Sources::default() };
        let loaded = fetch(named, default, sources).map_err(|problems| problems.to_string())?;
        Ok(loaded.config.sandbox_seed)
    }

    #[test]
    fn the_flag_then_the_variable_then_the_default_place_names_the_file() {
        let dir = tempfile::tempdir().unwrap();
        let file = |name: &str, seed: u64| {
            let path = dir.path().join(name);
            fs::write(&path, format!("sandbox.seed = {seed}\n")).unwrap();
            path
        };
        let (flag, variable, default) = (file("flag", 2), file("variable", 3), file("default", 4));
        let variable = variable.to_str().unwrap();
        assert_eq!(seed(Some(&flag), variable, Some(default.clone())), Ok(2));
        assert_eq!(seed(None, variable, Some(default.clone())), Ok(3));
        assert_eq!(seed(None, "", Some(default)), Ok(4));
        assert_eq!(seed(None, "", None), Ok(1));
    }

    #[test]
    fn only_the_default_file_may_be_missing() {
        let dir = tempfile::tempdir().unwrap();
        let missing = dir.path().join("none").join("config.toml");
        let name = missing.to_str().unwrap();
        assert_eq!(seed(None, "", Some(missing.clone())), Ok(1));
        for problem in [seed(Some(&missing), "", None), seed(None, name, None)] {
            let problem = problem.unwrap_err();
            assert!(problem.starts_with(&format!("{name}: cannot be read: ")), "{problem}");
        }
        // A default file that is there but cannot be read is not missing.
        assert!(seed(None, "", Some(dir.path().to_owned())).is_err());
    }
}
