//! Downloading a document: politely, and without trust.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use hyper_util::client::proxy::matcher::Matcher;
use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderMap, HeaderName,
    IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, LOCATION, RETRY_AFTER,
};
use reqwest::{Response, StatusCode, Url, redirect};
use tokio::time::{Instant, sleep, timeout};

use super::address::{PublicOnly, is_public, may_be_public};
use super::body::{self, Fault};
use super::failure::{Again, Failure};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::text;
use crate::source::MediaType;

/// How many redirects are followed.
const MOST_REDIRECTS: usize = 5;

/// The longest wait before the second attempt; it doubles with each one after.
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
}

/// A client of HTTP servers.
pub struct Client {
    any: reqwest::Client,
    public_only: reqwest::Client,
    proxies: Matcher,
    limits: Limits,
}

impl Client {
    /// A client that trusts the authorities of the web, and those whose certificates the file holds.
    ///
    /// # Errors
    /// A file that cannot be read or holds no certificate.
    pub fn new(limits: Limits, authorities: Option<&std::path::Path>) -> Result<Self, Diagnostics> {
        let tls = super::tls::config(authorities)?;
        let user_agent = concat!(
            env!("CARGO_PKG_NAME"),
            "/",
            env!("CARGO_PKG_VERSION"),
            " (+",
            env!("CARGO_PKG_REPOSITORY"),
            ")"
        );
        let builder = || {
            reqwest::Client::builder()
                .tls_backend_preconfigured(tls.clone())
                .user_agent(user_agent)
                .redirect(redirect::Policy::none())
                .referer(false)
                .connect_timeout(limits.connect)
                // What a lying server has left on a connection is never read as its next response.
                .pool_max_idle_per_host(0)
        };
        let failed = |error: reqwest::Error| {
            let message = format!("cannot set up HTTP: {}", Failure::chain(&error));
            vec![
                Diagnostic::error(message)
                    .help("check the environment's proxies, such as HTTPS_PROXY"),
            ]
        };
        Ok(Self {
            any: builder().build().map_err(failed)?,
            public_only: builder()
                .dns_resolver(Arc::new(PublicOnly))
                .build()
                .map_err(failed)?,
            proxies: Matcher::from_env(),
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
            let tried = timeout(left, self.attempt(request, tell)).await;
            let failure = match tried {
                Ok(Ok(download)) => return Ok(download),
                Ok(Err(failure)) => failure,
                Err(_) => return Err(Failure::too_slow(&request.url, self.limits.total)),
            };
            let left = end.saturating_duration_since(Instant::now());
            let wait = match failure.again {
                Again::Never => return Err(failure),
                Again::After(wait) if wait > left => return Err(failure.asks_to_wait(wait)),
                _ if attempt > self.limits.retries => return Err(failure.after(attempt)),
                Again::After(wait) => wait,
                Again::Soon => most.mul_f64(fastrand::f64()),
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

    /// One attempt, with the redirects on its way.
    async fn attempt(&self, request: &Request, tell: &dyn Fn(Event)) -> Result<Download, Failure> {
        let mut url = request.url.clone();
        let mut from_public = false;
        let mut notes = Vec::new();
        let mut lasting = true;
        let mut lasting_url = None;
        for _ in 0..=MOST_REDIRECTS {
            let response = self.get(&url, request, from_public).await?;
            from_public |= match response.remote_addr() {
                Some(address) if !self.is_proxied(&url) => is_public(address.ip()),
                _ => may_be_public(&url),
            };
            let status = response.status();
            if let Some(url) =
                lasting_url.take_if(|_| matches!(status, StatusCode::OK | StatusCode::NOT_MODIFIED))
            {
                notes.push(format!("set `url` in the manifest to {url}"));
            }
            let location = match status {
                StatusCode::OK => return read(response, request, notes, tell).await,
                StatusCode::NOT_MODIFIED => return not_modified(&url, request, notes),
                StatusCode::MOVED_PERMANENTLY
                | StatusCode::FOUND
                | StatusCode::SEE_OTHER
                | StatusCode::TEMPORARY_REDIRECT
                | StatusCode::PERMANENT_REDIRECT => header(&response, &LOCATION),
                _ => return Err(refusal(&url, &response)),
            };
            let Some(target) = location.and_then(|location| url.join(&location).ok()) else {
                return Err(Failure::new(
                    format!("{url} answered {status} without a place to go to"),
                    "correct `url` in the manifest, or try again later",
                ));
            };
            if let Some(fault) = redirect_fault(&url, &target, from_public) {
                return Err(Failure::new(
                    format!(
                        "{url} redirects ({}) to {target}: {fault}, so it was not followed",
                        status.as_u16()
                    ),
                    "if this network has a login page, log in and run `fetch` again; if the document has moved there, set `url` in the manifest",
                ));
            }
            lasting &= matches!(
                status,
                StatusCode::MOVED_PERMANENTLY | StatusCode::PERMANENT_REDIRECT
            );
            notes.push(if lasting {
                lasting_url = Some(target.clone());
                format!("moved for good ({}) to {target}", status.as_u16())
            } else {
                format!("redirected for now ({}) to {target}", status.as_u16())
            });
            url = target;
        }
        Err(Failure::new(
            format!(
                "{} leads through more than {MOST_REDIRECTS} redirects, the last to {url}",
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
        let client = if from_public && !self.is_proxied(url) {
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
            Ok(sent) => sent.map_err(|error| Failure::of_request(url, &error)),
            Err(_) => Err(Failure::new(
                format!("{url} did not answer within {:?}", self.limits.first_byte),
                "try again later, or give it more time with --first-byte-timeout",
            )
            .again(Again::Soon)),
        }
    }

    fn is_proxied(&self, url: &Url) -> bool {
        let uri = url.as_str().parse();
        uri.is_ok_and(|uri| self.proxies.intercept(&uri).is_some())
    }
}

/// Why a redirect must not be followed.
fn redirect_fault(from: &Url, to: &Url, from_public: bool) -> Option<&'static str> {
    match (from.scheme(), to.scheme()) {
        ("https", "http") => Some("that is plain HTTP"),
        (_, "http" | "https") if from_public && !may_be_public(to) => {
            Some("that is in a private network")
        }
        (_, "http" | "https") => None,
        _ => Some("that is no address on the web"),
    }
}

fn not_modified(url: &Url, request: &Request, notes: Vec<String>) -> Result<Download, Failure> {
    if request.known == Validators::default() {
        return Err(Failure::new(
            format!(
                "{url} answered 304 Not Modified, but the document is not in the cache and no condition was sent"
            ),
            "run `fetch` again later; if it stays so, a proxy on the way is broken: download the document by hand and use `ingest --documents`",
        ));
    }
    Ok(Download {
        document: None,
        validators: request.known.clone(),
        notes,
    })
}

/// The document in a response.
async fn read(
    mut response: Response,
    request: &Request,
    mut notes: Vec<String>,
    tell: &dyn Fn(Event),
) -> Result<Download, Failure> {
    let (url, most) = (response.url().clone(), request.max_bytes);
    let too_large = |what: &str| {
        Failure::new(
            format!("{url} sends {what}more than max_bytes ({most})"),
            "look whether it is still the same document; if that is right, raise document.max_bytes in the manifest",
        )
    };
    if let Some(length) = response.content_length().filter(|length| *length > most) {
        return Err(too_large(&format!("{length} bytes, ")));
    }
    let content_type = header(&response, &CONTENT_TYPE);
    let codings: Vec<String> = headers(response.headers(), &CONTENT_ENCODING).collect();
    let coding = codings.join(", ");
    let mut validators = Validators {
        etag: header(&response, &ETAG),
        last_modified: header(&response, &LAST_MODIFIED),
    };
    let mut content = Vec::new();
    loop {
        match response.chunk().await {
            Ok(None) => break,
            Ok(Some(chunk)) => content.extend_from_slice(&chunk),
            Err(error) => return Err(Failure::of_body(&url, &error, content.len())),
        }
        if content.len() as u64 > most {
            return Err(too_large("").received(content));
        }
        tell(Event::Received(content.len()));
    }
    let received = content.clone();
    let document = body::decoded(content, &coding, most).map_err(|fault| {
        let failure = match fault {
            Fault::TooLarge => too_large(&format!("{} bytes that decompress to ", received.len())),
            Fault::Corrupt(error) => Failure::new(
                format!("{url} sends what it calls {coding}, but it is not: {error}"),
                "try again later; if it stays so, tell whoever runs the server",
            ),
            Fault::Unknown => Failure::new(
                format!(
                    "{url} sends its content coded as `{}`, which was not asked for",
                    text::excerpt(&coding, 40)
                ),
                "try again later; if it stays so, tell whoever runs the server",
            ),
        };
        failure.received(received)
    })?;
    let fits = content_type
        .as_ref()
        .is_some_and(|content_type| request.media_type.fits(content_type));
    if !fits {
        let accepted = request.media_type.served_as().join(" or ");
        let message = match &content_type {
            Some(content_type) => {
                let content_type = text::excerpt(content_type, 60);
                format!("what {url} sends is `{content_type}`, not {accepted}")
            }
            None => format!("{url} does not say that what it sends is {accepted}"),
        };
        return Err(Failure::new(
            message,
            "look at it: an error or login page passes, else correct `url` or document.media_type in the manifest",
        )
        .received(document));
    }
    keep_sound(&mut validators, &mut notes);
    Ok(Download {
        document: Some(document),
        validators,
        notes,
    })
}

/// Drops validators that a manifest must not hold.
fn keep_sound(validators: &mut Validators, notes: &mut Vec<String>) {
    if validators
        .etag
        .take_if(|etag| !crate::source::is_entity_tag(etag))
        .is_some()
    {
        notes.push("its ETag is no entity tag, and is not kept".into());
    }
    let soon = SystemTime::now() + Duration::from_secs(24 * 60 * 60);
    let sound = |time: &str| {
        crate::source::is_time(time)
            && httpdate::parse_http_date(time).is_ok_and(|time| time <= soon)
    };
    if validators
        .last_modified
        .take_if(|time| !sound(time))
        .is_some()
    {
        notes.push("its Last-Modified is no time, or one to come, and is not kept".into());
    }
}

/// What a status that gives no document means.
fn refusal(url: &Url, response: &Response) -> Failure {
    let status = response.status();
    let failure = Failure::new(
        format!("{url} answered {status}"),
        match status.as_u16() {
            401 | 403 | 407 => {
                "it wants a login or lets no programs in: download the document by hand and use `ingest --documents`, or give another `url` in the manifest"
            }
            404 => "look for where the document is now, and correct `url` in the manifest",
            410 => {
                "it is gone for good: give another `url` in the manifest, or take it out; the locked claims stay"
            }
            429 => "wait a while before you run `fetch` again",
            408 | 500..=599 => "the server is in trouble: try again later",
            _ => "open it in a browser to see what it says, and correct `url` in the manifest",
        },
    );
    if !matches!(status.as_u16(), 408 | 429 | 500 | 502 | 503 | 504) {
        return failure;
    }
    let after = header(response, &RETRY_AFTER).and_then(|value| retry_after(&value));
    failure.again(after.map_or(Again::Soon, Again::After))
}

/// How long Retry-After says to wait: in seconds, or until a time.
fn retry_after(value: &str) -> Option<Duration> {
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let time = httpdate::parse_http_date(value).ok()?;
    Some(time.duration_since(SystemTime::now()).unwrap_or_default())
}

fn header(response: &Response, name: &HeaderName) -> Option<String> {
    headers(response.headers(), name).next()
}

fn headers<'h>(headers: &'h HeaderMap, name: &HeaderName) -> impl Iterator<Item = String> + 'h {
    let values = headers.get_all(name).iter();
    values.filter_map(|value| value.to_str().ok().map(|value| value.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_has_two_forms() {
        assert_eq!(retry_after("120"), Some(Duration::from_secs(120)));
        assert_eq!(
            retry_after("Sun, 06 Nov 1994 08:49:37 GMT"),
            Some(Duration::ZERO)
        );
        let soon = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(60));
        let wait = retry_after(&soon).expect("a wait");
        assert!((58..=60).contains(&wait.as_secs()), "{wait:?}");
        assert_eq!(retry_after("soon"), None);
        assert_eq!(retry_after("-1"), None);
    }

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
        for to in [
            "https://127.0.0.1/",
            "https://[::ffff:10.0.0.1]/",
            "https://localhost/",
        ] {
            assert!(fault(a, to, true).is_some(), "{to}");
        }
    }
}
