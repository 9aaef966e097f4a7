// SPDX-License-Identifier: Apache-2.0

package import Deflate
package import PieceStore
package import SwarmModel
package import Swarming

/// What the network must know of a torrent to take part in it.
package struct TorrentParameters: Sendable {
    /// Its name on the wire.
    package var infoHash: InfoHash
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
    /// Makes the strategies; called once, on the torrent's loop.
    package var makePicker: @Sendable () -> any PiecePicker
    /// Makes the strategies; called once, on the torrent's loop.
    package var makeChoker: @Sendable () -> any Choker
    /// Whether its blocks are compressed, when that is not as configured.
    package var compression: CompressionMode?
    /// Whether its peers may be found by others than its trackers (BEP 27: not private).
    package var isPublic = true
    /// Told of what happens; called on the torrent's loop.
    package var observer: any TorrentObserver

    /// Takes everything as it is. `seed` begins the torrent's own random sequence.
    package init(
        infoHash: InfoHash, geometry: TorrentGeometry, storage: TorrentStorage, have: Bitfield, seed: UInt64,
        makePicker: @escaping @Sendable () -> any PiecePicker, makeChoker: @escaping @Sendable () -> any Choker,
        compression: CompressionMode? = nil, observer: any TorrentObserver
    ) {
        self.infoHash = infoHash
        self.geometry = geometry
        self.storage = storage
        self.have = have
        self.seed = seed
        self.makePicker = makePicker
        self.makeChoker = makeChoker
        self.compression = compression
        self.observer = observer
    }
}
