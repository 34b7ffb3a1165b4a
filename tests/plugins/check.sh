#!/bin/sh
# SPDX-License-Identifier: MIT
# netarium plugin check: finds nothing in the templates and in the examples, and in each plug-in of broken/ what is wrong with it, word
# for word.
#
#     check.sh NETARIUM ROOT-OF-THE-PROJECT [--renew]      --renew writes broken/findings.txt anew; read the difference
netarium=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
root=$2
compiler=${CC:-cc}
place=$(mktemp -d) || exit 1
trap 'rm -rf "$place"' EXIT
failed=0
mkdir "$place/include"
cp "$root/sim/netarium.h" "$place/include"
cd "$place" || exit 1

complain() {
    echo "$*"
    failed=1
}

# --- What is right ---

for source in "$root"/plugins/*/*.c; do
    $compiler -w -O1 -shared -fPIC -I include "$source" -o right.so || complain "$source does not build"
    "$netarium" plugin check right.so --scenario "${source%.c}.json" >said 2>&1 || complain "$source: $(cat said)"
    grep -q '^no fault was found' said || complain "$source: $(cat said)"
    grep -E '^  (FAULT|odd)|^  untried +(phases|life)' said && complain "$source is not all right"
done

# --- What is not. Where code lies and how the shell's test is called differs between machines ---

for source in "$root"/tests/plugins/broken/*.c; do
    $compiler -std=gnu11 -w -O1 -shared -fPIC -I include "$source" -o "$(basename "$source" .c).so" || complain "$source does not build"
done
echo text >no-object.so
cp fine.so other-machine.so
printf '\001\000' | dd of=other-machine.so bs=1 seek=18 conv=notrunc 2>/dev/null

# ask WORD...: what is said but what is in order, and the status.
ask() {
    echo "\$ netarium plugin check $*"
    "$netarium" plugin check "$@" >said 2>err
    status=$?
    grep -v '^  ok ' said | sed 's/\.so+0x[0-9a-f]*/.so+.../'
    cat err
    echo "status $status"
    echo
}

for object in fine no-object missing other-machine wrong-version wrong-size no-symbol builtin-name default-out-of-range no-set unexplained \
    undeclared-parameter clock prints address-order static-state own-memory arms-in-create refuses-late kind-in-event \
    table-allocates table-counts table-without-end keeps-frames gives-back-twice swallows crashes set-crashes endless needs-a-person; do
    ask $object.so
done >findings
{
    ask twin-1.so
    ask twin-2.so --plugin twin-1.so
    ask fine.so --scenario none.json
} >>findings
if "$netarium" plugin check fine.so | grep -q '^  untried *memory'; then
    # A sanitizer has memory of its own, and nobody can ask how much: all but that, and the counts.
    counts='^  (untried|FAULT) *memory|^[0-9]+ fault|^no fault'
    grep -vE "$counts" findings >uncounted
    grep -vE "$counts" "$root/tests/plugins/broken/findings.txt" >expected
    mv uncounted findings
else
    cp "$root/tests/plugins/broken/findings.txt" expected
fi
[ "$3" = --renew ] && cp findings "$root/tests/plugins/broken/findings.txt" && cp findings expected
cmp -s findings expected || complain "the findings differ: $(diff expected findings)"

# --- The same as JSON ---

"$netarium" plugin check static-state.so --json >said
[ $? -eq 1 ] || complain 'a fault is not status 1 with --json'
for words in '"format": "netarium-plugin-check"' '"version": 1' '"plugin": "static-state"' '"check": "variables"' '"verdict": "fault"'; do
    grep -q "$words" said || complain "--json lacks $words: $(cat said)"
done
exit $failed
