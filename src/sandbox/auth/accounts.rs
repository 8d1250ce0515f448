//! Which accounts and users the shop has.

use crate::sandbox::fixtures::UserFixture;
use crate::sandbox::ledger::Ledger;

impl Ledger {
    /// Whether there is such an account.
    pub(crate) fn knows_account(&self, id: &str, secret: &str) -> bool {
        let book = self.book();
        let mut accounts = book.shop.accounts.iter();
        accounts.any(|account| account.client_id == id && account.client_secret == secret)
    }

    /// Whether the account has such a user.
    pub(crate) fn knows_user(&self, id: &str, name: &str, password: &str) -> bool {
        let book = self.book();
        let mut accounts = book.shop.accounts.iter().filter(|account| account.client_id == id);
        let known = |user: &UserFixture| user.username == name && user.password == password;
        accounts.any(|account| account.users.iter().any(known))
    }
}
