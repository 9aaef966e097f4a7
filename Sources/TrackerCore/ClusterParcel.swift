// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import TrackerWire

/// What one node tells another at a time, in bytes. A format of the nodes' own: all of a cluster run the same version, or
/// versions that say so by its first byte.
package struct ClusterParcel: Hashable, Sendable {
    /// Most peers of one torrent in one item.
    package static let mostPeers = 200
    private static let version: UInt8 = 1

    /// Who sends it: where the answers go.
    package var sender: String
    /// What it says.
    package var items: [ClusterItem]

    /// Takes the parts as they are.
    package init(sender: String, items: [ClusterItem] = []) {
        self.sender = sender
        self.items = items
    }

    /// The bytes.
    package var encoded: [UInt8] {
        var writer = ParcelWriter()
        writer.write(Self.version)
        let sender = self.sender.utf8.prefix(255)
        writer.write(UInt8(sender.count))
        writer.bytes += sender
        for item in self.items { writer.write(item) }
        return writer.bytes
    }

    /// Reads a parcel; nil when the bytes are none, or break off.
    package init?(_ bytes: [UInt8]) {
        var reader = ParcelReader(bytes)
        guard reader.number8() == Self.version, let length = reader.number8(), let sender = reader.take(Int(length))
        else { return nil }
        self.sender = String(decoding: sender, as: UTF8.self)
        self.items = []
        while !reader.isAtEnd {
            guard let item = reader.item() else { return nil }
            self.items.append(item)
        }
    }
}

/// The kinds of items, and the bits of their flags.
private enum Mark {
    static let announced: UInt8 = 1
    static let asked: UInt8 = 2
    static let known: UInt8 = 3

    static let seed: UInt8 = 1
    static let v6: UInt8 = 2
    static let key: UInt8 = 4
    static let other: UInt8 = 8
    static let eventShift: UInt8 = 4
}

private struct ParcelWriter {
    var bytes: [UInt8] = []

    mutating func write(_ number: some FixedWidthInteger) {
        withUnsafeBytes(of: number.bigEndian) { self.bytes += $0 }
    }

    mutating func write(_ item: ClusterItem) {
        switch item {
        case .announced(let announcement): self.write(announcement)
        case .asked(let infoHash):
            self.write(Mark.asked)
            self.bytes += infoHash.bytes
        case .known(let infoHash, let counts, let peers):
            self.write(Mark.known)
            self.bytes += infoHash.bytes
            self.write(UInt32(clamping: counts.complete))
            self.write(UInt32(clamping: counts.incomplete))
            self.write(counts.downloaded)
            let peers = peers.prefix(ClusterParcel.mostPeers)
            self.write(UInt8(peers.count))
            for peer in peers {
                self.write((peer.isSeed ? Mark.seed : 0) | (peer.endpoint.address.isV6 ? Mark.v6 : 0))
                self.bytes += peer.endpoint.compact
                self.write(peer.lifetime)
            }
        }
    }

    private mutating func write(_ announcement: Announcement) {
        self.write(Mark.announced)
        var flags = announcement.event.rawValue << Mark.eventShift
        if announcement.isSeed { flags |= Mark.seed }
        if announcement.endpoint.address.isV6 { flags |= Mark.v6 }
        if announcement.key != nil { flags |= Mark.key }
        if announcement.otherEndpoint != nil { flags |= Mark.other }
        self.write(flags)
        self.bytes += announcement.infoHash.bytes
        self.bytes += announcement.peerID.bytes
        self.bytes += announcement.endpoint.compact
        if let key = announcement.key { self.write(key) }
        if let other = announcement.otherEndpoint {
            self.write(other.address.isV6 ? Mark.v6 : 0)
            self.bytes += other.compact
        }
    }
}

private struct ParcelReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { self.position == self.bytes.count }

    mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard count <= self.bytes.count - self.position else { return nil }
        defer { self.position += count }
        return self.bytes[self.position..<self.position + count]
    }

    mutating func number8() -> UInt8? { self.take(1)?.first }
    mutating func number16() -> UInt16? { self.take(2)?.reduce(0) { $0 << 8 | UInt16($1) } }
    mutating func number32() -> UInt32? { self.take(4)?.reduce(0) { $0 << 8 | UInt32($1) } }
    mutating func infoHash() -> InfoHash? { self.take(20).flatMap { InfoHash(bytes: $0) } }

    mutating func endpoint(isV6: Bool) -> PeerEndpoint? {
        self.take(isV6 ? 18 : 6).flatMap { PeerEndpoint(compact: $0) }
    }

    mutating func item() -> ClusterItem? {
        switch self.number8() {
        case Mark.announced: self.announcement().map { .announced($0) }
        case Mark.asked: self.infoHash().map { .asked($0) }
        case Mark.known: self.known()
        default: nil
        }
    }

    private mutating func known() -> ClusterItem? {
        guard let infoHash = self.infoHash(), let complete = self.number32(), let incomplete = self.number32(),
            let downloaded = self.number32(), let count = self.number8()
        else { return nil }
        var peers: [KnownPeer] = []
        for _ in 0..<count {
            guard let flags = self.number8(), let endpoint = self.endpoint(isV6: flags & Mark.v6 != 0),
                let lifetime = self.number16()
            else { return nil }
            peers.append(KnownPeer(endpoint: endpoint, isSeed: flags & Mark.seed != 0, lifetime: lifetime))
        }
        let counts = SwarmCounts(complete: Int(complete), incomplete: Int(incomplete), downloaded: downloaded)
        return .known(infoHash, counts, peers)
    }

    private mutating func announcement() -> Announcement? {
        guard let flags = self.number8(), let event = AnnounceEvent(rawValue: flags >> Mark.eventShift),
            let infoHash = self.infoHash(), let peerID = self.take(20).flatMap({ PeerID(bytes: $0) }),
            let endpoint = self.endpoint(isV6: flags & Mark.v6 != 0)
        else { return nil }
        var announcement = Announcement(
            infoHash: infoHash, peerID: peerID, endpoint: endpoint, isSeed: flags & Mark.seed != 0, event: event)
        if flags & Mark.key != 0 {
            guard let key = self.number32() else { return nil }
            announcement.key = key
        }
        if flags & Mark.other != 0 {
            guard let family = self.number8(), let other = self.endpoint(isV6: family & Mark.v6 != 0) else {
                return nil
            }
            announcement.otherEndpoint = other
        }
        return announcement
    }
}
