//! Access tokens, device codes and device sessions.
//!
//! Owns what is valid when, and whether a device's registration was confirmed. Must not know HTTP
//! or OAuth's wording; time comes in as data.

use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use crate::sandbox::expiring::Expiring;
use crate::sandbox::fixtures::SEED_TOKEN;
use crate::sandbox::ids::Ids;

/// How long tokens and device codes live, in seconds.
pub(crate) const LIFETIME: i64 = 1200;
/// How long a device's session lives after it was opened, in seconds: the half year for which the
/// SDKs keep its refresh token.
const SESSION: i64 = 15_768_000;
/// How many access tokens, how many codes and how many sessions there are at most.
const MOST: usize = 4096;

/// Who confirms that a device may be paired. Until then its polling is `authorization_pending`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pairing {
    /// No one by hand: after so many pending polls the next one opens the session.
    Automatic {
        /// How often polling answers `authorization_pending` first; 0 never.
        polls: u32,
    },
    /// The user of this machine, by `POST /sandbox/confirm/{user_code}`.
    Manual,
}

/// All tokens of a server.
pub(crate) struct Tokens {
    pairing: Pairing,
    book: Mutex<Book>,
}

struct Book {
    ids: Ids,
    /// By access token.
    access: Expiring<()>,
    /// By device code.
    codes: Expiring<Waiting>,
    /// By refresh token; one for every device.
    sessions: Expiring<Session>,
}

/// A registration that waits for, or has, its confirmation.
struct Waiting {
    device: String,
    user_code: String,
    confirmed: bool,
    /// How often the device has asked.
    polls: u32,
}

struct Session {
    device: String,
    access: String,
}

/// A device registration: the code that the device polls with and the one that is entered by hand.
pub(crate) struct Registration {
    pub(crate) device_code: String,
    pub(crate) user_code: String,
}

/// An access token and, for a device, the refresh token of its session.
pub(crate) struct Granted {
    pub(crate) access: String,
    pub(crate) refresh: Option<String>,
}

/// What a device learns that polls with its code.
pub(crate) enum Polled {
    Granted(Granted),
    /// The registration is not confirmed yet.
    Pending,
    /// No such code, or not any more.
    Unknown,
}

impl Tokens {
    pub(crate) fn new(seed: u64, pairing: Pairing) -> Self {
        let book = Book {
            // Another sequence than the ledger's, so that neither shifts the other's ids.
            ids: Ids::new(seed ^ 0x746f_6b65_6e73_0000),
            access: Expiring::new(LIFETIME, MOST),
            codes: Expiring::new(LIFETIME, MOST),
            sessions: Expiring::new(SESSION, MOST),
        };
        Self { pairing, book: Mutex::new(book) }
    }

    /// Whether `token` opens the API at `now`. The seeds' own token always does.
    pub(crate) fn is_valid(&self, token: &str, now: Timestamp) -> bool {
        token == SEED_TOKEN || self.book().access.get_mut(token, now).is_some()
    }

    /// A token that belongs to no device.
    pub(crate) fn grant(&self, now: Timestamp) -> Granted {
        Granted { access: self.book().issue(now), refresh: None }
    }

    /// Registers a device. Until its pairing is confirmed, polling is [`Polled::Pending`].
    pub(crate) fn register(&self, device: &str, now: Timestamp) -> Registration {
        let mut book = self.book();
        let (device_code, user_code) = (book.ids.hex(32), book.ids.user_code());
        let waiting = Waiting {
            device: device.to_owned(),
            user_code: user_code.clone(),
            confirmed: false,
            polls: 0,
        };
        book.codes.insert(&device_code, waiting, now);
        Registration { device_code, user_code }
    }

    /// Whether registrations must be confirmed by hand before they count.
    pub(crate) const fn needs_confirmation(&self) -> bool {
        matches!(self.pairing, Pairing::Manual)
    }

    /// Confirms the registration that shows `user_code`, and returns its device. Once more is as
    /// good as once.
    pub(crate) fn confirm(&self, user_code: &str, now: Timestamp) -> Option<String> {
        let mut book = self.book();
        let (_, code) = book.codes.find(now, |code| code.user_code == user_code)?;
        code.confirmed = true;
        Some(code.device.clone())
    }

    /// Opens (or renews) the session of the device that registered as `code`. The code stays good
    /// until it expires: the answer may have been lost.
    pub(crate) fn poll(&self, code: &str, now: Timestamp) -> Polled {
        let mut book = self.book();
        let Some(code) = book.codes.get_mut(code, now) else { return Polled::Unknown };
        if let Pairing::Automatic { polls } = self.pairing
            && code.polls >= polls
        {
            code.confirmed = true;
        }
        code.polls = code.polls.saturating_add(1);
        if !code.confirmed {
            return Polled::Pending;
        }
        let device = code.device.clone();
        Polled::Granted(book.open_session(&device, now))
    }

    /// Opens (or renews) the session of a device that has shown otherwise who it is.
    pub(crate) fn open_session(&self, device: &str, now: Timestamp) -> Granted {
        self.book().open_session(device, now)
    }

    /// Renews the session that `refresh` belongs to; the refresh token stays as it is.
    pub(crate) fn refresh(&self, refresh: &str, now: Timestamp) -> Option<Granted> {
        let mut book = self.book();
        book.sessions.get_mut(refresh, now)?;
        Some(Granted { access: book.renew(refresh, now), refresh: None })
    }

    /// Forgets every token, code and session, as a server does that keeps them in memory alone.
    /// The seeds' own token stays good.
    pub(crate) fn forget(&self) {
        let mut book = self.book();
        book.access.clear();
        book.codes.clear();
        book.sessions.clear();
    }

    /// 32 hex digits for an error's `supportId`.
    pub(crate) fn support_id(&self) -> String {
        self.book().ids.hex(32)
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Book {
    fn issue(&mut self, now: Timestamp) -> String {
        let token = self.ids.access_token();
        self.access.insert(&token, (), now);
        token
    }

    fn open_session(&mut self, device: &str, now: Timestamp) -> Granted {
        let known = self.sessions.find(now, |session| session.device == device);
        let refresh = known.map(|(refresh, _)| refresh.to_owned());
        let refresh = refresh.unwrap_or_else(|| {
            let refresh = self.ids.hex(40);
            let session = Session { device: device.to_owned(), access: String::new() };
            self.sessions.insert(&refresh, session, now);
            refresh
        });
        Granted { access: self.renew(&refresh, now), refresh: Some(refresh) }
    }

    /// A new token for the session; the former one is invalid from now on.
    fn renew(&mut self, refresh: &str, now: Timestamp) -> String {
        let token = self.issue(now);
        if let Some(session) = self.sessions.get_mut(refresh, now) {
            let former = std::mem::replace(&mut session.access, token.clone());
            self.access.remove(&former);
        }
        token
    }
}
