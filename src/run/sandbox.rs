//! The sandbox on its own: says where it listens, then serves until a signal ends it.

use std::io::{self, Write};
use std::sync::mpsc::channel;

use tokio::sync::oneshot;

use super::{Failure, faults, seed, tools};
use crate::cli::{Exit, SandboxArgs, listen_warning};
use crate::config::Config;
use crate::sandbox::{self, Options, Sandbox, SandboxError};
use crate::terminal::{self, Obey, Signal};
use crate::worker::Background;

pub(super) fn run(args: &SandboxArgs, config: &Config) -> Result<u8, Failure> {
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
        ..Options::default()
    };
    let sandbox = bind(&background, options)?;
    tools::say(&format!("listening on {}\n", sandbox.url()))?;
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
