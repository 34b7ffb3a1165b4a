#!/bin/sh
# SPDX-License-Identifier: MIT
# The player must fail when it should: a script that says something untrue is not passed, and the sentence says where.
player=$1
place=$(mktemp -d) || exit 1
trap 'rm -rf "$place"' EXIT
failed=0

# refuses WORDS: the script on standard input does not pass, and the reason contains WORDS.
refuses() {
    cat >"$place/script.pkt"
    if "$player" "$place/script.pkt" >"$place/said"; then
        echo "passed, but should not: $1"
        failed=1
    elif ! grep -q -F -e "$1" "$place/said"; then
        echo "expected '$1', but it said:"
        cat "$place/said"
        failed=1
    fi
}

refuses ':2: there is no call' <<'X'
0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
+0 dance(3) = 0
X
refuses ":2: expected socket to return 5 , but it returned 4" <<'X'
0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
+0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 5
X
refuses 'nothing was sent until' <<'X'
0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
+1 > S 0:0(0)
X
refuses 'which the script does not expect' <<'X'
0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
+0 connect(3, ..., ...) = -1 EINPROGRESS
X
refuses 'but it was sent at' <<'X'
0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
+0 connect(3, ..., ...) = -1 EINPROGRESS
+.1 > S 0:0(0)
X
refuses 'expected "S. 0:0(0)"' <<'X'
0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
+0 connect(3, ..., ...) = -1 EINPROGRESS
+0 > S. 0:0(0)
X
refuses 'expected snd_cwnd(3) == 1000' <<'X'
0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
+0 connect(3, ..., ...) = -1 EINPROGRESS
+0 > S 0:0(0)
+.1 < S. 0:0(0) ack 1 win 1000 <mss 1000>
+0 > . 1:1(0) ack 1
+0 assert snd_cwnd(3) == 1000
X
refuses "'Q' is no flag" <<'X'
0 < Q 0:0(0)
X
refuses 'time does not go back' <<'X'
1 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
.5 close(3) = 0
X
refuses 'there is no setting' <<'X'
sysctl net.ipv4.tcp_sock=1
0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
X
exit $failed
