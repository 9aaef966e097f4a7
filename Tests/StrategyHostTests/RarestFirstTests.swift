// SPDX-License-Identifier: Apache-2.0

import StrategyHost
import SwarmModel
import Swarming
import Testing

/// The real library, through the real interface.
@Suite(.enabled(if: Fixture.hasPlugins, "the plugins are not built beside the test bundle"))
struct RarestFirstTests {
    private static func picker(
        pieces: Int = 100, seed: UInt64 = 1, randomFirst: Int = 0
    ) throws -> any PiecePicker {
        try Fixture.host().makePicker(
            named: "rarest-first", for: Fixture.geometry(pieces: pieces), options: ["random-first": "\(randomFirst)"],
            seed: seed)
    }

    private static func bits(_ count: Int, _ pieces: some Sequence<Int>) -> Bitfield {
        var bits = Bitfield(count: count)
        for piece in pieces { bits.insert(PieceIndex(piece)) }
        return bits
    }

    private static func pick(_ picker: any PiecePicker, _ has: Bitfield, _ maximum: Int = 1) -> [UInt32] {
        let peer = PickerPeer(slot: 0, haveCount: has.setCount, downRate: 0, now: Instant(nanoseconds: 0))
        return has.words.withUnsafeBufferPointer { words in
            [UInt32](unsafeUninitializedCapacity: maximum) { room, count in
                room.initialize(repeating: 0)
                count = picker.pick(for: peer, having: words, into: room)
            }
        }
    }

    private static func gain(_ picker: any PiecePicker, _ bits: Bitfield) {
        bits.words.withUnsafeBufferPointer { picker.piecesGained($0, count: bits.setCount) }
    }

    private static func lose(_ picker: any PiecePicker, _ bits: Bitfield) {
        bits.words.withUnsafeBufferPointer { picker.piecesLost($0, count: bits.setCount) }
    }

    @Test func `the piece with fewest holders is picked`() throws {
        let picker = try Self.picker()
        let all = Bitfield(count: 100, filled: true)
        Self.gain(picker, all)
        for piece in 0..<100 where piece != 63 { picker.pieceGained(PieceIndex(piece)) }
        #expect(Self.pick(picker, all) == [63])
        picker.setState(PieceIndex(63), .inFlight)
        for piece in 0..<100 where piece != 64 && piece != 63 { picker.pieceGained(PieceIndex(piece)) }
        #expect(Self.pick(picker, all) == [64])
        picker.setState(PieceIndex(63), .wanted)
        #expect(Self.pick(picker, all, 2) == [63, 64])
    }

    @Test func `only wanted pieces of the peer are picked`() throws {
        let picker = try Self.picker()
        let few = Self.bits(100, [3, 50, 99])
        Self.gain(picker, few)
        #expect(Set(Self.pick(picker, few, 9)) == [3, 50, 99])
        picker.setState(PieceIndex(3), .have)
        picker.setState(PieceIndex(50), .unwanted)
        #expect(Self.pick(picker, few, 9) == [99])
        picker.setState(PieceIndex(99), .inFlight)
        #expect(Self.pick(picker, few, 9).isEmpty)
        #expect(Self.pick(picker, Bitfield(count: 100), 9).isEmpty)
    }

    @Test func `ties fall at random, by the seed`() throws {
        let all = Bitfield(count: 100, filled: true)
        var firsts: Set<UInt32> = []
        for seed in 0..<40 {
            let one = try Self.picker(seed: UInt64(seed))
            let same = try Self.picker(seed: UInt64(seed))
            Self.gain(one, all)
            Self.gain(same, all)
            let first = Self.pick(one, all)
            #expect(first == Self.pick(same, all))
            firsts.formUnion(first)
        }
        #expect(firsts.count > 20)
    }

    @Test func `the first pieces are random, the next rarest`() throws {
        var firsts: Set<UInt32> = []
        for seed in 0..<40 {
            let picker = try Self.picker(seed: UInt64(seed), randomFirst: 2)
            let all = Bitfield(count: 100, filled: true)
            let most = Self.bits(100, 0..<99)
            Self.gain(picker, all)
            for piece in 1..<100 { picker.pieceGained(PieceIndex(piece)) }
            picker.pieceGained(PieceIndex(0))
            picker.pieceLost(PieceIndex(0))
            firsts.formUnion(Self.pick(picker, most))
            #expect(Self.pick(picker, all) == [0], "a seed is asked for the rarest at once")
            picker.setState(PieceIndex(10), .have)
            picker.setState(PieceIndex(11), .inFlight)
            #expect(Self.pick(picker, all) == [0])
        }
        #expect(firsts.count > 20)
    }

    @Test func `higher priorities go before rarity`() throws {
        let picker = try Self.picker()
        let all = Bitfield(count: 100, filled: true)
        Self.gain(picker, all)
        for piece in 1..<100 { picker.pieceGained(PieceIndex(piece)) }
        picker.setPriority(PieceIndex(70), .highest)
        picker.setPriority(PieceIndex(0), PiecePriority(1))
        #expect(Self.pick(picker, all) == [70])
        picker.setState(PieceIndex(70), .inFlight)
        for _ in 0..<20 { #expect(Self.pick(picker, all) != [0]) }
    }

    @Test func `a peer with few common pieces among very many is served its rarest`() throws {
        let picker = try Self.picker(pieces: 20_000)
        let few = Self.bits(20_000, stride(from: 7, to: 20_000, by: 100))
        for _ in 0..<5 { Self.gain(picker, few) }
        Self.gain(picker, Bitfield(count: 20_000, filled: true))
        for piece in stride(from: 7, to: 20_000, by: 100) where piece != 10_007 {
            picker.pieceGained(PieceIndex(piece))
        }
        #expect(Self.pick(picker, few) == [10_007])
    }

    /// The library's order against counting afresh, over everything that can be told.
    @Test(arguments: UInt64(1)...6)
    func `whatever it is told, the pick is the rarest of the highest priority`(_ seed: UInt64) throws {
        let pieces = 150
        let picker = try Self.picker(pieces: pieces, seed: seed)
        var random = SplitMix64(seed: seed)
        var holders = Array(repeating: 0, count: pieces)
        var priorities = Array(repeating: PiecePriority.normal, count: pieces)
        var states = Array(repeating: PieceState.wanted, count: pieces)
        var peers: [Bitfield] = []
        for _ in 0..<600 {
            let piece = Int(random.next(below: UInt64(pieces)))
            switch random.next(below: 6) {
            case 0:
                let share = random.next(below: 5)
                let bits = Self.bits(pieces, (0..<pieces).filter { _ in random.next(below: 4) < share })
                peers.append(bits)
                Self.gain(picker, bits)
                bits.forEachSet { holders[$0.offset] += 1 }
            case 1 where !peers.isEmpty:
                let bits = peers.remove(at: Int(random.next(below: UInt64(peers.count))))
                Self.lose(picker, bits)
                bits.forEachSet { holders[$0.offset] -= 1 }
            case 2 where !peers.isEmpty:
                let index = Int(random.next(below: UInt64(peers.count)))
                if peers[index].insert(PieceIndex(piece)) {
                    picker.pieceGained(PieceIndex(piece))
                    holders[piece] += 1
                }
            case 3 where !peers.isEmpty:
                let index = Int(random.next(below: UInt64(peers.count)))
                // One that has everything is a number to the library: only rarity among the others is exact then.
                if !peers[index].isFull, peers[index].remove(PieceIndex(piece)) {
                    picker.pieceLost(PieceIndex(piece))
                    holders[piece] -= 1
                }
            case 4:
                priorities[piece] = PiecePriority(UInt8(1 + random.next(below: 7)))
                picker.setPriority(PieceIndex(piece), priorities[piece])
            default:
                states[piece] = PieceState(rawValue: UInt8(random.next(below: 4)))!
                picker.setState(PieceIndex(piece), states[piece])
            }
            for has in peers.prefix(3) {
                let fit = (0..<pieces).filter { states[$0] == .wanted && has[PieceIndex($0)] }
                let best = fit.map { (7 - Int(priorities[$0].rawValue)) * 1000 + holders[$0] }.min()
                let picked = Self.pick(picker, has).map { Int($0) }
                #expect(picked.first.map { (7 - Int(priorities[$0].rawValue)) * 1000 + holders[$0] } == best)
            }
        }
        #expect(picker.name == "rarest-first")
    }

    @Test func `a whole torrent arrives with the real picker and choker`() throws {
        let host = Fixture.host()
        let geometry = Fixture.geometry
        var swarm = Swarm(
            geometry: geometry, have: Bitfield(count: 100), configuration: SwarmConfiguration(),
            picker: try host.makePicker(named: "rarest-first", for: geometry, seed: 3),
            choker: try host.makeChoker(named: "tit-for-tat", for: geometry, seed: 3), random: SplitMix64(seed: 3),
            at: Instant(nanoseconds: 0))
        let now = Instant(nanoseconds: 5)
        for slot in 0..<3 {
            swarm.peerJoined(slot, at: now)
            swarm.peerHasPieces(slot, Bitfield(count: 100, filled: true))
            swarm.peerUnchokedUs(slot)
        }
        var order: [UInt32] = []
        for round in 0..<600 where !swarm.isComplete {
            var blocks: [BlockRange] = []
            var cancels: [BlockCancel] = []
            swarm.nextBlocks(for: round % 3, limit: 5, at: now, into: &blocks)
            for block in blocks
            where swarm.blockReceived(from: round % 3, block, at: now, cancels: &cancels) == .completesPiece {
                order.append(block.piece.rawValue)
                swarm.pieceVerified(block.piece, at: now)
            }
            swarm.checkInvariants()
        }
        #expect(swarm.isComplete)
        #expect(order.count == 100)
        #expect(order != order.sorted())
        #expect(swarm.pickerName == "rarest-first")
    }
}
