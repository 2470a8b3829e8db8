//! Why a download failed, in words, and whether it may pass.

use std::error::Error;
use std::io::ErrorKind;
use std::time::Duration;

use reqwest::Url;
use rustls::CertificateError;

use super::address::NotPublic;

/// Why there is no document.
#[derive(Debug)]
pub struct Failure {
    /// What happened.
    pub message: String,
    /// What to do about it.
    pub help: String,
    /// What was received, if a person may want to look at it.
    pub received: Option<Vec<u8>>,
    /// Whether to try again.
    pub again: Again,
}

/// Whether to try again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    /// It will not pass by itself.
    Never,
    /// It may pass.
    Soon,
    /// The server says when.
    After(Duration),
}

impl Failure {
    /// A failure that will not pass by itself.
    pub fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            help: help.into(),
            received: None,
            again: Again::Never,
        }
    }

    /// The same, with what was received.
    pub fn received(mut self, bytes: Vec<u8>) -> Self {
        self.received = Some(bytes);
        self
    }

    /// The same, if it may pass.
    pub fn again(mut self, again: Again) -> Self {
        self.again = again;
        self
    }

    /// The same, after so many attempts.
    pub fn after(mut self, attempts: u32) -> Self {
        if attempts > 1 {
            self.message += &format!(" ({attempts} attempts)");
        }
        self
    }

    /// The same, when there is no time for the wait that the server asks for.
    pub fn asks_to_wait(mut self, wait: Duration) -> Self {
        self.message += &format!(", and asks to wait {} s", wait.as_secs());
        self.help = "run `fetch` again after that, or give it more time with --timeout".into();
        self
    }

    /// The time for all is up.
    pub fn too_slow(url: &Url, total: Duration) -> Self {
        Self::new(
            format!("{url} did not arrive in full within {total:?}"),
            "try again later, or give it more time with --timeout",
        )
    }

    /// A request that got no response.
    pub fn of_request(url: &Url, error: &reqwest::Error) -> Self {
        if let Some(error) = find::<NotPublic>(error) {
            return Self::new(
                format!(
                    "the redirect to {url} was not followed: {error}, which is in a private network"
                ),
                "if this network has a login page, log in and run `fetch` again; if the document has moved there, set `url` in the manifest",
            );
        }
        if let Some(error) = find::<rustls::Error>(error) {
            return Self::of_tls(url, error);
        }
        let host = url.host_str().unwrap_or_default();
        let io = find::<std::io::Error>(error).map(std::io::Error::kind);
        let chain = Self::chain(error);
        let failure = if chain.contains("dns error") {
            Self::new(
                format!("no address is known for the host {host} of {url}"),
                "check the host in the manifest's `url`, and your network; behind a proxy, set HTTPS_PROXY",
            )
        } else if error.is_timeout() && error.is_connect() {
            Self::new(
                format!("{url} took too long to connect to"),
                "try again later, or give it more time with --connect-timeout",
            )
        } else if io == Some(ErrorKind::ConnectionRefused) {
            Self::new(
                format!("{host} refused the connection for {url}"),
                "see whether the server is up and the port in `url` is right, then run `fetch` again",
            )
        } else if error.is_connect() {
            Self::new(
                format!("cannot connect to {url}: {chain}"),
                "check your network, and the environment's proxies such as HTTPS_PROXY",
            )
        } else {
            Self::new(
                format!("{url} gave no sound response: {chain}"),
                "try again later; if it stays so, tell whoever runs the server",
            )
        };
        failure.again(Again::Soon)
    }

    /// A body that broke off.
    pub fn of_body(url: &Url, error: &reqwest::Error, received: usize) -> Self {
        Self::new(
            format!(
                "the connection broke off after {received} bytes of {url}: {}",
                Self::chain(error)
            ),
            "run `fetch` again: what had arrived was thrown away",
        )
        .again(Again::Soon)
    }

    fn of_tls(url: &Url, error: &rustls::Error) -> Self {
        use rustls::Error::InvalidCertificate;
        let host = url.host_str().unwrap_or_default();
        let (what, help) = match error {
            InvalidCertificate(
                CertificateError::Expired | CertificateError::ExpiredContext { .. },
            ) => (
                "has expired".to_owned(),
                "check your clock; if it is right, tell whoever runs the server, and try again later",
            ),
            InvalidCertificate(
                CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. },
            ) => ("is not valid yet".to_owned(), "check your clock"),
            InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            ) => (
                "is for another host".to_owned(),
                "correct the host in `url`; if this network has a login page, log in first",
            ),
            InvalidCertificate(error) => (
                format!("is signed by nobody that is trusted ({error})"),
                "if it is your own mirror's or proxy's, name its authority's certificate with --ca FILE; else trust nothing that comes from there",
            ),
            error => {
                return Self::new(
                    format!("TLS with {host} failed for {url}: {error}"),
                    "try again later; if this network has a login page, log in first",
                );
            }
        };
        Self::new(format!("the certificate of {host} for {url} {what}"), help)
    }

    /// An error with its causes. Each says what the one before it does not.
    pub fn chain(error: &dyn Error) -> String {
        let mut causes: Vec<String> = Vec::new();
        let mut next = error.source();
        while let Some(cause) = next {
            let cause_text = cause.to_string();
            if !causes.iter().any(|known| known.contains(&cause_text)) {
                causes.push(cause_text);
            }
            next = cause.source();
        }
        if causes.is_empty() {
            error.to_string()
        } else {
            causes.join(": ")
        }
    }
}

/// The first cause of a type. The causes in an I/O error count too.
fn find<'e, T: Error + 'static>(error: &'e (dyn Error + 'static)) -> Option<&'e T> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        let inner = error.downcast_ref::<std::io::Error>();
        if let Some(inner) = inner.and_then(std::io::Error::get_ref)
            && let Some(found) = find::<T>(inner)
        {
            return Some(found);
        }
        next = error.source();
    }
    None
}
