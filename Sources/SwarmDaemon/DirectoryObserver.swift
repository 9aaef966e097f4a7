// SPDX-License-Identifier: Apache-2.0

import Logging
import PeerNetwork
import PieceStore
import SwarmModel

/// Carries what happens on the loops to the directory, and into the log. Holds the directory weakly: it owns us.
final class DirectoryObserver: TorrentObserver {
    private let logger: Logger
    private let report: @Sendable (InfoHash, Report) -> Void

    /// What the directory must know.
    enum Report: Sendable {
        case durable(Bitfield)
        case completed
    }

    init(logger: Logger, report: @escaping @Sendable (InfoHash, Report) -> Void) {
        self.logger = logger
        self.report = report
    }

    func torrent(_ infoHash: InfoHash, hasDurably pieces: Bitfield) {
        self.report(infoHash, .durable(pieces))
    }

    func torrentCompleted(_ infoHash: InfoHash) {
        self.report(infoHash, .completed)
    }

    func torrent(_ infoHash: InfoHash, suspendedBy error: StorageError) {
        self.logger.error(
            "torrent suspended", metadata: ["torrent.id": "\(infoHash)", "error.message": "\(error)"])
    }

    func torrentResumed(_ infoHash: InfoHash) {
        self.logger.notice("torrent goes on after a storage failure", metadata: ["torrent.id": "\(infoHash)"])
    }

    func torrent(_ infoHash: InfoHash, hashFailedFor piece: PieceIndex, culprits: [PeerEndpoint]) {
        self.logger.warning(
            "piece does not match its hash",
            metadata: [
                "torrent.id": "\(infoHash)", "piece.index": "\(piece)",
                "peers": "\(culprits.map(\.description).joined(separator: ", "))",
            ])
    }

    func torrent(_ infoHash: InfoHash, banned peer: PeerEndpoint, reason: String) {
        self.logger.notice(
            "peer banned",
            metadata: ["torrent.id": "\(infoHash)", "peer.address": "\(peer)", "reason": "\(reason)"])
    }
}
