/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pickers PLUGIN.so...: what a pick costs, and how that grows with the number of pieces and of peers.
 *
 * Drives each picker through its C interface as swarmd does: peers join with what they have, then pieces are picked for
 * them in turn, go in flight, and are had; whoever got one tells it. Prints nanoseconds of a picked piece (the pick and
 * the changes of state that follow it), medians over batches, and the memory of the instance in bytes a piece.
 */
#include <swarm_plugin.h>

#include <dlfcn.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PICKS 4000u
#define BATCH 100u
#define RUNS 3u

enum shape { SEEDS, HALVES, FEW, LATE, INTERLEAVED, SHAPES };
static const char *const shape_names[SHAPES] = {
    "all have all", "half each, at random", "ten pieces each", "1 % left", "one in sixteen each"};

static uint64_t state = 88172645463325252u;
static uint64_t draw(uint64_t bound)
{
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    return (uint64_t)(((unsigned __int128)state * bound) >> 64);
}

static uint64_t clock_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

struct peer {
    uint64_t *words, *summary;
    uint32_t have;
    int has_nothing; /* nothing could be picked for it, and it has got nothing since: it is not asked again */
};

struct swarm {
    uint32_t pieces, words, peer_count;
    struct peer *peers;
    uint8_t *picked;
};

static void give(struct peer *peer, uint32_t piece)
{
    uint64_t *word = &peer->words[piece / 64], bit = UINT64_C(1) << piece % 64;
    if (*word & bit) return;
    *word |= bit;
    peer->summary[piece / 4096] |= UINT64_C(1) << piece / 64 % 64;
    peer->have++;
    peer->has_nothing = 0;
}

static void fill(struct swarm *swarm, enum shape shape)
{
    for (uint32_t p = 0; p < swarm->peer_count; p++) {
        struct peer *peer = &swarm->peers[p];
        if (shape == FEW)
            for (unsigned i = 0; i < 10; i++) give(peer, (uint32_t)draw(swarm->pieces));
        else
            for (uint32_t i = 0; i < swarm->pieces; i++)
                if (shape == SEEDS || shape == LATE || (shape == HALVES && draw(2)) ||
                    (shape == INTERLEAVED && i % 16 == p % 16))
                    give(peer, i);
    }
}

static int by_size(const void *one, const void *other)
{
    double a = *(const double *)one, b = *(const double *)other;
    return (a > b) - (a < b);
}

static void log_nothing(void *context, uint32_t severity, const char *message, size_t length)
{
    (void)context, (void)severity, (void)message, (void)length;
}

/* Nanoseconds a picked piece, bytes a piece, and microseconds of the first pick; negative when it answers wrongly. */
static double measure(const swarm_plugin *plugin, uint32_t pieces, uint32_t peers, enum shape shape, double *bytes,
                      double *first_us)
{
    const swarm_picker *picker = plugin->picker;
    struct swarm swarm = {pieces, (pieces + 63) / 64, peers, calloc(peers, sizeof(struct peer)), calloc(pieces, 1)};
    for (uint32_t p = 0; p < peers; p++) {
        swarm.peers[p].words = calloc(swarm.words, 8);
        swarm.peers[p].summary = calloc((swarm.words + 63) / 64, 8);
    }
    fill(&swarm, shape);
    swarm_option_value values[64];
    for (uint32_t i = 0; i < plugin->option_count; i++) {
        const swarm_option *option =
            (const void *)((const char *)plugin->options + (size_t)i * plugin->options->struct_size);
        values[i] = (swarm_option_value){sizeof values[i], option->type, option->key,
                                         strtoll(option->default_value, NULL, 10), 0, option->default_value};
    }
    swarm_host host = {sizeof host, SWARM_ABI_MAJOR, SWARM_ABI_MINOR, NULL, 42, log_nothing, NULL};
    swarm_torrent torrent = {sizeof torrent, pieces, 262144, (uint64_t)pieces * 262144};
    size_t before = mallinfo2().uordblks + mallinfo2().hblkhd;
    void *instance = picker->create(&host, &torrent, values, plugin->option_count);
    for (uint32_t i = 0; shape == LATE && i < pieces; i++)
        if (i % 100) picker->set_state(instance, i, SWARM_PIECE_HAVE);
    for (uint32_t p = 0; p < peers; p++)
        picker->pieces_gained(instance, swarm.peers[p].words, swarm.words, swarm.peers[p].have);
    /* What is put off until the first pick, such as sorting, is no part of the others. */
    uint32_t first = UINT32_MAX;
    swarm_picker_peer begin = {sizeof begin, 0, swarm.peers[0].words, swarm.words, swarm.peers[0].have, 1000000,
                               0, swarm.peers[0].summary};
    uint64_t asked = clock_ns();
    picker->pick(instance, &begin, 1, &first);
    *first_us = (double)(clock_ns() - asked) / 1000;
    double batches[PICKS / BATCH];
    unsigned batch_count = 0, picks = 0, wrong = 0, inside = 0, idle = 0;
    uint32_t flight[16], next = 0;
    uint64_t spent = 0;
    while (picks < PICKS && idle < 8 * peers && !wrong) {
        uint32_t p = (uint32_t)draw(peers), piece = UINT32_MAX;
        struct peer *peer = &swarm.peers[p];
        if (peer->has_nothing) {
            idle++;
            continue;
        }
        swarm_picker_peer view = {sizeof view, p, peer->words, swarm.words, peer->have, 1000000,
                                  (int64_t)picks * 10000000, peer->summary};
        uint64_t start = clock_ns();
        uint32_t count = picker->pick(instance, &view, 1, &piece);
        if (count) picker->set_state(instance, piece, SWARM_PIECE_IN_FLIGHT);
        if (count && picks >= 16) picker->set_state(instance, flight[next % 16], SWARM_PIECE_HAVE);
        spent += clock_ns() - start;
        if (!count) { /* what it has is taken: the time belongs to the next pick that finds something */
            peer->has_nothing = 1;
            idle++;
            continue;
        }
        idle = 0;
        wrong |= count != 1 || piece >= pieces || !(peer->words[piece / 64] >> piece % 64 & 1) || swarm.picked[piece];
        if (wrong) break;
        swarm.picked[piece] = 1;
        if (picks >= 16) { /* somebody else has it now, too */
            uint32_t q = (uint32_t)draw(peers), old = flight[next % 16];
            if (!(swarm.peers[q].words[old / 64] >> old % 64 & 1)) {
                give(&swarm.peers[q], old);
                picker->piece_gained(instance, old);
            }
        }
        flight[next++ % 16] = piece;
        picks++;
        if (++inside == BATCH) {
            batches[batch_count++] = (double)spent / BATCH;
            inside = 0, spent = 0;
        }
    }
    double result = inside && !batch_count ? (double)spent / inside : 0;
    qsort(batches, batch_count, sizeof *batches, by_size);
    if (batch_count) result = batches[batch_count / 2];
    *bytes = (double)(mallinfo2().uordblks + mallinfo2().hblkhd - before) / pieces;
    picker->destroy(instance);
    for (uint32_t p = 0; p < peers; p++) free(swarm.peers[p].words), free(swarm.peers[p].summary);
    free(swarm.peers), free(swarm.picked);
    return wrong ? -1 : result;
}

static double clock_cost(void)
{
    uint64_t start = clock_ns();
    for (unsigned i = 0; i < 10000; i++) clock_ns();
    return (double)(clock_ns() - start) / 10000;
}

static int report(const swarm_plugin *plugin)
{
    static const struct { uint32_t pieces, peers; } sizes[] = {{1000, 50}, {10000, 50}, {100000, 50}, {100000, 500}};
    enum { COUNT = sizeof sizes / sizeof *sizes };
    double overhead = clock_cost(), worst = 0;
    for (int shape = 0; shape < SHAPES; shape++) {
        double ns[COUNT], bytes = 0, first = 0;
        printf("%-13s %-21s", plugin->name, shape_names[shape]);
        for (unsigned i = 0; i < COUNT; i++) {
            double runs[RUNS];
            for (unsigned run = 0; run < RUNS; run++) {
                runs[run] = measure(plugin, sizes[i].pieces, sizes[i].peers, (enum shape)shape, &bytes, &first);
                if (runs[run] < 0) return printf("  a wrong answer\n"), 1;
            }
            qsort(runs, RUNS, sizeof *runs, by_size);
            ns[i] = runs[RUNS / 2] > overhead ? runs[RUNS / 2] - overhead : 0;
            worst = ns[i] > worst ? ns[i] : worst;
            printf("%9.0f", ns[i]);
        }
        printf("%9.2f%9.1f%9.0f\n", ns[COUNT - 1] / (ns[0] > 1 ? ns[0] : 1), bytes, first);
    }
    printf("%-13s at most %.0f ns a piece: %.1f ns a block of a piece of 256 KiB\n", plugin->name, worst, worst / 16);
    return 0;
}

int main(int count, char **paths)
{
    int failed = 0;
    printf("%-13s %-21s%9s%9s%9s%9s%9s%9s%9s\n", "ns a pick", "peers:", "50", "50", "50", "500", "growth", "bytes a",
           "us, the");
    printf("%-13s %-21s%9s%9s%9s%9s%9s%9s%9s\n", "", "pieces:", "1,000", "10,000", "100,000", "100,000", "", "piece",
           "first");
    for (int i = 1; i < count; i++) {
        void *library = dlopen(paths[i], RTLD_NOW | RTLD_LOCAL);
        const swarm_plugin *(*entry)(uint32_t) = NULL;
        if (library) *(void **)&entry = dlsym(library, "swarm_plugin_entry");
        const swarm_plugin *plugin = entry ? entry(SWARM_ABI_MAJOR) : NULL;
        if (!plugin || !plugin->picker) {
            fprintf(stderr, "pickers: %s is no picker of this interface\n", paths[i]);
            return 2;
        }
        failed |= report(plugin);
    }
    return failed;
}
