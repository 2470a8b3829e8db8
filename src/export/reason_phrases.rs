//! The reason phrases of the codes that IANA lists with one: `{"404": "Not Found"}`.

use serde_json::{Map, Value};

use crate::model::Registry;

pub fn render(registry: &Registry) -> String {
    let phrases = super::registered(registry)
        .map(|(code, phrase, _)| (code.to_string(), Value::from(phrase)));
    format!("{:#}\n", Value::Object(phrases.collect::<Map<_, _>>()))
}
