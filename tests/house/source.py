# SPDX-License-Identifier: MIT
"""Source files as the house rules see them: what they include, where a function begins and ends, what is code.

A rule must not stumble over a word in a comment, so `bare` is the text with comments and literals blanked out:
as long as the text itself, line by line, so that a place in one is a place in the other.
"""
import os
import re

SKIPPED_FOLDERS = r'build|out$|__pycache__$|\.(?!ci$)'


class Source:
    """One file below the root of the project."""

    def __init__(self, root, path):
        self.path = path  # from the root, with forward slashes
        with open(os.path.join(root, path), encoding='utf-8', errors='replace', newline='') as file:
            self.text = file.read()
        self.lines = self.text.splitlines()
        self.bare = blank_out(self.text) if path.endswith(('.c', '.h')) else self.text

    @property
    def folder(self):
        return self.path.rpartition('/')[0]

    def line_at(self, offset):
        """The number, from 1, of the line that this offset of the text is on."""
        return self.text.count('\n', 0, offset) + 1

    def includes(self):
        """Yields (line, name, is ours) of each #include. Literals are blank in `bare`, so the text is asked too."""
        for found in re.finditer(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]*)[>"]', self.text, re.M):
            if '#' in self.bare[found.start():found.end()]:
                yield self.line_at(found.start()), found.group(2), found.group(1) == '"'

    def functions(self):
        """Yields (name, first line, number of lines) of each function: its brace opens and closes in column one."""
        start = None
        bare_lines = self.bare.splitlines()
        for index, line in enumerate(bare_lines):
            if line.rstrip() == '{' and start is None:
                start = index
                while start > 0 and bare_lines[start - 1].strip() and bare_lines[start - 1].rstrip()[-1] not in ';}':
                    start -= 1
            elif line.startswith('}') and start is not None:
                head = ' '.join(bare_lines[start:index])
                named = re.search(r'(\w+)\s*\(', re.sub(r'__attribute__\s*\(\(.*?\)\)\)?', '', head))
                yield (named.group(1) if named else '?'), start + 1, index - start + 1
                start = None


def blank_out(text):
    """The text with the insides of comments, strings and characters replaced by blanks."""
    pattern = r'//[^\n]*|/\*.*?(?:\*/|\Z)|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\''
    return re.sub(pattern, lambda found: re.sub(r'[^\n]', ' ', found.group(0)), text, flags=re.S)


def sources(root, folders, endings):
    """All files below these folders of the root ('' is the root) with one of these endings, in order of their names."""
    paths = set()
    for folder in folders:
        for place, below, names in os.walk(os.path.join(root, folder)):
            below[:] = [name for name in below if not re.match(SKIPPED_FOLDERS, name)]
            for name in names:
                if name.endswith(endings):
                    paths.add(os.path.relpath(os.path.join(place, name), root).replace(os.sep, '/'))
    return [Source(root, path) for path in sorted(paths)]


def verdict(findings):
    """Prints what was found, one place a line. Returns the exit status: 1 if there was anything."""
    for path, line, sentence in findings:
        print(f'{path}:{line}: {sentence}')
    return 1 if findings else 0
