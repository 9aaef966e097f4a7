// SPDX-License-Identifier: Apache-2.0

import PeerTransport
import StrategyHost
import SwarmModel
import Testing

/// One end of a connection over a stream: an instance of a transport, and what came out of it.
final class StreamEnd {
    static let infoHash = InfoHash(Bytes20(high: 0x1122_3344_5566_7788, middle: 0x99aa_bbcc_ddee_ff00, low: 7))

    let instance: TransportInstance
    /// Plain bytes that came.
    private(set) var plain: [UInt8] = []
    /// Bytes for the other end that nobody has taken.
    private var wire: [UInt8] = []

    init(_ instance: TransportInstance) {
        self.instance = instance
        self.collect([])
    }

    /// An end of the transport called `name`; nil when it does not serve such a connection.
    static func make(
        _ role: LinkRole, _ encryption: LinkEncryption, transport name: String = "mse", seed: UInt64 = 1,
        options: [String: String] = [:], knows: InfoHash? = StreamEnd.infoHash
    ) throws -> StreamEnd? {
        let transport = try Fixture.host().makeTransport(named: name, options: options)
        var link = LinkSettings(role: role, encryption: encryption, infoHash: Self.infoHash, seed: seed)
        link.findTorrent = { name in knows.flatMap { transport.name(of: $0) == name ? $0 : nil } }
        return transport.connect(link, at: Instant(nanoseconds: 0)).map(StreamEnd.init)
    }

    func receive(_ bytes: [UInt8]) {
        guard self.instance.state != .bypassed else { return self.plain += bytes }
        var bytes = bytes
        bytes.withUnsafeMutableBytes { self.instance.received($0, at: Instant(nanoseconds: 0)) }
        self.collect(bytes)
    }

    func say(_ bytes: [UInt8]) {
        guard self.instance.state != .bypassed else { return self.wire += bytes }
        var bytes = bytes
        let taken = bytes.withUnsafeMutableBytes { self.instance.write($0, at: Instant(nanoseconds: 0)) }
        #expect(taken == bytes.count)
        self.collect(bytes)
    }

    /// What goes to the other end.
    func takeWire() -> [UInt8] {
        defer { self.wire = [] }
        return self.wire
    }

    /// Moves bytes both ways, `slice` at a time, until nobody has anything to say.
    static func exchange(_ left: StreamEnd, _ right: StreamEnd, slice: Int) {
        var pending: [(bytes: [UInt8], to: StreamEnd)] = [(left.takeWire(), right), (right.takeWire(), left)]
        while pending.contains(where: { !$0.bytes.isEmpty }) {
            for index in pending.indices where !pending[index].bytes.isEmpty {
                let count = min(slice, pending[index].bytes.count)
                pending[index].to.receive(Array(pending[index].bytes.prefix(count)))
                pending[index].bytes.removeFirst(count)
                pending[1 - index].bytes += pending[index].to.takeWire()
            }
        }
    }

    private func collect(_ memory: [UInt8]) {
        self.wire += Self.bytes(self.instance.transmitted, memory)
        self.plain += Self.bytes(self.instance.delivered, memory)
        self.instance.clear()
    }

    private static func bytes(_ chunks: LinkChunks, _ memory: [UInt8]) -> [UInt8] {
        chunks.chunks.flatMap { ($0.isInPlace ? memory : chunks.copies)[$0.offset..<$0.offset + $0.count] }
    }
}
