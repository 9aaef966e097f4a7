// SPDX-License-Identifier: Apache-2.0

import Glibc
import StrategyHost
import SwarmModel
import Swarming
import Testing

@Suite(.enabled(if: Fixture.hasPlugins, "the plugins are not built beside the test bundle"))
struct LoadingTests {
    @Test func `the plugins that ship are found and describe themselves`() throws {
        let (strategies, errors) = Fixture.host().installed()
        #expect(errors.isEmpty)
        let picker = try #require(strategies.first { $0.name == "rarest-first" })
        #expect(picker.kind == .picker)
        #expect(picker.interface == "1.2")
        #expect(picker.options.map(\.key) == ["random-first"])
        #expect(picker.options.first?.limits == 0...1000)
        #expect(strategies.contains { $0.name == "tit-for-tat" && $0.kind == .choker })
    }

    @Test func `a name that does not exist is told with the places looked at`() {
        let error = Fixture.error { try Fixture.host().check(.picker, named: "no-such") }
        #expect(error?.code == .notFound)
        #expect(error?.message.contains("/usr/lib/swarm/plugins") == true)
    }

    @Test(arguments: ["../../etc/passwd", "", "-x", "Rarest", "a/b", String(repeating: "a", count: 33)])
    func `what cannot be a name is never looked for`(_ name: String) {
        #expect(Fixture.error { try Fixture.host().check(.picker, named: name) }?.code == .notFound)
    }

    @Test func `a picker is no choker`() throws {
        let path = try #require(Fixture.path(of: "rarest-first"))
        try Fixture.withFolder { folder in
            try Fixture.write(try Fixture.read(path), to: folder + "/rarest-first.so")
            #expect(
                Fixture.error { try Fixture.host([folder]).check(.choker, named: "rarest-first") }?.code == .wrongPlugin
            )
        }
    }

    @Test func `a file that calls itself otherwise is refused`() throws {
        let path = try #require(Fixture.path(of: "rarest-first"))
        try Fixture.withFolder { folder in
            try Fixture.write(try Fixture.read(path), to: folder + "/other.so")
            let error = Fixture.error { try Fixture.host([folder]).check(.picker, named: "other") }
            #expect(error?.code == .wrongPlugin)
            #expect(error?.message.contains("rename") == true)
        }
    }

    @Test(arguments: [0, 3, 64, 500, 20_000])
    func `a file that was cut short is refused before the linker sees it`(_ length: Int) throws {
        let path = try #require(Fixture.path(of: "rarest-first"))
        try Fixture.withFolder { folder in
            try Fixture.write(Array(try Fixture.read(path).prefix(length)), to: folder + "/x.so")
            let error = Fixture.error { try Fixture.host([folder]).check(.picker, named: "x") }
            #expect(error?.code == .notLoadable)
            #expect(error?.message.contains(folder) == true)
            #expect(error?.message.contains("\n") == false)
        }
    }

    @Test func `a file that is no library is refused`() throws {
        try Fixture.withFolder { folder in
            try Fixture.write(Array(repeating: 0x41, count: 4096), to: folder + "/x.so")
            #expect(Fixture.error { try Fixture.host([folder]).check(.picker, named: "x") }?.code == .notLoadable)
        }
    }

    @Test(.enabled(if: access("/lib/x86_64-linux-gnu/libm.so.6", R_OK) == 0, "needs Debian's libm"))
    func `a library that is no plugin is refused`() throws {
        try Fixture.withFolder { folder in
            try Fixture.write(try Fixture.read("/lib/x86_64-linux-gnu/libm.so.6"), to: folder + "/x.so")
            let error = Fixture.error { try Fixture.host([folder]).check(.picker, named: "x") }
            #expect(error?.code == .notLoadable)
            #expect(error?.message.contains("swarm_plugin_entry") == true)
        }
    }

    @Test(.enabled(if: getuid() == 0, "needs root to give files away"))
    func `a service loads only what nobody but root can write`() throws {
        let path = try #require(Fixture.path(of: "rarest-first"))
        try Fixture.withFolder { folder in
            let copy = folder + "/rarest-first.so"
            try Fixture.write(try Fixture.read(path), to: copy)
            func code() -> StrategyError.Code? {
                let host = Fixture.host([folder], requireRootOwned: true)
                return Fixture.error { try host.check(.picker, named: "rarest-first") }?.code
            }
            chmod(copy, 0o644)
            #expect(code() == nil)
            chmod(copy, 0o666)
            #expect(code() == .notTrusted)
            chmod(copy, 0o664)
            #expect(code() == .notTrusted)
            chmod(copy, 0o644)
            chown(copy, 1, 0)
            #expect(code() == .notTrusted)
            chown(copy, 0, 0)
            chmod(folder, 0o777)
            #expect(code() == .notTrusted)
        }
    }

    @Test func `options are checked against the table`() {
        let host = Fixture.host()
        func code(_ options: [String: String]) -> StrategyError.Code? {
            Fixture.error { try host.check(.picker, named: "rarest-first", options: options) }?.code
        }
        #expect(code(["random-first": "0"]) == nil)
        #expect(code(["random-first": "1001"]) == .badOption)
        #expect(code(["random-first": "-1"]) == .badOption)
        #expect(code(["random-first": "four"]) == .badOption)
        #expect(code(["speed": "4"]) == .badOption)
    }

    @Test func `calls are counted`() throws {
        let host = Fixture.host()
        let choker = try host.makeChoker(named: "tit-for-tat", for: Fixture.geometry, seed: 1)
        var unchoked: [Bool] = []
        choker.decide(
            ChokeRound(now: Instant(nanoseconds: 0), isSeeding: false, slots: 1, peers: []), unchoked: &unchoked)
        let description = try #require(host.installed().strategies.first { $0.name == "tit-for-tat" })
        #expect(description.calls == 1)
        #expect(description.faults == 0)
    }
}
