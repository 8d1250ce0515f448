//! What is wrong with a configuration, and where.

use std::fmt;
use std::path::PathBuf;

use crate::text::sanitise;

/// Where a problem stands. The order is the order of the report.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// On the command line.
    Flag(&'static str),
    /// In this environment variable.
    Env(String),
    /// In a file.
    File {
        /// The file as it was named.
        path: PathBuf,
        /// From 1; `None`: the file as a whole.
        line: Option<usize>,
    },
    /// In the built-in defaults, or nowhere: something is missing.
    Nowhere,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(flag) => f.write_str(flag),
            Self::Env(name) => f.write_str(&sanitise(name)),
            Self::File { path, line } => {
                f.write_str(&sanitise(&path.to_string_lossy()))?;
                line.map_or(Ok(()), |line| write!(f, ":{line}"))
            }
            Self::Nowhere => f.write_str("configuration"),
        }
    }
}

/// One problem.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Where it stands.
    pub place: Place,
    /// What is wrong and what to do; sanitised, without secrets.
    pub text: String,
}

impl Problem {
    pub(super) fn new(place: Place, text: &str) -> Self {
        Self { place, text: sanitise(text) }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.text)
    }
}

/// Everything that is wrong with a configuration, never empty. Prints one problem per line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}
