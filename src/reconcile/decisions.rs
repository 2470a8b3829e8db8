use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{At, Code, Place, text};
use crate::yaml;

/// The rulings in `registry/decisions.yaml`.
#[derive(Debug, Clone, Default)]
pub struct Decisions {
    file: String,
    decisions: Vec<(Decision, u32)>,
    /// What is decided of a source's claims, by line and code: the conflict, and the meaning that the
    /// claim is assigned to unless it is rejected.
    fates: BTreeMap<String, BTreeMap<(u32, Code), Fate>>,
}

/// What a decision makes of a claim.
#[derive(Debug, Clone)]
struct Fate {
    conflict: String,
    /// The meaning that the claim is assigned to; a rejected claim has none.
    meaning: Option<String>,
}

/// A person's ruling on one conflict.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Decision {
    pub conflict: String,
    pub ruling: Ruling,
    #[serde(default)]
    pub claims: Vec<Line>,
    pub meaning: Option<String>,
    pub value: Option<String>,
    /// What is said on each side: a decision holds for these only.
    #[serde(default)]
    pub sides: Vec<String>,
    pub reason: String,
}

/// A claim, by its source and the line of the document.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Line {
    pub source: String,
    pub line: u32,
}

impl Line {
    pub fn is(&self, place: &Place) -> bool {
        self.source == place.source && place.at == At::Line { line: self.line }
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} line {}", self.source, self.line)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Ruling {
    /// The claims are wrong and support nothing.
    Reject,
    /// The claims are for a meaning that the evidence did not find.
    Assign,
    /// One side's value is stated.
    Choose,
    /// All sides stand.
    Accept,
}

impl Decisions {
    /// Reads the decisions, and checks what can be checked without the claims.
    ///
    /// # Errors
    /// Everything that is wrong in the file.
    pub fn read(source: &yaml::Source) -> Result<Self, Diagnostics> {
        let mut errors = Diagnostics::new();
        let mut seen = BTreeSet::new();
        let mut fates: BTreeMap<String, BTreeMap<(u32, Code), Fate>> = BTreeMap::new();
        let mut decisions = Vec::new();
        for (index, decision) in source.read_list::<Decision>()?.into_iter().enumerate() {
            let index = index.to_string();
            let mut fault = |key: &str, message: String, help: &str| {
                errors.push(source.error(&[&index, key], message).help(help));
            };
            if !seen.insert(decision.conflict.clone()) {
                fault(
                    "conflict",
                    format!("there are two decisions on {}", decision.conflict),
                    "keep one of them",
                );
            }
            if let Some(problem) = text::sentence_fault(&decision.reason) {
                fault(
                    "reason",
                    format!("the reason {problem}"),
                    "say in plain words, on one line, why this ruling is right",
                );
            }
            let needs = [
                (
                    "claims",
                    !decision.claims.is_empty(),
                    matches!(decision.ruling, Ruling::Reject | Ruling::Assign),
                ),
                (
                    "meaning",
                    decision.meaning.is_some(),
                    decision.ruling == Ruling::Assign,
                ),
                (
                    "sides",
                    !decision.sides.is_empty(),
                    matches!(decision.ruling, Ruling::Accept | Ruling::Choose),
                ),
                (
                    "value",
                    decision.value.is_some(),
                    decision.ruling == Ruling::Choose,
                ),
            ];
            for (key, given, needed) in needs {
                if given != needed {
                    let verb = if needed { "needs" } else { "has no use for" };
                    fault(
                        "ruling",
                        format!("this ruling {verb} `{key}`"),
                        "reject needs claims; assign needs claims and meaning; choose needs value and sides; accept needs sides",
                    );
                }
            }
            let mut sides = BTreeSet::new();
            if let Some(side) = decision.sides.iter().find(|side| !sides.insert(*side)) {
                let side = text::excerpt(side, 60);
                fault(
                    "sides",
                    format!("the side `{side}` is given twice"),
                    "keep one of them",
                );
            }
            // The claims are those of the conflict's code: one line may hold claims of two codes.
            let code = decision
                .conflict
                .get(..3)
                .and_then(|code| code.parse::<Code>().ok());
            if code.is_none() {
                fault(
                    "conflict",
                    format!(
                        "`{}` is no id of a conflict",
                        text::excerpt(&decision.conflict, 60)
                    ),
                    "`build` prints the ids of the open ones",
                );
            }
            for (claim, code) in decision.claims.iter().zip(std::iter::repeat(code)) {
                let Some(code) = code else { continue };
                let fate = Fate {
                    conflict: decision.conflict.clone(),
                    meaning: decision.meaning.clone(),
                };
                if let Some(Fate {
                    conflict: other, ..
                }) = fates
                    .entry(claim.source.clone())
                    .or_default()
                    .insert((claim.line, code), fate)
                {
                    fault(
                        "claims",
                        format!("{claim} is also ruled on by the decision on {other}"),
                        "rule on a claim once",
                    );
                }
            }
            let line = source.line(&[&index]);
            decisions.push((decision, line));
        }
        if errors.is_empty() {
            Ok(Self {
                file: source.file().to_owned(),
                decisions,
                fates,
            })
        } else {
            Err(errors)
        }
    }

    /// What is decided of a claim: the conflict, and the meaning that it is assigned to, or none if it is rejected.
    pub(super) fn fate_of(
        &self,
        source: &str,
        line: u32,
        code: Code,
    ) -> Option<(&str, Option<&str>)> {
        let fate = self.fates.get(source)?.get(&(line, code))?;
        Some((&fate.conflict, fate.meaning.as_deref()))
    }

    /// The decisions, each with the line on which it starts.
    pub(super) fn iter(&self) -> impl Iterator<Item = &(Decision, u32)> {
        self.decisions.iter()
    }

    /// An error about the decision on a line.
    pub(super) fn error(&self, line: u32, message: String) -> Diagnostic {
        Diagnostic::error(message).at(&self.file, line)
    }
}
