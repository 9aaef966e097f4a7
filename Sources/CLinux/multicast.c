// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "CLinuxMulticast.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int clinux_multicast_open(int is_v6, uint16_t port) {
    int fd = socket(is_v6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return -errno;
    int on = 1, result;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (is_v6) {
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
        struct sockaddr_in6 name = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
        result = bind(fd, (struct sockaddr *)&name, sizeof name);
    } else {
        // Only of groups that this socket itself has joined.
        int off = 0;
        setsockopt(fd, IPPROTO_IP, IP_MULTICAST_ALL, &off, sizeof off);
        struct sockaddr_in name = {.sin_family = AF_INET, .sin_port = htons(port)};
        result = bind(fd, (struct sockaddr *)&name, sizeof name);
    }
    if (result == 0) return fd;
    int error = errno;
    close(fd);
    return -error;
}

static int send_v4(int fd, const uint8_t *group, uint16_t port, int index, const void *bytes, size_t count) {
    struct ip_mreqn member = {.imr_ifindex = index};
    memcpy(&member.imr_multiaddr, group, 4);
    // Fails where it has been joined already.
    setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &member, sizeof member);
    struct ip_mreqn by = {.imr_ifindex = index};
    if (setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &by, sizeof by) != 0) return 0;
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_port = htons(port)};
    memcpy(&name.sin_addr, group, 4);
    return sendto(fd, bytes, count, MSG_DONTWAIT | MSG_NOSIGNAL, (struct sockaddr *)&name, sizeof name) >= 0;
}

static int send_v6(int fd, const uint8_t *group, uint16_t port, int index, const void *bytes, size_t count) {
    struct ipv6_mreq member = {.ipv6mr_interface = (unsigned)index};
    memcpy(&member.ipv6mr_multiaddr, group, 16);
    setsockopt(fd, IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP, &member, sizeof member);
    if (setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, &index, sizeof index) != 0) return 0;
    struct sockaddr_in6 name = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    memcpy(&name.sin6_addr, group, 16);
    return sendto(fd, bytes, count, MSG_DONTWAIT | MSG_NOSIGNAL, (struct sockaddr *)&name, sizeof name) >= 0;
}

int clinux_multicast_send(int fd, int is_v6, const uint8_t *group, uint16_t port, const void *bytes, size_t count) {
    struct if_nameindex *interfaces = if_nameindex();
    if (!interfaces) return 0;
    struct ifaddrs *addresses = NULL;
    if (getifaddrs(&addresses) != 0) addresses = NULL;
    int sent = 0;
    for (struct if_nameindex *one = interfaces; one->if_index != 0; one++) {
        int fits = 0;
        for (struct ifaddrs *address = addresses; address && !fits; address = address->ifa_next) {
            fits = address->ifa_addr && address->ifa_addr->sa_family == (is_v6 ? AF_INET6 : AF_INET)
                && (address->ifa_flags & (IFF_UP | IFF_MULTICAST)) == (IFF_UP | IFF_MULTICAST)
                && strcmp(address->ifa_name, one->if_name) == 0;
        }
        if (!fits) continue;
        int index = (int)one->if_index;
        sent += is_v6 ? send_v6(fd, group, port, index, bytes, count) : send_v4(fd, group, port, index, bytes, count);
    }
    freeifaddrs(addresses);
    if_freenameindex(interfaces);
    return sent;
}
