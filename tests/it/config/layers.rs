//! Flag over environment over file over default, and the listing that tells which it was.

use kasse::config::load;
use kasse::lang::Lang;
use kasse::till::{Command, Key};

use crate::config::kit::{FILE, env, file, nothing, shown};

#[test]
fn the_higher_layer_wins() {
    let mut sources = nothing();
    let of = |sources: &kasse::config::Sources| {
        let loaded = load(sources).unwrap();
        let (value, source) = shown(&loaded, "screen.language");
        (loaded.config.screen.lang, value, source)
    };
    let expect = |lang, value: &str, source: &str| (lang, format!("{value:?}"), source.to_owned());
    assert_eq!(of(&sources), expect(Lang::En, "auto", "default"));
    sources = env(sources, &[("LANG", "de_DE.UTF-8")]);
    assert_eq!(of(&sources), expect(Lang::De, "auto", "default"));
    sources.file = file("# words\n[screen]\nlanguage = \"en\"\n").file;
    assert_eq!(of(&sources), expect(Lang::En, "en", &format!("file {FILE}:3")));
    sources = env(sources, &[("KASSE_SCREEN_LANGUAGE", "de")]);
    assert_eq!(of(&sources), expect(Lang::De, "de", "environment KASSE_SCREEN_LANGUAGE"));
    sources.flags = vec![("--lang", "en".to_owned())];
    assert_eq!(of(&sources), expect(Lang::En, "en", "flag --lang"));
}

#[test]
fn an_empty_variable_takes_a_text_away() {
    let text = "[api]\nurl = \"https://x.example\"\nclient_id = \"a\"\nclient_secret = \"b\"\n";
    assert!(load(&file(text)).unwrap().config.api.is_some());
    assert!(load(&env(file(text), &[("KASSE_API_URL", "")])).unwrap().config.api.is_none());
}

#[test]
fn variables_hold_numbers_switches_and_lists() {
    let pairs = [
        ("KASSE_SANDBOX_SEED", "7"),
        ("KASSE_SALE_DEMO", "false"),
        ("KASSE_SCREEN_ASCII", "auto"),
        ("KASSE_RECEIPT_HEADER", "Bäckerei am Markt\nMarkt 1"),
        ("KASSE_SCAN_CARDS", "9276:16 4000:19"),
        ("KASSE_KEYS_MENU", "F10 #"),
        ("KASSE_KEYS_LOCK", ""),
        ("KASSE_CONFIG", "/elsewhere"),
        ("KASSE_LOG", "debug"),
        ("KASSELER", "meat"),
    ];
    let config = load(&env(nothing(), &pairs)).unwrap().config;
    assert_eq!(config.sandbox_seed, 7);
    assert_eq!(config.receipt.header, ["Bäckerei am Markt", "Markt 1"]);
    let settings = config.settings(kasse::shop::Catalogue::default());
    assert_eq!(settings.is_demo, Some(false));
    assert_eq!(settings.scan.cards.len(), 2);
    assert_eq!(settings.keymap.keys(Command::Menu), [Key::Char('#'), Key::F(10)]);
    assert!(settings.keymap.keys(Command::Lock).is_empty());
}

#[test]
fn relative_paths_begin_at_the_file_that_names_them() {
    let of = |sources: &kasse::config::Sources| load(sources).unwrap().config.articles.unwrap();
    let text = "articles.file = \"a.csv\"\n";
    assert_eq!(of(&file(text)).to_str(), Some("/etc/a.csv"));
    let from_env = env(file(text), &[("KASSE_ARTICLES_FILE", "b.csv")]);
    assert_eq!(of(&from_env).to_str(), Some("b.csv"));
    let mut from_flag = from_env;
    from_flag.flags = vec![("--articles", "/c.csv".to_owned())];
    assert_eq!(of(&from_flag).to_str(), Some("/c.csv"));
}

#[test]
fn the_listing_is_aligned_and_keeps_secrets() {
    let text = "[api]\nclient_id = \"till 5\"\nclient_secret = \"hunter2\"\n";
    let listing = load(&file(text)).unwrap().listing();
    let lines: Vec<&str> = listing.lines().collect();
    let line = |key: &str| *lines.iter().find(|line| line.starts_with(key)).expect(key);
    let words = |key: &str| line(key).split_whitespace().collect::<Vec<_>>();
    assert_eq!(words("api.url"), ["api.url", "\"\"", "default"]);
    assert_eq!(words("api.client_secret")[1..], ["(set)", "file", "/etc/kasse.toml:3"]);
    assert_eq!(words("keys.menu")[1..], ["[\"F10\",", "\"Space\"]", "default"]);
    let column = line("api.url").find("default").unwrap();
    assert!(lines.iter().all(|line| {
        line.get(column..).is_some_and(|rest| rest == "default" || rest.starts_with("file "))
    }));
    assert!(load(&nothing()).unwrap().listing().contains("(not set)"));
    let all = load(&nothing()).unwrap().explanation();
    assert!(all.contains("api.url = \"\"\n") && all.contains("KASSE_API_URL, --api-url"));
}
