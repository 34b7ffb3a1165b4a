#!/bin/sh
# SPDX-License-Identifier: MIT
# The window without a screen: every scenario is opened, played to its end, turned back to 0 and to the middle; the digest at the end
# must be that of a run without a window. Then what a person gets wrong.
#
# The whole window at some instants, as SVG, is compared letter by letter with shots/; with --renew these are written anew.
#
#     run.sh NETARIUM-GUI NETARIUM SCENARIOS [--renew]
gui=$1
netarium=$2
scenarios=$3
place=$(mktemp -d) || exit 1
trap 'rm -rf "$place"' EXIT
export XDG_DATA_HOME="$place" XDG_RUNTIME_DIR="$place"
failed=0
# What fontconfig and SDL keep until the end is theirs.
printf "leak:libfontconfig\nleak:libSDL2\nleak:libcairo\nleak:libX11\nleak:libdbus\n" >"$place/suppressions"
export LSAN_OPTIONS="suppressions=$place/suppressions:print_suppressions=0"

say() {
    echo "$*"
    failed=1
}

cat >"$place/keys" <<'X'
key End
key Home
key Shift+Right
key Right
key Left
key F11
key Ctrl+T
key F11
key Space
wait 64
key Space
key F1
key Escape
compare
key End
compare
digest
X
for file in "$scenarios"/[0-9]*.json; do
    name=$(basename "$file" .json)
    case $name in
    09-24-stations | 32-thousand-routers | 4[4-9]-* | 50-*) continue ;; # more than the window looks ahead when it opens
    esac
    "$gui" "$file" --script "$place/keys" --size 800x500 >"$place/said" || say "$name: the window ends with $?"
    shown=$(grep '^digest' "$place/said")
    [ "$(grep -c '^as from nothing, [1-9]' "$place/said")" -eq 2 ] || say "$name: no region was drawn alone"
    run=$("$netarium" run "$file" --quiet 2>/dev/null | sed -n 's/^digest *//p')
    [ "$shown" = "digest $run" ] || say "$name: the window ends with \"$shown\", a run with $run"
done

# By keys alone: the second cable loses every other frame, that is undone and done again; a panel gets another view, which is remembered.
# What is drawn in parts is what a drawing from nothing would be.
printf 'key End\ndigest\nkey Home\nkey Shift+A\nkey M\ncompare\nkey Down\nkey Down\nkey Down\nkey Return\nkey End\ndigest\nkey Ctrl+Z\nkey End\ndigest\n' >"$place/keys"
printf 'key Ctrl+Shift+Z\nkey End\ndigest\nkey Tab\nkey V\nkey Down\nkey Return\ncompare\nhover 80 200\ncompare\nkey Alt+Left\nkey Z\ncompare\n' >>"$place/keys"
"$gui" "$scenarios/01-two-hosts.json" --script "$place/keys" >"$place/said" || say 'menus by keys fail'
sed -n 's/^digest //p' "$place/said" | tr '\n' ' ' | awk '{ exit !($1 != $2 && $1 == $3 && $2 == $4) }' ||
    say "loss by keys, undone and done again: $(cat "$place/said")"
grep -q '^panel 2 segment$' "$place"/*/*/window || say 'the view of a panel is not remembered'
rm -f "$place"/*/*/window

# reference NAME SCENARIO KEYS: the window after these keys.
here=$(cd "$(dirname "$0")" && pwd)
renew=$4
reference() {
    { printf "$3"; printf 'shot %s/%s.svg\n' "$place" "$1"; } >"$place/to-shot"
    # A person whose settings are as they come.
    XDG_DATA_HOME="$place/as-it-comes-$1" "$gui" "$scenarios/$2.json" --script "$place/to-shot" --size 1280x760 || say "$1: the window ends with $?"
    if [ "$renew" = --renew ]; then
        cp "$place/$1.svg" "$here/shots/$1.svg"
    else
        cmp "$place/$1.svg" "$here/shots/$1.svg" || say "$1.svg differs: look at it, then run.sh ... --renew"
    fi
}
reference coax 06-two-talk-at-once 'key End\nkey Home\nkey Shift+Right\nkey Shift+Right\n'
reference one-loss 40-tcp-one-loss 'key End\nkey Home\nkey Shift+Right\nkey Shift+Right\nkey Shift+Right\nkey Shift+Right\nkey Shift+Right\nkey Shift+Right\nkey Left\nkey Left\n'
reference back-row 40-tcp-one-loss 'key End\nkey Home\nkey Shift+Right\nkey Shift+Right\nkey Shift+Right\nkey F11\nkey Ctrl+T\n'
reference learning 12-bridge-learns 'key End\nkey Home\nkey Shift+Right\nkey Shift+Right\nkey T\n'

# refuses STATUS SENTENCE WORD...
refuses() {
    sentence=$1
    shift
    said=$("$gui" "$@" 2>&1)
    status=$?
    [ $status -eq 2 ] && [ "$said" = "netarium-gui: $sentence" ] || say "$*: expected \"$sentence\", status $status: $said"
}

printf 'key Space\njump 3\n' >"$place/wrong"
refuses '--shape means nothing here; see netarium-gui --help' --shape x
refuses '--script needs a value' --script
refuses 'there is no theme "pink"; there are light, dark and print' --theme pink
refuses "$place/none cannot be read" --script "$place/none"
refuses 'line 2 of the script: "jump 3" is no step; there are key, type, click, double, right, press, move, release, hover, wait, shot, compare, pace, digest' --script "$place/wrong"
said=$(SDL_VIDEODRIVER=x11 DISPLAY=:4711 "$gui" 2>&1)
[ $? -eq 2 ] && echo "$said" | grep -q 'no window can be opened here' || say "no display: $said"

# A storm of a million frames: keys are answered, and it is printed how soon.
printf 'pace\nkey Space\nwait 300\nkey Space\nkey Shift+Right\nkey Left\nkey F\nkey End\nkey Left\ncompare\npace\n' >"$place/keys"
"$gui" "$(dirname "$0")/storm.json" --script "$place/keys" --size 1280x720 || say 'a storm ends the window'

if [ -c /dev/full ]; then
    printf 'digest\n' >"$place/keys"
    "$gui" "$scenarios/01-two-hosts.json" --script "$place/keys" >/dev/full 2>/dev/null
    [ $? -eq 3 ] || say 'a full disk is not said'
fi

# A machine without fonts.
echo '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>/nonexistent</dir></fontconfig>' >"$place/fonts.conf"
printf 'key Shift+Right\nshot %s/plain.png\n' "$place" >"$place/keys"
FONTCONFIG_FILE="$place/fonts.conf" "$gui" "$scenarios/40-tcp-one-loss.json" --script "$place/keys" || say 'no fonts: the window ends'
[ -s "$place/plain.png" ] || say 'no picture without fonts'

# What is no scenario at all, and a window larger than any screen.
printf 'key Right\nkey Ctrl+R\nkey Escape\nkey Return\n' >"$place/keys"
for file in . /dev/null "$gui" "$place/none.json"; do
    "$gui" "$file" --script "$place/keys" || say "$file ends the window"
done
"$gui" "$scenarios/01-two-hosts.json" --script "$place/keys" --size 8000x8000 || say 'a large window ends'

# A broken file shows its mistakes, and the window lives on.
echo '{' >"$place/broken.json"
printf 'shot %s/broken.png\nkey Escape\nkey Return\nkey Right\nshot %s/again.png\n' "$place" "$place" >"$place/keys"
"$gui" "$place/broken.json" --scenarios "$scenarios" --script "$place/keys" || say 'a broken file ends the window'
[ -s "$place/broken.png" ] && [ -s "$place/again.png" ] || say 'no pictures of a broken file'
exit $failed
