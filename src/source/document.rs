use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use encoding_rs::Encoding;

use super::manifest::{CLAIMS, Document, MANIFEST};
use crate::cores::on_all_cores;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::digest::sha256;

/// The files of a folder, by the digest of their bytes.
#[derive(Default)]
pub struct Folder {
    /// With their lengths.
    by_digest: BTreeMap<String, (PathBuf, u64)>,
    by_name: BTreeMap<String, Vec<(PathBuf, String)>>,
    /// Files that are larger than any document may be.
    pub too_large: Vec<(PathBuf, u64)>,
}

impl Folder {
    /// The folder of a source, in which its document may stand beside its manifest and claims.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn of_source(folder: &Path, most: u64) -> Result<Self, Diagnostics> {
        let mut kept = Self::default();
        let is_document = |path: &Path| {
            let name = path.file_name().unwrap_or_default();
            name != MANIFEST && name != CLAIMS
        };
        kept.add_files(folder, most, is_document)?;
        Ok(kept)
    }

    /// Adds a folder's files, and those of the folders in it. Files above `most` bytes are only noted.
    ///
    /// # Errors
    /// A folder or file that cannot be read.
    pub fn add(&mut self, folder: &Path, most: u64) -> Result<(), Diagnostics> {
        self.add_files(folder, most, |_| true)
    }

    fn add_files(
        &mut self,
        folder: &Path,
        most: u64,
        is_wanted: impl Fn(&Path) -> bool,
    ) -> Result<(), Diagnostics> {
        if folder.is_file() {
            let error = Diagnostic::error("this is a file").in_file(display(folder));
            return Err(vec![error.help("name the folder that holds it")]);
        }
        let mut files = Vec::new();
        let mut folders = vec![folder.to_owned()];
        let mut errors = Vec::new();
        while let Some(folder) = folders.pop() {
            let failed = |error| vec![Diagnostic::io("read the folder", display(&folder), &error)];
            let mut entries = fs::read_dir(&folder)
                .and_then(Iterator::collect::<Result<Vec<_>, _>>)
                .map_err(failed)?;
            entries.sort_by_key(fs::DirEntry::file_name);
            for path in entries.iter().map(fs::DirEntry::path) {
                match fs::metadata(&path) {
                    // A link to a folder could lead round in a circle.
                    Ok(meta) if meta.is_dir() && path.is_symlink() => {}
                    Ok(meta) if meta.is_dir() => folders.push(path),
                    Ok(meta) if !meta.is_file() || !is_wanted(&path) => {}
                    Ok(meta) if meta.len() > most => self.too_large.push((path, meta.len())),
                    Ok(_) => files.push(path),
                    // A link that leads nowhere.
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                    Err(error) => errors.push(Diagnostic::io("read", display(&path), &error)),
                }
            }
        }
        let digests = on_all_cores(&files, |path| {
            let bytes = read(path, most)?;
            Ok(bytes.map(|bytes| (sha256(&bytes), bytes.len() as u64)))
        });
        for (path, digest) in files.into_iter().zip(digests) {
            match digest {
                Ok(Some((digest, length))) => self.add_file(path, digest, length),
                Ok(None) => self.too_large.push((path, most.saturating_add(1))),
                Err(error) => errors.push(Diagnostic::io("read", display(&path), &error)),
            }
        }
        if errors.is_empty() {
            Ok(())
        } else {
            Err(errors)
        }
    }

    fn add_file(&mut self, path: PathBuf, digest: String, length: u64) {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        self.by_name
            .entry(name)
            .or_default()
            .push((path.clone(), digest.clone()));
        self.by_digest.entry(digest).or_insert((path, length));
    }

    /// The file that holds a document, found by its digest, and its bytes; nothing if it is not there.
    ///
    /// # Errors
    /// A file that cannot be read, or that has changed since the folder was looked through.
    pub fn find(&self, document: &Document) -> Result<Option<(PathBuf, Vec<u8>)>, Diagnostic> {
        let Some((path, length)) = self.by_digest.get(&document.sha256) else {
            return Ok(None);
        };
        let bytes = read(path, *length);
        let bytes = bytes.map_err(|error| Diagnostic::io("read", display(path), &error))?;
        match bytes.filter(|bytes| sha256(bytes) == document.sha256) {
            Some(bytes) => Ok(Some((path.clone(), bytes))),
            None => Err(Diagnostic::error("this changed while it was read")
                .in_file(display(path))
                .help("run this again, and nothing else beside it")),
        }
    }

    /// Fails for a file that has the name of a document that was not found.
    ///
    /// # Errors
    /// A file that has the document's name but other bytes or too many.
    pub fn must_not_name(&self, id: &str, document: &Document) -> Result<(), Diagnostic> {
        let Some(name) = &document.name else {
            return Ok(());
        };
        let large = self
            .too_large
            .iter()
            .find(|(path, _)| path.file_name().is_some_and(|file| file == name.as_str()));
        if let Some((path, length)) = large {
            let message = format!(
                "the document of `{id}` has {length} bytes, more than max_bytes ({})",
                document.max_bytes
            );
            let error = Diagnostic::error(message).in_file(display(path));
            return Err(error.help("raise document.max_bytes in its manifest if that is right"));
        }
        match self.by_name.get(name).and_then(|files| files.first()) {
            None => Ok(()),
            Some((path, digest)) => Err(Diagnostic::error(format!(
                "the document of `{id}` has changed: its SHA-256 is\n{digest}, but the manifest says\n{}",
                document.sha256
            ))
            .in_file(display(path))
            .help(format!(
                "put the original back, or set document.sha256 in sources/{id}/source.yaml to the new digest and review the claims that `ingest` then writes"
            ))),
        }
    }
}

/// The bytes of a file; nothing if there are more than `most`. A file may be longer than it says.
fn read(path: &Path, most: u64) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    let file = File::open(path)?;
    file.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= most).then_some(bytes))
}

fn display(path: &Path) -> String {
    path.display().to_string()
}

/// A document's text.
#[derive(Debug)]
pub struct Decoded<'b> {
    /// The text, without a byte order mark: the bytes themselves if they are UTF-8.
    pub text: Cow<'b, str>,
    /// What had to be mended to get it.
    pub repaired: Vec<String>,
}

/// The text in a document's bytes.
///
/// # Errors
/// More bytes than the manifest allows, and bytes that are not of its charset, with their line.
pub fn decode<'b>(
    bytes: &'b [u8],
    document: &Document,
    file: &str,
) -> Result<Decoded<'b>, Diagnostic> {
    if bytes.len() as u64 > document.max_bytes {
        let message = format!(
            "the document has {} bytes, more than max_bytes ({})",
            bytes.len(),
            document.max_bytes
        );
        return Err(Diagnostic::error(message)
            .in_file(file)
            .help("raise document.max_bytes in the manifest if that is right"));
    }
    // Its byte order mark starts like that of UTF-16.
    if [[0xFF, 0xFE, 0, 0], [0, 0, 0xFE, 0xFF]]
        .iter()
        .any(|mark| bytes.starts_with(mark))
    {
        let error = Diagnostic::error("the document is UTF-32, which is not read").at(file, 1);
        return Err(error.help("convert it to UTF-8 and set document.sha256 anew"));
    }
    let label = document.charset.as_deref().unwrap_or("utf-8");
    let encoding = Encoding::for_label(label.as_bytes()).unwrap_or(encoding_rs::UTF_8);
    let mut repaired = Vec::new();
    let bytes = match Encoding::for_bom(bytes) {
        None => bytes,
        Some((marked, length)) if marked == encoding => {
            repaired.push("took off the byte order mark".into());
            &bytes[length..]
        }
        Some((marked, _)) => {
            let (marked, name) = (marked.name(), encoding.name());
            let error = Diagnostic::error(format!(
                "the document is {name} for its manifest, but has the byte order mark of {marked}"
            ));
            return Err(error
                .at(file, 1)
                .help(format!("set document.charset to {marked}")));
        }
    };
    let is_utf16 = [encoding_rs::UTF_16LE, encoding_rs::UTF_16BE].contains(&encoding);
    let set_charset = "set document.charset in the manifest to its encoding, for example";
    match encoding.decode_without_bom_handling_and_without_replacement(bytes) {
        // Readers of Markdown and HTML drop it without a word.
        Some(text) if text.contains('\0') => {
            let line = count_lines(&text.as_bytes()[..text.find('\0').unwrap_or_default()]);
            Err(Diagnostic::error("the document holds the character \\u{0}")
                .at(file, line)
                .help(match is_utf16 {
                    true => "take it out".to_owned(),
                    false => format!("take it out, or {set_charset} utf-16le"),
                }))
        }
        Some(mut text) => {
            // That of GB 18030, and a second one.
            let marks = text.len() - text.trim_start_matches('\u{feff}').len();
            if marks > 0 {
                repaired.push("took off a byte order mark in the text".into());
                text = text[marks..].to_owned().into();
            }
            if has_lone_return(&text) {
                repaired.push("took carriage returns for line ends".into());
                text = text.replace("\r\n", "\n").replace('\r', "\n").into();
            }
            Ok(Decoded { text, repaired })
        }
        None => {
            let mut decoder = encoding.new_decoder_without_bom_handling();
            let room = decoder.max_utf8_buffer_length_without_replacement(bytes.len());
            let mut valid = String::with_capacity(room.unwrap_or_default());
            // It stops where the fault is.
            let _ = decoder.decode_to_string_without_replacement(bytes, &mut valid, true);
            let line = count_lines(valid.as_bytes());
            let is_utf8 = std::str::from_utf8(bytes).is_ok() && !bytes.contains(&0);
            let help = if is_utf8 {
                "take document.charset out of the manifest: it is UTF-8".to_owned()
            } else if is_utf16 {
                "look whether it is whole, or in another encoding".to_owned()
            } else if [encoding_rs::GBK, encoding_rs::GB18030].contains(&encoding) {
                format!("{set_charset} big5")
            } else {
                format!("{set_charset} gbk")
            };
            let error = Diagnostic::error(format!("the document is not {}", encoding.name()));
            Err(error.at(file, line).help(help))
        }
    }
}

/// Whether a carriage return stands without a newline, as at all line ends before OS X.
fn has_lone_return(text: &str) -> bool {
    let mut returns = text.match_indices('\r');
    returns.any(|(at, _)| !text[at..].starts_with("\r\n"))
}

/// The line on which the text after these bytes stands.
fn count_lines(bytes: &[u8]) -> u32 {
    let ends = (0..bytes.len()).filter(|&at| match bytes[at] {
        b'\r' => bytes.get(at + 1) != Some(&b'\n'),
        byte => byte == b'\n',
    });
    u32::try_from(ends.count() + 1).unwrap_or(u32::MAX)
}
