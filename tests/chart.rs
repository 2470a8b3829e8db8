//! The chart: well-formed, small, legible to those who cannot see it, and true.

mod common;

use common::{Sandbox, root};
use http_status_registry::build;
use http_status_registry::export::all;
use http_status_registry::model::Registry;
use http_status_registry::tree::Tree;
use roxmltree::{Document, Node};

fn registry(tree: Tree) -> Registry {
    let built = build(&tree).unwrap_or_else(|errors| panic!("{errors:?}"));
    built.registry
}

fn chart(registry: &Registry) -> String {
    let mut exports = all(registry).into_iter();
    let chart = exports.find(|export| export.name == "codes.svg");
    chart.expect("the chart").content
}

fn real() -> Registry {
    registry(Tree::open(root()).expect("the checkout"))
}

/// The real one, the small one, and one without codes.
fn registries() -> [Registry; 3] {
    let small = registry(Tree::open(Sandbox::small().path("")).expect("the small tree"));
    let mut empty = small.clone();
    empty.codes.clear();
    [real(), small, empty]
}

const KINDS: [&str; 4] = ["rfc", "webdav", "vendor", "unofficial"];

/// The meanings of a class, or of all, of an origin or of any.
fn count(registry: &Registry, class: Option<u16>, kind: Option<&str>) -> usize {
    let codes = registry.codes.iter();
    let codes = codes.filter(|code| class.is_none_or(|class| u16::from(code.code) / 100 == class));
    let meanings = codes.flat_map(|code| &code.meanings);
    meanings
        .filter(|own| kind.is_none_or(|kind| own.origin.kind() == kind))
        .count()
}

fn texts<'a>(node: Node<'a, 'a>) -> Vec<&'a str> {
    let texts = node.descendants().filter(|own| own.has_tag_name("text"));
    texts.filter_map(|own| own.text()).collect()
}

fn number(node: Node<'_, '_>, name: &str) -> usize {
    let number = node.attribute(name).expect("an attribute");
    number.parse().expect("a number")
}

#[test]
fn its_numbers_are_those_of_the_registry() {
    for registry in registries() {
        let chart = chart(&registry);
        let document = Document::parse(&chart).expect("XML");
        let svg = document.root_element();
        let total = count(&registry, None, None);
        let shown = texts(svg);
        let head = format!(
            "{total} meanings of {} codes, by origin",
            registry.codes.len()
        );
        assert_eq!(shown[0], head);
        for kind in KINDS {
            let legend = format!("{kind} {}", count(&registry, None, Some(kind)));
            assert!(shown.contains(&legend.as_str()), "{legend}");
        }
        let classes: Vec<Node<'_, '_>> =
            svg.children().filter(|own| own.has_tag_name("g")).collect();
        assert_eq!(classes.len(), 5);
        // What one meaning is wide, as the longest bar tells it.
        let longest = (1..=5)
            .map(|class| count(&registry, Some(class), None))
            .max();
        let scale = 440.0 / longest.unwrap_or(1).max(1) as f64;
        for (class, group) in (1..).zip(classes) {
            let shown = texts(group);
            assert!(shown[0].starts_with(&format!("{class}xx ")), "{shown:?}");
            let codes = registry.codes.iter();
            let codes = codes
                .filter(|code| u16::from(code.code) / 100 == class)
                .count();
            let meanings = count(&registry, Some(class), None);
            let plural = if codes == 1 { "" } else { "s" };
            let last = format!("{meanings} for {codes} code{plural}");
            assert_eq!(shown.last(), Some(&last.as_str()));
            for kind in KINDS {
                let count = count(&registry, Some(class), Some(kind));
                let mut own = group.children();
                let bar = own.find(|own| own.attribute("class") == Some(kind));
                assert_eq!(bar.is_some(), count > 0, "{class}xx {kind}");
                let mut own = group.children();
                let label =
                    own.find(|own| own.attribute("class") == Some(&format!("count on-{kind}")));
                if let Some(bar) = bar {
                    let width = number(bar, "width") as f64;
                    assert!(
                        (width - count as f64 * scale).abs() <= 2.0,
                        "{class}xx {kind}: {width}"
                    );
                }
                let shown = label.and_then(|label| label.text()).unwrap_or("0");
                assert_eq!(shown, count.to_string(), "{class}xx {kind}");
            }
        }
    }
}

#[test]
fn it_tells_its_numbers_to_those_who_cannot_see_them() {
    for registry in registries() {
        let chart = chart(&registry);
        let document = Document::parse(&chart).expect("XML");
        let svg = document.root_element();
        assert_eq!(svg.attribute("role"), Some("img"));
        let labels = svg.attribute("aria-labelledby").expect("labels");
        let labels = labels.split(' ').map(|id| {
            let mut own = svg.children();
            let label = own.find(|own| own.attribute("id") == Some(id));
            label.and_then(|label| label.text()).expect("a label")
        });
        let labels: Vec<&str> = labels.collect();
        assert_eq!(labels.len(), 2);
        for class in 1..=5 {
            for kind in KINDS {
                let count = count(&registry, Some(class), Some(kind));
                let told = labels[1].split(". ");
                let told: Vec<&str> = told
                    .filter(|told| told.starts_with(&format!("{class}xx ")))
                    .collect();
                assert_eq!(told.len(), 1, "{}", labels[1]);
                assert_eq!(
                    told[0]
                        .trim_end_matches('.')
                        .split([':', ','])
                        .any(|part| part == format!(" {count} {kind}")),
                    count > 0,
                    "{class}xx {kind}: {}",
                    told[0]
                );
            }
        }
    }
}

#[test]
fn it_is_small_and_nothing_runs_out_of_it() {
    for registry in registries() {
        let chart = chart(&registry);
        assert!(chart.len() < 10_000, "{} bytes", chart.len());
        assert!(chart.starts_with("<!-- @generated by"));
        let document = Document::parse(&chart).expect("XML");
        let svg = document.root_element();
        let (width, height) = (number(svg, "width"), number(svg, "height"));
        for node in svg.descendants().filter(|own| own.has_tag_name("text")) {
            // A letter of the largest system font is some eight pixels wide.
            let length = node.text().unwrap_or_default().chars().count() * 8;
            assert!(number(node, "x") + length <= width, "{node:?}");
            assert!(number(node, "y") < height, "{node:?}");
        }
    }
}

#[test]
fn the_readme_shows_it() {
    let readme = std::fs::read_to_string(root().join("README.md")).expect("the README");
    let (before, _) = readme
        .split_once("](exports/v1/codes.svg)")
        .expect("the chart");
    let (_, described) = before.rsplit_once("![").expect("an image");
    assert!(described.len() > 20, "{described}");
}
