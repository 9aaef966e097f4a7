// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

// The kernel takes so many segments at a time, and so many bytes.
enum { MAXIMUM_SEGMENTS = 64, MAXIMUM_BYTES = 65000 };

int clinux_tune_datagram_socket(int fd, int buffer_size) {
    if (setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &buffer_size, sizeof buffer_size) != 0) return -errno;
    if (setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &buffer_size, sizeof buffer_size) != 0) return -errno;
    return 0;
}

int clinux_path_mtu(const void *address, socklen_t length) {
    const struct sockaddr *target = address;
    int is_v6 = target->sa_family == AF_INET6;
    int fd = socket(target->sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return -errno;
    int mtu = 0;
    socklen_t size = sizeof mtu;
    int result = 0;
    if (connect(fd, target, length) != 0) result = -errno;
    if (result == 0 && getsockopt(fd, is_v6 ? IPPROTO_IPV6 : IPPROTO_IP, is_v6 ? IPV6_MTU : IP_MTU, &mtu, &size) != 0)
        result = -errno;
    close(fd);
    return result == 0 ? mtu : result;
}

/// Hands over as many whole segments as fit in one call. Returns bytes, or a negative errno.
static ssize_t send_segmented(int fd, const struct msghdr *base, const char *bytes, size_t count, uint16_t segment) {
    size_t most = MAXIMUM_BYTES / segment;
    if (most > MAXIMUM_SEGMENTS) most = MAXIMUM_SEGMENTS;
    if (most == 0) most = 1;
    struct iovec part = {(void *)bytes, count < most * segment ? count : most * segment};
    union {
        char bytes[CMSG_SPACE(sizeof segment)];
        struct cmsghdr align;
    } control;
    memset(&control, 0, sizeof control);
    struct msghdr message = *base;
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    if (part.iov_len > segment) {
        message.msg_control = control.bytes;
        message.msg_controllen = sizeof control.bytes;
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_UDP;
        header->cmsg_type = UDP_SEGMENT;
        header->cmsg_len = CMSG_LEN(sizeof segment);
        memcpy(CMSG_DATA(header), &segment, sizeof segment);
    }
    ssize_t sent = sendmsg(fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    return sent < 0 ? -errno : sent;
}

/// The same without the kernel's help.
static ssize_t send_each(int fd, const struct msghdr *base, const char *bytes, size_t count, uint16_t segment) {
    struct mmsghdr messages[MAXIMUM_SEGMENTS];
    struct iovec parts[MAXIMUM_SEGMENTS];
    unsigned number = 0;
    for (size_t start = 0; start < count && number < MAXIMUM_SEGMENTS; start += segment, number++) {
        size_t left = count - start;
        parts[number] = (struct iovec){(void *)(bytes + start), left < segment ? left : segment};
        memset(&messages[number], 0, sizeof messages[number]);
        messages[number].msg_hdr = *base;
        messages[number].msg_hdr.msg_iov = &parts[number];
        messages[number].msg_hdr.msg_iovlen = 1;
    }
    int sent = sendmmsg(fd, messages, number, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0) return -errno;
    ssize_t total = 0;
    for (int index = 0; index < sent; index++) total += (ssize_t)parts[index].iov_len;
    return total;
}

ssize_t clinux_send_datagrams(int fd, const void *address, socklen_t length, const void *bytes, size_t count,
                              uint16_t segment, int *offload) {
    if (segment == 0) return -EINVAL;
    struct msghdr base;
    memset(&base, 0, sizeof base);
    base.msg_name = (void *)address;
    base.msg_namelen = length;
    size_t done = 0;
    while (done < count) {
        ssize_t sent = *offload ? send_segmented(fd, &base, (const char *)bytes + done, count - done, segment)
                                : send_each(fd, &base, (const char *)bytes + done, count - done, segment);
        if (sent == -EINTR) continue;
        if (sent < 0 && *offload && count - done > segment && (sent == -EIO || sent == -EINVAL || sent == -EMSGSIZE)) {
            // The device, or the route's packet size, does not allow it.
            *offload = 0;
            continue;
        }
        if (sent <= 0) return done > 0 ? (ssize_t)done : sent;
        done += (size_t)sent;
    }
    return (ssize_t)done;
}
