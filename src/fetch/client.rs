//! Downloading a document: politely, and without trust.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{ACCEPT, ACCEPT_ENCODING, IF_MODIFIED_SINCE, IF_NONE_MATCH, LOCATION};
use reqwest::{Response, StatusCode, Url, redirect};
use tokio::time::{Instant, sleep, timeout};

use super::address::{PublicOnly, is_public, may_be_public};
use super::body;
use super::failure::{Again, Failure};
use super::proxy::{Proxies, shown};
use super::response::{named, not_modified, read, refusal};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::MediaType;

/// How many redirects are followed.
const MOST_REDIRECTS: usize = 5;

/// The longest wait before the second attempt, and twice the shortest; both double with each one after.
const FIRST_WAIT: Duration = Duration::from_millis(500);

/// How long to wait for what.
#[derive(Debug, Clone)]
pub struct Limits {
    /// For a connection, with TLS.
    pub connect: Duration,
    /// For the first byte of each response, the connection included.
    pub first_byte: Duration,
    /// For a source as a whole, with all attempts and the waits between them.
    pub total: Duration,
    /// How often to try again what may pass.
    pub retries: u32,
}

/// What a server says of the edition of a document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Validators {
    /// Its entity tag.
    pub etag: Option<String>,
    /// When it was last changed.
    pub last_modified: Option<String>,
}

/// What to download.
#[derive(Debug, Clone)]
pub struct Request {
    /// Where from.
    pub url: Url,
    /// The size above which it is refused.
    pub max_bytes: u64,
    /// What it has to be.
    pub media_type: MediaType,
    /// What is known of the edition that is there already, if its bytes are.
    pub known: Validators,
}

/// What was downloaded.
#[derive(Debug)]
pub struct Download {
    /// The document; nothing if the edition that is there already is the latest.
    pub document: Option<Vec<u8>>,
    /// What the server says of its edition.
    pub validators: Validators,
    /// What a maintainer should know.
    pub notes: Vec<String>,
}

/// What happens during a download.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// It begins, from this URL.
    Started(String),
    /// So many bytes are there.
    Received(usize),
    /// An attempt failed, and another one follows after a while.
    Waiting {
        /// The while.
        wait: Duration,
        /// What failed.
        why: String,
    },
    /// It is over, and well.
    Done,
    /// It is over, without a document.
    Failed,
}

/// A client of HTTP servers.
pub struct Client {
    any: reqwest::Client,
    public_only: reqwest::Client,
    proxies: Arc<Proxies>,
    limits: Limits,
}

impl Client {
    /// A client that trusts the authorities of the web, and those whose certificates the file holds.
    ///
    /// # Errors
    /// A file that cannot be read or holds no certificate, and proxies that are none.
    pub fn new(limits: Limits, authorities: Option<&std::path::Path>) -> Result<Self, Diagnostics> {
        let tls = super::tls::config(authorities)?;
        let proxies = Arc::new(Proxies::from_env().map_err(|error| vec![error])?);
        let user_agent = concat!(
            env!("CARGO_PKG_NAME"),
            "/",
            env!("CARGO_PKG_VERSION"),
            " (+",
            env!("CARGO_PKG_REPOSITORY"),
            ")"
        );
        let builder = || {
            let proxies = proxies.clone();
            let proxy = move |url: &Url| Some(proxies.on_the_way(url)?.url.clone());
            reqwest::Client::builder()
                .no_proxy()
                .proxy(reqwest::Proxy::custom(proxy))
                .tls_backend_preconfigured(tls.clone())
                .user_agent(user_agent)
                .redirect(redirect::Policy::none())
                .referer(false)
                .connect_timeout(limits.connect)
                // What a lying server has left on a connection is never read as its next response.
                .pool_max_idle_per_host(0)
        };
        let failed = |error: reqwest::Error| {
            let message = format!("cannot set up HTTP: {}", Failure::cause(&error));
            vec![Diagnostic::error(message)]
        };
        Ok(Self {
            any: builder().build().map_err(failed)?,
            public_only: builder()
                .dns_resolver(Arc::new(PublicOnly))
                .build()
                .map_err(failed)?,
            proxies,
            limits,
        })
    }

    /// Downloads a document, trying again what may pass.
    ///
    /// Middleware for retries, such as reqwest-retry, sees no body and no Retry-After; so this is
    /// our own.
    ///
    /// # Errors
    /// Why there is no document.
    pub async fn download(
        &self,
        request: &Request,
        tell: &dyn Fn(Event),
    ) -> Result<Download, Failure> {
        let end = Instant::now() + self.limits.total;
        let mut most = FIRST_WAIT;
        for attempt in 1.. {
            let left = end.saturating_duration_since(Instant::now());
            let mut redirects = Vec::new();
            let tried = timeout(left, self.attempt(request, &mut redirects, tell)).await;
            let failure = match tried {
                Ok(Ok(download)) => return Ok(download),
                Ok(Err(failure)) => failure,
                Err(_) => Failure::too_slow(&request.url, self.limits.total),
            };
            let failure = failure.on_the_way(&request.url, &redirects);
            let left = end.saturating_duration_since(Instant::now());
            let own = most.mul_f64(f64::midpoint(1.0, fastrand::f64()));
            let wait = match failure.again {
                Again::Never => return Err(failure),
                Again::After(wait) if wait > left => return Err(failure.asks_to_wait(wait)),
                _ if attempt > self.limits.retries => return Err(failure.after(attempt)),
                Again::After(wait) => wait.max(own),
                Again::Soon => own,
            };
            if wait > left {
                return Err(failure.after(attempt));
            }
            tell(Event::Waiting {
                wait,
                why: failure.message,
            });
            sleep(wait).await;
            most = most.saturating_mul(2);
        }
        Err(Failure::too_slow(&request.url, self.limits.total))
    }

    /// One attempt. The redirects on its way are told, however it ends.
    async fn attempt(
        &self,
        request: &Request,
        redirects: &mut Vec<String>,
        tell: &dyn Fn(Event),
    ) -> Result<Download, Failure> {
        let mut url = request.url.clone();
        let mut from_public = false;
        let mut lasting = true;
        let mut lasting_url = None;
        for _ in 0..=MOST_REDIRECTS {
            let response = self.get(&url, request, from_public).await?;
            from_public |= match response.remote_addr() {
                Some(address) if self.proxies.on_the_way(&url).is_none() => is_public(address.ip()),
                _ => may_be_public(&url),
            };
            let status = response.status();
            let notes = || {
                let set = |url: Url| format!("set `url` in the manifest to {url}");
                let mut notes = redirects.clone();
                notes.extend(lasting_url.clone().map(set));
                notes
            };
            match status {
                StatusCode::OK => return read(response, request, notes(), tell).await,
                StatusCode::NOT_MODIFIED => return not_modified(&url, request, notes()),
                StatusCode::MOVED_PERMANENTLY
                | StatusCode::FOUND
                | StatusCode::SEE_OTHER
                | StatusCode::TEMPORARY_REDIRECT
                | StatusCode::PERMANENT_REDIRECT => {}
                _ => return Err(refusal(&url, self.proxies.on_the_way(&url), &response)),
            }
            let target = redirect(&url, &response, from_public)?;
            lasting &= matches!(
                status,
                StatusCode::MOVED_PERMANENTLY | StatusCode::PERMANENT_REDIRECT
            );
            redirects.push(if lasting {
                lasting_url = Some(target.clone());
                format!("moved for good ({}) to {target}", status.as_u16())
            } else {
                format!("redirected for now ({}) to {target}", status.as_u16())
            });
            url = target;
        }
        Err(Failure::new(
            format!(
                "{} leads through more than {MOST_REDIRECTS} redirects",
                request.url
            ),
            "open it in a browser, and set `url` in the manifest to where the document is",
        ))
    }

    /// The head of a response.
    async fn get(
        &self,
        url: &Url,
        request: &Request,
        from_public: bool,
    ) -> Result<Response, Failure> {
        let proxy = self.proxies.usable(url)?;
        let client = if from_public && proxy.is_none() {
            &self.public_only
        } else {
            &self.any
        };
        let accepted = request.media_type.served_as().join(", ");
        let mut builder = client
            .get(url.clone())
            .header(ACCEPT, format!("{accepted}, */*;q=0.1"))
            .header(ACCEPT_ENCODING, body::ACCEPTED);
        let Validators {
            etag,
            last_modified,
        } = &request.known;
        for (name, value) in [(IF_NONE_MATCH, etag), (IF_MODIFIED_SINCE, last_modified)] {
            if let Some(value) = value {
                builder = builder.header(name, value);
            }
        }
        match timeout(self.limits.first_byte, builder.send()).await {
            Ok(sent) => sent.map_err(|error| Failure::of_request(url, proxy, &error)),
            Err(_) => Err(Failure::new(
                format!("{url} did not answer within {:?}", self.limits.first_byte),
                "try again later, or give it more time with --first-byte-timeout",
            )
            .again(Again::Soon)),
        }
    }
}

/// Where a redirect leads, if it may be followed.
fn redirect(url: &Url, response: &Response, from_public: bool) -> Result<Url, Failure> {
    let status = named(response.status());
    let Some(location) = response.headers().get(LOCATION) else {
        return Err(Failure::new(
            format!("{url} answered {status} without a Location to go to"),
            "correct `url` in the manifest, or try again later",
        ));
    };
    // It is not shown, since it may hold a password.
    let target = location.to_str().ok().and_then(|to| url.join(to).ok());
    let target = target.ok_or_else(|| {
        Failure::new(
            format!("{url} answered {status}, but its Location is no address"),
            "open it in a browser, and set `url` in the manifest to where the document is",
        )
    })?;
    match redirect_fault(url, &target, from_public) {
        None => Ok(target),
        Some((fault, help)) => Err(Failure::new(
            format!(
                "{url} redirects ({}) to {}: {fault}, so it was not followed",
                response.status().as_u16(),
                shown(&target)
            ),
            help,
        )),
    }
}

/// Why a redirect must not be followed, and what to do.
fn redirect_fault(from: &Url, to: &Url, from_public: bool) -> Option<(&'static str, &'static str)> {
    if !to.username().is_empty() || to.password().is_some() {
        return Some((
            "that holds a user or a password",
            "give a `url` in the manifest that needs no login, or download the document by hand and use `ingest --documents`",
        ));
    }
    match (from.scheme(), to.scheme()) {
        ("https", "http") => Some((
            "that is plain HTTP",
            "if this network has a login page, log in and run `fetch` again; else set `url` in the manifest to an https:// address of the document",
        )),
        (_, "http" | "https") if from_public && !may_be_public(to) => Some((
            "that is in a private network",
            "if this network has a login page, log in and run `fetch` again; if the document has moved there, set `url` in the manifest",
        )),
        (_, "http" | "https") => None,
        _ => Some((
            "that is no address on the web",
            "open it in a browser, and set `url` in the manifest to where the document is; if it stays so, tell whoever runs the server",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_from_a_public_host_resolves_to_public_addresses_only() {
        let second = Duration::from_secs(1);
        let limits = Limits {
            connect: second,
            first_byte: second,
            total: second,
            retries: 0,
        };
        let client = Client::new(limits, None).expect("a client");
        // Nothing listens there, but that is not found out.
        let url = Url::parse("http://localhost:1/").expect("a URL");
        let request = Request {
            url: url.clone(),
            max_bytes: 1,
            media_type: MediaType::Csv,
            known: Validators::default(),
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        let message = |from_public| {
            let got = runtime.block_on(client.get(&url, &request, from_public));
            got.expect_err("a failure").message
        };
        assert!(message(true).contains("private network"));
        assert!(message(false).contains("refused the connection"));
    }

    #[test]
    fn redirects_never_lead_to_where_less_is_safe() {
        let fault = |from: &str, to: &str, public: bool| {
            let url = |text| Url::parse(text).expect("a URL");
            redirect_fault(&url(from), &url(to), public)
        };
        let (a, plain) = ("https://a.example/", "http://a.example/");
        assert_eq!(fault(a, "https://b.example/", true), None);
        assert_eq!(fault(plain, "https://a.example/", true), None);
        assert_eq!(fault(plain, "http://b.example/", true), None);
        assert_eq!(
            fault("https://127.0.0.1/", "https://10.0.0.1/", false),
            None
        );
        assert!(fault(a, plain, true).is_some());
        assert!(fault("https://127.0.0.1/", "http://127.0.0.1/", false).is_some());
        for to in ["file:///etc/passwd", "ftp://b.example/", "data:,x"] {
            assert!(fault(a, to, false).is_some(), "{to}");
        }
        for to in ["https://user@b.example/", "https://:secret@b.example/"] {
            assert!(fault(a, to, false).is_some(), "{to}");
        }
        for to in [
            "https://127.0.0.1/",
            "https://[::ffff:10.0.0.1]/",
            "https://localhost/",
        ] {
            assert!(fault(a, to, true).is_some(), "{to}");
        }
    }
}
