//! The merchant's devices: the till, its payment terminal and further ones
//! ([`crate::wire::api::devices`]).
//!
//! Data and how the API shows it. Pairing is not here: a token does not depend on a device's row.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::fixtures::Fixtures;

/// One device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceFixture {
    /// `SDV_…`
    pub id: String,
    /// `STO_…`
    pub store_id: String,
    /// Path of names and values after the vendor's.
    pub vendor_uid: String,
    /// `cashier` or `zvt`.
    pub kind: String,
    /// What people call it.
    pub description: String,
    /// ISO 8601.
    pub created: String,
    /// Whether it is connected.
    pub online: bool,
}

impl DeviceFixture {
    fn shown(&self, world: &Fixtures) -> Value {
        json!({
            "object": "smart.devices",
            "id": self.id,
            "merchant": { "object": "general.merchants", "id": world.merchant_id },
            "store": { "object": "general.stores", "id": self.store_id },
            "vendor": "unknown",
            "vendor_uid": self.vendor_uid,
            "type": self.kind,
            "description": self.description,
            "created": self.created,
            "online": self.online,
        })
    }
}

/// All devices as the API shows them: the till first, then its terminal.
pub(super) fn all(world: &Fixtures) -> Vec<Value> {
    let own = |id: &str, kind: &str, description: &str| DeviceFixture {
        id: id.to_owned(),
        store_id: world.store_id.clone(),
        vendor_uid: format!("/vendor/unknown/{kind}/sandbox"),
        kind: kind.to_owned(),
        description: description.to_owned(),
        created: "2020-09-01T08:00:00+02:00".to_owned(),
        online: true,
    };
    let till = own(&world.till_id, "cashier", "Kasse");
    let terminal = own(&world.terminal_id, "zvt", "Zahlungsterminal");
    [&till, &terminal].into_iter().chain(&world.devices).map(|one| one.shown(world)).collect()
}

/// Whether a till may name the device `id` when it means itself or its terminal.
pub(super) fn is_own(world: &Fixtures, id: &str) -> bool {
    id.eq_ignore_ascii_case("me") || id == world.till_id || id == world.terminal_id
}

/// The device that the documents show.
pub(super) fn fixtures() -> Vec<DeviceFixture> {
    vec![DeviceFixture {
        id: "SDV_3WCAD3VVV2Y8FW5XR5GQGGKYBQUUAE".to_owned(),
        store_id: "STO_WCH2ABG8T7U8WHWDF3EG5KV2P6C4PM".to_owned(),
        vendor_uid: "/secucard/test398752983475".to_owned(),
        kind: "cashier".to_owned(),
        description: "Testkasse (node Client)".to_owned(),
        created: "2015-03-22T19:26:57+01:00".to_owned(),
        online: false,
    }]
}
