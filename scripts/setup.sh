#!/usr/bin/env bash
# Installs what the feature `proj` compiles PROJ with, where it is missing. Everything else comes with Rust and a C compiler.
set -euo pipefail

# PROJ is C++ that builds with cmake and makes its database with the sqlite3 program.
missing=()
command -v c++ >/dev/null || missing+=(g++)
for tool in make cmake sqlite3; do
    command -v "$tool" >/dev/null || missing+=("$tool")
done
if [ ${#missing[@]} -gt 0 ]; then
    if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
        echo "installing ${missing[*]}, which PROJ is built with" >&2
        apt-get update -qq
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
    else
        echo "${missing[*]} not found, and PROJ is built with them; on Debian: sudo apt-get install ${missing[*]}" >&2
        exit 1
    fi
fi
