use super::{Code, CodeRange, Origin, Reference, Registration};

/// What a source says under one code, reduced to facts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Facts {
    /// The line of the document on which it writes the code, from 1.
    pub line: u32,
    /// The code, or the range of codes, that this is about.
    pub codes: CodeRange,
    /// The reason phrase, exactly as written.
    pub phrase: Option<String>,
    /// What the source calls it in its other language.
    pub name: Option<String>,
    /// Phrases that the source says were in use before.
    pub former: Vec<String>,
    /// What the source cites as the definition.
    pub references: Vec<Reference>,
    /// What its parentheses say, as written.
    pub annotations: Vec<String>,
    /// Who the source says brought the meaning into the world.
    pub origin: Option<Origin>,
    /// What the source says of its registration.
    pub registration: Option<Registration>,
    /// The code inside whose text this was written.
    pub embedded_in: Option<Code>,
}

impl Facts {
    /// Facts that say nothing yet.
    #[must_use]
    pub fn new(line: u32, codes: CodeRange) -> Self {
        Self {
            line,
            codes,
            phrase: None,
            name: None,
            former: Vec::new(),
            references: Vec::new(),
            annotations: Vec::new(),
            origin: None,
            registration: None,
            embedded_in: None,
        }
    }
}

/// What one source writes under one code, as extracted: still text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The facts in it.
    pub facts: Facts,
    /// Its text; empty for a placeholder.
    pub text: String,
}

/// An entry reduced to facts and tied to a meaning: this source, at this line, says this.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Claim {
    /// The facts.
    pub facts: Facts,
    /// The id of the meaning; nothing while no evidence ties it to one.
    pub meaning: Option<String>,
    /// The evidence that tied it to its meaning, or why none did.
    pub matched: String,
    /// The length of the entry's text in Unicode scalar values, with white space folded.
    pub text_length: usize,
    /// The first 16 hexadecimal digits of the SHA-256 of that text; nothing if there is none.
    pub text_digest: Option<String>,
}

impl Facts {
    /// Whether this says that nobody uses its codes, as the registry's `Unassigned` does.
    #[must_use]
    pub fn is_vacancy(&self) -> bool {
        self.registration == Some(Registration::Unregistered)
            && self.phrase.is_none()
            && self.name.is_none()
    }
}

impl Claim {
    /// Whether this says that nobody uses its codes, and nothing else.
    #[must_use]
    pub fn is_vacancy(&self) -> bool {
        self.facts.is_vacancy() && self.text_length == 0
    }
}
