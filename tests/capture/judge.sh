#!/bin/sh
# SPDX-License-Identifier: MIT
# Captures of all shipped scenarios, judged by somebody else: tshark with every checksum turned on.
# usage: judge.sh NETARIUM SOURCE_DIR
netarium=$1
source=$2
if ! command -v tshark >/dev/null || ! command -v capinfos >/dev/null; then
    echo "skipped: tshark and capinfos are not here (package tshark)"
    exit 77
fi
work=$(mktemp -d /tmp/netarium-capture-XXXXXX)
trap 'rm -rf "$work"' EXIT
# Each frame is there where it left and where it arrived, so streams are not put together.
checks="-o ip.check_checksum:TRUE -o tcp.check_checksum:TRUE -o udp.check_checksum:TRUE -o eth.check_fcs:TRUE -o tcp.desegment_tcp_streams:FALSE"
failed=0
judged=0

complain() {
    failed=$((failed + 1))
    echo "FAILED: $1: $2"
    echo "$3" | head -20
}

# tshark's words for everything that is wrong; a wrong ICMP checksum is only a warning to it. Bits that a scenario damages on
# purpose arrive with a wrong check sequence, which the capture marks itself.
wrong='(_ws.malformed || _ws.expert.severity >= error || icmp.checksum.status == 0 || eth.fcs.status == 0)'
marked='frame.packet_flags_crc_error == 1'

for file in "$source"/scenarios/*.json; do
    name=$(basename "$file" .json)
    [ "$name" = scenario.schema ] && continue
    judged=$((judged + 1))
    "$netarium" run --quiet --pcap "$work" "$file" >"$work/out" 2>&1
    status=$?
    [ $status -le 1 ] || complain "$name" "netarium ends with status $status" "$(cat "$work/out")"
    capture=$work/$name.pcapng
    info=$(capinfos "$capture" 2>&1) || complain "$name" "capinfos cannot read it" "$info"
    echo "$info" | grep -q 'Strict time order: *True' || complain "$name" "time goes back" "$info"
    echo "$info" | grep -q 'precision = nanoseconds' || complain "$name" "times are not in nanoseconds" "$info"
    echo "$info" | grep -q 'FCS length = 4' || complain "$name" "the check sequence is missing" "$info"
    # shellcheck disable=SC2086
    found=$(tshark -r "$capture" $checks -Y "$wrong && !($marked)" 2>&1 | grep -v '^Running as user')
    [ -z "$found" ] || complain "$name" "tshark finds mistakes" "$found"
    # shellcheck disable=SC2086
    good=$(tshark -r "$capture" $checks -Y 'eth.fcs.status == 1' 2>/dev/null | wc -l)
    all=$(tshark -r "$capture" -Y "!($marked)" 2>/dev/null | wc -l)
    [ "$good" -eq "$all" ] || complain "$name" "only $good of $all check sequences are good" ""
done

# A judge that cannot find anything is no judge: one flipped bit must be found.
first=$(ls "$work"/*.pcapng | head -1)
python=$(command -v python3)
if [ -n "$python" ]; then
    "$python" - "$first" "$work/broken.pcapng" <<'PYTHON'
import struct, sys
data = bytearray(open(sys.argv[1], 'rb').read())
at = 0
while at < len(data):
    kind, total = struct.unpack_from('<II', data, at)
    if kind == 6:
        data[at + 28 + 30] ^= 1
        break
    at += total
open(sys.argv[2], 'wb').write(data)
PYTHON
    # shellcheck disable=SC2086
    found=$(tshark -r "$work/broken.pcapng" $checks -Y "$wrong" 2>/dev/null | wc -l)
    [ "$found" -ge 1 ] || complain "a flipped bit" "is not found" ""
fi
echo "$judged captures judged, $failed complaints"
[ "$judged" -gt 0 ] && [ "$failed" -eq 0 ]
