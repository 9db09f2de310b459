#!/usr/bin/env bash
# Installs what the feature `proj` compiles PROJ with and the browser in which interactive maps are tested, where they are missing.
# Everything else comes with Rust and a C compiler.
set -euo pipefail
cd "$(dirname "$0")/.."

# PROJ is C++ that builds with cmake and makes its database with the sqlite3 program. The tests of maps drive Chromium with Node.js.
missing=()
command -v c++ >/dev/null || missing+=(g++)
for tool in make cmake sqlite3; do
    command -v "$tool" >/dev/null || missing+=("$tool")
done
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || missing+=(chromium)
command -v node >/dev/null || missing+=(nodejs)
command -v npm >/dev/null || missing+=(npm)
if [ ${#missing[@]} -gt 0 ]; then
    if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
        echo "installing ${missing[*]}, which PROJ is built and maps are tested with" >&2
        apt-get update -qq
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
    else
        echo "${missing[*]} not found, and PROJ is built and maps are tested with them; on Debian: sudo apt-get install ${missing[*]}" >&2
        exit 1
    fi
fi

# The automatic checks of accessibility, for tests only.
axe=4.14.1
tools=${CARGO_TARGET_DIR:-target}/browser
if ! grep -qs "\"version\": \"$axe\"" "$tools/node_modules/axe-core/package.json"; then
    mkdir -p "$tools"
    npm install --silent --no-audit --no-fund --prefix "$tools" "axe-core@$axe" || {
        echo "axe-core cannot be installed: the tests of maps in a browser will be skipped" >&2
    }
fi
