#!/bin/sh
# SPDX-License-Identifier: MIT
# Every generator, run for a moment: a ping goes from one end to the other and nothing is lost.
# usage: generate.sh NETARIUM
netarium=$(realpath "$1")
work=$(mktemp -d "${TMPDIR:-/tmp}/netarium-generate-XXXXXX")
trap 'rm -rf "$work"' EXIT
failed=0

# crosses FROM TO ENTRY: a ping from FROM to TO across what ENTRY makes.
crosses() {
    printf '{"netarium":1,"generate":[%s],"actions":[{"at":"60 s","on":"%s","run":"ping -c 2 %s"}],%s,"stop":"65 s"}' \
        "$3" "$1" "$2" "\"expect\":[\"$1.ping.received == 2\"]" >"$work/one.json"
    "$netarium" run "$work/one.json" >"$work/out" 2>&1 && return
    failed=$((failed + 1))
    echo "FAILED: $3"
    tail -n 8 "$work/out"
}

crosses star-h1 star-h255 '{"type":"star","hosts":255}'
crosses chain-h1 chain-h2 '{"type":"chain","routers":40}'
crosses ring-h1 ring-h6 '{"type":"ring","routers":11}'
crosses tree-h1 tree-h54 '{"type":"tree","depth":3,"fanout":3,"hosts":2}'
crosses tree-h3 tree-r7 '{"type":"tree","depth":3,"fanout":3}'
crosses dumbbell-h1 dumbbell-h8 '{"type":"dumbbell","pairs":4,"bottleneck":{"rate":"1 Mbps"}}'
crosses fat-tree-h1 fat-tree-h16 '{"type":"fat-tree","k":4}'
crosses net-h1 net-h200 '{"type":"random","name":"net","routers":200,"degree":4}'
crosses lan-h1 lan-h300 '{"type":"lan","hosts":300}'
crosses b-h1 b-h3 '{"type":"ring","name":"a","routers":5},{"type":"ring","name":"b","routers":5}'
if "$netarium" help node router | grep -q '^ *rip '; then
    crosses ring-h1 ring-h3 '{"type":"ring","routers":5,"routing":"rip"}'
fi

[ "$failed" -eq 0 ]
