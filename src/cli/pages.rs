//! What the command line's definition is turned into: completions for shells, manual pages.
//!
//! Owns their making. Must not write them anywhere.

use std::io::{self, Write};

use clap::CommandFactory;
use clap_complete::Shell;
use clap_mangen::Man;

use super::{Cli, Exit};

/// The script with which `shell` completes command lines of kasse.
#[must_use]
pub fn completions(shell: Shell) -> Vec<u8> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "kasse", &mut script);
    script
}

/// The manual page (roff) of the command with these names, `["sandbox", "confirm"]`; of kasse
/// itself for none. `None`: there is no such command.
///
/// # Errors
/// None in practice: the page is made in memory.
pub fn manual(names: &[String]) -> io::Result<Option<Vec<u8>>> {
    let mut whole = Cli::command();
    // Global flags reach the commands only by this.
    whole.build();
    let mut command = &whole;
    for name in names {
        let Some(below) = command.find_subcommand(name) else { return Ok(None) };
        command = below;
    }
    let mut page = Vec::new();
    Man::new(command.clone())
        .source(concat!("kasse ", env!("CARGO_PKG_VERSION")))
        .manual("kasse")
        .render(&mut page)?;
    writeln!(page, ".SH \"EXIT STATUS\"")?;
    for exit in Exit::ALL {
        writeln!(page, ".TP\n\\fB{}\\fR\n{}", exit.code(), exit.meaning())?;
    }
    Ok(Some(page))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use clap::{Command, ValueEnum};

    use super::*;

    /// Every command with the names that lead to it, itself included.
    fn commands(command: &Command, names: &[String], out: &mut Vec<(Vec<String>, Command)>) {
        out.push((names.to_vec(), command.clone()));
        for below in command.get_subcommands() {
            commands(below, &[names, &[below.get_name().to_owned()]].concat(), out);
        }
    }

    fn all() -> Vec<(Vec<String>, Command)> {
        let mut whole = Cli::command();
        whole.build();
        let mut out = Vec::new();
        commands(&whole, &[], &mut out);
        assert!(out.len() > 12, "the walk finds the commands");
        out
    }

    fn flags(command: &Command) -> impl Iterator<Item = String> {
        command.get_arguments().filter_map(|flag| Some(format!("--{}", flag.get_long()?)))
    }

    #[test]
    fn completions_name_every_command_and_flag() {
        for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
            let script = String::from_utf8(completions(shell)).unwrap();
            for (names, command) in all() {
                assert!(names.last().is_none_or(|name| script.contains(name)), "{shell} {names:?}");
                for flag in flags(&command) {
                    // Fish names flags without their hyphens.
                    let name = if shell == Shell::Fish { &flag[2..] } else { &flag };
                    assert!(script.contains(name), "{shell} {names:?} {flag}");
                }
            }
        }
        for shell in Shell::value_variants() {
            assert!(!completions(*shell).is_empty(), "{shell}");
        }
    }

    #[test]
    fn every_command_has_a_page_that_names_its_commands_and_flags() {
        for (names, command) in all() {
            let page = String::from_utf8(manual(&names).unwrap().unwrap()).unwrap();
            let page = page.replace("\\-", "-");
            assert!(page.contains(".TH kasse"), "{names:?}\n{page}");
            for flag in flags(&command) {
                assert!(page.contains(&flag), "{names:?} {flag}\n{page}");
            }
            for below in command.get_subcommands() {
                assert!(page.contains(below.get_name()), "{names:?} {below}");
            }
        }
        assert_eq!(manual(&["sell".to_owned()]).unwrap(), None);
    }
}
