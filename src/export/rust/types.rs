//! HTTP status codes: what each of them means, who says so, and what IANA has registered.
//!
//! Copy this file into your project as a module. It needs neither `std` nor any crate, but Rust 1.83.
//!
//! The examples are doc tests. `cargo test` runs them where a library has the module, public or not, at
//! the place below `src` at which Rust looks for it.

#![allow(dead_code)]

use core::fmt;
use core::str::FromStr;

/// The Markdown of an example.
macro_rules! example {
    ($($line:literal)+) => {
        concat!("```\n", import!(), $($line, "\n",)+ "```")
    };
}

/// The lines with which a doc test begins: none where the documentation is built.
#[cfg(not(doctest))]
macro_rules! import {
    () => {
        ""
    };
}

/// The lines with which a doc test begins. They read this file anew by the path of its module, for a
/// doc test does not see private modules.
#[cfg(doctest)]
macro_rules! import {
    () => {
        concat!(
            "# macro_rules! below {\n",
            "#     ($name:ident) => { mod $name; pub use self::$name::*; };\n",
            "#     ($name:ident :: $($path:tt)+) => { mod $name { below!($($path)+); } pub use self::$name::*; };\n",
            "# }\n",
            "# macro_rules! import {\n",
            "#     ($this:ident) => { use $this::*; };\n",
            "#     ($this:ident :: $($path:tt)+) => {\n",
            "#         #[path = r#\"", env!("CARGO_MANIFEST_DIR"), "/src\"#]\n",
            "#         mod src { below!($($path)+); }\n",
            "#         use src::*;\n",
            "#     };\n",
            "# }\n",
            "# import!(", module_path!(), ");\n",
        )
    };
}

/// One use of a status code by someone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Meaning {
    /// The id, stable from version to version, such as `421-misdirected-request`.
    pub id: &'static str,
    /// The status code.
    pub code: u16,
    /// The reason phrase; a reserved code has none.
    pub phrase: Option<&'static str>,
    /// Phrases that it bore before, the latest first.
    pub former_phrases: &'static [FormerPhrase],
    /// What it is called in Simplified Chinese.
    pub name_zh_hans: &'static str,
    /// Who brought it into the world.
    pub origin: Origin,
    /// What IANA's registry says of it.
    pub registration: Registration,
    /// Where it is defined.
    pub references: &'static [Reference],
    /// Where it was defined before, the latest first.
    pub former_references: &'static [Reference],
    /// Whether the response is interim, so that a final one follows (RFC 9110, Section 15.2); nothing
    /// where no standard says.
    pub interim: Option<bool>,
    /// Whether the response may have content, unless it is to HEAD or CONNECT (RFC 9110, Section 6.4.1);
    /// nothing where no standard says.
    ///
    #[doc = example!("assert_eq!(meanings_of(NO_CONTENT)[0].may_have_content, Some(false));")]
    pub may_have_content: Option<bool>,
    /// Whether a cache may store and reuse the response without being told for how long (RFC 9110,
    /// Section 15.1); nothing where no standard says.
    pub heuristically_cacheable: Option<bool>,
    /// What becomes of the request method when the client follows the redirect; nothing for what is
    /// no redirect, or one of which no standard says.
    pub redirect_method: Option<RedirectMethod>,
    /// What it means.
    pub summary: &'static str,
    /// What it means, in Simplified Chinese.
    pub summary_zh_hans: &'static str,
}

/// A reason phrase that a meaning bore before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct FormerPhrase {
    /// The phrase.
    pub phrase: &'static str,
    /// The RFC or product that used it last.
    pub used_by: &'static str,
    /// The RFC or product that replaced it.
    pub replaced_by: Option<&'static str>,
}

/// A document that defines a meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reference {
    /// Its name, with the section where there is one.
    pub title: &'static str,
    /// Where to read it.
    pub url: &'static str,
}

/// Who brought a meaning into the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// The IETF, for HTTP at large.
    Rfc,
    /// The IETF, for `WebDAV`.
    Webdav,
    /// The company, product or project of this name.
    Vendor(&'static str),
    /// A convention, a proposal, a custom.
    Unofficial,
}

/// What IANA's registry says of a meaning. Dates are written `2026-11-20`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Registration {
    /// It is listed.
    Registered,
    /// It is listed for a time.
    Temporary {
        /// The day it was registered.
        registered: &'static str,
        /// The day its registration was last extended.
        extended: Option<&'static str>,
        /// The day it runs out unless extended.
        expires: &'static str,
    },
    /// The code is kept from being assigned.
    Reserved,
    /// It is listed, and obsolete.
    Obsoleted,
    /// It is not listed.
    Unregistered,
}

/// What becomes of the request method when the client follows a redirect (RFC 9110, Section 15.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum RedirectMethod {
    /// The client must not change it.
    Kept,
    /// The client may change POST to GET.
    MayBecomeGet,
    /// The client retrieves the other resource: with GET, or HEAD.
    BecomesGet,
}

/// The class of a code, by its first digit (RFC 9110, Section 15).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// 1xx: an interim response.
    Informational,
    /// 2xx: the request was received, understood and accepted.
    Successful,
    /// 3xx: further action is needed.
    Redirection,
    /// 4xx: the client seems to have erred.
    ClientError,
    /// 5xx: the server failed on a request that seems valid.
    ServerError,
}

impl Class {
    /// All classes, in order.
    pub const ALL: [Self; 5] = [
        Self::Informational,
        Self::Successful,
        Self::Redirection,
        Self::ClientError,
        Self::ServerError,
    ];

    /// The class of a code; nothing if it is not one of 100 to 599.
    ///
    #[doc = example!("assert_eq!(Class::of(NOT_FOUND), Some(Class::ClientError));" "assert_eq!(Class::of(600), None);")]
    #[must_use]
    pub const fn of(code: u16) -> Option<Self> {
        match code {
            100..=599 => Some(Self::ALL[code as usize / 100 - 1]),
            _ => None,
        }
    }

    /// Its name, as the other exports write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Informational => "informational",
            Self::Successful => "successful",
            Self::Redirection => "redirection",
            Self::ClientError => "client-error",
            Self::ServerError => "server-error",
        }
    }
}

impl Origin {
    /// Its kind, as the other exports write it: without the vendor's name.
    #[must_use]
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Rfc => "rfc",
            Self::Webdav => "webdav",
            Self::Vendor(_) => "vendor",
            Self::Unofficial => "unofficial",
        }
    }
}

impl Registration {
    /// Its state, as the other exports write it: without the dates.
    #[must_use]
    pub const fn state(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::Temporary { .. } => "temporary",
            Self::Reserved => "reserved",
            Self::Obsoleted => "obsoleted",
            Self::Unregistered => "unregistered",
        }
    }
}

impl RedirectMethod {
    /// Its name, as the other exports write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::MayBecomeGet => "may-become-get",
            Self::BecomesGet => "becomes-get",
        }
    }
}

/// The code and its phrase: `404 Not Found`.
impl fmt::Display for Meaning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.code, self.phrase.unwrap_or("(Unused)"))
    }
}

/// The title.
impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.title)
    }
}

/// The name: `client-error`.
impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The name: `may-become-get`.
impl fmt::Display for RedirectMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The kind, and the vendor's name: `rfc`, `vendor nginx`.
impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Vendor(name) => write!(f, "vendor {name}"),
            _ => f.write_str(self.kind()),
        }
    }
}

/// The state, and the dates: `registered`, `temporary registered 2024-11-13 expires 2026-11-13`.
impl fmt::Display for Registration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Temporary {
            registered,
            extended,
            expires,
        } = self
        else {
            return f.write_str(self.state());
        };
        write!(f, "temporary registered {registered}")?;
        if let Some(extended) = extended {
            write!(f, " extended {extended}")?;
        }
        write!(f, " expires {expires}")
    }
}

/// Why a text is no [`Class`], [`RedirectMethod`], [`Origin`] or [`Registration`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ParseError(&'static str);

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no such {}", self.0)
    }
}

impl core::error::Error for ParseError {}

/// What [`Display`](fmt::Display) writes.
impl FromStr for Class {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let class = Self::ALL.iter().find(|class| class.name() == text);
        class.copied().ok_or(ParseError("class"))
    }
}

/// What [`Display`](fmt::Display) writes.
impl FromStr for RedirectMethod {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        match text {
            "kept" => Ok(Self::Kept),
            "may-become-get" => Ok(Self::MayBecomeGet),
            "becomes-get" => Ok(Self::BecomesGet),
            _ => Err(ParseError("redirect method")),
        }
    }
}

/// What [`Display`](fmt::Display) writes. A vendor must be one that is known.
impl FromStr for Origin {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        match text {
            "rfc" => Ok(Self::Rfc),
            "webdav" => Ok(Self::Webdav),
            "unofficial" => Ok(Self::Unofficial),
            _ => MEANINGS
                .iter()
                .map(|meaning| meaning.origin)
                .find(|origin| is_written(origin, text))
                .ok_or(ParseError("origin")),
        }
    }
}

/// What [`Display`](fmt::Display) writes. A temporary registration must be one that is known.
impl FromStr for Registration {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        match text {
            "registered" => Ok(Self::Registered),
            "reserved" => Ok(Self::Reserved),
            "obsoleted" => Ok(Self::Obsoleted),
            "unregistered" => Ok(Self::Unregistered),
            _ => MEANINGS
                .iter()
                .map(|meaning| meaning.registration)
                .find(|registration| is_written(registration, text))
                .ok_or(ParseError("registration")),
        }
    }
}

/// Whether a value is written like this.
fn is_written(value: &dyn fmt::Display, text: &str) -> bool {
    use fmt::Write;

    /// What of the text is still to be written.
    struct Rest<'a>(&'a str);

    impl Write for Rest<'_> {
        fn write_str(&mut self, part: &str) -> fmt::Result {
            self.0 = self.0.strip_prefix(part).ok_or(fmt::Error)?;
            Ok(())
        }
    }

    let mut rest = Rest(text);
    write!(rest, "{value}").is_ok() && rest.0.is_empty()
}
