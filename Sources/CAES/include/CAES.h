/* SPDX-License-Identifier: Apache-2.0
 *
 * AES-128 (FIPS 197) in counter mode (NIST SP 800-38A, 6.5) with the processor's own instructions for it, on x86-64 and
 * arm64. There is no other way here: in tables AES would be slow, and would tell its key to whoever shares the cache.
 */
#ifndef C_AES_H
#define C_AES_H

#include <stddef.h>
#include <stdint.h>

enum { CAES_KEY_LENGTH = 16, CAES_BLOCK_LENGTH = 16, CAES_ROUND_KEYS = 11 };

/* What a key becomes, once for all that it encrypts. */
struct caes_key {
    uint8_t rounds[CAES_ROUND_KEYS][CAES_BLOCK_LENGTH];
};

/* Whether this processor can; nothing else here may be called where it cannot. */
int caes_available(void);

/* Makes `key` of CAES_KEY_LENGTH bytes. */
void caes_expand(struct caes_key *key, const uint8_t *bytes);

/* Encrypts or decrypts `count` bytes in place, those from `position` on of a stream whose counter begins at zero: it is a
 * number of CAES_BLOCK_LENGTH bytes, big-endian. No two streams may have a key in common. */
void caes_apply(const struct caes_key *key, uint64_t position, uint8_t *bytes, size_t count);

#endif
