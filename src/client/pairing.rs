//! The pairing of a device: one registration, polled until it is confirmed or over.
//!
//! Owns what a registration holds, how long it lives, and what an answer to a poll means. Must not
//! send anything or decide when to poll: [`super::token`] sends, the caller of the client waits.

use std::time::{Duration, Instant};

use secrecy::{ExposeSecret, SecretString};

use super::reply::Failure;
use crate::text::fit;
use crate::wire::{ApiError, DeviceCode, DownReason, RegistrationAnswer, UNPAIRED};

/// Bounds of a code's life, seconds. The API's live twenty minutes.
const LIFE: (i64, i64) = (30, 3_600);
/// A code whose life the server does not tell, seconds.
const USUAL_LIFE: i64 = 1_200;
/// Bounds of the pause between two polls, seconds.
const INTERVAL: (i64, i64) = (1, 60);
/// The pause where the server does not tell one, seconds.
const USUAL_INTERVAL: i64 = 5;
/// The longest code that people can be asked to enter, in characters.
const LONGEST_CODE: usize = 16;
/// The longest secret of a registration, in bytes.
const LONGEST_SECRET: usize = 256;
/// The longest address that is shown, in characters.
const LONGEST_ADDRESS: usize = 200;

/// A registration that waits to be confirmed. No Debug, on purpose: it holds a secret.
pub(super) struct Registration {
    device_code: SecretString,
    user_code: String,
    address: String,
    interval: Duration,
    until: Instant,
}

impl Registration {
    /// Takes the server's (sanitised) answer, given at `now`, within bounds.
    pub(super) fn read(answer: RegistrationAnswer, now: Instant) -> Result<Self, Failure> {
        let user = answer.user_code.as_bytes();
        let enterable = (1..=LONGEST_CODE).contains(&user.len())
            && user.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-');
        let secret = answer.device_code.as_bytes();
        let pollable =
            (1..=LONGEST_SECRET).contains(&secret.len()) && secret.iter().all(u8::is_ascii_graphic);
        if !enterable || !pollable {
            return Err(Failure::Down(DownReason::Unreadable));
        }
        let told = |seconds: i64, usual| if seconds > 0 { seconds } else { usual };
        let seconds = |seconds: i64, (least, most): (i64, i64)| {
            Duration::from_secs(seconds.clamp(least, most).unsigned_abs())
        };
        Ok(Self {
            device_code: SecretString::from(answer.device_code),
            user_code: answer.user_code,
            address: fit(answer.verification_url.trim(), LONGEST_ADDRESS, false),
            interval: seconds(told(answer.interval, USUAL_INTERVAL), INTERVAL),
            until: now + seconds(told(answer.expires_in, USUAL_LIFE), LIFE),
        })
    }

    /// Whether it can still be confirmed.
    pub(super) fn is_live(&self, now: Instant) -> bool {
        now < self.until
    }

    /// What is sent to poll.
    pub(super) fn secret(&self) -> &str {
        self.device_code.expose_secret()
    }

    /// What people need.
    pub(super) fn code(&self, now: Instant) -> DeviceCode {
        DeviceCode {
            user_code: self.user_code.clone(),
            address: self.address.clone(),
            // Rounded up: a caller that counts from here never ends too early.
            lives: millis(self.until.saturating_duration_since(now)).saturating_add(1),
            interval: millis(self.interval),
        }
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// What a failed poll means for the registration.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It waits on.
    Pending,
    /// It waits on, and is to be polled less often.
    SlowDown,
    /// It is over: a new one may be confirmed.
    Expired,
    /// It is over, and the server says why.
    Refused,
    /// Nothing was learnt.
    Unheard,
}

/// What `failure` of a poll means.
pub(super) fn verdict(failure: &Failure) -> Verdict {
    let Failure::Refused(error) = failure else { return Verdict::Unheard };
    match error.name.as_str() {
        UNPAIRED => Verdict::Pending,
        "slow_down" => Verdict::SlowDown,
        // Standard OAuth; the vendor's documents do not name theirs.
        "expired_token" | "invalid_grant" => Verdict::Expired,
        _ if error.http == 429 => Verdict::SlowDown,
        // The vendor's own programs take every 401 for "not yet": old servers say nothing else.
        name if error.http == 401 && name == "HTTP 401" => Verdict::Pending,
        _ => Verdict::Refused,
    }
}

/// The refusal of every call of a device that is not paired.
pub(super) fn unpaired() -> Failure {
    Failure::Refused(ApiError { http: 401, name: UNPAIRED.to_owned(), ..ApiError::default() })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn documented() -> RegistrationAnswer {
        RegistrationAnswer {
            device_code: "2429e1d92f2f76cc3bbdc0333457ef25".to_owned(),
            user_code: "aa63q9k9".to_owned(),
            verification_url: "http://www.secuoffice.com".to_owned(),
            expires_in: 1_200,
            interval: 5,
        }
    }

    fn refused(http: u16, name: &str) -> Failure {
        Failure::Refused(ApiError { http, name: name.to_owned(), ..ApiError::default() })
    }

    #[test]
    fn the_documented_answer_lives_twenty_minutes() {
        let now = Instant::now();
        let read = Registration::read(documented(), now).ok().unwrap();
        let code = read.code(now);
        assert_eq!((code.lives, code.interval), (1_200_001, 5_000));
        assert_eq!(
            (code.user_code.as_str(), code.link()),
            ("aa63q9k9", Some("http://www.secuoffice.com"))
        );
        assert_eq!(read.secret(), "2429e1d92f2f76cc3bbdc0333457ef25");
        assert!(read.is_live(now + Duration::from_millis(1_199_999)));
        assert!(!read.is_live(now + Duration::from_secs(1_200)));
        // After the time that was told the code has expired.
        let later = now + Duration::from_micros(700_700);
        assert!(!read.is_live(later + Duration::from_millis(read.code(later).lives)));
    }

    #[test]
    fn times_are_kept_within_bounds() {
        for ((expires_in, interval), (lives, pause)) in [
            ((0, 0), (1_200_001, 5_000)),
            ((-5, -5), (1_200_001, 5_000)),
            ((1, 1), (30_001, 1_000)),
            ((i64::MAX, i64::MAX), (3_600_001, 60_000)),
        ] {
            let now = Instant::now();
            let answer = RegistrationAnswer { expires_in, interval, ..documented() };
            let code = Registration::read(answer, now).ok().unwrap().code(now);
            assert_eq!((code.lives, code.interval), (lives, pause), "{expires_in} {interval}");
        }
    }

    #[test]
    fn garbage_is_no_registration() {
        let long = "x".repeat(999);
        for code in ["", " ", "a b", "aa63q9k9aa63q9k9x", "ä", "<b>", "a\u{1b}[2J", &long] {
            let answer = RegistrationAnswer { user_code: code.to_owned(), ..documented() };
            assert!(Registration::read(answer, Instant::now()).is_err(), "{code:?}");
        }
        for secret in ["", "a b", &long] {
            let answer = RegistrationAnswer { device_code: secret.to_owned(), ..documented() };
            assert!(Registration::read(answer, Instant::now()).is_err(), "{secret:?}");
        }
        let answer = RegistrationAnswer { verification_url: long, ..documented() };
        let code = Registration::read(answer, Instant::now()).ok().unwrap().code(Instant::now());
        assert_eq!((code.address.chars().count(), code.link()), (LONGEST_ADDRESS, None));
    }

    #[test]
    fn every_answer_to_a_poll_has_a_meaning() {
        for (failure, meaning) in [
            (refused(401, "authorization_pending"), Verdict::Pending),
            (refused(400, "authorization_pending"), Verdict::Pending),
            (refused(401, "HTTP 401"), Verdict::Pending),
            (refused(400, "slow_down"), Verdict::SlowDown),
            (refused(429, "HTTP 429"), Verdict::SlowDown),
            (refused(400, "expired_token"), Verdict::Expired),
            (refused(400, "invalid_grant"), Verdict::Expired),
            (refused(401, "invalid_device"), Verdict::Refused),
            (refused(400, "invalid_client"), Verdict::Refused),
            (refused(400, "access_denied"), Verdict::Refused),
            (refused(404, "HTTP 404"), Verdict::Refused),
            (Failure::Down(DownReason::NoConnection), Verdict::Unheard),
            (Failure::Unknown(DownReason::ServerError(500)), Verdict::Unheard),
        ] {
            assert_eq!(verdict(&failure), meaning, "{failure:?}");
        }
    }
}
