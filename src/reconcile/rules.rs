/// A general way to settle conflicts of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// Several meanings of one code stand side by side when each says what it is.
    DistinctMeanings,
    /// A phrase that a meaning is known to have borne is an alias.
    KnownPhrase,
    /// A document that defined a meaning before gives way to the one that does today.
    FormerReference,
    /// The registry states what is registered.
    RegistryStates,
    /// A source may list one code once for each of its meanings.
    OneRowPerMeaning,
}

impl Rule {
    /// All rules.
    pub const ALL: [Self; 5] = [
        Self::DistinctMeanings,
        Self::KnownPhrase,
        Self::FormerReference,
        Self::RegistryStates,
        Self::OneRowPerMeaning,
    ];

    /// The id by which the exports name it.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::DistinctMeanings => "distinct-meanings",
            Self::KnownPhrase => "known-phrase",
            Self::FormerReference => "former-reference",
            Self::RegistryStates => "registry-states",
            Self::OneRowPerMeaning => "one-row-per-meaning",
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
            Self::FormerReference => {
                "A document that defined the meaning before is kept as a former reference, since the newer one defines it now."
            }
            Self::RegistryStates => {
                "What IANA's registry says of a registration holds, whatever others say, since registering is what it does."
            }
            Self::OneRowPerMeaning => {
                "A source that lists a code several times is heard each time when each row is about another meaning, \
                 since then the rows do not contradict each other."
            }
        }
    }
}
