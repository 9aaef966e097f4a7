// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// One torrent as a machine: who has what, what to ask of whom, whom to serve. Knows no sockets, no files, no clock.
///
/// Confined to one loop. It is a value so that calls cost no reference counting, but its picker and choker are objects:
/// do not keep copies of it. Slots and pieces given to it must be of this torrent; what comes from the wire is checked.
///
/// A block's way: `nextBlocks` names it → the peer is asked → `acceptsPayload` says which buffer takes the bytes →
/// `blockReceived` → after `.completesPiece` the caller hashes and writes → `pieceVerified`, `pieceFailed`
/// or `pieceReset`.
package struct Swarm {
    /// Slots are 0 ..< this.
    package static let maximumSlots = 65_000

    /// How the payload divides into pieces and blocks.
    package let geometry: TorrentGeometry
    /// May be changed at any time; takes effect at the next decision.
    package var configuration: SwarmConfiguration
    /// Pieces that are verified.
    package internal(set) var have: Bitfield
    /// Pieces that are wanted and not verified yet.
    package internal(set) var missing: Bitfield
    /// Bytes of the pieces that are not verified, wanted or not.
    package internal(set) var leftBytes: UInt64
    /// Bytes of the pieces that are wanted, verified or not.
    package internal(set) var wantedBytes: UInt64
    /// Bytes of those that are missing.
    package internal(set) var missingBytes: UInt64
    /// When `chokeRound` is due. May come nearer after any call that tells of interest or leaving.
    package internal(set) var nextChokeRound: Instant

    /// Nil while the torrent rests.
    var picker: (any PiecePicker)?
    var choker: (any Choker)?
    /// Makes them anew after a rest; nil when they were given, and the torrent never rests.
    var maker: (any StrategyMaker)?
    /// What is told of them while they are not there.
    var restingNames = (picker: "", choker: "")
    var random: SplitMix64
    var peers: PeerLedger
    var open: OpenPieces
    var holders: PieceHolders
    /// Empty while all are normal.
    var priorities: [PiecePriority] = []
    /// What a tracker counted of each piece; empty before it has.
    var trackerCounts: [UInt32] = []
    /// What peers wish to be asked for.
    var suggestions: [PeerSlot: Suggestions] = [:]
    /// Pieces that failed their hash with several contributors.
    var suspects: [PieceIndex] = []
    /// Grows whenever the picker may have something that it had not before.
    var pickGeneration: UInt32 = 1
    /// A peer that was given a piece and is to be asked for it.
    var idleHolder: PeerSlot?
    /// Missing pieces that are not under way.
    var unopenedCount: Int
    var lastChokeRound: Instant
    var uploadSlotCount: Int
    var initialSeeding = InitialSeeding()
    /// Whether all that we serve are told what to fetch of us, so that nothing goes out twice however many are served.
    package var sendsByPlan = false

    /// A torrent with `have` verified and the rest wanted at normal priority. `picker` and `choker` are new.
    package init(
        geometry: TorrentGeometry, have: Bitfield, configuration: SwarmConfiguration, picker: any PiecePicker,
        choker: any Choker, random: SplitMix64, at now: Instant
    ) {
        self.init(
            geometry: geometry, have: have, configuration: configuration, strategies: (picker, choker), maker: nil,
            random: random, at: now)
        have.forEachSet { picker.setState($0, .have) }
    }

    init(
        geometry: TorrentGeometry, have: Bitfield, configuration: SwarmConfiguration,
        strategies: (picker: (any PiecePicker)?, choker: (any Choker)?), maker: (any StrategyMaker)?,
        random: SplitMix64, at now: Instant
    ) {
        precondition(have.count == geometry.pieceCount, "\(have.count) bits for \(geometry.pieceCount) pieces")
        self.geometry = geometry
        self.configuration = configuration
        self.have = have
        self.missing = have.inverted
        self.leftBytes = 0
        self.wantedBytes = geometry.totalLength
        self.missingBytes = 0
        self.picker = strategies.picker
        self.choker = strategies.choker
        self.maker = maker
        self.restingNames = (maker?.pickerName ?? "", maker?.chokerName ?? "")
        self.random = random
        self.peers = PeerLedger(pieceCount: geometry.pieceCount)
        self.open = OpenPieces(geometry: geometry)
        self.holders = PieceHolders(pieceCount: geometry.pieceCount)
        self.unopenedCount = geometry.pieceCount - have.setCount
        self.nextChokeRound = now + configuration.chokeInterval
        self.lastChokeRound = now
        self.uploadSlotCount = configuration.uploadSlots.count(atRate: 0)
        var left: UInt64 = 0
        self.missing.forEachSet { left += UInt64(geometry.length(of: $0)) }
        self.leftBytes = left
        self.missingBytes = left
    }

    /// Whether every piece is verified.
    package var isComplete: Bool { self.have.isFull }
    /// Whether every wanted piece is verified.
    package var isFinished: Bool { self.missing.isEmpty }
    /// Number of pieces wanted and not verified.
    package var missingCount: Int { self.missing.setCount }
    /// Pieces under way, those being hashed or written included: the number of buffers in use.
    package var openPieceCount: Int { self.open.count }
    /// Of those under way, the ones being hashed or written.
    package var hashingPieceCount: Int { self.open.hashingCount }
    /// Connected peers.
    package var peerCount: Int { self.peers.activeCount }
    /// How well the connected peers cover the torrent. Costs a pass over all pieces.
    package var availability: AvailabilitySummary { self.holders.summary }
    /// Name of the strategy that picks pieces.
    package var pickerName: String { self.picker?.name ?? self.restingNames.picker }
    /// Name of the strategy that chooses whom to serve.
    package var chokerName: String { self.choker?.name ?? self.restingNames.choker }
    /// Connected peers that have `piece`, which must exist.
    package func holderCount(of piece: PieceIndex) -> Int { self.holders[piece] }
    /// How much `piece`, which must exist, matters.
    package func priority(of piece: PieceIndex) -> PiecePriority {
        self.priorities.isEmpty ? .normal : self.priorities[piece.offset]
    }
}

extension Bitfield {
    fileprivate var inverted: Bitfield {
        var inverse = Bitfield(count: self.count, filled: true)
        self.forEachSet { inverse.remove($0) }
        return inverse
    }
}
