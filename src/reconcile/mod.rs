//! Reconciliation: what the claims, the meanings and the decisions make together.
//!
//! [`assign()`] ties an entry to a meaning. [`reconcile()`] weighs all claims: it finds what they
//! disagree on, settles it by a rule or a decision, and states the rest.

mod assign;
mod conflicts;
mod copies;
mod decisions;
mod expiry;
mod ledger;
mod meanings;
mod rfcs;
mod rules;
mod settle;
mod spelling;
mod standards;
mod state;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Claim, Date, Registry, SourceEntry};

pub use assign::assign;
pub use decisions::Decisions;
pub use expiry::expiring;
pub use meanings::Meanings;
pub use rfcs::Rfcs;
pub use rules::Rule;
pub use standards::Standard;

/// Everything that a build starts from.
#[derive(Clone)]
pub struct Input {
    /// The version of the data.
    pub version: String,
    /// The date of the data.
    pub date: Date,
    /// The sources with their locked claims, the most weighty first, then the newest.
    pub sources: Vec<Source>,
    /// The RFCs that speak of codes, by id.
    pub standards: Vec<Standard>,
    /// Every known meaning.
    pub meanings: Meanings,
    /// Which RFCs obsolete which.
    pub rfcs: Rfcs,
    /// The rulings.
    pub decisions: Decisions,
}

/// A source, and what it says.
#[derive(Clone)]
pub struct Source {
    /// The source.
    pub entry: SourceEntry,
    /// The file of its claims, whose first line holds the columns' names.
    pub file: String,
    /// Its claims, in the order of the file.
    pub claims: Vec<Claim>,
}

/// What a build ends in.
pub struct Reconciled {
    /// All meanings, reconciled.
    pub registry: Registry,
    /// How many claims a decision rejects.
    pub rejected: usize,
    /// What a maintainer should look at, although nothing is wrong with the exports.
    pub warnings: Diagnostics,
}

/// Reconciles all claims.
///
/// # Errors
/// Every claim without a meaning, every open conflict, and every decision that does not fit, all at once.
pub fn reconcile(input: &Input) -> Result<Reconciled, Diagnostics> {
    let mut errors = Diagnostics::new();
    copies::check(input, &mut errors);
    let mut ledger = ledger::Ledger::open(input, &mut errors);
    let findings = conflicts::find(&ledger);
    let conflicts = settle::settle(&mut ledger, findings, &mut errors);
    ledger.must_be_said(&mut errors);
    let mut warnings = ledger.warnings();
    let answers = standards::answers(&ledger, &mut errors, &mut warnings);
    if errors.is_empty() {
        let rejected = ledger
            .claims
            .iter()
            .filter(|held| held.fate == ledger::Fate::Rejected)
            .count();
        Ok(Reconciled {
            registry: state::registry(&ledger, &answers, conflicts),
            rejected,
            warnings,
        })
    } else {
        errors.sort();
        Err(errors)
    }
}

/// An error about a claim, at its line in the file of claims.
fn claim_error(source: &Source, index: usize, message: impl Into<String>) -> Diagnostic {
    let line = u32::try_from(index + 2).unwrap_or(u32::MAX);
    Diagnostic::error(message).at(&source.file, line)
}
