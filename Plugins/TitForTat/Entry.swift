// SPDX-License-Identifier: Apache-2.0

public import CSwarmPlugin
import SwarmPluginKit

nonisolated(unsafe) private let descriptor = PluginDescriptor.choker(
    name: "tit-for-tat", version: "1.0",
    summary: "serves those that serve us best, and one more at random; when seeding, everybody in turn",
    options: [
        .integer(
            "optimistic-interval", default: "30", minimum: 1, maximum: 3600,
            help: "seconds for which one peer is served without having earned it")
    ],
    make: { TitForTat($0) })

/// What the host looks for.
@c(swarm_plugin_entry)
public func titForTatEntry(hostMajor: UInt32) -> UnsafePointer<swarm_plugin>? {
    descriptor.entry(hostMajor: hostMajor)
}
