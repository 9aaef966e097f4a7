// SPDX-License-Identifier: Apache-2.0

import Glibc
import SwarmModel
import Swarming
import Testing

@testable import StrategyHost

/// What `swarm_plugin.h` promises of versions, with plugins that were really compiled for them.
@Suite(.enabled(if: CPlugin.compiler != nil, "there is no C compiler"))
struct VersionTests {
    private func picked(_ folder: String, from pieces: [Int]) throws -> UInt32? {
        let picker = try Fixture.host([folder]).makePicker(named: "made", for: Fixture.geometry, seed: 1)
        var has = Bitfield(count: 100)
        for piece in pieces { has.insert(PieceIndex(piece)) }
        let peer = PickerPeer(slot: 0, haveCount: pieces.count, downRate: 0, now: Instant(nanoseconds: 0))
        #expect(picker.name == "made")
        return has.words.withUnsafeBufferPointer { words in
            withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 1) { room in
                picker.pick(for: peer, having: words, into: room) == 1 ? room[0] : nil
            }
        }
    }

    private func loaded(_ folder: String) throws -> StrategyDescription {
        try #require(Fixture.host([folder]).installed().strategies.first { $0.path == folder + "/made.so" })
    }

    @Test(arguments: ["1.0", "1.1"])
    func `a plugin compiled with the header of an older minor version loads and works`(_ version: String) throws {
        try Fixture.withFolder { folder in
            try CPlugin.build(to: folder + "/made.so", headers: CPlugin.tree + "/Tests/Fixtures/abi-" + version)
            #expect(try self.loaded(folder).interface == version)
            #expect(try self.picked(folder, from: [7, 9]) == 7)
        }
    }

    @Test func `a plugin of a newer minor version, whose structs are longer, loads and works`() throws {
        try Fixture.withFolder { folder in
            try CPlugin.build(to: folder + "/made.so", words: ["-DMINOR=9", "-DLATER=64"])
            #expect(try self.loaded(folder).interface == "1.9")
            #expect(try self.picked(folder, from: [7, 9]) == 7)
        }
    }

    @Test func `whether a picker follows suggestions is its own word`() throws {
        try Fixture.withFolder { folder in
            try CPlugin.build(to: folder + "/made.so", words: ["-DFLAGS=SWARM_PICKER_FOLLOWS_SUGGESTIONS"])
            let following = try Fixture.host([folder]).makePicker(named: "made", for: Fixture.geometry, seed: 1)
            #expect(following.followsSuggestions)
        }
        try Fixture.withFolder { folder in
            try CPlugin.build(to: folder + "/made.so")
            let strict = try Fixture.host([folder]).makePicker(named: "made", for: Fixture.geometry, seed: 1)
            #expect(!strict.followsSuggestions)
        }
        let shipped = try ["rarest-first", "sequential", "deadline", "random"].map {
            try Fixture.host().makePicker(named: $0, for: Fixture.geometry, seed: 1).followsSuggestions
        }
        #expect(shipped == [true, false, false, false])
    }

    @Test func `a table that is shorter than this host's has no functions where it ends`() throws {
        let full = fourWords()
        let size = UInt32(MemoryLayout.size(ofValue: full))
        let copy = try withUnsafePointer(to: full) { try #require(PluginTable.copy($0, sized: size - 8, least: 24)) }
        #expect(copy.pointee.0 == 1 && copy.pointee.2 == 3 && copy.pointee.3 == 0)
        let longer = try withUnsafePointer(to: full) { try #require(PluginTable.copy($0, sized: size, least: 24)) }
        #expect(longer.pointee.3 == 4)
        withUnsafePointer(to: full) { #expect(PluginTable.copy($0, sized: 16, least: 24) == nil) }
    }

    private func fourWords() -> (UInt64, UInt64, UInt64, UInt64) { (1, 2, 3, 4) }
}
