//! Whether a new edition of a source's document may take the place of the old one.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Authority, Claim, Code, CodeRange, Date, Reference, Registration};
use crate::reconcile::Rfcs;

/// An edition of a source.
pub struct Edition<'e> {
    /// Its day, where known.
    pub date: Option<Date>,
    /// Its claims.
    pub claims: &'e [Claim],
    /// Its bytes, where they are at hand.
    pub bytes: Option<&'e [u8]>,
}

/// The codes that a source calls registered, in whatever state. A registry need not say so: it
/// lists them.
pub fn registered(claims: &[Claim], authority: Authority) -> BTreeSet<Code> {
    let registered = claims.iter().filter(|claim| {
        let state = claim.facts.registration.as_ref();
        state.map_or(authority == Authority::Registry, |state| {
            *state != Registration::Unregistered
        })
    });
    registered
        .filter_map(|claim| claim.facts.codes.single())
        .collect()
}

/// Whether a claim does something for its code.
type Test = fn(&Claim) -> bool;

/// What a registered code has in an edition and a new one may not take away, each with the words for
/// one that does: an entry, a state in which it can be used, a phrase.
const STANDINGS: [(&str, Test); 3] = [
    ("lacks what is registered", |claim| !claim.is_vacancy()),
    ("no longer registers", |claim| {
        use Registration::{Reserved, Unregistered};
        let state = claim.facts.registration.as_ref();
        !claim.is_vacancy() && !matches!(state, Some(Reserved | Unregistered))
    }),
    ("gives no phrase for", |claim| claim.facts.phrase.is_some()),
];

/// The codes of the claims of which something holds.
fn codes(claims: &[Claim], holds: Test) -> BTreeSet<Code> {
    let claims = claims.iter().filter(|claim| holds(claim));
    claims
        .filter_map(|claim| claim.facts.codes.single())
        .collect()
}

/// A code whose temporary registration ends earlier than it did, with the end that it has now and the one
/// that it had. IANA extends them (RFC 7120, Section 3.3), and does not cut them short.
fn ends_earlier(old: &[Claim], new: &[Claim]) -> Option<(Code, Date, Date)> {
    let ends = |claims: &[Claim]| -> BTreeMap<Code, Date> {
        let ends = claims.iter().filter_map(|claim| {
            let Some(Registration::Temporary { expires, .. }) = claim.facts.registration else {
                return None;
            };
            Some((claim.facts.codes.single()?, expires))
        });
        ends.collect()
    };
    let before = ends(old);
    let pairs = ends(new).into_iter();
    let mut pairs = pairs.filter_map(|(code, is)| Some((code, is, *before.get(&code)?)));
    pairs.find(|(_, is, was)| is < was)
}

/// Every reason to refuse a new edition, in words that complete "it …".
///
/// `registered` are the codes of which none may be lost.
pub fn objections(
    old: &Edition,
    new: &Edition,
    registered: &BTreeSet<Code>,
    rfcs: &Rfcs,
) -> Vec<String> {
    let mut objections = Vec::new();
    if let (Some(was), Some(is)) = (old.date, new.date)
        && is < was
    {
        objections.push(format!("is older than what is there: of {is}, not {was}"));
    }
    let replaced = replaced(old.claims, new.claims, rfcs);
    if let Some((is, was)) = replaced.first()
        && replaced.len() * 10 > new.claims.len()
    {
        objections.push(format!(
            "is an older edition: under {} codes it cites what was replaced since, such as RFC {is} for RFC {was}",
            replaced.len()
        ));
    }
    if let Some((code, is, was)) = ends_earlier(old.claims, new.claims) {
        objections.push(format!(
            "is an older edition: the registration of {code} ends on {is} in it, not {was}"
        ));
    }
    let (was, is) = (old.claims.len(), new.claims.len());
    if is * 10 < was * 9 {
        objections.push(format!("has {is} entries where there were {was}"));
    }
    let mut told = BTreeSet::new();
    for (loss, holds) in STANDINGS {
        let lost = &codes(old.claims, holds) - &codes(new.claims, holds);
        let lost: Vec<Code> = lost.intersection(registered).copied().collect();
        let lost: Vec<String> = lost
            .into_iter()
            .filter(|code| told.insert(*code))
            .map(|code| code.to_string())
            .collect();
        if !lost.is_empty() {
            objections.push(format!("{loss}: {}", shortened(&lost)));
        }
    }
    let ends = |bytes: &[u8]| bytes.ends_with(b"\n");
    if let (Some(was), Some(is)) = (old.bytes, new.bytes)
        && ends(was)
        && !ends(is)
    {
        objections.push("ends in the middle of a line, as if cut off".into());
    }
    objections
}

/// For each code under which an RFC is cited that the one cited before has obsoleted: both.
fn replaced(old: &[Claim], new: &[Claim], rfcs: &Rfcs) -> Vec<(u32, u32)> {
    let cited = |claims: &[Claim]| {
        let mut cited: BTreeMap<CodeRange, BTreeSet<u32>> = BTreeMap::new();
        for claim in claims {
            let numbers = claim
                .facts
                .references
                .iter()
                .filter_map(|cited| match cited {
                    Reference::Rfc { number, .. } => Some(*number),
                    _ => None,
                });
            cited.entry(claim.facts.codes).or_default().extend(numbers);
        }
        cited
    };
    let before = cited(old);
    let pairs = cited(new).into_iter().filter_map(|(codes, now)| {
        let before = before.get(&codes)?;
        now.iter().find_map(|is| {
            let successors = rfcs.all_successors(*is);
            let was = before
                .iter()
                .find(|was| successors.contains(was) && !now.contains(was))?;
            Some((*is, *was))
        })
    });
    pairs.collect()
}

/// A list of which only the first items are shown.
fn shortened(items: &[String]) -> String {
    const MOST: usize = 12;
    match items.len().checked_sub(MOST) {
        None | Some(0) => items.join(", "),
        Some(more) => format!("{} and {more} more", items[..MOST].join(", ")),
    }
}
