//! What can be written behind `kasse articles`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum, ValueHint};

/// What can be done with articles.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum ArticlesCommand {
    /// Read an article file and count its articles, or tell all that is wrong with it
    Check {
        /// A .csv, .toml or .json file
        #[arg(value_hint = ValueHint::FilePath)]
        file: PathBuf,
    },
    /// Put the articles of files in the place of all imported before; running consoles take them
    /// over
    Import(ImportArgs),
    /// Write all articles to a file that can be imported again
    Export {
        /// Format; without it, that of the file's name, otherwise CSV
        #[arg(long, value_enum)]
        format: Option<ArticleFormat>,
        /// A new file; without it or with -, standard output
        #[arg(value_hint = ValueHint::FilePath)]
        file: Option<PathBuf>,
    },
    /// One line per article: all, or those that words of the name find, the best first
    List {
        /// Words of name or number
        text: Vec<String>,
        /// Those that were taught at the till
        #[arg(long)]
        taught: bool,
        /// Those that may not be sold
        #[arg(long)]
        locked: bool,
        /// Those of this merchandise group
        #[arg(long, value_name = "GROUP")]
        group: Option<String>,
    },
    /// Everything about one article
    Show {
        /// Its number or one of its codes
        article: String,
    },
}

/// Files and flags of an import.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct ImportArgs {
    /// .csv, .toml or .json files; all of them are one import
    #[arg(required = true, value_hint = ValueHint::FilePath)]
    pub files: Vec<PathBuf>,
    /// Change nothing: list what is wrong with the files and what would change
    #[arg(long)]
    pub dry_run: bool,
    /// Import the right rows even if others are wrong
    #[arg(long)]
    pub skip_bad: bool,
}

/// A format of `kasse articles export`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ArticleFormat {
    /// Comma-separated values.
    Csv,
    /// `[[article]]` tables.
    Toml,
    /// A JSON array.
    Json,
}
