# SPDX-License-Identifier: MIT
"""Scenarios for validation, built, run, and what came of them read.

    report = Network('a dumbbell').host(...).link(...).command(...).run(netarium, '60 s')

A run is a file for netarium, so whatever stands in a table here can be looked at in the window or with --why: with --keep FOLDER
the files stay.
"""
import json
import os
import re
import subprocess
import tempfile

UNITS = {'': 1, 'K': 1e3, 'M': 1e6, 'G': 1e9}


class Network:
    keep = None  # folder where scenario files stay

    def __init__(self, title):
        self.title = title
        self.nodes, self.links, self.actions, self.questions = {}, [], [], []

    def host(self, name, address, gateway=None, tcp=None, **more):
        self.nodes[name] = {'type': 'host', 'address': address, **({'gateway': gateway} if gateway else {}),
                            **({'tcp': tcp} if tcp else {}), **more}
        return self

    def node(self, name, **what):
        self.nodes[name] = what
        return self

    def link(self, left, right, **what):
        self.links.append({'between': [left, right], **what})
        return self

    def command(self, at, on, words):
        self.actions.append({'at': at, 'on': on, 'run': words})
        return self

    def ask(self, *questions):
        """What Report.answer then knows: queries for plain numbers: count(frame.drop), first(frame.drop) / 1 us."""
        self.questions += questions
        return self

    def run(self, netarium, stop, seed=1, trace=None):
        """With a query as `trace` the report has the records too, as lines."""
        scenario = {'netarium': 1, 'title': self.title, 'nodes': self.nodes, 'links': self.links, 'actions': self.actions,
                    'seed': seed, 'stop': stop, 'expect': [f'({question}) >= 0' for question in self.questions]}
        with tempfile.TemporaryDirectory() as folder:
            name = os.path.join(self.keep or folder, re.sub(r'\W+', '-', f'{self.title}-{seed}') + '.json')
            with open(name, 'w') as file:
                json.dump(scenario, file, indent=2)
            out = os.path.join(folder, 'report.json')
            words = [netarium, 'run', name, '--quiet', '--report', out] + (['--trace', trace] if trace else [])
            done = subprocess.run(words, capture_output=True, text=True)
            if done.returncode not in (0, 1):
                raise RuntimeError(f'{self.title}: {done.stderr[:2000]}{done.stdout[-2000:]}')
            with open(out) as file:
                return Report(json.load(file), self.questions, done.stdout.splitlines() if trace else [])


class Report:
    def __init__(self, report, questions, lines):
        self.report, self.lines = report, lines
        found = [expected['found'] for expected in report['expect']]
        self.answers = {question: text.rsplit(' is ', 1)[1] for question, text in zip(questions, found)}

    def answer(self, question):
        return float(self.answers[question])

    def printed(self, node, command):
        """What the commands that begin with this word on this node have printed, one text each."""
        return [c['printed'] for c in self.report['commands'] if c['node'] == node and c['command'].startswith(command)]

    def table(self, node, name):
        return next(n for n in self.report['nodes'] if n['name'] == node)['tables'][name]

    def drops(self):
        return {drop['reason']: drop['count'] for drop in self.report['drops']}

    def bits_per_second(self, node, since=0.0):
        """Mean of iperf -s's lines from so many seconds on, for each connection in the order of their first line."""
        return [sum(rates) / len(rates) for rates in self.rates(node, since) if rates]

    def rates(self, node, since=0.0):
        flows = {}
        line = re.compile(r'\[ *(\d+)\] +([\d.]+)-([\d.]+) +sec .*? ([\d.]+) ([KMG]?)bits/sec')
        for text in self.printed(node, 'iperf -s'):
            for flow, begin, end, rate, unit in line.findall(text):
                rates = flows.setdefault(flow, [])
                if float(begin) >= since and float(end) - float(begin) < 1.001:
                    rates.append(float(rate) * UNITS[unit])
        return list(flows.values())


def jain(rates):
    """Jain's index of fairness."""
    return sum(rates) ** 2 / (len(rates) * sum(rate * rate for rate in rates)) if any(rates) else 0.0


BIG = {'send-buffer': '16 MB', 'receive-buffer': '16 MB'}


def pair(title, tcp, rate='1 Gbps', delay='50 ms', **link):
    """Two hosts and a cable; bob has an iperf server."""
    net = Network(title)
    net.host('alice', '10.0.0.1/24', tcp={**BIG, **tcp}).host('bob', '10.0.0.2/24', tcp={**BIG, **tcp})
    net.link('alice', 'bob', rate=rate, delay=delay, **link)
    return net.command('0 s', 'bob', 'iperf -s')


def dumbbell(title, tcp, flows, rate='10 Mbps', delays=(), queue='84 packets', discipline='drop-tail'):
    """Senders s0.. and receivers r0.. around one slow link, which has `delays[i]` more on flow i's own cable."""
    net = Network(title)
    left, right = {}, {}
    queue = {'type': discipline, **({'limit': queue} if queue else {})}
    for i in range(flows):
        left[f'eth{i}'], right[f'eth{i}'] = f'10.1.{i}.254/24', f'10.2.{i}.254/24'
        kind = tcp[i % len(tcp)] if isinstance(tcp, list) else tcp
        net.host(f's{i}', f'10.1.{i}.1/24', f'10.1.{i}.254', tcp={**BIG, **kind})
        net.host(f'r{i}', f'10.2.{i}.1/24', f'10.2.{i}.254', tcp={**BIG, **kind})
    left[f'eth{flows}'], right[f'eth{flows}'] = '10.3.0.1/24', '10.3.0.2/24'
    net.node('west', type='router', interfaces=left, routes=[f'10.2.{i}.0/24 via 10.3.0.2' for i in range(flows)])
    net.node('east', type='router', interfaces=right, routes=[f'10.1.{i}.0/24 via 10.3.0.1' for i in range(flows)])
    for i in range(flows):
        net.link(f's{i}', 'west', rate='1 Gbps', delay=delays[i] if delays else '10 us')
    for i in range(flows):
        net.link('east', f'r{i}', rate='1 Gbps', delay='10 us')
    net.links.append({'between': ['west', 'east'], 'rate': rate, 'delay': '1 ms', 'queue': queue})
    for i in range(flows):
        net.command('0 s', f'r{i}', 'iperf -s')
    return net
