// SPDX-License-Identifier: Apache-2.0

#ifndef SWARM_CPORTMAPPING_H
#define SWARM_CPORTMAPPING_H

#include <stdint.h>

#if defined(__cplusplus)
extern "C" {
#endif

/// A port of ours that a router forwards. All of these calls wait for the network, at most about as long as they are told.
struct cportmapping_answer {
    /// The router's own address, as text; empty where it does not tell.
    char external_address[48];
    uint16_t external_port;
    /// Seconds until it is forgotten; 0 for never.
    uint32_t lifetime;
};

/// Asks the router of the default route, or `gateway` (dotted quads), by NAT-PMP (RFC 6886) to forward `port`, from outside by
/// the same number if it can. `lifetime` 0 takes it back. Returns 0, or a negative number that NAT-PMP's library gave.
int cportmapping_natpmp(const char *gateway, int is_udp, uint16_t port, uint32_t lifetime, int patience_ms,
                        struct cportmapping_answer *answer);

/// A router that speaks UPnP (Internet Gateway Device).
struct cportmapping_device {
    char control[512];
    char service[256];
    /// Our own address as the router sees it.
    char local[64];
};

/// Looks for such a router, or takes the one whose description is at `url`. Returns 0, or a negative number when there is none.
int cportmapping_upnp_find(const char *url, int patience_ms, struct cportmapping_device *device);

/// Asks it to forward `external_port` to `port` of ours. Returns 0, or the number of an error of UPnP.
int cportmapping_upnp_add(const struct cportmapping_device *device, int is_udp, uint16_t port, uint16_t external_port,
                          uint32_t lifetime, const char *name, struct cportmapping_answer *answer);

/// Takes that back. Returns 0, or the number of an error of UPnP.
int cportmapping_upnp_remove(const struct cportmapping_device *device, int is_udp, uint16_t external_port);

#if defined(__cplusplus)
}
#endif

#endif
