#!/bin/sh
# SPDX-License-Identifier: MIT
# Installs into an empty prefix, and then, in an empty folder and with nothing but what was installed: a plug-in of one's own, built
# both ways, run, looked into.
#
#     install.sh MESON BUILD-FOLDER PREFIX
meson=$1
build=$2
prefix=$3
place=$(mktemp -d) || exit 1
trap 'rm -rf "$place"' EXIT
failed=0

complain() {
    echo "$*"
    failed=1
}

# holds FILE WORDS
holds() {
    grep -q -e "$2" "$1" || complain "$1 lacks \"$2\": $(cat "$1")"
}

"$meson" install -C "$build" --no-rebuild --destdir "$place/root" >"$place/log" 2>&1 || {
    cat "$place/log"
    exit 1
}
home=$place/root$prefix
for file in bin/netarium include/netarium.h share/netarium/scenarios/01-two-hosts.json \
    share/netarium/scenarios/scenario.schema.json share/doc/netarium/README.md share/doc/netarium/LICENSE \
    share/doc/netarium/docs/command-line.md share/doc/netarium/plugins/README.md \
    share/doc/netarium/plugins/leaky-hub/leaky-hub.c share/doc/netarium/scenarios/01-two-hosts.json; do
    [ -f "$home/$file" ] || complain "$file is not installed"
done
grep -q 'leaky' "$home/share/netarium/scenarios/scenario.schema.json" && complain 'the schema knows a plug-in'

# From here on there is no tree: only the prefix. A package would be found without these three lines.
PATH=$home/bin:$PATH
PKG_CONFIG_PATH=$(dirname "$(find "$home" -name netarium.pc)")
PKG_CONFIG_SYSROOT_DIR=$place/root
export PATH PKG_CONFIG_PATH PKG_CONFIG_SYSROOT_DIR
mkdir "$place/empty"
cd "$place/empty" || exit 1
[ "$(command -v netarium)" = "$home/bin/netarium" ] || complain 'another netarium is found'

for example in "$home"/share/doc/netarium/plugins/*/*.c; do
    ${CC:-cc} -Wall -Wextra -Wno-missing-field-initializers -Wno-unused-parameter -Werror -shared -fPIC $(pkg-config --cflags netarium) "$example" -o example.so ||
        complain "$example does not build"
    netarium run "${example%.c}.json" --plugin example.so --quiet >said 2>&1 || complain "${example%.c}.json does not hold: $(cat said)"
    cp -r "$(dirname "$example")" one
    [ ! -f one/meson.build ] || { "$meson" setup one/build one --werror >log 2>&1 && "$meson" test -C one/build >>log 2>&1; } ||
        complain "meson does not build and test $example: $(cat log)"
    rm -rf one
done

for kind in cc queue app; do
    netarium plugin new $kind my-own >said || complain "plugin new $kind fails"
    (cd my-own && ${CC:-cc} -Wall -Wextra -Werror -shared -fPIC $(pkg-config --cflags netarium) my-own.c -o my-own.so &&
        netarium plugin check my-own.so --scenario my-own.json && netarium run my-own.json --plugin my-own.so) >said 2>&1 ||
        complain "the three commands of its README fail for a $kind: $(cat said)"
    rm -r my-own
done
netarium plugin new node mybridge >said || complain 'plugin new fails'
cd mybridge || exit 1
${CC:-cc} -Wall -Wextra -Werror -shared -fPIC $(pkg-config --cflags netarium) mybridge.c -o mybridge.so || complain 'one line does not build it'
"$meson" setup build --werror >../log 2>&1 && "$meson" test -C build >>../log 2>&1 || complain "meson does not build and test it: $(cat ../log)"
for object in mybridge.so build/mybridge.so; do
    netarium run mybridge.json --plugin $object >../run 2>&1 || complain "$object does not hold: $(cat ../run)"
    grep '^digest' ../run >>../digests
done
[ "$(sort -u ../digests | wc -l)" -eq 1 ] || complain "two builds, two runs: $(cat ../digests)"
holds ../run ' OK      middle.counts.flooded == 1'

# It learns and forwards, and says so everywhere.
netarium run mybridge.json --plugin mybridge.so --quiet --trace mybridge >../trace
holds ../trace 'mybridge.learned  middle learns that 02:00:00:00:00:02 is behind port1'
printf 'goto 5s\nshow middle stations\nquit\n' | netarium step mybridge.json --plugin mybridge.so --script - >../show
holds ../show '02:00:00:00:00:01  port0'
holds ../show '02:00:00:00:00:02  port1'
netarium draw mybridge.json --plugin mybridge.so --view tables --node middle --at 5s -o ../tables.svg >/dev/null || complain 'draw fails'
holds ../tables.svg '02:00:00:00:00:02'
netarium list nodes --plugin mybridge.so >../list
holds ../list '  mybridge  *a little bridge'
netarium plugin new node mybridge --plugin mybridge.so --dir ../again 2>../said && complain 'a name of a plug-in is taken twice'
if [ -x "$home/bin/netarium-gui" ]; then
    # The window: the same digest, and another picture once the bridge is chosen, in the middle of the map: its tables.
    printf 'key End\nwait 500\nkey T\nshot ../before.png\nclick 395 160\nshot ../after.png\ndigest\n' >../keys
    # What fontconfig and SDL keep until the end is theirs; what the window remembers is not a person's here.
    printf 'leak:libfontconfig\nleak:libSDL2\nleak:libcairo\nleak:libX11\nleak:libdbus\n' >../suppressions
    LSAN_OPTIONS="suppressions=$place/empty/suppressions:print_suppressions=0" XDG_DATA_HOME=$place XDG_RUNTIME_DIR=$place SDL_VIDEODRIVER=dummy \
        netarium view mybridge.json --plugin mybridge.so --script ../keys --size 1280x760 >../window 2>&1 ||
        complain "the window fails: $(cat ../window)"
    holds ../window "$(sed -n '1s/digest *//p' ../digests)"
    [ -s ../before.png ] && ! cmp -s ../before.png ../after.png || complain 'the window does not change when the bridge is chosen'
fi
exit $failed
