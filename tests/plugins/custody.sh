#!/bin/sh
# SPDX-License-Identifier: MIT
# A frame that a plug-in gives away without having it: one sentence with the plug-in, what it called, where and when, and no memory of
# somebody else's was touched. What is right is never refused.
#
#     custody.sh NETARIUM ROOT-OF-THE-PROJECT
netarium=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
root=$2
place=$(mktemp -d) || exit 1
trap 'rm -rf "$place"' EXIT
failed=0
cd "$place" || exit 1

complain() {
    echo "$*"
    failed=1
}

${CC:-cc} -w -O1 -shared -fPIC -I "$root/sim" "$root/tests/plugins/broken/custody.c" -o keeper.so || exit 1

# scenario HUB WIRE: three hosts around a hub that does so; one of them behind two of its own cables in a row, the rest at links.
scenario() {
    cat <<END_OF_FILE
{ "netarium": 1, "stop": "5 s",
  "nodes": { "a": { "type": "host" }, "b": { "type": "host" }, "c": { "type": "host" }, "hub": { "type": "keeper", "how": "$1" },
             "near": { "type": "wire", "how": "$2" } },
  "links": [{ "between": ["b", "hub"] }, { "between": ["c", "hub"] }, { "tap": "near", "of": "a" }, { "tap": "near", "of": "hub" }],
  "actions": [{ "at": "1 s", "on": "a", "run": "ping -c 2 b" }, { "at": "2 s", "on": "b", "run": "ping -c 2 c" }] }
END_OF_FILE
}

for hub in repeat later again changed renamed own; do
    for wire in repeat again; do
        scenario $hub $wire >right.json
        "$netarium" run right.json --plugin keeper.so >said 2>&1 || complain "$hub, $wire: $(cat said)"
        grep -q '2 received' said || complain "$hub, $wire: nothing is heard: $(cat said)"
    done
done
scenario forget-later repeat >right.json
"$netarium" run right.json --plugin keeper.so >said 2>&1 || complain "forget-later: $(cat said)"

# refuses HUB WIRE WHEN WHAT WHERE
refuses() {
    scenario "$1" "$2" >wrong.json
    "$netarium" run wrong.json --plugin keeper.so >said 2>&1
    status=$?
    [ $status -eq 3 ] || complain "$1, $2: status $status, not 3: $(cat said)"
    grep -q "the plug-in \"keeper\" was stopped at $3 s: $4 is given a frame that is not, or no longer, its own.* in $5 (keeper.so+0x[0-9a-f]*)\$" said ||
        complain "$1, $2: says $(cat said)"
}

received='receive of the node type "keeper"'
refuses twice repeat '1[.0-9]*' nt_transmit "$received"
refuses thrown-away-too repeat '1[.0-9]*' nt_discard "$received"
refuses given-back-twice repeat '1[.0-9]*' nt_frame_unref "$received"
refuses changed-after repeat '1[.0-9]*' nt_frame_writable "$received"
refuses own-twice repeat '1[.0-9]*' nt_transmit "$received"
refuses kept repeat '1.001[0-9]*' nt_transmit 'an event of "hub"'
refuses later-twice repeat '1.001[0-9]*' nt_transmit 'an event of "hub"'
refuses repeat twice '1[.0-9]*' nt_deliver 'transmit of the node type "wire"'
refuses repeat thrown-away-too '1[.0-9]*' nt_deliver 'transmit of the node type "wire"'

# --- Queues ---

${CC:-cc} -w -O1 -shared -fPIC -I "$root/sim" "$root/tests/plugins/broken/custody-queue.c" -o rows.so || exit 1

# queue HOW: more than the line can carry, and in the middle the cable is cut.
queue() {
    cat <<END_OF_FILE
{ "netarium": 1, "stop": "9 s",
  "nodes": { "a": { "type": "host" }, "b": { "type": "host" } },
  "links": [{ "between": ["a", "b"], "name": "line", "rate": "1 Mbps", "queue": { "type": "row", "how": "$1" } }],
  "actions": [{ "at": "0 s", "on": "b", "run": "udp-sink" }, { "at": "1 s", "on": "a", "run": "cbr b --rate 5Mbps --duration 3" },
              { "at": "2.5 s", "on": "line", "run": "cut" }, { "at": "3 s", "on": "line", "run": "mend" }] }
END_OF_FILE
}

for how in right marks; do
    queue $how >queue.json
    "$netarium" run queue.json --plugin rows.so >said 2>&1 || complain "queue $how: $(cat said)"
    grep -q 'held 0' said || complain "queue $how: $(cat said)"
done
for case in 'twice:dequeue' 'dropped-too:dequeue' 'refused-too:dequeue' 'evicts-twice:evict'; do
    queue "${case%:*}" >queue.json
    "$netarium" run queue.json --plugin rows.so >said 2>&1
    status=$?
    [ $status -eq 3 ] || complain "$case: status $status, not 3: $(cat said)"
    grep -q "the plug-in \"rows\" was stopped at [12][.0-9]* s: ${case#*:} of the queue \"row\" gives a frame that is not, or no longer, waiting\$" said ||
        complain "$case: says $(cat said)"
done

# A session goes back to before, and says the same again.
scenario kept repeat >wrong.json
printf 'goto 4 s\nback 1\ngoto 4 s\nback 3\nshow a\n' >commands
"$netarium" step wrong.json --plugin keeper.so --script commands >said 2>&1
[ "$(grep -c 'The network cannot go on: the plug-in "keeper" was stopped at 1.001' said)" -eq 2 ] || complain "step does not say it twice: $(cat said)"
exit $failed
