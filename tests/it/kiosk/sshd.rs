//! The kiosk over a real `sshd`, configured by the very files of the recipe: selling, losing the
//! line, and every way out or in that a client can try.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::net::{UnixListener, UnixStream};
use std::thread;

use rustix::process::Signal;

use crate::kiosk::program::PIN;
use crate::kiosk::sshd_kit::{Block, Process, Shop};
use crate::pty::home::Finished;
use crate::pty::kit::{Pty, contains};

const SCANS: &str = "30037\r30200\r2*51\r9276004424644352\r";
const TOTAL: &str = "7.96 EUR";
/// What a service beside the till would say, if it were reached.
const LEAK: &str = "reached";

#[test]
fn a_sale_over_ssh() {
    let Some(shop) = Shop::open(Block::Recipe) else { return };
    let pty = shop.log_in(&[], &[]);
    pty.wait_for("Server connected");
    pty.type_bytes(SCANS);
    pty.wait_for_all(&[TOTAL, "9276 •••• •••• 4352", "● created ─ ○ processing ─ ○ ok"]);
    pty.keys("/", "● created ─ ● processing ─ ○ ok");
    pty.keys("+", "Payment: Cash");
    pty.keys("20", "14.24 EUR");
    pty.keys("+", "● created ─ ● processing ─ ● ok");
    pty.wait_for_all(&["Paid", "14.24 EUR", "Zahlung über:", "Umsatz erfasst:"]);
    assert_eq!(shop.server.calls("POST", "/start/cash"), 1);

    // The way out, which ends the connection.
    pty.keys(" quit", "› quit");
    pty.keys("\r", "Type the PIN");
    pty.type_bytes(format!("{PIN}\r"));
    assert_eq!(pty.exit_code(), 0);
    assert!(!contains(&pty.log(), PIN.as_bytes()));
}

/// How the line is lost in the middle of a sale.
#[derive(Debug, Clone, Copy)]
enum Lost {
    /// The client dies.
    Client,
    /// The terminal in front of the client goes.
    Terminal,
    /// The client stands still: the server does not know yet that nobody is there.
    Silent,
    /// The console is told to end.
    Terminate,
}

#[test]
fn a_lost_line_parks_the_sale_and_the_next_log_in_has_it() {
    let Some(shop) = Shop::open(Block::Recipe) else { return };
    let mut pty = shop.log_in(&[], &[]);
    pty.type_bytes(SCANS);
    pty.wait_for_all(&[TOTAL, "9276 •••• •••• 4352", "● created"]);
    for lost in [Lost::Client, Lost::Terminal, Lost::Silent, Lost::Terminate] {
        let before = shop.console();
        match lost {
            Lost::Client => pty.signal(Signal::KILL),
            Lost::Terminal => pty.hang_up(),
            Lost::Silent => pty.signal(Signal::STOP),
            Lost::Terminate => before.signal(Signal::TERM),
        }
        let next = shop.log_in(&[], &[]);
        next.wait_for_all(&[TOTAL, "Sandwich", "9276 •••• •••• 4352"]);
        assert_ne!(shop.console(), before, "{lost:?}");
        assert!(!before.runs(), "{lost:?}: two consoles");
        pty = next;
    }
    assert_eq!(shop.server.calls("POST", "/start/cash"), 0);
    pty.keys("+", "Payment: ");
    pty.type_bytes("20");
    pty.keys("+", "Paid");
}

/// The attempts and what became of them.
#[derive(Default)]
struct Table(Vec<(String, String)>);

impl Table {
    fn row(&mut self, attempt: &str, outcome: &str) {
        self.0.push((attempt.to_owned(), outcome.to_owned()));
    }

    /// An attempt that gets the console and nothing else, which wants a terminal and has none.
    fn refused(&mut self, attempt: &str, ended: &Finished) {
        assert_ne!(ended.code, 0, "{attempt}");
        assert!(!ended.stdout.contains("uid=") && !ended.stdout.contains(LEAK), "{attempt}");
        let said = ended.stderr.lines().find(|line| {
            ["not a terminal", "prohibited", "forwarding failed", "refused", "closed"]
                .iter()
                .any(|word| line.contains(word))
        });
        // A subsystem's words are thrown away by the server.
        let said = said.or_else(|| ended.stderr.trim().is_empty().then_some("no answer"));
        let said = said.unwrap_or_else(|| panic!("{attempt}: {}", ended.stderr));
        let said = said.trim_end_matches(|c: char| c == '.' || c.is_whitespace());
        self.row(attempt, &format!("exit {}: {said}", ended.code));
    }

    fn print(&self) {
        let width = self.0.iter().map(|(attempt, _)| attempt.chars().count()).max().unwrap_or(0);
        println!("\n{:width$} | outcome", "attempt");
        println!("{:-<width$}-|--------", "");
        for (attempt, outcome) in &self.0 {
            println!("{attempt:width$} | {outcome}");
        }
        println!("{} attempts, none successful", self.0.len());
    }
}

/// Services beside the till, on the server's side; both say [`LEAK`] to whoever reaches them.
fn services(shop: &Shop) -> (u16, String) {
    let tcp = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = tcp.local_addr().unwrap().port();
    thread::spawn(move || {
        for caller in tcp.incoming().flatten() {
            let _ = (&caller).write_all(LEAK.as_bytes());
        }
    });
    let path = shop.home.path().join("service");
    let unix = UnixListener::bind(&path).unwrap();
    thread::spawn(move || {
        for caller in unix.incoming().flatten() {
            let _ = (&caller).write_all(LEAK.as_bytes());
        }
    });
    (port, path.to_str().unwrap().to_owned())
}

/// What a SOCKS proxy on `port` brings from `target` on this machine.
fn through_socks(port: u16, target: u16) -> String {
    let mut line = TcpStream::connect(("127.0.0.1", port)).unwrap();
    line.write_all(&[5, 1, 0]).unwrap();
    let mut answer = [0; 2];
    line.read_exact(&mut answer).unwrap();
    assert_eq!(answer, [5, 0], "a proxy that lets everybody in");
    let [high, low] = target.to_be_bytes();
    line.write_all(&[5, 1, 0, 1, 127, 0, 0, 1, high, low]).unwrap();
    text(line)
}

/// Everything that comes until the other end closes, or [`LEAK`] is complete.
fn text(mut from: impl Read) -> String {
    let (mut all, mut chunk) = (Vec::new(), [0; 64]);
    while !contains(&all, LEAK.as_bytes()) {
        match from.read(&mut chunk) {
            Ok(count) if count > 0 => all.extend_from_slice(&chunk[..count]),
            _ => break,
        }
    }
    String::from_utf8_lossy(&all).into_owned()
}

/// The console is the one it was, started nothing, and has the basket it had.
fn unharmed(pty: &Pty, console: Process, shop: &Shop, basket: &str) {
    pty.wait_for(basket);
    assert!(console.runs(), "{}", pty.screen());
    assert_eq!(shop.console(), console);
    assert_eq!(console.children(), [0; 0], "it started something");
}

#[test]
fn no_way_out_and_no_way_in() {
    let Some(shop) = Shop::open(Block::Recipe) else { return };
    let mut table = Table::default();
    without_a_terminal(&shop, &mut table);
    tunnels(&shop, &mut table);
    what_is_brought_along(&shop, &mut table);
    keys(&shop, &mut table);
    signals(&shop, &mut table);
    table.print();
    let settings = shop.settings();
    for setting in [
        "allowagentforwarding no",
        "authenticationmethods publickey",
        "disableforwarding yes",
        "gatewayports no",
        "maxsessions 1",
        "permittunnel no",
        "permituserrc no",
        "x11forwarding no",
    ] {
        assert!(settings.lines().any(|line| line == setting), "{setting}\n{settings}");
    }
}

fn without_a_terminal(shop: &Shop, table: &mut Table) {
    table.refused("ssh till id", &shop.ask(&[], &["id"]));
    table.refused("ssh till 'sh -i'", &shop.ask(&[], &["sh", "-i"]));
    table.refused("ssh -T till, a shell", &shop.ask(&["-T"], &[]));
    table.refused("ssh -s till sftp, the subsystem", &shop.ask(&["-s"], &["sftp"]));
    let file = shop.home.file("brought", "x");
    let file = file.to_str().unwrap();
    table.refused("sftp till", &shop.copy("sftp", &["-b", "/dev/null", "{to}"]));
    table.refused("scp till:/etc/passwd .", &shop.copy("scp", &["{to}:/etc/passwd", "taken"]));
    table.refused(
        "scp -O till:/etc/passwd .",
        &shop.copy("scp", &["-O", "{to}:/etc/passwd", "taken"]),
    );
    table.refused("scp file till:.profile", &shop.copy("scp", &[file, "{to}:.kasse-escape"]));
    assert!(!shop.home.path().join("taken").exists());
    let quoted = shop.ask(&[], &["\"; id; echo \"'$(id)`id`"]);
    table.refused("ssh till '\"; id; $(id)'", &quoted);
}

fn tunnels(shop: &Shop, table: &mut Table) {
    let (port, socket) = services(shop);
    let target = format!("127.0.0.1:{port}");
    table.refused("ssh -W, a service of the server", &shop.ask(&["-W", &target], &[]));
    let strict = ["-N", "-o", "ExitOnForwardFailure=yes", "-R"];
    let remote = format!("127.0.0.1:0:{target}");
    table.refused("ssh -R port", &shop.ask(&[&strict[..], &[&remote]].concat(), &[]));
    table.refused(
        "ssh -R, a SOCKS proxy",
        &shop.ask(&[&strict[..], &["127.0.0.1:0"]].concat(), &[]),
    );
    let there = shop.home.path().join("planted");
    let remote = format!("{}:{target}", there.display());
    table.refused("ssh -R unix socket", &shop.ask(&[&strict[..], &[&remote]].concat(), &[]));
    assert!(!there.exists());
    if Process(std::process::id().cast_signed()).is_root() {
        // Without the right to make one, it would fail at the client already.
        let tun = shop.ask(&["-N", "-o", "ExitOnForwardFailure=yes", "-w", "any"], &[]);
        assert_ne!(tun.code, 0);
        table.row("ssh -w, a tunnel device", &format!("exit {}: refused", tun.code));
    }
    let (to_port, to_socket, socks) = forwarded(shop, port, &socket);
    for (attempt, brought) in
        [("ssh -L port", to_port), ("ssh -L unix socket", to_socket), ("ssh -D", socks)]
    {
        assert!(!brought.contains(LEAK), "{attempt}");
        table.row(attempt, "channel refused: nothing came through");
    }
}

/// What comes through local forwards to a port and a socket and through a SOCKS proxy.
fn forwarded(shop: &Shop, port: u16, socket: &str) -> (String, String, String) {
    let (to_port, to_socket) = (shop.home.path().join("lp"), shop.home.path().join("ls"));
    let socks = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let _tunnel = shop.tunnel(&[
        "-L",
        &format!("{}:127.0.0.1:{port}", to_port.display()),
        "-L",
        &format!("{}:{socket}", to_socket.display()),
        "-D",
        &format!("127.0.0.1:{socks}"),
    ]);
    let unix = |path| text(UnixStream::connect(path).unwrap());
    (unix(&to_port), unix(&to_socket), through_socks(socks, port))
}

/// A log-in: its name, the client's own variables, its options, a command.
type Attempt<'a> = (&'a str, &'a [&'a str], &'a [&'a str], &'a [&'a str]);

/// Commands, variables, agents and displays that come with a log-in on a terminal.
fn what_is_brought_along(shop: &Shop, table: &mut Table) {
    let escaped = shop.home.path().join("escaped");
    let touch = format!("touch {}", escaped.display());
    let trap = shop.home.file("trap.sh", &format!("{touch}\n"));
    let trap = trap.to_str().unwrap();
    let agent = shop.home.path().join("agent");
    let _agent = UnixListener::bind(&agent).unwrap();
    let agent = format!("ForwardAgent={}", agent.display());
    let set = format!(
        "SetEnv=KASSE_KIOSK=false KASSE_API_URL=http://127.0.0.1:1 KASSE_CONFIG={trap} \
         KASSE_KEYS_QUIT=F8 LD_PRELOAD={trap} LD_AUDIT={trap} ENV={trap} BASH_ENV={trap} \
         PATH={} LC_ALL=de_DE.UTF-8",
        shop.home.path().display()
    );
    let term = format!("TERM=xterm; {touch}; $({touch}) `{touch}` \" ' \\ %n%s");
    let long = format!("TERM={}", "x".repeat(5_000));
    let attempts: [Attempt; 8] = [
        ("ssh -t till 'id; sh' (SSH_ORIGINAL_COMMAND)", &[], &[], &["id; sh"]),
        ("variables: KASSE_*, LD_*, ENV, PATH, LC_ALL", &[], &["-o", &set], &[]),
        ("TERM with commands in it", &[&term], &[], &[]),
        ("TERM of 5,000 characters", &[&long], &[], &[]),
        ("TERM empty", &["TERM="], &[], &[]),
        ("TERM=dumb", &["TERM=dumb"], &[], &[]),
        ("ssh -A, the agent", &[], &["-o", &agent], &[]),
        ("ssh -X, a display", &["DISPLAY=127.0.0.1:9"], &["-X"], &[]),
    ];
    for (attempt, variables, options, command) in attempts {
        let pty = shop.log_in_with(variables, options, command);
        pty.wait_for_all(&["Basket", "Server connected"]);
        let console = shop.console();
        assert_eq!(console.variables(), ["HOME", "LANG", "TERM"], "{attempt}");
        assert_eq!(console.program().to_str(), Some(env!("CARGO_BIN_EXE_kasse")), "{attempt}");
        // The end of the sale before has come to this log-in too: one console at a time.
        unharmed(&pty, console, shop, "0.00 EUR");
        assert!(!escaped.exists(), "{attempt}");
        pty.signal(Signal::KILL);
        table.row(attempt, "the console, with HOME, LANG and TERM alone");
    }
}

/// What is typed, by a person or by a terminal that answers something nobody asked.
fn keys(shop: &Shop, table: &mut Table) {
    let pty = shop.log_in(&[], &[]);
    pty.wait_for("Server connected");
    pty.type_bytes("30037\r30200\r");
    pty.wait_for("5.98 EUR");
    let console = shop.console();
    let every: Vec<u8> = (0..32).filter(|byte| ![9, 10, 13, 27].contains(byte)).collect();
    let attempts: [(&str, &[u8]); 14] = [
        ("Ctrl-C", b"\x03\x03\x03"),
        ("Ctrl-Z", b"\x1a\x1a"),
        ("Ctrl-\\", b"\x1c\x1c"),
        ("Ctrl-S, Ctrl-Q", b"\x13\x13\x11"),
        ("Ctrl-D", b"\x04\x04\x04"),
        ("every other control key", &every),
        ("~. ~^Z ~# ~C at the start of a line (-e none)", b"\r~.\r~\x1a\r~#\r~C\r"),
        (
            "terminal answers: DA, DSR, DECRPM, focus",
            b"\x1b[?62;1;2c\x1b[24;80R\x1b[?2026;2$y\x1b[I",
        ),
        (
            "OSC: title, clipboard, colour",
            b"\x1b]0;30037\r\x07\x1b]52;c;MzAwMzc=\x1b\\\x1b]11;rgb:0/0/0\x07",
        ),
        ("DCS, APC, PM, SOS", b"\x1bP1$r30037\x1b\\\x1b_30037\x1b\\\x1b^30037\x1b\\"),
        ("bracketed paste of a command", b"\x1b[200~; sh -i\r\x1b[201~"),
        ("shell words as entry", b"!sh\r:!sh\r|sh\r$(sh)\r`sh`\r../../etc/passwd\r"),
        ("mouse and window reports", b"\x1b[<0;1;1M\x1b[M !!\x1b[8;24;80t\x1b[3;0;0t"),
        ("bytes that are no text", b"\xff\xfe\xc3\x28\xed\xa0\x80\x9b30037\x9c\x00"),
    ];
    for (attempt, bytes) in attempts {
        pty.type_bytes(bytes);
        // Whatever it opened or complained of is closed; what is typed then is sold.
        settle(&pty);
        unharmed(&pty, console, shop, "5.98 EUR");
        table.row(attempt, "the same console and basket");
    }
    for (columns, rows) in [(1, 1), (2, 1), (500, 1), (1, 200), (80, 24)] {
        pty.resize(columns, rows);
    }
    unharmed(&pty, console, shop, "5.98 EUR");
    table.row("window of 1x1, 2x1, 500x1, 1x200", "the same console and basket");

    pty.keys("\x1b[24~", "Type the PIN");
    pty.type_bytes("\x1b[24~\x1b[C\x1b \x1bOP\x1b[21~4999012345678\r");
    pty.wait_for("dropped");
    assert!(!pty.screen().contains("5.98"), "{}", pty.screen());
    pty.keys("0000\r", "Wrong PIN");
    table.row("the lock: F12, →, Esc, F10, a scan, 0000", "locked");
    pty.wait_for("Type it again");
    pty.keys(&format!("{PIN}\r"), "5.98 EUR");
    pty.keys(" quit", "› quit");
    pty.keys("\r", "Type the PIN");
    pty.type_bytes("\x1b[C\r\r");
    pty.keys("0000\r", "Wrong PIN");
    // The wait goes on at the next log-in, so it is waited for here.
    pty.wait_for("Type it again");
    pty.keys("\x1b", "5.98 EUR");
    unharmed(&pty, console, shop, "5.98 EUR");
    table.row("quit without the PIN", "not left");
}

/// Ends a sequence that was left open and takes away everything that lies over the sale. The help,
/// which opens over all else, says that everything before it has been taken.
fn settle(pty: &Pty) {
    const HELP: &str = "How a sale goes";
    pty.type_bytes("\x1b\\");
    pty.keys("\x1bOP", HELP);
    while pty.screen().contains(HELP) {
        let mark = pty.log().len();
        pty.type_bytes("\x1b[3~");
        pty.wait_for_frame(mark);
    }
}

/// Signals that somebody else of the same user sends, and a second console.
fn signals(shop: &Shop, table: &mut Table) {
    let pty = shop.log_in(&[], &[]);
    pty.wait_for("5.98 EUR");
    let console = shop.console();
    for signal in [Signal::INT, Signal::TSTP, Signal::QUIT] {
        console.signal(signal);
    }
    pty.keys("30037\r", "9.47 EUR");
    unharmed(&pty, console, shop, "9.47 EUR");
    table.row("SIGINT, SIGTSTP, SIGQUIT from outside", "the same console and basket");
    let options = ["-o", "ControlMaster=auto", "-o", "ControlPath=second"];
    let first = shop.log_in(&options, &[]);
    first.wait_for("9.47 EUR");
    let console = shop.console();
    table.refused("a second session on the same connection", &shop.ask(&options[2..], &["id"]));
    unharmed(&first, console, shop, "9.47 EUR");
}

/// The attempts of the table are no straw men: without the block they succeed.
#[test]
fn without_the_block_the_same_attempts_succeed() {
    let Some(shop) = Shop::open(Block::Missing) else { return };
    let id = shop.ask(&[], &["id"]);
    assert!(id.code == 0 && id.stdout.contains("uid="), "{}", id.stderr);
    let sftp = shop.copy("sftp", &["-b", "/dev/null", "{to}"]);
    assert_eq!(sftp.code, 0, "{}", sftp.stderr);
    assert_eq!(shop.copy("scp", &["{to}:/etc/passwd", "taken"]).code, 0);
    assert!(shop.home.path().join("taken").exists());
    let brought = shop.ask(&["-o", "SetEnv=KASSE_KIOSK=false"], &["env"]);
    assert!(brought.stdout.contains("KASSE_KIOSK=false"), "{}", brought.stderr);
    let (port, socket) = services(&shop);
    let direct = shop.ask(&["-W", &format!("127.0.0.1:{port}")], &[]);
    assert!(direct.stdout.contains(LEAK), "{}", direct.stderr);
    let (to_port, to_socket, socks) = forwarded(&shop, port, &socket);
    for brought in [to_port, to_socket, socks] {
        assert!(brought.contains(LEAK), "{brought:?}");
    }
}
