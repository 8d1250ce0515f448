//! The command table: every command is one row. Help, legend, menu and `[keys]` come from it.
//!
//! Owns names, default keys and groups. Texts for people live with the languages (`ui::lang`).

use serde::{Deserialize, Serialize};

use super::Key;

/// Everything a cashier can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Command {
    /// Post the entry line.
    Post,
    /// The number typed becomes the multiplier.
    Multiply,
    /// Go to the tender step; in it, pay in cash (or by the method chosen).
    Total,
    /// Void the selected line; after a number, make the next article a return.
    VoidOrReturn,
    /// Apply the card and show the remainder.
    Subtotal,
    /// Clear the entry, or go one step back.
    Clear,
    /// Select the line above.
    Up,
    /// Select the line below.
    Down,
    /// One page up.
    PageUp,
    /// One page down.
    PageDown,
    /// Keys and how to sell.
    Help,
    /// Search articles by name.
    Search,
    /// Card and balance.
    Card,
    /// Load the number typed onto the card.
    TopUp,
    /// Tender in cash.
    Cash,
    /// Tender at the payment terminal.
    Cashless,
    /// Pay with the card alone.
    Loyalty,
    /// Void the selected line.
    VoidLine,
    /// Park the sale, or recall a parked one.
    Park,
    /// All commands.
    Menu,
    /// Finished sales of this session, their receipts and reprint.
    History,
    /// Lock the screen.
    Lock,
    /// In the tender step: the customer gives this note (5, 10, 20, 50, 100, 200).
    Note(u8),
    /// Make a card for the customer with this sale.
    NewCard,
    /// Choose a customer who has checked in.
    CheckIns,
    /// Take the card off the sale.
    RemoveCard,
    /// Void all lines and start anew.
    DiscardSale,
    /// Sales whose payment has no known outcome.
    Unresolved,
    /// Cancel a paid sale, chosen in the history.
    CancelSale,
    /// Break the payment at the terminal off.
    AbortPayment,
    /// Go on without the outcome of a payment, by decision.
    WriteOff,
    /// The server's list of transactions.
    Transactions,
    /// Diagnosis of the payment terminal.
    Diagnosis,
    /// The payment terminal closes its day.
    EndOfDay,
    /// Faults to practise with, on a sandbox.
    Faults,
    /// Check the connection to the server.
    Connect,
    /// The last exchanges with the server.
    Wire,
    /// Leave the program.
    Quit,
}

/// Where a command belongs in help and menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Group {
    /// Typing and scanning.
    Entry,
    /// Card and payment.
    Payment,
    /// Basket lines.
    Lines,
    /// Everything around the sale.
    Till,
}

/// One row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// The command.
    pub command: Command,
    /// Its name in `[keys]`.
    pub name: &'static str,
    /// Its keys unless configured otherwise.
    pub keys: &'static [Key],
    /// Its place in help and menu.
    pub group: Group,
    /// Listed in the command menu.
    pub in_menu: bool,
    /// From the menu it must be confirmed by a key that no scanner sends.
    pub guarded: bool,
}

const fn row(command: Command, name: &'static str, keys: &'static [Key], group: Group) -> Row {
    Row { command, name, keys, group, in_menu: false, guarded: false }
}

const fn menu(command: Command, name: &'static str, keys: &'static [Key], group: Group) -> Row {
    Row { in_menu: true, ..row(command, name, keys, group) }
}

const fn guarded(command: Command, name: &'static str, keys: &'static [Key], group: Group) -> Row {
    Row { guarded: true, ..menu(command, name, keys, group) }
}

/// All commands, in the order of help and menu.
pub const COMMANDS: &[Row] = &[
    row(Command::Post, "post", &[Key::Enter], Group::Entry),
    row(Command::Multiply, "multiply", &[Key::Char('*')], Group::Entry),
    row(Command::Clear, "clear", &[Key::Esc, Key::Delete], Group::Entry),
    menu(Command::Search, "search", &[Key::F(2)], Group::Entry),
    menu(Command::Total, "total", &[Key::Char('+')], Group::Payment),
    menu(Command::Subtotal, "subtotal", &[Key::Char('/')], Group::Payment),
    menu(Command::Card, "card", &[Key::F(3)], Group::Payment),
    menu(Command::TopUp, "top_up", &[Key::F(4)], Group::Payment),
    menu(Command::Cash, "cash", &[Key::F(5)], Group::Payment),
    menu(Command::Cashless, "cashless", &[Key::F(6)], Group::Payment),
    menu(Command::Loyalty, "loyalty", &[Key::F(7)], Group::Payment),
    row(Command::Note(5), "note_5", &[Key::ShiftF(1)], Group::Payment),
    row(Command::Note(10), "note_10", &[Key::ShiftF(2)], Group::Payment),
    row(Command::Note(20), "note_20", &[Key::ShiftF(3)], Group::Payment),
    row(Command::Note(50), "note_50", &[Key::ShiftF(4)], Group::Payment),
    row(Command::Note(100), "note_100", &[Key::ShiftF(5)], Group::Payment),
    row(Command::Note(200), "note_200", &[Key::ShiftF(6)], Group::Payment),
    menu(Command::NewCard, "new_card", &[], Group::Payment),
    menu(Command::CheckIns, "check_ins", &[], Group::Payment),
    guarded(Command::AbortPayment, "abort_payment", &[], Group::Payment),
    guarded(Command::RemoveCard, "remove_card", &[], Group::Payment),
    row(Command::VoidOrReturn, "storno", &[Key::Char('-')], Group::Lines),
    guarded(Command::VoidLine, "void_line", &[Key::F(8)], Group::Lines),
    row(Command::Up, "up", &[Key::Up], Group::Lines),
    row(Command::Down, "down", &[Key::Down], Group::Lines),
    row(Command::PageUp, "page_up", &[Key::PageUp], Group::Lines),
    row(Command::PageDown, "page_down", &[Key::PageDown], Group::Lines),
    guarded(Command::DiscardSale, "discard_sale", &[], Group::Lines),
    menu(Command::Help, "help", &[Key::F(1)], Group::Till),
    menu(Command::Park, "park", &[Key::F(9)], Group::Till),
    row(Command::Menu, "menu", &[Key::F(10), Key::Char(' ')], Group::Till),
    menu(Command::History, "history", &[Key::F(11)], Group::Till),
    menu(Command::Lock, "lock", &[Key::F(12)], Group::Till),
    menu(Command::Unresolved, "unresolved", &[], Group::Till),
    row(Command::CancelSale, "cancel_sale", &[], Group::Till),
    row(Command::WriteOff, "write_off", &[], Group::Till),
    menu(Command::Transactions, "transactions", &[], Group::Till),
    menu(Command::Diagnosis, "diagnosis", &[], Group::Till),
    guarded(Command::EndOfDay, "end_of_day", &[], Group::Till),
    menu(Command::Faults, "faults", &[], Group::Till),
    menu(Command::Connect, "connect", &[], Group::Till),
    menu(Command::Wire, "wire", &[Key::ShiftF(12)], Group::Till),
    guarded(Command::Quit, "quit", &[], Group::Till),
];

impl Command {
    /// The command's row.
    #[must_use]
    pub fn row(self) -> Option<&'static Row> {
        COMMANDS.iter().find(|row| row.command == self)
    }

    /// The command of this name in `[keys]`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        COMMANDS.iter().find(|row| row.name == name).map(|row| row.command)
    }
}
