// SPDX-License-Identifier: Apache-2.0

#ifndef SWARM_CLINUX_DATAGRAMS_H
#define SWARM_CLINUX_DATAGRAMS_H

#include <stdint.h>

#if defined(__cplusplus)
extern "C" {
#endif

/// Datagrams of one call, and bytes of one of them. Longer ones are cut and marked.
#define CLINUX_DATAGRAM_COUNT 64
#define CLINUX_DATAGRAM_BYTES 2048

/// A datagram that came, and the one that goes back to where it came from.
struct clinux_datagram {
    /// The sender: its address in host order as SwarmModel has it (IPv4 in the lower four bytes of `low`).
    uint64_t high, low;
    uint16_t port;
    uint8_t is_v6;
    /// Longer than the room that there is.
    uint8_t is_cut;
    uint32_t length;
    uint8_t *bytes;
    /// Room for the answer, and its length; 0 sends none.
    uint8_t *answer;
    uint32_t answer_length;
};

/// Memory for one batch of datagrams. NULL when there is none.
struct clinux_datagrams;
struct clinux_datagrams *clinux_datagrams_make(void);
void clinux_datagrams_free(struct clinux_datagrams *batch);

/// The datagram at `index` of the batch.
struct clinux_datagram *clinux_datagrams_at(struct clinux_datagrams *batch, int index);

/// Takes what has come (recvmmsg) and does not wait. Returns how many, 0 when there is nothing, or a negative errno.
/// No datagram has an answer then.
int clinux_datagrams_receive(struct clinux_datagrams *batch, int fd);

/// Sends the answers of the last `count` datagrams (sendmmsg), from the addresses that they were sent to, and does not
/// wait. Returns how many the kernel did not take.
int clinux_datagrams_send(struct clinux_datagrams *batch, int fd, int count);

/// A UDP socket that listens. `address` has 4 bytes in network order, or 16 when `is_v6` (which takes IPv6 only).
/// `shares_port` lets others of the same user listen there too, and the kernel deal datagrams out among them
/// (SO_REUSEPORT). `buffer` bytes are asked for either way. Returns a descriptor, or a negative errno.
int clinux_datagrams_listen(const uint8_t *address, int is_v6, uint16_t port, int shares_port, int buffer);

/// Bytes that the socket keeps of what has come and was not taken, as the kernel counts them; 0 when it does not say.
int clinux_datagrams_buffer(int fd);

/// A UDP socket that speaks to one other end only, which is told when nobody is there. `source` is the local address,
/// of the same family, or NULL for any. It does not wait. Returns a descriptor, or a negative errno.
int clinux_datagrams_connect(const uint8_t *source, const uint8_t *address, int is_v6, uint16_t port);

/// A descriptor that becomes readable by `clinux_event_set` (eventfd). Negative errno when there is none.
int clinux_event_make(void);
void clinux_event_set(int event);

/// Waits until `fd` has something to read, or `event` was set, which it then clears. Returns 1 when it was set, 0 when not.
int clinux_event_wait(int event, int fd);

/// Waits until `event` was set, which it then clears, or so much time has passed. Returns 1 when it was set, 0 when not.
int clinux_event_rest(int event, int64_t nanoseconds);

#if defined(__cplusplus)
}
#endif

#endif
