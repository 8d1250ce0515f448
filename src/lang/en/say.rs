//! English: the notices. Each says what happened, what is safe, and what to press.

use super::back;
use crate::lang::Lang;
use crate::money::Money;
use crate::shop::CodeKind;
use crate::text::fit;
use crate::till::{Action, Command, Say, Settings};
use crate::wire::{ApiError, TerminalJob};

/// Columns that the server's own words get in a notice.
const LONGEST_WORDS: usize = 120;
const LANG: Lang = Lang::En;

// One match over all notices: one that is forgotten does not compile.
#[allow(clippy::too_many_lines)]
pub(in crate::lang) fn say(say: &Say, settings: &Settings) -> String {
    let key = |command| LANG.key_of(command, &settings.keymap);
    let money = |amount: Money| format!("{} {}", LANG.amount(amount), settings.currency);
    match say {
        Say::NotFound(code) => {
            format!(
                "No article {code}: it was not added. {} searches by name.",
                key(Command::Search)
            )
        }
        Say::WrongCheckDigit(code) => {
            format!("{code}: wrong check digit, it was not added. Scan or type it again.")
        }
        Say::InStoreUnknown(code) => format!(
            "{code} is a shop's own code without a rule: it was not added. {} searches by name.",
            key(Command::Search)
        ),
        Say::NoHits(words) => format!("No article is called \"{words}\". Try fewer letters."),
        Say::BankCard => "That was a bank card. It was not read, kept or sent. Swipe the \
                          customer's loyalty card."
            .to_owned(),
        Say::UnreadableSwipe => {
            "That card could not be read. Swipe again or type its number.".to_owned()
        }
        Say::NotAQuantity => {
            "That was no number of pieces (1 to 9999) and was not added.".to_owned()
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
        Say::BasketTooLarge => "Too many pieces or too large a sum: that was not added.".to_owned(),
        Say::SeveralHits(count) => {
            format!("{count} articles match: ↓ chooses one, Enter takes it.")
        }
        Say::EntryTooLong => "That was too long to be a code: it was not added.".to_owned(),
        Say::InputLost => {
            "Input was dropped: too much at once. Nothing of it was used. Check the basket!"
                .to_owned()
        }
        Say::PostFirst => {
            format!("Something is still typed. Enter posts it, {} clears it.", key(Command::Clear))
        }
        Say::PiecesWait(pieces) => {
            let what = if *pieces < 0 { "to be returned wait" } else { "wait" };
            format!(
                "{} × {what} for an article: scan it, or {} clears them.",
                pieces.unsigned_abs(),
                key(Command::Clear)
            )
        }
        Say::ReturnDropped => "Nothing was taken back.".to_owned(),
        Say::WindowTooSmall => {
            "The window was too small: what was scanned or typed meanwhile was not taken."
                .to_owned()
        }
        Say::RefusedBefore => {
            format!("Type it anew, or {} clears it: then the exact amount.", key(Command::Clear))
        }
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
        Say::CheckInInvalid => {
            "The server does not know this check-in. The sale goes on without it.".to_owned()
        }
        Say::NewCardRefused => {
            "No card of this programme can be made with a sale. The sale goes on without it."
                .to_owned()
        }
        Say::NewCardIsEmpty => format!(
            "The new card is made when the sale is paid: nothing is on it yet. {} goes on.",
            key(Command::Total)
        ),
        Say::NotACode => "A code is exactly four digits. Nothing was sent.".to_owned(),
        Say::CodeRight(CodeKind::Csc) => "The code on the back is right.".to_owned(),
        Say::CodeRight(CodeKind::Passcode) => "The passcode is right.".to_owned(),
        Say::CodeWrong(code, off) => format!(
            "The {} is WRONG: the card must not be used.{}",
            match code {
                CodeKind::Csc => "code on the back",
                CodeKind::Passcode => "passcode",
            },
            if *off { " It is off the sale, which goes on without it." } else { "" }
        ),
        Say::PasscodeMissing => format!(
            "Without its passcode the card does not pay. {} asks again; {}, \"{}\" sells without it.",
            key(Command::Subtotal),
            key(Command::Menu),
            LANG.label(Command::RemoveCard)
        ),
        Say::ApplyAgain => format!(
            "The basket changed: the card is no longer applied. {} or {} applies it again.",
            key(Command::Subtotal),
            key(Command::Total)
        ),
        Say::TooLittle(missing) => format!("{} is missing. Nothing paid.", money(*missing)),
        Say::TooMuch(change) => {
            format!("The change would be {}. Nothing paid. Check the amount.", money(*change))
        }
        Say::ExactOnly => format!(
            "This pays exactly what is due: no amount. Nothing paid. {} clears it.",
            key(Command::Clear)
        ),
        Say::EnterNeverPays => format!("Enter never pays. {} pays.", key(Command::Total)),
        Say::ScanInTender => {
            format!(
                "Scan refused: it was not added. {} goes back to the basket.",
                key(Command::Clear)
            )
        }
        Say::ScanWhilePaying => "Not now: the payment is under way. That was not added.".to_owned(),
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
        Say::TerminalFailed(said) => {
            let said = if said.is_empty() {
                "declined, broken off or out of time".to_owned()
            } else {
                fit(said, LONGEST_WORDS, false)
            };
            format!(
                "NOT paid at the terminal: {said}. The basket is kept. {} tries again, {} takes cash.",
                key(Command::Cashless),
                key(Command::Cash)
            )
        }
        Say::BrokenOff => format!(
            "Broken off: nothing was paid. The basket is kept. {} tries again, {} takes cash.",
            key(Command::Cashless),
            key(Command::Cash)
        ),
        Say::TerminalBusy => "The terminal is at work: wait for it, or take cash.".to_owned(),
        Say::TerminalJobDone(job) => {
            format!("{}: done. {} has its report.", terminal_job(*job), key(Command::Transactions))
        }
        Say::TerminalJobFailed(job) => {
            format!("{}: the terminal says that it FAILED. Read its report.", terminal_job(*job))
        }
        Say::ShopCopy => format!(
            "The shop must keep its copy of the terminal's receipt: {} twice prints both.",
            key(Command::History)
        ),
        Say::SetUpAgain => format!(
            "The sale was set up again at the server. Check the amount, then {}.",
            key(Command::Total)
        ),
        Say::GivenUp => format!(
            "Given up on the server: it can no longer be paid there. {} pays the sale anew.",
            key(Command::Total)
        ),
        Say::Refused(Action::PayAtTerminal, error) => format!(
            "{}. {} tries again, {} takes cash.",
            refused(Action::PayAtTerminal, error),
            key(Command::Cashless),
            key(Command::Cash)
        ),
        Say::Refused(action, error) => refused(*action, error),
        Say::NoAnswer(Action::EndOfDay, reason) => format!(
            "End of day: no answer ({}). Whether the terminal has closed its day is not known: {} \
             tells. Do not repeat it before.",
            LANG.reason(*reason),
            key(Command::Transactions)
        ),
        Say::NoAnswer(Action::AbortPayment, reason) => format!(
            "Breaking off: no answer ({}). The terminal decides: wait for it. → asks again.",
            LANG.reason(*reason)
        ),
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
        Say::Paired => "The till is paired and ready.".to_owned(),
        Say::PairingAside => format!(
            "Not paired yet: the till goes on asking. {}, \"{}\" shows the code again.",
            key(Command::Menu),
            LANG.label(Command::Connect)
        ),
        Say::Parked => format!("Sale parked. {} brings it back.", key(Command::Park)),
        Say::Recalled => "The parked sale is back.".to_owned(),
        Say::NothingParked => "There is no parked sale.".to_owned(),
        Say::FinishFirst => "Finish or park this sale first.".to_owned(),
        Say::NoHistory => "There is no finished sale yet.".to_owned(),
        Say::NoReceipt => "The server wrote no receipt for this.".to_owned(),
        Say::NoPrinter => "No printer is configured.".to_owned(),
        Say::Printed => "The receipt is printed.".to_owned(),
        Say::SwitchedOff(command) => {
            format!("\"{}\" is switched off on this till.", LANG.label(*command))
        }
        Say::Exported(file) => format!("Written to {file}, beside the journal."),
        Say::ExportFailed(why) => {
            format!("The exchanges could not be written ({}).", fit(why, LONGEST_WORDS, false))
        }
        Say::PrintFailed(why) => {
            format!("Not printed: {why}. The sale is safe. {} prints again.", key(Command::History))
        }
        Say::PrinterWaits(count) => format!(
            "The printer takes nothing; receipts that wait: {count}. The sales are safe. Check power, \
             paper and cable: it goes on by itself. {} prints again later.",
            key(Command::History)
        ),
        Say::Locked => format!("Locked. {} unlocks.", key(Command::Lock)),
        Say::NotHere(command) => format!("{} does nothing here.", key(*command)),
        Say::HowToQuit => {
            format!("To leave: {}, then \"{}\".", key(Command::Menu), LANG.label(Command::Quit))
        }
        Say::CardBlocked => format!(
            "This card paid a sale whose outcome is unknown: it must not pay again yet. {}, \"{}\" \
             shows it.",
            key(Command::Menu),
            LANG.label(Command::Unresolved)
        ),
        Say::Detached => "Put aside; it goes on being asked after. Serve the next one.".to_owned(),
        Say::ResolvedPaid(sum) => {
            format!(
                "The open sale of {} IS PAID. Its receipt: {}.",
                money(*sum),
                key(Command::History)
            )
        }
        Say::ResolvedUnpaid(sum) => format!(
            "The open sale of {} was NOT paid. It is parked: {} brings it back.",
            money(*sum),
            key(Command::Park)
        ),
        Say::WrittenOff(sum) => format!(
            "Written off by decision: {}. It MAY HAVE BEEN PAID; the server goes on being asked.",
            money(*sum)
        ),
        Say::WrittenOffWasPaid(due) => format!(
            "A payment that was written off WAS MADE: {}. Cancel it or give it back ({}, \"{}\").",
            money(*due),
            key(Command::Menu),
            LANG.label(Command::Transactions)
        ),
        Say::PaidElsewhere(sum) => format!(
            "The server says this sale is already paid: {}. A copy of this till has sold it. \
             Do not charge again; \"{}\" clears it here.",
            money(*sum),
            LANG.label(Command::DiscardSale)
        ),
        Say::NothingUnresolved => "All outcomes are known.".to_owned(),
        Say::OutcomesOpen => format!(
            "Not yet: an outcome is still unknown. {}, \"{}\" shows it.",
            key(Command::Menu),
            LANG.label(Command::Unresolved)
        ),
        Say::Cancelled(sum) => format!("Cancelled on the server: {}.", money(*sum)),
        Say::GiveBack(back) => back::give_back(back, &money, &key),
        Say::CancelledButCard(sum) => format!(
            "Cancelled on the server: {}. Whether the booking on the customer's card was taken back \
             is NOT known: {} shows the card.",
            money(*sum),
            key(Command::Card)
        ),
        Say::CancellingAtTerminal => {
            "The terminal is asked to give the money back. Have the bank card at hand.".to_owned()
        }
        Say::CancelChecking => {
            "The cancellation was refused. The server is asked how the sale stands.".to_owned()
        }
        Say::CancelRefused(error) => {
            format!("The server says it is still paid: NOT cancelled. {}", reason_of(error))
        }
        Say::CancelOpen => format!(
            "The server does not tell whether a sale was cancelled. Give nothing back yet: {}, \
             \"{}\" shows it, → there decides. You can sell on and leave.",
            key(Command::Menu),
            LANG.label(Command::Unresolved)
        ),
        Say::PerhapsCancelled => {
            "Kept as not cancelled; it may have been. The journal says that you decided so."
                .to_owned()
        }
        Say::NoReceiptNumber => {
            "Nothing was cancelled: the number of the terminal's receipt is not \
                                 known. Take the payment back at the terminal itself."
                .to_owned()
        }
        Say::LeavingOpen(count) => format!(
            "Outcomes that are not known: {count}. They are kept and asked after at the \
             next start."
        ),
        Say::AlreadyCancelled => "This sale is cancelled already.".to_owned(),
        Say::NotPaid => "Only what is paid can be cancelled.".to_owned(),
        Say::CancelUnderWay => "This sale is being cancelled; wait for its outcome.".to_owned(),
        Say::CancelUnknown => {
            "Whether it was cancelled is not known yet: the server is being asked.".to_owned()
        }
        Say::NotCancelled => "The server says it is still paid: NOT cancelled.".to_owned(),
        Say::SandboxOnly => "Only a sandbox has faults to practise with.".to_owned(),
        Say::Saving => "Not yet: the disk is slow and a record is still being saved.".to_owned(),
        Say::Stopped(why) => format!(
            "STOPPED: the journal cannot be written ({why}). Nothing is sold and nothing is sent. \
             Make room or repair it, then start kasse again."
        ),
        Say::NotWhilePaying => "Not while a payment is open.".to_owned(),
    }
}

const fn terminal_job(job: TerminalJob) -> &'static str {
    match job {
        TerminalJob::Diagnosis => "Diagnosis",
        TerminalJob::EndOfDay => "End of day",
    }
}

const fn what(action: Action) -> &'static str {
    match action {
        Action::Connect => "Connecting",
        Action::Prepare => "Preparing the sale",
        Action::Apply => "Applying the card",
        Action::Pay => "Paying",
        Action::PayAtTerminal => "Paying at the terminal",
        Action::AbortPayment => "Breaking off",
        Action::Diagnosis => terminal_job(TerminalJob::Diagnosis),
        Action::EndOfDay => terminal_job(TerminalJob::EndOfDay),
        Action::List => "Listing transactions",
        Action::FindCard => "Looking up the card",
        Action::CardLock => "Asking for the lock",
        Action::CheckCode(_) => "Checking the code",
        Action::Programmes => "Listing the programmes",
        Action::CheckIns => "Listing the check-ins",
        Action::Abort => "Giving up the transaction",
        Action::Cancel => "Cancelling",
        Action::Faults => "Switching faults",
    }
}

fn again(action: Action, key: &impl Fn(Command) -> String) -> String {
    let command = match action {
        Action::Connect => Command::Connect,
        Action::Apply | Action::CheckCode(CodeKind::Passcode) => Command::Subtotal,
        Action::Prepare | Action::Pay => Command::Total,
        Action::FindCard | Action::CardLock | Action::CheckCode(CodeKind::Csc) => Command::Card,
        Action::Programmes => Command::NewCard,
        Action::CheckIns => Command::CheckIns,
        Action::Abort | Action::AbortPayment => return "→ tries again.".to_owned(),
        Action::PayAtTerminal => Command::Cashless,
        Action::Diagnosis => Command::Diagnosis,
        Action::EndOfDay => Command::EndOfDay,
        Action::List => Command::Transactions,
        Action::Cancel => Command::History,
        Action::Faults => Command::Faults,
    };
    format!("{} tries again.", key(command))
}

/// What is safe comes first and the server's words are cut, so that code and support id stay on
/// the screen.
fn refused(action: Action, error: &ApiError) -> String {
    let safe = match action {
        Action::Pay | Action::PayAtTerminal => "nothing was taken",
        Action::AbortPayment => "the payment goes on",
        Action::Diagnosis | Action::List => "nothing has changed",
        // A gateway may refuse what a terminal has done.
        Action::EndOfDay => "see the transactions before you repeat it",
        _ => "the basket is kept",
    };
    format!("{} was refused, {safe}: {}", what(action), reason_of(error))
}

/// The server's own words of a refusal, with code and support id.
fn reason_of(error: &ApiError) -> String {
    let said = [&error.user, &error.details, &error.name]
        .into_iter()
        .find(|text| !text.is_empty())
        .cloned()
        .unwrap_or_else(|| format!("HTTP {}", error.http));
    let mut ids = Vec::new();
    if error.code != 0 {
        ids.push(format!("code {}", error.code));
    }
    if !error.support_id.is_empty() {
        ids.push(format!("support id {}", fit(&error.support_id, 40, false)));
    }
    let ids = if ids.is_empty() { String::new() } else { format!(" ({})", ids.join(", ")) };
    format!("{}{ids}", fit(&said, LONGEST_WORDS, false))
}
