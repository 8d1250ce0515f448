//! Access tokens: how they are granted, kept and renewed.
//!
//! Owns the grants of `POST /oauth/token`, the expiry, and the rule that calls which fail
//! together renew together. Must not know which calls the tokens are for.
//!
//! A failed grant has no effect on any sale, so everything here fails as refused or as down,
//! never as unknown.

use std::fmt;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use reqwest::header::HeaderValue;
use reqwest::{Method, Request};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Map, Value};
use tokio::sync::Mutex;

use super::call::{self, Pool};
use super::pairing::{self, Registration, Verdict};
use super::reply::Failure;
use super::settings::{Endpoint, Settings};
use super::store::{Owner, Store, Stored};
use crate::text::LONGEST;
use crate::wire::{DownReason, PairingAnswer, RegistrationAnswer, TokenAnswer, TokenRequest};

/// Taken off every token's life, so that none expires on its way.
const MARGIN: i64 = 10;

/// No token is believed to live longer, in seconds; the API's live twenty minutes.
const LONGEST_LIFE: i64 = 30 * 24 * 3_600;

/// A token for the `Authorization` header.
#[derive(Clone)]
pub(super) struct Access {
    token: SecretString,
    until: SystemTime,
}

impl Access {
    /// `Bearer …`, marked as sensitive.
    pub(super) fn header(&self) -> Result<HeaderValue, Failure> {
        let mut value = HeaderValue::try_from(format!("Bearer {}", self.token.expose_secret()))
            .map_err(|_| Failure::Down(DownReason::Internal))?;
        value.set_sensitive(true);
        Ok(value)
    }

    fn is(&self, other: &Self) -> bool {
        self.token.expose_secret() == other.token.expose_secret()
    }
}

/// What is known at the moment.
#[derive(Default)]
struct Held {
    access: Option<Access>,
    refresh: Option<SecretString>,
    /// Devices only: the pairing that waits to be confirmed.
    registration: Option<Registration>,
}

impl Held {
    fn live_registration(&self) -> Option<&Registration> {
        self.registration.as_ref().filter(|registration| registration.is_live(Instant::now()))
    }
}

/// The tokens of one account at one server.
pub(super) struct Tokens {
    pool: Pool,
    endpoint: Endpoint,
    deadline: Duration,
    client_id: String,
    client_secret: SecretString,
    device_uuid: Option<String>,
    store: Option<Store>,
    // Held across a grant: a call that comes meanwhile waits and takes its result.
    held: Mutex<Held>,
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens")
            .field("client_id", &self.client_id)
            .field("device_uuid", &self.device_uuid)
            .finish_non_exhaustive()
    }
}

/// The fields of an answer and whether the sandbox gave it.
type Answer = (Map<String, Value>, bool);

/// A granted token and whether the sandbox granted it.
type Granted = (Access, bool);

impl Tokens {
    /// Tokens for the account in `settings`, beginning with those in its token file.
    pub(super) fn new(settings: &Settings, endpoint: &Endpoint, pool: Pool) -> Self {
        let store = settings.token_file.clone().map(|path| {
            let owner = Owner {
                url: endpoint.identity(),
                client_id: settings.client_id.clone(),
                device_uuid: settings.device_uuid.clone(),
            };
            Store::new(path, owner)
        });
        let held = store.as_ref().and_then(Store::load).map(restored).unwrap_or_default();
        Self {
            pool,
            endpoint: endpoint.clone(),
            deadline: Duration::from_millis(settings.deadlines.call),
            client_id: settings.client_id.clone(),
            client_secret: settings.client_secret.clone(),
            device_uuid: settings.device_uuid.clone(),
            store,
            held: Mutex::new(held),
        }
    }

    /// The token at hand, or a new one.
    pub(super) async fn current(&self) -> Result<Access, Failure> {
        let mut held = self.held.lock().await;
        match &held.access {
            Some(access) if access.until > SystemTime::now() => Ok(access.clone()),
            _ => Ok(self.grant(&mut held).await?.0),
        }
    }

    /// A token other than `refused`: the one that another call got meanwhile, or a new one.
    pub(super) async fn other_than(&self, refused: &Access) -> Result<Access, Failure> {
        let mut held = self.held.lock().await;
        match &held.access {
            Some(access) if !access.is(refused) => Ok(access.clone()),
            _ => Ok(self.grant(&mut held).await?.0),
        }
    }

    /// Forgets the token that the server refused, unless another call has got a new one meanwhile:
    /// the next call gets its own.
    pub(super) async fn refused(&self, refused: &Access) {
        let mut held = self.held.lock().await;
        if held.access.as_ref().is_some_and(|access| access.is(refused)) {
            held.access = None;
        }
    }

    /// A new token, also where a live one is held. True if the sandbox granted it.
    pub(super) async fn fresh(&self) -> Result<bool, Failure> {
        let mut held = self.held.lock().await;
        Ok(self.grant(&mut held).await?.1)
    }

    /// Begins to pair the device: the code that has to be entered, the same one as long as it can be
    /// entered. A device that the server accepts anyway is paired at once.
    pub(super) async fn register(&self) -> Result<PairingAnswer, Failure> {
        let mut held = self.held.lock().await;
        if held.live_registration().is_none() {
            match self.grant(&mut held).await {
                Ok((_, sandbox)) => return Ok(PairingAnswer::Paired { sandbox }),
                Err(failure) if held.registration.is_none() => return Err(failure),
                // Registered, and not confirmed yet, or nothing was heard of it: polling tells.
                Err(_) => {}
            }
        }
        let now = Instant::now();
        Ok(held
            .registration
            .as_ref()
            .map_or(PairingAnswer::Expired, |of| PairingAnswer::Code(of.code(now))))
    }

    /// Asks once whether the code was entered. The code stays the same until it is refused or
    /// expired.
    pub(super) async fn poll(&self) -> Result<PairingAnswer, Failure> {
        let mut held = self.held.lock().await;
        if held.live_registration().is_none() {
            held.registration = None;
            if held.refresh.is_none() {
                return Ok(PairingAnswer::Expired);
            }
            // Another call was let in meanwhile.
            return self
                .grant(&mut held)
                .await
                .map(|(_, sandbox)| PairingAnswer::Paired { sandbox });
        }
        match self.open_session(&mut held).await {
            Ok(answer) => self
                .accept(&mut held, answer)
                .await
                .map(|(_, sandbox)| PairingAnswer::Paired { sandbox }),
            Err(failure) => match pairing::verdict(&failure) {
                Verdict::Pending => Ok(PairingAnswer::Pending),
                Verdict::SlowDown => Ok(PairingAnswer::SlowDown),
                Verdict::Expired => Ok(PairingAnswer::Expired),
                Verdict::Refused | Verdict::Unheard => Err(failure),
            },
        }
    }

    async fn grant(&self, held: &mut Held) -> Result<Granted, Failure> {
        // A device's new token ends the old one; and what was refused is not tried again.
        held.access = None;
        let answer = match &self.device_uuid {
            None => {
                self.ask(TokenRequest {
                    grant_type: Some("client_credentials".to_owned()),
                    ..TokenRequest::default()
                })
                .await?
            }
            Some(uuid) => self.device(uuid, held).await?,
        };
        self.accept(held, answer).await
    }

    /// Takes a granted token.
    async fn accept(&self, held: &mut Held, answer: Answer) -> Result<Granted, Failure> {
        let (answer, sandbox) = answer;
        let answer: TokenAnswer = read(answer)?;
        if !is_token(&answer.access_token) {
            return Err(Failure::Down(DownReason::Unreadable));
        }
        held.registration = None;
        if self.device_uuid.is_some()
            && let Some(refresh) = answer.refresh_token
        {
            held.refresh = Some(SecretString::from(refresh));
        }
        let life = answer.expires_in.saturating_sub(MARGIN).clamp(0, LONGEST_LIFE);
        let until = SystemTime::now() + Duration::from_secs(life.unsigned_abs());
        let access = Access { token: SecretString::from(answer.access_token), until };
        held.access = Some(access.clone());
        self.keep(&access, held.refresh.as_ref()).await;
        Ok((access, sandbox))
    }

    /// The device grants: refresh what there is, or log the device in. A device that is not
    /// paired is refused, and goes on being refused without asking while its code can be entered:
    /// only [`Tokens::poll`] asks then.
    async fn device(&self, uuid: &str, held: &mut Held) -> Result<Answer, Failure> {
        if let Some(refresh) = &held.refresh {
            let refreshed = self
                .ask(TokenRequest {
                    grant_type: Some("refresh_token".to_owned()),
                    refresh_token: Some(refresh.expose_secret().to_owned()),
                    ..TokenRequest::default()
                })
                .await;
            match refreshed {
                // The session is over; the device itself may still be welcome.
                Err(Failure::Refused(error)) if !error.is_account() && error.http != 429 => {
                    held.refresh = None;
                }
                other => return other,
            }
        }
        if held.live_registration().is_some() {
            return Err(pairing::unpaired());
        }
        held.registration = None;
        let (answer, _) = self
            .ask(TokenRequest {
                grant_type: Some("device".to_owned()),
                uuid: Some(uuid.to_owned()),
                ..TokenRequest::default()
            })
            .await?;
        let answer: RegistrationAnswer = read(answer)?;
        held.registration = Some(Registration::read(answer, Instant::now())?);
        self.open_session(held).await.map_err(|failure| match pairing::verdict(&failure) {
            Verdict::Pending | Verdict::SlowDown => pairing::unpaired(),
            Verdict::Expired | Verdict::Refused | Verdict::Unheard => failure,
        })
    }

    /// The session of the device that is being registered; a registration that is over is dropped.
    async fn open_session(&self, held: &mut Held) -> Result<Answer, Failure> {
        let code = held.registration.as_ref().map(|registration| registration.secret().to_owned());
        let opened = self
            .ask(TokenRequest {
                grant_type: Some("device".to_owned()),
                code,
                ..TokenRequest::default()
            })
            .await;
        if let Err(failure) = &opened
            && matches!(pairing::verdict(failure), Verdict::Expired | Verdict::Refused)
        {
            held.registration = None;
        }
        opened
    }

    async fn ask(&self, grant: TokenRequest) -> Result<Answer, Failure> {
        let grant = TokenRequest {
            client_id: Some(self.client_id.clone()),
            client_secret: Some(self.client_secret.expose_secret().to_owned()),
            ..grant
        };
        let request = call::json(Method::POST, self.endpoint.oauth(), &grant, self.deadline)?;
        self.exchange(request).await.map_err(|failure| match failure {
            Failure::Unknown(reason) => Failure::Down(reason),
            definite => definite,
        })
    }

    async fn exchange(&self, request: Request) -> Result<Answer, Failure> {
        let reply = call::send(&self.pool, request).await?;
        Ok((call::judge(&reply)?, reply.sandbox))
    }

    async fn keep(&self, access: &Access, refresh: Option<&SecretString>) {
        let Some(store) = self.store.clone() else { return };
        let expires_at = access.until.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let tokens = Stored {
            access_token: access.token.expose_secret().to_owned(),
            expires_at,
            refresh_token: refresh.map(|token| token.expose_secret().to_owned()),
        };
        // Without the file the next start asks for a token: no reason to fail a sale now.
        let _kept = tokio::task::spawn_blocking(move || store.save(&tokens)).await;
    }
}

fn restored(stored: Stored) -> Held {
    let until = UNIX_EPOCH.checked_add(Duration::from_secs(stored.expires_at));
    let access = until
        .filter(|_| is_token(&stored.access_token))
        .map(|until| Access { token: SecretString::from(stored.access_token), until });
    let refresh = stored.refresh_token.map(SecretString::from);
    Held { access, refresh, registration: None }
}

fn read<T: for<'de> Deserialize<'de>>(fields: Map<String, Value>) -> Result<T, Failure> {
    serde_json::from_value(Value::Object(fields)).map_err(|_| Failure::Down(DownReason::Unreadable))
}

/// Whether `text` can stand in a header as a token, and was not cut on its way here.
fn is_token(text: &str) -> bool {
    (1..LONGEST).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}
