// SPDX-License-Identifier: Apache-2.0

import Glibc
import SwarmConfig
import Testing

@Suite struct ConfigurationFileTests {
    /// Makes a folder with the given files, runs `body`, and removes them.
    private func withFiles(_ files: [String: String], _ body: (String) throws -> Void) throws {
        var template = Array("/tmp/swarm-config-XXXXXX".utf8CString)
        let folder = String(cString: try #require(mkdtemp(&template)))
        mkdir(folder + "/conf.d", 0o700)
        defer {
            for name in files.keys { unlink(folder + "/" + name) }
            rmdir(folder + "/conf.d")
            rmdir(folder)
        }
        for (name, text) in files {
            let file = try #require(fopen(folder + "/" + name, "w"))
            fputs(text, file)
            fclose(file)
        }
        try body(folder)
    }

    @Test func `drop-ins are read after the file, in name order`() throws {
        let files = [
            "swarmd.toml": "[peer]\nconnections = 200\nrequest_queue = 50",
            "conf.d/10-a.toml": "[peer]\nconnections = 300",
            "conf.d/20-b.toml": "[peer]\nconnections = 400",
            "conf.d/30-c.toml.bak": "nonsense",
        ]
        try self.withFiles(files) { folder in
            let configuration = try DaemonConfiguration.load(path: folder + "/swarmd.toml").value
            #expect(configuration.peer.connections == 400)
            #expect(configuration.peer.requestQueue == 50)
        }
    }

    @Test func `a drop-in may hold tables of both programs`() throws {
        let files = [
            "swarmd.toml": "", "trackerd.toml": "",
            "conf.d/site.toml": "[peer]\nconnections = 300\n[tracker]\nnumwant = 7\n[log]\nlevel = \"debug\"",
        ]
        try self.withFiles(files) { folder in
            let daemon = try DaemonConfiguration.load(path: folder + "/swarmd.toml").value
            let tracker = try TrackerConfiguration.load(path: folder + "/trackerd.toml").value
            #expect(daemon.peer.connections == 300)
            #expect(tracker.tracker.numwant == 7)
            #expect(daemon.log.level == .debug)
            #expect(tracker.log.level == .debug)
        }
    }

    @Test func `each program checks its own tables of a drop-in`() throws {
        let files = ["swarmd.toml": "", "trackerd.toml": "", "conf.d/site.toml": "[tracker]\nnumwent = 7\n[pear]\n"]
        try self.withFiles(files) { folder in
            let daemon = #expect(throws: ConfigurationError.self) {
                try DaemonConfiguration.load(path: folder + "/swarmd.toml")
            }
            #expect(
                daemon?.problems.map(\.description)
                    == ["\(folder)/conf.d/site.toml:3:2: unknown table [pear]; did you mean [peer]?"])
            let tracker = #expect(throws: ConfigurationError.self) {
                try TrackerConfiguration.load(path: folder + "/trackerd.toml")
            }
            #expect(
                tracker?.problems.first?.description
                    == "\(folder)/conf.d/site.toml:2:1: unknown key numwent in [tracker]; did you mean numwant?")
        }
    }

    @Test func `a table of the other program in the main file is sent where it belongs`() throws {
        try self.withFiles(["swarmd.toml": "[tracker]\nnumwant = 7"]) { folder in
            let error = #expect(throws: ConfigurationError.self) {
                try DaemonConfiguration.load(path: folder + "/swarmd.toml")
            }
            #expect(
                error?.description
                    == "\(folder)/swarmd.toml:1:2: [tracker] belongs in trackerd.toml, or in a file of conf.d, which "
                    + "both programs read")
        }
    }

    @Test func `no drop-ins are needed`() throws {
        try self.withFiles(["swarmd.toml": ""]) { folder in
            rmdir(folder + "/conf.d")
            let configuration = try DaemonConfiguration.load(path: folder + "/swarmd.toml").value
            #expect(configuration == DaemonConfiguration())
        }
    }

    @Test func `a missing file and a bad drop-in are both reported`() throws {
        try self.withFiles(["conf.d/a.toml": "[peer]\nlisten = 3"]) { folder in
            do throws(ConfigurationError) {
                _ = try DaemonConfiguration.load(path: folder + "/swarmd.toml")
                Issue.record("nothing was reported")
            } catch {
                #expect(error.problems.count == 2)
                #expect(
                    error.problems.first?.description
                        == "\(folder)/swarmd.toml: cannot be opened: No such file or directory")
                #expect(error.problems.last?.description.hasPrefix("\(folder)/conf.d/a.toml:2:10: ") == true)
            }
        }
    }
}
