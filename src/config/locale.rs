//! What the environment says about language, characters and colours, where "auto" asks for it.

use std::ffi::OsString;

use super::Theme;
use crate::charset::Charset;
use crate::lang::Lang;

/// The value of the first of `names` that is set and not empty.
fn first<'a>(env: &'a [(OsString, OsString)], names: &[&str]) -> Option<&'a str> {
    names
        .iter()
        .find_map(|name| env.iter().find(|(key, value)| key == name && !value.is_empty()))
        .and_then(|(_, value)| value.to_str())
}

/// The language of the locale; English for languages that the till does not speak.
pub(super) fn language(env: &[(OsString, OsString)]) -> Lang {
    first(env, &["LC_ALL", "LC_MESSAGES", "LANG"]).and_then(Lang::parse).unwrap_or_default()
}

/// True where a locale is set and is not UTF-8. Without any locale (containers, cron) terminals
/// are UTF-8 nowadays.
pub(super) fn ascii(env: &[(OsString, OsString)]) -> bool {
    first(env, &["LC_ALL", "LC_CTYPE", "LANG"]).is_some_and(|locale| {
        let locale = locale.to_ascii_lowercase();
        !(locale.contains("utf-8") || locale.contains("utf8"))
    })
}

/// What the bytes of the terminal mean. UTF-8 without any locale; where a codeset is not known, only
/// ASCII is shown.
pub(super) fn charset(env: &[(OsString, OsString)]) -> Charset {
    first(env, &["LC_ALL", "LC_CTYPE", "LANG"])
        .map_or(Charset::Utf8, |locale| Charset::of_locale(locale).unwrap_or(Charset::Ascii))
}

/// No colours where the user asks for none, or the terminal has none.
pub(super) fn theme(env: &[(OsString, OsString)]) -> Theme {
    let plain = |term: &str| term == "dumb" || term.starts_with("vt") || term.ends_with("-mono");
    if first(env, &["NO_COLOR"]).is_some() || first(env, &["TERM"]).is_some_and(plain) {
        Theme::Mono
    } else {
        Theme::Dark
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env(pairs: &[(&str, &str)]) -> Vec<(OsString, OsString)> {
        pairs.iter().map(|(name, value)| (name.into(), value.into())).collect()
    }

    #[test]
    fn the_locale_decides_language_and_characters() {
        for (pairs, lang, plain) in [
            (&[][..], Lang::En, false),
            (&[("LANG", "de_DE.UTF-8")], Lang::De, false),
            (&[("LANG", "de")], Lang::De, true),
            (&[("LANG", "den_CA.utf8")], Lang::En, false),
            (&[("LANG", "de_DE.UTF-8"), ("LC_ALL", "C")], Lang::En, true),
            (&[("LANG", "de_DE.UTF-8"), ("LC_ALL", "")], Lang::De, false),
            (&[("LANG", "C.UTF-8"), ("LC_MESSAGES", "de_AT@euro")], Lang::De, false),
            (&[("LANG", "C.UTF-8"), ("LC_CTYPE", "de_AT@euro")], Lang::En, true),
        ] {
            let env = env(pairs);
            assert_eq!((language(&env), ascii(&env)), (lang, plain), "{env:?}");
        }
    }

    #[test]
    fn the_first_locale_variable_that_is_set_decides_the_charset() {
        for (pairs, charset) in [
            (&[][..], Charset::Utf8),
            (&[("LANG", "de_DE.ISO-8859-1")], Charset::Latin1),
            (&[("LANG", "de_DE.UTF-8"), ("LC_CTYPE", "de_DE.ISO-8859-15")], Charset::Latin9),
            (&[("LC_CTYPE", "de_DE.UTF-8"), ("LC_ALL", "de_DE.CP1252")], Charset::Windows1252),
            (&[("LANG", "de_DE.ISO-8859-1"), ("LC_ALL", "")], Charset::Latin1),
            (&[("LANG", "de_DE.ISO-8859-1"), ("LC_MESSAGES", "C.UTF-8")], Charset::Latin1),
            (&[("LANG", "de_DE.ISO-8859-1"), ("LC_ALL", "C.UTF-8")], Charset::Utf8),
            (&[("LANG", "pl_PL.ISO-8859-2")], Charset::Ascii),
        ] {
            let env = env(pairs);
            assert_eq!(super::charset(&env), charset, "{env:?}");
        }
    }

    #[test]
    fn colours_go_where_nobody_wants_or_sees_them() {
        for (pair, expected) in [
            (("TERM", "xterm-256color"), Theme::Dark),
            (("TERM", "vt220"), Theme::Mono),
            (("TERM", "dumb"), Theme::Mono),
            (("NO_COLOR", "1"), Theme::Mono),
            (("NO_COLOR", ""), Theme::Dark),
        ] {
            assert_eq!(theme(&env(&[pair])), expected, "{pair:?}");
        }
    }
}
