// SPDX-License-Identifier: Apache-2.0

public import CSwarmPlugin
import SwarmPluginKit

nonisolated(unsafe) private let descriptor = PluginDescriptor.picker(
    name: "deadline", version: "1.0",
    summary: "what is played next comes in time, most urgent first; beyond that the rarest",
    options: [
        .integer(
            "window", default: "30", minimum: 1, maximum: 3600,
            help: "seconds of playback that are fetched in order of their deadlines"),
        .integer(
            "rate", default: "0", minimum: 0, maximum: 10_000_000,
            help: "KiB that are played in a second; 0: half of what comes in"),
        .integer(
            "start", default: "0", minimum: 0, maximum: 1_000_000_000,
            help: "MiB of the payload that lie before the place where playback begins"),
    ],
    make: { Deadline($0) })

/// What the host looks for.
@c(swarm_plugin_entry)
public func deadlineEntry(hostMajor: UInt32) -> UnsafePointer<swarm_plugin>? {
    descriptor.entry(hostMajor: hostMajor)
}
