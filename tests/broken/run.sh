#!/bin/sh
# SPDX-License-Identifier: MIT
# Every broken scenario of this folder, and what `netarium check` says of it, word for word.
# usage: run.sh NETARIUM           compares NN-what.json with NN-what.txt
#        run.sh NETARIUM --renew   writes the NN-what.txt anew; read the difference before committing it
netarium=$(realpath "$1")
renew=$2
work=$(mktemp -d "${TMPDIR:-/tmp}/netarium-broken-XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$(dirname "$0")" || exit 99
unset COLUMNS NO_COLOR
passed=0
failed=0

fail() {
    failed=$((failed + 1))
    echo "$1"
}

# what FILE WANTED: `check` refuses FILE with exit status 2, says nothing on standard output, and on standard error
# exactly what the file WANTED holds.
refuses() {
    "$netarium" check "$1" >"$work/out" 2>"$work/err" </dev/null
    status=$?
    if [ "$status" -ne 2 ]; then
        fail "$1: exit status is $status, not 2"
    elif [ -s "$work/out" ]; then
        fail "$1: something is on standard output"
    elif ! diff -u "$2" "$work/err" >"$work/diff" 2>&1; then
        fail "$1: the words are not those of $2"
        sed 's/^/    /' "$work/diff"
    else
        passed=$((passed + 1))
    fi
}

if [ "$renew" = --renew ]; then
    for file in *.json; do
        "$netarium" check "$file" >/dev/null 2>"${file%.json}.txt" </dev/null
    done
fi

for file in *.json; do
    refuses "$file" "${file%.json}.txt"
done

# What cannot be kept as a file of this folder.
printf '%s\n' '.: this is a directory; expected a scenario file such as scenario.json' '1 mistake, 0 warnings in .' \
    >"$work/wanted"
refuses . "$work/wanted"
printf '%s\n' 'no-such.json: there is no such file' '1 mistake, 0 warnings in no-such.json' >"$work/wanted"
refuses no-such.json "$work/wanted"

# A bomb of brackets: ten megabytes of them, refused at the first that is too deep.
head -c 10000000 /dev/zero | tr '\0' '[' >"$work/bomb.json"
"$netarium" check "$work/bomb.json" >"$work/out" 2>"$work/err" </dev/null
status=$?
if [ "$status" -eq 2 ] && [ "$(wc -c <"$work/err")" -lt 1000 ]; then
    passed=$((passed + 1))
else
    fail "bomb.json: exit status $status, $(wc -c <"$work/err") bytes of words"
fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
