use encoding_rs::Encoding;
use serde::Deserialize;

use crate::diagnostic::Diagnostics;
use crate::model::{Authority, Date, Layout, LayoutKind, SourceEntry, text};
use crate::yaml;

/// The largest document that is read unless its manifest allows more, in bytes.
const MAX_BYTES: u64 = 16 * 1024 * 1024;

/// The name of a source's manifest.
pub const MANIFEST: &str = "source.yaml";

/// The name of the claims locked from a source's document.
pub const CLAIMS: &str = "claims.csv";

/// How the URL of a local mirror starts.
const FILE: &str = "file://";

/// Whether this is an entity tag (RFC 9110, Section 8.8.3) of a sane length, in ASCII.
#[must_use]
pub fn is_entity_tag(text: &str) -> bool {
    let opaque = text.strip_prefix("W/").unwrap_or(text);
    let opaque = opaque
        .strip_prefix('"')
        .and_then(|tag| tag.strip_suffix('"'));
    text.len() <= 200
        && opaque.is_some_and(|tag| {
            tag.bytes()
                .all(|byte| byte.is_ascii_graphic() && byte != b'"')
        })
}

/// Whether this may be the time in a field such as Last-Modified: `Sun, 06 Nov 1994 08:49:37 GMT`.
#[must_use]
pub fn is_time(text: &str) -> bool {
    text.len() <= 40
        && text.ends_with(" GMT")
        && text.starts_with(|c: char| c.is_ascii_uppercase())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b" ,:".contains(&byte))
}

/// What a source is, and how to read it: `sources/<id>/source.yaml`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Fields")]
pub struct Manifest {
    /// The id: the name of its folder.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Who wrote it.
    pub author: Option<String>,
    /// The day it was written or last updated.
    pub date: Option<Date>,
    /// Where it is published, or a `file:` URL of a local mirror.
    pub url: Option<String>,
    /// The day on which these bytes of it were fetched.
    pub retrieved: Option<Date>,
    /// Its languages, as BCP 47 tags.
    pub languages: Vec<String>,
    /// Its own licence.
    pub licence: String,
    /// How much its word weighs.
    pub authority: Authority,
    /// How its claims are come by.
    pub reading: Reading,
    /// Where some of its keys stand.
    pub lines: Lines,
}

/// Lines of a manifest that errors may be about which nobody can find in the manifest alone.
#[derive(Debug, Clone, Copy, Default, Eq)]
pub struct Lines {
    /// That of the date, or the first if there is none.
    pub date: u32,
    /// That of the key of the layout that says where entries are.
    pub entries: u32,
    /// That of the number of the RFC, or the first if there is none.
    pub rfc: u32,
}

/// Manifests that say the same are equal, wherever their keys stand.
impl PartialEq for Lines {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// How the claims of a source are come by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// `ingest` extracts them from the document.
    Document {
        /// The document.
        document: Document,
        /// How to read it.
        layout: Box<Layout>,
    },
    /// A person read them out of the RFC with this number: `sources/<id>/claims.yaml`.
    Rfc(u32),
}

/// The keys of a manifest.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    id: String,
    title: String,
    author: Option<String>,
    date: Option<Date>,
    url: Option<String>,
    retrieved: Option<Date>,
    languages: Vec<String>,
    licence: String,
    authority: Authority,
    document: Option<Document>,
    layout: Option<Layout>,
    rfc: Option<u32>,
}

impl TryFrom<Fields> for Manifest {
    type Error = &'static str;

    fn try_from(fields: Fields) -> Result<Self, Self::Error> {
        let reading = match (fields.document, fields.layout, fields.rfc) {
            (Some(document), Some(layout), None) => Reading::Document {
                document,
                layout: Box::new(layout),
            },
            (None, None, Some(number)) => Reading::Rfc(number),
            (Some(_), None, None) => return Err("missing field `layout`"),
            (None, Some(_), None) => return Err("missing field `document`"),
            _ => return Err("a source has either `document` and `layout`, or `rfc`"),
        };
        Ok(Self {
            id: fields.id,
            title: fields.title,
            author: fields.author,
            date: fields.date,
            url: fields.url,
            retrieved: fields.retrieved,
            languages: fields.languages,
            licence: fields.licence,
            authority: fields.authority,
            reading,
            lines: Lines::default(),
        })
    }
}

/// The bytes of a source.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// The name that it usually has. A file of this name with other bytes is an error.
    pub name: Option<String>,
    /// Its SHA-256 in lower-case hexadecimal: how it is found.
    pub sha256: String,
    /// What it is.
    pub media_type: MediaType,
    /// Its character encoding, by a label of the WHATWG Encoding Standard; UTF-8 unless given.
    pub charset: Option<String>,
    /// The size above which it is refused, in bytes.
    #[serde(default = "max_bytes")]
    pub max_bytes: u64,
    /// Whether the source is this edition of it, so that no newer one is fetched.
    #[serde(default)]
    pub pinned: bool,
    /// Whether it may be fetched over plain HTTP, which anybody on the way can change.
    #[serde(default)]
    pub allow_http: bool,
    /// The URL that gave the two below: they are good for no other.
    pub fetched_from: Option<String>,
    /// The entity tag that the server gave with it, as the server wrote it.
    pub etag: Option<String>,
    /// The time of its last change that the server gave with it, as the server wrote it.
    pub last_modified: Option<String>,
}

fn max_bytes() -> u64 {
    MAX_BYTES
}

/// The kinds of documents that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum MediaType {
    /// HTML.
    #[serde(rename = "text/html")]
    Html,
    /// XHTML; read as HTML.
    #[serde(rename = "application/xhtml+xml")]
    Xhtml,
    /// Markdown (CommonMark with tables and definition lists); becomes HTML.
    #[serde(rename = "text/markdown")]
    Markdown,
    /// Plain text.
    #[serde(rename = "text/plain")]
    Plain,
    /// Comma-separated values (RFC 4180).
    #[serde(rename = "text/csv")]
    Csv,
}

impl Manifest {
    /// Reads one.
    ///
    /// # Errors
    /// Whatever does not fit its keys.
    pub fn read(source: &yaml::Source) -> Result<Self, Diagnostics> {
        let mut manifest: Self = source.read()?;
        let finder = manifest.layout().map_or("", |layout| layout.kind.finder());
        manifest.lines = Lines {
            date: source.line(&["date"]),
            entries: source.line(&["layout", finder]),
            rfc: source.line(&["rfc"]),
        };
        Ok(manifest)
    }

    /// Its file.
    #[must_use]
    pub fn file(&self) -> String {
        format!("sources/{}/{MANIFEST}", self.id)
    }

    /// The file of the claims that are locked from its document.
    #[must_use]
    pub fn claims_file(&self) -> String {
        format!("sources/{}/{CLAIMS}", self.id)
    }

    /// Its document, if it has one.
    #[must_use]
    pub fn document(&self) -> Option<&Document> {
        match &self.reading {
            Reading::Document { document, .. } => Some(document),
            Reading::Rfc(_) => None,
        }
    }

    fn layout(&self) -> Option<&Layout> {
        match &self.reading {
            Reading::Document { layout, .. } => Some(layout),
            Reading::Rfc(_) => None,
        }
    }

    /// All that is wrong with it and can be seen without the document, except for the layout's
    /// patterns and selectors.
    #[must_use]
    pub fn faults(&self, source: &yaml::Source, folder: &str) -> Diagnostics {
        let mut errors = Vec::new();
        let mut check = |path: &[&str], fault: Option<String>, help: &str| {
            if let Some(fault) = fault {
                errors.push(
                    source
                        .error(path, format!("{} {fault}", path.join(".")))
                        .help(help),
                );
            }
        };
        let folder_name =
            (self.id != folder).then(|| format!("is `{}`, but its folder is `{folder}`", self.id));
        check(&["id"], folder_name, "give both the same name");
        let slug = self.id.starts_with(|c: char| c.is_ascii_lowercase())
            && self
                .id
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        check(
            &["id"],
            (!slug).then(|| "is no id".into()),
            "use lower-case letters, digits and hyphens",
        );

        let texts = [
            ("title", Some(&self.title)),
            ("author", self.author.as_ref()),
            ("licence", Some(&self.licence)),
        ];
        for (key, value) in texts {
            check(
                &[key],
                value.and_then(|value| text::fault(value)),
                "give plain text on one line",
            );
        }
        let address_fault = |url: &String| {
            let Some(path) = url.strip_prefix(FILE) else {
                return text::web_address_fault(url);
            };
            let path = path.strip_prefix("localhost").unwrap_or(path);
            if !path.starts_with('/') {
                return Some("names a file of another machine".into());
            }
            // What may stand in an address on the web may stand in the path of a file.
            text::web_address_fault(&format!("https://file{path}"))
        };
        check(
            &["url"],
            self.url.as_ref().and_then(address_fault),
            "an address starts with https://, or with file:/// for a local mirror",
        );

        let none = self.languages.is_empty().then(|| "is empty".into());
        check(
            &["languages"],
            none,
            "name at least one language, such as en or zh-Hans",
        );
        for (index, tag) in self.languages.iter().enumerate() {
            let fault = (!text::is_language_tag(tag)).then(|| {
                format!(
                    "is `{}`, which is no BCP 47 tag of language, script and region",
                    tag.escape_debug()
                )
            });
            let twice = self.languages[..index].contains(tag);
            check(
                &["languages", &index.to_string()],
                fault.or_else(|| twice.then(|| format!("is `{tag}` a second time"))),
                "write for example en, en-GB, zh-Hans, with these capitals and each once",
            );
        }

        let (document, layout) = match &self.reading {
            Reading::Document { document, layout } => (document, layout),
            Reading::Rfc(number) => {
                check(
                    &["rfc"],
                    (*number == 0).then(|| "is 0, and there is no RFC 0".into()),
                    "give the number of the RFC",
                );
                return errors;
            }
        };
        let name = document.name.as_ref().and_then(|name| {
            let is_path = name.contains(['/', '\\']);
            let is_ours = [MANIFEST, CLAIMS].contains(&name.as_str());
            text::fault(name)
                .or_else(|| is_path.then(|| "is a path".into()))
                .or_else(|| {
                    is_ours.then(|| format!("is `{name}`, which each source has for itself"))
                })
        });
        check(
            &["document", "name"],
            name,
            "give the name of a file without its folder, or take the key out",
        );
        let hex = document.sha256.len() == 64
            && document
                .sha256
                .bytes()
                .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        check(
            &["document", "sha256"],
            (!hex).then(|| "is no SHA-256".into()),
            "give what `sha256sum` prints: 64 digits in lower case",
        );
        let charset = document.charset.as_ref();
        let unknown =
            charset.filter(|label| Encoding::for_label_no_replacement(label.as_bytes()).is_none());
        check(
            &["document", "charset"],
            unknown
                .map(|label| format!("is `{}`, which is no known encoding", label.escape_debug())),
            "use a label such as utf-8, gbk, big5, windows-1252",
        );
        check(
            &["document", "max_bytes"],
            (document.max_bytes == 0).then(|| "leaves room for nothing".into()),
            "give the size in bytes, or leave it out for 16 MiB",
        );

        check(
            &["document", "fetched_from"],
            document.fetched_from.as_ref().and_then(address_fault),
            "take out fetched_from, etag and last_modified: `fetch` writes them anew",
        );
        let etag = document.etag.as_ref().filter(|etag| !is_entity_tag(etag));
        check(
            &["document", "etag"],
            etag.map(|_| "is no entity tag".into()),
            "take it out: `fetch` writes it anew",
        );
        let time = document.last_modified.as_ref();
        let time = time.filter(|time| !is_time(time));
        check(
            &["document", "last_modified"],
            time.map(|_| "is no time as HTTP writes it".into()),
            "take it out: `fetch` writes it anew",
        );

        let readable: &[MediaType] = match layout.kind {
            LayoutKind::Outline => &[MediaType::Plain, MediaType::Markdown],
            LayoutKind::Records => &[MediaType::Csv],
            _ => &[MediaType::Html, MediaType::Xhtml, MediaType::Markdown],
        };
        let fits = readable.contains(&document.media_type);
        check(
            &["layout", "kind"],
            (!fits).then(|| {
                format!(
                    "is {}, which does not read this media_type",
                    layout.kind.as_str()
                )
            }),
            "outline reads text/plain and text/markdown; records reads text/csv; the others read text/html, application/xhtml+xml and text/markdown",
        );
        errors
    }

    /// The source as the exports name it.
    #[must_use]
    pub fn entry(&self) -> SourceEntry {
        let (rfc, sha256) = match &self.reading {
            Reading::Document { document, .. } => (None, Some(document.sha256.clone())),
            Reading::Rfc(number) => (Some(*number), None),
        };
        SourceEntry {
            id: self.id.clone(),
            title: self.title.clone(),
            author: self.author.clone(),
            date: self.date,
            authority: self.authority,
            languages: self.languages.clone(),
            licence: self.licence.clone(),
            // A local mirror is nowhere for those who read an export.
            url: self.url.clone().filter(|url| !url.starts_with(FILE)),
            retrieved: self.retrieved,
            rfc,
            sha256,
        }
    }
}
