//! English: the notices. Each says what happened, what is safe, and what to press.

use crate::lang::Lang;
use crate::money::Money;
use crate::till::{Action, Command, Say, Settings};
use crate::wire::ApiError;

const LANG: Lang = Lang::En;

pub(in crate::lang) fn say(say: &Say, settings: &Settings) -> String {
    let key = |command| LANG.key_of(command, &settings.keymap);
    let money = |amount: Money| format!("{} {}", LANG.amount(amount), settings.currency);
    match say {
        Say::NotFound(code) => {
            format!("No article {code}. Nothing added. {} searches by name.", key(Command::Search))
        }
        Say::WrongCheckDigit(code) => {
            format!("{code}: wrong check digit. Nothing added. Scan or type it again.")
        }
        Say::InStoreUnknown(code) => format!(
            "{code} is a shop's own code without a rule. Nothing added. {} searches by name.",
            key(Command::Search)
        ),
        Say::NoHits(words) => format!("No article is called \"{words}\". Try fewer letters."),
        Say::BankCard => "That was a bank card. It was not read, kept or sent. Swipe the \
                          customer's loyalty card."
            .to_owned(),
        Say::UnreadableSwipe => {
            "The card could not be read. Nothing changed. Swipe again or type its number."
                .to_owned()
        }
        Say::NotAQuantity => {
            "A scanned code is not a number of pieces or an amount. Nothing added.".to_owned()
        }
        Say::NumberMissing(command) => {
            let example = if *command == Command::TopUp { "15" } else { "3" };
            format!("Type a number first: {example} and {}.", key(*command))
        }
        Say::AmountOutOfRange { min, max } => {
            format!("The amount must be between {} and {}.", money(*min), money(*max))
        }
        Say::TooManyDigits => {
            "An amount has at most 6 digits: that looks like a scan. Nothing paid.".to_owned()
        }
        Say::BasketTooLarge => "Too many pieces or too large a sum. Nothing added.".to_owned(),
        Say::EntryTooLong => "That was too long to be a code. Nothing added.".to_owned(),
        Say::BasketEmpty => "The basket is empty: nothing to pay. Scan an article.".to_owned(),
        Say::SumNegative => "Returns exceed the sale and cannot be paid out here. Add articles, \
                             or void the return."
            .to_owned(),
        Say::NoLine => "No line is selected.".to_owned(),
        Say::Voided { quantity, name } => format!("Voided: {quantity} × {name}"),
        Say::Discarded => "All lines voided.".to_owned(),
        Say::NoCard(_) => "Swipe the customer's card first, or type its number.".to_owned(),
        Say::CardInvalid => {
            "The server does not know this card. The sale goes on without it.".to_owned()
        }
        Say::CardLocked => "This card is locked. The sale goes on without it.".to_owned(),
        Say::CardInactive => {
            "This card is not in circulation: paying with it may be refused.".to_owned()
        }
        Say::CardRemoved => "The card is off the sale.".to_owned(),
        Say::ApplyAgain => format!(
            "The basket changed: the card is no longer applied. {} or {} applies it again.",
            key(Command::Subtotal),
            key(Command::Total)
        ),
        Say::TooLittle(missing) => format!("{} is missing. Nothing paid.", money(*missing)),
        Say::TooMuch(change) => {
            format!("The change would be {}. Nothing paid. Check the amount.", money(*change))
        }
        Say::EnterNeverPays => format!("Enter never pays. {} pays.", key(Command::Total)),
        Say::ScanInTender => {
            format!("Scan refused: nothing added. {} goes back to the basket.", key(Command::Clear))
        }
        Say::ScanWhilePaying => "Not now: the payment is under way. Nothing added.".to_owned(),
        Say::Busy => "One moment: the server is being asked.".to_owned(),
        Say::LoyaltyNeedsRemainder(rest) => format!(
            "The card does not cover it: {} remains. {} takes cash, {} the terminal.",
            money(*rest),
            key(Command::Cash),
            key(Command::Cashless)
        ),
        Say::PaymentFailed => format!(
            "The payment FAILED: nothing was taken. The basket is kept. {} tries again.",
            key(Command::Total)
        ),
        Say::SetUpAgain => format!(
            "The server had lost the sale: it was set up again. Check the amount, then {}.",
            key(Command::Total)
        ),
        Say::Refused(action, error) => refused(*action, error),
        Say::Down(action, reason) => format!(
            "{}: server not reachable ({}). Nothing happened there, nothing is lost. {}",
            what(*action),
            LANG.reason(*reason),
            again(*action, &key)
        ),
        Say::NoAnswer(action, reason) => format!(
            "{}: no answer ({}). No money was moved. {}",
            what(*action),
            LANG.reason(*reason),
            again(*action, &key)
        ),
        Say::Connected => "The server answers.".to_owned(),
        Say::Parked => format!("Sale parked. {} brings it back.", key(Command::Park)),
        Say::NothingParked => "There is no parked sale.".to_owned(),
        Say::FinishFirst => "Finish or park this sale first.".to_owned(),
        Say::NoHistory => "There is no finished sale yet.".to_owned(),
        Say::NoPrinter => "No printer is configured.".to_owned(),
        Say::Printed => "The receipt is printed.".to_owned(),
        Say::PrintFailed(why) => {
            format!("Not printed: {why}. The sale is safe. {} prints again.", key(Command::History))
        }
        Say::Locked => format!("Locked. {} unlocks.", key(Command::Lock)),
        Say::NotHere(command) => format!("{} does nothing here.", key(*command)),
        Say::HowToQuit => {
            format!("To leave: {}, then \"{}\".", key(Command::Menu), LANG.label(Command::Quit))
        }
        Say::NotWhilePaying => "Not while a payment is open.".to_owned(),
    }
}

const fn what(action: Action) -> &'static str {
    match action {
        Action::Connect => "Connecting",
        Action::Prepare => "Preparing the sale",
        Action::Apply => "Applying the card",
        Action::Pay => "Paying",
        Action::FindCard => "Looking up the card",
        Action::Abort => "Giving up the transaction",
    }
}

fn again(action: Action, key: &impl Fn(Command) -> String) -> String {
    let command = match action {
        Action::Connect => Command::Connect,
        Action::Apply => Command::Subtotal,
        Action::Prepare | Action::Pay => Command::Total,
        Action::FindCard => Command::Card,
        Action::Abort => return "→ tries again.".to_owned(),
    };
    format!("{} tries again.", key(command))
}

fn refused(action: Action, error: &ApiError) -> String {
    let said = [&error.user, &error.details, &error.name]
        .into_iter()
        .find(|text| !text.is_empty())
        .cloned()
        .unwrap_or_else(|| format!("HTTP {}", error.http));
    let mut text = format!("{} was refused: {said}", what(action));
    if error.code != 0 {
        text.push_str(&format!(" (code {})", error.code));
    }
    if !error.support_id.is_empty() {
        text.push_str(&format!(" (support id {})", error.support_id));
    }
    text.push_str(if action == Action::Pay {
        ". Nothing was taken; the basket is kept."
    } else {
        ". The basket is kept."
    });
    text
}
