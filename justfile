# List the recipes
default:
    @just --list

# Reconcile the claims and write exports/v1/
build:
    cargo run --release --locked -- build

# Fail if exports/v1/ is not what `build` writes
check:
    cargo run --release --locked -- check

# Run all tests
test:
    cargo test --locked

# Lock the claims of the documents in a folder: just ingest ~/documents
ingest documents:
    cargo run --release --locked -- ingest --documents {{quote(documents)}}

# Download the documents, or those of the sources named, and lock what has changed
fetch *sources:
    cargo run --release --locked -- fetch {{sources}}

# What the registry knows of a code or a text
lookup query:
    @cargo run --release --locked --quiet -- lookup {{quote(query)}}

# Accept the snapshots that the tests found changed
accept:
    INSTA_UPDATE=always INSTA_FORCE_UPDATE=1 cargo test --no-fail-fast --locked

# Show how fast build and ingest are
bench:
    cargo bench --locked
