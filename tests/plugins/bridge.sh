#!/bin/sh
# SPDX-License-Identifier: MIT
# The bridge of sixty lines in place of the built-in one, in every scenario that asks a switch or a bridge for nothing but that: what
# each machine sends, receives and drops is the same, and so is the ledger. Where the switch has no addresses of its own to give
# away before others choose theirs, the run is the same to the last bit.
#
#     bridge.sh NETARIUM ROOT-OF-THE-PROJECT
netarium=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
root=$2
place=$(mktemp -d) || exit 1
trap 'rm -rf "$place"' EXIT
cd "$place" || exit 1
${CC:-cc} -O2 -shared -fPIC -I "$root/sim" "$root/plugins/small-bridge/small-bridge.c" -o small-bridge.so || exit 1
failed=0
compared=0
same=0

# what FILE: what became of the machines and the frames.
what() {
    awk '$2 == "host" || $2 == "router" || $2 == "nat" || $1 == "ledger" { $1 = $1; print }' "$1"
}

for scenario in "$root"/scenarios/[0-9]*.json; do
    grep -qE '"type": *"(switch|bridge)"' "$scenario" || continue
    sed -E 's/"type": *"(switch|bridge)"/"type": "small-bridge"/' "$scenario" >ours.json
    # What needs a spanning tree, a small table or the built-in one's own records cannot be asked of it.
    "$netarium" check ours.json --plugin small-bridge.so >/dev/null 2>&1 || continue
    "$netarium" run "$scenario" --quiet >built-in 2>&1
    "$netarium" run ours.json --plugin small-bridge.so --quiet >ours 2>&1
    what built-in >expected
    what ours >found
    compared=$((compared + 1))
    if ! cmp -s expected found; then
        echo "$(basename "$scenario"):"
        diff expected found
        failed=1
    fi
    [ "$(grep '^digest' built-in)" = "$(grep '^digest' ours)" ] && same=$((same + 1))
done
echo "$compared scenarios compared, $same of them to the last bit"
[ $compared -ge 8 ] && [ $same -ge 4 ] || failed=1
exit $failed
