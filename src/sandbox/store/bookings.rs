//! Bookings: what changed an account, when and why.
//!
//! Data only. Each is a loyalty transaction of the API (`LTX_…`). Must not change accounts.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::money::Money;
use crate::wire::ReceiptLine;

use crate::sandbox::store::account::Balance;
use crate::sandbox::store::weight;

/// Twice as many as transactions: each can be paid and reversed.
pub(crate) const MOST_BOOKINGS: usize = 4_000;
/// What they take at the most, bytes by [`Booking::weight`].
const MOST_BYTES: usize = 16 << 20;

/// One change of an account: a loyalty transaction.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Booking {
    /// `LTX_…`.
    pub id: String,
    /// `STX_…` of the transaction it belongs to; `""` for one that belongs to none.
    pub transaction: String,
    /// The card's number; secret in logs.
    pub card: String,
    /// Change of the loaded money, minor units; negative when spent.
    pub cash: Money,
    /// Change of the bonus, minor units.
    pub bonus: Money,
    /// Change of the points.
    pub points: i64,
    /// What happened.
    pub kind: Kind,
    /// What it came to, minor units: the revenue of a sale, the money that was moved otherwise.
    pub amount: Money,
    /// ISO 8601; `""` in books of an older form.
    pub created: String,
    /// The eight digits that receipts call "TA Code".
    pub code: String,
    /// Cash and bonus of the card afterwards, minor units.
    pub balance: Money,
    /// `LTX_…` that this takes back.
    pub cancels: Option<String>,
    /// The terminal that it came from, `""` for a till.
    pub terminal: String,
    /// What the merchant keeps with it.
    pub additional_data: Value,
    /// The receipt of one that belongs to no sale.
    pub receipt: Vec<ReceiptLine>,
}

/// What a booking is about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A sale: paid, earned, charged, or all at once.
    #[default]
    Sale,
    /// Money was loaded.
    Charge,
    /// Balance was spent.
    Discharge,
    /// A purchase was recorded.
    Revenue,
    /// Points were given.
    PointsCharge,
    /// Points were taken.
    PointsDischarge,
    /// Another booking was taken back.
    Reversal,
}

impl Kind {
    /// How the API describes it.
    pub(crate) const fn description(self) -> &'static str {
        match self {
            Self::Sale | Self::Revenue => "Umsatz",
            Self::Charge => "Aufladung",
            Self::Discharge => "Entladung",
            Self::PointsCharge => "Punkteaufladung",
            Self::PointsDischarge => "Punkteentladung",
            Self::Reversal => "Storno",
        }
    }
}

impl Booking {
    /// The change that takes this one back.
    pub(crate) fn back(&self) -> Balance {
        Balance { cash: -self.cash, bonus: -self.bonus, points: self.points.saturating_neg() }
    }

    /// How much memory it takes, roughly, bytes.
    fn weight(&self) -> usize {
        // Ids and the like are short. A line of a receipt has a text or two.
        size_of::<Self>()
            + 200
            + self.terminal.len()
            + weight::json(&self.additional_data)
            + self.receipt.len() * (size_of::<ReceiptLine>() + 40)
    }

    /// The TA code as the number that some answers have.
    pub(crate) fn trans_id(&self) -> i64 {
        self.code.parse().unwrap_or_default()
    }
}

impl fmt::Debug for Booking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Booking")
            .field("id", &self.id)
            .field("transaction", &self.transaction)
            .field("card", &crate::text::mask_card(&self.card, true))
            .field("cash", &self.cash)
            .field("bonus", &self.bonus)
            .field("points", &self.points)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// The newest bookings, oldest first, with the ways to find one without looking at all.
#[derive(Debug, Clone, Default)]
pub(crate) struct Bookings {
    /// Shared with a snapshot.
    kept: VecDeque<Arc<Booking>>,
    /// What they take, bytes.
    weight: usize,
    /// How many older ones are forgotten. Places count them too.
    forgotten: usize,
    /// Where each is, by its id.
    places: HashMap<String, usize>,
    /// Where the one that took it back is, by the id of the one taken back.
    reversals: HashMap<String, usize>,
}

impl Bookings {
    pub(crate) fn push(&mut self, booking: Booking) {
        let place = self.ever();
        self.places.insert(booking.id.clone(), place);
        if let Some(cancels) = &booking.cancels {
            self.reversals.insert(cancels.clone(), place);
        }
        self.weight += booking.weight();
        self.kept.push_back(Arc::new(booking));
        while self.kept.len() > MOST_BOOKINGS || self.weight > MOST_BYTES {
            let Some(oldest) = self.kept.pop_front() else { break };
            self.weight -= oldest.weight();
            self.forgotten += 1;
            self.places.remove(&oldest.id);
            self.reversals.remove(&oldest.id);
            if let Some(cancels) = &oldest.cancels {
                self.reversals.remove(cancels);
            }
        }
    }

    /// Those that are kept.
    pub(crate) fn all(&self) -> impl DoubleEndedIterator<Item = &Booking> {
        self.kept.iter().map(Arc::as_ref)
    }

    /// The same, for a snapshot.
    pub(crate) fn share_all(&self) -> Vec<Arc<Booking>> {
        self.kept.iter().map(Arc::clone).collect()
    }

    /// Those behind the first `count` that ever were.
    pub(crate) fn since(&self, count: usize) -> impl Iterator<Item = &Booking> {
        self.all().skip(count.saturating_sub(self.forgotten))
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Booking> {
        self.at(*self.places.get(id)?)
    }

    /// The booking that took the booking `id` back.
    pub(crate) fn reversal_of(&self, id: &str) -> Option<&Booking> {
        self.at(*self.reversals.get(id)?)
    }

    fn at(&self, place: usize) -> Option<&Booking> {
        self.kept.get(place.checked_sub(self.forgotten)?).map(Arc::as_ref)
    }

    /// How many are kept.
    pub(crate) fn len(&self) -> usize {
        self.kept.len()
    }

    /// How many there ever were.
    pub(crate) fn ever(&self) -> usize {
        self.forgotten + self.kept.len()
    }
}

impl Extend<Booking> for Bookings {
    fn extend<T: IntoIterator<Item = Booking>>(&mut self, bookings: T) {
        bookings.into_iter().for_each(|booking| self.push(booking));
    }
}

impl FromIterator<Booking> for Bookings {
    fn from_iter<T: IntoIterator<Item = Booking>>(bookings: T) -> Self {
        let mut all = Self::default();
        all.extend(bookings);
        all
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn large_ones_are_fewer() {
        let mut bookings = Bookings::default();
        let data = serde_json::json!({ "text": "x".repeat(9_000) });
        for number in 0..MOST_BOOKINGS {
            let id = format!("LTX_{number}");
            bookings.push(Booking { id, additional_data: data.clone(), ..Booking::default() });
        }
        assert!(bookings.weight <= MOST_BYTES && bookings.weight > MOST_BYTES - 20_000);
        assert!((1_000..2_000).contains(&bookings.len()), "{}", bookings.len());
        assert_eq!(bookings.ever(), MOST_BOOKINGS);
        assert!(bookings.get("LTX_3999").is_some() && bookings.get("LTX_0").is_none());
    }

    #[test]
    fn the_newest_are_kept_with_their_indexes() {
        let mut bookings = Bookings::default();
        let id = |number: usize| format!("LTX_{number}");
        for number in 0..MOST_BOOKINGS + 3 {
            let cancels = (number % 2 == 1).then(|| id(number - 1));
            bookings.push(Booking { id: id(number), cancels, ..Booking::default() });
        }
        assert_eq!((bookings.len(), bookings.ever()), (MOST_BOOKINGS, MOST_BOOKINGS + 3));
        assert!(bookings.get(&id(2)).is_none());
        assert_eq!(bookings.get(&id(3)).unwrap().id, id(3));
        assert!(bookings.reversal_of(&id(0)).is_none());
        assert_eq!(bookings.reversal_of(&id(4)).unwrap().id, id(5));
        let since: Vec<&str> = bookings.since(MOST_BOOKINGS + 1).map(|it| it.id.as_str()).collect();
        assert_eq!(since, [id(MOST_BOOKINGS + 1), id(MOST_BOOKINGS + 2)]);
        assert_eq!(
            (bookings.places.len(), bookings.since(0).count()),
            (MOST_BOOKINGS, MOST_BOOKINGS)
        );
        assert!(bookings.reversals.len() <= MOST_BOOKINGS / 2);
    }
}
