//! How the API shows the merchant's devices.

use serde_json::{Value, json};

use crate::sandbox::fixtures::{DeviceFixture, Fixtures};

/// All devices: the till first, then its terminal.
pub(crate) fn all(shop: &Fixtures) -> Vec<Value> {
    let own = |id: &str, kind: &str, description: &str| DeviceFixture {
        id: id.to_owned(),
        store_id: shop.store_id.clone(),
        vendor_uid: format!("/vendor/unknown/{kind}/sandbox"),
        kind: kind.to_owned(),
        description: description.to_owned(),
        created: "2020-09-01T08:00:00+02:00".to_owned(),
        online: true,
    };
    let till = own(&shop.till_id, "cashier", "Kasse");
    let terminal = own(&shop.terminal_id, "zvt", "Zahlungsterminal");
    let all = [&till, &terminal].into_iter().chain(&shop.devices);
    all.map(|device| {
        json!({
            "object": "smart.devices",
            "id": device.id,
            "merchant": { "object": "general.merchants", "id": shop.merchant_id },
            "store": { "object": "general.stores", "id": device.store_id },
            "vendor": "unknown",
            "vendor_uid": device.vendor_uid,
            "type": device.kind,
            "description": device.description,
            "created": device.created,
            "online": device.online,
        })
    })
    .collect()
}
