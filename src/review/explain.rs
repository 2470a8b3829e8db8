use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::{
    CodeEntry, Conflict, Kind, MeaningEntry, Place, Registration, Registry, Settlement, Support,
};

/// Where the value of one field of a meaning comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// The meaning's id.
    pub meaning: String,
    /// The field's name in the exports.
    pub field: &'static str,
    /// Its value, as text; nothing if it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Where it comes from.
    pub from: String,
    /// The claims that say the same.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub said_by: Vec<Place>,
    /// What others say, and how that was settled.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<Conflict>,
}

/// Explains each field of a meaning, in the order of the exports.
#[must_use]
pub fn explain(registry: &Registry, code: &CodeEntry, meaning: &MeaningEntry) -> Vec<Explanation> {
    Explainer::new(registry).explain(code, meaning)
}

/// A registry, with its conflicts by what they are about: each with its place among all.
pub(super) struct Explainer<'r> {
    registry: &'r Registry,
    conflicts: BTreeMap<&'r str, Vec<(usize, &'r Conflict)>>,
}

impl<'r> Explainer<'r> {
    pub fn new(registry: &'r Registry) -> Self {
        let mut conflicts: BTreeMap<&str, Vec<_>> = BTreeMap::new();
        for (place, conflict) in registry.conflicts.iter().enumerate() {
            let subject = conflict.id.split('/').next().unwrap_or_default();
            conflicts
                .entry(subject)
                .or_default()
                .push((place, conflict));
        }
        Self {
            registry,
            conflicts,
        }
    }

    /// Explains each field of a meaning, in the order of the exports.
    pub fn explain(&self, code: &CodeEntry, meaning: &MeaningEntry) -> Vec<Explanation> {
        let subjects = [code.code.to_string(), meaning.id.clone()];
        let conflicts = subjects
            .iter()
            .filter_map(|subject| self.conflicts.get(subject.as_str()));
        let mut conflicts: Vec<_> = conflicts.flatten().copied().collect();
        conflicts.sort_by_key(|(place, _)| *place);
        let conflicts = conflicts.into_iter().map(|(_, conflict)| conflict);
        fields(&Subject {
            registry: self.registry,
            conflicts: conflicts.collect(),
            code,
            meaning,
        })
    }
}

fn fields(subject: &Subject<'_>) -> Vec<Explanation> {
    let meaning = subject.meaning;
    let lines = |values: Vec<String>| (!values.is_empty()).then(|| values.join("; "));
    let former: Vec<String> = meaning
        .former_phrases
        .iter()
        .map(|former| format!("{} ({})", former.phrase, former.used_by))
        .collect();
    let names = meaning
        .names
        .iter()
        .map(|(language, name)| format!("{name} ({language})"))
        .collect();
    let texts = |references: &[crate::model::Reference]| {
        references
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
    };
    let summary = meaning
        .summary
        .keys()
        .map(|language| format!("in {language}"))
        .collect();
    let mut fields = vec![
        subject.field(
            "phrase",
            meaning.phrase.clone(),
            &[Support::Phrase],
            &[Kind::Phrase, Kind::Misspelling],
        ),
        subject.field(
            "former_phrases",
            lines(former),
            &[Support::FormerPhrase],
            &[],
        ),
        subject.field("names", lines(names), &[Support::Name], &[Kind::Name]),
        subject.field(
            "origin",
            Some(meaning.origin.to_string()),
            &[Support::Origin],
            &[Kind::Origin],
        ),
        subject.field(
            "registration",
            Some(meaning.registration.to_string()),
            &[Support::Registration],
            &[Kind::Registration],
        ),
        subject.field(
            "references",
            lines(texts(&meaning.references)),
            &[Support::Reference],
            &[Kind::Reference],
        ),
        subject.field(
            "former_references",
            lines(texts(&meaning.former_references)),
            &[Support::FormerReference],
            &[],
        ),
        subject.history(),
    ];
    let answers = meaning.semantics.told().into_iter().zip(SEMANTICS);
    fields.extend(
        answers.map(|((field, value), support)| subject.field(field, value, &[support], &[])),
    );
    fields.push(subject.field("summary", lines(summary), &[], &[]));
    fields.push(subject.field(
        "meaning",
        Some(meaning.id.clone()),
        &[Support::Meaning],
        &[Kind::Meaning],
    ));
    fields
}

/// What claims support each answer of [`crate::model::Semantics::told`].
const SEMANTICS: [Support; 6] = [
    Support::Interim,
    Support::MayHaveContent,
    Support::HeuristicallyCacheable,
    Support::Fields,
    Support::RedirectMethod,
    Support::Retry,
];

/// A meaning, and the conflicts about it or its code.
struct Subject<'a> {
    registry: &'a Registry,
    conflicts: Vec<&'a Conflict>,
    code: &'a CodeEntry,
    meaning: &'a MeaningEntry,
}

impl Subject<'_> {
    fn field(
        &self,
        field: &'static str,
        value: Option<String>,
        supports: &[Support],
        kinds: &[Kind],
    ) -> Explanation {
        let claims = self.meaning.claims.iter();
        let saying = claims.filter(|claim| {
            claim
                .supports
                .iter()
                .any(|support| supports.contains(support))
        });
        let said_by: Vec<Place> = saying.map(|claim| claim.place.clone()).collect();
        let conflicts = self.conflicts.iter().copied();
        let conflicts = conflicts.filter(|conflict| kinds.contains(&conflict.kind));
        let conflicts: Vec<Conflict> = conflicts.cloned().collect();
        let from = match supports {
            [support] if SEMANTICS.contains(support) && value.is_some() => {
                "the standards".to_owned()
            }
            [support] if SEMANTICS.contains(support) && !self.is_listed() => {
                "the standards speak of what IANA lists".to_owned()
            }
            _ => self.origin_of(field, value.is_some(), &said_by, &conflicts),
        };
        Explanation {
            meaning: self.meaning.id.clone(),
            field,
            value,
            from,
            said_by,
            conflicts,
        }
    }

    /// Whether IANA lists the meaning with a phrase.
    fn is_listed(&self) -> bool {
        self.meaning.phrase.is_some() && self.meaning.registration.is_listed()
    }

    /// What each copy of IANA's registry said, the oldest first.
    fn history(&self) -> Explanation {
        let told = self.meaning.history.iter().map(|snapshot| {
            let date = snapshot
                .date
                .map_or("undated".to_owned(), |date| date.to_string());
            let phrase = snapshot
                .phrase
                .as_ref()
                .map_or(String::new(), |phrase| format!(" as {phrase}"));
            format!("{date}: {}{phrase}", snapshot.registration)
        });
        let told: Vec<String> = told.collect();
        let from = if told.is_empty() {
            "no two copies of IANA's registry speak of it"
        } else {
            "the copies of IANA's registry"
        };
        Explanation {
            meaning: self.meaning.id.clone(),
            field: "history",
            value: (!told.is_empty()).then(|| told.join("; ")),
            from: from.to_owned(),
            said_by: self
                .meaning
                .history
                .iter()
                .map(|snapshot| snapshot.place.clone())
                .collect(),
            conflicts: Vec::new(),
        }
    }

    /// IANA's word comes first, then a decision, then what we have written down, with or without claims that say so.
    fn origin_of(
        &self,
        field: &str,
        has_value: bool,
        said_by: &[Place],
        conflicts: &[Conflict],
    ) -> String {
        let file = format!(
            "registry/meanings/{}xx.yaml",
            u16::from(self.code.code) / 100
        );
        let stated_by_iana = matches!(field, "phrase" | "registration" | "references");
        let iana = self
            .registry
            .in_force()
            .and_then(|registry| said_by.iter().find(|place| place.source == registry.id));
        let decision = conflicts
            .iter()
            .find_map(|conflict| match &conflict.settled_by {
                Settlement::Decision { decision: id } if conflict.kind != Kind::Meaning => Some(id),
                _ => None,
            });
        match (iana, decision) {
            _ if !has_value && self.meaning.registration == Registration::Reserved => {
                "nobody states one: IANA reserves the code".to_owned()
            }
            _ if !has_value => "nobody states one".to_owned(),
            (Some(place), _) if stated_by_iana => format!("IANA states it: claim {place}"),
            (_, Some(decision)) => format!("decision on {decision}"),
            _ if field == "registration" => {
                "rule registry-states: IANA's registry does not list this meaning".to_owned()
            }
            _ if field == "meaning" => format!("evidence in {file}, which ties the claims to it"),
            _ if said_by.is_empty() => format!("our own writing in {file}"),
            _ => format!("our own writing in {file}, and claims that say the same"),
        }
    }
}
