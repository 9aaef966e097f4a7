// SPDX-License-Identifier: Apache-2.0

public import CSwarmPlugin
import SwarmPluginKit

nonisolated(unsafe) private let descriptor = PluginDescriptor.picker(
    name: "sequential", version: "1.0",
    summary: "the pieces in their order in the payload",
    make: { Sequential($0) })

/// What the host looks for.
@c(swarm_plugin_entry)
public func sequentialEntry(hostMajor: UInt32) -> UnsafePointer<swarm_plugin>? {
    descriptor.entry(hostMajor: hostMajor)
}
