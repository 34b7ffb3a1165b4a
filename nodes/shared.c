/* SPDX-License-Identifier: MIT
 * See shared.h: signals, and who gets the frame. Who is told of them is in shared_hear.c. */
#include "nodes/impair/line.h"
#include "nodes/shared_signal.h"

#include <stdio.h>
#include <string.h>

static const char *const carrier_words[] = {"off", "on", NULL};

static const struct nt_kind shared_kinds[] = {
    [SHARED_KIND_BEGIN] = {"segment.begin",
                           "a signal enters the cable at {position}",
                           NULL,
                           0,
                           {{"position", NT_UNIT_MM}, {"station", NT_UNIT_NONE}}},
    [SHARED_KIND_BREAK] = {"segment.break",
                           "the signal from {position} ends after {bits}, without a whole frame",
                           NULL,
                           0,
                           {{"position", NT_UNIT_MM}, {"bits", NT_UNIT_BITS}, {"station", NT_UNIT_NONE}}},
    [SHARED_KIND_COLLISION] =
        {"collision",
         "two signals meet at {position} of {node}, coming from {one} and {other}: collision",
         "IEEE 802.3 4.1.2.2",
         NT_KIND_INTERESTING,
         {{"position", NT_UNIT_MM}, {"one", NT_UNIT_MM}, {"other", NT_UNIT_MM}}},
    [SHARED_KIND_CARRIER] = {"segment.carrier",
                             "at {position} the carrier is {on}",
                             NULL,
                             NT_KIND_GAUGE | NT_KIND_CHATTER,
                             {{"on", NT_UNIT_WORD, carrier_words}, {"position", NT_UNIT_MM}}},
    [SHARED_KIND_TAP_COLLISION] = {"segment.overlap",
                                   "at {position} more than one signal is heard: {on}",
                                   NULL,
                                   NT_KIND_GAUGE | NT_KIND_CHATTER,
                                   {{"on", NT_UNIT_BOOL}, {"position", NT_UNIT_MM}}},
};

static void arrive_fire(struct nt_event *event);
static void meet_fire(struct nt_event *event);

/* ---- Making one ---- */

void shared_create(struct shared *shared, struct nt_node *node)
{
    shared->node = node;
    for (size_t i = 0; i < sizeof shared_kinds / sizeof *shared_kinds; i++)
        shared->kinds[i] = nt_kind(node, &shared_kinds[i]);
}

void shared_check(struct shared *shared, int64_t rate_bps, int64_t length_mm, nt_time end_to_end,
                  const struct shared_place *places)
{
    struct nt_node *node = shared->node;
    shared->rate = medium_rate_of(rate_bps);
    shared->length_mm = length_mm;
    shared->end_to_end = end_to_end;
    shared->tap_count = node->port_count;
    shared->taps = nt_new(node, shared->tap_count * sizeof *shared->taps);
    shared->watchers = nt_new(node, shared->tap_count * sizeof(struct shared_tap *));
    shared->senders = nt_new(node, shared->tap_count * sizeof(struct shared_tap *));
    shared->is_short = shared->end_to_end < medium_air_time(&shared->rate, GAP_PART1_BITS);
    for (uint32_t i = 0; i < shared->tap_count; i++) {
        struct shared_tap *tap = &shared->taps[i];
        tap->shared = shared;
        tap->port = node->ports[i];
        tap->position_mm = places[i].position_mm;
        tap->place = places[i].place;
        shared_hear_init(tap);
    }
}

void shared_start(struct shared *shared)
{
    for (uint32_t i = 0; i < shared->tap_count; i++)
        shared->has_repeaters |= shared->taps[i].port->peer->wants_signals;
    for (uint32_t i = 0; i < shared->tap_count; i++)
        nt_port_line(shared->taps[i].port, true, true, shared->rate.rate_bps);
}

/* ---- Signals ---- */

static uint64_t frame_id(const struct shared_signal *signal)
{
    return signal->frame ? signal->frame->id : 0;
}

/* Forgets old signals: those that nobody hears, gets or asks about any more. */
static void signals_retire(struct shared *shared)
{
    nt_time kept = shared->end_to_end + medium_air_time(&shared->rate, 2 * GAP_BITS);
    nt_time needed_from = nt_now(shared->node) - kept;
    if (!shared->first || shared->first->ends >= needed_from)
        return;
    for (const struct shared_signal *s = shared->first; s; s = s->next)
        if ((s->ends == NT_NEVER || s->receivers) && s->begins - kept < needed_from)
            needed_from = s->begins - kept;
    while (shared->first && shared->first->ends < needed_from && !shared->first->receivers) {
        struct shared_signal *old = shared->first;
        shared->first = old->next;
        if (!shared->first)
            shared->last = NULL;
        for (struct shared_signal *s = shared->first; s; s = s->next)
            if (s->other == old)
                nt_disarm(&s->meet);
        nt_disarm(&old->meet);
        if (old->frame)
            nt_frame_unref(shared->node, old->frame);
        old->next = shared->spare;
        shared->spare = old;
    }
}

/* When do the first bits of two signals meet, if neither has passed the other's tap when it began? The middle
 * of the time between, and the place where both have come by then. */
static void plan_meeting(struct shared *shared, struct shared_signal *signal)
{
    for (struct shared_signal *s = shared->first; s; s = s->next) {
        if (s == signal || heard_until(s, signal->from) <= signal->begins)
            continue;
        if (!s->was_hit)
            shared->collisions++;
        s->was_hit = signal->was_hit = true;
        if (!nt_is_listening(shared->node) || signal->other)
            continue;
        nt_time sum = s->begins + signal->begins + distance(s->from, signal->from);
        nt_time at = sum / 2 > signal->begins ? sum / 2 : signal->begins;
        signal->other = s;
        nt_arm(&signal->meet, at);
    }
}

static void meet_fire(struct nt_event *event)
{
    struct shared_signal *signal = NT_OWNER(event, struct shared_signal, meet);
    struct shared *shared = signal->from->shared;
    const struct shared_tap *a = signal->other->from, *b = signal->from;
    nt_time run = nt_now(event->node) - signal->begins; /* how far our front has come, towards the other */
    int64_t way_mm =
        shared->end_to_end ? (int64_t)((__int128)run * shared->length_mm / shared->end_to_end) : 0;
    int64_t place_mm = b->position_mm + (a->position_mm > b->position_mm ? way_mm : -way_mm);
    nt_because(event->node, signal->cause);
    nt_tell(event->node, shared->kinds[SHARED_KIND_COLLISION], NULL, frame_id(signal), place_mm,
            a->position_mm, b->position_mm);
}

static void signal_begin(struct shared *shared, struct shared_tap *tap, struct nt_frame *frame)
{
    struct nt_node *node = shared->node;
    signals_retire(shared);
    struct shared_signal *signal = shared->spare;
    if (signal)
        shared->spare = signal->next;
    else
        signal = nt_new(node, sizeof *signal);
    *signal = (struct shared_signal){.begins = nt_now(node),
                                     .ends = NT_NEVER,
                                     .place = tap->place,
                                     .from = tap,
                                     .frame = frame ? nt_frame_ref(frame) : NULL};
    nt_event_init(&signal->arrive, node, arrive_fire);
    nt_event_init(&signal->meet, node, meet_fire);
    *(shared->last ? &shared->last->next : &shared->first) = signal;
    shared->last = signal;
    tap->sending = signal;
    tap->send_place = shared->sender_count;
    shared->senders[shared->sender_count++] = tap;
    if (tap->watches)
        shared_unwatch(tap);
    if (!tap->port->peer->wants_signals)
        tap->knows_collision = false;
    signal->cause = nt_tell(node, shared->kinds[SHARED_KIND_BEGIN], tap->port, frame_id(signal),
                            tap->position_mm, tap->port->peer->node->id);
    plan_meeting(shared, signal);
    shared_hear_begin(shared, signal);
}

/* ---- The frame at those who want it ---- */

static bool wants(const struct shared_tap *tap, const struct nt_frame *frame)
{
    const struct nt_port *station = tap->port->peer;
    return station->takes_all || (frame->bytes[0] & 1) || memcmp(frame->bytes, station->address, 6) == 0;
}

/* Was any other signal heard at `tap` while this one was? */
static bool is_garbled(const struct shared_signal *signal, const struct shared_tap *tap)
{
    if (!signal->was_hit)
        return false;
    nt_time from = heard_from(signal, tap), until = heard_until(signal, tap);
    for (const struct shared_signal *s = tap->shared->first; s; s = s->next)
        if (s != signal && heard_from(s, tap) < until && heard_until(s, tap) > from)
            return true;
    return false;
}

/* Finds the tap where the frame's end comes next, not before `after`, and arms the event. Returns how many
 * come from then on. */
static uint32_t plan_arrival(struct shared_signal *signal, nt_time after)
{
    struct shared *shared = signal->from->shared;
    uint32_t count = 0;
    signal->next_receiver = NULL;
    for (uint32_t i = 0; i < shared->tap_count; i++) {
        struct shared_tap *tap = &shared->taps[i];
        if (tap == signal->from || !wants(tap, signal->frame) || heard_until(signal, tap) < after)
            continue;
        count++;
        if (!signal->next_receiver || heard_until(signal, tap) < heard_until(signal, signal->next_receiver))
            signal->next_receiver = tap;
    }
    if (signal->next_receiver)
        nt_arm(&signal->arrive, heard_until(signal, signal->next_receiver));
    return count;
}

/* Some have got it. Stations may have changed what they listen for since the first count: the ledger follows.
 */
static void plan_rest(struct shared_signal *signal, nt_time after)
{
    struct nt_port *port = signal->from->port;
    uint32_t left = plan_arrival(signal, after);
    if (left > signal->receivers)
        nt_copied(port, left - signal->receivers);
    for (uint32_t lost = left; lost < signal->receivers; lost++)
        nt_drop(port, nt_frame_ref(signal->frame), "nobody with that address is on the cable");
    signal->receivers = left;
}

static void arrive_at(struct shared_signal *signal, struct shared_tap *tap)
{
    struct nt_frame *frame = nt_frame_ref(signal->frame);
    signal->receivers--;
    if (is_garbled(signal, tap)) {
        tap->garbled++;
        nt_drop(tap->port, frame, "it collided on its way");
        return;
    }
    tap->received++;
    if (tap->impair)
        impair_line_take(tap->impair, frame, signal->cause);
    else
        nt_deliver(tap->port, frame, signal->cause);
}

static void arrive_fire(struct nt_event *event)
{
    struct shared_signal *signal = NT_OWNER(event, struct shared_signal, arrive);
    struct shared *shared = signal->from->shared;
    nt_time now = nt_now(event->node);
    if (signal->receivers == 1) { /* the usual case: one station has this address */
        arrive_at(signal, signal->next_receiver);
        return;
    }
    for (uint32_t i = 0; i < shared->tap_count && signal->receivers; i++) {
        struct shared_tap *tap = &shared->taps[i];
        if (tap != signal->from && heard_until(signal, tap) == now && wants(tap, signal->frame))
            arrive_at(signal, tap);
    }
    if (signal->receivers)
        plan_rest(signal, now + 1);
}

/* The whole frame is out: who gets it? A station's frame is in the ledger since it waited to be sent. What a
 * repeater repeats enters the ledger here, if somebody gets it: where nobody listens there is nothing that
 * could be lost. */
static void signal_is_whole(struct shared *shared, struct shared_signal *signal, struct nt_frame *frame)
{
    struct nt_port *port = signal->from->port, *sender = port->peer;
    signal->from->sent++;
    signal->cause = nt_tell_tx(port, frame, nt_cause(sender->node), signal->ends - signal->begins);
    signal->receivers = plan_arrival(signal, signal->ends);
    if (signal->receivers && sender->wants_signals)
        nt_offered(sender, frame);
    if (signal->receivers)
        nt_copied(port, signal->receivers - 1);
    else if (!sender->wants_signals)
        nt_drop(port, nt_frame_ref(frame), "nobody with that address is on the cable");
}

static void signal_end(struct shared *shared, struct shared_tap *tap, struct nt_frame *frame, uint32_t bits)
{
    struct nt_node *node = shared->node;
    struct shared_signal *signal = tap->sending;
    signal->ends = nt_now(node);
    tap->sending = NULL;
    shared->senders[tap->send_place] = shared->senders[--shared->sender_count];
    shared->senders[tap->send_place]->send_place = tap->send_place;
    if (!tap->port->peer->wants_signals)
        nt_disarm(&tap->wake);
    if (frame) {
        signal_is_whole(shared, signal, frame);
    } else {
        tap->broken++;
        nt_tell(node, shared->kinds[SHARED_KIND_BREAK], tap->port, frame_id(signal), tap->position_mm, bits,
                tap->port->peer->node->id);
    }
    shared_hear_end(shared);
}

void shared_sense(struct shared *shared, struct nt_port *port, const struct nt_sense *sense)
{
    struct shared_tap *tap = &shared->taps[port->index];
    if (sense->what == NT_SENSE_TX_START && !tap->sending)
        signal_begin(shared, tap, sense->frame);
    else if (sense->what == NT_SENSE_TX_END && tap->sending)
        signal_end(shared, tap, sense->frame, sense->bits);
}

uint64_t shared_held(const struct shared *shared)
{
    uint64_t held = 0;
    for (const struct shared_signal *s = shared->first; s; s = s->next)
        held += s->receivers;
    return held;
}

/* ---- Cutting ---- */

void shared_set_cut(struct shared *shared, bool is_cut)
{
    if (shared->is_cut == is_cut)
        return;
    shared->is_cut = is_cut;
    for (uint32_t i = 0; i < shared->tap_count; i++)
        nt_port_line(shared->taps[i].port, !is_cut, true, shared->rate.rate_bps);
    for (struct shared_signal *s = shared->first; is_cut && s; s = s->next) {
        nt_disarm(&s->arrive);
        for (; s->receivers; s->receivers--)
            nt_drop(s->from->port, nt_frame_ref(s->frame), "the cable was cut");
    }
}

/* ---- What can be seen ---- */

bool shared_row(const struct shared *shared, uint32_t index, struct nt_cell *cells)
{
    if (index >= shared->tap_count)
        return false;
    const struct shared_tap *tap = &shared->taps[index];
    uint32_t signals = shared_signals_at(shared, index);
    snprintf(cells[0].text, sizeof cells[0].text, "%s", tap->port->peer->node->name);
    cells[1].number = tap->position_mm;
    cells[2].number = tap->sending != NULL;
    cells[3].number = signals > 0;
    cells[4].number = signals > 1 || (signals > 0 && tap->sending);
    cells[5].number = (int64_t)tap->sent;
    cells[6].number = (int64_t)tap->broken;
    cells[7].number = (int64_t)tap->received;
    cells[8].number = (int64_t)tap->garbled;
    return true;
}
