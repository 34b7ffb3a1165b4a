# SPDX-License-Identifier: MIT
"""The tables: what is measured, what the literature says, how far apart they may be.

Each function yields rows (what, measured, least, most, unit, source). A row is right if the measured value lies between least
and most. `budget` 1 is what every test run does; more brings longer runs and further rows.
"""
from network import Network, dumbbell, jain, pair

RTT = 0.1
MSS = 1448  # timestamps are on
WIRE = 1538  # bytes of a full frame with preamble and gap


def near(value, part):
    return value * (1 - part), value * (1 + part)


# ---- Throughput against loss: T-01, T-02, T-03, T-07 ----

# p: packets per round trip of the round model: deterministic and Bernoulli loss, an ACK for each packet or for two.
MODEL = {
    100: {('nth', 1): 11.11, ('loss', 1): 12.43, ('nth', 2): 8.09, ('loss', 2): 8.80},
    1000: {('nth', 1): 37.75, ('loss', 1): 40.90, ('nth', 2): 26.83, ('loss', 2): 28.83},
    10000: {('nth', 1): 121.6, ('loss', 1): 130.6, ('nth', 2): 86.1, ('loss', 2): 92.4},
}
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
            for b in (1, 2):
                tcp = {'profile': 'rfc', 'congestion': 'newreno', 'quick-acks': 0,
                       **({'delayed-ack': '0 s'} if b == 1 else {'sysctl': {'tcp.ack_counting': 0}})}
                reference = MODEL[every][model, b]
                part = 0.10 if every == 100 else 0.05 + (0.03 if model == 'loss' else 0)
                jobs.append((f'newreno, sack     1/{every} {model:4} b={b}', tcp, model, every, seconds, seeds,
                             near(reference, part), f'T-02 {reference}'))
            for profile in ('rfc', 'linux'):
                tcp = {'profile': profile, 'congestion': 'cubic', 'delayed-ack': '0 s', 'quick-acks': 0}
                reference = CUBIC_MODEL[every][model]
                jobs.append((f'cubic, {profile:10} 1/{every} {model:4} b=1', tcp, model, every, seconds, seeds,
                             near(reference, 0.08 + (0.03 if model == 'loss' else 0)), f'T-07 {reference}'))
    for what, tcp, model, every, seconds, seeds, (least, most), source in jobs:
        yield what, packets_per_round(netarium, tcp, model, every, seconds, seeds), least, most, 'packets/RTT', source
    for every, mathis in ((100, 12.25), (1000, 38.73)):
        tcp = {'profile': 'classic', 'congestion': 'newreno', 'delayed-ack': '0 s', 'window-scaling': True}
        yield (f'newreno, no sack  1/{every} nth  b=1', packets_per_round(netarium, tcp, 'nth', every, 220, 1) * MSS / 1460,
               *near(mathis, 0.2), 'packets/RTT', f'T-01 {mathis} sqrt(3/2p)')


# ---- Utilisation against buffer: T-04 ----

SAWTOOTH = {'newreno': ((0.1, 81.76), (0.125, 83.22), (0.25, 89.29), (0.5, 96.43), (0.75, 99.32), (1.0, 100.0)),
            'cubic': ((0.1, 92.1), (0.25, 98.1), (0.5, 100.0), (1.0, 100.0))}


def buffers(netarium, budget):
    for congestion, rows in SAWTOOTH.items():
        for part, reference in ((0.0, 75.0 if congestion == 'newreno' else 85.0),) + rows:
            packets = max(1, round(10e6 * RTT / WIRE / 8 * part))
            tcp = {'profile': 'rfc', 'congestion': congestion, 'delayed-ack': '0 s', 'quick-acks': 0}
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
    for congestion, least, most in (('newreno', 2, 9), ('cubic', 1.5, 4)):
        tcp = {'profile': 'linux', 'congestion': congestion}
        net = dumbbell(f'rtt {congestion}', tcp, 2, '10 Mbps', ['24 ms', '74 ms'], '125 packets')
        for i in range(2):
            net.command(f'{i * 0.31:.2f} s', f's{i}', f'iperf -c r{i} -t 100000')
        report = net.run(netarium, '320 s')
        short, long_ = (report.bits_per_second(f'r{i}', since=20)[0] for i in range(2))
        yield f'{congestion:8} 50 ms against 150 ms, ratio', short / long_, least, most, '', f'T-18 {least} to {most}'


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


TABLES = {'loss': loss, 'buffers': buffers, 'sharing': sharing, 'waiting': waiting}
