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
            let configuration = try DaemonConfiguration.load(path: folder + "/swarmd.toml")
            #expect(configuration.peer.connections == 400)
            #expect(configuration.peer.requestQueue == 50)
        }
    }

    @Test func `no drop-ins are needed`() throws {
        try self.withFiles(["swarmd.toml": ""]) { folder in
            rmdir(folder + "/conf.d")
            let configuration = try DaemonConfiguration.load(path: folder + "/swarmd.toml")
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
