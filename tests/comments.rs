//! Markdown for a comment on a pull request: short enough, and harmless whatever it tells.

mod common;

use common::registries::*;
use http_status_registry::model::{Origin, Registry};
use http_status_registry::review::{Impact, Report, diff};

/// What Markdown shows, and what it holds of HTML.
fn rendered(markdown: &str) -> (String, Vec<String>) {
    use pulldown_cmark::{Event, Parser};
    let (mut shown, mut html) = (String::new(), Vec::new());
    for event in Parser::new(markdown) {
        match event {
            Event::Text(text) | Event::Code(text) => shown.push_str(&text),
            Event::Html(tag) | Event::InlineHtml(tag) => html.push(tag.trim().to_owned()),
            Event::Start(pulldown_cmark::Tag::Link { .. } | pulldown_cmark::Tag::Image { .. }) => {
                panic!("a link in {markdown}")
            }
            _ => shown.push(' '),
        }
    }
    (shown, html)
}

/// The comment holds only the HTML that folds its sections, and each of these is closed.
fn assert_sound(markdown: &str) -> String {
    let length = markdown.chars().count();
    assert!(length <= 65_536, "{length} characters");
    let (shown, html) = rendered(markdown);
    let (mut open, mut sections) = (0, 0);
    for tag in &html {
        let is_head = tag.starts_with("<details><summary>") && tag.ends_with("</summary>");
        match tag.as_str() {
            "</details>" => open -= 1,
            _ if is_head && tag.matches('<').count() == 3 => {
                open += 1;
                sections += 1;
            }
            other => panic!("HTML: {other}"),
        }
        assert!((0..=1).contains(&open), "{html:?}");
    }
    assert_eq!(open, 0);
    assert!(sections <= 6);
    assert!(!shown.contains('@'), "a mention");
    shown
}

#[test]
fn markdown_shows_hostile_values_as_they_are() {
    let hostile = [
        "</details><script>alert(1)</script>",
        "@everyone and <img src=x onerror=y>",
        "[a](javascript:b) ![c](d) `e` **f** ~~g~~",
        "line one\n\n# line two\n<details>",
        "```\nx",
        "\u{202e}\u{1b}[31m",
        "$x$ | y | # 1",
        "&lt;b&gt; &copy;",
    ];
    for value in hostile {
        let old = small();
        let mut new = small();
        meaning(&mut new, "404-not-found").phrase = Some(value.into());
        meaning(&mut new, "200-ok")
            .names
            .insert("zh-Hans".into(), value.into());
        new.license = value.into();
        new.sources[0].title = value.into();
        let changes = diff(&old, &new);
        let report = Report::new(&old.version, &new.version, changes);
        let shown = assert_sound(&report.markdown());
        let first = value.split(['\n', '@', '\u{202e}']).next().expect("a part");
        assert!(shown.contains(first), "{first:?} in {shown}");
        // Nor does the text for terminals hold what a terminal would obey.
        let text = report.text();
        assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text}");
        assert_eq!(text.lines().count(), report.changes.len() + 1, "{text}");
    }
}

/// A registry with thousands of meanings whose every text is long.
fn enormous(count: usize, length: usize) -> Registry {
    let mut registry = small();
    let like = meaning(&mut registry, "404-not-found").clone();
    for code in &mut registry.codes {
        for index in 0..count {
            let mut meaning = like.clone();
            meaning.id = format!("{}-{index}-{}", code.code, "long".repeat(length));
            meaning.phrase = Some(format!("{index} {}", "<@phrase&>".repeat(length)));
            code.meanings.push(meaning);
        }
    }
    registry
}

#[test]
fn markdown_stays_within_a_comment() {
    let small = small();
    let edit = |mut registry: Registry| {
        for meaning in registry
            .codes
            .iter_mut()
            .flat_map(|code| &mut code.meanings)
        {
            meaning.origin = Origin::Webdav;
            meaning.phrase = Some(format!("Other {}", meaning.id));
        }
        registry
    };
    let all = [
        ("breaking", enormous(400, 10), small.clone()),
        ("added", small.clone(), enormous(400, 10)),
        ("both", enormous(300, 10), edit(enormous(300, 10))),
        ("few but long", enormous(2, 30_000), small.clone()),
        ("one enormous", small.clone(), enormous(1, 100_000)),
    ];
    for (name, old, new) in all {
        let report = Report::new("1.0.0", "2.0.0", diff(&old, &new));
        let majors = report
            .changes
            .iter()
            .filter(|change| change.impact == Impact::Major);
        let majors = majors.count();
        let markdown = report.markdown();
        let shown = assert_sound(&markdown);
        let counts = format!("{majors} major, ");
        assert!(markdown.contains(&counts), "{name}");
        assert!(markdown.contains("suggested version: "), "{name}");
        let breaking = markdown.find("**Breaking**");
        assert_eq!(breaking.is_some(), majors > 0, "{name}");
        if let (Some(breaking), Some(section)) = (breaking, markdown.find("<details>")) {
            assert!(breaking < section, "{name}");
        }
        if !name.contains("long") {
            assert!(
                markdown.chars().count() > 10_000,
                "{name} has room for more"
            );
        }
        // Every class that changed has its section, with the count of all of its changes.
        let minor = report
            .changes
            .iter()
            .filter(|change| change.impact != Impact::Major);
        let of_404 = minor.filter(|change| change.code.is_some_and(|code| u16::from(code) >= 400));
        let of_404 = of_404.count();
        if of_404 > 0 {
            let count = format!("4xx client error: {of_404} change");
            assert!(markdown.contains(&count), "{name}: {count}");
        }
        assert!(shown.contains('…'), "{name}");
    }
}
