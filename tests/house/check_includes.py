#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Who may include whom: the order of the layers, held for every #include.

    cli  gui            anything below them, and nobody includes those
     |    |
    session             a run whose time can be moved: views, and the engine's faces
       |
     views              records, read-only inspection, dissection
       |
     nodes              the public contract and the protocols
       |
   protocols            sim/base and each other; no engine, no input or output
       |
      sim               the engine: sim/base, no protocol
       |
    sim/base            nothing of ours

embed/ stands beside nodes/: the protocols without the simulator.

Called with the root of the project; prints each include that goes the wrong way, and why.
"""
import re
import sys

from source import sources, verdict

# What is meant for readers of a run. The rest of sim/ is the engine's own.
FACES = r'sim/(netarium|run|registry|plugin|scenario|inspect|param|query|phrase)\.h'

# What a layer may include of ours, and the words for it. The longest folder that fits a file decides.
LAYERS = {
    'sim/base': (r'sim/base/', 'sim/base stands on nothing but itself'),
    'sim': (r'sim/', 'the engine knows no protocol, no node and no view'),
    'protocols': (r'sim/base/|protocols/', 'a protocol never learns that it is simulated'),
    'embed': (r'sim/base/|protocols/|embed/', 'an embedded host is the protocols without the simulator'),
    'nodes': (r'sim/netarium\.h|protocols/|nodes/', 'a node sees the public contract, like a plug-in, and the protocols'),
    'views': (FACES + r'|sim/base/|views/|protocols/dissect|protocols/\w+/(address|codec|header|frame)\.h',
              'a view sees the records, read-only inspection and dissection'),
    'views/pictures': (FACES + r'|sim/base/|views/|session/session\.h|protocols/dissect|protocols/\w+/(address|codec|header|frame)\.h',
                       'a picture shows a session at an instant'),
    'session': (FACES + r'|sim/base/|views/|session/|protocols/dissect', 'a session owns a run; it sees what views see, and no node'),
    'cli': (r'(?!gui/)', 'the command line does not need the window'),
    'gui': (r'(?!cli/)', 'the window does not need the command line'),
    'tests/base': (r'sim/base/|tests/base/', 'a test sees its own layer and those below'),
    'tests/sim': (r'sim/|tests/(sim|base)/', 'a test sees its own layer and those below'),
    'tests/protocols': (r'sim/base/|protocols/|tests/(protocols|base)/', 'a test sees its own layer and those below'),
    'tests/script': (r'embed/netarium-host\.h|tests/script/', 'scripts know what an embedding program knows'),
    'tests/swarm': (r'embed/netarium-host\.h|sim/base/|tests/swarm/', 'the swarm knows what an embedding program knows'),
    'tests/nodes': (r'(?!cli/|gui/|views/)', 'a test sees its own layer and those below'),
    'tests/views': (r'(?!cli/|gui/|session/)', 'a test sees its own layer and those below'),
    'tests/session': (r'(?!cli/|gui/)', 'a test sees its own layer and those below'),
}

# Headers of the language that do no input or output, know no clock and count nothing in fractions. <stdio.h> is for
# snprintf; that nothing is printed is held by check_words.py.
PLAIN = {'assert.h', 'ctype.h', 'errno.h', 'inttypes.h', 'limits.h', 'stdalign.h', 'stdarg.h', 'stdbool.h',
         'stddef.h', 'stdint.h', 'stdio.h', 'stdlib.h', 'string.h'}
PLAIN_LAYERS = ('protocols', 'nodes')

CONTRACT = 'sim/netarium.h'
CONTRACT_HEADERS = {'stdarg.h', 'stdbool.h', 'stddef.h', 'stdint.h'}

# A foreign library lives in one file, so that it can be changed there.
FOREIGN = (
    ('cJSON', r'(cjson/)?cJSON', r'sim/base/json\.c'),
    ('SDL', r'SDL', r'gui/'),
    ('cairo', r'cairo', r'views/canvas/raster\.c'),
    ('libedit', r'(histedit|editline/readline)\.h$', r'cli/'),
    ('dlopen', r'dlfcn\.h$', r'sim/'),
)

FOLDERS = ('sim', 'protocols', 'embed', 'nodes', 'views', 'session', 'cli', 'gui', 'tests')


def layer_of(path):
    fitting = [layer for layer in LAYERS if path.startswith(layer + '/')]
    return max(fitting, key=len) if fitting else None


def check_ours(source, line, name):
    layer = layer_of(source.path)
    if '/' not in name:
        name = source.folder + '/' + name
    if source.path == CONTRACT:
        yield source.path, line, f'the public contract includes "{name}"; it includes standard headers only'
    elif layer and not re.match(LAYERS[layer][0], name):
        yield source.path, line, f'{layer}/ must not include "{name}": {LAYERS[layer][1]}'
    elif not layer and name.startswith(('cli/', 'gui/')) and not source.path.startswith('tests/'):
        yield source.path, line, f'nobody includes "{name}" from outside its folder'


def check_standard(source, line, name):
    if source.path == CONTRACT and name not in CONTRACT_HEADERS:
        yield source.path, line, f'the public contract includes <{name}>; only {", ".join(sorted(CONTRACT_HEADERS))}'
    elif layer_of(source.path) in PLAIN_LAYERS and name not in PLAIN:
        yield source.path, line, f'{layer_of(source.path)}/ must not include <{name}>: no input, output or clock here'


def check_foreign(includes):
    """Each foreign library is included where it belongs, and in one file there (or one pair of a name)."""
    for library, pattern, home in FOREIGN:
        users = [(source.path, line) for source, line, name in includes
                 if re.match(pattern, name) and not source.path.startswith('tests/')]
        at_home = sorted({path for path, _ in users if re.match(home, path)})
        stems = sorted({path.rpartition('.')[0] for path in at_home})
        for path, line in users:
            if path not in at_home:
                yield path, line, f'{library} is used here; it belongs to {home.replace(chr(92), "")} alone'
            elif path.rpartition('.')[0] != stems[0]:
                yield path, line, f'{library} is used here and in {at_home[0]}; one foreign library, one file'


def check(root):
    findings, includes = [], []
    for source in sources(root, FOLDERS, ('.c', '.h')):
        for line, name, is_ours in source.includes():
            includes.append((source, line, name))
            findings += (check_ours if is_ours else check_standard)(source, line, name)
    return findings + list(check_foreign(includes))


if __name__ == '__main__':
    sys.exit(verdict(check(sys.argv[1])))
