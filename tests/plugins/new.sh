#!/bin/sh
# SPDX-License-Identifier: MIT
# netarium plugin new: what it writes compiles without a warning and does what it says, and what it refuses, word for word.
#
#     new.sh NETARIUM ROOT-OF-THE-PROJECT
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

# build SOURCE OBJECT: with more warnings than most people switch on.
build() {
    $compiler -std=gnu11 -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Werror -O1 -shared -fPIC -I include "$1" -o "$2" ||
        complain "$1 does not build"
}

# holds SCENARIO OBJECT
holds() {
    "$netarium" run "$1" --plugin "$2" --quiet >said 2>&1 || complain "$1 does not hold: $(cat said)"
}

for kind in node cc queue app; do
    # The templates as they stand in the tree, and what is made of them.
    build "$root/plugins/templates/$kind.c" "template-$kind.so"
    holds "$root/plugins/templates/$kind.json" "template-$kind.so"
    "$netarium" plugin new $kind our-$kind-2 >said || complain "plugin new $kind fails"
    head -1 said | grep -q "^our-$kind-2: a .* in our-$kind-2/our-$kind-2.c, and our-$kind-2.json, meson.build, README.md$" ||
        complain "plugin new $kind says: $(cat said)"
    # Word for word what is said next, without anything installed.
    sed -n 's/^    \(export\|cd\|cc\) /\1 /p' said >next
    if command -v pkg-config >/dev/null; then
        sh -e ./next >next-said 2>&1 || complain "plugin new $kind says what does not work: $(cat next next-said)"
        rm -f our-$kind-2/our-$kind-2.so
    fi
    build our-$kind-2/our-$kind-2.c our-$kind-2/our-$kind-2.so
    holds our-$kind-2/our-$kind-2.json our-$kind-2/our-$kind-2.so
    if grep -nE 'my-(name|node|cc|queue|app|kind)|my_(node|cc|queue|app)' our-$kind-2/*[!o]; then
        complain "plugin new $kind leaves names of the template"
    fi
done
cmp "$root/plugins/templates/node.c" our-node-2/our-node-2.c >/dev/null && complain 'the name is not put in'
"$netarium" plugin new node my-node --dir here >/dev/null
cmp "$root/plugins/templates/node.c" here/my-node.c || complain 'the template under its own name differs from the file in the tree'
printf 'until my_node.learned\nshow middle stations\nquit\n' >commands
"$netarium" step here/my-node.json --plugin template-node.so --script commands | grep -q '02:00:00:00:00:01  port0' ||
    complain 'its table does not show who is where'

# With its defaults the congestion control is Reno: the same run, to the last bit.
"$netarium" run "$root/plugins/templates/cc.json" --plugin template-cc.so --quiet | grep '^digest' >mine
sed 's/send-tcp bob/send-tcp --cc reno bob/' "$root/plugins/templates/cc.json" >reno.json
"$netarium" run reno.json --plugin template-cc.so --quiet | grep '^digest' >reno
cmp mine reno || complain 'the congestion control with its defaults is not Reno'

# refuses SENTENCE WORD...: status 2, and exactly this.
refuses() {
    sentence="netarium: $1"
    shift
    said=$("$netarium" plugin "$@" 2>&1)
    status=$?
    [ $status -eq 2 ] && [ "$said" = "$sentence" ] || complain "$*: expected \"$sentence\", status $status: $said"
}

rule='it begins with a lower-case letter and goes on with lower-case letters, digits and hyphens, 30 at most'
refuses 'here/my-node.c is there already, and nothing is overwritten; --dir writes to another folder' new node my-node --dir here
rm here/my-node.c
refuses 'here/my-node.json is there already, and nothing is overwritten; --dir writes to another folder' new node my-node --dir here
[ -e here/my-node.c ] && complain 'something was written before it was refused'
refuses 'there is no template of a nod; there are node, cc, queue and app; did you mean node?' new nod mine
refuses 'there is no template of a switch; there are node, cc, queue and app' new switch mine
refuses "\"My_Bridge\" cannot be a name: $rule; did you mean my-bridge?" new node My_Bridge
refuses "\"2nd\" cannot be a name: $rule; did you mean nd?" new node 2nd
refuses "\"..\" cannot be a name: $rule" new node ..
refuses "\"../up\" cannot be a name: $rule; did you mean up?" new node ../up
refuses '"int" cannot be a name: it is a word of C; did you mean my-int?' new node int
refuses 'there is a node type called "bridge" already, and two of one name cannot be loaded; did you mean my-bridge?' new node bridge
refuses 'there is a queue discipline called "red" already, and two of one name cannot be loaded; did you mean my-red?' new queue red
refuses 'there is a command called "ping" already, and two of one name cannot be loaded; did you mean my-ping?' new app ping
refuses 'cannot create the folder none/there: No such file or directory' new node mine --dir none/there
refuses 'there is no netarium plugin chek; there are new and check; did you mean check?' chek mine.so
refuses 'plugin new is written like this: netarium plugin new node|cc|queue|app NAME [--dir DIR]' new node
refuses 'plugin check is written like this: netarium plugin check FILE.so [--scenario FILE] [--json]' check
exit $failed
