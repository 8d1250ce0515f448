//! What the till tells the cashier, without words: the languages put it into words.

use serde::{Deserialize, Serialize};

use super::{Back, CallKind, Command, Role};
use crate::money::Money;
use crate::shop::{CodeKind, VatRate};
use crate::wire::{ApiError, DownReason, TerminalJob};

/// A line for the cashier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// How it is shown and how it goes away.
    pub level: Level,
    /// What it says.
    pub message: Message,
}

/// How a notice is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Level {
    /// Goes with the next key.
    Info,
    /// Stays until a key that no scanner sends; the bell has sounded.
    Error,
}

/// What the till was doing when the server did not do it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Action {
    /// Connecting or getting a token.
    Connect,
    /// Creating or updating the transaction.
    Prepare,
    /// Applying the card.
    Apply,
    /// Paying.
    Pay,
    /// Paying at the terminal.
    PayAtTerminal,
    /// Breaking a payment at the terminal off.
    AbortPayment,
    /// Diagnosis of the terminal.
    Diagnosis,
    /// The end of the terminal's day.
    EndOfDay,
    /// Listing transactions.
    List,
    /// Looking up a card.
    FindCard,
    /// Asking why a card is locked.
    CardLock,
    /// Checking a code of a card.
    CheckCode(CodeKind),
    /// Fetching the list that this command shows.
    Fetch(Command),
    /// Giving a transaction up.
    Abort,
    /// Cancelling a paid sale.
    Cancel,
    /// Switching faults.
    Faults,
}

impl From<CallKind> for Action {
    fn from(kind: CallKind) -> Self {
        match kind {
            CallKind::Connect => Self::Connect,
            CallKind::Create
            | CallKind::Find
            | CallKind::Update
            | CallKind::Siblings
            | CallKind::Fence => Self::Prepare,
            CallKind::Cancel => Self::Cancel,
            CallKind::Apply => Self::Apply,
            CallKind::Read => Self::Pay,
            CallKind::Abort => Self::Abort,
            CallKind::Check => Self::CheckCode(CodeKind::Passcode),
        }
    }
}

impl Action {
    /// The command that tries it again; `None`: →.
    #[must_use]
    pub const fn again(self) -> Option<Command> {
        Some(match self {
            Self::Connect => Command::Connect,
            Self::Apply | Self::CheckCode(CodeKind::Passcode) => Command::Subtotal,
            Self::Prepare | Self::Pay => Command::Total,
            Self::FindCard | Self::CardLock | Self::CheckCode(CodeKind::Csc) => Command::Card,
            Self::Fetch(command) => command,
            Self::Abort | Self::AbortPayment => return None,
            Self::PayAtTerminal => Command::Cashless,
            Self::Diagnosis => Command::Diagnosis,
            Self::EndOfDay => Command::EndOfDay,
            Self::List => Command::Transactions,
            Self::Cancel => Command::History,
            Self::Faults => Command::Faults,
        })
    }
}

/// What is said. Every text inside is sanitised; codes are article codes, never card numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Message {
    // Scans and entries.
    /// No article has this number or code.
    NotFound(String),
    /// No article has this code of goods: it can be made one.
    UnknownCode(String),
    /// The article may not be sold; the note on it, which may be empty.
    ArticleLocked {
        /// Article.
        name: String,
        /// Why, for the cashier.
        note: String,
    },
    /// The article's VAT class has no rate today.
    NoRate {
        /// Article.
        name: String,
        /// VAT class.
        class: String,
    },
    /// What belongs to the article is not in the catalogue: its deposit, or the article of a pack.
    Incomplete {
        /// Article.
        name: String,
        /// The number that is missing.
        number: String,
    },
    /// The article was asked about and is not sold.
    NotSold(String),
    /// What the catalogue notes about an article for the cashier.
    ArticleNote {
        /// Article.
        name: String,
        /// The note.
        note: String,
    },
    /// The article has a price: a number before its key is refused.
    PriceIsFixed(String),
    /// Something that may be a scan came over a question, and was not taken.
    ScanOverQuestion,
    /// A quantity is between 1 and this.
    QuantityOutOfRange(i64),
    /// A percentage is between 0 and 100.
    PercentOutOfRange,
    /// A weight is typed in grams, or in kilograms with decimals.
    WeightOutOfRange,
    /// The coupon was given for in this sale already.
    CouponUsed,
    /// No code was scanned that could be made an article.
    NothingToTeach,
    /// A new article needs a name of at most so many characters.
    NameMissing(usize),
    /// Neither the configuration nor the catalogue names a VAT rate for a new article.
    NoVatKnown,
    /// A wrong check digit: read again or typed wrong.
    WrongCheckDigit(String),
    /// A code of prefix 2 that no pattern of the configuration covers.
    InStoreUnknown(String),
    /// A code of the card programme: it loads a card, or pays one out. No article is sold by it.
    CardCode {
        /// It pays a card out.
        pays_out: bool,
    },
    /// No article name matches these words.
    NoHits(String),
    /// A bank card was swiped; it was dropped unseen.
    BankCard,
    /// A swipe without a card number.
    UnreadableSwipe,
    /// What cannot be a number of pieces.
    NotAQuantity,
    /// The command needs a number typed before it.
    NumberMissing(Command),
    /// The amount cannot be read or is out of these bounds.
    AmountOutOfRange {
        /// Smallest.
        min: Money,
        /// Largest.
        max: Money,
    },
    /// An amount for the tender has at most six digits.
    TooManyDigits,
    /// The line or the basket would become too large.
    BasketTooLarge,
    /// Money on a card has no other price and no discount.
    CardSaleFixed,
    /// The discount would take nothing off.
    NoDiscount,
    /// The sale has as many discounts as it can have.
    TooManyDiscounts,
    /// Several articles match these words: one must be chosen.
    SeveralHits(usize),
    /// The entry is too long to be anything.
    EntryTooLong,
    /// Input came faster than it can be taken; nothing of what was dropped was used.
    InputLost,
    /// Something is typed that Enter must post (or Esc clear) first.
    PostFirst,
    /// These pieces, negative for a return, still wait for their article.
    PiecesWait(i64),
    /// The return of many pieces was asked about, and the answer was no.
    ReturnDropped,
    /// Something was typed or scanned while the terminal was too small to show it: it is refused.
    WindowTooSmall,
    // Basket and card.
    /// Nothing to pay for.
    BasketEmpty,
    /// Returns exceed sales: the API cannot pay out.
    SumNegative,
    /// No line is selected.
    NoLine,
    /// A line was voided.
    Voided {
        /// Pieces.
        quantity: i64,
        /// Article.
        name: String,
    },
    /// All lines were voided.
    Discarded,
    /// The command needs a card.
    NoCard(Command),
    /// The server does not know the card; the sale goes on without it.
    CardInvalid,
    /// The card is locked; the sale goes on without it.
    CardLocked,
    /// The card is not in circulation: paying with it may be refused.
    CardInactive,
    /// The card has expired on this day, ISO 8601.
    CardExpired(String),
    /// The card expires on this day, ISO 8601.
    CardExpires(String),
    /// The card was taken off the sale.
    CardRemoved,
    /// The server does not know the check-in; the sale goes on without it.
    CheckInInvalid,
    /// The server makes no card of this programme with a sale; the sale goes on without it.
    NewCardRefused,
    /// A card that the sale makes has nothing on it to pay with.
    NewCardIsEmpty,
    /// A code is exactly four digits.
    NotACode,
    /// This code of the card is right.
    CodeRight(CodeKind),
    /// This code of the card is wrong: the card must not be used; true if it was taken off the sale.
    CodeWrong(CodeKind, bool),
    /// The passcode was not given: the card does not pay.
    PasscodeMissing,
    /// The basket changed after the card was applied.
    ApplyAgain,
    // Money steps.
    /// The amount given is too little.
    TooLittle(Money),
    /// The change would be more than the configured limit.
    TooMuch(Money),
    /// This method pays exactly what is due: no amount may be typed.
    ExactOnly,
    /// The amount was refused before: it must be typed anew.
    RefusedBefore,
    /// Enter does not pay.
    EnterNeverPays,
    /// A scan came in the tender step; nothing was added.
    ScanInTender,
    /// A scan or key came while the payment is under way; nothing was added.
    ScanWhilePaying,
    /// A key that has to wait for the server's answer.
    Busy,
    /// The card cannot pay everything: this remains.
    LoyaltyNeedsRemainder(Money),
    /// The server said the payment failed; nothing was taken, the basket is kept.
    PaymentFailed,
    /// The terminal took nothing, for this reason if it gave one (sanitised); the basket is kept.
    TerminalFailed(String),
    /// The payment at the terminal was broken off: nothing was taken, the basket is kept.
    BrokenOff,
    /// The terminal is at another job.
    TerminalBusy,
    /// The terminal has done its job; the list of transactions has the report.
    TerminalJobDone(TerminalJob),
    /// The terminal says that its job failed.
    TerminalJobFailed(TerminalJob),
    /// The shop must keep its copy of the terminal's receipt.
    ShopCopy,
    /// The server had forgotten the sale; it was set up again, check the amount.
    SetUpAgain,
    /// The unpaid transaction was given up on the server; the sale can be paid again.
    GivenUp,
    // Server.
    /// A definite refusal.
    Refused(Action, ApiError),
    /// The call never reached the server.
    Down(Action, DownReason),
    /// No usable answer, but nothing that moves money was asked.
    NoAnswer(Action, DownReason),
    /// The connection works.
    Connected,
    /// The till is paired.
    Paired,
    /// The pairing goes on beside; this is how it comes back to the screen.
    PairingAside,
    // Around the sale.
    /// The sale was parked.
    Parked,
    /// A parked sale is back.
    Recalled,
    /// Another day, another VAT rate: lines of the sale have it now.
    VatChanged {
        /// How many lines.
        lines: usize,
        /// The rate of the first of them before.
        from: VatRate,
        /// Its rate now.
        to: VatRate,
    },
    /// There is no parked sale.
    NothingParked,
    /// So many sales are parked, and no more can be.
    TooManyParked(usize),
    /// So many outcomes are open, and no more can be.
    TooManyOpen(usize),
    /// So many errors came that were not kept.
    MoreErrors(usize),
    /// Only an empty basket can take a parked sale.
    FinishFirst,
    /// There is no finished sale yet.
    NoHistory,
    /// The server wrote no receipt.
    NoReceipt,
    /// No printer is configured.
    NoPrinter,
    /// The receipt went to the printer.
    Printed,
    /// The printer takes nothing now: this many receipts wait for it.
    PrinterWaits(usize),
    /// The printer did not take it: the reason.
    PrintFailed(String),
    /// The command is switched off on this till.
    SwitchedOff(Command),
    /// The exchanges stand in this file beside the journal.
    Exported(String),
    /// The exchanges could not be written: why (sanitised).
    ExportFailed(String),
    /// Other articles are sold from now on: so many.
    ArticlesUpdated(usize),
    /// Other articles were imported and cannot be read: why (sanitised).
    ArticlesUnread(String),
    /// A taught article was not kept: why (sanitised).
    NotTaught(String),
    /// The command needs this role at least.
    RoleMissing(Command, Role),
    /// The command does nothing here.
    NotHere(Command),
    /// How to leave the program.
    HowToQuit,
    /// Not while a payment is under way or its outcome is unknown.
    NotWhilePaying,
    /// A payment with this card has no known outcome yet: it must not pay again.
    CardBlocked,
    /// The sale goes on being asked after; its outcome will be shown.
    Detached,
    /// A sale that was asked after is paid: its total.
    ResolvedPaid(Money),
    /// A sale that was asked after is not paid: its total; it is parked.
    ResolvedUnpaid(Money),
    /// Without an outcome, the cashier has decided to go on: this may have been paid.
    WrittenOff(Money),
    /// What was written off turned out to be paid: what was due.
    WrittenOffWasPaid(Money),
    /// The server has a paid transaction with this sale's reference and this sum: a copy of the
    /// state directory has sold it.
    PaidElsewhere(Money),
    /// There is no sale without a known outcome.
    NothingUnresolved,
    /// Not before all outcomes are known.
    OutcomesOpen,
    /// The paid sale was cancelled: its total.
    Cancelled(Money),
    /// A sale of this till was cancelled: what the customer gets back, and how.
    GiveBack(Back),
    /// Another till's sale of this total was cancelled, but what is booked on the customer's card
    /// is not known to be taken back.
    CancelledButCard(Money),
    /// The terminal is being asked to give the money back.
    CancellingAtTerminal,
    /// The cancellation was refused, which proves nothing: the sale is being read.
    CancelChecking,
    /// The sale is still paid: the cancellation was refused for this reason.
    CancelRefused(ApiError),
    /// The server does not tell what became of the cancellation: it is an open point.
    CancelOpen,
    /// The cashier treats the sale as not cancelled; it may have been.
    PerhapsCancelled,
    /// The number of the terminal's receipt is not known: nothing was cancelled.
    NoReceiptNumber,
    /// The program is being left with this many cancellations without a known outcome.
    LeavingOpen(usize),
    /// The sale cannot be cancelled: it is already.
    AlreadyCancelled,
    /// Only what is paid can be cancelled.
    NotPaid,
    /// This sale is being cancelled.
    CancelUnderWay,
    /// The cancellation had no definite answer: the server is asked, nothing is repeated.
    CancelUnknown,
    /// The server says the sale is still paid: it was not cancelled.
    NotCancelled,
    /// Only a sandbox has faults.
    SandboxOnly,
    /// Not before the record that is being saved is on disk.
    Saving,
    /// The journal failed, for this reason: nothing can be sold.
    Stopped(String),
}
