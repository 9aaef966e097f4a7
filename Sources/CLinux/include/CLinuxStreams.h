// SPDX-License-Identifier: Apache-2.0

#ifndef SWARM_CLINUX_STREAMS_H
#define SWARM_CLINUX_STREAMS_H

#include <stdint.h>

#if defined(__cplusplus)
extern "C" {
#endif

/// What the kernel counts of a TCP connection; times are in microseconds.
struct clinux_stream_clocks {
    /// Since the connection stands: how long there was something to send, or sent and not acknowledged.
    uint64_t busy;
    /// Of that, how long the other end's window had no room for it.
    uint64_t window_closed;
    /// The round trip as it is now, and the least of the last minutes.
    uint32_t round_trip;
    uint32_t least_round_trip;
    /// Bytes that the other end has acknowledged, since the connection stands.
    uint64_t acknowledged;
    /// Bytes that wait in the socket and were not sent once.
    uint32_t unsent;
};

/// Reads the clocks of the connection `fd` (TCP_INFO). -ENODATA where the kernel does not count them (before Linux 4.10).
int clinux_read_stream_clocks(int fd, struct clinux_stream_clocks *clocks);

#if defined(__cplusplus)
}
#endif

#endif
