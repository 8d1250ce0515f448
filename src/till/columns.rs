//! The columns of the command table: what a row says of its command.
//!
//! Owns their values and how a row is written. [`super::allowed()`] reads them; which command has
//! which is in [`super::COMMANDS`].

use super::{Access, Command, DiscountBy, DiscountOf, Group, Key, Refusal, Role};
use crate::wire::StartMethod;

/// What a command does with the entry line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// It uses what is typed, or leaves it as it is.
    Anything,
    /// It needs a number, and has no use for pieces.
    Number,
    /// It uses a number, and asks for one where none is typed.
    Asks,
    /// A number is the price of what it sells.
    Price,
    /// It makes pieces of a number; after a finished sale it needs one.
    Pieces,
    /// It needs an empty line; a number that was refused is cleared.
    Nothing,
    /// In the tender step the number is the amount given; before it, as [`Takes::Nothing`].
    Amount,
    /// It names an amount itself, in place of a number that was refused.
    Instead,
}

/// What a command does about an overlay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Over {
    /// It works over every overlay, questions included.
    Everything,
    /// It works over every overlay that asks nothing.
    Pages,
    /// As [`Over::Pages`], and closes them; in the tender step it must come again, because the
    /// amount was covered.
    Closes,
    /// It closes them and must come again: the selected line was covered.
    Panels,
}

/// What a command has to do with money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moves {
    /// Nothing.
    Nothing,
    /// It prepares a payment or takes one back: not while the journal is out of order.
    Prepares,
    /// It leads to the tender step and pays in it; `None`: by the method that is chosen there.
    Pays(Option<StartMethod>),
}

/// What must be there besides the step of the sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Nothing.
    Nothing,
    /// A card on the sale.
    Card,
    /// A card's number, typed or on the sale.
    CardNumber,
    /// A card that can pay.
    PayingCard,
    /// No locked card.
    NoLockedCard,
    /// A basket that can be paid, or a tender step that takes the method.
    Payable,
    /// A payment that the server may be asked to break off.
    Abortable,
    /// No call of the sale under way.
    NoCall,
    /// Goods in the selected line.
    Goods,
    /// A code that no article has.
    UnknownCode,
    /// A sale to park, or a parked one.
    Parkable,
    /// A finished sale; over a receipt, a printer.
    Finished,
    /// An outcome that is not known.
    Unresolved,
    /// A paid sale, chosen in a list.
    ChosenSale,
    /// The terminal.
    Terminal,
    /// The terminal, and no outcome that is not known.
    ClosedDay,
    /// No connection check under way.
    NoCheck,
}

/// Whether a command works in each step of a sale, and if not, why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Steps {
    /// In a basket without lines. Said after [`Needs`]: a missing card comes first.
    pub empty: Result<(), Refusal>,
    /// In a basket with lines.
    pub filled: Result<(), Refusal>,
    /// In the tender step.
    pub tender: Result<(), Refusal>,
    /// While a payment is under way.
    pub paying: Result<(), Refusal>,
    /// While its outcome is unknown.
    pub unknown: Result<(), Refusal>,
    /// While a finished sale is shown.
    pub done: Result<(), Refusal>,
}

const YES: Result<(), Refusal> = Ok(());
const NO: Result<(), Refusal> = Err(Refusal::NotHere);
const UNPAID: Result<(), Refusal> = Err(Refusal::NotWhilePaying);

/// In every step.
const ANYWHERE: Steps =
    Steps { empty: YES, filled: YES, tender: YES, paying: YES, unknown: YES, done: YES };
/// In no step: the command is asked for by an overlay alone.
pub(super) const NOWHERE: Steps =
    Steps { empty: NO, filled: NO, tender: NO, paying: NO, unknown: NO, done: NO };
/// Where the sale has not been paid, or the next one may begin.
pub(super) const SELLING: Steps = Steps { empty: YES, filled: YES, done: YES, ..NOWHERE };
pub(super) const BASKET: Steps = Steps { empty: YES, filled: YES, ..NOWHERE };
pub(super) const LINES: Steps =
    Steps { empty: Err(Refusal::NoLine), paying: UNPAID, unknown: UNPAID, ..BASKET };
pub(super) const PIECES: Steps = Steps { paying: UNPAID, unknown: UNPAID, ..SELLING };
pub(super) const TO_PAY: Steps = Steps {
    empty: Err(Refusal::BasketEmpty),
    filled: YES,
    paying: UNPAID,
    unknown: UNPAID,
    ..NOWHERE
};
const PAYMENT: Steps = Steps { tender: YES, ..TO_PAY };
const TENDER: Steps = Steps { tender: YES, ..NOWHERE };
pub(super) const PAYING: Steps = Steps { paying: YES, ..NOWHERE };
pub(super) const UNSTARTED: Steps =
    Steps { tender: YES, paying: UNPAID, unknown: UNPAID, ..BASKET };
pub(super) const ASIDE: Steps = Steps { paying: UNPAID, unknown: YES, ..SELLING };
pub(super) const NOT_PAYING: Steps = Steps { paying: UNPAID, ..ANYWHERE };

/// One row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
// Each is a column of its own: any combination makes sense.
#[allow(clippy::struct_excessive_bools)]
pub struct Row {
    /// The command.
    pub command: Command,
    /// Its name in `[keys]`.
    pub name: &'static str,
    /// Its keys unless configured otherwise.
    pub keys: &'static [Key],
    /// It is younger than many a configuration: whoever else was given one of its keys keeps it.
    pub lent: bool,
    /// Its place in help and menu.
    pub group: Group,
    /// Listed in the command menu.
    pub in_menu: bool,
    /// From the menu it must be confirmed by a key that no scanner sends.
    pub guarded: bool,
    /// The steps of a sale in which it works.
    pub steps: Steps,
    /// The overlays over which it works.
    pub over: Over,
    /// What must be there.
    pub needs: Needs,
    /// What it has to do with money.
    pub moves: Moves,
    /// What it does with the entry line.
    pub takes: Takes,
    /// It does not begin while a record is on its way to a slow disk.
    pub waits_for_disk: bool,
    /// The least role that may do it.
    pub role: Role,
    /// Only where the server is a sandbox.
    pub sandbox: bool,
    /// Only where the exchanges with the server may be looked at.
    pub inspector: bool,
    /// In a kiosk it asks for the PIN, so it does nothing where no prompt can be seen.
    pub asks_pin_in_kiosk: bool,
}

/// A row of a command that works everywhere and is not in the menu.
pub(super) const fn row(
    command: Command,
    name: &'static str,
    keys: &'static [Key],
    group: Group,
) -> Row {
    Row {
        command,
        name,
        keys,
        lent: false,
        group,
        in_menu: false,
        guarded: false,
        steps: ANYWHERE,
        over: Over::Pages,
        needs: Needs::Nothing,
        moves: Moves::Nothing,
        takes: Takes::Anything,
        waits_for_disk: false,
        role: Role::Trainee,
        sandbox: false,
        inspector: false,
        asks_pin_in_kiosk: false,
    }
}

/// As [`row`], in the menu.
pub(super) const fn menu(
    command: Command,
    name: &'static str,
    keys: &'static [Key],
    group: Group,
) -> Row {
    Row { in_menu: true, ..row(command, name, keys, group) }
}

/// As [`menu`], and asks there.
pub(super) const fn guarded(
    command: Command,
    name: &'static str,
    keys: &'static [Key],
    group: Group,
) -> Row {
    Row { guarded: true, ..menu(command, name, keys, group) }
}

/// A command that leads to the tender step, and pays in it.
pub(super) const fn payment(
    command: Command,
    name: &'static str,
    keys: &'static [Key],
    method: Option<StartMethod>,
) -> Row {
    menu(command, name, keys, Group::Payment).steps(PAYMENT).takes(Takes::Amount).pays(method)
}

/// A note that the customer gives, in whole units.
pub(super) const fn note(units: u8, name: &'static str, keys: &'static [Key]) -> Row {
    row(Command::Note(units), name, keys, Group::Payment)
        .steps(TENDER)
        .takes(Takes::Instead)
        .pays(Some(StartMethod::Cash))
}

/// A command about the selected line of goods, with a number.
pub(super) const fn of_line(command: Command, name: &'static str, keys: &'static [Key]) -> Row {
    menu(command, name, keys, Group::Lines)
        .steps(LINES)
        .over(Over::Panels)
        .needs(Needs::Goods)
        .takes(Takes::Asks)
}

/// A discount of the whole sale.
pub(super) const fn of_sale(by: DiscountBy, name: &'static str) -> Row {
    menu(Command::Discount(DiscountOf::Sale, by), name, &[], Group::Lines)
        .steps(LINES)
        .over(Over::Panels)
        .takes(Takes::Asks)
        .lent()
}

/// A quick key.
pub(super) const fn quick(key: u8, name: &'static str, keys: &'static [Key]) -> Row {
    row(Command::Quick(key), name, keys, Group::Entry)
        .steps(SELLING)
        .over(Over::Closes)
        .takes(Takes::Price)
        .lent()
}

impl Row {
    pub(super) const fn steps(self, steps: Steps) -> Self {
        Self { steps, ..self }
    }

    pub(super) const fn over(self, over: Over) -> Self {
        Self { over, ..self }
    }

    pub(super) const fn needs(self, needs: Needs) -> Self {
        Self { needs, ..self }
    }

    pub(super) const fn takes(self, takes: Takes) -> Self {
        Self { takes, ..self }
    }

    pub(super) const fn lent(self) -> Self {
        Self { lent: true, ..self }
    }

    pub(super) const fn waits(self) -> Self {
        Self { waits_for_disk: true, ..self }
    }

    pub(super) const fn prepares(self) -> Self {
        Self { moves: Moves::Prepares, ..self }
    }

    /// True if the command asks for the PIN first.
    #[must_use]
    pub const fn asks_pin(&self, access: Access) -> bool {
        self.asks_pin_in_kiosk && matches!(access, Access::Kiosk)
    }

    const fn pays(self, method: Option<StartMethod>) -> Self {
        let moves = Moves::Pays(method);
        Self { moves, over: Over::Closes, needs: Needs::Payable, waits_for_disk: true, ..self }
    }
}
