#!/bin/sh
# SPDX-License-Identifier: MIT
# Our dissector beside tshark's, field by field, on the captures of all shipped scenarios.
# usage: fields.sh NETARIUM FIELDS-PROGRAM SOURCE_DIR
netarium=$(realpath "$1")
program=$(realpath "$2")
source=$(realpath "$3")
if ! command -v tshark >/dev/null || ! command -v python3 >/dev/null; then
    echo "skipped: tshark and python3 are not here"
    exit 77
fi
work=$(mktemp -d /tmp/netarium-fields-XXXXXX)
trap 'rm -rf "$work"' EXIT
# The large ones say the same thing a thousand times.
for file in "$source"/scenarios/*.json; do
    [ "$(basename "$file")" = scenario.schema.json ] && continue
    "$netarium" run --quiet --pcap "$work" "$file" >"$work/out" 2>&1
done
find "$work" -name '*.pcapng' -size +400k -exec editcap -r {} {}.part 1-400 \; -exec mv {}.part {} \; 2>/dev/null
python3 "$source/tests/capture/fields.py" "$program" "$work"/*.pcapng || exit 1

# One that cannot find anything is no test: a single changed value must be found.
if python3 "$source/tests/capture/fields.py" --spoil "$program" "$work"/01-*.pcapng >"$work/out"; then
    echo "a changed value was not found"
    exit 1
fi
