#!/bin/sh
# SPDX-License-Identifier: MIT
# Draws the reference pictures and compares them, as SVG, letter by letter; with --renew they are written anew.
#
#     run.sh NETARIUM SCENARIOS [--renew]
#
# A layout counts in hundredths of a pixel with fixed arithmetic and measures text without a font, so that the pictures are the
# same on every machine. Whoever changes one looks at it: netarium draw ... -o look.png
netarium=$1
scenarios=$2
here=$(cd "$(dirname "$0")" && pwd)
place=$(mktemp -d) || exit 1
trap 'rm -rf "$place"' EXIT
failed=0
while read -r name scenario options; do
    case $name in '' | '#'*) continue ;; esac
    # shellcheck disable=SC2086
    if ! "$netarium" draw "$scenarios/$scenario.json" $options --size 1000x600 -o "$place/$name.svg"; then
        failed=1
    elif [ "$3" = --renew ]; then
        cp "$place/$name.svg" "$here/$name.svg"
    elif ! cmp "$place/$name.svg" "$here/$name.svg"; then
        echo "$name.svg differs: look at it, then run.sh NETARIUM SCENARIOS --renew"
        failed=1
    fi
done <"$here/cases"
exit $failed
