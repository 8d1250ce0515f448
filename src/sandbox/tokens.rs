//! Access tokens, device codes and device sessions.
//!
//! Owns what is valid when. Must not know HTTP or OAuth's wording; time comes in as data.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use super::fixtures::SEED_TOKEN;
use super::ids::Ids;

/// How long tokens and device codes live, in seconds.
pub(super) const LIFETIME: i64 = 1200;

/// All tokens of a server.
pub(super) struct Tokens(Mutex<Book>);

struct Book {
    ids: Ids,
    /// Access token → when it expires, in seconds of the epoch.
    access: HashMap<String, i64>,
    /// Device code → device and expiry.
    codes: HashMap<String, (String, i64)>,
    /// Refresh token → device.
    refresh: HashMap<String, String>,
    /// Device → its one session.
    sessions: HashMap<String, Session>,
}

struct Session {
    access: String,
    refresh: String,
}

/// A device registration: the code that the device polls with and the one that people enter.
pub(super) struct Registration {
    pub(super) device_code: String,
    pub(super) user_code: String,
}

/// An access token and, for a device, the refresh token of its session.
pub(super) struct Granted {
    pub(super) access: String,
    pub(super) refresh: Option<String>,
}

impl Tokens {
    pub(super) fn new(seed: u64) -> Self {
        Self(Mutex::new(Book {
            // Another sequence than the ledger's, so that neither shifts the other's ids.
            ids: Ids::new(seed ^ 0x746f_6b65_6e73_0000),
            access: HashMap::new(),
            codes: HashMap::new(),
            refresh: HashMap::new(),
            sessions: HashMap::new(),
        }))
    }

    /// Whether `token` opens the API at `now`. The seeds' own token always does.
    pub(super) fn is_valid(&self, token: &str, now: Timestamp) -> bool {
        token == SEED_TOKEN
            || self.book().access.get(token).is_some_and(|expires| now.as_second() < *expires)
    }

    /// A token that belongs to no device.
    pub(super) fn grant(&self, now: Timestamp) -> Granted {
        Granted { access: self.book().issue(now), refresh: None }
    }

    /// Registers a device; its pairing counts as confirmed at once.
    pub(super) fn register(&self, device: &str, now: Timestamp) -> Registration {
        let mut book = self.book();
        book.codes.retain(|_, (_, expires)| now.as_second() < *expires);
        let (device_code, user_code) = (book.ids.hex(32), book.ids.user_code());
        let expires = now.as_second().saturating_add(LIFETIME);
        book.codes.insert(device_code.clone(), (device.to_owned(), expires));
        Registration { device_code, user_code }
    }

    /// Opens (or renews) the session of the device that registered as `code`.
    pub(super) fn open_session(&self, code: &str, now: Timestamp) -> Option<Granted> {
        let mut book = self.book();
        let (device, expires) = book.codes.get(code)?.clone();
        if now.as_second() >= expires {
            return None;
        }
        let access = book.renew(&device, now);
        let refresh = book.sessions.get(&device).map(|session| session.refresh.clone());
        Some(Granted { access, refresh })
    }

    /// Renews the session that `refresh` belongs to; the refresh token stays as it is.
    pub(super) fn refresh(&self, refresh: &str, now: Timestamp) -> Option<Granted> {
        let mut book = self.book();
        let device = book.refresh.get(refresh)?.clone();
        Some(Granted { access: book.renew(&device, now), refresh: None })
    }

    /// Forgets every token, code and session, as a server does that keeps them in memory alone.
    /// The seeds' own token stays good.
    pub(super) fn forget(&self) {
        let mut book = self.book();
        book.access.clear();
        book.codes.clear();
        book.refresh.clear();
        book.sessions.clear();
    }

    /// 32 hex digits for an error's `supportId`.
    pub(super) fn support_id(&self) -> String {
        self.book().ids.hex(32)
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Book {
    fn issue(&mut self, now: Timestamp) -> String {
        self.access.retain(|_, expires| now.as_second() < *expires);
        let token = self.ids.access_token();
        self.access.insert(token.clone(), now.as_second().saturating_add(LIFETIME));
        token
    }

    /// A new token for the device; the former one is invalid from now on.
    fn renew(&mut self, device: &str, now: Timestamp) -> String {
        let token = self.issue(now);
        if let Some(session) = self.sessions.get_mut(device) {
            let former = std::mem::replace(&mut session.access, token.clone());
            self.access.remove(&former);
        } else {
            let refresh = self.ids.hex(40);
            self.refresh.insert(refresh.clone(), device.to_owned());
            let session = Session { access: token.clone(), refresh };
            self.sessions.insert(device.to_owned(), session);
        }
        token
    }
}
