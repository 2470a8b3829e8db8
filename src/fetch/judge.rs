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
    let (was, is) = (old.claims.len(), new.claims.len());
    if is * 10 < was * 9 {
        objections.push(format!("has {is} entries where there were {was}"));
    }
    let codes = |claims: &[Claim]| -> BTreeSet<Code> {
        let listed = claims.iter().filter(|claim| !claim.is_vacancy());
        listed
            .filter_map(|claim| claim.facts.codes.single())
            .collect()
    };
    let kept = codes(new.claims);
    let lost: Vec<String> = codes(old.claims)
        .difference(&kept)
        .filter(|code| registered.contains(code))
        .map(ToString::to_string)
        .collect();
    if !lost.is_empty() {
        objections.push(format!("lacks what is registered: {}", shortened(&lost)));
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
