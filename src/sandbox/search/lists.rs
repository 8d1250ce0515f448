//! Which resources a list call looks at: all of a kind, or those that an index knows.
//!
//! Owns the indexed ways: a reference or a card number that must match is looked up, so that a
//! till's look-ups cost the same however long the books are. Must not decide what matches.

use serde_json::{Value, json};

use crate::sandbox::fixtures::GroupFixture;
use crate::sandbox::ledger::Ledger;
use crate::sandbox::search::find::Find;
use crate::sandbox::search::scroll::Page;
use crate::sandbox::store::{Account, Book, Booking, Customer, Sale};
use crate::sandbox::views;

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
    pub(crate) fn list(&self, list: List, find: &Find) -> Page {
        let book = self.book();
        let resources = resources(&book, list, find);
        let show = |resource: &Resource<'_>| json(&book, resource);
        let (count, page) = if find.is_everything() {
            let count = resources.len();
            let page = resources.get(find.page(count)).unwrap_or_default();
            (count, page.iter().map(show).collect::<Vec<_>>())
        } else {
            let found = find.select(resources.iter().map(show));
            let page = find.page(found.len());
            (found.len(), found.into_iter().skip(page.start).take(page.len()).collect())
        };
        let data = page.into_iter().map(|resource| find.project(resource)).collect();
        Page { count, data, scroll_id: None }
    }

    /// Everything that `find` finds, for a scroll to go on with.
    pub(crate) fn list_all(&self, list: List, find: &Find) -> Vec<Value> {
        let book = self.book();
        let resources = resources(&book, list, find);
        let found = find.select(resources.iter().map(|resource| json(&book, resource)));
        found.into_iter().map(|resource| find.project(resource)).collect()
    }
}

/// The resources of `list` that `find` can find.
fn resources<'a>(book: &'a Book, list: List, find: &Find) -> Vec<Resource<'a>> {
    match list {
        List::Transactions => {
            if let Some(id) = find.exact_text("id") {
                // Ids are looked up as they are; in another case, without showing any.
                let mut all = book.sales.values();
                let same = || all.find(|it| it.id.to_lowercase() == id.to_lowercase());
                let found = book.sales.get(id).or_else(same);
                return found.into_iter().map(Resource::Sale).collect();
            }
            if let Some(reference) = find.exact_text("transactionRef") {
                return book.by_reference(reference).map(Resource::Sale).collect();
            }
            book.in_order().map(Resource::Sale).collect()
        }
        List::MerchantCards => match find.exact_text("card.cardnumber") {
            Some(number) => {
                book.accounts.get(number).map(Resource::MerchantCard).into_iter().collect()
            }
            None => book.accounts.values().map(Resource::MerchantCard).collect(),
        },
        List::Cards => match find.exact_text("cardnumber") {
            Some(number) => book.accounts.get(number).map(Resource::Card).into_iter().collect(),
            None => book.accounts.values().map(Resource::Card).collect(),
        },
        List::CardGroups => book.shop.groups.iter().map(Resource::CardGroup).collect(),
        List::Customers => book.customers.values().map(Resource::Customer).collect(),
        List::Bookings => book.bookings.all().map(Resource::Booking).collect(),
    }
}

/// The resource as the API answers it.
fn json(book: &Book, resource: &Resource<'_>) -> Value {
    match resource {
        Resource::Sale(sale) => json!(views::transaction::view(book, sale)),
        Resource::MerchantCard(account) => json!(views::card::listed(account)),
        Resource::Card(account) => json!(account.card().card),
        Resource::CardGroup(group) => views::loyalty::group(&book.shop, group),
        Resource::Customer(customer) => views::loyalty::customer(customer),
        Resource::Booking(booking) => views::loyalty::booking(book, booking),
    }
}
