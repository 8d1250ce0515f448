//! What the shop has decided: read once at start, never changed by the till.

use std::collections::BTreeMap;

use super::{Access, Command, Keymap};
use crate::money::{Money, Notation};
use crate::shop::{Catalogue, Department, Off, ScanRules, VatClasses, VatRate};

/// The decisions and the catalogue that `update` needs.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// What the shop sells.
    pub catalogue: Catalogue,
    /// The classes that articles are taxed by.
    pub vat: VatClasses,
    /// Keys.
    pub keymap: Keymap,
    /// Codes and cards.
    pub scan: ScanRules,
    /// How long a printable key with a command waits whether a code follows it, ms; 0: not at all.
    pub key_hold: u64,
    /// ISO 4217 code sent to the API, `EUR`.
    pub currency: String,
    /// A swiped card is applied on `+` without pressing `/`.
    pub apply_card_on_total: bool,
    /// `20` means 0.20.
    pub implied_cents: bool,
    /// The most change that is given back without suspecting a typing error.
    pub max_change: Money,
    /// A card that expires within so many days is said to.
    pub card_expires_soon: i32,
    /// Top-ups.
    pub top_up: TopUp,
    /// Groups that are sold without an article.
    pub departments: Vec<Department>,
    /// What the quick keys sell, at most [`QUICK_KEYS`].
    pub quick: Vec<Quick>,
    /// What may be chosen as reasons.
    pub reasons: Reasons,
    /// What receipt and API call a discount.
    pub discount_texts: DiscountTexts,
    /// `is_demo` of every transaction; `None`: only on a sandbox.
    pub is_demo: Option<bool>,
    /// `merchantRef` of every transaction.
    pub merchant_ref: Option<String>,
    /// Whether and when receipts are printed.
    pub printing: Printing,
    /// How long a payment at the terminal may take, ms.
    pub cashless_patience: u64,
    /// How long a payment without any usable answer is asked after before the cashier may decide
    /// to go on without one, ms.
    pub write_off_after: u64,
    /// What the PIN guards.
    pub access: Access,
    /// What the menu calls the commands; its filter looks at these. Commands without a title are
    /// found by their names.
    pub titles: BTreeMap<Command, String>,
    /// The last exchanges with the server may be looked at.
    pub inspector: bool,
}

impl Settings {
    /// Whether this till has the command at all.
    #[must_use]
    pub fn has(&self, command: Command) -> bool {
        let quick = match command {
            Command::Quick(key) => usize::from(key) <= self.quick.len(),
            Command::QuickKeys => !self.quick.is_empty(),
            _ => true,
        };
        quick && command.row().is_some_and(|row| self.inspector || !row.inspector)
    }
}

/// The most quick keys.
pub const QUICK_KEYS: usize = 20;

/// What a quick key sells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Quick {
    /// The article with this number.
    Article(String),
    /// Goods of a department.
    Department(Department),
}

/// What may be chosen as reasons; an empty list: none is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reasons {
    /// Of discounts.
    pub discounts: Vec<String>,
    /// Of price overrides.
    pub prices: Vec<String>,
    /// Of returns.
    pub returns: Vec<String>,
}

/// What receipt and API call a discount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiscountTexts {
    /// In percent; `{}` stands for the number.
    pub percent: String,
    /// An amount.
    pub amount: String,
    /// A fixed price.
    pub deal: String,
    /// A coupon in percent; `{}` stands for the number.
    pub coupon_percent: String,
    /// A coupon of an amount.
    pub coupon: String,
    /// How the number is written.
    pub notation: Notation,
}

impl DiscountTexts {
    /// What a discount is called: `Discount 10 %`.
    #[must_use]
    pub fn of(&self, off: Off) -> String {
        match off {
            Off::Percent(percent) => self.percent.replace("{}", &percent.show(self.notation)),
            Off::Amount(_) => self.amount.clone(),
            Off::Deal(_) => self.deal.clone(),
        }
    }

    /// What a coupon is called: `Coupon 10 %`.
    #[must_use]
    pub fn of_coupon(&self, off: Off) -> String {
        match off {
            Off::Percent(percent) => {
                self.coupon_percent.replace("{}", &percent.show(self.notation))
            }
            Off::Amount(_) | Off::Deal(_) => self.coupon.clone(),
        }
    }
}

impl Default for DiscountTexts {
    fn default() -> Self {
        Self {
            percent: "Discount {} %".to_owned(),
            amount: "Discount".to_owned(),
            deal: "Fixed price".to_owned(),
            coupon_percent: "Coupon {} %".to_owned(),
            coupon: "Coupon".to_owned(),
            notation: Notation::Point,
        }
    }
}

/// Whether and when receipts are printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Printing {
    /// There is no printer.
    #[default]
    Never,
    /// When the cashier asks for it.
    OnRequest,
    /// After every paid sale, and on request.
    EverySale,
}

/// The article that loads a card ([`crate::wire::api::basket`]).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopUp {
    /// Its EAN, which the API recognises.
    pub ean: String,
    /// The text on receipt and basket; `{}` stands for the amount.
    pub text: String,
    /// The VAT rate sent with it; the API answers 0.
    pub sent_vat: VatRate,
    /// The smallest amount.
    pub min: Money,
    /// The largest amount.
    pub max: Money,
}

impl Default for TopUp {
    fn default() -> Self {
        Self {
            ean: crate::wire::CHARGE_EAN.to_owned(),
            text: "Kartenaufladung {} EUR".to_owned(),
            sent_vat: VatRate::whole(7),
            min: Money(100),
            max: Money(50_000),
        }
    }
}
