// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// A block that comes from a peer while another is sending it into the piece's buffer, as in the endgame: its bytes so far.
/// Never mixed with those of another, so that it is known whose a wrong block was.
struct AsideBlock {
    let block: BlockRange
    private(set) var bytes: [UInt8] = []

    init(_ block: BlockRange) {
        self.block = block
        self.bytes.reserveCapacity(Int(block.length))
    }

    /// Whether all of it is here.
    var isWhole: Bool { self.bytes.count == Int(block.length) }

    /// Takes the bytes at `begin` of the piece; false when they do not follow those that are here.
    mutating func append(_ more: UnsafeRawBufferPointer, of block: BlockRange, at begin: UInt32) -> Bool {
        guard block == self.block, Int(begin) == Int(block.begin) + self.bytes.count,
            more.count <= Int(block.length) - self.bytes.count
        else { return false }
        self.bytes.append(contentsOf: more)
        return true
    }
}
