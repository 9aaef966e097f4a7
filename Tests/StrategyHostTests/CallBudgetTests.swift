// SPDX-License-Identifier: Apache-2.0

import Logging
import SwarmModel
import Swarming
import Synchronization
import Testing

@testable import PeerTransport
@testable import StrategyHost

@Suite struct CallBudgetTests {
    private static let late = CallBudget.nanoseconds + 1

    @Test func `a call that was only kept waiting by the machine is no fault`() {
        let used = ThreadUsage(processor: 5_000, waits: 0, pageReads: 0)
        #expect(CallBudget.fault(elapsed: Self.late, used: used) == nil)
        #expect(CallBudget.fault(elapsed: 60_000_000_000, used: used) == nil)
        // Its memory had to be read back from the disk.
        #expect(CallBudget.fault(elapsed: Self.late, used: ThreadUsage(processor: 1, waits: 2, pageReads: 2)) == nil)
        #expect(CallBudget.fault(elapsed: 1, used: ThreadUsage(processor: .max, waits: 9, pageReads: 0)) == nil)
    }

    @Test func `computing too long and waiting for something are faults`() {
        let busy = ThreadUsage(processor: Int64(Self.late), waits: 0, pageReads: 0)
        #expect(CallBudget.fault(elapsed: Self.late, used: busy) == "computed for 10 ms where 10 ms are allowed")
        let asleep = ThreadUsage(processor: 1, waits: 1, pageReads: 0)
        #expect(
            CallBudget.fault(elapsed: 50_000_000, used: asleep)?.hasPrefix("waited in a call that took 50 ms") == true)
    }

    @Test func `faults far apart are forgiven, faults in a row are not`() {
        let record = PluginRecord()
        for _ in 0..<3 * PluginRecord.maximumFaults {
            for _ in 0...PluginRecord.forgivingCalls { record.count(nanoseconds: 1) }
            #expect(record.countFault() == nil)
        }
        #expect(!record.isTurnedOff)
        for _ in 1..<PluginRecord.maximumFaults - 1 { #expect(record.countFault() == nil) }
        #expect(record.countFault() == PluginRecord.maximumFaults && record.isTurnedOff)
        #expect(record.countFault() == nil, "it is turned off once")
    }

    /// Picks until the built-in picker works, or `calls` are over; returns the lines that were logged.
    private func lines(_ pick: String, calls: Int, instances: Int = 1) throws -> (lines: [String], names: [String]) {
        var outcome: (lines: [String], names: [String]) = ([], [])
        try Fixture.withFolder { folder in
            try CPlugin.build(to: folder + "/made.so", words: ["-DPICK=\(pick)"])
            let log = LineLogHandler.Lines()
            let host = StrategyHost(
                pluginFolders: [folder], logger: Logger(label: "test") { _ in LineLogHandler(lines: log) })
            let pickers = try (0..<instances).map {
                try host.makePicker(named: "made", for: Fixture.geometry, seed: UInt64($0))
            }
            let all = Bitfield(count: 100, filled: true)
            let peer = PickerPeer(slot: 0, haveCount: 100, downRate: 0, now: Instant(nanoseconds: 0))
            for call in 0..<calls where pickers[0].name == "made" {
                all.words.withUnsafeBufferPointer { words in
                    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 1) { room in
                        _ = pickers[call % instances].pick(for: peer, having: words, into: room)
                    }
                }
            }
            let plugin = try #require(host.installed().strategies.first { $0.path == folder + "/made.so" })
            let again = Fixture.error {
                _ = try host.makePicker(named: "made", for: Fixture.geometry, seed: 1)
            }
            #expect(again?.code == (plugin.isTurnedOff ? .turnedOff : nil))
            outcome = (log.all, pickers.map(\.name))
        }
        return outcome
    }

    @Test(.enabled(if: CPlugin.compiler != nil, "there is no C compiler"), arguments: ["spin()", "doze()"])
    func `a picker that computes or sleeps too long is turned off`(_ pick: String) throws {
        let (lines, names) = try self.lines(pick, calls: 20)
        #expect(names == ["built-in rarest"])
        #expect(lines.count == 1 && lines[0].contains("the picker made is turned off after 8 faults"), "\(lines)")
    }

    @Test(.enabled(if: CPlugin.compiler != nil, "there is no C compiler"))
    func `a picker that lies to one torrent is turned off for all, with one line`() throws {
        let (lines, names) = try self.lines("(pieces[0] = 5000, 1)", calls: 40, instances: 3)
        #expect(names == ["built-in rarest", "built-in rarest", "built-in rarest"])
        #expect(lines.count == 1 && lines[0].contains("picked piece 5000, which is not in the torrent"), "\(lines)")
    }

    @Test(.enabled(if: CPlugin.compiler != nil, "there is no C compiler"))
    func `a picker that dawdles when it is told something is turned off`() throws {
        try Fixture.withFolder { folder in
            try CPlugin.build(to: folder + "/made.so", words: ["-DTOLD=doze()"])
            let picker = try Fixture.host([folder]).makePicker(named: "made", for: Fixture.geometry, seed: 1)
            // The first one has the next ones watched.
            for _ in 0...PluginRecord.maximumFaults { picker.pieceGained(PieceIndex(1)) }
            #expect(picker.name == "built-in rarest")
        }
    }

    @Test(.enabled(if: CPlugin.compiler != nil, "there is no C compiler"))
    func `a picker that does well goes on`() throws {
        let (lines, names) = try self.lines("first(peer, pieces)", calls: 400, instances: 2)
        #expect(names == ["made", "made"] && lines.isEmpty, "\(lines)")
    }
}
