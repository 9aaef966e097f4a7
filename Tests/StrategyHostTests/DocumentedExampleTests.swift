// SPDX-License-Identifier: Apache-2.0

import Glibc
import SwarmModel
import Swarming
import Testing

@testable import StrategyHost

/// The example of `packaging/doc/writing-a-plugin.md`, taken out of the document and built as it says.
@Suite(.enabled(if: CPlugin.compiler != nil, "there is no C compiler"))
struct DocumentedExampleTests {
    /// The text between ``` marks that begins with `start`.
    private func block(_ language: String, beginning start: String) throws -> String {
        let text = String(
            decoding: try Fixture.read(CPlugin.tree + "/packaging/doc/writing-a-plugin.md"), as: UTF8.self)
        let parts = text.split(separator: "```", omittingEmptySubsequences: false)
        let found = parts.first { $0.hasPrefix(language + "\n" + start) }
        return String(try #require(found, "no \(language) block begins with \(start)").dropFirst(language.count + 1))
    }

    @Test func `the document shows the example as it is in the tree`() throws {
        let shown = try self.block("c", beginning: "/* SPDX")
        #expect(shown == String(decoding: try Fixture.read(CPlugin.example), as: UTF8.self))
    }

    @Test func `the example is built outside the tree with the documented command, loads, and picks backwards`() throws
    {
        try Fixture.withFolder { folder in
            mkdir(folder + "/include", 0o755)
            let names = ["swarm_plugin", "swarm_host", "swarm_picker", "swarm_choker", "swarm_transport"]
            for name in names {
                let header = "/\(name).h"
                try Fixture.write(try Fixture.read(CPlugin.headers + header), to: folder + "/include" + header)
            }
            defer {
                for name in names { unlink(folder + "/include/\(name).h") }
                rmdir(folder + "/include")
                unlink(folder + "/backwards.c")
                unlink(folder + "/backwards.so")
            }
            try Fixture.write(Array(try self.block("c", beginning: "/* SPDX").utf8), to: folder + "/backwards.c")
            let command = try self.block("sh", beginning: "cc -std=c11")
            // As if the headers were installed.
            #expect(system("cd '\(folder)' && CPATH='\(folder)/include' && export CPATH && \(command)") == 0)
            chmod(folder + "/backwards.so", 0o644)
            let host = Fixture.host([folder])
            let plugin = try #require(host.installed().strategies.first { $0.name == "backwards" })
            #expect(plugin.options.map(\.key) == ["spread"] && plugin.options.first?.limits == 1...64)
            let picker = try host.makePicker(named: "backwards", for: Fixture.geometry, seed: 1)
            self.checkOrder(picker)
            self.checkSpread(
                try host.makePicker(
                    named: "backwards", for: Fixture.geometry, options: ["spread": "8"], seed: 3))
        }
    }

    private func pick(_ picker: any PiecePicker, from pieces: Bitfield) -> Int? {
        let peer = PickerPeer(slot: 0, haveCount: pieces.setCount, downRate: 0, now: Instant(nanoseconds: 0))
        return pieces.words.withUnsafeBufferPointer { words in
            withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 4) { room in
                picker.pick(for: peer, having: words, into: room) > 0 ? Int(room[0]) : nil
            }
        }
    }

    private func checkOrder(_ picker: any PiecePicker) {
        var all = Bitfield(count: 100, filled: true)
        #expect(self.pick(picker, from: all) == 99)
        picker.setState(PieceIndex(99), .inFlight)
        picker.setState(PieceIndex(98), .have)
        picker.setPriority(PieceIndex(3), .highest)
        #expect(self.pick(picker, from: all) == 3)
        all.remove(PieceIndex(3))
        #expect(self.pick(picker, from: all) == 97)
        picker.setState(PieceIndex(99), .wanted)
        #expect(self.pick(picker, from: all) == 99)
        for piece in 0..<100 { picker.setState(PieceIndex(piece), .have) }
        #expect(self.pick(picker, from: all) == nil)
        #expect(picker.name == "backwards")
    }

    private func checkSpread(_ picker: any PiecePicker) {
        let all = Bitfield(count: 100, filled: true)
        let picked = Set((0..<200).compactMap { _ in self.pick(picker, from: all) })
        #expect(picked == Set(92..<100))
    }
}
