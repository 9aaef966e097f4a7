// SPDX-License-Identifier: Apache-2.0

import CSwarmPlugin
import SwarmPluginKit

/// The plugin's face: passes the host's calls on to a `Connection`.
final class UTP: Transport {
    private let connection: Connection

    override init(_ setup: LinkSetup) {
        // Numbers that strangers cannot guess make it hard for them to forge packets.
        var first: UInt16 = 0
        var random = setup.random
        withUnsafeMutableBytes(of: &first) { bytes in
            bytes.storeBytes(of: UInt16(truncatingIfNeeded: random.next()), as: UInt16.self)
            if let start = bytes.baseAddress {
                setup.link.fillRandomly(start.assumingMemoryBound(to: UInt8.self), count: 2)
            }
        }
        self.connection = Connection(setup, target: setup.integer(0) * 1_000, firstNumber: first)
        super.init(setup)
    }

    /// A connection is named by the number that its packets to us carry. An initiator's first packet carries the number that
    /// it wants to be answered with, and its others the next one.
    static func route(_ datagram: UnsafeBufferPointer<UInt8>, _ route: inout swarm_route) -> Bool {
        guard let bytes = datagram.baseAddress, let header = PacketHeader(bytes, count: datagram.count) else {
            return false
        }
        route.key = UInt32(header.kind == .syn ? header.connection &+ 1 : header.connection)
        route.opens = header.kind == .syn ? 1 : 0
        return true
    }

    override func received(_ bytes: UnsafeMutableBufferPointer<UInt8>, now: Int64) {
        guard let start = bytes.baseAddress else { return }
        self.connection.received(start, count: bytes.count, at: now)
    }

    override func write(_ bytes: UnsafeMutableBufferPointer<UInt8>, now: Int64) -> Int {
        guard let start = bytes.baseAddress else { return 0 }
        return self.connection.write(start, count: bytes.count, at: now)
    }

    override func settle(now: Int64) { self.connection.settle(at: now) }

    override var deadline: Int64 { self.connection.deadline }

    override func timerFired(now: Int64) { self.connection.timer(at: now) }

    override func setWindow(_ count: Int, now: Int64) { self.connection.setWindow(count, at: now) }

    override func close(now: Int64) { self.connection.close(at: now) }
}
