//! Settling conflicts: by a rule, by a decision, or not at all.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::conflicts::{Finding, MAX_NAMED, first_of};
use super::decisions::{Decision, Line, Ruling};
use super::ledger::Ledger;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{At, Conflict, Kind, Place, Reference, Settlement, Side, text};

/// What to do where claims cannot be ruled on apart.
const EVIDENCE: &str = "instead, give evidence in registry/meanings/ for what each means, or narrow the source's layout";

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
        .iter()
        .map(|decision| (decision.0.conflict.as_str(), decision))
        .collect();
    let mut conflicts = Vec::new();
    for finding in findings {
        let decision = unused.remove(finding.id.as_str());
        let foreign = decision.and_then(|(decision, line)| {
            let meaning = decision.meaning.as_ref()?;
            let own = ledger.input.meanings.of(finding.code);
            (!own.iter().any(|own| own.id == *meaning)).then(|| {
                let message = format!("{} has no meaning with the id `{meaning}`", finding.code);
                decisions
                    .error(*line, message)
                    .help("name a meaning of the code, or reject the claim")
            })
        });
        if let Some(error) = foreign {
            errors.push(error);
            continue;
        }
        let settlement = match (decision, &finding.settled) {
            (None, Some((rule, outcome))) => Ok(Settled {
                by: Settlement::Rule {
                    rule: rule.id().to_owned(),
                },
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
        let is_side = |claim: &&Line| {
            let mut places = finding.sides.iter().flat_map(|side| &side.claims);
            places.any(|place| claim.is(place))
        };
        let strangers = self.claims.iter().filter(|claim| !is_side(claim));
        let strangers: Vec<String> = strangers.map(ToString::to_string).collect();
        if !strangers.is_empty() {
            let is = if strangers.len() == 1 { "is" } else { "are" };
            return Err(format!(
                "{} {is} no side of {}",
                strangers.join(", "),
                finding.id
            ));
        }
        let mut claims = self.claims.iter();
        let is_ambiguous =
            |claim: &&Line| ledger.is_ambiguous(&claim.source, claim.line, finding.code);
        if let Some(claim) = claims.find(is_ambiguous) {
            return Err(format!(
                "{claim} holds different claims of {}, and the ruling would be on all of them: {EVIDENCE}",
                finding.code
            ));
        }
        if finding.needs_fate && !matches!(self.ruling, Ruling::Reject | Ruling::Assign) {
            return Err(format!(
                "the claim in {} has no meaning, so it must be rejected or assigned to one",
                finding.id
            ));
        }
        if matches!(self.ruling, Ruling::Reject | Ruling::Assign) {
            let open = uncovered(ledger, finding);
            if !open.is_empty() {
                let open: Vec<String> = open
                    .iter()
                    .map(|side| format!("\"{}\"", side.value))
                    .collect();
                return Err(format!(
                    "the ruling leaves a part of {} open: {}",
                    finding.id,
                    open.join(", ")
                ));
            }
        } else {
            let sides: BTreeSet<String> = finding
                .sides
                .iter()
                .map(|side| side.value.clone())
                .collect();
            let mut faults = Vec::new();
            let ruled: BTreeSet<String> = self.sides.iter().cloned().collect();
            let new = sides.symmetric_difference(&ruled);
            let new: Vec<String> = new.map(|side| format!("\"{side}\"")).collect();
            if !new.is_empty() {
                faults.push(format!(
                    "the sides of {} are not those that were ruled on; they differ in {}",
                    finding.id,
                    new.join(", ")
                ));
            }
            if let Some(value) = self.value.as_ref().filter(|value| !sides.contains(*value)) {
                let value = text::excerpt(value, 60);
                faults.push(format!("`{value}` is no side of {}", finding.id));
            }
            if !faults.is_empty() {
                return Err(faults.join("; "));
            }
        }
        let claims = || {
            self.claims
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(", ")
        };
        let outcome = match (self.ruling, &self.meaning, &self.value) {
            (Ruling::Accept, ..) if matches!(finding.kind, Kind::Reference | Kind::Origin) => {
                // A meaning has one of these.
                let stated = finding.sides.first().map(|side| side.value.as_str());
                format!(
                    "\"{}\" is stated; what else is said stands here alone.",
                    stated.unwrap_or_default()
                )
            }
            (Ruling::Accept, ..) => "All sides stand.".to_owned(),
            (Ruling::Assign, Some(meaning), _) => {
                format!("{} is a claim for {meaning}.", claims())
            }
            (Ruling::Choose, _, Some(value)) => {
                self.state(ledger, finding, value)?;
                format!("\"{value}\" is stated.")
            }
            _ => format!("{} is rejected.", claims()),
        };
        Ok(Settled {
            by: Settlement::Decision {
                decision: self.conflict.clone(),
            },
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
            // The first side may say that there is none.
            Kind::Phrase | Kind::Reference if is_stated => {}
            Kind::Phrase => {
                if let Some(fault) = text::phrase_fault(value) {
                    return Err(format!("`{}` {fault}", text::excerpt(value, 60)));
                }
                stated.phrase = Some(value.to_owned());
            }
            Kind::Reference => {
                // Who obsoleted the document is on a side that nobody takes.
                let mut sides = finding.sides.iter();
                if !sides.any(|side| side.value == value && !side.claims.is_empty()) {
                    return Err(format!(
                        "`{}` is no document that a source cites",
                        text::excerpt(value, 60)
                    ));
                }
                stated.references = vec![Reference::parse(value)];
            }
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

/// The sides that rulings on claims leave open: those that no rule settles, or all but one.
fn uncovered<'f>(ledger: &Ledger<'_>, finding: &'f Finding) -> Vec<&'f Side> {
    let is_left = |side: &&Side| {
        side.claims.is_empty()
            || side
                .claims
                .iter()
                .any(|place| decided(ledger, finding, place).is_none())
    };
    let left = finding.sides.iter().filter(is_left);
    if finding.unsettled.is_empty() {
        // The first side that is left is the one that stands.
        left.skip(1)
            .filter(|side| !side.claims.is_empty())
            .collect()
    } else {
        left.filter(|side| finding.unsettled.contains(&side.value))
            .collect()
    }
}

/// The conflict whose decision rules on a claim.
fn decided<'a>(ledger: &Ledger<'a>, finding: &Finding, place: &Place) -> Option<&'a str> {
    let At::Line { line } = place.at else {
        return None;
    };
    let decisions = &ledger.input.decisions;
    Some(decisions.fate_of(&place.source, line, finding.code)?.0)
}

/// The decision on another conflict that settles this one too.
fn elsewhere(ledger: &Ledger<'_>, finding: &Finding) -> Option<Settled> {
    // What the registry states comes first, so the claims that were ruled on stand at the end.
    let places = finding.sides.iter().rev().flat_map(|side| &side.claims);
    let conflict = places
        .filter_map(|place| decided(ledger, finding, place))
        .next()?;
    if !uncovered(ledger, finding).is_empty() {
        return None;
    }
    let (decision, _) = ledger
        .input
        .decisions
        .iter()
        .find(|(decision, _)| decision.conflict == conflict)?;
    Some(Settled {
        by: Settlement::Decision {
            decision: conflict.to_owned(),
        },
        outcome: format!("The decision on {conflict} settles this too."),
        reason: decision.reason.clone(),
    })
}

/// The error that a conflict is open, with the decision to paste.
fn open(ledger: &Ledger<'_>, finding: &Finding) -> Diagnostic {
    let mut help = String::from(
        "settle it in registry/decisions.yaml, or mend the meanings or the source's layout:\n",
    );
    let left = uncovered(ledger, finding);
    // Each once: a claim may be on several sides.
    let mut known = BTreeSet::new();
    let places = left.iter().flat_map(|side| &side.claims);
    let offenders: Vec<&Place> = places
        .filter(|place| decided(ledger, finding, place).is_none() && known.insert(*place))
        .collect();
    let lines: Option<Vec<String>> = offenders
        .iter()
        .map(|place| match place.at {
            At::Line { line } => Some(format!("{{ source: {}, line: {line} }}", place.source)),
            At::Section { .. } => None,
        })
        .collect();
    let all = finding.sides.iter().flat_map(|side| &side.claims);
    let one_line = all.collect::<BTreeSet<_>>().len() == 1;
    let is_doubled = finding.kind == Kind::Duplicate && one_line;
    if is_doubled {
        help = format!("run `ingest` again; if the document says it twice, {help}");
    }
    // Neither of two rows of one line can be rejected alone.
    let lines = lines.filter(|_| !is_doubled);
    // What stands in an RFC or is said by nobody cannot be rejected.
    let lines = lines.filter(|_| left.iter().all(|side| !side.claims.is_empty()));
    let lines = lines.filter(|lines| !lines.is_empty());
    // So many are rejected by a layout that does not read them.
    let lines = lines.filter(|lines| finding.needs_fate || lines.len() <= MAX_NAMED);
    let claims = lines.map(|lines| format!("claims: [{}]", lines.join(", ")));
    let reject = claims.as_ref();
    let reject = reject.map(|claims| format!("or reject, with `{claims}` for sides"));
    // Strings of YAML may be written as in JSON.
    let quoted = |value: &String| serde_json::Value::from(value.as_str()).to_string();
    let sides: BTreeSet<&String> = finding.sides.iter().map(|side| &side.value).collect();
    let sides: Vec<String> = sides.into_iter().map(quoted).collect();
    let can_choose = matches!(
        finding.kind,
        Kind::Phrase | Kind::Name | Kind::Reference | Kind::Origin
    );
    let choose = finding.sides.first().filter(|_| can_choose);
    let choose = choose.map(|side| format!("or choose, with `value: {}`", quoted(&side.value)));
    // Writing to a string cannot fail.
    let _ = writeln!(help, "- conflict: {}", finding.id);
    if finding.needs_fate {
        let _ = writeln!(
            help,
            "  ruling: reject # or assign, with `meaning: ` and its id"
        );
        let _ = writeln!(help, "  {}", claims.unwrap_or_default());
    } else {
        let others: Vec<String> = reject.into_iter().chain(choose).collect();
        let comment = if others.is_empty() { "" } else { " # " };
        let _ = writeln!(help, "  ruling: accept{comment}{}", others.join(", "));
        let _ = writeln!(help, "  sides: [{}]", sides.join(", "));
    }
    let _ = write!(help, "  reason: \"\" # say why");
    let is_ambiguous = |place: &&Place| match place.at {
        At::Line { line } => ledger.is_ambiguous(&place.source, line, finding.code),
        At::Section { .. } => false,
    };
    if finding.needs_fate
        && let Some(place) = offenders.iter().copied().find(is_ambiguous)
    {
        help = format!(
            "{place} holds another claim of {}, too, so that no decision can be on this one: {EVIDENCE}",
            finding.code
        );
    }
    let mut message = format!("open conflict {}: {}", finding.id, finding.question);
    for side in finding.sides.iter().take(MAX_NAMED) {
        let places: Vec<String> = side.claims.iter().map(ToString::to_string).collect();
        let places = if places.is_empty() {
            "this registry".to_owned()
        } else {
            first_of(&places, ", ")
        };
        let _ = write!(message, "\n\"{}\": {places}", side.value);
    }
    if let Some(more @ 1..) = finding.sides.len().checked_sub(MAX_NAMED) {
        let _ = write!(message, "\nand {more} more");
    }
    let held = offenders
        .first()
        .and_then(|place| ledger.claim_at(place, finding.code));
    let error = match held {
        Some(held) => super::claim_error(held.source, held.index, message),
        // What is in question is what we have written down.
        None => {
            let id = finding.id.split('/').next().unwrap_or_default();
            match ledger.input.meanings.get(id) {
                Some(meaning) => ledger.input.meanings.error_about(meaning, message),
                None => Diagnostic::error(message),
            }
        }
    };
    error.help(help)
}
