/* SPDX-License-Identifier: Apache-2.0 */
/* backwards: a small picker, and a whole one. Fetches a torrent from its last piece to its first. */
#include <swarm_plugin.h>

#include <stdlib.h>

enum { LEVELS = SWARM_PRIORITY_HIGHEST + 1 };

/* One torrent. Which pieces may be picked is kept as a set of pieces for each priority. */
struct backwards {
    uint32_t piece_count;
    uint32_t spread;
    uint64_t random;
    uint8_t *states;
    uint8_t *priorities;
    uint64_t *wanted[LEVELS];
    /* The last word of each set that may not be 0, so that what is done costs no time. */
    uint32_t top[LEVELS];
};

static const swarm_option options[] = {{
    .struct_size = sizeof(swarm_option),
    .type = SWARM_OPTION_INTEGER,
    .key = "spread",
    .default_value = "1",
    .help = "Picks one at random of so many pieces at the end.",
    .minimum = 1,
    .maximum = 64,
}};

/* SplitMix64: equal seeds give equal numbers, so that a run can be replayed. */
static uint64_t next_random(struct backwards *self)
{
    uint64_t z = (self->random += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* Puts a piece into the set of its priority when it may be picked, or takes it out. */
static void file(struct backwards *self, uint32_t piece)
{
    uint64_t bit = (uint64_t)1 << (piece % 64);
    uint32_t level = self->priorities[piece];
    uint32_t index = piece / 64;
    if (self->states[piece] == SWARM_PIECE_WANTED) {
        self->wanted[level][index] |= bit;
        if (self->top[level] < index)
            self->top[level] = index;
    } else {
        self->wanted[level][index] &= ~bit;
    }
}

static void destroy(void *instance)
{
    struct backwards *self = instance;
    for (uint32_t level = 0; level < LEVELS; level++)
        free(self->wanted[level]);
    free(self->priorities);
    free(self->states);
    free(self);
}

static void *create(const swarm_host *host, const swarm_torrent *torrent, const swarm_option_value *values,
                    size_t value_count)
{
    struct backwards *self = calloc(1, sizeof *self);
    if (!self)
        return NULL;
    self->piece_count = torrent->piece_count;
    /* The values come in the order of the options, checked. */
    self->spread = value_count > 0 ? (uint32_t)values[0].integer : 1;
    self->random = host->seed;
    self->states = calloc(self->piece_count + 1, sizeof *self->states);
    self->priorities = calloc(self->piece_count + 1, sizeof *self->priorities);
    int complete = self->states && self->priorities;
    for (uint32_t level = 0; level < LEVELS; level++)
        if (!(self->wanted[level] = calloc(self->piece_count / 64 + 1, sizeof(uint64_t))))
            complete = 0;
    if (!complete) {
        destroy(self);
        return NULL;
    }
    for (uint32_t piece = 0; piece < self->piece_count; piece++) {
        self->priorities[piece] = SWARM_PRIORITY_NORMAL;
        file(self, piece);
    }
    return self;
}

/* Who has what does not matter to this picker, but the functions must be there. */
static void ignore_piece(void *instance, uint32_t piece)
{
    (void)instance;
    (void)piece;
}

static void ignore_pieces(void *instance, const uint64_t *words, size_t word_count, uint32_t set_count)
{
    (void)instance;
    (void)words;
    (void)word_count;
    (void)set_count;
}

static void set_priority(void *instance, uint32_t piece, uint32_t priority)
{
    struct backwards *self = instance;
    self->wanted[self->priorities[piece]][piece / 64] &= ~((uint64_t)1 << (piece % 64));
    self->priorities[piece] = (uint8_t)priority;
    file(self, piece);
}

static void set_state(void *instance, uint32_t piece, uint32_t state)
{
    struct backwards *self = instance;
    self->states[piece] = (uint8_t)state;
    file(self, piece);
}

/* Of the pieces of one priority that the peer has, the last `spread`: their numbers go to `last`. Returns how many. */
static uint32_t find_last(struct backwards *self, uint32_t level, const swarm_picker_peer *peer, uint32_t *last)
{
    uint32_t found = 0;
    while (self->top[level] > 0 && self->wanted[level][self->top[level]] == 0)
        self->top[level]--;
    for (uint32_t index = self->top[level] + 1; index-- > 0 && found < self->spread;) {
        uint64_t word = self->wanted[level][index] & peer->words[index];
        for (uint32_t bit = 64; word && bit-- > 0 && found < self->spread;) {
            if (word >> bit & 1)
                last[found++] = index * 64 + bit;
        }
    }
    return found;
}

static uint32_t pick(void *instance, const swarm_picker_peer *peer, uint32_t maximum, uint32_t *pieces)
{
    struct backwards *self = instance;
    uint32_t last[64];
    (void)maximum; /* at least 1; one piece at a time will do */
    for (uint32_t level = SWARM_PRIORITY_HIGHEST; level >= SWARM_PRIORITY_LOWEST; level--) {
        uint32_t found = find_last(self, level, peer, last);
        if (found > 0) {
            pieces[0] = last[next_random(self) % found];
            return 1;
        }
    }
    return 0;
}

static const swarm_picker picker = {
    .struct_size = sizeof(swarm_picker),
    .create = create,
    .destroy = destroy,
    .piece_gained = ignore_piece,
    .piece_lost = ignore_piece,
    .pieces_gained = ignore_pieces,
    .pieces_lost = ignore_pieces,
    .set_priority = set_priority,
    .set_state = set_state,
    .pick = pick,
};

static const swarm_plugin plugin = {
    .struct_size = sizeof(swarm_plugin),
    .abi_major = SWARM_ABI_MAJOR,
    .abi_minor = SWARM_ABI_MINOR,
    .kind = SWARM_KIND_PICKER,
    .option_count = sizeof options / sizeof *options,
    .name = "backwards",
    .version = "1.0",
    .summary = "from the last piece to the first",
    .options = options,
    .picker = &picker,
};

const swarm_plugin *swarm_plugin_entry(uint32_t host_abi_major)
{
    return host_abi_major == SWARM_ABI_MAJOR ? &plugin : NULL;
}
