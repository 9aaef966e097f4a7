// SPDX-License-Identifier: Apache-2.0

public import CSwarmPlugin
import SwarmPluginKit

nonisolated(unsafe) private let descriptor = PluginDescriptor.transport(
    name: "tcp", version: "1.0", summary: "plain TCP: bytes pass through untouched",
    carrier: .stream(recognizes: { PassThrough.mayBegin($0) }, torrentName: nil),
    make: { PassThrough.make($0) })

/// What the host looks for.
@c(swarm_plugin_entry)
public func tcpEntry(hostMajor: UInt32) -> UnsafePointer<swarm_plugin>? {
    descriptor.entry(hostMajor: hostMajor)
}
