// SPDX-License-Identifier: Apache-2.0

import Glibc
import SwarmModel
import Swarming
import Testing

@testable import StrategyHost

/// Files that would end the program that loads them. Those that crash are tried by the swarmd beside the test bundle.
@Suite(
    .enabled(if: CPlugin.compiler != nil, "there is no C compiler"),
    .enabled(if: PluginProbe.ofThisProgram() != nil, "swarmd is not built beside the test bundle"))
struct ProbeTests {
    /// What is wrong, as the host tells it in one line with the file's path.
    private func refusal(_ words: [String], _ code: StrategyError.Code, says: String, line: Int = #line) throws {
        try Fixture.withFolder { folder in
            try CPlugin.build(to: folder + "/made.so", words: words)
            let error = Fixture.error { try Fixture.host([folder]).check(.picker, named: "made") }
            #expect(error?.code == code, "line \(line): \(error?.message ?? "loaded")")
            #expect(error?.message.contains("plugin \(folder)/made.so ") == true, "line \(line)")
            #expect(error?.message.contains(says) == true, "line \(line): \(error?.message ?? "")")
            #expect(error?.message.contains("\n") == false, "line \(line)")
        }
    }

    @Test func `a plugin that crashes or ends the program while it is loaded is told, and nothing else happens`() throws
    {
        try self.refusal(["-DCONSTRUCTOR=abort()"], .crashed, says: "crashed while it was loaded (aborted)")
        try self.refusal(["-DCONSTRUCTOR=*(volatile int *)8 = 1"], .crashed, says: "segmentation fault")
        try self.refusal(["-DENTRY=__builtin_trap()"], .crashed, says: "crashed while it was loaded")
        try self.refusal(["-DCONSTRUCTOR=_exit(0)"], .crashed, says: "ended the program that loaded it")
        try self.refusal(["-DENTRY=return (const swarm_plugin *)8"], .crashed, says: "segmentation fault")
    }

    @Test func `what cannot be a plugin says what it lacks`() throws {
        try self.refusal(["-DUNKNOWN"], .notLoadable, says: "no_such_function")
        try self.refusal(["-DNO_ENTRY"], .notLoadable, says: "swarm_plugin_entry")
        try self.refusal(["-DMAJOR=2", "-DMINOR=3"], .wrongVersion, says: "is for interface 2.3, this swarmd has 1.")
        try self.refusal(["-DENTRY=return NULL"], .wrongVersion, says: "does not work with interface 1")
    }

    @Test func `a file that everybody may write is refused, in a folder of its owner and of any other`() throws {
        try Fixture.withFolder { folder in
            try CPlugin.build(to: folder + "/made.so")
            chmod(folder + "/made.so", 0o666)
            let error = Fixture.error { try Fixture.host([folder]).check(.picker, named: "made") }
            #expect(error?.code == .notTrusted && error?.message.contains("chmod o-w") == true)
            chmod(folder + "/made.so", 0o644)
            #expect(Fixture.error { try Fixture.host([folder]).check(.picker, named: "made") } == nil)
        }
    }

    @Test func `one that does not come back is given up`() throws {
        try Fixture.withFolder { folder in
            try CPlugin.build(to: folder + "/made.so", words: ["-DCONSTRUCTOR=for (;;) pause()"])
            let patient = try #require(PluginProbe.ofThisProgram())
            let probe = PluginProbe(program: patient.program, patience: 2000)
            let host = StrategyHost(pluginFolders: [folder], probe: probe, logger: Fixture.quiet)
            let error = Fixture.error { try host.check(.picker, named: "made") }
            #expect(error?.code == .crashed && error?.message.contains("was not loaded after 2 s") == true)
        }
    }

    @Test func `among bad files the sound ones are listed, and each bad one has its line`() throws {
        try Fixture.withFolder { folder in
            let bad = [
                ("a.so", ["-DCONSTRUCTOR=abort()"]), ("b.so", ["-DMAJOR=7"]), ("d.so", ["-DCONSTRUCTOR=abort()"]),
            ]
            for (name, words) in bad { try CPlugin.build(to: folder + "/" + name, words: words) }
            try CPlugin.build(to: folder + "/made.so")
            try Fixture.write(Array(try Fixture.read(folder + "/made.so").prefix(3000)), to: folder + "/z.so")
            let (strategies, errors) = Fixture.host([folder]).installed()
            #expect(strategies.contains { $0.name == "made" && $0.path == folder + "/made.so" })
            let named = errors.map(\.message).filter { $0.contains(folder) }
            #expect(named.count == 4)
            for name in ["a.so", "b.so", "d.so", "z.so"] { #expect(named.count { $0.contains("/\(name) ") } == 1) }
        }
    }

    @Test func `a file is tried once, and again when it has changed`() throws {
        try Fixture.withFolder { folder in
            let path = folder + "/made.so"
            let trace = ["-DTRACE=\"\(folder)/trace\""]
            try CPlugin.build(to: path, words: trace + ["-DCONSTRUCTOR=abort()"])
            let host = Fixture.host([folder])
            for _ in 0..<3 { #expect(Fixture.error { try host.check(.picker, named: "made") }?.code == .crashed) }
            _ = host.installed()
            #expect(try Fixture.read(folder + "/trace").count == 1)
            unlink(path)
            try CPlugin.build(to: path, words: trace)
            #expect(Fixture.error { try host.check(.picker, named: "made") } == nil)
            // Once more to be tried, and then for good.
            #expect(try Fixture.read(folder + "/trace").count == 3)
            #expect(Fixture.error { try host.check(.picker, named: "made") } == nil)
            #expect(try Fixture.read(folder + "/trace").count == 3)
        }
    }

    @Test func `where a trial cannot be made the file is loaded at once`() throws {
        try Fixture.withFolder { folder in
            try CPlugin.build(to: folder + "/made.so")
            for program in ["/no/such/program", "/bin/false"] {
                let host = StrategyHost(
                    pluginFolders: [folder], probe: PluginProbe(program: program), logger: Fixture.quiet)
                #expect(Fixture.error { try host.check(.picker, named: "made") } == nil)
            }
        }
    }
}
