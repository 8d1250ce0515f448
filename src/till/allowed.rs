//! Whether a command works now: the one answer that dispatch, menu, legend and the lock ask for.
//!
//! Reads the columns of the command table ([`super::columns`]) against a state. Must not change
//! anything, and must not know what a command does.

use super::columns::{Moves, Needs, Over, Row, Takes};
use super::overlay::{Asks, Coming};
use super::{
    Cancellation, CardSide, CardState, Command, Multiplier, Overlay, Printing, Refusal, SaleCard,
    ServerKind, Settings, State, Step, Tender, Waiter, bounds,
};
use crate::shop::{Scan, Shape, recognise, shape};
use crate::wire::{StartMethod, Status};

type Answer = Result<(), Refusal>;

/// Whether `command` works if its key is pressed now. What it then does may still come to nothing,
/// by the amount typed for example, but never because the command is out of place.
///
/// # Errors
/// Why it does not.
pub fn allowed(command: Command, state: &State, settings: &Settings) -> Answer {
    At::hand(state, settings).allows(command)
}

/// Whether `command` works if it is chosen in the menu, which closes itself and what it covers.
///
/// # Errors
/// Why it does not.
pub fn allowed_in_menu(command: Command, state: &State, settings: &Settings) -> Answer {
    let top = state.overlays.iter().rfind(|below| below.layer().stays(Coming::Another));
    At { state, settings, top, typed: Some(""), menu: true }.allows(command)
}

/// Whether `command` works, perhaps after something else is typed: for the legend, which does not
/// change with every key.
///
/// # Errors
/// Why it does not.
pub fn allowed_after_typing(command: Command, state: &State, settings: &Settings) -> Answer {
    At { typed: None, ..At::hand(state, settings) }.allows(command)
}

/// What the key of `command` asks for: `-` voids, makes a return, or cancels a sale in a list.
pub(super) fn meant(command: Command, state: &State, settings: &Settings) -> Command {
    At::hand(state, settings).meant(command)
}

/// Nothing may be sold once the journal has failed.
pub(super) const fn not_stopped(state: &State) -> Answer {
    if state.stopped.is_some() { Err(Refusal::Stopped) } else { Ok(()) }
}

/// No pieces wait for their article, and no goods for an answer.
pub(super) fn no_pieces_wait(state: &State) -> Answer {
    let asked = state.overlays.iter().find_map(|overlay| overlay.layer().waiting());
    let pieces = state.entry.multiplier.map(Multiplier::quantity).or(asked);
    pieces.map_or(Ok(()), |pieces| Err(Refusal::PiecesWait(pieces)))
}

/// The terminal is at no job, and takes no payment back.
pub(super) fn terminal_is_free(state: &State) -> Answer {
    let busy =
        state.terminal_works() || state.cancellations.iter().any(Cancellation::is_at_terminal);
    if busy { Err(Refusal::TerminalBusy) } else { Ok(()) }
}

/// The basket can be paid.
pub(super) fn payable(state: &State) -> Answer {
    let sale = &state.sale;
    // A parked sale may have been recalled since the card's last payment became unknown.
    if sale.usable_card().is_some_and(|card| state.is_card_blocked(card)) {
        return Err(Refusal::CardBlocked);
    }
    if sale.basket.is_empty() {
        Err(Refusal::BasketEmpty)
    } else if sale.basket.sum().is_negative() {
        Err(Refusal::SumNegative)
    } else if sale.basket.has_top_up() && sale.usable_card().is_none() {
        Err(match sale.card.as_ref().map(|card| &card.state) {
            Some(CardState::Locked(_)) => Refusal::CardLocked,
            _ => Refusal::NoCardForTopUp,
        })
    } else {
        Ok(())
    }
}

/// Something is typed that is no number.
fn is_text(typed: &str) -> bool {
    matches!(shape(typed), Shape::Text | Shape::Raw)
}

/// What a command finds when it is asked for.
#[derive(Clone, Copy)]
struct At<'a> {
    state: &'a State,
    settings: &'a Settings,
    /// The overlay that it would act over.
    top: Option<&'a Overlay>,
    /// The entry line; `None`: anything may be typed.
    typed: Option<&'a str>,
    /// It is chosen in the menu, by Enter.
    menu: bool,
}

impl<'a> At<'a> {
    fn hand(state: &'a State, settings: &'a Settings) -> Self {
        let typed = Some(state.entry.text.as_str());
        Self { state, settings, top: state.overlays.last(), typed, menu: false }
    }

    fn meant(&self, command: Command) -> Command {
        let listed = matches!(self.top, Some(Overlay::History(_))) || self.state.listed().is_some();
        match command {
            Command::VoidOrReturn if listed => Command::CancelSale,
            Command::VoidOrReturn
                if self.typed == Some("") && self.state.entry.multiplier.is_none() =>
            {
                Command::VoidLine
            }
            command => command,
        }
    }

    fn allows(&self, command: Command) -> Answer {
        match self.meant(command).row() {
            Some(row) => self.allows_row(row),
            None => Err(Refusal::NotHere),
        }
    }

    fn allows_row(&self, row: &Row) -> Answer {
        self.is_reached(row)?;
        if !self.settings.has(row.command) {
            return Err(Refusal::SwitchedOff);
        }
        if self.state.role < row.role {
            return Err(Refusal::Role(row.role));
        }
        if row.sandbox && self.state.server == ServerKind::Live {
            return Err(Refusal::SandboxOnly);
        }
        if row.waits_for_disk && self.state.saving.is_some() {
            return Err(Refusal::Saving);
        }
        if row.moves != Moves::Nothing {
            not_stopped(self.state)?;
        }
        self.is_uncovered(row)?;
        self.line_is_free(row)?;
        match self.step(row) {
            // What else is missing is said before.
            Err(Refusal::BasketEmpty) => self.needs(row).and(Err(Refusal::BasketEmpty)),
            Err(refusal) => Err(refusal),
            Ok(()) => self.needs(row),
        }?;
        self.line_is_right(row)
    }

    /// Nothing must be answered before.
    fn is_reached(&self, row: &Row) -> Answer {
        let State { missing_end, too_small, .. } = self.state;
        let lock = row.command == Command::Lock;
        let open = match self.top {
            Some(Overlay::Locked) => lock && !too_small,
            Some(Overlay::Pin(_)) => false,
            // No prompt can be seen.
            _ if *too_small => {
                row.command == Command::Quit
                    && !row.asks_pin(self.settings.access)
                    && !matches!(self.top, Some(Overlay::Code(_)))
            }
            _ if missing_end.is_some() => lock,
            Some(top) => match top.layer().asks() {
                Asks::Nothing => true,
                Asks::Answer => row.over == Over::Everything,
                Asks::Row => row.over == Over::Everything || row.command.is_move(),
            },
            None => true,
        };
        if open { Ok(()) } else { Err(Refusal::Question) }
    }

    fn is_uncovered(&self, row: &Row) -> Answer {
        let covered = match row.over {
            Over::Everything | Over::Pages => false,
            Over::Closes => matches!(self.state.sale.step, Step::Tender(_)),
            Over::Panels => true,
        };
        if covered && self.top.is_some() { Err(Refusal::Covered) } else { Ok(()) }
    }

    /// What is pending would not be dropped.
    fn line_is_free(&self, row: &Row) -> Answer {
        let empty = match row.takes {
            Takes::Nothing => true,
            Takes::Amount => matches!(self.state.sale.step, Step::Basket(_) | Step::Done(_)),
            Takes::Anything
            | Takes::Number
            | Takes::Asks
            | Takes::Price
            | Takes::Pieces
            | Takes::Instead => false,
        };
        if empty || matches!(row.takes, Takes::Number | Takes::Asks) {
            no_pieces_wait(self.state)?;
        }
        if empty && self.is_typed() { Err(Refusal::PostFirst) } else { Ok(()) }
    }

    /// What must be typed is, and nothing else.
    fn line_is_right(&self, row: &Row) -> Answer {
        let none = self.typed == Some("");
        match row.takes {
            Takes::Number if none => Err(Refusal::NumberMissing),
            Takes::Pieces if none && matches!(self.state.sale.step, Step::Done(_)) => {
                Err(Refusal::NotHere)
            }
            Takes::Instead if self.is_typed() => Err(Refusal::PostFirst),
            Takes::Asks | Takes::Price if self.typed.is_some_and(is_text) => {
                Err(Refusal::PostFirst)
            }
            _ => Ok(()),
        }
    }

    /// Something is typed that was not refused.
    fn is_typed(&self) -> bool {
        self.typed.is_some_and(|text| !text.is_empty()) && !self.state.entry.is_refused()
    }

    const fn step(&self, row: &Row) -> Answer {
        match &self.state.sale.step {
            Step::Basket(_) if self.state.sale.basket.is_empty() => row.steps.empty,
            Step::Basket(_) => row.steps.filled,
            Step::Tender(_) => row.steps.tender,
            Step::Paying(_) => row.steps.paying,
            Step::Unknown(_) => row.steps.unknown,
            Step::Done(_) => row.steps.done,
        }
    }

    fn needs(&self, row: &Row) -> Answer {
        let State { sale, .. } = self.state;
        let card = sale.card.as_ref();
        let or = |there: bool, refusal| if there { Ok(()) } else { Err(refusal) };
        match row.needs {
            Needs::Nothing => Ok(()),
            Needs::Card => or(card.is_some(), Refusal::NoCard),
            Needs::CardNumber => {
                or(card.and_then(SaleCard::number).is_some() || self.may_be_card(), Refusal::NoCard)
            }
            Needs::PayingCard => match card.map(|card| &card.state) {
                None => Err(Refusal::NoCard),
                Some(CardState::Invalid) => Err(Refusal::CardInvalid),
                Some(CardState::Locked(_)) => Err(Refusal::CardLocked),
                Some(CardState::Unchecked | CardState::Known(_)) => {
                    or(sale.paying_card().is_some(), Refusal::NewCardIsEmpty)
                }
            },
            Needs::NoLockedCard => {
                let locked = matches!(card.map(|card| &card.state), Some(CardState::Locked(_)));
                or(!locked || matches!(sale.step, Step::Done(_)), Refusal::CardLocked)
            }
            Needs::Payable => match &sale.step {
                Step::Basket(_) => payable(self.state),
                Step::Tender(tender) => self.tender_takes(row, tender),
                Step::Paying(_) | Step::Unknown(_) | Step::Done(_) => Ok(()),
            },
            Needs::Abortable => or(
                matches!(&sale.step, Step::Paying(paying) if paying.may_abort())
                    && sale.remote.is_some(),
                Refusal::NotHere,
            ),
            Needs::Goods => {
                let line = sale.basket.lines().get(sale.selected);
                or(line.is_some_and(|line| !line.is_card_sale()), Refusal::CardSale)
            }
            Needs::UnknownCode => or(self.state.unknown_code().is_some(), Refusal::NothingToTeach),
            Needs::NoCall => self.no_call(),
            Needs::Parkable => {
                self.no_call()?;
                let open = match sale.step {
                    Step::Basket(_) if !sale.is_blank() => {
                        or(self.state.parked.len() < bounds::PARKED, Refusal::TooManyParked)?;
                        true
                    }
                    Step::Unknown(_) => {
                        let room = self.state.unresolved.len() < bounds::PAYMENTS;
                        or(room, Refusal::TooManyOpen(bounds::PAYMENTS))?;
                        true
                    }
                    Step::Basket(_) | Step::Tender(_) | Step::Paying(_) | Step::Done(_) => false,
                };
                or(open || !self.state.parked.is_empty(), Refusal::NothingParked)
            }
            Needs::Finished => match self.top {
                Some(
                    Overlay::Receipt { .. }
                    | Overlay::Terminal(_)
                    | Overlay::Transactions(_)
                    | Overlay::Transaction(_)
                    | Overlay::History(_),
                ) => or(self.settings.printing != Printing::Never, Refusal::NoPrinter),
                _ => or(self.state.has_sold, Refusal::NoHistory),
            },
            Needs::Unresolved => or(
                !self.state.unresolved.is_empty() || !self.state.cancellations.is_empty(),
                Refusal::NothingUnresolved,
            ),
            Needs::ChosenSale => self.chosen_sale(),
            // The job that it is at is shown.
            Needs::Terminal | Needs::ClosedDay if self.state.terminal_works() => Ok(()),
            Needs::Terminal => terminal_is_free(self.state),
            // What is still unknown may be booked by the terminal after its day was closed.
            Needs::ClosedDay if matches!(sale.step, Step::Unknown(_)) => {
                Err(Refusal::NotWhilePaying)
            }
            Needs::ClosedDay => {
                // A cancellation that the server does not tell of is an open point, and does not
                // count.
                let expected = self.state.cancellations.iter().any(Cancellation::is_expected);
                or(self.state.unresolved.is_empty() && !expected, Refusal::OutcomesOpen)?;
                terminal_is_free(self.state)
            }
            Needs::NoCheck => {
                or(!self.state.waiting.any(|waiter| *waiter == Waiter::Connect), Refusal::Busy)
            }
        }
    }

    /// A card's number is typed, or may be.
    fn may_be_card(&self) -> bool {
        let Some(typed) = self.typed else { return true };
        let scan = recognise(typed, &self.settings.scan, &self.settings.catalogue);
        matches!(scan, Scan::Card(_) | Scan::BankCard)
    }

    /// No call of the basket is under way, and no code of its card is being checked: a card whose
    /// code is wrong must not get away with a parked sale.
    fn no_call(&self) -> Answer {
        match self.state.sale.step {
            Step::Basket(Some(_)) => Err(Refusal::Busy),
            Step::Basket(None) if self.state.checking().is_some() => Err(Refusal::Busy),
            _ => Ok(()),
        }
    }

    /// The tender step pays by `row`, or lets its method be chosen.
    fn tender_takes(&self, row: &Row, tender: &Tender) -> Answer {
        let Moves::Pays(method) = row.moves else { return Ok(()) };
        let card = StartMethod::Loyalty;
        if row.takes == Takes::Instead && tender.method != StartMethod::Cash {
            return Err(Refusal::ExactOnly);
        }
        match method {
            None if self.menu => Err(Refusal::EnterNeverPays),
            Some(method) if method != tender.method => {
                if method != card && tender.method != card {
                    Ok(())
                } else if tender.due.is_zero() {
                    Err(Refusal::NotHere)
                } else {
                    Err(Refusal::Remainder(tender.due))
                }
            }
            // A card whose code turns out wrong must not have paid meanwhile.
            _ if self.state.checking().is_some() && !self.menu => Err(Refusal::Busy),
            _ => Ok(()),
        }
    }

    /// The sale that the history or the server's list highlights is paid.
    fn chosen_sale(&self) -> Answer {
        let sale = match self.top {
            Some(Overlay::History(list)) => list.current(),
            _ => None,
        };
        let cancelled = sale.and_then(|sale| sale.cancelled.as_ref());
        if cancelled.is_some_and(|cancelled| cancelled.card != CardSide::Standing) {
            return Err(Refusal::AlreadyCancelled);
        }
        match self.state.listed().map(|row| row.status) {
            None if sale.is_none() => Err(Refusal::NotHere),
            None | Some(Status::Ok) => self.one_more_cancellation(),
            Some(Status::Cancelled) => Err(Refusal::AlreadyCancelled),
            Some(_) => Err(Refusal::NotPaid),
        }
    }

    fn one_more_cancellation(&self) -> Answer {
        let asks = |waiter: &Waiter| matches!(waiter, Waiter::CancelListed { .. });
        if self.state.waiting.any(asks) {
            return Err(Refusal::Busy);
        }
        if self.state.cancellations.len() >= bounds::CANCELLATIONS {
            return Err(Refusal::TooManyOpen(bounds::CANCELLATIONS));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
