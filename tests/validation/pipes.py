# SPDX-License-Identifier: MIT
"""What fits into a pipe, and what a window makes of it: the textbooks' sums on a cable, with TCP as their protocol.

Rows as in tables.py.
"""
from network import Network

ETHERNET = 14 + 4  # header and check sequence
PREAMBLE, GAP = 8, 12
HEADERS = 40  # of IP and TCP without options
# Only the window counts, and each segment is acknowledged.
PLAIN = {'profile': 'rfc', 'congestion': 'none', 'timestamps': False, 'window-scaling': True, 'delayed-ack': '0 s', 'quick-acks': 0}


def two(title, mtu, rate, delay, alice, bob, **link):
    """Two hosts and a cable of `rate` bits and `delay` seconds; alice sends as much as she may from 1 s on."""
    net = Network(title)
    net.host('alice', '10.0.0.1/24', tcp={**PLAIN, **alice}, mtu=mtu).host('bob', '10.0.0.2/24', tcp={**PLAIN, **bob}, mtu=mtu)
    net.link('alice', 'bob', rate=f'{rate:.0f} bps', delay=f'{delay * 1e9:.0f} ns', **link)
    return net.command('0 s', 'bob', 'iperf -s').command('1 s', 'alice', 'iperf -c bob -t 100000')


def window_of(segments, mss):
    """A receive buffer that offers so many segments: half of it is offered, and a quarter of a segment is too little to be sent."""
    return {'receive-buffer': f'{2 * segments * mss + mss // 2} B'}


GOT = 'sum(app.received at bob) / 1 byte'
SPAN = '(last(app.received at bob) - first(app.received at bob)) / 1 us'


def segments_per_second(report, mss):
    """The first segment begins the time, so it does not count."""
    return (report.answer(GOT) / mss - 1) / (report.answer(SPAN) / 1e6)


# ---- How much a pipe holds: W-09 ----

def contents(netarium, budget):
    for rate, delay, reference in ((45e6, 0.05, 2.25), (1e9, 0.23, 230), (10e9, 0.04, 400)):
        net = Network(f'pipe {reference}')
        net.host('alice', '10.0.0.1/24').host('bob', '10.0.0.2/24')
        net.link('alice', 'bob', rate=f'{rate:.0f} bps', delay=f'{delay * 1e3:.0f} ms').command('0 s', 'alice', 'load --to bob --size 1518')
        flying = net.run(netarium, f'{delay * 1.5:.3f} s').table('alice-bob', 'link')[0]['flying']
        bits = 8 * (1518 + PREAMBLE + GAP)
        yield (f'{rate / 1e6:g} Mb/s x {delay * 1e3:g} ms', flying * bits / 1e6, reference, reference + 2 * bits / 1e6, 'Mbit',
               f'W-09 {reference}, and a part of a frame at each end')
    # The data alone go at 10 Mb/s: what headers, preambles and gaps need is added to the rate.
    mtu = 1500
    rate = 10e6 * (mtu + ETHERNET + PREAMBLE + GAP) / (mtu - HEADERS)
    for delay, reference, more, source in ((0.001, 20.001, 0, 'W-09 20.001'),
                                           (0.1, 20.1, 0.15, 'W-09 20.1, and the first round trip: README')):
        net = two(f'25 MB {delay}', mtu, rate, delay, {'send-buffer': '1 MB'}, {'receive-buffer': '16 MB'})
        net.actions[1]['run'] = 'iperf -c bob -n 25MB'
        whole = '(last(app.received at bob) - first(frame.tx at alice where length > 1000 bytes)) / 1 us'
        took = net.ask(whole).run(netarium, '30 s').answer(whole) / 1e6
        yield f'25 MB, 10 Mb/s, {delay * 1e3:g} ms', took, reference - 0.005, reference + more + 0.005, 's', source


# ---- Windows for a long pipe: W-04, W-05 ----

def long_pipe(netarium, budget):
    """A T1 line of 3000 km, 18 ms, on which a segment takes 1/3 ms: how many numbers does a sender need to keep it busy?"""
    mtu = 88  # segments of 48 octets, the least that a peer is believed
    mss, slot = mtu - HEADERS, 1 / 3000
    rate = 8 * (mtu + ETHERNET + PREAMBLE + GAP) / slot
    busy = {}
    for window in (109, 110, 111):
        report = two(f'T1 {window}', mtu, rate, 0.018, {'send-buffer': '1 MB'}, window_of(window, mss)).ask(GOT, SPAN).run(netarium, '11 s')
        busy[window] = 100 * segments_per_second(report, mss) * slot
    # From the first bit of a segment to the last of its acknowledgment: the book has 36.33 ms, for an acknowledgment that takes no time.
    trip = 0.036 + 8 * (mtu + ETHERNET + PREAMBLE + 64 + PREAMBLE) / rate
    due = 100 * 109 * slot / trip
    yield 'T1, 3000 km, a window of 109', busy[109], due - 0.01, due + 0.01, '%', f'W-05 109 in {1e3 * trip:.2f} ms: {due:.2f}'
    yield 'T1, 3000 km, a window of 110', busy[110], 99.95, 100.05, '%', 'W-05 100'
    least = min(window for window, share in busy.items() if share > 99.95)
    yield 'T1, 3000 km: least window for all of it', least, 110, 110, 'segments', 'W-05 110'
    yield 'T1, 3000 km: bits of a sequence number', least.bit_length(), 7, 7, 'bits', 'W-05 7'


def kurose(netarium, budget):
    """1 Gb/s, 30 ms there and back, 1500 octets each 12 us: the window for 98 %."""
    mtu = 1500 - ETHERNET - PREAMBLE - GAP
    mss, slot = mtu - HEADERS, 12e-6
    net = two('window for 98', mtu, 1e9, 0.015, {'send-buffer': '64 MB'}, window_of(2451, mss), queue={'type': 'drop-tail', 'limit': '3000 packets'})
    share = 100 * net.run(netarium, '4 s').bits_per_second('bob', since=1)[0] * slot / 8 / mss
    yield '1 Gb/s, 30 ms, a window of 2451', share, 97.8, 98.2, '%', 'W-04 98'


# ---- Stop and wait: W-07 ----

def four_links(netarium, budget):
    """Three switches that store and forward. Our shortest frame has 576 bits with its preamble, not the book's 400: all is 1.44 times as
    large and as fast."""
    scale = (64 + PREAMBLE) * 8 / 400
    frame = round(12000 * scale / 8) - PREAMBLE
    mss = frame - ETHERNET - HEADERS
    net = Network('four links')
    for name, address in (('alice', '10.0.0.1/24'), ('bob', '10.0.0.2/24')):
        net.host(name, address, tcp={**PLAIN, 'send-buffer': f'{mss} B'}, mtu=mss + HEADERS)
    for i in range(3):
        net.node(f'sw{i}', type='switch', mtu=mss + HEADERS)
    for left, right in (('alice', 'sw0'), ('sw0', 'sw1'), ('sw1', 'sw2'), ('sw2', 'bob')):
        net.link(left, right, rate=f'{100 * scale:.0f} Mbps', delay='10 us')
    net.command('0 s', 'bob', 'iperf -s').command('1 s', 'alice', 'iperf -c bob -t 100000')
    rate = segments_per_second(net.ask(GOT, SPAN).run(netarium, '2 s'), mss)
    yield 'stop and wait, four links: a round', 1e6 / rate, 576 - 0.01, 576 + 0.01, 'us', 'W-07 576'
    yield 'stop and wait, four links', rate * 12000 / 1e6, 20.8 * 0.995, 20.8 * 1.005, 'Mb/s', 'W-07 20.8'


# ---- Automatic repetition: S-11 ----

def efficiency(netarium, a, window, lost, tcp, slots, seed=1):
    """Share of the line's time that brings something new: `a` is propagation over transmission, of so many frames one is lost."""
    mtu = 30000  # so that acknowledgments take no time to speak of
    mss = mtu - HEADERS
    rate = 10e6 if a < 100 else 100e6
    slot = 8 * (mtu + ETHERNET + PREAMBLE + GAP) / rate
    least = '1 ms' if window == 1 else '1 s' if a < 100 else '2 s'  # of the timeout
    tcp = {**PLAIN, 'initial-rto': '60 s', 'min-rto': least, **tcp}
    impair = {'impair': [{'type': 'loss', 'loss': f'{100 * lost:g} %', 'toward': 'bob'}]} if lost else {}
    alice = {**tcp, 'send-buffer': f'{mss} B' if window == 1 else '16 MB'}
    bob = {**tcp, **(window_of(window, mss) if window > 1 else {'receive-buffer': '16 MB'})}
    net = two(f'arq {a} {window} {lost} {tcp["profile"]}', mtu, rate, a * slot, alice, bob, **impair).ask(GOT, SPAN)
    return segments_per_second(net.run(netarium, f'{1 + slots * slot:.3f} s', seed), mss) * slot


def patient(lost):
    """By how much stop and wait suffers from TCP's timeouts, which double with each loss (RFC 6298 (5.5)), and stay so long until a segment
    comes back that was sent once (Karn). The book's are always as long as a round trip: 1 / (1 - P)."""
    timeouts = (1 - lost) / (1 - (1 - lost) * 2 * lost / (1 - 2 * lost))  # mean of the factor that a segment begins with
    return 1 + timeouts * lost / (1 - 2 * lost)


def repetition(netarium, budget):
    for lost in (0, 0.01, 0.1):
        reference = 1 / 3 / patient(lost)
        got = efficiency(netarium, 1, 1, lost, {}, 60000)
        yield (f'stop and wait, a=1, P={lost:g}', got, reference * 0.99, reference * 1.01, '',
               f'S-11 {(1 - lost) / 3:.4f}, {reference:.4f} with timeouts that double')
    for a, window in ((1, 7), (10, 7), (100, 127)):
        reference = min(1, window / (1 + 2 * a))
        got = efficiency(netarium, a, window, 0, {}, 500 * (1 + 2 * a))
        yield f'window of {window}, a={a}, P=0', got, reference * 0.995, reference * 1.005, '', f'S-11 {reference:.4f}'
    # A window stands still behind a hole, whatever is sent again: one loss costs a round trip, as with go-back-N. Of several in a window,
    # SACK repairs all in one round trip, and that is the better the more there are.
    for a, window, lost, back, selective in ((1, 7, 0.01, 0.9706, 0.99), (10, 7, 0.01, 0.3113, 0.33), (100, 127, 0.001, 0.5606, 0.6312),
                                             (100, 127, 0.01, 0.2768, 0.6255)):
        for name, tcp in (('no sack', {'profile': 'classic'}), ('sack', {'profile': 'rfc'})):
            got = efficiency(netarium, a, window, lost, tcp, 60000 if a < 10 else 150000)
            yield (f'window of {window}, a={a}, P={lost:g}, {name}', got, back * 0.97, selective, '', f'S-11 {back} to {selective}')


def pipes(netarium, budget):
    yield from contents(netarium, budget)
    yield from long_pipe(netarium, budget)
    yield from kurose(netarium, budget)
    yield from four_links(netarium, budget)
    yield from repetition(netarium, budget)
