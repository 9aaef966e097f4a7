// SPDX-License-Identifier: Apache-2.0

import CSwarmPlugin
import Glibc
import Logging
import SwarmModel
import Swarming
import Testing

@testable import StrategyHost

/// Plugins that live in this process and misbehave.
@Suite struct FaultTests {
    private static func text(_ text: StaticString) -> UnsafePointer<CChar> {
        UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
    }

    private static func keep<Value>(_ value: Value) -> UnsafePointer<Value> {
        let memory = UnsafeMutablePointer<Value>.allocate(capacity: 1)
        memory.initialize(to: value)
        return UnsafePointer(memory)
    }

    private typealias Pick =
        @convention(c) (
            UnsafeMutableRawPointer?, UnsafePointer<swarm_picker_peer>?, UInt32, UnsafeMutablePointer<UInt32>?
        )
        -> UInt32
    private typealias Round =
        @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<swarm_choke_round>?, UnsafeMutablePointer<UInt8>?) ->
        Void

    private static func picker(_ pick: @escaping Pick) -> swarm_picker {
        swarm_picker(
            struct_size: UInt32(MemoryLayout<swarm_picker>.size), flags: 0,
            create: { _, _, _, _ in UnsafeMutableRawPointer(bitPattern: 8) }, destroy: { _ in },
            piece_gained: { _, _ in }, piece_lost: { _, _ in }, pieces_gained: { _, _, _, _ in },
            pieces_lost: { _, _, _, _ in }, set_tracker_counts: nil, set_priority: { _, _, _ in },
            set_state: { _, _, _ in }, pick: pick)
    }

    private static func choker(_ round: @escaping Round) -> swarm_choker {
        swarm_choker(
            struct_size: UInt32(MemoryLayout<swarm_choker>.size), reserved: 0,
            create: { _, _, _, _ in UnsafeMutableRawPointer(bitPattern: 8) }, destroy: { _ in }, round: round,
            choose_holder: nil)
    }

    private static func plugin(
        kind: UInt32, name: StaticString = "liar", major: UInt32 = SWARM_ABI_MAJOR,
        size: Int = MemoryLayout<swarm_plugin>.size, picker: swarm_picker? = nil, choker: swarm_choker? = nil,
        options: [swarm_option] = []
    ) -> swarm_plugin {
        let table = UnsafeMutablePointer<swarm_option>.allocate(capacity: max(1, options.count))
        for (index, option) in options.enumerated() { (table + index).initialize(to: option) }
        return swarm_plugin(
            struct_size: UInt32(size), abi_major: UInt16(major), abi_minor: 0, kind: kind,
            option_count: UInt32(options.count), name: Self.text(name), version: Self.text("1"),
            summary: Self.text("lies"), options: UnsafePointer(table), picker: picker.map { Self.keep($0) },
            choker: choker.map { Self.keep($0) }, transport: nil)
    }

    nonisolated(unsafe) private static var described: UnsafePointer<swarm_plugin>?
    private static let lock = Lock()

    private static func load(_ plugin: swarm_plugin?, clock: CallClock = .monotonic) throws -> LoadedPlugin {
        try Self.lock.locked {
            Self.described = plugin.map { Self.keep($0) }
            return try LoadedPlugin(path: "/nowhere/liar.so", clock: clock, entry: { _ in FaultTests.described })
        }
    }

    private static func failure(_ plugin: swarm_plugin?) -> StrategyError.Code? {
        Fixture.error { _ = try Self.load(plugin) }?.code
    }

    @Test func `descriptions that make no sense are refused`() {
        let table = Self.picker { _, _, _, _ in 0 }
        #expect(Self.failure(nil) == .wrongVersion)
        #expect(Self.failure(Self.plugin(kind: 1, major: 2, picker: table)) == .wrongVersion)
        #expect(Self.failure(Self.plugin(kind: 1, size: 16, picker: table)) == .badDescription)
        #expect(Self.failure(Self.plugin(kind: 9, picker: table)) == .badDescription)
        #expect(Self.failure(Self.plugin(kind: 2, picker: table)) == .badDescription)
        #expect(Self.failure(Self.plugin(kind: 1, name: "No Good", picker: table)) == .badDescription)
        #expect(Self.failure(Self.plugin(kind: 1, picker: table)) == nil)
        var short = table
        short.struct_size = 16
        #expect(Self.failure(Self.plugin(kind: 1, picker: short)) == .badDescription)
        var empty = table
        empty.pick = nil
        #expect(Self.failure(Self.plugin(kind: 1, picker: empty)) == .badDescription)
    }

    @Test func `a plugin of a newer minor version loads, its options read by their own stride`() throws {
        var plugin = Self.plugin(kind: 1, picker: Self.picker { _, _, _, _ in 0 })
        plugin.abi_minor = 7
        plugin.struct_size += 64
        plugin.option_count = 2
        let stride = MemoryLayout<swarm_option>.size + 16
        let memory = UnsafeMutableRawPointer.allocate(byteCount: 2 * stride, alignment: 8)
        for (index, key) in ["one", "two"].map(StaticStringBox.init).enumerated() {
            (memory + index * stride).bindMemory(to: swarm_option.self, capacity: 1).initialize(
                to: swarm_option(
                    struct_size: UInt32(stride), type: SWARM_OPTION_INTEGER, key: key.pointer,
                    default_value: Self.text("3"), help: Self.text("help"), minimum: 1, maximum: 5))
        }
        plugin.options = UnsafePointer(memory.assumingMemoryBound(to: swarm_option.self))
        let loaded = try Self.load(plugin)
        #expect(loaded.options.map(\.key) == ["one", "two"])
        #expect(loaded.interface == "1.7")
    }

    @Test func `an option whose default it does not allow is refused`() {
        let option = swarm_option(
            struct_size: UInt32(MemoryLayout<swarm_option>.size), type: SWARM_OPTION_INTEGER, key: Self.text("size"),
            default_value: Self.text("9"), help: Self.text("help"), minimum: 1, maximum: 5)
        let plugin = Self.plugin(kind: 1, picker: Self.picker { _, _, _, _ in 0 }, options: [option])
        #expect(Self.failure(plugin) == .badDescription)
    }

    private static let lies: [@convention(c) (UnsafeMutablePointer<UInt32>) -> UInt32] = [
        {
            $0[0] = 100
            return 1
        },
        {
            $0[0] = .max
            return 1
        },
        {
            $0[0] = 1
            return 1
        },
        {
            $0[0] = 2
            return 1
        },
        { _ in 2 }, { _ in .max },
    ]

    /// Piece 1 is had, piece 2 is not the peer's, 100 does not exist.
    @Test(arguments: 0..<6)
    func `every lie of a picker is found, answered by the built-in one, and ends in its place`(_ lie: Int) throws {
        let tables: [Pick] = [
            { FaultTests.lies[0]($3!) + 0 * $2 }, { FaultTests.lies[1]($3!) + 0 * $2 },
            { FaultTests.lies[2]($3!) + 0 * $2 }, { FaultTests.lies[3]($3!) + 0 * $2 },
            { FaultTests.lies[4]($3!) + 0 * $2 }, { FaultTests.lies[5]($3!) + 0 * $2 },
        ]
        let picker = Self.picker { _, _, _, _ in 0 }
        var table = picker
        table.pick = tables[lie]
        let loaded = try Self.load(Self.plugin(kind: 1, picker: table))
        let bridge = try PluginPicker(
            loaded, table, for: Fixture.geometry, values: [], seed: 1, logger: Fixture.quiet)
        bridge.setState(PieceIndex(1), .have)
        var has = Bitfield(count: 100)
        for piece in [1, 5] { has.insert(PieceIndex(piece)) }
        has.words.withUnsafeBufferPointer { bridge.piecesGained($0, count: 2) }
        let peer = PickerPeer(slot: 0, haveCount: 2, downRate: -1, now: Instant(nanoseconds: 0))
        for call in 1...PluginRecord.maximumFaults + 3 {
            #expect(bridge.name == (call <= PluginRecord.maximumFaults ? "liar" : "built-in rarest"))
            let picked = has.words.withUnsafeBufferPointer { words in
                withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 1) { room in
                    bridge.pick(for: peer, having: words, into: room) == 1 ? room[0] : .max
                }
            }
            #expect(picked == 5)
        }
        #expect(loaded.description.faults == UInt64(PluginRecord.maximumFaults))
        #expect(loaded.description.calls == UInt64(PluginRecord.maximumFaults))
    }

    @Test(arguments: 0..<3)
    func `every lie of a choker is found, and the built-in one decides`(_ lie: Int) throws {
        let rounds: [Round] = [
            { _, round, out in for index in 0..<Int(round!.pointee.peer_count) { out![index] = 1 } },
            { _, _, out in out![0] = 7 },
            { _, round, out in out![Int(round!.pointee.peer_count)] = 1 },
        ]
        let table = Self.choker(rounds[lie])
        let loaded = try Self.load(Self.plugin(kind: 2, choker: table))
        let bridge = try PluginChoker(loaded, table, for: Fixture.geometry, values: [], seed: 1, logger: Fixture.quiet)
        let peers = (0..<5).map { slot in
            var peer = ChokePeer(slot: slot, serial: UInt64(slot) + 1, joinedAt: Instant(nanoseconds: 0))
            peer.isInterested = true
            return peer
        }
        for _ in 0..<PluginRecord.maximumFaults + 2 {
            var unchoked = Array(repeating: false, count: 5)
            bridge.decide(
                ChokeRound(now: Instant(nanoseconds: 0), isSeeding: false, slots: 2, peers: peers), unchoked: &unchoked)
            #expect(unchoked == [true, true, false, false, false])
        }
        #expect(bridge.name == "built-in turns")
    }

    @Test func `a holder that is not there is not asked, and ends in the choker's place`() throws {
        var table = Self.choker { _, _, _ in }
        table.choose_holder = { _, piece, holders in holders!.pointee.peer_count + piece }
        let loaded = try Self.load(Self.plugin(kind: 2, choker: table))
        let bridge = try PluginChoker(loaded, table, for: Fixture.geometry, values: [], seed: 1, logger: Fixture.quiet)
        let peers = (0..<3).map { ChokePeer(slot: $0, serial: UInt64($0) + 1, joinedAt: Instant(nanoseconds: 0)) }
        let holders = ChokeRound(now: Instant(nanoseconds: 0), isSeeding: false, slots: 2, peers: peers)
        var calls = 0
        while bridge.choosesHolders, calls < 100 {
            #expect(bridge.chooseHolder(of: PieceIndex(calls % 2), among: holders) == nil)
            calls += 1
        }
        #expect(calls < 100)
        #expect(bridge.name == "built-in turns")
        #expect(bridge.chooseHolder(of: PieceIndex(0), among: holders) == nil)
    }

    /// Computes for longer than a call may, whatever else the machine does.
    private static let spins: Pick = { _, _, _, pieces in
        var start = timespec()
        var now = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &start)
        repeat {
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now)
        } while (now.tv_sec - start.tv_sec) * 1_000_000_000 + now.tv_nsec - start.tv_nsec < 11_000_000
        pieces![0] = 5
        return 1
    }

    @Test(arguments: [(CallClock.monotonic, UInt64(4)), (.stopped, 0)])
    func `a call that takes too long is a fault by the machine's clock, and none by one that stands still`(
        _ clock: CallClock, _ faults: UInt64
    ) throws {
        let table = Self.picker(Self.spins)
        let loaded = try Self.load(Self.plugin(kind: 1, picker: table), clock: clock)
        let bridge = try PluginPicker(loaded, table, for: Fixture.geometry, values: [], seed: 1, logger: Fixture.quiet)
        var has = Bitfield(count: 100)
        has.insert(PieceIndex(5))
        let peer = PickerPeer(slot: 0, haveCount: 1, downRate: 0, now: Instant(nanoseconds: 0))
        for _ in 0..<5 {
            has.words.withUnsafeBufferPointer { words in
                withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 1) { room in
                    #expect(bridge.pick(for: peer, having: words, into: room) == 1)
                }
            }
        }
        // The first slow call only has the next ones watched.
        #expect(loaded.description.faults == faults)
        #expect((loaded.description.nanoseconds > 0) == (clock == .monotonic))
    }

    @Test func `a plugin that makes no instance is told of`() throws {
        var table = Self.picker { _, _, _, _ in 0 }
        table.create = { _, _, _, _ in nil }
        let loaded = try Self.load(Self.plugin(kind: 1, picker: table))
        let refused = Fixture.error {
            _ = try PluginPicker(loaded, table, for: Fixture.geometry, values: [], seed: 1, logger: Fixture.quiet)
        }
        #expect(refused?.code == .refused)
    }
}
