/* SPDX-License-Identifier: Apache-2.0 */

#include "CPieceHash.h"

#include <string.h>

enum { BLOCK = 64, LANES = 2 };

#if defined(__x86_64__)

#include <cpuid.h>
#include <immintrin.h>

int cpiecehash_sha1_pair_available(void) {
    unsigned a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_SSSE3) || !(c & bit_SSE4_1))
        return 0;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & bit_SHA);
}

/* Four rounds; the kind of round is part of the instruction. */
#define ROUNDS(state, input, round) \
    ((round) < 5    ? _mm_sha1rnds4_epu32(state, input, 0) \
     : (round) < 10 ? _mm_sha1rnds4_epu32(state, input, 1) \
     : (round) < 15 ? _mm_sha1rnds4_epu32(state, input, 2) \
                    : _mm_sha1rnds4_epu32(state, input, 3))

__attribute__((target("sha,sse4.1,ssse3"))) static void compress(
    uint32_t state[LANES][5], const uint8_t *const data[LANES], size_t blocks) {
    const __m128i big_endian = _mm_set_epi64x(0x0001020304050607LL, 0x08090a0b0c0d0e0fLL);
    __m128i abcd[LANES], e[LANES];
    for (int lane = 0; lane < LANES; lane++) {
        abcd[lane] = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)state[lane]), 0x1b);
        e[lane] = _mm_set_epi32((int)state[lane][4], 0, 0, 0);
    }
    for (size_t block = 0; block < blocks; block++) {
        __m128i words[LANES][4], abcd_before[LANES], e_before[LANES];
        for (int lane = 0; lane < LANES; lane++) {
            const __m128i *source = (const __m128i *)(data[lane] + block * BLOCK);
            for (int i = 0; i < 4; i++)
                words[lane][i] = _mm_shuffle_epi8(_mm_loadu_si128(source + i), big_endian);
            abcd_before[lane] = abcd[lane];
            e_before[lane] = e[lane];
        }
        /* Unrolled, so that the words stay in registers; the lanes alternate within each step. */
#pragma GCC unroll 20
        for (int round = 0; round < 20; round++) {
            for (int lane = 0; lane < LANES; lane++) {
                __m128i *w = words[lane];
                if (round >= 4) {
                    __m128i mixed = _mm_sha1msg1_epu32(w[round & 3], w[(round + 1) & 3]);
                    mixed = _mm_xor_si128(mixed, w[(round + 2) & 3]);
                    w[round & 3] = _mm_sha1msg2_epu32(mixed, w[(round + 3) & 3]);
                }
                __m128i input = round == 0 ? _mm_add_epi32(e[lane], w[0]) : _mm_sha1nexte_epu32(e[lane], w[round & 3]);
                e[lane] = abcd[lane];
                abcd[lane] = ROUNDS(abcd[lane], input, round);
            }
        }
        for (int lane = 0; lane < LANES; lane++) {
            e[lane] = _mm_sha1nexte_epu32(e[lane], e_before[lane]);
            abcd[lane] = _mm_add_epi32(abcd[lane], abcd_before[lane]);
        }
    }
    for (int lane = 0; lane < LANES; lane++) {
        _mm_storeu_si128((__m128i *)state[lane], _mm_shuffle_epi32(abcd[lane], 0x1b));
        state[lane][4] = (uint32_t)_mm_extract_epi32(e[lane], 3);
    }
}

#else

int cpiecehash_sha1_pair_available(void) { return 0; }

static void compress(uint32_t state[LANES][5], const uint8_t *const data[LANES], size_t blocks) {
    (void)state, (void)data, (void)blocks;
    __builtin_trap();
}

#endif

void cpiecehash_sha1_pair_init(struct cpiecehash_sha1_pair *pair) {
    static const uint32_t start[5] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
    for (int lane = 0; lane < LANES; lane++)
        memcpy(pair->state[lane], start, sizeof start);
    pair->length = 0;
}

void cpiecehash_sha1_pair_update(
    struct cpiecehash_sha1_pair *pair, const void *first, const void *second, size_t bytes) {
    const uint8_t *const data[LANES] = {first, second};
    compress(pair->state, data, bytes / BLOCK);
    pair->length += bytes;
}

/* Both messages are of one length, so their padding is the same: 0x80, zeros, and the length in bits. */
void cpiecehash_sha1_pair_finish(struct cpiecehash_sha1_pair *pair, const void *first, const void *second, size_t bytes,
    uint8_t *digests) {
    const uint8_t *const data[LANES] = {first, second};
    size_t whole = bytes / BLOCK * BLOCK, rest = bytes - whole;
    if (whole)
        cpiecehash_sha1_pair_update(pair, first, second, whole);
    uint64_t bits = (pair->length + rest) * 8;
    size_t padded = rest < BLOCK - 8 ? BLOCK : 2 * BLOCK;
    uint8_t tail[LANES][2 * BLOCK] = {{0}};
    for (int lane = 0; lane < LANES; lane++) {
        if (rest)
            memcpy(tail[lane], data[lane] + whole, rest);
        tail[lane][rest] = 0x80;
        for (int i = 0; i < 8; i++)
            tail[lane][padded - 1 - i] = (uint8_t)(bits >> (8 * i));
    }
    cpiecehash_sha1_pair_update(pair, tail[0], tail[1], padded);
    for (int lane = 0; lane < LANES; lane++)
        for (int i = 0; i < CPIECEHASH_SHA1_LENGTH; i++)
            digests[CPIECEHASH_SHA1_LENGTH * lane + i] = (uint8_t)(pair->state[lane][i / 4] >> (24 - 8 * (i % 4)));
}
