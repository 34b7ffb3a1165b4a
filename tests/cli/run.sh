#!/bin/sh
# SPDX-License-Identifier: MIT
# The executable as a person meets it: exit statuses, what goes to which stream, and what happens when the world is not kind.
# usage: run.sh NETARIUM SOURCE_DIR
netarium=$(realpath "$1")
source=$2
two=$source/scenarios/01-two-hosts.json
work=$(mktemp -d /tmp/netarium-cli-XXXXXX)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work" || exit 99
unset COLUMNS NO_COLOR
failed=0
checked=0

fail() {
    failed=$((failed + 1))
    echo "FAILED: $what"
    echo "        $1"
    sed 's/^/        | /' err out 2>/dev/null | head -20
}

# what "does this" STATUS command...: runs it with its streams in out and err
what() {
    what=$1
    wanted=$2
    shift 2
    checked=$((checked + 1))
    "$@" >out 2>err </dev/null
    got=$?
    [ "$got" -eq "$wanted" ] || fail "exit status is $got, not $wanted"
}
says() { grep -qF -- "$1" err || fail "standard error does not say: $1"; }
prints() { grep -qF -- "$1" out || fail "standard output does not say: $1"; }
prints_not() { if grep -qF -- "$1" out; then fail "standard output says: $1"; fi; }
is_silent() { [ ! -s "$1" ] || fail "$1 is not empty"; }
exists() { [ -s "$1" ] || fail "there is no $1"; }
exists_not() { [ ! -e "$1" ] || fail "there is a $1"; }

if ! "$netarium" version >/dev/null 2>err; then
    echo "netarium does not even start:"
    cat err
    exit 1
fi

# ---- Without a run ----
what "no words at all: an overview on standard error" 2 "$netarium"
says "netarium help"
is_silent out
what "help: the overview" 0 "$netarium" help
prints "run FILE [options]"
is_silent err
what "--help is help" 0 "$netarium" --help
prints "run FILE [options]"
what "run --help: its options" 0 "$netarium" run --help
prints "--until T"
what "help run: the same" 0 "$netarium" help run
prints "--until T"
what "help on a node: its parameters and tables" 0 "$netarium" help node host
prints "address"
prints "arp"
what "help on a command of hosts" 0 "$netarium" help ping
prints "-c"
what "help on a command of every node" 0 "$netarium" help corrupt
prints "--bit"
what "help on a cable: with the commands of every node" 0 "$netarium" help node link
prints "duplicate"
what "list apps: with the commands of every node" 0 "$netarium" list apps
prints "changes a parameter that may change while it runs"
what "help on what is not" 2 "$netarium" help node hosst
says "there is no help on hosst; did you mean host?"
what "version" 0 "$netarium" version
prints "netarium "
what "--version" 0 "$netarium" --version
prints "netarium "
what "list: all lists" 0 "$netarium" list
prints "host"
prints "ping"
prints "frame.tx"
what "list kinds: with clauses" 0 "$netarium" list kinds
prints "arp.request"
prints "RFC 826"
prints_not "a cable between"
what "list what is not" 2 "$netarium" list potatoes
says "there is no list of potatoes; there are nodes, apps, parts, kinds, and each kind of part: queue, impair, congestion"
what "schema: JSON" 0 "$netarium" schema
prints '"$schema"'

# ---- Wrong words ----
what "an unknown subcommand with what was meant" 2 "$netarium" rnu "$two"
says "netarium: there is no subcommand rnu; did you mean run?"
what "a file for a subcommand" 2 "$netarium" "$two"
says "did you mean: netarium run"
what "an unknown option with what was meant" 2 "$netarium" run "$two" --sead 3
says "netarium run: there is no option --sead; did you mean --seed?"
is_silent out
what "an option without its value" 2 "$netarium" run "$two" --until
says "--until needs a value: --until T"
what "a switch with a value" 2 "$netarium" run "$two" --why=much
says "--why takes no value"
what "a time that is none" 2 "$netarium" run "$two" --until soon
says "--until: "
what "several mistakes at once" 2 "$netarium" run "$two" --sead 3 --wy
says "--sead"
says "--wy"
what "no file" 2 "$netarium" run
says "run needs a scenario file: netarium run FILE [options]"
what "two files" 2 "$netarium" run "$two" other.json
says "run does not know what to do with other.json"
what "a wrong query of --trace with a caret" 2 "$netarium" run "$two" --trace 'frame.tx at nobody'
says "frame.tx at nobody"
says "^"
is_silent out

# ---- Wrong files ----
what "a file that is not there" 2 "$netarium" run nothing.json
says "nothing.json"
is_silent out
mkdir folder.json
what "a folder as file" 2 "$netarium" run folder.json
says "folder.json"
: >empty.json
what "an empty file" 2 "$netarium" check empty.json
says "empty.json"
is_silent out
sed 's,"10.0.0.2/24","10.0.0.2/24"\, "gateway": "10.9.9.9",' "$two" >twice.json
what "what only the whole network shows" 2 "$netarium" run twice.json
says "10.9.9.9"
is_silent out
sed 's/frame.drop/frme.drop/' "$two" >query.json
what "a wrong expectation is found before time starts" 2 "$netarium" run query.json
says "frme.drop"
says "    ^"
is_silent out
what "check finds it too" 2 "$netarium" check query.json
says "1 mistake, 0 warnings"
what "check a good file" 0 "$netarium" check "$two"
prints "01-two-hosts.json: fine: 2 hosts, 1 link, 1 action, 2 expectations"
is_silent err
what "check some of each" 2 "$netarium" check "$two" query.json
prints "fine"
says "query.json"

# ---- A run ----
what "the run: four replies, both expectations, a digest" 0 "$netarium" run "$two"
prints 'alice$ ping -c 4 bob'
prints "4 packets transmitted, 4 received, 0% packet loss"
prints "OK      alice.ping.received == 4"
prints "sent 10 = delivered 10 + dropped 0 + held 0"
is_silent err
[ "$(grep -c 'bytes from' out)" -eq 4 ] || fail "there are not four replies"
[ "$(awk '{ if (length > 80) n++ } END { print n + 0 }' out)" -eq 0 ] || fail "lines are wider than 80"
if grep -q "$(printf '\033')" out; then fail "there is colour without a terminal"; fi
grep '^digest' out >digest
what "options before the file" 0 "$netarium" run --quiet "$two"
prints_not 'alice$'
cmp -s digest digest.quiet 2>/dev/null || grep '^digest' out >digest.quiet
cmp -s digest digest.quiet || fail "the digest changes when nobody listens"
what "-- ends options" 0 "$netarium" run --quiet -- "$two"
what "another seed, another digest" 0 "$netarium" run --quiet --seed 7 "$two"
prints "seed 7"
grep '^digest' out >digest.seed
if cmp -s digest digest.seed; then fail "the digest is the same"; fi
what "an expectation that does not hold" 1 "$netarium" run --until 2.5s "$two"
prints "FAILED"
prints "simulated 2.5 s"
what "--set" 0 "$netarium" run --quiet --set 'links[0].rate=1Mbps' "$two"
what "--set something that is not" 2 "$netarium" run --set 'nodes.alice.adress=10.0.0.9/24' "$two"
says "adress"
what "too little memory" 2 "$netarium" run --memory 10 "$two"
says "--memory"

# ---- Views ----
what "--trace behind the file" 0 "$netarium" run "$two" --quiet --trace
prints "1.000000000 alice:eth0 Out  ARP, Request who-has 10.0.0.2 tell 10.0.0.1, length 46"
[ "$(grep -c ' Out ' out)" -eq 10 ] || fail "there are not ten frames"
what "--trace before the file" 0 "$netarium" run --quiet --trace "$two"
prints " Out  ARP, Request"
what "--trace QUERY before the file" 0 "$netarium" run --quiet --trace arp "$two"
prints "arp.request"
prints_not " Out "
what "--trace=QUERY with a place" 0 "$netarium" run --quiet "--trace=frame.rx at bob" "$two"
[ "$(grep -c ' In ' out)" -eq 5 ] || fail "bob does not receive five frames"
prints_not "alice:eth0 In"
what "--why explains each frame" 0 "$netarium" run --quiet --why "$two"
[ "$(grep -c ' sends frame ' out)" -eq 10 ] || fail "there are not ten sentences"
[ "$(grep ' sends frame ' out | grep -c because)" -eq 10 ] || fail "some frame has no cause"
prints 'somebody typed "ping -c 4 bob" on alice'
what "--why tells the story of one loss, in numbers that can be checked" 0 "$netarium" run --quiet --why \
    "$source/scenarios/40-tcp-one-loss.json"
prints "lost as the scenario has chosen (IP 10.0.1.2.62615 > 10.0.2.2.9: Flags [.], seq 27513:28961,"
prints "a duplicate ACK: something is missing, or late [RFC 5681 section 3.2], because client 10.0.1.2:62615 > 10.0.2.2:9: duplicate ACK number 1, for 27513"
prints "with 28960 B in flight and 1448 B in a segment. 3rd duplicate ACK: ssthresh = max(FlightSize/2, 2 MSS) = 14 480, RFC 5681 (4)"
prints "cwnd 28960 B -> 18824 B. fast recovery: cwnd = ssthresh + 3 MSS, RFC 5681 section 3.2 step 3"
prints "sends 1448 B from 27513 again"
prints "full ACK: cwnd = min(ssthresh, max(FlightSize, MSS) + MSS), RFC 6582 section 3.2 step 3"
what "--why shows every packet at a NAT before and after, with its binding" 0 "$netarium" run --quiet --why \
    "$source/scenarios/24-behind-nat.json"
[ "$(grep -c '  home rewrites .*: binding [123] .*because frame [0-9]* arrived from' out)" -eq 10 ] ||
    fail "there are not ten packets rewritten"
prints "home rewrites 10.0.0.1:3345 to 138.76.29.7:5001: binding 1 [RFC 4787 REQ-1], because frame 1 arrived from sw"
prints "home rewrites 138.76.29.7:5001 to 10.0.0.1:3345: binding 1 [RFC 3022 2.2], because frame 11 arrived from isp"
what "help on TCP: the profiles side by side" 0 "$netarium" help tcp
prints "net.ipv4.tcp_sack                         1 (yes)     1 (yes)      0 (no)"
what "help on a congestion control" 0 "$netarium" help cubic
prints "congestion cubic:"
what "list of congestion controls" 0 "$netarium" list congestion
prints "reno"
what "the digest with every view is the digest without" 0 "$netarium" run --trace --why --pcap all --csv all \
    --report all.json --junit all.xml "$two"
grep '^digest' out | cmp -s - digest || fail "the digest is another one"
exists all/01-two-hosts.pcapng
exists all.json
exists all.xml
if command -v python3 >/dev/null; then
    what "the report is JSON" 0 python3 -m json.tool all.json
    what "JUnit is XML" 0 python3 -c 'import sys, xml.dom.minidom as m; m.parse("all.xml")'
    what "the schema is JSON" 0 sh -c "'$netarium' schema | python3 -m json.tool"
fi
what "tables of what a query names" 0 "$netarium" run --quiet --csv part --csv-of "frame.tx at alice" "$two"
[ "$(ls part)" = "frame.tx@alice-eth0.csv" ] || fail "there is $(ls part)"
[ "$(wc -l <part/frame.tx@alice-eth0.csv)" -eq 6 ] || fail "there are not five frames and a heading"
exists all/utilisation@alice-bob-end0.csv
grep -q '^1.050000000000,2912$' all/utilisation@alice-bob-end0.csv || # 72 and 110 bytes at 10 Mb/s, of 50 ms
    fail "the cable is busy otherwise: $(grep '^1.0' all/utilisation@alice-bob-end0.csv | head -3)"
what "tables of what nobody knows" 2 "$netarium" run --csv none --csv-of pingg "$two"
says 'did you mean "ping"?'
what "a query for tables, and no folder" 2 "$netarium" run --csv-of ping.rtt "$two"
says "goes with --csv DIR"
what "the same report twice" 0 "$netarium" run --quiet --report again.json "$two"
"$netarium" run --report all.json "$two" >/dev/null && "$netarium" run --report again.json "$two" >/dev/null
cmp -s all.json again.json || fail "the reports differ"
COLUMNS=1 what "a tiny terminal" 0 "$netarium" run --why --trace "$two"
COLUMNS=nonsense what "a terminal of nonsense" 0 "$netarium" run --why "$two"

# ---- When the world is not kind ----
: >file
what "--pcap into a file" 2 "$netarium" run --pcap file "$two"
says "file: Not a directory"
is_silent out
what "--pcap two levels down" 2 "$netarium" run --pcap no/where "$two"
says "cannot create the folder no/where: No such file or directory"
what "--report into a folder" 2 "$netarium" run --report all "$two"
says "all: Is a directory"
is_silent out
mkdir shut && chmod a-w shut
if [ "$(id -u)" -ne 0 ]; then
    what "--pcap without permission" 2 "$netarium" run --pcap shut "$two"
    says "Permission denied"
    what "--csv without permission" 2 "$netarium" run --csv shut "$two"
    says "Permission denied"
fi
what "several at once" 2 "$netarium" run --pcap file --csv file --report all --junit all "$two"
[ "$(wc -l <err)" -eq 4 ] || fail "there are not four mistakes"
if [ -e /dev/full ]; then
    what "standard output on a full disk" 3 sh -c "'$netarium' run '$two' >/dev/full"
    says "netarium: cannot write to standard output: No space left on device"
    what "a report on a full disk" 3 "$netarium" run --quiet --report /dev/full "$two"
    says "netarium: cannot write to /dev/full: No space left on device"
fi
what "a closed standard output" 3 sh -c "'$netarium' run '$two' >&-"
says "standard output"
# a network with enough to do for hours
sed 's/ping -c 4 bob/ping -i 0.001 bob/; s/"stop": "6 s"/"stop": "1000000 s"/' "$two" >long.json
what "a reader that leaves ends the run" 0 sh -c "'$netarium' run --trace long.json | head -1"
is_silent err
what "its status" 0 sh -c "{ '$netarium' run --trace long.json; echo \$? >status; } | head -1"
[ "$(cat status)" -eq 141 ] || fail "exit status is $(cat status), not 141"

# ---- One line for a loop ----
brief() { # WORD STATUS FILE [options]: one line on standard output, nothing on standard error
    word=$1
    status=$2
    shift 2
    what "--brief of $(printf %s "$1" | tr -dc '[:alnum:]./-') says $word" "$status" timeout 60 "$netarium" run --brief "$@"
    [ "$(wc -l <out)" -eq 1 ] || fail "it is not one line"
    prints ": $word: "
    is_silent err
}
brief OK 0 "$two"
prints "01-two-hosts.json: OK: 2 of 2 expectations, digest $(awk '{ print $2 }' digest)"
brief FAILED 1 "$two" --until 2.5s
prints "FAILED: 1 of 2 expectations; alice.ping.received == 4, found: alice.ping.received is 2"
brief WRONG 2 query.json
prints "query.json: WRONG: 1 mistake; "
brief WRONG 2 nothing.json
prints "nothing.json: WRONG: 1 mistake; there is no such file"
brief WRONG 2 "$two" --pcap file
cp "$two" "$(printf 'a\nb\033[2J.json')"
brief WRONG 2 "$(printf 'a\nb\033[2J.json')" --set nodes.alice.adress=1
prints "a?b?[2J.json: WRONG"
mkfifo idle.json
brief WRONG 2 idle.json
prints "this is a pipe, and nobody writes into it"
rm idle.json
what "a pipe that somebody writes into" 0 sh -c "cat '$two' | '$netarium' check /dev/stdin"
sed 's/"title": "[^"]*"/"title": "a\\ndigest 0"/' "$two" >title.json
brief WRONG 2 title.json
prints "title: a title is one line, found a line break in it"
awk 'BEGIN { printf "{\"netarium\": 1, \"nodes\": {\"a\": {\"type\": \"host\"}}, \"stop\": \"1 s\", \"expect\": [\"";
    for (i = 0; i < 3000; i++) printf "("; print "1 == 1\"]}" }' >deep.json
brief WRONG 2 deep.json
what "a long question is shown in part" 2 "$netarium" check deep.json
[ "$(wc -c <err)" -lt 1000 ] || fail "the message is too long"

# ---- Stepping and explaining ----
what "explain a frame, down to the command" 0 "$netarium" explain "$two" --frame 4
prints "bob:eth0 sends frame 4"
prints "on alice somebody types: ping -c 4 bob"
prints "[RFC 826]"
what "explain a record as JSON" 0 "$netarium" explain "$two" --record 28 --json
prints '"netarium_explain": 1'
what "explain a frame that is not" 2 "$netarium" explain "$two" --frame 4711
says "frame 4711 never was on any wire"
is_silent out
what "explain a record that is not" 2 "$netarium" explain "$two" --record 4711
says "there is no record 4711"
what "explain nothing" 2 "$netarium" explain "$two"
says "either --frame N or --record N"
what "step from standard input" 0 sh -c "printf 'next\nquit\n' | '$netarium' step '$two'"
prints "somebody types: ping -c 4 bob"
what "step with a script that is not there" 2 "$netarium" step "$two" --script nothing.step
says "nothing.step cannot be read"
what "step with a wrong file" 2 "$netarium" step query.json
says "frme.drop"
is_silent out
what "step without colour and without escape characters" 0 sh -c "! printf 'next\nwhy\nframe 2\n' | '$netarium' step '$two' | grep -q '$(printf '\033')'"

# ---- Little room ----
what "a file that must not grow: one sentence, no signal" 3 sh -c "ulimit -f 8; exec '$netarium' run '$source/scenarios/44-tcp-reno-sawtooth.json' --quiet --pcap narrow"
says "File too large"
if ! "$netarium" version | grep -q sanitized && [ "$(uname)" = Linux ] && sh -c "ulimit -v 300000 && '$netarium' version" >/dev/null 2>&1; then
    what "little memory to be had: what fits runs" 0 sh -c "ulimit -v 300000; exec '$netarium' run '$two' --quiet"
    prints "digest"
fi

# ---- Ctrl-C ----
what="Ctrl-C ends a run with its summary"
checked=$((checked + 1))
"$netarium" run --quiet --pcap cut long.json >out 2>err &
pid=$!
sleep 1
kill -INT $pid 2>/dev/null || kill -TERM $pid
wait $pid
got=$?
[ "$got" -eq 130 ] || fail "exit status is $got, not 130"
prints "interrupted at "
prints "digest"
if command -v capinfos >/dev/null; then
    what "the capture of an interrupted run is whole" 0 capinfos -c cut/long.pcapng
fi

echo "$checked checked, $failed failed"
[ "$failed" -eq 0 ]
