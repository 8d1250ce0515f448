//! What can be written behind `kasse`.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};
use clap_complete::Shell;
use jiff::civil::Date;

use super::{ArticlesCommand, Exit};
use crate::config::flag;
use crate::sandbox::Fault;

/// The command line.
#[derive(Debug, Clone, PartialEq, Eq, Parser)]
#[command(
    name = "kasse",
    version,
    about = "Keyboard-only cashier console for the Smart Transactions API",
    long_about = "Without a command, kasse opens the console: on the server that the \
                  configuration names, otherwise on a sandbox of its own.",
    disable_help_subcommand = true
)]
pub struct Cli {
    /// What to do; nothing: the console.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Flags of the console.
    #[command(flatten)]
    pub console: ConsoleArgs,
    /// Settings, before or behind the command.
    #[command(flatten)]
    pub settings: SettingArgs,
}

/// What else than the console can be asked for.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum Command {
    /// Run the stand-in server alone, until it is interrupted
    #[command(after_help = SANDBOX_HELP)]
    Sandbox(SandboxArgs),
    /// Show every setting, its value and where it comes from
    Config {
        /// Explain every setting
        #[arg(long)]
        explain: bool,
    },
    /// Read the till's journal; a running console does not mind
    #[command(subcommand)]
    Journal(JournalCommand),
    /// Ask for a new PIN twice and print the line that the configuration takes
    Pin,
    /// Look after the shop's articles
    #[command(subcommand)]
    Articles(ArticlesCommand),
    /// Look at all that a till needs and say what to do about what is wrong; sells nothing
    Doctor(DoctorArgs),
    /// Print a script with which a shell completes command lines
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print the manual page of kasse or of one of its commands
    Man {
        /// The command, like: sandbox confirm
        command: Vec<String>,
    },
}

/// Flags of `kasse doctor`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Args)]
pub struct DoctorArgs {
    /// Print the findings as JSON
    #[arg(long)]
    pub json: bool,
    /// Print a test slip on the receipt printer
    #[arg(long)]
    pub print: bool,
    /// Show what arrives from the scanner instead, until Esc
    #[arg(long, conflicts_with_all = ["json", "print"])]
    pub scanner: bool,
}

/// Flags of the console.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
pub struct ConsoleArgs {
    /// Forget the sales and balances of the sandbox inside and start anew
    #[arg(long)]
    pub fresh: bool,
    /// A fault of the sandbox inside, like lost-answer@start#1; may be repeated
    #[arg(long, value_name = "FAULT")]
    pub fault: Vec<Fault>,
    /// Record what happens in a new file for a bug report, card numbers replaced; not in a kiosk
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub record: Option<PathBuf>,
    /// Show a recording step by step, without server, journal and printer
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath,
          conflicts_with_all = ["record", "fresh", "fault"])]
    pub replay: Option<PathBuf>,
    /// Print the last screen of the recording as text and leave
    #[arg(long, requires = "replay")]
    pub to_end: bool,
}

/// What can be asked of the journal.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum JournalCommand {
    /// One line per sale, the last ones
    List {
        /// How many sales
        #[arg(long, value_name = "N", default_value_t = 50)]
        last: usize,
        /// Those before the sale with this number; the list says it where there are older ones
        #[arg(long, value_name = "NUMBER")]
        before: Option<i64>,
        /// All sales there are
        #[arg(long, conflicts_with_all = ["last", "before"])]
        all: bool,
    },
    /// Everything about one sale
    Show {
        /// The sale's reference, as in the list
        sale: String,
    },
    /// Entries, card numbers masked
    Export {
        /// Format
        #[arg(long, value_enum, default_value_t = ExportFormat::Json)]
        format: ExportFormat,
        /// The first day, as in 2026-11-28; without it, from the beginning
        #[arg(long, value_name = "DATE")]
        from: Option<Date>,
        /// The last day; without it, to the end
        #[arg(long, value_name = "DATE")]
        to: Option<Date>,
    },
    /// Look for changes made to the journal, or to an export of it, afterwards
    Verify {
        /// An export in JSON; without it, the journal and its archives
        #[arg(value_hint = ValueHint::FilePath)]
        export: Option<PathBuf>,
    },
}

/// A format of `kasse journal export`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// A JSON array.
    Json,
    /// Comma-separated values.
    Csv,
}

/// Flags that change settings. There is none for the secret: others can read a command line.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
pub struct SettingArgs {
    /// Configuration file [default: kasse/config.toml in the XDG configuration directory]
    #[arg(long, global = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub config: Option<PathBuf>,
    /// Server to sell on; "" is the sandbox inside
    #[arg(long, global = true, value_name = "URL")]
    pub api_url: Option<String>,
    /// Language: auto, en, de
    #[arg(long, global = true, value_name = "LANGUAGE")]
    pub lang: Option<String>,
    /// Colours: auto, dark, mono
    #[arg(long, global = true, value_name = "THEME")]
    pub theme: Option<String>,
    /// Article file, .toml or .csv
    #[arg(long, global = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub articles: Option<String>,
}

const SANDBOX_HELP: &str = "\
Point any client at the address that it prints: client_id and client_secret are \"sandbox\",
unless the fixtures name other accounts.
It answers these, to this machine alone, besides the API:
  POST /sandbox/confirm/CODE  confirm the pairing of a device
  GET  /sandbox/health        status, version, uptime, counts
  POST /sandbox/reset         back to the fixtures
  GET  /sandbox/fixtures      the cards as they stand now, for --fixtures
  GET  /sandbox/faults        the faults that are switched on; PUT switches them
  GET  /sandbox/openapi.json  all that it can be asked, as OpenAPI 3.1";

/// The address that the sandbox listens on when none is given.
pub const SANDBOX_ADDRESS: &str = "127.0.0.1:8474";

/// The sandbox on its own: to run, or something that a running one is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct SandboxArgs {
    /// What to do instead of serving.
    #[command(subcommand)]
    pub command: Option<SandboxCommand>,
    /// Flags of the server.
    #[command(flatten)]
    pub serve: ServeArgs,
}

/// What can be done about a sandbox besides running it.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum SandboxCommand {
    /// Print the default merchant, programmes and cards: a file to change and give to --fixtures
    Fixtures,
    /// Confirm the pairing of a device, as the merchant does in the back office
    Confirm {
        /// The code that the device shows
        code: String,
        /// The sandbox that the device talks to
        #[arg(long, value_name = "URL", default_value_t = format!("http://{SANDBOX_ADDRESS}"))]
        url: String,
    },
}

/// Flags of the sandbox that serves.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct ServeArgs {
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = SANDBOX_ADDRESS)]
    pub listen: SocketAddr,
    /// The number that ids and tokens follow from
    #[arg(long, value_name = "N")]
    pub seed: Option<String>,
    /// A fault to play, like lost-answer@start:1/3; may be repeated
    #[arg(long, value_name = "FAULT")]
    pub fault: Vec<Fault>,
    /// Pair devices by themselves once they have asked N times; without it, people confirm them
    #[arg(long, value_name = "N")]
    pub confirm_after: Option<u32>,
    /// Keep transactions and balances in this file; they survive whatever ends the sandbox
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub state: Option<PathBuf>,
    /// Forget what the state file holds and begin anew
    #[arg(long, requires = "state")]
    pub fresh: bool,
    /// Merchant, programmes and cards to begin with (JSON); a state file goes before
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub fixtures: Option<PathBuf>,
    /// How long the simulated payment terminal takes
    #[arg(long, value_name = "MS", default_value_t = 0)]
    pub terminal_latency: u32,
}

impl Cli {
    /// The settings among the flags, as [`crate::config::read`] takes them.
    #[must_use]
    pub fn flags(&self) -> Vec<(&'static str, String)> {
        let seed = match &self.command {
            Some(Command::Sandbox(sandbox)) => sandbox.serve.seed.as_ref(),
            _ => None,
        };
        [
            ("api", "url", self.settings.api_url.as_ref()),
            ("screen", "language", self.settings.lang.as_ref()),
            ("screen", "theme", self.settings.theme.as_ref()),
            ("articles", "file", self.settings.articles.as_ref()),
            ("sandbox", "seed", seed),
        ]
        .into_iter()
        .filter_map(|(section, key, value)| Some((flag(section, key)?, value?.clone())))
        .collect()
    }
}

/// Reads a command line, the program's name first.
///
/// # Errors
/// The code to end with at once, after help, version or a complaint has been printed:
/// [`Exit::Ok`] or [`Exit::Usage`].
pub fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Cli, Exit> {
    Cli::try_parse_from(args).map_err(|error| {
        // With closed standard streams the error cannot be shown.
        let _ = error.print();
        if error.use_stderr() { Exit::Usage } else { Exit::Ok }
    })
}

/// What to say on stderr before listening where other machines can reach it.
#[must_use]
pub fn listen_warning(listen: SocketAddr) -> Option<String> {
    (!listen.ip().is_loopback()).then(|| {
        format!("warning: {listen} is not a loopback address, other machines can reach the sandbox")
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]

    use clap::CommandFactory;

    use super::*;
    use crate::config::fields;

    fn cli(line: &str) -> Result<Cli, Exit> {
        parse(line.split(' ').map(OsString::from))
    }

    #[test]
    fn the_definition_passes_claps_own_check() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_flag_of_the_table_exists_and_is_passed_on() {
        let line = "kasse --api-url u --lang de --theme mono --articles a.csv sandbox --seed 7";
        let mut passed: Vec<_> = cli(line).unwrap().flags().into_iter().map(|(f, _)| f).collect();
        let mut known: Vec<_> = fields().filter_map(|field| field.flag).collect();
        passed.sort_unstable();
        known.sort_unstable();
        assert_eq!(passed, known);
        assert!(cli("kasse sandbox").unwrap().flags().is_empty());
    }

    #[test]
    fn command_lines_become_their_commands() {
        assert_eq!(cli("kasse").unwrap().command, None);
        let sandbox = cli("kasse sandbox").unwrap().command;
        let listen = SocketAddr::from(([127, 0, 0, 1], 8474));
        let serve = ServeArgs {
            listen,
            seed: None,
            fault: Vec::new(),
            confirm_after: None,
            state: None,
            fresh: false,
            fixtures: None,
            terminal_latency: 0,
        };
        assert_eq!(sandbox, Some(Command::Sandbox(SandboxArgs { command: None, serve })));
        let confirm = cli("kasse sandbox confirm aa63q9k9").unwrap().command;
        let Some(Command::Sandbox(SandboxArgs { command: Some(command), .. })) = confirm else {
            panic!("{confirm:?}");
        };
        let url = "http://127.0.0.1:8474".to_owned();
        assert_eq!(command, SandboxCommand::Confirm { code: "aa63q9k9".to_owned(), url });
        for line in ["kasse --lang de config --explain", "kasse config --explain --lang de"] {
            let cli = cli(line).unwrap();
            assert_eq!(cli.command, Some(Command::Config { explain: true }), "{line}");
            assert_eq!(cli.flags(), [("--lang", "de".to_owned())], "{line}");
        }
        let check = cli("kasse articles check a.csv").unwrap().command;
        let file = PathBuf::from("a.csv");
        assert_eq!(check, Some(Command::Articles(ArticlesCommand::Check { file })));
    }

    #[test]
    fn what_cannot_be_read_ends_with_its_code() {
        assert_eq!(cli("kasse --version"), Err(Exit::Ok));
        for line in [
            "kasse --secret x",
            "kasse sandbox --fresh",
            "kasse sell",
            "kasse sandbox --listen here",
            "kasse articles",
        ] {
            assert_eq!(cli(line), Err(Exit::Usage), "{line}");
        }
    }

    #[test]
    fn an_address_beyond_loopback_warns_and_loopback_does_not() {
        assert_eq!(listen_warning(SocketAddr::from(([127, 0, 0, 1], 0))), None);
        assert_eq!(listen_warning("[::1]:80".parse().unwrap()), None);
        let warning = listen_warning("0.0.0.0:8474".parse().unwrap()).unwrap();
        assert!(warning.contains("0.0.0.0:8474"));
    }
}
