/// A general way to settle conflicts of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// Several meanings of one code stand side by side when each says what it is.
    DistinctMeanings,
    /// A phrase that a meaning is known to have borne is an alias.
    KnownPhrase,
    /// A slip of spelling is heard as what was meant.
    SpellingSlip,
    /// The name that we have written down is stated.
    ChosenName,
    /// A document that defined a meaning before gives way to the one that does today.
    FormerReference,
    /// An obsoleted document stays the reference while IANA cites it.
    LastDefinition,
    /// The registry in force states what is registered.
    RegistryStates,
    /// A source may list one code once for each of its meanings.
    OneRowPerMeaning,
    /// An entry inside another one is heard as its own.
    EntryOfItsOwn,
    /// An entry without a text speaks for what it does say.
    Placeholder,
}

impl Rule {
    /// All rules.
    pub const ALL: [Self; 10] = [
        Self::DistinctMeanings,
        Self::KnownPhrase,
        Self::SpellingSlip,
        Self::ChosenName,
        Self::FormerReference,
        Self::LastDefinition,
        Self::RegistryStates,
        Self::OneRowPerMeaning,
        Self::EntryOfItsOwn,
        Self::Placeholder,
    ];

    /// The id by which the exports name it.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::DistinctMeanings => "distinct-meanings",
            Self::KnownPhrase => "known-phrase",
            Self::SpellingSlip => "spelling-slip",
            Self::ChosenName => "chosen-name",
            Self::FormerReference => "former-reference",
            Self::LastDefinition => "last-definition",
            Self::RegistryStates => "registry-states",
            Self::OneRowPerMeaning => "one-row-per-meaning",
            Self::EntryOfItsOwn => "entry-of-its-own",
            Self::Placeholder => "placeholder",
        }
    }

    /// What it does and why.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Self::DistinctMeanings => {
                "Meanings of one code stand side by side when the claims for each one that is not registered name its \
                 vendor, cite its own document, or call it unofficial, since then nobody can take it for the registered one."
            }
            Self::KnownPhrase => {
                "A phrase that the meaning is known to have borne, in any case of letters, is an alias of the phrase in \
                 force, since IANA's registry decides on the phrase and old phrases live on in code."
            }
            Self::SpellingSlip => {
                "A phrase that is one edit in eight characters or fewer away from a known one is heard as that one and \
                 not kept, since nobody means a misspelt phrase."
            }
            Self::ChosenName => {
                "The name in registry/meanings is stated and the others are kept as variants, since translations differ \
                 without any being wrong; a name that also stands for another code needs a decision."
            }
            Self::FormerReference => {
                "A document that defined the meaning before is kept as a former reference, since the newer one defines it now."
            }
            Self::LastDefinition => {
                "A document that has been obsoleted stays the reference while IANA cites it, since no newer one defines the code."
            }
            Self::RegistryStates => {
                "What IANA's registry in force says of a registration holds, whatever others or older copies of it say, \
                 and what it lists is not unofficial, since registering is what it does."
            }
            Self::OneRowPerMeaning => {
                "A source that lists a code several times is heard each time when each row is about another meaning, \
                 since then the rows do not contradict each other."
            }
            Self::EntryOfItsOwn => {
                "An entry that a neighbour's text has swallowed is heard as an entry of its own, since its source wrote \
                 it as one."
            }
            Self::Placeholder => {
                "An entry without a text is heard for its phrase and what else it says, since a place kept for a text \
                 says nothing."
            }
        }
    }
}
