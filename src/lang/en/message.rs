//! English: the notices. Each says what happened, what is safe, and what to press.

use std::borrow::Cow;

use super::back;
use crate::lang::{LONGEST_WORDS, Lang, server_words};
use crate::money::Money;
use crate::shop::CodeKind;
use crate::text::fit;
use crate::till::{Action, Command, Message, Role, Settings};
use crate::wire::{ApiError, TerminalJob};

const LANG: Lang = Lang::En;

// One match over all notices: one that is forgotten does not compile.
#[allow(clippy::too_many_lines)]
pub(in crate::lang) fn message(message: &Message, settings: &Settings) -> String {
    let key = |command| LANG.key_of(command, &settings.keymap);
    let money = |amount: Money| format!("{} {}", LANG.amount(amount), settings.currency);
    match message {
        Message::NotFound(code) => {
            format!(
                "No article {code}: it was not added. {} searches by name.",
                key(Command::Search)
            )
        }
        Message::UnknownCode(code) => {
            format!("No article {code}: it was not added. {} makes it one.", key(Command::Teach))
        }
        Message::ArticleLocked { name, note } => {
            format!("{name} is not for sale: it was not added. {note}").trim_end().to_owned()
        }
        Message::NoRate { name, class } => {
            format!("{name}: VAT class {class} has no rate today. It was not added.")
        }
        Message::Incomplete { name, number } => {
            format!("{name} needs article {number}, which cannot be sold: it was not added.")
        }
        Message::NotSold(name) => format!("{name} was not sold."),
        Message::ArticleNote { name, note } => format!("{name}: {note}"),
        Message::PriceIsFixed(name) => format!(
            "{name} has a price. {} makes a number the pieces, {} clears it.",
            key(Command::Multiply),
            key(Command::Clear)
        ),
        Message::ScanOverQuestion => {
            "That was not taken: a question is open. → answers it, Enter never does.".to_owned()
        }
        Message::QuantityOutOfRange(most) => format!("A quantity is between 1 and {most}."),
        Message::PercentOutOfRange => "A discount is between 0 and 100 %.".to_owned(),
        Message::NothingToTeach => {
            "Scan the goods first: this key makes an article of an unknown code.".to_owned()
        }
        Message::NameMissing(most) => format!("Type a name of 1 to {most} characters."),
        Message::NoVatKnown => {
            "No VAT rate is known for a new article: name one in the configuration.".to_owned()
        }
        Message::WrongCheckDigit(code) => {
            format!("{code}: wrong check digit, it was not added. Scan or type it again.")
        }
        Message::InStoreUnknown(code) => format!(
            "{code} is a shop's own code without a rule: it was not added. {} searches by name.",
            key(Command::Search)
        ),
        Message::CardCode { pays_out: false } => format!(
            "This code loads cards: it was not added. Type the amount, then {}.",
            key(Command::TopUp)
        ),
        Message::CardCode { pays_out: true } => format!(
            "This code pays cards out: it was not added. To pay with the card: {}.",
            key(Command::Subtotal)
        ),
        Message::NoHits(words) => format!("No article is called \"{words}\". Try fewer letters."),
        Message::BankCard => "That was a bank card. It was not read, kept or sent. Swipe the \
                          customer's loyalty card."
            .to_owned(),
        Message::UnreadableSwipe => {
            "That card could not be read. Swipe again or type its number.".to_owned()
        }
        Message::NotAQuantity => {
            "That was no number of pieces (1 to 9999) and was not added.".to_owned()
        }
        Message::NumberMissing(command) => {
            let example = if *command == Command::TopUp { "15" } else { "3" };
            format!("Type a number first: {example} and {}.", key(*command))
        }
        Message::AmountOutOfRange { min, max } => {
            format!("The amount must be between {} and {}.", money(*min), money(*max))
        }
        Message::TooManyDigits => {
            "An amount has at most 6 digits: that looks like a scan. Nothing paid.".to_owned()
        }
        Message::BasketTooLarge => {
            "Too many pieces or too large a sum: that was not added.".to_owned()
        }
        Message::CardSaleFixed => {
            "Money on a card has a fixed price and no discount: void the line instead.".to_owned()
        }
        Message::WeightOutOfRange => {
            "Type the weight in grams (512), or in kilograms with a point (0.512).".to_owned()
        }
        Message::CouponUsed => "This coupon counts in this sale already.".to_owned(),
        Message::NoDiscount => "This discount takes nothing off here.".to_owned(),
        Message::TooManyDiscounts => "The sale has too many discounts already.".to_owned(),
        Message::SeveralHits(count) => {
            format!("{count} articles match: ↓ chooses one, Enter takes it.")
        }
        Message::EntryTooLong => "That was too long to be a code: it was not added.".to_owned(),
        Message::InputLost => {
            "Input was dropped: too much at once. Nothing of it was used. Check the basket!"
                .to_owned()
        }
        Message::PostFirst => {
            format!("Something is still typed. Enter posts it, {} clears it.", key(Command::Clear))
        }
        Message::PiecesWait(pieces) => {
            let what = if *pieces < 0 { "to be returned wait" } else { "wait" };
            format!(
                "{} × {what} for an article: scan it, or {} clears them.",
                pieces.unsigned_abs(),
                key(Command::Clear)
            )
        }
        Message::ReturnDropped => "Nothing was taken back.".to_owned(),
        Message::WindowTooSmall => {
            "The window was too small: what was scanned or typed meanwhile was not taken."
                .to_owned()
        }
        Message::RefusedBefore => {
            format!("Type it anew, or {} clears it: then the exact amount.", key(Command::Clear))
        }
        Message::BasketEmpty => "The basket is empty: nothing to pay. Scan an article.".to_owned(),
        Message::SumNegative => {
            "Returns exceed the sale and cannot be paid out here. Add articles, \
                             or void the return."
                .to_owned()
        }
        Message::NoLine => "No line is selected.".to_owned(),
        Message::Voided { quantity, name } => format!("Voided: {quantity} × {name}"),
        Message::Discarded => "All lines voided.".to_owned(),
        Message::NoCard(_) => "Swipe the customer's card first, or type its number.".to_owned(),
        Message::CardInvalid => {
            "The server does not know this card. The sale goes on without it.".to_owned()
        }
        Message::CardLocked => "This card is locked. The sale goes on without it.".to_owned(),
        Message::CardInactive => {
            "This card is not in circulation: paying with it may be refused.".to_owned()
        }
        Message::CardExpired(day) => {
            format!("This card expired on {}: paying with it may be refused.", LANG.time(day))
        }
        Message::CardExpires(day) => {
            format!("This card expires on {}. The customer should know.", LANG.time(day))
        }
        Message::CardRemoved => "The card is off the sale.".to_owned(),
        Message::CheckInInvalid => {
            "The server does not know this check-in. The sale goes on without it.".to_owned()
        }
        Message::NewCardRefused => {
            "No card of this programme can be made with a sale. The sale goes on without it."
                .to_owned()
        }
        Message::NewCardIsEmpty => format!(
            "The new card is made when the sale is paid: nothing is on it yet. {} goes on.",
            key(Command::Total)
        ),
        Message::NotACode => "A code is exactly four digits. Nothing was sent.".to_owned(),
        Message::CodeRight(CodeKind::Csc) => "The code on the back is right.".to_owned(),
        Message::CodeRight(CodeKind::Passcode) => "The passcode is right.".to_owned(),
        Message::CodeWrong(code, off) => format!(
            "The {} is WRONG: the card must not be used.{}",
            match code {
                CodeKind::Csc => "code on the back",
                CodeKind::Passcode => "passcode",
            },
            if *off { " It is off the sale, which goes on without it." } else { "" }
        ),
        Message::PasscodeMissing => format!(
            "Without its passcode the card does not pay. {} asks again; {}, \"{}\" sells without it.",
            key(Command::Subtotal),
            key(Command::Menu),
            LANG.label(Command::RemoveCard)
        ),
        Message::ApplyAgain => format!(
            "The basket changed: the card is no longer applied. {} or {} applies it again.",
            key(Command::Subtotal),
            key(Command::Total)
        ),
        Message::TooLittle(missing) => format!("{} is missing. Nothing paid.", money(*missing)),
        Message::TooMuch(change) => {
            format!("The change would be {}. Nothing paid. Check the amount.", money(*change))
        }
        Message::ExactOnly => format!(
            "This pays exactly what is due: no amount. Nothing paid. {} clears it.",
            key(Command::Clear)
        ),
        Message::EnterNeverPays => format!("Enter never pays. {} pays.", key(Command::Total)),
        Message::ScanInTender => {
            format!(
                "Scan refused: it was not added. {} goes back to the basket.",
                key(Command::Clear)
            )
        }
        Message::ScanWhilePaying => {
            "Not now: the payment is under way. That was not added.".to_owned()
        }
        Message::Busy => "One moment: the server is being asked.".to_owned(),
        Message::LoyaltyNeedsRemainder(rest) => format!(
            "The card does not cover it: {} remains. {} takes cash, {} the terminal.",
            money(*rest),
            key(Command::Cash),
            key(Command::Cashless)
        ),
        Message::PaymentFailed => format!(
            "The payment FAILED: nothing was taken. The basket is kept. {} tries again.",
            key(Command::Total)
        ),
        Message::TerminalFailed(said) => {
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
        Message::BrokenOff => format!(
            "Broken off: nothing was paid. The basket is kept. {} tries again, {} takes cash.",
            key(Command::Cashless),
            key(Command::Cash)
        ),
        Message::TerminalBusy => "The terminal is at work: wait for it, or take cash.".to_owned(),
        Message::TerminalJobDone(job) => {
            format!("{}: done. {} has its report.", terminal_job(*job), key(Command::Transactions))
        }
        Message::TerminalJobFailed(job) => {
            format!("{}: the terminal says that it FAILED. Read its report.", terminal_job(*job))
        }
        Message::ShopCopy => format!(
            "The shop must keep its copy of the terminal's receipt: {} twice prints both.",
            key(Command::History)
        ),
        Message::SetUpAgain => format!(
            "The sale was set up again at the server. Check the amount, then {}.",
            key(Command::Total)
        ),
        Message::GivenUp => format!(
            "Given up on the server: it can no longer be paid there. {} pays the sale anew.",
            key(Command::Total)
        ),
        Message::Refused(Action::PayAtTerminal, error) => format!(
            "{}. {} tries again, {} takes cash.",
            refused(Action::PayAtTerminal, error),
            key(Command::Cashless),
            key(Command::Cash)
        ),
        Message::Refused(action, error) => refused(*action, error),
        Message::NoAnswer(Action::EndOfDay, reason) => format!(
            "End of day: no answer ({}). Whether the terminal has closed its day is not known: {} \
             tells. Do not repeat it before.",
            LANG.reason(*reason),
            key(Command::Transactions)
        ),
        Message::NoAnswer(Action::AbortPayment, reason) => format!(
            "Breaking off: no answer ({}). The terminal decides: wait for it. → asks again.",
            LANG.reason(*reason)
        ),
        Message::Down(action, reason) => format!(
            "{}: server not reachable ({}). Nothing happened there, nothing is lost. {}",
            what(*action),
            LANG.reason(*reason),
            again(*action, &key)
        ),
        Message::NoAnswer(action, reason) => format!(
            "{}: no answer ({}). No money was moved. {}",
            what(*action),
            LANG.reason(*reason),
            again(*action, &key)
        ),
        Message::Connected => "The server answers.".to_owned(),
        Message::Paired => "The till is paired and ready.".to_owned(),
        Message::PairingAside => format!(
            "Not paired yet: the till goes on asking. {}, \"{}\" shows the code again.",
            key(Command::Menu),
            LANG.label(Command::Connect)
        ),
        Message::Parked => format!("Sale parked. {} brings it back.", key(Command::Park)),
        Message::VatChanged { lines, from, to } => format!(
            "Today's VAT rate: {} instead of {} ({lines} {}). The sum stays the same.",
            LANG.percent(*to),
            LANG.percent(*from),
            if *lines == 1 { "line" } else { "lines" }
        ),
        Message::Recalled => "The parked sale is back.".to_owned(),
        Message::NothingParked => "There is no parked sale.".to_owned(),
        Message::TooManyParked(sales) => {
            format!("{sales} sales are parked, the most there can be: finish this one first.")
        }
        Message::TooManyOpen(open) => {
            format!("{open} outcomes are open, the most there can be: one must be known first.")
        }
        Message::MoreErrors(errors) => {
            format!("{errors} more errors were not kept: look at the basket before you go on.")
        }
        Message::FinishFirst => "Finish or park this sale first.".to_owned(),
        Message::NoHistory => "There is no finished sale yet.".to_owned(),
        Message::NoReceipt => "The server wrote no receipt for this.".to_owned(),
        Message::NoPrinter => "No printer is configured.".to_owned(),
        Message::Printed => "The receipt is printed.".to_owned(),
        Message::SwitchedOff(command) => {
            format!("\"{}\" is switched off on this till.", LANG.label(*command))
        }
        Message::Exported(file) => format!("Written to {file}, beside the journal."),
        Message::ExportFailed(why) => {
            format!("The exchanges could not be written ({}).", fit(why, LONGEST_WORDS, false))
        }
        Message::ArticlesUpdated(count) => format!("Articles updated: {}.", LANG.count(*count)),
        Message::ArticlesUnread(why) => format!(
            "Other articles were imported and cannot be read ({}). The till sells those it has.",
            fit(why, LONGEST_WORDS, false)
        ),
        Message::NotTaught(why) => format!(
            "The new article is sold until kasse ends, but it could not be kept ({}).",
            fit(why, LONGEST_WORDS, false)
        ),
        Message::PrintFailed(why) => {
            format!("Not printed: {why}. The sale is safe. {} prints again.", key(Command::History))
        }
        Message::PrinterWaits(count) => format!(
            "The printer takes nothing; receipts that wait: {count}. The sales are safe. Check power, \
             paper and cable: it goes on by itself. {} prints again later.",
            key(Command::History)
        ),
        Message::RoleMissing(command, role) => {
            let role = match role {
                Role::Trainee | Role::Cashier => "cashier",
                Role::Supervisor => "supervisor",
            };
            format!("\"{}\" needs a {role}.", LANG.label(*command))
        }
        Message::NotHere(command) => format!("{} does nothing here.", key(*command)),
        Message::HowToQuit => {
            format!("To leave: {}, then \"{}\".", key(Command::Menu), LANG.label(Command::Quit))
        }
        Message::CardBlocked => format!(
            "This card paid a sale whose outcome is unknown: it must not pay again yet. {}, \"{}\" \
             shows it.",
            key(Command::Menu),
            LANG.label(Command::Unresolved)
        ),
        Message::Detached => {
            "Put aside; it goes on being asked after. Serve the next one.".to_owned()
        }
        Message::ResolvedPaid(sum) => {
            format!(
                "The open sale of {} IS PAID. Its receipt: {}.",
                money(*sum),
                key(Command::History)
            )
        }
        Message::ResolvedUnpaid(sum) => format!(
            "The open sale of {} was NOT paid. It is parked: {} brings it back.",
            money(*sum),
            key(Command::Park)
        ),
        Message::WrittenOff(sum) => format!(
            "Written off by decision: {}. It MAY HAVE BEEN PAID; the server goes on being asked.",
            money(*sum)
        ),
        Message::WrittenOffWasPaid(due) => format!(
            "A payment that was written off WAS MADE: {}. Cancel it or give it back ({}, \"{}\").",
            money(*due),
            key(Command::Menu),
            LANG.label(Command::Transactions)
        ),
        Message::PaidElsewhere(sum) => format!(
            "The server says this sale is already paid: {}. A copy of this till has sold it. \
             Do not charge again; \"{}\" clears it here.",
            money(*sum),
            LANG.label(Command::DiscardSale)
        ),
        Message::NothingUnresolved => "All outcomes are known.".to_owned(),
        Message::OutcomesOpen => format!(
            "Not yet: an outcome is still unknown. {}, \"{}\" shows it.",
            key(Command::Menu),
            LANG.label(Command::Unresolved)
        ),
        Message::Cancelled(sum) => format!("Cancelled on the server: {}.", money(*sum)),
        Message::GiveBack(back) => back::give_back(back, &money, &key),
        Message::CancelledButCard(sum) => format!(
            "Cancelled on the server: {}. Whether the booking on the customer's card was taken back \
             is NOT known: {} shows the card.",
            money(*sum),
            key(Command::Card)
        ),
        Message::CancellingAtTerminal => {
            "The terminal is asked to give the money back. Have the bank card at hand.".to_owned()
        }
        Message::CancelChecking => {
            "The cancellation was refused. The server is asked how the sale stands.".to_owned()
        }
        Message::CancelRefused(error) => {
            format!("The server says it is still paid: NOT cancelled. {}", reason_of(error))
        }
        Message::CancelOpen => format!(
            "The server does not tell whether a sale was cancelled. Give nothing back yet: {}, \
             \"{}\" shows it, → there decides. You can sell on and leave.",
            key(Command::Menu),
            LANG.label(Command::Unresolved)
        ),
        Message::PerhapsCancelled => {
            "Kept as not cancelled; it may have been. The journal says that you decided so."
                .to_owned()
        }
        Message::NoReceiptNumber => {
            "Nothing was cancelled: the number of the terminal's receipt is not \
                                 known. Take the payment back at the terminal itself."
                .to_owned()
        }
        Message::LeavingOpen(count) => format!(
            "Outcomes that are not known: {count}. They are kept and asked after at the \
             next start."
        ),
        Message::AlreadyCancelled => "This sale is cancelled already.".to_owned(),
        Message::NotPaid => "Only what is paid can be cancelled.".to_owned(),
        Message::CancelUnderWay => "This sale is being cancelled; wait for its outcome.".to_owned(),
        Message::CancelUnknown => {
            "Whether it was cancelled is not known yet: the server is being asked.".to_owned()
        }
        Message::NotCancelled => "The server says it is still paid: NOT cancelled.".to_owned(),
        Message::SandboxOnly => "Only a sandbox has faults to practise with.".to_owned(),
        Message::Saving => {
            "Not yet: the disk is slow and a record is still being saved.".to_owned()
        }
        Message::Stopped(why) => format!(
            "STOPPED: the journal cannot be written ({why}). Nothing is sold and nothing is sent. \
             Make room or repair it, then start kasse again."
        ),
        Message::NotWhilePaying => "Not while a payment is open.".to_owned(),
    }
}

const fn terminal_job(job: TerminalJob) -> &'static str {
    match job {
        TerminalJob::Diagnosis => "Diagnosis",
        TerminalJob::EndOfDay => "End of day",
    }
}

fn what(action: Action) -> Cow<'static, str> {
    Cow::Borrowed(match action {
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
        Action::Fetch(command) => {
            return Cow::Owned(format!("Listing \"{}\"", super::commands::command(command).0));
        }
        Action::Abort => "Giving up the transaction",
        Action::Cancel => "Cancelling",
        Action::Faults => "Switching faults",
    })
}

fn again(action: Action, key: &impl Fn(Command) -> String) -> String {
    let key = action.again().map_or_else(|| "→".to_owned(), key);
    format!("{key} tries again.")
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

fn reason_of(error: &ApiError) -> String {
    server_words(error, "code", "support id")
}
