// SPDX-License-Identifier: Apache-2.0

public import CSwarmPlugin
import SwarmPluginKit

nonisolated(unsafe) private let descriptor = PluginDescriptor.transport(
    name: "mse", version: "1.0", summary: "message stream encryption: keys agreed on with each peer; RC4 or AES",
    options: [
        .boolean(
            "encrypt-payload", default: "true",
            help: "where encryption is required: everything; false: the handshake alone, at no cost to what follows"),
        .boolean(
            "aes", default: "true",
            help: "encrypt with AES where the peer and both processors can; false: with RC4, as everybody can"),
    ],
    carrier: .stream(
        recognizes: { MessageStream.mayBegin($0) }, torrentName: { Digest.torrentName(of: $0, into: $1) }),
    make: { MessageStream.make($0) })

/// What the host looks for.
@c(swarm_plugin_entry)
public func mseEntry(hostMajor: UInt32) -> UnsafePointer<swarm_plugin>? {
    descriptor.entry(hostMajor: hostMajor)
}
