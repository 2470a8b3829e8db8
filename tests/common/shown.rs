//! Markdown, as a reader of it sees it.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// What a reader of Markdown sees.
#[derive(Default)]
pub struct Shown {
    pub html: String,
    pub headings: Vec<String>,
    pub paragraphs: Vec<String>,
    pub items: Vec<Item>,
    pub tables: Vec<Vec<Vec<String>>>,
}

#[derive(Default)]
pub struct Item {
    pub text: String,
    pub links: Vec<String>,
}

impl Shown {
    /// What this Markdown shows.
    pub fn of(markdown: &str) -> Self {
        let options = Options::ENABLE_TABLES
            | Options::ENABLE_STRIKETHROUGH
            | Options::ENABLE_FOOTNOTES
            | Options::ENABLE_TASKLISTS
            | Options::ENABLE_MATH
            | Options::ENABLE_GFM;
        let mut shown = Self::default();
        let mut part = Item::default();
        for event in Parser::new_ext(markdown, options) {
            match event {
                Event::Start(Tag::Heading { .. } | Tag::Paragraph | Tag::Item | Tag::TableCell) => {
                    part = Item::default()
                }
                Event::Start(Tag::Table(_)) => shown.tables.push(Vec::new()),
                Event::Start(Tag::TableHead | Tag::TableRow) => {
                    shown.tables.last_mut().expect("a table").push(Vec::new());
                }
                Event::Start(Tag::Link { dest_url, .. }) => part.links.push(dest_url.into_string()),
                Event::Start(Tag::Strong | Tag::List(None) | Tag::HtmlBlock) => {}
                Event::End(TagEnd::Heading(HeadingLevel::H3)) => {
                    shown.headings.push(part.text.clone())
                }
                Event::End(TagEnd::Paragraph) => shown.paragraphs.push(part.text.clone()),
                Event::End(TagEnd::Item) => shown.items.push(std::mem::take(&mut part)),
                Event::End(TagEnd::TableCell) => {
                    let row = shown.tables.last_mut().and_then(|table| table.last_mut());
                    row.expect("a row").push(part.text.clone());
                }
                Event::End(_) => {}
                Event::Text(text) | Event::Code(text) => part.text.push_str(&text),
                // It stands before an `@`, so that nobody's address is made of it.
                Event::InlineHtml(html) if &*html == "<!-- -->" => {}
                Event::Html(html) => shown.html.push_str(&html),
                other => panic!("{other:?} after {:?}", part.text),
            }
        }
        shown
    }
}
