//! Who may ask for tokens: accounts of the API, and the people who sign in with their apps.
//!
//! Must not know grants or HTTP.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{CLIENT_ID, CLIENT_SECRET, Ledger};

/// An account of the API.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountFixture {
    /// What it is called; unique.
    pub client_id: String,
    /// What it shows; secret in logs.
    pub client_secret: String,
    /// The people who sign in with its apps (grant `appuser`).
    #[serde(default)]
    pub users: Vec<UserFixture>,
}

/// A person who signs in with an account's app.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserFixture {
    /// Unique in the account.
    pub username: String,
    /// Secret in logs.
    pub password: String,
}

impl fmt::Debug for AccountFixture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccountFixture")
            .field("client_id", &self.client_id)
            .field("users", &self.users)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for UserFixture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UserFixture").field("username", &self.username).finish_non_exhaustive()
    }
}

/// The one account of the default world, which is also its one person.
pub(super) fn fixtures() -> Vec<AccountFixture> {
    let user = UserFixture { username: CLIENT_ID.to_owned(), password: CLIENT_SECRET.to_owned() };
    vec![AccountFixture {
        client_id: CLIENT_ID.to_owned(),
        client_secret: CLIENT_SECRET.to_owned(),
        users: vec![user],
    }]
}

impl Ledger {
    /// Whether there is such an account.
    pub(super) fn knows_account(&self, id: &str, secret: &str) -> bool {
        let book = self.book();
        let mut accounts = book.world.accounts.iter();
        accounts.any(|account| account.client_id == id && account.client_secret == secret)
    }

    /// Whether the account has such a person.
    pub(super) fn knows_user(&self, id: &str, name: &str, password: &str) -> bool {
        let book = self.book();
        let mut accounts = book.world.accounts.iter().filter(|account| account.client_id == id);
        let known = |user: &UserFixture| user.username == name && user.password == password;
        accounts.any(|account| account.users.iter().any(known))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_hides_what_is_secret() {
        let account = AccountFixture {
            client_id: "shop".to_owned(),
            client_secret: "hunter2".to_owned(),
            users: vec![UserFixture { username: "jo".to_owned(), password: "hunter3".to_owned() }],
        };
        let shown = format!("{account:?}");
        assert!(shown.contains("shop") && shown.contains("jo") && !shown.contains("hunter"));
    }
}
