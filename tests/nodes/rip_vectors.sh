#!/bin/sh
# SPDX-License-Identifier: MIT
# What three and four simulated routers believe of 10.0.0.0/24, round by round: the vectors of, exactly, with
# real datagrams on real cables. usage: rip_vectors.sh NETARIUM SCENARIOS
netarium=$1
scenarios=$2
failed=0

# The metrics of 10.0.0.0/24 in the order of the routers, a round behind the other; - where it is not known.
check() {
    what=$1 routers=$2 rounds=$3 expected=$4 file=$5
    shift 5
    found=$("$netarium" run "$scenarios/$file" --trace rip.vector --quiet "$@" | awk -v routers="$routers" '
        $3 == "rip.vector" && $1 >= 90 && index(routers, $2) {
            metric = "-"
            for (i = 4; i < NF; i++)
                if ($i == "10.0.0.0/24")
                    metric = $(i + 1) + 0
            if (line != "" && $1 != time) {
                print line
                line = ""
            }
            time = $1
            line = line (line == "" ? "" : " ") metric
        }
        END { print line }' | head -n "$rounds" | paste -sd,)
    if [ "$found" != "$expected" ]; then
        failed=$((failed + 1))
        printf 'FAILED: %s\n   expected %s\n      found %s\n' "$what" "$expected" "$found"
    fi
}

check 'R-02, in step' abc 15 "16 2 3,3 4 3,5 4 5,5 6 5,7 6 7,7 8 7,9 8 9,9 10 9,11 10 11,11 12 11,13 12 13,13 14 13,\
15 14 15,15 16 15,16 16 16" 29-rip-counts-to-infinity.json
check 'R-02, split horizon' abc 3 '16 2 3,16 16 3,16 16 16' 30-rip-split-horizon.json
check 'R-02, poisoned reverse' abc 3 '16 2 3,16 16 3,16 16 16' 30-rip-split-horizon.json \
    --set nodes.a.split-horizon=poison --set nodes.b.split-horizon=poison --set nodes.c.split-horizon=poison
check 'R-03, poisoned reverse' bcd 14 "16 3 3,16 4 4,5 16 16,16 16 6,16 7 16,8 16 16,16 16 9,16 10 16,11 16 16,16 16 12,\
16 13 16,14 16 16,16 16 15,16 16 16" 31-rip-loop-of-three.json
check 'R-03, no split horizon' bcd 14 "16 3 3,4 4 4,5 5 5,6 6 6,7 7 7,8 8 8,9 9 9,10 10 10,11 11 11,12 12 12,13 13 13,\
14 14 14,15 15 15,16 16 16" 31-rip-loop-of-three.json \
    --set nodes.b.split-horizon=none --set nodes.c.split-horizon=none --set nodes.d.split-horizon=none
check 'R-03, split horizon' bcd 8 '16 3 3,16 4 4,5 4 4,5 4 4,5 4 4,5 4 4,5 4 4,5 16 16' 31-rip-loop-of-three.json \
    --set nodes.b.split-horizon=split --set nodes.c.split-horizon=split --set nodes.d.split-horizon=split
[ $failed -eq 0 ] && echo "6 experiments, all as in the books"
