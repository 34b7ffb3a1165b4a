#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What a text shows of the program is what the program says today.

In our texts a block marked `console` is a session: a line that begins with "$ netarium" is run in the root of the
project, and what follows must be its output. A line of three dots stands for any lines.

Called with the program and the root of the project; prints where a text and the program differ.
"""
import difflib
import os
import re
import shlex
import subprocess
import sys

from source import sources, verdict

BLOCK = re.compile(r'^```console\n(.*?)^```', re.M | re.S)
PROMPT = '$ netarium '


def fits(shown, said):
    """Is `said` what was `shown`, where "..." is any number of lines?"""
    pattern = ''.join(r'(.*\n)*' if line == '...' else re.escape(line) + r'\n' for line in shown)
    return re.fullmatch(pattern, ''.join(line + '\n' for line in said)) is not None


def sessions(source):
    """Yields (line, command, lines shown) of each command in a text."""
    for block in BLOCK.finditer(source.text):
        line = source.line_at(block.start(1))
        for session in re.split(r'^(?=\$ )', block.group(1), flags=re.M):
            if session.startswith(PROMPT):
                command, *shown = session.splitlines()
                yield line, command[len(PROMPT):], shown
            line += session.count('\n')


def check(program, root):
    findings = []
    for source in sources(root, ('',), ('.md',)):
        for line, command, shown in sessions(source):
            ran = subprocess.run([program, *shlex.split(command)], cwd=root, capture_output=True, text=True)
            said = (ran.stdout + ran.stderr).splitlines()
            if not fits(shown, said):
                print('\n'.join(difflib.unified_diff(shown, said, 'shown', 'said', lineterm='', n=1)))
                findings.append((source.path, line, f'netarium {command} says something else now'))
    return findings


if __name__ == '__main__':
    sys.exit(verdict(check(os.path.abspath(sys.argv[1]), sys.argv[2])))
