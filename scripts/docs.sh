#!/usr/bin/env bash
# The documentation in target/doc, with the pictures and the gallery of datagora-viz. Warnings are errors.
# Arguments choose packages, as in `scripts/docs.sh -p datagora-viz`; without, the whole workspace.
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -gt 0 ] || set -- --workspace
RUSTDOCFLAGS="-D warnings" cargo doc -q --no-deps --all-features "$@"
# What the pages of the views show: the pictures stand where their relative links point.
cargo run -q -p datagora-viz --all-features --example gallery -- "${CARGO_TARGET_DIR:-target}/doc/datagora_viz/pictures"
