#!/bin/sh
# SPDX-License-Identifier: MIT
# Nothing that a built-in type can do is denied to a plug-in: hosts, routers, NAT boxes, hubs, bridges, switches, firewalls and all commands,
# loaded from a shared object, make every scenario the same to the last bit.
#
#     outside.sh NETARIUM ROOT-OF-THE-PROJECT OUTSIDE.so
netarium=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
root=$2
object=$(cd "$(dirname "$3")" && pwd)/$(basename "$3")
place=$(mktemp -d) || exit 1
trap 'rm -rf "$place"' EXIT
cd "$place" || exit 1
failed=0
compared=0

for scenario in "$root"/scenarios/[0-9]*.json; do
    # A generator makes types by itself; and the dice of these commands are named after the words that were typed.
    grep -qE '"generate"|"(load|request|send-raw|syn-flood) ' "$scenario" && continue
    sed -E -e 's/"type": *"(host|router|nat|hub|switch|bridge|firewall)"/"type": "outside-\1"/g' \
        -e 's/("run": *"|"start": *\[ *")/\1outside-/g' -e 's/outside-(cut|mend|drop|set|corrupt|delay|duplicate) /\1 /g' \
        -e 's/"outside-(cut|mend)"/"\1"/g' "$scenario" >outside.json
    "$netarium" run "$scenario" --quiet 2>&1 | grep '^digest' >built-in
    "$netarium" run outside.json --plugin "$object" --quiet >said 2>&1
    grep '^digest' said >outside
    compared=$((compared + 1))
    if ! cmp -s built-in outside || ! grep -q outside- said; then
        echo "$(basename "$scenario"): $(cat said)"
        failed=1
    fi
done
echo "$compared scenarios compared"
[ $compared -ge 30 ] || failed=1
exit $failed
