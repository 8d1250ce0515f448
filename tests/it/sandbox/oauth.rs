//! Tokens: grants, errors, expiry, one token per device session.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use kasse::sandbox::{Clock, DEVICE_PIN, Fixtures, Options, Pairing, UNKNOWN_DEVICE};
use rstest::rstest;
use serde_json::{Value, json};

use crate::sandbox::kit::{Answer, Kit, assert_refused};

const READ: &str = "/api/v2/Loyalty/MerchantCards?q=card.cardnumber:1";

fn request(fields: &Value) -> Value {
    let mut body = json!({ "client_id": "sandbox", "client_secret": "sandbox" });
    for (key, value) in fields.as_object().unwrap() {
        body[key] = value.clone();
    }
    body
}

async fn token(kit: &Kit, body: &Value) -> Answer {
    let response = kit.http.post(format!("{}/oauth/token", kit.url)).json(body).send().await;
    let response = response.unwrap();
    Answer { status: response.status().as_u16(), body: response.json().await.unwrap() }
}

async fn call(kit: &Kit, header: &str, value: &str) -> Answer {
    let response =
        kit.http.get(format!("{}{READ}", kit.url)).header(header, value).send().await.unwrap();
    Answer { status: response.status().as_u16(), body: response.json().await.unwrap() }
}

async fn works(kit: &Kit, token: &Value) -> bool {
    call(kit, "Authorization", &format!("Bearer {}", token.as_str().unwrap())).await.status == 200
}

#[tokio::test]
async fn client_credentials_give_a_token_of_the_documented_shape() {
    let kit = Kit::start().await;
    let answer = token(&kit, &request(&json!({ "grant_type": "client_credentials" }))).await;
    assert_eq!(answer.status, 200);
    let keys: Vec<_> = answer.body.as_object().unwrap().keys().cloned().collect();
    assert_eq!(keys, ["access_token", "expires_in", "token_type", "scope"]);
    let access = answer.body["access_token"].as_str().unwrap();
    assert!(access.len() == 26);
    assert!(access.chars().all(|c| c.is_ascii_digit() || c.is_ascii_lowercase()), "{access}");
    assert_eq!(answer.body["expires_in"], 1200);
    assert_eq!(answer.body["token_type"], "bearer");
    assert!(works(&kit, &answer.body["access_token"]).await);
}

#[tokio::test]
async fn a_form_is_as_good_as_json() {
    let kit = Kit::start().await;
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", "sandbox"),
        ("client_secret", "sandbox"),
    ];
    let response =
        kit.http.post(format!("{}/oauth/token", kit.url)).form(&form).send().await.unwrap();
    assert_eq!(response.status(), 200);
    let body: Value = response.json().await.unwrap();
    assert!(works(&kit, &body["access_token"]).await);
}

#[tokio::test]
async fn a_device_registers_opens_a_session_and_renews_it() {
    let kit = Kit::start().await;
    let uuid = "/vendor/unknown/cashier/dotnettest1";
    let registered =
        token(&kit, &request(&json!({ "grant_type": "device", "uuid": uuid }))).await.body;
    let keys: Vec<_> = registered.as_object().unwrap().keys().cloned().collect();
    assert_eq!(keys, ["device_code", "user_code", "verification_url", "expires_in", "interval"]);
    assert_eq!(registered["device_code"].as_str().unwrap().len(), 32);
    assert_eq!(registered["user_code"].as_str().unwrap().len(), 8);

    let poll = request(&json!({ "grant_type": "device", "code": registered["device_code"] }));
    let first = token(&kit, &poll).await.body;
    let keys: Vec<_> = first.as_object().unwrap().keys().cloned().collect();
    assert_eq!(keys, ["access_token", "expires_in", "token_type", "scope", "refresh_token"]);
    assert_eq!(first["scope"], Value::Null);
    assert_eq!(first["refresh_token"].as_str().unwrap().len(), 40);

    let renew =
        request(&json!({ "grant_type": "refresh_token", "refresh_token": first["refresh_token"] }));
    let second = token(&kit, &renew).await.body;
    assert!(second.get("refresh_token").is_none());
    assert!(works(&kit, &second["access_token"]).await);
    assert!(!works(&kit, &first["access_token"]).await, "a new token ends the former one");
    let third = token(&kit, &renew).await.body;
    assert!(works(&kit, &third["access_token"]).await, "the refresh token stays");
}

async fn polled(kit: &Kit, code: &Value) -> Answer {
    token(kit, &request(&json!({ "grant_type": "device", "code": code }))).await
}

fn assert_pending(answer: &Answer) {
    assert_eq!((answer.status, &answer.body["error"]), (401, &json!("authorization_pending")));
    let keys: Vec<_> = answer.body.as_object().unwrap().keys().cloned().collect();
    assert_eq!(keys, ["error", "error_description"]);
}

#[tokio::test]
async fn a_device_waits_until_people_confirm_it() {
    let kit = Kit::with(Options { pairing: Pairing::Manual, ..Options::default() }).await;
    let uuid = "/vendor/unknown/cashier/dotnettest1";
    let register = request(&json!({ "grant_type": "device", "uuid": uuid }));
    let [mine, other] = [token(&kit, &register).await.body, token(&kit, &register).await.body];
    for _ in 0..3 {
        assert_pending(&polled(&kit, &mine["device_code"]).await);
    }
    let code = mine["user_code"].as_str().unwrap().to_ascii_uppercase();
    for _ in 0..2 {
        let confirmed = kit.send("POST", &format!("/sandbox/confirm/{code}"), None).await;
        assert_eq!(confirmed.status, 200);
        assert_eq!(confirmed.body, json!({ "user_code": mine["user_code"], "uuid": uuid }));
    }
    let granted = polled(&kit, &mine["device_code"]).await;
    assert_eq!(granted.status, 200);
    assert!(works(&kit, &granted.body["access_token"]).await);
    assert_pending(&polled(&kit, &other["device_code"]).await);
    let unknown = kit.send("POST", "/sandbox/confirm/00000000", None).await;
    assert_eq!(unknown.status, 404);
    assert_refused(&unknown, "ProductNotFoundException", 1001);
}

#[tokio::test]
async fn a_device_may_be_confirmed_by_asking_often_enough() {
    let pairing = Pairing::Automatic { polls: 2 };
    let kit = Kit::with(Options { pairing, ..Options::default() }).await;
    let register = request(&json!({ "grant_type": "device", "uuid": "/vendor/x" }));
    let code = token(&kit, &register).await.body["device_code"].clone();
    assert_pending(&polled(&kit, &code).await);
    assert_pending(&polled(&kit, &code).await);
    assert_eq!(polled(&kit, &code).await.status, 200);
}

#[tokio::test]
async fn a_code_that_nobody_confirmed_in_time_is_over() {
    let (clock, hand) = Clock::manual("2020-09-25T09:15:30Z".parse().unwrap());
    let options = Options { clock, pairing: Pairing::Manual, ..Options::default() };
    let kit = Kit::with(options).await;
    let register = request(&json!({ "grant_type": "device", "uuid": "/vendor/x" }));
    let registered = token(&kit, &register).await.body;
    hand.advance(1199);
    assert_pending(&polled(&kit, &registered["device_code"]).await);
    hand.advance(1);
    let over = polled(&kit, &registered["device_code"]).await;
    assert_eq!((over.status, &over.body["error"]), (400, &json!("invalid_grant")));
    let path = format!("/sandbox/confirm/{}", registered["user_code"].as_str().unwrap());
    assert_eq!(kit.send("POST", &path, None).await.status, 404);
}

#[tokio::test]
async fn a_device_has_one_session_however_it_comes_in() {
    let kit = Kit::start().await;
    let uuid = "/vendor/x/serial/1";
    let user = json!({ "grant_type": "appuser", "username": "sandbox", "password": "sandbox",
                       "device": uuid, "deviceinfo": { "name": "till" } });
    let first = token(&kit, &request(&user)).await;
    let keys: Vec<_> = first.body.as_object().unwrap().keys().cloned().collect();
    assert_eq!(keys, ["access_token", "expires_in", "token_type", "scope", "refresh_token"]);
    assert!(works(&kit, &first.body["access_token"]).await);

    let pin = json!({ "grant_type": "device_pin", "uuid": uuid, "device_pin": DEVICE_PIN });
    let second = token(&kit, &request(&pin)).await;
    let keys: Vec<_> = second.body.as_object().unwrap().keys().cloned().collect();
    assert_eq!(keys, ["access_token", "expires_in", "token_type", "scope"]);
    assert!(works(&kit, &second.body["access_token"]).await);
    assert!(!works(&kit, &first.body["access_token"]).await, "a new token ends the former one");

    let register = request(&json!({ "grant_type": "device", "uuid": uuid }));
    let code = token(&kit, &register).await.body["device_code"].clone();
    let third = polled(&kit, &code).await;
    assert_eq!(third.body["refresh_token"], first.body["refresh_token"], "the same session");
    assert!(!works(&kit, &second.body["access_token"]).await);
    let other = json!({ "grant_type": "device_pin", "uuid": "/vendor/y", "device_pin": 4711 });
    assert_eq!(token(&kit, &request(&other)).await.status, 200);
    assert!(works(&kit, &third.body["access_token"]).await, "another device's session is its own");
}

#[tokio::test]
async fn an_expired_token_gets_the_documented_body() {
    let start = "2020-09-25T09:15:30Z".parse().unwrap();
    let (clock, hand) = Clock::manual(start);
    let kit = Kit::with(Options { clock, ..Options::default() }).await;
    let grant = request(&json!({ "grant_type": "client_credentials" }));
    let access = token(&kit, &grant).await.body["access_token"].as_str().unwrap().to_owned();
    let bearer = format!("Bearer {access}");
    hand.advance(1199);
    assert_eq!(call(&kit, "Authorization", &bearer).await.status, 200);
    hand.advance(1);
    let answer = call(&kit, "Authorization", &bearer).await;
    assert_eq!(answer.status, 403);
    assert_refused(&answer, "ProductNotAllowedException", 2003);
    assert_eq!(answer.body["error_details"], "Valid auth token required");
    assert_eq!(answer.body["error_user"], "Es ist ein unbekannter Fehler aufgetreten (Code 2003)");
    assert_eq!(
        call(&kit, "Authorization", &format!("Bearer {}", kasse::sandbox::SEED_TOKEN)).await.status,
        200
    );
}

#[tokio::test]
async fn a_device_code_expires() {
    let (clock, hand) = Clock::manual("2020-09-25T09:15:30Z".parse().unwrap());
    let kit = Kit::with(Options { clock, ..Options::default() }).await;
    let register = request(&json!({ "grant_type": "device", "uuid": "/vendor/x" }));
    let registered = token(&kit, &register).await.body;
    hand.advance(1200);
    let poll = request(&json!({ "grant_type": "device", "code": registered["device_code"] }));
    let answer = token(&kit, &poll).await;
    assert_eq!((answer.status, &answer.body["error"]), (400, &json!("invalid_grant")));
}

#[rstest]
#[case::none("Authorization", "")]
#[case::unknown("Authorization", "Bearer xxxxxxxxxxxxxxxxxxxxxxxxxx")]
#[case::basic("Authorization", "Basic qb56tjj1bcvo9n2nj4u38k84lo")]
#[case::other("X-Token", "Bearer qb56tjj1bcvo9n2nj4u38k84lo")]
#[tokio::test]
async fn without_a_valid_token_nothing_is_answered(#[case] header: &str, #[case] value: &str) {
    let kit = Kit::start().await;
    let answer = call(&kit, header, value).await;
    assert_eq!(answer.status, 403);
    assert_refused(&answer, "ProductNotAllowedException", 2003);
}

#[rstest]
#[case::no_grant(json!({}), 400, "invalid_request", "The grant type was not specified in the request")]
#[case::foo(json!({ "grant_type": "foo" }), 400, "unsupported_grant_type", "Grant type \"foo\" not supported")]
#[case::secret(json!({ "grant_type": "client_credentials", "client_secret": "x" }), 400, "invalid_client", "The client credentials are invalid")]
#[case::no_secret(json!({ "grant_type": "client_credentials", "client_secret": null }), 400, "invalid_client", "Client credentials were not found in the headers or body")]
#[case::device(json!({ "grant_type": "device" }), 400, "invalid_request", "Missing parameters: \"uuid\" or \"code\" required")]
#[case::empty(json!({ "grant_type": "device", "uuid": "", "code": "" }), 400, "invalid_request", "Missing parameters: \"uuid\" or \"code\" required")]
#[case::unknown_device(json!({ "grant_type": "device", "uuid": UNKNOWN_DEVICE }), 401, "invalid_device", "device with given uuid not configured")]
#[case::unknown_code(json!({ "grant_type": "device", "code": "00" }), 400, "invalid_grant", "Invalid or expired device code")]
#[case::unknown_refresh(json!({ "grant_type": "refresh_token", "refresh_token": "00" }), 400, "invalid_grant", "Invalid refresh token")]
#[case::no_refresh(json!({ "grant_type": "refresh_token" }), 400, "invalid_request", "Missing parameter: \"refresh_token\" required")]
#[case::user(json!({ "grant_type": "appuser", "username": "sandbox", "password": "x", "device": "/vendor/x" }), 401, "invalid_grant", "Invalid username and password combination")]
#[case::no_user(json!({ "grant_type": "appuser", "password": "x" }), 400, "invalid_request", "Missing parameters: \"username\", \"password\" and \"device\" required")]
#[case::foreign_device(json!({ "grant_type": "appuser", "username": "sandbox", "password": "sandbox", "device": UNKNOWN_DEVICE }), 401, "invalid_device", "device with given uuid not configured")]
#[case::pin(json!({ "grant_type": "device_pin", "uuid": "/vendor/x", "device_pin": "0000" }), 401, "invalid_grant", "Invalid device PIN")]
#[case::no_pin(json!({ "grant_type": "device_pin", "uuid": "/vendor/x" }), 400, "invalid_request", "Missing parameters: \"uuid\" and \"device_pin\" required")]
#[case::pin_device(json!({ "grant_type": "device_pin", "uuid": UNKNOWN_DEVICE, "device_pin": "4711" }), 401, "invalid_device", "device with given uuid not configured")]
#[tokio::test]
async fn refused_grants_answer_in_oauth_style(
    #[case] fields: Value,
    #[case] status: u16,
    #[case] error: &str,
    #[case] description: &str,
) {
    let kit = Kit::start().await;
    let answer = token(&kit, &request(&fields)).await;
    assert_eq!(answer.status, status);
    assert_eq!(answer.body, json!({ "error": error, "error_description": description }));
}

#[tokio::test]
async fn accounts_and_people_are_those_of_the_fixtures() {
    let fixtures = Fixtures::read(
        r#"{ "accounts": [
            { "client_id": "shop", "client_secret": "s1",
              "users": [{ "username": "jo", "password": "p1" }] },
            { "client_id": "web", "client_secret": "s2" }] }"#,
    )
    .unwrap();
    let kit = Kit::with(Options { fixtures, ..Options::default() }).await;
    let asked = async |id: &str, secret: &str, name: Option<&str>| {
        let body = json!({
            "grant_type": if name.is_some() { "appuser" } else { "client_credentials" },
            "client_id": id, "client_secret": secret, "username": name, "password": "p1",
            "device": "/vendor/x", "deviceinfo": { "name": "x" },
        });
        let answer = token(&kit, &body).await;
        (answer.status, answer.body["error"].as_str().map(str::to_owned))
    };
    let refused = |error: &str| Some(error.to_owned());
    for (id, secret, name, expected) in [
        ("shop", "s1", None, (200, None)),
        ("web", "s2", None, (200, None)),
        ("shop", "s1", Some("jo"), (200, None)),
        ("web", "s2", Some("jo"), (401, refused("invalid_grant"))),
        ("shop", "s1", Some("sandbox"), (401, refused("invalid_grant"))),
        ("shop", "s2", None, (400, refused("invalid_client"))),
        ("sandbox", "sandbox", None, (400, refused("invalid_client"))),
    ] {
        assert_eq!(asked(id, secret, name).await, expected, "{id} {secret} {name:?}");
    }
    for (text, words) in [
        (r#"{ "accounts": [{ "client_id": "a" }] }"#, "accounts[0]: missing field `client_secret`"),
        (
            r#"{ "accounts": [{ "client_id": "a", "client_secret": "b", "users": [{}] }] }"#,
            "accounts[0].users[0]: missing field `username`",
        ),
        (
            r#"{ "accounts": [{ "client_id": "a", "client_secret": "b" },
                              { "client_id": "a", "client_secret": "c" }] }"#,
            "accounts[1].client_id: must be a name that is used once",
        ),
    ] {
        let told = Fixtures::read(text).unwrap_err().to_string();
        assert!(told.contains(words), "{words}\n{told}");
    }
}
