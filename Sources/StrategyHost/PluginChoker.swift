// SPDX-License-Identifier: Apache-2.0

import CSwarmPlugin
import Logging
import SwarmModel
import Swarming

/// A choker that lives in a plugin. Every answer is checked; the built-in choker decides in the place of a wrong answer,
/// and for good after too many of them.
final class PluginChoker: Choker {
    /// Bytes after the answer that must come back as they were.
    private static let guardCount = 16
    private static let guardByte: UInt8 = 0xa5

    private let instance: PluginInstance
    private let table: swarm_choker
    private let fallback = TurnChoker()

    init(
        _ plugin: LoadedPlugin, _ table: swarm_choker, for geometry: TorrentGeometry, values: [StrategyOptionValue],
        seed: UInt64, logger: Logger
    ) throws(StrategyError) {
        guard let create = table.create, let destroy = table.destroy else {
            throw PluginDescriptionReader(path: plugin.path).error("lacks functions that a choker must have")
        }
        self.table = table
        self.instance = try PluginInstance(
            of: plugin, for: geometry, values: values, seed: seed, logger: logger, create: create, destroy: destroy)
    }

    var name: String { self.instance.handle == nil ? self.fallback.name : self.instance.plugin.name }

    func decide(_ round: ChokeRound, unchoked: inout [Bool]) {
        guard let handle = self.instance.handle else { return self.fallback.decide(round, unchoked: &unchoked) }
        let answer = self.ask(handle, round)
        if let wrong = Self.flaw(in: answer, round) {
            self.instance.fault(wrong, fallback: self.fallback.name)
            return self.fallback.decide(round, unchoked: &unchoked)
        }
        for index in round.peers.indices { unchoked[index] = answer[index] == 1 }
    }

    var choosesHolders: Bool { self.table.choose_holder != nil && self.instance.handle != nil }

    func chooseHolder(of piece: PieceIndex, among holders: ChokeRound) -> Int? {
        guard let handle = self.instance.handle, let choose = self.table.choose_holder else { return nil }
        let answer = Self.withView(of: holders) { view in
            let start = self.instance.begin()
            let answer = choose(handle, piece.rawValue, view)
            self.instance.finish(start, fallback: self.fallback.name)
            return Int(answer)
        }
        guard answer >= holders.peers.count else { return answer }
        self.instance.fault("chose holder \(answer) of \(holders.peers.count)", fallback: self.fallback.name)
        return nil
    }

    private func ask(_ handle: UnsafeMutableRawPointer, _ round: ChokeRound) -> [UInt8] {
        var answer = [UInt8](repeating: 0, count: round.peers.count)
        answer.append(contentsOf: repeatElement(Self.guardByte, count: Self.guardCount))
        Self.withView(of: round) { view in
            answer.withUnsafeMutableBufferPointer { room in
                let start = self.instance.begin()
                self.table.round(handle, view, room.baseAddress)
                self.instance.finish(start, fallback: self.fallback.name)
            }
        }
        return answer
    }

    /// The round as plugins see it.
    private static func withView<Result>(
        of round: ChokeRound, _ body: (UnsafePointer<swarm_choke_round>) -> Result
    ) -> Result {
        let peers = round.peers.map(swarm_choke_peer.init(_:))
        return peers.withUnsafeBufferPointer { peers in
            let view = swarm_choke_round(
                struct_size: UInt32(MemoryLayout<swarm_choke_round>.size),
                mode: round.isSeeding ? SWARM_MODE_SEEDING : SWARM_MODE_DOWNLOADING,
                slots: UInt32(clamping: round.slots), peer_count: UInt32(peers.count),
                peer_stride: UInt32(MemoryLayout<swarm_choke_peer>.stride), reserved: 0, peers: peers.baseAddress,
                now: round.now.nanoseconds)
            return withUnsafePointer(to: view, body)
        }
    }

    /// What is wrong with an answer; nil when nothing is.
    private static func flaw(in answer: [UInt8], _ round: ChokeRound) -> String? {
        let count = round.peers.count
        guard answer[count...].allSatisfy({ $0 == Self.guardByte }) else { return "wrote past the end of its answer" }
        guard answer[..<count].allSatisfy({ $0 <= 1 }) else { return "answered neither 0 nor 1" }
        let served = round.peers.indices.count { answer[$0] == 1 && round.peers[$0].isInterested }
        guard served <= round.slots else { return "unchoked \(served) peers where \(round.slots) slots were given" }
        return nil
    }
}

extension swarm_choke_peer {
    fileprivate init(_ peer: ChokePeer) {
        var flags: UInt32 = 0
        if peer.isInterested { flags |= SWARM_PEER_INTERESTED }
        if peer.isUnchoked { flags |= SWARM_PEER_UNCHOKED }
        if peer.isSnubbed { flags |= SWARM_PEER_SNUBBED }
        if peer.isSeed { flags |= SWARM_PEER_SEED }
        if peer.isNewcomer { flags |= SWARM_PEER_NEWCOMER }
        self.init(
            struct_size: UInt32(MemoryLayout<swarm_choke_peer>.size), slot: UInt32(truncatingIfNeeded: peer.slot),
            serial: peer.serial, flags: flags, reserved: 0, down_rate: UInt64(rate: peer.downRate),
            up_rate: UInt64(rate: peer.upRate), joined_at: peer.joinedAt.nanoseconds,
            unchoked_at: peer.unchokedAt?.nanoseconds ?? Int64.min)
    }
}
