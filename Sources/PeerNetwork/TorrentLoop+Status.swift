// SPDX-License-Identifier: Apache-2.0

import Deflate
import NIOConcurrencyHelpers
import NIOCore
import PeerSession
import SwarmModel
import Swarming

extension TorrentLoop {
    /// What trackers are told to be missing while nobody knows.
    private static let unknownLeft: UInt64 = 16_384

    /// Copies the figures to where others may read them.
    func publish(at now: Instant) {
        var status = TorrentStatus()
        status.phase = self.phase
        status.problem = self.problem
        status.havePieces = self.swarm.have.setCount
        status.haveBytes = self.geometry.totalLength - self.swarm.leftBytes
        status.leftBytes = self.phase == .metadata ? Self.unknownLeft : self.swarm.leftBytes
        status.wantedBytes = self.swarm.wantedBytes
        status.missingBytes = self.swarm.missingBytes
        status.metadata =
            self.metadataFetch?.progress ?? self.layerFetch.map { ($0.doneCount, $0.totalCount) } ?? (0, 0)
        status.downloaded = self.downloadMeter.total
        status.uploaded = self.uploadMeter.total
        status.wasted = self.wasted
        status.hashFailures = self.hashFailures
        status.downloadRate = self.downloadMeter.bytesPerSecond(at: now)
        status.uploadRate = self.uploadMeter.bytesPerSecond(at: now)
        for connection in self.peers {
            guard let connection else { continue }
            status.peers += 1
            if connection.session.remoteIsSeed { status.seeds += 1 }
        }
        status.webSeeds = self.webSeeds.map { $0.status(at: now) }
        status.candidates = self.candidates.count
        status.availability =
            status.peers == 0 || self.phase == .metadata ? 0 : self.swarm.availability.distributedCopies
        status.picker = self.swarm.pickerName
        status.choker = self.swarm.chokerName
        status.compression = self.traffic
        status.compression.mode = self.compression.mode
        status.compression.cachedBytes = self.compressedIfAny?.byteCount ?? 0
        self.status.withLockedValue { $0 = status }
    }

    /// What is known of the pieces.
    func pieceMap() -> PieceMap {
        let pieces = (0..<self.geometry.pieceCount).map { PieceIndex($0) }
        return PieceMap(
            have: self.swarm.have, inFlight: pieces.filter { self.swarm.openEntry(of: $0) != nil },
            holders: pieces.map { UInt8(clamping: self.swarm.holderCount(of: $0)) })
    }

    /// Wanted pieces that no connected peer has.
    func lonelyPieces(limit: Int) -> [PieceIndex] {
        guard self.phase == .downloading else { return [] }
        var pieces: [PieceIndex] = []
        let count = self.geometry.pieceCount
        let start = Int(self.seeds.next(below: UInt64(max(count, 1))))
        for step in 0..<count where pieces.count < limit {
            let piece = PieceIndex(start + step < count ? start + step : start + step - count)
            if self.swarm.missing[piece], self.swarm.holderCount(of: piece) == 0 { pieces.append(piece) }
        }
        return pieces
    }

    /// The figures of every connection past its handshake.
    func peerStatuses() -> [ConnectionStatus] {
        let now = self.now
        return self.peers.compactMap { $0 }.map { connection in
            let session = connection.session
            return ConnectionStatus(
                endpoint: connection.endpoint, client: session.remoteClient ?? "unknown", peerID: session.remotePeerID,
                isInbound: connection.isInbound,
                transport: connection.link.way.name(isBypassed: connection.link.isBypassed),
                isEncrypted: connection.link.isEncoded,
                progress: self.geometry.pieceCount == 0
                    ? 1 : Double(session.remotePieces.setCount) / Double(self.geometry.pieceCount),
                downloadRate: connection.session.downloadMeter.bytesPerSecond(at: now),
                uploadRate: connection.session.uploadMeter.bytesPerSecond(at: now),
                downloaded: session.downloadMeter.total, uploaded: session.uploadMeter.total,
                isInteresting: session.isInterested, isChokingUs: session.isChokedByPeer,
                isInterested: session.isPeerInterested, isChoked: session.isChoking, isSnubbed: session.isSnubbed,
                requestsOut: session.outstandingCount, requestsIn: session.uploadQueueCount,
                unsentBytes: session.output.count, isReadHeld: connection.isReadHeld,
                connectedSeconds: (now - connection.since).inSeconds, faults: session.faultCount)
        }
    }
}
