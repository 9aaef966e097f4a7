// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "CPortMapping.h"

#include <arpa/inet.h>
#include <natpmp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/// Waits for the answer to what was asked last; the library asks again meanwhile.
static int await(natpmp_t *client, int64_t end, uint16_t type, natpmpresp_t *response) {
    while (1) {
        struct timeval wait = {0, 0};
        if (getnatpmprequesttimeout(client, &wait) != 0) return NATPMP_ERR_UNDEFINEDERROR;
        int64_t left = end - now_ms();
        if (left <= 0) return NATPMP_ERR_NOGATEWAYSUPPORT;
        int64_t ms = wait.tv_sec * 1000 + wait.tv_usec / 1000 + 1;
        struct pollfd item = {.fd = client->s, .events = POLLIN};
        poll(&item, 1, (int)(ms < 0 ? 0 : ms < left ? ms : left));
        int result = readnatpmpresponseorretry(client, response);
        if (result == 0 && response->type == type) return 0;
        if (result != 0 && result != NATPMP_TRYAGAIN) return result;
        // An answer to the question before, which was asked twice because the router took its time. The library takes it for
        // ours and would ask no more.
        if (result == 0) client->has_pending_request = 1;
    }
}

/// The router of the default route, or 0. Not through the library, which reads a file that a service in a sandbox does not see.
static in_addr_t default_gateway(void) {
    FILE *file = fopen("/proc/self/net/route", "re");
    if (!file) return 0;
    char line[256];
    in_addr_t found = 0;
    while (!found && fgets(line, sizeof line, file)) {
        unsigned int destination, gateway, flags;
        if (sscanf(line, "%*15s %x %x %x", &destination, &gateway, &flags) == 3 && destination == 0) found = gateway;
    }
    fclose(file);
    return found;
}

int cportmapping_natpmp(const char *gateway, int is_udp, uint16_t port, uint32_t lifetime, int patience_ms,
                        struct cportmapping_answer *answer) {
    memset(answer, 0, sizeof *answer);
    natpmp_t client;
    in_addr_t address = gateway ? inet_addr(gateway) : default_gateway();
    if (address == 0 || address == INADDR_NONE) return NATPMP_ERR_CANNOTGETGATEWAY;
    int result = initnatpmp(&client, 1, address);
    if (result != 0) return result;
    int64_t end = now_ms() + patience_ms;
    natpmpresp_t response;
    if (lifetime != 0) {
        result = sendpublicaddressrequest(&client) < 0 ? NATPMP_ERR_SENDERR : 0;
        if (result == 0) result = await(&client, end, NATPMP_RESPTYPE_PUBLICADDRESS, &response);
        if (result == 0)
            inet_ntop(AF_INET, &response.pnu.publicaddress.addr, answer->external_address,
                      sizeof answer->external_address);
    }
    uint16_t type = is_udp ? NATPMP_RESPTYPE_UDPPORTMAPPING : NATPMP_RESPTYPE_TCPPORTMAPPING;
    if (result == 0)
        result = sendnewportmappingrequest(&client, is_udp ? NATPMP_PROTOCOL_UDP : NATPMP_PROTOCOL_TCP, port,
                                           lifetime == 0 ? 0 : port, lifetime) < 0
            ? NATPMP_ERR_SENDERR
            : 0;
    if (result == 0) result = await(&client, end, type, &response);
    if (result == 0) {
        answer->external_port = response.pnu.newportmapping.mappedpublicport;
        answer->lifetime = response.pnu.newportmapping.lifetime;
    }
    closenatpmp(&client);
    return result;
}
