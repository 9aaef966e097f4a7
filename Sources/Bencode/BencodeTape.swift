// SPDX-License-Identifier: Apache-2.0

/// A parsed input: its bytes and the nodes found in them, shared by all values of one input.
final class BencodeTape: Sendable {
    let bytes: [UInt8]
    let nodes: [BencodeNode]

    init(bytes: [UInt8], nodes: [BencodeNode]) {
        self.bytes = bytes
        self.nodes = nodes
    }
}
