// SPDX-License-Identifier: Apache-2.0

import PeerSession
import SwarmModel
import Swarming

/// One peer of the simulated swarm: the same machines that the daemon runs, and in its extensions what PeerNetwork's loop
/// does between them, over pipes and a disk that `Simulation` moves.
final class SimulatedNode {
    static let tickInterval = Interval.seconds(1)

    unowned let simulation: Simulation
    let index: Int
    let profile: NodeProfile
    let geometry: TorrentGeometry
    let localID: PeerID
    var swarm: Swarm
    /// Every connection, those in their handshake included, oldest first.
    var connections: [SimulatedConnection] = []
    /// Connections past their handshake, by the number `Swarm` knows them by.
    var peers: [SimulatedConnection?] = []
    /// Nodes it is connected to or about to be.
    var linked: [Int] = []
    /// Dials under way.
    var dialCount = 0
    var uplink = Uplink()
    var downlink = Downlink()
    var disk: SimulatedDisk
    var phase = NodePhase.waiting
    /// Says and hears nothing any more, without leaving.
    var isSilent = false
    /// Takes requests and leaves them unanswered.
    var withholds = false
    var outcome: NodeOutcome
    var random: SplitMix64
    /// What is shown to whom while super-seeding.
    var superSeed: SuperSeed?
    /// What is to be sent to whom first.
    var seedPlan: SeedPlan?

    /// Reused from event to event.
    var events: [PeerEvent] = []
    var blocks: [BlockRange] = []
    var cancels: [BlockCancel] = []

    var hasFreedBlocks = false
    var isRoundScheduled = false
    /// Pieces under way with a block of nonsense in them.
    var falsePieces: Bitfield
    /// Complete pieces that could not be written, kept until they can.
    var unwritten: [(piece: PieceIndex, isFalse: Bool)] = []
    /// The piece that is being written to see whether pieces can be written again.
    var trial: PieceIndex?
    var retryAt: Instant?
    /// Fault points of each node; at `banLimit` it is refused.
    var faults: [Int]
    /// When each node may be dialled again.
    var dialAfter: [Instant]
    var nextAnnounce: Instant

    init(_ profile: NodeProfile, index: Int, in simulation: Simulation, seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let geometry = simulation.geometry
        let nothing = Bitfield(count: geometry.pieceCount)
        let have = profile.isSeed ? Bitfield(count: geometry.pieceCount, filled: true) : profile.pieces ?? nothing
        var settings = SwarmConfiguration()
        settings.maximumOpenPieces = profile.openPieceLimit(in: geometry)
        settings.maximumRequestsPerBlock = profile.maximumRequestsPerBlock
        settings.uploadSlots = profile.behaviour == .freeRider ? .fixed(0) : profile.uploadSlots
        self.simulation = simulation
        self.index = index
        self.profile = profile
        self.geometry = geometry
        self.localID = PeerID(prefix: "-SM0000-", random: &random)
        self.swarm = Swarm(
            geometry: geometry, have: have, configuration: settings,
            picker: try profile.strategy.makePicker(geometry, random.next()),
            choker: try profile.strategy.makeChoker(geometry, random.next()),
            random: SplitMix64(seed: random.next()), at: profile.joinsAt)
        self.disk = SimulatedDisk(profile.disk)
        self.outcome = NodeOutcome(
            node: index, isSeed: profile.isSeed, joinedAt: profile.joinsAt, pieceCount: geometry.pieceCount)
        self.falsePieces = Bitfield(count: geometry.pieceCount)
        self.faults = []
        self.dialAfter = []
        self.nextAnnounce = profile.joinsAt
        self.superSeed =
            profile.superSeeds && profile.isSeed ? SuperSeed(pieceCount: geometry.pieceCount, random: &random) : nil
        self.random = random
    }

    var now: Instant { self.simulation.now }
    /// Whether it takes part.
    var isPresent: Bool {
        switch self.phase {
        case .waiting, .gone: false
        case .downloading, .suspended, .seeding: true
        }
    }

    /// Begins to take part.
    func join() {
        guard self.phase == .waiting else { return }
        self.phase = self.swarm.isComplete ? .seeding : .downloading
        self.outcome.joinedAt = self.now
        self.dial()
        // Nodes that come together do not tick together.
        let offset = Int64(self.random.next(below: UInt64(Self.tickInterval.nanoseconds)))
        self.simulation.schedule(.tick(node: Int32(self.index)), in: Interval(nanoseconds: offset + 1))
    }

    /// Goes away: what travels still arrives.
    func leave() {
        guard self.phase != .gone else { return }
        self.phase = .gone
        self.outcome.leftAt = self.now
        for connection in self.connections { self.close(connection) }
        self.simulation.noteNews()
    }

    /// Once a second: whatever no arriving byte would set off.
    func tick() {
        guard self.isPresent, !self.isSilent else { return }
        let now = self.now
        for connection in self.connections where connection.session.nextDeadline <= now {
            self.fireTimer(of: connection)
        }
        if let retryAt = self.retryAt, retryAt <= now { self.retryStorage() }
        self.runChokeRound()
        self.revealPieces()
        self.dial()
        self.askIdlePeers()
        self.reviewOffers()
        self.simulation.schedule(.tick(node: Int32(self.index)), in: Self.tickInterval)
    }
}
