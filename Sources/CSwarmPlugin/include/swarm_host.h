/* SPDX-License-Identifier: Apache-2.0 */
/*
 * swarm_host.h: versions, options, and what swarmd offers to every plugin. Included by swarm_plugin.h, which has the
 * rules.
 */
#ifndef SWARM_HOST_H
#define SWARM_HOST_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The version of this file. */
#define SWARM_ABI_MAJOR 1u
#define SWARM_ABI_MINOR 2u

/* Whether the struct of the given type that `pointer` points to has `field`: its maker may have known an older minor
 * version. Usage: SWARM_HAS_FIELD(swarm_host, host, log). */
#define SWARM_HAS_FIELD(type, pointer, field) \
    ((size_t)(pointer)->struct_size >= offsetof(type, field) + sizeof((pointer)->field))

/* ------------------------------------------------------------------------------------------------- options */

/* Types of options. */
typedef uint32_t swarm_option_type;
#define SWARM_OPTION_BOOLEAN 1u /* "true" or "false" */
#define SWARM_OPTION_INTEGER 2u /* decimal, 64 bits, signed */
#define SWARM_OPTION_NUMBER 3u  /* decimal fraction */
#define SWARM_OPTION_TEXT 4u    /* any text */

/* An option that an operator may set for the plugin. Filled in by the plugin. */
typedef struct swarm_option {
    uint32_t struct_size;
    swarm_option_type type;
    /* Lower-case letters, digits and '-', begins with a letter, at most 32 bytes. */
    const char *key;
    /* Its value when the operator sets none, written as an operator would. */
    const char *default_value;
    /* One line for people. */
    const char *help;
    /* Limits of an integer or number, both included; none when both are 0. */
    int64_t minimum;
    int64_t maximum;
} swarm_option;

/* The value of one option. Filled in by the host: of the right type and within its limits. */
typedef struct swarm_option_value {
    uint32_t struct_size;
    swarm_option_type type;
    const char *key;
    int64_t integer;  /* of an integer; 0 or 1 of a boolean */
    double number;    /* of a number or integer */
    const char *text; /* as written; never NULL */
} swarm_option_value;

/* ------------------------------------------------------------------------------------------------- the host */

/* Severities of log lines. */
#define SWARM_LOG_DEBUG 0u
#define SWARM_LOG_INFO 1u
#define SWARM_LOG_WARNING 2u
#define SWARM_LOG_ERROR 3u

/* What the host offers to one instance. Valid from create() until destroy() has returned. */
typedef struct swarm_host {
    uint32_t struct_size;
    uint16_t abi_major;
    uint16_t abi_minor;
    /* To be passed back to the functions below. */
    void *context;
    /* Seeds this instance's random generator. Equal seeds and equal calls must give equal answers. */
    uint64_t seed;
    /* Writes one line to the daemon's log, at one of the severities above: `length` bytes of UTF-8, not kept after
     * the call. Only from inside a call of the host to this instance. Not for every decision: for what an operator
     * must know. */
    void (*log)(void *context, uint32_t severity, const char *message, size_t length);
    /* Since 1.1. Fills `bytes` with `count` random bytes fit for keys. Only for transports; NULL for others. Only from
     * inside a call of the host to this instance. */
    void (*secure_random)(void *context, uint8_t *bytes, size_t count);
} swarm_host;

/* The torrent that an instance works for. */
typedef struct swarm_torrent {
    uint32_t struct_size;
    /* Pieces are numbered 0 ... piece_count - 1. */
    uint32_t piece_count;
    /* Bytes in every piece but the last. */
    uint64_t piece_length;
    /* Bytes of the whole payload. */
    uint64_t total_length;
} swarm_torrent;

#ifdef __cplusplus
}
#endif

#endif
