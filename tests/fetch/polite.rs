//! What a polite client does.

use std::io::Write;
use std::time::{Duration, Instant, SystemTime};

use crate::common::{has_tool, snapshot};
use crate::server::{Authority, Server, response, table};
use crate::{CLAIMS, MANIFEST, Place, document, newer};

#[test]
fn a_changed_document_is_shown_and_locked_in_one_step() {
    let server = Server::fixed(table(newer()));
    let place = Place::new(&server.url("/codes.csv"));
    place.set("name: records.csv # a comment");
    let manifest = place.tree.read(MANIFEST);
    let manifest = manifest.replacen("  name: records.csv\n", "", 1);
    place.tree.write(MANIFEST, manifest);
    let before = place.tree.files();

    let dry = place.fetch(&["--dry-run"]);
    assert_eq!(dry.code, 0, "{}", dry.told());
    assert!(place.tree.files() == before, "a dry run wrote something");
    assert!(place.cached().is_empty(), "{:?}", place.cached());

    let check = place.fetch(&["--check", "records"]);
    assert_eq!(check.code, 1, "{}", check.told());
    assert!(place.tree.files() == before, "a check wrote something");

    let run = place.fetch(&[]);
    assert_eq!(run.code, 0, "{}", run.told());
    assert!(run.out.starts_with(&dry.out), "{}", run.out);
    let today = today();
    let told = format!(
        "{}\n{}\n{}",
        run.told(),
        place.tree.read(MANIFEST).replace(&today, "TODAY"),
        place.tree.read(CLAIMS)
    );
    let told = regex::Regex::new(r"127\.0\.0\.1:\d+")
        .expect("a pattern")
        .replace_all(&told, "SERVER")
        .into_owned();
    snapshot("fetch", "changed", &told);
    assert_eq!(
        place.cached(),
        [http_status_registry::digest::sha256(newer().as_bytes())]
    );

    // The cache is a folder of documents like any other.
    let cache = place.cache().display().to_string();
    let ingest = place
        .tree
        .run(&["ingest", "--check", "--documents", &cache, "records"]);
    assert_eq!(ingest.code, 0, "{}", ingest.told());
    let again = place.fetch(&["--check"]);
    assert_eq!(again.code, 0, "{}", again.told());
}

fn today() -> String {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let days = now.expect("a time after 1970").as_secs() / 86_400;
    // Counted, so that nothing of the program's own way is used.
    let (mut year, mut left) = (1970, days);
    let leap = |year: u64| {
        year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
    };
    let mut lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    while left >= 365 + u64::from(leap(year)) {
        left -= 365 + u64::from(leap(year));
        year += 1;
    }
    lengths[1] += u64::from(leap(year));
    let mut month = 0;
    while left >= lengths[month] {
        left -= lengths[month];
        month += 1;
    }
    format!("{year}-{:02}-{:02}", month + 1, left + 1)
}

#[test]
fn an_unchanged_document_costs_a_304() {
    let server = Server::start(|request, mut wire| {
        let known = request.field("If-None-Match") == Some("\"one\"")
            && request.field("If-Modified-Since") == Some("Mon, 15 Sep 2025 10:00:00 GMT");
        let response = if known {
            response("304 Not Modified", &["ETag: \"one\""], "")
        } else {
            table(document())
        };
        wire.send(&response);
    });
    let place = Place::new(&server.url("/"));
    let claims = place.tree.read(CLAIMS);
    let run = place.fetch(&[]);
    assert_eq!(
        run.out,
        "records: unchanged\n  wrote sources/records/source.yaml\n"
    );
    let before = place.tree.files();
    let run = place.fetch(&[]);
    assert_eq!((run.code, run.out.as_str()), (0, "records: unchanged\n"));
    assert!(place.tree.files() == before, "something was written");
    assert_eq!(place.tree.read(CLAIMS), claims);

    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    let version = env!("CARGO_PKG_VERSION");
    let agent = format!(
        "http-status-registry/{version} (+{})",
        env!("CARGO_PKG_REPOSITORY")
    );
    assert_eq!(requests[0].field("User-Agent"), Some(agent.as_str()));
    assert_eq!(requests[0].field("Accept-Encoding"), Some("gzip, br"));
    assert_eq!(requests[0].field("If-None-Match"), None);
    assert_eq!(requests[0].field("If-Modified-Since"), None);
    assert_eq!(requests[1].field("If-None-Match"), Some("\"one\""));

    // What is known of one URL says nothing of another one's document.
    place.tree.edit(
        MANIFEST,
        &format!("\nurl: {}", server.url("/")),
        &format!("\nurl: {}", server.url("/2")),
    );
    assert_eq!(place.fetch(&[]).code, 0);
    assert_eq!(server.requests()[2].field("If-None-Match"), None);
    assert_eq!(server.requests()[2].field("If-Modified-Since"), None);
}

#[test]
fn an_unchanged_document_has_its_claims_locked() {
    let server = Server::start(|request, mut wire| {
        wire.send(&if request.field("If-None-Match").is_some() {
            response("304 Not Modified", &["ETag: \"one\""], "")
        } else {
            response(
                "200 OK",
                &["Content-Type: text/csv", "ETag: \"one\""],
                document(),
            )
        });
    });
    let place = Place::new(&server.url("/"));
    let cache = place.cache().display().to_string();
    let claims = place.tree.read(CLAIMS);
    // There are none yet, of a document that comes, and of one that is known to be the latest.
    for is_known in [false, true] {
        std::fs::remove_file(place.tree.path(CLAIMS)).expect("the claims");
        let before = place.tree.files();
        let run = place.fetch(&["--check"]);
        assert_eq!(run.code, 1, "{}", run.told());
        assert_eq!(place.fetch(&["--dry-run"]).out, run.out);
        assert!(place.tree.files() == before, "something was written");
        let run = place.fetch(&[]);
        let requests = server.requests();
        let request = requests.last().expect("a request");
        assert_eq!(request.field("If-None-Match").is_some(), is_known);
        assert_eq!(place.tree.read(CLAIMS), claims, "{}", run.told());
        let first = run.out.lines().next();
        let stale = "records: unchanged, but its claims are stale; 0 → 7 claims";
        assert_eq!(first, Some(stale), "{}", run.told());
    }
    // The layout has changed.
    place.tree.edit(
        MANIFEST,
        "registration: obsoleted",
        "registration: registered",
    );
    let run = place.fetch(&[]);
    insta::assert_snapshot!(run.told(), @r"
    records: unchanged, but its claims are stale; 7 → 7 claims
      410: registration 'obsoleted' → 'registered'
      wrote sources/records/claims.csv
    records: fetching http://SERVER/
    records: received
    exit code 0
    ");
    let ingested = place
        .tree
        .run(&["ingest", "--check", "--documents", &cache]);
    assert_eq!(ingested.code, 0, "{}", ingested.told());
    assert_eq!(place.fetch(&["--check"]).out, "records: unchanged\n");
    // One that fits it no longer is told.
    place.tree.edit(MANIFEST, "(?<code>", "x(?<code>");
    let before = place.tree.files();
    let run = place.fetch(&[]);
    assert_eq!(run.code, 2, "{}", run.told());
    insta::assert_snapshot!(run.told(), @r"
    records: not fetched; its files are as they were
    records: fetching http://SERVER/
    records: received
    error: no entry was found in the document (7 skipped)
      --> sources/records/source.yaml:17
      help: mend the layout so that it fits the document
            line 2: `200` does not match the layout's pattern for the column `Value`
            line 3: `201-203` does not match the layout's pattern for the column `Value`
            line 4: `204` does not match the layout's pattern for the column `Value`
    exit code 2
    ");
    assert!(place.tree.files() == before, "something was written");
}

#[test]
fn a_content_type_may_have_any_parameters() {
    for parameter in [&b"charset=\xc3\xa9"[..], b"charset=\xe9", b"\"a;b\""] {
        let mut answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/csv; ".to_vec();
        answer.extend_from_slice(parameter);
        answer.extend_from_slice(b"\r\n\r\n");
        answer.extend_from_slice(newer().as_bytes());
        let server = Server::fixed(answer);
        let place = Place::new(&server.url("/"));
        let run = place.fetch(&["--dry-run"]);
        assert_eq!(run.code, 0, "{}", run.told());
    }
}

#[test]
fn what_a_server_says_of_an_edition_is_kept_if_it_is_sound() {
    let unsound = "its ETag is no entity tag";
    for (field, kept) in [
        ("ETag: W/\"a\"", Some("etag: 'W/\"a\"'")),
        ("ETag: \"é\"", None),
        ("ETag: a", None),
        (
            "Last-Modified: Mon, 15 Sep 2025 10:00:00 GMT",
            Some("last_modified: 'Mon, 15 Sep 2025 10:00:00 GMT'"),
        ),
        // The obsolete forms are kept in the one of today.
        (
            "Last-Modified: Monday, 15-Sep-25 10:00:00 GMT",
            Some("last_modified: 'Mon, 15 Sep 2025 10:00:00 GMT'"),
        ),
        (
            "Last-Modified: Mon Sep 15 10:00:00 2025",
            Some("last_modified: 'Mon, 15 Sep 2025 10:00:00 GMT'"),
        ),
        ("Last-Modified: 2025-09-15", None),
        ("Last-Modified: Fri, 15 Sep 9000 10:00:00 GMT", None),
    ] {
        let fields = ["Content-Type: text/csv", field];
        let server = Server::fixed(response("200 OK", &fields, newer()));
        let place = Place::new(&server.url("/"));
        let run = place.fetch(&[]);
        assert_eq!(run.code, 0, "{field}: {}", run.told());
        let manifest = place.tree.read(MANIFEST);
        match kept {
            Some(line) => assert!(manifest.contains(line), "{field}: {manifest}"),
            None => {
                let is_tag = field.starts_with("ETag");
                assert_eq!(run.out.contains(unsound), is_tag, "{field}: {}", run.out);
                assert!(run.out.contains("is not kept"), "{field}: {}", run.out);
                assert!(!manifest.contains("fetched_from"), "{field}: {manifest}");
            }
        }
    }
}

#[test]
fn what_may_pass_is_tried_again() {
    for status in [
        "408 Request Timeout",
        "429 Too Many Requests",
        "500 Internal Server Error",
        "502 Bad Gateway",
        "503 Service Unavailable",
        "504 Gateway Timeout",
    ] {
        let server = Server::start(move |request, mut wire| {
            wire.send(&match request.number {
                0 | 1 => response(status, &[], ""),
                _ => table(newer()),
            });
        });
        let place = Place::new(&server.url("/"));
        let run = place.fetch(&[]);
        assert_eq!(run.code, 0, "{status}: {}", run.told());
        assert_eq!(server.requests().len(), 3, "{status}");
        assert_eq!(run.err.matches("trying again").count(), 2, "{}", run.err);
    }
    // A connection that is reset, then a body that breaks off, may pass too.
    let server = Server::start(|request, mut wire| match request.number {
        0 => wire.reset(),
        1 => {
            wire.send(&table(newer())[..300]);
            wire.reset();
        }
        _ => {
            wire.send(&table(newer()));
        }
    });
    let place = Place::new(&server.url("/"));
    let run = place.fetch(&[]);
    assert_eq!(run.code, 0, "{}", run.told());
    assert_eq!(server.requests().len(), 3);
}

#[test]
fn retry_after_is_honoured_in_both_forms() {
    for as_date in [false, true] {
        let server = Server::start(move |request, mut wire| {
            let after = if as_date {
                let time = SystemTime::now() + Duration::from_secs(3);
                httpdate::fmt_http_date(time)
            } else {
                "2".to_owned()
            };
            wire.send(&match request.number {
                0 => response(
                    "503 Service Unavailable",
                    &[&format!("Retry-After: {after}")],
                    "",
                ),
                _ => table(newer()),
            });
        });
        let place = Place::new(&server.url("/"));
        let start = Instant::now();
        let run = place.fetch(&[]);
        assert_eq!(run.code, 0, "{}", run.told());
        // A date has no fractions of a second.
        assert!(
            start.elapsed() >= Duration::from_millis(1900),
            "{:?}",
            start.elapsed()
        );
    }
    // There is no time for that.
    for seconds in ["3600", "10000000000000000000", "100000000000000000000"] {
        let after = format!("Retry-After: {seconds}");
        let server = Server::fixed(response("429 Too Many Requests", &[&after], ""));
        let place = Place::new(&server.url("/"));
        let run = place.fetch(&[]);
        assert_eq!(server.requests().len(), 1);
        snapshot("fetch", "retry_after_too_long", &run.told());
    }
}

#[test]
fn retry_after_never_makes_it_hurry() {
    for after in ["0", "Sun, 06 Nov 1994 08:49:37 GMT"] {
        let after = format!("Retry-After: {after}");
        let server = Server::fixed(response("503 Service Unavailable", &[&after], ""));
        let place = Place::new(&server.url("/"));
        let start = Instant::now();
        let run = place.fetch(&["--retries", "2"]);
        assert_eq!(run.code, 2, "{}", run.told());
        assert_eq!(server.requests().len(), 3);
        assert!(start.elapsed() >= Duration::from_millis(750), "{after}");
    }
}

#[test]
fn retries_end_with_the_time_for_all() {
    let server = Server::fixed(response("503 Service Unavailable", &[], ""));
    let place = Place::new(&server.url("/"));
    let start = Instant::now();
    let run = place.fetch(&["--retries", "1000", "--timeout", "1.5"]);
    assert_eq!(run.code, 2, "{}", run.told());
    assert!(start.elapsed() < Duration::from_secs(10));
    assert!(server.requests().len() > 1);
}

#[test]
fn redirects_are_followed_and_reported() {
    let server = Server::start(|request, mut wire| {
        wire.send(&match request.target.as_str() {
            "/old" => response("301 Moved Permanently", &["Location: /moved?x=1#y"], ""),
            "/moved?x=1" => response("308 Permanent Redirect", &["Location: /for-now"], ""),
            "/for-now" => response("302 Found", &["Location: /here"], ""),
            "/here" => response("307 Temporary Redirect", &["Location: last"], ""),
            "/last" => response("303 See Other", &["Location: /codes.csv"], ""),
            _ => table(newer()),
        });
    });
    let place = Place::new(&server.url("/old"));
    let run = place.fetch(&["--dry-run"]);
    assert_eq!(run.code, 0, "{}", run.told());
    snapshot("fetch", "redirects", &run.told());
}

#[test]
fn gzip_and_brotli_are_read() {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(newer().as_bytes()).expect("bytes");
    let gzip = gzip.finish().expect("gzip");
    for (coding, body) in [
        ("gzip", gzip.clone()),
        ("x-gzip", gzip),
        ("br", brotli(&newer())),
    ] {
        let field = format!("Content-Encoding: {coding}");
        let server = Server::fixed(response(
            "200 OK",
            &["Content-Type: text/csv", &field],
            body,
        ));
        let place = Place::new(&server.url("/"));
        let run = place.fetch(&[]);
        assert_eq!(run.code, 0, "{coding}: {}", run.told());
        assert!(
            place
                .tree
                .read(MANIFEST)
                .contains(&http_status_registry::digest::sha256(newer().as_bytes())),
            "{coding}"
        );
    }
}

/// Brotli without any compression (RFC 7932, Section 9.2): one block of the bytes as they are.
fn brotli(text: &str) -> Vec<u8> {
    let length = u32::try_from(text.len() - 1).expect("a short text");
    // WBITS 16 (one bit, 0), not the last block, four nibbles of length, uncompressed.
    let bits: u32 = (length << 4) | (1 << 20);
    let mut bytes = bits.to_le_bytes()[..3].to_vec();
    bytes.extend_from_slice(text.as_bytes());
    // The last block, and it is empty.
    bytes.push(0b11);
    bytes
}

#[test]
fn what_can_be_asked_of_it() {
    let place = Place::new("https://codes.example/");
    snapshot(
        "fetch",
        "help",
        &place.tree.run(&["fetch", "--help"]).told(),
    );
    for wrong in ["0", "-1", "soon", "NaN", "1e99"] {
        let run = place.fetch(&[&format!("--timeout={wrong}")]);
        assert!(
            run.err.contains("a number of seconds"),
            "{wrong}: {}",
            run.told()
        );
    }
}

#[test]
fn a_local_mirror_is_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("a%20b.csv");
    std::fs::write(folder.path().join("a b.csv"), newer()).expect("the document");
    let place = Place::new(&format!("file://{}", file.display()));
    let run = place.fetch(&[]);
    assert_eq!(run.code, 0, "{}", run.told());
    assert!(place.tree.read(CLAIMS).contains("425"), "{}", run.told());
    // A path on one machine is of no use to those who read an export.
    std::fs::write(folder.path().join("a b.csv"), document()).expect("the document");
    let place = Place::new(&format!("file://{}", file.display()));
    assert_eq!(place.fetch(&[]).code, 0);
    let build = place.tree.run(&["build"]);
    let export = place.tree.read("exports/v1/http-status-codes.json");
    assert!(!export.contains("file:"), "{}", build.told());
    // It may say on which machine that is.
    let place = Place::new(&format!("file://localhost{}", file.display()));
    assert_eq!(place.fetch(&[]).code, 0);
    // Neither a folder nor a device is read.
    for path in [folder.path().display().to_string(), "/dev/zero".to_owned()] {
        let place = Place::new(&format!("file://{path}"));
        let run = place.fetch(&[]);
        assert!(run.err.contains("is no file"), "{}", run.told());
    }
}

#[test]
fn a_manifest_may_lack_the_end_of_its_last_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("records.csv");
    std::fs::write(&file, newer()).expect("the document");
    let place = Place::new(&format!("file://{}", file.display()));
    let manifest = place.tree.read(MANIFEST);
    let (before, rest) = manifest.split_once("document:\n").expect("a document");
    let (document, layout) = rest.split_once("layout:\n").expect("a layout");
    let (before, after) = before.split_once("url: ").expect("a URL");
    let (url, after) = after.split_once('\n').expect("a line");
    let keys: Vec<&str> = document.lines().map(str::trim).collect();
    let braces = format!("document: {{ {} }}", keys.join(", "));
    let document = format!("document:\n{document}");
    let new = http_status_registry::digest::sha256(newer().as_bytes());
    // What comes last is the line behind which a key is set, or the document in braces.
    for (first, last, at_the_end) in [
        (&document, format!("url: {url}"), "\nretrieved: "),
        (
            &format!("url: {url}\n"),
            braces,
            "\n  media_type: text/csv\n",
        ),
    ] {
        let text = format!("{before}{after}layout:\n{layout}{first}{last}");
        for end in ["\n", "\r\n"] {
            place.tree.write(MANIFEST, text.replace('\n', end));
            let run = place.fetch(&[]);
            assert_eq!(run.code, 0, "{}", run.told());
            let edited = place.tree.read(MANIFEST);
            assert!(edited.contains(&new), "{edited}");
            assert!(edited.contains(&at_the_end.replace('\n', end)), "{edited}");
            let mixed = edited.replace(end, "").contains(['\r', '\n']);
            assert!(!mixed && edited.ends_with(end), "{edited:?}");
        }
    }
}

#[test]
fn tls_is_trusted_with_its_authority_only() {
    let authority = Authority::new();
    let identity = authority.identity("127.0.0.1", 2100);
    let server = Server::tls(identity, |_, mut wire| {
        wire.send(&table(newer()));
    });
    let place = Place::new(&server.url("/"));
    place.tree.write("ca.pem", &authority.pem);
    let run = place.fetch(&["--retries", "0"]);
    assert_eq!(run.code, 2, "{}", run.told());
    let run = place.fetch(&["--ca", "ca.pem"]);
    assert_eq!(run.code, 0, "{}", run.told());
    assert!(place.tree.read(CLAIMS).contains("425"));
}

#[test]
fn proxies_of_the_environment_are_used() {
    let proxy = Server::fixed(table(newer()));
    let place = Place::new("http://codes.example/codes.csv");
    let mut command = place.command(&[]);
    command.env("http_proxy", proxy.url(""));
    let run = place.finish(command);
    assert_eq!(run.code, 0, "{}", run.told());
    assert_eq!(proxy.requests()[0].target, "http://codes.example/codes.csv");
    assert_eq!(proxy.requests()[0].field("Host"), Some("codes.example"));
    // A proxy may have no scheme, and may want a password.
    let mut command = place.command(&[]);
    command.env("ALL_PROXY", format!("me:secret@{}", proxy.address));
    let run = place.finish(command);
    assert_eq!(run.code, 0, "{}", run.told());
    assert_eq!(
        proxy.requests()[1].field("Proxy-Authorization"),
        Some("Basic bWU6c2VjcmV0")
    );
    // For https, a proxy is asked for a tunnel.
    let place = Place::new("https://codes.example/codes.csv");
    let mut command = place.command(&["--retries", "0"]);
    command.env("HTTPS_PROXY", proxy.url(""));
    place.finish(command);
    assert_eq!(proxy.requests()[2].target, "codes.example:443");
    // Some hosts are reached without it.
    let server = Server::fixed(table(newer()));
    let place = Place::new(&server.url("/"));
    let mut command = place.command(&[]);
    command.env("ALL_PROXY", proxy.url(""));
    command.env("NO_PROXY", "127.0.0.1");
    let run = place.finish(command);
    assert_eq!(run.code, 0, "{}", run.told());
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_terminal_shows_what_is_over() {
    if !has_tool("script", "a_terminal_shows_what_is_over") {
        return;
    }
    let bad = Server::fixed(response("404 Not Found", &[], ""));
    let good = Server::fixed(table(newer()));
    for (server, told) in [(&good, "records: received"), (&bad, "records: failed")] {
        let place = Place::new(&server.url("/"));
        let on = |terminal: &str| {
            let fetch = place.command(&["--dry-run"]);
            let mut words = vec![format!("'{}'", fetch.get_program().display())];
            words.extend(fetch.get_args().map(|word| format!("'{}'", word.display())));
            // It keeps what is printed on a terminal, and prints it too.
            let mut script = std::process::Command::new("script");
            script.args(["--quiet", "--command", &words.join(" "), "/dev/null"]);
            script
                .current_dir(place.tree.path(""))
                .env("TERM", terminal)
                // On a terminal of CI, dumb ones get colours too.
                .env_remove("CI");
            place.finish(script).out
        };
        let redrawn = on("xterm");
        assert!(redrawn.contains(told), "{redrawn:?}");
        assert!(redrawn.contains("\u{1b}["), "{redrawn:?}");
        // Where nothing can be redrawn, it is lines.
        let lines = on("dumb");
        assert!(lines.contains(&format!("\n{told}\r\n")), "{lines:?}");
        assert!(!lines.contains('\u{1b}'), "{lines:?}");
    }
}

#[test]
fn few_sources_are_fetched_at_once() {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (open, peak) = (now, most.clone());
    let server = Server::start(move |_, mut wire| {
        peak.fetch_max(open.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        std::thread::sleep(Duration::from_millis(300));
        open.fetch_sub(1, Ordering::SeqCst);
        wire.send(&table(document()));
    });
    let place = Place::new(&server.url("/0"));
    let manifest = place.tree.read(MANIFEST);
    for number in 1..=9 {
        let id = format!("records-{number}");
        let own = manifest.replace("id: records\n", &format!("id: {id}\n"));
        place.tree.write(&format!("sources/{id}/source.yaml"), own);
        place
            .tree
            .write(&format!("sources/{id}/claims.csv"), place.tree.read(CLAIMS));
    }
    let run = place.fetch(&["--check"]);
    assert_eq!(run.code, 0, "{}", run.told());
    assert_eq!(server.requests().len(), 10);
    let most = most.load(Ordering::SeqCst);
    assert!((2..=4).contains(&most), "{most} at once");
}
