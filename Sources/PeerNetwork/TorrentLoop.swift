// SPDX-License-Identifier: Apache-2.0

import Logging
import NIOConcurrencyHelpers
import NIOCore
import PeerSession
import PieceStore
import SwarmModel
import Swarming

/// One torrent on one event loop: the only meeting place of its connections, its `Swarm` and its files.
///
/// Everything here runs on that loop, so the data path needs no lock and no hop. Arriving bytes drive it: a wake-up
/// parses what came, copies payload into piece buffers, asks for as many blocks as the windows allow and flushes once.
/// What is slow or rare happens in `tick`, once a second.
final class TorrentLoop {
    let infoHash: InfoHash
    let geometry: TorrentGeometry
    let storage: TorrentStorage
    let loop: any EventLoop
    let services: TorrentServices
    let observer: any TorrentObserver
    let status: NIOLockedValueBox<TorrentStatus>

    var swarm: Swarm
    /// Every connection, those in their handshake included.
    var connections: [ObjectIdentifier: PeerConnection] = [:]
    /// Connections past their handshake, by the number `Swarm` knows them by.
    var peers: [PeerConnection?] = []
    /// Buffers of the open pieces, by open-piece index.
    var buffers: [PieceBuffer?] = []
    var candidates = PeerCandidates()
    var readCache: BlockCache

    /// Reused from wake-up to wake-up, so that the data path does not allocate.
    var events: [PeerEvent] = []
    var blocks: [BlockRange] = []
    var cancels: [BlockCancel] = []
    var slices: [ByteBuffer] = []

    var phase = TorrentPhase.stopped
    var problem: String?
    var retryAt: Instant?
    /// Complete pieces that could not be written, kept until they can.
    var unwritten: [(piece: PieceIndex, buffer: PieceBuffer)] = []
    var dialling = 0
    var tickTask: RepeatedTask?
    /// Blocks became free that some idle peer may now be asked for.
    var hasFreedBlocks = false
    /// Pieces that may be recorded as had.
    var durable: Bitfield
    /// Pieces stored since the last synchronisation began.
    var unsynchronised: [PieceIndex] = []
    /// Pieces that a failed synchronisation may have lost; not recorded until they have been checked anew.
    var doubtful: Bitfield
    var synchroniseAt: Instant?
    var isSynchronising = false

    var downloadMeter: RateMeter
    var uploadMeter: RateMeter
    var wasted: UInt64 = 0
    var hashFailures = 0

    init(_ parameters: TorrentParameters, loop: any EventLoop, services: TorrentServices, at now: Instant) {
        self.infoHash = parameters.infoHash
        self.geometry = parameters.geometry
        self.storage = parameters.storage
        self.observer = parameters.observer
        self.loop = loop
        self.services = services
        self.status = NIOLockedValueBox(TorrentStatus())
        self.durable = parameters.have
        self.doubtful = Bitfield(count: parameters.have.count)
        self.readCache = BlockCache(
            storage: parameters.storage, loop: loop, limit: services.configuration.readCachePerTorrent)
        var settings = SwarmConfiguration()
        settings.maximumOpenPieces = services.openPieceLimit(pieceLength: parameters.geometry.pieceLength)
        settings.uploadSlots = services.configuration.uploadSlots.map { .fixed($0) } ?? .automatic
        self.swarm = Swarm(
            geometry: parameters.geometry, have: parameters.have, configuration: settings,
            picker: parameters.makePicker(), choker: parameters.makeChoker(),
            random: SplitMix64(seed: parameters.seed &+ 1), at: now)
        self.downloadMeter = RateMeter(at: now)
        self.uploadMeter = RateMeter(at: now)
        self.publish(at: now)
    }

    var now: Instant { MonotonicClock.now() }

    /// Begins to take part: inbound connections are adopted, known addresses dialled.
    func start() {
        guard self.phase == .stopped else { return }
        let now = self.now
        self.phase = self.swarm.isComplete ? .seeding : .downloading
        self.readCache.whenRead = { [unowned self] run, error in self.finishedReading(run, error) }
        let bound = NIOLoopBound(self, eventLoop: self.loop)
        self.tickTask = self.loop.scheduleRepeatedTask(initialDelay: .seconds(1), delay: .seconds(1)) { _ in
            bound.value.tick()
        }
        self.dial(at: now)
        self.publish(at: now)
    }

    /// Ends all connections and makes durable what is stored; the future gives the pieces that may be recorded.
    func stop() -> EventLoopFuture<Bitfield> {
        self.phase = .stopped
        self.problem = nil
        self.retryAt = nil
        self.tickTask?.cancel()
        self.tickTask = nil
        for connection in Array(self.connections.values) { self.close(connection) }
        self.readCache.removeAll()
        self.unwritten = []
        self.readCache.whenRead = nil
        let promise = self.loop.makePromise(of: Bitfield.self)
        self.synchronise { promise.succeed(self.durable) }
        self.publish(at: self.now)
        return promise.futureResult
    }

    /// Once a second: whatever no arriving byte would set off.
    func tick() {
        let now = self.now
        for connection in Array(self.connections.values) where connection.session.nextDeadline <= now {
            self.fireTimer(of: connection, at: now)
        }
        if let retryAt = self.retryAt, retryAt <= now { self.retryStorage(at: now) }
        self.runChokeRound(at: now)
        self.readCache.tick()
        if let due = self.synchroniseAt, due <= now { self.synchronise {} }
        self.dial(at: now)
        self.askIdlePeers(at: now)
        self.publish(at: now)
    }
}
