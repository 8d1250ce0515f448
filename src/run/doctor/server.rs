//! The server: its name, its port, TLS, its clock, and whether it lets the account in.
//!
//! Logs in, and does nothing else there. A sandbox inside is started for the look, without a
//! ledger.

use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822;

use super::table::Findings;
use crate::client::{Client, Deadlines, Target, target};
use crate::config::{Api, Config};
use crate::journal::Journal;
use crate::run::account::{account_settings, embedded};
use crate::run::books::Books;
use crate::sandbox::Options;
use crate::wire::{DownReason, Outcome};
use crate::worker::Background;

/// The longest wait for each look, even if the configuration allows more, ms: a check must end.
const LONGEST: u64 = 5_000;
/// The clocks may differ by this much unnoticed, s.
const FINE: i64 = 30;
/// With more, certificates and tokens may be taken for expired, s.
const TOO_MUCH: i64 = 300;

pub(super) fn check(findings: &mut Findings, config: &Config, books: &Books) {
    let deadlines = Deadlines {
        connect: config.timeouts.connect.min(LONGEST),
        call: config.timeouts.call.min(LONGEST),
        cashless: config.timeouts.cashless.min(LONGEST),
    };
    let background = match Background::start() {
        Ok(background) => background,
        Err(error) => return findings.problem("server", error.to_string(), "restart the machine"),
    };
    let settings = match &config.api {
        Some(api) => account_settings(api, &books.dir, deadlines),
        None => match embedded(&background, Options::default(), deadlines) {
            Ok(settings) => settings,
            Err(failure) => {
                return findings.problem("server", failure.message, "the sandbox inside fails");
            }
        },
    };
    let (target, client) = match (target(&settings.url), Client::new(&settings)) {
        (Ok(target), Ok(client)) => (target, client),
        (Err(error), _) | (_, Err(error)) => {
            return findings.problem("server", error.to_string(), "correct api.url");
        }
    };
    let inside = config.api.is_none();
    if !reaches(findings, &target, inside, deadlines.connect) {
        return findings.skipped("account", "not tried");
    }
    if !answers(findings, &background, &client, &target) {
        return findings.skipped("account", "not tried");
    }
    account(findings, &background, &client, config.api.as_ref(), books);
}

/// Name and port. Behind a proxy they are the proxy's business.
fn reaches(findings: &mut Findings, target: &Target, inside: bool, wait: u64) -> bool {
    const CHECK: &str = "server";
    let Target { host, port, .. } = target;
    let proxy = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];
    if !target.loopback && proxy.iter().any(|name| std::env::var_os(name).is_some()) {
        findings.skipped(CHECK, format!("{host}:{port} by a proxy"));
        return true;
    }
    let wait = Duration::from_millis(wait);
    let Some(addresses) = resolve(host, *port, wait) else {
        let found = format!("{host}: no such name");
        findings.problem(CHECK, found, "correct api.url, or see to the name server");
        return false;
    };
    let mut last = None;
    for address in addresses {
        match TcpStream::connect_timeout(&address, wait) {
            Ok(_) => {
                let name = if inside { "the sandbox inside, " } else { "" };
                findings.ok(CHECK, format!("{name}{host}:{port} is reached"));
                return true;
            }
            Err(error) => last = Some(error),
        }
    }
    let why = last.map_or_else(|| "no address".to_owned(), |error| error.to_string());
    let advice = "see to the network and the firewall, or correct api.url";
    findings.problem(CHECK, format!("{host}:{port}: {why}"), advice);
    false
}

/// The addresses of a name. The system's look-up knows no deadline, so it is left behind.
fn resolve(host: &str, port: u16, wait: Duration) -> Option<Vec<SocketAddr>> {
    let (sender, found) = channel();
    let host = host.to_owned();
    thread::spawn(move || {
        let addresses = (host.as_str(), port).to_socket_addrs().map(Iterator::collect::<Vec<_>>);
        // The receiver may have stopped waiting.
        drop(sender.send(addresses));
    });
    found.recv_timeout(wait).ok()?.ok().filter(|addresses| !addresses.is_empty())
}

/// TLS and the clock.
fn answers(
    findings: &mut Findings,
    background: &Background,
    client: &Client,
    target: &Target,
) -> bool {
    let client = client.clone();
    let sight = background.run(async move { client.look().await });
    let sight = sight.unwrap_or(Err(DownReason::Internal));
    match (&sight, target.encrypted) {
        (Ok(_), true) => findings.ok("TLS", "the certificate is accepted"),
        (_, false) => findings.ok("TLS", "none: the server is on this machine"),
        (Err(DownReason::Certificate), true) => {
            let advice = "see to this machine's clock and its CA certificates, or correct api.url";
            findings.problem("TLS", "the certificate is not accepted", advice);
        }
        (Err(DownReason::NoConnection), true) => {
            findings.problem("TLS", "no handshake", "api.url may name a port without TLS");
        }
        (Err(_), true) => findings.skipped("TLS", "no answer to judge by"),
    }
    match sight {
        Ok(sight) => {
            clock(findings, sight.date.as_deref());
            true
        }
        Err(reason) => {
            if !matches!(reason, DownReason::Certificate) {
                let found = format!("no answer: {}", why(reason));
                findings.problem("answer", found, "api.url may name something else than the API");
            }
            false
        }
    }
}

fn clock(findings: &mut Findings, date: Option<&str>) {
    const CHECK: &str = "clock";
    let Some(theirs) = date.and_then(|date| rfc2822::parse(date).ok()) else {
        return findings.skipped(CHECK, "the server does not tell its time");
    };
    let ahead = Timestamp::now().as_second() - theirs.timestamp().as_second();
    let found = match ahead {
        0 => "as the server's".to_owned(),
        1.. => format!("{ahead} s ahead of the server"),
        _ => format!("{} s behind the server", -ahead),
    };
    let advice = "set this machine's clock (timedatectl set-ntp true)";
    if ahead.abs() > TOO_MUCH {
        findings.problem(CHECK, found, advice);
    } else if ahead.abs() > FINE {
        findings.warning(CHECK, found, advice);
    } else {
        findings.ok(CHECK, found);
    }
}

/// Logs in. A device's new token ends that of a console that runs, so it is left alone then.
fn account(
    findings: &mut Findings,
    background: &Background,
    client: &Client,
    api: Option<&Api>,
    books: &Books,
) {
    const CHECK: &str = "account";
    let device = api.is_some_and(|api| api.device_uuid.is_some());
    if device && books.dir.is_dir() && Journal::holder(&books.dir, books.mode).is_some() {
        return findings.skipped(CHECK, "a console is running with this device: not tried");
    }
    let client = client.clone();
    let logged = background.run(async move { client.connect().await });
    match logged.unwrap_or(Outcome::Down(DownReason::Internal)) {
        Outcome::Ok(connected) => {
            let kind = if connected.sandbox { "a sandbox" } else { "a live server" };
            findings.ok(CHECK, format!("logged in to {kind}"));
        }
        Outcome::Refused(error) if error.is_unpaired() => {
            let advice = "start the console: it shows a code to enter in the back office";
            findings.problem(CHECK, "this device is not paired", advice);
        }
        Outcome::Refused(error) => {
            let words = [&error.details, &error.user, &error.name];
            let words = words.into_iter().find(|words| !words.is_empty());
            let found = format!("refused: {}", words.map_or("", String::as_str));
            let advice = "correct client_id, client_secret and device_uuid in [api]";
            findings.problem(CHECK, found, advice);
        }
        Outcome::Unknown(reason) | Outcome::Down(reason) => {
            let found = format!("no answer: {}", why(reason));
            findings.problem(CHECK, found, "api.url may name something else than the API");
        }
    }
}

fn why(reason: DownReason) -> String {
    match reason {
        DownReason::Refused(status) => format!("refused with status {status}"),
        DownReason::NoConnection => "no connection".to_owned(),
        DownReason::Certificate => "the certificate is not accepted".to_owned(),
        DownReason::NotEncrypted => "no encrypted connection".to_owned(),
        DownReason::Timeout => "it took too long".to_owned(),
        DownReason::Broken => "the connection broke".to_owned(),
        DownReason::Unreadable => "it is not what the API answers".to_owned(),
        DownReason::ServerError(status) => format!("an error of the server, HTTP {status}"),
        DownReason::Internal => "a fault of kasse itself".to_owned(),
    }
}
