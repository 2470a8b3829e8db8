//! Mutations: what goes wrong with files that people and programs write.

use std::fmt;

/// A sequence of numbers that a seed gives (SplitMix64).
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below a bound that is not 0.
    pub fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound).expect("a small bound");
        usize::try_from(self.next() % bound).expect("a number below it")
    }

    /// One of some.
    pub fn one_of<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    FlipByte,
    DropLine,
    DoubleLine,
    SwapLines,
    MoveCell,
    RenameKey,
}

/// A file with one thing changed.
pub struct Mutation {
    pub kind: Kind,
    pub bytes: Vec<u8>,
    /// The line of the old file where it starts, from 1.
    pub line: usize,
}

impl fmt::Display for Mutation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} at line {}", self.kind, self.line)
    }
}

/// A file with one thing changed in a way that its format knows.
pub fn mutate(name: &str, bytes: &[u8], random: &mut Random) -> Mutation {
    use Kind::{DoubleLine, DropLine, FlipByte, MoveCell, RenameKey, SwapLines};
    let kinds: &[Kind] = match name.rsplit('.').next() {
        Some("csv") => &[
            FlipByte, DropLine, DoubleLine, SwapLines, MoveCell, MoveCell,
        ],
        Some("yaml") => &[
            FlipByte, DropLine, DoubleLine, SwapLines, RenameKey, RenameKey,
        ],
        _ => &[FlipByte, FlipByte, DropLine, DoubleLine, SwapLines],
    };
    // Some draws change nothing, such as swapping two equal lines.
    loop {
        let mutation = of_kind(*random.one_of(kinds), bytes, random);
        if let Some(mutation) = mutation.filter(|mutation| mutation.bytes != bytes) {
            return mutation;
        }
    }
}

fn of_kind(kind: Kind, bytes: &[u8], random: &mut Random) -> Option<Mutation> {
    let mut lines: Vec<Vec<u8>> = bytes
        .split_inclusive(|&byte| byte == b'\n')
        .map(<[u8]>::to_vec)
        .collect();
    let at = random.below(lines.len());
    let mut first = at;
    match kind {
        Kind::FlipByte => {
            let line = &mut lines[at];
            let byte = random.below(line.len());
            // Half of them stay ASCII, so that not all end in "no UTF-8".
            line[byte] = match random.below(2) {
                0 => line[byte] ^ (1 << random.below(8)),
                _ => u8::try_from(random.below(95) + 32).expect("ASCII"),
            };
        }
        Kind::DropLine => drop(lines.remove(at)),
        Kind::DoubleLine => lines.insert(at, lines[at].clone()),
        Kind::SwapLines => {
            let other = match random.below(2) {
                0 => (at + 1) % lines.len(),
                _ => random.below(lines.len()),
            };
            lines.swap(at, other);
            first = at.min(other);
        }
        Kind::MoveCell => {
            let text = std::str::from_utf8(bytes).ok()?;
            let mut reader = csv::ReaderBuilder::new()
                .has_headers(false)
                .from_reader(text.as_bytes());
            let records = reader.records().collect::<Result<Vec<_>, _>>().ok()?;
            let mut rows: Vec<Vec<&str>> = records
                .iter()
                .map(|record| record.iter().collect())
                .collect();
            let (row, column) = (random.below(rows.len()), random.below(rows[0].len()));
            let (other_row, other_column) = match random.below(2) {
                0 => (row, random.below(rows[0].len())),
                _ => (random.below(rows.len()), column),
            };
            let cell = rows[row][column];
            rows[row][column] = rows[other_row][other_column];
            rows[other_row][other_column] = cell;
            let mut writer = csv::Writer::from_writer(Vec::new());
            for row in rows {
                writer.write_record(row).ok()?;
            }
            let bytes = writer.into_inner().ok()?;
            return Some(Mutation {
                kind,
                bytes,
                line: row.min(other_row) + 1,
            });
        }
        Kind::RenameKey => {
            let key = |line: &[u8]| {
                let colon = line
                    .windows(2)
                    .position(|pair| pair == b": " || pair == b":\n")?;
                let is_key = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-".contains(byte);
                let start = line[..colon]
                    .iter()
                    .rposition(|byte| !is_key(byte))
                    .map_or(0, |at| at + 1);
                (start < colon).then_some(start..colon)
            };
            let range = key(&lines[at])?;
            let other = lines[random.below(lines.len())].clone();
            let mut name = other[key(&other)?].to_vec();
            if random.below(2) == 0 {
                name = lines[at][range.clone()].to_vec();
                name.pop();
            }
            lines[at].splice(range, name);
        }
    }
    Some(Mutation {
        kind,
        bytes: lines.concat(),
        line: first + 1,
    })
}
