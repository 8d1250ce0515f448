//! The HTTP client of the Smart Transactions API.
//!
//! Owns the calls, their deadlines, the account's tokens and the sanitising of everything the
//! server says. Must not know the till's states, screens, configuration files or the sandbox.
//!
//! A call that moves money (start, cancel, cancelTrx) or closes the terminal's day is sent once,
//! whatever is answered: a gateway may refuse a call that another backend has carried out. Any
//! other call that is refused for its token (HTTP 401, or 403 with code 2003) is repeated once with
//! a new one. Whether to try again after anything else is the caller's decision alone.

mod call;
mod clean;
mod loyalty;
mod pairing;
mod probe;
mod reply;
mod settings;
mod store;
mod token;
mod trust;
mod watch;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::{Method, Request, Url};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use tracing::{Instrument, Span};

use self::reply::Failure;
use self::settings::Endpoint;
use self::token::{Access, Tokens};
use crate::wire::{
    ApiError, CardList, DownReason, MerchantCard, Outcome, PAGE, PairingAnswer, PreTransaction,
    StartMethod, Status, TerminalJob, Transaction, TransactionPage, TransactionRequest, question,
};

pub use self::probe::{Sight, Target, target};
pub use self::settings::{Deadlines, Settings, SettingsError, parse_url};
pub use self::watch::Observer;

/// The API's own code for a token that is missing or expired; it comes with HTTP 403.
const TOKEN_REQUIRED: i64 = 2_003;

/// The longest id or card number that is put into an address, in characters.
const LONGEST_ID: usize = 64;

/// Where a transaction's address begins.
const TRANSACTIONS: &str = "Smart/Transactions";

/// What logging in has shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Connected {
    /// The server says it is the sandbox: no real money moves.
    pub sandbox: bool,
}

/// One account at one server. Clones share connections and tokens.
#[derive(Clone)]
pub struct Client {
    pool: call::Pool,
    endpoint: Endpoint,
    tokens: Arc<Tokens>,
    call: Duration,
    cashless: Duration,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("endpoint", &self.endpoint.identity())
            .field("tokens", &self.tokens)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// A client for `settings`. Opens no connection, but reads the token file.
    ///
    /// # Errors
    ///
    /// The address is none that a till may talk to, or no encrypted connection can be set up on
    /// this machine.
    pub fn new(settings: &Settings) -> Result<Self, SettingsError> {
        Self::watched(settings, None)
    }

    /// As [`Client::new`]; `observer` is told of every exchange, masked.
    ///
    /// # Errors
    ///
    /// As [`Client::new`].
    pub fn watched(settings: &Settings, observer: Option<Observer>) -> Result<Self, SettingsError> {
        let endpoint = Endpoint::parse(&settings.url)?;
        let pool = call::pool(&endpoint, settings, observer)?;
        let tokens = Arc::new(Tokens::new(settings, &endpoint, pool.clone()));
        Ok(Self {
            pool,
            endpoint,
            tokens,
            call: Duration::from_millis(settings.deadlines.call),
            cashless: Duration::from_millis(settings.deadlines.cashless),
        })
    }

    /// Logs in: gets a new token now, whatever is cached, and so proves address and account.
    ///
    /// Never [`Outcome::Unknown`]: a lost token has no effect on a sale.
    pub async fn connect(&self) -> Outcome<Connected> {
        self.tokens.fresh().await.map(|sandbox| Connected { sandbox }).into()
    }

    /// Begins to pair this device: [`PairingAnswer::Code`], the same one as long as it can be entered,
    /// or [`PairingAnswer::Paired`] if the device is welcome anyway.
    pub async fn register(&self) -> Outcome<PairingAnswer> {
        self.tokens.register().await.into()
    }

    /// Asks once whether somebody has entered the code; any answer but [`PairingAnswer::Code`]. The
    /// caller waits [`crate::wire::DeviceCode::interval`] between two polls. After a refusal or
    /// [`PairingAnswer::Expired`] the code is dead; when nothing is heard it stays.
    pub async fn poll(&self) -> Outcome<PairingAnswer> {
        self.tokens.poll().await.into()
    }

    /// Sets up a transaction: `POST /Smart/Transactions`.
    pub async fn create(&self, body: &TransactionRequest) -> Outcome<Transaction> {
        let send = || self.with_body(Method::POST, self.endpoint.api(TRANSACTIONS), body);
        self.transaction(None, send).await.into()
    }

    /// Replaces basket and idents of a transaction; an applied card is dropped by it.
    pub async fn update(&self, id: &str, body: &TransactionRequest) -> Outcome<Transaction> {
        let send = || self.with_body(Method::PUT, self.address(id, "")?, body);
        self.transaction(Some(id), send).await.into()
    }

    /// Applies the card: `POST …/preTransaction`. Nothing is spent by it.
    pub async fn pre_transaction(&self, id: &str) -> Outcome<PreTransaction> {
        let send = || Ok(self.bare(Method::POST, self.address(id, "/preTransaction")?));
        let asked = async {
            let fields = self.authorised(send).await?;
            // Absent, it would read as "nothing remains to pay".
            if fields.get("missing_sum").is_none_or(Value::is_null) {
                return Err(UNREADABLE);
            }
            typed(fields)
        };
        asked.await.into()
    }

    /// Pays: `POST …/start/{method}`, the one call that moves money. With
    /// [`StartMethod::Cashless`] it may take as long as [`Deadlines::cashless`]. Sent once, also
    /// when its token is refused: reading the transaction tells what became of it.
    pub async fn start(&self, id: &str, method: StartMethod) -> Outcome<Transaction> {
        let deadline = if method == StartMethod::Cashless { self.cashless } else { self.call };
        let request = self.address(id, &format!("/start/{method}"));
        let request = request.and_then(|url| call::json(Method::POST, url, &Map::new(), deadline));
        self.transaction_once(Some(id), request).await.into()
    }

    /// Reads a transaction; the way out of an unknown outcome. Changes nothing.
    pub async fn read(&self, id: &str) -> Outcome<Transaction> {
        let send = || Ok(self.bare(Method::GET, self.address(id, "")?));
        self.transaction(Some(id), send).await.into()
    }

    /// Gives up a transaction that was not paid.
    ///
    /// Servers of old answer `{"result":true}`, which is [`Outcome::Unknown`] here: reading the
    /// transaction tells.
    pub async fn abort(&self, id: &str) -> Outcome<Transaction> {
        let send = || Ok(self.bare(Method::POST, self.address(id, "/abort")?));
        self.transaction(Some(id), send).await.into()
    }

    /// Reverses a transaction that was paid. As [`Client::abort`] on old servers. Sent once, as
    /// [`Client::start`].
    pub async fn cancel(&self, id: &str) -> Outcome<Transaction> {
        let request = self.address(id, "/cancel").map(|url| self.bare(Method::POST, url));
        self.transaction_once(Some(id), request).await.into()
    }

    /// Takes back what a terminal took for the transaction `id`, by the number of the terminal's
    /// receipt: `POST …/{receipt_number}/cancelTrx`. It may take as long as
    /// [`Deadlines::cashless`]. Sent once, as [`Client::start`]; an answer about another
    /// transaction is [`DownReason::Unreadable`].
    pub async fn cancel_trx(&self, id: &str, receipt_number: i64) -> Outcome<Transaction> {
        if receipt_number <= 0 {
            return Outcome::Down(DownReason::Internal);
        }
        let url = self.endpoint.api(&format!("{TRANSACTIONS}/{receipt_number}/cancelTrx"));
        let request = call::bare(Method::POST, url, self.cashless);
        self.transaction_once(Some(id), Ok(request)).await.into()
    }

    /// Looks for a transaction with our own `reference` that can still be paid: what became of a
    /// create without an answer. Changes nothing.
    ///
    /// A `reference` of anything but ASCII letters, digits and `-` is [`DownReason::Internal`].
    pub async fn find(&self, reference: &str) -> Outcome<Option<Transaction>> {
        match self.transactions(reference, "").await {
            Ok(list) => Outcome::Ok(list.into_iter().find(|found| {
                let unpaid = matches!(found.status, Status::Created | Status::Processing);
                // Ours alone, however widely the server has searched.
                unpaid && is_id(&found.id) && found.transaction_ref.as_deref() == Some(reference)
            })),
            Err(Failure::Refused(error)) if error.name == "ProductNotFoundException" => {
                Outcome::Ok(None)
            }
            Err(failure) => Err(failure).into(),
        }
    }

    /// Looks for all transactions of a sale, in any status: those with our own `reference`, alone
    /// or with the number of an attempt behind it. Changes nothing.
    ///
    /// A `reference` of anything but ASCII letters, digits and `-` is [`DownReason::Internal`].
    pub async fn siblings(&self, reference: &str) -> Outcome<Vec<Transaction>> {
        let is_of_sale = |found: &Transaction| {
            let rest = found.transaction_ref.as_deref().and_then(|of| of.strip_prefix(reference));
            rest.is_some_and(|rest| {
                let attempt = rest.strip_prefix('-').unwrap_or("0");
                (rest.is_empty() || rest.starts_with('-'))
                    && !attempt.is_empty()
                    && attempt.bytes().all(|byte| byte.is_ascii_digit())
            })
        };
        match self.transactions(reference, "*").await {
            Ok(list) => Outcome::Ok(
                list.into_iter().filter(|row| is_id(&row.id) && is_of_sale(row)).collect(),
            ),
            Err(Failure::Refused(error)) if error.name == "ProductNotFoundException" => {
                Outcome::Ok(Vec::new())
            }
            Err(failure) => Err(failure).into(),
        }
    }

    async fn transactions(
        &self,
        reference: &str,
        wildcard: &str,
    ) -> Result<Vec<Transaction>, Failure> {
        if !is_plain(reference, |byte| byte.is_ascii_alphanumeric() || byte == b'-') {
            return Err(Failure::Down(DownReason::Internal));
        }
        let mut url = self.endpoint.api(TRANSACTIONS);
        url.set_query(Some(&format!("q=transactionRef:{reference}{wildcard}")));
        let mut fields = self.authorised(|| Ok(self.bare(Method::GET, url.clone()))).await?;
        let data = fields.remove("data").ok_or(UNREADABLE)?;
        serde_json::from_value(data).map_err(|_| UNREADABLE)
    }

    /// Lets the till's terminal do a job: `POST …/me/{job}`. It may take as long as
    /// [`Deadlines::cashless`]. The answer is a transaction that tracks the job.
    pub async fn terminal(&self, job: TerminalJob) -> Outcome<Transaction> {
        let address = format!("{TRANSACTIONS}/me/{}", job.as_str());
        let request = || call::bare(Method::POST, self.endpoint.api(&address), self.cashless);
        match job {
            TerminalJob::Diagnosis => self.transaction(None, || Ok(request())).await.into(),
            // A second one would report an empty day.
            TerminalJob::EndOfDay => self.transaction_once(None, Ok(request())).await.into(),
        }
    }

    /// The transactions that `typed` finds (see [`question`]), the newest first, without the first
    /// `offset` ones; at most [`PAGE`]. Changes nothing.
    pub async fn list(&self, typed: &str, offset: usize) -> Outcome<TransactionPage> {
        match self.page(typed, offset).await {
            // Servers of old say so where nothing matches.
            Err(Failure::Refused(error)) if error.name == "ProductNotFoundException" => {
                Outcome::Ok(TransactionPage::default())
            }
            other => other.into(),
        }
    }

    async fn page(&self, typed: &str, offset: usize) -> Result<TransactionPage, Failure> {
        let mut url = self.endpoint.api(TRANSACTIONS);
        url.query_pairs_mut()
            .append_pair("count", &PAGE.to_string())
            .append_pair("offset", &offset.to_string())
            .append_pair("sort", "created:desc")
            .extend_pairs(question(typed).map(|q| ("q", q)));
        let mut fields = self.authorised(|| Ok(self.bare(Method::GET, url.clone()))).await?;
        let data = match fields.remove("data") {
            Some(Value::Array(data)) => data,
            Some(Value::Null) => Vec::new(),
            _ => return Err(UNREADABLE),
        };
        let taken = data.len();
        let total = fields.get("count").and_then(Value::as_u64).unwrap_or(taken as u64);
        // One row that cannot be read must not hide the others.
        let rows = data.into_iter().filter_map(|row| {
            row.get("status")?.as_str()?;
            serde_json::from_value(row).ok().filter(|row: &Transaction| is_id(&row.id))
        });
        Ok(TransactionPage { total, taken, rows: rows.take(PAGE).collect() })
    }

    /// Switches the faults of a sandbox; answers those asked for. A live server refuses.
    pub async fn set_faults(&self, faults: Vec<String>) -> Outcome<Vec<String>> {
        let url = self.endpoint.sandbox("faults");
        let sent = match call::json(Method::PUT, url, &faults, self.call) {
            Ok(request) => call::send(&self.pool, request).await,
            Err(failure) => Err(failure),
        };
        match sent.and_then(|reply| call::accepted(&reply)) {
            Ok(()) => Outcome::Ok(faults),
            Err(failure) => Err(failure).into(),
        }
    }

    /// Looks up a card's balances; `None` if this merchant does not know it. Changes nothing.
    ///
    /// A `number` of anything but ASCII letters and digits is [`DownReason::Internal`].
    pub async fn find_card(&self, number: &str) -> Outcome<Option<MerchantCard>> {
        match self.cards(number).await {
            Ok(cards) => {
                // Only ever this card's balance, however widely the server has searched.
                Outcome::Ok(cards.data.into_iter().find(|found| found.card.cardnumber == number))
            }
            // A 404 of another name is an address where no API lives.
            Err(Failure::Refused(error)) if error.name == "ProductNotFoundException" => {
                Outcome::Ok(None)
            }
            Err(failure) => Err(failure).into(),
        }
    }

    async fn cards(&self, number: &str) -> Result<CardList, Failure> {
        if !is_plain(number, |byte| byte.is_ascii_alphanumeric()) {
            return Err(Failure::Down(DownReason::Internal));
        }
        let mut url = self.endpoint.api("Loyalty/MerchantCards");
        url.set_query(Some(&format!("q=card.cardnumber:{number}")));
        let fields = self.authorised(|| Ok(self.bare(Method::GET, url.clone()))).await?;
        if !fields.contains_key("data") {
            return Err(UNREADABLE);
        }
        typed(fields)
    }

    /// A call that answers a transaction: that of `id`, or a new one.
    async fn transaction(
        &self,
        id: Option<&str>,
        request: impl Fn() -> Result<Request, Failure>,
    ) -> Result<Transaction, Failure> {
        named(id, self.authorised(request).await?)
    }

    /// As [`Client::transaction`], for a call that must not be sent twice.
    async fn transaction_once(
        &self,
        id: Option<&str>,
        request: Result<Request, Failure>,
    ) -> Result<Transaction, Failure> {
        named(id, self.once(request?).await?)
    }

    /// Sends a request under the current token, and never again. A token that was refused is
    /// dropped, so that the next call gets a new one.
    async fn once(&self, request: Request) -> Result<Map<String, Value>, Failure> {
        let access = self.tokens.current().await?;
        let sent = self.send(request, &access).instrument(attempt(1)).await;
        if matches!(&sent, Err(Failure::Refused(error)) if is_about_token(error)) {
            self.tokens.refused(&access).await;
        }
        sent
    }

    /// Sends a request under the current token and, if only the token was refused, once more
    /// under a new one.
    async fn authorised(
        &self,
        request: impl Fn() -> Result<Request, Failure>,
    ) -> Result<Map<String, Value>, Failure> {
        // Built before a token is asked for: what cannot be sent needs none.
        let first = request()?;
        let access = self.tokens.current().await?;
        match self.send(first, &access).instrument(attempt(1)).await {
            Err(Failure::Refused(error)) if is_about_token(&error) => {
                let access = self.tokens.other_than(&access).await?;
                self.send(request()?, &access).instrument(attempt(2)).await
            }
            other => other,
        }
    }

    async fn send(
        &self,
        mut request: Request,
        access: &Access,
    ) -> Result<Map<String, Value>, Failure> {
        request.headers_mut().insert(reqwest::header::AUTHORIZATION, access.header()?);
        let reply = call::send(&self.pool, request).await?;
        call::judge(&reply).map_err(|failure| match failure {
            // Only the client itself says that a device is not paired, before anything is sent.
            Failure::Refused(error) if error.is_unpaired() => {
                Failure::Refused(ApiError { name: String::new(), ..error })
            }
            failure => failure,
        })
    }

    fn with_body(
        &self,
        method: Method,
        url: Url,
        body: &TransactionRequest,
    ) -> Result<Request, Failure> {
        call::json(method, url, body, self.call)
    }

    fn bare(&self, method: Method, url: Url) -> Request {
        call::bare(method, url, self.call)
    }

    /// The address of transaction `id` and what is done with it.
    fn address(&self, id: &str, action: &str) -> Result<Url, Failure> {
        if !is_id(id) {
            return Err(Failure::Down(DownReason::Internal));
        }
        Ok(self.endpoint.api(&format!("{TRANSACTIONS}/{id}{action}")))
    }
}

/// Where the log says how often a call has been sent.
fn attempt(number: u8) -> Span {
    tracing::info_span!("send", attempt = number)
}

const UNREADABLE: Failure = Failure::Unknown(DownReason::Unreadable);

/// The transaction that an answer shows: that of `id`, or a new one.
fn named(id: Option<&str>, fields: Map<String, Value>) -> Result<Transaction, Failure> {
    // Every field has a default, so that an empty object would read as a transaction of
    // status `created`, which means "not paid". Only a transaction that names itself counts.
    if !fields.get("status").is_some_and(Value::is_string) {
        return Err(UNREADABLE);
    }
    let answer: Transaction = typed(fields)?;
    let right = id.map_or_else(|| is_id(&answer.id), |id| answer.id == id);
    if right { Ok(answer) } else { Err(UNREADABLE) }
}

fn typed<T: DeserializeOwned>(fields: Map<String, Value>) -> Result<T, Failure> {
    serde_json::from_value(Value::Object(fields)).map_err(|_| UNREADABLE)
}

fn is_about_token(error: &ApiError) -> bool {
    error.http == 401 || (error.http == 403 && error.code == TOKEN_REQUIRED)
}

/// Whether `text` may become a path segment without changing which address it is.
fn is_id(text: &str) -> bool {
    is_plain(text, |byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn is_plain(text: &str, allowed: impl Fn(u8) -> bool) -> bool {
    (1..=LONGEST_ID).contains(&text.len()) && text.bytes().all(allowed)
}
