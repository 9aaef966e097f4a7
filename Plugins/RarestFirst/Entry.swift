// SPDX-License-Identifier: Apache-2.0

public import CSwarmPlugin
import SwarmPluginKit

nonisolated(unsafe) private let descriptor = PluginDescriptor.picker(
    name: "rarest-first", version: "1.0",
    summary: "the piece that fewest peers have, ties at random; the first pieces at random",
    options: [
        .integer(
            "random-first", default: "4", minimum: 0, maximum: 1000,
            help: "pieces picked at random before the rarest, to have something to trade soon")
    ],
    followsSuggestions: true,
    make: { RarestFirst($0) })

/// What the host looks for.
@c(swarm_plugin_entry)
public func rarestFirstEntry(hostMajor: UInt32) -> UnsafePointer<swarm_plugin>? {
    descriptor.entry(hostMajor: hostMajor)
}
