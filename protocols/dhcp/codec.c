/* SPDX-License-Identifier: MIT
 * See codec.h. The options that a message holds are a table: code, how it is written, where it stands in the
 * struct. */
#include "protocols/dhcp/codec.h"

#include <assert.h>

#include "protocols/env.h"
#include "sim/base/bytes.h"

#define SNAME_AT 44 /* octets from the start */
#define FILE_AT 108
#define FLAG_BROADCAST 0x8000 /* RFC 2131 2, figure 2 */
#define GATHER_ROOM 1024      /* the longest value that is looked at */

const char *const dhcp_type_words[] = {"no type", "DISCOVER", "OFFER",   "REQUEST", "DECLINE",
                                       "ACK",     "NAK",      "RELEASE", "INFORM",  NULL};
const char *const dhcp_reason_words[] = {"nothing is wrong with it",
                                         "octets are missing",
                                         "it is neither a request nor a reply",
                                         "it is not for Ethernet",
                                         "the magic cookie is missing",
                                         "an option runs over its end",
                                         "an option has an impossible length",
                                         "the message type is missing or unknown",
                                         NULL};

/* ---- Options, one after the other ---- */

bool dhcp_next_option(const uint8_t **at, const uint8_t *end, struct dhcp_option *ret_option)
{
    const uint8_t *start = *at;
    if (start == end)
        return false;
    *ret_option = (struct dhcp_option){.code = start[0], .value = start + 1};
    if (start[0] == DHCP_PAD || start[0] == DHCP_END) { /* RFC 2132 3.1, 3.2: no length */
        *at = start + 1;
        return true;
    }
    if (end - start < 2 || end - start - 2 < start[1])
        return false;
    ret_option->length = start[1];
    ret_option->value = start + 2;
    *at = start + 2 + start[1];
    return true;
}

/* Adds the value of `code`, wherever it stands in one field. False: it does not fit, or the field is broken.
 */
static bool gather_field(const uint8_t *at, const uint8_t *end, uint8_t code, struct writer *out)
{
    struct dhcp_option option = {0};
    while (dhcp_next_option(&at, end, &option) && option.code != DHCP_END)
        if (option.code == code && code != DHCP_PAD)
            write_bytes(out, option.value, option.length);
    return (option.code == DHCP_END || at == end) && !out->has_failed;
}

int dhcp_gather(const uint8_t *bytes, size_t length_bytes, uint8_t code, uint8_t *ret_value, size_t size)
{
    struct writer out = writer_over(ret_value, size);
    const uint8_t *options = bytes + DHCP_FIXED + 4;
    uint8_t where = 0;
    struct writer overload = writer_over(&where, 1);
    if (length_bytes < DHCP_FIXED + 4 ||
        !gather_field(options, bytes + length_bytes, DHCP_OVERLOAD, &overload) ||
        !gather_field(options, bytes + length_bytes, code, &out))
        return -1;
    /* RFC 2131 4.1: first the options field, then file, then sname; RFC 3396 5: joined in that order. */
    if (where & 1 && !gather_field(bytes + FILE_AT, bytes + DHCP_FIXED, code, &out))
        return -1;
    if (where & 2 && !gather_field(bytes + SNAME_AT, bytes + FILE_AT, code, &out))
        return -1;
    return (int)(out.at - ret_value);
}

/* ---- What each option means ---- */

enum form { FORM_U16, FORM_U32, FORM_ADDRESS, FORM_ADDRESSES, FORM_NAME, FORM_OCTETS, FORM_CODES };

struct row {
    uint8_t code;
    enum form form;
    size_t place; /* in struct dhcp_message */
};

#define AT(member) offsetof(struct dhcp_message, member)

/* In the order of writing. */
static const struct row rows[] = {
    {DHCP_CLIENT_ID, FORM_OCTETS, AT(client_id)},
    {DHCP_REQUESTED, FORM_ADDRESS, AT(requested)},
    {DHCP_SERVER_ID, FORM_ADDRESS, AT(server_id)},
    {DHCP_LEASE_TIME, FORM_U32, AT(lease_s)},
    {DHCP_T1, FORM_U32, AT(t1_s)},
    {DHCP_T2, FORM_U32, AT(t2_s)},
    {DHCP_MASK, FORM_ADDRESS, AT(mask)}, /* RFC 2132 3.3: before the routers */
    {DHCP_BROADCAST_ADDRESS, FORM_ADDRESS, AT(broadcast)},
    {DHCP_ROUTER, FORM_ADDRESSES, AT(routers)},
    {DHCP_DNS, FORM_ADDRESSES, AT(dns)},
    {DHCP_HOST_NAME, FORM_NAME, AT(host_name)},
    {DHCP_DOMAIN, FORM_NAME, AT(domain)},
    {DHCP_MTU, FORM_U16, AT(mtu_bytes)},
    {DHCP_MAX_SIZE, FORM_U16, AT(max_size_bytes)},
    {DHCP_PARAMETERS, FORM_CODES, AT(asked)},
    {DHCP_AGENT, FORM_OCTETS, AT(agent)}, /* RFC 3046 2.1: the last */
};
#define ROWS (sizeof rows / sizeof rows[0])

/* Fixed lengths by form; 0: it varies. */
static const uint8_t form_bytes[] = {[FORM_U16] = 2, [FORM_U32] = 4, [FORM_ADDRESS] = 4};

/* ---- Reading ---- */

static void read_addresses(const uint8_t *value, size_t length, struct dhcp_addresses *ret_addresses)
{
    for (size_t i = 0; i + 4 <= length && ret_addresses->count < DHCP_ADDRESSES; i += 4)
        ret_addresses->at[ret_addresses->count++].value = bytes_u32(value + i);
}

/* Cut at what fits, and at a zero that some put at the end: RFC 2132 2. What cannot be shown becomes a
 * question mark. */
static void read_name(const uint8_t *value, size_t length, char *ret_name)
{
    size_t most = length < DHCP_NAME_SIZE - 1 ? length : DHCP_NAME_SIZE - 1;
    const uint8_t *zero = memchr(value, 0, most);
    size_t kept = zero ? (size_t)(zero - value) : most;
    for (size_t i = 0; i < kept; i++)
        ret_name[i] = (char)(value[i] > ' ' && value[i] < 0x7f ? value[i] : '?');
    ret_name[kept] = '\0';
}

/* Puts a value where its row says. False: it has a length that it cannot have. */
static bool read_value(const struct row *row, const uint8_t *value, size_t length,
                       struct dhcp_message *ret_message)
{
    void *place = (char *)ret_message + row->place;
    size_t fixed = row->form <= FORM_ADDRESS ? form_bytes[row->form] : 0;
    if (fixed && length != fixed)
        return false;
    switch (row->form) {
    case FORM_U16:
        *(uint16_t *)place = bytes_u16(value);
        return true;
    case FORM_U32:
        *(uint32_t *)place = bytes_u32(value);
        return true;
    case FORM_ADDRESS:
        ((struct ipv4_address *)place)->value = bytes_u32(value);
        return true;
    case FORM_ADDRESSES:
        read_addresses(value, length, place);
        return length % 4 == 0; /* RFC 2132 3.5 */
    case FORM_NAME:
        read_name(value, length, place);
        return true;
    case FORM_OCTETS:
        if (length > DHCP_ID_MOST)
            return false;
        ((struct dhcp_octets *)place)->length = (uint8_t)length;
        memcpy(((struct dhcp_octets *)place)->bytes, value, length);
        return true;
    default: /* FORM_CODES: the first ones are enough */
        ret_message->asked_count = (uint8_t)(length < DHCP_ASKED_MOST ? length : DHCP_ASKED_MOST);
        memcpy(ret_message->asked, value, ret_message->asked_count);
        return true;
    }
}

static enum dhcp_reason read_options(const uint8_t *bytes, size_t length_bytes,
                                     struct dhcp_message *ret_message)
{
    uint8_t value[GATHER_ROOM];
    int length = dhcp_gather(bytes, length_bytes, DHCP_TYPE, value, sizeof value);
    if (length < 0)
        return DHCP_BAD_OPTIONS;
    if (length != 1 || value[0] == DHCP_NO_TYPE || value[0] > DHCP_INFORM)
        return DHCP_UNKNOWN_TYPE;
    ret_message->type = value[0];
    for (size_t i = 0; i < ROWS; i++) { /* RFC 2131 3.1: what is not in the table is skipped */
        length = dhcp_gather(bytes, length_bytes, rows[i].code, value, sizeof value);
        if (length < 0)
            return DHCP_BAD_OPTIONS;
        if (length > 0 && !read_value(&rows[i], value, (size_t)length, ret_message))
            return DHCP_BAD_VALUE;
    }
    return DHCP_OK;
}

enum dhcp_reason dhcp_parse(const uint8_t *bytes, size_t length_bytes, struct dhcp_message *ret_message)
{
    struct reader reader = reader_over(bytes, length_bytes);
    struct dhcp_message message = {.op = read_u8(&reader)};
    uint16_t hardware = read_u16(&reader); /* type and length */
    message.hops = read_u8(&reader);
    message.xid = read_u32(&reader);
    message.secs = read_u16(&reader);
    message.wants_broadcast = read_u16(&reader) & FLAG_BROADCAST;
    message.ciaddr.value = read_u32(&reader);
    message.yiaddr.value = read_u32(&reader);
    message.siaddr.value = read_u32(&reader);
    message.giaddr.value = read_u32(&reader);
    read_copy(&reader, message.chaddr.bytes, MAC_BYTES);
    read_bytes(&reader, DHCP_FIXED - 34);
    uint32_t cookie = read_u32(&reader);
    if (reader.has_failed)
        return DHCP_SHORT;
    if (message.op != DHCP_BOOTREQUEST && message.op != DHCP_BOOTREPLY)
        return DHCP_BAD_OP;
    if (hardware != 0x0106) /* RFC 1700: Ethernet is 1, and its addresses have 6 octets */
        return DHCP_NO_ETHERNET;
    if (cookie != DHCP_COOKIE)
        return DHCP_NO_COOKIE;
    enum dhcp_reason reason = read_options(bytes, length_bytes, &message);
    if (reason == DHCP_OK)
        *ret_message = message;
    return reason;
}

/* ---- Writing ---- */

static void write_option(struct writer *writer, uint8_t code, const void *value, size_t length)
{
    assert(length <= UINT8_MAX);
    write_u8(writer, code);
    write_u8(writer, (uint8_t)length);
    write_bytes(writer, value, length);
}

static void write_number(struct writer *writer, uint8_t code, uint32_t number, size_t length)
{
    uint8_t bytes[4];
    bytes_put_u32(bytes, number);
    if (number)
        write_option(writer, code, bytes + 4 - length, length);
}

static void write_addresses(struct writer *writer, uint8_t code, const struct dhcp_addresses *addresses)
{
    uint8_t bytes[DHCP_ADDRESSES * 4];
    for (uint8_t i = 0; i < addresses->count; i++)
        bytes_put_u32(bytes + i * 4, addresses->at[i].value);
    if (addresses->count)
        write_option(writer, code, bytes, addresses->count * 4u);
}

static void write_row(struct writer *writer, const struct row *row, const struct dhcp_message *message)
{
    const void *place = (const char *)message + row->place;
    const struct dhcp_octets *octets = place;
    switch (row->form) {
    case FORM_U16:
        write_number(writer, row->code, *(const uint16_t *)place, 2);
        return;
    case FORM_U32:
    case FORM_ADDRESS:
        write_number(writer, row->code, *(const uint32_t *)place, 4);
        return;
    case FORM_ADDRESSES:
        write_addresses(writer, row->code, place);
        return;
    case FORM_NAME:
        if (*(const char *)place)
            write_option(writer, row->code, place, strlen(place));
        return;
    case FORM_OCTETS:
        if (octets->length)
            write_option(writer, row->code, octets->bytes, octets->length);
        return;
    default:
        if (message->asked_count)
            write_option(writer, row->code, message->asked, message->asked_count);
    }
}

size_t dhcp_emit(const struct dhcp_message *message, uint8_t ret_bytes[DHCP_ROOM])
{
    struct writer writer = writer_over(ret_bytes, DHCP_ROOM);
    uint8_t type = (uint8_t)message->type;
    memset(ret_bytes, 0, DHCP_LEAST);
    write_u8(&writer, message->op);
    write_u16(&writer, 0x0106); /* Ethernet, 6 octets */
    write_u8(&writer, message->hops);
    write_u32(&writer, message->xid);
    write_u16(&writer, message->secs);
    write_u16(&writer,
              message->wants_broadcast ? FLAG_BROADCAST : 0); /* RFC 2131 2: the other bits are zero */
    write_u32(&writer, message->ciaddr.value);
    write_u32(&writer, message->yiaddr.value);
    write_u32(&writer, message->siaddr.value);
    write_u32(&writer, message->giaddr.value);
    write_bytes(&writer, message->chaddr.bytes, MAC_BYTES);
    write_room(&writer, DHCP_FIXED - 34); /* the rest of chaddr, sname, file: zeros */
    write_u32(&writer, DHCP_COOKIE);
    write_option(&writer, DHCP_TYPE, &type, 1);
    for (size_t i = 0; i < ROWS; i++)
        write_row(&writer, &rows[i], message);
    write_u8(&writer, DHCP_END); /* RFC 2131 4.1 */
    assert(!writer.has_failed);
    size_t length_bytes = (size_t)(writer.at - ret_bytes);
    return length_bytes < DHCP_LEAST ? DHCP_LEAST : length_bytes; /* RFC 1542 2.1 */
}

/* ---- Whose is it, and until when? ---- */

int64_t dhcp_after_seconds(int64_t since, uint32_t seconds)
{
    bool is_never = seconds == DHCP_FOREVER || seconds >= (ENV_NEVER - since) / ENV_SECOND; /* RFC 2131 3.3 */
    return is_never ? ENV_NEVER : since + seconds * ENV_SECOND;
}

struct dhcp_octets dhcp_key_of(const struct dhcp_message *message)
{
    if (message->client_id.length)
        return message->client_id;
    struct dhcp_octets key = {.length = 1 + MAC_BYTES, .bytes = {1}}; /* RFC 2132 9.14: 1 is Ethernet */
    memcpy(key.bytes + 1, message->chaddr.bytes, MAC_BYTES);
    return key;
}

bool dhcp_is_same_key(const struct dhcp_octets *a, const struct dhcp_octets *b)
{
    return a->length == b->length && memcmp(a->bytes, b->bytes, a->length) == 0;
}

struct dhcp_octets dhcp_id_for(struct mac_address mac, uint32_t interface)
{
    struct dhcp_octets id = {.length = 15, .bytes = {255}}; /* RFC 4361 6.1 */
    bytes_put_u32(id.bytes + 1, interface);                 /* the IAID */
    bytes_put_u16(id.bytes + 5, 3); /* RFC 8415 11.4: a DUID made of a link-layer address */
    bytes_put_u16(id.bytes + 7, 1); /* Ethernet */
    memcpy(id.bytes + 9, mac.bytes, MAC_BYTES);
    return id;
}
