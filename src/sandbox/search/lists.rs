//! Which resources a list call looks at: all of a kind, or those that an index knows.
//!
//! Owns the indexed ways: a reference or a card number that must match is looked up, so that a
//! till's look-ups cost the same however long the books are. Must not decide what matches.

use serde_json::{Value, json};

use crate::sandbox::fixtures::world::GroupFixture;
use crate::sandbox::ledger::{Book, Ledger};
use crate::sandbox::loyalty::customers::Customer;
use crate::sandbox::search::find::Find;
use crate::sandbox::search::scroll::Sought;
use crate::sandbox::store::account::Account;
use crate::sandbox::store::bookings::Booking;
use crate::sandbox::store::sale::Sale;

/// A kind of resources that can be listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum List {
    Transactions,
    MerchantCards,
    Cards,
    CardGroups,
    Customers,
    Bookings,
}

impl List {
    /// `object` of its resources.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Transactions => "smart.transactions",
            Self::MerchantCards => "loyalty.merchantcards",
            Self::Cards => "loyalty.cards",
            Self::CardGroups => "loyalty.cardgroups",
            Self::Customers => "loyalty.customers",
            Self::Bookings => "loyalty.transactions",
        }
    }
}

/// One resource, not yet shown.
enum Resource<'a> {
    Sale(&'a Sale),
    MerchantCard(&'a Account),
    Card(&'a Account),
    CardGroup(&'a GroupFixture),
    Customer(&'a Customer),
    Booking(&'a Booking),
}

impl Ledger {
    /// What `find` finds, page or all of it.
    pub(crate) fn list(&self, list: List, find: &Find) -> Sought {
        let book = self.book();
        let resources = book.resources(list, find);
        let show = |resource: &Resource<'_>| book.json(resource);
        let (count, page) = if find.is_everything() {
            let count = resources.len();
            let page = resources.get(find.page(count)).unwrap_or_default();
            (count, page.iter().map(show).collect::<Vec<_>>())
        } else {
            let found = find.select(resources.iter().map(show));
            let page = find.page(found.len());
            (found.len(), found.into_iter().skip(page.start).take(page.len()).collect())
        };
        let data = page.into_iter().map(|resource| find.shown(resource)).collect();
        Sought { count, data, scroll_id: None }
    }

    /// Everything that `find` finds, for a scroll to go on with.
    pub(crate) fn list_all(&self, list: List, find: &Find) -> Vec<Value> {
        let book = self.book();
        let resources = book.resources(list, find);
        let found = find.select(resources.iter().map(|resource| book.json(resource)));
        found.into_iter().map(|resource| find.shown(resource)).collect()
    }
}

impl Book {
    /// Makes the sale `id`, which is not yet, findable by its reference.
    pub(crate) fn index(&mut self, id: &str) {
        let Some(reference) =
            self.sales.get(id).and_then(|sale| sale.draft.transaction_ref.as_ref())
        else {
            return;
        };
        self.references.entry(reference.to_lowercase()).or_default().push_back(id.to_owned());
    }

    /// Undoes [`Book::index`], as long as the sale still has that reference.
    pub(crate) fn unindex(&mut self, id: &str) {
        let sale = self.sales.get(id);
        let Some(reference) = sale.and_then(|sale| sale.draft.transaction_ref.as_ref()) else {
            return;
        };
        let reference = reference.to_lowercase();
        let Some(known) = self.references.get_mut(&reference) else { return };
        if let Some(place) = known.iter().position(|known| known == id) {
            known.remove(place);
        }
        if known.is_empty() {
            self.references.remove(&reference);
        }
    }

    /// The sales that have this reference, in any case, oldest first.
    pub(crate) fn referred<'a>(&'a self, reference: &str) -> impl Iterator<Item = &'a Sale> {
        let known = self.references.get(&reference.to_lowercase());
        known.into_iter().flatten().filter_map(|id| self.sales.get(id)).map(Box::as_ref)
    }

    fn resources(&self, list: List, find: &Find) -> Vec<Resource<'_>> {
        match list {
            List::Transactions => {
                if let Some(id) = find.text_of("id") {
                    // Ids are looked up as they are; in another case, without showing any.
                    let mut all = self.sales.values();
                    let same = || all.find(|it| it.id.to_lowercase() == id.to_lowercase());
                    let found = self.sales.get(id).or_else(same);
                    return found.into_iter().map(|sale| Resource::Sale(sale)).collect();
                }
                if let Some(reference) = find.text_of("transactionRef") {
                    return self.referred(reference).map(Resource::Sale).collect();
                }
                let all = self.order.iter().filter_map(|id| self.sales.get(id));
                all.map(|sale| Resource::Sale(sale)).collect()
            }
            List::MerchantCards => match find.text_of("card.cardnumber") {
                Some(number) => {
                    self.accounts.get(number).map(Resource::MerchantCard).into_iter().collect()
                }
                None => self.accounts.values().map(Resource::MerchantCard).collect(),
            },
            List::Cards => match find.text_of("cardnumber") {
                Some(number) => self.accounts.get(number).map(Resource::Card).into_iter().collect(),
                None => self.accounts.values().map(Resource::Card).collect(),
            },
            List::CardGroups => self.world.groups.iter().map(Resource::CardGroup).collect(),
            List::Customers => self.customers.values().map(Resource::Customer).collect(),
            List::Bookings => self.bookings.all().iter().map(Resource::Booking).collect(),
        }
    }

    fn json(&self, resource: &Resource<'_>) -> Value {
        // Plain data in memory always has a JSON form.
        let value = |shown: serde_json::Result<Value>| shown.unwrap_or_default();
        match resource {
            Resource::Sale(sale) => {
                value(serde_json::to_value(sale.shown(&self.world, &self.accounts)))
            }
            Resource::MerchantCard(account) => value(serde_json::to_value(account.listed())),
            Resource::Card(account) => value(serde_json::to_value(account.listed().card)),
            Resource::CardGroup(group) => self.group_json(group),
            Resource::Customer(customer) => customer.shown(),
            Resource::Booking(booking) => self.booking_json(booking),
        }
    }

    /// The programme as the API answers it.
    pub(crate) fn group_json(&self, group: &GroupFixture) -> Value {
        json!({
            "object": "loyalty.cardgroups",
            "id": group.id,
            "merchant": { "object": "general.merchants", "id": self.world.merchant_id },
            "display_name": group.name,
            "display_name_raw": group.name,
            "stock_warn_limit": 0,
            "picture": group.picture,
            "balance_limit": null,
            "balance_expiry": false,
            "cancel_selected": false,
            "description": null,
        })
    }
}
