// SPDX-License-Identifier: Apache-2.0

package import Deflate
package import PieceStore
package import SwarmModel
package import Swarming

/// What the network must know of a torrent to take part in it.
package struct TorrentParameters: Sendable {
    /// Its name on the wire.
    package var infoHash: InfoHash
    /// The hash of its v2 info dictionary, when it is known by that (BEP 52).
    package var infoHashV2: InfoHashV2?
    /// Its v1 hash, when it is known by that.
    package var infoHashV1: InfoHash?
    /// How it divides into pieces.
    package var geometry: TorrentGeometry
    /// Its files.
    package var storage: TorrentStorage
    /// Pieces that are here and verified.
    package var have: Bitfield
    /// Those of them that are recorded as durable.
    package var seed: UInt64
    /// The most that it may move, besides what holds for all.
    package var caps = TransferCaps()
    /// Makes the strategies whenever they are needed.
    package var strategies: any StrategyMaker
    /// Whether its blocks are compressed, when that is not as configured.
    package var compression: CompressionMode?
    /// Its metadata, for peers that ask for them; nil when there are none to give.
    package var metadata: MetadataSource?
    /// Its hash trees, for peers that ask for them; nil for a torrent that has none.
    package var hashTrees: HashTreeSource?
    /// How much each piece matters, 0 (not wanted) to 7; empty when all are wanted alike.
    package var priorities: [UInt8] = []
    /// Whether a source of all of it shows each peer only what nobody else has (BEP 16).
    package var superSeeds = false
    /// Whether peers may be had from its trackers alone (BEP 27).
    package var isPrivate = false
    /// URLs of web servers that have it (BEP 19), and where on them its files are; nil for none.
    package var webSeeds: [String] = []
    package var webFiles: WebSeedFiles?
    /// Told of what happens; called on the torrent's loop.
    package var observer: any TorrentObserver

    /// The name on the wire that is not `infoHash`, of a torrent that has two.
    var otherHash: InfoHash? {
        [self.infoHashV1, self.infoHashV2?.truncated].compactMap { $0 }.first { $0 != self.infoHash }
    }

    /// Takes everything as it is. `seed` begins the torrent's own random sequence.
    package init(
        infoHash: InfoHash, geometry: TorrentGeometry, storage: TorrentStorage, have: Bitfield, seed: UInt64,
        strategies: any StrategyMaker, compression: CompressionMode? = nil,
        observer: any TorrentObserver
    ) {
        self.infoHash = infoHash
        self.geometry = geometry
        self.storage = storage
        self.have = have
        self.seed = seed
        self.strategies = strategies
        self.compression = compression
        self.observer = observer
    }

    /// A torrent of which nothing but the info-hash is known: its metadata are asked of peers (BEP 9), and `TorrentHandle.adopt`
    /// makes it an ordinary one. `v2` is the whole v2 hash of one that is known by it (BEP 52).
    package init(
        awaiting infoHash: InfoHash, v2: InfoHashV2? = nil, store: PieceStore, seed: UInt64,
        observer: any TorrentObserver
    ) throws(FileLayoutError) {
        guard let nothing = TorrentGeometry(totalLength: 0, pieceLength: TorrentGeometry.blockLength) else {
            preconditionFailure("an empty payload has a geometry")
        }
        let layout = try FileLayout(files: [], geometry: nothing)
        self.init(
            infoHash: infoHash, geometry: nothing,
            storage: TorrentStorage(store: store, layout: layout, hashes: .v1([]), root: "/"),
            have: Bitfield(count: 0), seed: seed, strategies: BuiltInStrategies.shared, observer: observer)
        self.infoHashV2 = v2
    }
}
