//! What a bad network or a hostile server does, and what is said of it. Nothing is written but the cache.

use std::io::Write;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use crate::common::{Run, snapshot};
use crate::server::{Authority, Server, response, self_signed, table};
use crate::{MANIFEST, Place, document, newer};

/// Fetches from a URL what must be refused.
fn refused(name: &str, url: &str, arguments: &[&str]) -> Place {
    let place = Place::new(url);
    refuses(name, &place, arguments);
    place
}

fn refuses(name: &str, place: &Place, arguments: &[&str]) {
    let mut arguments = arguments.to_vec();
    arguments.extend(["--retries", "0"]);
    told(name, place, |place| place.fetch(&arguments));
}

fn told(name: &str, place: &Place, fetch: impl Fn(&Place) -> Run) {
    let before = place.tree.files();
    let start = Instant::now();
    let run = fetch(place);
    assert_eq!(run.code, 2, "{}", run.told());
    assert!(place.tree.files() == before, "something was written");
    assert!(
        start.elapsed() < Duration::from_secs(15),
        "{:?}",
        start.elapsed()
    );
    snapshot("fetch", name, &run.told());
}

/// A response with a table's type and these fields.
fn csv(fields: &[&str], body: impl AsRef<[u8]>) -> Vec<u8> {
    let mut all = vec!["Content-Type: text/csv"];
    all.extend(fields);
    response("200 OK", &all, body)
}

#[test]
fn dns_failure() {
    let place = Place::new("https://nowhere.invalid/codes.csv");
    refuses("dns_failure", &place, &[]);
    assert!(place.cached().is_empty());
}

#[test]
fn refused_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    refused("refused_connection", &format!("http://{address}/"), &[]);
}

#[test]
fn reset_in_mid_body() {
    let server = Server::start(|_, mut wire| {
        let response = table(newer());
        wire.send(&response[..response.len() - 100]);
        std::thread::sleep(Duration::from_millis(300));
        wire.reset();
    });
    refused("reset_in_mid_body", &server.url("/"), &[]);
}

#[test]
fn content_length_too_long() {
    let response = String::from_utf8(csv(&[], newer())).expect("UTF-8");
    let length = format!("Content-Length: {}", newer().len());
    let server = Server::fixed(
        response
            .replace(&length, "Content-Length: 9999")
            .into_bytes(),
    );
    refused("content_length_too_long", &server.url("/"), &[]);
}

#[test]
fn no_response() {
    let server = Server::start(|_, _wire| {});
    refused("no_response", &server.url("/"), &[]);
    let server = Server::fixed(b"SSH-2.0-x\r\n".to_vec());
    refused("not_http", &server.url("/"), &[]);
}

#[test]
fn tls_that_is_cut_off() {
    let authority = Authority::new();
    let server = Server::tls(authority.identity("127.0.0.1", 2100), |_, mut wire| {
        wire.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\n\r\n");
        wire.send(newer().as_bytes());
    });
    let place = Place::new(&server.url("/"));
    place.tree.write("ca.pem", &authority.pem);
    refuses("tls_that_is_cut_off", &place, &["--ca", "ca.pem"]);
}

#[test]
fn content_length_too_short() {
    let response = String::from_utf8(csv(&[], newer())).expect("UTF-8");
    let length = format!("Content-Length: {}", newer().len());
    // In the last line, so that no entry is missing.
    let short = format!("Content-Length: {}", newer().len() - 2);
    let server = Server::fixed(response.replace(&length, &short).into_bytes());
    let place = Place::new(&server.url("/"));
    place.tree.write("sources/records/records.csv", document());
    refuses("content_length_too_short", &place, &[]);
}

#[test]
fn content_length_above_the_limit() {
    let server = Server::start(|_, mut wire| {
        wire.send(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nContent-Length: 99999999999\r\n\r\n",
        );
        std::thread::sleep(Duration::from_secs(5));
    });
    refused("content_length_above_the_limit", &server.url("/"), &[]);
}

#[test]
fn endless_body() {
    let server = Server::start(|_, mut wire| {
        wire.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nConnection: close\r\n\r\n");
        while wire.send(&[b'x'; 4096]) {}
    });
    let place = Place::new(&server.url("/"));
    place.set("max_bytes: 20000");
    let mut command = place.command(&["--retries", "0"]);
    command.env("LANG", "C");
    let before = place.tree.files();
    let run = place.finish(command);
    assert_eq!(run.code, 2, "{}", run.told());
    assert!(place.tree.files() == before, "something was written");
    // How much came in the last piece is chance, and so is the digest.
    let kept = place.cached();
    assert_eq!(kept.len(), 1);
    snapshot(
        "fetch",
        "endless_body",
        &run.told().replace(&kept[0], "DIGEST"),
    );
}

#[test]
fn slow_drip() {
    let server = Server::start(|_, mut wire| {
        wire.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nConnection: close\r\n\r\n");
        while wire.send(b"x") {
            std::thread::sleep(Duration::from_millis(50));
        }
    });
    refused("slow_drip", &server.url("/"), &["--timeout", "1"]);
}

#[test]
fn slow_first_byte() {
    let server = Server::start(|_, _wire| std::thread::sleep(Duration::from_secs(5)));
    refused(
        "slow_first_byte",
        &server.url("/"),
        &["--first-byte-timeout", "0.5"],
    );
}

#[test]
fn slow_connection() {
    // A server that says nothing where TLS is expected.
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    refused(
        "slow_connection",
        &format!("https://{address}/"),
        &["--connect-timeout", "0.5"],
    );
}

/// So many bytes of which gzip makes few.
fn bomb() -> Vec<u8> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let zeros = [0; 1 << 16];
    for _ in 0..1024 {
        gzip.write_all(&zeros).expect("bytes");
    }
    gzip.finish().expect("gzip")
}

#[test]
fn gzip_bomb() {
    let bomb = bomb();
    assert!(bomb.len() < 1 << 17);
    let server = Server::fixed(csv(&["Content-Encoding: gzip"], &bomb));
    let place = refused("gzip_bomb", &server.url("/"), &[]);
    assert_eq!(
        place.cached(),
        [http_status_registry::digest::sha256(&bomb)]
    );
}

#[test]
fn wrong_gzip() {
    let server = Server::fixed(csv(&["Content-Encoding: gzip"], newer()));
    refused("wrong_gzip", &server.url("/"), &[]);
    let cut = &bomb()[..5000];
    let server = Server::fixed(csv(&["Content-Encoding: gzip"], cut));
    refused("cut_gzip", &server.url("/"), &[]);
    let server = Server::fixed(csv(&["Content-Encoding: br"], newer()));
    refused("wrong_brotli", &server.url("/"), &[]);
    let server = Server::fixed(csv(&["Content-Encoding: zstd"], newer()));
    refused("unknown_coding", &server.url("/"), &[]);
    let server = Server::fixed(csv(&[], cut));
    refused("gzip_without_a_label", &server.url("/"), &[]);
}

#[test]
fn error_page_with_200() {
    let page = "<!doctype html><title>Sorry</title>";
    let server = Server::fixed(response("200 OK", &["Content-Type: text/html"], page));
    let place = refused("error_page", &server.url("/"), &[]);
    let kept = place.cache().join(&place.cached()[0]);
    assert_eq!(std::fs::read_to_string(kept).expect("the page"), page);
    // One that lies about its type holds no entry.
    let server = Server::fixed(csv(&[], page));
    refused("error_page_as_csv", &server.url("/"), &[]);
    let server = Server::fixed(response("200 OK", &[], newer()));
    refused("no_content_type", &server.url("/"), &[]);
    for nothing in ["", "\r\n"] {
        let server = Server::fixed(response("200 OK", &[], nothing));
        let place = refused("empty_document", &server.url("/"), &[]);
        assert!(!place.cache().exists() || place.cached().is_empty());
    }
}

#[test]
fn captive_portal() {
    // The network answers for the server, with a certificate of its own, or over plain HTTP.
    let authority = Authority::new();
    let portal = "Location: http://login.example/";
    let server = Server::tls(authority.identity("127.0.0.1", 2100), move |_, mut wire| {
        wire.send(&response("302 Found", &[portal], ""));
    });
    let place = Place::new(&server.url("/"));
    place.tree.write("ca.pem", &authority.pem);
    refuses("captive_portal", &place, &["--ca", "ca.pem"]);

    // From a public host, to one in the private network. The proxy stands for both.
    for (name, target) in [
        ("portal_address", "http://192.168.0.1/login"),
        ("portal_loopback", "http://[::ffff:127.0.0.1]/"),
        ("portal_name", "http://localhost/"),
    ] {
        let location = format!("Location: {target}");
        let proxy = Server::fixed(response("307 Temporary Redirect", &[&location], ""));
        let place = Place::new("http://codes.example/");
        let url = proxy.url("");
        told(name, &place, |place| {
            let mut command = place.command(&["--retries", "0"]);
            command.env("http_proxy", &url);
            place.finish(command)
        });
        assert_eq!(proxy.requests().len(), 1, "{target} was asked");
    }
}

/// Fetches what cannot be had through the proxy that a variable names.
fn refused_by_proxy(name: &str, url: &str, variable: &str, proxy: &str) {
    let place = Place::new(url);
    told(name, &place, |place| {
        let mut command = place.command(&["--retries", "0"]);
        command.env(variable, proxy);
        let run = place.finish(command);
        assert!(!run.told().contains("secret"), "{}", run.told());
        run
    });
}

#[test]
fn proxies_that_fail() {
    let https = "https://codes.example/codes.csv";
    let http = "http://codes.example/codes.csv";
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let nobody = listener.local_addr().expect("an address");
    drop(listener);
    let nobody = format!("http://me:secret@{nobody}");
    refused_by_proxy("proxy_refused", https, "HTTPS_PROXY", &nobody);
    refused_by_proxy("proxy_refused_http", http, "http_proxy", &nobody);
    let unknown = "http://me:secret@proxy.invalid:3128";
    refused_by_proxy("proxy_unknown", https, "all_proxy", unknown);
    for (name, status) in [
        ("proxy_403", "403 Forbidden"),
        ("proxy_407", "407 Proxy Authentication Required"),
    ] {
        let proxy = Server::fixed(response(status, &[], ""));
        refused_by_proxy(name, https, "HTTPS_PROXY", &proxy.url(""));
    }
    let proxy = Server::fixed(response("407 Proxy Authentication Required", &[], ""));
    refused_by_proxy("proxy_407_http", http, "HTTP_PROXY", &proxy.url(""));
    let proxy = Server::start(|_, wire| wire.reset());
    refused_by_proxy("proxy_reset", https, "HTTPS_PROXY", &proxy.url(""));
    refused_by_proxy("proxy_reset_http", http, "HTTP_PROXY", &proxy.url(""));
    let socks = "socks5://me:secret@127.0.0.1:1080";
    refused_by_proxy("proxy_socks", https, "ALL_PROXY", socks);
    for none in ["http://me:secret@", "http://proxy:secret", "me secret"] {
        refused_by_proxy("proxy_malformed", https, "HTTPS_PROXY", none);
    }
    // One that nothing asks for does no harm.
    let server = Server::fixed(table(newer()));
    let place = Place::new(&server.url("/"));
    let mut command = place.command(&[]);
    command
        .env("ALL_PROXY", socks)
        .env("HTTP_PROXY", server.url(""));
    let run = place.finish(command);
    assert_eq!(run.code, 0, "{}", run.told());
}

#[test]
fn what_redirects_led_to() {
    let server = Server::start(|request, mut wire| {
        wire.send(&match request.target.as_str() {
            "/old" => response("301 Moved Permanently", &["Location: /now"], ""),
            "/now" => response("302 Found", &["Location: /gone"], ""),
            "/slow" => response("302 Found", &["Location: /slower"], ""),
            "/slower" => {
                std::thread::sleep(Duration::from_secs(2));
                return;
            }
            "/page" => response("308 Permanent Redirect", &["Location: /login"], ""),
            "/login" => response("200 OK", &["Content-Type: text/html"], "<p>Who are you?"),
            _ => response("404 Not Found", &[], ""),
        });
    });
    refused("redirected_to_404", &server.url("/old"), &[]);
    refused("redirected_to_a_page", &server.url("/page"), &[]);
    let short = ["--timeout", "1"];
    refused("redirected_to_a_slow_one", &server.url("/slow"), &short);
}

#[test]
fn redirect_with_a_password() {
    let server = Server::start(|request, mut wire| {
        let host = request.field("Host").expect("a host");
        let location = format!("Location: http://me:secret@{host}/private");
        wire.send(&response("302 Found", &[&location], ""));
    });
    let place = refused("redirect_with_a_password", &server.url("/"), &[]);
    assert_eq!(server.requests().len(), 1);
    assert!(!place.fetch(&[]).told().contains("secret"));
}

#[test]
fn redirects_to_no_address() {
    for location in [&b"/caf\xc3\xa9"[..], b"https://[x/", b"https://:99999/"] {
        let response = [b"HTTP/1.1 302 Found\r\nLocation: ", location, b"\r\n\r\n"].concat();
        let server = Server::fixed(response);
        refused("redirect_to_no_address", &server.url("/"), &[]);
    }
}

#[test]
fn refusals_by_status() {
    for (status, name) in [
        ("401 Unauthorized", "status_401"),
        ("403 Forbidden", "status_403"),
        ("404 Not Found", "status_404"),
        ("410 Gone", "status_410"),
        ("503 Service Unavailable", "status_503"),
        ("206 Partial Content", "status_206"),
        ("599 Whatever", "status_599"),
    ] {
        let server = Server::fixed(response(status, &["Content-Type: text/csv"], newer()));
        refused(name, &server.url("/codes.csv"), &[]);
        assert_eq!(server.requests().len(), 1);
    }
}

#[test]
fn redirects_without_end() {
    let server = Server::start(|request, mut wire| {
        let location = format!("Location: /{}", request.number);
        wire.send(&response("302 Found", &[&location], ""));
    });
    refused("redirects_without_end", &server.url("/"), &[]);
    let server = Server::fixed(response("302 Found", &["Location: file:///etc/passwd"], ""));
    refused("redirect_to_a_file", &server.url("/"), &[]);
    let server = Server::fixed(response("301 Moved Permanently", &[], ""));
    refused("redirect_to_nowhere", &server.url("/"), &[]);
}

#[test]
fn expired_certificate() {
    let authority = Authority::new();
    let server = Server::tls(authority.identity("127.0.0.1", 2020), |_, _| {});
    let place = Place::new(&server.url("/"));
    place.tree.write("ca.pem", &authority.pem);
    // It does not pass by itself, so it is not tried again.
    told("expired_certificate", &place, |place| {
        place.fetch(&["--ca", "ca.pem"])
    });
}

#[test]
fn self_signed_certificate() {
    let (identity, pem) = self_signed(rcgen::IsCa::NoCa);
    let server = Server::tls(identity, |_, mut wire| {
        wire.send(&table(newer()));
    });
    let place = Place::new(&server.url("/"));
    told("self_signed_certificate", &place, |place| place.fetch(&[]));
    // A person may trust just this one.
    place.tree.write("its.pem", pem);
    let run = place.fetch(&["--ca", "its.pem"]);
    assert_eq!(run.code, 0, "{}", run.told());
    // But not if it is an authority's.
    let constraints = rcgen::BasicConstraints::Unconstrained;
    let (identity, pem) = self_signed(rcgen::IsCa::Ca(constraints));
    let server = Server::tls(identity, |_, _| {});
    let place = Place::new(&server.url("/"));
    place.tree.write("its.pem", pem);
    told("certificate_of_an_authority", &place, |place| {
        place.fetch(&["--ca", "its.pem"])
    });
}

#[test]
fn certificate_of_another_host() {
    let authority = Authority::new();
    let server = Server::tls(authority.identity("codes.example", 2100), |_, _| {});
    let place = Place::new(&server.url("/"));
    place.tree.write("ca.pem", &authority.pem);
    refuses("certificate_of_another_host", &place, &["--ca", "ca.pem"]);
    place.tree.write("ca.pem", "no certificate");
    refuses("no_authority", &place, &["--ca", "ca.pem"]);
}

#[test]
fn not_modified_without_a_cached_copy() {
    let server = Server::fixed(response("304 Not Modified", &["ETag: \"one\""], ""));
    let place = Place::new(&server.url("/"));
    place.set(&format!("fetched_from: {}", server.url("/")));
    place.set("etag: '\"one\"'");
    refuses("not_modified_without_a_cached_copy", &place, &[]);
    assert_eq!(server.requests()[0].field("If-None-Match"), None);
}

#[test]
fn older_edition() {
    let older = [
        "Content-Type: text/csv",
        "Last-Modified: Tue, 31 Dec 2019 23:59:59 GMT",
    ];
    let server = Server::fixed(response("200 OK", &older, newer()));
    let place = refused("older_edition", &server.url("/"), &[]);
    // A person may insist.
    let run = place.fetch(&["--accept-loss"]);
    assert_eq!(run.code, 0, "{}", run.told());
    assert!(place.tree.read(MANIFEST).contains("\ndate: 2019-12-31\n"));
}

/// The server says nothing of its age; the table does.
#[test]
fn older_edition_by_its_own_words() {
    let temporary = |expires: &str| {
        let entry = format!("102,Resumed (FOR A TIME from 2024-11-13 to {expires}),");
        document().replace("200,", &format!("{entry}[RFC9110]\n200,"))
    };
    let newer = Server::fixed(table(temporary("2026-11-13")));
    let place = Place::new(&newer.url("/"));
    let facts = "  facts:\n";
    let fact = "- { in: Description, pattern: 'A TIME from (?<registered>[\\d-]+) to (?<expires>[\\d-]+)', registration: temporary }";
    place
        .tree
        .edit(MANIFEST, facts, &format!("{facts}    {fact}\n"));
    let run = place.fetch(&[]);
    assert_eq!(run.code, 0, "{}", run.told());
    let older = Server::fixed(table(temporary("2025-11-13")));
    let manifest = place.tree.read(MANIFEST);
    let manifest = manifest.replace(&newer.url("/"), &older.url("/"));
    place.tree.write(MANIFEST, manifest);
    refuses("older_edition_by_its_own_words", &place, &[]);
}

#[test]
fn a_kept_document_that_was_changed_stops_its_own_source_only() {
    let server = Server::fixed(table(newer()));
    let place = Place::new(&server.url("/"));
    let manifest = place.tree.read(MANIFEST);
    let other = manifest.replace("id: records", "id: other");
    place.tree.write("sources/other/source.yaml", other);
    place
        .tree
        .write("sources/other/claims.csv", place.tree.read(crate::CLAIMS));
    place
        .tree
        .write("sources/records/records.csv", document() + "x\n");
    let run = place.fetch(&[]);
    assert_eq!(run.code, 2, "{}", run.told());
    assert!(run.out.contains("records: not fetched"), "{}", run.told());
    assert!(
        run.out.contains("wrote sources/other/claims.csv"),
        "{}",
        run.told()
    );
}

#[test]
fn losses() {
    let without = |start: &str| -> String {
        let lines = document();
        let lines = lines.lines().filter(|line| !line.starts_with(start));
        lines.map(|line| format!("{line}\n")).collect()
    };
    let cases = [
        ("loss_of_a_code", without("404")),
        ("loss_of_an_entry", without("499")),
        (
            "loss_to_unassigned",
            document().replace(
                "404,Not Found,\"[RFC9110, Section 15.5.5]\"",
                "404,Unassigned,",
            ),
        ),
        (
            "loss_to_reserved",
            document().replace("404,Not Found,", "404,(Unused),"),
        ),
        (
            "loss_of_a_phrase",
            document().replace("404,Not Found,", "404,=Not Found,"),
        ),
        ("loss_of_all", "Value,Description,Reference\n".to_owned()),
        ("no_text", "Value\n\u{0}".to_owned()),
    ];
    for (name, document) in cases {
        let server = Server::fixed(csv(&[], &document));
        let place = refused(name, &server.url("/"), &[]);
        let digest = http_status_registry::digest::sha256(document.as_bytes());
        assert_eq!(place.cached(), [digest], "{name}");
        // Nothing makes a document of none.
        let accepted = place.fetch(&["--accept-loss"]).code;
        let code = if name.starts_with("loss_of_a_")
            || name.starts_with("loss_of_an_")
            || name.starts_with("loss_to_")
        {
            0
        } else {
            2
        };
        assert_eq!(accepted, code, "{name}");
    }
}

#[test]
fn a_manifest_that_cannot_be_edited() {
    let server = Server::fixed(table(newer()));
    let place = Place::new(&server.url("/"));
    let manifest = place.tree.read(MANIFEST);
    let (before, rest) = manifest.split_once("document:\n").expect("a document");
    let (document, after) = rest.split_once("layout:").expect("a layout");
    let keys: Vec<&str> = document.lines().map(str::trim).collect();
    let keys = keys.join(", ");
    let braces =
        |start: &str| format!("{before}document: {{{start} {keys} }} # ours\nlayout:{after}");
    place.tree.write(MANIFEST, braces("\n"));
    refuses("a_manifest_that_cannot_be_edited", &place, &[]);
    // Those that write nothing need not edit it.
    assert_eq!(place.fetch(&["--check"]).code, 1);
    assert_eq!(place.fetch(&["--dry-run"]).code, 0);
    // On one line, it gets lines of its own.
    place.tree.write(MANIFEST, braces(""));
    let run = place.fetch(&[]);
    assert_eq!(run.code, 0, "{}", run.told());
    let old = http_status_registry::digest::sha256(crate::document().as_bytes());
    let new = http_status_registry::digest::sha256(newer().as_bytes());
    let edited = place.tree.read(MANIFEST);
    let (_, edited) = edited.split_once("document:").expect("a document");
    let (edited, _) = edited.split_once("layout:").expect("a layout");
    let (first, last) = document.split_once(&old).expect("the digest");
    assert!(edited.starts_with(&format!(" # ours\n{first}{new}\n  fetched_from: ")));
    assert!(edited.ends_with(last), "{edited}");
}

#[test]
fn plain_http_that_is_not_allowed() {
    let server = Server::fixed(table(newer()));
    let place = Place::new(&server.url("/"));
    place.tree.edit(MANIFEST, "  allow_http: true\n", "");
    refuses("plain_http", &place, &[]);
    assert!(server.requests().is_empty());
}

#[test]
fn other_sources_are_fetched_all_the_same() {
    let good = Server::fixed(table(newer()));
    let bad = Server::fixed(response("404 Not Found", &[], ""));
    let place = Place::new(&good.url("/"));
    let manifest = place.tree.read(MANIFEST);
    let manifest = manifest
        .replace("id: records", "id: gone")
        .replace(&good.url("/"), &bad.url("/"));
    place.tree.write("sources/gone/source.yaml", &manifest);
    place
        .tree
        .write("sources/gone/claims.csv", place.tree.read(crate::CLAIMS));
    let run = place.fetch(&[]);
    assert_eq!(run.code, 2, "{}", run.told());
    assert!(run.out.contains("gone: not fetched"), "{}", run.out);
    assert!(
        run.out.contains("wrote sources/records/claims.csv"),
        "{}",
        run.out
    );
    assert_eq!(place.tree.read("sources/gone/source.yaml"), manifest);
    // Whether something has changed is not known of all, so that is no answer.
    assert_eq!(place.fetch(&["--check"]).code, 2);
}

#[test]
fn urls_that_are_none() {
    for (name, url) in [
        ("url_of_another_kind", "ftp://codes.example/"),
        ("url_in_capitals", "HTTP://codes.example/"),
        ("url_with_a_password", "https://me:secret@codes.example/"),
        ("url_with_ipv6", "'https://[::1]/'"),
        ("url_not_ascii", "https://codes.example/é"),
        ("url_of_another_machine", "file://mirror/codes.csv"),
    ] {
        refused(name, url, &[]);
    }
}

#[test]
fn sources_that_cannot_be_fetched() {
    let place = Place::new("https://codes.example/");
    place.set("pinned: true");
    refuses("pinned", &place, &["records"]);
    refuses("without_a_url", &place, &["sections"]);
    refuses("unknown_source", &place, &["hedgehog"]);
    refuses("rfc", &place, &["standard"]);
    let run = place.fetch(&[]);
    assert_eq!(
        (run.code, run.out.as_str()),
        (0, "no source has a `url` to fetch from\n")
    );
}
