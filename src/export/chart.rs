//! How many meanings the codes of each class have, and where they come from, as a small picture.

use std::fmt::Write;

use crate::model::{Class, ClassStats, Registry, Stats};

/// The picture's own ground makes it legible on any page, also where a page is dark and the system is not.
const STYLE: &str = "\
  <style>
    text { font: 13px system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; fill: #1f2328 }
    .head { font-weight: 600; font-size: 15px }
    .ground { fill: #ffffff; stroke: #d1d9e0 }
    .rfc { fill: #0a4f94 } .webdav { fill: #3b8fc4 } .vendor { fill: #b35900 } .unofficial { fill: #656d76 }
    .count { font-size: 11px; text-anchor: middle; fill: #ffffff }
    .on-webdav { fill: #000000 }
    @media (prefers-color-scheme: dark) {
      text { fill: #f0f6fc }
      .ground { fill: #0d1117; stroke: #3d444d }
      .rfc { fill: #4c8fdb } .webdav { fill: #a5d6ff } .vendor { fill: #f0a04b } .unofficial { fill: #9198a1 }
      .count { fill: #0d1117 }
    }
  </style>";

const WIDTH: usize = 720;
const MARGIN: usize = 20;
/// Where the bars begin, and how long the longest is.
const LEFT: usize = 150;
const LENGTH: usize = 440;
/// Where the first bar is, how far the next is below it, and how high they are.
const TOP: usize = 86;
const STEP: usize = 30;
const HEIGHT: usize = 22;

pub fn render(registry: &Registry) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write(registry, &mut out);
    out
}

/// All text is of this program's own words and numbers, so there is nothing to escape.
fn write(registry: &Registry, out: &mut String) -> std::fmt::Result {
    let stats = Stats::of(registry);
    for line in super::header(registry) {
        writeln!(out, "<!-- {line} -->")?;
    }
    let height = TOP + STEP * stats.classes.len() + MARGIN / 2;
    writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"title desc\" \
         width=\"{WIDTH}\" height=\"{height}\" viewBox=\"0 0 {WIDTH} {height}\">"
    )?;
    let title = format!("{}, by origin", amount(stats.meanings, stats.codes));
    writeln!(out, "  <title id=\"title\">{title}</title>")?;
    let told = stats.classes.iter().map(|(class, own)| {
        let origins = own.origins.iter().filter(|(_, count)| *count > 0);
        let origins: Vec<String> = origins
            .map(|(kind, count)| format!("{count} {kind}"))
            .collect();
        let amount = amount(own.meanings, own.codes);
        match origins.is_empty() {
            true => format!("{}: {amount}.", class.label()),
            false => format!("{}: {amount}: {}.", class.label(), origins.join(", ")),
        }
    });
    let told: Vec<String> = told.collect();
    writeln!(
        out,
        "  <desc id=\"desc\">{}</desc>\n{STYLE}",
        told.join(" ")
    )?;
    let (right, bottom) = (WIDTH - 1, height - 1);
    writeln!(
        out,
        "  <rect class=\"ground\" x=\"0.5\" y=\"0.5\" width=\"{right}\" height=\"{bottom}\" rx=\"6\"/>"
    )?;
    writeln!(
        out,
        "  <text class=\"head\" x=\"{MARGIN}\" y=\"32\">{title}</text>"
    )?;
    for (index, (kind, count)) in stats.origins.iter().enumerate() {
        let x = LEFT + index * 120;
        let text = x + 18;
        writeln!(
            out,
            "  <rect class=\"{kind}\" x=\"{x}\" y=\"51\" width=\"12\" height=\"12\" rx=\"2\"/>\
             <text x=\"{text}\" y=\"62\">{kind} {count}</text>"
        )?;
    }
    let longest = stats.classes.values().map(|own| own.meanings).max();
    for (index, (class, own)) in stats.classes.iter().enumerate() {
        bar(*class, own, TOP + STEP * index, longest.unwrap_or(0), out)?;
    }
    writeln!(out, "</svg>")
}

/// The meanings of a class: a part of the bar for each origin.
fn bar(
    class: Class,
    stats: &ClassStats,
    y: usize,
    longest: usize,
    out: &mut String,
) -> std::fmt::Result {
    let base = y + 15;
    let label = class.label();
    writeln!(
        out,
        "  <g>\n    <text x=\"{MARGIN}\" y=\"{base}\">{label}</text>"
    )?;
    let end_of = |count: usize| LEFT + count * LENGTH / longest.max(1);
    let mut before = 0;
    for (kind, count) in stats.origins.iter().filter(|(_, count)| *count > 0) {
        let (x, end) = (end_of(before), end_of(before + count));
        // A gap keeps neighbours apart for those who see little of their colours.
        let (width, middle) = ((end - x).saturating_sub(1), (x + end) / 2);
        before += count;
        write!(
            out,
            "    <rect class=\"{kind}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{HEIGHT}\"/>"
        )?;
        // A number that has no room is in the description only.
        if width > 6 * count.to_string().len() {
            write!(
                out,
                "<text class=\"count on-{kind}\" x=\"{middle}\" y=\"{base}\">{count}</text>"
            )?;
        }
        writeln!(out)?;
    }
    let x = end_of(before) + 8;
    let (meanings, codes) = (stats.meanings, counted(stats.codes, "code"));
    writeln!(
        out,
        "    <text x=\"{x}\" y=\"{base}\">{meanings} for {codes}</text>\n  </g>"
    )
}

fn amount(meanings: usize, codes: usize) -> String {
    format!(
        "{} of {}",
        counted(meanings, "meaning"),
        counted(codes, "code")
    )
}

fn counted(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}
