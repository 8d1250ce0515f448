//! The command line: arguments and exit codes.
//!
//! Owns what can be asked for and with which number the program ends. Must not do any of it.

mod args;
mod articles;
mod exit;
mod pages;

pub use args::{
    Cli, Command, ConsoleArgs, DoctorArgs, ExportFormat, JournalCommand, SANDBOX_ADDRESS,
    SandboxArgs, SandboxCommand, ServeArgs, SettingArgs, listen_warning, parse,
};
pub use articles::{ArticleFormat, ArticlesCommand, ImportArgs};
pub use exit::{Exit, exit_codes};
pub use pages::{completions, manual};
