// SPDX-License-Identifier: Apache-2.0

#ifndef SWARM_CLINUX_MULTICAST_H
#define SWARM_CLINUX_MULTICAST_H

#include <stddef.h>
#include <stdint.h>

#if defined(__cplusplus)
extern "C" {
#endif

/// Opens a UDP socket that receives what is sent to `port`, shared with other programs that listen there. Returns the
/// descriptor, or a negative errno.
int clinux_multicast_open(int is_v6, uint16_t port);

/// Joins `group` (4 or 16 bytes in network order) on every interface that can do multicast and is up, those that are new since
/// the last call included, and sends `count` bytes to it by each. Returns by how many interfaces it was sent; does not wait.
int clinux_multicast_send(int fd, int is_v6, const uint8_t *group, uint16_t port, const void *bytes, size_t count);

#if defined(__cplusplus)
}
#endif

#endif
