// SPDX-License-Identifier: Apache-2.0

#include "CLinuxStreams.h"

#include <errno.h>
// The kernel's own header: that of the C library ends before the clocks.
#include <linux/tcp.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

// Not named by <sys/socket.h>; <netinet/in.h> need not come in for one number.
enum { LEVEL_TCP = 6 };

int clinux_read_stream_clocks(int fd, struct clinux_stream_clocks *clocks) {
    struct tcp_info info;
    memset(&info, 0, sizeof info);
    socklen_t length = sizeof info;
    if (getsockopt(fd, LEVEL_TCP, TCP_INFO, &info, &length) != 0) return -errno;
    if (length < offsetof(struct tcp_info, tcpi_rwnd_limited) + sizeof info.tcpi_rwnd_limited) return -ENODATA;
    clocks->busy = info.tcpi_busy_time;
    clocks->window_closed = info.tcpi_rwnd_limited;
    clocks->round_trip = info.tcpi_rtt;
    clocks->least_round_trip = info.tcpi_min_rtt;
    clocks->acknowledged = info.tcpi_bytes_acked;
    clocks->unsent = info.tcpi_notsent_bytes;
    return 0;
}
