#!/bin/sh
# SPDX-License-Identifier: MIT
# Plug-ins, built outside of the tree with nothing but the contract, and what is wrong with one, word for word.
#
#     run.sh NETARIUM ROOT-OF-THE-PROJECT
netarium=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
root=$2
compiler=${CC:-cc}
place=$(mktemp -d) || exit 1
trap 'rm -rf "$place"' EXIT
failed=0
mkdir "$place/include"
cp "$root/sim/netarium.h" "$place/include"
cd "$place" || exit 1

complain() {
    echo "$*"
    failed=1
}

# build SOURCE OBJECT
build() {
    $compiler -Wall -Wextra -Werror -Wno-missing-field-initializers -Wno-unused-parameter -O1 -shared -fPIC -I include "$1" -o "$2" ||
        complain "$1 does not build with the contract alone"
}

# --- What a plug-in brings along is used like what is built in ---

build "$root/plugins/leaky-hub/leaky-hub.c" leaky-hub.so
scenario=$root/plugins/leaky-hub/leaky-hub.json
"$netarium" run "$scenario" --plugin leaky-hub.so --quiet >first || complain "leaky-hub.json does not hold: $(cat first)"
"$netarium" run "$scenario" --plugin=./leaky-hub.so --quiet >second
cmp first second || complain 'two runs differ'
"$netarium" run "$scenario" --plugin leaky-hub.so --quiet --trace leaky | grep -q 'leaky.leak  hub leaks: frame' || complain 'its records are not traced'
"$netarium" run "$scenario" --plugin leaky-hub.so --why | grep -q 'hub leaks: frame' || complain '--why does not tell its records'
"$netarium" list nodes --plugin leaky-hub.so | grep -q '^  leaky-hub  *a hub at which' || complain 'it is not in the list'
"$netarium" help leaky-hub --plugin leaky-hub.so | grep -q 'how often a port gets nothing' || complain 'help does not know it'
"$netarium" schema --plugin leaky-hub.so | grep -q leaky-hub || complain 'the schema does not know it'
"$netarium" check "$scenario" --plugin leaky-hub.so >/dev/null || complain 'check does not know it'
"$netarium" draw "$scenario" --plugin leaky-hub.so --view map -o map.svg && grep -q '>hub<' map.svg || complain 'the map does not draw it'
printf 'until leaky.leak\nshow hub leaky\nback\nquit\n' >commands
"$netarium" step "$scenario" --plugin leaky-hub.so --script commands | grep -q leaked || complain 'step does not show its table'

# --- A congestion control ---

cat >halves.c <<'END'
#include <netarium.h>
struct seen { uint32_t losses; };
static const struct nt_param params[] = {
    {.name = "step", .kind = NT_PARAM_INTEGER, .default_text = "1", .least = 1, .most = 9, .summary = "segments a round trip"}, {0}};
static void acked(struct nt_congestion *c, const struct nt_congestion_sample *s)
{
    if (nt_congestion_is_slow_start(c))
        nt_congestion_slow_start(c, s->acked_bytes);
    else
        nt_congestion_avoid(c, c->cwnd / (uint32_t)c->values[0].number, s->acked_bytes, "halves grows");
}
static uint32_t lost(struct nt_congestion *c, uint32_t basis_bytes)
{
    ((struct seen *)c->state)->losses++;
    return basis_bytes / 2;
}
static const struct nt_congestion_ops ops = {.size = sizeof ops, .acked = acked, .lost = lost, .lost_formula = "W/2", .lost_clause = "none"};
static const struct nt_part_type halves = {.size = sizeof halves, .category = "congestion", .name = "halves", .summary = "half of it",
                                           .params = params, .state_bytes = sizeof(struct seen), .ops = &ops};
static const struct nt_part_type *const parts[] = {&halves, NULL};
NT_PLUGIN_EXPORT const struct nt_plugin netarium_plugin;
NT_PLUGIN_EXPORT const struct nt_plugin netarium_plugin = {NT_PLUGIN_BEGIN, .name = "halves", .summary = "s", .parts = parts};
END
build halves.c halves.so
cat >halves.json <<'END'
{ "netarium": 1, "stop": "9 s",
  "nodes": { "alice": { "type": "host", "tcp": { "congestion": { "type": "halves", "step": 3 } } }, "bob": { "type": "host" } },
  "links": [{ "between": ["alice", "bob"], "rate": "10 Mbps", "delay": "10 ms", "queue": "drop-tail", "impair": [{ "type": "drop", "drop": "tcp data segment 60" }] }],
  "actions": [{ "at": "0 s", "on": "bob", "run": "discard" },
              { "at": "1 s", "on": "alice", "run": "send-tcp bob --bytes 500000" },
              { "at": "1 s", "on": "alice", "run": "send-tcp bob --bytes 1000 --cc reno" }] }
END
"$netarium" run halves.json --plugin halves.so --why >why || complain "halves.json does not run: $(tail -3 why)"
grep -q 'with W = cwnd, ssthresh = W/2 = .*, none' why || complain 'its rule is not told'
"$netarium" run halves.json --plugin halves.so --trace tcp.cwnd | grep -q 'halves grows' || complain 'its words are not told'
sed 's/{ "type": "halves", "step": 3 }/"reno"/; s/--cc reno/--cc halves/' halves.json >named.json
"$netarium" run named.json --plugin halves.so >/dev/null || complain '--cc does not know it'
"$netarium" list congestion --plugin halves.so | grep -q '^  halves  *half of it' || complain 'it is not in the list'
"$netarium" run named.json 2>&1 | grep -q 'no congestion control is called "halves"; known: cubic' || complain 'an unknown one is not refused'

# --- What is wrong with one ---

# refuses SENTENCE WORD...: status 2, and exactly this.
refuses() {
    sentence="netarium: $1"
    shift
    said=$("$netarium" "$@" 2>&1)
    status=$?
    [ $status -eq 2 ] && [ "$said" = "$sentence" ] || complain "$*: expected \"$sentence\", status $status: $said"
}

# try NAME TEXT: a plug-in of these lines.
try() {
    printf '#include <netarium.h>\n#include <stddef.h>\n%s\n' "$2" >"$1.c"
    $compiler -shared -fPIC -w -I include "$1.c" -o "$1.so" || complain "$1.c does not build"
}

start='static const struct nt_node_type t = {.size = sizeof t, .name = "host", .summary = "s", .port_prefix = "p", .max_ports = 1};
static const struct nt_node_type *const nodes[] = {&t, NULL};
NT_PLUGIN_EXPORT const struct nt_plugin netarium_plugin ='
try version "$start {99, sizeof(struct nt_plugin), \"x\", \"s\", nodes};"
try small "$start {NT_PLUGIN_VERSION, 8, \"x\", \"s\", nodes};"
try nameless "$start {NT_PLUGIN_VERSION, sizeof(struct nt_plugin), NULL, \"s\", nodes};"
try empty "$start {NT_PLUGIN_VERSION, sizeof(struct nt_plugin), \"x\", \"s\"};"
try taken "$start {NT_PLUGIN_VERSION, sizeof(struct nt_plugin), \"x\", \"s\", nodes};"
try nothing 'int x;'
mine='static const struct nt_node_type t = {.name = "mine", .summary = "an old one", .port_prefix = "p", .max_ports = 1, .size ='
rest='static const struct nt_node_type *const nodes[] = {&t, NULL};
NT_PLUGIN_EXPORT const struct nt_plugin netarium_plugin = {NT_PLUGIN_BEGIN, .name = "x", .summary = "s", .nodes = nodes'
try future "$mine sizeof t}; $rest, .api_size = sizeof(struct nt_api) + 8};"
try longer "$mine sizeof t + 8}; $rest};"
try shorter "$mine 40}; $rest};"
try old "$mine offsetof(struct nt_node_type, check)}; $rest, .size = offsetof(struct nt_plugin, api_size)};"
part='static const struct nt_part_type *const parts[] = {&t, NULL};
NT_PLUGIN_EXPORT const struct nt_plugin netarium_plugin = {NT_PLUGIN_BEGIN, .name = "x", .summary = "s", .parts = parts};'
try idle "static const struct nt_part_type t = {.size = sizeof t, .category = \"queue\", .name = \"idle\", .summary = \"s\"}; $part"
try lacking "static const struct nt_queue_ops o = {.size = sizeof o}; static const struct nt_part_type t = {.size = sizeof t, .category = \"queue\", .name = \"lacking\", .summary = \"s\", .ops = &o}; $part"
cp leaky-hub.so twice.so
cp leaky-hub.so foreign.so
printf '\001\000' | dd of=foreign.so bs=1 seek=18 conv=notrunc 2>/dev/null
echo text >text.so
refuses '--plugin needs a value: a shared object' list --plugin
refuses './none.so: there is no such file, or it cannot be read' list --plugin none.so
refuses './text.so: this is no shared object; expected one built with cc -shared -fPIC' list --plugin text.so
refuses './foreign.so: this shared object is for another machine' list --plugin foreign.so
refuses 'nothing.so: this shared object is no plug-in: it exports no symbol netarium_plugin' list --plugin nothing.so
refuses 'version.so: it was built for version 99 of the contract, and this is version 2; build it again' list --plugin version.so
refuses 'small.so: its struct nt_plugin has 8 bytes, and 48 are needed; build it again' list --plugin small.so
refuses 'nameless.so: its netarium_plugin has no name' list --plugin nameless.so
refuses 'empty.so: the plug-in "x" brings no types along' list --plugin empty.so
refuses 'taken.so: node type "host" is already there: it is built in' list --plugin taken.so
refuses 'twice.so: node type "leaky-hub" of the plug-in "leaky-hub" is already there, from the plug-in "leaky-hub"' list --plugin leaky-hub.so --plugin twice.so
refuses 'future.so: the plug-in "x" was built for a newer Netarium than this one' list --plugin future.so
refuses 'longer.so: node type "mine" was made for a newer Netarium than this one' list --plugin longer.so
refuses 'shorter.so: node type "mine" was made for another version of the contract' list --plugin shorter.so
refuses 'idle.so: queue "idle" has no functions' list --plugin idle.so
refuses 'lacking.so: queue "lacking" lacks a function that its category cannot do without' list --plugin lacking.so
"$netarium" list nodes --plugin old.so | grep -q '^  mine  *an old one' || complain 'a plug-in with shorter tables is refused'
"$netarium" run "$scenario" 2>&1 | grep -q 'no node type is called "leaky-hub"' || complain 'a plug-in that nobody named was loaded'
exit $failed
