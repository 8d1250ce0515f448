//! Who the customer is: a card swiped, a check-in, or a card that the sale makes; and the balance
//! of a card, looked up without a sale.

use super::Context;
use crate::shop::{CardNumber, Scan, recognise};
use crate::till::allowed::not_stopped;
use crate::till::{
    Action, Call, CardIdent, CardLookup, CardState, CardView, Cause, Command, Goal, LockDetails,
    Lookup, Message, Overlay, SaleCard, Step, Waiter, allowed,
};
use crate::wire::{CardLock, LockStatus, MerchantCard, Outcome};

/// The same card twice within this time is one card, ms.
const DOUBLE_SWIPE: u64 = 2_000;

impl Context<'_> {
    /// A loyalty card was swiped or typed.
    pub(super) fn swiped(&mut self, number: CardNumber) {
        if self.is_refusal(Command::Post, not_stopped(self.state)) {
            return;
        }
        let now = self.state.now;
        let ident = CardIdent::Number(number.clone());
        if self.state.is_card_blocked(&SaleCard::unchecked(ident.clone())) {
            return self.error(Message::CardBlocked);
        }
        let again =
            self.state.last_swipe.as_ref().is_some_and(|(last, at)| {
                *last == number && now.saturating_sub(*at) < DOUBLE_SWIPE
            });
        self.state.last_swipe = Some((number, now));
        if let Some(card) = &self.state.sale.card
            && card.ident == ident
            && !matches!(self.state.sale.step, Step::Done(_))
            && (again || matches!(card.state, CardState::Known(_)))
        {
            return;
        }
        self.identified(ident);
    }

    /// The sale is this customer's; the server is asked for the card.
    fn identified(&mut self, ident: CardIdent) {
        self.next_sale();
        let changed = match &self.state.sale.card {
            Some(card) => card.ident != ident || card.state != CardState::Unchecked,
            None => true,
        };
        if changed {
            self.changed();
            // On a card that is not made yet there is nothing to pay with.
            let pays = !matches!(ident, CardIdent::New(_));
            let wanted = self.state.sale.use_card || self.settings.apply_card_on_total;
            self.state.sale.use_card = pays && wanted;
        }
        self.state.sale.card = Some(SaleCard::unchecked(ident));
        self.gone_if(|cause| matches!(cause, Cause::Card | Cause::CardOff | Cause::Step));
        self.request_goal(Goal::Card);
    }

    pub(super) fn remove_card(&mut self) {
        self.take_card_off();
        self.gone_if(|cause| matches!(cause, Cause::Card | Cause::CardOff));
        self.info(Message::CardRemoved);
    }

    /// The sale goes on without its card; from the tender step it goes back to the basket.
    pub(super) fn take_card_off(&mut self) {
        self.state.sale.card = None;
        self.state.sale.use_card = false;
        self.state.last_swipe = None;
        if matches!(self.state.sale.step, Step::Tender(_)) {
            self.state.sale.step = Step::Basket(None);
            // The amount was typed for another sum, and is no part of a code scanned next.
            self.state.entry.refuse();
        }
        self.changed();
    }

    /// F3: the balance of the card typed, of the sale, or of the sale just finished.
    pub(super) fn look_up_card(&mut self) {
        let typed = self.state.entry.text.clone();
        let number = match recognise(&typed, &self.settings.scan, &self.settings.catalogue) {
            Scan::Card(number) => {
                self.state.entry.text.clear();
                Some(number)
            }
            Scan::BankCard => {
                self.state.entry.text.clear();
                return self.error(Message::BankCard);
            }
            // Anything else that is typed is left as it is: it may be an amount.
            _ => self.state.sale.card.as_ref().and_then(SaleCard::number).cloned(),
        };
        match number {
            Some(number) => self.find_card(number),
            None => self.bell(),
        }
    }

    fn find_card(&mut self, number: CardNumber) {
        self.call(Call::FindCard(number.clone()), Waiter::Card);
        let lookup = CardLookup::asked(number, self.state.now);
        self.state.overlays.replace(Overlay::Card(lookup));
    }

    /// The look-up that is open.
    fn lookup(&mut self) -> Option<&mut CardLookup> {
        self.state.overlays.iter_mut().find_map(|overlay| match overlay {
            Overlay::Card(lookup) => Some(lookup),
            _ => None,
        })
    }

    pub(super) fn card_found(&mut self, outcome: Outcome<Option<MerchantCard>>) {
        let found = self.said(Action::FindCard, outcome);
        let locked = found.iter().flatten().find(|card| card.lock_status == LockStatus::Locked);
        let lock = locked.map_or(LockDetails::None, |card| {
            self.call(Call::CardLock(card.id.clone()), Waiter::CardLock);
            LockDetails::Asked
        });
        let Some(lookup) = self.lookup() else { return };
        lookup.lock = lock;
        lookup.result = match found {
            None => Lookup::Failed,
            Some(None) => Lookup::Unknown,
            Some(Some(card)) => Lookup::Found(Box::new(CardView::from(&card))),
        };
    }

    /// Why a card is locked. Without an answer, that it is locked is all that is shown.
    pub(super) fn lock_explained(&mut self, outcome: Outcome<CardLock>) {
        let Some(lookup) = self.lookup() else { return };
        lookup.lock = match outcome {
            Outcome::Ok(lock) => LockDetails::Known(lock),
            _ => LockDetails::None,
        };
    }

    /// A programme or a check-in was chosen for this command: the sale is that customer's.
    pub(in crate::till) fn choose(&mut self, command: Command, ident: CardIdent) {
        let answer =
            not_stopped(self.state).and_then(|()| allowed(command, self.state, self.settings));
        if self.is_refusal(command, answer) {
            return;
        }
        self.uncover();
        if self.state.is_card_blocked(&SaleCard::unchecked(ident.clone())) {
            return self.error(Message::CardBlocked);
        }
        self.state.last_swipe = None;
        self.identified(ident);
    }
}
