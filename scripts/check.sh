#!/usr/bin/env bash
# Checks the whole workspace: format, lints per crate and feature, tests, docs, licences, packages, the atlas itself.
# Installs what it needs beyond Rust and a C compiler. Stops at the first step that fails.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
export CARGO_TERM_COLOR=never CARGO_INCREMENTAL=0
export DATAGORA_DATA=${DATAGORA_DATA:-$root/../shared/data}
libraries=(datagora-core datagora-geo datagora-indicators datagora-predict datagora-viz datagora-viz-assets)
began=$SECONDS

step() {
    local title=$1 from=$SECONDS
    shift
    printf '── %s\n' "$title"
    "$@"
    printf '   %s: %d s\n' "$title" $((SECONDS - from))
}

data_present() {
    [ -f "$DATAGORA_DATA/SOURCES.tsv" ] || {
        echo "the data folder $DATAGORA_DATA is absent: set DATAGORA_DATA; tests on real data would be skipped" >&2
        return 1
    }
}

lints() {
    cargo fmt --all --check
    for crate in "${libraries[@]}"; do
        cargo clippy -q -p "$crate" --no-default-features --all-targets -- -D warnings
        cargo clippy -q -p "$crate" --all-targets -- -D warnings
        cargo clippy -q -p "$crate" --all-features --all-targets -- -D warnings
    done
    cargo clippy -q -p datagora --no-default-features -- -D warnings
    cargo clippy -q -p datagora -p datagora-sample -p datagora-examples -p datagora-benches --all-targets -- -D warnings
}

light() {
    local tree
    for crate in datagora-core datagora-geo datagora-indicators datagora-predict; do
        tree=$(cargo tree -q -p "$crate" -e normal --prefix none)
        if grep -E '^(polars|resvg|usvg|arrow|parquet|rusqlite)' <<<"$tree"; then
            echo "$crate must stay light: the above come with its default features" >&2
            return 1
        fi
    done
}

licences() {
    if ! cargo deny --version >/dev/null 2>&1; then
        # It runs for a second: not worth the minutes of optimising it.
        cargo install -q --locked --debug cargo-deny
    fi
    cargo deny --log-level error check licenses bans sources
    # The advisory database may be out of reach; then say so, and go on.
    local said
    if said=$(cargo deny --log-level error check advisories 2>&1); then
        echo "   advisories: none"
    elif grep -qE 'failed to fetch|failed to (acquire|open|clone)|unable to|network|connection' <<<"$said"; then
        echo "   advisories: not checked, the database cannot be reached"
    else
        echo "$said" >&2
        return 1
    fi
}

packages() {
    local built=target/packaged archive listed
    rm -rf $built
    # What is not on main yet may be packaged too.
    cargo package -q --workspace --allow-dirty --no-verify --target-dir $built \
        --exclude datagora-sample --exclude datagora-examples --exclude datagora-benches
    # A workspace of what would be uploaded, whose dependencies are those that the lints have checked already.
    mkdir $built/unpacked
    printf '[workspace]\nresolver = "3"\nmembers = ["*"]\n\n[patch.crates-io]\n' >$built/unpacked/Cargo.toml
    for crate in "${libraries[@]}" datagora; do
        archive=$(echo $built/package/"$crate"-[0-9]*.crate)
        # Listed whole first: a reader that leaves early would break the pipe, and the step with it.
        listed=$(tar -tzf "$archive")
        grep -q '/LICENSE$' <<<"$listed" || {
            echo "$crate is packaged without its LICENSE" >&2
            return 1
        }
        tar -xzf "$archive" -C $built/unpacked
        printf '%s = { path = "%s" }\n' "$crate" "$(basename "$archive" .crate)" >>$built/unpacked/Cargo.toml
    done
    sed -n '/^\[profile\.dev\]/,/^#/p' Cargo.toml >>$built/unpacked/Cargo.toml
    cp Cargo.lock $built/unpacked/
    cargo check -q --workspace --manifest-path $built/unpacked/Cargo.toml --target-dir target
    echo "   semver: no published version to compare with yet"
}

atlas() {
    local out=target/atlas-check
    rm -rf $out
    mkdir -p $out
    # The made city and real Lyon, each twice: the same bytes.
    for run in one two; do
        cargo run -q --release --bin atlas -- --out $out/made-$run --lang en >$out/made-$run.log
        cargo run -q --release --bin atlas -- --data "$DATAGORA_DATA" --out $out/lyon-$run >$out/lyon-$run.log
        cargo run -q --release --bin atlas -- --communes --data "$DATAGORA_DATA" --out $out/communes-$run >$out/communes-$run.log
    done
    diff -r $out/made-one $out/made-two
    diff -r $out/lyon-one $out/lyon-two
    diff -r $out/communes-one $out/communes-two
}

step "data" data_present
step "set-up" scripts/setup.sh
step "format and lints" lints
step "light crates" light
# The README's test command.
step "tests" scripts/test.sh -q
step "documentation" scripts/docs.sh
step "benchmarks compile" cargo check -q -p datagora-benches --benches
step "licences" licences
step "packages" packages
step "atlas" atlas
printf 'all checks passed in %d min %d s\n' $(((SECONDS - began) / 60)) $(((SECONDS - began) % 60))
