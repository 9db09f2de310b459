#!/usr/bin/env bash
# Makes the files of crates/datagora-viz-assets/assets from the packages of npm: the programs as published, compressed,
# and the licences of all that is bundled in them. The same versions give the same bytes; SHA256SUMS is of the unpacked files.
set -euo pipefail
cd "$(dirname "$0")/../crates/datagora-viz-assets/assets"
maplibre=5.24.1
pmtiles=4.5.0
out=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts "maplibre-gl@$maplibre" "pmtiles@$pmtiles"

keep() {
    cp "node_modules/$1" "$2"
    # Neither name nor time in the header, so that the bytes depend on the contents alone.
    gzip -9nc "$2" >"$out/$2.gz"
    sha256sum "$2" >>sums
}
keep maplibre-gl/dist/maplibre-gl.js maplibre-gl.js
keep maplibre-gl/dist/maplibre-gl-csp-worker.js maplibre-gl-worker.js
keep maplibre-gl/dist/maplibre-gl.css maplibre-gl.css
keep pmtiles/dist/pmtiles.js pmtiles.js

# MapLibre and pmtiles, then what is bundled in them; packages of types only leave nothing in a program.
{
    node -e '
        const fs = require("fs"), path = require("path");
        const own = /licen[cs]e/i;
        const seen = new Set();
        const visit = name => {
            if (seen.has(name) || name.startsWith("@types/")) return;
            seen.add(name);
            const folder = path.join("node_modules", name);
            const about = JSON.parse(fs.readFileSync(path.join(folder, "package.json"), "utf8"));
            const files = fs.readdirSync(folder).filter(file => own.test(file)).sort();
            console.log("=".repeat(80) + `\n${name} ${about.version} (${about.license ?? "as follows"})\n` + "=".repeat(80) + "\n");
            for (const file of files) console.log(fs.readFileSync(path.join(folder, file), "utf8").trim() + "\n");
            Object.keys(about.dependencies ?? {}).sort().forEach(visit);
        };
        visit("maplibre-gl");
        visit("pmtiles");
    '
} >licences.txt
# The package pmtiles comes without the licence that it names; this is that of its repository.
python3 - "$out/pmtiles-licence.txt" licences.txt <<'P'
import re, sys
own, all_ = open(sys.argv[1]).read(), open(sys.argv[2]).read()
head = re.search(r"=+\npmtiles .*\n=+\n\n", all_)
open(sys.argv[2], "w").write(all_[: head.end()] + own.strip() + "\n\n" + all_[head.end() :])
P
sed -i 's/[ \t]*$//' licences.txt
cp licences.txt "$out/licences.txt"
cp sums "$out/SHA256SUMS"
ls -l "$out"
