//! What a response holds, or means.

use std::time::{Duration, SystemTime};

use reqwest::header::{
    CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, LAST_MODIFIED, RETRY_AFTER,
};
use reqwest::{Response, StatusCode, Url};

use super::body::{self, Fault};
use super::client::{Download, Event, Request, Validators};
use super::failure::{Again, Failure};
use super::proxy::Proxy;
use crate::model::text;

/// The edition that is there already is the latest.
pub fn not_modified(url: &Url, request: &Request, notes: Vec<String>) -> Result<Download, Failure> {
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
pub async fn read(
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
    if document.trim_ascii().is_empty() {
        return Err(Failure::new(
            format!("{url} sends an empty document"),
            "try again later, and check `url` in the manifest",
        ));
    }
    if let Some(coding) = body::looks_compressed(&document) {
        return Err(Failure::new(
            format!("what {url} sends looks compressed ({coding}), but is not labelled so"),
            "set `url` in the manifest to the document itself; if that is it, tell whoever runs the server, which ought to send Content-Encoding",
        )
        .received(document));
    }
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
    if let Some(text) = validators.last_modified.take() {
        let time = httpdate::parse_http_date(&text).ok();
        validators.last_modified = time.filter(|time| *time <= soon).map(|time| {
            if crate::source::is_time(&text) {
                text
            } else {
                // One of the obsolete forms of RFC 9110, Section 5.6.7.
                httpdate::fmt_http_date(time)
            }
        });
        if validators.last_modified.is_none() {
            notes.push("its Last-Modified is no time, or one to come, and is not kept".into());
        }
    }
}

/// A status as its number and, if it has one, its name.
pub fn named(status: StatusCode) -> String {
    match status.canonical_reason() {
        Some(name) => format!("{} {name}", status.as_u16()),
        None => status.as_u16().to_string(),
    }
}

/// What a status that gives no document means.
pub fn refusal(url: &Url, proxy: Option<&Proxy>, response: &Response) -> Failure {
    let status = response.status();
    if let (StatusCode::PROXY_AUTHENTICATION_REQUIRED, Some(proxy)) = (status, proxy) {
        return Failure::proxy_login(url, proxy);
    }
    let failure = Failure::new(
        format!("{url} answered {}", named(status)),
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
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // More than can be counted is more than anybody waits.
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let time = httpdate::parse_http_date(value).ok()?;
    Some(time.duration_since(SystemTime::now()).unwrap_or_default())
}

/// The first value of a field. What is not UTF-8 in it is replaced, and so fits nothing.
fn header(response: &Response, name: &HeaderName) -> Option<String> {
    headers(response.headers(), name).next()
}

fn headers<'h>(headers: &'h HeaderMap, name: &HeaderName) -> impl Iterator<Item = String> + 'h {
    let values = headers.get_all(name).iter();
    values.map(|value| String::from_utf8_lossy(value.as_bytes()).trim().to_owned())
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
        let never = retry_after("100000000000000000000");
        assert_eq!(never, Some(Duration::from_secs(u64::MAX)));
        assert_eq!(retry_after("soon"), None);
        assert_eq!(retry_after(""), None);
        assert_eq!(retry_after("-1"), None);
    }
}
