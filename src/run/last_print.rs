//! The printer at the end of the program: a bounded wait, then the names of what is not printed.

use std::io::{self, Write};
use std::time::Duration;

use crate::console::End;
use crate::printer::Queue;

/// How long what is to be printed is waited for at the end.
const LAST_PRINT: Duration = Duration::from_secs(3);

/// The same, when the system wants the program to end.
const LAST_PRINT_TERMINATED: Duration = Duration::from_secs(1);

/// Waits for the printer, and names what it has not taken.
pub(super) fn finish(printer: &Queue, end: &io::Result<End>) {
    let asked = matches!(end, Ok(End::Till(_)));
    let gone = matches!(end, Ok(End::HungUp));
    let waiting = printer.waiting();
    if asked && waiting > 0 {
        let _ = writeln!(io::stderr(), "kasse: waiting for the printer, receipts: {waiting}");
    }
    let unprinted = printer.finish(if asked { LAST_PRINT } else { LAST_PRINT_TERMINATED });
    if unprinted.is_empty() {
        return;
    }
    tracing::warn!(count = unprinted.len(), "not printed");
    // After a hang-up it cannot be read.
    if !gone {
        let _ = writeln!(
            io::stderr(),
            "kasse: not printed: {}. The sales are safe; the history of the next start prints them \
             again.",
            unprinted.join(", ")
        );
    }
}
