//! Everything that is wrong is told at once, with its place.

use kasse::config::Sources;
use proptest::prelude::*;

use crate::config::kit::{FILE, env, file, nothing, problems};

/// The problems of a file, with the file's name shortened.
fn of_file(text: &str) -> Vec<String> {
    problems(&file(text)).into_iter().map(|line| line.replace(FILE, "F")).collect()
}

#[test]
fn all_layers_are_told_at_once_with_their_lines() {
    let text = "\
colour = \"red\"
[api]
clientid = \"a\"
url = 5
call_ms = \"long\"

[sale]
demo = \"maybe\"
max_change = -1
currency = \"euro\"
url = \"https://x.example\"

[scan]
cards = [
  \"9276:16\",
  \"92x6:16\",
  9276,
]
embedded = [\"19IIIIIPPPPPC\"]

[kyes]
help = \"F2\"

[screen]
theme = \"drak\"
";
    let mut sources = env(
        file(text),
        &[
            ("KASSE_SANDBOX_SEED", "many"),
            ("KASSE_API_CLIENTID", "x"),
            ("KASSE_PRINTER_AUTO", "yes"),
        ],
    );
    sources.flags = vec![("--lang", "fr".to_owned())];
    let expected = [
        "--lang: screen.language: \"fr\" is not \"auto\" or \"en\" or \"de\"",
        "KASSE_API_CLIENTID: unknown variable; did you mean KASSE_API_CLIENT_ID?",
        "KASSE_PRINTER_AUTO: printer.auto: expected true or false, found text",
        "KASSE_SANDBOX_SEED: sandbox.seed: expected a whole number, found text",
        "F:1: unknown key colour",
        "F:3: unknown key api.clientid; did you mean api.client_id?",
        "F:4: api.url: expected text in quotes, found a whole number",
        "F:5: api.call_ms: expected a whole number, found text",
        "F:8: sale.demo: \"maybe\" is not true, false or \"auto\"",
        "F:9: sale.max_change: -1 is not within 1 and 100000000",
        "F:10: sale.currency: \"euro\" is not a currency code like EUR",
        "F:11: unknown key sale.url; did you mean api.url?",
        "F:16: scan.cards: \"92x6:16\" is not leading digits, a colon and a length from 8 to 24: \
         \"9276:16\"",
        "F:17: scan.cards: expected text in quotes, found a whole number",
        "F:19: scan.embedded: pattern \"19IIIIIPPPPPC\" must begin with 2 or 02, the codes that a \
         shop may define itself",
        "F:21: unknown section [kyes]; did you mean keys?",
        "F:25: screen.theme: \"drak\" is not \"auto\" or \"dark\" or \"mono\"; did you mean dark?",
    ];
    let found: Vec<_> =
        problems(&sources).into_iter().map(|line| line.replace(FILE, "F")).collect();
    assert_eq!(found, expected);
}

#[test]
fn a_hidden_mistake_is_still_one() {
    let sources = env(file("[sandbox]\nseed = \"x\"\n"), &[("KASSE_SANDBOX_SEED", "5")]);
    assert_eq!(
        problems(&sources),
        ["/etc/kasse.toml:2: sandbox.seed: expected a whole number, found text"]
    );
}

#[test]
fn keys_that_clash_are_told_where_they_are_given() {
    for (text, expected) in [
        (
            "[keys]\nhelp = \"F2\"\n",
            &["F:2: keys.help: key F2 is given to both search and help (search: default)"][..],
        ),
        (
            "[keys]\n\nhelp = \"End\"\nquit = [\"Home\", \"End\"]\n",
            &["F:4: keys.quit: key End is given to both help and quit (help: file F:3)"],
        ),
        (
            "[keys]\nhelp = [\"End\", \"End\"]\n",
            &["F:2: keys.help: key End is given to both help and help"],
        ),
        ("[keys]\nquit = [\n\"x\",\n\"F13\"]\n", &["F:4: keys.quit: \"F13\" is not a key name"]),
        (
            "[keys]\nquit = \"x\"\nnote_5 = \"!\"\n",
            &[
                "F:2: keys.quit: key x cannot be given to quit: letters start an article search",
                "F:3: keys.note_5: key ! cannot be given to note_5: a scanner could send it, and \
                 it pays",
            ],
        ),
        // F2 was taken from search on purpose: only its new key is wrong.
        (
            "[keys]\nhelp = \"F2\"\nsearch = \"F99\"\n",
            &["F:3: keys.search: \"F99\" is not a key name"],
        ),
        (
            "[keys]\ntotal = 5\n",
            &[
                "F:2: keys.total: expected text in quotes or a list of texts [\"…\"], found a whole number",
            ],
        ),
    ] {
        assert_eq!(of_file(text), expected, "{text}");
    }
}

#[test]
fn departments_and_quick_keys_that_mean_nothing_are_told() {
    for (text, expected) in [
        (
            "[sale]\ndepartments = [\"Bread\"]\n",
            "F:2: sale.departments: \"Bread\" is not a name, a colon and a VAT rate: \"Bread:7\"",
        ),
        (
            "[sale]\ndepartments = [\"Bread:7\", \"bread:19\"]\n",
            "F:2: sale.departments: there are two departments \"bread\"",
        ),
        (
            "[sale]\ndepartments = [\"51:7\"]\n",
            "F:2: sale.departments: \"51:7\": a department needs a name that is no number",
        ),
        (
            "[sale]\ndepartments = [\"Bread:reducd\"]\n",
            "F:2: sale.departments: \"Bread:reducd\": \"reducd\" is no VAT rate and no VAT class; \
             did you mean reduced?",
        ),
        (
            "[quick]\nkeys = [\"Fresh bread\"]\n",
            "F:2: quick.keys: \"Fresh bread\" is no department and no article's number",
        ),
    ] {
        assert_eq!(of_file(text), [expected], "{text}");
    }
    let many = vec!["\"51\""; 21].join(", ");
    let expected = "F:2: quick.keys: there are 21 keys, and 20 at most";
    assert_eq!(of_file(&format!("[quick]\nkeys = [{many}]\n")), [expected]);
}

#[test]
fn text_that_is_not_toml_is_told_by_line_without_quoting_it() {
    for (text, line) in [
        ("[api]\nurl = \"\"\nclient_secret = \"hunter2\n", "F:3: not TOML: "),
        ("[api]\nclient_secret = hunter2\n", "F:2: not TOML: "),
        ("[api]\nclient_secret = \"hunter2\"\n[api]\n", "F:3: not TOML: "),
        ("[sandbox]\nseed = 1\nseed = 2\n", "F:3: not TOML: "),
        ("[api]\nclient_secret = 'hunter2\n", "F:2: not TOML: "),
        ("[api]\nclient_secret: hunter2\n", "F:2: not TOML: "),
        ("[api]\nclient_secret = hunter2\"\n", "F:2: not TOML: "),
        ("[api]\nclient_secret = \"hun\\qter2\"\n", "F:2: not TOML: "),
    ] {
        let found = of_file(text);
        assert!(found[0].starts_with(line), "{found:?}");
        assert!(!found.concat().contains("ter2"), "{found:?}");
    }
}

#[test]
fn a_secret_is_in_no_complaint() {
    for text in ["[api]\nclient_secret = [\"hunter2\"]\n", "[api]\nclient_secret = 900913\n"] {
        let found = of_file(text).concat();
        assert!(found.contains("F:2: api.client_secret: expected text in quotes"), "{found}");
        assert!(!found.contains("hunter2") && !found.contains("900913"), "{found}");
    }
    let found = of_file("[api]\nurl = \"https://me:hunter2@x.example\"\n").concat();
    assert!(found.contains("user name or password") && !found.contains("hunter2"), "{found}");
}

#[test]
fn a_host_outside_ascii_is_refused_and_its_punycode_form_is_taken() {
    let rest = "client_id = \"a\"\nclient_secret = \"b\"\n";
    let found = of_file(&format!("[api]\nurl = \"https://münchen.example\"\n{rest}"));
    let expected = "F:2: api.url: not an address: its host name is not plain ASCII; write it as \
                    punycode, like xn--mnchen-3ya.example for münchen.example";
    assert_eq!(found, [expected]);

    let text = format!("[api]\nurl = \"https://xn--mnchen-3ya.example\"\n{rest}");
    let config = kasse::config::load(&file(&text)).unwrap().config;
    assert_eq!(config.api.unwrap().url, "https://xn--mnchen-3ya.example");
}

#[test]
fn a_server_without_an_account_names_what_is_missing() {
    let found = of_file("[api]\nurl = \"https://x.example\"\n");
    assert_eq!(found.len(), 2);
    for (key, variable) in
        [("client_id", "KASSE_API_CLIENT_ID"), ("client_secret", "KASSE_API_CLIENT_SECRET")]
    {
        let told = found.iter().any(|line| {
            line.starts_with("F:2: ")
                && line.contains(&format!("api.{key} "))
                && line.contains(variable)
        });
        assert!(told, "{key}: {found:?}");
    }
    let found =
        of_file("[api]\nurl = \"https://x.example\"\nclient_id = 1\nclient_secret = \"s\"\n");
    assert_eq!(found, ["F:3: api.client_id: expected text in quotes, found a whole number"]);
}

#[test]
fn a_secret_that_others_may_read_is_refused() {
    let with_mode = |text: &str, mode| {
        let mut sources = file(text);
        sources.file.as_mut().unwrap().mode = mode;
        sources
    };
    let secret = "[api]\nclient_id = \"a\"\nclient_secret = \"hunter2\"\n";
    for mode in [0o640, 0o604, 0o644, 0o660, 0o666, 0o777] {
        // Also where another layer replaces it: it has leaked already.
        let sources = env(with_mode(secret, Some(mode)), &[("KASSE_API_CLIENT_SECRET", "other")]);
        let found = problems(&sources);
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("/etc/kasse.toml:3: api.client_secret: "), "{found:?}");
        assert!(found[0].ends_with("chmod 600 /etc/kasse.toml"), "{found:?}");
        assert!(!found[0].contains("hunter2"));
    }
    for (text, mode) in [
        (secret, Some(0o600)),
        (secret, Some(0o400)),
        (secret, None),
        ("[api]\nclient_id = \"a\"\nclient_secret = \"\"\n", Some(0o644)),
        ("[sandbox]\nseed = 3\n", Some(0o644)),
    ] {
        assert!(kasse::config::load(&with_mode(text, mode)).is_ok(), "{text} {mode:?}");
    }
}

#[test]
fn what_belongs_together_must_agree() {
    assert_eq!(
        of_file("[top_up]\nmin = 600\n[printer]\nauto = true\n[top_up.more]\n"),
        [
            "F:4: printer.auto prints nothing while printer.device is empty",
            "F:5: unknown key top_up.more",
        ]
    );
    assert_eq!(of_file("[top_up]\nmin = 60_000\n"), ["F:2: top_up.min is more than top_up.max"]);
    assert_eq!(
        of_file("[top_up]\nmin = 9\nmax = 8\n"),
        ["F:3: top_up.min is more than top_up.max"]
    );
    assert_eq!(
        of_file("[top_up]\ntext = \" \"\n"),
        ["F:2: top_up.text is empty: the line would have no name"]
    );
    let homeless = Sources { state_home: None, ..nothing() };
    assert!(problems(&homeless)[0].contains("KASSE_STATE_DIR"));
    assert!(kasse::config::load(&env(homeless, &[("KASSE_STATE_DIR", "/s")])).is_ok());
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_no_text_is_told() {
    use std::os::unix::ffi::OsStringExt;
    let mut sources = nothing();
    let garbage = std::ffi::OsString::from_vec(vec![b'a', 0xff]);
    sources.env = vec![("KASSE_API_CLIENT_SECRET".into(), garbage)];
    assert_eq!(problems(&sources), ["KASSE_API_CLIENT_SECRET: is not UTF-8"]);
}

proptest! {
    #[test]
    fn no_file_is_too_much(text in any::<String>()) {
        check(&text);
    }

    #[test]
    fn no_values_are_too_much(entries in prop::collection::vec(
        ("(api|sale|scan|keys|top_up|x)", "(url|client_secret|cards|embedded|total|min|text|y)",
         "[0-9]{1,20}|'\\PC{0,6}'|\\['[0-9IPC:]{0,14}'\\]|true|1\\.5|\\{\\}|1979-05-27"), 0..6)) {
        let lines = entries.iter().map(|(s, k, v)| format!("{s}.{k} = {v}\n"));
        check(&lines.collect::<String>());
    }
}

/// Whatever the file says, the answer is a configuration or problems in existing lines.
fn check(text: &str) {
    let lines = 1 + text.matches('\n').count();
    match kasse::config::load(&file(text)) {
        Ok(loaded) => assert!(!loaded.listing().is_empty()),
        Err(problems) => {
            assert!(!problems.0.is_empty());
            for problem in problems.0 {
                let shown = problem.to_string();
                assert_eq!(kasse::text::sanitise(&shown), shown);
                if let kasse::config::Place::File { line, .. } = problem.place {
                    assert!(line.is_some_and(|line| (1..=lines).contains(&line)));
                }
            }
        }
    }
}
