// SPDX-License-Identifier: Apache-2.0

package import Deflate
package import Discovery
package import PeerTransport
package import SwarmModel

/// What the operator decides about connections.
package struct PeerNetworkConfiguration: Sendable {
    /// Where to listen. Port 0 takes any free port.
    package var listen: [PeerEndpoint]
    /// How peers are reached and reach us, best first; none for plain TCP alone.
    package var transports: [Transport]
    /// The hash table that shares the port of the datagrams; nil for none.
    package var hashTable: HashTableLink?
    /// What fetches from web seeds; nil where they are not asked.
    package var webSeeds: RangeFetcher?
    /// Whether connections are encrypted.
    package var encryption: LinkEncryption
    /// Our name in handshakes and announces.
    package var peerID: PeerID
    /// Client name and version told to peers (BEP 10 `v`).
    package var clientName: String
    /// Connections at once, over all torrents.
    package var maximumConnections: Int
    /// Connections at once for one torrent.
    package var maximumConnectionsPerTorrent: Int
    /// Inbound connections at once that have not yet said which torrent they want.
    package var maximumHalfOpen: Int
    /// How long such a connection may take to say it, and any other to complete its handshake.
    package var handshakePatience: Interval
    /// Blocks asked of a peer are given up when it has sent none for this long.
    package var blockPatience: Interval
    /// Wait between attempts of a torrent whose storage failed.
    package var storageRetry: Interval
    /// Peers unchoked at once for one torrent; nil lets the daemon choose.
    package var uploadSlots: Int?
    /// Requests in flight to one peer at most, and the number that peers may have in flight to us.
    package var requestQueue: Int
    /// The most that all torrents together may move.
    package var caps = TransferCaps()
    /// How often newly stored pieces are made durable and recorded.
    package var syncInterval: Interval
    /// Bytes of pieces that may be under way at a time; the store's budget.
    package var bufferMemory: Int
    /// Bytes of read cache for uploads, one torrent.
    package var readCachePerTorrent: Int
    /// Whether blocks are compressed, where a torrent has no mode of its own.
    package var compression: CompressionMode
    /// How hard: one of `BlockDeflater.levels`.
    package var compressionLevel: Int
    /// Bytes of compressed blocks that are kept to be sent again, over all torrents.
    package var compressionCache: Int

    /// Defaults for everything but identity and addresses.
    package init(listen: [PeerEndpoint], peerID: PeerID, clientName: String) {
        self.listen = listen
        self.transports = []
        self.hashTable = nil
        self.webSeeds = nil
        self.encryption = .allowed
        self.peerID = peerID
        self.clientName = clientName
        self.maximumConnections = 500
        self.maximumConnectionsPerTorrent = 100
        self.maximumHalfOpen = 256
        self.handshakePatience = .seconds(10)
        self.blockPatience = .seconds(60)
        self.storageRetry = .seconds(5)
        self.uploadSlots = nil
        self.requestQueue = 2_000
        self.syncInterval = .seconds(5)
        self.bufferMemory = 64 << 20
        self.readCachePerTorrent = 16 << 20
        self.compression = .auto
        self.compressionLevel = 4
        self.compressionCache = 64 << 20
    }
}
