// SPDX-License-Identifier: Apache-2.0

import Discovery
import Logging
import PeerNetwork
import PieceStore
import SwarmEvents
import SwarmModel

/// Carries what happens on a torrent's loop to the directory, and into the log. Holds the directory weakly: it owns us.
final class DirectoryObserver: TorrentObserver {
    private let name: String
    private let folder: String
    private let logger: Logger
    private let report: @Sendable (InfoHash, Report) -> Void

    /// What the directory must know.
    enum Report: Sendable {
        case durable(Bitfield)
        case completed
        /// The info dictionary, whose hash is right.
        case metadata([UInt8])
        /// Piece layers that were missing, which lead to their roots.
        case layers([[UInt8]: [UInt8]])
        /// A hybrid's hashes of this piece disagree.
        case contradiction(PieceIndex)
    }

    /// The observer of the torrent called `name`, whose files go below `folder`.
    init(name: String, folder: String, logger: Logger, report: @escaping @Sendable (InfoHash, Report) -> Void) {
        self.name = name
        self.folder = folder
        self.logger = logger
        self.report = report
    }

    func torrent(_ infoHash: InfoHash, hasDurably pieces: Bitfield) {
        self.report(infoHash, .durable(pieces))
    }

    func torrentCompleted(_ infoHash: InfoHash) {
        self.report(infoHash, .completed)
    }

    func torrent(_ infoHash: InfoHash, gotMetadata metadata: [UInt8]) {
        self.report(infoHash, .metadata(metadata))
    }

    func torrent(_ infoHash: InfoHash, gotPieceLayers layers: [[UInt8]: [UInt8]]) {
        self.report(infoHash, .layers(layers))
    }

    func torrent(_ infoHash: InfoHash, suspendedBy error: StorageError) {
        let reason = SandboxAdvice.ofThisProcess.explanation(of: error, below: self.folder) ?? "\(error)"
        self.logger.event(
            .torrentSuspended, "\(self.name) is suspended: \(reason)",
            self.metadata(infoHash, ["error.message": "\(reason)"]))
    }

    func torrentResumed(_ infoHash: InfoHash) {
        self.logger.event(
            .torrentResumed, "\(self.name) goes on after a storage failure", self.metadata(infoHash))
    }

    func torrent(_ infoHash: InfoHash, hashFailedFor piece: PieceIndex, culprits: [PeerEndpoint]) {
        let peers = culprits.map(\.description).joined(separator: ", ")
        self.logger.event(
            .pieceHashFailed, "piece \(piece) of \(self.name) does not match its hash; it came from \(peers)",
            self.metadata(infoHash, ["piece.index": "\(piece)", "peers": "\(peers)"]))
    }

    func torrent(_ infoHash: InfoHash, contradictsItselfIn piece: PieceIndex) {
        self.report(infoHash, .contradiction(piece))
    }

    func torrent(_ infoHash: InfoHash, droppedWebSeed url: String, reason: String) {
        let shown = LoggedURL(url)
        self.logger.event(
            .webSeedDropped, "the web seed \(shown) of \(self.name) is left out: \(reason)",
            self.metadata(infoHash, ["web.seed": "\(shown)", "reason": "\(reason)"]))
    }

    func torrent(_ infoHash: InfoHash, banned peer: PeerEndpoint, reason: String) {
        self.logger.event(
            .peerBanned, "\(peer) is banned: \(reason)",
            self.metadata(infoHash, ["peer.address": "\(peer)", "reason": "\(reason)"]))
    }

    private func metadata(_ infoHash: InfoHash, _ more: Logger.Metadata = [:]) -> Logger.Metadata {
        more.merging(["torrent.id": "\(infoHash)", "torrent.name": "\(self.name)"]) { $1 }
    }
}
