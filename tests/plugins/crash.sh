#!/bin/sh
# SPDX-License-Identifier: MIT
# A plug-in that crashes: the sentence names it, its callback and the simulated time; captures stay readable; a session goes on
# from before; the window lives on.
#
#     crash.sh NETARIUM ROOT-OF-THE-PROJECT [NETARIUM-GUI]
netarium=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
root=$2
gui=${3:+$(cd "$(dirname "$3")" && pwd)/$(basename "$3")}
compiler=${CC:-cc}
place=$(mktemp -d) || exit 1
trap 'rm -rf "$place"' EXIT
export XDG_DATA_HOME="$place" XDG_RUNTIME_DIR="$place" SDL_VIDEODRIVER=dummy
failed=0
# What fontconfig and SDL keep until the end is theirs.
export LSAN_OPTIONS="suppressions=$root/tests/pictures/foreign.supp:print_suppressions=0"
mkdir "$place/include"
cp -r "$root/sim/netarium.h" "$place/include"
cd "$place" || exit 1

complain() {
    echo "$*"
    failed=1
}

$compiler -O1 -shared -fPIC -I include "$root/tests/plugins/broken/crasher.c" -o crasher.so || exit 1

# scenario HOW: two hosts around a crasher that crashes so.
scenario() {
    cat <<END
{ "netarium": 1, "stop": "9 s",
  "nodes": { "a": { "type": "host" }, "b": { "type": "host" }, "c": { "type": "crasher", "how": "$1" } },
  "links": [{ "between": ["a", "c"] }, { "between": ["b", "c"] }],
  "actions": [{ "at": "1 s", "on": "a", "run": "ping -c 4 b" }],
  "expect": ["c.seen.count > 4"] }
END
}

# crashes HOW STATUS WHEN WHAT
crashes() {
    scenario "$1" >"$1.json"
    mkdir "captures-$1"
    "$netarium" run "$1.json" --plugin crasher.so --pcap "captures-$1" >out 2>err </dev/null
    status=$?
    [ $status -eq "$2" ] || complain "$1: status $status, not $2: $(cat err)"
    grep -q "the plug-in \"crasher\" crashed $3: $4 (crasher.so+0x[0-9a-f]*)\$" err || complain "$1: says $(cat err)"
}

crashes write 3 'at 2.00[0-9]* s' 'segmentation fault in receive of the node type "crasher"'
crashes abort 3 'at 2.00[0-9]* s' 'abort in receive of the node type "crasher"'
crashes event 3 'at 2.00[0-9]* s' 'segmentation fault in an event of "c"'
crashes row 3 'at 9 s' 'segmentation fault in a table of the node type "crasher"'
crashes create 2 'while the network was built' 'segmentation fault in create of the node type "crasher"'
case $("$netarium" version) in
*sanitize*) ;; # its checks need more stack than there is
*) crashes recurse 3 'at 2.00[0-9]* s' 'segmentation fault in receive of the node type "crasher"' ;;
esac

# What was captured before is there, and whole.
for file in captures-write/*; do
    [ -s "$file" ] || complain "$file is empty"
    if command -v capinfos >/dev/null; then
        capinfos "$file" >/dev/null 2>&1 || complain "$file cannot be read"
    fi
done

# A session goes on from before, and as far again.
printf 'goto 9 s\nback 2\nshow c seen\ngoto 9 s\nback 1\nshow c\n' >commands
"$netarium" step write.json --plugin crasher.so --script commands >out 2>&1
[ $? -eq 2 ] || complain "step does not refuse: $(cat out)"
grep -q 'crash' out && [ "$(grep -c 'segmentation' out)" -eq 2 ] || complain "step says it where it is not: $(cat out)"
[ "$(grep -c 'The network cannot go on: the plug-in "crasher" crashed at 2' out)" -eq 2 ] || complain "step does not say it twice: $(cat out)"
printf 'goto 9 s\nshow c seen\nback 100\nshow c seen\n' >commands
"$netarium" step row.json --plugin crasher.so --script commands 2>&1 | grep -q 'crashed at 9 s: segmentation fault in a table' || complain 'show does not say it'

# So does the window, which must show its last picture.
if [ -n "$gui" ] && [ -x "$gui" ]; then
    printf 'key End\nkey Left\nkey Left\nkey Right\nkey End\nkey Home\ndigest\n' >keys
    "$gui" write.json --plugin crasher.so --script keys --shot shot.png >out 2>&1 || complain "the window ends with $?: $(cat out)"
    [ -s shot.png ] || complain 'the window shows nothing'
fi
exit $failed
