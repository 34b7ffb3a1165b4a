/* SPDX-License-Identifier: MIT
 * See shared.h: what is heard at each tap, and who is told. */
#include "nodes/shared_signal.h"

/* ---- What is heard at a tap ---- */

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
    nt_time now = nt_now(shared->node), began = NT_NEVER, ended = INT64_MIN;
    for (const struct shared_signal *s = shared->first; s; s = s->next) {
        if (s->from == tap)
            continue;
        nt_time from = heard_from(s, tap), until = heard_until(s, tap);
        if (until <= now)
            ended = until > ended ? until : ended;
        else if (from <= now && from < began)
            began = from;
    }
    *ret_carrier = (struct nt_carrier){began != NT_NEVER, ended, INT64_MIN};
    if (!ret_carrier->is_on)
        return;
    /* Usually all others had ended before; else some of them lead further back. */
    ret_carrier->since = ended < began ? began : carrier_began(shared, tap, began);
    ret_carrier->silent_from = ended < began ? ended : last_end(shared, tap, ret_carrier->since - 1);
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
static void sender_update(struct shared_tap *tap, const struct shared_signal *signal)
{
    nt_time now = nt_now(tap->shared->node), from = heard_from(signal, tap);
    if (signal->from == tap || heard_until(signal, tap) <= now || tap->knows_collision)
        return;
    from = from > now ? from : now;
    if (from < tap->wake.at) /* NT_NEVER while it is not armed */
        nt_arm(&tap->wake, from);
}

/* Somebody waits for silence: if the end of all that is heard is known, wake it then. What begins meanwhile
 * is seen then. On a short cable it is not woken for pauses that are too short for anybody. */
static void watcher_update(struct shared_tap *tap)
{
    nt_time silent = nt_now(tap->shared->node);
    for (bool has_moved = true; has_moved;) {
        has_moved = false;
        for (const struct shared_signal *s = tap->shared->first; s; s = s->next) {
            nt_time until = heard_until(s, tap);
            if (until <= silent || s->from == tap || (heard_from(s, tap) > silent && !tap->shared->is_short))
                continue;
            if (until == NT_NEVER)
                return; /* its end will bring us here again */
            silent = until;
            has_moved = !tap->shared->is_short;
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

/* Those who are told of everything: repeaters, and the records. */
static void update_always(struct shared *shared)
{
    for (uint32_t i = 0; shared->has_repeaters && i < shared->tap_count; i++)
        if (shared->taps[i].port->peer->wants_signals)
            repeater_update(&shared->taps[i]);
    for (uint32_t i = 0; nt_is_listening(shared->node) && i < shared->tap_count; i++)
        look_update(&shared->taps[i]);
}

/* The others who send learn of this signal, and its sender of those that are on their way. */
void shared_hear_begin(struct shared *shared, const struct shared_signal *signal)
{
    for (uint32_t i = 0; i < shared->sender_count; i++)
        if (!shared->senders[i]->port->peer->wants_signals)
            sender_update(shared->senders[i], signal);
    if (!signal->from->port->peer->wants_signals)
        for (const struct shared_signal *s = shared->first; s; s = s->next)
            sender_update(signal->from, s);
    update_always(shared);
}

void shared_hear_end(struct shared *shared)
{
    bool may_be_silent = !shared->sender_count || !shared->is_short;
    for (uint32_t i = 0; may_be_silent && i < shared->watcher_count; i++)
        watcher_update(shared->watchers[i]);
    update_always(shared);
}

void shared_unwatch(struct shared_tap *tap)
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

/* Is any foreign signal heard? */
static bool is_busy(const struct shared_tap *tap)
{
    nt_time now = nt_now(tap->shared->node);
    for (const struct shared_signal *s = tap->shared->first; s; s = s->next)
        if (heard_until(s, tap) > now && heard_from(s, tap) <= now && s->from != tap)
            return true;
    return false;
}

static void wake_fire(struct nt_event *event)
{
    struct shared_tap *tap = NT_OWNER(event, struct shared_tap, wake);
    if (tap->port->peer->wants_signals) {
        repeater_wake(tap, shared_signals_at(tap->shared, tap->port->index));
        return;
    }
    bool signals = is_busy(tap);
    if (tap->sending && signals) {
        tap->knows_collision = true;
        tell_station(tap, NT_SENSE_COLLISION_ON, NULL);
    } else if (tap->watches && !signals) {
        shared_unwatch(tap);
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
        nt_tell(station, shared->kinds[SHARED_KIND_CARRIER], tap->port->peer, 0, tap->shown_carrier,
                tap->position_mm);
    }
    if ((signals > 1) != tap->shown_collision) {
        tap->shown_collision = signals > 1;
        nt_tell(station, shared->kinds[SHARED_KIND_TAP_COLLISION], tap->port->peer, 0, tap->shown_collision,
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

void shared_hear_init(struct shared_tap *tap)
{
    nt_event_init(&tap->wake, tap->shared->node, wake_fire);
    nt_event_init(&tap->look, tap->shared->node, look_fire);
}
