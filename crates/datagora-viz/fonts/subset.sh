#!/usr/bin/env bash
# Makes the fonts of this folder from Noto Sans 2.015, as shipped by the npm package @expo-google-fonts/noto-sans 0.4.2,
# with fonttools 4: Latin, Latin-1, Latin Extended-A, and the punctuation and signs that French and English figures need.
# Arrows and ≈ ≠ ≤ ≥, which Noto Sans lacks, come from Noto Sans Math 3.000 (@expo-google-fonts/noto-sans-math 0.4.2).
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for package in noto-sans noto-sans-math; do
    mkdir "$work/$package"
    (cd "$work/$package" && npm pack --silent "@expo-google-fonts/$package@0.4.2" >/dev/null && tar -xzf ./*.tgz)
done
python3 -m venv "$work/venv"
"$work/venv/bin/pip" -q install 'fonttools>=4,<5'
signs=U+0020-007E,U+00A0-017F,U+02C6,U+02DC,U+0394,U+03BC,U+2010-2015,U+2018-201E,U+2020-2022,U+2026,U+202F,U+2030
signs=$signs,U+2032,U+2033,U+2039,U+203A,U+2070-2079,U+2080-2089,U+20AC,U+2212
for weight in 400Regular 700Bold; do
    "$work/venv/bin/pyftsubset" "$work/noto-sans/package/$weight/NotoSans_$weight.ttf" \
        --unicodes="$signs" --layout-features=kern,mark,ccmp --no-hinting \
        --name-IDs='0,1,2,4,6,13,14' --output-file="NotoSans-${weight#[0-9][0-9][0-9]}.ttf"
    "$work/venv/bin/python" add_signs.py "NotoSans-${weight#[0-9][0-9][0-9]}.ttf" \
        "$work/noto-sans-math/package/400Regular/NotoSansMath_400Regular.ttf" 2190 2191 2192 2193 2248 2260 2264 2265
done
ls -l ./*.ttf
