//! The account that a console sells with: the configured one, or that of a sandbox inside.

use std::path::Path;

use secrecy::SecretString;

use super::sandbox::bind;
use super::{Failure, faults, seed};
use crate::cli::ConsoleArgs;
use crate::client::{Deadlines, Settings as ClientSettings};
use crate::config::{Api, Config};
use crate::sandbox::{CLIENT_ID, CLIENT_SECRET, Options};
use crate::worker::Background;

/// The account to sell with: the configured one, or that of a sandbox started for this console.
pub(super) fn account(
    background: &Background,
    config: &Config,
    args: &ConsoleArgs,
    books: &Path,
) -> Result<ClientSettings, Failure> {
    let deadlines = Deadlines {
        connect: config.timeouts.connect,
        call: config.timeouts.call,
        cashless: config.timeouts.cashless,
    };
    if let Some(api) = &config.api {
        return Ok(account_settings(api, books, deadlines));
    }
    let options = Options {
        seed: seed(config),
        faults: faults(config, &args.fault),
        state: Some(books.join("ledger")),
        fresh: args.fresh,
        // There is no test to look at it.
        log: false,
        ..Options::default()
    };
    embedded(background, options, deadlines)
}

/// The configured account.
pub(super) fn account_settings(api: &Api, books: &Path, deadlines: Deadlines) -> ClientSettings {
    ClientSettings {
        url: api.url.clone(),
        client_id: api.client_id.clone(),
        client_secret: api.client_secret.clone(),
        device_uuid: api.device_uuid.clone(),
        token_file: Some(books.join("token.json")),
        ca_file: api.ca_file.clone(),
        deadlines,
    }
}

/// Starts a sandbox inside; the account on it.
pub(super) fn embedded(
    background: &Background,
    options: Options,
    deadlines: Deadlines,
) -> Result<ClientSettings, Failure> {
    let sandbox = bind(background, options)?;
    let settings = ClientSettings {
        url: sandbox.url(),
        client_id: CLIENT_ID.to_owned(),
        client_secret: SecretString::from(CLIENT_SECRET),
        device_uuid: None,
        token_file: None,
        ca_file: None,
        deadlines,
    };
    // The sandbox lives as long as the background thread; nobody waits for its end.
    background.spawn(async move { drop(sandbox.serve(std::future::pending()).await) });
    Ok(settings)
}
