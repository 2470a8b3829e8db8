use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::yaml;

/// Which RFCs obsolete which: `registry/rfcs.yaml`.
#[derive(Debug, Clone, Default)]
pub struct Rfcs {
    obsoleted_by: BTreeMap<u32, Vec<u32>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    rfc: u32,
    obsoleted_by: Vec<u32>,
}

impl Rfcs {
    /// Reads the file.
    ///
    /// # Errors
    /// Entries that are given twice or empty, RFCs that cannot be, and those that obsolete each other in a circle.
    pub fn read(source: &yaml::Source) -> Result<Self, Diagnostics> {
        let mut errors = Diagnostics::new();
        let mut rfcs = Self::default();
        for (index, entry) in source.read_list::<Entry>()?.into_iter().enumerate() {
            let index = index.to_string();
            let mut fault = |message: String, help: &str| {
                let error: Diagnostic = source.error(&[&index], message);
                errors.push(error.help(help));
            };
            if entry.rfc == 0 {
                fault("there is no RFC 0".into(), "give the number of the RFC");
            }
            if entry.obsoleted_by.is_empty() {
                fault(
                    format!("RFC {} is obsoleted by nothing", entry.rfc),
                    "name its successors, or take the entry out",
                );
            }
            if let Some(older) = entry.obsoleted_by.iter().find(|by| **by <= entry.rfc) {
                fault(
                    format!("RFC {} cannot be obsoleted by RFC {older}", entry.rfc),
                    "a newer RFC obsoletes an older one, and has a higher number",
                );
            }
            let mut known = BTreeSet::new();
            if let Some(by) = entry.obsoleted_by.iter().find(|by| !known.insert(**by)) {
                fault(
                    format!("RFC {} is obsoleted by RFC {by} twice", entry.rfc),
                    "keep one of them",
                );
            }
            if rfcs
                .obsoleted_by
                .insert(entry.rfc, entry.obsoleted_by)
                .is_some()
            {
                fault(
                    format!("RFC {} is given twice", entry.rfc),
                    "keep one entry",
                );
            }
        }
        if errors.is_empty() {
            Ok(rfcs)
        } else {
            Err(errors)
        }
    }

    /// The RFCs that say themselves that they obsolete this one.
    #[must_use]
    pub fn successors_of(&self, rfc: u32) -> &[u32] {
        self.obsoleted_by.get(&rfc).map_or(&[], Vec::as_slice)
    }

    /// Every RFC that obsoletes this one, directly or by way of others.
    #[must_use]
    pub fn all_successors(&self, rfc: u32) -> BTreeSet<u32> {
        let mut found = BTreeSet::new();
        let mut open = vec![rfc];
        while let Some(rfc) = open.pop() {
            for next in self.successors_of(rfc) {
                if found.insert(*next) {
                    open.push(*next);
                }
            }
        }
        found
    }
}
