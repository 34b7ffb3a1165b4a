/* SPDX-License-Identifier: MIT
 * A doubly linked list whose links are embedded in what they join.
 *
 *      head <-> a.link <-> b.link <-> c.link <-> head
 *
 * The list is a ring through its head, so nothing is ever NULL and leaving needs no search. Adding allocates
 * nothing; the owner of a link removes it before its memory goes away. A link that is in no list points to
 * itself, and removing it again is harmless. Walk from list.head.next until the head comes back. */
#ifndef NETARIUM_BASE_LIST_H
#define NETARIUM_BASE_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct list_link {
    struct list_link *prev; /* the one before, or the head */
    struct list_link *next; /* the one behind, or the head */
};

struct list {
    struct list_link head; /* stands before the first and behind the last */
};

/* The struct that `link` is embedded in as `member`. */
#define LIST_OWNER(link, type, member) ((type *)(void *)((char *)(link)-offsetof(type, member)))

static inline void list_link_init(struct list_link *link)
{
    link->prev = link->next = link;
}

static inline void list_init(struct list *list)
{
    list_link_init(&list->head);
}

static inline bool list_is_empty(const struct list *list)
{
    return list->head.next == &list->head;
}

/* Is this link in some list? */
static inline bool list_link_is_joined(const struct list_link *link)
{
    return link->next != link;
}

/* Puts `link`, which is in no list, before `place`, which is a member or the head. */
static inline void list_add_before(struct list_link *place, struct list_link *link)
{
    link->prev = place->prev;
    link->next = place;
    place->prev->next = link;
    place->prev = link;
}

static inline void list_add_first(struct list *list, struct list_link *link)
{
    list_add_before(list->head.next, link);
}

static inline void list_add_last(struct list *list, struct list_link *link)
{
    list_add_before(&list->head, link);
}

/* Takes `link` out of its list, if it is in one. */
static inline void list_remove(struct list_link *link)
{
    link->prev->next = link->next;
    link->next->prev = link->prev;
    list_link_init(link);
}

#endif
