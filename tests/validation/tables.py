# SPDX-License-Identifier: MIT
"""The tables: what is measured, what the literature says, how far apart they may be.

Each function yields rows (what, measured, least, most, unit, source). A row is right if the measured value lies between least
and most. `budget` 1 is what every test run does; more brings longer runs and further rows.
"""
import re

from crowds import crowds
from network import BIG, Network, dumbbell, jain, pair
from pipes import pipes

RTT = 0.1
MSS = 1448  # timestamps are on
WIRE = 1538  # bytes of a full frame with preamble and gap
AT_ONCE = {'delayed-ack': '0 s', 'quick-acks': 0}  # every segment is acknowledged


def near(value, part):
    return value * (1 - part), value * (1 + part)


# ---- Throughput against loss: T-01, T-02, T-03, T-07 ----

# One of so many packets is lost: packets per round trip. T-02, an ACK for each packet, deterministic and Bernoulli loss: a round model
# in which a loss costs no round. Ours does cost one, that of the repair, which is felt where there are few rounds between losses.
MODEL = {100: {'nth': 11.11, 'loss': 12.43}, 1000: {'nth': 37.75, 'loss': 40.90}, 10000: {'nth': 121.6, 'loss': 130.6}}
# T-03, goodput with an ACK for two packets, T0 = 1 s. (T-02 has 8.09 to 8.80 and 26.8 to 28.8 there, without knowing that the odd
# packet of a window waits a round for its partner.)
PADHYE = {100: 6.573, 1000: 26.08}
CUBIC_MODEL = {100: {'nth': 11.1, 'loss': 13.2}, 1000: {'nth': 38.4, 'loss': 45.8}, 10000: {'nth': 181, 'loss': 210}}


def packets_per_round(netarium, tcp, model, every, seconds, seeds):
    """Mean packets per round trip with one of `every` frames lost on the way to bob."""
    what = {'type': 'nth', 'every': every} if model == 'nth' else {'type': 'loss', 'loss': f'{100 / every:g} %'}
    rates = []
    for seed in range(1, seeds + 1):
        net = pair(f'{model} {every} {tcp}', tcp, impair=[{**what, 'toward': 'bob'}])
        net.command('0 s', 'alice', 'iperf -c bob -t 100000')
        rates += net.run(netarium, f'{seconds} s', seed).bits_per_second('bob', since=20)
    return sum(rates) / len(rates) * RTT / 8 / MSS


def loss(netarium, budget):
    jobs = []
    for every in (100, 1000) + ((10000,) if budget > 1 else ()):
        seconds = {100: 120, 1000: 220, 10000: 1000}[every] * (1 if budget == 1 else 2)
        for model in ('nth', 'loss'):
            seeds = 1 if model == 'nth' else 5
            tcp = {'profile': 'rfc', 'congestion': 'newreno', **AT_ONCE}
            reference = MODEL[every][model]
            part = 0.05 if every > 100 else 0.1 if model == 'nth' else 0.15
            jobs.append((f'newreno, sack     1/{every} {model:4} b=1', tcp, model, every, seconds, seeds, near(reference, part),
                         f'T-02 {reference}'))
            if every in PADHYE:
                tcp = {'profile': 'rfc', 'congestion': 'newreno', 'quick-acks': 0, 'sysctl': {'tcp.ack_counting': 0}}
                jobs.append((f'newreno, sack     1/{every} {model:4} b=2', tcp, model, every, seconds, seeds,
                             near(PADHYE[every], 0.15), f'T-03 {PADHYE[every]}'))
            for profile in ('rfc', 'linux'):
                tcp = {'profile': profile, 'congestion': 'cubic', **AT_ONCE}
                reference = CUBIC_MODEL[every][model]
                jobs.append((f'cubic, {profile:10} 1/{every} {model:4} b=1', tcp, model, every, seconds, seeds,
                             near(reference, 0.08 + (0.03 if model == 'loss' else 0)), f'T-07 {reference}'))
    for what, tcp, model, every, seconds, seeds, (least, most), source in jobs:
        yield what, packets_per_round(netarium, tcp, model, every, seconds, seeds), least, most, 'packets/RTT', source
    for every, mathis in ((100, 12.25), (1000, 38.73)):
        tcp = {'profile': 'classic', 'congestion': 'newreno', 'window-scaling': True, **AT_ONCE}
        yield (f'newreno, no sack  1/{every} nth  b=1', packets_per_round(netarium, tcp, 'nth', every, 220, 1) * MSS / 1460,
               *near(mathis, 0.2), 'packets/RTT', f'T-01 {mathis} sqrt(3/2p)')


# ---- Utilisation against buffer: T-04 ----

# (CUBIC with a queue of one packet would be 85 % of the fluid model. It grows by almost two segments a round trip, for which one place is
# too few: it gets 73 %, and 89 % with two places.)
SAWTOOTH = {'newreno': ((0.0, 75.0), (0.1, 81.76), (0.125, 83.22), (0.25, 89.29), (0.5, 96.43), (0.75, 99.32), (1.0, 100.0)),
            'cubic': ((0.1, 92.1), (0.25, 98.1), (0.5, 100.0), (1.0, 100.0))}


def buffers(netarium, budget):
    for congestion, rows in SAWTOOTH.items():
        for part, reference in rows:
            packets = max(1, round(10e6 * RTT / WIRE / 8 * part))
            tcp = {'profile': 'rfc', 'congestion': congestion, **AT_ONCE}
            net = dumbbell(f'buffer {congestion} {part}', tcp, 1, '10 Mbps', ['48.38 ms'], f'{packets} packets')
            net.command('0 s', 's0', 'iperf -c r0 -t 100000')
            # A queue of one packet also loses the answers when addresses are asked for again after 60 s (ARP): a shorter run.
            got = net.run(netarium, '220 s' if part else '59 s').bits_per_second('r0', since=20)[0]
            full = 10e6 * MSS / WIRE
            # CUBIC is at least the fluid sawtooth with its multiplier: it is longer near the top
            least = reference - (4 if part == 0 else 2)
            most = min(100.2, reference + ((4 if part == 0 else 2) if congestion == 'newreno' else 12))
            yield f'{congestion:8} {part:5.3f} BDP = {packets:2} packets', 100 * got / full, least, most, '%', f'T-04 {reference}'


# ---- Sharing: T-17, T-18, T-11 ----

def sharing(netarium, budget):
    for congestion in ('reno', 'newreno', 'cubic'):
        for flows in (2, 4) + ((10,) if budget > 1 else ()):
            tcp = {'profile': 'linux', 'congestion': congestion}
            net = dumbbell(f'fair {congestion} {flows}', tcp, flows, '10 Mbps', ['19 ms'] * flows, '33 packets')
            for i in range(flows):
                net.command(f'{i * 0.31:.2f} s', f's{i}', f'iperf -c r{i} -t 100000')
            report = net.run(netarium, '130 s')
            rates = [sum(report.bits_per_second(f'r{i}', since=10)) for i in range(flows)]
            yield f'{congestion:8} {flows} flows, Jain', jain(rates), 0.95, 1.0, '', 'T-17, > 0.95'
    # A millisecond of jitter: without it the flows keep in step with the queue, and chance decides whose packets find it full (Floyd and
    # Jacobson, "Traffic phase effects", 1991). A full queue adds 150 ms to both, so in truth round trips are about 150 to 250 ms.
    ratios = {}
    for congestion, least, most in (('newreno', 1.67, 9), ('cubic', 1.2, 4)):
        shares = []
        for seed in range(1, 4):
            net = dumbbell(f'rtt {congestion}', {'profile': 'linux', 'congestion': congestion}, 2, '10 Mbps', ['24 ms', '74 ms'],
                           '125 packets')
            for i in range(2):
                net.links[i]['impair'] = [{'type': 'jitter', 'jitter': '1 ms'}]
                net.command(f'{i * 0.31:.2f} s', f's{i}', f'iperf -c r{i} -t 100000')
            report = net.run(netarium, '220 s', seed)
            shares.append([report.bits_per_second(f'r{i}', since=20)[0] for i in range(2)])
        ratios[congestion] = sum(short for short, _ in shares) / sum(long_ for _, long_ in shares)
        yield f'{congestion:8} 50 ms against 150 ms, ratio', ratios[congestion], least, most, '', 'T-18'
    yield 'cubic no worse than newreno', ratios['cubic'] / ratios['newreno'], 0, 1, '', 'T-18'


# ---- Waiting: T-12, T-13, T-21, W-08 ----

def waiting(netarium, budget):
    for window, delay, reference in ((65535, 10, 52.4), (65535, 50, 10.49), (65535, 100, 5.243), (65535, 250, 2.097)):
        tcp = {'profile': 'rfc', 'congestion': 'none', 'window-scaling': False, 'timestamps': False, 'receive-buffer': '1 MB'}
        net = pair(f'window {delay}', tcp, '1 Gbps', f'{delay / 2} ms')
        net.command('0 s', 'alice', 'iperf -c bob -t 100000')
        got = net.run(netarium, '32 s').bits_per_second('bob', since=2)[0] / 1e6
        # 44 whole segments fit, 64 240 octets: 2 % less than the window; and the segment itself takes 12 us
        yield f'64 KiB window, {delay} ms', got, *near(reference * 64240 / 65535, 0.01), 'Mb/s', f'T-21 {reference}, whole segments'
    for queue, reference in (('drop-tail', None), ('codel', 15), ('fq_codel', 15)):
        tcp = {'profile': 'linux', 'congestion': 'cubic'}
        net = dumbbell(f'bloat {queue}', tcp, 2, '10 Mbps', ['9 ms', '9 ms'], '256 kB' if queue == 'drop-tail' else None, queue)
        net.command('0 s', 's0', 'iperf -c r0 -t 100000').command('20 s', 's1', 'ping -c 100 -i 0.5 r1')
        row = net.run(netarium, '80 s').table('s1', 'ping')[0]
        longest, mean = row['rtt_max'] / 1e9, row['rtt_avg'] / 1e9
        if reference is None:  # a full buffer adds 8B/R
            yield f'ping, 256 kB {queue}, longest', longest, 0.9 * (20 + 204.8), (20 + 204.8) * 1.05, 'ms', 'T-13 20 + 204.8'
        else:
            yield f'ping, {queue}, mean', mean, 20, 20 + reference, 'ms', f'T-13 < 20 + {reference}'


# ---- Exchanges: T-12, T-19, T-20, W-04, W-08 ----

def exchanges(netarium, budget):
    # Two small writes and an answer: Nagle holds the second one back until the delayed ACK of the first.
    for profile, wait in (('rfc', 200), ('linux', 40)):
        for nodelay in (False, True):
            tcp = {'profile': profile, 'quick-acks': 0, 'sysctl': {'tcp.nagle_minshall': 0}}
            net = pair(f'nagle {profile} {nodelay}', tcp, '1 Gbps', '5 ms')
            net.actions.clear()
            words = 'request --size 200 --writes 2 --reply 100 --count 50 ' + ('--nodelay ' if nodelay else '') + 'bob'
            net.command('0 s', 'bob', 'respond').command('1 s', 'alice', words)
            mean = round_ms(net.run(netarium, '60 s'), 'alice', 0 if nodelay else 2)
            due = 10 + (0 if nodelay else 10 + wait) # one round trip for the acknowledgment, one for the answer
            yield f'two writes, {profile}' + (', no delay' if nodelay else ''), mean, due - 1, due + 1, 'ms', f'T-12 {wait} and round trips'
    # A window of one segment is stop and wait: 1000 octets for each round trip of 30 ms.
    tcp = {'profile': 'classic', 'congestion': 'none', 'send-buffer': '1000 B', **AT_ONCE}
    net = pair('stop and wait', {}, '1 Gbps', '15 ms')
    for host in ('alice', 'bob'):
        net.nodes[host]['tcp'] = {**tcp, 'send-buffer': '1000 B'}
    net.command('0 s', 'alice', 'iperf -c bob -t 100000 -N')
    got = net.run(netarium, '32 s').bits_per_second('bob', since=2)[0] / 1e3
    yield 'stop and wait, 1000 octets, 30 ms', got, *near(266.6, 0.02), 'kb/s', 'W-04 267'
    # 1 MB over 1 Gb/s and 100 ms when the window is never in the way: 108 ms.
    tcp = {'profile': 'rfc', 'congestion': 'none', **AT_ONCE}
    net = pair('one megabyte', tcp, '1 Gbps', '50 ms')
    net.actions.clear()
    net.command('0 s', 'bob', 'respond --nodelay')  # or the last, small segment waits a round trip (Nagle)
    net.command('1 s', 'alice', 'request --size 16 --reply 1000000 --count 3 bob')
    took = round_ms(net.run(netarium, '10 s'), 'alice', 0)
    yield '1 MB, 1 Gb/s, 100 ms', took, 108, 110, 'ms', 'W-08 108 and headers'
    # Incast: n servers answer at once through a port with room for 64 kB; the slowest decides.
    for least_rto, rows in (('200 ms', ((4, 700, 1000), (32, 20, 420))), ('1 ms', ((32, 600, 1000),))):
        for servers, least, most in rows:
            yield (f'incast, {servers} servers, RTO {least_rto}', incast(netarium, servers, least_rto), least, most, 'Mb/s',
                   'T-19, below 330 with a timeout each')
    # Collapse: a slow link with a long queue, timeouts much shorter than the waiting there, and nobody who slows down: the link is busy with
    # the same segments again and again.
    goodput = {}
    for congestion, impatient in (('none', {'min-rto': '50 ms', 'initial-rto': '100 ms', 'max-rto': '1 s'}), ('reno', {})):
        tcp = {'profile': 'classic', 'congestion': congestion, 'sysctl': {'net.ipv4.tcp_retries2': 255}, **impatient}
        net = dumbbell(f'collapse {congestion}', tcp, 4, '64 kbps', ['100 ms'] * 4, '600 packets')
        for i in range(4):
            net.command('1 s', f's{i}', f'iperf -c r{i} -t 100000')
        report = net.run(netarium, '600 s')
        goodput[congestion] = sum(row['bytes'] for i in range(4) for row in report.table(f'r{i}', 'traffic')) * 8 / 600e3
        yield f'64 kb/s, {congestion}, goodput', goodput[congestion], 0, 64, 'kb/s', 'T-20, shape'
    yield 'collapse: by how much', goodput['reno'] / goodput['none'], 10, 1e6, '', 'T-20, more than 10'


def round_ms(report, node, which):
    """Shortest, mean or longest time of request's rounds: which is 0, 1, 2."""
    times = re.search(r'min/avg/max = ([\d.]+) s/([\d.]+) s/([\d.]+) s', report.printed(node, 'request')[0])
    return float(times.group(which + 1)) * 1e3


def incast(netarium, servers, least_rto):
    tcp = {'profile': 'linux', 'congestion': 'newreno', 'min-rto': least_rto, **BIG}
    net = Network(f'incast {servers} {least_rto}')
    net.host('client', '10.0.0.1/24', tcp=tcp)
    net.node('switch', type='switch', ports=servers + 1)
    net.link('client', 'switch', rate='1 Gbps', delay='20 us', queue={'type': 'drop-tail', 'limit': '64 kB'})
    for i in range(servers):
        net.host(f'v{i}', f'10.0.0.{10 + i}/24', tcp=tcp).link(f'v{i}', 'switch', rate='1 Gbps', delay='20 us')
        net.command('0 s', f'v{i}', 'respond')
    rounds = 10
    names = ' '.join(f'v{i}' for i in range(servers))
    net.command('1 s', 'client', f'request --size 16 --reply 262144 --count {rounds} {names}')
    took = round_ms(net.run(netarium, '120 s'), 'client', 1)
    return servers * 262144 * 8 / took / 1e3


TABLES = {'loss': loss, 'buffers': buffers, 'sharing': sharing, 'waiting': waiting, 'exchanges': exchanges,
          'crowds': crowds, 'pipes': pipes}
