#!/bin/sh
# SPDX-License-Identifier: MIT
# TCP as tshark sees it from one end: a run without losses must give its analysis nothing to say; in a run with losses it must
# find exactly the segments that the run reports as sent again, with the same sequence numbers.
# usage: tcp.sh NETARIUM SOURCE_DIR
netarium=$1
source=$2
if ! command -v tshark >/dev/null; then
    echo "skipped: tshark is not here"
    exit 77
fi
work=$(mktemp -d /tmp/netarium-tcp-XXXXXX)
trap 'rm -rf "$work"' EXIT
checks="-o ip.check_checksum:TRUE -o tcp.check_checksum:TRUE -o tcp.relative_sequence_numbers:FALSE"
failed=0
judged=0

complain() {
    failed=$((failed + 1))
    echo "FAILED: $1: $2"
    echo "$3" | head -20
}

# Captures the run and keeps what one interface saw.
capture() { # scenario, interface
    name=$(cd "$source/scenarios" && ls | grep "^$1")
    "$netarium" run --quiet --pcap "$work" "$source/scenarios/$name" >"$work/out" 2>&1
    [ $? -le 1 ] || complain "$1" "netarium cannot run it" "$(cat "$work/out")"
    tshark -r "$work/${name%.json}.pcapng" -Y "frame.interface_name == \"$2\" && !(frame.comment contains \"dropped at\")" \
        -w "$work/one.pcapng" 2>/dev/null
    judged=$((judged + 1))
}

# What tshark says about the one interface: fields of the frames that fit.
ask() { # filter, field
    # shellcheck disable=SC2086
    tshark -r "$work/one.pcapng" $checks -Y "$1" -T fields -e "$2" 2>/dev/null
}

# Nothing is lost: nothing to be remarked.
clean() { # scenario, interface
    capture "$1" "$2"
    found=$(ask tcp.analysis.flags frame.number)
    [ -z "$found" ] || complain "$1 at $2" "tcp.analysis flags frames" "$found"
    [ -n "$(ask tcp tcp.seq)" ] || complain "$1 at $2" "there is no TCP in it" ""
}

# The sequence numbers that were sent again, as tshark and as the run have them. Where a frame ended is not what its sender sees; a
# segment that is sent again soon is "out of order" to tshark.
lossy() { # scenario, interface, who sends
    capture "$1" "$2"
    ask 'tcp.analysis.retransmission || tcp.analysis.fast_retransmission || tcp.analysis.spurious_retransmission ||
        tcp.analysis.out_of_order' tcp.seq |
        sort >"$work/found"
    "$netarium" run --quiet --trace "tcp.retransmit at $3" "$source/scenarios/$name" 2>/dev/null |
        sed -n 's/.* from \([0-9]*\) again.*/\1/p' | sort >"$work/told"
    [ -s "$work/told" ] || complain "$1 at $2" "the run reports nothing sent again" ""
    cmp -s "$work/found" "$work/told" || complain "$1 at $2" "found (<) is not what was told (>)" "$(diff "$work/found" "$work/told")"
}

clean 35 client:eth0
clean 35 server:eth0
clean 38 amy:eth0
clean 39 client:eth0
clean 39 server:eth0
lossy 36 client:eth0 client
lossy 40 r:eth1 client
lossy 41 ann:eth0 ann
lossy 41 amy:eth0 amy
lossy 44 client:eth0 client

echo "$judged captures judged, $failed complaints"
[ "$failed" -eq 0 ]
