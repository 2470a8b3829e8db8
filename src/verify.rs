//! Telling what files are that were copied out of the exports.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::diagnostic::Diagnostics;
use crate::digest::sha256;
use crate::export::{self, Export, SUMS};
use crate::model::{Code, Registry, version_numbers};
use crate::release::releases;
use crate::review::{self, Change, Release, is_question};
use crate::tree::{FULL, Tree};
use crate::{Built, build};

/// An export of some version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// The export's name.
    pub export: String,
    /// Its version.
    pub version: String,
}

/// What a copied file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// An export of the checkout's own version.
    Newest(Known),
    /// An export of an older version.
    Older {
        /// Which.
        known: Known,
        /// The checkout's version.
        newest: String,
        /// What changed since then that can be seen in it.
        changes: Vec<Change>,
    },
    /// An export whose line ends were changed, or that got a byte order mark.
    LineEnds(Known),
    /// An export that was changed otherwise.
    Modified {
        /// The export that it is most like.
        known: Known,
        /// The first line that differs, from 1.
        line: usize,
        /// Whether it says of which version it is.
        tells_version: bool,
    },
    /// The start of an export, cut off.
    Cut {
        /// The export.
        known: Known,
        /// The line after which it ends, from 1.
        line: usize,
    },
    /// A full export in another form, with the same data.
    Reformatted(Known),
    /// It says that it is of a version that the checkout does not know.
    OtherVersion(String),
    /// Nothing that this registry has exported, as far as the checkout knows.
    Unknown,
}

/// Tells what each file is, by its bytes.
///
/// # Errors
/// Everything that keeps the tree from being built, or its past releases from being read.
pub fn verify(tree: &Tree, files: &[&[u8]]) -> Result<Vec<Verdict>, Diagnostics> {
    let built = build(tree)?;
    let releases = releases(tree)?;
    must_be_another_version(tree, &built.registry, &releases)?;
    let archive = Archive {
        built: &built,
        releases: &releases,
    };
    Ok(files.iter().map(|bytes| archive.judge(bytes)).collect())
}

/// Fails if a version is also that of a release with other data: it would not tell which of the two a file is.
fn must_be_another_version(
    tree: &Tree,
    registry: &Registry,
    releases: &[Release],
) -> Result<(), Diagnostics> {
    let version = &registry.version;
    let mut same = releases.iter().filter(|past| past.version == *version);
    if same.all(|past| past.registry == *registry) {
        return Ok(());
    }
    let (_, yaml) = tree.release()?;
    let message = format!("release {version} had other data than is here");
    let help = format!(
        "write the version that `check` asks for, or look at the release: git checkout v{version}"
    );
    Err(vec![yaml.error(&["version"], message).help(help)])
}

/// All exports that a checkout knows of.
struct Archive<'a> {
    built: &'a Built,
    releases: &'a [Release],
}

impl Archive<'_> {
    fn judge(&self, bytes: &[u8]) -> Verdict {
        let newest = &self.built.registry.version;
        if let Some(known) = self.find(bytes) {
            let mut releases = self.releases.iter();
            return match releases.find(|release| release.version == known.version) {
                Some(release) if known.version != *newest => self.compare(known, release, bytes),
                _ => Verdict::Newest(known),
            };
        }
        let text = String::from_utf8_lossy(bytes);
        let unix = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
        match self.find(unix.as_bytes()) {
            Some(known) => Verdict::LineEnds(known),
            None => self
                .cut(&unix)
                .or_else(|| self.reformatted(&unix))
                .or_else(|| self.other_version(&unix))
                .unwrap_or_else(|| self.most_like(&unix)),
        }
    }

    /// Every export of every version, the newest last.
    fn all(&self) -> impl Iterator<Item = (Known, String)> {
        let old = self.releases.iter().map(|release| &release.registry);
        let past = old.map(|registry| (registry.version.clone(), export::all(registry)));
        let newest = (
            self.built.registry.version.clone(),
            self.built.exports.clone(),
        );
        past.chain([newest]).flat_map(|(version, exports)| {
            exports.into_iter().map(move |Export { name, content }| {
                let known = Known {
                    export: name.to_owned(),
                    version: version.clone(),
                };
                (known, content)
            })
        })
    }

    fn cut(&self, text: &str) -> Option<Verdict> {
        // A file that ends sooner could be the start of anything.
        let line = text.lines().count();
        let mut exports = self.all().filter(|_| line >= 5);
        let (known, _) = exports.find(|(_, content)| content.starts_with(text))?;
        Some(Verdict::Cut { known, line })
    }

    fn reformatted(&self, text: &str) -> Option<Verdict> {
        let registry = review::read("", text).ok()?;
        let past = self.releases.iter().map(|release| &release.registry);
        let mut known = past.chain([&self.built.registry]);
        known.find(|known| **known == registry)?;
        Some(Verdict::Reformatted(Known {
            export: FULL.to_owned(),
            version: registry.version,
        }))
    }

    fn other_version(&self, text: &str) -> Option<Verdict> {
        let version = version_in(text)?;
        let mut known = self.releases.iter().map(|release| release.version.as_str());
        let is_known = version == self.built.registry.version || known.any(|own| own == version);
        let is_other = !is_known && version_numbers(version).is_some();
        is_other.then(|| Verdict::OtherVersion(version.to_owned()))
    }

    /// The export that has these bytes.
    fn find(&self, bytes: &[u8]) -> Option<Known> {
        let known = |export: &str, version: &str| Known {
            export: export.to_owned(),
            version: version.to_owned(),
        };
        let mut exports = self.built.exports.iter();
        if let Some(export) = exports.find(|export| export.content.as_bytes() == bytes) {
            return Some(known(export.name, &self.built.registry.version));
        }
        let digest = sha256(bytes);
        self.releases.iter().rev().find_map(|release| {
            if release.sums.as_bytes() == bytes {
                return Some(known(SUMS, &release.version));
            }
            let mut lines = release
                .sums
                .lines()
                .filter_map(|line| line.split_once("  "));
            let (_, name) = lines.find(|(own, _)| *own == digest)?;
            Some(known(name, &release.version))
        })
    }

    /// The export that shares the most lines with a text, if it shares half of its own.
    fn most_like(&self, text: &str) -> Verdict {
        let mut best: Option<(usize, Verdict)> = None;
        for (known, content) in self.all() {
            let shared = shared_lines(&content, text);
            let enough = shared > 0 && shared * 2 >= content.lines().count();
            if enough && best.as_ref().is_none_or(|(most, _)| shared >= *most) {
                let line = first_difference(text, &content);
                let tells_version = version_in(text).is_some();
                let verdict = Verdict::Modified {
                    known,
                    line,
                    tells_version,
                };
                best = Some((shared, verdict));
            }
        }
        let verdict = best.map(|(_, verdict)| verdict);
        verdict
            .or_else(|| self.edited(text))
            .unwrap_or(Verdict::Unknown)
    }

    /// A full export in another form that says something else than its version.
    fn edited(&self, text: &str) -> Option<Verdict> {
        let registry = review::read("", text).ok()?;
        let is_own = |known: &Known| known.export == FULL && known.version == registry.version;
        let (known, content) = self.all().find(|(known, _)| is_own(known))?;
        let line = first_difference(text, &content);
        Some(Verdict::Modified {
            known,
            line,
            tells_version: true,
        })
    }

    /// What an unmodified export of an older version lacks.
    fn compare(&self, known: Known, release: &Release, bytes: &[u8]) -> Verdict {
        let new = &self.built.registry;
        // The old data under the new version: what differs then is what the data says.
        let mut old = release.registry.clone();
        old.version.clone_from(&new.version);
        old.date = new.date;
        let same_form = export::one(&known.export, &release.registry)
            .is_some_and(|content| content.as_bytes() == bytes);
        let was = export::one(&known.export, &old);
        let mut exports = self.built.exports.iter();
        let is = exports.find(|export| export.name == known.export);
        let same_data = was.is_none() || was.as_ref() == is.map(|is| &is.content);
        let mut changes = Vec::new();
        if !(same_form && same_data) {
            let all = review::changes_since(release, new, &self.built.exports, &[]);
            let mut sight = Sight::new(&known.export, was, &old, new);
            changes.extend(all.into_iter().filter(|change| sight.shows(change)));
        }
        Verdict::Older {
            known,
            newest: new.version.clone(),
            changes,
        }
    }
}

/// The version that an export says at its start that it is of.
fn version_in(text: &str) -> Option<&str> {
    let mut head = text.lines().take(10);
    head.find_map(|line| {
        let header = line.split_once("Data version ").map(|(_, rest)| rest);
        let field = line.trim_start().strip_prefix("\"version\": \"");
        header.or(field)?.split([',', '"']).next()
    })
}

/// What of the changes between two registries can be seen in an export: those that make another file
/// of the old registry when they alone are made.
struct Sight<'a> {
    export: &'a str,
    old: Value,
    new: Value,
    /// The constants of the old file.
    constants: BTreeMap<String, u16>,
    /// The file of the old registry, and of what it says of one code.
    files: BTreeMap<Option<Code>, Option<String>>,
    /// Whether the parts that were exchanged so far make another file.
    seen: BTreeMap<Part, bool>,
}

/// What a change exchanges: a field of the registry, of what it says of one code, or of a meaning of that.
type Part = (Option<Code>, Option<String>, &'static str);

impl<'a> Sight<'a> {
    /// `file` is the export of the old registry.
    fn new(export: &'a str, file: Option<String>, old: &Registry, new: &Registry) -> Self {
        // No map in a registry has keys other than strings, so this cannot fail.
        let value = |registry| serde_json::to_value(registry).unwrap_or_default();
        Self {
            export,
            old: value(old),
            new: value(new),
            constants: export::constants_of(export, old),
            files: BTreeMap::from([(None, file)]),
            seen: BTreeMap::new(),
        }
    }

    fn shows(&mut self, change: &Change) -> bool {
        match change.field {
            _ if self.export == SUMS => true,
            "exports" => change.export.as_deref() == Some(self.export),
            "constants" => self.has_constant(change),
            _ => {
                let part = part(change);
                if let Some(seen) = self.seen.get(&part) {
                    return *seen;
                }
                let seen = self.differs(&part).unwrap_or(true);
                self.seen.insert(part, seen);
                seen
            }
        }
    }

    /// Whether the old file has the constant that a change is about.
    fn has_constant(&self, change: &Change) -> bool {
        let removed = change.removes.as_ref();
        match removed.and_then(|name| name.strip_prefix("constant ")) {
            Some(name) => self.constants.contains_key(name),
            // What stands for another code now is named in the sentence only, as a word of its own.
            None => {
                let mut words = change.text.split(' ');
                words.any(|word| self.constants.contains_key(word))
            }
        }
    }

    /// Whether exchanging the part alone makes another file.
    fn differs(&mut self, (code, id, field): &Part) -> Option<bool> {
        let (mut old, mut new) = (excerpt(&self.old, *code), excerpt(&self.new, *code));
        match id {
            None => old[*field] = new[*field].take(),
            Some(id) => {
                let is = meaning(&mut new, id)?;
                let was = meaning(&mut old, id)?;
                match is.get_mut(*field) {
                    Some(value) => was[*field] = value.take(),
                    None => drop(was.as_object_mut()?.shift_remove(*field)),
                }
            }
        }
        let after = render(self.export, old)?;
        let before = self
            .files
            .entry(*code)
            .or_insert_with(|| render(self.export, excerpt(&self.old, *code)));
        Some(*before.as_ref()? != after)
    }
}

/// The part that a change exchanges.
fn part(change: &Change) -> Part {
    match (change.field, change.code, &change.meaning) {
        (field @ ("sources" | "conflicts" | "codes"), ..) | (field, None, _) => (None, None, field),
        ("meanings", code, _) | (_, code, None) => (code, None, "codes"),
        (field, code, id) if is_question(field) => (code, id.clone(), "semantics"),
        (field, code, id) => (code, id.clone(), field),
    }
}

/// A registry as JSON: all of it, or what it says of one code, without its sources and conflicts.
fn excerpt(registry: &Value, code: Option<Code>) -> Value {
    let Some(code) = code else {
        return registry.clone();
    };
    let number = u64::from(u16::from(code));
    let fields = registry.as_object().into_iter().flatten();
    let fields = fields.map(|(key, value)| {
        let value = match key.as_str() {
            "sources" | "conflicts" => Value::Array(Vec::new()),
            "codes" => {
                let codes = value.as_array().into_iter().flatten();
                let own = codes.filter(|entry| entry["code"] == number);
                own.cloned().collect()
            }
            _ => value.clone(),
        };
        (key.clone(), value)
    });
    fields.collect()
}

/// The export of a registry in JSON.
fn render(export: &str, mut registry: Value) -> Option<String> {
    // What has nothing to say is absent.
    registry
        .as_object_mut()?
        .retain(|_, value| !value.is_null());
    export::one(export, &serde_json::from_value(registry).ok()?)
}

/// The meaning that has an id or had it.
fn meaning<'v>(registry: &'v mut Value, id: &str) -> Option<&'v mut Value> {
    let codes = registry["codes"].as_array_mut()?.iter_mut();
    let mut meanings = codes
        .filter_map(|code| code["meanings"].as_array_mut())
        .flatten();
    meanings.find(|meaning| meaning["id"] == id)
}

/// How many lines two texts share, whatever their order.
fn shared_lines(one: &str, two: &str) -> usize {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for line in one.lines() {
        *counts.entry(line).or_default() += 1;
    }
    let mut shared = 0;
    for line in two.lines() {
        if let Some(left) = counts.get_mut(line).filter(|left| **left > 0) {
            *left -= 1;
            shared += 1;
        }
    }
    shared
}

/// The first line in which two texts differ, from 1.
fn first_difference(one: &str, two: &str) -> usize {
    let same = one.lines().zip(two.lines());
    same.take_while(|(one, two)| one == two).count() + 1
}
