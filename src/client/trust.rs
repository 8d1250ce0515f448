//! Whom the client believes to be the server.
//!
//! Owns the roots that certificates are held against: those of the operating system, and those of
//! the shop's own file besides. Must not offer any way to go on without a valid certificate.

use std::path::Path;

use reqwest::{Certificate, ClientBuilder};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use super::settings::{Endpoint, SettingsError};
use crate::outside;

/// All authorities of a system are a few hundred kilobytes.
const LONGEST_FILE: u64 = 16 << 20;

/// `builder` for connections to `endpoint`, with the authorities in `ca_file` besides the system's.
pub(super) fn only(
    builder: ClientBuilder,
    endpoint: &Endpoint,
    ca_file: Option<&Path>,
) -> Result<ClientBuilder, SettingsError> {
    if !endpoint.is_encrypted() {
        // Loading the system's roots would take time, and fail where there are none, for
        // connections that never use them. Without roots no certificate is accepted at all.
        return Ok(builder.tls_backend_preconfigured(nobody()?));
    }
    // Fails only when a provider is installed already, which then serves as well. With it,
    // reqwest verifies certificates against the roots that the operating system trusts.
    let _installed = rustls::crypto::ring::default_provider().install_default();
    Ok(match ca_file {
        Some(file) => builder.tls_certs_merge(authorities(file)?),
        None => builder,
    })
}

/// The certificates in a PEM file: at least one, and nothing in it that is broken.
fn authorities(file: &Path) -> Result<Vec<Certificate>, SettingsError> {
    let wrong = |why: String| SettingsError::Authorities { file: file.to_owned(), why };
    let pem = outside::read(file, LONGEST_FILE).map_err(|error| wrong(error.to_string()))?;
    let mut found = Vec::new();
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        let certificate = certificate.map_err(|error| wrong(error.to_string()))?;
        found.push(Certificate::from_der(&certificate).map_err(|error| wrong(error.to_string()))?);
        // What no certificate could ever be held against must not be passed over in silence.
        roots.add(certificate).map_err(|error| wrong(error.to_string()))?;
    }
    if found.is_empty() { Err(wrong("no certificate in it".to_owned())) } else { Ok(found) }
}

fn nobody() -> Result<ClientConfig, SettingsError> {
    let provider = rustls::crypto::ring::default_provider();
    Ok(ClientConfig::builder_with_provider(provider.into())
        .with_safe_default_protocol_versions()
        .map_err(|error| SettingsError::Tls(error.to_string()))?
        .with_root_certificates(RootCertStore::empty())
        .with_no_client_auth())
}
