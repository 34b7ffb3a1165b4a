#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What a text says is there is there.

Every link between the project's texts leads somewhere, and every file or folder of ours that a text names in
backquotes exists: `sim/queue.c`, or `queue.c` beside the text. Folders of source have a README that says where to
begin.

Called with the root of the project; prints each dead link, each name of nothing, each folder without a README.
"""
import os
import re
import sys

from source import sources, verdict

HOMES = ('sim', 'protocols', 'nodes', 'views', 'session', 'cli', 'gui', 'scenarios')
LINK = r'\[[^\]\n]*\]\(([^)\s]+)\)'
NAME = r'`([\w.-]+(?:/[\w.-]+)*/?)`'
ENDINGS = ('.c', '.h', '.py', '.md', '.build')  # a .json without a folder may be anybody's


def check_links(root, source):
    folder = os.path.join(root, source.folder)
    for found in re.finditer(LINK, source.text):
        target = found.group(1).partition('#')[0]
        if target and '://' not in target and not target.startswith('mailto:'):
            if not os.path.exists(os.path.join(folder, target)):
                yield source.line_at(found.start()), f"the link to '{target}' leads nowhere"


def is_ours(root, name):
    """Does this look like a file or folder of the project, rather than a word, a field or somebody's own file?"""
    if name.endswith(ENDINGS):
        return True
    return '/' in name and os.path.isdir(os.path.join(root, name.partition('/')[0]))


def check_names(root, source):
    blocks = [(found.start(), found.end()) for found in re.finditer(r'^```.*?^```', source.text, re.M | re.S)]
    for found in re.finditer(NAME, source.text):
        name = found.group(1)
        if any(start <= found.start() < end for start, end in blocks) or not is_ours(root, name):
            continue
        beside = os.path.join(root, source.folder, name)
        if not os.path.exists(beside) and not os.path.exists(os.path.join(root, name)):
            yield source.line_at(found.start()), f"'{name}' is named here and does not exist"


def check(root):
    findings = []
    for source in sources(root, ('',), ('.md',)):
        for rule in (check_links, check_names):
            findings += [(source.path, line, sentence) for line, sentence in rule(root, source)]
    for home in HOMES:
        if os.path.isdir(os.path.join(root, home)) and not os.path.exists(os.path.join(root, home, 'README.md')):
            findings.append((home, 1, 'the folder has no README.md that says what is here and where to begin'))
    return findings


if __name__ == '__main__':
    sys.exit(verdict(check(sys.argv[1])))
