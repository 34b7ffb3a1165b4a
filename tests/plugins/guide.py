#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""docs/write-a-node.md does what it says: each listing is taken out of it, compiled and run, and what is printed is what it shows.

Marks in the text, each before a block of code:

    <!-- file: NAME -->                     the block is the whole file
    <!-- NAME, in place of: WORDS -->       the block replaces the paragraph of the file in which WORDS stand, once
    <!-- NAME, before: WORDS -->            the block comes before that paragraph
    <!-- run -->                            lines with $ are commands; the rest is what they print

A paragraph is what lies between empty lines. A block without a mark is a mistake. Everything is done with an installed copy.

    guide.py MESON BUILD PREFIX GUIDE [--renew]     --renew writes what is printed into the guide; read the difference
"""
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

BLOCK = re.compile(r'(?:<!-- (?P<mark>[^\n]*) -->\n)?```(?P<language>\w*)\n(?P<body>.*?)```\n', re.DOTALL)


def install(meson, build, prefix, place):
    """Returns the environment of somebody who has nothing but an installed copy."""
    subprocess.run([meson, 'install', '-C', build, '--no-rebuild', '--destdir', place / 'root'], check=True, stdout=subprocess.DEVNULL)
    home = Path(f'{place}/root{prefix}')
    package = next(home.rglob('netarium.pc'))
    return dict(os.environ, PATH=f'{home}/bin:{os.environ["PATH"]}', PKG_CONFIG_PATH=str(package.parent),
                PKG_CONFIG_SYSROOT_DIR=str(place / 'root'), LC_ALL='C')


def edit(folder, name, how, words, body):
    file = folder / name
    paragraphs = file.read_text().rstrip('\n').split('\n\n')
    found = [i for i, paragraph in enumerate(paragraphs) if words in paragraph]
    if len(found) != 1:
        raise ValueError(f'"{words}" stands in {len(found)} paragraphs of {name}')
    at = found[0]
    new = [body.rstrip('\n')]
    paragraphs[at:at + 1] = new if how == 'in place of' else new + [paragraphs[at]]
    file.write_text('\n\n'.join(paragraphs) + '\n')


def edit_line(folder, name, words, body):
    """JSON has no paragraphs: the one line with `words`, and for "stop" what closes the file."""
    lines = (folder / name).read_text().splitlines()
    found = [i for i, line in enumerate(lines) if words in line]
    if len(found) != 1:
        raise ValueError(f'"{words}" stands in {len(found)} lines of {name}')
    end = len(lines) if body.rstrip().endswith('\n}') else found[0] + 1
    lines[found[0]:end] = body.rstrip('\n').split('\n')
    (folder / name).write_text('\n'.join(lines) + '\n')


def run(folder, environment, body):
    """The commands of `body`, each with what it really prints."""
    said = ''
    for command in re.findall(r'^\$ (.*)$', body, re.MULTILINE):
        done = subprocess.run(['sh', '-c', command], cwd=folder, env=environment, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=120, check=False, text=True)
        said += f'$ {command}\n' + re.sub(r'\.so\+0x[0-9a-f]+', '.so+0x1139', done.stdout)
    return said


def plain(said):
    """Without what `plugin check` cannot ask of a program with a sanitizer in it."""
    said = re.sub(r'^  (ok|untried) +memory .*\n', '', said, flags=re.MULTILINE)
    return said.replace('; 1 thing could not be tried', '')


def play(block, folder, environment):
    """Does what the mark says; returns what the block should hold."""
    mark, body = block['mark'], block['body']
    whole = re.fullmatch(r'file: (\S+)', mark or '')
    change = re.fullmatch(r'(\S+), (in place of|before): (.+)', mark or '')
    if mark == 'run':
        return run(folder, environment, body)
    if whole:
        (folder / whole[1]).write_text(body)
    elif change and change[1].endswith('.json'):
        edit_line(folder, change[1], change[3], body)
    elif change:
        edit(folder, *change.groups(), body)
    else:
        raise ValueError(f'a block of code has no mark: {body[:60]!r}')
    return body


def main(meson, build, prefix, guide, renew=None):
    text = Path(guide).read_text()
    wrong, blocks = 0, 0
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch)
        environment = install(meson, build, prefix, place)
        folder = place / 'mine'
        folder.mkdir()

        def checked(block):
            nonlocal wrong, blocks
            blocks += 1
            found = play(block, folder, environment)
            if plain(found) != plain(block['body']) and not renew:
                print(f'the guide says:\n{block["body"]}and it is:\n{found}')
                wrong += 1
            return block[0].replace(f'\n{block["body"]}```', f'\n{found}```')

        changed = BLOCK.sub(checked, text)
    if renew:
        Path(guide).write_text(changed)
    if blocks < 20:
        print(f'only {blocks} blocks were found')
        wrong += 1
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
