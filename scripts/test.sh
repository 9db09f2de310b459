#!/usr/bin/env bash
# All tests of the workspace, with every feature. Arguments are those of `cargo test`.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh
exec cargo test --workspace --all-features "$@"
