/* SPDX-License-Identifier: MIT
 * See shared.h: signals, what is heard of them, who is told, and who gets the frame. */
#include "nodes/shared.h"

#include <stdio.h>
#include <string.h>

#define GAP_PART1_BITS 64 /* IEEE 802.3 4.2.3.2.2: silence shorter than this moves nobody */
#define GAP_BITS 96       /* history is kept for two gaps, since stations ask how long it has been silent */

/* One transmission. It is kept until nobody can hear it or ask about it any more. */
struct shared_signal {
    struct shared_tap *from;
    nt_time begins;                   /* at the sender's tap */
    nt_time ends;                     /* likewise; NT_NEVER while it is being sent */
    struct nt_frame *frame;           /* what is being sent; a reference of its own */
    bool is_whole;                    /* it ended with the frame's last bit */
    bool was_hit;                     /* it overlapped another one somewhere */
    uint64_t cause;                   /* record of its beginning, then of frame.tx */
    uint32_t receivers;               /* taps that still get the frame */
    struct shared_tap *next_receiver; /* the one where its end comes next */
    struct nt_event arrive;           /* the frame's end at the next of them */
    struct nt_event meet;        /* the moment when it first meets another; only while somebody listens */
    struct shared_signal *other; /* whom it meets */
    struct shared_signal *next;  /* by beginning */
};

enum { KIND_BEGIN, KIND_BREAK, KIND_COLLISION, KIND_CARRIER, KIND_TAP_COLLISION };

static const struct nt_kind shared_kinds[] = {
    [KIND_BEGIN] = {"segment.begin",
                    "a signal with frame {frame} enters the cable {port} at {position}",
                    NULL,
                    0,
                    {{"position", NT_UNIT_MM}, {"station", NT_UNIT_NONE}}},
    [KIND_BREAK] = {"segment.break",
                    "the signal from {position} ends after {bits}, before its frame",
                    NULL,
                    0,
                    {{"position", NT_UNIT_MM}, {"bits", NT_UNIT_BITS}, {"station", NT_UNIT_NONE}}},
    [KIND_COLLISION] = {"collision",
                        "two signals meet at {position} of {node}, coming from {one} and {other}: collision",
                        "IEEE 802.3 4.1.2.2",
                        NT_KIND_INTERESTING,
                        {{"position", NT_UNIT_MM}, {"one", NT_UNIT_MM}, {"other", NT_UNIT_MM}}},
    [KIND_CARRIER] = {"segment.carrier",
                      "at {position} the carrier is {on}",
                      NULL,
                      NT_KIND_GAUGE | NT_KIND_CHATTER,
                      {{"on", NT_UNIT_BOOL}, {"position", NT_UNIT_MM}}},
    [KIND_TAP_COLLISION] = {"segment.overlap",
                            "at {position} more than one signal is heard: {on}",
                            NULL,
                            NT_KIND_GAUGE | NT_KIND_CHATTER,
                            {{"on", NT_UNIT_BOOL}, {"position", NT_UNIT_MM}}},
};

static void wake_fire(struct nt_event *event);
static void look_fire(struct nt_event *event);
static void arrive_fire(struct nt_event *event);
static void meet_fire(struct nt_event *event);

/* ---- Making one ---- */

void shared_create(struct shared *shared, struct nt_node *node)
{
    shared->node = node;
    for (size_t i = 0; i < sizeof shared_kinds / sizeof *shared_kinds; i++)
        shared->kinds[i] = nt_kind(node, &shared_kinds[i]);
}

void shared_check(struct shared *shared, int64_t rate_bps, int64_t velocity_permille, int64_t length_mm,
                  const int64_t *position_mm)
{
    struct nt_node *node = shared->node;
    shared->rate = medium_rate_of(rate_bps);
    shared->length_mm = length_mm;
    shared->end_to_end = medium_propagation(length_mm, velocity_permille);
    shared->tap_count = node->port_count;
    shared->taps = nt_new(node, shared->tap_count * sizeof *shared->taps);
    shared->watchers = nt_new(node, shared->tap_count * sizeof(struct shared_tap *));
    shared->senders = nt_new(node, shared->tap_count * sizeof(struct shared_tap *));
    shared->is_short = shared->end_to_end < medium_air_time(&shared->rate, GAP_PART1_BITS);
    for (uint32_t i = 0; i < shared->tap_count; i++) {
        struct shared_tap *tap = &shared->taps[i];
        tap->shared = shared;
        tap->port = node->ports[i];
        tap->position_mm = position_mm[i];
        tap->place = medium_propagation(position_mm[i], velocity_permille);
        nt_event_init(&tap->wake, node, wake_fire);
        nt_event_init(&tap->look, node, look_fire);
    }
}

void shared_start(struct shared *shared)
{
    for (uint32_t i = 0; i < shared->tap_count; i++)
        shared->has_repeaters |= shared->taps[i].port->peer->wants_signals;
    for (uint32_t i = 0; i < shared->tap_count; i++)
        nt_port_line(shared->taps[i].port, true, true, shared->rate.rate_bps);
}

/* ---- What is heard at a tap ---- */

static nt_time distance(const struct shared_tap *a, const struct shared_tap *b)
{
    return a->place > b->place ? a->place - b->place : b->place - a->place;
}

static nt_time heard_from(const struct shared_signal *signal, const struct shared_tap *tap)
{
    return signal->begins + distance(signal->from, tap);
}

static nt_time heard_until(const struct shared_signal *signal, const struct shared_tap *tap)
{
    return signal->ends == NT_NEVER ? NT_NEVER : signal->ends + distance(signal->from, tap);
}

uint32_t shared_signals_at(const struct shared *shared, uint32_t number)
{
    const struct shared_tap *tap = &shared->taps[number];
    nt_time now = nt_now(shared->node);
    uint32_t count = 0;
    for (const struct shared_signal *s = shared->first; s; s = s->next)
        count += s->from != tap && heard_from(s, tap) <= now && now < heard_until(s, tap);
    return count;
}

/* Follows touching signals back from `edge` to where the carrier that covers it began. */
static nt_time carrier_began(const struct shared *shared, const struct shared_tap *tap, nt_time edge)
{
    for (bool has_moved = true; has_moved;) {
        has_moved = false;
        for (const struct shared_signal *s = shared->first; s; s = s->next) {
            if (s->from == tap || heard_from(s, tap) >= edge || heard_until(s, tap) < edge)
                continue;
            edge = heard_from(s, tap);
            has_moved = true;
        }
    }
    return edge;
}

/* The latest end of a foreign signal not after `until`; INT64_MIN: none. */
static nt_time last_end(const struct shared *shared, const struct shared_tap *tap, nt_time until)
{
    nt_time latest = INT64_MIN;
    for (const struct shared_signal *s = shared->first; s; s = s->next) {
        nt_time end = heard_until(s, tap);
        if (s->from != tap && end <= until && end > latest)
            latest = end;
    }
    return latest;
}

void shared_carrier(const struct shared *shared, const struct nt_port *port, struct nt_carrier *ret_carrier)
{
    const struct shared_tap *tap = &shared->taps[port->index];
    nt_time now = nt_now(shared->node);
    *ret_carrier = (struct nt_carrier){shared_signals_at(shared, port->index) > 0, INT64_MIN, INT64_MIN};
    if (!ret_carrier->is_on) {
        ret_carrier->since = last_end(shared, tap, now);
        return;
    }
    nt_time began = now;
    for (const struct shared_signal *s = shared->first; s; s = s->next)
        if (s->from != tap && heard_from(s, tap) <= now && now < heard_until(s, tap) &&
            heard_from(s, tap) < began)
            began = heard_from(s, tap);
    ret_carrier->since = carrier_began(shared, tap, began);
    ret_carrier->silent_from = last_end(shared, tap, ret_carrier->since - 1);
}

/* The next instant after now when any foreign signal begins or ends at this tap; NT_NEVER: none known. */
static nt_time next_change(const struct shared *shared, const struct shared_tap *tap)
{
    nt_time now = nt_now(shared->node), next = NT_NEVER;
    for (const struct shared_signal *s = shared->first; s; s = s->next) {
        if (s->from == tap)
            continue;
        nt_time from = heard_from(s, tap), until = heard_until(s, tap);
        if (from > now && from < next)
            next = from;
        if (until > now && until < next)
            next = until;
    }
    return next;
}

/* ---- Who is told ---- */

/* A sender must know when the first foreign signal is here: now, or when its front arrives. */
static void sender_update(struct shared_tap *tap)
{
    nt_time now = nt_now(tap->shared->node), next = NT_NEVER;
    if (tap->knows_collision)
        return;
    for (const struct shared_signal *s = tap->shared->first; s; s = s->next) {
        nt_time from = heard_from(s, tap);
        if (s->from == tap || heard_until(s, tap) <= now)
            continue;
        next = from <= now ? now : from < next ? from : next;
    }
    if (next != NT_NEVER)
        nt_arm(&tap->wake, next);
}

/* Somebody waits for silence: if the end of all that is heard is known, wake it then. What begins meanwhile
 * is seen then. */
static void watcher_update(struct shared_tap *tap)
{
    nt_time now = nt_now(tap->shared->node), silent = now;
    for (bool has_moved = true; has_moved;) {
        has_moved = false;
        for (const struct shared_signal *s = tap->shared->first; s; s = s->next) {
            nt_time until = heard_until(s, tap);
            if (s->from == tap || heard_from(s, tap) > silent || until <= silent)
                continue;
            if (until == NT_NEVER)
                return; /* its end will bring us here again */
            silent = until;
            has_moved = true;
        }
    }
    nt_arm(&tap->wake, silent);
}

/* A repeater is told everything, as it happens. */
static void repeater_update(struct shared_tap *tap)
{
    nt_time next = next_change(tap->shared, tap);
    uint32_t signals = shared_signals_at(tap->shared, tap->port->index);
    bool is_due = (signals > 0) != tap->knows_carrier || (signals > 1) != tap->knows_collision;
    if (is_due || next != NT_NEVER)
        nt_arm(&tap->wake, is_due ? nt_now(tap->shared->node) : next);
}

/* The records show every change at every tap. */
static void look_update(struct shared_tap *tap)
{
    nt_time next = next_change(tap->shared, tap);
    uint32_t signals = shared_signals_at(tap->shared, tap->port->index);
    bool is_due = (signals > 0) != tap->shown_carrier || (signals > 1) != tap->shown_collision;
    if (is_due || next != NT_NEVER)
        nt_arm(&tap->look, is_due ? nt_now(tap->shared->node) : next);
}

/* A signal has begun or ended. */
static void update_all(struct shared *shared, bool has_begun)
{
    for (uint32_t i = 0; has_begun && i < shared->sender_count; i++)
        sender_update(shared->senders[i]);
    bool may_be_silent = !has_begun && (!shared->sender_count || !shared->is_short);
    for (uint32_t i = 0; may_be_silent && i < shared->watcher_count; i++)
        watcher_update(shared->watchers[i]);
    for (uint32_t i = 0; shared->has_repeaters && i < shared->tap_count; i++)
        if (shared->taps[i].port->peer->wants_signals)
            repeater_update(&shared->taps[i]);
    for (uint32_t i = 0; nt_is_listening(shared->node) && i < shared->tap_count; i++)
        look_update(&shared->taps[i]);
}

static void watcher_remove(struct shared_tap *tap)
{
    struct shared *shared = tap->shared;
    struct shared_tap *last = shared->watchers[--shared->watcher_count];
    shared->watchers[tap->watch_place] = last;
    last->watch_place = tap->watch_place;
    tap->watches = false;
}

static void tell_station(struct shared_tap *tap, enum nt_sense_what what, struct nt_frame *frame)
{
    struct nt_sense sense = {.what = what, .frame = frame};
    nt_signal(tap->port, &sense);
}

/* The frame of the only foreign signal that is heard here, for a repeater. */
static struct nt_frame *frame_heard(const struct shared_tap *tap)
{
    nt_time now = nt_now(tap->shared->node);
    for (const struct shared_signal *s = tap->shared->first; s; s = s->next)
        if (s->from != tap && heard_from(s, tap) <= now && now < heard_until(s, tap))
            return s->frame;
    return NULL;
}

static void repeater_wake(struct shared_tap *tap, uint32_t signals)
{
    bool carrier = signals > 0, collision = signals > 1;
    bool has_carrier_changed = carrier != tap->knows_carrier,
         has_collision_changed = collision != tap->knows_collision;
    tap->knows_carrier = carrier;
    tap->knows_collision = collision;
    if (has_carrier_changed)
        tell_station(tap, carrier ? NT_SENSE_CARRIER_ON : NT_SENSE_CARRIER_OFF,
                     carrier ? frame_heard(tap) : NULL);
    if (has_collision_changed)
        tell_station(tap, collision ? NT_SENSE_COLLISION_ON : NT_SENSE_COLLISION_OFF, NULL);
    repeater_update(tap);
}

static void wake_fire(struct nt_event *event)
{
    struct shared_tap *tap = NT_OWNER(event, struct shared_tap, wake);
    uint32_t signals = shared_signals_at(tap->shared, tap->port->index);
    if (tap->port->peer->wants_signals) {
        repeater_wake(tap, signals);
    } else if (tap->sending && signals) {
        tap->knows_collision = true;
        tell_station(tap, NT_SENSE_COLLISION_ON, NULL);
    } else if (tap->watches && !signals) {
        watcher_remove(tap);
        tell_station(tap, NT_SENSE_CARRIER_OFF, NULL);
    } else if (tap->watches) {
        watcher_update(tap);
    }
}

/* The same for the records. It changes nothing but what they have said. */
static void look_fire(struct nt_event *event)
{
    struct shared_tap *tap = NT_OWNER(event, struct shared_tap, look);
    struct shared *shared = tap->shared;
    struct nt_node *node = shared->node, *station = tap->port->peer->node;
    uint32_t signals = shared_signals_at(shared, tap->port->index);
    if ((signals > 0) != tap->shown_carrier) {
        tap->shown_carrier = signals > 0;
        nt_tell(station, shared->kinds[KIND_CARRIER], tap->port->peer, 0, tap->shown_carrier,
                tap->position_mm);
    }
    if ((signals > 1) != tap->shown_collision) {
        tap->shown_collision = signals > 1;
        nt_tell(station, shared->kinds[KIND_TAP_COLLISION], tap->port->peer, 0, tap->shown_collision,
                tap->position_mm);
    }
    nt_time next = next_change(shared, tap);
    if (nt_is_listening(node) && next != NT_NEVER)
        nt_arm(&tap->look, next);
}

void shared_watch(struct shared *shared, struct nt_port *port)
{
    struct shared_tap *tap = &shared->taps[port->index];
    if (tap->watches || tap->sending)
        return;
    tap->watches = true;
    tap->watch_place = shared->watcher_count;
    shared->watchers[shared->watcher_count++] = tap;
    watcher_update(tap);
}

/* ---- Signals ---- */

/* Forgets old signals: those that nobody hears, gets or asks about any more. */
static void signals_retire(struct shared *shared)
{
    nt_time kept = shared->end_to_end + medium_air_time(&shared->rate, 2 * GAP_BITS);
    nt_time needed_from = nt_now(shared->node) - kept;
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
    nt_tell(event->node, shared->kinds[KIND_COLLISION], NULL, signal->frame->id, place_mm, a->position_mm,
            b->position_mm);
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
    *signal = (struct shared_signal){
        .from = tap, .begins = nt_now(node), .ends = NT_NEVER, .frame = nt_frame_ref(frame)};
    nt_event_init(&signal->arrive, node, arrive_fire);
    nt_event_init(&signal->meet, node, meet_fire);
    *(shared->last ? &shared->last->next : &shared->first) = signal;
    shared->last = signal;
    tap->sending = signal;
    tap->send_place = shared->sender_count;
    shared->senders[shared->sender_count++] = tap;
    if (tap->watches)
        watcher_remove(tap);
    if (!tap->port->peer->wants_signals)
        tap->knows_collision = false;
    signal->cause = nt_tell(node, shared->kinds[KIND_BEGIN], tap->port, frame->id, tap->position_mm,
                            tap->port->peer->node->id);
    plan_meeting(shared, signal);
    update_all(shared, true);
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
        plan_arrival(signal, now + 1);
}

static void signal_end(struct shared *shared, struct shared_tap *tap, struct nt_frame *frame, uint32_t bits)
{
    struct nt_node *node = shared->node;
    struct shared_signal *signal = tap->sending;
    signal->ends = nt_now(node);
    signal->is_whole = frame != NULL;
    tap->sending = NULL;
    shared->senders[tap->send_place] = shared->senders[--shared->sender_count];
    shared->senders[tap->send_place]->send_place = tap->send_place;
    if (!tap->port->peer->wants_signals)
        nt_disarm(&tap->wake);
    if (frame) {
        tap->sent++;
        signal->cause =
            nt_tell_tx(tap->port, frame, nt_cause(tap->port->peer->node), signal->ends - signal->begins);
        signal->receivers = plan_arrival(signal, signal->ends);
        if (signal->receivers)
            nt_copied(tap->port, signal->receivers - 1);
        else
            nt_drop(tap->port, nt_frame_ref(frame), "nobody with that address is on the cable");
    } else {
        tap->broken++;
        nt_tell(node, shared->kinds[KIND_BREAK], tap->port, signal->frame->id, tap->position_mm, bits,
                tap->port->peer->node->id);
    }
    update_all(shared, false);
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
