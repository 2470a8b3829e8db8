//! The rows of the CSV export, made from the registry in another way than the exporter does.

use std::collections::BTreeMap;

use http_status_registry::model::{
    MeaningEntry, Reference, Registration, Registry, Requirement, Variant,
};

/// Fails unless the CSV holds a row for each meaning of the registry, and in it all that belongs there.
pub fn compare(registry: &Registry, csv: &str) {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let headers = reader.headers().expect("headers").clone();
    let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().expect("rows");
    let meanings = meanings(registry);
    assert_eq!(rows.len(), meanings.len());
    for (row, (code, meaning)) in rows.iter().zip(meanings) {
        let cell = |name: &str| {
            let column = headers
                .iter()
                .position(|header| header == name)
                .expect("the column");
            row[column].to_owned()
        };
        let list = |name: &str| {
            cell(name)
                .split('|')
                .filter(|value| !value.is_empty())
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        assert_eq!(cell("code"), code.to_string());
        assert_eq!(cell("class"), meaning_class(code));
        assert_eq!(cell("id"), meaning.id);
        assert_eq!(list("former_ids"), meaning.former_ids);
        assert_eq!(cell("phrase"), meaning.phrase.clone().unwrap_or_default());
        let former: Vec<String> = meaning
            .former_phrases
            .iter()
            .map(|former| former.phrase.clone())
            .collect();
        assert_eq!(list("former_phrases"), former);
        let by: Vec<String> = meaning
            .former_phrases
            .iter()
            .map(|former| former.used_by.clone())
            .collect();
        assert_eq!(list("former_phrases_used_by"), by);
        let until: Vec<String> = meaning
            .former_phrases
            .iter()
            .filter_map(|former| former.replaced_by.clone())
            .collect();
        assert_eq!(list("former_phrases_replaced_by"), until);
        let values = |variants: &[Variant]| {
            variants
                .iter()
                .map(|variant| variant.value.clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(list("phrase_variants"), values(&meaning.phrase_variants));
        let names = meaning
            .name_variants
            .get("zh-Hans")
            .map_or(&[][..], Vec::as_slice);
        assert_eq!(list("name_variants_zh_hans"), values(names));
        assert_eq!(cell("name_zh_hans"), meaning.names["zh-Hans"]);
        assert_eq!(cell("origin"), meaning.origin.kind());
        assert_eq!(cell("vendor"), meaning.origin.vendor().unwrap_or_default());
        assert_eq!(cell("registration"), meaning.registration.state());
        let (registered, extended, expires) = dates(&meaning.registration);
        assert_eq!(
            [cell("registered"), cell("extended"), cell("expires")],
            [registered, extended, expires]
        );
        let texts = |references: &[Reference]| {
            references
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
        };
        assert_eq!(list("references"), texts(&meaning.references));
        assert_eq!(list("former_references"), texts(&meaning.former_references));
        let urls: Vec<String> = meaning
            .references
            .iter()
            .map(|reference| reference.url())
            .collect();
        assert_eq!(list("reference_urls"), urls);
        let semantics = &meaning.semantics;
        let told = |question: &str| {
            let mut told = semantics.told().into_iter();
            let answer = told.find_map(|(own, answer)| (own == question).then_some(answer));
            answer.flatten().unwrap_or_default()
        };
        for question in ["interim", "may_have_content", "heuristically_cacheable"] {
            let digit = told(question).replace("true", "1").replace("false", "0");
            assert_eq!(cell(question), digit);
        }
        assert_eq!(cell("redirect_method"), told("redirect_method"));
        let when = |value: &str, when: &BTreeMap<String, String>| match when.get("en") {
            Some(when) => format!("{value} when {when}"),
            None => value.to_owned(),
        };
        let retry = semantics.retry.iter();
        let retry = retry.map(|retry| when(retry.requirement.as_str(), &retry.when));
        assert_eq!(list("retry"), retry.collect::<Vec<_>>());
        for (requirement, column) in [
            (Requirement::Must, "must_send_fields"),
            (Requirement::Should, "should_send_fields"),
            (Requirement::May, "may_send_fields"),
        ] {
            let fields = semantics.fields.iter();
            let fields = fields.filter(|field| field.requirement == requirement);
            let fields = fields.map(|field| when(&field.name, &field.when));
            assert_eq!(list(column), fields.collect::<Vec<_>>());
        }
        let sections: Vec<String> = semantics
            .references()
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(list("semantics_references"), sections);
        assert_eq!(cell("summary_en"), meaning.summary["en"]);
        assert_eq!(cell("summary_zh_hans"), meaning.summary["zh-Hans"]);
        let claims: Vec<String> = meaning
            .claims
            .iter()
            .map(|claim| format!("{}:{}", claim.place.source, claim.place.at.number()))
            .collect();
        assert_eq!(list("claims"), claims);
    }
    assert!(!csv.contains('\r'));
}

/// All meanings, with their codes.
pub fn meanings(registry: &Registry) -> Vec<(u16, &MeaningEntry)> {
    let codes = registry.codes.iter();
    codes
        .flat_map(|code| {
            code.meanings
                .iter()
                .map(|meaning| (code.code.into(), meaning))
        })
        .collect()
}

fn meaning_class(code: u16) -> &'static str {
    [
        "informational",
        "successful",
        "redirection",
        "client-error",
        "server-error",
    ][usize::from(code / 100) - 1]
}

/// The dates of a temporary registration.
pub fn dates(registration: &Registration) -> (String, String, String) {
    match registration {
        Registration::Temporary {
            registered,
            extended,
            expires,
        } => (
            registered.to_string(),
            extended.map(|date| date.to_string()).unwrap_or_default(),
            expires.to_string(),
        ),
        _ => Default::default(),
    }
}
