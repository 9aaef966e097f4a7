// SPDX-License-Identifier: Apache-2.0

public import CSwarmPlugin
import SwarmPluginKit

nonisolated(unsafe) private let descriptor = PluginDescriptor.picker(
    name: "random", version: "1.0",
    summary: "any piece, all equally likely",
    make: { Random($0) })

/// What the host looks for.
@c(swarm_plugin_entry)
public func randomEntry(hostMajor: UInt32) -> UnsafePointer<swarm_plugin>? {
    descriptor.entry(hostMajor: hostMajor)
}
