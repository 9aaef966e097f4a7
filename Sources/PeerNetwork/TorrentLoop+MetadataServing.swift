// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PeerSession
import PeerWire
import SwarmModel
import Swarming

/// Gives the torrent's metadata to peers that have nothing but its info-hash (BEP 9).
extension TorrentLoop {
    /// The metadata are let go of when nobody has asked for so long.
    private static let metadataKeepTime = Interval.seconds(60)
    /// Requests that wait for the metadata to be read.
    private static let waitingLimit = 256

    /// A peer asks for a piece of the metadata.
    func metadataRequested(_ piece: Int, by connection: PeerConnection, at now: Instant) {
        guard let source = self.metadata, MetadataMessage.range(of: piece, size: source.size) != nil,
            self.allowsMetadata(to: connection, of: source, at: now)
        else { return self.refuseMetadata(piece, to: connection) }
        if let bytes = self.metadataBytes {
            self.metadataUsedAt = now
            return self.sendMetadata(piece, of: bytes, to: connection)
        }
        guard self.metadataWaiting.count < Self.waitingLimit else { return self.refuseMetadata(piece, to: connection) }
        self.metadataWaiting.append((connection, piece))
        guard self.metadataWaiting.count == 1 else { return }
        let promise = self.loop.makePromise(of: [UInt8]?.self)
        promise.completeWithTask { await source.load() }
        promise.futureResult.assumeIsolated().whenComplete { result in
            self.metadataLoaded((try? result.get()) ?? nil, size: source.size)
        }
    }

    /// Lets go of metadata that nobody asks for.
    func tidyMetadata(at now: Instant) {
        guard self.metadataBytes != nil, now - self.metadataUsedAt > Self.metadataKeepTime else { return }
        self.metadataBytes = nil
    }

    private func metadataLoaded(_ bytes: [UInt8]?, size: Int) {
        let waiting = self.metadataWaiting
        self.metadataWaiting = []
        guard self.phase != .stopped else { return }
        let isUsable = bytes?.count == size
        if isUsable {
            self.metadataBytes = bytes
            self.metadataUsedAt = self.now
            self.wake()
        }
        for (connection, piece) in waiting where !connection.isClosed {
            if isUsable, let bytes {
                self.sendMetadata(piece, of: bytes, to: connection)
            } else {
                self.refuseMetadata(piece, to: connection)
            }
            self.flush(connection)
        }
    }

    private func sendMetadata(_ piece: Int, of bytes: [UInt8], to connection: PeerConnection) {
        guard let range = MetadataMessage.range(of: piece, size: bytes.count) else { return }
        let head = MetadataMessage(.data, piece: piece, totalSize: bytes.count).encoded
        connection.session.sendExtended(ExtendedHandshake.metadataName, payload: head + bytes[range])
    }

    private func refuseMetadata(_ piece: Int, to connection: PeerConnection) {
        connection.session.sendExtended(
            ExtendedHandshake.metadataName, payload: MetadataMessage(.reject, piece: piece).encoded)
    }

    private func allowsMetadata(to connection: PeerConnection, of source: MetadataSource, at now: Instant) -> Bool {
        var allowance =
            connection.metadataAllowance
            ?? MetadataAllowance(pieceCount: MetadataMessage.pieceCount(of: source.size), at: now)
        defer { connection.metadataAllowance = allowance }
        return allowance.take(at: now)
    }
}
