// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "CLinuxDatagrams.h"

#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

/// Room for the one control message that tells, or chooses, the local address.
union local_address {
    struct cmsghdr header;
    char v4[CMSG_SPACE(sizeof(struct in_pktinfo))];
    char v6[CMSG_SPACE(sizeof(struct in6_pktinfo))];
};

struct clinux_datagrams {
    struct mmsghdr in[CLINUX_DATAGRAM_COUNT], out[CLINUX_DATAGRAM_COUNT];
    struct iovec in_bytes[CLINUX_DATAGRAM_COUNT], out_bytes[CLINUX_DATAGRAM_COUNT];
    struct sockaddr_in6 names[CLINUX_DATAGRAM_COUNT];
    union local_address local[CLINUX_DATAGRAM_COUNT];
    struct clinux_datagram items[CLINUX_DATAGRAM_COUNT];
    uint8_t received[CLINUX_DATAGRAM_COUNT][CLINUX_DATAGRAM_BYTES];
    uint8_t answers[CLINUX_DATAGRAM_COUNT][CLINUX_DATAGRAM_BYTES];
    /// Heads in which the kernel has written lengths.
    int used;
};

struct clinux_datagrams *clinux_datagrams_make(void) {
    struct clinux_datagrams *batch = calloc(1, sizeof *batch);
    if (batch) batch->used = CLINUX_DATAGRAM_COUNT;
    for (int index = 0; batch && index < CLINUX_DATAGRAM_COUNT; index++) {
        batch->in_bytes[index] = (struct iovec){batch->received[index], CLINUX_DATAGRAM_BYTES};
        batch->items[index].bytes = batch->received[index];
        batch->items[index].answer = batch->answers[index];
        struct msghdr *head = &batch->in[index].msg_hdr;
        head->msg_name = &batch->names[index];
        head->msg_iov = &batch->in_bytes[index];
        head->msg_iovlen = 1;
        head->msg_control = &batch->local[index];
    }
    return batch;
}

void clinux_datagrams_free(struct clinux_datagrams *batch) { free(batch); }

struct clinux_datagram *clinux_datagrams_at(struct clinux_datagrams *batch, int index) { return &batch->items[index]; }

/// Tells the sender in numbers. 1 when it is an address.
static int name(struct clinux_datagram *item, const struct sockaddr_in6 *from) {
    if (from->sin6_family == AF_INET) {
        const struct sockaddr_in *v4 = (const struct sockaddr_in *)from;
        item->high = 0;
        item->low = ntohl(v4->sin_addr.s_addr);
        item->port = ntohs(v4->sin_port);
        item->is_v6 = 0;
        return 1;
    }
    uint64_t words[2];
    memcpy(words, &from->sin6_addr, sizeof words);
    item->high = be64toh(words[0]);
    item->low = be64toh(words[1]);
    item->port = ntohs(from->sin6_port);
    item->is_v6 = 1;
    return from->sin6_family == AF_INET6;
}

int clinux_datagrams_receive(struct clinux_datagrams *batch, int fd) {
    for (int index = 0; index < batch->used; index++) {
        batch->in[index].msg_hdr.msg_namelen = sizeof(struct sockaddr_in6);
        batch->in[index].msg_hdr.msg_controllen = sizeof(union local_address);
    }
    int count = recvmmsg(fd, batch->in, CLINUX_DATAGRAM_COUNT, MSG_DONTWAIT, NULL);
    batch->used = count > 0 ? count : 0;
    if (count < 0) return errno == EAGAIN || errno == EINTR ? 0 : -errno;
    for (int index = 0; index < count; index++) {
        struct clinux_datagram *item = &batch->items[index];
        item->length = name(item, &batch->names[index]) ? batch->in[index].msg_len : 0;
        item->is_cut = (batch->in[index].msg_hdr.msg_flags & MSG_TRUNC) != 0;
        item->answer_length = 0;
    }
    return count;
}

/// Makes the control message that told the local address into one that chooses it. The interface is left to the routes,
/// but for addresses that mean nothing without it.
static void choose_local(struct msghdr *out, struct msghdr *in) {
    struct cmsghdr *header = in->msg_controllen >= sizeof *header ? CMSG_FIRSTHDR(in) : NULL;
    if (!header) return;
    if (header->cmsg_level == IPPROTO_IP && header->cmsg_type == IP_PKTINFO) {
        struct in_pktinfo *info = (struct in_pktinfo *)CMSG_DATA(header);
        info->ipi_ifindex = 0;
        // Where it came to a broadcast or multicast address, ipi_spec_dst is one of ours.
        info->ipi_addr = info->ipi_spec_dst;
        out->msg_controllen = CMSG_SPACE(sizeof *info);
    } else if (header->cmsg_level == IPPROTO_IPV6 && header->cmsg_type == IPV6_PKTINFO) {
        struct in6_pktinfo *info = (struct in6_pktinfo *)CMSG_DATA(header);
        if (!IN6_IS_ADDR_LINKLOCAL(&info->ipi6_addr)) info->ipi6_ifindex = 0;
        out->msg_controllen = CMSG_SPACE(sizeof *info);
    } else {
        return;
    }
    out->msg_control = in->msg_control;
}

int clinux_datagrams_send(struct clinux_datagrams *batch, int fd, int count) {
    int ready = 0, lost = 0;
    for (int index = 0; index < count; index++) {
        struct clinux_datagram *item = &batch->items[index];
        if (item->answer_length == 0 || item->answer_length > CLINUX_DATAGRAM_BYTES) continue;
        batch->out_bytes[ready] = (struct iovec){item->answer, item->answer_length};
        struct msghdr *in = &batch->in[index].msg_hdr, *out = &batch->out[ready].msg_hdr;
        *out = (struct msghdr){.msg_name = in->msg_name, .msg_namelen = in->msg_namelen,
                               .msg_iov = &batch->out_bytes[ready], .msg_iovlen = 1};
        choose_local(out, in);
        ready++;
    }
    for (int next = 0; next < ready;) {
        int sent = sendmmsg(fd, batch->out + next, (unsigned)(ready - next), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent > 0) {
            next += sent;
        } else if (errno != EINTR) {
            // The first one cannot go: its way is closed, or the buffer is full. Those behind it may be luckier.
            lost++;
            next++;
        }
    }
    return lost;
}

/// Fills a socket address in; returns its length.
static socklen_t fill(struct sockaddr_in6 *target, const uint8_t *address, int is_v6, uint16_t port) {
    memset(target, 0, sizeof *target);
    if (!is_v6) {
        struct sockaddr_in *v4 = (struct sockaddr_in *)target;
        v4->sin_family = AF_INET;
        v4->sin_port = htons(port);
        memcpy(&v4->sin_addr, address, 4);
        return sizeof *v4;
    }
    target->sin6_family = AF_INET6;
    target->sin6_port = htons(port);
    memcpy(&target->sin6_addr, address, 16);
    return sizeof *target;
}

static int is_any(const uint8_t *address, int length) {
    for (int index = 0; index < length; index++)
        if (address[index]) return 0;
    return 1;
}

static int set(int fd, int level, int option, int value) { return setsockopt(fd, level, option, &value, sizeof value); }

static int failed(int fd) {
    int code = errno;
    close(fd);
    return -code;
}

int clinux_datagrams_listen(const uint8_t *address, int is_v6, uint16_t port, int shares_port, int buffer) {
    int fd = socket(is_v6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return -errno;
    if (is_v6 && set(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1) != 0) return failed(fd);
    if (shares_port && set(fd, SOL_SOCKET, SO_REUSEPORT, 1) != 0) return failed(fd);
    // As much as the system's limit gives.
    set(fd, SOL_SOCKET, SO_RCVBUF, buffer);
    set(fd, SOL_SOCKET, SO_SNDBUF, buffer);
    // A host with several addresses must answer from the one that was asked.
    if (is_any(address, is_v6 ? 16 : 4)) {
        if (is_v6) set(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
        else set(fd, IPPROTO_IP, IP_PKTINFO, 1);
    }
    struct sockaddr_in6 name;
    socklen_t length = fill(&name, address, is_v6, port);
    if (bind(fd, (struct sockaddr *)&name, length) != 0) return failed(fd);
    return fd;
}

int clinux_datagrams_buffer(int fd) {
    int size = 0;
    socklen_t length = sizeof size;
    return getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, &length) == 0 ? size : 0;
}

int clinux_datagrams_connect(const uint8_t *source, const uint8_t *address, int is_v6, uint16_t port) {
    int fd = socket(is_v6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return -errno;
    struct sockaddr_in6 name;
    if (source && bind(fd, (struct sockaddr *)&name, fill(&name, source, is_v6, 0)) != 0) return failed(fd);
    if (connect(fd, (struct sockaddr *)&name, fill(&name, address, is_v6, port)) != 0) return failed(fd);
    return fd;
}

int clinux_event_make(void) {
    int event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return event < 0 ? -errno : event;
}

void clinux_event_set(int event) {
    uint64_t one = 1;
    // Full means that it is set already.
    if (write(event, &one, sizeof one) < 0) return;
}

static int take(int event) {
    uint64_t count;
    return read(event, &count, sizeof count) > 0;
}

int clinux_event_wait(int event, int fd) {
    struct pollfd wanted[2] = {{.fd = fd, .events = POLLIN}, {.fd = event, .events = POLLIN}};
    if (poll(wanted, 2, -1) <= 0 || !(wanted[1].revents & POLLIN)) return 0;
    return take(event);
}

int clinux_event_rest(int event, int64_t nanoseconds) {
    struct pollfd wanted = {.fd = event, .events = POLLIN};
    struct timespec longest = {.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
    return ppoll(&wanted, 1, &longest, NULL) > 0 && take(event);
}
