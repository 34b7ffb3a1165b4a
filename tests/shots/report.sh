#!/bin/sh
# SPDX-License-Identifier: MIT
# A report says what was expected and how it turned out, shows pictures, and needs nothing else:  report.sh NETARIUM SCENARIOS
netarium=$1
place=$(mktemp -d) || exit 1
trap 'rm -rf "$place"' EXIT
failed=0

# has FILE WORDS
has() {
    grep -q -- "$2" "$1" || {
        echo "the report does not say: $2"
        failed=1
    }
}

page=$place/report.html
"$netarium" draw "$2/40-tcp-one-loss.json" --view report -o "$page" || exit 1
has "$page" '<h1>One segment lost</h1>'
has "$page" '>holds</td><td><code>count(tcp.retransmit at client) == 1</code></td>'
has "$page" '<h2>What happened</h2>'
has "$page" 'map: the network'
has "$page" 'tcp: a TCP connection'
has "$page" '</body></html>'
if grep -E -q '(src|href)=|https?://[^w]|@import' "$page"; then
    echo "the report needs something from elsewhere"
    failed=1
fi
if [ -n "$(grep -o 'clipPath id="[a-z0-9]*"' "$page" | sort | uniq -d)" ]; then
    echo "two pictures of the report share a name"
    failed=1
fi
"$netarium" draw "$2/40-tcp-one-loss.json" --view report --set 'expect[0]=count(tcp.retransmit) == 7' -o "$page" &&
    has "$page" 'DOES NOT HOLD'
"$netarium" draw "$2/40-tcp-one-loss.json" --view report -o "$place/report.pdf" 2>"$place/said"
case $?-$(cat "$place/said") in
    0-*) has "$place/report.pdf" '%%EOF' ;;
    2-*'needs a build with cairo'*) ;;
    *)
        echo "the PDF: $(cat "$place/said")"
        failed=1
        ;;
esac
exit $failed
