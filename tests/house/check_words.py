#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Words that a layer must not know: clocks, dice, fractions, printing.

The same file and seed give the same run on every machine only if nothing below the front asks the machine what time
it is, rolls its dice, or rounds. And a library that prints cannot be put behind a window.

Called with the root of the project; prints each forbidden word that is code, not comment.
"""
import re
import sys

from source import sources, verdict

ENGINE = ('sim', 'protocols', 'nodes')
LIBRARIES = ENGINE + ('views', 'session')


def call(*names):
    """A call of one of these functions, not of a member that happens to bear the name."""
    return r'(?<![\w.>])(' + '|'.join(names) + r')\s*\('


# (folders, pattern, why)
RULES = (
    (ENGINE, r'\b(float|double|long\s+double|_Complex)\b', 'no floating point: machines round differently'),
    (ENGINE, r'(?<![\w.])(\d+\.\d*([eE][-+]?\d+)?|\d+[eE][-+]?\d+)[fFlL]?\b', 'no floating point: use a smaller unit'),
    (LIBRARIES, call('time', 'clock', 'gettimeofday', 'clock_gettime', 'timespec_get', 'ftime', 'localtime', 'gmtime',
                     'sleep', 'usleep', 'nanosleep', 'alarm'), 'no wall clock below the front: time is nt_now'),
    (LIBRARIES, call('rand', 'rand_r', 'srand', 'random', 'srandom', 'drand48', 'lrand48', 'mrand48', 'getrandom',
                     'getentropy', 'arc4random', 'arc4random_uniform'), "no dice but the network's own"),
    (LIBRARIES, call('printf', 'vprintf', 'puts', 'putchar', 'putc', 'perror'), 'a library never prints; the front does'),
    (LIBRARIES, r'\b(stdout|stderr|STDOUT_FILENO|STDERR_FILENO)\b', 'a library never prints; the front does'),
    (LIBRARIES, call('exit', '_exit', '_Exit', 'quick_exit', 'system', 'popen', 'getenv', 'setlocale'),
     'a library neither ends the program nor asks its surroundings'),
    (('protocols', 'nodes'), call('malloc', 'calloc', 'realloc', 'free', 'strdup', 'strndup', 'aligned_alloc', 'alloca'),
     "memory here is the network's: env_new or nt_new"),
)


def check(root):
    findings = []
    for folders, pattern, why in RULES:
        for source in sources(root, folders, ('.c', '.h')):
            for found in re.finditer(pattern, source.bare):
                findings.append((source.path, source.line_at(found.start()), f"'{found.group(1)}': {why}"))
    return sorted(findings)


if __name__ == '__main__':
    sys.exit(verdict(check(sys.argv[1])))
