//! Why a notice is there, and so how long: one row for every [`Message`].
//!
//! Owns which errors a person must dismiss, which go by themselves with their cause, and which
//! keep `+` from paying. Must not know when a cause is gone: `update` says so.

use super::{Action, Message};

/// What an error is about. It stays until somebody dismisses it, or until its cause is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// Goods may lie on the counter unregistered: only a person can know that they were seen to.
    Goods,
    /// Something was typed or scanned and dropped where an empty entry means "exact".
    Dropped,
    /// The sale's card does not pay after all; gone with another card.
    CardOff,
    /// A card is missing or was not taken; gone when one is.
    Card,
    /// What is typed cannot be used so; gone when it changes.
    Entry,
    /// The amount typed was refused; gone with the next one.
    Amount,
    /// A key that does nothing where the till stands; gone with the next one that does something.
    Step,
    /// A payment came to nothing; gone with the next one.
    Payment,
    /// The server did not do this; gone when it does.
    Call(Action),
    /// The terminal is busy or failed at a job; gone when it has done one.
    Terminal,
    /// The printer; gone when it prints.
    Printer,
    /// A file could not be written; gone when one is.
    Export,
    /// Other articles could not be taken over; gone when they are.
    Articles,
    /// A cancellation is under way; gone with its outcome.
    Cancel,
    /// What became of another sale: only a person can know that it was read.
    Outcome,
    /// The journal failed; that does not go away.
    Journal,
    /// No error: it goes with the next key.
    News,
}

impl Cause {
    /// True for errors that must be dismissed before `+` pays.
    #[must_use]
    pub const fn blocks_payment(self) -> bool {
        matches!(self, Self::Dropped | Self::CardOff)
    }

    /// True where the newest error alone is of interest: it replaces an older one.
    #[must_use]
    pub const fn is_replaced(self) -> bool {
        match self {
            Self::Goods | Self::Dropped | Self::CardOff | Self::Outcome | Self::Journal => false,
            Self::Card
            | Self::Entry
            | Self::Amount
            | Self::Step
            | Self::Payment
            | Self::Call(_)
            | Self::Terminal
            | Self::Printer
            | Self::Export
            | Self::Articles
            | Self::Cancel
            | Self::News => true,
        }
    }

    /// True for what is of no interest any more once the sale at hand is being paid or is put
    /// aside.
    #[must_use]
    pub const fn ends_with_sale(self) -> bool {
        match self {
            Self::Card | Self::Entry | Self::Amount | Self::Step | Self::Payment => true,
            Self::Call(action) => matches!(
                action,
                Action::Connect
                    | Action::Prepare
                    | Action::Apply
                    | Action::Pay
                    | Action::PayAtTerminal
                    | Action::AbortPayment
                    | Action::CheckCode(_)
            ),
            Self::Goods
            | Self::Dropped
            | Self::CardOff
            | Self::Terminal
            | Self::Printer
            | Self::Export
            | Self::Articles
            | Self::Cancel
            | Self::Outcome
            | Self::Journal
            | Self::News => false,
        }
    }
}

impl Message {
    /// What this is about. Without a catch-all: a new notice must say how long it stays.
    #[must_use]
    #[allow(clippy::too_many_lines)]
    pub const fn cause(&self) -> Cause {
        match self {
            Self::NotFound(_)
            | Self::UnknownCode(_)
            | Self::NotTaught(_)
            | Self::ArticleLocked { .. }
            | Self::NoRate { .. }
            | Self::Incomplete { .. }
            | Self::ScanOverQuestion
            | Self::WrongCheckDigit(_)
            | Self::InStoreUnknown(_)
            | Self::CardCode { .. }
            | Self::NoHits(_)
            | Self::NotAQuantity
            | Self::BasketTooLarge => Cause::Goods,
            Self::TooManyDigits
            | Self::EntryTooLong
            | Self::EnterNeverPays
            | Self::ScanInTender
            | Self::ScanWhilePaying
            | Self::InputLost
            | Self::MoreErrors(_)
            | Self::WindowTooSmall => Cause::Dropped,
            Self::CardInvalid
            | Self::CardExpired(_)
            | Self::CardLocked
            | Self::CheckInInvalid
            | Self::NewCardRefused
            | Self::CodeWrong(_, true) => Cause::CardOff,
            Self::BankCard
            | Self::UnreadableSwipe
            | Self::NoCard(_)
            | Self::NewCardIsEmpty
            | Self::PasscodeMissing
            | Self::CodeWrong(_, false)
            | Self::CardBlocked => Cause::Card,
            Self::NumberMissing(_)
            | Self::PostFirst
            | Self::PiecesWait(_)
            | Self::PriceIsFixed(_)
            | Self::QuantityOutOfRange(_)
            | Self::PercentOutOfRange
            | Self::WeightOutOfRange
            | Self::NameMissing(_)
            | Self::NotACode => Cause::Entry,
            Self::AmountOutOfRange { .. }
            | Self::TooLittle(_)
            | Self::TooMuch(_)
            | Self::ExactOnly
            | Self::RefusedBefore => Cause::Amount,
            Self::BasketEmpty
            | Self::SumNegative
            | Self::NoLine
            | Self::NothingToTeach
            | Self::NoVatKnown
            | Self::CardSaleFixed
            | Self::NoDiscount
            | Self::CouponUsed
            | Self::TooManyDiscounts
            | Self::Busy
            | Self::LoyaltyNeedsRemainder(_)
            | Self::NothingParked
            | Self::TooManyParked(_)
            | Self::TooManyOpen(_)
            | Self::FinishFirst
            | Self::NoHistory
            | Self::NoReceipt
            | Self::NoPrinter
            | Self::SwitchedOff(_)
            | Self::RoleMissing(..)
            | Self::NotHere(_)
            | Self::NotWhilePaying
            | Self::NothingUnresolved
            | Self::OutcomesOpen
            | Self::AlreadyCancelled
            | Self::NotPaid
            | Self::Saving
            | Self::SandboxOnly => Cause::Step,
            Self::PaymentFailed | Self::TerminalFailed(_) | Self::BrokenOff => Cause::Payment,
            Self::Refused(action, _) | Self::Down(action, _) | Self::NoAnswer(action, _) => {
                Cause::Call(*action)
            }
            Self::TerminalBusy | Self::TerminalJobFailed(_) => Cause::Terminal,
            Self::PrintFailed(_) | Self::PrinterWaits(_) => Cause::Printer,
            Self::ExportFailed(_) => Cause::Export,
            Self::ArticlesUnread(_) => Cause::Articles,
            Self::CancelUnderWay
            | Self::CancelUnknown
            | Self::CancellingAtTerminal
            | Self::CancelChecking
            | Self::CancelRefused(_)
            | Self::NoReceiptNumber => Cause::Cancel,
            Self::ResolvedUnpaid(_)
            | Self::NotCancelled
            | Self::CancelledButCard(_)
            | Self::GiveBack(_)
            | Self::CancelOpen
            | Self::PerhapsCancelled
            | Self::WrittenOff(_)
            | Self::WrittenOffWasPaid(_)
            | Self::PaidElsewhere(_) => Cause::Outcome,
            Self::Stopped(_) => Cause::Journal,
            Self::SeveralHits(_)
            | Self::Voided { .. }
            | Self::Discarded
            | Self::ReturnDropped
            | Self::NotSold(_)
            | Self::ArticleNote { .. }
            | Self::CardInactive
            | Self::CardExpires(_)
            | Self::CardRemoved
            | Self::CodeRight(_)
            | Self::ApplyAgain
            | Self::TerminalJobDone(_)
            | Self::ShopCopy
            | Self::SetUpAgain
            | Self::GivenUp
            | Self::Connected
            | Self::Paired
            | Self::PairingAside
            | Self::Parked
            | Self::Recalled
            | Self::VatChanged { .. }
            | Self::Printed
            | Self::Exported(_)
            | Self::ArticlesUpdated(_)
            | Self::HowToQuit
            | Self::Detached
            | Self::ResolvedPaid(_)
            | Self::Cancelled(_)
            | Self::LeavingOpen(_) => Cause::News,
        }
    }
}
