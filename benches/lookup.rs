//! How fast `reason_phrase` is beside other ways to get there.
//!
//! Run with `cargo bench --bench lookup`. One iteration asks for every code from 100 to 999. Each code is
//! hidden from the optimiser, and so is each answer.

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use http::StatusCode;
use http_status_codes::reason_phrase;

#[path = "../exports/v1/http_status_codes.rs"]
mod http_status_codes;

type Phrase = Option<&'static str>;

/// A `match` and a map, made from the codes that have a phrase.
macro_rules! tables {
    ($($code:literal)+) => {
        const CODES: &[u16] = &[$($code),+];

        fn by_match(code: u16) -> Phrase {
            match code {
                $($code => const { reason_phrase($code) },)+
                _ => None,
            }
        }

        static MAP: phf::Map<u16, &str> = phf::phf_map! {
            $($code => reason_phrase($code).unwrap(),)+
        };
    };
}

tables! {
    100u16 101u16 102u16 103u16 104u16
    200u16 201u16 202u16 203u16 204u16 205u16 206u16 207u16 208u16 226u16
    300u16 301u16 302u16 303u16 304u16 305u16 307u16 308u16
    400u16 401u16 402u16 403u16 404u16 405u16 406u16 407u16 408u16 409u16 410u16 411u16 412u16 413u16
    414u16 415u16 416u16 417u16 421u16 422u16 423u16 424u16 425u16 426u16 428u16 429u16 431u16 451u16
    500u16 501u16 502u16 503u16 504u16 505u16 506u16 507u16 508u16 510u16 511u16
}

/// The least that a lookup can do: no code is out of the array's bounds.
static ARRAY: [Phrase; 1000] = {
    let mut array = [None; 1000];
    let mut index = 0;
    while index < CODES.len() {
        array[CODES[index] as usize] = reason_phrase(CODES[index]);
        index += 1;
    }
    array
};

fn main() {
    for code in 0..1000 {
        let phrase = reason_phrase(code);
        assert_eq!(by_match(code), phrase);
        assert_eq!(MAP.get(&code).copied(), phrase);
        assert_eq!(ARRAY[usize::from(code)], phrase);
    }
    divan::main();
}

/// Looks every code up.
fn bench<T: Copy>(bencher: Bencher, codes: impl Iterator<Item = T>, lookup: impl Fn(T) -> Phrase) {
    let codes: Vec<T> = codes.collect();
    assert_eq!(codes.len(), 900);
    bencher
        .counter(ItemsCount::new(codes.len()))
        .bench_local(|| {
            for &code in &codes {
                black_box(lookup(black_box(code)));
            }
        });
}

#[divan::bench]
fn vendored_reason_phrase(bencher: Bencher) {
    bench(bencher, 100..1000, reason_phrase);
}

#[divan::bench]
fn array_index(bencher: Bencher) {
    bench(bencher, 100..1000, |code: u16| ARRAY[usize::from(code)]);
}

#[divan::bench]
fn match_on_code(bencher: Bencher) {
    bench(bencher, 100..1000, by_match);
}

#[divan::bench]
fn phf_map(bencher: Bencher) {
    bench(bencher, 100..1000, |code: u16| MAP.get(&code).copied());
}

#[divan::bench]
fn http_canonical_reason(bencher: Bencher) {
    let codes = (100..1000).filter_map(|code| StatusCode::from_u16(code).ok());
    bench(bencher, codes, |code| code.canonical_reason());
}
