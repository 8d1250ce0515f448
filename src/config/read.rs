//! Fetches the texts of a configuration from disk and environment.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;

use super::{File, Loaded, Place, Problem, Problems, Sources, load};
use crate::hint::decode;

/// Nobody writes a longer file by hand; a device or a wrong file would never end.
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
    let env: Vec<_> = std::env::vars_os().collect();
    let state_home = etcetera::choose_base_strategy().ok().and_then(|base| base.state_dir());
    let by_variable = env.iter().find(|(name, value)| name == "KASSE_CONFIG" && !value.is_empty());
    let named = named.map(Path::to_owned).or_else(|| by_variable.map(|(_, path)| path.into()));
    let is_named = named.is_some();
    let (mut file, mut unreadable) = (None, None);
    if let Some(path) = named.or_else(default_path) {
        match read_file(&path) {
            Ok(read) => file = Some(read),
            Err(ReadError::Io(error)) if !is_named && is_absent(&error) => {}
            Err(error) => unreadable = Some(error.problem(path)),
        }
    }
    let loaded = load(&Sources { file, env, flags, state_home });
    // The other layers are checked nevertheless: all problems are told at once.
    match (unreadable, loaded) {
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
    let file = fs::File::open(path).map_err(ReadError::Io)?;
    // Asked of the open file, so that nobody can exchange it in between.
    let mode = mode(&file).map_err(ReadError::Io)?;
    let bytes = read_bytes(file, LONGEST_FILE)?;
    let text = decode(&bytes).map_err(ReadError::NotText)?.to_owned();
    Ok(File { path: path.to_owned(), text, mode })
}

fn read_bytes(file: fs::File, longest: u64) -> Result<Vec<u8>, ReadError> {
    let mut bytes = Vec::new();
    file.take(longest + 1).read_to_end(&mut bytes).map_err(ReadError::Io)?;
    if bytes.len() as u64 > longest { Err(ReadError::TooLong) } else { Ok(bytes) }
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
