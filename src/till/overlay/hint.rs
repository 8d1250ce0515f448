//! What a key does in an overlay, for the legend: data, which the languages put into words.

use crate::till::{Command, Key, Offer, Printing, Settings};

/// One entry of the legend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hint {
    /// These keys do this.
    Keys(&'static [Key], Label),
    /// The key of this command, if it has one, does this.
    Command(Command, Label),
    /// This command works.
    Named(Command),
}

/// What a key does, or what the entry line is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    /// Asks for the name of a command.
    AskCommand,
    /// Asks for the name of an article.
    AskName,
    /// Asks for a code of a card.
    AskCode,
    /// Asks for an amount.
    AskAmount,
    /// Asks for a percentage.
    AskPercent,
    /// Asks for pieces.
    AskPieces,
    /// Type a weight.
    AskWeight,
    /// Asks for a text.
    AskText,
    /// Asks whose price is to be shown.
    AskPrice,
    /// Asks for words to search the list of transactions for.
    AskList,
    /// Cancels the sale that is highlighted.
    Cancel,
    /// Checks the code that was typed.
    CheckCode,
    /// Asks for the code on the card's back.
    CheckCsc,
    /// Highlights another row.
    Choose,
    /// Goes one field back.
    Back,
    /// Closes the overlay.
    Close,
    /// Shows a transaction whole.
    Details,
    /// Writes all exchanges into a file.
    ExportAll,
    /// Writes this exchange into a file.
    ExportOne,
    /// Goes on to the next field.
    Next,
    /// Asks for a new code to pair the till.
    NewCode,
    /// Answers no.
    No,
    /// Ends the question what became of a payment.
    Offer(Offer),
    /// Prints what is shown.
    Print,
    /// Shows a receipt.
    Receipt,
    /// Shows other rows.
    Scroll,
    /// Closes the pairing and goes on selling.
    SellOn,
    /// Sells what is shown.
    Sell,
    /// Settles an open point by decision.
    Settle,
    /// Shows an exchange whole.
    Show,
    /// Switches a fault on or off.
    Switch,
    /// Takes the highlighted row.
    Take,
    /// Answers yes.
    Yes,
}

impl Hint {
    pub(super) const CANCEL: Self = Self::Command(Command::VoidOrReturn, Label::Cancel);
    pub(super) const CHOOSE: Self = Self::Keys(&[Key::Up, Key::Down], Label::Choose);
    pub(super) const CLOSE: Self = Self::Keys(&[Key::Esc], Label::Close);
    pub(super) const SCROLL: Self =
        Self::Keys(&[Key::Up, Key::Down, Key::PageUp, Key::PageDown], Label::Scroll);

    pub(super) const fn enter(label: Label) -> Self {
        Self::Keys(&[Key::Enter], label)
    }

    pub(super) const fn right(label: Label) -> Self {
        Self::Keys(&[Key::Right], label)
    }

    /// The hints of a list of which Enter takes a row.
    pub(super) fn list(enter: Label) -> Vec<Self> {
        vec![Self::CHOOSE, Self::enter(enter), Self::CLOSE]
    }

    /// `hints` of something that can be printed: where there is a printer, its key comes second.
    pub(super) fn printed(settings: &Settings, mut hints: Vec<Self>) -> Vec<Self> {
        if settings.printing != Printing::Never {
            hints.insert(1, Self::Command(Command::History, Label::Print));
        }
        hints
    }
}
