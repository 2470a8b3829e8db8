use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A status code that HTTP allows: 100 to 599 (RFC 9110, Section 15).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(try_from = "u16", into = "u16")]
#[schemars(extend("minimum" = 100, "maximum" = 599))]
pub struct Code(u16);

/// Why a text or number is no [`Code`] or [`CodeRange`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CodeError {
    /// Not three ASCII digits, or not two such numbers with a hyphen between them.
    NotANumber(String),
    /// A number, but not one of 100 to 599.
    OutOfRange(u16),
    /// The first code of a range is greater than its last.
    Backwards(Code, Code),
}

impl Code {
    /// The code with this number.
    ///
    /// # Errors
    /// [`CodeError::OutOfRange`] unless it is one of 100 to 599.
    pub fn new(number: u16) -> Result<Self, CodeError> {
        match number {
            100..=599 => Ok(Self(number)),
            _ => Err(CodeError::OutOfRange(number)),
        }
    }

    /// The class that the first digit gives (RFC 9110, Section 15).
    #[must_use]
    pub fn class(self) -> Class {
        match self.0 / 100 {
            1 => Class::Informational,
            2 => Class::Successful,
            3 => Class::Redirection,
            4 => Class::ClientError,
            _ => Class::ServerError,
        }
    }
}

impl TryFrom<u16> for Code {
    type Error = CodeError;

    fn try_from(number: u16) -> Result<Self, CodeError> {
        Self::new(number)
    }
}

impl From<Code> for u16 {
    fn from(code: Code) -> Self {
        code.0
    }
}

impl FromStr for Code {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, CodeError> {
        let three_digits = text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_digit());
        match text.parse() {
            Ok(number) if three_digits => Self::new(number),
            _ => Err(CodeError::NotANumber(text.to_owned())),
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for CodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotANumber(text) => write!(
                f,
                "`{}` is no status code: three digits are expected, or a range such as 105-199",
                text.escape_debug()
            ),
            Self::OutOfRange(number) => write!(f, "{number} is outside 100 to 599"),
            Self::Backwards(first, last) => write!(f, "the range {first}-{last} runs backwards"),
        }
    }
}

impl std::error::Error for CodeError {}

/// One code, or a run of codes such as the registry's `105-199`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "NumberOrText")]
pub struct CodeRange {
    first: Code,
    last: Code,
}

impl CodeRange {
    /// The only code of the range; nothing if it has several.
    #[must_use]
    pub fn single(self) -> Option<Code> {
        (self.first == self.last).then_some(self.first)
    }

    /// The first code of the range.
    #[must_use]
    pub fn first(self) -> Code {
        self.first
    }

    /// The last code of the range.
    #[must_use]
    pub fn last(self) -> Code {
        self.last
    }

    /// Whether the code lies in the range, whose ends belong to it.
    #[must_use]
    pub fn contains(self, code: Code) -> bool {
        self.first <= code && code <= self.last
    }
}

impl From<Code> for CodeRange {
    fn from(code: Code) -> Self {
        Self {
            first: code,
            last: code,
        }
    }
}

/// How YAML writes a code, and a range of codes.
#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "a code such as 404 or a range such as \"400-499\" is expected"
)]
enum NumberOrText {
    Number(u16),
    Text(String),
}

impl TryFrom<NumberOrText> for CodeRange {
    type Error = CodeError;

    fn try_from(codes: NumberOrText) -> Result<Self, CodeError> {
        match codes {
            NumberOrText::Number(number) => Code::new(number).map(Self::from),
            NumberOrText::Text(text) => text.parse(),
        }
    }
}

impl FromStr for CodeRange {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, CodeError> {
        let ends = text.split_once(['-', '–']);
        let Some((first, last)) =
            ends.filter(|(first, last)| !first.is_empty() && !last.is_empty())
        else {
            return text.parse::<Code>().map(Self::from);
        };
        let (first, last) = (first.trim().parse()?, last.trim().parse()?);
        if first > last {
            return Err(CodeError::Backwards(first, last));
        }
        Ok(Self { first, last })
    }
}

impl fmt::Display for CodeRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.single() {
            Some(code) => code.fmt(f),
            None => write!(f, "{}-{}", self.first, self.last),
        }
    }
}

/// The class of a code: its first digit (RFC 9110, Section 15).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
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

    /// The name that the exports use, such as `client-error`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Informational => "informational",
            Self::Successful => "successful",
            Self::Redirection => "redirection",
            Self::ClientError => "client-error",
            Self::ServerError => "server-error",
        }
    }

    /// What it is called for people, such as `4xx client error`.
    #[must_use]
    pub fn label(self) -> String {
        let digit = self as u8 + 1;
        format!("{digit}xx {}", self.as_str().replace('-', " "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_three_digits_from_100_to_599() {
        assert_eq!("404".parse::<Code>().map(u16::from), Ok(404));
        for text in ["", "99", "600", "0404", "4O4", "４０４", "+40", "-1"] {
            assert!(text.parse::<Code>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_label_starts_with_the_first_digit_of_its_codes() {
        for (index, class) in Class::ALL.into_iter().enumerate() {
            let first = Code::new(100 * (index as u16 + 1)).expect("a code");
            assert_eq!(first.class(), class);
            assert!(class.label().starts_with(&first.to_string()[..1]));
        }
        assert_eq!(Class::ClientError.label(), "4xx client error");
    }

    #[test]
    fn ranges_include_their_ends() {
        let range: CodeRange = "105-199".parse().expect("a range");
        for (code, inside) in [(104, false), (105, true), (199, true), (200, false)] {
            assert_eq!(
                range.contains(Code::new(code).expect("a code")),
                inside,
                "{code}"
            );
        }
        assert_eq!(range.to_string(), "105-199");
        assert!("199-105".parse::<CodeRange>().is_err());
    }
}
