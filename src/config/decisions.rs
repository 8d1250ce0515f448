//! The decisions themselves, typed.

use std::fmt;
use std::path::PathBuf;

use secrecy::SecretString;

use crate::charset::Charset;
use crate::journal::Upkeep;
use crate::lang::Lang;
use crate::log::Rules;
use crate::money::Money;
use crate::pin::PinHash;
use crate::receipt::Profile;
use crate::sandbox::Fault;
use crate::shop::import::{ColumnMap, Options};
use crate::shop::{Catalogue, Department, ScanRules, VatClasses};
use crate::till::{Access, COMMANDS, Keymap, Printing, Quick, Reasons, Settings, TopUp};

/// Everything the shop has decided.
#[derive(Debug, Clone)]
pub struct Config {
    /// What the PIN guards; never [`Access::Kiosk`] without a PIN.
    pub access: Access,
    /// What a PIN is held against.
    pub pin_hash: Option<PinHash>,
    /// The server; `None`: the embedded sandbox.
    pub api: Option<Api>,
    /// How long calls may take, to the server or to the sandbox.
    pub timeouts: Timeouts,
    /// The article file; `None`: the demonstration catalogue.
    pub articles: Option<PathBuf>,
    /// Language and look.
    pub screen: Screen,
    /// What every receipt carries.
    pub receipt: Profile,
    /// Characters in a line of the receipt's paper.
    pub receipt_width: usize,
    /// The receipt printer, if there is one.
    pub printer: Option<Printer>,
    /// The directory for tokens and open sales. It need not exist.
    pub state_dir: PathBuf,
    /// What the journal does for itself.
    pub upkeep: Upkeep,
    /// The log files.
    pub log: Rules,
    /// The exchanges with the server may be looked at.
    pub inspector: bool,
    /// Seed of a sandbox's ids.
    pub sandbox_seed: u64,
    /// Faults that a sandbox plays from its start.
    pub sandbox_faults: Vec<Fault>,
    pub(super) sale: Sale,
    pub(super) columns: ColumnMap,
    pub(super) vat: VatClasses,
    pub(super) top_up: TopUp,
    pub(super) departments: Vec<Department>,
    pub(super) quick: Vec<Quick>,
    pub(super) reasons: Reasons,
    pub(super) scan: ScanRules,
    pub(super) key_hold: u64,
    pub(super) keymap: Keymap,
}

/// The decisions about every sale.
#[derive(Debug, Clone)]
pub(super) struct Sale {
    pub(super) is_demo: Option<bool>,
    pub(super) merchant_ref: Option<String>,
    pub(super) currency: String,
    pub(super) apply_card_on_total: bool,
    pub(super) implied_cents: bool,
    pub(super) max_change: Money,
    pub(super) card_expires_soon: i32,
}

/// A live server and the account on it. `Debug` hides the secret.
#[derive(Clone)]
pub struct Api {
    /// An http or https address; whether it may be talked to is the client's decision.
    pub url: String,
    /// The account's id, not empty.
    pub client_id: String,
    /// The account's secret, not empty.
    pub client_secret: SecretString,
    /// The paired device; `None`: the account itself logs in.
    pub device_uuid: Option<String>,
    /// Certificates of authorities that are believed besides the system's.
    pub ca_file: Option<PathBuf>,
}

impl fmt::Debug for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Api").field("url", &self.url).finish_non_exhaustive()
    }
}

/// How long calls may take, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// Connecting.
    pub connect: u64,
    /// Any call but the next.
    pub call: u64,
    /// A start at the payment terminal.
    pub cashless: u64,
    /// After how long without a usable answer an outcome may be written off, ms.
    pub write_off: u64,
}

/// Language and look, with every "auto" already decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Screen {
    /// Language of console and receipt.
    pub lang: Lang,
    /// Colours.
    pub theme: Theme,
    /// Draw without lines and blocks, and texts with what `charset` has.
    pub ascii: bool,
    /// What the terminal's bytes mean, both ways.
    pub charset: Charset,
}

/// The colours of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// The terminal's colours, for a dark background.
    Dark,
    /// No colours.
    Mono,
}

/// The receipt printer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printer {
    /// Its device, or a file.
    pub device: PathBuf,
    /// What it understands.
    pub format: PrinterFormat,
    /// Name of its character set, `cp858`.
    pub code_page: String,
    /// Print every paid sale without being asked.
    pub auto: bool,
}

/// What a printer understands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrinterFormat {
    /// ESC/POS commands.
    EscPos,
    /// Plain text.
    Text,
}

impl Config {
    /// What is recognised besides the standard codes.
    #[must_use]
    pub const fn scan_rules(&self) -> &ScanRules {
        &self.scan
    }

    /// How long a key that a code may begin with waits, ms; 0: not at all.
    #[must_use]
    pub const fn key_hold(&self) -> u64 {
        self.key_hold
    }

    /// The keys of the commands.
    #[must_use]
    pub const fn keymap(&self) -> &Keymap {
        &self.keymap
    }

    /// How article files are read.
    #[must_use]
    pub fn import_options(&self) -> Options {
        Options {
            columns: self.columns.clone(),
            classes: self.vat.clone(),
            currency: self.sale.currency.clone(),
        }
    }

    /// What the till needs to know, with the articles of [`super::read_articles`].
    #[must_use]
    pub fn settings(&self, catalogue: Catalogue) -> Settings {
        Settings {
            access: self.access,
            catalogue,
            vat: self.vat.clone(),
            keymap: self.keymap.clone(),
            scan: self.scan.clone(),
            key_hold: self.key_hold,
            currency: self.sale.currency.clone(),
            apply_card_on_total: self.sale.apply_card_on_total,
            implied_cents: self.sale.implied_cents,
            max_change: self.sale.max_change,
            card_expires_soon: self.sale.card_expires_soon,
            top_up: self.top_up.clone(),
            departments: self.departments.clone(),
            quick: self.quick.clone(),
            reasons: self.reasons.clone(),
            discount_texts: self.screen.lang.discount_texts(),
            is_demo: self.sale.is_demo,
            merchant_ref: self.sale.merchant_ref.clone(),
            cashless_patience: self.timeouts.cashless,
            write_off_after: self.timeouts.write_off,
            printing: match &self.printer {
                None => Printing::Never,
                Some(printer) if printer.auto => Printing::EverySale,
                Some(_) => Printing::OnRequest,
            },
            titles: COMMANDS
                .iter()
                .map(|row| (row.command, self.screen.lang.label(row.command).into_owned()))
                .collect(),
            // The inspector is for integrators, not for customers at a kiosk.
            inspector: self.inspector && self.access != Access::Kiosk,
        }
    }
}
