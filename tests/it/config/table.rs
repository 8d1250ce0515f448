//! Table, default file and till agree with each other.

use std::collections::BTreeSet;

use kasse::config::{DEFAULTS, PrinterFormat, Source, Theme, fields, load};
use kasse::lang::Lang;
use kasse::log::{LevelFilter, Rules};
use kasse::money::Money;
use kasse::shop::{CardPattern, Off, Vat, VatRate, demo_catalogue};
use kasse::till::{Command, Key, Keymap, Quick, TopUp};
use secrecy::ExposeSecret;

use crate::config::kit::{env, file, nothing};

#[test]
fn the_default_file_holds_exactly_the_keys_of_the_table() {
    let document: toml_edit::Document<_> = toml_edit::Document::parse(DEFAULTS).unwrap();
    let in_file: BTreeSet<String> = document
        .iter()
        .flat_map(|(section, item)| match item.as_table() {
            Some(table) => table.iter().map(|(key, _)| format!("{section}.{key}")).collect(),
            None => vec![section.to_owned()],
        })
        .collect();
    let in_table: BTreeSet<String> = fields().map(|field| field.path()).collect();
    assert_eq!(in_file, in_table);
}

#[test]
fn every_language_can_be_configured_and_the_default_file_names_it() {
    let about = DEFAULTS.split("language =").next().unwrap().lines().last().unwrap();
    for lang in Lang::ALL {
        let text = format!("[screen]\nlanguage = \"{}\"\n", lang.code());
        assert_eq!(load(&file(&text)).unwrap().config.screen.lang, *lang);
        assert!(about.contains(&format!("\"{}\"", lang.code())), "{about}");
    }
}

#[test]
fn the_defaults_are_what_the_till_assumes() {
    let loaded = load(&nothing()).unwrap();
    assert!(loaded.settings.iter().all(|setting| setting.source == Source::Default));
    assert_eq!(loaded.settings.len(), fields().count());
    let config = loaded.config;
    assert!(config.api.is_none() && config.articles.is_none() && config.printer.is_none());
    assert_eq!(config.timeouts.connect, 5_000);
    assert_eq!(config.timeouts.call, 15_000);
    assert_eq!(config.timeouts.cashless, 180_000);
    assert_eq!((config.screen.lang, config.screen.theme), (Lang::En, Theme::Dark));
    assert!(!config.screen.ascii && config.receipt.not_fiscal);
    assert_eq!(config.log, Rules { level: LevelFilter::INFO, files: 5, bytes: 1 << 20 });
    assert!(config.inspector);
    assert_eq!((config.receipt_width, config.sandbox_seed), (42, 1));
    assert_eq!(config.state_dir.to_str(), Some("/home/till/.local/state/kasse"));
    let settings = config.settings(demo_catalogue());
    assert_eq!(settings.keymap, Keymap::default());
    assert_eq!(settings.top_up, TopUp::default());
    assert_eq!(settings.scan.cards, [CardPattern::default()]);
    assert!(settings.scan.embedded.is_empty());
    assert_eq!(settings.currency, "EUR");
    assert_eq!((settings.is_demo, settings.merchant_ref), (None, None));
    assert_eq!(settings.max_change, Money(20_000));
    assert!(!settings.apply_card_on_total && !settings.implied_cents);
    assert_eq!(settings.printing, kasse::till::Printing::Never);
    assert!(settings.catalogue.by_number("30037").is_some());
}

#[test]
fn the_default_file_is_a_valid_file_of_ones_own() {
    let loaded = load(&file(DEFAULTS)).unwrap();
    assert!(loaded.settings.iter().all(|s| matches!(s.source, Source::File { .. })));
    let defaults = load(&nothing()).unwrap();
    let values = |settings: &[kasse::config::Setting]| -> Vec<_> {
        settings.iter().map(|setting| setting.shown.clone()).collect()
    };
    assert_eq!(values(&loaded.settings), values(&defaults.settings));
}

#[test]
fn everything_can_be_decided_otherwise() {
    let text = r#"
        sale.demo = true
        sale.merchant_ref = " M1 "
        sale.currency = "CHF"
        sale.apply_card = "total"
        sale.departments = ["Bread: 7", "Eat in:restaurant"]
        sale.override_reasons = ["Damaged", ""]
        sale.return_reasons = ["Unopened"]
        discount.reasons = ["Friend"]
        quick.keys = ["51", "eat in", "AB-12"]
        [articles]
        file = "shop/articles.csv"
        [top_up]
        min = 500
        max = 500
        [scan]
        cards = ["9276:16", "4000:19"]
        embedded = ["29IIIIIPPPPPC"]
        [keys]
        void_line = []
        quit = ["F8", "End"]
        discount = []
        [screen]
        language = "de"
        theme = "mono"
        ascii = true
        [receipt]
        header = ["Bäckerei", "Weg 1\u001B[31m"]
        not_fiscal = false
        width = 32
        [printer]
        device = "/dev/usb/lp0"
        format = "text"
        code_page = "ascii"
        auto = true
        [state]
        dir = "/var/lib/kasse"
        [sandbox]
        seed = 9
    "#;
    let sources = env(file(text), &[("KASSE_SALE_IMPLIED_CENTS", "true")]);
    let config = load(&sources).unwrap().config;
    assert_eq!(config.articles.as_deref().unwrap().to_str(), Some("/etc/shop/articles.csv"));
    assert_eq!((config.screen.lang, config.screen.theme), (Lang::De, Theme::Mono));
    assert!(config.screen.ascii && !config.receipt.not_fiscal);
    assert_eq!(config.receipt.header, ["Bäckerei", "Weg 1"]);
    assert_eq!((config.receipt_width, config.sandbox_seed), (32, 9));
    assert_eq!(config.state_dir.to_str(), Some("/var/lib/kasse"));
    let printer = config.printer.clone().unwrap();
    assert_eq!(printer.device.to_str(), Some("/dev/usb/lp0"));
    assert_eq!((printer.format, printer.code_page.as_str()), (PrinterFormat::Text, "ascii"));
    let settings = config.settings(demo_catalogue());
    assert_eq!((settings.is_demo, settings.merchant_ref.as_deref()), (Some(true), Some("M1")));
    assert_eq!(settings.currency, "CHF");
    assert!(settings.apply_card_on_total && settings.implied_cents);
    assert_eq!((settings.top_up.min, settings.top_up.max), (Money(500), Money(500)));
    assert_eq!((settings.scan.cards.len(), settings.scan.embedded.len()), (2, 1));
    let departments: Vec<_> = settings.departments.iter().map(|of| (&*of.name, &of.vat)).collect();
    let eat_in = ("Eat in", &Vat::Class("restaurant".to_owned()));
    assert_eq!(departments, [("Bread", &Vat::Rate(VatRate::whole(7))), eat_in]);
    let article = |number: &str| Quick::Article(number.to_owned());
    let second = Quick::Department(settings.departments[1].clone());
    assert_eq!(settings.quick, [article("51"), second, article("AB-12")]);
    assert_eq!(settings.reasons.prices, ["Damaged"]);
    assert_eq!(settings.reasons.returns, ["Unopened"]);
    assert_eq!(settings.reasons.discounts, ["Friend"]);
    assert_eq!(settings.discount_texts.of(Off::Percent(VatRate::whole(10))), "Rabatt 10 %");
    assert_eq!(settings.printing, kasse::till::Printing::EverySale);
    assert_eq!(settings.keymap.command(Key::F(8)), Some(Command::Quit));
    assert_eq!(settings.keymap.command(Key::End), Some(Command::Quit));
    assert!(settings.keymap.keys(Command::VoidLine).is_empty());
}

#[test]
fn a_live_server_needs_three_values() {
    let account = [
        ("KASSE_API_URL", "http://127.0.0.1:8474"),
        ("KASSE_API_CLIENT_ID", "sandbox"),
        ("KASSE_API_CLIENT_SECRET", "hunter2"),
    ];
    let loaded = load(&env(nothing(), &account)).unwrap();
    assert!(!format!("{loaded:?}").contains("hunter2"));
    assert!(!loaded.listing().contains("hunter2") && !loaded.explanation().contains("hunter2"));
    let api = loaded.config.api.unwrap();
    assert_eq!((api.url.as_str(), api.client_id.as_str()), ("http://127.0.0.1:8474", "sandbox"));
    assert_eq!(api.client_secret.expose_secret(), "hunter2");
    assert_eq!(api.device_uuid, None);
    let paired = env(env(nothing(), &account), &[("KASSE_API_DEVICE_UUID", "/vendor/x")]);
    assert_eq!(
        load(&paired).unwrap().config.api.unwrap().device_uuid.as_deref(),
        Some("/vendor/x")
    );
}
