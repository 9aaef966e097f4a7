// SPDX-License-Identifier: Apache-2.0

import Glibc
import Logging
import Testing

@testable import StrategyHost

/// What becomes of a plugin that holds a thread up.
@Suite(.enabled(if: CPlugin.compiler != nil, "there is no C compiler"))
struct QuarantineTests {
    private struct Lab {
        let folder: String
        let lines = LineLogHandler.Lines()
        var quarantine: PluginQuarantine { PluginQuarantine(path: self.folder + "/trace") }
        var path: String { self.folder + "/made.so" }

        /// A host as after a start.
        func host() -> StrategyHost {
            let lines = self.lines
            return StrategyHost(
                pluginFolders: [self.folder], quarantine: self.quarantine,
                logger: Logger(label: "test") { _ in LineLogHandler(lines: lines) })
        }

        func error(_ host: StrategyHost) -> StrategyError? {
            Fixture.error { try host.check(.picker, named: "made") }
        }

        /// A call to the plugin that goes on.
        func call(_ host: StrategyHost) throws -> CallWatch.Call {
            try host.check(.picker, named: "made")
            let numbers = (1...UInt16.max).filter { host.plugin(numbered: $0)?.name == "made" }
            return CallWatch.Call(thread: 4711, mark: 1 << 16 | UInt64(try #require(numbers.first)))
        }
    }

    private func withLab(_ body: (Lab) throws -> Void) throws {
        try Fixture.withFolder { folder in
            let lab = Lab(folder: folder)
            try CPlugin.build(to: lab.path)
            try body(lab)
        }
    }

    @Test func `a plugin that does not come back is told of, and kept out from the next start on`() throws {
        try self.withLab { lab in
            let host = lab.host()
            host.note(.held(try lab.call(host)))
            #expect(lab.lines.all.count == 1 && lab.lines.all[0].contains("the picker made has not come back"))
            #expect(lab.error(host) == nil, "it is loaded, and its call goes on")
            let error = lab.error(lab.host())
            #expect(error?.code == .quarantined && error?.message.contains(lab.quarantine.path) == true)
            #expect(lab.host().installed().errors.contains { $0.code == .quarantined }, "swarmctl plugins tells it")
        }
    }

    @Test func `another file of that name is loaded, and so is this one when its line is gone`() throws {
        try self.withLab { lab in
            let host = lab.host()
            host.note(.held(try lab.call(host)))
            let held = try Fixture.read(lab.quarantine.path)
            try CPlugin.build(to: lab.path, words: ["-DMINOR=0"])
            #expect(lab.error(lab.host()) == nil)
            #expect(held.last == UInt8(ascii: "\n"))
            let other = lab.host()
            other.note(.held(try lab.call(other)))
            #expect(try Fixture.read(lab.quarantine.path).count { $0 == UInt8(ascii: "\n") } == 1, "one line a file")
            #expect(lab.error(lab.host())?.code == .quarantined)
            try Fixture.write([], to: lab.quarantine.path)
            #expect(lab.error(lab.host()) == nil)
        }
    }

    @Test func `a plugin that comes back late after all is let in`() throws {
        try self.withLab { lab in
            let host = lab.host()
            let call = try lab.call(host)
            host.note(.held(call))
            host.note(.returned(call, looks: 12))
            #expect(lab.lines.all.last?.contains("has come back from a call after 12 s") == true)
            #expect(lab.error(lab.host()) == nil)
        }
    }

    @Test func `a quarantine that cannot be written is no obstacle, and one full of nonsense keeps nobody out`() throws
    {
        try self.withLab { lab in
            try Fixture.write((0..<5000).map { UInt8(truncatingIfNeeded: $0 &* 31) }, to: lab.quarantine.path)
            #expect(lab.error(lab.host()) == nil)
            let host = StrategyHost(
                pluginFolders: [lab.folder], quarantine: PluginQuarantine(path: "/proc/none/held"),
                logger: Fixture.quiet)
            host.note(.held(try lab.call(host)))
            #expect(lab.error(host) == nil)
        }
    }
}
