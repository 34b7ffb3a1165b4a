#!/bin/sh
# SPDX-License-Identifier: MIT
# A cat on the keyboard: random keys, clicks, drags and letters at the window, which has to live and to go on answering.
#
#     mash.sh NETARIUM-GUI SCENARIOS [ROUNDS [SEED]]
#
# What goes wrong is told with the seed of its round: `mash.sh GUI SCENARIOS 1 SEED` is that round again. Twenty rounds are part of the
# tests; a thousand, on a build with sanitizers, are for an evening.
gui=$(realpath "$1")
scenarios=$(realpath "$2")
rounds=${3:-20}
seed=${4:-1}
place=$(mktemp -d) || exit 1
trap 'rm -rf "$place"' EXIT
export XDG_DATA_HOME="$place" XDG_RUNTIME_DIR="$place" SDL_VIDEODRIVER=dummy
printf "leak:libfontconfig\nleak:libSDL2\nleak:libcairo\nleak:libX11\nleak:libdbus\n" >"$place/suppressions"
export LSAN_OPTIONS="suppressions=$place/suppressions:print_suppressions=0"
failed=0
cd "$place" || exit 1

# One script of a cat's, chosen by a number.
cat_at_keys() {
    awk -v seed="$1" 'BEGIN {
        srand(seed)
        count = split("Space Right Left Shift+Right Shift+Left Ctrl+Right Ctrl+Left Home End + - = B A Shift+A E Shift+E Up Down Return M X D " \
                      "Ctrl+Z Ctrl+Y Ctrl+Shift+Z L W T S I R C Tab Shift+Tab V Z Alt+Right Alt+Left Alt+Up Alt+Down 0 1 2 3 4 5 F N F11 Ctrl+T " \
                      "Ctrl+R Escape F1 F4 F5 F6 F7 F8 H Backspace Delete PageUp Ctrl+Alt+Delete", keys, " ")
        words = split("frame.drop|ping -c 1 bob|first(|max(tcp.cwnd)|20 ms|set loss 30%|cut|1e9 s|\"|ip link set eth0 down|\xc3\xa4\xe2\x82\xac|" \
                      "set delay 1h|drop 1|-1|count(frame.tx) > 40|ip addr del|send-tcp server --bytes 1MB", typed, "|")
        mice = split("click double right hover press move release", mouse, " ")
        for (i = 0; i < 120; i++) {
            dice = rand()
            if (dice < 0.72)
                print "key " keys[1 + int(rand() * count)]
            else if (dice < 0.90)
                print mouse[1 + int(rand() * mice)] " " int(rand() * 1000) - 20 " " int(rand() * 700) - 20
            else if (dice < 0.96) {
                print "type " typed[1 + int(rand() * words)]
                print "key Return"
            } else
                print "wait " int(rand() * 60)
        }
        print "compare"
    }'
}

sizes="480x320 800x500 1280x720 333x900 320x200 1900x300"
round=0
while [ $round -lt "$rounds" ]; do
    number=$((seed + round))
    cat_at_keys $number >keys
    file=$(ls "$scenarios"/[0-9]*.json | grep -v -e 32-thousand -e '/4[4-9]-' -e '/50-' -e 09-24 | awk -v n=$number '{ all[NR] = $0 } END { print all[1 + n * 7 % NR] }')
    size=$(echo $sizes | cut -d' ' -f$((1 + number % 6)))
    timeout 120 "$gui" "$file" --scenarios "$scenarios" --size "$size" --script keys >said 2>&1
    status=$?
    if [ $status -ne 0 ]; then
        echo "seed $number, $(basename "$file"), $size: status $status"
        tail -30 said
        failed=1
    fi
    round=$((round + 1))
done
exit $failed
