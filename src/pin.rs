//! The till's PIN: what is typed, and the Argon2 hash that it is held against.
//!
//! Owns what a PIN is and how it is checked. A typed PIN never shows: not in `Debug`, not in
//! anything serialised, and its memory is wiped. Must not read or keep files, and must not be
//! asked for a check on the thread that draws: one check is slow on purpose.

use std::fmt;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use secrecy::{ExposeSecret, SecretString};

use crate::shop::ean_check_digit_ok;

/// The fewest digits.
pub const SHORTEST: usize = 4;
/// The most digits: fewer than any scanned code but an EAN-8 has.
pub const LONGEST: usize = 10;

/// What one check costs: 12 MiB, eight passes, one thread; a twentieth of a second on a desktop,
/// a fifth on the small machines that kiosks are.
const MEMORY_KIB: u32 = 12 * 1024;
const PASSES: u32 = 8;

/// The most that a hash made elsewhere may cost: a check must end before the cashier gives up,
/// and fit beside everything else on a small machine.
const MOST_MEMORY_KIB: u32 = 64 * 1024;
const MOST_PASSES: u32 = 10;

/// Digits being typed, or typed. `Debug` and serialisation show nothing of them.
#[derive(Clone, Default)]
pub struct Pin(SecretString);

impl Pin {
    /// Digits so far.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.expose_secret().len()
    }

    /// True before the first digit.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds a character; false, and nothing added, if it is no digit or one too many.
    pub fn push(&mut self, c: char) -> bool {
        let fits = c.is_ascii_digit() && self.len() < LONGEST;
        if fits {
            // A new string of the exact size: a growing one would leave copies behind.
            let mut longer = String::with_capacity(LONGEST);
            longer.push_str(self.0.expose_secret());
            longer.push(c);
            self.0 = longer.into();
        }
        fits
    }

    /// Takes the last digit away.
    pub fn pop(&mut self) {
        let digits = self.0.expose_secret();
        let shorter = digits.get(..digits.len().saturating_sub(1)).unwrap_or_default();
        self.0 = shorter.to_owned().into();
    }

    /// True if the digits are those of a scanned code of the same length, an EAN-8: a scanner
    /// must never be able to type a PIN.
    #[must_use]
    pub fn is_code(&self) -> bool {
        self.len() == 8 && ean_check_digit_ok(self.0.expose_secret())
    }
}

/// For comparing states in tests; a PIN is checked against its hash alone.
impl PartialEq for Pin {
    fn eq(&self, other: &Self) -> bool {
        self.0.expose_secret() == other.0.expose_secret()
    }
}

impl Eq for Pin {}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin(…)")
    }
}

/// Why digits cannot be a PIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadPin {
    /// Other characters, too few or too many.
    #[error("a PIN has {SHORTEST} to {LONGEST} digits and nothing else")]
    Form,
    /// A scanner could type it.
    #[error("this PIN is a valid EAN-8 code, which a scanner could type; take another one")]
    Code,
}

impl std::str::FromStr for Pin {
    type Err = BadPin;

    fn from_str(text: &str) -> Result<Self, BadPin> {
        let mut pin = Self::default();
        let digits = text.chars().all(|c| pin.push(c));
        if !digits || pin.len() < SHORTEST {
            Err(BadPin::Form)
        } else if pin.is_code() {
            Err(BadPin::Code)
        } else {
            Ok(pin)
        }
    }
}

/// What a PIN is held against: an Argon2id hash in the usual notation, `$argon2id$v=19$…`.
///
/// The digits are quickly guessed from the hash: it is a secret like the PIN itself.
#[derive(Clone)]
pub struct PinHash(SecretString);

impl fmt::Debug for PinHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PinHash(…)")
    }
}

/// Why a text is no usable hash. Says nothing of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadHash {
    /// Not the notation, or cut short.
    #[error("not an Argon2 hash; make one with `kasse pin`")]
    Form,
    /// Argon2, but of another kind.
    #[error("not of the kind argon2id; make one with `kasse pin`")]
    Kind,
    /// It would take too long or too much memory.
    #[error(
        "costs more than {MOST_MEMORY_KIB} KiB or {MOST_PASSES} passes a check; make one with \
         `kasse pin`"
    )]
    Cost,
}

impl PinHash {
    /// Reads a hash as it stands in the configuration.
    ///
    /// # Errors
    /// [`BadHash`].
    pub fn parse(text: &str) -> Result<Self, BadHash> {
        let hash = PasswordHash::new(text).map_err(|_| BadHash::Form)?;
        if hash.algorithm != Algorithm::Argon2id.ident() {
            return Err(BadHash::Kind);
        }
        let params = Params::try_from(&hash).map_err(|_| BadHash::Form)?;
        if hash.hash.is_none() || hash.salt.is_none() {
            return Err(BadHash::Form);
        }
        if params.m_cost() > MOST_MEMORY_KIB || params.t_cost() > MOST_PASSES {
            return Err(BadHash::Cost);
        }
        Ok(Self(text.to_owned().into()))
    }

    /// Makes the hash of `pin` with a new salt; takes about as long as a check.
    ///
    /// # Errors
    /// The system gives no memory.
    pub fn of(pin: &Pin) -> Result<Self, String> {
        let params = Params::new(MEMORY_KIB, PASSES, 1, None).map_err(|e| e.to_string())?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        // A salt must be one of a kind, not secret.
        let salt = uuid::Uuid::now_v7();
        let typed = pin.0.expose_secret().as_bytes();
        let hash = argon2.hash_password_with_salt(typed, salt.as_bytes());
        Ok(Self(hash.map_err(|e| e.to_string())?.to_string().into()))
    }

    /// Whether `pin` is the one. Blocks for as long as the hash costs.
    #[must_use]
    pub fn is_of(&self, pin: &Pin) -> bool {
        // Its own parameters count, not those of new hashes.
        PasswordHash::new(self.0.expose_secret()).is_ok_and(|hash| {
            let typed = pin.0.expose_secret().as_bytes();
            Argon2::default().verify_password(typed, &hash).is_ok()
        })
    }

    /// The hash as the configuration takes it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        self.0.expose_secret()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_pin_is_four_to_ten_digits_that_no_scanner_types() {
        for good in ["0000", "4711", "12345678", "1234567890"] {
            assert_eq!(good.parse::<Pin>().unwrap().len(), good.len(), "{good}");
        }
        for bad in ["", "123", "12345678901", "12a4", "12 4", "١٢٣٤"] {
            assert_eq!(bad.parse::<Pin>(), Err(BadPin::Form), "{bad}");
        }
        assert_eq!("96385074".parse::<Pin>(), Err(BadPin::Code));
    }

    #[test]
    fn digits_are_added_and_taken_away() {
        let mut pin = Pin::default();
        assert!(!pin.push('x') && pin.is_empty());
        assert!(pin.push('4') && pin.push('7'));
        pin.pop();
        assert!(pin.push('2'));
        assert!(pin.0.expose_secret() == "42");
        pin.pop();
        pin.pop();
        pin.pop();
        assert!(pin.is_empty());
    }

    #[test]
    fn a_hash_knows_its_pin_alone_and_shows_nothing_of_either() {
        let pin: Pin = "471147".parse().unwrap();
        let hash = PinHash::of(&pin).unwrap();
        assert!(hash.reveal().starts_with("$argon2id$v=19$m=12288,t=8,p=1$"));
        let read = PinHash::parse(hash.reveal()).unwrap();
        assert!(read.is_of(&pin));
        assert!(!read.is_of(&"471148".parse().unwrap()));
        assert!(!read.is_of(&Pin::default()));
        assert!(PinHash::of(&pin).unwrap().reveal() != hash.reveal(), "salted");
        assert_eq!(format!("{pin:?} {hash:?}"), "Pin(…) PinHash(…)");
    }

    #[test]
    fn other_hashes_are_refused_with_a_reason() {
        let hash = |params: &str| {
            format!("$argon2id$v=19${params}$c2FsdHNhbHRzYWx0$J6QGZlRV0b9B9oZrbqKFVGtN9wYm7fO8")
        };
        assert!(PinHash::parse(&hash("m=4096,t=3,p=1")).is_ok());
        for (text, why) in [
            (String::new(), BadHash::Form),
            ("4711".to_owned(), BadHash::Form),
            ("$argon2id$v=19$m=4096,t=3,p=1".to_owned(), BadHash::Form),
            (hash("m=4096,t=3,p=1").replace("argon2id", "argon2i"), BadHash::Kind),
            (hash("m=1048576,t=3,p=1"), BadHash::Cost),
            (hash("m=4096,t=99,p=1"), BadHash::Cost),
        ] {
            assert_eq!(PinHash::parse(&text).err(), Some(why), "{text}");
        }
    }
}
