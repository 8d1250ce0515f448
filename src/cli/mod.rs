//! The command line: arguments and exit codes.
//!
//! Owns what can be asked for and with which number the program ends. Must not do any of it.

mod args;
mod exit;
mod pages;

pub use args::{
    ArticlesCommand, Cli, Command, ConsoleArgs, DoctorArgs, ExportFormat, JournalCommand,
    SANDBOX_ADDRESS, SandboxArgs, SandboxCommand, ServeArgs, SettingArgs, listen_warning, parse,
};
pub use exit::{Exit, exit_codes};
pub use pages::{completions, manual};
