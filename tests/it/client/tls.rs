//! TLS by real handshakes: certificates made here, a server on loopback that keeps every byte.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::{fs, thread};

use kasse::client::{Client, Settings, SettingsError};
use kasse::wire::{DownReason, Outcome};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};
use rstest::rstest;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, Stream};
use serde_json::json;
use tempfile::TempDir;

use crate::client::server::settings;
use crate::pty::home::Home;
use crate::pty::kit::contains;

/// The name under which the client calls the server.
const HOST: &str = "localhost";

type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority(name: &str) -> Authority {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name.push(rcgen::DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

fn leaf(host: &str) -> CertificateParams {
    let mut params = CertificateParams::new(vec![host.to_owned()]).unwrap();
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params
}

/// What the server shows, and what it is.
fn config(params: &CertificateParams, issuer: Option<&Authority>) -> Arc<ServerConfig> {
    let key = KeyPair::generate().unwrap();
    let certificate = match issuer {
        Some(issuer) => params.signed_by(&key, issuer).unwrap(),
        None => params.self_signed(&key).unwrap(),
    };
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    Arc::new(config)
}

/// A socket that keeps what it reads.
struct Kept {
    socket: TcpStream,
    wire: Arc<Mutex<Vec<u8>>>,
}

impl Read for Kept {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.socket.read(buffer)?;
        self.wire.lock().unwrap().extend_from_slice(&buffer[..count]);
        Ok(count)
    }
}

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.socket.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.socket.flush()
    }
}

/// Serves one request after the other until it is dropped.
struct Server {
    port: u16,
    over: Arc<AtomicBool>,
    /// Every byte that came, as it came.
    wire: Arc<Mutex<Vec<u8>>>,
    /// Every byte that came through a handshake.
    inside: Arc<Mutex<Vec<u8>>>,
}

impl Server {
    /// Without a configuration it speaks plain HTTP.
    fn start(config: Option<Arc<ServerConfig>>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let over = Arc::new(AtomicBool::new(false));
        let (wire, inside) = (Arc::default(), Arc::default());
        let server = Self { port, over, wire, inside };
        let (over, wire, inside) =
            (Arc::clone(&server.over), Arc::clone(&server.wire), Arc::clone(&server.inside));
        thread::spawn(move || {
            for socket in listener.incoming() {
                if over.load(Ordering::SeqCst) {
                    return;
                }
                let mut kept = Kept { socket: socket.unwrap(), wire: Arc::clone(&wire) };
                let (config, inside) = (config.clone(), Arc::clone(&inside));
                // A client that does not like what it sees goes away; that is what is tested.
                thread::spawn(move || match config {
                    Some(config) => {
                        let mut tls = ServerConnection::new(config).unwrap();
                        serve(&mut Stream::new(&mut tls, &mut kept), &inside)
                    }
                    None => serve(&mut kept, &Mutex::default()),
                });
            }
        });
        server
    }

    fn url(&self) -> String {
        format!("https://{HOST}:{}", self.port)
    }

    fn inside(&self) -> Vec<u8> {
        self.inside.lock().unwrap().clone()
    }

    fn wire(&self) -> Vec<u8> {
        self.wire.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
        drop(TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)));
    }
}

/// Answers every request with a token, which is an answer of a transaction as well.
fn serve(stream: &mut (impl Read + Write), seen: &Mutex<Vec<u8>>) -> io::Result<()> {
    let body = json!({"access_token": "T1", "expires_in": 1200, "token_type": "bearer",
        "id": "STX_1", "status": "created"})
    .to_string();
    let length = body.len();
    let answer = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    let (mut request, mut chunk) = (Vec::new(), [0; 4096]);
    loop {
        let count = stream.read(&mut chunk)?;
        if count == 0 {
            return Ok(());
        }
        seen.lock().unwrap().extend_from_slice(&chunk[..count]);
        request.extend_from_slice(&chunk[..count]);
        let Some(head) = request.windows(4).position(|w| w == b"\r\n\r\n") else {
            if request.first() == Some(&0x16) {
                // A handshake where HTTP was expected: what such servers say to it.
                return stream.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
            }
            continue;
        };
        let text = String::from_utf8_lossy(&request[..head]).to_lowercase();
        let wanted = text
            .split("content-length: ")
            .nth(1)
            .map_or(0, |rest| rest.lines().next().unwrap().trim().parse::<usize>().unwrap());
        if request.len() >= head + 4 + wanted {
            request.clear();
            stream.write_all(answer.as_bytes())?;
            stream.flush()?;
        }
    }
}

/// A file with these certificates.
fn ca_file(authorities: &[&Authority]) -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ca.pem");
    let pem: String = authorities.iter().map(|authority| authority.pem()).collect();
    fs::write(&path, pem).unwrap();
    (dir, path)
}

fn account(server: &Server, ca_file: Option<PathBuf>) -> Settings {
    Settings { ca_file, ..settings(&server.url()) }
}

#[tokio::test]
async fn a_good_certificate_of_the_shops_authority_is_accepted() {
    let (ours, other) = (authority("ours"), authority("other"));
    let server = Server::start(Some(config(&leaf(HOST), Some(&ours))));
    let (_dir, file) = ca_file(&[&other, &ours]);
    let client = Client::new(&account(&server, Some(file))).unwrap();
    let outcome = client.read("STX_1").await;
    assert!(matches!(outcome, Outcome::Ok(_)), "{outcome:?}");
    let (inside, wire) = (server.inside(), server.wire());
    for secret in ["hunter2", "Bearer T1", "till-1"] {
        assert!(contains(&inside, secret.as_bytes()), "{secret} is sent");
        assert!(!contains(&wire, secret.as_bytes()), "{secret} is readable on the line");
    }
}

/// What is wrong with the server.
#[derive(Debug, Clone, Copy)]
enum Wrong {
    Expired,
    NotYet,
    Host,
    SelfSigned,
    OtherAuthority,
    /// Ours by name and by nothing else.
    SameName,
    /// Signed by a certificate that is no authority.
    NoAuthority,
    /// Good for clients only.
    Purpose,
    Plain,
}

#[rstest]
#[case::expired(Wrong::Expired)]
#[case::not_yet(Wrong::NotYet)]
#[case::host(Wrong::Host)]
#[case::self_signed(Wrong::SelfSigned)]
#[case::other_authority(Wrong::OtherAuthority)]
#[case::same_name(Wrong::SameName)]
#[case::no_authority(Wrong::NoAuthority)]
#[case::purpose(Wrong::Purpose)]
#[case::plain(Wrong::Plain)]
#[tokio::test]
async fn nothing_is_sent_to_a_server_that_cannot_be_verified(#[case] wrong: Wrong) {
    let ours = authority("ours");
    let mut params = leaf(HOST);
    let mut issuer = Some(&ours);
    let mut made = None;
    match wrong {
        Wrong::Expired => {
            params.not_before = date_time_ymd(2020, 1, 1);
            params.not_after = date_time_ymd(2021, 1, 1);
        }
        Wrong::NotYet => {
            params.not_before = date_time_ymd(4000, 1, 1);
        }
        Wrong::Host => params = leaf("localhost.example"),
        Wrong::SelfSigned => issuer = None,
        Wrong::OtherAuthority => issuer = Some(made.insert(authority("other"))),
        Wrong::SameName => issuer = Some(made.insert(authority("ours"))),
        Wrong::NoAuthority => {
            let key = KeyPair::generate().unwrap();
            issuer = Some(made.insert(CertifiedIssuer::signed_by(leaf(HOST), key, &ours).unwrap()));
        }
        Wrong::Purpose => {
            params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        }
        Wrong::Plain => {}
    }
    let plain = matches!(wrong, Wrong::Plain);
    let server = Server::start((!plain).then(|| config(&params, issuer)));
    let (_dir, file) = ca_file(&[&ours]);
    let reason = if plain { DownReason::NotEncrypted } else { DownReason::Certificate };
    // With the authority it would need, and with the system's alone.
    for ca_file in [Some(file), None] {
        let client = Client::new(&account(&server, ca_file)).unwrap();
        assert_eq!(client.read("STX_1").await, Outcome::Down(reason), "{wrong:?}");
        assert_eq!(client.connect().await, Outcome::Down(reason), "{wrong:?}");
    }
    assert_eq!(server.inside(), b"", "nothing comes before the server is known");
    let wire = server.wire();
    for secret in ["hunter2", "T1", "till-1", "oauth", "POST"] {
        assert!(!contains(&wire, secret.as_bytes()), "{secret} is on the line");
    }
}

#[tokio::test]
async fn the_shops_authority_is_believed_only_where_it_is_named() {
    let ours = authority("ours");
    let server = Server::start(Some(config(&leaf(HOST), Some(&ours))));
    let client = Client::new(&account(&server, None)).unwrap();
    assert_eq!(client.read("STX_1").await, Outcome::Down(DownReason::Certificate));
}

#[test]
fn a_file_of_authorities_that_is_none_is_refused() {
    let (dir, good) = ca_file(&[&authority("ours")]);
    let pem = fs::read_to_string(&good).unwrap();
    let settings =
        |path: PathBuf| Settings { ca_file: Some(path), ..settings("https://connect.example") };
    assert!(Client::new(&settings(good)).is_ok());
    let key = KeyPair::generate().unwrap().serialize_pem();
    let torn = pem.replace("-----END", "=-----END");
    let rubbish = "-----BEGIN CERTIFICATE-----\naGFsbG8=\n-----END CERTIFICATE-----\n";
    let mixed = format!("{pem}{rubbish}");
    for (name, text) in [
        ("empty", ""),
        ("words", "no certificate\n"),
        ("key", key.as_str()),
        ("torn", torn.as_str()),
        ("rubbish", rubbish),
        ("mixed", mixed.as_str()),
    ] {
        let path = dir.path().join(name);
        fs::write(&path, text).unwrap();
        let error = Client::new(&settings(path)).err();
        assert!(matches!(error, Some(SettingsError::Authorities { .. })), "{name}: {error:?}");
    }
    let missing = Client::new(&settings(dir.path().join("missing"))).unwrap_err();
    assert!(missing.to_string().contains("missing"), "{missing}");
}

#[test]
fn the_program_sells_over_tls_and_says_when_it_cannot() {
    let ours = authority("ours");
    let (_dir, file) = ca_file(&[&ours]);
    let good = Server::start(Some(config(&leaf(HOST), Some(&ours))));
    let account = |server: &Server| Home::new().account(&server.url(), "till-1", "hunter2");
    let home = account(&good).env("KASSE_API_CA_FILE", file.to_str().unwrap());
    home.console(80, 24).wait_for("Server connected");

    // The same server, its authority not named.
    let pty = account(&good).console(80, 24);
    pty.wait_for("Server not reachable");
    pty.keys("30037\r9276004424644352\r", "certificate was not accepted");
    let plain = Server::start(None);
    let pty = account(&plain).console(80, 24);
    pty.wait_for("Server not reachable");
    pty.keys("30037\r9276004424644352\r", "no encrypted connection");
    assert!(!contains(&plain.wire(), b"hunter2"));
}
