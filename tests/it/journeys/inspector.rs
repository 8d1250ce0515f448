//! The wire inspector: what it shows, what it never shows, and when it draws.

use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::{fs, str};

use kasse::client::Client;
use kasse::console::Incoming;
use kasse::exchange::{Body, Exchange, LONGEST_BODY, Masker, Progress, shell_word};
use kasse::lang::Lang;
use kasse::sandbox::{CARD_BONUS, CLIENT_SECRET};
use kasse::till::{Level, Message, Overlay};
use kasse::wire::{DownReason, Outcome, TransactionRequest};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::client::server::{self, Server, answer, raw};
use crate::journeys::kit::Journey;

/// The current token, as the client keeps it for the next start.
pub fn token(journey: &Journey) -> String {
    let file = fs::read_to_string(journey.books.path().join("token.json")).unwrap();
    let token = serde_json::from_str::<Value>(&file).unwrap();
    token["access_token"].as_str().unwrap().to_owned()
}

/// A whole sale with card, balance look-up and payment in cash.
fn sell(journey: &mut Journey) {
    journey.keys(&format!("30037⏎ 30200⏎ 2*51⏎ {CARD_BONUS}⏎")).keys("<F3>").keys("<Esc>");
    journey.keys("/").keys("+").keys("20").keys("+").shows(&["Paid"]);
}

/// Opens the exported file when it has been written.
fn exported(journey: &mut Journey) -> String {
    journey.keys("<Right>");
    journey.until("the export", |state| {
        state.notice.as_ref().is_some_and(|notice| matches!(notice.message, Message::Exported(_)))
    });
    let Message::Exported(name) = journey.error().clone() else { unreachable!() };
    assert!(!name.contains('/'), "{name}");
    let path = journey.books.path().join(name);
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    fs::read_to_string(path).unwrap()
}

/// The words that a shell makes of `line`, `curl` left out.
fn words(line: &str) -> Vec<String> {
    let script = format!("curl() {{ printf '%s\\0' \"$@\"; }}\n{line}\n");
    let variables = [("TOKEN", "a token"), ("CLIENT_SECRET", "the secret")];
    let done = Command::new("sh").env_clear().envs(variables).args(["-c", &script]).output();
    let done = done.unwrap();
    assert!(done.status.success() && done.stderr.is_empty(), "{line}: {done:?}");
    let words = done.stdout.strip_suffix(b"\0").unwrap_or_default().split(|byte| *byte == 0);
    words.map(|word| str::from_utf8(word).unwrap().to_owned()).collect()
}

#[test]
fn a_sale_is_seen_whole_but_for_its_secrets() {
    let mut journey = Journey::new();
    sell(&mut journey);
    journey.keys("<S-F12>").shows(&["Exchanges with the server", "POST", "…/start/cash", "200"]);
    let all = exported(&mut journey);
    journey.keys("⏎").shows(&["Authorization: Bearer $TOKEN", "HTTP 200", "Answer"]);
    let one = exported(&mut journey);
    assert_eq!(one.lines().filter(|line| line.starts_with("curl ")).count(), 1, "{one}");
    journey.keys("<Esc>").shows(&["Exchanges with the server"]);

    let token = token(&journey);
    for hidden in [CARD_BONUS, CLIENT_SECRET, &token] {
        assert!(!all.contains(hidden) && !one.contains(hidden), "{hidden}\n{all}\n{one}");
    }
    let lines: Vec<&str> = all.lines().filter(|line| line.starts_with("curl ")).collect();
    let url = &journey.server.url;
    let grant = words(lines[0]);
    assert_eq!(grant.last(), Some(&format!("{url}/oauth/token")));
    let body = grant.iter().skip_while(|word| *word != "--data-binary").nth(1).unwrap();
    let body: Value = serde_json::from_str(body).unwrap();
    assert_eq!(body["client_secret"], "the secret");
    let masked = "9276 •••• •••• ";
    for (line, path) in [(lines[1], "/api/v2/Smart/Transactions"), (lines.last().unwrap(), "")] {
        let words = words(line);
        assert!(words.contains(&"Authorization: Bearer a token".to_owned()), "{words:?}");
        assert!(words.last().unwrap().starts_with(&format!("{url}{path}")), "{words:?}");
    }
    let look_up = lines.iter().find(|line| line.contains("MerchantCards?")).unwrap();
    assert!(words(look_up).last().unwrap().contains(masked), "{look_up}");
}

/// The screens of every exchange of a sale, leafed through to their ends.
#[test]
fn no_screen_of_the_inspector_shows_a_secret() {
    let mut journey = Journey::in_language(Lang::De);
    sell_in_german(&mut journey);
    let token = token(&journey);
    journey.keys("<S-F12>");
    let Some(Overlay::Wire(inspector)) = journey.state().overlays.last() else { panic!() };
    let count = inspector.exchanges.len();
    assert!(count >= 4, "{count}");
    for _ in 0..count {
        journey.keys("⏎");
        for _ in 0..40 {
            let screen = journey.screen();
            let digits: String = screen.chars().filter(char::is_ascii_digit).collect();
            assert!(!digits.contains(&CARD_BONUS[4..12]), "{screen}");
            assert!(!screen.contains(&token) && !screen.contains(CLIENT_SECRET), "{screen}");
            journey.keys("<PgDn>");
        }
        journey.keys("<Esc>").keys("<Down>");
    }
}

fn sell_in_german(journey: &mut Journey) {
    journey.keys(&format!("30037⏎ {CARD_BONUS}⏎")).keys("/").keys("+").keys("20").keys("+");
    journey.shows(&["Bezahlt"]);
}

fn some(id: u64, progress: Progress) -> Exchange {
    Exchange {
        id,
        at: "2026-01-02T03:04:05+01:00".to_owned(),
        method: "GET".to_owned(),
        url: "http://h/api/v2/Smart/Transactions/STX_1".to_owned(),
        authorised: true,
        request: Body::default(),
        progress,
    }
}

#[test]
fn exchanges_draw_only_while_they_are_looked_at() {
    let mut journey = Journey::new();
    let came = |journey: &mut Journey, id, progress| {
        journey.sender.send(Incoming::Exchange(some(id, progress))).unwrap();
        journey.step();
    };
    let frames = journey.console.screen().frames;
    came(&mut journey, 901, Progress::Pending);
    assert_eq!(journey.console.screen().frames, frames, "the idle screen is left alone");

    journey.keys("<S-F12>").shows(&["03:04:05 GET", "pending"]);
    let frames = journey.console.screen().frames;
    let lost = Progress::Lost { reason: DownReason::Timeout, sent: true, ms: 15_000 };
    came(&mut journey, 901, lost.clone());
    assert_eq!(journey.console.screen().frames, frames + 1);
    journey.shows(&["! no answer"]).keys("⏎");
    journey.shows(&["no answer, 15000 ms", "It may have reached the server."]);

    // The open one follows its own end, and the list stays on it while others come.
    came(&mut journey, 902, Progress::Pending);
    journey.keys("<Esc>").keys("<Up>").keys("⏎").shows(&["pending"]);
    came(&mut journey, 902, Progress::Answered { status: 204, ms: 3, body: Body::default() });
    journey.shows(&["HTTP 204, 3 ms"]).keys("<Esc>");
    came(&mut journey, 903, lost);
    let Some(Overlay::Wire(inspector)) = journey.state().overlays.last() else { panic!() };
    assert_eq!(inspector.at(inspector.index()).unwrap().id, 902);

    journey.keys("<Esc>");
    let frames = journey.console.screen().frames;
    came(&mut journey, 904, Progress::Pending);
    assert_eq!(journey.console.screen().frames, frames);
}

#[test]
fn a_server_that_is_gone_is_seen_with_the_reason() {
    let mut journey = Journey::new();
    journey.server.stop();
    journey.keys("30037⏎ +").keys("<S-F12>").shows(&["! no answer"]).keys("⏎");
    journey.shows(&["! no answer"]);
    // A kept connection may break while the request is on its way: then nobody knows.
    let screen = journey.screen();
    let effects = ["Nothing reached the server.", "It may have reached the server."];
    assert_eq!(effects.iter().filter(|effect| screen.contains(**effect)).count(), 1, "{screen}");
}

#[test]
fn where_it_is_switched_off_there_is_no_way_in() {
    let mut journey = Journey::with(Lang::En, |settings| settings.inspector = false);
    journey.keys("<S-F12>").shows(&["switched off on this till"]).keys("<Esc>");
    assert!(journey.state().overlays.is_empty());
    journey.keys("␣").keys("exchanges");
    assert!(journey.screen().contains("Nothing found"), "{}", journey.screen());
}

#[test]
fn an_empty_list_exports_nothing() {
    let mut journey = Journey::new();
    journey.keys("<S-F12>");
    let Some(Overlay::Wire(inspector)) = journey.state().overlays.last() else { panic!() };
    assert_eq!(inspector.exchanges.len(), 1, "the token of the start");
    let mut state = journey.state().clone();
    state.overlays = vec![Overlay::Wire(kasse::till::Inspector::default())];
    let settings = kasse::till::Settings { inspector: true, ..Default::default() };
    let event = kasse::till::Event::Key(kasse::till::Key::Right);
    let effects = kasse::till::update(&mut state, event, 0, &settings);
    assert_eq!(effects, [kasse::till::Effect::Bell]);
    assert_eq!(state.notice.unwrap().level, Level::Error);
}

/// A client whose exchanges are kept by the test.
fn watched(server: &Server) -> (Client, Arc<Mutex<Vec<Exchange>>>) {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&seen);
    let observer = Arc::new(move |exchange| kept.lock().unwrap().push(exchange));
    let settings = server::settings(&server.url());
    (Client::watched(&settings, Some(observer)).unwrap(), seen)
}

#[tokio::test]
async fn a_call_is_told_when_it_begins_and_when_it_ends() {
    let (sender, halfway) = channel();
    let server = Server::granting(move |_, _| {
        sender.send(()).unwrap();
        answer(400, &json!({"error": "no T1 for you", "refresh_token": "R-12345"}))
    });
    let (client, seen) = watched(&server);
    assert!(matches!(client.read("STX_1").await, Outcome::Refused(_)));
    halfway.recv().unwrap();
    let seen = seen.lock().unwrap();
    let told: Vec<_> = seen.iter().map(|exchange| (exchange.id, &exchange.progress)).collect();
    assert!(matches!(
        told[..],
        [
            (1, Progress::Pending),
            (1, Progress::Answered { status: 200, .. }),
            (2, Progress::Pending),
            (2, Progress::Answered { status: 400, .. }),
        ]
    ));
    let all = format!("{seen:?}");
    for secret in ["hunter2", "R-12345"] {
        assert!(!all.contains(secret), "{all}");
    }
    assert!(all.contains("$CLIENT_SECRET") && all.contains("$REFRESH_TOKEN"), "{all}");
}

#[tokio::test]
async fn torn_answers_html_and_echoes_show_no_secret() {
    let torn = r#"{"access_token":"abcdefgh12345","refresh_token":"zyxwvu"#;
    let server = Server::start(move |_, _| raw(200, "application/json", torn.as_bytes()));
    let (client, seen) = watched(&server);
    assert!(matches!(client.read("STX_1").await, Outcome::Down(_)));
    let all = format!("{:?}", seen.lock().unwrap());
    assert!(!all.contains("abcdefgh12345") && !all.contains("zyxwvu"), "{all}");
    assert!(all.contains("$ACCESS_TOKEN"), "{all}");

    let server = Server::granting(|request, _| {
        let said = format!("<b>{} hunter2 9276004429942845</b>", request.bearer());
        raw(502, "text/html", said.as_bytes())
    });
    let (client, seen) = watched(&server);
    assert!(matches!(client.create(&TransactionRequest::default()).await, Outcome::Unknown(_)));
    let all = format!("{:?}", seen.lock().unwrap());
    assert!(!all.contains("hunter2") && !all.contains("4429942"), "{all}");
    let last = seen.lock().unwrap().last().unwrap().progress.clone();
    assert!(matches!(last, Progress::Answered { status: 502, .. }), "{last:?}");
}

#[tokio::test]
async fn a_huge_answer_is_cut_and_still_masked() {
    let words = "9276004429942845 and more ".repeat(60_000);
    let server = Server::granting(move |_, _| {
        answer(200, &json!({"id": "STX_1", "status": "ok", "a": words, "list": vec![0; 60_000]}))
    });
    let (client, seen) = watched(&server);
    let _outcome = client.read("STX_1").await;
    let seen = seen.lock().unwrap();
    let Progress::Answered { body, .. } = &seen.last().unwrap().progress else { panic!() };
    assert!(body.is_cut && body.text.len() <= LONGEST_BODY, "{}", body.text.len());
    assert!(!body.text.contains("4429942"));
}

/// JSON with a card number somewhere in its keys, texts and numbers.
fn json_with(card: &str) -> impl Strategy<Value = Value> + use<> {
    let text = {
        let card = card.to_owned();
        (".{0,12}", ".{0,12}").prop_map(move |(before, after)| format!("{before}{card}{after}"))
    };
    let number: u64 = card.parse().unwrap();
    let leaf = prop_oneof![
        text.clone().prop_map(Value::String),
        Just(json!(number)),
        any::<i64>().prop_map(|n| json!(n)),
        ".{0,20}".prop_map(Value::String),
    ];
    leaf.prop_recursive(4, 32, 4, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            proptest::collection::vec((text.clone(), inner), 0..4)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn no_card_number_survives_anywhere(
        (card, value) in "9276[0-9]{12}".prop_flat_map(|card| (Just(card.clone()), json_with(&card))),
        before in "[a-zA-Z0-9_/.:]{0,20}",
        after in "[a-zA-Z0-9_/&=]{0,20}",
    ) {
        let mut masker = Masker::default();
        let shown = format!("{:#}", masker.value(&value));
        prop_assert!(!shown.contains(&card), "{shown}");
        for url in [
            format!("https://h/{before}{card}{after}"),
            format!("https://h/x?{before}={before}{card}{after}"),
            format!("https://h/x?q=card.cardnumber:{card}&{after}"),
        ] {
            let masked = Masker::default().url(&url);
            prop_assert!(!masked.contains(&card), "{masked}");
        }
        let raw = Masker::default().raw(&format!("{before}{card}{after}"));
        prop_assert!(!raw.contains(&card), "{raw}");
    }

    #[test]
    fn no_secret_survives_anywhere(
        secret in "[a-zA-Z0-9]{8,40}",
        name in "(access_token|refreshToken|client_secret|csc|passcode|pin|device_code)",
        before in "[ -~]{0,20}",
        after in "[ -~]{0,20}",
    ) {
        // A placeholder may by chance contain what is hidden.
        prop_assume!(!name.to_uppercase().contains(&secret.to_uppercase()));
        let value = json!({
            "said": format!("{before}{secret}{after}"), "list": [{name.clone(): secret.clone()}],
            secret.clone(): true,
        });
        let shown = Masker::default().value(&value).to_string();
        prop_assert!(!shown.contains(&secret), "{shown}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// What the shell makes of a line is what was asked, whatever the texts are.
    #[test]
    fn a_shell_reads_back_what_was_quoted(text in "[^\0]{0,80}", name in "[ -~äß']{0,30}") {
        let line = format!("printf %s {}", shell_word(&text));
        let done = Command::new("sh").args(["-c", &line]).output().unwrap();
        prop_assert_eq!(String::from_utf8(done.stdout).unwrap(), text.clone());

        let body = json!({"name": name, "text": text, "client_secret": "$CLIENT_SECRET"});
        let exchange = Exchange {
            request: Body::of(format!("{body:#}")),
            ..some(1, Progress::Pending)
        };
        let words = words(&exchange.curl());
        let sent = words.iter().skip_while(|word| *word != "--data-binary").nth(1).unwrap();
        let sent: Value = serde_json::from_str(sent).unwrap();
        prop_assert_eq!(
            sent,
            json!({"name": body["name"], "text": body["text"], "client_secret": "the secret"})
        );
    }
}
