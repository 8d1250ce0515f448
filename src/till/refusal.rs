//! Why a command does not work.
//!
//! Must not know when a command is refused ([`super::allowed()`]), nor what is said then
//! ([`super::reason`]).

use super::Role;
use crate::money::Money;

/// Why a command does not work now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// This till does not have it.
    SwitchedOff,
    /// It needs this role at least.
    Role(Role),
    /// The server is no sandbox.
    SandboxOnly,
    /// The lock, a question, or a screen that is too small comes first.
    Question,
    /// What it is about is covered by an overlay.
    Covered,
    /// A record is on its way to a slow disk.
    Saving,
    /// The journal has failed.
    Stopped,
    /// These pieces, negative for a return, wait for their article.
    PiecesWait(i64),
    /// Something is typed that must be posted or cleared.
    PostFirst,
    /// A number must be typed before it.
    NumberMissing,
    /// It does nothing in this step, or over this overlay.
    NotHere,
    /// A payment is under way, or its outcome unknown.
    NotWhilePaying,
    /// An answer of the server is waited for.
    Busy,
    /// It never pays from the menu.
    EnterNeverPays,
    /// This method pays exactly what is due.
    ExactOnly,
    /// The card does not pay everything: this remains.
    Remainder(Money),
    /// There is nothing to pay for.
    BasketEmpty,
    /// Returns exceed sales.
    SumNegative,
    /// There is no line.
    NoLine,
    /// The selected line is money on a card.
    CardSale,
    /// No code was scanned that is not known.
    NothingToTeach,
    /// There is no card.
    NoCard,
    /// A top-up is in the basket, and no card that takes it.
    NoCardForTopUp,
    /// The server does not know the card.
    CardInvalid,
    /// The card is locked.
    CardLocked,
    /// A payment with the card has no known outcome.
    CardBlocked,
    /// The card is made with the sale: nothing is on it.
    NewCardIsEmpty,
    /// No sale is parked.
    NothingParked,
    /// [`super::bounds::PARKED`] sales are parked.
    TooManyParked,
    /// So many outcomes are open that another one is too many.
    TooManyOpen(usize),
    /// No sale is finished.
    NoHistory,
    /// There is no printer.
    NoPrinter,
    /// All outcomes are known.
    NothingUnresolved,
    /// Outcomes are not known.
    OutcomesOpen,
    /// The terminal is at a job.
    TerminalBusy,
    /// The sale is cancelled already.
    AlreadyCancelled,
    /// The sale is not paid.
    NotPaid,
}
