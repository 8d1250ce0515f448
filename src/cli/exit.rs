//! With which number the program ends.

use std::process::ExitCode;

/// How the program ended. The numbers are part of the interface: scripts may rely on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Everything was done.
    Ok = 0,
    /// A fault of kasse itself.
    Internal = 1,
    /// The command line is wrong.
    Usage = 2,
    /// Standard input or output is no terminal.
    NoTerminal = 3,
    /// The configuration is wrong.
    Config = 4,
    /// The article file is wrong.
    Articles = 5,
    /// The address to listen on is in use or not allowed.
    Listen = 6,
    /// The server does not know the account, or its secret is wrong.
    Account = 7,
    /// The state directory cannot be used.
    State = 8,
    /// `kasse doctor` found a problem.
    Problem = 9,
}

impl Exit {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 10] = [
        Self::Ok,
        Self::Internal,
        Self::Usage,
        Self::NoTerminal,
        Self::Config,
        Self::Articles,
        Self::Listen,
        Self::Account,
        Self::State,
        Self::Problem,
    ];

    /// The number that the shell sees.
    #[must_use]
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// What it means, for people.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Ok => "done",
            Self::Internal => "a fault of kasse itself",
            Self::Usage => "the command line is wrong",
            Self::NoTerminal => "standard input or output is not a terminal",
            Self::Config => "the configuration is wrong; every problem is listed",
            Self::Articles => {
                "the article file is wrong; its bad rows are listed, the first 1,000 of them"
            }
            Self::Listen => "the address to listen on is in use or not allowed",
            Self::Account => "the server refused the account: client_id or client_secret",
            Self::State => "the state directory cannot be used",
            Self::Problem => "kasse doctor found a problem",
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// The table of exit codes as Markdown, for the README.
#[must_use]
pub fn exit_codes() -> String {
    let rows = Exit::ALL.map(|exit| format!("| {} | {} |\n", exit.code(), exit.meaning()));
    format!("| code | meaning |\n|---|---|\n{}", rows.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_distinct_and_all_are_documented() {
        let codes = Exit::ALL.map(Exit::code);
        assert_eq!(codes, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
        assert_eq!(exit_codes().lines().count(), 2 + codes.len());
    }
}
