//! From the values of all layers to decisions, with the checks that concern several keys.

mod goods;

use std::fmt::Display;
use std::path::PathBuf;

use super::decisions::Sale;
use super::layers::Layers;
use super::value::Value;
use super::{
    Api, Config, Place, Printer, PrinterFormat, Screen, Source, Sources, Theme, Timeouts, locale,
};
use crate::charset::Charset;
use crate::journal::Upkeep;
use crate::lang::Lang;
use crate::log::{LevelFilter, Rules};
use crate::money::Money;
use crate::pin::PinHash;
use crate::receipt::Profile;
use crate::sandbox::Fault;
use crate::shop::import::ColumnMap;
use crate::shop::{ScanRules, VatClasses, VatRate};
use crate::till::{Access, COMMANDS, Keymap, KeymapError, TopUp};

/// Decides everything; what is wrong is noted in `layers` and replaced by something harmless,
/// which nobody sees because a configuration with problems is never used.
pub(super) fn config(layers: &mut Layers, sources: &Sources) -> Config {
    let screen = screen(layers, sources);
    let vat = vat(layers);
    let departments = goods::departments(layers, &vat);
    Config {
        access: access(layers),
        pin_hash: pin_hash(layers),
        api: api(layers),
        timeouts: Timeouts {
            connect: layers.whole("api", "connect_ms"),
            call: layers.whole("api", "call_ms"),
            cashless: layers.whole("api", "cashless_ms"),
            write_off: layers.whole("api", "write_off_ms"),
        },
        articles: layers.path("articles", "file"),
        screen,
        receipt: Profile {
            lang: screen.lang,
            header: layers.lines("receipt", "header"),
            footer: layers.lines("receipt", "footer"),
            not_fiscal: layers.switch("receipt", "not_fiscal"),
            currency: layers.text("sale", "currency"),
        },
        receipt_width: layers.whole("receipt", "width"),
        printer: printer(layers),
        state_dir: state_dir(layers, sources),
        upkeep: upkeep(layers),
        log: log(layers),
        inspector: layers.switch("screen", "inspector"),
        sandbox_seed: layers.whole("sandbox", "seed"),
        sandbox_faults: faults(layers),
        sale: Sale {
            is_demo: layers.auto("sale", "demo"),
            merchant_ref: layers.optional("sale", "merchant_ref"),
            currency: layers.text("sale", "currency"),
            apply_card_on_total: layers.text("sale", "apply_card") == "total",
            implied_cents: layers.switch("sale", "implied_cents"),
            max_change: layers.money("sale", "max_change"),
            card_expires_soon: layers.whole("sale", "card_expires_soon"),
        },
        columns: columns(layers),
        vat,
        top_up: top_up(layers),
        quick: goods::quick(layers, &departments),
        departments,
        reasons: goods::reasons(layers),
        scan: ScanRules {
            cards: layers.get("scan", "cards", |value| match value {
                Value::Cards(cards) => Some(cards.clone()),
                _ => None,
            }),
            embedded: layers.get("scan", "embedded", |value| match value {
                Value::Embedded(patterns) => Some(patterns.clone()),
                _ => None,
            }),
            coupons: layers.get("scan", "coupons", |value| match value {
                Value::Coupons(patterns) => Some(patterns.clone()),
                _ => None,
            }),
        },
        key_hold: key_hold(layers),
        keymap: keymap(layers),
    }
}

/// With identifiers every code says by its first sign what it is: then no key has to wait.
fn key_hold(layers: &mut Layers) -> u64 {
    let hold = layers.whole("scan", "key_hold");
    if layers.switch("scan", "identifiers") { 0 } else { hold }
}

impl Layers {
    /// The value of a key. A key that does not exist or has another kind is a slip in this file:
    /// it makes every configuration faulty, so no test can miss it.
    fn get<T: Default>(
        &mut self,
        section: &'static str,
        key: &'static str,
        read: impl Fn(&Value) -> Option<T>,
    ) -> T {
        let found = match self.setting(section, key) {
            Some(setting) => match &setting.value {
                Some(value) => read(value),
                None => return T::default(),
            },
            None => None,
        };
        found.unwrap_or_else(|| {
            self.complain(Place::Nowhere, &format!("{section}.{key} has no default of its kind"));
            T::default()
        })
    }

    fn text(&mut self, section: &'static str, key: &'static str) -> String {
        self.get(section, key, |value| match value {
            Value::Text(text) => Some(text.clone()),
            _ => None,
        })
    }

    fn optional(&mut self, section: &'static str, key: &'static str) -> Option<String> {
        Some(self.text(section, key)).filter(|text| !text.is_empty())
    }

    fn path(&mut self, section: &'static str, key: &'static str) -> Option<PathBuf> {
        let path = self.get(section, key, |value| match value {
            Value::Path(path) => Some(path.clone()),
            _ => None,
        });
        Some(path).filter(|path| !path.as_os_str().is_empty())
    }

    fn whole<T: TryFrom<i64> + Default>(&mut self, section: &'static str, key: &'static str) -> T {
        self.get(section, key, |value| match value {
            Value::Whole(number) => T::try_from(*number).ok(),
            _ => None,
        })
    }

    fn money(&mut self, section: &'static str, key: &'static str) -> Money {
        Money(self.whole(section, key))
    }

    fn switch(&mut self, section: &'static str, key: &'static str) -> bool {
        self.get(section, key, |value| match value {
            Value::Switch(switch) => Some(*switch),
            _ => None,
        })
    }

    fn auto(&mut self, section: &'static str, key: &'static str) -> Option<bool> {
        self.get(section, key, |value| match value {
            Value::Auto(switch) => Some(*switch),
            _ => None,
        })
    }

    fn lines(&mut self, section: &'static str, key: &'static str) -> Vec<String> {
        self.get(section, key, |value| match value {
            Value::Lines(lines) => Some(lines.clone()),
            _ => None,
        })
    }

    /// True when a problem with this key has been noted already.
    fn is_wrong(&self, section: &'static str, key: &'static str) -> bool {
        self.setting(section, key).is_some_and(|setting| setting.value.is_none())
    }

    fn source(&self, section: &'static str, key: &'static str) -> Source {
        self.setting(section, key).map_or(Source::Default, |setting| setting.source.clone())
    }

    /// Complains where the value of this key was set.
    fn complain_of(&mut self, section: &'static str, key: &'static str, text: &str) {
        let place = self.source(section, key).place(None);
        self.complain(place, text);
    }

    /// Complains of what this key was set to.
    fn complain_of_value(
        &mut self,
        section: &'static str,
        key: &'static str,
        problem: impl Display,
    ) {
        self.complain_of(section, key, &format!("{section}.{key}: {problem}"));
    }
}

fn pin_hash(layers: &mut Layers) -> Option<PinHash> {
    layers.get("", "pin_hash", |value| match value {
        Value::PinHash(hash) => Some(hash.clone()),
        _ => None,
    })
}

fn access(layers: &mut Layers) -> Access {
    let has_pin = pin_hash(layers).is_some();
    match (layers.switch("", "kiosk"), has_pin) {
        (true, true) => Access::Kiosk,
        (true, false) => {
            if !layers.is_wrong("", "pin_hash") {
                let text = "kiosk is true, but pin_hash is empty: nobody could ever leave; run \
                            `kasse pin` and set pin_hash to what it prints";
                layers.complain_of("", "kiosk", text);
            }
            Access::Kiosk
        }
        (false, true) => Access::Lock,
        (false, false) => Access::Free,
    }
}

fn api(layers: &mut Layers) -> Option<Api> {
    let url = layers.optional("api", "url");
    let client_id = layers.optional("api", "client_id");
    let client_secret = layers.get("api", "client_secret", |value| match value {
        Value::Secret(secret) => Some(Some(secret.clone())),
        _ => None,
    });
    let client_secret = client_secret.filter(|secret| {
        use secrecy::ExposeSecret;
        !secret.expose_secret().is_empty()
    });
    let device_uuid = layers.optional("api", "device_uuid");
    let ca_file = layers.path("api", "ca_file");
    let url = url?;
    for (key, is_missing, variable) in [
        ("client_id", client_id.is_none(), "KASSE_API_CLIENT_ID"),
        ("client_secret", client_secret.is_none(), "KASSE_API_CLIENT_SECRET"),
    ] {
        if is_missing && !layers.is_wrong("api", key) {
            let text = format!(
                "api.url names a server, but api.{key} is empty: set {key} under [api], or the \
                 environment variable {variable}"
            );
            layers.complain_of("api", "url", &text);
        }
    }
    Some(Api { url, client_id: client_id?, client_secret: client_secret?, device_uuid, ca_file })
}

fn screen(layers: &mut Layers, sources: &Sources) -> Screen {
    let ascii = layers.auto("screen", "ascii");
    Screen {
        lang: Lang::parse(&layers.text("screen", "language"))
            .unwrap_or_else(|| locale::language(&sources.env)),
        theme: match layers.text("screen", "theme").as_str() {
            "dark" => Theme::Dark,
            "mono" => Theme::Mono,
            _ => locale::theme(&sources.env),
        },
        ascii: ascii.unwrap_or_else(|| locale::ascii(&sources.env)),
        charset: match ascii {
            // Whoever says that everything can be shown says that the terminal is UTF-8.
            Some(false) => Charset::Utf8,
            _ => locale::charset(&sources.env),
        },
    }
}

fn printer(layers: &mut Layers) -> Option<Printer> {
    let device = layers.path("printer", "device");
    let format = match layers.text("printer", "format").as_str() {
        "text" => PrinterFormat::Text,
        _ => PrinterFormat::EscPos,
    };
    let code_page = layers.text("printer", "code_page");
    let auto = layers.switch("printer", "auto");
    if auto && device.is_none() && !layers.is_wrong("printer", "device") {
        layers.complain_of(
            "printer",
            "auto",
            "printer.auto prints nothing while printer.device is empty",
        );
    }
    Some(Printer { device: device?, format, code_page, auto })
}

fn upkeep(layers: &mut Layers) -> Upkeep {
    let mut days = |key| Some(layers.whole("journal", key)).filter(|days| *days > 0);
    let (archive_days, keep_days) = (days("archive_days"), days("keep_days"));
    Upkeep {
        save_every: layers.whole("journal", "checkpoint_entries"),
        archive_bytes: layers.whole::<u64>("journal", "archive_kib").saturating_mul(1024),
        archive_days,
        keep_days,
    }
}

fn log(layers: &mut Layers) -> Rules {
    Rules {
        // The level's names are those that the table allows; an empty one has been complained of.
        level: layers.text("log", "level").parse().unwrap_or(LevelFilter::OFF),
        files: layers.whole("log", "files"),
        bytes: layers.whole::<u64>("log", "size_kib").saturating_mul(1024),
    }
}

fn faults(layers: &mut Layers) -> Vec<Fault> {
    let mut faults = Vec::new();
    for line in layers.lines("sandbox", "faults") {
        match line.parse() {
            Ok(fault) => faults.push(fault),
            Err(error) => {
                layers.complain_of_value("sandbox", "faults", error);
            }
        }
    }
    faults
}

fn state_dir(layers: &mut Layers, sources: &Sources) -> PathBuf {
    if let Some(dir) = layers.path("state", "dir") {
        return dir;
    }
    let Some(home) = &sources.state_home else {
        let text = "there is no home directory to keep tokens in: set state.dir or KASSE_STATE_DIR";
        layers.complain(Place::Nowhere, text);
        return PathBuf::new();
    };
    home.join("kasse")
}

fn columns(layers: &mut Layers) -> ColumnMap {
    let entries = layers.lines("articles", "columns");
    ColumnMap::parse(entries.iter().map(String::as_str)).unwrap_or_else(|error| {
        layers.complain_of_value("articles", "columns", error);
        ColumnMap::default()
    })
}

fn vat(layers: &mut Layers) -> VatClasses {
    let classes = layers.get("vat", "classes", |value| match value {
        Value::VatClasses(classes) => Some(classes.clone()),
        _ => None,
    });
    VatClasses::new(classes).unwrap_or_else(|name| {
        layers.complain_of_value("vat", "classes", format!("{name} is there twice"));
        VatClasses::default()
    })
}

fn top_up(layers: &mut Layers) -> TopUp {
    let top_up = TopUp {
        ean: layers.text("top_up", "ean"),
        text: layers.text("top_up", "text"),
        sent_vat: VatRate::whole(layers.whole("top_up", "vat")),
        min: layers.money("top_up", "min"),
        max: layers.money("top_up", "max"),
    };
    if top_up.text.is_empty() && !layers.is_wrong("top_up", "text") {
        layers.complain_of("top_up", "text", "top_up.text is empty: the line would have no name");
    }
    let both_right = !layers.is_wrong("top_up", "min") && !layers.is_wrong("top_up", "max");
    if both_right && top_up.min > top_up.max {
        let key = if layers.source("top_up", "max") == Source::Default { "min" } else { "max" };
        layers.complain_of("top_up", key, "top_up.min is more than top_up.max");
    }
    top_up
}

fn keymap(layers: &mut Layers) -> Keymap {
    let mut changes = Vec::new();
    for row in COMMANDS {
        // A command whose keys are wrong has none: its defaults would clash with keys that were
        // taken from it on purpose.
        let keys = layers.get("keys", row.name, |value| match value {
            Value::Keys(keys) => Some(keys.clone()),
            _ => None,
        });
        changes.push((row.command, keys));
    }
    Keymap::with(&changes).unwrap_or_else(|errors| {
        for error in errors {
            let (name, other) = match &error {
                KeymapError::Reserved { name, .. } => (*name, None),
                KeymapError::Clash { first, second, .. } => {
                    // The one that was configured is to blame; of two, the later one.
                    match layers.source("keys", second) {
                        Source::Default => (*first, Some(*second)),
                        _ => (*second, Some(*first)),
                    }
                }
            };
            let hint = other.filter(|other| *other != name).map_or_else(String::new, |other| {
                format!(" ({other}: {})", layers.source("keys", other))
            });
            layers.complain_of_value("keys", name, format!("{error}{hint}"));
        }
        Keymap::default()
    })
}
