/* SPDX-License-Identifier: MIT
 * One function for each picture, for the table in pictures.c. */
#ifndef NETARIUM_VIEWS_DRAWINGS_H
#define NETARIUM_VIEWS_DRAWINGS_H

#include "views/pictures/picture.h"

bool map_draw(const struct picture_wish *wish, struct canvas *canvas, struct nt_why *ret_why);
bool ladder_draw(const struct picture_wish *wish, struct canvas *canvas, struct nt_why *ret_why);
void ladder_choose_span(struct picture_wish *wish);
bool segment_draw(const struct picture_wish *wish, struct canvas *canvas, struct nt_why *ret_why);
void segment_choose_span(struct picture_wish *wish);
bool queue_draw(const struct picture_wish *wish, struct canvas *canvas, struct nt_why *ret_why);
bool utilisation_draw(const struct picture_wish *wish, struct canvas *canvas, struct nt_why *ret_why);
bool tcp_draw(const struct picture_wish *wish, struct canvas *canvas, struct nt_why *ret_why);
bool sequence_draw(const struct picture_wish *wish, struct canvas *canvas, struct nt_why *ret_why);
void state_choose_span(struct picture_wish *wish);
bool state_draw(const struct picture_wish *wish, struct canvas *canvas, struct nt_why *ret_why);
bool tables_draw(const struct picture_wish *wish, struct canvas *canvas, struct nt_why *ret_why);
bool packet_draw(const struct picture_wish *wish, struct canvas *canvas, struct nt_why *ret_why);

#endif
