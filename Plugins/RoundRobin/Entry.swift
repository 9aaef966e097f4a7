// SPDX-License-Identifier: Apache-2.0

public import CSwarmPlugin
import SwarmPluginKit

nonisolated(unsafe) private let descriptor = PluginDescriptor.choker(
    name: "round-robin", version: "1.0",
    summary: "serves all in turn; asks the holders of pieces in turn, beginning with one at random",
    options: [
        .integer(
            "turn", default: "30", minimum: 1, maximum: 3600,
            help: "seconds for which a peer is served before it makes room for one that waits")
    ],
    choosesHolders: true,
    make: { RoundRobin($0) })

/// What the host looks for.
@c(swarm_plugin_entry)
public func roundRobinEntry(hostMajor: UInt32) -> UnsafePointer<swarm_plugin>? {
    descriptor.entry(hostMajor: hostMajor)
}
