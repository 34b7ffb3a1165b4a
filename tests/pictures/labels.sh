#!/bin/sh
# SPDX-License-Identifier: MIT
# Every picture of every shipped scenario: no text too small, none cut off, none over another.   labels.sh CHECK_LABELS SCENARIOS
set -e
files=
for file in "$2"/*.json; do
    case $file in *schema.json) continue ;; esac
    files="$files $file"
done
# shellcheck disable=SC2086
exec "$1" $files
