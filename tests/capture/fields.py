#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Does our dissector say what tshark says? Field by field, on the project's own captures.

For every frame tshark's tree (-T pdml) and ours are laid side by side. Each field of ours must be one of tshark's: the
same name, at the same bits, with the same value, in the same order. And each field of tshark's that stands in the bytes
must be one of ours, but for the few that are listed in LEFT_OUT.

usage: fields.py [--spoil] FIELDS-PROGRAM CAPTURE...
--spoil changes one value of ours, to see that it would be found.
Prints each kind of difference once with an example. Exit status: 0 none, 1 some.
"""
import re
import subprocess
import sys
import xml.etree.ElementTree as xml

# Fields of tshark's that we do not show (names, or families that end in a dot), and why.
LEFT_OUT = {
    'frame': 'about the capture, not the bytes', 'frame.': 'likewise', 'geninfo': 'likewise', 'num': 'likewise',
    'len': 'likewise', 'caplen': 'likewise', 'timestamp': 'likewise',
    '_ws.': 'remarks of tshark about itself',
    'eth.addr': 'both addresses once more',
    'eth.dst.lg': 'bits of an address', 'eth.dst.ig': 'likewise', 'eth.src.lg': 'likewise', 'eth.src.ig': 'likewise',
    'llc.dsap.': 'bits of an address', 'llc.ssap.': 'likewise', 'llc.control.': 'bits of the control field',
    'icmp.ident_le': 'the same number in the other order of bytes', 'icmp.seq_le': 'likewise',
    'ip.checksum_calculated': 'computed, not in the bytes', 'udp.checksum_calculated': 'likewise',
    'tcp.checksum_calculated': 'likewise', 'icmp.checksum_calculated': 'likewise',
    'udp.payload': 'the bytes that the next protocol takes apart',
    'tcp.flags.str': 'the flags as letters', 'tcp.window_size': 'computed, from the window and its scale',
    'tcp.window_size_scalefactor': 'likewise',
    'tcp.options.sack.': 'a block that is told already, once more as a duplicate (D-SACK)',
}

# Names of tshark's for what stands at the same place as another field, which we do show.
SHOWN_AS = {name: 'tcp.payload' for name in ('data.data', 'echo', 'echo.data', 'telnet', 'telnet.data')}

CHECKS = ['-o', 'ip.check_checksum:TRUE', '-o', 'tcp.check_checksum:TRUE', '-o', 'udp.check_checksum:TRUE',
          '-o', 'eth.check_fcs:TRUE', '-o', 'tcp.relative_sequence_numbers:FALSE', '-o', 'tcp.analyze_sequence_numbers:FALSE',
          '-o', 'tcp.desegment_tcp_streams:FALSE', '-o', 'ip.defragment:FALSE']


def is_left_out(name):
    return name in LEFT_OUT or any(name.startswith(family) for family in LEFT_OUT if family.endswith('.'))


def bits_of(field):
    """First bit and number of bits: a pattern such as "..01 0..." before the words says which bits are the field's."""
    position, size = int(field.get('pos', 0)) * 8, int(field.get('size', 0)) * 8
    pattern = re.match(r'([01.]{4}( [01.]{4})*) = ', field.get('showname', ''))
    if not pattern:
        return position, size
    digits = pattern.group(1).replace(' ', '')
    own = [i for i, digit in enumerate(digits) if digit != '.']
    if len(digits) <= size or own[0] >= len(digits) - size:
        position += size - len(digits)  # 12 bits stand at the right of 16 ...
    else:
        position += 2 * size - len(digits)  # ... of which the field may be in the first byte
    return position + own[0], own[-1] - own[0] + 1


def theirs(capture):
    """Yields for each frame the list of (name, first bit, bits, (show, words), hidden, is a protocol)."""
    command = ['tshark', '-r', capture, '-T', 'pdml', *CHECKS]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    for _, element in xml.iterparse(process.stdout):
        if element.tag != 'packet':
            continue
        fields = []
        for field in element.iter():
            name = field.get('name') or ''
            if field.tag in ('proto', 'field') and name and not is_left_out(name):
                words = field.get('showname', '').partition(': ')[2]
                fields.append((name, *bits_of(field), (field.get('show', ''), words), field.get('hide') == 'yes',
                               field.tag == 'proto'))
        yield fields
        element.clear()


def ours(program, capture):
    """The same of ours, by number of frame."""
    frames = {}
    output = subprocess.run([program, capture], stdout=subprocess.PIPE, check=True).stdout.decode('utf-8', 'replace')
    for line in output.splitlines():
        number, depth, name, bit, bits, value = line.split('\t', 5)
        frames.setdefault(int(number), []).append((name, int(bit), int(bits), value, int(depth)))
    return frames


def number_of(text):
    try:
        return int(text, 0)
    except ValueError:
        return None


def plain(text):
    """Bytes without what stands between them."""
    return re.sub(r'^0x|:', '', text)


def agree(value, shown):
    """Is what we show what they show? Ours may say more: "reply (2)" for 2, "Set" for 1; or cut bytes short."""
    show, said = shown
    words = [word.strip('(),') for word in re.split(r'\s+', value)]
    if show in (value, '') or value == said or show in words or show in value:
        return True
    if value.endswith('...') and plain(show).startswith(value[:-3]):
        return True
    if plain(value) == plain(show):
        return True
    if show in ('1', 'True', '0', 'False', '2'):
        meaning = {'1': ('Set', 'Good', 'yes', 'True'), '0': ('Not set', 'Bad', 'no', 'False'), '2': ('Unverified',)}
        if value in meaning[{'True': '1', 'False': '0'}.get(show, show)]:
            return True
    if re.fullmatch(r'\d+\.\d+', show) and re.fullmatch(r'\d+(\.\d+)?', words[0]):
        return abs(float(show) - float(words[0])) < 0.001
    wanted = number_of(show)
    return wanted is not None and any(number_of(word) == wanted for word in words)


class Differences:
    def __init__(self):
        self.seen = {}

    def add(self, kind, name, capture, frame, words):
        count, example = self.seen.get((kind, name), (0, None))
        self.seen[kind, name] = count + 1, example or f'{capture} frame {frame}: {words}'

    def show(self):
        for (kind, name), (count, example) in sorted(self.seen.items()):
            print(f'{kind}: {name} ({count} times)\n    {example}')
        return len(self.seen)


def is_at(field, bit, bits):
    """Does tshark's field hold these bits? It counts whole bytes where it has no pattern, and whole options."""
    _, first, length, _, _, is_proto = field
    return bits == 0 or length == 0 or (is_proto and first == bit) or first <= bit and bit + bits <= first + length


def compare(capture, frame, mine, their, differences):
    """Goes along both lists. What of theirs is passed over must be hidden, or computed, or left out."""
    at = 0
    shown = {(name, bit) for name, bit, _, _, _ in mine}
    their = [field for field in their if (SHOWN_AS.get(field[0]), field[1]) not in shown]
    for name, bit, bits, value, _ in mine:
        found = next((i for i in range(at, len(their)) if their[i][0] == name and is_at(their[i], bit, bits)), None)
        if found is None:
            is_earlier = any(field[0] == name and is_at(field, bit, bits) for field in their[:at])
            near = next((field for field in their if field[0] == name), None)
            differences.add('another order' if is_earlier else 'not among theirs', name, capture, frame,
                            f'bit {bit}, {bits} bits, "{value}"; theirs: {near}')
            continue
        for passed in their[at:found]:
            missing(capture, frame, passed, differences)
        at = found + 1
        _, their_bit, their_bits, shown, _, is_proto = their[found]
        if is_proto and their_bits and their_bits != bits:
            differences.add('another extent', name, capture, frame, f'{bit}+{bits}, theirs {their_bit}+{their_bits}')
        if not is_proto and not agree(value, shown):
            differences.add('another value', name, capture, frame, f'"{value}", theirs "{shown}"')
    for passed in their[at:]:
        missing(capture, frame, passed, differences)


def missing(capture, frame, field, differences):
    name, bit, bits, shown, is_hidden, _ = field
    if not is_hidden and bits:
        differences.add('missing', name, capture, frame, f'bit {bit}, {bits} bits, "{shown[0]}"')


def spoil(mine):
    fields = mine[max(mine)]
    name, bit, bits, value, depth = fields[1]
    fields[1] = (name, bit, bits, value[:-1] + ('1' if value[-1] != '1' else '2'), depth)


def main():
    words = [word for word in sys.argv[1:] if word != '--spoil']
    program, captures = words[0], words[1:]
    differences, frames, fields = Differences(), 0, 0
    for capture in captures:
        mine = ours(program, capture)
        if len(words) < len(sys.argv) - 1:
            spoil(mine)
        for number, their in enumerate(theirs(capture), 1):
            if any(name == 'eth.fcs.status' and shown[0] == '0' for name, _, _, shown, _, _ in their):
                continue  # damaged on purpose: each gives up at another place
            frames += 1
            fields += len(mine.get(number, []))
            compare(capture.rpartition('/')[2], number, mine.get(number, []), their, differences)
    print(f'{len(captures)} captures, {frames} frames, {fields} fields')
    return 1 if differences.show() or not frames else 0


if __name__ == '__main__':
    sys.exit(main())
