// SPDX-License-Identifier: Apache-2.0

import TestSeeds
import Testing

enum Fixture {
    /// Bytes that show where they belong.
    static func bytes(_ count: Int, _ first: Int = 0) -> [UInt8] {
        (first..<first + count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8 &+ $0 >> 16) }
    }

    /// Seeds for a random test.
    static func seeds(_ count: Int) -> [UInt64] { TestSeed.several(1...UInt64(count)) }

    static func network(
        there: Wire = Wire(), back: Wire? = nil, seed: UInt64 = 1, key: UInt16 = Network.key,
        firstNumbers: (UInt64, UInt64)? = nil, clockOffsets: (Int64, Int64) = (5_000, 77_777),
        maximumDatagram: Int = 1_472, isV6: Bool = false
    ) throws -> Network {
        try #require(
            Network(
                there: there, back: back, seed: seed, key: key, firstNumbers: firstNumbers,
                clockOffsets: clockOffsets, maximumDatagram: maximumDatagram, isV6: isV6))
    }

    /// Sends `count` more bytes each way, closes on the left, and expects that both heard all and ended in order.
    static func exchange(
        _ network: Network, count: Int, seconds: Int64 = 3_600, _ comment: Comment? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        network.left.toSay += Fixture.bytes(count)
        network.right.toSay += Fixture.bytes(count, 5_000)
        network.settle()
        let isThrough = network.run(seconds: seconds) {
            network.left.heardCount == network.right.toSay.count && network.right.heardCount == network.left.toSay.count
        }
        #expect(isThrough, comment, sourceLocation: sourceLocation)
        #expect(network.isHeardThere, comment, sourceLocation: sourceLocation)
        #expect(network.isHeardBack, comment, sourceLocation: sourceLocation)
        network.left.close(at: network.now)
        network.settle()
        network.run(seconds: 300) { network.left.isOver && network.right.isOver }
        #expect(network.right.states == [1, 3], comment, sourceLocation: sourceLocation)
        #expect(network.left.isOver, comment, sourceLocation: sourceLocation)
        #expect(network.left.overruns == 0 && network.right.overruns == 0, comment, sourceLocation: sourceLocation)
    }
}
