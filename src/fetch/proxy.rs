//! The proxies that the environment names, as curl reads it.

use hyper_util::client::proxy::matcher::Matcher;
use reqwest::Url;

use super::failure::Failure;
use crate::diagnostic::Diagnostic;

/// A proxy, and who named it.
#[derive(Debug, Clone)]
pub struct Proxy {
    /// Where it is, with the user and the password for it.
    pub url: Url,
    /// The variable that names it.
    pub variable: &'static str,
}

impl std::fmt::Display for Proxy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let address = shown(&self.url);
        let address = address.as_str().trim_end_matches('/');
        write!(f, "the proxy {address} ({})", self.variable)
    }
}

/// A URL without user and password.
#[must_use]
pub fn shown(url: &Url) -> Url {
    let mut shown = url.clone();
    // What has no host has no user either.
    let _ = shown.set_username("").and(shown.set_password(None));
    shown
}

/// The proxies of the environment.
#[derive(Debug)]
pub struct Proxies {
    http: Option<Proxy>,
    https: Option<Proxy>,
    /// What goes through any proxy at all.
    outside: Matcher,
}

impl Proxies {
    /// Those that the environment names.
    ///
    /// # Errors
    /// A variable that names no proxy.
    pub fn from_env() -> Result<Self, Diagnostic> {
        let all = proxy(["ALL_PROXY", "all_proxy"])?;
        let [http, https] = [
            proxy(["HTTP_PROXY", "http_proxy"])?,
            proxy(["HTTPS_PROXY", "https_proxy"])?,
        ];
        let (_, none) = set(["NO_PROXY", "no_proxy"]).unwrap_or_default();
        Ok(Self {
            http: http.or_else(|| all.clone()),
            https: https.or(all),
            outside: Matcher::builder().all("http://any").no(none).build(),
        })
    }

    /// The proxy on the way to a URL.
    #[must_use]
    pub fn on_the_way(&self, url: &Url) -> Option<&Proxy> {
        let uri = url.as_str().parse().ok()?;
        self.outside.intercept(&uri)?;
        match url.scheme() {
            "https" => self.https.as_ref(),
            _ => self.http.as_ref(),
        }
    }

    /// The same, if it is of a kind that can be used.
    ///
    /// # Errors
    /// Another kind.
    pub fn usable(&self, url: &Url) -> Result<Option<&Proxy>, Failure> {
        let proxy = self.on_the_way(url);
        match proxy {
            Some(proxy) if !matches!(proxy.url.scheme(), "http" | "https") => Err(Failure::new(
                format!(
                    "{url} is behind {proxy}, and proxies of the kind {} are not supported",
                    proxy.url.scheme()
                ),
                format!(
                    "give {} an HTTP proxy, http://HOST:PORT, or put the host into NO_PROXY",
                    proxy.variable
                ),
            )),
            _ => Ok(proxy),
        }
    }
}

/// The first of some variables that is set.
fn set(names: [&'static str; 2]) -> Option<(&'static str, String)> {
    names.into_iter().find_map(|name| {
        let value = std::env::var_os(name)?;
        Some((name, value.to_string_lossy().into_owned()))
    })
}

/// The proxy that the first of some variables that is set names; an empty one names none.
fn proxy(names: [&'static str; 2]) -> Result<Option<Proxy>, Diagnostic> {
    let Some((variable, value)) = set(names).filter(|(_, value)| !value.is_empty()) else {
        return Ok(None);
    };
    let address = if value.contains("://") {
        value
    } else {
        format!("http://{value}")
    };
    match Url::parse(&address) {
        Ok(url) if url.has_host() => Ok(Some(Proxy { url, variable })),
        // It may hold a password, so it is not shown.
        _ => Err(Diagnostic::error(format!(
            "{variable} in the environment is no address of a proxy"
        ))
        .help(format!(
            "write it as http://HOST:PORT or http://USER:PASSWORD@HOST:PORT, or unset {variable}"
        ))),
    }
}
