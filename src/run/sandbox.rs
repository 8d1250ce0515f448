//! The sandbox on its own: says where it listens, then serves until a signal ends it.

use std::fmt::Display;
use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;
use std::sync::mpsc::{channel, sync_channel};
use std::thread;
use std::time::Duration;

use tokio::sync::oneshot;

use super::{Failure, faults, seed, tools};
use crate::cli::{Exit, SANDBOX_ADDRESS, ServeArgs, listen_warning};
use crate::config::Config;
use crate::outside;
use crate::sandbox::{self, Fixtures, Options, Pairing, Sandbox, SandboxError};
use crate::terminal::{self, Obey, Signal};
use crate::worker::Background;

pub(super) fn run(args: &ServeArgs, config: &Config) -> Result<u8, Failure> {
    if let Some(warning) = listen_warning(args.listen) {
        let _ = writeln!(io::stderr(), "kasse: {warning}");
    }
    let (sender, signals) = channel();
    let _watch = terminal::watch(Obey::Keyboard, sender, |signal| signal)
        .map_err(|error| Failure::new(Exit::Internal, error))?;
    let background = Background::start().map_err(|e| Failure::new(Exit::Internal, e))?;
    let options = Options {
        listen: args.listen,
        seed: seed(config),
        faults: faults(config, &args.fault),
        pairing: args.confirm_after.map_or(Pairing::Manual, |polls| Pairing::Automatic { polls }),
        state: args.state.clone(),
        fresh: args.fresh,
        fixtures: args.fixtures.as_deref().map_or_else(|| Ok(Fixtures::default()), fixtures)?,
        terminal_latency: Duration::from_millis(args.terminal_latency.into()),
        // There is no test to look at it.
        log: false,
        ..Options::default()
    };
    let mut sandbox = bind(&background, options)?;
    tools::say(&format!("listening on {}\n", sandbox.url()))?;
    tell_pairings(&mut sandbox)?;
    let (stop, stopped) = oneshot::channel::<()>();
    let (done, ended) = channel();
    background.spawn(async move {
        let result = sandbox.serve(async move { drop(stopped.await) }).await;
        let _ = done.send(result);
    });
    let code = loop {
        match signals.recv() {
            Ok(Signal::Terminate(by)) => break by.exit_code(),
            Ok(Signal::Resize | Signal::Resumed) => {}
            Err(_) => break Exit::Internal.code(),
        }
    };
    drop(stop);
    match ended.recv() {
        Ok(Err(error)) => Err(failure(&error)),
        _ => Ok(code),
    }
}

/// Fixtures with a hundred thousand cards are shorter.
const LONGEST_FIXTURES: u64 = 64 << 20;

/// Reads a file of fixtures.
fn fixtures(path: &Path) -> Result<Fixtures, Failure> {
    let wrong =
        |reason: &dyn Display| Failure::new(Exit::Config, format!("{}: {reason}", path.display()));
    let bytes = outside::read(path, LONGEST_FIXTURES).map_err(|error| wrong(&error))?;
    let text = String::from_utf8(bytes).map_err(|_| wrong(&"is not UTF-8 text"))?;
    Fixtures::read(&text).map_err(|error| wrong(&format!("the fixtures are wrong:\n{error}")))
}

/// Writes a line for every device that waits for people. The thread ends with the sandbox.
fn tell_pairings(sandbox: &mut Sandbox) -> Result<(), Failure> {
    // A reader that stands still holds up nothing but these lines, and only so many of them.
    let (sender, codes) = sync_channel(64);
    let addr = sandbox.addr();
    sandbox.tell_pairings(sender);
    let told = move || {
        while let Ok(code) = codes.recv() {
            // A closed output is no error: the device can still be confirmed.
            let _ = tools::say(&pairing_line(&code, addr));
        }
    };
    let thread = thread::Builder::new().name("pairings".to_owned()).spawn(told);
    thread.map(drop).map_err(|error| Failure::new(Exit::Internal, error))
}

fn pairing_line(code: &str, addr: SocketAddr) -> String {
    // Reached under another address, the command must be told where.
    let near = near(addr).to_string();
    let url = if near == SANDBOX_ADDRESS { String::new() } else { format!(" --url http://{near}") };
    format!("pairing requested: code {code}; confirm with: kasse sandbox confirm {code}{url}\n")
}

/// Where this machine reaches a server that listens on `addr`.
fn near(addr: SocketAddr) -> SocketAddr {
    let ip = match addr.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, addr.port())
}

/// Binds a sandbox and tells in words and code why it cannot be.
pub(super) fn bind(background: &Background, options: Options) -> Result<Sandbox, Failure> {
    background
        .run(sandbox::bind(options))
        .map_err(|error| Failure::new(Exit::Internal, error))?
        .map_err(|error| failure(&error))
}

fn failure(error: &SandboxError) -> Failure {
    match error {
        SandboxError::AddressInUse(addr) => Failure::new(
            Exit::Listen,
            format!(
                "{addr} is already in use; choose another port with --listen, 0 for a free one"
            ),
        ),
        SandboxError::Bind { .. } => Failure::new(Exit::Listen, error),
        SandboxError::State(_) => {
            Failure::new(Exit::State, format!("the sandbox: {error}\nWith --fresh it starts anew."))
        }
    }
}
