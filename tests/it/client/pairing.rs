//! A device is paired: registered once, polled until it is confirmed, refused or over, and logged
//! in silently ever after.

use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};

use kasse::client::{Client, Settings};
use kasse::wire::{DeviceCode, DownReason, Outcome, PairingAnswer, StartMethod, UNPAIRED};
use serde_json::{Value, json};

use crate::client::server::{
    Reply, Request, Server, answer, expired, grant, raw, settings, transaction,
};

const DEVICE: &str = "/vendor/unknown/cashier/dotnettest1";
const PAIRED: Outcome<PairingAnswer> = Outcome::Ok(PairingAnswer::Paired { sandbox: false });
const PENDING: Outcome<PairingAnswer> = Outcome::Ok(PairingAnswer::Pending);

fn on_device(server: &Server) -> Settings {
    Settings { device_uuid: Some(DEVICE.to_owned()), ..settings(&server.url()) }
}

fn client(server: &Server) -> Client {
    Client::new(&on_device(server)).unwrap()
}

/// The documented registration, its codes numbered.
fn registration(number: usize) -> Reply {
    answer(
        200,
        &json!({"device_code": format!("C{number}"), "user_code": format!("user{number}"),
            "verification_url": "http://www.secuoffice.com", "expires_in": 1200, "interval": 5}),
    )
}

fn session() -> Reply {
    answer(
        200,
        &json!({"access_token": "T1", "expires_in": 1200, "token_type": "bearer", "scope": null,
            "refresh_token": "R1"}),
    )
}

fn error(http: u16, name: &str) -> Reply {
    answer(http, &json!({"error": name, "error_description": "words"}))
}

/// A server that numbers registrations and answers the n-th poll (from 0) by `polls`.
fn pairing(polls: impl Fn(usize) -> Reply + Send + Sync + 'static) -> Server {
    let (registered, polled) = (AtomicUsize::new(0), AtomicUsize::new(0));
    Server::start(move |request, _| {
        if !request.is_grant() {
            return answer(200, &transaction("STX_1", "ok"));
        }
        let body = request.json();
        if body.get("uuid").is_some() {
            registration(registered.fetch_add(1, Ordering::SeqCst) + 1)
        } else if body.get("code").is_some() {
            polls(polled.fetch_add(1, Ordering::SeqCst))
        } else {
            grant(2)
        }
    })
}

/// What each token request was about.
fn asked(server: &Server) -> Vec<String> {
    let grants = server.seen().into_iter().filter(Request::is_grant);
    let detail = |request: Request| {
        let body = request.json();
        let found = ["uuid", "code", "refresh_token"].into_iter().find_map(|name| body.get(name));
        found.and_then(Value::as_str).unwrap().to_owned()
    };
    grants.map(detail).collect()
}

fn code(outcome: Outcome<PairingAnswer>) -> DeviceCode {
    match outcome {
        Outcome::Ok(PairingAnswer::Code(code)) => code,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn one_registration_is_polled_until_it_is_confirmed() {
    let server = pairing(|poll| if poll < 4 { error(401, UNPAIRED) } else { session() });
    let client = client(&server);
    let shown = code(client.register().await);
    assert_eq!((shown.user_code.as_str(), shown.interval), ("user1", 5_000));
    assert_eq!(shown.link(), Some("http://www.secuoffice.com"));
    assert!((1..=1_200_001).contains(&shown.lives), "{}", shown.lives);
    for _ in 0..3 {
        assert_eq!(client.poll().await, PENDING);
        // Asking again shows the same code and asks nobody.
        assert_eq!(code(client.register().await).user_code, "user1");
    }
    assert_eq!(client.poll().await, PAIRED);
    assert!(matches!(client.read("STX_1").await, Outcome::Ok(_)));
    assert_eq!(server.seen().last().unwrap().bearer(), "T1");
    assert_eq!(asked(&server), [DEVICE, "C1", "C1", "C1", "C1", "C1"]);
}

#[tokio::test]
async fn calls_of_an_unpaired_device_are_refused_and_register_once() {
    let server = pairing(|_| error(401, UNPAIRED));
    let client = client(&server);
    for outcome in [
        client.connect().await.map(|_| ()),
        client.read("STX_1").await.map(|_| ()),
        client.start("STX_1", StartMethod::Cash).await.map(|_| ()),
        client.connect().await.map(|_| ()),
    ] {
        let Outcome::Refused(error) = outcome else { panic!("{outcome:?}") };
        assert!(error.is_unpaired() && error.http == 401, "{error:?}");
    }
    assert_eq!(code(client.register().await).user_code, "user1");
    assert_eq!(asked(&server), [DEVICE, "C1"], "one registration, one poll");
    assert_eq!(server.calls(), 0, "no payment leaves without a token");
}

#[tokio::test]
async fn a_server_that_is_asked_too_often_says_so() {
    let server = pairing(|poll| match poll {
        0 => error(401, UNPAIRED),
        1 => error(400, "slow_down"),
        2 => answer(429, &json!({})),
        // Servers of old say nothing but the status.
        3 => raw(401, "text/html", b"<html>"),
        _ => session(),
    });
    let client = client(&server);
    code(client.register().await);
    assert_eq!(client.poll().await, Outcome::Ok(PairingAnswer::SlowDown));
    assert_eq!(client.poll().await, Outcome::Ok(PairingAnswer::SlowDown));
    assert_eq!(client.poll().await, PENDING);
    assert_eq!(client.poll().await, PAIRED);
    assert_eq!(asked(&server).iter().filter(|asked| *asked == DEVICE).count(), 1);
}

#[tokio::test]
async fn a_code_that_is_over_is_replaced_when_somebody_asks() {
    for name in ["expired_token", "invalid_grant"] {
        let server = pairing(move |poll| match poll {
            1 => error(400, name),
            3 => session(),
            _ => error(401, UNPAIRED),
        });
        let client = client(&server);
        assert_eq!(code(client.register().await).user_code, "user1");
        assert_eq!(client.poll().await, Outcome::Ok(PairingAnswer::Expired));
        assert_eq!(
            client.poll().await,
            Outcome::Ok(PairingAnswer::Expired),
            "nobody is asked in vain"
        );
        assert_eq!(code(client.register().await).user_code, "user2");
        assert_eq!(client.poll().await, PAIRED);
        assert_eq!(asked(&server), [DEVICE, "C1", "C1", DEVICE, "C2", "C2"]);
    }
}

#[tokio::test]
async fn a_definite_refusal_ends_the_registration() {
    for (http, name) in [(401, "invalid_device"), (400, "invalid_client"), (400, "access_denied")] {
        let server = pairing(move |poll| {
            error(
                if poll == 1 { http } else { 401 },
                match poll {
                    1 => name,
                    _ => UNPAIRED,
                },
            )
        });
        let client = client(&server);
        code(client.register().await);
        let Outcome::Refused(error) = client.poll().await else { panic!() };
        assert_eq!(
            (error.http, error.name.as_str(), error.details.as_str()),
            (http, name, "words")
        );
        assert_eq!(client.poll().await, Outcome::Ok(PairingAnswer::Expired));
        assert_eq!(code(client.register().await).user_code, "user2");
    }
    // Refused at once: there is no code.
    let server = Server::start(|_, _| error(401, "invalid_device"));
    let Outcome::Refused(error) = self::client(&server).register().await else { panic!() };
    assert!(error.is_account());
}

#[tokio::test]
async fn silence_and_garbage_while_polling_leave_the_code_alone() {
    let server = pairing(|poll| match poll {
        0 => error(401, UNPAIRED),
        1 => Reply::Reset,
        2 => raw(502, "text/html", b"<html>"),
        3 => raw(200, "text/html", b"<html>"),
        4 => answer(200, &json!({})),
        5 => answer(200, &json!({"access_token": "a b", "expires_in": 9})),
        6 => Reply::Last(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{\"acc".to_vec()),
        7 => raw(302, "text/html", b""),
        _ => session(),
    });
    let client = client(&server);
    assert_eq!(code(client.register().await).user_code, "user1");
    for reason in [
        DownReason::Broken,
        DownReason::ServerError(502),
        DownReason::Unreadable,
        DownReason::Unreadable,
        DownReason::Unreadable,
        DownReason::Broken,
        DownReason::Unreadable,
    ] {
        assert_eq!(client.poll().await, Outcome::Down(reason));
        assert_eq!(code(client.register().await).user_code, "user1");
    }
    assert_eq!(client.poll().await, PAIRED);
    let expected = std::iter::once(DEVICE).chain(std::iter::repeat_n("C1", 9));
    assert_eq!(asked(&server), expected.collect::<Vec<_>>());
}

#[tokio::test]
async fn garbage_is_no_registration() {
    for body in [
        json!({}),
        json!({"device_code": "C1", "user_code": "", "expires_in": 1200, "interval": 5}),
        json!({"device_code": "", "user_code": "aa63q9k9", "expires_in": 1200, "interval": 5}),
        json!({"device_code": "C1", "user_code": "two words"}),
        json!({"device_code": "C1", "user_code": "x".repeat(5_000)}),
        json!({"device_code": "C1", "user_code": "aa63q9k9", "expires_in": "soon"}),
        json!({"device_code": 7, "user_code": "aa63q9k9"}),
    ] {
        let server = Server::start(move |_, _| answer(200, &body));
        assert_eq!(client(&server).register().await, Outcome::Down(DownReason::Unreadable));
        assert_eq!(server.grants(), 1, "nothing is polled");
    }
}

#[tokio::test]
async fn what_the_server_sends_is_harmless_on_a_screen() {
    let server = Server::start(|request, _| {
        if request.json().get("code").is_some() {
            return error(401, UNPAIRED);
        }
        let url = format!("javascript:\u{1b}]0;title\u{7}{}\u{202e}", "x".repeat(5_000));
        answer(
            200,
            &json!({"device_code": "C1", "user_code": "aa\u{1b}[2J63", "verification_url": url,
                "expires_in": i64::MAX, "interval": "0"}),
        )
    });
    let shown = code(client(&server).register().await);
    assert_eq!(shown.user_code, "aa63");
    assert!(shown.address.starts_with("javascript:xxx"), "{}", shown.address);
    assert_eq!((shown.address.chars().count(), shown.link()), (200, None));
    assert!(shown.lives <= 3_600_001 && shown.interval == 5_000, "{shown:?}");
}

/// Whoever gives up waiting for a poll has not given up the code.
#[tokio::test]
async fn an_abandoned_poll_leaves_the_code_alone() {
    let server = pairing(|poll| match poll {
        0 => error(401, UNPAIRED),
        1 => Reply::Hang(Vec::new()),
        _ => session(),
    });
    let client = client(&server);
    code(client.register().await);
    let polling = tokio::spawn({
        let client = client.clone();
        async move { client.poll().await }
    });
    while server.grants() < 3 {
        tokio::task::yield_now().await;
    }
    polling.abort();
    assert!(polling.await.unwrap_err().is_cancelled());
    assert_eq!(code(client.register().await).user_code, "user1");
    assert_eq!(client.poll().await, PAIRED);
}

#[tokio::test]
async fn a_paired_device_starts_without_a_code_and_refreshes_silently() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("token.json");
    let server = pairing(|poll| if poll == 0 { error(401, UNPAIRED) } else { session() });
    let settings = Settings { token_file: Some(file.clone()), ..on_device(&server) };
    let client = Client::new(&settings).unwrap();
    code(client.register().await);
    assert!(!file.exists(), "a registration is nothing to keep");
    assert_eq!(client.poll().await, PAIRED);
    let stored = fs::read_to_string(&file).unwrap();
    assert!(stored.contains("R1") && !stored.contains("C1"), "{stored}");

    let again = Client::new(&settings).unwrap();
    assert!(matches!(again.connect().await, Outcome::Ok(_)));
    assert!(matches!(again.read("STX_1").await, Outcome::Ok(_)));
    assert_eq!(asked(&server), [DEVICE, "C1", "C1", "R1"]);
}

#[tokio::test]
async fn a_session_is_renewed_before_it_expires() {
    // Ten seconds are taken off, so that this token is for one call only.
    let server = pairing(|_| {
        answer(200, &json!({"access_token": "T1", "expires_in": 10, "refresh_token": "R1"}))
    });
    let client = client(&server);
    assert_eq!(client.register().await, PAIRED);
    for _ in 0..2 {
        assert!(matches!(client.read("STX_1").await, Outcome::Ok(_)));
    }
    let calls: Vec<Request> = server.seen().into_iter().filter(|r| !r.is_grant()).collect();
    assert_eq!(calls.iter().map(Request::bearer).collect::<Vec<_>>(), ["T2", "T2"]);
    assert_eq!(asked(&server), [DEVICE, "C1", "R1"], "refreshed once, and nobody was asked");
}

/// The token dies for good in the middle of the day: the refresh is refused, and so is the device.
#[tokio::test]
async fn a_dead_session_refuses_the_call_and_starts_a_new_pairing() {
    for refusal in [answer(403, &expired()), answer(401, &json!({}))] {
        let polls = AtomicUsize::new(0);
        let server = Server::start(move |request, _| {
            if !request.is_grant() {
                return if request.bearer() == "T1" {
                    refusal.clone()
                } else {
                    answer(200, &transaction("STX_1", "ok"))
                };
            }
            let body = request.json();
            if body.get("uuid").is_some() {
                return registration(1);
            }
            if body.get("refresh_token").is_some() {
                return error(400, "invalid_grant");
            }
            match polls.fetch_add(1, Ordering::SeqCst) {
                0 => session(),
                1 | 2 => error(401, UNPAIRED),
                _ => grant(2),
            }
        });
        let client = client(&server);
        assert_eq!(client.register().await, PAIRED, "the device was welcome");
        // Whether the start was carried out is not known: it is not repeated, and reading tells.
        let Outcome::Refused(error) = client.start("STX_1", StartMethod::Cash).await else {
            panic!()
        };
        assert!(!error.is_unpaired());
        let Outcome::Refused(error) = client.read("STX_1").await else { panic!() };
        assert!(error.is_unpaired());
        assert_eq!(code(client.register().await).user_code, "user1");
        assert_eq!(client.poll().await, PENDING);
        assert_eq!(client.poll().await, PAIRED);
        assert!(matches!(client.start("STX_1", StartMethod::Cash).await, Outcome::Ok(_)));
        assert_eq!(asked(&server), [DEVICE, "C1", "R1", DEVICE, "C1", "C1", "C1"]);
        assert_eq!(server.calls(), 2, "refused once, paid once");
    }
}
