//! Synthetic documents in every layout, in each form that it reads, and checkouts that hold them.
//! For benchmarks alone: as in a test, what cannot be written ends them.

#![allow(dead_code)]

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use http_status_registry::digest::sha256;
use http_status_registry::extract::{Extractor, Form};
use http_status_registry::model::Layout;
use pulldown_cmark::{Parser, html};

/// A kind of document.
pub struct Sample {
    /// The kind of its layout, and its form.
    pub name: &'static str,
    pub form: Form,
    pub layout: &'static str,
    /// What stands before the entries.
    head: &'static str,
    /// Writes an entry of a code.
    entry: fn(u32) -> String,
}

/// What is said of a code, in Markdown: about as much as the sources' documents say, and with things in
/// it that look like entries.
const PROSE: [&str; 2] = [
    "The gardener looks at bed 404 and finds it empty (RFC 9110); see section 10.4.5 and 200 OK elsewhere. \
     A `Next-Seeds` field says when to look again. Without one, *nobody* needs to come back before spring, \
     and a neighbour may keep a note of it for as long as the **soil** stays dry.",
    "Beds that were given up for good are told by [410](#410) instead. Some gardens say the same of beds \
     behind a locked gate, so that strangers do not learn which there are. \
     园丁查看了这块花圃，里面什么也没有；如果以后还会播种，可以稍后再来，否则就不必再来了。",
];

/// The same as two paragraphs of HTML.
static PARAGRAPHS: LazyLock<String> = LazyLock::new(|| {
    let mut page = String::new();
    html::push_html(&mut page, Parser::new(&PROSE.join("\n\n")));
    page
});

const SECTIONS: &str = r"{ kind: sections, select: h3, entry: '^(?<code>\d{3}) (?<phrase>.+)$', facts: [{ pattern: '\((?<reference>RFC \d+)\)' }] }";
const ROWS: &str = r"{ kind: rows, select: table tr, columns: { Code: '^(?<code>\d{3})$', What: '^(?<text>.*)$' }, facts: [{ pattern: '\((?<reference>RFC \d+)\)' }] }";
const ITEMS: &str = r"{ kind: items, select: ul > li, entry: '^(?<code>\d{3}) : (?<phrase>[^（]+)（(?<name>[^）]+)）', facts: [{ pattern: '\((?<reference>RFC \d+)\)' }] }";
const DEFINITIONS: &str = r"{ kind: definitions, select: dl > dt, entry: '^(?<code>\d{3}) (?<phrase>.+)$', facts: [{ pattern: '\((?<reference>RFC \d+)\)' }] }";
const OUTLINE: &str = r"{ kind: outline, entry: '^- (?<code>\d{3}) (?<phrase>[^()]+?)(?: \([^()]+\))?$', facts: [{ pattern: '\((?<reference>RFC \d+)\)' }] }";
const RECORDS: &str = r"{ kind: records, columns: { Value: '^(?<code>\d{3})$', Description: '^(?<phrase>.+)$', Reference: '^\[(?<reference>.+)\]$' } }";

pub const SAMPLES: [Sample; 10] = [
    Sample {
        name: "sections, HTML",
        form: Form::Html,
        layout: SECTIONS,
        head: "",
        entry: |code| format!("<h3>{code} Not Found</h3>\n{}", *PARAGRAPHS),
    },
    Sample {
        name: "sections, Markdown",
        form: Form::Markdown,
        layout: SECTIONS,
        head: "",
        entry: |code| format!("### {code} Not Found\n\n{}\n\n", PROSE.join("\n\n")),
    },
    Sample {
        name: "rows, HTML",
        form: Form::Html,
        layout: ROWS,
        head: "<table><tr><th>Code<th>What</tr>\n",
        entry: |code| format!("<tr><td>{code}</td><td>{}</td></tr>\n", *PARAGRAPHS),
    },
    Sample {
        name: "rows, Markdown",
        form: Form::Markdown,
        layout: ROWS,
        head: "| Code | What |\n| --- | --- |\n",
        entry: |code| format!("| {code} | {} |\n", PROSE.join(" ")),
    },
    Sample {
        name: "items, HTML",
        form: Form::Html,
        layout: ITEMS,
        head: "<ul>\n",
        entry: |code| {
            format!(
                "<li><b>{code}</b> : Not Found（找不到）{}</li>\n",
                *PARAGRAPHS
            )
        },
    },
    Sample {
        name: "items, Markdown",
        form: Form::Markdown,
        layout: ITEMS,
        head: "",
        entry: |code| {
            format!(
                "- **{code}** : Not Found（找不到） {}\n",
                PROSE.join("\n\n  ")
            )
        },
    },
    Sample {
        name: "definitions, HTML",
        form: Form::Html,
        layout: DEFINITIONS,
        head: "<dl>\n",
        entry: |code| format!("<dt>{code} Not Found</dt>\n<dd>{}</dd>\n", *PARAGRAPHS),
    },
    Sample {
        name: "definitions, Markdown",
        form: Form::Markdown,
        layout: DEFINITIONS,
        head: "",
        entry: |code| format!("{code} Not Found\n: {}\n\n", PROSE.join("\n\n  ")),
    },
    Sample {
        name: "outline, text",
        form: Form::Text,
        layout: OUTLINE,
        head: "",
        entry: |code| format!("- {code} Not Found (RFC 9110)\n- {}\n", PROSE.join("\n- ")),
    },
    Sample {
        name: "records, CSV",
        form: Form::Text,
        layout: RECORDS,
        head: "Value,Description,Reference\n",
        entry: |code| format!("{code},Not Found,\"[RFC9110, Section 15.5.5]\"\n"),
    },
];

impl Sample {
    /// A document with so many entries.
    pub fn document(&self, entries: u32) -> String {
        let written = (0..entries).map(|number| (self.entry)(100 + number % 500));
        std::iter::once(self.head.to_owned())
            .chain(written)
            .collect()
    }

    pub fn layout(&self) -> Layout {
        serde_yaml::from_str(self.layout).expect("a layout")
    }

    pub fn extractor(&self) -> Extractor {
        Extractor::compile(&self.layout()).expect("an extractor")
    }

    fn media_type(&self) -> &'static str {
        match self.form {
            Form::Html => "text/html",
            Form::Xhtml => "application/xhtml+xml",
            Form::Markdown => "text/markdown",
            Form::Text if self.layout == RECORDS => "text/csv",
            Form::Text => "text/plain",
        }
    }
}

/// Makes a checkout without sources: some of the real one's meanings, so that reading them takes next to
/// no time, and a folder for documents.
pub fn checkout(root: &Path) {
    for folder in ["registry/meanings", "sources", "documents"] {
        fs::create_dir_all(root.join(folder)).expect("a folder");
    }
    let meanings = "registry/meanings/1xx.yaml";
    let real = Path::new(env!("CARGO_MANIFEST_DIR")).join(meanings);
    fs::copy(real, root.join(meanings)).expect("a copy");
}

/// Adds a source with its document.
pub fn add(root: &Path, id: &str, sample: &Sample, document: &str) {
    let (digest, media_type, layout) = (
        sha256(document.as_bytes()),
        sample.media_type(),
        sample.layout,
    );
    let manifest = format!(
        "id: {id}\ntitle: Synthetic\nlanguages: [en]\nlicence: CC0-1.0\nauthority: note\n\
         document: {{ sha256: {digest}, media_type: {media_type}, max_bytes: 1000000000 }}\nlayout: {layout}\n"
    );
    let folder = root.join("sources").join(id);
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join("source.yaml"), manifest).expect("a manifest");
    fs::write(root.join("documents").join(id), document).expect("a document");
}
