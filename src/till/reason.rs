//! What the cashier is told when a command is refused: the one place where a refusal becomes a
//! message.

use super::{Command, Message, Refusal, State, bounds};

impl Refusal {
    /// What the cashier is told where `command` is refused; `None`: only the bell sounds.
    #[must_use]
    pub fn message(self, command: Command, state: &State) -> Option<Message> {
        Some(match self {
            Self::Question | Self::Covered => return None,
            Self::SwitchedOff => Message::SwitchedOff(command),
            Self::Role(role) => Message::RoleMissing(command, role),
            Self::SandboxOnly => Message::SandboxOnly,
            Self::Saving => Message::Saving,
            Self::Stopped => Message::Stopped(state.stopped.clone().unwrap_or_default()),
            Self::PiecesWait(pieces) => Message::PiecesWait(pieces),
            Self::PostFirst => Message::PostFirst,
            Self::NumberMissing => Message::NumberMissing(command),
            Self::NotHere => Message::NotHere(command),
            Self::NotWhilePaying => Message::NotWhilePaying,
            Self::Busy => Message::Busy,
            Self::EnterNeverPays => Message::EnterNeverPays,
            Self::ExactOnly => Message::ExactOnly,
            Self::Remainder(due) => Message::LoyaltyNeedsRemainder(due),
            Self::BasketEmpty => Message::BasketEmpty,
            Self::SumNegative => Message::SumNegative,
            Self::NoLine => Message::NoLine,
            Self::CardSale => Message::CardSaleFixed,
            Self::NothingToTeach => Message::NothingToTeach,
            Self::NoCard => Message::NoCard(command),
            Self::NoCardForTopUp => Message::NoCard(Command::TopUp),
            Self::CardInvalid => Message::CardInvalid,
            Self::CardLocked => Message::CardLocked,
            Self::CardBlocked => Message::CardBlocked,
            Self::NewCardIsEmpty => Message::NewCardIsEmpty,
            Self::NothingParked => Message::NothingParked,
            Self::TooManyParked => Message::TooManyParked(bounds::PARKED),
            Self::TooManyOpen(open) => Message::TooManyOpen(open),
            Self::NoHistory => Message::NoHistory,
            Self::NoPrinter => Message::NoPrinter,
            Self::NothingUnresolved => Message::NothingUnresolved,
            Self::OutcomesOpen => Message::OutcomesOpen,
            Self::TerminalBusy => Message::TerminalBusy,
            Self::AlreadyCancelled => Message::AlreadyCancelled,
            Self::NotPaid => Message::NotPaid,
        })
    }
}
