#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""No mutable data outside functions: a thousand networks can live in one process.

    static int counter;                     the whole program shares it: found here
    static const char *const names[];       may need relocation, cannot change: allowed
    static const char *names[];             somebody could change it: found here

The compiled libraries are asked, because only the compiler knows what became of a `const`.
Called with the static libraries; prints each symbol that lies in a section that can be written to.
Exit status 77 (skipped) where nm cannot tell sections.
"""
import re
import shutil
import subprocess
import sys

WRITABLE = re.compile(r'(\.data|\.bss|\.tdata|\.tbss|\.sdata|\.sbss|COMMON|\*COM\*)(?!\.rel\.ro)')

# What the sanitizers add beside our own data.
INSTRUMENTS = re.compile(r'__(odr_)?asan|__sanitizer|__ubsan|__unnamed_|__profc|__profd|\.L|_GLOBAL__')


def symbols(library):
    """Yields (object file, symbol, section) of what a library defines, or nothing where nm does not know sections."""
    listing = subprocess.run(['nm', '--format=sysv', '--defined-only', library], capture_output=True, text=True)
    if listing.returncode:
        return
    member = library
    for line in listing.stdout.splitlines():
        named = re.match(r'Symbols from (?:.*\[)?([^\]]*?)\]?:$', line)
        if named:
            member = named.group(1)
        columns = [column.strip() for column in line.split('|')]
        if len(columns) == 7 and columns[0] != 'Name':
            yield member, columns[0], columns[6]


def check(libraries):
    findings, seen = [], 0
    for library in libraries:
        for member, name, section in symbols(library):
            seen += 1
            if WRITABLE.match(section) and not INSTRUMENTS.match(name):
                findings.append((member, f"'{name}' can be written to ({section})"))
    return findings, seen


def main(libraries):
    if not shutil.which('nm'):
        print('nm is not installed')
        return 77
    findings, seen = check(libraries)
    if not seen:
        print('nm shows no symbols with their sections here')
        return 77
    for member, sentence in findings:
        print(f'{member}: {sentence}: state belongs to a network, a run or a caller')
    return 1 if findings else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
