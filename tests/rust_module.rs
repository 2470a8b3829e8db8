//! The Rust module: the same data, and fit for any project that vendors it.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use common::{export, has_tool, meanings, registry, root};
use http_status_registry::model::{Answer, Code, Reference};

/// Compiles a program around the module and runs it.
fn run_rust(edition: &str, program: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let main = folder.path().join("main.rs");
    let module = root().join("exports/v1/http_status_codes.rs");
    fs::write(
        &main,
        format!(
            "#[path = {module:?}]\nmod http_status_codes;\nuse http_status_codes::*;\n{program}"
        ),
    )
    .expect("a file");
    let binary = folder.path().join("main");
    rustc(
        &[
            "--edition",
            edition,
            "-D",
            "warnings",
            "-o",
            &binary.display().to_string(),
        ],
        &main,
    );
    let output = Command::new(&binary).output().expect("the program");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn rustc(arguments: &[&str], file: &Path) {
    let output = Command::new("rustc")
        .args(arguments)
        .arg(file)
        .output()
        .expect("rustc");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn rust_holds_the_registry() {
    let registry = registry();
    let told = run_rust(
        "2021",
        r#"fn main() {
            for m in MEANINGS.iter() {
                let former: Vec<String> = m.former_phrases.iter().map(|f| format!("{} by {} until {:?}", f.phrase, f.used_by, f.replaced_by)).collect();
                let refs: Vec<String> = m.references.iter().map(|r| r.to_string()).collect();
                let urls: Vec<&str> = m.references.iter().map(|r| r.url).collect();
                let old: Vec<&str> = m.former_references.iter().map(|r| r.title).collect();
                let class = Class::of(m.code).unwrap();
                println!("{m}");
                println!("{:?}", (class.to_string(), m.id, m.phrase, former, m.name_zh_hans));
                println!("{:?}", (m.origin.to_string(), m.origin.kind(), m.registration.to_string(), m.registration.state()));
                println!("{:?}", (refs, urls, old, m.summary, m.summary_zh_hans));
                let method = m.redirect_method.map(|method| method.to_string());
                println!("{:?}", (m.interim, m.may_have_content, m.heuristically_cacheable, method));
                assert_eq!(m.redirect_method.map(|method| method.name().parse()), m.redirect_method.map(Ok));
                assert_eq!(class.to_string().parse(), Ok(class));
                assert_eq!(m.origin.to_string().parse(), Ok(m.origin));
                assert_eq!(m.registration.to_string().parse(), Ok(m.registration));
                assert_eq!(meaning(m.id), Some(m));
            }
            for code in 0..=u16::MAX {
                let of: Vec<&Meaning> = MEANINGS.iter().filter(|m| m.code == code).collect();
                assert_eq!(meanings_of(code).iter().collect::<Vec<_>>(), of, "{}", code);
                let registered = of.iter().find(|m| {
                    !matches!(m.registration, Registration::Unregistered | Registration::Reserved)
                });
                assert_eq!(reason_phrase(code), registered.and_then(|m| m.phrase), "{}", code);
                assert_eq!(Class::of(code).is_some(), (100..600).contains(&code), "{}", code);
            }
        }"#,
    );
    let mut expected = String::new();
    for (code, m) in meanings(&registry) {
        let former: Vec<String> = m
            .former_phrases
            .iter()
            .map(|f| format!("{} by {} until {:?}", f.phrase, f.used_by, f.replaced_by))
            .collect();
        let titles = |references: &[Reference]| {
            references
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
        };
        let urls: Vec<String> = m.references.iter().map(Reference::url).collect();
        let class = Code::new(code).expect("a code").class().as_str();
        let name = &m.names["zh-Hans"];
        let origin = (m.origin.to_string(), m.origin.kind());
        let registration = (m.registration.to_string(), m.registration.state());
        let (en, zh) = (&m.summary["en"], &m.summary["zh-Hans"]);
        let (refs, old) = (titles(&m.references), titles(&m.former_references));
        expected += &format!("{code} {}\n", m.title());
        expected += &format!("{:?}\n", (class, &m.id, &m.phrase, former, name));
        expected += &format!(
            "{:?}\n",
            (origin.0, origin.1, registration.0, registration.1)
        );
        expected += &format!("{:?}\n", (refs, urls, old, en, zh));
        let semantics = &m.semantics;
        let value = |answer: &Option<Answer<bool>>| answer.as_ref().map(|answer| answer.value);
        let method = semantics.redirect_method.as_ref();
        let method = method.map(|method| method.value.to_string());
        let answers = (
            value(&semantics.interim),
            value(&semantics.may_have_content),
            value(&semantics.heuristically_cacheable),
            method,
        );
        expected += &format!("{answers:?}\n");
    }
    assert_eq!(told, expected);
}

#[test]
fn rust_compiles_everywhere() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("lib.rlib").display().to_string();
    let module = root().join("exports/v1/http_status_codes.rs");
    let bare = folder.path().join("bare.rs");
    fs::write(
        &bare,
        format!("#![no_std]\n//! Bare.\n#[path = {module:?}]\npub mod codes;\n"),
    )
    .expect("a file");
    for edition in ["2018", "2021", "2024"] {
        for file in [&module, &bare] {
            rustc(
                &[
                    "--crate-type",
                    "lib",
                    "--edition",
                    edition,
                    "-D",
                    "warnings",
                    "-F",
                    "unsafe-code",
                    "-D",
                    "missing-docs",
                    "-o",
                    &out,
                ],
                file,
            );
        }
    }
}

#[test]
fn rust_is_formatted() {
    if !has_tool("rustfmt", "rust_is_formatted") {
        return;
    }
    for edition in ["2018", "2021", "2024"] {
        let file = root().join("exports/v1/http_status_codes.rs");
        let output = Command::new("rustfmt")
            .args(["--check", "--edition", edition])
            .arg(file)
            .output()
            .expect("rustfmt");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stdout)
        );
    }
}

/// A workspace of packages that vendor the module.
struct Vendored(tempfile::TempDir);

/// A package: its name, its edition, and its files with what they hold.
type Package<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)]);

impl Vendored {
    fn new(packages: &[Package]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut members = String::new();
        for (name, edition, files) in packages {
            let manifest =
                format!("[package]\nname = {name:?}\nversion = \"0.0.0\"\nedition = {edition:?}\n");
            for (file, content) in files.iter().chain([&("Cargo.toml", &*manifest)]) {
                let path = folder.path().join(name).join(file);
                fs::create_dir_all(path.parent().expect("a folder")).expect("the folder");
                fs::write(path, content).expect("a file");
            }
            members += &format!("{name:?},");
        }
        let manifest = format!("[workspace]\nresolver = \"2\"\nmembers = [{members}]\n");
        fs::write(folder.path().join("Cargo.toml"), manifest).expect("a manifest");
        Self(folder)
    }

    /// Runs cargo and returns what it prints.
    fn cargo(&self, arguments: &[&str]) -> String {
        let output = Command::new("cargo")
            .args(arguments)
            .arg("--offline")
            .current_dir(self.0.path())
            .env("CARGO_TARGET_DIR", self.0.path().join("target"))
            .env("RUSTFLAGS", "-D warnings")
            .env("RUSTDOCFLAGS", "-D warnings")
            .output()
            .expect("cargo");
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        let (out, err) = (text(output.stdout), text(output.stderr));
        assert!(output.status.success(), "{out}{err}");
        out
    }
}

#[test]
fn rust_is_clean_under_clippy() {
    if !has_tool("cargo-clippy", "rust_is_clean_under_clippy") {
        return;
    }
    let module = export("http_status_codes.rs");
    assert!(module.contains("needs neither `std` nor any crate, but Rust 1.83."));
    Vendored::new(&[(
        "vendored",
        "2021",
        &[
            ("src/lib.rs", &module),
            ("clippy.toml", "msrv = \"1.83\"\n"),
        ],
    )])
    .cargo(&["clippy", "--quiet"]);
}

#[test]
fn rust_documents_itself_wherever_it_is_vendored() {
    let module = &*export("http_status_codes.rs");
    let projects = Vendored::new(&[
        (
            "private-module",
            "2018",
            &[
                ("src/lib.rs", "mod http_status_codes;"),
                ("src/http_status_codes.rs", module),
            ],
        ),
        (
            "folders",
            "2021",
            &[
                (
                    "src/lib.rs",
                    "mod http { mod status_codes; pub mod codes; }",
                ),
                ("src/http/status_codes.rs", module),
                ("src/http/codes/mod.rs", module),
            ],
        ),
        (
            "public-module",
            "2024",
            &[("src/lib.rs", "pub mod codes;"), ("src/codes.rs", module)],
        ),
        ("whole-library", "2024", &[("src/lib.rs", module)]),
        (
            "program",
            "2021",
            &[
                ("src/main.rs", "mod http_status_codes;\nfn main() {}"),
                ("src/http_status_codes.rs", module),
            ],
        ),
    ]);
    let examples = module.matches("#[doc = example!(").count();
    assert!(examples > 0);
    let told = projects.cargo(&["test"]);
    let passed = told.matches(" ... ok\n").count();
    // A program has no doc tests.
    assert_eq!(passed, 5 * examples, "{told}");
    projects.cargo(&["doc", "--no-deps", "--document-private-items"]);
}

#[test]
fn rust_answers_what_a_user_asks() {
    run_rust(
        "2018",
        r#"
        const PHRASE: Option<&str> = reason_phrase(NOT_FOUND);
        const CODE: Option<u16> = code_of_phrase("not found");
        const COUNT: usize = meanings_of(499).len();
        const MEANING: Option<&Meaning> = meaning("421-misdirected-request");
        const CLASS: Option<Class> = Class::of(NOT_FOUND);

        fn main() {
            assert_eq!(PHRASE, Some("Not Found"));
            assert_eq!(CODE, Some(404));
            assert_eq!(COUNT, 3);
            assert_eq!(MEANING.map(|m| m.code), Some(421));
            assert_eq!(CLASS, Some(Class::ClientError));
            assert_eq!(reason_phrase(499), None);
            assert_eq!(code_of_phrase("PAYLOAD TOO LARGE"), Some(413));
            assert_eq!(code_of_phrase("client closed request"), Some(499));
            assert_eq!(code_of_phrase("no such phrase"), None);
            assert_eq!(code_of_phrase(""), None);
            assert_eq!(meanings_of(200).len(), 1);
            assert!(meanings_of(299).is_empty());
            assert_eq!(meaning("404"), None);
            assert_eq!("vendor nginx".parse(), Ok(Origin::Vendor("nginx")));
            for text in &["", "vendor", "vendor ", "vendor ngin", "vendor nginx ", "RFC"] {
                assert!(text.parse::<Origin>().is_err(), "{}", text);
            }
            for text in &["", "temporary", "temporary registered", "not listed"] {
                assert!(text.parse::<Registration>().is_err(), "{}", text);
            }
            assert_eq!(meanings_of(SEE_OTHER)[0].redirect_method, Some(RedirectMethod::BecomesGet));
            assert_eq!(meanings_of(NOT_MODIFIED)[0].redirect_method, None);
            assert_eq!(meanings_of(499)[0].may_have_content, None);
            assert_eq!("get".parse::<RedirectMethod>().unwrap_err().to_string(), "no such redirect method");
            assert_eq!("4xx".parse::<Class>().unwrap_err().to_string(), "no such class");
            assert_eq!(format!("{:<13}|", Class::Redirection), "redirection  |");
            #[allow(deprecated)]
            let old = PAYLOAD_TOO_LARGE;
            assert_eq!(old, CONTENT_TOO_LARGE);
        }"#,
    );
}

#[test]
fn every_constant_links_to_its_definition() {
    let rust = export("http_status_codes.rs");
    let lines: Vec<&str> = rust.lines().collect();
    let mut links = BTreeMap::<u16, BTreeSet<&str>>::new();
    for (index, line) in lines.iter().enumerate() {
        let constant = line.strip_prefix("pub const ");
        let Some((_, code)) = constant.and_then(|constant| constant.split_once(": u16 = ")) else {
            continue;
        };
        let mut above = lines[..index].iter().rev();
        let comment = above
            .find(|line| line.starts_with("/// "))
            .expect("a comment");
        let link = comment
            .split_once("](https://")
            .and_then(|(_, rest)| rest.split_once(')'))
            .unwrap_or_else(|| panic!("{line} has no link: {comment}"));
        let code = code.trim_end_matches(';').parse().expect("a code");
        links.entry(code).or_default().insert(link.0);
    }
    assert_eq!(links.len(), rust_phrases().len());
    // The constants of one code lead to one definition.
    assert!(links.values().all(|links| links.len() == 1), "{links:?}");
}

fn rust_phrases() -> serde_json::Map<String, serde_json::Value> {
    serde_json::from_str(&export("reason-phrases.json")).expect("JSON")
}

#[test]
fn a_former_constant_says_what_replaced_it() {
    let rust = export("http_status_codes.rs");
    let start = rust
        .find("pub const PAYLOAD_TOO_LARGE: u16 = 413;")
        .expect("the constant");
    let before = rust[..start]
        .trim_end()
        .lines()
        .next_back()
        .expect("a line");
    assert_eq!(
        before,
        r#"#[deprecated(note = "replaced in RFC 9110: use `CONTENT_TOO_LARGE`")]"#
    );
}
