#!/bin/sh
# SPDX-License-Identifier: MIT
# What draw cannot do it says in one sentence, and leaves no file behind:  refusals.sh NETARIUM SCENARIOS
netarium=$1
file=$2/06-two-talk-at-once.json
place=$(mktemp -d) || exit 1
trap 'rm -rf "$place"' EXIT
failed=0

# refuses SENTENCE OPTION...
refuses() {
    sentence="netarium: $1"
    shift
    said=$("$netarium" draw "$file" "$@" 2>&1)
    status=$?
    if [ $status -ne 2 ] || [ "$said" != "$sentence" ]; then
        printf 'draw %s\nexpected %s\nstatus %d: %s\n' "$*" "$sentence" $status "$said"
        failed=1
    fi
    if [ -n "$(ls "$place")" ]; then
        echo "left a file behind: draw $*"
        rm -f "$place"/*
        failed=1
    fi
}

out=$place/x.svg
refuses 'draw needs --view; netarium help draw shows which there are' -o "$out"
refuses 'there is no view "maps"; did you mean "map"?' --view maps -o "$out"
refuses 'draw needs -o FILE: a name that ends in .svg, .png or .pdf' --view map
refuses '"x.gif" must end in .svg, .png or .pdf, so that it is known what to write' --view map -o x.gif
refuses '--size is two numbers of pixels, as in 1200x700, from 200x120 to 8000x8000, not "big"' --view map --size big -o "$out"
refuses '--span is two times, the first the earlier, as in 0s..20ms, not "5s"' --view ladder --span 5s -o "$out"
refuses '--span is two times, the first the earlier, as in 0s..20ms, not "2s..1s"' --view ladder --span 2s..1s -o "$out"
refuses "$place/none/x.svg cannot be written: No such file or directory" --view map -o "$place/none/x.svg"
refuses 'there is no node called "wset"; did you mean "west"?' --view map --node wset -o "$out"
refuses 'there is no node called "nobody"; known: west, mid, east, coax' --view ladder --between west,nobody -o "$out"
refuses 'the run covers 0 s to 50 ms; there is nothing at 9 s' --view map --at 9s -o "$out"
refuses '"x.svg" must end in .pdf or .html, so that it is known what to write' --view report -o x.svg
refuses '--view report does not heed --at: it shows all of the run on pages of one size' --view report --at 1ms -o "${out%.svg}.html"
refuses 'no TCP connection sends anything in this run' --view tcp -o "$out"
refuses 'no frame ever waited for a cable in this run' --view queue -o "$out"
refuses '--view map does not heed --flow; these do: ladder, tcp, sequence, state' --view map --flow west -o "$out"
refuses '--view tables does not heed --span; these do: ladder, segment, tcp, sequence, queue, utilisation, state' --view tables --span 0s..1s -o "$out"
refuses 'no TCP connection sends anything in this run' --view ladder --flow west -o "$out"
refuses 'there is no node called "wets"; did you mean "west"?' --view ladder --between wets,east -o "$out"
refuses 'frame 999 has not been sent by then; the last one is 2' --view packet --frame 999 -o "$out"

file=$2/46-tcp-fairness.json
them='there are those of ann, amy, zoe, server (3)'
nearest='did you mean "10.0.1.2:62551 > 10.0.9.2:1001" of ann?'
for view in tcp sequence ladder state; do
    refuses "no TCP connection is called \"ane\"; $nearest $them" --view $view --flow ane -o "$out"
done
refuses "no TCP connection is called \"10.0.1.2:62552\"; $nearest $them" --view tcp --flow amy,10.0.1.2:62552 -o "$out"
refuses "no TCP connection is called \"nobody\"; $them" --view tcp --flow amy --flow nobody -o "$out"
refuses 'no further TCP connection is called "amy"' --view tcp --flow amy,amy -o "$out"
refuses 'no TCP connection of r sends anything; there are those of ann, amy, zoe, server (3)' --view tcp --node r -o "$out"
refuses 'the run covers 0 s to 24 s; there is nothing at 30 s' --view tcp --span 30s..40s -o "$out"

# What is drawn only in part says so.
said=$("$netarium" draw "$file" --view tcp --span 20s..40s -o "$out" 2>&1)
if [ "$said" != 'netarium: the run covers 0 s to 24 s; the picture ends there' ]; then
    echo "a span beyond the end of the run: $said"
    failed=1
fi
rm -f "$out"
file=$2/06-two-talk-at-once.json

# A picture that was there before is still there, and whole, when a new one is refused.
printf 'an older picture' >"$out"
"$netarium" draw "$file" --view tcp -o "$out" 2>/dev/null
if [ "$(cat "$out" 2>/dev/null)" != 'an older picture' ]; then
    echo 'a drawing that was refused has touched the picture that was there'
    failed=1
fi
exit $failed
