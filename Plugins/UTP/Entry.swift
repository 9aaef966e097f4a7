// SPDX-License-Identifier: Apache-2.0

public import CSwarmPlugin
import SwarmPluginKit

nonisolated(unsafe) private let descriptor = PluginDescriptor.transport(
    name: "utp", version: "1.0",
    summary: "the uTorrent transport protocol over UDP (BEP 29), which gives way to other traffic",
    options: [
        .integer(
            "target-delay", default: "8", minimum: 1, maximum: 1_000,
            help: "milliseconds that packets may wait on their way because of us: the longer, the less it gives way")
    ],
    carrier: .datagram(route: { datagram, route in UTP.route(datagram, &route) }),
    make: { UTP($0) })

/// What the host looks for.
@c(swarm_plugin_entry)
public func utpEntry(hostMajor: UInt32) -> UnsafePointer<swarm_plugin>? {
    descriptor.entry(hostMajor: hostMajor)
}
