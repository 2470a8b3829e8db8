//! A selector, and what it asks of a page.

use std::collections::BTreeSet;

use cssparser::{ParseError, Parser, Token};
use scraper::Selector;

use crate::model::text;

/// How many names, classes, attributes and the like a selector may have. Each is looked for at each element, and
/// at those that are around it.
const MAX_PARTS: usize = 50;

/// A selector whose search takes time in proportion to the page, if there is not too much of what it asks for.
#[derive(Debug)]
pub struct Select {
    /// The selector.
    pub selector: Selector,
    /// What a page must not have too much of.
    pub asks: BTreeSet<Asked>,
}

/// What a selector asks for at an element and at each that is around it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Asked {
    /// The next element before or behind it. All that is no element is gone through on the way.
    Nearest,
    /// All that stands beside it.
    Beside,
    /// An attribute of this name, in small letters.
    Attribute(String),
    /// The classes that one of them holds.
    Classes,
}

impl Select {
    /// Reads a list of selectors.
    ///
    /// # Errors
    /// What is wrong with it, and what to do about that.
    pub fn parse(select: &str) -> Result<Self, (String, &'static str)> {
        let shown = text::excerpt(select, 80);
        let Ok(selector) = Selector::parse(select) else {
            return Err((
                format!("`{shown}` is no CSS selector"),
                "write for example \"h3\", \"ul > li\", \"table tr\"",
            ));
        };
        let mut asks = Asks::default();
        asks.read(&mut Parser::new(select), false);
        if asks.parts > MAX_PARTS {
            return Err((
                format!(
                    "`{shown}` has more than MAX_PARTS ({MAX_PARTS}) names, classes, attributes and the like"
                ),
                "say the same with fewer. MAX_PARTS stands in src/extract/selector.rs",
            ));
        }
        if asks.inside {
            return Err((
                format!(
                    "`{shown}` may look through the whole page for each element: `:has` is not read"
                ),
                "select by what is around the elements or beside them; what does not match `entry` is left out",
            ));
        }
        if asks.far_in_brackets {
            return Err((
                format!(
                    "in the brackets of `{shown}` stand elements in or beside others: that may take very long"
                ),
                "take what is around or beside others out of the brackets, as in \"ul li b\" for \":is(ul li) b\"",
            ));
        }
        let asks = asks.asked;
        Ok(Self { selector, asks })
    }
}

/// What a selector makes a page be gone through for.
#[derive(Default)]
struct Asks {
    asked: BTreeSet<Asked>,
    /// How many names, classes, attributes and the like it has.
    parts: usize,
    /// All that is in an element.
    inside: bool,
    /// What is around or beside an element, within brackets: again for each that is around an element.
    far_in_brackets: bool,
}

impl Asks {
    /// Reads the selectors of a list, up to the end of the brackets that they stand in, if they do.
    fn read(&mut self, selectors: &mut Parser<'_>, in_brackets: bool) {
        let (mut is_behind_gap, mut is_behind_part, mut is_behind_colon) = (false, false, false);
        while let Ok(token) = selectors.next_including_whitespace().cloned() {
            match token {
                Token::WhiteSpace(_) => {
                    is_behind_gap = is_behind_part;
                    continue;
                }
                Token::Comma | Token::Delim('>' | '+' | '~') => {
                    match token {
                        Token::Delim('+') => drop(self.asked.insert(Asked::Nearest)),
                        Token::Delim('~') => {
                            self.asked.insert(Asked::Beside);
                            self.far_in_brackets |= in_brackets;
                        }
                        _ => {}
                    }
                    (is_behind_gap, is_behind_part) = (false, false);
                    continue;
                }
                _ => {}
            }
            self.far_in_brackets |= in_brackets && is_behind_gap;
            (is_behind_gap, is_behind_part) = (false, true);
            // A dot and a colon have a name behind them.
            self.parts += usize::from(!matches!(token, Token::Delim('.') | Token::Colon));
            match &token {
                Token::Delim('.') => {
                    self.attribute("class");
                    self.asked.insert(Asked::Classes);
                }
                Token::SquareBracketBlock => {
                    let _ = selectors.parse_nested_block(|inner| -> Result<(), ParseError<()>> {
                        // The first name, or the one behind that of a namespace.
                        let mut is_name = true;
                        while let Ok(token) = inner.next() {
                            match token {
                                Token::Ident(name) if is_name => self.attribute(name),
                                _ => {}
                            }
                            is_name = matches!(token, Token::Delim('*' | '|'));
                        }
                        Ok(())
                    });
                }
                Token::Ident(name) if is_behind_colon => self.pseudo_class(name),
                Token::Function(name) => {
                    self.pseudo_class(name);
                    if !name.to_ascii_lowercase().starts_with("nth-") {
                        // Brackets that do not end are read to the end of the text.
                        let _ =
                            selectors.parse_nested_block(|inner| -> Result<(), ParseError<()>> {
                                self.read(inner, true);
                                Ok(())
                            });
                    }
                }
                _ => {}
            }
            is_behind_colon = token == Token::Colon;
        }
    }

    fn attribute(&mut self, name: &str) {
        self.asked
            .insert(Asked::Attribute(name.to_ascii_lowercase()));
    }

    fn pseudo_class(&mut self, name: &str) {
        let name = name.to_ascii_lowercase();
        self.inside |= name == "has";
        if name.starts_with("nth-") || name.ends_with("-of-type") {
            self.asked.insert(Asked::Beside);
        } else if name.ends_with("-child") || name == "empty" {
            self.asked.insert(Asked::Nearest);
        }
    }
}
