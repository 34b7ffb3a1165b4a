#!/bin/sh
# SPDX-License-Identifier: MIT
# Scripts for the stepping terminal, and what they print word for word.
# usage: run.sh [--renew] NETARIUM SOURCE_DIR
renew=no
if [ "$1" = --renew ]; then
    renew=yes
    shift
fi
netarium=$(realpath "$1")
source=$(realpath "$2")
work=$(mktemp -d /tmp/netarium-step-XXXXXX)
trap 'rm -rf "$work"' EXIT
unset COLUMNS NO_COLOR
checked=0
failed=0
cp -r "$source/scenarios" "$source"/tests/step/*.json "$work/"
cd "$work" || exit 99

for script in "$source"/tests/step/*.step; do
    name=$(basename "$script" .step)
    scenario=$(sed -n '1s/^# //p' "$script")
    checked=$((checked + 1))
    "$netarium" step "$scenario" --script "$script" >out 2>&1 </dev/null
    status=$?
    sed -i "/^memory  /d" out # sizes are a matter of the machine
    echo "exit status $status" >>out
    if [ -f "$source/tests/step/$name.says" ]; then
        # what it must say, wherever lines are broken and whatever else it says
        tr -s ' \n' '  ' <out >flat
        while read -r words; do
            grep -qF -- "$words" flat && continue
            failed=$((failed + 1))
            echo "FAILED: $name.step does not say: $words"
            cat out
        done <"$source/tests/step/$name.says"
    elif [ "$renew" = yes ]; then
        cp out "$source/tests/step/$name.txt"
    elif ! diff -u "$source/tests/step/$name.txt" out; then
        failed=$((failed + 1))
        echo "FAILED: $name.step prints something else than $name.txt"
    fi
done
echo "$checked checked, $failed failed"
[ $failed -eq 0 ] && [ $checked -gt 0 ]
