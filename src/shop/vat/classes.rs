//! VAT classes: rates with a name that change on a day.
//!
//! Owns how a class is written down, and which of its rates counts on a day. Must not know which
//! day it is.

use std::collections::BTreeMap;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{HIGHEST_RATE, VatRate};
use crate::shop::Vat;
use crate::text::sanitise;

/// The longest name of a class, characters.
const LONGEST_NAME: usize = 30;

/// One class: its name, and its rates by the day from which each is valid.
///
/// Written `food 19, 7 from 2026-01-01`: the rate without a day has been valid since ever.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VatClass {
    name: String,
    rates: BTreeMap<Date, VatRate>,
}

/// Why a class cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct VatClassError(String);

impl FromStr for VatClass {
    type Err = VatClassError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = |what: String| Err(VatClassError(what));
        let text = sanitise(text);
        let mut parts = text.split(',').map(valid_from);
        let (first, since) = parts.next().unwrap_or_default();
        // The name may hold spaces.
        let first = first.trim_end_matches(['%', ' ']);
        let Some((name, rate)) = first.rsplit_once(' ') else {
            let like = "like \"food 19, 7 from 2026-01-01\"";
            return wrong(format!("{text:?} is not a name and a rate, {like}"));
        };
        let name = name.trim();
        if name.is_empty() || name.chars().count() > LONGEST_NAME || name.contains([';', '"', '|'])
        {
            let what = format!("no name of 1 to {LONGEST_NAME} characters without ; \" |");
            return wrong(format!("{name:?} is {what}"));
        }
        if VatRate::parse(name).is_some() {
            return wrong(format!("{name:?} is a rate, not the name of a class"));
        }
        let mut rates = BTreeMap::new();
        for (rate, since) in std::iter::once((rate, since)).chain(parts) {
            let Some(rate) = VatRate::parse(rate).filter(|rate| *rate <= HIGHEST_RATE) else {
                return wrong(format!("{rate:?} is not a rate from 0 to 30 percent, like 8.1"));
            };
            let day = match since {
                None => Date::MIN,
                Some(day) => match day.parse() {
                    Ok(day) => day,
                    Err(_) => return wrong(format!("{day:?} is not a day like 2026-01-01")),
                },
            };
            if rates.insert(day, rate).is_some() {
                return wrong(format!("{name}: two rates begin on the same day"));
            }
        }
        Ok(Self { name: name.to_owned(), rates })
    }
}

/// What stands before `from`, and the day behind it.
fn valid_from(part: &str) -> (&str, Option<&str>) {
    match part.split_once(" from ") {
        Some((rate, day)) => (rate.trim(), Some(day.trim())),
        None => (part.trim(), None),
    }
}

/// The shop's VAT classes by name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct VatClasses(BTreeMap<String, BTreeMap<Date, VatRate>>);

impl VatClasses {
    /// These classes.
    ///
    /// # Errors
    /// The name that two of them have, letters in any case.
    pub fn new(classes: impl IntoIterator<Item = VatClass>) -> Result<Self, String> {
        let mut all = Self::default();
        for VatClass { name, rates } in classes {
            if all.named(&name).is_some() {
                return Err(name);
            }
            all.0.insert(name, rates);
        }
        Ok(all)
    }

    /// The rate at which `vat` is sold on `day`; `None`: there is no such class, or it has no rate
    /// yet.
    #[must_use]
    pub fn rate(&self, vat: &Vat, day: Date) -> Option<VatRate> {
        match vat {
            Vat::Rate(rate) => Some(*rate),
            Vat::Class(class) => self.of_class(class, day),
        }
    }

    /// The rate of a class on `day`; `None` as with [`VatClasses::rate`].
    #[must_use]
    pub fn of_class(&self, class: &str, day: Date) -> Option<VatRate> {
        self.0.get(class)?.range(..=day).next_back().map(|(_, rate)| *rate)
    }

    /// The class of this name, in any case, as the shop writes it.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&str> {
        let lower = name.to_lowercase();
        self.names().find(|known| known.to_lowercase() == lower)
    }

    /// The names, in alphabetic order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use jiff::civil::date;

    use super::*;

    fn classes(lines: &[&str]) -> VatClasses {
        VatClasses::new(lines.iter().map(|line| line.parse().unwrap())).unwrap()
    }

    #[test]
    fn the_rate_of_the_day_counts() {
        let classes =
            classes(&["food 19, 7 from 2026-01-01", "Getränke kalt 19", "new 8.1 from 2027-01-01"]);
        let rate = |class: &str, day| classes.rate(&Vat::Class(class.to_owned()), day);
        assert_eq!(rate("food", date(2025, 12, 31)), Some(VatRate::whole(19)));
        assert_eq!(rate("food", date(2026, 1, 1)), Some(VatRate::whole(7)));
        assert_eq!(rate("food", date(2030, 6, 1)), Some(VatRate::whole(7)));
        assert_eq!(rate("Getränke kalt", Date::MIN), Some(VatRate::whole(19)));
        assert_eq!(rate("new", date(2026, 12, 31)), None);
        assert_eq!(rate("new", date(2027, 1, 1)), Some(VatRate::of_hundredths(810)));
        assert_eq!(rate("none", date(2026, 1, 1)), None);
        assert_eq!(classes.named("FOOD"), Some("food"));
        assert_eq!(classes.named("getränke KALT"), Some("Getränke kalt"));
    }

    #[test]
    fn what_is_no_class_is_told() {
        for (line, problem) in [
            ("", "is not a name and a rate"),
            ("19", "is not a name and a rate"),
            ("food", "is not a name and a rate"),
            ("food x", "is not a rate from 0 to 30"),
            ("food 31", "is not a rate from 0 to 30"),
            ("food 19, 7", "two rates begin on the same day"),
            ("food 19, 7 from tomorrow", "is not a day"),
            ("food 19, 7 from 2026-02-30", "is not a day"),
            ("7 19", "is a rate, not the name"),
            ("a;b 19", "is no name"),
        ] {
            let error = line.parse::<VatClass>().unwrap_err().to_string();
            assert!(error.contains(problem), "{line:?}: {error}");
        }
        let twice = ["Food 7", "food 19"].map(|line| line.parse().unwrap());
        assert_eq!(VatClasses::new(twice), Err("food".to_owned()));
    }
}
