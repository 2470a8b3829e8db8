//! The bytes of a document out of the bytes of a response.

use std::io::Read;

use crate::source::MediaType;

/// What `Accept-Encoding` says: the codings that [`decoded`] knows.
pub const ACCEPTED: &str = "gzip, br";

/// Why the content of a response is no document.
#[derive(Debug, PartialEq, Eq)]
pub enum Fault {
    /// More bytes than allowed, once it is decompressed.
    TooLarge,
    /// What it says of its coding is not so.
    Corrupt(String),
    /// A coding that was not asked for.
    Unknown,
}

/// The content without its coding. Never holds more than `most` bytes in memory beyond the content.
///
/// # Errors
/// More than `most` bytes, other bytes than the coding's, and other codings.
pub fn decoded(content: Vec<u8>, coding: &str, most: u64) -> Result<Vec<u8>, Fault> {
    match coding.trim().to_ascii_lowercase().as_str() {
        "" | "identity" => Ok(content),
        "gzip" | "x-gzip" => bounded(flate2::read::MultiGzDecoder::new(&content[..]), most),
        "br" => bounded(
            brotli_decompressor::Decompressor::new(&content[..], 4096),
            most,
        ),
        _ => Err(Fault::Unknown),
    }
}

fn bounded(reader: impl Read, most: u64) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    let read = reader
        .take(most.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|error| Fault::Corrupt(error.to_string()))?;
    if read as u64 > most {
        return Err(Fault::TooLarge);
    }
    Ok(bytes)
}

/// How bytes begin that are compressed, or an archive.
const COMPRESSED: [(&[u8], &str); 5] = [
    (b"\x1f\x8b", "gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"\xfd7zXZ\0", "xz"),
    (b"BZh", "bzip2"),
    (b"PK\x03\x04", "zip"),
];

/// The name of what a document seems to be compressed with.
#[must_use]
pub fn looks_compressed(document: &[u8]) -> Option<&'static str> {
    let found = COMPRESSED
        .iter()
        .find(|(start, _)| document.starts_with(start));
    found.map(|(_, name)| *name)
}

impl MediaType {
    /// The media types under which servers send documents of this kind.
    #[must_use]
    pub fn served_as(self) -> &'static [&'static str] {
        match self {
            Self::Html | Self::Xhtml => &["text/html", "application/xhtml+xml"],
            Self::Markdown => &["text/markdown", "text/x-markdown", "text/plain"],
            Self::Plain => &["text/plain"],
            Self::Csv => &["text/csv", "application/csv", "text/plain"],
        }
    }

    /// Whether a Content-Type fits.
    #[must_use]
    pub fn fits(self, content_type: &str) -> bool {
        let essence = content_type.split(';').next().unwrap_or_default().trim();
        self.served_as()
            .iter()
            .any(|name| name.eq_ignore_ascii_case(essence))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_content_type_fits_whatever_its_parameters_and_case() {
        assert!(MediaType::Csv.fits("Text/CSV; charset=UTF-8; header=present"));
        assert!(MediaType::Csv.fits("text/plain"));
        assert!(!MediaType::Csv.fits("text/html"));
        assert!(!MediaType::Csv.fits(""));
        assert!(MediaType::Xhtml.fits("text/html;charset=utf-8"));
        assert!(!MediaType::Plain.fits("text/html"));
    }
}
