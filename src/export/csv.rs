//! One row per meaning, as CSV (RFC 4180, but with LF).

use std::collections::BTreeMap;

use crate::model::{Answer, MeaningEntry, Registration, Registry, Requirement, qualified};

/// What separates the values of a cell that holds several. No value contains it.
const SEPARATOR: &str = "|";

pub const COLUMNS: [&str; 32] = [
    "code",
    "class",
    "id",
    "former_ids",
    "phrase",
    "former_phrases",
    "former_phrases_used_by",
    "former_phrases_replaced_by",
    "phrase_variants",
    "name_zh_hans",
    "name_variants_zh_hans",
    "origin",
    "vendor",
    "registration",
    "registered",
    "extended",
    "expires",
    "references",
    "reference_urls",
    "former_references",
    "interim",
    "may_have_content",
    "heuristically_cacheable",
    "must_send_fields",
    "should_send_fields",
    "may_send_fields",
    "redirect_method",
    "retry",
    "semantics_references",
    "summary_en",
    "summary_zh_hans",
    "claims",
];

pub fn render(registry: &Registry) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory cannot fail, and every row has the same columns.
    let _ = writer.write_record(COLUMNS);
    for code in &registry.codes {
        for meaning in &code.meanings {
            let _ = writer.write_record(row(&code.code.to_string(), code.class.as_str(), meaning));
        }
    }
    let bytes = writer.into_inner().unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

fn row(code: &str, class: &str, meaning: &MeaningEntry) -> [String; 32] {
    let (registered, extended, expires) = match &meaning.registration {
        Registration::Temporary {
            registered,
            extended,
            expires,
        } => (
            registered.to_string(),
            extended.map(|date| date.to_string()),
            expires.to_string(),
        ),
        _ => Default::default(),
    };
    let in_language =
        |map: &BTreeMap<String, String>, tag: &str| map.get(tag).cloned().unwrap_or_default();
    let semantics = &meaning.semantics;
    let fields = |requirement| {
        let fields = semantics.fields.iter();
        let fields = fields.filter(|field| field.requirement == requirement);
        join(fields.map(|field| qualified(&field.name, &field.when)))
    };
    [
        code.to_owned(),
        class.to_owned(),
        meaning.id.clone(),
        join(&meaning.former_ids),
        meaning.phrase.clone().unwrap_or_default(),
        join(meaning.former_phrases.iter().map(|former| &former.phrase)),
        join(meaning.former_phrases.iter().map(|former| &former.used_by)),
        join(
            meaning
                .former_phrases
                .iter()
                .map(|former| former.replaced_by.as_deref().unwrap_or_default()),
        ),
        join(meaning.phrase_variants.iter().map(|variant| &variant.value)),
        in_language(&meaning.names, "zh-Hans"),
        join(
            meaning
                .name_variants
                .get("zh-Hans")
                .into_iter()
                .flatten()
                .map(|variant| &variant.value),
        ),
        meaning.origin.kind().to_owned(),
        meaning.origin.vendor().unwrap_or_default().to_owned(),
        meaning.registration.state().to_owned(),
        registered,
        extended.unwrap_or_default(),
        expires,
        join(&meaning.references),
        join(meaning.references.iter().map(|reference| reference.url())),
        join(&meaning.former_references),
        one_or_zero(semantics.interim.as_ref()),
        one_or_zero(semantics.may_have_content.as_ref()),
        one_or_zero(semantics.heuristically_cacheable.as_ref()),
        fields(Requirement::Must),
        fields(Requirement::Should),
        fields(Requirement::May),
        semantics
            .redirect_method
            .as_ref()
            .map_or(String::new(), |answer| answer.value.to_string()),
        join(
            semantics
                .retry
                .iter()
                .map(|retry| qualified(retry.requirement.as_str(), &retry.when)),
        ),
        join(semantics.references()),
        in_language(&meaning.summary, "en"),
        in_language(&meaning.summary, "zh-Hans"),
        join(
            meaning
                .claims
                .iter()
                .map(|claim| format!("{}:{}", claim.place.source, claim.place.at.number())),
        ),
    ]
}

/// 1 or 0: spreadsheets write `true` and `no` back in other letters.
fn one_or_zero(answer: Option<&Answer<bool>>) -> String {
    let digit = answer.map(|answer| if answer.value { "1" } else { "0" });
    digit.unwrap_or_default().to_owned()
}

fn join(values: impl IntoIterator<Item = impl ToString>) -> String {
    values
        .into_iter()
        .map(|value| value.to_string())
        .collect::<Vec<_>>()
        .join(SEPARATOR)
}
