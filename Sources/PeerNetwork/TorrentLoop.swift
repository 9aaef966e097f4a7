// SPDX-License-Identifier: Apache-2.0

import Deflate
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
    private static let tickInterval = Interval.seconds(1)
    /// Between two looks at a torrent that waits for a moment that is not near.
    private static let quietTickInterval = Interval.seconds(30)

    let infoHash: InfoHash
    /// Its v2 hash, when it is known by that (BEP 52), and its other name on the wire, when it has two.
    private(set) var infoHashV2: InfoHashV2?
    private(set) var otherHash: InfoHash?
    private(set) var geometry: TorrentGeometry
    private(set) var storage: TorrentStorage
    let loop: any EventLoop
    let services: TorrentServices
    private(set) var observer: any TorrentObserver
    let status: NIOLockedValueBox<TorrentStatus>

    var swarm: Swarm
    /// Every connection, those in their handshake included.
    var connections: [ObjectIdentifier: PeerConnection] = [:]
    /// Connections past their handshake, by the number `Swarm` knows them by.
    var peers: [PeerConnection?] = []
    /// Buffers of the open pieces, by open-piece index.
    var buffers: [PieceBuffer?] = []
    /// How many of them there are.
    var arriving = 0
    /// Blocks that come while others are sending them too, by sender.
    var asides: [PeerSlot: AsideBlock] = [:]
    /// Pieces that came wrong from several and are not here yet.
    var suspects: [PieceIndex: SuspectPiece] = [:]
    var candidates: PeerCandidates
    /// Web servers that have the torrent, and where on them its files are.
    var webSeeds: [WebSeed] = []
    /// Whether they come before peers at the next turn under a cap.
    var webSeedsGoFirst = false
    var webFiles: WebSeedFiles?
    /// Seeds of what is made for each connection.
    var seeds: SplitMix64
    var readCacheIfAny: BlockCache?

    /// The mode of its own, when it has one.
    var ownCompression: CompressionMode?
    /// Whether blocks are worth compressing.
    var compression: CompressionPolicy
    var compressedIfAny: CompressedBlocks?
    var speed = CompressionSpeed()
    var traffic = CompressionStatus()
    /// What the links of all connections carry that hold something up, in bytes a second; as of the last tick.
    var linkRate = 0.0
    /// Connections whose peers may ask for what comes compressed; as of the last tick, or more.
    var compressionTakers = 0
    /// Something was compressed since the last tick.
    var hasCompressed = false
    /// Something was inflated since the last tick.
    var hasInflated = false
    /// When either was so last.
    var compressedUsedAt: Instant
    var inflater: BlockInflater?
    var inflateScratch: [UInt8] = []

    /// Reused from wake-up to wake-up, so that the data path does not allocate.
    var events: [PeerEvent] = []
    var blocks: [BlockRange] = []
    var cancels: [BlockCancel] = []
    var outgoing: [OutgoingBlock] = []
    /// What links encode in.
    let runs = RunBuffers()

    var phase = TorrentPhase.stopped
    var problem: String?
    /// What storage failed with last, and when it is looked at again.
    var failure: StorageError?
    var retryAt: Instant?
    var isMending = false
    /// The piece that is being written to see whether pieces can be written again.
    var trial: PieceIndex?
    /// A piece that could not be read.
    var unreadable: PieceIndex?
    /// Complete pieces that could not be written, kept until they can.
    var unwritten: [(piece: PieceIndex, buffer: PieceBuffer)] = []
    /// Connections being made.
    var dials: [ObjectIdentifier: PeerConnection] = [:]
    var isDialling = false
    var isDialScheduled = false
    var tickTask: Scheduled<Void>?
    var isTickSlow = false
    var isRoundScheduled = false
    /// `BanList.generation` at the last look.
    var seenBans = 0
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
    /// Pieces handed to the store and not answered yet.
    var writing = 0
    /// What a source sends first; nil while nobody is served.
    var seedPlan: SeedPlan?
    /// What is asked of peers while nothing but the info-hash is known.
    var metadataFetch: MetadataFetch?
    /// What is asked of peers while piece layers are missing.
    var layerFetch: LayerFetch?
    /// The hash trees that are given to peers.
    let hashTrees: HashTreeShelf
    /// Pieces with a wrong hash of which the wrong blocks are looked for.
    var trials: [PieceIndex: PieceTrial] = [:]
    /// What was asked for them and not answered.
    var questions: [PieceTrial.Question] = []
    /// Where the metadata are that are given to peers.
    private(set) var metadata: MetadataSource?
    /// The metadata themselves, while somebody asks for them, and when somebody did last.
    var metadataBytes: [UInt8]?
    var metadataUsedAt: Instant
    /// Requests that wait for them to be read.
    var metadataWaiting: [(connection: PeerConnection, piece: Int)] = []
    /// Peers come from trackers alone.
    private(set) var isPrivate: Bool
    /// What is shown to whom while super-seeding; nil otherwise.
    var superSeed: SuperSeed?
    var wantsSuperSeeding = false
    /// Our address as peers see it.
    var externalAddress = ExternalAddress()
    /// How much pieces matter, while that is taken in, and the first piece that it is to be done for.
    var selecting: (priorities: [UInt8], first: Int)?
    /// Those who wait for the end.
    var stopPromises: [EventLoopPromise<Bitfield>] = []
    var isClosingFiles = false

    var downloadPace: TorrentPace
    var uploadPace: TorrentPace
    var downloadMeter: RateMeter
    var uploadMeter: RateMeter
    var wasted: UInt64 = 0
    var hashFailures = 0

    init(_ parameters: TorrentParameters, loop: any EventLoop, services: TorrentServices, at now: Instant) {
        self.infoHash = parameters.infoHash
        self.infoHashV2 = parameters.infoHashV2
        self.otherHash = parameters.otherHash
        self.hashTrees = HashTreeShelf(parameters.hashTrees, loop: loop)
        self.geometry = parameters.geometry
        self.storage = parameters.storage
        self.observer = parameters.observer
        self.metadata = parameters.metadata
        self.metadataUsedAt = now
        self.isPrivate = parameters.isPrivate
        self.wantsSuperSeeding = parameters.superSeeds
        self.loop = loop
        self.services = services
        self.status = NIOLockedValueBox(TorrentStatus())
        self.candidates = PeerCandidates(wayCount: services.ways.count)
        self.seeds = SplitMix64(seed: parameters.seed &+ 2)
        self.durable = parameters.have
        self.doubtful = Bitfield(count: parameters.have.count)
        self.ownCompression = parameters.compression
        self.compression = CompressionPolicy(
            mode: parameters.compression ?? services.limits.current.compression)
        self.compressedUsedAt = now
        self.swarm = Self.makeSwarm(parameters, services, at: now)
        self.downloadPace = TorrentPace(shared: services.downloadAllowance)
        self.uploadPace = TorrentPace(shared: services.uploadAllowance)
        self.downloadMeter = RateMeter(at: now)
        self.uploadMeter = RateMeter(at: now)
        self.downloadPace.change(bytesPerSecond: parameters.caps.download, at: now)
        self.uploadPace.change(bytesPerSecond: parameters.caps.upload, at: now)
        self.setWebSeeds(parameters.webSeeds, parameters.webFiles, at: now)
        self.publish(at: now)
    }

    private static func makeSwarm(
        _ parameters: TorrentParameters, _ services: TorrentServices, at now: Instant
    ) -> Swarm {
        var settings = SwarmConfiguration()
        settings.maximumOpenPieces = services.openPieceLimit(pieceLength: parameters.geometry.pieceLength)
        settings.uploadSlots = UploadSlots(services.limits.current)
        var swarm = Swarm(
            geometry: parameters.geometry, have: parameters.have, configuration: settings,
            maker: parameters.strategies, random: SplitMix64(seed: parameters.seed &+ 1), at: now)
        for (index, priority) in parameters.priorities.enumerated() {
            swarm.setPriority(PieceIndex(index), PiecePriority(priority))
        }
        return swarm
    }

    /// Takes all that hangs on the torrent's pieces and files from `parameters`, once they are known.
    func equip(_ parameters: TorrentParameters, at now: Instant) {
        self.infoHashV2 = parameters.infoHashV2
        self.otherHash = parameters.otherHash
        self.hashTrees.replace(parameters.hashTrees)
        self.services.registry.name(self.otherHash, for: self.infoHash)
        self.geometry = parameters.geometry
        self.storage = parameters.storage
        self.metadata = parameters.metadata
        self.isPrivate = parameters.isPrivate
        self.wantsSuperSeeding = parameters.superSeeds
        self.observer = parameters.observer
        self.durable = parameters.have
        self.doubtful = Bitfield(count: parameters.have.count)
        self.closeCaches()
        self.readCacheIfAny = nil
        self.compressedIfAny = nil
        self.swarm = Self.makeSwarm(parameters, self.services, at: now)
        self.setWebSeeds(parameters.webSeeds, parameters.webFiles, at: now)
    }

    var now: Instant { MonotonicClock.now() }

    /// Whether every piece that is wanted is here.
    var isFinished: Bool { self.phase != .metadata && self.swarm.isFinished }

    /// Whether every piece is here.
    var isComplete: Bool { self.phase != .metadata && self.swarm.isComplete }

    /// Begins to take part: inbound connections are adopted, known addresses dialled.
    func start() {
        guard self.phase == .stopped, self.stopPromises.isEmpty else { return }
        let now = self.now
        if self.geometry.pieceCount == 0 {
            self.phase = .metadata
            self.metadataFetch = MetadataFetch()
        } else {
            self.phase = self.swarm.isFinished ? .seeding : .downloading
            self.beginSuperSeeding()
        }
        self.scheduleTick(in: Self.tickInterval)
        self.dial(at: now)
        self.tendWebSeeds(at: now)
        self.publish(at: now)
    }

    /// Once a second, less often while nothing is going on, and not at all where nothing would ever come of it: whatever no
    /// arriving byte would set off.
    private func tick() {
        self.tickTask = nil
        let now = self.now
        for connection in Array(self.connections.values) where connection.session.nextDeadline <= now {
            self.fireTimer(of: connection, at: now)
        }
        if let retryAt = self.retryAt, retryAt <= now { self.retryStorage(at: now) }
        self.dropBanned(at: now)
        self.requestMetadata(at: now)
        self.tidyMetadata(at: now)
        self.requestLayers(at: now)
        self.reviewTrials(at: now)
        self.hashTrees.tidy(at: now)
        self.exchangePeers(at: now)
        self.revealPieces(at: now)
        self.runChokeRound(at: now)
        self.readCacheIfAny?.tick()
        self.tickCompression(at: now)
        if let due = self.synchroniseAt, due <= now { self.synchronise() }
        self.dropSlowLinks(at: now)
        self.dial(at: now)
        self.askIdlePeers(at: now)
        if !self.hasWebSeeds { self.restWebSeeds() }
        self.reviewOffers(at: now)
        self.publish(at: now)
        guard self.isQuiet else { return self.scheduleTick(in: Self.tickInterval) }
        // Thousands of idle sources cost nothing.
        self.rest()
        if self.isAtRest { self.isTickSlow = true } else { self.scheduleTick(in: self.quietInterval(at: now)) }
    }

    /// Something begins: the next tick is a second away at most.
    func wake() {
        guard self.isTickSlow, self.phase != .stopped else { return }
        self.scheduleTick(in: Self.tickInterval)
    }

    private func scheduleTick(in interval: Interval) {
        self.tickTask?.cancel()
        self.isTickSlow = interval > Self.tickInterval
        let bound = NIOLoopBound(self, eventLoop: self.loop)
        self.tickTask = self.loop.scheduleTask(in: .nanoseconds(interval.nanoseconds)) { bound.value.tick() }
    }

    /// Nothing would change from one second to the next.
    private var isQuiet: Bool {
        let status = self.status.withLockedValue { $0 }
        return self.connections.isEmpty && !self.hasWebSeeds && self.dials.isEmpty && self.retryAt == nil
            && self.synchroniseAt == nil
            && !self.isMending && !self.isSynchronising && self.writing == 0
            && (self.readCacheIfAny?.byteCount ?? 0) == 0
            && status.downloadRate == 0 && status.uploadRate == 0 && self.trials.isEmpty && !self.hashTrees.isHolding
    }

    /// A quiet source that nobody need be dialled for and that keeps nothing which gets old: whatever happens to it, a
    /// connection, an address, a choice of the operator, wakes it.
    private var isAtRest: Bool {
        self.phase == .seeding && self.candidates.nextDial == nil && self.metadataBytes == nil
            && self.compressedIfAny?.isEmpty ?? true
            && self.inflater == nil && !self.hasCompressed && self.unwritten.isEmpty && self.unsynchronised.isEmpty
    }

    /// Until the next address may be dialled, within bounds.
    private func quietInterval(at now: Instant) -> Interval {
        guard let next = self.candidates.nextDial else { return Self.quietTickInterval }
        return max(Self.tickInterval, min(Self.quietTickInterval, next - now))
    }
}
