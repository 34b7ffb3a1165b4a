#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A check that cannot fail is a defect: each rule of the house is shown a file that breaks it, and one that does not.

Each row is a small project of one or two files in a folder of its own, and the words that the check must say about
it; no words: it must be content.
"""
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile

import check_files
import check_globals
import check_includes
import check_readmes
import check_samples
import check_words

HEAD = '/* SPDX-License-Identifier: MIT */\n'
LONG = 'static void f(void)\n{\n' + '    g();\n' * 70 + '}\n'

# (check, {path: text}, words of the finding or None)
ROWS = (
    (check_includes, {'sim/base/a.c': '#include "sim/base/a.h"\n#include <string.h>\n'}, None),
    (check_includes, {'sim/base/a.c': '#include "sim/run.h"\n'}, 'sim/base stands on nothing'),
    (check_includes, {'sim/a.c': '#include "sim/base/a.h"\n'}, None),
    (check_includes, {'sim/a.c': '#include "protocols/env.h"\n'}, 'knows no protocol'),
    (check_includes, {'sim/a.c': '#include "cli/front.h"\n'}, 'sim/ must not include "cli/front.h"'),
    (check_includes, {'sim/netarium.h': '#include <stdint.h>\n'}, None),
    (check_includes, {'sim/netarium.h': '#include <stdio.h>\n'}, 'the public contract includes <stdio.h>'),
    (check_includes, {'sim/netarium.h': '#include "sim/base/a.h"\n'}, 'it includes standard headers only'),
    (check_includes, {'protocols/arp/arp.c': '#include "protocols/env.h"\n#include "sim/base/bytes.h"\n'}, None),
    (check_includes, {'protocols/arp/arp.c': '#include "sim/netarium.h"\n'}, 'never learns that it is simulated'),
    (check_includes, {'protocols/arp/arp.c': '#include <sys/socket.h>\n'}, 'no input, output or clock'),
    (check_includes, {'nodes/host.c': '#include "sim/netarium.h"\n#include "nodes/host.h"\n'}, None),
    (check_includes, {'nodes/host.c': '#include "sim/run.h"\n'}, 'sees the public contract'),
    (check_includes, {'nodes/host.c': '#include "views/trace.h"\n'}, 'nodes/ must not include'),
    (check_includes, {'views/a.c': '#include "sim/run.h"\n#include "protocols/dissect.h"\n'}, None),
    (check_includes, {'views/a.c': '#include "sim/network.h"\n'}, 'read-only inspection'),
    (check_includes, {'views/a.c': '#include "protocols/arp/arp.h"\n'}, 'read-only inspection'),
    (check_includes, {'views/a.c': '#include "nodes/host.h"\n'}, 'views/ must not include'),
    (check_includes, {'cli/main.c': '#include "views/trace.h"\n#include "nodes/builtin.h"\n'}, None),
    (check_includes, {'cli/main.c': '#include "gui/window.h"\n'}, 'does not need the window'),
    (check_includes, {'views/a.c': '#include "cli/front.h"\n'}, 'views/ must not include'),
    (check_includes, {'tests/sim/test_a.c': '#include "nodes/link.h"\n'}, 'its own layer and those below'),
    (check_includes, {'sim/base/json.c': '#include <cjson/cJSON.h>\n'}, None),
    (check_includes, {'sim/base/text.c': '#include <cjson/cJSON.h>\n'}, 'cJSON is used here'),
    (check_includes, {'gui/window.c': '#include <SDL.h>\n', 'gui/window.h': '#include <SDL.h>\n'}, None),
    (check_includes, {'gui/input.c': '#include <SDL.h>\n', 'gui/window.h': '#include <SDL.h>\n'}, 'one file'),
    (check_includes, {'sim/a.c': '#include <dlfcn.h>\n', 'sim/b.c': '#include <dlfcn.h>\n'}, 'one file'),
    (check_includes, {'nodes/host.c': '/* #include "sim/run.h" */\n// #include "sim/run.h"\n'}, None),
    (check_words, {'sim/a.c': '/* float */ // double\nconst char *s = "float 1.5";\nint a = 0x1e5;\n'}, None),
    (check_words, {'sim/a.c': 'float f;\n'}, "'float': no floating point"),
    (check_words, {'protocols/a.h': 'static inline double f(void);\n'}, "'double': no floating point"),
    (check_words, {'nodes/a.c': 'int64_t a = b * 1.5;\n'}, "'1.5': no floating point"),
    (check_words, {'nodes/a.c': 'int64_t a = 1e9;\n'}, "'1e9': no floating point"),
    (check_words, {'views/a.c': 'double x = 1.5;\n'}, None),
    (check_words, {'sim/a.c': 'x = time(NULL);\n'}, "'time': no wall clock"),
    (check_words, {'views/a.c': 'clock_gettime(CLOCK_MONOTONIC, &t);\n'}, "'clock_gettime': no wall clock"),
    (check_words, {'cli/a.c': 'clock_gettime(CLOCK_MONOTONIC, &t);\nprintf("x");\n'}, None),
    (check_words, {'sim/a.c': 'x = type->time(node);\n'}, None),
    (check_words, {'nodes/a.c': 'x = rand();\n'}, "'rand': no dice"),
    (check_words, {'sim/a.c': 'printf("x");\n'}, "'printf': a library never prints"),
    (check_words, {'nodes/a.c': 'fprintf(stderr, "x");\n'}, "'stderr': a library never prints"),
    (check_words, {'sim/a.c': 'snprintf(text, size, "stdout printf(");\n'}, None),
    (check_words, {'sim/a.c': 'exit(1);\n'}, "'exit': a library"),
    (check_words, {'protocols/a.c': 'p = malloc(3);\n'}, "'malloc': memory here"),
    (check_words, {'nodes/a.c': 'free(p);\n'}, "'free': memory here"),
    (check_words, {'sim/a.c': 'free(p);\n'}, None),
    (check_files, {'sim/a.c': HEAD + 'int a;\n'}, None),
    (check_files, {'sim/a.c': 'int a;\n'}, 'does not begin with'),
    (check_files, {'tools/a': '#!/bin/sh\necho\n'}, 'does not begin with'),
    (check_files, {'tools/a': '#!/bin/sh\n# SPDX-License-Identifier: MIT\n'}, None),
    (check_files, {'sim/a.c': HEAD + '\n' * 599}, None),
    (check_files, {'sim/a.c': HEAD + '\n' * 600}, 'the file has 601 lines'),
    (check_files, {'sim/a.c': HEAD + LONG}, 'f has 73 lines'),
    (check_files, {'sim/a.c': HEAD + LONG.replace('    g();\n', '', 3)}, None),
    (check_files, {'tests/a.py': '# SPDX-License-Identifier: MIT\ndef f():\n' + '    g()\n' * 70}, 'f has 71 lines'),
    (check_files, {'sim/util.c': HEAD}, "'util' says nothing"),
    (check_files, {'sim/a.c': HEAD + 'static void do_it(void)\n{\n}\n'}, "'do_it' says nothing"),
    (check_files, {'sim/a.c': HEAD + 'typedef struct a a;\n'}, 'hides a structure'),
    (check_files, {'sim/a.c': HEAD + '/* TO' 'DO */\n'}, 'left for later'),
    (check_files, {'sim/a.c': HEAD + 'int a; \n'}, 'blanks at the end'),
    (check_files, {'sim/a.c': HEAD + '\tint a;\n'}, 'a tab'),
    (check_files, {'sim/a.c': HEAD + 'int a;'}, 'no end'),
    (check_readmes, {'sim/README.md': 'Begin with `run.c`, see [x](run.c#a).\n', 'sim/run.c': ''}, None),
    (check_readmes, {'sim/README.md': 'Begin with `run.c`.\n'}, "'run.c' is named here"),
    (check_readmes, {'README.md': 'See [there](docs/x.md) and [all](https://example.org/).\n'}, 'leads nowhere'),
    (check_readmes, {'README.md': '`sim/` and `sim/queue.c`\n', 'sim/README.md': ''}, "'sim/queue.c' is named"),
    (check_readmes, {'README.md': '`tcp.cwnd` and `10.0.0.1/24`, `out/alice.pcapng`\n'}, None),
    (check_readmes, {'nodes/host.c': ''}, 'has no README.md'),
)

# (what a text shows below "$ netarium a b", words of the finding or None); the program here is echo
SAMPLES = (
    ('a b\n', None),
    ('...\n', None),
    ('a b\n...\n', None),
    ('a c\n', 'netarium a b says something else'),
    ('a b\na b\n', 'netarium a b says something else'),
)

# (a source file, the symbol to be found or None)
GLOBALS = (
    ('int a; int f(void) { return ++a; }', "'a' can be written to"),
    ('int f(void) { static int calls; return ++calls; }', 'calls'),
    ('const char *names[] = {"a"}; const char *f(int i) { return names[i]; }', "'names' can be written to"),
    ('const char *const names[] = {"a"}; const char *f(int i) { return names[i]; }', None),
)


def make(root, files):
    for path, text in files.items():
        os.makedirs(os.path.dirname(os.path.join(root, path)), exist_ok=True)
        with open(os.path.join(root, path), 'w', encoding='utf-8') as file:
            file.write(text)


def fits(sentences, wanted):
    return any(wanted in sentence for sentence in sentences) if wanted else not sentences


def run_row(check, files):
    with tempfile.TemporaryDirectory() as root:
        make(root, files)
        return [sentence for _, _, sentence in check(root)]


def run_sample(shown):
    with tempfile.TemporaryDirectory() as root:
        make(root, {'README.md': f'```console\n$ netarium a b\n{shown}```\n'})
        with contextlib.redirect_stdout(None):
            findings = check_samples.check('echo', root)
        return [sentence for _, _, sentence in findings]


def run_global(compiler, text):
    with tempfile.TemporaryDirectory() as root:
        make(root, {'a.c': text})
        made = os.path.join(root, 'a.o')
        subprocess.run(compiler + ['-fPIC', '-c', os.path.join(root, 'a.c'), '-o', made], check=True)
        findings, seen = check_globals.check([made])
        return [sentence for _, sentence in findings] if seen else None


def judge(name, sample, said, wanted):
    """Prints a row that did not come out as it should. Returns 1 for it, else 0."""
    if fits(said, wanted):
        return 0
    print(f'{name} of {sample}\n  should say: {wanted or "nothing"}\n  says: {said}')
    return 1


def main(compiler):
    failed = 0
    for module, files, wanted in ROWS:
        failed += judge(module.__name__, files, run_row(module.check, files), wanted)
    for shown, wanted in SAMPLES:
        failed += judge('check_samples', shown, run_sample(shown), wanted)
    for text, wanted in GLOBALS if shutil.which('nm') else ():
        said = run_global(compiler, text)
        if said is not None:
            failed += judge('check_globals', text, said, wanted)
    print(f'{len(ROWS) + len(SAMPLES) + len(GLOBALS)} rows, {failed} failed')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:] or ['cc']))
