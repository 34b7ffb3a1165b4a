/* SPDX-License-Identifier: MIT
 * See bpdu.h. */
#include "protocols/bridge/bpdu.h"

#include <assert.h>

#include "sim/base/bytes.h"
#include "sim/base/text.h"

const char *const bpdu_reason_words[] = {"nothing is wrong with it",
                                         "its LLC header is not that of the spanning tree",
                                         "octets are missing",
                                         "it is of another protocol",
                                         "its type is not known",
                                         "its message age has reached the maximum",
                                         NULL};

void bridge_id_format(struct bridge_id id, char ret_text[BRIDGE_ID_TEXT_SIZE])
{
    char address[MAC_TEXT_SIZE];
    struct text text = text_in(ret_text, BRIDGE_ID_TEXT_SIZE);
    mac_format(mac_from_number(bridge_id_address(id)), address);
    text_add(&text, "%04x.%s", bridge_id_priority(id), address);
}

/* ---- Reading ---- */

static struct bridge_id read_bridge_id(struct reader *reader)
{
    uint64_t high = read_u32(reader);
    return (struct bridge_id){high << 32 | read_u32(reader)};
}

static int64_t read_time(struct reader *reader)
{
    return read_u16(reader) * BPDU_TIME_UNIT;
}

static enum bpdu_reason read_config(struct reader *reader, struct bpdu *ret_bpdu)
{
    struct bpdu bpdu = {.type = BPDU_CONFIG};
    uint8_t flags = read_u8(reader);
    bpdu.topology_change = flags & BPDU_FLAG_TC;
    bpdu.topology_change_ack = flags & BPDU_FLAG_TC_ACK;
    bpdu.root = read_bridge_id(reader);
    bpdu.root_path_cost = read_u32(reader);
    bpdu.bridge = read_bridge_id(reader);
    bpdu.port = read_u16(reader);
    bpdu.message_age = read_time(reader);
    bpdu.max_age = read_time(reader);
    bpdu.hello_time = read_time(reader);
    bpdu.forward_delay = read_time(reader);
    if (reader->has_failed) /* 9.3.3 (b): at least 35 octets */
        return BPDU_SHORT;
    if (bpdu.message_age >= bpdu.max_age) /* 9.3.3 (b) */
        return BPDU_TOO_OLD;
    *ret_bpdu = bpdu;
    return BPDU_OK;
}

enum bpdu_reason bpdu_parse(const uint8_t *bytes, size_t length_bytes, struct bpdu *ret_bpdu)
{
    struct reader reader = reader_over(bytes, length_bytes);
    bool is_ours = read_u8(&reader) == BPDU_LLC_SAP;
    is_ours = read_u8(&reader) == BPDU_LLC_SAP && is_ours;
    if (read_u8(&reader) != BPDU_LLC_CONTROL || !is_ours)
        return BPDU_NOT_LLC;
    uint16_t protocol = read_u16(&reader);
    read_u8(&reader); /* the version is not looked at: later ones add octets behind; 9.3.3 */
    uint8_t type = read_u8(&reader);
    if (reader.has_failed) /* 9.3.3 (a): at least 4 octets */
        return BPDU_SHORT;
    if (protocol != 0) /* 9.2.1 */
        return BPDU_PROTOCOL;
    if (type == BPDU_CONFIG)
        return read_config(&reader, ret_bpdu);
    if (type != BPDU_TCN)
        return BPDU_UNKNOWN_TYPE;
    *ret_bpdu = (struct bpdu){.type = BPDU_TCN};
    return BPDU_OK;
}

/* ---- Writing ---- */

size_t bpdu_bytes(const struct bpdu *bpdu)
{
    return BPDU_LLC_BYTES + (bpdu->type == BPDU_CONFIG ? BPDU_CONFIG_BYTES : BPDU_TCN_BYTES);
}

static void write_bridge_id(struct writer *writer, struct bridge_id id)
{
    write_u32(writer, (uint32_t)(id.value >> 32));
    write_u32(writer, (uint32_t)id.value);
}

static void write_time(struct writer *writer, int64_t time)
{
    int64_t units = time / BPDU_TIME_UNIT;
    write_u16(writer, units > UINT16_MAX ? UINT16_MAX : (uint16_t)units);
}

void bpdu_emit(const struct bpdu *bpdu, uint8_t *ret_bytes)
{
    struct writer writer = writer_over(ret_bytes, bpdu_bytes(bpdu));
    write_u8(&writer, BPDU_LLC_SAP);
    write_u8(&writer, BPDU_LLC_SAP);
    write_u8(&writer, BPDU_LLC_CONTROL);
    write_u16(&writer, 0); /* protocol, 9.2.1 */
    write_u8(&writer, 0);  /* version, 9.2.2 */
    write_u8(&writer, (uint8_t)bpdu->type);
    if (bpdu->type == BPDU_CONFIG) {
        write_u8(&writer, (bpdu->topology_change ? BPDU_FLAG_TC : 0) |
                              (bpdu->topology_change_ack ? BPDU_FLAG_TC_ACK : 0));
        write_bridge_id(&writer, bpdu->root);
        write_u32(&writer, bpdu->root_path_cost);
        write_bridge_id(&writer, bpdu->bridge);
        write_u16(&writer, bpdu->port);
        write_time(&writer, bpdu->message_age);
        write_time(&writer, bpdu->max_age);
        write_time(&writer, bpdu->hello_time);
        write_time(&writer, bpdu->forward_delay);
    }
    assert(!writer.has_failed);
}
