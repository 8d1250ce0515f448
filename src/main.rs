//! The `kasse` program: hands the command line to the library and returns its exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(kasse::run::main(std::env::args_os()))
}
