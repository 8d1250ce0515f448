//! Look-ups in the books that lead from an id or an ident to a card or a programme.

use crate::sandbox::fixtures::{CheckinFixture, GroupFixture};
use crate::sandbox::refusal::Refusal;
use crate::sandbox::store::account::Account;
use crate::sandbox::store::book::Book;
use crate::sandbox::store::draft::{Draft, IdentKind, SentIdent};

impl Book {
    /// Whether a path means this merchant; the documents also print `MRC` alone.
    pub(crate) fn is_merchant(&self, path: &str) -> bool {
        path.eq_ignore_ascii_case("me") || path == "MRC" || path == self.shop.merchant_id
    }

    /// The card `id` (`MCD_…`).
    pub(crate) fn merchant_card(&self, id: &str) -> Result<&Account, Refusal> {
        let found = self.accounts.values().find(|account| account.id() == id);
        found.ok_or_else(|| Refusal::not_found("loyalty.merchantcards", id))
    }

    /// The card on the plastic `id` (`CRD_…`).
    pub(crate) fn plastic_card(&self, id: &str) -> Result<&Account, Refusal> {
        let found = self.accounts.values().find(|account| account.card_id() == id);
        found.ok_or_else(|| Refusal::not_found("loyalty.cards", id))
    }

    /// The account of a card that must be there.
    pub(crate) fn account(&self, number: &str) -> Result<&Account, Refusal> {
        self.accounts.get(number).ok_or(Refusal::Card("no valid card"))
    }

    /// The same to change it; the next record has it.
    pub(crate) fn changed_card(&mut self, number: &str) -> Result<&mut Account, Refusal> {
        let account = self.accounts.get_mut(number).ok_or(Refusal::Card("no valid card"))?;
        self.changed_cards.insert(number.to_owned());
        Ok(account)
    }

    /// The programme `id` (`CRG_…`).
    pub(crate) fn group(&self, id: &str) -> Result<&GroupFixture, Refusal> {
        self.shop.group(id).ok_or_else(|| Refusal::not_found("loyalty.cardgroups", id))
    }

    /// The programme of a card.
    pub(crate) fn programme(&self, account: &Account) -> Option<&GroupFixture> {
        self.shop.group(account.group())
    }

    /// The points of the card `number`, `None` in a programme without them.
    pub(crate) fn points_of(&self, number: &str) -> Option<i64> {
        let account = self.accounts.get(number)?;
        let group = self.programme(account)?;
        (group.points_per_euro > 0).then(|| account.balance().points)
    }

    pub(crate) fn checkin(&self, id: &str) -> Option<&CheckinFixture> {
        self.shop.checkins.iter().find(|checkin| checkin.id == id)
    }

    /// The existing card that `ident` leads to.
    pub(crate) fn account_of(&self, ident: &SentIdent) -> Option<&Account> {
        let number = match ident.kind {
            IdentKind::Card => &ident.value,
            IdentKind::Checkin => self.checkin(&ident.value)?.card.as_ref()?,
            IdentKind::CreateCard => return None,
        };
        self.accounts.get(number)
    }

    /// The programme that `ident` asks a card of, if tills may have its cards created.
    pub(crate) fn creatable(&self, ident: &SentIdent) -> Option<&GroupFixture> {
        let named = self.shop.group(&ident.value);
        named.filter(|group| ident.kind == IdentKind::CreateCard && group.creatable)
    }

    /// The first card of the sale that exists: its own or that of a check-in.
    pub(crate) fn card_of(&self, draft: &Draft) -> Option<&Account> {
        draft.idents.iter().find_map(|ident| self.account_of(ident))
    }

    /// The programme of the card that the sale is to create. None when a card is there already.
    pub(crate) fn card_to_create(&self, draft: &Draft) -> Option<&GroupFixture> {
        if self.card_of(draft).is_some() {
            return None;
        }
        draft.idents.iter().find_map(|ident| self.creatable(ident))
    }
}
