//! The command table: every command is one row. Help, legend, menu, `[keys]` and
//! [`super::allowed()`] come from it.
//!
//! Owns names, default keys, groups, and where a command works ([`super::columns`] says what its
//! columns mean). Texts for people live with the languages (`lang`); what a command does is in
//! `update`.

use serde::{Deserialize, Serialize};

use super::columns::{
    ASIDE, BASKET, LINES, Moves, NOT_PAYING, NOWHERE, Needs, Over, PAYING, PIECES, Row, SELLING,
    TO_PAY, Takes, UNSTARTED, guarded, menu, note, of_line, of_sale, payment, quick, row,
};
use super::{Key, Role};
use crate::wire::StartMethod;

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
    /// Sell as many pieces of the selected line as the number typed says.
    Quantity,
    /// Sell the selected line at the price typed.
    Price,
    /// Take a part off the price.
    Discount(DiscountOf, DiscountBy),
    /// Note something on the selected line.
    LineNote,
    /// Note something on the sale.
    SaleNote,
    /// Sell what this quick key stands for, 1 to 20; a number typed is the price.
    Quick(u8),
    /// The page of the quick keys.
    QuickKeys,
    /// Make an article of a code that is not known.
    Teach,
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

/// What a discount takes off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum DiscountOf {
    /// The selected line.
    Line,
    /// The whole sale.
    Sale,
}

/// How a discount is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum DiscountBy {
    /// In percent.
    Percent,
    /// The amount that is taken off.
    Amount,
    /// The price that remains.
    Deal,
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

/// All commands, in the order of help and menu.
pub const COMMANDS: &[Row] = &[
    row(Command::Post, "post", &[Key::Enter], Group::Entry).over(Over::Everything),
    row(Command::Multiply, "multiply", &[Key::Char('*')], Group::Entry)
        .steps(PIECES)
        .over(Over::Closes)
        .takes(Takes::Pieces),
    row(Command::Clear, "clear", &[Key::Esc, Key::Delete], Group::Entry).over(Over::Everything),
    menu(Command::Search, "search", &[Key::F(2)], Group::Entry).steps(SELLING),
    quick(1, "quick_1", &[Key::ShiftF(7)]),
    quick(2, "quick_2", &[Key::ShiftF(8)]),
    quick(3, "quick_3", &[Key::ShiftF(9)]),
    quick(4, "quick_4", &[Key::ShiftF(10)]),
    quick(5, "quick_5", &[Key::ShiftF(11)]),
    quick(6, "quick_6", &[]),
    quick(7, "quick_7", &[]),
    quick(8, "quick_8", &[]),
    quick(9, "quick_9", &[]),
    quick(10, "quick_10", &[]),
    quick(11, "quick_11", &[]),
    quick(12, "quick_12", &[]),
    quick(13, "quick_13", &[]),
    quick(14, "quick_14", &[]),
    quick(15, "quick_15", &[]),
    quick(16, "quick_16", &[]),
    quick(17, "quick_17", &[]),
    quick(18, "quick_18", &[]),
    quick(19, "quick_19", &[]),
    quick(20, "quick_20", &[]),
    menu(Command::QuickKeys, "quick_keys", &[], Group::Entry).steps(SELLING),
    Row {
        role: Role::Cashier,
        ..menu(Command::Teach, "teach", &[Key::Insert], Group::Entry)
            .steps(SELLING)
            .needs(Needs::UnknownCode)
            .lent()
    },
    payment(Command::Total, "total", &[Key::Char('+')], None),
    menu(Command::Subtotal, "subtotal", &[Key::Char('/')], Group::Payment)
        .steps(TO_PAY)
        .over(Over::Closes)
        .needs(Needs::PayingCard)
        .takes(Takes::Nothing)
        .prepares()
        .waits(),
    menu(Command::Card, "card", &[Key::F(3)], Group::Payment).needs(Needs::CardNumber),
    menu(Command::TopUp, "top_up", &[Key::F(4)], Group::Payment)
        .steps(SELLING)
        .needs(Needs::NoLockedCard)
        .takes(Takes::Number)
        .prepares(),
    payment(Command::Cash, "cash", &[Key::F(5)], Some(StartMethod::Cash)),
    payment(Command::Cashless, "cashless", &[Key::F(6)], Some(StartMethod::Cashless)),
    payment(Command::Loyalty, "loyalty", &[Key::F(7)], Some(StartMethod::Loyalty)),
    note(5, "note_5", &[Key::ShiftF(1)]),
    note(10, "note_10", &[Key::ShiftF(2)]),
    note(20, "note_20", &[Key::ShiftF(3)]),
    note(50, "note_50", &[Key::ShiftF(4)]),
    note(100, "note_100", &[Key::ShiftF(5)]),
    note(200, "note_200", &[Key::ShiftF(6)]),
    menu(Command::NewCard, "new_card", &[], Group::Payment).steps(SELLING),
    menu(Command::CheckIns, "check_ins", &[], Group::Payment).steps(SELLING),
    guarded(Command::AbortPayment, "abort_payment", &[], Group::Payment)
        .steps(PAYING)
        .needs(Needs::Abortable)
        .waits(),
    guarded(Command::RemoveCard, "remove_card", &[], Group::Payment)
        .steps(BASKET)
        .needs(Needs::Card),
    row(Command::VoidOrReturn, "storno", &[Key::Char('-')], Group::Lines)
        .steps(PIECES)
        .over(Over::Closes)
        .takes(Takes::Pieces),
    guarded(Command::VoidLine, "void_line", &[Key::F(8)], Group::Lines)
        .steps(LINES)
        .over(Over::Panels),
    of_line(Command::Quantity, "quantity", &[Key::Home]).lent(),
    of_line(Command::Price, "price", &[]),
    of_line(Command::Discount(DiscountOf::Line, DiscountBy::Percent), "discount", &[Key::End])
        .lent(),
    of_line(Command::Discount(DiscountOf::Line, DiscountBy::Amount), "discount_amount", &[]).lent(),
    of_line(Command::Discount(DiscountOf::Line, DiscountBy::Deal), "deal", &[]).lent(),
    of_sale(DiscountBy::Percent, "sale_discount"),
    of_sale(DiscountBy::Amount, "sale_discount_amount"),
    of_sale(DiscountBy::Deal, "sale_deal"),
    Row { needs: Needs::Nothing, ..of_line(Command::LineNote, "line_note", &[]) }
        .takes(Takes::Nothing),
    menu(Command::SaleNote, "sale_note", &[], Group::Lines).steps(LINES).takes(Takes::Nothing),
    row(Command::Up, "up", &[Key::Up], Group::Lines),
    row(Command::Down, "down", &[Key::Down], Group::Lines),
    row(Command::PageUp, "page_up", &[Key::PageUp], Group::Lines),
    row(Command::PageDown, "page_down", &[Key::PageDown], Group::Lines),
    guarded(Command::DiscardSale, "discard_sale", &[], Group::Lines)
        .steps(UNSTARTED)
        .needs(Needs::NoCall)
        .takes(Takes::Nothing)
        .waits(),
    menu(Command::Help, "help", &[Key::F(1)], Group::Till),
    menu(Command::Park, "park", &[Key::F(9)], Group::Till)
        .steps(ASIDE)
        .needs(Needs::Parkable)
        .takes(Takes::Nothing)
        .waits(),
    row(Command::Menu, "menu", &[Key::F(10), Key::Char(' ')], Group::Till),
    menu(Command::History, "history", &[Key::F(11)], Group::Till).needs(Needs::Finished),
    menu(Command::Lock, "lock", &[Key::F(12)], Group::Till).over(Over::Everything),
    menu(Command::Unresolved, "unresolved", &[], Group::Till).needs(Needs::Unresolved),
    row(Command::CancelSale, "cancel_sale", &[], Group::Till)
        .needs(Needs::ChosenSale)
        .takes(Takes::Nothing)
        .prepares()
        .waits(),
    row(Command::WriteOff, "write_off", &[], Group::Till).steps(NOWHERE),
    menu(Command::Transactions, "transactions", &[], Group::Till).takes(Takes::Nothing),
    menu(Command::Diagnosis, "diagnosis", &[], Group::Till)
        .steps(NOT_PAYING)
        .needs(Needs::Terminal),
    guarded(Command::EndOfDay, "end_of_day", &[], Group::Till)
        .steps(NOT_PAYING)
        .needs(Needs::ClosedDay)
        .waits(),
    Row { sandbox: true, ..menu(Command::Faults, "faults", &[], Group::Till) },
    menu(Command::Connect, "connect", &[], Group::Till).needs(Needs::NoCheck),
    Row { inspector: true, ..menu(Command::Wire, "wire", &[Key::ShiftF(12)], Group::Till) },
    Row {
        asks_pin_in_kiosk: true,
        ..guarded(Command::Quit, "quit", &[], Group::Till).steps(NOT_PAYING).waits()
    },
];

impl Command {
    /// The command's row.
    #[must_use]
    pub fn row(self) -> Option<&'static Row> {
        COMMANDS.iter().find(|row| row.command == self)
    }

    /// True for the keys that highlight another row.
    #[must_use]
    pub const fn is_move(self) -> bool {
        matches!(self, Self::Up | Self::Down | Self::PageUp | Self::PageDown)
    }

    /// The method by which the command pays, if it names one.
    #[must_use]
    pub fn method(self) -> Option<StartMethod> {
        match self.row()?.moves {
            Moves::Pays(method) => method,
            Moves::Nothing | Moves::Prepares => None,
        }
    }

    /// The command of this name in `[keys]`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        COMMANDS.iter().find(|row| row.name == name).map(|row| row.command)
    }
}
