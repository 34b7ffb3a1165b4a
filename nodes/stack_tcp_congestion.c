/* SPDX-License-Identifier: MIT
 * Congestion controls as parts: those that TCP has itself, with other parameters than usual, and those that a
 * plug-in brings.
 *
 *     TCP (protocols/tcp/congestion.h)  <->  struct plugged  <->  contract (sim/netarium.h)
 *
 * TCP asks a machine for a control by its name. What the machine's file says comes first, then what TCP has
 * itself, then the parts that the simulator knows. A plug-in's control is made into one of TCP's own by a table
 * of functions that shows it the connection as the contract has it, and hands its wishes back. */
#include "nodes/stack_tcp.h"

#include <string.h>

#include "protocols/tcp/congestion.h"
#include "protocols/tcp/congestion_types.h"

#define CATEGORY "congestion"

const char *const stack_tcp_congestion_category[] = {CATEGORY, "congestion control", NULL};

/* ---- Those that TCP has itself ---- */

#define NUMBER_PARAM(name_, usual_, least_, most_, summary_)                                          \
    {                                                                                                        \
        .name = name_, .kind = NT_PARAM_INTEGER, .default_text = #usual_, .least = least_, .most = most_,    \
        .summary = summary_                                                                                  \
    }
static const struct nt_param cubic_params[] = {TCP_CUBIC_PARAMS(NUMBER_PARAM), {0}};

/* Without functions: TCP knows what to do. */
#define OWN(name_, summary_, params_)                                                                        \
    {                                                                                                        \
        .size = sizeof(struct nt_part_type), .category = CATEGORY, .name = name_, .summary = summary_,       \
        .params = params_                                                                                    \
    }
const struct nt_part_type cubic_part = OWN(TCP_CUBIC_NAME, TCP_CUBIC_SUMMARY, cubic_params);
const struct nt_part_type newreno_part = OWN(TCP_NEWRENO_NAME, TCP_NEWRENO_SUMMARY, NULL);
const struct nt_part_type reno_part = OWN(TCP_RENO_NAME, TCP_RENO_SUMMARY, NULL);
const struct nt_part_type tahoe_part = OWN(TCP_TAHOE_NAME, TCP_TAHOE_SUMMARY, NULL);
const struct nt_part_type none_part = OWN(TCP_NONE_NAME, TCP_NONE_SUMMARY, NULL);

/* ---- Those that a plug-in brings ---- */

/* One control as this machine uses it. */
struct stack_congestion {
    struct tcp_congestion_type type; /* first: what TCP has; its name is the part's */
    struct tcp_congestion_param params[TCP_CONGESTION_PARAMS + 1]; /* TCP's own, with the usual values of here */
    const struct nt_congestion_ops *ops;                           /* NULL: TCP's own */
    struct nt_node *node;
    const struct nt_value *values; /* of the part's parameters */
    struct stack_congestion *next; /* on this machine */
};

/* One connection's. */
struct instance {
    struct nt_congestion control;
    uint64_t state[]; /* the part's */
};

static const struct stack_congestion *plugged_of(const struct tcp_congestion *c)
{
    return (const struct stack_congestion *)(const void *)c->type;
}

static void refresh(struct nt_congestion *control)
{
    const struct tcp_congestion *c = control->owner;
    control->mss = c->mss;
    control->cwnd = c->cwnd;
    control->ssthresh = c->ssthresh;
    control->flight_bytes = c->flight_bytes;
    control->pacing_bps = c->pacing_bps;
}

static void set_cwnd(struct nt_congestion *control, uint32_t cwnd_bytes, const char *rule)
{
    tcp_congestion_set_cwnd(control->owner, cwnd_bytes, rule);
    refresh(control);
}

static void set_ssthresh(struct nt_congestion *control, uint32_t ssthresh_bytes, const char *rule)
{
    tcp_congestion_set_ssthresh(control->owner, ssthresh_bytes, rule);
    refresh(control);
}

static void set_pacing(struct nt_congestion *control, uint64_t bps)
{
    struct tcp_congestion *c = control->owner;
    c->pacing_bps = bps;
    refresh(control);
}

static uint32_t slow_start(struct nt_congestion *control, uint32_t acked_bytes)
{
    if (!nt_congestion_is_slow_start(control))
        return acked_bytes; /* it is over: all is left */
    uint32_t left = tcp_congestion_slow_start(control->owner, acked_bytes);
    refresh(control);
    return left;
}

static void avoid(struct nt_congestion *control, uint32_t window_bytes, uint32_t acked_bytes,
                  const char *rule)
{
    tcp_congestion_avoid(control->owner, window_bytes ? window_bytes : 1, acked_bytes, rule);
    refresh(control);
}

static const struct nt_congestion_calls calls = {.size = sizeof(struct nt_congestion_calls),
                                                 .set_cwnd = set_cwnd,
                                                 .set_ssthresh = set_ssthresh,
                                                 .set_pacing = set_pacing,
                                                 .slow_start = slow_start,
                                                 .avoid = avoid};

static struct nt_congestion *view_of(struct tcp_congestion *c)
{
    struct instance *instance = c->state;
    const struct stack_congestion *plugged = plugged_of(c);
    instance->control.calls = &calls;
    instance->control.owner = c;
    instance->control.node = plugged->node;
    instance->control.values = plugged->values;
    instance->control.state = instance->state;
    refresh(&instance->control);
    return &instance->control;
}

static void plugged_init(struct tcp_congestion *c)
{
    plugged_of(c)->ops->init(view_of(c));
}

static void plugged_acked(struct tcp_congestion *c, const struct tcp_sample *sample)
{
    const struct nt_congestion_sample seen = {.una = sample->una.value,
                                              .nxt = sample->nxt.value,
                                              .acked_bytes = sample->acked_bytes,
                                              .delivered_bytes = sample->delivered_bytes,
                                              .lost_segments = sample->lost_segments,
                                              .flight_bytes = sample->flight_bytes,
                                              .rtt = sample->rtt,
                                              .srtt = sample->srtt,
                                              .least_rtt = sample->least_rtt,
                                              .delivered_total = sample->delivered_total,
                                              .rate_prior_bytes = sample->rate.prior_delivered_bytes,
                                              .rate_bytes = sample->rate.delivered_bytes,
                                              .rate_interval = sample->rate.interval,
                                              .rate_is_valid = sample->rate.is_valid,
                                              .rate_is_app_limited = sample->rate.is_app_limited,
                                              .is_limited = sample->is_limited,
                                              .is_recovering = sample->is_recovering};
    plugged_of(c)->ops->acked(view_of(c), &seen);
}

static uint32_t plugged_lost(struct tcp_congestion *c, uint32_t basis_bytes)
{
    return plugged_of(c)->ops->lost(view_of(c), basis_bytes);
}

static void plugged_timeout(struct tcp_congestion *c)
{
    plugged_of(c)->ops->timeout(view_of(c));
}

static void plugged_recovered(struct tcp_congestion *c)
{
    plugged_of(c)->ops->recovered(view_of(c));
}

static void plugged_undo(struct tcp_congestion *c)
{
    plugged_of(c)->ops->undo(view_of(c));
}

static void plugged_idle(struct tcp_congestion *c, int64_t duration)
{
    plugged_of(c)->ops->idle(view_of(c), duration);
}

static void plugged_mss(struct tcp_congestion *c)
{
    plugged_of(c)->ops->mss(view_of(c));
}

static void plug_in(struct stack_congestion *made, const struct nt_part_type *part)
{
    const struct nt_congestion_ops *ops = part->ops;
    made->ops = ops;
    made->type = (struct tcp_congestion_type){
        .name = part->name,
        .summary = part->summary,
        .state_bytes = (uint32_t)(sizeof(struct instance) + (part->state_bytes + 7) / 8 * 8),
        .is_full_control = ops->flags & NT_CONGESTION_FULL,
        .lost_formula = ops->lost_formula,
        .lost_clause = ops->lost_clause,
        .init = ops->init ? plugged_init : NULL,
        .acked = ops->acked ? plugged_acked : NULL,
        .lost = ops->lost ? plugged_lost : NULL,
        .timeout = ops->timeout ? plugged_timeout : NULL,
        .recovered = ops->recovered ? plugged_recovered : NULL,
        .undo = ops->undo ? plugged_undo : NULL,
        .idle = ops->idle ? plugged_idle : NULL,
        .mss = ops->mss ? plugged_mss : NULL};
}

/* One of TCP's own, with the values of the file as the usual ones. */
static void tune(struct stack_congestion *made, const struct tcp_congestion_type *own,
                 const struct nt_value *value)
{
    made->type = *own;
    made->type.params = own->params ? made->params : NULL;
    for (size_t i = 0; own->params && own->params[i].name; i++) {
        made->params[i] = own->params[i];
        if (i < value->count)
            made->params[i].usual = value->items[i].number;
    }
}

/* ---- Finding ---- */

static struct stack_congestion *make(struct stack *stack, const struct nt_value *value)
{
    const struct tcp_congestion_type *own = tcp_congestion_find(value->part->name);
    if (!own && !value->part->ops)
        return NULL; /* registry_check.c refuses such a part */
    struct stack_congestion *made = nt_new(stack->node, sizeof *made);
    made->node = stack->node;
    made->values = value->items;
    if (value->part->ops)
        plug_in(made, value->part);
    else
        tune(made, own, value);
    made->next = stack->congestions;
    stack->congestions = made;
    return made;
}

static const struct tcp_congestion_type *among(const struct stack *stack, const char *name)
{
    for (const struct stack_congestion *known = stack->congestions; known; known = known->next)
        if (!strcmp(known->type.name, name))
            return &known->type;
    return NULL;
}

static const struct tcp_congestion_type *find(struct env *env, const char *name)
{
    struct nt_node *node = NT_OWNER(env, struct node_env, env)->node;
    struct stack *stack = stack_of(node);
    struct nt_value value;
    const struct tcp_congestion_type *known = among(stack, name);
    if (known || tcp_congestion_find(name))
        return known;
    struct stack_congestion *made = nt_part(node, CATEGORY, name, &value) ? make(stack, &value) : NULL;
    return made ? &made->type : NULL;
}

/* Does the file say anything but the name? */
static bool is_tuned(const struct nt_value *value)
{
    for (uint32_t i = 0; i < value->count; i++)
        if (value->items[i].is_given)
            return true;
    return false;
}

void stack_tcp_congestion(struct stack *stack, struct tcp *tcp, const struct nt_value *value)
{
    tcp->find_congestion = find;
    if (!value)
        return;
    if (is_tuned(value))
        make(stack, value);
    tcp_set_default_congestion(tcp, value->part->name);
}
