//! How reconciling grows: 10 to 10,000 synthetic sources of 60 claims each, and one of up to 100,000 claims
//! that nothing settles.
//!
//! Run with `cargo bench --bench reconcile`. The item is a claim, so that a steady rate means that the time
//! grows with the number of claims.

use divan::counter::ItemsCount;
use divan::{AllocProfiler, Bencher};
use http_status_registry::model::{Authority, Claim, SourceEntry};
use http_status_registry::reconcile::{Input, Source, reconcile};
use http_status_registry::tree::Tree;

#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

fn main() {
    divan::main();
}

/// How many claims a source makes.
const CLAIMS: usize = 60;

fn input(sources: usize) -> Input {
    let tree = Tree::open(env!("CARGO_MANIFEST_DIR")).expect("the checkout");
    let mut input = tree.input().expect("the input");
    let model = input
        .sources
        .iter()
        .find(|source| source.entry.id == "status-list-en")
        .expect("the list");
    // Claims that no decision is about: each repeats what the list says of a code with one meaning.
    let claims: Vec<Claim> = model
        .claims
        .iter()
        .filter(|claim| claim.facts.embedded_in.is_none())
        .take(CLAIMS)
        .cloned()
        .collect();
    assert_eq!(claims.len(), CLAIMS);
    for number in 0..sources {
        let id = format!("synthetic-{number}");
        let entry = SourceEntry {
            id: id.clone(),
            authority: Authority::Note,
            ..model_entry(&input)
        };
        input.sources.push(Source {
            entry,
            file: format!("sources/{id}/claims.csv"),
            claims: claims.clone(),
        });
    }
    input
}

fn model_entry(input: &Input) -> SourceEntry {
    input.sources[0].entry.clone()
}

#[divan::bench(args = [10, 100, 1_000, 10_000], sample_count = 5)]
fn reconcile_sources(bencher: Bencher, sources: usize) {
    let input = input(sources);
    let claims: usize = input.sources.iter().map(|source| source.claims.len()).sum();
    bencher.counter(ItemsCount::new(claims)).bench_local(|| {
        reconcile(&input)
            .map(|reconciled| reconciled.registry.conflicts.len())
            .unwrap_or_else(|errors| panic!("{}", errors[0]))
    });
}

/// A source whose claims nothing settles: half give a phrase that nobody knows, half fit no meaning.
#[divan::bench(args = [100, 1_000, 10_000, 100_000], sample_count = 3)]
fn open_conflicts(bencher: Bencher, claims: u32) {
    let mut input = input(1);
    let own = input.sources.last_mut().expect("the synthetic source");
    let model = own.claims[0].clone();
    let claim = |number: u32| {
        let mut claim = model.clone();
        claim.facts.line = number + 1;
        claim.facts.phrase = Some(format!("Phrase {number}"));
        claim.text_digest = None;
        if number.is_multiple_of(2) {
            claim.facts.codes = "599".parse().expect("a code");
            claim.meaning = None;
        }
        claim
    };
    own.claims = (0..claims).map(claim).collect();
    bencher.counter(ItemsCount::new(claims)).bench_local(|| {
        reconcile(&input)
            .err()
            .expect("what nothing settles is an error")
            .len()
    });
}
