/* SPDX-License-Identifier: Apache-2.0 */

#include "blocks.h"

#if defined(__aarch64__)

#include <arm_neon.h>
#include <asm/hwcap.h>
#include <string.h>
#include <sys/auxv.h>

/* Blocks under way at once: one round takes several cycles, and each cycle can begin one or two. */
enum { LANES = 8, LAST = CAES_ROUND_KEYS - 1 };

#define WITH_AES __attribute__((target("aes")))

int caes_available(void) { return (getauxval(AT_HWCAP) & HWCAP_AES) != 0; }

/* The cipher's substitution of each byte of a word. A state of four equal columns is not changed by the shift of rows. */
WITH_AES static uint32_t substituted(uint32_t word) {
    uint8x16_t state = vaeseq_u8(vreinterpretq_u8_u32(vdupq_n_u32(word)), vdupq_n_u8(0));
    return vgetq_lane_u32(vreinterpretq_u32_u8(state), 0);
}

WITH_AES void caes_expand(struct caes_key *key, const uint8_t *bytes) {
    static const uint8_t constants[CAES_ROUND_KEYS - 1] = {0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0x1b, 0x36};
    uint32_t words[CAES_ROUND_KEYS][4];
    memcpy(words[0], bytes, sizeof words[0]);
    for (int i = 1; i < CAES_ROUND_KEYS; i++) {
        uint32_t last = words[i - 1][3];
        words[i][0] = words[i - 1][0] ^ substituted(last >> 8 | last << 24) ^ constants[i - 1];
        for (int j = 1; j < 4; j++)
            words[i][j] = words[i - 1][j] ^ words[i][j - 1];
    }
    memcpy(key->rounds, words, sizeof words);
}

/* The upper half of the counter stays zero: its lower half numbers more bytes than anybody sends. */
static inline uint8x16_t counter(uint64_t index) {
    return vreinterpretq_u8_u64(vcombine_u64(vcreate_u64(0), vcreate_u64(__builtin_bswap64(index))));
}

/* Unrolled, so that `lanes` is a number the compiler knows and all blocks stay in registers. */
WITH_AES static inline __attribute__((always_inline)) void apply_lanes(
    const uint8x16_t *round, uint64_t index, uint8_t *bytes, int lanes) {
    uint8x16_t state[LANES];
#pragma GCC unroll 8
    for (int lane = 0; lane < lanes; lane++)
        state[lane] = counter(index + (uint64_t)lane);
    for (int i = 0; i < LAST - 1; i++) {
#pragma GCC unroll 8
        for (int lane = 0; lane < lanes; lane++)
            state[lane] = vaesmcq_u8(vaeseq_u8(state[lane], round[i]));
    }
#pragma GCC unroll 8
    for (int lane = 0; lane < lanes; lane++) {
        state[lane] = veorq_u8(vaeseq_u8(state[lane], round[LAST - 1]), round[LAST]);
        uint8_t *block = bytes + lane * CAES_BLOCK_LENGTH;
        vst1q_u8(block, veorq_u8(vld1q_u8(block), state[lane]));
    }
}

WITH_AES void caes_apply_blocks(const struct caes_key *key, uint64_t index, uint8_t *bytes, size_t count) {
    uint8x16_t round[CAES_ROUND_KEYS];
    for (int i = 0; i < CAES_ROUND_KEYS; i++)
        round[i] = vld1q_u8(key->rounds[i]);
    for (; count >= LANES; count -= LANES, index += LANES, bytes += LANES * CAES_BLOCK_LENGTH)
        apply_lanes(round, index, bytes, LANES);
    for (; count > 0; count--, index++, bytes += CAES_BLOCK_LENGTH)
        apply_lanes(round, index, bytes, 1);
}

#endif
