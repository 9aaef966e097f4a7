/* SPDX-License-Identifier: Apache-2.0 */

#include "blocks.h"

#if !defined(__x86_64__) && !defined(__aarch64__)

int caes_available(void) { return 0; }

void caes_expand(struct caes_key *key, const uint8_t *bytes) {
    (void)key;
    (void)bytes;
}

void caes_apply_blocks(const struct caes_key *key, uint64_t index, uint8_t *bytes, size_t count) {
    (void)key;
    (void)index;
    (void)bytes;
    (void)count;
}

#endif
