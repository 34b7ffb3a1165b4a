#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""TCP against the literature: tables of throughput against loss and buffer, of fairness against flows, of waiting.

    tests/validation/validate.py NETARIUM TABLE [--update] [--keep FOLDER]

A table is printed, each row with what was measured, what may be, and where that is written. It fails if a row is out of bounds,
or if the table is not what it was (tests/validation/TABLE.txt): runs are the same on every machine, so any difference means that
something has changed. --update writes it anew. With NETARIUM_BUDGET above 1 runs are longer and there are more rows; those are
compared with tests/validation/TABLE-long.txt, where there is one.
"""
import argparse
import os
import sys

from network import Network
from tables import TABLES

HERE = os.path.dirname(os.path.abspath(__file__))


def line_of(what, measured, least, most, unit, source):
    verdict = 'right' if least <= measured <= most else 'WRONG'
    return f'{what:42} {measured:9.3f} {unit:12} {least:9.3f} .. {most:9.3f}  {verdict}  {source}'


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('netarium')
    parser.add_argument('table', choices=TABLES)
    parser.add_argument('--update', action='store_true')
    parser.add_argument('--keep')
    options = parser.parse_args()
    Network.keep = options.keep
    budget = int(os.environ.get('NETARIUM_BUDGET', '1'))
    lines = []
    for row in TABLES[options.table](os.path.abspath(options.netarium), budget):
        lines.append(line_of(*row))
        print(lines[-1], flush=True)
    wrong = sum(' WRONG ' in line for line in lines)
    name = options.table + ('.txt' if budget == 1 else '-long.txt')
    golden = os.path.join(HERE, name)
    text = '\n'.join(lines) + '\n'
    if options.update:
        with open(golden, 'w') as file:
            file.write(text)
    elif budget == 1 or os.path.exists(golden):
        with open(golden) as file:
            if file.read() != text:
                print(f'this is not what stands in {name}; if it is meant, --update')
                wrong += 1
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())
