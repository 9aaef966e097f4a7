/* SPDX-License-Identifier: Apache-2.0 */
#ifndef C_AES_BLOCKS_H
#define C_AES_BLOCKS_H

#include "CAES.h"

/* Encrypts or decrypts `count` whole blocks in place, those from `index` on. Each processor has its own. */
void caes_apply_blocks(const struct caes_key *key, uint64_t index, uint8_t *bytes, size_t count);

#endif
