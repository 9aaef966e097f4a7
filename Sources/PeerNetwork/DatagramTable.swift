// SPDX-License-Identifier: Apache-2.0

import NIOConcurrencyHelpers
import NIOCore
import SwarmModel

/// Every connection over datagrams, and the loop that it lives on. Asked once for each run of datagrams of one connection.
final class DatagramTable: Sendable {
    struct Entry: Sendable {
        let stream: DatagramStream
        let loop: any EventLoop
    }

    /// Numbers that `vacantNumber` tries. An address with so many connections has no room for more.
    private static let attempts = 16

    private let entries = NIOLockedValueBox<[DatagramKey: Entry]>([:])

    /// How many there are.
    var count: Int { self.entries.withLockedValue { $0.count } }

    subscript(key: DatagramKey) -> Entry? { self.entries.withLockedValue { $0[key] } }

    /// Enters a connection under its key; false when there is one of that key.
    func insert(_ stream: DatagramStream, on loop: any EventLoop) -> Bool {
        self.entries.withLockedValue { entries in
            guard entries[stream.key] == nil else { return false }
            entries[stream.key] = Entry(stream: stream, loop: loop)
            return true
        }
    }

    /// Whatever comes for a connection from now on belongs to `loop`.
    func move(_ stream: DatagramStream, to loop: any EventLoop) {
        self.entries.withLockedValue { entries in
            guard entries[stream.key]?.stream === stream else { return }
            entries[stream.key] = Entry(stream: stream, loop: loop)
        }
    }

    func remove(_ stream: DatagramStream) {
        self.entries.withLockedValue { entries in
            if entries[stream.key]?.stream === stream { entries[stream.key] = nil }
        }
    }

    /// A number below 65536 that no connection with `peer` has; nil when none is found.
    func vacantNumber(for peer: PeerEndpoint) -> UInt32? {
        self.entries.withLockedValue { entries in
            for _ in 0..<Self.attempts {
                let number = UInt32.random(in: 0...0xffff)
                if entries[DatagramKey(peer: peer, number: number)] == nil { return number }
            }
            return nil
        }
    }
}
