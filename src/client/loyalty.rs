//! Calls about cards and customers beside a sale: codes, locks, programmes, check-ins.
//!
//! Owns their addresses and the shape of their answers. None of them moves money. A code is in
//! the body of its one call and nowhere else.

use reqwest::Method;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::call;
use super::reply::Failure;
use super::{Client, UNREADABLE, is_id, is_plain, typed};
use crate::shop::CODE_DIGITS;
use crate::wire::{CardGroup, CardLock, Checkin, DownReason, Outcome};

/// The most programmes or check-ins that are asked for: more than a cashier chooses from.
const MOST: usize = 100;

#[derive(Serialize)]
struct Csc<'a> {
    cardnumber: &'a str,
    csc: &'a str,
}

#[derive(Serialize)]
struct Passcode<'a> {
    cardnumber: &'a str,
    /// A number in the vendor's models, so without leading zeros.
    pin: u16,
}

impl Client {
    /// Whether `csc` is the code on the back of the card: `POST …/me/checkCsc`. Changes nothing.
    ///
    /// A `csc` that is not four digits, or a `number` of anything but ASCII letters and digits,
    /// is [`DownReason::Internal`].
    pub async fn check_csc(&self, number: &str, csc: &str) -> Outcome<bool> {
        self.checked("checkCsc", number, csc, &Csc { cardnumber: number, csc }).await.into()
    }

    /// Whether `passcode` is the one that the card's holder has chosen:
    /// `POST …/me/checkPasscode`. Otherwise as [`Client::check_csc`].
    pub async fn check_passcode(&self, number: &str, passcode: &str) -> Outcome<bool> {
        let pin = passcode.parse().unwrap_or_default();
        let body = Passcode { cardnumber: number, pin };
        self.checked("checkPasscode", number, passcode, &body).await.into()
    }

    async fn checked(
        &self,
        action: &str,
        number: &str,
        code: &str,
        body: &impl Serialize,
    ) -> Result<bool, Failure> {
        let digits = code.len() == CODE_DIGITS && code.bytes().all(|byte| byte.is_ascii_digit());
        if !digits || !is_plain(number, |byte| byte.is_ascii_alphanumeric()) {
            return Err(Failure::Down(DownReason::Internal));
        }
        let url = self.endpoint.api(&format!("Loyalty/MerchantCards/me/{action}"));
        let send = || call::json(Method::POST, url.clone(), body, self.call);
        // Anything but a plain yes or no proves nothing.
        self.authorised(send).await?.get("result").and_then(Value::as_bool).ok_or(UNREADABLE)
    }

    /// Why the card with this id (`MCD_…`) is locked. Changes nothing.
    pub async fn card_lock(&self, id: &str) -> Outcome<CardLock> {
        let asked = async {
            if !is_id(id) {
                return Err(Failure::Down(DownReason::Internal));
            }
            let url = self.endpoint.api(&format!("Loyalty/MerchantCards/{id}/lock"));
            let fields = self.authorised(|| Ok(self.bare(Method::GET, url.clone()))).await?;
            if !fields.contains_key("lock_status") {
                return Err(UNREADABLE);
            }
            typed(fields)
        };
        asked.await.into()
    }

    /// The programmes of this merchant, those without a usable id left out. Changes nothing.
    pub async fn card_groups(&self) -> Outcome<Vec<CardGroup>> {
        let mut list = self.all("Loyalty/Cardgroups").await;
        if let Ok(groups) = &mut list {
            groups.retain(|group: &CardGroup| is_id(&group.id));
        }
        list.into()
    }

    /// The customers who have checked in, those without a usable id left out. Changes nothing.
    pub async fn check_ins(&self) -> Outcome<Vec<Checkin>> {
        let mut list = self.all("Smart/Checkins").await;
        if let Ok(check_ins) = &mut list {
            check_ins.retain(|check_in: &Checkin| is_id(&check_in.id));
        }
        list.into()
    }

    /// The first page of a list; old servers answer an empty one with "not found".
    async fn all<T: DeserializeOwned>(&self, path: &str) -> Result<Vec<T>, Failure> {
        let mut url = self.endpoint.api(path);
        url.set_query(Some(&format!("count={MOST}")));
        match self.authorised(|| Ok(self.bare(Method::GET, url.clone()))).await {
            Ok(mut fields) => match fields.remove("data").ok_or(UNREADABLE)? {
                Value::Null => Ok(Vec::new()),
                data => serde_json::from_value(data).map_err(|_| UNREADABLE),
            },
            Err(Failure::Refused(error)) if error.is_not_found() => Ok(Vec::new()),
            Err(failure) => Err(failure),
        }
    }
}
