use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{
    At, Authority, Claim, Code, Meaning, Origin, Place, Reference, Registration, text,
};

use super::spelling::is_slip;
use super::{Input, Source, claim_error};

/// All claims, each with what became of it, and what is stated of each meaning.
pub struct Ledger<'a> {
    pub input: &'a Input,
    /// The registry in force: the newest source of that authority.
    pub registry: Option<&'a str>,
    pub claims: Vec<Held<'a>>,
    /// Which claims speak of a meaning, by its id: rejected ones too, and assigned ones under both meanings.
    speaking: BTreeMap<&'a str, Vec<usize>>,
    /// Which claims stand on a line, by the source's id.
    standing: BTreeMap<(&'a str, u32), Vec<usize>>,
    /// Which claims say that nobody uses their codes.
    vacant: Vec<usize>,
    pub stated: BTreeMap<&'a str, Stated>,
}

/// A claim, and what became of it.
pub struct Held<'a> {
    pub source: &'a Source,
    pub index: usize,
    pub claim: &'a Claim,
    pub fate: Fate<'a>,
}

/// What becomes of a claim.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Fate<'a> {
    /// It supports a meaning.
    Supports(&'a Meaning),
    /// It says that nobody uses its codes.
    Vacant,
    /// A decision rejects it.
    Rejected,
    /// Nothing yet.
    Open,
}

/// What the registry states of a meaning.
pub struct Stated {
    pub phrase: Option<String>,
    pub registration: Registration,
    pub references: Vec<Reference>,
    pub names: BTreeMap<String, String>,
    pub origin: Origin,
    /// Values that a decision keeps from being variants.
    pub disowned: BTreeSet<String>,
    /// Whether the registry in force says so.
    pub by_registry: bool,
}

impl<'a> Ledger<'a> {
    /// Enters all claims and applies the decisions that reject or assign some.
    pub fn open(input: &'a Input, errors: &mut Diagnostics) -> Self {
        let mut sources = input.sources.iter();
        let registry = sources
            .find(|source| source.entry.authority == Authority::Registry)
            .map(|source| source.entry.id.as_str());
        let mut ledger = Self {
            input,
            registry,
            claims: Vec::new(),
            speaking: BTreeMap::new(),
            standing: BTreeMap::new(),
            vacant: Vec::new(),
            stated: BTreeMap::new(),
        };
        for source in &input.sources {
            for (index, claim) in source.claims.iter().enumerate() {
                match ledger.fate(source, claim) {
                    Ok(fate) => {
                        let assigned = match fate {
                            Fate::Supports(meaning) => Some(meaning),
                            _ => None,
                        };
                        let tied = claim
                            .meaning
                            .as_deref()
                            .and_then(|id| input.meanings.get(id));
                        let other =
                            tied.filter(|tied| assigned.is_none_or(|own| own.id != tied.id));
                        for meaning in assigned.into_iter().chain(other) {
                            ledger
                                .speaking
                                .entry(&meaning.id)
                                .or_default()
                                .push(ledger.claims.len());
                        }
                        ledger
                            .standing
                            .entry((&source.entry.id, claim.facts.line))
                            .or_default()
                            .push(ledger.claims.len());
                        if fate == Fate::Vacant {
                            ledger.vacant.push(ledger.claims.len());
                        }
                        ledger.claims.push(Held {
                            source,
                            index,
                            claim,
                            fate,
                        });
                    }
                    Err(message) => errors.push(
                        claim_error(source, index, message)
                            .help("run `ingest --documents DIR` with the folder that holds the source's document, to tie its claims to their meanings anew"),
                    ),
                }
            }
        }
        for meaning in input.meanings.iter() {
            let stated = ledger.state(meaning);
            ledger.stated.insert(&meaning.id, stated);
        }
        ledger
    }

    fn fate(&self, source: &Source, claim: &'a Claim) -> Result<Fate<'a>, String> {
        let (id, line) = (&source.entry.id, claim.facts.line);
        let code = claim.facts.codes.single();
        if let Some((_, meaning)) =
            code.and_then(|code| self.input.decisions.fate_of(id, line, code))
        {
            let assigned = meaning.and_then(|id| self.input.meanings.get(id));
            return Ok(assigned.map_or(Fate::Rejected, Fate::Supports));
        }
        let Some(id) = &claim.meaning else {
            return Ok(if claim.is_vacancy() {
                Fate::Vacant
            } else {
                Fate::Open
            });
        };
        match self.input.meanings.get(id) {
            None => Err(format!("no meaning has the id `{id}`")),
            Some(meaning) if claim.facts.codes.single() != Some(meaning.code) => {
                Err(format!("`{id}` is no meaning of {}", claim.facts.codes))
            }
            Some(meaning) => Ok(Fate::Supports(meaning)),
        }
    }

    /// What the registry in force says of a meaning.
    fn registered(&self, meaning: &Meaning) -> Option<&Held<'a>> {
        self.supporting(meaning)
            .find(|held| Some(held.source.entry.id.as_str()) == self.registry)
    }

    /// What is stated of a meaning: by the registry in force where it has a word, else by us.
    fn state(&self, meaning: &Meaning) -> Stated {
        let ours = |registration| Stated {
            phrase: meaning.phrase.clone(),
            registration,
            references: meaning.references.clone(),
            names: meaning.names.clone(),
            origin: meaning.origin.clone(),
            disowned: BTreeSet::new(),
            by_registry: false,
        };
        let Some(held) = self.registered(meaning) else {
            return ours(match self.registry {
                Some(_) => Registration::Unregistered,
                None => meaning.registration.clone(),
            });
        };
        let facts = &held.claim.facts;
        let references = facts.references.iter().map(|cited| {
            // The registry often leaves out the section that we know.
            let ours = meaning
                .all_references()
                .find(|own| own.same_document(cited));
            match (cited, ours) {
                (Reference::Rfc { section: None, .. }, Some(ours)) => ours.clone(),
                _ => cited.clone(),
            }
        });
        let registration = facts
            .registration
            .clone()
            .unwrap_or(Registration::Registered);
        let reserved = registration == Registration::Reserved;
        Stated {
            phrase: facts.phrase.clone().filter(|_| !reserved),
            references: references.collect(),
            by_registry: true,
            ..ours(registration)
        }
    }

    /// The claims that speak of a meaning, be they rejected or assigned to another one since: what
    /// conflicts are found among.
    pub fn speaking_of(&self, meaning: &Meaning) -> impl Iterator<Item = &Held<'a>> {
        let indices = self.speaking.get(meaning.id.as_str()).into_iter().flatten();
        indices.filter_map(|index| self.claims.get(*index))
    }

    /// The claims that support a meaning: what is stated rests on them.
    pub fn supporting(&self, meaning: &Meaning) -> impl Iterator<Item = &Held<'a>> {
        let claims = self.speaking_of(meaning);
        claims.filter(move |held| matches!(held.fate, Fate::Supports(own) if own.id == meaning.id))
    }

    /// The first claim for a code at a place.
    pub fn claim_at(&self, place: &Place, code: Code) -> Option<&Held<'a>> {
        let At::Line { line } = place.at else {
            return None;
        };
        let indices = self.standing.get(&(place.source.as_str(), line))?;
        let mut claims = indices.iter().filter_map(|index| self.claims.get(*index));
        claims.find(|held| held.claim.facts.codes.contains(code))
    }

    /// Whether claims of a code that say different things stand on one line, so that no decision can name
    /// one of them. Those without a meaning are ruled on together.
    pub fn is_ambiguous(&self, source: &str, line: u32, code: Code) -> bool {
        let indices = self.standing.get(&(source, line));
        let claims = indices.into_iter().flatten();
        let claims = claims.filter_map(|index| Some(self.claims.get(*index)?.claim));
        let mut claims = claims.filter(|claim| claim.facts.codes.single() == Some(code));
        let first = claims.next();
        claims.any(|claim| {
            first.is_some_and(|first| {
                first != claim && (first.meaning.is_some() || claim.meaning.is_some())
            })
        })
    }

    /// The claims that say that nobody uses their codes.
    pub fn vacancies(&self) -> impl Iterator<Item = &Held<'a>> {
        self.vacant
            .iter()
            .filter_map(|index| self.claims.get(*index))
    }

    /// Whether any claim supports a meaning.
    pub fn is_live(&self, meaning: &Meaning) -> bool {
        self.supporting(meaning).next().is_some()
    }

    /// Whether IANA's registry lists a meaning with a phrase.
    pub fn is_listed(&self, meaning: &Meaning) -> bool {
        let stated = self.stated(meaning);
        self.is_live(meaning) && stated.phrase.is_some() && stated.registration.is_listed()
    }

    /// What is stated of a meaning. Every known meaning is entered when the ledger is opened.
    pub fn stated(&self, meaning: &Meaning) -> &Stated {
        &self.stated[meaning.id.as_str()]
    }

    /// Fails where what we have written down is not what the registry in force says, and nobody else says
    /// it: it would pass for what was so before.
    pub fn must_be_said(&self, errors: &mut Diagnostics) {
        let all = self.input.meanings.iter();
        for meaning in all.filter(|meaning| self.stated(meaning).by_registry) {
            let faults = [
                self.phrase_fault(meaning),
                self.foreign_phrase(meaning),
                self.reference_fault(meaning),
            ];
            for (message, help) in faults.into_iter().flatten() {
                let error = self.input.meanings.error_about(meaning, message);
                errors.push(error.help(help));
            }
        }
    }

    fn phrase_fault(&self, meaning: &Meaning) -> Option<(String, &'static str)> {
        let (ours, stated) = (
            meaning.phrase.as_deref()?,
            self.stated(meaning).phrase.as_deref()?,
        );
        let said = format!(
            "the phrase of `{}` is `{ours}`, but the registry writes `{stated}`",
            meaning.id
        );
        if stated.is_ascii() && is_slip(ours, stated) {
            return Some((said, "write it as the registry does"));
        }
        let same = |a: &str, b: &str| text::normalize(a) == text::normalize(b);
        let mut earlier = meaning.former_phrases.iter();
        let is_older = earlier.any(|former| same(&former.phrase, stated));
        let mut written = self.supporting(meaning).flat_map(|held| {
            let facts = &held.claim.facts;
            facts.phrase.iter().chain(&facts.former)
        });
        let is_said = same(ours, stated) || is_older || written.any(|phrase| same(phrase, ours));
        (!is_said).then(|| {
            (
                format!("{said}, and no source writes `{ours}`"),
                "write it as the registry does; if it was the phrase before, move it to former_phrases, with the RFC that used it",
            )
        })
    }

    /// Says so if the registry gives a meaning another phrase than ours, and it is that of another code: what
    /// is named after the phrase would change hands.
    fn foreign_phrase(&self, meaning: &Meaning) -> Option<(String, &'static str)> {
        let same =
            |a: Option<&str>, b: &str| a.is_some_and(|a| text::normalize(a) == text::normalize(b));
        let stated = self.stated(meaning).phrase.as_deref()?;
        if same(meaning.phrase.as_deref(), stated) {
            return None;
        }
        let mut others = self.input.meanings.iter();
        let other = others.find(|other| {
            let phrase = self.stated(other).phrase.as_deref();
            other.code != meaning.code && self.is_live(other) && same(phrase, stated)
        })?;
        let held = self.registered(meaning)?;
        Some((
            format!(
                "the registry ({}) gives `{}` the phrase `{stated}`, which `{}` has",
                held.place(),
                meaning.id,
                other.id
            ),
            "look whether the registry's copy is whole, and run `ingest` again; if the two codes share a phrase, write it down for both",
        ))
    }

    fn reference_fault(&self, meaning: &Meaning) -> Option<(String, &'static str)> {
        let stated = &self.stated(meaning).references;
        let is_stated = |own: &Reference| stated.iter().any(|stated| stated.same_document(own));
        if stated.is_empty() || meaning.all_references().any(is_stated) {
            return None;
        }
        let is_standard = |own: &Reference| {
            let mut standards = self.input.standards.iter();
            let own = own.rfc();
            own.is_some()
                && standards
                    .any(|standard| standard.entry.rfc == own && standard.speaks_of(meaning.code))
        };
        let is_cited = |own: &Reference| {
            let mut claims = self.supporting(meaning);
            claims.any(|held| {
                let mut cited = held.claim.facts.references.iter();
                cited.any(|cited| cited.same_document(own))
            })
        };
        let mut ours = meaning.references.iter();
        let ours = ours.find(|own| !is_standard(own) && !is_cited(own))?;
        let registered = stated.iter().map(ToString::to_string);
        let registered = registered.collect::<Vec<_>>().join("; ");
        Some((
            format!(
                "the reference of `{}` is {ours}, but the registry gives {}, and no source cites {}",
                meaning.id,
                text::excerpt(&registered, 200),
                ours.document()
            ),
            "write the registry's; if the meaning was defined there before, move it to former_references",
        ))
    }

    /// What a maintainer should look at.
    pub fn warnings(&self) -> Diagnostics {
        let meanings = &self.input.meanings;
        let warn = |meaning: &Meaning, message: String| {
            let warning = Diagnostic::warning(message);
            match meanings.place(&meaning.id) {
                Some((file, line)) => warning.at(file, line),
                None => warning,
            }
        };
        let mut warnings = Diagnostics::new();
        for meaning in meanings.iter() {
            let stated = self.stated(meaning);
            if !self.is_live(meaning) {
                warnings.push(
                    warn(
                        meaning,
                        format!("no claim speaks of `{}`, so it is left out", meaning.id),
                    )
                    .help("add a source that does, or take the meaning out"),
                );
            } else if stated.registration != meaning.registration {
                warnings.push(
                    warn(
                        meaning,
                        format!(
                            "`{}` is written down as {}, but the registry says {}",
                            meaning.id, meaning.registration, stated.registration
                        ),
                    )
                    .help("write what the registry says, and look whether the summary still holds; its word is used in any case"),
                );
            } else if stated.by_registry && stated.phrase != meaning.phrase {
                let phrase = stated.phrase.as_deref().unwrap_or("none");
                warnings.push(
                    warn(meaning, format!("the phrase of `{}` is written down differently in the registry: {phrase}", meaning.id))
                        .help("make the old phrase a former one; the registry's is used in any case"),
                );
            } else if stated.by_registry && stated.references != meaning.references {
                let references = stated.references.iter().map(ToString::to_string);
                let references: Vec<String> = references.collect();
                warnings.push(
                    warn(meaning, format!("the references of `{}` are written down differently in the registry: {}", meaning.id, text::excerpt(&references.join("; "), 200)))
                        .help("make the old ones former ones; the registry's are used in any case"),
                );
            }
        }
        warnings
    }
}

impl Held<'_> {
    /// The language of the names that the source gives beside its English phrases, as a BCP 47 tag.
    pub fn name_language(&self) -> &str {
        let languages = &self.source.entry.languages;
        languages
            .iter()
            .find(|language| language.split('-').next() != Some("en"))
            .map_or("en", String::as_str)
    }

    /// Where the claim stands.
    pub fn place(&self) -> Place {
        Place {
            source: self.source.entry.id.clone(),
            at: At::Line {
                line: self.claim.facts.line,
            },
        }
    }
}
