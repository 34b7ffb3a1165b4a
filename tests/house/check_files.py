#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""How a file looks: its first line, its length, the length of its functions, its names.

A file fits in the head: 400 lines are long, 600 the most; a function has at most 70. Nothing is left for later.

Called with the root of the project; prints each finding. Files over 400 lines are mentioned and do no harm.
"""
import ast
import re
import sys

from source import sources, verdict

FOLDERS = ('sim', 'protocols', 'nodes', 'views', 'session', 'cli', 'gui', 'tests', 'tools')
LINES_LONG = 400
LINES_MOST = 600
LINES_ALLOWED = {'sim/netarium.h': 1400}  # the whole contract is one header: a plug-in needs nothing else
FUNCTION_MOST = 70
SPDX = 'SPDX-License-Identifier: MIT'
LATER = r'\b(TO' r'DO|FIX' r'ME|X' r'XX|HA' r'CK)\b'
WORN_STEMS = r'(^|_)(util|utils|misc|common|helper|helpers|manager)(_|$)|^do_'


def is_script(source):
    return source.text.startswith('#!')


def functions_of(source):
    if not source.path.endswith('.py'):
        yield from source.functions()
        return
    for node in ast.walk(ast.parse(source.text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.name, node.lineno, node.end_lineno - node.lineno + 1


def check_first_line(source):
    first = 1 if is_script(source) else 0
    if len(source.lines) <= first or SPDX not in source.lines[first]:
        yield first + 1, f'the file does not begin with "{SPDX}"'


def check_length(source):
    most = LINES_ALLOWED.get(source.path, LINES_MOST)
    if len(source.lines) > most:
        yield most, f'the file has {len(source.lines)} lines; {most} are the most'
    for name, line, length in functions_of(source):
        if length > FUNCTION_MOST:
            yield line, f'{name} has {length} lines; {FUNCTION_MOST} are the most'


def check_names(source):
    stem = source.path.rpartition('/')[2].partition('.')[0]
    if re.search(WORN_STEMS, stem):
        yield 1, f"'{stem}' says nothing of what the file is for"
    for name, line, _ in functions_of(source):
        if re.search(WORN_STEMS, name) and not name.startswith('test_'):
            yield line, f"'{name}' says nothing of what it does"
    if source.path.endswith(('.c', '.h')):
        for found in re.finditer(r'^[ \t]*typedef\s+(struct|union)\b', source.bare, re.M):
            yield source.line_at(found.start()), 'a typedef hides a structure'


def check_lines(source):
    for number, line in enumerate(source.lines, 1):
        if line != line.rstrip():
            yield number, 'blanks at the end of the line'
        if '\t' in line and source.path.endswith(('.c', '.h', '.py')):
            yield number, 'a tab; we indent with four blanks'
        if re.search(LATER, line):
            yield number, 'something is left for later; finish it, or say plainly what is simplified'
    if source.text and not source.text.endswith('\n'):
        yield len(source.lines), 'the last line has no end'


def check(root):
    scripts = [source for source in sources(root, ('tools', 'tests', '.ci'), ('',)) if is_script(source)]
    seen = {source.path: source for source in sources(root, FOLDERS, ('.c', '.h', '.py')) + scripts}
    findings = []
    for path, source in sorted(seen.items()):
        for rule in (check_first_line, check_length, check_names, check_lines):
            findings += [(path, line, sentence) for line, sentence in rule(source)]
        if LINES_LONG < len(source.lines) <= LINES_MOST:
            print(f'{path}: note: {len(source.lines)} lines; is there a second idea in it?')
    return findings


if __name__ == '__main__':
    sys.exit(verdict(check(sys.argv[1])))
