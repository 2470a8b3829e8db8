//! Why a download failed, in words, and whether it may pass.

use std::error::Error;
use std::io::ErrorKind;
use std::time::Duration;

use reqwest::Url;
use rustls::CertificateError;

use super::address::NotPublic;
use super::proxy::Proxy;

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

    /// The same, at the end of the redirects from a URL.
    pub fn on_the_way(mut self, url: &Url, redirects: &[String]) -> Self {
        if !redirects.is_empty() {
            let way = redirects.join(", then ");
            self.message = format!("{url} {way}; {}", self.message);
        }
        self
    }

    /// The time for all is up.
    pub fn too_slow(url: &Url, total: Duration) -> Self {
        Self::new(
            format!("{url} did not arrive in full within {total:?}"),
            "try again later, or give it more time with --timeout",
        )
    }

    /// A request that got no response, be it for the proxy on its way.
    pub fn of_request(url: &Url, proxy: Option<&Proxy>, error: &reqwest::Error) -> Self {
        if let Some(error) = find::<NotPublic>(error) {
            return Self::new(
                format!(
                    "the redirect to {url} was not followed: {error}, which is in a private network"
                ),
                "if this network has a login page, log in and run `fetch` again; if the document has moved there, set `url` in the manifest",
            );
        }
        if let Some(proxy) = proxy
            && let Some(failure) = Self::of_proxy(url, proxy, error)
        {
            return failure;
        }
        if let Some(error) = find::<rustls::Error>(error) {
            return Self::of_tls(url, error);
        }
        let host = url.host_str().unwrap_or_default();
        let cause = Self::cause(error);
        let failure = if error.is_timeout() && error.is_connect() {
            Self::new(
                format!("{url} took too long to connect to"),
                "try again later, or give it more time with --connect-timeout",
            )
        } else if is_of_names(error) {
            Self::new(
                format!("no address is known for the host {host} of {url}"),
                "check the host in the manifest's `url`, and your network; behind a proxy, set HTTPS_PROXY",
            )
        } else if is_refused(error) {
            Self::new(
                format!("{host} refused the connection for {url}"),
                "see whether the server is up and the port in `url` is right, then run `fetch` again",
            )
        } else if error.is_connect() {
            Self::new(
                format!("cannot connect to {url}: {cause}"),
                "check your network; behind a proxy, set HTTPS_PROXY",
            )
        } else {
            Self::new(
                format!("{url} gave no sound response: {cause}"),
                "try again later; if it stays so, tell whoever runs the server",
            )
        };
        failure.again(Again::Soon)
    }

    /// A request that got no farther than the proxy.
    fn of_proxy(url: &Url, proxy: &Proxy, error: &reqwest::Error) -> Option<Self> {
        let variable = proxy.variable;
        let mend = format!("correct {variable}, or unset it if this network needs no proxy");
        // The types of these errors are private, so it is their words that tell them apart.
        let tunnel = chain(error)
            .map(ToString::to_string)
            .find_map(|cause| cause.strip_prefix("tunnel error: ").map(str::to_owned));
        let failure = if error.is_timeout() && error.is_connect() {
            Self::new(
                format!("{url} took too long to connect to through {proxy}"),
                format!("try again later, give it more time with --connect-timeout, or {mend}"),
            )
        } else if is_of_names(error) {
            Self::new(
                format!("no address is known for {proxy}, which is on the way to {url}"),
                mend,
            )
        } else if is_refused(error) {
            Self::new(
                format!("{proxy} refused the connection for {url}"),
                format!("see whether it is up; {mend}"),
            )
        } else {
            match tunnel.as_deref() {
                Some("proxy authorization required") => return Some(Self::proxy_login(url, proxy)),
                Some("unsuccessful") => Self::new(
                    format!("{proxy} lets nothing through to {url}"),
                    format!(
                        "ask whoever runs the proxy whether it may reach that host, or try again later; {mend}"
                    ),
                ),
                Some(_) => Self::new(
                    format!(
                        "{proxy} gave no way through to {url}: {}",
                        Self::cause(error)
                    ),
                    mend,
                ),
                // Without a tunnel, it is the proxy that answers.
                None if url.scheme() == "http" => Self::new(
                    format!(
                        "{proxy} gave no sound response for {url}: {}",
                        Self::cause(error)
                    ),
                    format!("try again later; {mend}"),
                ),
                None => return None,
            }
        };
        Some(failure.again(Again::Soon))
    }

    /// A proxy that wants to know who asks.
    pub fn proxy_login(url: &Url, proxy: &Proxy) -> Self {
        Self::new(
            format!("{proxy} wants a login before it asks for {url}"),
            format!(
                "give it one: {}=http://USER:PASSWORD@HOST:PORT",
                proxy.variable
            ),
        )
    }

    /// A body that broke off.
    pub fn of_body(url: &Url, error: &reqwest::Error, received: usize) -> Self {
        Self::new(
            format!(
                "the connection broke off after {received} bytes of {url}: {}",
                Self::cause(error)
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
            InvalidCertificate(CertificateError::UnknownIssuer) => (
                "is signed by nobody that is trusted".to_owned(),
                "if it is your own mirror's or proxy's, name its authority's certificate with --ca FILE; else trust nothing that comes from there",
            ),
            InvalidCertificate(CertificateError::Other(error))
                if error.to_string() == "CaUsedAsEndEntity" =>
            {
                (
                    "is an authority's, which no server may show as its own".to_owned(),
                    "make one for the server, without CA:TRUE, and name what signed it with --ca FILE, be it itself",
                )
            }
            InvalidCertificate(error) => (
                match error {
                    CertificateError::Other(error) => format!("is not sound ({error})"),
                    error => format!("is not sound ({error})"),
                },
                "tell whoever runs the server; trust nothing that comes from there until then",
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

    /// What an error comes down to: its last cause, which those before only wrap.
    pub fn cause(error: &dyn Error) -> String {
        let cause = std::iter::successors(Some(error), |&error| error.source()).last();
        let cause = cause.unwrap_or(error).to_string();
        if cause.contains("close_notify") {
            return "it ended without the farewell of TLS, as if it was cut off".into();
        }
        cause
    }
}

/// An error and its causes. What an I/O error holds is one of them.
fn chain<'e>(error: &'e (dyn Error + 'static)) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| {
        let inner = error.downcast_ref::<std::io::Error>();
        match inner.and_then(std::io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => error.source(),
        }
    })
}

/// The first cause of a type.
fn find<'e, T: Error + 'static>(error: &'e (dyn Error + 'static)) -> Option<&'e T> {
    chain(error).find_map(|error| error.downcast_ref())
}

/// Whether a host has no address. The error's type is private.
fn is_of_names(error: &reqwest::Error) -> bool {
    chain(error).any(|cause| cause.to_string() == "dns error")
}

fn is_refused(error: &reqwest::Error) -> bool {
    let io = find::<std::io::Error>(error);
    io.is_some_and(|error| error.kind() == ErrorKind::ConnectionRefused)
}
