//! Scenes of the last exchanges with the server, masked by the program itself.

use std::sync::Arc;

use kasse::exchange::{Body, Exchange, Masker, Progress};
use kasse::till::{Inspector, Overlay};
use kasse::wire::DownReason;
use serde_json::{Value, json};

use crate::ui::kit::{CARD, Scene, under};

const HOST: &str = "http://127.0.0.1:8474";

fn exchange(id: u64, method: &str, path: &str, sent: &Value, end: End) -> Exchange {
    let mut masker = Masker::default();
    masker.hide("token", "tok-4471-0815");
    let mut shown = |body: &Value| match body {
        Value::Null => Body::default(),
        body => Body::of(format!("{:#}", masker.value(body))),
    };
    let request = shown(sent);
    let progress = match end {
        End::Answered(status, ms, body) => Progress::Answered { status, ms, body: shown(&body) },
        End::Lost(reason, sent, ms) => Progress::Lost { reason, sent, ms },
        End::Pending => Progress::Pending,
    };
    Exchange {
        id,
        at: format!("2020-09-25T11:15:{:02}+02:00", 30 + id),
        method: method.to_owned(),
        url: masker.url(&format!("{HOST}{path}")),
        authorised: !path.starts_with("/oauth"),
        request,
        progress,
    }
}

enum End {
    Answered(u16, u64, Value),
    Lost(DownReason, bool, u64),
    Pending,
}

/// What a sale with a few mishaps leaves, the oldest first.
fn exchanges() -> Vec<Arc<Exchange>> {
    const ID: &str = "STX_2HTPPM8TVH2Y4NAC30G4YM5Q5KR5AE";
    let start = format!("/api/v2/Smart/Transactions/{ID}/start/cash");
    let grant = json!({"grant_type": "client_credentials", "client_id": "sandbox",
        "client_secret": "hunter2-hunter2"});
    let granted = json!({"access_token": "tok-4471-0815", "expires_in": 1200,
        "token_type": "bearer", "scope": null});
    let card = json!({"count": 1, "data": [{"balance": 220, "card": {"cardnumber": CARD}}]});
    let body = json!({"is_demo": true, "transactionRef": "session-1", "basket": {"products": [
        {"articleNumber": "30037", "desc": format!("Sandwich Romano {CARD}"), "priceOne": 349},
    ]}, "idents": [{"type": "card", "value": CARD}]});
    let error = json!({"status": "error", "error": "ProductNotAllowedException", "code": 2003,
        "error_details": "Valid auth token required, tok-4471-0815 has expired a while ago",
        "supportId": "7d1f4c2a90b3"});
    let find = format!("/api/v2/Loyalty/MerchantCards?q=card.cardnumber:{CARD}");
    [
        exchange(1, "POST", "/oauth/token", &grant, End::Answered(200, 12, granted)),
        exchange(2, "GET", &find, &Value::Null, End::Answered(200, 8, card)),
        exchange(3, "POST", "/api/v2/Smart/Transactions", &body, End::Answered(403, 9, error)),
        exchange(4, "POST", &start, &json!({}), End::Lost(DownReason::Timeout, true, 15_000)),
        exchange(5, "GET", &find, &Value::Null, End::Pending),
    ]
    .map(Arc::new)
    .to_vec()
}

/// Overlays, each over a sale.
pub fn overlays() -> Vec<Scene> {
    let list = |exchanges, selected| Overlay::Wire(Inspector { exchanges, selected });
    let one = |id: u64, scroll| {
        under(list(exchanges(), Some(id)), |state| {
            let exchange = exchanges().into_iter().find(|exchange| exchange.id == id);
            state.overlays.push(Overlay::Exchange(exchange.unwrap(), scroll));
        })
    };
    let many: Vec<_> = exchanges().into_iter().cycle().take(200).collect();
    vec![
        ("wire", under(list(exchanges(), Some(3)), |_| ())),
        ("wire_many", under(list(many, None), |_| ())),
        ("wire_empty", under(list(Vec::new(), None), |_| ())),
        ("wire_exchange", one(3, 0)),
        ("wire_scrolled", one(3, usize::MAX)),
        ("wire_grant", one(1, 0)),
        ("wire_card", one(2, 0)),
        ("wire_lost", one(4, 0)),
        ("wire_pending", one(5, 0)),
    ]
}
