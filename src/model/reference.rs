use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::pattern;

/// Where a meaning is defined.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "Fields", into = "Fields")]
#[schemars(with = "Fields")]
pub enum Reference {
    /// An RFC, and the section of it where that is known.
    Rfc {
        /// The RFC's number.
        number: u32,
        /// The section, such as `15.5.20`.
        section: Option<String>,
    },
    /// A document of the IETF that is no RFC: an Internet-Draft, a status change.
    Document(String),
    /// A page of whoever brought the meaning into the world.
    Page {
        /// The page's title.
        title: String,
        /// Its address.
        url: String,
    },
}

/// A document that defines a meaning: an RFC, another document of the IETF, or a page.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend(
    "oneOf" = [{ "required": ["rfc", "url"] }, { "required": ["document", "url"] }, { "required": ["title", "url"] }],
    "dependentRequired" = { "section": ["rfc"] },
))]
struct Fields {
    /// The number of the RFC, if it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    rfc: Option<u32>,
    /// The section of the RFC, such as `15.5.20`.
    #[serde(skip_serializing_if = "Option::is_none")]
    section: Option<String>,
    /// The name of an IETF document that is no RFC.
    #[serde(skip_serializing_if = "Option::is_none")]
    document: Option<String>,
    /// The title of a page.
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    /// Where to read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(url, regex(pattern = pattern::WEB_ADDRESS))]
    url: Option<String>,
}

impl Reference {
    /// Reads a reference as documents write it: `RFC 4918`, `RFC9110, Section 15.2.1`, or the name
    /// of an IETF document. IANA writes `RFC-ietf-x` for a draft that waits for its number: that is
    /// the draft. Anything else is kept as the name of a document.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let text = text.trim();
        let rfc = text
            .get(..3)
            .filter(|prefix| prefix.eq_ignore_ascii_case("rfc"))
            .and_then(|_| {
                let rest = text[3..].trim_start_matches([' ', '-', '\u{a0}']);
                let digits =
                    rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
                let (number, rest) = rest.split_at(digits);
                let rest = rest.trim_start_matches([',', ' ', ';', ':']);
                let section = match rest.split_once(' ') {
                    Some(("Section" | "section" | "Sec." | "sec." | "§", section)) => {
                        Some(section.trim())
                    }
                    _ => rest.strip_prefix('§'),
                };
                match (number.parse().ok().filter(|number| *number > 0)?, section) {
                    (number, Some(section)) if Self::is_section(section) => Some(Self::Rfc {
                        number,
                        section: Some(section.to_owned()),
                    }),
                    (number, None) if rest.is_empty() => Some(Self::Rfc {
                        number,
                        section: None,
                    }),
                    _ => None,
                }
            });
        rfc.unwrap_or_else(|| match text.strip_prefix("RFC-ietf-") {
            Some(rest) => {
                let name = rest.split(',').next().unwrap_or(rest);
                Self::Document(format!("draft-ietf-{name}"))
            }
            None => Self::Document(text.to_owned()),
        })
    }

    /// The RFC's number; nothing if this is not an RFC.
    #[must_use]
    pub fn rfc(&self) -> Option<u32> {
        match self {
            Self::Rfc { number, .. } => Some(*number),
            _ => None,
        }
    }

    /// Whether both name the same document, whatever section of it.
    #[must_use]
    pub fn same_document(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Rfc { number: a, .. }, Self::Rfc { number: b, .. }) => a == b,
            _ => self == other,
        }
    }

    /// Whether both name the same place: the same document, and the same section where both give one.
    #[must_use]
    pub fn agrees_with(&self, other: &Self) -> bool {
        match (self, other) {
            (
                Self::Rfc {
                    section: Some(a), ..
                },
                Self::Rfc {
                    section: Some(b), ..
                },
            ) if a != b => false,
            _ => self.same_document(other),
        }
    }

    /// The document alone, without a section.
    #[must_use]
    pub fn document(&self) -> Self {
        match self {
            Self::Rfc { number, .. } => Self::Rfc {
                number: *number,
                section: None,
            },
            other => other.clone(),
        }
    }

    /// Whether this is the number of a section or the letter of an appendix: `15.5.20`, `B`, `B.2`.
    #[must_use]
    pub fn is_section(text: &str) -> bool {
        let parts: Vec<&str> = text.split('.').collect();
        let number =
            |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let letter =
            |part: &str| part.len() == 1 && part.bytes().all(|byte| byte.is_ascii_uppercase());
        (number(&parts[0]) || letter(parts[0])) && parts[1..].iter().all(number)
    }

    /// Where to read it.
    #[must_use]
    pub fn url(&self) -> String {
        match self {
            Self::Rfc {
                number,
                section: None,
            } => {
                format!("https://www.rfc-editor.org/rfc/rfc{number}.html")
            }
            Self::Rfc {
                number,
                section: Some(section),
            } => {
                let anchor = if section.starts_with(|c: char| c.is_ascii_digit()) {
                    "section"
                } else {
                    "appendix"
                };
                format!("https://www.rfc-editor.org/rfc/rfc{number}.html#{anchor}-{section}")
            }
            Self::Document(name) => {
                format!(
                    "https://datatracker.ietf.org/doc/{}/",
                    percent_encoded(name)
                )
            }
            Self::Page { url, .. } => url.clone(),
        }
    }
}

/// A text as a part of an address: sources may name a document in any words.
fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rfc {
                number,
                section: None,
            } => write!(f, "RFC {number}"),
            Self::Rfc {
                number,
                section: Some(section),
            } => {
                write!(f, "RFC {number}, Section {section}")
            }
            Self::Document(name) => name.fmt(f),
            Self::Page { title, .. } => title.fmt(f),
        }
    }
}

impl TryFrom<Fields> for Reference {
    type Error = String;

    fn try_from(fields: Fields) -> Result<Self, String> {
        let reference = match fields {
            Fields { rfc: Some(0), .. } => return Err("there is no RFC 0".into()),
            Fields { rfc: Some(number), section, document: None, title: None, .. } => match section {
                Some(section) if !Self::is_section(&section) => {
                    return Err(format!("`{}` is no section such as \"15.5.20\" or \"B.2\"", section.escape_debug()));
                }
                section => Self::Rfc { number, section },
            },
            Fields { document: Some(name), rfc: None, section: None, title: None, .. } => Self::Document(name),
            Fields { title: Some(title), url: Some(url), rfc: None, section: None, document: None } => {
                return Ok(Self::Page { title, url });
            }
            _ => return Err("a reference is `rfc` with or without `section`, or `document`, or `title` with `url`".into()),
        };
        match fields.url {
            Some(url) if url != reference.url() => {
                Err(format!("the address of {reference} is {}", reference.url()))
            }
            _ => Ok(reference),
        }
    }
}

impl From<Reference> for Fields {
    fn from(reference: Reference) -> Self {
        let url = Some(reference.url());
        let none = Self {
            rfc: None,
            section: None,
            document: None,
            title: None,
            url,
        };
        match reference {
            Reference::Rfc { number, section } => Self {
                rfc: Some(number),
                section,
                ..none
            },
            Reference::Document(name) => Self {
                document: Some(name),
                ..none
            },
            Reference::Page { title, .. } => Self {
                title: Some(title),
                ..none
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_references_as_documents_write_them() {
        for (written, read) in [
            ("RFC 4918", "RFC 4918"),
            ("RFC9110, Section 15.2.1", "RFC 9110, Section 15.2.1"),
            ("rfc-2616 §10.4", "RFC 2616, Section 10.4"),
            (
                "draft-ietf-httpbis-resumable-upload-05",
                "draft-ietf-httpbis-resumable-upload-05",
            ),
            (
                "RFC-ietf-httpbis-http2-17, Section 9.1.2",
                "draft-ietf-httpbis-http2-17",
            ),
            ("RFCs of old", "RFCs of old"),
        ] {
            assert_eq!(Reference::parse(written).to_string(), read);
        }
    }
}
