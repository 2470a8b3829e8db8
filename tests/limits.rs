//! What is far too large, too deep or too much is read in time and memory that grow with its size, or
//! refused with the name of the limit. Sizes here are small enough for a debug build; `benches/load.rs`
//! has the full ones.

mod common;

use common::{Run, Sandbox};

/// Ingests one source's document with these bytes.
fn ingest(id: &str, document: impl AsRef<[u8]>) -> Run {
    let tree = Sandbox::small();
    tree.replace_document(id, id, document.as_ref());
    tree.forget_claims(id);
    let before = tree.files();
    let run = tree.run(&["ingest", "--documents", "documents", id]);
    assert!(run.code == 0 || tree.files() == before, "half-written");
    run
}

/// How many entries were found.
#[track_caller]
fn found(run: &Run) -> usize {
    assert_eq!(run.code, 0, "{}", run.told());
    let (_, rest) = run.out.split_once(": ").expect("the source");
    let (count, _) = rest.split_once(" entries").expect("a number");
    count.parse().expect("a number")
}

const ROWS: &str = "<table><tr><th>Code<th>What";

#[test]
fn documents_as_large_as_they_may_be_are_read() {
    let many = 5_000;
    let row = "<tr><td>404<td>Nothing is there.";
    assert_eq!(
        found(&ingest("rows", format!("{ROWS}{}", row.repeat(many)))),
        many
    );
    let line = "word ".repeat(300_000);
    assert_eq!(
        found(&ingest("outline", format!("- 404 Not Found\n- {line}"))),
        1
    );
    assert_eq!(
        found(&ingest(
            "items",
            format!("- 404 : Not Found（未找到）{line}")
        )),
        1
    );
    let records = "Value,Description,Reference\n404,Not Found,[RFC9110]\n";
    assert_eq!(
        found(&ingest(
            "records",
            format!("{records}405,\"{line}\",[RFC9110]")
        )),
        2
    );
}

#[test]
fn what_would_take_the_square_of_its_size_does_not() {
    let almost = "- 404 : Not Found（未找到）".to_owned() + &"（HTTP 1.1".repeat(50_000);
    assert_eq!(found(&ingest("items", almost)), 1);
    // 1,000 rows of which each has the 1,000 columns that one cell spans.
    let spans = format!(
        "{ROWS}<tr><td>404<td>x<td colspan=1000 rowspan=1000>y{}",
        "<tr><td>405<td>x".repeat(999)
    );
    assert_eq!(found(&ingest("rows", spans)), 1_000);
    // More cells that hang down from above than the row has itself.
    let hanging = format!(
        "{ROWS}<tr><td>404<td rowspan=2>x<td rowspan=2>y<td rowspan=2>z<tr><td colspan=4>410"
    );
    assert_eq!(found(&ingest("rows", hanging)), 2);
    // Each entry keeps the heading above it, but if no fact is looked for in it, its length does not count.
    let heading = format!("<h2>{}</h2>", "x".repeat(1_900));
    let row = "<tr><td>404<td>x";
    assert_eq!(
        found(&ingest(
            "rows",
            format!("{heading}{ROWS}{}", row.repeat(5_000))
        )),
        5_000
    );
    // Each term looks for its definitions behind all others.
    let terms = format!("<dl>{}<dd>x", "<dt>404 Not Found".repeat(10_000));
    assert_eq!(found(&ingest("definitions", terms)), 10_000);
    // The parser gives footnotes in any order, and each is told with its line.
    let footnotes: String = (0..5_000)
        .map(|number| format!("[^{number}]: x\n"))
        .collect();
    let run = ingest(
        "items",
        format!("- 404 : Not Found（未找到）\n\n{footnotes}"),
    );
    assert_eq!(found(&run), 1);
    assert!(run.out.contains("5000 skipped"), "{}", run.out);
    // Each entry keeps the heading above it, and looks for facts in it.
    let heading = format!(
        "<h2>{}</h2><dl>{}",
        "word ".repeat(10_000),
        "<dt>404 Not Found<dd>x".repeat(5_000)
    );
    let run = ingest("definitions", heading);
    assert_eq!(found(&run), 5_000);
    insta::assert_snapshot!(run.out.lines().take(2).collect::<Vec<_>>().join("\n"), @r"
    definitions: 5000 entries found, 0 repaired, 1 skipped; claims written
      skipped, line 1: the heading `word word word word word word word word …` is longer than MAX_VALUE (2000 bytes, in src/model/text.rs): no facts are looked for in it
    ");
}

#[test]
fn of_too_many_matches_the_first_are_kept() {
    let references: String = (0..5_000)
        .map(|number| format!("(RFC {number}) "))
        .collect();
    let run = ingest("rows", format!("{ROWS}<tr><td>404<td>{references}"));
    assert_eq!(found(&run), 1);
    insta::assert_snapshot!(run.out, @r"
    rows: 1 entries found, 0 repaired, 1 skipped; claims written
      skipped, line 1: the entry of 404 has more than MAX_MATCHES (1000, in src/extract/search.rs) matches of patterns: what more of them say is left out
      without a meaning, line 1: 404 fits none of 404-not-found
    ");
    // Matches count, whatever they give, and an entry may have as many as the limit.
    let tree = Sandbox::small();
    tree.edit(
        "sources/rows/source.yaml",
        r"\((?<reference>RFC \d+)\)",
        r"\((?:(?<reference>RFC \d+)|(?<former>was \d+)|(?<note>since \d+))\)",
    );
    let mut document = format!("{ROWS}<tr><td>404<td>missing");
    for (what, count) in [("was", 300), ("since", 300), ("RFC", 400)] {
        document.extend((0..count).map(|number| format!(" ({what} {number})")));
    }
    for (more, skipped) in [("", 0), (" (was 300)", 1)] {
        document += more;
        tree.replace_document("rows", "rows", document.as_bytes());
        let run = tree.run(&["ingest", "--documents", "documents", "rows"]);
        let told = format!("1 entries found, 0 repaired, {skipped} skipped");
        assert!(run.out.contains(&told), "{}", run.told());
    }
}

/// Each of them is compared with those that other patterns have found.
#[test]
fn matches_of_all_patterns_count() {
    let tree = Sandbox::small();
    tree.edit(
        "sources/outline/source.yaml",
        "  facts:\n",
        "  facts:\n    - pattern: '(?<note>a\\d+)'\n    - pattern: '(?<note>b\\d+)'\n    - pattern: '^a'\n      registration: reserved\n",
    );
    for (a, b, skipped) in [(500, 500, 0), (501, 501, 1), (1_000, 0, 0), (1_000, 1, 1)] {
        let words = |letter: char, count: usize| -> String {
            (0..count).map(|word| format!("{letter}{word} ")).collect()
        };
        let document = format!("- 404 Not Found\n{}{}\n", words('a', a), words('b', b));
        tree.replace_document("outline", "outline", document.as_bytes());
        tree.forget_claims("outline");
        let run = tree.run(&["ingest", "--documents", "documents", "outline"]);
        let told = format!("1 entries found, 0 repaired, {skipped} skipped");
        assert!(run.out.contains(&told), "{}", run.told());
        // What is said once for all matches needs no room.
        let claims = tree.read("sources/outline/claims.csv");
        assert!(claims.contains(",reserved,"), "{claims}");
    }
}

/// A pattern may match nothing: it is looked for again behind the next character, however long that is.
#[test]
fn matches_of_nothing_are_passed_over() {
    let tree = Sandbox::small();
    let file = "sources/items/source.yaml";
    tree.edit(file, r"（(?<note>HTTP 1\.1新)）", r"(?<note>HTTP 1\.1新)?");
    let document = "- 404 : Not Found（找不到）没有。HTTP 1.1新。没有\n";
    tree.replace_document("items", "items", document.as_bytes());
    let run = tree.run(&["ingest", "--documents", "documents", "items"]);
    assert!(
        run.out.contains("1 entries found, 0 repaired, 0 skipped"),
        "{}",
        run.told()
    );
    assert!(
        tree.read("sources/items/claims.csv")
            .contains(",HTTP 1.1新,")
    );
}

#[test]
fn an_entry_may_swallow_as_many_as_the_limit() {
    for (swallowed, skipped) in [(1_000, 0), (1_001, 1)] {
        let text = "It is not there. - 405 Method Not Allowed\n".repeat(swallowed);
        let run = ingest("outline", format!("- 404 Not Found\n{text}"));
        assert_eq!(found(&run), 1_001);
        let told = format!("1000 repaired, {skipped} skipped");
        assert!(run.out.contains(&told), "{}", run.told());
    }
}

/// Each search looks through all of the text for a `y` that is not there.
#[test]
fn patterns_that_look_far_ahead_are_searched_for_so_often_only() {
    let tree = Sandbox::small();
    let document = format!("- 404 Not Found\n{}\n", "x1234 ".repeat(5_000));
    tree.replace_document("outline", "outline", document.as_bytes());
    tree.forget_claims("outline");
    tree.edit(
        "sources/outline/source.yaml",
        "  facts:\n",
        "  facts:\n    - pattern: '(?<note>x1.*y|x1)'\n",
    );
    tree.edit(
        "sources/outline/source.yaml",
        r"'(?m)\. - (?<code>\d{3}) (?<phrase>[^()\n]+?)(?: \([^()\n]+\))?$'",
        r"'x(?<code>\d{3})4 .*y|x\d{4}'",
    );
    let run = tree.run(&["ingest", "--documents", "documents", "outline"]);
    insta::assert_snapshot!(run.out, @r"
    outline: 1 entries found, 0 repaired, 2 skipped; claims written
      skipped, line 1: the entry of 404 has more than MAX_MATCHES (1000, in src/extract/search.rs) matches of patterns: what more of them say is left out
      skipped, line 1: the entry of 404 has more than MAX_MATCHES (1000, in src/extract/search.rs) matches of patterns: what more of them say is left out
    ");
}

#[test]
fn a_cell_that_spans_too_much_is_cut_and_told() {
    let rows = "<tr><td>404<td rowspan=9999>x\n<tr><td>410<td colspan=1001>y\n<tr><td>410<td rowspan=1000>z";
    let run = ingest("rows", format!("{ROWS}{rows}"));
    insta::assert_snapshot!(run.out, @r"
    rows: 3 entries found, 2 repaired, 2 skipped; claims written
      repaired, line 1: a cell spans MAX_SPAN (1000, in src/extract/rows.rs) rows or columns, and not more
      repaired, line 2: a cell spans MAX_SPAN (1000, in src/extract/rows.rs) rows or columns, and not more
      skipped, line 2: cells beyond the 2 columns: the row has 1002
      skipped, line 3: cells beyond the 2 columns: the row has 3
      without a meaning, line 1: 404 fits none of 404-not-found
      without a meaning, line 2: 410 fits none of 410-gone
      without a meaning, line 3: 410 fits none of 410-gone
    ");
}

#[test]
fn documents_that_would_take_far_more_than_their_size_are_refused() {
    let deep = "<dl><dt>404 Not Found<dd>".to_owned() + &"<div>\n".repeat(100_000);
    insta::assert_snapshot!(ingest("definitions", deep).told(), @r"
    error: elements are nested deeper than MAX_DEPTH (512)
      --> documents/definitions:510
      help: browsers do not nest them so deep either: look whether this is the right document, and whether tags are closed. MAX_DEPTH stands in src/extract/page.rs

    1 error; nothing was written
    exit code 2
    ");
    let deep = "<dl><dt>404 Not Found<dd>".to_owned() + &"<template>\n".repeat(1_000);
    insta::assert_snapshot!(ingest("definitions", deep).told(), @r"
    error: elements are nested deeper than MAX_DEPTH (512)
      --> documents/definitions:256
      help: browsers do not nest them so deep either: look whether this is the right document, and whether tags are closed. MAX_DEPTH stands in src/extract/page.rs

    1 error; nothing was written
    exit code 2
    ");
    let deep = "- 404 : Not Found（未找到）\n\n".to_owned() + &">".repeat(20_000);
    insta::assert_snapshot!(ingest("items", deep).told(), @r"
    error: elements are nested deeper than MAX_DEPTH (512)
      --> documents/items:3
      help: browsers do not nest them so deep either: look whether this is the right document, and whether tags are closed. MAX_DEPTH stands in src/extract/page.rs

    1 error; nothing was written
    exit code 2
    ");
    // Each is moved before its table, and the next one is in it.
    let moved = "<table><div><template>".repeat(600);
    insta::assert_snapshot!(ingest("definitions", moved).told(), @r"
    error: elements are nested deeper than MAX_DEPTH (512)
      --> documents/definitions:1
      help: browsers do not nest them so deep either: look whether this is the right document, and whether tags are closed. MAX_DEPTH stands in src/extract/page.rs

    1 error; nothing was written
    exit code 2
    ");
    // A page has three elements of its own, and each paragraph here has five.
    let copied = |paragraphs: usize| {
        "<dl><dt>404 Not Found<dd><p><b><i><u><s>".to_owned() + &"<p>x".repeat(paragraphs)
    };
    assert_eq!(3 + 3 + 5 + 3_997 * 5, 19_996);
    let few = copied(3_997) + "<br><br><br><br>";
    assert_eq!(found(&ingest("definitions", few.clone())), 1);
    assert_eq!(ingest("definitions", few + "<br>").code, 2);
    for (bytes, code) in [(101_000, 0), (100_999, 2)] {
        let copied = copied(4_000);
        let longer = copied.clone() + &"x".repeat(bytes - copied.len());
        assert_eq!(ingest("definitions", longer).code, code, "{bytes}");
    }
    let lists = "- 404 : Not Found（未找到）\n".to_owned() + &"- - - - - x\n".repeat(3_000);
    assert_eq!(ingest("items", lists).code, 2);
    // What stands in for an image is no element of the page.
    let item = "- 404 : Not Found（未找到）\n";
    let image = format!("{item}\n{} ![*x*](x)\n", ">".repeat(509));
    assert_eq!(found(&ingest("items", image)), 1);
    let told = ingest("items", format!("{item}\n{}", "x\n\n".repeat(30_000))).told();
    assert!(told.contains("--> documents/items:39999"), "{told}");
    // Before the page is written, which would be far longer.
    let quotes =
        "- 404 : Not Found（未找到）\n".to_owned() + &(">".repeat(50) + " x\n\n").repeat(100_000);
    assert_eq!(ingest("items", quotes).code, 2);
    let fonts: String = (0..400).map(|size| format!("<font size={size}>")).collect();
    let copied = format!(
        "<dl><dt>404 Not Found<dd><p>{fonts}{}",
        "<p>x".repeat(1_000)
    );
    insta::assert_snapshot!(ingest("definitions", copied).told(), @r"
    error: there are more elements, attributes and comments than MAX_ELEMENTS (200) for each 1,000 bytes of the document
      --> documents/definitions:1
      help: close formatting tags such as <b> and <font>: each paragraph opens anew those that are open. Look at cells and items without a text, and in Markdown at quotes and lists that are nested many times over. MAX_ELEMENTS stands in src/extract/page.rs

    1 error; nothing was written
    exit code 2
    ");
    let attributes = |count: usize| {
        (0..count)
            .map(|number| format!(" a{number}"))
            .collect::<String>()
    };
    let page = |more: String| {
        ingest(
            "definitions",
            "<dl><dt>404 Not Found<dd>".to_owned() + &more,
        )
    };
    // With the paragraph, its formatting and the attributes of that come anew.
    let copied = |paragraphs| format!("<p><b{}>{}", attributes(900), "<p>x".repeat(paragraphs));
    assert_eq!(3 + 3 + 902 * 22, 19_850);
    assert_eq!(found(&page(copied(21))), 1);
    assert_eq!(page(copied(22)).code, 2);
    let nested = |inner| {
        format!(
            "<i{0}>x</i><i{0}><b{1}>",
            attributes(600),
            attributes(inner)
        )
    };
    assert_eq!(found(&page(nested(400))), 1);
    insta::assert_snapshot!(page(nested(401)).told(), @r"
    error: an element and those around it have more than MAX_AROUND (1000) attributes
      --> documents/definitions:1
      help: look whether this is the right document, and whether tags are closed. MAX_AROUND stands in src/extract/page.rs

    1 error; nothing was written
    exit code 2
    ");
    // Attributes that are there already count, too.
    let few = "<br>".repeat(20_000 - 6);
    assert_eq!(found(&page(few.clone())), 1);
    assert_eq!(page(few + "<body a>").code, 2);
    let again = |count| {
        (0..count)
            .map(|number| format!("<body a{number}>"))
            .collect::<String>()
    };
    assert_eq!(found(&page(again(1_000))), 1);
    assert_eq!(page(again(1_001)).code, 2);
    // The parser leaves what it notes of them where it was.
    let objects = |count| "<table><tr><td><object></table>".repeat(count);
    assert_eq!(found(&page(objects(1_000))), 1);
    for name in ["applet", "marquee"] {
        assert_eq!(page(objects(1_000) + &format!("<{name}>")).code, 2);
    }
    insta::assert_snapshot!(page(objects(1_001)).told(), @r"
    error: there are more than MAX_OBJECTS (1000) elements of the names object, applet and marquee
      --> documents/definitions:1
      help: look whether this is the right document. MAX_OBJECTS stands in src/extract/page.rs

    1 error; nothing was written
    exit code 2
    ");
    // Short names and those that are there already do not count.
    let names = |count: usize| {
        let names = (0..count).map(|number| format!("<p x{number:07}><p x{number:06}>"));
        names.collect::<String>() + &"<p x0000000>".repeat(2_000)
    };
    assert_eq!(found(&page(names(2_000))), 1);
    insta::assert_snapshot!(page(names(2_001)).told(), @r"
    error: there are more than MAX_NAMES (2000) different names of elements and attributes, or of classes, with more than seven letters
      --> documents/definitions:1
      help: look whether this is the right document. MAX_NAMES stands in src/extract/page.rs

    1 error; nothing was written
    exit code 2
    ");
    let named = (0..2_001).map(|number| format!("<x{number:07}></x{number:07}>"));
    assert_eq!(page(named.collect()).code, 2);
    // The parser moves each of them out of the table; a comment beside each keeps them apart.
    let moved = |count| format!("<table>{}", "&".repeat(count));
    assert_eq!(found(&page(moved(15_000))), 1);
    assert_eq!(page(moved(20_000)).code, 2);
    assert_eq!(page("<!>".repeat(20_000)).code, 2);
    // The parser takes the rest of such a table for text.
    let table = |rows: usize| {
        let head = format!(
            "| Code | What |{}\n{}\n",
            " |".repeat(100),
            "| --- ".repeat(102)
        );
        // Long enough for all its elements.
        format!(
            "{head}{}",
            format!("| 404 | missing {:x<520} |\n", "").repeat(rows)
        )
    };
    let tree = Sandbox::small();
    tree.edit(
        "sources/rows/source.yaml",
        "media_type: text/html",
        "media_type: text/markdown",
    );
    let ingest_table = |rows| {
        tree.replace_document("rows", "rows", table(rows).as_bytes());
        tree.run(&["ingest", "--documents", "documents", "rows"])
    };
    assert_eq!(found(&ingest_table(1_000)), 1_000);
    insta::assert_snapshot!(ingest_table(3_000).told(), @r"
    error: the rows of the table lack more than MAX_MISSING (100000) cells together
      --> documents/rows:1003
      help: write the cells, or take needless columns out of the table's head. MAX_MISSING stands in src/extract/markdown.rs

    1 error; nothing was written
    exit code 2
    ");
    // All that stands beside an element is gone through for it.
    let tree = Sandbox::small();
    let ingest_items = |select: &str, items: usize| {
        let manifest = tree.read("sources/items/source.yaml");
        let lines = manifest
            .lines()
            .map(|line| match line.starts_with("  select:") {
                true => format!("  select: '{select}'\n"),
                false => format!("{line}\n"),
            });
        tree.write("sources/items/source.yaml", lines.collect::<String>());
        let items = "\n<li>404 : Not Found（未找到）".repeat(items);
        tree.replace_document("items", "items", format!("<ul><p>x{items}").as_bytes());
        tree.run(&["ingest", "--documents", "documents", "items"])
    };
    assert_eq!(found(&ingest_items("[class~=x], li", 3_000)), 3_000);
    assert_eq!(found(&ingest_items("p ~ li", 1_000)), 1_000);
    for select in ["li:NTH-child(2n)", r"li:nt\68-child(2n)", "li:last-of-type"] {
        assert_eq!(ingest_items(select, 3_000).code, 2, "{select}");
    }
    insta::assert_snapshot!(ingest_items("p ~ li", 2_000).told(), @r"
    error: more than MAX_SIBLINGS (2000) elements and texts stand beside an element and those around it, too many for a `select` with `~`, `:nth-…` or `…-of-type`
      --> documents/items:1
      help: select by the elements around them, by a class or with `+`. MAX_SIBLINGS stands in src/extract/dom.rs

    1 error; nothing was written
    exit code 2
    ");
    // What looks like that in a name or in quotes is none.
    for select in [
        "[href*=\"~\"], li",
        r".x-of-type, .c\~d, li",
        "li, li[x=\":nth-child(2n)\"]",
        "LI:Not(p /* ~ */)",
    ] {
        assert_eq!(found(&ingest_items(select, 3_000)), 3_000, "{select}");
    }
    // So is what stands beside each element around it.
    ingest_items("b ~ i li, li", 3);
    let beside = |depth: usize| {
        let around = format!("<i>{}", "<b></b>".repeat(19)).repeat(depth);
        let page = format!("{around}<ul>\n<li>404 : Not Found（未找到）</ul>");
        tree.replace_document("items", "items", page.as_bytes());
        tree.run(&["ingest", "--documents", "documents", "items"])
    };
    assert_eq!(found(&beside(99)), 1);
    assert_eq!(beside(100).code, 2);
    // All that is no element is gone through on the way to the next one.
    let apart = |comments: usize| {
        let comments = "<!---->".repeat(comments);
        let page = format!("<p>x{comments}<ul>\n<li>404 : Not Found（未找到）</ul>");
        tree.replace_document("items", "items", page.as_bytes());
        tree.run(&["ingest", "--documents", "documents", "items"])
    };
    ingest_items("p + ul > li", 3);
    assert_eq!(found(&apart(1_999)), 1);
    insta::assert_snapshot!(apart(2_000).told(), @r"
    error: more than MAX_SIBLINGS (2000) comments and texts stand next to an element and those around it, too many for a `select` with `+`, `…-child` or `:empty`
      --> documents/items:1
      help: select by the elements around them or by a class. MAX_SIBLINGS stands in src/extract/dom.rs

    1 error; nothing was written
    exit code 2
    ");
    // Attributes of what is around an element are read for it.
    let titled = |bytes: usize| {
        let title = "x".repeat(bytes);
        let page = format!("<ul title={title}>\n<li>404 : Not Found（未找到）</ul>");
        tree.replace_document("items", "items", page.as_bytes());
        tree.run(&["ingest", "--documents", "documents", "items"])
    };
    ingest_items("[title*=y] li, li", 3);
    assert_eq!(found(&titled(10_000)), 1);
    insta::assert_snapshot!(titled(10_001).told(), @r"
    error: more than MAX_ATTRIBUTES (10000) bytes of an attribute are at an element and those around it, too many for a `select` with the attribute `title`
      --> documents/items:1
      help: select by the elements around them. MAX_ATTRIBUTES stands in src/extract/dom.rs

    1 error; nothing was written
    exit code 2
    ");
    let image = format!(
        "<img src={}><ul>\n<li>404 : Not Found（未找到）</ul>",
        "x".repeat(20_000)
    );
    tree.replace_document("items", "items", image.as_bytes());
    assert_eq!(
        found(&tree.run(&["ingest", "--documents", "documents", "items"])),
        1
    );
    // What nobody asks for may be as long as it likes, and a class is asked for by its name.
    ingest_items("b.x li, [lang] li, li", 3);
    assert_eq!(found(&titled(10_001)), 1);
    let classes = |count: usize| {
        let classes = (0..count).map(|class| format!("<b class='x{class:07} x'></b>"));
        let page = format!(
            "{}<ul>\n<li>404 : Not Found（未找到）</ul>",
            classes.collect::<String>()
        );
        tree.replace_document("items", "items", page.as_bytes());
        tree.run(&["ingest", "--documents", "documents", "items"])
    };
    assert_eq!(found(&classes(2_000)), 1);
    insta::assert_snapshot!(classes(2_001).told(), @r"
    error: there are more than MAX_NAMES (2000) different names of elements and attributes, or of classes, with more than seven letters
      --> documents/items:1
      help: look whether this is the right document. MAX_NAMES stands in src/extract/page.rs

    1 error; nothing was written
    exit code 2
    ");
    for select in ["li", "[class] li, li", "[x=class] li, li"] {
        ingest_items(select, 3);
        assert_eq!(found(&classes(2_001)), 1, "{select}");
    }
    for select in [
        "[TITLE] li, li",
        "[*|title=x] li, li",
        "[x|title|=y] li, li",
    ] {
        ingest_items(select, 3);
        assert_eq!(titled(10_001).code, 2, "{select}");
    }
    ingest_items("[x=title] li, li", 3);
    assert_eq!(found(&titled(10_001)), 1);
    for select in ["li:FIRST-child", "b:EMPTY, li"] {
        ingest_items(select, 3);
        assert_eq!(found(&apart(1_999)), 1, "{select}");
        assert_eq!(apart(2_000).code, 2, "{select}");
    }
    // Each attribute of a tag is compared with those before it, where they come in pieces of 16 KiB.
    let tagged = |what: &str, tag: &str| {
        ingest(
            "definitions",
            format!("<dl>\n<dt{what}{tag}>404 Not Found</dl>"),
        )
    };
    for gap in [" ", "/", "\t", "\u{c}", "\n"] {
        assert_eq!(
            found(&tagged("", &format!("{gap}a").repeat(24_000))),
            1,
            "{gap:?}"
        );
        assert_eq!(
            tagged("", &format!("{gap}a").repeat(25_000)).code,
            2,
            "{gap:?}"
        );
    }
    for before in [" =\"", " a=b\"", " \"", " a=''\"", " a=\"<p b=\""] {
        assert_eq!(tagged(before, &" a".repeat(50_000)).code, 2, "{before}");
    }
    // What is in quotes, a comment or a script is no attribute.
    let script = format!("{}</script", " a".repeat(50_000));
    assert_eq!(found(&tagged("><script>x <b", &script)), 1);
    let prose = "L 12/34' ".repeat(100_000);
    assert_eq!(found(&tagged(" d = ", &format!("\"{prose}\" e"))), 1);
    assert_eq!(
        found(&tagged("><!--", &format!("\"{prose} <b>{prose}--"))),
        1
    );
    insta::assert_snapshot!(tagged("", &" a".repeat(50_000)).told(), @r"
    error: what may be tags has more pairs of attributes than MAX_PAIRS (200 for each byte of the page)
      --> documents/definitions:2
      help: look whether tags, quotes and comments are closed, and whether this is the right document; in a long comment or value, take out a `<` that a letter follows, or put a `>` behind it. MAX_PAIRS stands in src/extract/page.rs

    1 error; nothing was written
    exit code 2
    ");
    // Facts are looked for in the heading of each entry, and each may be kept.
    let under = |entries: usize| {
        let tree = Sandbox::small();
        let file = "sources/outline/source.yaml";
        tree.edit(file, r"'^(?<vendor>Hedge)$'", r"'(?<note>\w+)'");
        let words: String = (100..500).map(|word| format!(" {word}")).collect();
        let document = format!("4xx{words}\n{}", "- 404 Not Found\n".repeat(entries));
        tree.replace_document("outline", "outline", document.as_bytes());
        tree.run(&["ingest", "--documents", "documents", "outline"])
    };
    assert_eq!(found(&under(10)), 10);
    assert!(under(1_000).err.contains("MAX_REPEATS (16)"));
    // Terms that share what follows go through all of it, though it is no text.
    let shared = |terms: usize| {
        let (terms, gaps) = ("<dt>404 Not Found</dt>".repeat(terms), "<br>".repeat(terms));
        ingest("definitions", format!("<dl>\n{terms}{gaps}<dd>text</dl>"))
    };
    assert_eq!(found(&shared(100)), 100);
    let spaced = |spaces: usize| {
        let terms = "<dt>404 Not Found".repeat(1_000);
        ingest(
            "definitions",
            format!("<dl>\n{terms}<dd>{}text</dl>", " ".repeat(spaces)),
        )
    };
    assert_eq!(found(&spaced(200)), 1_000);
    // As far as it goes, it takes no room from the texts.
    let indented = format!("{}<p>line</p>\n", " ".repeat(12)).repeat(300);
    let (terms, page) = ("<dt>404 Not Found</dt>".repeat(20), indented);
    assert_eq!(
        found(&ingest(
            "definitions",
            format!("<dl>\n{terms}<dd>\n{page}</dl>")
        )),
        20
    );
    assert_eq!(spaced(20_000).code, 2);
    insta::assert_snapshot!(shared(1_000).told(), @r"
    error: the elements and the white space in what terms share are more than MAX_REPEATS (16) times as long as the document
      --> documents/definitions:2
      help: cells that span rows stand in each of them, terms share a definition, and each entry has the heading above it: look whether that is meant here. MAX_REPEATS stands in src/extract/mod.rs

    1 error; nothing was written
    exit code 2
    ");
    let text = "word ".repeat(100_000);
    let repeated = format!(
        "{ROWS}<tr><td>404<td rowspan=1000>{text}{}",
        "<tr><td>405".repeat(999)
    );
    for headings in [ROWS, "<table>"] {
        let hanging = format!(
            "{headings}<tr>{}{}",
            "<td rowspan=999>".repeat(1_000),
            "<tr>\n".repeat(1_000)
        );
        let hanging = ingest("rows", hanging).told();
        assert!(
            hanging.contains("MAX_REPEATS (16)") && hanging.contains("documents/rows:3"),
            "{hanging}"
        );
    }
    insta::assert_snapshot!(ingest("rows", repeated).told(), @r"
    error: the texts of the entries are more than MAX_REPEATS (16) times as long as the document
      --> documents/rows:1
      help: cells that span rows stand in each of them, terms share a definition, and each entry has the heading above it: look whether that is meant here. MAX_REPEATS stands in src/extract/mod.rs

    1 error; nothing was written
    exit code 2
    ");
}

/// What is tried on all of a document is neither too much nor too long, and what it is called is told in short.
#[test]
fn layouts_that_ask_too_much_are_refused() {
    let tree = Sandbox::small();
    let file = "sources/outline/source.yaml";
    let layout = tree.read(file);
    let facts = |count: usize, pattern: &str| {
        let facts = format!("    - pattern: '(?<note>{pattern})'\n").repeat(count);
        tree.write(file, layout.clone() + &facts);
        tree.run(&["ingest"])
    };
    // The layout has five of its own.
    assert_eq!(facts(195, "x").code, 0);
    insta::assert_snapshot!(facts(196, "x").told(), @r"
    error: there are 201 patterns, more than MAX_PATTERNS (200)
      --> sources/outline/source.yaml:10
      help: say the same with fewer. MAX_PATTERNS stands in src/extract/pattern.rs

    1 error; nothing was written
    exit code 2
    ");
    assert_eq!(facts(3, r"\w{200}").code, 0);
    insta::assert_snapshot!(facts(11, r"\w{200}").err.lines().take(3).collect::<Vec<_>>().join("\n"), @r"
    error: facts.2.pattern: the compiled pattern needs more than its part (5242880 bytes) of 8 times MAX_PATTERN (10485760)
      --> sources/outline/source.yaml:18
      help: use smaller repeat counts, and [0-9] or [a-z] for \d or \w. MAX_PATTERN stands in src/extract/pattern.rs
    ");

    let tree = Sandbox::small();
    let select = |selector: &str| {
        let file = "sources/items/source.yaml";
        let manifest = tree.read(file);
        tree.edit(file, "select: li", &format!("select: '{selector}'"));
        let run = tree.run(&["ingest"]);
        tree.write(file, manifest);
        run
    };
    for part in ["b,", "b ", "b>", "*,"] {
        assert_eq!(select(&(part.repeat(49) + "li")).code, 0, "{part}");
        assert_eq!(select(&(part.repeat(50) + "li")).code, 2, "{part}");
    }
    for (part, most) in [
        (".b", 49),
        (":root", 49),
        ("[b]", 49),
        ("#b", 49),
        (":is(b)", 24),
        (":not(.b)", 24),
    ] {
        assert_eq!(
            select(&format!("li{}", part.repeat(most))).code,
            0,
            "{part}"
        );
        assert_eq!(
            select(&format!("li{}", part.repeat(most + 1))).code,
            2,
            "{part}"
        );
    }
    insta::assert_snapshot!(select(&("b,".repeat(50) + "li")).told(), @r"
    error: select: `b,b,b,b,b,b,b,b,b,b,b,b,b,b,b,b,b,b,b,b,b,b,b,b,b,b,b,b,b,b,b,b,b,b,b,b,b,b,b,b,…` has more than MAX_PARTS (50) names, classes, attributes and the like
      --> sources/items/source.yaml:12
      help: say the same with fewer. MAX_PARTS stands in src/extract/selector.rs

    1 error; nothing was written
    exit code 2
    ");

    let column = "c".repeat(50);
    tree.edit(
        "sources/records/source.yaml",
        "Description: '",
        &format!("{column}: '^(?<text>.*)$'\n    Description: '"),
    );
    let records = format!("Value,Description,Reference,{column}\n404,Not Found,[x],y\n410,Gone,\n");
    tree.replace_document("records", "records.csv", records.as_bytes());
    tree.forget_claims("records");
    let run = tree.run(&["ingest", "--documents", "documents", "records"]);
    insta::assert_snapshot!(run.out, @r"
    records: 1 entries found, 0 repaired, 1 skipped; claims written
      skipped, line 3: a row of 3 cells without one for `cccccccccccccccccccccccccccccccccccccccc…`
    ");
    tree.edit(
        "sources/records/source.yaml",
        "'^(?<text>.*)$'",
        "'^(?<text>z)$'",
    );
    let run = tree.run(&["ingest", "--documents", "documents", "records"]);
    insta::assert_snapshot!(run.told(), @r"
    error: no entry was found in the document (2 skipped)
      --> sources/records/source.yaml:12
      help: mend the layout so that it fits the document
            line 2: `y` does not match the layout's pattern for the column `cccccccccccccccccccccccccccccccccccccccc…`
            line 3: a row of 3 cells without one for `cccccccccccccccccccccccccccccccccccccccc…`

    1 error; nothing was written
    exit code 2
    ");
}

#[test]
fn patterns_that_compile_to_too_much_are_refused() {
    let tree = Sandbox::small();
    tree.edit(
        "sources/rows/source.yaml",
        r"'^(?<text>.*)$'",
        r"'^(?<text>(?:\w{100}){100})$'",
    );
    insta::assert_snapshot!(tree.run(&["ingest"]).told(), @r"
    error: columns.What: the compiled pattern needs more than MAX_PATTERN (10485760) bytes
      --> sources/rows/source.yaml:15
      help: use smaller repeat counts, and [0-9] or [a-z] for \d or \w. MAX_PATTERN stands in src/extract/pattern.rs

    1 error; nothing was written
    exit code 2
    ");
}

/// These take 9.5 and 10.5 MiB.
#[test]
fn patterns_may_be_as_large_as_the_limit() {
    let ingest = |pattern| {
        let tree = Sandbox::small();
        tree.edit("sources/rows/source.yaml", r"'^(?<text>.*)$'", pattern);
        let rows = format!("{ROWS}<tr><td>404<td>x");
        tree.replace_document("rows", "rows", rows.as_bytes());
        tree.run(&["ingest", "--documents", "documents", "rows"])
    };
    assert_eq!(found(&ingest(r"'^(?<text>\w{200}|.*)$'")), 1);
    let refused = ingest(r"'^(?<text>\w{220}|.*)$'").told();
    assert!(refused.contains("needs more than MAX_PATTERN"), "{refused}");
}

/// What `check` says of a meanings file with this text.
fn check(text: &str) -> String {
    let tree = Sandbox::small();
    tree.write("registry/meanings/4xx.yaml", text);
    tree.run(&["check"]).told()
}

#[test]
fn yaml_that_would_take_far_more_than_its_size_is_refused() {
    insta::assert_snapshot!(check(&"- ".repeat(100_000)), @r"
    error: values are nested deeper than MAX_NESTING (64)
      --> registry/meanings/4xx.yaml:1
      help: nothing here is nested so deep: check brackets, hyphens and indentation. MAX_NESTING stands in src/yaml.rs

    1 error; nothing was written
    exit code 2
    ");
    insta::assert_snapshot!(check(&format!("- id: {}", "[".repeat(100_000))), @r"
    error: values are nested deeper than MAX_NESTING (64)
      --> registry/meanings/4xx.yaml:1
      help: nothing here is nested so deep: check brackets, hyphens and indentation. MAX_NESTING stands in src/yaml.rs

    1 error; nothing was written
    exit code 2
    ");
    insta::assert_snapshot!(check("- id: &a x\n  phrase: *a\n  <<: *a\n"), @r"
    error: an alias stands here, and none is read
      --> registry/meanings/4xx.yaml:2
      help: write out the value that it stands for
    error: an alias stands here, and none is read
      --> registry/meanings/4xx.yaml:3
      help: write out the value that it stands for

    2 errors; nothing was written
    exit code 2
    ");
    // What is told is not as long as what is wrong.
    insta::assert_snapshot!(check(&format!("- code: {}\n  {}: x", "x".repeat(10_000), "y".repeat(500))), @r#"
    error: code: invalid type: string "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…, expected a number
      --> registry/meanings/4xx.yaml:1
      help: correct the value
    error: missing field `id`
      --> registry/meanings/4xx.yaml:1
      help: add the key
    error: missing field `names`
      --> registry/meanings/4xx.yaml:1
      help: add the key
    error: missing field `origin`
      --> registry/meanings/4xx.yaml:1
      help: add the key
    error: missing field `registration`
      --> registry/meanings/4xx.yaml:1
      help: add the key
    error: missing field `summary`
      --> registry/meanings/4xx.yaml:1
      help: add the key
    error: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy…: unknown field `yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy…, expected one of `id`, `former_ids`, `code`, `phrase`, `former_phrases`, `names`, `origin`, `registration`, `references`, `former_references`, `summary`, `evidence`
      --> registry/meanings/4xx.yaml:2
      help: take the key out, or correct its spelling

    7 errors; nothing was written
    exit code 2
    "#);
    let many =
        ["- \u{200b}\n", "- *a\n", "- { a: 1, a: 2 }\n", "- {}\n"].map(|line| line.repeat(2_000));
    let told = many.map(|lines| check(&format!("- &a x\n{lines}")));
    for told in &told {
        assert_eq!(told.matches("error:").count(), 1_001);
    }
    let [.., told] = told;
    let end = told.lines().rev().take(6).collect::<Vec<_>>();
    insta::assert_snapshot!(end.into_iter().rev().collect::<Vec<_>>().join("\n"), @r"
    error: more is wrong, as here: only the first 1000 are told
      --> registry/meanings/4xx.yaml:168
      help: mend those, and run this again

    1001 errors; nothing was written
    exit code 2
    ");
    insta::assert_snapshot!(check(&"- x: y\n".repeat(100_000)), @r"
    error: there are more values and keys than MAX_NODES (300000)
      --> registry/meanings/4xx.yaml:100000
      help: split the file, or look whether it is the right one. MAX_NODES stands in src/yaml.rs

    1 error; nothing was written
    exit code 2
    ");
    insta::assert_snapshot!(check(&"#".repeat(17 << 20)), @r"
    error: the file has more bytes than MAX_FILE (16777216)
      --> registry/meanings/4xx.yaml
      help: split it, or look whether it is the right file. MAX_FILE stands in src/yaml.rs

    1 error; nothing was written
    exit code 2
    ");
}

/// What is wrong may be told in each of many files, or be found once all is read.
#[test]
fn no_more_is_told_than_anybody_reads() {
    let tree = Sandbox::small();
    let decision = "- { conflict: 404-not-found/phrase, ruling: accept, reason: So. }\n";
    tree.write("registry/decisions.yaml", decision.repeat(3_000));
    let told = tree.run(&["build"]).told();
    assert_eq!(told.matches("error:").count(), 1_001);
    let end = told.lines().rev().take(4).collect::<Vec<_>>();
    insta::assert_snapshot!(end.into_iter().rev().collect::<Vec<_>>().join("\n"), @r"
    4998 more are not told: mend these, and run this again

    5999 errors; nothing was written
    exit code 2
    ");
    let tree = Sandbox::small();
    let file = "sources/items/claims.csv";
    let (claims, claim) = (tree.read(file), tree.read(file));
    let claim = claim
        .lines()
        .find(|line| line.contains(",404,"))
        .expect("a claim");
    let again: String = (100..150)
        .map(|line| {
            claim.replacen(
                claim.split(',').next().expect("a line"),
                &line.to_string(),
                1,
            ) + "\n"
        })
        .collect();
    tree.write(file, claims + &again);
    insta::assert_snapshot!(tree.run(&["build"]).told(), @r#"
    error: open conflict 404/duplicate/items: items lists 404 on each of the lines 2 and 100 and 101 and 102 and 103 and 104 and 105 and 106 and 107 and 108 and 109 and 110 and 111 and 112 and 113 and 114 and 115 and 116 and 117 and 118 and 31 more
             "404-not-found": items line 2
             "404-not-found": items line 100
             "404-not-found": items line 101
             "404-not-found": items line 102
             "404-not-found": items line 103
             "404-not-found": items line 104
             "404-not-found": items line 105
             "404-not-found": items line 106
             "404-not-found": items line 107
             "404-not-found": items line 108
             "404-not-found": items line 109
             "404-not-found": items line 110
             "404-not-found": items line 111
             "404-not-found": items line 112
             "404-not-found": items line 113
             "404-not-found": items line 114
             "404-not-found": items line 115
             "404-not-found": items line 116
             "404-not-found": items line 117
             "404-not-found": items line 118
             and 31 more
      --> sources/items/claims.csv:5
      help: settle it in registry/decisions.yaml, or mend the meanings or the source's layout:
            - conflict: 404/duplicate/items
              ruling: accept
              sides: ["404-not-found"]
              reason: "" # say why

    1 error; nothing was written
    exit code 2
    "#);
}

/// Read to their ends, these would fill the memory.
#[test]
fn files_are_not_read_beyond_what_they_may_have() {
    // Systems that keep holes out of files would need the room for it.
    let length = if cfg!(unix) { 1 << 40 } else { 17 << 20 };
    let release = "registry/releases/0.0.1/http-status-codes.json";
    for (file, command) in [
        ("sources/rows/source.yaml", &["ingest"][..]),
        ("sources/standard/claims.yaml", &["build"]),
        ("registry/meanings/4xx.yaml", &["build"]),
        ("registry/decisions.yaml", &["build"]),
        ("registry/rfcs.yaml", &["build"]),
        ("registry/release.yaml", &["build"]),
        (release, &["check"]),
        (release, &["diff", "0.0.1"]),
        ("large.json", &["diff", "large.json"]),
        ("large.json", &["verify", "large.json"]),
    ] {
        let tree = Sandbox::small();
        assert_eq!(tree.run(&["build"]).code, 0);
        if file == release {
            for name in ["SHA256SUMS", "names.txt"] {
                tree.write(&format!("registry/releases/0.0.1/{name}"), "");
            }
        }
        tree.write(file, "");
        let large = std::fs::OpenOptions::new()
            .write(true)
            .open(tree.path(file));
        let grown = large.and_then(|large| large.set_len(length));
        grown.expect("a file with a hole");
        let told = tree.run(command).told();
        let expected = format!(
            "error: the file has more bytes than MAX_FILE (16777216)\n  --> {file}\n  \
             help: split it, or look whether it is the right file. MAX_FILE stands in src/yaml.rs\n\n\
             1 error; nothing was written\nexit code 2\n"
        );
        assert_eq!(told, expected, "{command:?}");
    }
}

#[test]
fn exports_from_elsewhere_are_read_within_the_same_limits() {
    let tree = Sandbox::small();
    tree.write("deep.json", "[".repeat(100_000));
    insta::assert_snapshot!(tree.run(&["diff", "deep.json", "deep.json"]).told(), @r"
    error: values are nested deeper than MAX_NESTING (64)
      --> deep.json:1
      help: nothing here is nested so deep: check brackets, hyphens and indentation. MAX_NESTING stands in src/yaml.rs
    error: values are nested deeper than MAX_NESTING (64)
      --> deep.json:1
      help: nothing here is nested so deep: check brackets, hyphens and indentation. MAX_NESTING stands in src/yaml.rs

    2 errors; nothing was written
    exit code 2
    ");
    insta::assert_snapshot!(tree.run(&["verify", "deep.json"]).told(), @r"
    deep.json: no export of this registry, in any version that this checkout knows
      if it is one of a newer version, update the checkout
    exit code 1
    ");
}
