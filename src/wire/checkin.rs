//! Check-ins: customers who announced themselves with their phone ([`super::api::idents`]).

use serde::{Deserialize, Serialize};

use super::{MerchantCard, lenient};

/// A customer who is checked in at this shop.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Checkin {
    /// Always `smart.checkins`.
    pub object: String,
    /// `CKI_…`, or `PPT_…` of other providers.
    pub id: String,
    /// What to call the customer.
    #[serde(rename = "customerName", deserialize_with = "lenient::text_or_empty")]
    pub customer_name: String,
    /// Address of a picture; the till ignores it.
    #[serde(deserialize_with = "lenient::text")]
    pub picture: Option<String>,
    /// ISO 8601.
    #[serde(deserialize_with = "lenient::text_or_empty")]
    pub created: String,
    /// The customer's card at this merchant, where the server tells it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merchantcard: Option<MerchantCard>,
}
