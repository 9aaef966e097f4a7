// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "CPortMapping.h"

#include <miniupnpc/miniupnpc.h>
#include <miniupnpc/upnpcommands.h>
#include <stdio.h>
#include <string.h>

/// Errors of AddPortMapping: only mappings without end are made; a name of a host must not be given.
enum { only_permanent = 725 };

static int keep(const struct UPNPUrls *urls, const struct IGDdatas *data, const char *local,
                struct cportmapping_device *device) {
    if (!urls->controlURL || strlen(urls->controlURL) >= sizeof device->control
        || strlen(data->first.servicetype) >= sizeof device->service || strlen(local) >= sizeof device->local)
        return -1;
    strcpy(device->control, urls->controlURL);
    strcpy(device->service, data->first.servicetype);
    strcpy(device->local, local);
    return 0;
}

int cportmapping_upnp_find(const char *url, int patience_ms, struct cportmapping_device *device) {
    struct UPNPUrls urls;
    struct IGDdatas data;
    char local[64] = "";
    memset(&urls, 0, sizeof urls);
    memset(&data, 0, sizeof data);
    int found;
    if (url) {
        found = UPNP_GetIGDFromUrl(url, &urls, &data, local, sizeof local);
    } else {
        int error = 0;
        struct UPNPDev *devices = upnpDiscover(patience_ms, NULL, NULL, UPNP_LOCAL_PORT_ANY, 0, 2, &error);
        if (!devices) return -1;
#if MINIUPNPC_API_VERSION >= 18
        char outside[64] = "";
        found = UPNP_GetValidIGD(devices, &urls, &data, local, sizeof local, outside, sizeof outside);
#else
        found = UPNP_GetValidIGD(devices, &urls, &data, local, sizeof local);
#endif
        freeUPNPDevlist(devices);
    }
    if (found == 0) return -1;
    // Of several answers 1 alone is a router that is connected.
    int result = found == 1 ? keep(&urls, &data, local, device) : -1;
    FreeUPNPUrls(&urls);
    return result;
}

int cportmapping_upnp_add(const struct cportmapping_device *device, int is_udp, uint16_t port, uint16_t external_port,
                          uint32_t lifetime, const char *name, struct cportmapping_answer *answer) {
    memset(answer, 0, sizeof *answer);
    char inside[8], outside[8], lease[16];
    snprintf(inside, sizeof inside, "%u", port);
    snprintf(outside, sizeof outside, "%u", external_port);
    snprintf(lease, sizeof lease, "%u", lifetime);
    const char *protocol = is_udp ? "UDP" : "TCP";
    int result = UPNP_AddPortMapping(device->control, device->service, outside, inside, device->local, name, protocol,
                                     NULL, lease);
    answer->lifetime = lifetime;
    if (result == only_permanent) {
        answer->lifetime = 0;
        result = UPNP_AddPortMapping(device->control, device->service, outside, inside, device->local, name, protocol,
                                     NULL, "0");
    }
    if (result != UPNPCOMMAND_SUCCESS) return result;
    answer->external_port = external_port;
    char address[48] = "";
    if (UPNP_GetExternalIPAddress(device->control, device->service, address) == UPNPCOMMAND_SUCCESS)
        memcpy(answer->external_address, address, sizeof address);
    return 0;
}

int cportmapping_upnp_remove(const struct cportmapping_device *device, int is_udp, uint16_t external_port) {
    char outside[8];
    snprintf(outside, sizeof outside, "%u", external_port);
    return UPNP_DeletePortMapping(device->control, device->service, outside, is_udp ? "UDP" : "TCP", NULL);
}
