/* SPDX-License-Identifier: Apache-2.0
 *
 * Two SHA-1 (FIPS 180-4) at once, on one thread. The processor's SHA instructions wait for each other within one
 * message, so a second message of the same length goes through almost for nothing.
 */
#ifndef C_PIECE_HASH_H
#define C_PIECE_HASH_H

#include <stddef.h>
#include <stdint.h>

#define CPIECEHASH_SHA1_LENGTH 20

/* Two messages that are being hashed side by side; their lengths are always equal. */
struct cpiecehash_sha1_pair {
    uint32_t state[2][5];
    uint64_t length;
};

/* Whether this processor can; nothing else here may be called where it cannot. */
int cpiecehash_sha1_pair_available(void);

/* Both messages empty. */
void cpiecehash_sha1_pair_init(struct cpiecehash_sha1_pair *pair);

/* Goes on by `bytes` of either message, a multiple of 64. */
void cpiecehash_sha1_pair_update(struct cpiecehash_sha1_pair *pair, const void *first, const void *second, size_t bytes);

/* The last `bytes` of either message, any number; writes both digests, one after the other, and leaves `pair` unusable. */
void cpiecehash_sha1_pair_finish(struct cpiecehash_sha1_pair *pair, const void *first, const void *second, size_t bytes,
    uint8_t *digests);

#endif
