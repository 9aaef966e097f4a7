/* SPDX-License-Identifier: Apache-2.0 */

#include "blocks.h"

#include <string.h>

/* Bytes of one block, from `offset` in it on. */
static void apply_part(const struct caes_key *key, uint64_t index, size_t offset, uint8_t *bytes, size_t count) {
    uint8_t block[CAES_BLOCK_LENGTH] = {0};
    memcpy(block + offset, bytes, count);
    caes_apply_blocks(key, index, block, 1);
    memcpy(bytes, block + offset, count);
}

void caes_apply(const struct caes_key *key, uint64_t position, uint8_t *bytes, size_t count) {
    uint64_t index = position / CAES_BLOCK_LENGTH;
    size_t offset = position % CAES_BLOCK_LENGTH;
    if (offset > 0) {
        size_t first = CAES_BLOCK_LENGTH - offset < count ? CAES_BLOCK_LENGTH - offset : count;
        apply_part(key, index++, offset, bytes, first);
        bytes += first;
        count -= first;
    }
    size_t whole = count / CAES_BLOCK_LENGTH;
    caes_apply_blocks(key, index, bytes, whole);
    if (count % CAES_BLOCK_LENGTH > 0)
        apply_part(key, index + whole, 0, bytes + whole * CAES_BLOCK_LENGTH, count % CAES_BLOCK_LENGTH);
}
