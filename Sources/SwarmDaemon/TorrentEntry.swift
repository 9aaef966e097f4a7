// SPDX-License-Identifier: Apache-2.0

import Logging
import Metainfo
import PeerNetwork
import PieceStore
import StateStore
import SwarmModel

/// One torrent as the directory keeps it. Belongs to the `TorrentDirectory` actor.
final class TorrentEntry {
    let infoHash: InfoHash
    /// What is in the state store; this copy and that one change together.
    var record: TorrentRecord
    /// What of the metainfo is always needed; the rest is read when it is.
    var outline: TorrentOutline
    /// Verified pieces that are durable.
    var have: Bitfield
    /// Whether the state store knows of fewer or other pieces than `have`.
    var isUnrecorded = false
    var life = TorrentLife.asleep
    /// The trackers that its metainfo names, once that has been read.
    var namedTrackers: [[String]] = []
    /// The nodes of the hash table that its metainfo names, as `host:port`, once that has been read.
    var namedNodes: [String] = []
    /// Whether peers come from trackers alone (BEP 27), and bytes of the info dictionary, once the metainfo has been read.
    var isPrivate = false
    var metadataSize: Int?
    /// Its hashes, as far as the metainfo or the link that has been read tells them.
    var infoHashes: (v1: InfoHash?, v2: InfoHashV2?) = (nil, nil)
    /// Its names on the wire, the one that it is called by here first: a hybrid has two (BEP 52).
    var names: [InfoHash] {
        let others = [self.infoHashes.v1, self.infoHashes.v2?.truncated].compactMap { $0 }
        return [self.infoHash] + others.filter { $0 != self.infoHash }
    }
    /// Whether its metainfo has hash trees and lacks hashes of pieces.
    var lacksLayers = false
    /// The web servers that its metainfo names, and where its files are on them; nil for none.
    var webSeeds: [String] = []
    var webFiles: WebSeedFiles?
    /// Which of its files matter; nil when all do alike, or that has not been read.
    var selection: TorrentSelection?
    /// The metadata of a v2 torrent whose pieces' hashes peers are asked for.
    var withoutLayers: Metainfo? {
        get { self.keptMetainfo?.value }
        set { self.keptMetainfo = newValue.map { Boxed($0) } }
    }
    /// Apart, because it is large and hardly any torrent has it.
    private var keptMetainfo: Boxed<Metainfo>?
    /// The question to the catalogues for what waits for its metadata.
    var lookup: Task<Void, Never>?
    var handle: TorrentHandle?
    /// What decides for the running torrent.
    var choice: StrategyChoice?
    var storage: TorrentStorage?
    /// A move of its files that is not over, or was cut off.
    var move: PendingMove?
    /// Whether its loop has told that everything that is wanted is here: that is known before it is durable.
    var isReportedComplete = false
    /// Why it could not be moved when it was complete.
    var moveProblem: String?
    /// Whether it is being moved because it is complete, or waits to be.
    var isMoving = false
    /// The last of the operations that must not overlap: bring-up, stop, verify, remove.
    var lastOperation: Task<Void, Never>?
    /// The number of that operation: when it has ended its task goes, of which idle torrents would keep very many.
    var lastOperationNumber = 0
    /// The hashing that is going on, so that it can be called off, and where it tells how far it is.
    var hashing: (progress: JobProgress, task: Task<VerificationOutcome, any Error>)?
    /// Verifications that were asked for and have not ended.
    var verifications = 0
    /// The next attempt to bring up what is suspended.
    var retry: Task<Void, Never>?
    /// Bytes that the last bring-up had to hash, because nothing was recorded of them.
    var rehashed = 0
    /// The totals that are in the state store.
    var recordedTotals: TorrentTotals?
    /// When it last moved anything; nil while it does not run.
    var activity: TorrentActivity?
    /// Whether it has been asked to make room for others.
    var isYielding = false
    /// Whether it is a link that is not needed, because its torrent is here by its other name.
    var isSpare = false
    /// Set once it is being removed; nothing starts any more.
    var isRemoved = false

    init(record: TorrentRecord, outline: TorrentOutline, have: Bitfield) {
        self.infoHash = record.infoHash
        self.record = record
        self.outline = outline
        self.have = have
    }

    /// The link that it was added by, if it was.
    var link: MagnetLink? { self.record.magnet.flatMap { try? MagnetLink(parsing: $0) } }

    /// Whether everything that is wanted is here.
    var isFinished: Bool { self.selection.map { !$0.wanted.hasBitOutside(self.have) } ?? self.have.isFull }

    /// Payload bytes in both directions over the torrent's life.
    var totals: TorrentTotals {
        let status = self.handle?.status
        return TorrentTotals(
            infoHash: self.infoHash, uploaded: self.record.uploaded + (status?.uploaded ?? 0),
            downloaded: self.record.downloaded + (status?.downloaded ?? 0))
    }

    /// Takes what this run of the torrent added into the record, because its handle is about to go.
    func foldTotals() {
        let totals = self.totals
        self.record.uploaded = totals.uploaded
        self.record.downloaded = totals.downloaded
    }

    /// How the log names it.
    var logFields: Logger.Metadata {
        var fields: Logger.Metadata = ["torrent.id": "\(self.infoHash)", "torrent.name": "\(self.outline.name)"]
        if !self.record.labels.isEmpty {
            fields["torrent.labels"] = "\(self.record.labels.joined(separator: ","))"
        }
        return fields
    }

    /// How the log names it and what went wrong with it.
    func logFields(_ error: any Error) -> Logger.Metadata {
        self.logFields.merging(["error.message": "\(error)"]) { $1 }
    }

    /// The trackers it announces to: the operator's, or else those that its metainfo names.
    func trackerTiers(of metainfo: Metainfo) -> [[String]] {
        self.record.trackers + metainfo.trackerTiers
    }

    /// The payload's place in the mount table, as far as that can go away: nil on the root file system.
    var mountPoint: String? { self.record.disk == "/" ? nil : self.record.disk }
}
