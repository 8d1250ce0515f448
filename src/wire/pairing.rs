//! What one step of pairing a device comes to ([`super::api::oauth`]).

use serde::{Deserialize, Serialize};

/// The OAuth error of a device that nobody has confirmed yet.
pub const UNPAIRED: &str = "authorization_pending";

/// The longest address that is worth a QR code, in bytes: longer ones need more rows than a
/// terminal has.
const LONGEST_LINK: usize = 200;

/// What people need to pair a device. The secret that belongs to it stays in the client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceCode {
    /// To be entered at `address`: ASCII letters, digits and `-`, at most 16.
    pub user_code: String,
    /// Sanitised, at most 200 characters; may be empty.
    pub address: String,
    /// How long it can still be entered, ms.
    pub lives: u64,
    /// The pause between two polls, ms.
    pub interval: u64,
}

impl DeviceCode {
    /// The address, if it is one that a telephone may safely be sent to.
    #[must_use]
    pub fn link(&self) -> Option<&str> {
        let address = self.address.as_str();
        let web = ["https://", "http://"].iter().any(|scheme| {
            address.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
                && address.len() > scheme.len()
        });
        let plain = address.len() <= LONGEST_LINK && address.bytes().all(|b| b.is_ascii_graphic());
        (web && plain).then_some(address)
    }
}

/// What registering or polling came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum PairingAnswer {
    /// Somebody has to enter this code.
    Code(DeviceCode),
    /// Nobody has entered it yet.
    Pending,
    /// Nobody has entered it yet, and the server is asked too often.
    SlowDown,
    /// The code cannot be entered any more: a new one is needed.
    Expired,
    /// The device has its tokens.
    Paired {
        /// The server says it is the sandbox.
        sandbox: bool,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_are_links() {
        let link = |address: &str| {
            let code = DeviceCode {
                user_code: "aa63q9k9".to_owned(),
                address: address.to_owned(),
                lives: 0,
                interval: 0,
            };
            code.link().map(str::to_owned)
        };
        for address in ["http://www.secuoffice.com", "HTTPS://pair.example/?code=aa63q9k9"] {
            assert_eq!(link(address).as_deref(), Some(address));
        }
        let long = format!("https://{}", "x".repeat(LONGEST_LINK));
        for address in [
            "",
            "https://",
            "www.secuoffice.com",
            "javascript:alert(1)",
            "file:///etc/passwd",
            "tel:+4930123456",
            "https://a b",
            "https://ä.example",
            &long,
        ] {
            assert_eq!(link(address), None, "{address}");
        }
    }
}
