#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Puts text files into the program: writes a C file with a constant table of their names and contents.

    embed.py OUT.c HEADER TABLE FILE...

HEADER declares `struct TABLE` with a name and a text, and `const struct TABLE TABLEs[]`, which ends with one without a name.
"""
import os
import sys


def quoted(line):
    """The line as a C string literal."""
    plain = line.replace('\\', '\\\\').replace('"', '\\"').replace('?', '\\?')
    assert plain.isascii(), line
    return '"' + plain + '\\n"'


def main(out, header, table, *files):
    with open(out, 'w', encoding='ascii') as written:
        written.write(f'#include "{header}"\n\nconst struct {table} {table}s[] = {{\n')
        for path in files:
            with open(path, encoding='utf-8') as file:
                lines = '\n     '.join(quoted(line) for line in file.read().splitlines())
            written.write(f'    {{"{os.path.basename(path)}",\n     {lines}}},\n')
        written.write('    {0}};\n')


if __name__ == '__main__':
    main(*sys.argv[1:])
