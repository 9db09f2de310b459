#!/usr/bin/env bash
# The documentation in target/doc, with the pictures and the gallery of datagora-viz. Warnings are errors.
# Arguments choose packages, as in `scripts/docs.sh -p datagora-viz`; without, the whole workspace.
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -gt 0 ] || set -- --workspace
RUSTDOCFLAGS="-D warnings" cargo doc -q --no-deps --all-features "$@"
# What the pages of the views show: the pictures stand where their relative links point. Chosen with the same packages as the
# tests, so that what they compiled is used again.
if [[ " $* " == *" --workspace "* || " $* " == *" datagora-viz "* ]]; then
    cargo build -q --all-features --example gallery "$@"
    target=${CARGO_TARGET_DIR:-target}
    "$target/debug/examples/gallery" "$target/doc/datagora_viz/pictures"
fi
