use super::Meanings;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Date, Registration, Registry};

/// How many days ahead a registration that runs out is told of: long enough to ask who holds it.
const NOTICE: i32 = 30;

/// A warning of each temporary registration (RFC 7120) that ran out before the date of the data; or,
/// where a day is given, that has run out by then or will soon.
#[must_use]
pub fn expiring(registry: &Registry, meanings: &Meanings, day: Option<Date>) -> Diagnostics {
    let (today, called, notice) = match day {
        Some(day) => (day, day.to_string(), NOTICE),
        // Only what ran out is told of.
        None => {
            let date = registry.date;
            (date, format!("the date of the data, {date}"), -1)
        }
    };
    let mut warnings = Diagnostics::new();
    for meaning in registry.codes.iter().flat_map(|code| &code.meanings) {
        let Registration::Temporary { expires, .. } = meaning.registration else {
            continue;
        };
        let left = expires.day_number() - today.day_number();
        if left > notice {
            continue;
        }
        let plural = if left.abs() == 1 { "" } else { "s" };
        let when = match left {
            ..0 => format!(
                "ran out on {expires}, {} day{plural} before {called}",
                -left
            ),
            0 => format!("runs out on {expires}, that very day"),
            _ => format!("runs out on {expires}, {left} day{plural} after {called}"),
        };
        let message = format!("the temporary registration of `{}` {when}", meaning.id);
        let warning = Diagnostic::warning(message).help(remedy(registry));
        warnings.push(match meanings.place(&meaning.id) {
            Some((file, line)) => warning.at(file, line),
            None => warning,
        });
    }
    warnings
}

fn remedy(registry: &Registry) -> String {
    let Some(source) = registry.in_force() else {
        return "see whether IANA has extended or ended it, and add its registry as a source"
            .into();
    };
    let id = &source.id;
    let url = source.url.as_ref();
    let url = url.map_or(String::new(), |url| format!(", {url}"));
    format!(
        "fetch the source `{id}` anew{url}\nif IANA has extended or ended it, bring sources/{id}/source.yaml up to date and run `ingest`"
    )
}
