/* SPDX-License-Identifier: Apache-2.0 */

#include "blocks.h"

#if defined(__x86_64__)

#include <cpuid.h>
#include <immintrin.h>

/* Blocks under way at once: one round takes several cycles, and each cycle can begin one or two. */
enum { LANES = 8, LAST = CAES_ROUND_KEYS - 1 };

#define WITH_AES __attribute__((target("aes,sse2")))

int caes_available(void) {
    unsigned a, b, c, d;
    return __get_cpuid(1, &a, &b, &c, &d) && (c & bit_AES);
}

/* The next round's key, `word` being what the processor makes of the last word of `previous`. */
WITH_AES static __m128i next(__m128i previous, __m128i word) {
    previous = _mm_xor_si128(previous, _mm_slli_si128(previous, 4));
    previous = _mm_xor_si128(previous, _mm_slli_si128(previous, 8));
    return _mm_xor_si128(previous, _mm_shuffle_epi32(word, 0xff));
}

/* The round constant is part of the instruction. */
#define NEXT(previous, constant) next(previous, _mm_aeskeygenassist_si128(previous, constant))

WITH_AES void caes_expand(struct caes_key *key, const uint8_t *bytes) {
    __m128i round[CAES_ROUND_KEYS];
    round[0] = _mm_loadu_si128((const __m128i *)bytes);
    round[1] = NEXT(round[0], 0x01);
    round[2] = NEXT(round[1], 0x02);
    round[3] = NEXT(round[2], 0x04);
    round[4] = NEXT(round[3], 0x08);
    round[5] = NEXT(round[4], 0x10);
    round[6] = NEXT(round[5], 0x20);
    round[7] = NEXT(round[6], 0x40);
    round[8] = NEXT(round[7], 0x80);
    round[9] = NEXT(round[8], 0x1b);
    round[10] = NEXT(round[9], 0x36);
    for (int i = 0; i < CAES_ROUND_KEYS; i++)
        _mm_storeu_si128((__m128i *)key->rounds[i], round[i]);
}

/* The upper half of the counter stays zero: its lower half numbers more bytes than anybody sends. */
WITH_AES static inline __m128i counter(uint64_t index) {
    return _mm_set_epi64x((long long)__builtin_bswap64(index), 0);
}

/* Unrolled, so that `lanes` is a number the compiler knows and all blocks stay in registers. */
WITH_AES static inline __attribute__((always_inline)) void apply_lanes(
    const __m128i *round, uint64_t index, __m128i *blocks, int lanes) {
    __m128i state[LANES];
#pragma GCC unroll 8
    for (int lane = 0; lane < lanes; lane++)
        state[lane] = _mm_xor_si128(counter(index + (uint64_t)lane), round[0]);
    for (int i = 1; i < LAST; i++) {
#pragma GCC unroll 8
        for (int lane = 0; lane < lanes; lane++)
            state[lane] = _mm_aesenc_si128(state[lane], round[i]);
    }
#pragma GCC unroll 8
    for (int lane = 0; lane < lanes; lane++) {
        state[lane] = _mm_aesenclast_si128(state[lane], round[LAST]);
        _mm_storeu_si128(blocks + lane, _mm_xor_si128(_mm_loadu_si128(blocks + lane), state[lane]));
    }
}

WITH_AES void caes_apply_blocks(const struct caes_key *key, uint64_t index, uint8_t *bytes, size_t count) {
    __m128i round[CAES_ROUND_KEYS];
    for (int i = 0; i < CAES_ROUND_KEYS; i++)
        round[i] = _mm_loadu_si128((const __m128i *)key->rounds[i]);
    __m128i *blocks = (__m128i *)bytes;
    for (; count >= LANES; count -= LANES, index += LANES, blocks += LANES)
        apply_lanes(round, index, blocks, LANES);
    for (; count > 0; count--, index++, blocks++)
        apply_lanes(round, index, blocks, 1);
}

#endif
