//! The loyalty examples of the API's documents, produced by the sandbox field for field.
//!
//! Different: the page answers a validation with either of two bodies for one and the same number;
//! here the number of a locked card gets the one, an unknown number the other. Examples with a card
//! inside a transaction are those of the seeds and of sales.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use kasse::sandbox::CARD_EMPTY;
use serde_json::{Value, json};

use crate::sandbox::kit::Kit;

const CARDS: &str = "/api/v2/Loyalty/MerchantCards";

/// The answer as text: the order of the fields counts too.
async fn post(kit: &Kit, path: &str, body: &str) -> String {
    let body: Value = serde_json::from_str(body).unwrap();
    kit.post(path, &body).await.body.to_string()
}

#[tokio::test]
async fn a_balance_is_looked_up_as_printed() {
    let kit = Kit::start().await;
    let printed = r#"{"count":1,"data":[{"object":"loyalty.merchantcards","id":"MCD_W5ZVSRG8U2MN358FD2MRDCMPYM06AU","merchant":{"object":"general.merchants","id":"MRC_WVHJQFQ4JNVYNG5B55TYK748ZCHQP8"},"created_for_merchant":{"object":"general.merchants","id":"MRC_F40KSJYW5AAJHHC93TQ6C7A8X76WO6"},"card":{"object":"loyalty.cards","id":"CRD_3CVJTETZ3MHPR034C9BYGEKDH6XRP4","cardnumber":"9276004428481652","created":"2015-02-20T08:54:07+01:00"},"cardgroup":{"object":"loyalty.cardgroups","id":"CRG_2BESGJNETJJRZVVYS8R7JWGVWK4PRZ","display_name":"Geschenkgutschein","display_name_raw":"Geschenkgutschein","stock_warn_limit":0,"picture":"https://connect.secucard.com/ds_g/8e79737df1e2513db48908b342c3cc436edf501a"},"created_for_store":{"object":"general.stores","id":"STO_2ZCZRU9V6U8QA7B49K94667UP6C4PJ"},"is_base_card":false,"points":0,"cash_balance":300,"bonus_balance":52,"balance":352,"last_usage":"2019-09-12T10:52:22+02:00","last_charge":"2018-04-27T15:47:42+02:00","stock_status":"inactive","lock_status":"unlocked","passcode":1,"expiry_date":null}]}"#;
    for path in [CARDS, "/api/v2/Loyalty/Merchantcards"] {
        let list = kit.get(&format!("{path}?q=card.cardnumber:9276004428481652")).await;
        assert_eq!(list.body.to_string(), printed);
    }
}

#[tokio::test]
async fn a_card_is_validated_as_printed() {
    let kit = Kit::start().await;
    let request =
        r#"{"cardnumber":"9276004429999952","merchant":"MRC_35SZ3R5GGQQP4T0U2T5GFAN9P6C4PG"}"#;
    let answer = post(&kit, &format!("{CARDS}/MRC/validateMerchantcard"), request).await;
    assert_eq!(answer, r#"{"isValid":true,"hasPasscode":false,"isLocked":true}"#);
    let unknown = r#"{"cardnumber":"9276004429999953"}"#;
    let answer = post(&kit, &format!("{CARDS}/me/validateMerchantcard"), unknown).await;
    assert_eq!(answer, r#"{"isValid":false}"#);
}

#[tokio::test]
async fn a_code_is_checked_as_printed() {
    let kit = Kit::start().await;
    let request = r#"{"cardnumber":"9276004429942845","csc":"4471"}"#;
    let path = format!("{CARDS}/me/checkCsc");
    assert_eq!(post(&kit, &path, request).await, r#"{"result":true}"#);
    let wrong = json!({ "cardnumber": CARD_EMPTY, "csc": "4470" });
    assert_eq!(kit.post(&path, &wrong).await.body.to_string(), r#"{"result":false}"#);
}
