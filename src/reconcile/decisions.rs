use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use serde::Deserialize;

use super::conflicts::Finding;
use super::ledger::Ledger;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Code, Conflict, Kind, Place, Reference, Settlement, text};
use crate::yaml;

/// The rulings in `registry/decisions.yaml`.
#[derive(Debug, Default)]
pub struct Decisions {
    file: String,
    decisions: Vec<(Decision, u32)>,
    /// What is decided of a source's claims, by line and code: the conflict, and the meaning that the
    /// claim is assigned to unless it is rejected.
    fates: BTreeMap<String, BTreeMap<(u32, Code), Fate>>,
}

/// What a decision makes of a claim.
#[derive(Debug)]
struct Fate {
    conflict: String,
    /// The meaning that the claim is assigned to; a rejected claim has none.
    meaning: Option<String>,
}

/// A person's ruling on one conflict.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Decision {
    conflict: String,
    ruling: Ruling,
    #[serde(default)]
    claims: Vec<Place>,
    meaning: Option<String>,
    value: Option<String>,
    reason: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Ruling {
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
            if let Some(problem) = text::fault(&decision.reason) {
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
                        "reject needs claims; assign needs claims and meaning; choose needs value; accept needs none of them",
                    );
                }
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

    fn error(&self, line: u32, message: String) -> Diagnostic {
        Diagnostic::error(message).at(&self.file, line)
    }
}

/// How a conflict was settled.
struct Settled {
    by: Settlement,
    outcome: String,
    reason: String,
}

/// Settles every finding: by the rule that it names, by the decision on it, or by one on another
/// conflict that leaves it with one side.
pub(super) fn settle(
    ledger: &mut Ledger<'_>,
    findings: Vec<Finding>,
    errors: &mut Diagnostics,
) -> Vec<Conflict> {
    let decisions = &ledger.input.decisions;
    let mut unused: BTreeMap<&str, &(Decision, u32)> = decisions
        .decisions
        .iter()
        .map(|decision| (decision.0.conflict.as_str(), decision))
        .collect();
    let mut conflicts = Vec::new();
    for finding in findings {
        let decision = unused.remove(finding.id.as_str());
        let settlement = match (decision, &finding.settled) {
            (None, Some((rule, outcome))) => Ok(Settled {
                by: Settlement::Rule(rule.id().to_owned()),
                outcome: outcome.clone(),
                reason: rule.reason().to_owned(),
            }),
            (Some((_, line)), Some((rule, _))) => {
                let message = format!("the rule {} already settles {}", rule.id(), finding.id);
                Err(decisions
                    .error(*line, message)
                    .help("take the decision out"))
            }
            (Some((decision, line)), None) => decision.rule(ledger, &finding).map_err(|message| {
                decisions
                    .error(*line, message)
                    .help("mend the decision, or take it out to see what is open")
            }),
            (None, None) => elsewhere(ledger, &finding).ok_or_else(|| open(ledger, &finding)),
        };
        match settlement {
            Ok(Settled {
                by,
                outcome,
                reason,
            }) => {
                let Finding {
                    id,
                    code,
                    kind,
                    sides,
                    ..
                } = finding;
                conflicts.push(Conflict {
                    id,
                    code,
                    kind,
                    sides,
                    settled_by: by,
                    outcome,
                    reason,
                });
            }
            Err(error) => errors.push(error),
        }
    }
    for (decision, line) in unused.values() {
        let message = format!(
            "no conflict has the id {}",
            text::excerpt(&decision.conflict, 80)
        );
        errors.push(decisions.error(*line, message).help(
            "the conflict is gone or its id has changed: take the decision out, or correct it",
        ));
    }
    conflicts
}

impl Decision {
    /// Applies the ruling to the conflict that it is on.
    fn rule(&self, ledger: &mut Ledger<'_>, finding: &Finding) -> Result<Settled, String> {
        let places: BTreeSet<&Place> = finding.sides.iter().flat_map(|side| &side.claims).collect();
        if let Some(stranger) = self.claims.iter().find(|claim| !places.contains(claim)) {
            return Err(format!("{stranger} is no side of {}", finding.id));
        }
        if finding.needs_fate && !matches!(self.ruling, Ruling::Reject | Ruling::Assign) {
            return Err(format!(
                "the claim in {} has no meaning, so it must be rejected or assigned to one",
                finding.id
            ));
        }
        if matches!(self.ruling, Ruling::Reject | Ruling::Assign) && !is_covered(ledger, finding) {
            return Err(format!(
                "the claims that are ruled on leave {} open: there are others",
                finding.id
            ));
        }
        let claims = || {
            self.claims
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(", ")
        };
        let outcome = match (self.ruling, &self.meaning, &self.value) {
            (Ruling::Accept, ..) => "All sides stand.".to_owned(),
            (Ruling::Assign, Some(meaning), _) => {
                let known = ledger
                    .input
                    .meanings
                    .of(finding.code)
                    .iter()
                    .any(|own| own.id == *meaning);
                if !known {
                    return Err(format!(
                        "{} has no meaning with the id `{meaning}`",
                        finding.code
                    ));
                }
                format!("{} is a claim for {meaning}.", claims())
            }
            (Ruling::Choose, _, Some(value)) => {
                if !finding.sides.iter().any(|side| side.value == *value) {
                    return Err(format!(
                        "`{}` is no side of {}",
                        text::excerpt(value, 60),
                        finding.id
                    ));
                }
                self.state(ledger, finding, value)?;
                format!("\"{value}\" is stated.")
            }
            _ => format!("{} is rejected.", claims()),
        };
        Ok(Settled {
            by: Settlement::Decision(self.conflict.clone()),
            outcome,
            reason: self.reason.clone(),
        })
    }

    /// Lets the registry state the value that was chosen.
    fn state(&self, ledger: &mut Ledger<'_>, finding: &Finding, value: &str) -> Result<(), String> {
        let id = finding.id.split('/').next().unwrap_or_default();
        let none = || {
            format!(
                "there is no value to choose in a conflict of kind {}",
                finding.kind
            )
        };
        let stated = ledger.stated.get_mut(id).ok_or_else(none)?;
        let is_stated = finding
            .sides
            .first()
            .is_some_and(|side| side.value == value);
        if stated.by_registry
            && !is_stated
            && matches!(finding.kind, Kind::Phrase | Kind::Reference)
        {
            return Err("IANA has registered this, so only its own word can be chosen".to_owned());
        }
        match finding.kind {
            Kind::Phrase => stated.phrase = Some(value.to_owned()),
            Kind::Reference if is_stated => {}
            Kind::Reference => stated.references = vec![Reference::parse(value)],
            Kind::Origin => stated.origin = value.parse()?,
            Kind::Name => {
                let language = finding.id.split('/').nth(2).unwrap_or("zh-Hans");
                stated.names.insert(language.to_owned(), value.to_owned());
            }
            _ => return Err(none()),
        }
        let others = finding
            .sides
            .iter()
            .map(|side| &side.value)
            .filter(|other| *other != value);
        stated.disowned.extend(others.cloned());
        Ok(())
    }
}

/// Whether decisions on claims leave nothing of a conflict that no rule settles.
fn is_covered(ledger: &Ledger<'_>, finding: &Finding) -> bool {
    let decisions = &ledger.input.decisions;
    let is_decided = |place: &Place| {
        decisions
            .fate_of(&place.source, place.line, finding.code)
            .is_some()
    };
    let mut left = finding
        .sides
        .iter()
        .filter(|side| !side.claims.iter().all(is_decided));
    if finding.unsettled.is_empty() {
        left.count() <= 1
    } else {
        left.all(|side| !finding.unsettled.contains(&side.value))
    }
}

/// The decision on another conflict that settles this one too.
fn elsewhere(ledger: &Ledger<'_>, finding: &Finding) -> Option<Settled> {
    let decisions = &ledger.input.decisions;
    let decided = |place: &Place| {
        Some(
            decisions
                .fate_of(&place.source, place.line, finding.code)?
                .0,
        )
    };
    let conflict = finding
        .sides
        .iter()
        .flat_map(|side| &side.claims)
        .find_map(decided)?;
    if !is_covered(ledger, finding) {
        return None;
    }
    let (decision, _) = decisions
        .decisions
        .iter()
        .find(|(decision, _)| decision.conflict == conflict)?;
    let outcome = format!("The decision on {conflict} settles this too.");
    Some(Settled {
        by: Settlement::Decision(conflict.to_owned()),
        outcome,
        reason: decision.reason.clone(),
    })
}

/// The error that a conflict is open, with the decision to paste.
fn open(ledger: &Ledger<'_>, finding: &Finding) -> Diagnostic {
    let mut help = String::from(
        "settle it in registry/decisions.yaml, or mend the meanings or the source's layout:\n",
    );
    let last = finding
        .sides
        .iter()
        .rev()
        .find_map(|side| side.claims.last());
    let claims = last.map_or(String::new(), |Place { source, line }| {
        format!("claims: [{{ source: {source}, line: {line} }}]")
    });
    let can_choose = matches!(
        finding.kind,
        Kind::Phrase | Kind::Name | Kind::Reference | Kind::Origin
    );
    let _ = writeln!(help, "- conflict: {}", finding.id);
    // Writing to a string cannot fail.
    if finding.needs_fate {
        let _ = writeln!(
            help,
            "  ruling: reject # or assign, with `meaning: ` and its id"
        );
        let _ = writeln!(help, "  {claims}");
    } else {
        let choose = finding
            .sides
            .first()
            .filter(|_| can_choose)
            .map(|side| format!(", or choose with `value: {}`", side.value));
        let _ = writeln!(
            help,
            "  ruling: accept # or reject with `{claims}`{}",
            choose.unwrap_or_default()
        );
    }
    let _ = write!(help, "  reason: \"\" # say why");
    let mut message = format!("open conflict {}: {}", finding.id, finding.question);
    for side in &finding.sides {
        let places: Vec<String> = side.claims.iter().map(ToString::to_string).collect();
        let places = if places.is_empty() {
            "this registry".to_owned()
        } else {
            places.join(", ")
        };
        let _ = write!(message, "\n         \"{}\": {places}", side.value);
    }
    let held = last.and_then(|last| {
        let mut claims = ledger.claims.iter();
        claims.find(|held| held.place() == *last && held.claim.facts.codes.contains(finding.code))
    });
    let error = match held {
        Some(held) => super::claim_error(held.source, held.index, message),
        None => Diagnostic::error(message),
    };
    error.help(help)
}
