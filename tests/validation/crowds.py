# SPDX-License-Identifier: MIT
"""Many at once: the same port by chance, half-open connections that nobody completes, and how little room many flows need.

Rows as in tables.py.
"""
import math
import re

from network import Network, dumbbell

WIRE = 1538  # bytes of a full frame with preamble and gap
MSS = 1448  # timestamps are on


def within(value, apart):
    """Shares are meant: nothing below 0."""
    return max(0.0, value - apart), value + apart


# ---- Two of the same port: S-05 ----

def clashes(netarium, flows, ports, rounds, seeds):
    """So many hosts behind one address choose a port each, again and again: how often two of them the same, and how many have to be given
    another port, as shares of the rounds."""
    with_clash, moved = 0, 0
    for seed in range(1, seeds + 1):
        net = Network(f'birthday {flows} {ports}')
        inside, outside = '10.0.3.254/22', '192.0.2.1/24'
        net.node('home', type='nat', interfaces={'eth0': inside, 'eth1': outside}, outside='eth1', assignment='preserve',
                 **{'tcp-transitory-timeout': '1 s'})
        net.node('hall', type='switch', ports=flows + 1).host('server', '192.0.2.2/24')
        net.link('hall', 'home:eth0').link('home:eth1', 'server').command('0 s', 'server', 'respond --backlog 1000')
        for i in range(flows):
            # Who ends a connection keeps its port for a minute: not here, each round is to be a fresh draw.
            tcp = {'time-wait': '0 s', 'first-port': 49152, 'last-port': 49152 + ports - 1}
            net.host(f'h{i}', f'10.0.{i // 200}.{i % 200 + 1}/22', '10.0.3.254', tcp=tcp).link(f'h{i}', 'hall')
            net.command('1 s', f'h{i}', f'request --new --count {rounds} --think 4s --size 16 --reply 1 server')
        report = net.run(netarium, f'{4 * rounds + 30} s', seed, trace='nat.bind')
        round_of, has_clash = {}, set()
        for host, own, given in re.findall(r'TCP ([\d.]+):(\d+) is 192\.0\.2\.1:(\d+)', '\n'.join(report.lines)):
            round_of[host] = round_of.get(host, 0) + 1
            if own != given:
                has_clash.add(round_of[host])
                moved += 1
        assert set(round_of.values()) == {rounds} and len(round_of) == flows
        with_clash += len(has_clash)
    return with_clash / (rounds * seeds), moved / (rounds * seeds)


def birthdays(netarium, budget):
    for flows, ports, reference, rounds in ((23, 365, 0.5073, 500), (50, 16384, 0.0721, 500),
                                            (100, 16384, 0.2612, 200), (200, 16384, 0.7046, 100)):
        seeds = 1 if budget == 1 else 20
        share, moved = clashes(netarium, flows, ports, rounds, seeds)
        error = 3 * math.sqrt(reference * (1 - reference) / (rounds * seeds))
        yield f'{flows} flows, {ports} ports: a clash', share, *within(reference, error), 'of rounds', f'S-05 {reference}, 3 s.e.'
        due = flows - ports * (1 - (1 - 1 / ports) ** flows)  # those who find that somebody has their port
        error = 3 * math.sqrt(due / (rounds * seeds))
        yield f'{flows} flows, {ports} ports: moved', moved, *within(due, error), 'a round', f'S-05 n-m(1-(1-1/m)^n) {due:.3f}'


# ---- Half open: S-06 ----

LET_IN = 'count(app.reply at ann where took < 500 ms)'  # else her SYN is repeated after a second
LIFE = 63  # seconds: a SYN,ACK and five repetitions, 1 + 2 + 4 + 8 + 16 + 32


def erlang_b(places, load):
    """Chance that all places are taken."""
    blocked = 1.0
    for k in range(1, places + 1):
        blocked = load * blocked / (k + load * blocked)
    return blocked


def flooded(flood, knocks, apart, cookies=0):
    """Ann and mallory at a server with 128 places for half-open connections; ann knocks every so many seconds, each time anew. What the
    server answers to mallory's inventions ends in a pit, and nothing comes back."""
    net = Network(f'flood {flood} {cookies}')
    impatient = {'syn-retries': 1}
    net.host('ann', '10.0.0.1/24', tcp=impatient).host('mallory', '10.0.0.3/24', '10.0.0.2')
    net.host('bob', '10.0.0.2/24', '10.0.0.4', tcp={'syn-cookies': cookies}).node('hall', type='switch')
    net.node('pit', type='router', interfaces={'eth0': '10.0.0.4/24'}, silent=True)
    for name in ('ann', 'bob', 'mallory', 'pit'):
        net.link(name, 'hall', rate='100 Mbps')
    net.command('0 s', 'bob', 'respond --backlog 128')
    net.command('1 s', 'mallory', f'syn-flood bob --port 7500 {flood}')
    for i in range(knocks):
        net.command(f'{300 + i * apart} s', 'ann', 'request bob')
    return net.ask(LET_IN)


def drops(report):
    """Share of the SYNs that found no place."""
    counted = report.table('bob', 'tcp_counters')[0]
    return counted['syn_dropped'] / (counted['syn_dropped'] + counted['passive_opens'])


def floods(netarium, budget):
    span = '(last(tcp.state at bob where old == "syn-received") - first(tcp.state at bob where new == "syn-received")) / 1 ms'
    report = flooded('--count 1', 0, 0).ask(span).run(netarium, '100 s')
    yield 'life of a half-open connection', report.answer(span) / 1e3, LIFE, LIFE, 's', 'S-06 63'
    for rate in (2, 3):  # as regular as a clock: what 128 / 63 = 2.03 a second leave over
        reference = max(0.0, 1 - 128 / LIFE / rate)
        share = drops(flooded(f'--rate {rate} --count 1000000', 0, 0).run(netarium, '6000 s'))
        yield (f'flood of {rate} a second, regular: dropped', share, *within(reference, 0.008), 'of SYNs',
               f'S-06 {reference:.3f}: 128/63 a second fit')
    for rate, seconds in ((2, 40000), (5, 10000), (10, 5000), (100, 2000)):
        knocks = (seconds * (1 if budget == 1 else 4) - 400) // 10
        reference = erlang_b(128, rate * LIFE)
        net = flooded(f'--rate {rate} --count 1000000 --random', knocks, 10)
        report = net.run(netarium, f'{400 + 10 * knocks} s')
        error = 3 * math.sqrt(reference * (1 - reference) / knocks)
        yield f'flood of {rate} a second: dropped', drops(report), *within(reference, 0.02), 'of SYNs', f'S-06 {reference:.3f}'
        yield (f'flood of {rate} a second: ann has to wait', 1 - report.answer(LET_IN) / knocks,
               *within(reference, 0.02 + error), 'of knocks', f'S-06 {reference:.3f}')
    report = flooded('--rate 100 --count 1000000 --random', 100, 3, cookies=1).run(netarium, '600 s')
    yield 'the same with cookies: ann has to wait', 1 - report.answer(LET_IN) / 100, 0, 0, 'of knocks', 'S-06 0'


# ---- Little room for many: T-11 ----

def small_buffers(netarium, budget):
    """Long flows, of 100 ms on average. They need round trips unlike enough to be out of step: else it is as if they were fewer."""
    rows = [(100, 155, 1.0, (20, 180), 98, 'T-11 >= 98'), (100, 155, 0.5, (20, 180), 94, 'T-11 >= 94'),
            (100, 155, 1.0, (60, 140), 94, 'half in step: README')]
    if budget > 1:
        rows += [(200, 310, 1.0, (20, 180), 98, 'T-11 >= 98'), (200, 310, 0.5, (20, 180), 94, 'T-11 >= 94')]
    for flows, rate, part, (shortest, longest), least, source in rows:
        packets = round(rate * 1e6 * 0.1 / 8 / WIRE / math.sqrt(flows) * part)
        delays = [f'{(shortest + (longest - shortest) * i / (flows - 1)) / 2 - 1:.3f} ms' for i in range(flows)]
        tcp = {'profile': 'linux', 'congestion': 'newreno'}
        net = dumbbell(f'crowd {flows} {part} {shortest}', tcp, flows, f'{rate} Mbps', delays, f'{packets} packets')
        for i in range(flows):
            net.command(f'{i * 7.3 / flows:.4f} s', f's{i}', f'iperf -c r{i} -t 100000')
        report = net.run(netarium, '40 s')
        got = sum(sum(report.bits_per_second(f'r{i}', since=15)) for i in range(flows))
        yield (f'{flows}, {shortest} to {longest} ms, {part:g} BDP/sqrt(n): {packets}', 100 * got / (rate * 1e6 * MSS / WIRE), least, 100.2,
               '%', source)


def crowds(netarium, budget):
    yield from birthdays(netarium, budget)
    yield from floods(netarium, budget)
    yield from small_buffers(netarium, budget)
