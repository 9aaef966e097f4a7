// SPDX-License-Identifier: Apache-2.0

import Bencode
import SwarmModel

extension AnnounceReply {
    /// The bencoded answer: peers packed (BEP 23, and BEP 7's `peers6`) or as dictionaries, which take both families.
    package func encoded(compact: Bool = true) -> [UInt8] {
        switch self {
        case .refused(let refusal): refusal.encoded
        case .accepted(let response): compact ? response.encodedPacked : response.encodedDictionaries
        }
    }
}

extension AnnounceResponse {
    /// The bencoded answer with peers that are packed already: `v4` by six bytes, `v6` by eighteen. The response's own
    /// peers are left out. `peers6` is absent when `v6` is empty.
    package func encoded(packedV4 v4: some Collection<UInt8>, packedV6 v6: some Collection<UInt8>) -> [UInt8] {
        var writer = BencodeWriter(reserving: 192 + v4.count + v6.count)
        writer.dictionary { writer in
            self.writeHead(to: &writer)
            writer.key("peers")
            writer.write(v4)
            if !v6.isEmpty {
                writer.key("peers6")
                writer.write(v6)
            }
            self.writeTail(to: &writer)
        }
        return writer.bytes
    }

    fileprivate var encodedPacked: [UInt8] {
        let v4 = self.peers.filter { !$0.endpoint.address.isV6 }.flatMap(\.endpoint.compact)
        let v6 = self.peers.filter { $0.endpoint.address.isV6 }.flatMap(\.endpoint.compact)
        return self.encoded(packedV4: v4, packedV6: v6)
    }

    fileprivate var encodedDictionaries: [UInt8] {
        var writer = BencodeWriter(reserving: 192 + self.peers.count * 64)
        writer.dictionary { writer in
            self.writeHead(to: &writer)
            writer.key("peers")
            writer.list { writer in
                for peer in self.peers { Self.write(peer, to: &writer) }
            }
            self.writeTail(to: &writer)
        }
        return writer.bytes
    }

    private static func write(_ peer: TrackerPeer, to writer: inout BencodeWriter) {
        writer.dictionary { writer in
            writer.key("ip")
            writer.write(peer.endpoint.address.description)
            if let peerID = peer.peerID {
                writer.key("peer id")
                writer.write(peerID.bytes)
            }
            writer.key("port")
            writer.write(Int64(peer.endpoint.port))
        }
    }

    /// Everything that sorts before `peers`.
    private func writeHead(to writer: inout BencodeWriter) {
        writer.write("complete", self.complete)
        writer.write("downloaded", self.downloaded)
        if let address = self.externalAddress {
            writer.key("external ip")
            writer.write(address.bytes)
        }
        writer.write("incomplete", self.incomplete)
        writer.key("interval")
        writer.write(self.interval.wholeSeconds)
        if let minimum = self.minimumInterval {
            writer.key("min interval")
            writer.write(minimum.wholeSeconds)
        }
    }

    /// Everything that sorts after `peers6`.
    private func writeTail(to writer: inout BencodeWriter) {
        if !self.successors.isEmpty {
            writer.key("swarm nodes")
            writer.list { writer in
                for tracker in self.successors { writer.write(tracker) }
            }
        }
        if let owner = self.owner {
            writer.key("swarm owner")
            writer.write(owner)
        }
        if let period = self.reportPeriod {
            writer.key("swarm period")
            writer.write(period.nanoseconds / 1_000_000)
        }
        if let trackerID = self.trackerID {
            writer.key("tracker id")
            writer.write(trackerID)
        }
        if let warning = self.warning {
            writer.key("warning message")
            writer.write(warning)
        }
    }
}

extension TrackerRefusal {
    /// The bencoded refusal.
    package var encoded: [UInt8] {
        var writer = BencodeWriter(reserving: 64)
        writer.dictionary { writer in
            writer.key("failure reason")
            writer.write(self.reason)
            switch self.retry {
            case nil: break
            case .minutes(let count):
                writer.key("retry in")
                writer.write(Int64(count))
            case .never:
                writer.key("retry in")
                writer.write("never")
            }
        }
        return writer.bytes
    }
}

extension BencodeWriter {
    fileprivate mutating func write(_ key: String, _ count: UInt64?) {
        guard let count else { return }
        self.key(key)
        self.write(Int64(clamping: count))
    }
}

extension Interval {
    /// Whole seconds, rounded down; what trackers speak in.
    var wholeSeconds: Int64 { self.nanoseconds / 1_000_000_000 }
}
