// SPDX-License-Identifier: Apache-2.0

package import Deflate
import NIOConcurrencyHelpers
package import NIOCore
package import SwarmModel
package import Swarming

/// How the rest of the daemon reaches a torrent: every call hops to its loop, none blocks.
package final class TorrentHandle: Sendable {
    /// Which torrent.
    package let infoHash: InfoHash
    /// The loop that the torrent lives on.
    package let loop: any EventLoop
    /// Another name of it, when it has two from the start.
    let otherHash: InfoHash?
    private let torrent: NIOLoopBound<TorrentLoop>
    private let published: NIOLockedValueBox<TorrentStatus>

    /// Must be called on the torrent's loop.
    init(_ torrent: TorrentLoop) {
        self.infoHash = torrent.infoHash
        self.otherHash = torrent.otherHash
        self.loop = torrent.loop
        self.published = torrent.status
        self.torrent = NIOLoopBound(torrent, eventLoop: torrent.loop)
    }

    /// The figures as of at most a second ago.
    package var status: TorrentStatus { self.published.withLockedValue { $0 } }

    /// The few figures that are added up over all torrents, as of at most a second ago.
    package var pulse: TorrentPulse { self.published.withLockedValue { TorrentPulse($0) } }

    /// Whether it asks peers for its metadata, or waits for `adopt` with them.
    package var isAwaitingMetadata: Bool { self.status.phase == .metadata }

    /// The figures of every connection, now.
    package func peers() async throws -> [ConnectionStatus] {
        let torrent = self.torrent
        return try await self.loop.submit { torrent.value.peerStatuses() }.get()
    }

    /// The pieces that are here, now.
    package func have() async throws -> Bitfield {
        let torrent = self.torrent
        return try await self.loop.submit { torrent.value.swarm.have }.get()
    }

    /// Takes in what a tracker counted: holders of the pieces from `first` on, connected or not.
    package func setTrackerCounts(_ first: PieceIndex, _ counts: [UInt32]) {
        let torrent = self.torrent
        self.loop.execute { torrent.value.swarm.setTrackerCounts(first, counts) }
    }

    /// Takes in what a tracker says that nobody has: a source sends it first.
    package func advise(unsent pieces: [PieceIndex]) {
        let torrent = self.torrent
        self.loop.execute { torrent.value.advise(unsent: pieces) }
    }

    /// Up to `limit` pieces that are wanted and that no connected peer has, from a place of chance on.
    package func lonelyPieces(limit: Int) async throws -> [PieceIndex] {
        let torrent = self.torrent
        return try await self.loop.submit { torrent.value.lonelyPieces(limit: limit) }.get()
    }

    /// What is known of the pieces, now.
    package func pieceMap() async throws -> PieceMap {
        let torrent = self.torrent
        return try await self.loop.submit { torrent.value.pieceMap() }.get()
    }

    /// Lets other strategies decide from now on, where one is given; nothing that was fetched is lost. They are made on the
    /// torrent's loop, later ones by `maker`. When one cannot be made, what it threw comes out, and nothing has changed.
    package func replaceStrategies(
        _ maker: any StrategyMaker, picker: (@Sendable () throws -> any PiecePicker)?,
        choker: (@Sendable () throws -> any Choker)?
    ) async throws {
        let torrent = self.torrent
        try await self.loop.submit { try torrent.value.replaceStrategies(maker, picker: picker, choker: choker) }.get()
    }

    /// Has blocks compressed as told from now on, or as configured for nil.
    package func setCompression(_ mode: CompressionMode?) {
        let torrent = self.torrent
        self.loop.execute { torrent.value.setCompression(mode) }
    }

    /// Makes an ordinary torrent of one whose metadata were awaited. Its connections stay.
    package func adopt(_ parameters: TorrentParameters) async throws {
        let torrent = self.torrent
        try await self.loop.submit { torrent.value.adopt(parameters) }.get()
    }

    /// Has peers asked for the piece layers of files of more than one piece (BEP 52), whose pieces lie `pieceLayer` layers
    /// above the leaves. The observer is told when all are here.
    package func fetchLayers(_ files: [LayerFetch.File], pieceLayer: Int) {
        let torrent = self.torrent
        self.loop.execute { torrent.value.fetchLayers(files, pieceLayer: pieceLayer) }
    }

    /// Says how much each piece matters from now on, 0 (not wanted) to 7; empty when all matter alike.
    package func prioritise(_ priorities: [UInt8]) {
        let torrent = self.torrent
        self.loop.execute { torrent.value.prioritise(priorities) }
    }

    /// Has a source show each peer only what nobody else has, or not (BEP 16).
    package func setSuperSeeding(_ isOn: Bool) {
        let torrent = self.torrent
        self.loop.execute { torrent.value.setSuperSeeding(isOn) }
    }

    /// Takes in addresses of peers that know the torrent by `name`; nil for the one that it is called by here.
    package func add(candidates: [PeerEndpoint], under name: InfoHash? = nil) {
        let (torrent, name) = (self.torrent, name ?? self.infoHash)
        self.loop.execute { torrent.value.add(candidates: candidates, under: name) }
    }

    /// Holds the torrent to caps of its own from now on; the caps of all torrents hold besides.
    package func change(caps: TransferCaps) {
        let torrent = self.torrent
        self.loop.execute { torrent.value.change(caps: caps) }
    }

    func sharedCapsChanged() {
        let torrent = self.torrent
        self.loop.execute { torrent.value.sharedCapsChanged() }
    }

    func start() async throws {
        let torrent = self.torrent
        try await self.loop.submit { torrent.value.start() }.get()
    }

    /// Ends all connections; returns the pieces that are durable when that is done.
    func stop() async throws -> Bitfield {
        let torrent = self.torrent
        return try await self.loop.flatSubmit { torrent.value.stop() }.get()
    }

    func adopt(_ peer: InboundPeer) {
        let torrent = self.torrent
        self.loop.execute { torrent.value.adopt(peer) }
    }
}
