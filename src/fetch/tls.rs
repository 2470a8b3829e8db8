//! Whom to trust.

use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use crate::diagnostic::{Diagnostic, Diagnostics};

/// TLS with the web's authorities, as they were when this program was built, and with those of a
/// file.
pub fn config(authorities: Option<&Path>) -> Result<ClientConfig, Diagnostics> {
    let mut roots = RootCertStore::empty();
    roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    if let Some(file) = authorities {
        add(file, &mut roots).map_err(|error| {
            vec![error.help(
                "name a file of certificates in PEM with --ca: `-----BEGIN CERTIFICATE-----`",
            )]
        })?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| vec![Diagnostic::error(format!("cannot set up TLS: {error}"))])?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}

fn add(file: &Path, roots: &mut RootCertStore) -> Result<(), Diagnostic> {
    let name = file.display().to_string();
    let bytes = std::fs::read(file).map_err(|error| Diagnostic::io("read", &name, &error))?;
    let before = roots.len();
    for certificate in CertificateDer::pem_slice_iter(&bytes) {
        let added = certificate
            .map_err(|error| error.to_string())
            .and_then(|certificate| roots.add(certificate).map_err(|error| error.to_string()));
        if let Err(error) = added {
            return Err(Diagnostic::error(format!("not a certificate: {error}")).in_file(name));
        }
    }
    if roots.len() == before {
        return Err(Diagnostic::error("the file holds no certificate").in_file(name));
    }
    Ok(())
}
