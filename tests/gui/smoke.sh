#!/bin/sh
# SPDX-License-Identifier: MIT
# A real window: opened on a screen of its own, clicked, typed at, resized, and looked at.  smoke.sh NETARIUM-GUI SCENARIOS
#
# Exit status 77, skipped: this machine has no Xvfb or no xdotool.
gui=$1
scenarios=$2
for tool in Xvfb xdotool xwd; do
    command -v $tool >/dev/null 2>&1 || { echo "skipped: no $tool here"; exit 77; }
done
place=$(mktemp -d) || exit 1
export XDG_DATA_HOME="$place" XDG_RUNTIME_DIR="$place" SDL_VIDEODRIVER=x11 ASAN_OPTIONS="$ASAN_OPTIONS:detect_leaks=0"
Xvfb -displayfd 3 -screen 0 1400x900x24 3>"$place/display" 2>/dev/null &
server=$!
window=
trap 'kill $window $server 2>/dev/null; wait 2>/dev/null; rm -rf "$place"' EXIT
waited=0
while [ ! -s "$place/display" ] && [ $waited -lt 100 ]; do
    sleep 0.1
    waited=$((waited + 1))
done
[ -s "$place/display" ] || { echo 'skipped: Xvfb does not start here'; exit 77; }
DISPLAY=:$(cat "$place/display")
export DISPLAY
"$gui" --scenarios "$scenarios" --size 1200x760 &
window=$!
failed=0

say() {
    echo "$*"
    failed=1
}

# changes WHAT COMMAND...: the picture is another one soon after.
look() {
    xwd -silent -id "$id" 2>/dev/null | cksum
}
changes() {
    what=$1
    shift
    before=$(look)
    "$@"
    tries=0
    while [ "$(look)" = "$before" ]; do
        tries=$((tries + 1))
        [ $tries -lt 100 ] || { say "$what changes nothing"; return; }
        sleep 0.1
    done
    kill -0 $window 2>/dev/null || say "$what ends the window"
}

id=$(timeout 30 xdotool search --sync --name '^Netarium$' | head -1)
[ -n "$id" ] || { say 'no window comes'; exit 1; }
xdotool windowfocus --sync "$id"
changes 'an arrow on the start page' xdotool key --window "$id" Right
changes 'a click on a card' xdotool mousemove --window "$id" 200 180 click 1
changes 'stepping' xdotool key --window "$id" shift+Right
changes 'stepping back' xdotool key --window "$id" Left
changes 'F11' xdotool key --window "$id" F11
changes 'all keys' xdotool key --window "$id" F1
xdotool key --window "$id" F1
changes 'asking for a query' xdotool key --window "$id" b
LC_ALL=C.UTF-8 xdotool type --window "$id" --delay 20 'frame.rx'
changes 'a query' xdotool key --window "$id" Return
changes 'another size' xdotool windowsize --sync "$id" 900 600
changes 'a click on the scrubber' xdotool mousemove --window "$id" 500 545 click 1
xdotool key --window "$id" ctrl+q 2>/dev/null
tries=0
while kill -0 $window 2>/dev/null && [ $tries -lt 100 ]; do
    sleep 0.1
    tries=$((tries + 1))
done
kill -0 $window 2>/dev/null && say 'Ctrl+Q does not close it'
exit $failed
