/* SPDX-License-Identifier: MIT
 * Checkpoints: copies of the world that share the pages in which they do not differ.
 *
 *     world        | A | B | C | D' |
 *     checkpoint 1   A   B   C   D          each letter a page of 4 KiB, kept once however many copies have
 * it checkpoint 2   .   .   .   D'
 *
 * Making one compares the world with an earlier checkpoint, page by page: comparing is as fast as memory is,
 * and only what changed since is kept. Any of them can be given up at any time; a page goes with the last
 * copy that has it. Going back writes all pages in again at the same addresses, which makes every pointer
 * true. */
#include <assert.h>
#include <stdlib.h>

#include "sim/network.h"

struct page {
    uint32_t owners;
    _Alignas(16) unsigned char bytes[WORLD_PAGE_BYTES];
};

struct checkpoint {
    struct run *run; /* whose world it is a copy of */
    nt_time at;
    uint64_t records; /* the last record told when it was made */
    size_t texts;     /* texts of records that there were */
    size_t page_count;
    struct page *pages[];
};

static struct page *page_new(struct run *run, size_t number)
{
    struct page *page = malloc(sizeof *page);
    assert(page); /* the heap of the machine itself is exhausted: nothing sensible is left to do */
    page->owners = 1;
    world_page_read(run->world, number, page->bytes);
    run->saved_bytes += sizeof *page;
    return page;
}

/* The page of `near` if the world still has it so, else a copy. */
static struct page *page_kept(struct run *run, size_t number, const struct checkpoint *near)
{
    struct page *page = near && number < near->page_count ? near->pages[number] : NULL;
    if (!page || !world_page_equals(run->world, number, page->bytes))
        return page_new(run, number);
    page->owners++;
    return page;
}

struct checkpoint *run_save_near(struct run *run, const struct checkpoint *near)
{
    size_t count = world_used_bytes(run->world) / WORLD_PAGE_BYTES;
    struct checkpoint *checkpoint = malloc(sizeof *checkpoint + count * sizeof *checkpoint->pages);
    assert(checkpoint && (!near || near->run == run));
    *checkpoint = (struct checkpoint){.run = run,
                                      .at = run->network->clock.now,
                                      .records = run->network->records,
                                      .texts = run->texts.count,
                                      .page_count = count};
    for (size_t i = 0; i < count; i++)
        checkpoint->pages[i] = page_kept(run, i, near);
    run->saved_bytes += count * sizeof *checkpoint->pages;
    return checkpoint;
}

struct checkpoint *run_save(const struct run *run)
{
    return run_save_near((struct run *)run, NULL);
}

void run_restore(struct run *run, const struct checkpoint *checkpoint)
{
    assert(checkpoint->run == run);
    world_put_begin(run->world, checkpoint->page_count * WORLD_PAGE_BYTES);
    for (size_t i = 0; i < checkpoint->page_count; i++)
        world_page_write(run->world, i, checkpoint->pages[i]->bytes);
    world_put_end(run->world);
    run->network = world_root(run->world);
    run->network->clock.is_listening = run->sinks != NULL; /* who listens is a fact of now, not of then */
    run->failure[0] = '\0';
    record_cut(run, checkpoint->records, checkpoint->texts);
}

size_t checkpoint_bytes(const struct checkpoint *checkpoint)
{
    return sizeof *checkpoint + checkpoint->page_count * (sizeof *checkpoint->pages + sizeof(struct page));
}

size_t run_saved_bytes(const struct run *run)
{
    return run->saved_bytes;
}

nt_time checkpoint_at(const struct checkpoint *checkpoint)
{
    return checkpoint->at;
}

void checkpoint_free(struct checkpoint *checkpoint)
{
    if (!checkpoint)
        return;
    struct run *run = checkpoint->run;
    for (size_t i = 0; i < checkpoint->page_count; i++)
        if (--checkpoint->pages[i]->owners == 0) {
            free(checkpoint->pages[i]);
            run->saved_bytes -= sizeof(struct page);
        }
    run->saved_bytes -= checkpoint->page_count * sizeof *checkpoint->pages;
    free(checkpoint);
}
