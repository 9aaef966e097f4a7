// SPDX-License-Identifier: Apache-2.0

public import CSwarmPlugin
import SwarmPluginKit

nonisolated(unsafe) private let descriptor = PluginDescriptor.choker(
    name: "fastest", version: "1.0",
    summary: "serves, and asks for pieces, those with whom data moves fastest",
    options: [
        .integer(
            "probe-interval", default: "30", minimum: 1, maximum: 3600,
            help: "seconds for which one slot is lent to a peer whose speed is not known")
    ],
    choosesHolders: true,
    make: { Fastest($0) })

/// What the host looks for.
@c(swarm_plugin_entry)
public func fastestEntry(hostMajor: UInt32) -> UnsafePointer<swarm_plugin>? {
    descriptor.entry(hostMajor: hostMajor)
}
