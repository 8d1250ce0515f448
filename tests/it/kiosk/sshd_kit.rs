//! A real `sshd` on loopback with throw-away keys and the recipe's block, a till behind it, and
//! what can be asked about the program that it started.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::mpsc::channel;
use std::thread;

use kasse::sandbox::Options;
use kasse::worker::Background;

use crate::journeys::kit::Server;
use crate::kiosk::program::{filled, till};
use crate::pty::home::{Finished, Home, finish};
use crate::pty::kit::{PATIENCE, Pty, starting};

/// The recipe's block, as it is shipped.
const RECIPE: &str = include_str!("../../kiosk/sshd_kasse.conf");

/// Everything that the block must shut is open without it.
const GENEROUS: &str = "\
PidFile none
UsePAM no
StrictModes no
LogLevel VERBOSE
PermitRootLogin yes
PasswordAuthentication no
Subsystem sftp internal-sftp
AcceptEnv LANG LC_* KASSE_* LD_* PATH ENV BASH_ENV
AllowTcpForwarding yes
AllowStreamLocalForwarding yes
AllowAgentForwarding yes
X11Forwarding yes
PermitTunnel yes
PermitUserRC yes
GatewayPorts yes
";

/// Whether the server has the recipe's block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Block {
    Recipe,
    /// To see that an attempt would succeed without it.
    Missing,
}

/// The ssh server, a till of the user who runs the test, and its sandbox.
pub struct Shop {
    sshd: Child,
    port: u16,
    user: String,
    pub home: Home,
    pub server: Server,
    config: PathBuf,
    binary: PathBuf,
    _background: Background,
}

/// Where `sshd` is. Where none can be used nothing is tested, which is an error where
/// `REQUIRE_SSHD` is set.
fn sshd() -> Option<PathBuf> {
    let path = std::env::var("PATH").unwrap_or_default();
    let mut places = path.split(':').chain(["/usr/sbin", "/usr/local/sbin"]);
    let found = places.find_map(|dir| Some(Path::new(dir).join("sshd")).filter(|p| p.is_file()));
    let missing = match found {
        None => "there is no sshd: install openssh-server",
        Some(_) if !may_have_terminals() => {
            "sshd gives this user no terminals: run as root, or mount /dev/pts with gid=5"
        }
        Some(_) => return found,
    };
    let required = std::env::var("REQUIRE_SSHD").is_ok_and(|value| value == "1");
    assert!(!required, "{missing}");
    println!("SKIPPED: {missing}");
    None
}

/// Whether `sshd`, run by this user, can hand out terminals: unless the system makes them of the
/// group `tty`, it wants to do so itself, which root alone may.
fn may_have_terminals() -> bool {
    let mounts = fs::read_to_string("/proc/mounts").unwrap_or_default();
    let mut devpts = mounts.lines().filter(|line| line.starts_with("devpts "));
    Process(std::process::id().cast_signed()).is_root() || devpts.any(|line| line.contains("gid="))
}

impl Shop {
    /// `None`, with a word about it, where there is no `sshd`.
    pub fn open(block: Block) -> Option<Self> {
        let binary = sshd()?;
        let background = Background::start().unwrap();
        let server = Server::start(&background, Options::default());
        let home = Home::new();
        let dir = home.path().to_str().unwrap().to_owned();
        let user = finish(home.program("id", &["-un"]), "").stdout;
        let user = user.trim().to_owned();
        if user == "root" {
            // Where the system's own server has never run, its empty directory is missing.
            fs::create_dir_all("/run/sshd").unwrap();
        }

        for key in ["host_key", "user_key"] {
            let args = ["-q", "-t", "ed25519", "-N", "", "-f", &format!("{dir}/{key}")];
            assert_eq!(finish(home.program("ssh-keygen", &args), "").code, 0);
        }
        fs::create_dir(home.path().join("keys")).unwrap();
        fs::copy(home.path().join("user_key.pub"), home.path().join("keys").join(&user)).unwrap();
        home.file(&format!("{user}.toml"), &till(&server.url, &format!("{dir}/books")));

        let recipe = filled(
            RECIPE,
            &[
                ("Match User till*", &format!("Match User {user}")),
                ("/usr/bin/kasse", env!("CARGO_BIN_EXE_kasse")),
                ("/etc/kasse/", &format!("{dir}/")),
                ("/etc/ssh/kasse/", &format!("{dir}/keys/")),
            ],
        );
        let block = match block {
            Block::Recipe => recipe,
            Block::Missing => format!("AuthorizedKeysFile {dir}/keys/%u\n"),
        };
        let (sshd, port, config) = listen(&home, &binary, &block);
        let host = fs::read_to_string(home.path().join("host_key.pub")).unwrap();
        home.file("known_hosts", &format!("[127.0.0.1]:{port} {host}"));
        Some(Self { sshd, port, user, home, server, config, binary, _background: background })
    }

    /// Arguments of the client: `options`, the address, `command`.
    pub fn args(&self, options: &[&str], command: &[&str]) -> Vec<String> {
        let dir = self.home.path().display();
        let mut args: Vec<String> = ["-F", "none", "-p"].map(str::to_owned).to_vec();
        args.extend([self.port.to_string(), "-i".to_owned(), format!("{dir}/user_key")]);
        for option in [
            &format!("UserKnownHostsFile={dir}/known_hosts"),
            "GlobalKnownHostsFile=none",
            "StrictHostKeyChecking=yes",
            "IdentitiesOnly=yes",
            "BatchMode=yes",
            "ConnectTimeout=10",
        ] {
            args.extend(["-o".to_owned(), option.to_owned()]);
        }
        args.extend(options.iter().map(|option| (*option).to_owned()));
        args.push(format!("{}@127.0.0.1", self.user));
        args.extend(command.iter().map(|word| (*word).to_owned()));
        args
    }

    /// Logs in on a terminal.
    pub fn log_in(&self, options: &[&str], command: &[&str]) -> Pty {
        self.log_in_with(&[], options, command)
    }

    /// Logs in on a terminal, with these variables (`NAME=value`) on the client's side, and unlocks
    /// the till.
    pub fn log_in_with(&self, variables: &[&str], options: &[&str], command: &[&str]) -> Pty {
        let mut args: Vec<String> = variables.iter().map(|word| (*word).to_owned()).collect();
        args.push("ssh".to_owned());
        args.extend(self.args(&[options, &["-tt", "-e", "none"]].concat(), command));
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let pty = self.home.start("env", &args, 80, 24);
        crate::kiosk::program::unlock(&pty);
        pty
    }

    /// Runs the client without a terminal to its end.
    pub fn ask(&self, options: &[&str], command: &[&str]) -> Finished {
        self.run("ssh", &self.args(options, command))
    }

    /// Runs one of the other clients, `sftp` or `scp`, on these arguments: `{to}` stands for the
    /// address.
    pub fn copy(&self, program: &str, words: &[&str]) -> Finished {
        let mut args = self.args(&[], &[]);
        let to = args.pop().unwrap();
        let port = args.iter().position(|arg| arg == "-p").unwrap();
        "-P".clone_into(&mut args[port]);
        args.extend(words.iter().map(|word| word.replace("{to}", &to)));
        self.run(program, &args)
    }

    fn run(&self, program: &str, args: &[String]) -> Finished {
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        finish(self.home.program(program, &args), "")
    }

    /// A connection without a session that stays in the background, ready when this returns.
    pub fn tunnel(&self, options: &[&str]) -> Tunnel<'_> {
        let socket = self.home.path().join("master").to_str().unwrap().to_owned();
        let master = ["-M", "-S", &socket, "-f", "-N"];
        let args = self.args(&[&master, options].concat(), &[]);
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let mut command = self.home.program("ssh", &args);
        // The one in the background would keep a pipe open.
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = {
            let _alone = starting();
            command.spawn().unwrap()
        };
        assert!(child.wait().unwrap().success());
        Tunnel { shop: self, socket }
    }

    /// What the server would do for this user, in its own words.
    pub fn settings(&self) -> String {
        let who = format!("user={},host=localhost,addr=127.0.0.1", self.user);
        let config = self.config.to_str().unwrap();
        let args = ["-T", "-C", &who, "-f", config];
        finish(self.home.program(self.binary.to_str().unwrap(), &args), "").stdout
    }

    /// The console that has the till.
    pub fn console(&self) -> Process {
        let lock = self.home.path().join("books/sandbox/journal-sandbox.lock");
        Process(fs::read_to_string(lock).unwrap().trim().parse().unwrap())
    }
}

/// Writes the configuration and starts the server on a free port.
fn listen(home: &Home, binary: &Path, block: &str) -> (Child, u16, PathBuf) {
    let dir = home.path().display();
    // Between finding a port and listening on it, somebody else may take it.
    for _ in 0..5 {
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let head = format!("Port {free}\nListenAddress 127.0.0.1\nHostKey {dir}/host_key\n");
        let config = home.file("sshd_config", &format!("{head}{GENEROUS}{block}"));
        let mut command = home.program(binary.to_str().unwrap(), &["-D", "-e", "-f"]);
        command.arg(&config).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = {
            let _alone = starting();
            command.spawn().unwrap()
        };
        let log = BufReader::new(child.stderr.take().unwrap());
        let (sender, lines) = channel();
        thread::spawn(move || {
            // Read to its end: a full pipe would stop the server.
            for line in log.lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        let mut said = Vec::new();
        while let Ok(line) = lines.recv_timeout(PATIENCE) {
            if line.contains("Server listening on") {
                return (child, free, config);
            }
            said.push(line);
        }
        let _ = child.kill();
        child.wait().unwrap();
        let taken = said.iter().any(|line| line.contains("Address already in use"));
        assert!(taken, "sshd does not start:\n{}", said.join("\n"));
    }
    panic!("no free port");
}

impl Drop for Shop {
    fn drop(&mut self) {
        let _ = self.sshd.kill();
        let _ = self.sshd.wait();
    }
}

/// A connection in the background; ended when dropped.
pub struct Tunnel<'a> {
    shop: &'a Shop,
    socket: String,
}

impl Drop for Tunnel<'_> {
    fn drop(&mut self) {
        self.shop.ask(&["-S", &self.socket, "-O", "exit"], &[]);
    }
}

/// A process on this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Process(pub i32);

impl Process {
    fn stat(self) -> Option<Vec<String>> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.0)).ok()?;
        // The name in front may hold anything.
        let (_, fields) = stat.rsplit_once(')')?;
        Some(fields.split_whitespace().map(str::to_owned).collect())
    }

    /// True if it may do everything.
    pub fn is_root(self) -> bool {
        fs::read_to_string(format!("/proc/{}/status", self.0)).unwrap().contains("\nUid:\t0\t0")
    }

    /// Neither ended nor stopped.
    pub fn runs(self) -> bool {
        self.stat().is_some_and(|fields| !["T", "t", "Z", "X"].contains(&fields[0].as_str()))
    }

    pub fn signal(self, signal: rustix::process::Signal) {
        let pid = rustix::process::Pid::from_raw(self.0).unwrap();
        rustix::process::kill_process(pid, signal).unwrap();
    }

    /// The names of its variables, sorted.
    pub fn variables(self) -> Vec<String> {
        let environ = fs::read(format!("/proc/{}/environ", self.0)).unwrap();
        let environ = String::from_utf8(environ).unwrap();
        let names = environ.split('\0').filter_map(|pair| pair.split_once('='));
        let mut names: Vec<String> = names.map(|(name, _)| name.to_owned()).collect();
        names.sort();
        names
    }

    /// The program that it is.
    pub fn program(self) -> PathBuf {
        fs::read_link(format!("/proc/{}/exe", self.0)).unwrap()
    }

    /// Programs that it has started and that run.
    pub fn children(self) -> Vec<i32> {
        let all = fs::read_dir("/proc").unwrap().flatten();
        let pids = all.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
        let parent = self.0.to_string();
        pids.filter(|pid| Self(*pid).stat().is_some_and(|fields| fields[1] == parent)).collect()
    }
}
