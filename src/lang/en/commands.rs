//! English: every command as a short label and as one line of help.

use crate::till::{Command, DiscountBy, DiscountOf};

pub(in crate::lang) const fn command(command: Command) -> (&'static str, &'static str) {
    match command {
        Command::Post => ("post", "Posts the entry: article, card or search words; never pays"),
        Command::Multiply => ("times", "The number typed becomes the multiplier: 3* then scan"),
        Command::Total => ("total", "To the payment step; there: pays the amount typed"),
        Command::VoidOrReturn => ("void", "Voids the selected line; after a number: a return line"),
        Command::Subtotal => ("apply card", "Applies the card and shows the remainder"),
        Command::Clear => ("clear", "Clears the entry; again: one step back; never voids"),
        Command::Up => ("up", "Selects the line above"),
        Command::Down => ("down", "Selects the line below"),
        Command::PageUp => ("page up", "One page up"),
        Command::PageDown => ("page down", "One page down"),
        Command::Help => ("help", "Keys, and how a sale goes"),
        Command::Search => ("search", "Shows the price of an article; letters search and sell"),
        Command::Card => ("card", "Card and balance"),
        Command::TopUp => ("top up", "Loads the number typed onto the card: 15 then this key"),
        Command::Cash => ("cash", "Payment in cash"),
        Command::Cashless => ("terminal", "Payment at the payment terminal"),
        Command::Loyalty => ("loyalty", "The card pays everything"),
        Command::VoidLine => ("void line", "Voids the selected line"),
        Command::Quantity => {
            ("quantity", "The number typed becomes the pieces of the selected line")
        }
        Command::Price => ("price", "Sells the selected line at the price typed"),
        Command::Discount(DiscountOf::Line, DiscountBy::Percent) => {
            ("discount %", "Percent off the selected line: 10, this key; 0: none")
        }
        Command::Discount(DiscountOf::Line, DiscountBy::Amount) => {
            ("discount", "Amount off the selected line; 0 takes it away again")
        }
        Command::Discount(DiscountOf::Line, DiscountBy::Deal) => {
            ("fixed price", "The selected line costs this in all; 0: as before")
        }
        Command::Discount(DiscountOf::Sale, DiscountBy::Percent) => {
            ("sale disc. %", "Percent off the whole sale; 0 takes the last one away")
        }
        Command::Discount(DiscountOf::Sale, DiscountBy::Amount) => {
            ("sale disc.", "Amount off the whole sale; 0 takes the last one away")
        }
        Command::Discount(DiscountOf::Sale, DiscountBy::Deal) => {
            ("sale price", "The whole sale costs this in all; 0: as before")
        }
        Command::LineNote => ("line note", "Writes a note on the selected line"),
        Command::SaleNote => ("sale note", "Writes a note on the sale"),
        Command::Quick(_) => ("quick", "Quick key {n}: sells what it stands for"),
        Command::QuickKeys => ("quick keys", "The page of the quick keys, to choose from"),
        Command::Teach => ("add article", "Makes an article of the unknown code that was scanned"),
        Command::Park => ("park", "Parks the sale; with an empty basket: recalls a parked one"),
        Command::Menu => ("menu", "All commands, for terminals that swallow function keys"),
        Command::History => ("history", "Finished sales, their receipts, reprint"),
        Command::Lock => ("lock", "Locks the screen"),
        Command::Note(_) => ("note", "Tender step: the customer gives this note; pays at once"),
        Command::NewCard => ("new card", "Makes a card with this sale: pick the programme"),
        Command::CheckIns => ("check-ins", "Customers who checked in: pick who pays"),
        Command::RemoveCard => ("remove card", "Takes the card off the sale"),
        Command::DiscardSale => ("void all", "Voids all lines and starts anew"),
        Command::Unresolved => ("outcomes", "Payments whose outcome is not known yet"),
        Command::CancelSale => ("cancel", "In the history: cancels the chosen paid sale"),
        Command::AbortPayment => ("break off", "Asks the server to break the terminal payment off"),
        Command::WriteOff => ("write off", "Goes on without the outcome of a payment, by decision"),
        Command::Transactions => {
            ("transactions", "The server's transactions: search, reprint, cancel")
        }
        Command::Diagnosis => ("diagnosis", "Diagnosis of the payment terminal"),
        Command::EndOfDay => ("end of day", "The payment terminal closes its day"),
        Command::Faults => ("faults", "Sandbox: switches faults to practise with"),
        Command::Connect => ("connection", "Checks the connection to the server"),
        Command::Wire => ("exchanges", "Requests to the server and its answers; writes curl"),
        Command::Quit => ("quit", "Leaves the program"),
    }
}
