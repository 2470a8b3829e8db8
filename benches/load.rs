//! How time and memory grow with the number and the size of documents; the figures in `docs/performance.md`.
//!
//! Run with `cargo bench --bench load -- TABLE…`, where a table is `extraction` (unless one is named),
//! `documents`, `limits` or `commands`, or `all`. With `--write` as well, it puts them into the page, and
//! draws the chart of `documents`. Needs Linux, GNU time, and some gigabytes of memory and temporary files.
//! As in a test, what cannot be set up or is not as expected ends it, and says what that is.

mod corpus;

use std::fmt::Write;
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use corpus::{SAMPLES, Sample};
use http_status_registry::extract::{Extractor, Form};
use http_status_registry::ingest;
use http_status_registry::model::{Layout, LayoutKind};
use http_status_registry::source::{Folder, MediaType, Reading, decode};
use http_status_registry::tree::Tree;
use pulldown_cmark::{Options, Parser, html};
use regex::{CaptureLocations, Regex};
use scraper::Html;

/// Measures something, and gives it as a table in Markdown.
type Measure = fn() -> String;

/// The tables of the page.
const TABLES: [(&str, Measure); 4] = [
    ("extraction", extraction),
    ("documents", documents),
    ("limits", limits),
    ("commands", commands),
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["child", folder, repeats] => {
            return child(Path::new(folder), repeats.parse().expect("a number"));
        }
        ["child"] => return print!("{}", extractions()),
        _ => {}
    }
    let named = |name: &str| arguments.contains(&name);
    let none = !TABLES.iter().any(|(name, _)| named(name));
    for (name, measure) in TABLES {
        if named("all") || named(name) || (none && name == "extraction") {
            let table = measure();
            println!("\n{name}\n\n{table}");
            if named("--write") {
                write_table(name, &table);
            }
        }
    }
}

fn page(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("docs")
        .join(name)
}

/// Puts a table between its marks in the page.
fn write_table(name: &str, table: &str) {
    let file = page("performance.md");
    let text = fs::read_to_string(&file).expect("the page");
    let (start, end) = (
        format!("<!-- {name} -->\n"),
        format!("<!-- end of {name} -->"),
    );
    let (before, rest) = text.split_once(&start).expect("the start of the table");
    let (_, after) = rest.split_once(&end).expect("the end of the table");
    fs::write(&file, format!("{before}{start}\n{table}\n{end}{after}")).expect("the page");
}

/// How many seconds of CPU something takes, done so often that looking at the clock takes nothing.
fn computed<T>(mut work: impl FnMut() -> T) -> f64 {
    let nanoseconds = || {
        // Linux counts what has run when it looks whether something else is to run.
        std::thread::yield_now();
        let counts = fs::read_to_string("/proc/thread-self/schedstat").expect("Linux");
        let first = counts.split(' ').next();
        let first = first.and_then(|count| count.parse::<f64>().ok());
        first.expect("a number")
    };
    let mut times = 1;
    loop {
        let start = nanoseconds();
        for _ in 0..times {
            black_box(work());
        }
        let taken = nanoseconds() - start;
        if taken > 5e7 {
            return taken / 1e9 / f64::from(times);
        }
        times *= 2;
    }
}

/// Parsing alone: the page that HTML or Markdown becomes, the records of a CSV file, the lines of a text.
fn parse(kind: LayoutKind, form: Form, text: &str) -> usize {
    match (kind, form) {
        (LayoutKind::Outline, _) => text
            .lines()
            .map(|line| black_box(line.to_owned()).len())
            .sum(),
        (LayoutKind::Records, _) => {
            let mut reader = csv::Reader::from_reader(text.as_bytes());
            reader.records().filter(Result::is_ok).count()
        }
        (_, Form::Markdown) => {
            let options = Options::ENABLE_TABLES | Options::ENABLE_DEFINITION_LIST;
            let mut page = String::new();
            html::push_html(&mut page, Parser::new_ext(text, options));
            Html::parse_document(&page).tree.nodes().count()
        }
        (_, Form::Html | Form::Xhtml | Form::Text) => {
            Html::parse_document(text).tree.nodes().count()
        }
    }
}

/// A pattern of a layout, the column that it is for, and where its groups are found.
type Pattern = (usize, Regex, CaptureLocations);

/// The patterns that a text is read with: those for its lines, or for the cells of its records. None for a page:
/// they are for parts of it.
fn patterns(layout: &Layout, text: &str) -> Vec<Pattern> {
    let patterns: Vec<(usize, &String)> = match layout.kind {
        LayoutKind::Outline => layout.entry.0.iter().map(|pattern| (0, pattern)).collect(),
        LayoutKind::Records => {
            let mut reader = csv::Reader::from_reader(text.as_bytes());
            let headings = reader.headers().expect("headings").iter().enumerate();
            let pattern = |(column, name)| Some((column, layout.columns.get(name)?));
            headings.filter_map(pattern).collect()
        }
        _ => Vec::new(),
    };
    let compiled = patterns.into_iter().map(|(column, pattern)| {
        let pattern = Regex::new(pattern).expect("a pattern");
        let places = pattern.capture_locations();
        (column, pattern, places)
    });
    compiled.collect()
}

/// Parsing and these patterns alone: how many of the lines or cells they match.
fn matching(kind: LayoutKind, patterns: &mut [Pattern], text: &str) -> usize {
    let mut is_match = |column: usize, text: &str| {
        let mut patterns = patterns.iter_mut().filter(|(own, ..)| *own == column);
        patterns.any(|(_, pattern, places)| pattern.captures_read(places, text).is_some())
    };
    if kind == LayoutKind::Records {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let records = reader.records().filter_map(Result::ok);
        let matches = records.map(|record| {
            let cells = record.iter().enumerate();
            cells
                .filter(|(column, cell)| is_match(*column, cell))
                .count()
        });
        matches.sum()
    } else {
        text.lines().filter(|line| is_match(0, line)).count()
    }
}

/// A row of the table: reading a document to its entries, beside parsing alone.
fn compared(name: &str, extractor: &Extractor, layout: &Layout, form: Form, text: &str) -> String {
    let kind = layout.kind;
    let extract = || extractor.extract(form, text).expect("entries");
    let entries = extract().entries.len();
    let mut patterns = patterns(layout, text);
    let (mut whole, mut parsing, mut matched) = (f64::MAX, f64::MAX, f64::MAX);
    // In turns, so that all see the same of what else the machine does.
    for _ in 0..15 {
        whole = whole.min(computed(extract));
        parsing = parsing.min(computed(|| parse(kind, form, text)));
        if !patterns.is_empty() {
            matched = matched.min(computed(|| matching(kind, &mut patterns, text)));
        }
    }
    let each = text.len() / entries;
    let rate = |time: f64| text.len() as f64 / 1e6 / time;
    let (ratio, least) = (whole / parsing, matched / parsing);
    let least = match patterns[..] {
        [] => String::new(),
        _ => format!("{least:.2}"),
    };
    let (whole, parsing) = (rate(whole), rate(parsing));
    format!("| {name} | {entries} | {each} | {whole:.0} | {parsing:.0} | {ratio:.2} | {least} |\n")
}

/// Has glibc keep the memory that is given back for what is read next: whether the system takes it
/// would depend on what was measured before.
const KEEP_MEMORY: [(&str, &str); 2] = [
    ("MALLOC_TRIM_THRESHOLD_", "1000000000"),
    ("MALLOC_MMAP_THRESHOLD_", "1000000000"),
];

/// The table, from a process of its own.
fn extraction() -> String {
    let program = std::env::current_exe().expect("this program");
    let output = Command::new(program)
        .arg("child")
        .envs(KEEP_MEMORY)
        .output();
    let output = output.expect("a process");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn extractions() -> String {
    let mut table = "| document | entries | bytes of each | MB/s | parsing alone, MB/s | ratio | with its patterns alone |\n\
                     | --- | --: | --: | --: | --: | --: | --: |\n"
        .to_owned();
    for sample in &SAMPLES {
        let (extractor, layout) = (sample.extractor(), sample.layout());
        let text = sample.document(1_000);
        table += &compared(sample.name, &extractor, &layout, sample.form, &text);
    }
    if let Ok(folder) = std::env::var("DOCUMENTS") {
        table += &real_documents(Path::new(&folder));
    }
    table
}

/// The same of the sources' documents, as far as they are in the folder.
fn real_documents(folder: &Path) -> String {
    let tree = Tree::open(env!("CARGO_MANIFEST_DIR")).expect("the checkout");
    let mut documents = Folder::default();
    documents.add(folder, u64::MAX).expect("documents");
    let mut rows = String::new();
    for manifest in tree.sources().expect("the sources").documents {
        let source = tree.source_folder(&manifest).expect("a source");
        let found = documents.find(&source.document);
        let Some((path, bytes)) = found.expect("a document") else {
            continue;
        };
        let text = decode(&bytes, &source.document, &path.to_string_lossy()).expect("a text");
        let Reading::Document { layout, .. } = &manifest.reading else {
            continue;
        };
        let form = match source.document.media_type {
            MediaType::Html => Form::Html,
            MediaType::Xhtml => Form::Xhtml,
            MediaType::Markdown => Form::Markdown,
            MediaType::Plain | MediaType::Csv => Form::Text,
        };
        let name = format!("`{}`", manifest.id);
        rows += &compared(&name, &source.extractor, layout, form, &text.text);
    }
    rows
}

/// What a process of its own has taken to ingest the documents of some checkouts.
struct Taken {
    wall: f64,
    cpu: f64,
    /// The most memory that it had: before any document, once it had read those that come first, and
    /// at its end; in kilobytes.
    start: f64,
    warm: f64,
    peak: f64,
    /// How many claims were found, or the error.
    outcome: String,
}

/// The checkout whose documents are read first and not counted, if there is one.
const WARM: &str = "warm";

/// Ingests a folder's checkouts, several times, and prints what that has taken.
fn child(folder: &Path, repeats: u32) {
    let open = |root: PathBuf| {
        (
            Tree::open(&root).expect("a checkout"),
            root.join("documents"),
        )
    };
    let ingest =
        |(tree, documents): &(Tree, PathBuf)| ingest(tree, std::slice::from_ref(documents), &[]);
    let trees = (0..).map(|number| folder.join(number.to_string()));
    let trees: Vec<_> = trees.take_while(|root| root.is_dir()).map(open).collect();
    let meanings = || trees.iter().map(|(tree, _)| tree.meanings());
    let counts = || (self::cpu(), Instant::now());
    black_box(meanings().collect::<Vec<_>>());
    let start = peak();
    // What the process takes once is taken off: the page that is being read, and what the threads need.
    let warm = folder
        .join(WARM)
        .is_dir()
        .then(|| ingest(&open(folder.join(WARM))));
    let warm = (peak(), warm);
    // In turns, of which the least counts: what else the machine does only adds. In not so many that
    // Linux counts them too coarsely.
    let turns = repeats.min(4);
    let (mut fixed, mut whole, mut kept) = ([f64::MAX; 2], [f64::MAX; 2], Vec::new());
    let least = |least: [f64; 2], start: (f64, Instant)| {
        let taken = [start.1.elapsed().as_secs_f64(), self::cpu() - start.0];
        [least[0].min(taken[0]), least[1].min(taken[1])]
    };
    for _ in 0..turns {
        let start = counts();
        for _ in 0..repeats / turns {
            black_box(meanings().collect::<Vec<_>>());
        }
        fixed = least(fixed, start);
        let start = counts();
        for _ in 0..repeats / turns {
            kept.extend(trees.iter().map(ingest));
        }
        whole = least(whole, start);
    }
    // What does not depend on the documents is taken off.
    let taken = |index: usize| (whole[index] - fixed[index]) * f64::from(turns);
    let (wall, cpu) = (taken(0), taken(1));
    let outcome = match kept.last().expect("a checkout") {
        Ok(ingestion) => {
            let found = ingestion.sources.iter().flat_map(|source| &source.found);
            found.map(|found| found.claims).sum::<usize>().to_string()
        }
        Err(errors) => errors[0].message.clone(),
    };
    println!("{wall} {cpu} {start} {} {} {outcome}", warm.0, peak());
}

/// The most memory that this process ever had, in kilobytes.
fn peak() -> f64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let peak = line.and_then(|line| line.trim().strip_suffix(" kB"));
    peak.and_then(|peak| peak.parse().ok()).expect("a peak")
}

/// The seconds that this process has computed.
fn cpu() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").expect("Linux");
    let (_, fields) = stat.rsplit_once(") ").expect("the name of the program");
    let ticks = fields.split(' ').skip(11).take(2);
    // Linux counts a hundred of them a second for programs.
    ticks
        .map(|ticks| ticks.parse::<f64>().expect("a number"))
        .sum::<f64>()
        / 100.0
}

fn run(folder: &Path, repeats: u32, cores: Option<&str>) -> Taken {
    let program = std::env::current_exe().expect("this program");
    let mut command = match cores {
        Some(cores) => {
            let mut command = Command::new("taskset");
            command.args(["--cpu-list", cores]).arg(program);
            command
        }
        None => Command::new(program),
    };
    let output = command
        .arg("child")
        .arg(folder)
        .arg(repeats.to_string())
        .output();
    let output = output.expect("a process");
    let told = String::from_utf8(output.stdout).expect("UTF-8");
    let mut parts = told.trim().splitn(6, ' ');
    let mut number = || parts.next()?.parse().ok();
    let numbers: Option<Vec<f64>> = (0..5).map(|_| number()).collect();
    let error = String::from_utf8_lossy(&output.stderr);
    let numbers = numbers.unwrap_or_else(|| panic!("{told}{error}"));
    Taken {
        wall: numbers[0],
        cpu: numbers[1],
        start: numbers[2],
        warm: numbers[3],
        peak: numbers[4],
        outcome: parts.next().unwrap_or_default().to_owned(),
    }
}

/// How many entries each of many documents has.
const ENTRIES: u32 = 100;

fn documents() -> String {
    let mut table = "| documents | time each, ms of CPU | memory each, KB | on one core, s | on all, s | speed-up |\n\
                     | --: | --: | --: | --: | --: | --: |\n"
        .to_owned();
    let (mut drawn, mut once) = (Vec::new(), 0.0);
    for count in [1_usize, 10, 100, 1_000, 10_000] {
        let folder = tempfile::tempdir().expect("a folder");
        let fill = |name: &str, first: usize, count: usize| {
            let root = folder.path().join(name);
            corpus::checkout(&root);
            for number in first..first + count {
                let sample = &SAMPLES[number % SAMPLES.len()];
                // No two documents have the same bytes.
                let document = format!("{}\n{name} {number}\n", sample.document(ENTRIES));
                corpus::add(&root, &format!("s{number}"), sample, &document);
            }
        };
        fill(WARM, 0, SAMPLES.len());
        // Whatever their number, as many are of each layout.
        let checkouts = SAMPLES.len().div_ceil(count);
        for number in 0..checkouts {
            fill(&number.to_string(), number * count, count);
        }
        let repeats = u32::try_from(2_000 / (checkouts * count))
            .unwrap_or(1)
            .max(1);
        let all = run(folder.path(), repeats, None);
        let one = run(folder.path(), repeats, Some("0"));
        let runs = f64::from(repeats) * checkouts as f64;
        let each = runs * count as f64;
        let (time, memory) = (all.cpu / each * 1e3, (all.peak - all.warm) / each);
        once = f64::max(once, all.warm - all.start);
        let _ = writeln!(
            table,
            "| {count} | {time:.2} | {memory:.0} | {:.3} | {:.3} | {:.2} |",
            one.wall / runs,
            all.wall / runs,
            one.wall / all.wall
        );
        drawn.push((count, time, memory));
    }
    let _ = writeln!(
        table,
        "\nThe ten that are read first take {:.1} MB more, once.",
        once / 1e3
    );
    if std::env::args().any(|argument| argument == "--write") {
        fs::write(page("performance.svg"), chart(&drawn)).expect("the chart");
    }
    table
}

/// What each of so many documents took: milliseconds of CPU, and kilobytes.
type Drawn = (usize, f64, f64);

/// Two panels of bars, one for each number of documents.
fn chart(drawn: &[Drawn]) -> String {
    let panel = |title: &str, left: u32, value: fn(&Drawn) -> f64| {
        let most = drawn.iter().map(value).fold(0.0, f64::max);
        let (names, bars) = (left + 62, left + 70);
        let mut panel = format!("  <text x=\"{bars}\" y=\"24\" class=\"title\">{title}</text>\n");
        for (row, y) in drawn.iter().zip((40..).step_by(30)) {
            let (count, value, text) = (row.0, value(row), y + 15);
            let width = 180.0 * value / most;
            let end = f64::from(bars) + 6.0 + width;
            let _ = writeln!(
                panel,
                "  <text x=\"{names}\" y=\"{text}\" text-anchor=\"end\">{count}</text>\n  \
                 <rect x=\"{bars}\" y=\"{y}\" width=\"{width:.0}\" height=\"20\"/>\n  \
                 <text x=\"{end:.0}\" y=\"{text}\">{value:.2}</text>"
            );
        }
        panel
    };
    let time = panel("ms of CPU for each document", 0, |row| row.1);
    let memory = panel("KB of memory for each document", 360, |row| row.2);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 700 200\" role=\"img\" aria-label=\"What each of 1 to 10,000 documents takes\">\n  \
         <desc>Drawn by benches/load.rs.</desc>\n  \
         <style>text {{ font: 13px sans-serif; fill: #57606a }} .title {{ font-weight: bold }} rect {{ fill: #4477aa }}</style>\n{time}{memory}</svg>\n"
    )
}

fn limits() -> String {
    let long = |length: usize| "word ".repeat(length / 5);
    let mut cases: Vec<(String, &Sample, String)> = Vec::new();
    for sample in &SAMPLES {
        let length = sample.document(1_000).len() / 1_000;
        let entries = u32::try_from(100_000_000 / length).expect("a number");
        cases.push((
            format!("100 MB: {}", sample.name),
            sample,
            sample.document(entries),
        ));
    }
    let named = |name: &str| {
        SAMPLES
            .iter()
            .find(|sample| sample.name == name)
            .expect("a sample")
    };
    let (rows, items, outline) = (
        named("rows, HTML"),
        named("items, HTML"),
        named("outline, text"),
    );
    let item = "<ul><li>404 : Not Found（找不到） ";
    cases.extend([
        (
            "1,000,000 rows".to_owned(),
            rows,
            format!(
                "<table><tr><th>Code<th>What\n{}",
                "<tr><td>404</td><td>Not Found (RFC 9110)</td></tr>\n".repeat(1_000_000)
            ),
        ),
        (
            "a line of 50 MB, HTML".to_owned(),
            items,
            format!("{item}{}", long(50_000_000)),
        ),
        (
            "a line of 50 MB, text".to_owned(),
            outline,
            format!("- 404 Not Found\n- {}", long(50_000_000)),
        ),
        (
            "50 MB that a pattern almost matches".to_owned(),
            items,
            format!("{item}{}", "(RFC 1".repeat(8_000_000)),
        ),
        (
            "100,000 elements in each other".to_owned(),
            items,
            format!("{item}{}", "<div>".repeat(100_000)),
        ),
        (
            "100,000 quotes in each other, Markdown".to_owned(),
            named("items, Markdown"),
            ">".repeat(100_000),
        ),
        (
            "1,000,000 items of two letters, HTML".to_owned(),
            items,
            format!("{item}{}", "<li>xx".repeat(1_000_000)),
        ),
        (
            "1,000,000 items of three letters, Markdown".to_owned(),
            named("items, Markdown"),
            format!(
                "- 404 : Not Found（找不到）\n{}",
                "- xxx\n".repeat(1_000_000)
            ),
        ),
        (
            "1,000,000 items of nothing, Markdown".to_owned(),
            named("items, Markdown"),
            format!("- 404 : Not Found（找不到）\n{}", "-\n".repeat(1_000_000)),
        ),
        (
            "1,000,000 rows under a cell that spans 1,000 of each".to_owned(),
            rows,
            format!(
                "<table><tr><th>Code<th>What<tr><td>404<td>x<td colspan=1000 rowspan=1000>x{}",
                "<tr><td>404".repeat(1_000_000)
            ),
        ),
        (
            "10,000 terms that share a definition of 1 MB".to_owned(),
            named("definitions, HTML"),
            format!(
                "<dl>{}<dd>{}",
                "<dt>404 Not Found</dt>".repeat(10_000),
                long(1_000_000)
            ),
        ),
    ]);
    let mut table = "| document | MB | s of CPU | MB of memory | for each byte | outcome |\n| --- | --: | --: | --: | --: | --- |\n".to_owned();
    for (name, sample, document) in cases {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().join("0");
        corpus::checkout(&root);
        corpus::add(&root, "large", sample, &document);
        let taken = run(folder.path(), 1, None);
        let outcome = match taken.outcome.parse::<usize>() {
            Ok(claims) => format!("{claims} claims"),
            Err(_) => format!("refused: {}", taken.outcome),
        };
        let (size, peak) = (document.len() as f64 / 1e6, taken.peak / 1e3);
        let _ = writeln!(
            table,
            "| {name} | {size:.1} | {:.2} | {peak:.0} | {:.0} | {outcome} |",
            taken.cpu,
            peak / size
        );
    }
    table
}

/// Runs a command under GNU time and returns its wall and CPU seconds, and its peak in kilobytes.
fn timed(command: &[&str], folder: &Path) -> [f64; 3] {
    let output = Command::new("/usr/bin/time")
        .args(["--format", "%e %U %S %M", "--quiet"])
        .args(command)
        .current_dir(folder)
        .output()
        .expect("GNU time");
    let told = String::from_utf8_lossy(&output.stderr);
    let last = told.lines().last().unwrap_or_default();
    let numbers: Option<Vec<f64>> = last.split(' ').map(|part| part.parse().ok()).collect();
    let numbers = numbers.unwrap_or_else(|| panic!("{command:?}: {told}"));
    [numbers[0], numbers[1] + numbers[2], numbers[3]]
}

fn commands() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().expect("a folder");
    let clone = folder.path().join("clone");
    let path = |path: &Path| path.display().to_string();
    timed(
        &["git", "clone", "--quiet", &path(root), &path(&clone)],
        root,
    );
    timed(&["cargo", "fetch", "--quiet", "--locked"], &clone);
    let mut table =
        "| command | s | s of CPU | MB of memory |\n| --- | --: | --: | --: |\n".to_owned();
    let mut row = |command: &str, [wall, cpu, peak]: [f64; 3]| {
        let _ = writeln!(
            table,
            "| `{command}` | {wall:.2} | {cpu:.2} | {:.0} |",
            peak / 1e3
        );
    };
    let mut sizes = Vec::new();
    // What has all features comes last, and is measured.
    for features in [" --no-default-features", ""] {
        let command = format!("cargo build --release --locked{features}");
        let _ = fs::remove_dir_all(clone.join("target"));
        let words: Vec<&str> = command.split(' ').collect();
        row(&command, timed(&words, &clone));
        let binary = clone.join("target/release/http-status-registry");
        sizes.push(fs::metadata(&binary).expect("the program").len() as f64 / 1e6);
        fs::copy(&binary, folder.path().join("program")).expect("a copy");
    }
    let program = path(&folder.path().join("program"));
    let mut measure = |shown: &str, words: &[&str], is_gone: &dyn Fn(&Path) -> bool| {
        let words: Vec<&str> = std::iter::once(&*program)
            .chain(words.iter().copied())
            .collect();
        // Of ten runs, the one that was disturbed least.
        let runs = (0..10).map(|_| {
            remove(&clone, is_gone);
            timed(&words, &clone)
        });
        let best = runs.min_by(|one, two| one[0].total_cmp(&two[0]));
        row(shown, best.expect("a run"));
    };
    let (nothing, exports) = (|_: &Path| false, |file: &Path| file.starts_with("exports"));
    measure("build", &["build"], &nothing);
    measure("rm -r exports; … build", &["build"], &exports);
    measure("check", &["check"], &nothing);
    measure("lookup 404", &["lookup", "404"], &nothing);
    if let Ok(documents) = std::env::var("DOCUMENTS") {
        let ingest = ["ingest", "--documents", &documents];
        let claims = |file: &Path| file.ends_with("claims.csv");
        measure("ingest --documents DIR", &ingest, &nothing);
        measure(
            "rm sources/*/claims.csv; … ingest --documents DIR",
            &ingest,
            &claims,
        );
    }
    let _ = writeln!(
        table,
        "\nThe program has {:.1} MB, and {:.1} MB without `fetch`.",
        sizes[1], sizes[0]
    );
    table
}

/// Removes some of the files in a clone.
fn remove(clone: &Path, is_gone: &dyn Fn(&Path) -> bool) {
    for folder in ["exports", "sources"] {
        let mut folders = vec![clone.join(folder)];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).into_iter().flatten() {
                let path = entry.expect("an entry").path();
                let file = path.strip_prefix(clone).expect("a file in the clone");
                if path.is_dir() {
                    folders.push(path);
                } else if is_gone(file) {
                    fs::remove_file(path).expect("a file to remove");
                }
            }
        }
    }
}
