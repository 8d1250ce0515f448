#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use super::*;
use crate::text::width;

#[test]
fn locales_choose_the_language() {
    assert_eq!(Lang::parse("de"), Some(Lang::De));
    assert_eq!(Lang::parse("de_AT.UTF-8"), Some(Lang::De));
    assert_eq!(Lang::parse("C.UTF-8"), Some(Lang::En));
    assert_eq!(Lang::parse("posix"), Some(Lang::En));
    assert_eq!(Lang::parse("Deutsch"), Some(Lang::De));
    assert_eq!(Lang::parse("xx_XX"), None);
    assert_eq!(Lang::parse(""), None);
    for lang in Lang::ALL {
        assert_eq!(Lang::parse(lang.code()), Some(*lang));
    }
}

#[test]
fn every_command_has_a_short_label_and_one_line_of_help() {
    for lang in Lang::ALL {
        for row in COMMANDS {
            let (label, help) = (lang.label(row.command), lang.help(row.command));
            assert!((1..=12).contains(&width(&label)), "{label:?}");
            assert!((8..=60).contains(&width(&help)), "{help:?} is {}", width(&help));
        }
    }
    for (index, row) in COMMANDS.iter().enumerate() {
        for other in &COMMANDS[..index] {
            assert_ne!(Lang::En.help(row.command), Lang::En.help(other.command));
        }
    }
}

#[test]
fn times_of_the_server_are_shown_digit_for_digit_in_local_notation() {
    for iso in ["2020-09-25T11:15:41+02:00", "2020-09-25 11:15:21", "2020-09-25T11:15"] {
        assert_eq!(Lang::De.time(iso), "25.09.2020 11:15");
        assert_eq!(Lang::En.time(iso), "2020-09-25 11:15");
    }
    assert_eq!(Lang::De.time("2020-12-31T23:59:59-11:00"), "31.12.2020 23:59");
    assert_eq!(Lang::De.time("2030-01-31"), "31.01.2030");
    for odd in ["", "soon", "übermorgen ä", "25.09.2020 11:15", "2020-09-25Täglich", "2020-09-25T"]
    {
        assert_eq!(Lang::De.time(odd), odd);
    }
}

#[test]
fn texts_name_the_keys_of_this_till() {
    let keymap = Keymap::with(&[(Command::Search, vec![Key::ShiftF(9)])]).unwrap();
    let settings = Settings { keymap, currency: "EUR".to_owned(), ..Settings::default() };
    let said = Lang::De.message(&Message::NotFound("4711".to_owned()), &settings);
    assert!(said.contains("4711") && said.contains("Umsch-F9"), "{said}");
    // A command without a key is found in the menu.
    let said = Lang::En.message(&Message::NotHere(Command::Connect), &settings);
    assert!(said.contains("Space \"connection\""), "{said}");
    let said = Lang::De.message(&Message::TooLittle(Money(123)), &settings);
    assert!(said.contains("1,23 EUR"), "{said}");
}

#[test]
fn marks_are_filled() {
    assert_eq!(fill("{a} and {b}", &[("a", "1"), ("b", "{a}")]), "1 and {a}");
    assert_eq!(fill("no {unknown} mark, open { brace", &[]), "no  mark, open  brace");
}

#[test]
fn refusals_show_the_servers_words_code_and_support_id() {
    let error = crate::wire::ApiError {
        user: "Card is empty".to_owned(),
        code: 2003,
        support_id: "a1b2".to_owned(),
        ..crate::wire::ApiError::default()
    };
    for lang in Lang::ALL {
        let message = Message::Refused(crate::till::Action::Pay, error.clone());
        let said = lang.message(&message, &Settings::default());
        for part in ["Card is empty", "2003", "a1b2"] {
            assert!(said.contains(part), "{said}");
        }
    }
}
