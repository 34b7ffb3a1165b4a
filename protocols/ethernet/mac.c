/* SPDX-License-Identifier: MIT
 * See mac.h. It reads downward as a frame goes: waiting, beginning, colliding, ending. */
#include "protocols/ethernet/mac.h"

#include <assert.h>

const char *const mac_state_words[] = {"IDLE", "DEFER", "GAP", "TRANSMIT", "JAM", "BACKOFF", NULL};

const struct env_kind mac_kinds[MAC_FACTS] = {
    [MAC_DEFERS] = {"mac.defer",
                    "{node} has a frame to send but hears somebody: it defers",
                    "IEEE 802.3 4.2.3.2.1",
                    ENV_KIND_CHATTER,
                    {{"attempt", ENV_UNIT_NONE}}},
    [MAC_BEGINS] = {"mac.begin",
                    "{node} hears silence and begins to send, attempt {attempt}",
                    "IEEE 802.3 4.2.3.2.1",
                    0,
                    {{"attempt", ENV_UNIT_NONE}, {"length", ENV_UNIT_BITS}}},
    [MAC_COLLIDES] =
        {"mac.collision",
         "{node} hears another signal after {bits} of its own ({after}): collision, attempt {attempt}",
         "IEEE 802.3 4.2.3.2.4",
         ENV_KIND_INTERESTING,
         {{"bits", ENV_UNIT_BITS}, {"attempt", ENV_UNIT_NONE}, {"after", ENV_UNIT_TIME}}},
    [MAC_COLLIDES_LATE] =
        {"mac.late_collision",
         "{node} hears another signal only after {bits} of its own ({after}), later than the slot time: late "
         "collision, attempt {attempt}",
         "IEEE 802.3 4.1.2.2",
         ENV_KIND_INTERESTING,
         {{"bits", ENV_UNIT_BITS}, {"attempt", ENV_UNIT_NONE}, {"after", ENV_UNIT_TIME}}},
    [MAC_JAMS] = {"mac.jam",
                  "{node} has finished its preamble and sent {jam} of jam; {bits} in all",
                  "IEEE 802.3 4.2.3.2.4",
                  0,
                  {{"bits", ENV_UNIT_BITS}, {"jam", ENV_UNIT_BITS}}},
    [MAC_BACKS_OFF] =
        {"mac.backoff",
         "{node} throws dice after collision {attempt}: {drawn} out of 0 to {most} slots, so it waits "
         "{wait}",
         "IEEE 802.3 4.2.3.2.5",
         ENV_KIND_INTERESTING,
         {{"attempt", ENV_UNIT_NONE},
          {"drawn", ENV_UNIT_NONE},
          {"most", ENV_UNIT_NONE},
          {"wait", ENV_UNIT_TIME}}},
    [MAC_SENDS] = {"mac.sent",
                   "{node} has sent the whole frame, at attempt {attempt}",
                   "IEEE 802.3 4.1.2.1.1",
                   0,
                   {{"attempt", ENV_UNIT_NONE}}},
    [MAC_GIVES_UP] = {"mac.give_up",
                      "{node} gives the frame up at attempt {attempt}",
                      "IEEE 802.3 4.2.3.2.5",
                      ENV_KIND_INTERESTING,
                      {{"attempt", ENV_UNIT_NONE}}},
    [MAC_ATTEMPTS] = {"mac.attempts",
                      "{node} is at attempt {attempts}",
                      NULL,
                      ENV_KIND_GAUGE | ENV_KIND_CHATTER,
                      {{"attempts", ENV_UNIT_NONE}}},
};

static void timer_fire(struct env_timer *timer);

struct mac_config mac_config_for(int64_t rate_bps)
{
    bool is_gigabit = rate_bps >= INT64_C(1000000000);
    return (struct mac_config){.rate_bps = rate_bps,
                               .slot_bits = is_gigabit ? 4096 : 512, /* 4.4.2 */
                               .gap_bits = 96,
                               .gap_part1_bits = 64,
                               .jam_bits = 32,
                               .attempt_limit = 16,
                               .backoff_limit = 10,
                               .extends_carrier = is_gigabit};
}

void mac_init(struct mac *mac, struct env *env, const struct mac_ops *ops, const struct mac_config *config)
{
    *mac = (struct mac){.env = env, .ops = ops, .config = *config, .own_end = INT64_MIN};
    env_timer_init(&mac->timer, timer_fire);
}

int64_t mac_time(const struct mac *mac, uint64_t bits)
{
    uint64_t rate = (uint64_t)mac->config.rate_bps;
    if ((uint64_t)ENV_SECOND % rate == 0) /* a bit lasts whole picoseconds */
        return (int64_t)(bits * ((uint64_t)ENV_SECOND / rate));
    return (int64_t)(((unsigned __int128)bits * (uint64_t)ENV_SECOND + rate / 2) / rate);
}

static uint64_t bits_since(const struct mac *mac, int64_t from)
{
    uint64_t elapsed = (uint64_t)(env_now(mac->env) - from), rate = (uint64_t)mac->config.rate_bps;
    if ((uint64_t)ENV_SECOND % rate == 0)
        return elapsed / ((uint64_t)ENV_SECOND / rate);
    return (uint64_t)((unsigned __int128)elapsed * rate / (uint64_t)ENV_SECOND);
}

void mac_release(struct mac *mac)
{
    env_disarm(mac->env, &mac->timer);
    mac->has_frame = false;
    mac->state = MAC_IDLE;
}

void mac_abort(struct mac *mac)
{
    bool is_sending = mac->state == MAC_TRANSMIT || mac->state == MAC_JAM;
    uint32_t bits = (uint32_t)bits_since(mac, mac->began_at);
    mac_release(mac);
    if (!is_sending)
        return;
    mac->own_end = env_now(mac->env);
    mac->ops->end(mac, bits, false);
}

/* The legal moves of mac.h, checked. */
static void move(struct mac *mac, enum mac_state to)
{
    static const uint8_t may_follow[] = {
        [MAC_IDLE] = 1 << MAC_DEFER | 1 << MAC_GAP | 1 << MAC_TRANSMIT,
        [MAC_DEFER] = 1 << MAC_GAP | 1 << MAC_TRANSMIT,
        [MAC_GAP] = 1 << MAC_DEFER | 1 << MAC_TRANSMIT,
        [MAC_TRANSMIT] = 1 << MAC_IDLE | 1 << MAC_JAM,
        [MAC_JAM] = 1 << MAC_BACKOFF | 1 << MAC_IDLE,
        [MAC_BACKOFF] = 1 << MAC_DEFER | 1 << MAC_GAP | 1 << MAC_TRANSMIT,
    };
    assert(may_follow[mac->state] & 1 << to);
    mac->state = to;
}

static void ring_at(struct mac *mac, int64_t at)
{
    mac->next_at = at;
    env_arm(mac->env, &mac->timer, at);
}

/* ---- Waiting ---- */

static void defer(struct mac *mac)
{
    move(mac, MAC_DEFER);
    mac->has_deferred = true;
    mac->ops->watch(mac);
    env_tell(mac->env, &mac_kinds[MAC_DEFERS], mac->frame, mac->attempts + 1);
}

/* Counts the gap from `silent_from`; the timer rings when it is over. */
static void count_gap(struct mac *mac, int64_t silent_from)
{
    if (mac->state != MAC_GAP)
        move(mac, MAC_GAP);
    mac->gap_from = silent_from;
    ring_at(mac, silent_from + mac_time(mac, mac->config.gap_bits));
}

static void begin(struct mac *mac)
{
    move(mac, MAC_TRANSMIT);
    mac->attempts++;
    mac->is_late = false;
    mac->began_at = env_now(mac->env);
    env_because(mac->env, mac->cause);
    env_because(mac->env,
                env_tell(mac->env, &mac_kinds[MAC_BEGINS], mac->frame, mac->attempts, mac->frame_bits));
    env_tell(mac->env, &mac_kinds[MAC_ATTEMPTS], mac->frame, mac->attempts);
    ring_at(mac, mac->began_at + mac_time(mac, mac->frame_bits));
    mac->ops->begin(mac);
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* There is a frame and nothing keeps us but the cable: may we begin, or for what do we
 * wait? 4.2.3.2.1, 4.2.3.2.2 */
static void mac_try(struct mac *mac)
{
    struct mac_carrier carrier;
    int64_t now = env_now(mac->env);
    mac->ops->carrier(mac, &carrier);
    bool is_sensed =
        carrier.is_on && carrier.since < now; /* what begins at this instant cannot be sensed yet */
    int64_t silent_from = later(carrier.is_on ? carrier.silent_from : carrier.since, mac->own_end);
    if (mac->config.rests_after_backoff && mac->state == MAC_BACKOFF && !is_sensed)
        silent_from = now;
    bool has_gap = silent_from != INT64_MIN;
    int64_t gap_ends = has_gap ? silent_from + mac_time(mac, mac->config.gap_bits) : INT64_MIN;
    if (is_sensed) {
        bool is_in_part2 =
            has_gap && carrier.since >= silent_from + mac_time(mac, mac->config.gap_part1_bits);
        if (!is_in_part2 || now > gap_ends) { /* 4.2.3.2.2: carrier in the first part starts the gap anew */
            defer(mac);
            return;
        }
    }
    if (now < gap_ends)
        count_gap(mac, silent_from);
    else
        begin(mac);
}

void mac_send(struct mac *mac, uint32_t bytes, uint64_t frame)
{
    assert(!mac->has_frame);
    assert(mac->state == MAC_IDLE);
    uint32_t bits = bytes * 8;
    if (mac->config.extends_carrier && bits < mac->config.slot_bits) /* 4.2.3.4 */
        bits = mac->config.slot_bits;
    mac->has_frame = true;
    mac->has_deferred = false;
    mac->frame_bits = bits + MAC_PREAMBLE_BITS;
    mac->frame = frame;
    mac->attempts = 0;
    mac->cause = env_cause(mac->env);
    mac_try(mac);
}

void mac_silence(struct mac *mac)
{
    if (mac->state == MAC_DEFER)
        mac_try(mac);
}

/* ---- Colliding ---- */

void mac_collision(struct mac *mac)
{
    if (mac->state != MAC_TRANSMIT)
        return;
    int64_t now = env_now(mac->env), elapsed = now - mac->began_at;
    mac->is_late = elapsed > mac_time(mac, mac->config.slot_bits); /* 4.1.2.2 */
    mac->counters.collisions++;
    mac->counters.late_collision += mac->is_late;
    env_because(mac->env,
                env_tell(mac->env, &mac_kinds[mac->is_late ? MAC_COLLIDES_LATE : MAC_COLLIDES], mac->frame,
                         (int64_t)bits_since(mac, mac->began_at), mac->attempts, elapsed));
    move(mac, MAC_JAM);
    int64_t preamble_ends = mac->began_at + mac_time(mac, MAC_PREAMBLE_BITS);
    ring_at(mac, later(now, preamble_ends) + mac_time(mac, mac->config.jam_bits)); /* 4.2.3.2.4 */
}

static void finish(struct mac *mac, enum mac_outcome outcome)
{
    move(mac, MAC_IDLE);
    mac->has_frame = false;
    mac->attempts = 0;
    mac->ops->done(mac, outcome);
}

/* So many slots of waiting, and another attempt. 4.2.3.2.5 */
static void throw_dice(struct mac *mac)
{
    uint32_t power = mac->attempts < mac->config.backoff_limit ? mac->attempts : mac->config.backoff_limit;
    mac->backoff_range = 1u << power;
    mac->backoff_drawn = env_random_below(mac->env, mac->backoff_range);
    int64_t wait = mac_time(mac, (uint64_t)mac->backoff_drawn * mac->config.slot_bits);
    mac->cause = env_tell(mac->env, &mac_kinds[MAC_BACKS_OFF], mac->frame, mac->attempts, mac->backoff_drawn,
                          mac->backoff_range - 1, wait);
    env_because(mac->env, mac->cause);
    move(mac, MAC_BACKOFF);
    if (mac->backoff_drawn == 0 && !mac->config.rests_after_backoff)
        mac_try(mac);
    else
        ring_at(mac, mac->own_end + wait);
}

/* The jam is out: throw the dice, or give up. 4.2.3.2.5 */
static void back_off(struct mac *mac)
{
    uint64_t bits = bits_since(mac, mac->began_at);
    mac->own_end = env_now(mac->env);
    env_because(mac->env,
                env_tell(mac->env, &mac_kinds[MAC_JAMS], mac->frame, (int64_t)bits, mac->config.jam_bits));
    mac->ops->end(mac, (uint32_t)bits, false);
    bool is_too_late = mac->is_late && mac->config.extends_carrier; /* 4.2.8: at 1 Gb/s never retried */
    if (mac->attempts >= mac->config.attempt_limit || is_too_late) {
        mac->counters.excessive += !is_too_late;
        env_because(mac->env, env_tell(mac->env, &mac_kinds[MAC_GIVES_UP], mac->frame, mac->attempts));
        finish(mac, is_too_late ? MAC_GIVEN_UP_LATE : MAC_GIVEN_UP);
        return;
    }
    throw_dice(mac);
}

/* ---- Ending ---- */

static void sent(struct mac *mac)
{
    mac->own_end = env_now(mac->env);
    mac->counters.sent++;
    mac->counters.deferred += mac->has_deferred && mac->attempts == 1;
    mac->counters.single_collision += mac->attempts == 2;
    mac->counters.multiple_collision += mac->attempts > 2;
    env_tell(mac->env, &mac_kinds[MAC_SENDS], mac->frame, mac->attempts);
    mac->ops->end(mac, mac->frame_bits, true);
    finish(mac, MAC_SENT);
}

static void timer_fire(struct env_timer *timer)
{
    struct mac *mac = ENV_OWNER(timer, struct mac, timer);
    switch (mac->state) {
    case MAC_GAP:
    case MAC_BACKOFF:
        mac_try(mac);
        break;
    case MAC_TRANSMIT:
        sent(mac);
        break;
    case MAC_JAM:
        back_off(mac);
        break;
    default:
        assert(!"the timer rings only in these states");
    }
}
